#ifndef DAY21_ROSTER_COMMAND_H
#define DAY21_ROSTER_COMMAND_H

/* What the verbs of `day21 roster VERB ACCOUNT …` share, and those that have a file of their own.
 */

#include "bot/roster.h"
#include "bot/verb.h"

/* The people there are, as the store has them. */
struct company {
    struct session *session;
    struct roster_person *people;
    unsigned count;
    unsigned got; /* by the last page */
};

/* Loads them; they belong to the session. Returns 0, or -1 having said why not on stderr. */
int company_load(struct company *company, struct session *session);

/* See bot/verb.h. */
int roster_import(struct session *session, int argc, char **argv);

#endif
