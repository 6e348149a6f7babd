#ifndef DAY21_STORE_SCRIPT_H
#define DAY21_STORE_SCRIPT_H

/* The Lua that is compiled into the program: one library of Redis functions (FUNCTION LOAD, FCALL;
 * Redis 7), made of store/lua and named after its content. Redis keeps it with the data. */

#include <stddef.h>

extern const char script_library[];
extern const size_t script_library_length;

struct script {
    const char *name;     /* of store/lua/NAME.lua */
    const char *function; /* what Redis calls it: day21_HASH_NAME */
};

/* Ends with a name of NULL. */
extern const struct script scripts[];

#endif
