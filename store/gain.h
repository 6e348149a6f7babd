#ifndef DAY21_STORE_GAIN_H
#define DAY21_STORE_GAIN_H

/* Inside store/ only: what a turn gave, as every verb that may give points answers it: number, xp,
 * level, level before, points given, coins, coins given. */

#include "store/learner.h"
#include "store/redis.h"

#define GAIN_VALUES 7

/* Fills these fields from the values of the answer from `at` on. */
void gain_read(const struct answer *answer, size_t at, struct store_learner *learner);

#endif
