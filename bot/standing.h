#ifndef DAY21_STANDING_H
#define DAY21_STANDING_H

/* How the learner of a turn stands, for the handlers that show some of it. */

#include "bot/turn.h"
#include "store/learner.h"

/* store_standing() with what the turn's account knows; `done` gets the turn as data. */
void standing(struct turn *turn, store_learner_done *done);

/* The same, with other data. */
void standing_for(struct turn *turn, store_learner_done *done, void *data);

#endif
