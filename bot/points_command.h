#ifndef DAY21_POINTS_COMMAND_H
#define DAY21_POINTS_COMMAND_H

/* The verbs of `day21 points VERB ACCOUNT …`, one file each. argv holds what follows the account.
 * They return the exit status: 2 for a wrong usage, having said the right one. */

#include "bot/session.h"

int points_explain(struct session *session, int argc, char **argv);
int points_rebuild(struct session *session, int argc, char **argv);
int points_replay(struct session *session, int argc, char **argv);
int points_reverse(struct session *session, int argc, char **argv);
int points_grant(struct session *session, int argc, char **argv);
int points_flags(struct session *session, int argc, char **argv);

#endif
