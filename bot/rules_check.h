#ifndef DAY21_RULES_CHECK_H
#define DAY21_RULES_CHECK_H

/* Whether rules, as they were read from the file `path`, can be right. */

#include "bot/rules.h"

/* Returns 0 or -1 with *problem. */
int rules_check(const char *path, const struct rules *rules, struct yaml_problem *problem);

#endif
