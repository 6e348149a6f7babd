#ifndef DAY21_LEVEL_H
#define DAY21_LEVEL_H

/* What a learner reads about levels. */

#include "bot/turn.h"

struct store_learner;

/* The title of a level; the highest one's for any above. */
const char *level_title(const struct turn *turn, unsigned level);

/* How far it is to the next level, as a sentence of copy; belongs to the turn. */
char *level_next(struct turn *turn, int64_t xp);

/* `text`, and below it the congratulation if this turn reached a level; belongs to the turn. NULL
 * if `text` is, or when out of memory. */
char *level_congratulate(struct turn *turn, const struct store_learner *learner, char *text);

#endif
