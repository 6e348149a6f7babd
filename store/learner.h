#ifndef DAY21_STORE_LEARNER_H
#define DAY21_STORE_LEARNER_H

/* The learner: known from the first message on, by openid. */

#include "store/points.h"

#define STORE_RECENT 5

struct store_learner {
    int64_t number; /* from 1, in the order of first contact */
    int64_t xp;
    int64_t coins;         /* in hand */
    unsigned level;        /* from 1; the highest ever reached */
    unsigned level_before; /* less than level when this very turn reached it */
    int64_t given;         /* points this turn gave */
    int64_t coins_given;
    enum store_why why; /* it gave less than the rule says */
    int64_t checkins;   /* days checked in, ever */
    bool checked_in;    /* today */
    int64_t finished;   /* the day of the plan's last check-in, the last time; 0: not yet */
    bool is_new;        /* never seen before this turn */

    /* See store/streak.h: */
    int64_t streak;     /* 0 once a working day was missed */
    bool rest_day;      /* today is no working day */
    bool on_leave;      /* today */
    unsigned freezes;   /* in hand */
    bool freeze_earned; /* by this turn */
    unsigned missed;    /* working days that can be mended; 0: none */
    int64_t mended;     /* the streak that would bring back */

    bool hidden;           /* asked to be left out of the boards */
    char name[STORE_NAME]; /* of the employee the learner is; "" when not bound */
    unsigned recent_count;
    struct {
        int64_t at; /* seconds */
        int64_t points, coins;
        enum store_why why; /* both 0: why nothing was given; else what cut it, or none */
        char rule[64];
    } recent[STORE_RECENT]; /* newest first: ledger lines, and what a rule did not give */
};

/* store_learner_done (store/points.h): `learner` is NULL on error; lives until it returns. */

/* Follows. Gives the points of `welcome`; texts and minute as in store/points.h. Fills number, xp,
 * level, level_before, given, coins, coins_given, is_new. */
void store_follow(struct store *store, const struct store_turn *turn, const char *policy,
                  const char *welcome, unsigned minute, store_learner_done *done, void *data);

/* Follows no more: off the boards, reminders cancelled, everything else kept. Fills nothing. */
void store_unfollow(struct store *store, const struct store_turn *turn, store_learner_done *done,
                    void *data);

/* Did something that has no other effect. Fills nothing. */
void store_note(struct store *store, const struct store_turn *turn, store_learner_done *done,
                void *data);

/* Fills all but what a turn gave. `policy` and `work` as in store/points.h. */
void store_standing(struct store *store, const struct store_turn *turn, const char *policy,
                    const char *work, store_learner_done *done, void *data);

#endif
