#ifndef DAY21_CERTIFICATE_H
#define DAY21_CERTIFICATE_H

/* The certificate of who has walked all days of the plan. */

#include "bot/turn.h"

struct store_learner;

/* Its text, for a learner who has (learner->finished), of this name ("" when not known); belongs to
 * the turn. NULL only when out of memory. */
char *certificate_text(struct turn *turn, const struct store_learner *learner, const char *name);

#endif
