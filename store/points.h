#ifndef DAY21_STORE_POINTS_H
#define DAY21_STORE_POINTS_H

/* What earns points. A change of points is a ledger line, balances, a level, and places on the
 * boards, in one script, once. Experience makes levels and boards and is never spent; coins are. */

#include "store/store.h"

/* Which of the day's activity bitmaps a rule's event is noted in, besides `active`. */
enum store_activity {
    STORE_ACTIVITY_NONE = 'a',
    STORE_ACTIVITY_WATCHED = 'w',
    STORE_ACTIVITY_INTERACTED = 'i',
    STORE_ACTIVITY_DISCUSSED = 'd',
};

struct store_rule {
    const char *name; /* a-z, 0-9 and _; also in the ledger */
    int64_t points;   /* at least 1 */
    int64_t coins;
    bool once;          /* per subject, for ever. Costs a bit per learner and subject: subjects are
                           what many learners share, as courses are */
    bool bound;         /* only for who is bound to an employee */
    bool beyond_cap;    /* whatever the policy's daily_cap says */
    int64_t cooldown_s; /* after one award, none for so long; 0: none */
    int64_t least;      /* effort: per cent watched, letters of text */
    struct {            /* points at most; 0: no cap */
        int64_t day, week, subject_day, subject_week, subject;
    } cap;
    enum store_activity activity;
};

/* What holds for all rules of an account. */
struct store_policy {
    const char *thresholds;        /* "0,60,150": the points from which each level is reached */
    int64_t daily_cap;             /* points a day from all rules together; 0: no cap */
    bool unbound_earn;             /* who is not bound earns, too */
    unsigned freeze_every;         /* a freeze for every so many days of a streak; 0: never */
    unsigned freezes;              /* in hand at most */
    unsigned makeup_days;          /* working days missed that can be mended, within as many days */
    unsigned burst, burst_s;       /* flagged: so many awards within so many seconds; 0: none */
    unsigned night_from, night_to; /* minutes of the day; flagged in between; equal: never */
    unsigned same_text;            /* flagged: the same words so many times; 0: never */
    unsigned praise;               /* flagged: a ring in which each praised so often; 0: never */
};

/* What the scripts read of a rule and a policy, made once. NULL: out of memory, or a name that has
 * another character. */
char *store_rule_text(void *ctx, const struct store_rule *rule);
char *store_policy_text(void *ctx, const struct store_policy *policy);

/* Why a rule gave less than it says. The words stand in keys.h under `rc`. */
#define STORE_WHYS(X)                                                                              \
    X(none, "")                                                                                    \
    X(once, "once")       /* had been given for this subject */                                    \
    X(day, "day")         /* the rule's cap of the day was reached */                              \
    X(week, "week")       /* … of the week */                                                    \
    X(subject, "subject") /* a cap for this subject was reached */                                 \
    X(total, "total")     /* the policy's daily cap was reached */                                 \
    X(cool, "cool")       /* too soon after the last time */                                       \
    X(short, "short")     /* too little effort */                                                  \
    X(unbound, "unbound") /* only for who is bound */

enum store_why {
#define X(name, word) STORE_WHY_##name,
    STORE_WHYS(X)
#undef X
        STORE_WHY_COUNT
};

/* The word's value; STORE_WHY_none for one it does not know. */
enum store_why store_why(const char *word);

/* Something happened that a rule is about. */
struct store_event {
    const char *subject; /* what it was about; "" if nothing */
    int64_t effort;      /* see store_rule.least */
    const char *words;   /* a hash of what the learner wrote; "" */
    int64_t peer;        /* number of the learner it is about; 0 */
    unsigned minute;     /* of the day */
};

struct store_learner;
typedef void store_learner_done(void *data, int error, const struct store_learner *learner);

/* Gives what the rule gives for it. `policy` and `rule` are texts as above. Fills number, xp,
 * level, level_before, given, coins, coins_given, why. */
void store_award(struct store *store, const struct store_turn *turn, const char *policy,
                 const char *rule, const struct store_event *event, store_learner_done *done,
                 void *data);

struct store_checkin {
    const char *policy, *rule;       /* texts as above */
    unsigned minute;                 /* of the day, of this check-in */
    int64_t next;                    /* when the next working day starts, in seconds */
    unsigned remind_from, remind_to; /* first and last minute of the day for its reminder */
    unsigned plan_days;              /* 21 */
    /* Rules of their own on days of the plan: " DAY:RULE" each, RULE being a text as above. */
    const char *milestones;
    const char *work; /* '0' or '1' for each of the last days, today's last: is it a working day */
};

/* A check-in: once a day. Schedules the next working day's streak_at_risk at the learner's usual
 * minute (the median of the last seven). Fills number, xp, level, level_before, given, coins,
 * coins_given, checkins, finished and what store/streak.h says of the learner; checked_in says
 * whether it counted, false if today's had been done before. */
void store_checkin(struct store *store, const struct store_turn *turn,
                   const struct store_checkin *checkin, store_learner_done *done, void *data);

#endif
