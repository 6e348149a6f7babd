#ifndef DAY21_STORE_LEARNER_H
#define DAY21_STORE_LEARNER_H

/* The learner: known from the first message on, by openid. */

#include "store/points.h"

#define STORE_RECENT 5

struct store_learner {
    int64_t number; /* from 1, in the order of first contact */
    int64_t xp;
    unsigned level;        /* from 1 */
    unsigned level_before; /* less than level when this very turn reached it */
    int64_t given;         /* points this turn gave */
    int64_t streak;        /* working up to today; still alive on the day after a check-in */
    int64_t checkins;      /* days checked in, ever */
    bool checked_in;       /* today */
    bool is_new;           /* never seen before this turn */
    char name[STORE_NAME]; /* of the employee the learner is; "" when not bound */
    unsigned recent_count;
    struct {
        int64_t at; /* seconds */
        int64_t points;
        char rule[64];
    } recent[STORE_RECENT]; /* ledger lines, newest first */
};

/* `learner` is NULL on error; lives until it returns. */
typedef void store_learner_done(void *data, int error, const struct store_learner *learner);

/* Follows. Gives the points of `welcome` (see store/points.h for `thresholds`). Fills number, xp,
 * level, level_before, given, is_new. */
void store_follow(struct store *store, const struct store_turn *turn, const char *thresholds,
                  const struct store_rule *welcome, store_learner_done *done, void *data);

/* Follows no more: off the boards, reminders cancelled, everything else kept. Fills nothing. */
void store_unfollow(struct store *store, const struct store_turn *turn, store_learner_done *done,
                    void *data);

/* Did something that has no other effect. Fills nothing. */
void store_note(struct store *store, const struct store_turn *turn, store_learner_done *done,
                void *data);

/* Fills number, xp, level, streak, checkins, checked_in, name, recent. */
void store_standing(struct store *store, const struct store_turn *turn, store_learner_done *done,
                    void *data);

#endif
