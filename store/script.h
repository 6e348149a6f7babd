#ifndef DAY21_STORE_SCRIPT_H
#define DAY21_STORE_SCRIPT_H

/* The Lua scripts compiled into the program: each of store/lua/NAME.lua, led by store/lua/lib. */

#include <stddef.h>

struct script_source {
    const char *name;
    const char *text;
    size_t length;
};

/* Ends with a name of NULL. */
extern const struct script_source script_sources[];

#endif
