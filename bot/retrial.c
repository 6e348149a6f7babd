#include "bot/retrial.h"

#include "config/limits.h"

#include <string.h>
#include <talloc.h>

/* What was given by one rule to one learner, for one subject or for all. A hash stands for the
 * three: among a hundred million of them two are alike with a chance of 1 in 3,000. */
struct retrial_counter {
    uint64_t hash; /* 0: free */
    int32_t day, of_day, week, of_week;
    int32_t ever;
    bool once;
    int64_t last; /* seconds */
};

struct retrial *retrial_new(void *ctx, const struct rules *rules) {
    struct retrial *retrial = talloc_zero(ctx, struct retrial);
    if (retrial)
        retrial->rules = rules;
    return retrial;
}

static uint64_t mix(uint64_t x) { /* the finalizer of SplitMix64 */
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint64_t hash_of(int64_t number, const struct rule *rule, const char *subject) {
    uint64_t hash = mix((uint64_t)number ^ mix((uintptr_t)rule));
    for (; subject && *subject; subject++)
        hash = mix(hash ^ (unsigned char)*subject);
    hash = mix(hash + (subject != NULL));
    return hash ? hash : 1;
}

static struct retrial_counter *slot(struct retrial_counter *counters, size_t room, uint64_t hash) {
    size_t at = hash & (room - 1);
    while (counters[at].hash && counters[at].hash != hash)
        at = (at + 1) & (room - 1);
    return &counters[at];
}

static int grow(struct retrial *retrial) {
    size_t before = talloc_array_length(retrial->counters), room = before ? 2 * before : 1024;
    struct retrial_counter *counters = talloc_zero_array(retrial, struct retrial_counter, room);
    if (!counters)
        return -1;
    for (size_t i = 0; i < before; i++)
        if (retrial->counters[i].hash)
            *slot(counters, room, retrial->counters[i].hash) = retrial->counters[i];
    talloc_free(retrial->counters);
    retrial->counters = counters;
    return 0;
}

/* The counter of learner and rule: for one subject, or with NULL for all. NULL when out of memory.
 */
static struct retrial_counter *counter(struct retrial *retrial, int64_t number,
                                       const struct rule *rule, const char *subject) {
    size_t room = talloc_array_length(retrial->counters);
    if (2 * (retrial->counters_count + 2) > room) {
        if (grow(retrial))
            return NULL;
        room = talloc_array_length(retrial->counters);
    }
    uint64_t hash = hash_of(number, rule, subject);
    struct retrial_counter *found = slot(retrial->counters, room, hash);
    if (!found->hash) {
        found->hash = hash;
        retrial->counters_count++;
    }
    return found;
}

static struct retrial_learner *learner(struct retrial *retrial, int64_t number) {
    if (number < 1 || number > LIMIT_LEDGER_NUMBER)
        return NULL;
    int64_t room = (int64_t)talloc_array_length(retrial->learners);
    if (number >= room) {
        int64_t more = number < 512 ? 1024 : 2 * number;
        struct retrial_learner *learners =
            talloc_realloc(retrial, retrial->learners, struct retrial_learner, (size_t)more);
        if (!learners)
            return NULL;
        memset(learners + room, 0, (size_t)(more - room) * sizeof *learners);
        retrial->learners = learners;
    }
    if (number >= retrial->learners_end)
        retrial->learners_end = number + 1;
    return &retrial->learners[number];
}

static void roll(struct retrial_counter *of, int64_t day) {
    int64_t week = (day + 3) / 7;
    if (of->day != day)
        of->day = (int32_t)day, of->of_day = 0;
    if (of->week != week)
        of->week = (int32_t)week, of->of_week = 0;
}

static void note(struct retrial_counter *of, const struct store_ledger_line *line, int64_t give) {
    of->of_day += (int32_t)give;
    of->of_week += (int32_t)give;
    of->ever += (int32_t)give;
    of->last = line->at;
    of->once = true;
}

static void cap(int64_t *give, int most, int64_t given) {
    int64_t left = most > given ? most - given : 0;
    if (most > 0 && left < *give)
        *give = left;
}

static bool has_subject(const struct rule *rule) {
    return rule->once || rule->cap.subject || rule->cap.subject_day || rule->cap.subject_week;
}

/* Gives what the rule says, or, with `as_it_was` not less than 0, so much. */
static int give(struct retrial *retrial, const struct store_ledger_line *line,
                const struct rule *rule, int64_t as_it_was, int64_t *given) {
    struct retrial_learner *who = learner(retrial, line->number);
    if (!who || !counter(retrial, line->number, rule, NULL) ||
        (has_subject(rule) && !counter(retrial, line->number, rule, line->subject)))
        return -1;
    struct retrial_counter none = {0}; /* looked up again: to grow moves them */
    struct retrial_counter *all = counter(retrial, line->number, rule, NULL);
    struct retrial_counter *one =
        has_subject(rule) ? counter(retrial, line->number, rule, line->subject) : &none;
    roll(all, line->day);
    roll(one, line->day);
    if (who->day != line->day)
        who->day = (int32_t)line->day, who->of_day = 0;
    int64_t points = rule->points;
    if (as_it_was >= 0) {
        points = as_it_was;
    } else if ((rule->once && one->once) || line->at < all->last + rule->cooldown_s) {
        points = 0;
    } else {
        cap(&points, rule->cap.subject, one->ever);
        cap(&points, rule->cap.subject_week, one->of_week);
        cap(&points, rule->cap.subject_day, one->of_day);
        cap(&points, rule->cap.day, all->of_day);
        cap(&points, rule->cap.week, all->of_week);
        if (!rule->beyond_cap)
            cap(&points, retrial->rules->daily_cap, who->of_day);
    }
    if (points > 0) {
        note(all, line, points);
        note(one, line, points);
        if (!rule->beyond_cap)
            who->of_day += (int32_t)points;
    }
    *given = points;
    return 0;
}

int retrial_remember(struct retrial *retrial, const struct store_ledger_line *line) {
    const struct rule *rule = rules_find(retrial->rules, line->rule);
    int64_t given;
    return rule && line->points > 0 ? give(retrial, line, rule, line->points, &given) : 0;
}

/* Lines that no rule of a file gives. */
static bool is_by_hand(const char *rule) {
    return strcmp(rule, RULES_GRANT) == 0 || strcmp(rule, RULES_REVERSE) == 0 ||
           strncmp(rule, RULES_SPEND, strlen(RULES_SPEND)) == 0;
}

int retrial_try(struct retrial *retrial, const struct store_ledger_line *line, int64_t *points) {
    const struct rule *rule = rules_find(retrial->rules, line->rule);
    int64_t would = 0, coins = 0;
    if (is_by_hand(line->rule))
        would = line->points, coins = line->coins;
    else if (rule && give(retrial, line, rule, -1, &would))
        return -1;
    else if (rule)
        coins = rule->coins * would / rule->points;
    struct retrial_learner *who = learner(retrial, line->number);
    if (!who)
        return -1;
    who->any = true;
    who->is += line->points;
    who->is_coins += line->coins;
    who->would += would;
    who->would_coins += coins;
    *points = would;
    return 0;
}
