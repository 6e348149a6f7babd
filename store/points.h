#ifndef DAY21_STORE_POINTS_H
#define DAY21_STORE_POINTS_H

/* What earns points. An award changes balance, level, ledger and board in one script, once. */

#include "store/store.h"

struct store_rule {
    const char *name; /* also in the ledger */
    int64_t points;
    int64_t daily_cap;   /* 0: none */
    bool once;           /* per subject, ever */
    const char *subject; /* what it was about; "" if nothing */
};

struct store_checkin {
    const char *thresholds; /* "0,60,150": the points from which each level is reached */
    struct store_rule rule;
    unsigned minute;                 /* of the day, of this check-in */
    int64_t tomorrow;                /* when tomorrow starts, in seconds */
    unsigned remind_from, remind_to; /* first and last minute of the day for tomorrow's reminder */
    unsigned plan_days;              /* 21 */
    /* Rules of their own on days of the plan, " DAY:RULE:POINTS:CAP:ONCE" each, by
     * store_milestone(); "" for none. */
    const char *milestones;
};

#define STORE_MILESTONE 96 /* bytes of one milestone at most, with its NUL */

/* Writes one of store_checkin's milestones. Returns 0, or -1: the rule's name is too long or has a
 * ":" or a blank. */
int store_milestone(unsigned day, const struct store_rule *rule, char text[STORE_MILESTONE]);

struct store_learner;

/* A check-in: once a day. Schedules tomorrow's streak_at_risk at the learner's usual minute (the
 * median of the last seven). Fills number, xp, level, level_before, given, streak, checkins of the
 * learner; checked_in says whether it counted, false if today's had been done before. */
void store_checkin(struct store *store, const struct store_turn *turn,
                   const struct store_checkin *checkin,
                   void (*done)(void *data, int error, const struct store_learner *learner),
                   void *data);

#endif
