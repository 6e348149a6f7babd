#ifndef DAY21_RETRIAL_H
#define DAY21_RETRIAL_H

/* What the ledger's events would have given under other rules: points.award() of store/lua/lib over
 * again, with what a ledger line tells. It does not tell effort, whether somebody was bound, or
 * what was refused. */

#include "bot/rules.h"
#include "store/ledger.h"

struct retrial {
    const struct rules *rules;
    struct retrial_learner { /* of the days that are tried again */
        int64_t is, would;   /* points */
        int64_t is_coins, would_coins;
        int32_t day, of_day; /* given under the daily cap */
        bool any;
    } * learners; /* by number */
    int64_t learners_end;

    struct retrial_counter *counters; /* open addressing by a hash of learner, rule and subject */
    size_t counters_count;
};

/* Belongs to ctx, and the rules must outlive it; NULL when out of memory. */
struct retrial *retrial_new(void *ctx, const struct rules *rules);

/* An event before the days that are tried again: it counts for caps as it was. Returns 0 or -1: out
 * of memory, or a number that cannot be one. */
int retrial_remember(struct retrial *retrial, const struct store_ledger_line *line);

/* An event. *points is what it would have given; likewise. */
int retrial_try(struct retrial *retrial, const struct store_ledger_line *line, int64_t *points);

#endif
