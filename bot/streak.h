#ifndef DAY21_STREAK_H
#define DAY21_STREAK_H

/* What a learner reads about the streak, as parts of other answers; all of it belongs to the turn.
 * NULL only when out of memory. */

#include "bot/turn.h"

struct store_learner;

/* How long it is, and the freezes in hand: a line. */
char *streak_now(struct turn *turn, const struct store_learner *learner);

/* Below an empty line, that what was missed can be mended, or why it cannot; "" when nothing was.
 */
char *streak_mend(struct turn *turn, const struct store_learner *learner);

/* That a day is no working day, and why: part of a sentence. */
char *streak_rest(struct turn *turn, int64_t day);

/* "11月25日（周三）" */
char *streak_date(struct turn *turn, int64_t day);

/* Whether there are freezes at all by the account's rules. */
bool streak_has_freezes(const struct turn *turn);

#endif
