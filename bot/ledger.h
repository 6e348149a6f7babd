#ifndef DAY21_LEDGER_H
#define DAY21_LEDGER_H

/* What a learner reads about changes of points. */

#include "bot/turn.h"
#include "store/points.h"

struct store_learner;

/* "+10 分 +1 金币": what there is of the two, with its sign; `amount_none` when there is neither.
 * Belongs to the turn. */
char *ledger_amount(struct turn *turn, int64_t points, int64_t coins);

/* The newest changes, `most` at most and no more than a reply holds, each below the day it is of.
 * `reasons`: also what gave nothing, and why something gave less. "" when there is none; belongs to
 * the turn. */
char *ledger_lines(struct turn *turn, const struct store_learner *learner, unsigned most,
                   bool reasons);

/* Why the rule of this name gave nothing, or (`nothing` is false) less than it says; belongs to the
 * turn. */
char *ledger_why(struct turn *turn, const char *rule, enum store_why why, bool nothing);

/* The {hello} of a learner whose name is known, "" of others; belongs to the turn. */
const char *ledger_hello(struct turn *turn, const struct store_learner *learner);

#endif
