#ifndef DAY21_VARS_H
#define DAY21_VARS_H

/* The variables of one piece of copy, gathered on the stack. */

#include "bot/copy.h"

#define VARS_MAX 12

struct vars {
    size_t count;
    struct copy_var list[VARS_MAX];
    char digits[VARS_MAX][24];
};

/* More than VARS_MAX, or a NULL value, is a mistake in the program. Values must live until the copy
 * is rendered. vars_copy() is for what was itself rendered from copy: tags in it stay. */
void vars_text(struct vars *vars, const char *name, const char *value);
void vars_copy(struct vars *vars, const char *name, const char *value);
void vars_number(struct vars *vars, const char *name, int64_t value);

#endif
