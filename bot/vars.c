#include "bot/vars.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void add(struct vars *vars, const char *name, const char *value, bool trusted) {
    if (vars->count == VARS_MAX)
        abort();
    vars->list[vars->count++] = (struct copy_var){name, value ? value : "", trusted};
}

void vars_text(struct vars *vars, const char *name, const char *value) {
    add(vars, name, value, false);
}

void vars_copy(struct vars *vars, const char *name, const char *value) {
    add(vars, name, value, true);
}

void vars_number(struct vars *vars, const char *name, int64_t value) {
    char *digits = vars->digits[vars->count < VARS_MAX ? vars->count : 0];
    snprintf(digits, sizeof vars->digits[0], "%" PRId64, value);
    add(vars, name, digits, true);
}
