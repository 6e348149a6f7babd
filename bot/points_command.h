#ifndef DAY21_POINTS_COMMAND_H
#define DAY21_POINTS_COMMAND_H

/* The verbs of `day21 points VERB ACCOUNT …`, one file each. argv holds what follows the account.
 * What they return is what bot/verb.h says of them. */

#include "bot/verb.h"

int points_explain(struct session *session, int argc, char **argv);
int points_rebuild(struct session *session, int argc, char **argv);
int points_replay(struct session *session, int argc, char **argv);
int points_reverse(struct session *session, int argc, char **argv);
int points_grant(struct session *session, int argc, char **argv);
int points_flags(struct session *session, int argc, char **argv);

#endif
