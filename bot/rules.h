#ifndef DAY21_RULES_H
#define DAY21_RULES_H

/* <pack>/rules.yaml: what earns points, and the levels. */

#include "bot/yaml.h"

#include <stdbool.h>
#include <stdint.h>

struct rule {
    const char *name;   /* "checkin"; also in the ledger */
    const char *kind;   /* activity, watch, comment, question, answer, case: see rules_load() */
    const char *reason; /* what the learner reads in the ledger: "每日签到" */
    int points;         /* 1 to 1000 */
    int daily_cap;      /* points a day from this rule at most; 0: no cap */
    bool once;          /* once per subject (a course, a question), ever */
};

struct level {
    const char *title;
    int64_t xp; /* from so many on; the first is 0, rising */
};

struct rules {
    const struct rule *rules;
    unsigned rules_count;
    const struct level *levels; /* number i + 1 */
    unsigned levels_count;
    const char *thresholds; /* "0,60,150", derived, for the store */
};

/* Refuses, besides what cannot be right by itself: two rules of one name; watching that earns as
 * much as any comment, question or answer; any of these that earn as much as any case (by points,
 * and by daily cap where both have one): points carry meaning by their order. Returns 0 or -1 with
 * *problem. */
int rules_load(void *ctx, const char *directory, struct rules **rules,
               struct yaml_problem *problem);

const struct rule *rules_find(const struct rules *rules, const char *name);

/* The level (from 1) at so many points. */
unsigned rules_level(const struct rules *rules, int64_t xp);

#endif
