#ifndef DAY21_RULES_H
#define DAY21_RULES_H

/* <pack>/rules.yaml: what earns points, the levels, and what else an account decides about the game
 * its learners play. templates/starter/rules.yaml says what each setting means to an operator; what
 * one reads here when it is left out stands beside it. */

#include "bot/copy.h"
#include "bot/yaml.h"

#include <stdbool.h>
#include <stdint.h>

#define RULES_TIERS 10 /* of a league at most */

/* Ledger lines that no rule of a file gives: an operator's, and what was bought. A name that begins
 * with RULES_SPEND says what it was for. */
#define RULES_REVERSE "reverse"
#define RULES_GRANT   "grant"
#define RULES_SPEND   "spend:"

/* Points at most, each 0 (left out: 0) for no such cap. What is left of a cap may be less than the
 * rule's points, and is given then. */
struct rule_cap {
    int day, week;                 /* from this rule */
    int subject_day, subject_week; /* from this rule for one subject */
    int subject;                   /* the same, ever */
};

struct rule {
    const char *name;   /* "checkin"; also in the ledger */
    const char *kind;   /* activity, watch, comment, question, answer, case: see rules_load() */
    const char *reason; /* what the learner reads in the ledger: "每日签到" */
    int points;         /* experience, 1 to 1000 */
    int coins;          /* spendable, 0 to 1000; left out: 0 */
    struct rule_cap cap;
    bool once;       /* once per subject (a course, a question), ever; left out: no */
    int cooldown_s;  /* seconds from one time to the next at least, 0 to 86400; left out: 0 */
    int least;       /* effort: of a watch per cent, else letters, 0 to 10000; left out: 0 */
    bool bound;      /* who: bound, not everybody (which is also meant when it is left out) */
    bool beyond_cap; /* not under rules.daily_cap, nor counted in it; left out: no */
};

struct level {
    const char *title;
    int64_t xp; /* from so many on; the first is 0, rising */
};

struct rules {
    int daily_cap; /* points a day from all rules but those beyond_cap; 0 (left out: 0): no end */

    struct rules_streak {
        int freeze_every; /* streak days that earn a freeze, 1 to 365; left out: 7 */
        int freezes;      /* in hand at most, 0 (there are none) to 30; left out: 2 */
        int makeup_days;  /* a missed working day may be mended for so many working days, 0 (never)
                             to 30; left out: 3 */
        int leave_days;   /* one leave lasts at most, 0 (there is none) to 60; left out: 10 */
    } streak;

    struct rules_boards {
        bool anonymous; /* others see 学友 0007; left out: real names */
    } boards;

    struct rules_unbound { /* what who is not bound may do; left out: all of it */
        bool earn, courses, boards;
    } unbound;

    struct rules_league {
        int size;     /* learners in one group, 3 to 1000; left out: 30 */
        int up, down; /* the first and the last so many change the tier; up + down < size. up from 1
                         on, down from 0 on; left out: 7 */
        const char *const *tiers; /* from the lowest, 2 to RULES_TIERS; left out: 青铜 … 钻石 */
        unsigned tiers_count;
    } league;

    struct rules_questions {
        const char *mentor_tag; /* of the roster; left out: 导师 */
        int open;               /* questions a learner may have open, 1 to 20; left out: 3 */
        int hours;              /* in which one is to be answered, 2 to 240; left out: 24 */
        int remind_hours;       /* after which its mentor is reminded, 1 on, less than hours;
                                   left out: 20 */
    } questions;

    struct rules_guard { /* what is flagged for an operator; a count of 0: that is not */
        int burst;       /* so many awards … 0 to 1000; left out: 10 */
        int burst_s;     /* … within so many seconds, 1 to 3600; left out: 60 */
        int same_text;   /* the same words so many times, 0 to 1000; left out: 3 */
        int praise;      /* two learners so many times each to the other, 0 to 1000; left out: 3 */
        unsigned night_from, night_to; /* points in these minutes of the day, the second excluded;
                                          may run over midnight; equal: no night. Left out: 01:00
                                          to 05:00 */
    } guard;

    const struct rule *rules;
    unsigned rules_count;
    const struct level *levels; /* number i + 1 */
    unsigned levels_count;
    const char *thresholds; /* "0,60,150", derived, for the store */
};

/* Loads <directory>/rules.yaml. Refuses, besides what cannot be right by itself:
 * - two rules of one name, and names the program gives to ledger lines of its own;
 * - what could never be earned: points over a cap or the daily_cap, a cap over a wider one of the
 *   same rule, more effort than there can be (a watch over 100 per cent; of an activity any);
 * - what contradicts the order watch < comment, question, answer < case. Of two kinds in this order
 *   the lower earns fewer points, no more coins, and fewer points in a day at most, which is the
 *   least of cap.day, cap.week and daily_cap (unless beyond_cap). A rule with none of these has no
 *   end; two that have none are equal in this, and accepted.
 * Returns 0 or -1 with *problem. */
int rules_load(void *ctx, const char *directory, struct rules **rules,
               struct yaml_problem *problem);

/* The same from a file of any name: rules that are only being thought about. */
int rules_load_file(void *ctx, const char *path, struct rules **rules,
                    struct yaml_problem *problem);

const struct rule *rules_find(const struct rules *rules, const char *name);

/* What a learner reads about a ledger line: the rule's reason; for `reverse`, `grant` and
 * `spend:…`, which no file has, and for a rule that is gone from the file, words of `copy`. NULL
 * only when out of memory. */
const char *rules_reason(void *ctx, const struct rules *rules, const struct copy *copy,
                         const char *name);

/* The level (from 1) at so many points. */
unsigned rules_level(const struct rules *rules, int64_t xp);

#endif
