#ifndef DAY21_POINTS_PERSON_H
#define DAY21_POINTS_PERSON_H

/* Learners, as the verbs of `day21 points` are told of them and tell of them. */

#include "bot/session.h"
#include "store/person.h"

/* Finds who is meant: an employee number, an openid, or "#" and a learner's number. The person's
 * texts belong to the session. Returns 0, or -1 having said on stderr that there is nobody like
 * that. */
int points_person(struct session *session, const char *who, struct store_person *person);

/* The names of any number of learners, "not bound" for who has none, in `names`, which belong to
 * the session. Returns 0 or -1, having said why. */
int points_names(struct session *session, const int64_t *numbers, unsigned count,
                 const char **names);

#endif
