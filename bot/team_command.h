#ifndef DAY21_TEAM_COMMAND_H
#define DAY21_TEAM_COMMAND_H

/* What the verbs of `day21 team VERB ACCOUNT …` share, and those that have a file of their own. */

#include "bot/verb.h"
#include "store/team.h"

/* What the last call answered. */
struct team_answer {
    struct session *session;
    enum store_team_result result;
    int64_t number;
};

/* For calls that answer with a result; `data` is the struct team_answer. */
void team_answered(void *data, int error, enum store_team_result result, int64_t number);

/* Waits for such a call. Returns 0, or 1 having said on stderr why it was not done. */
int team_finish(struct team_answer *answer);

/* Why it was not done. */
const char *team_result_text(enum store_team_result result);

/* See bot/verb.h. */
int team_draw(struct session *session, int argc, char **argv);
int team_import(struct session *session, int argc, char **argv);

#endif
