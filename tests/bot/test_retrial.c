/* bot/retrial.h: one rule's limits at a time, and what comes of a row of events. */

#include "bot/retrial.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <talloc.h>

#define MONDAY 20003 /* 2024-10-07 */
#define EVENTS 6

static const struct trial {
    const char *what;
    struct rule rule;
    int daily_cap;
    struct {
        int64_t day, second; /* of the day */
        const char *subject;
    } events[EVENTS];
    int64_t would[EVENTS];
} trials[] = {
    {"no limit", {.points = 4}, 0, {{0, 0, "a"}, {0, 1, "a"}}, {4, 4}},
    {"a day",
     {.points = 4, .cap.day = 10},
     0,
     {{0, 0, "a"}, {0, 1, "b"}, {0, 2, "c"}, {0, 3, "d"}, {1, 0, "e"}},
     {4, 4, 2, 0, 4}},
    {"a week",
     {.points = 4, .cap.week = 6},
     0,
     {{0, 0, "a"}, {6, 0, "a"}, {6, 1, "a"}, {7, 0, "a"}},
     {4, 2, 0, 4}},
    {"a subject",
     {.points = 4, .cap.subject = 6},
     0,
     {{0, 0, "a"}, {9, 0, "a"}, {40, 0, "a"}, {40, 1, "b"}},
     {4, 2, 0, 4}},
    {"a subject's day",
     {.points = 4, .cap.subject_day = 4},
     0,
     {{0, 0, "a"}, {0, 1, "a"}, {0, 2, "b"}, {1, 0, "a"}},
     {4, 0, 4, 4}},
    {"a subject's week",
     {.points = 4, .cap.subject_week = 4},
     0,
     {{0, 0, "a"}, {6, 1, "a"}, {6, 2, "b"}, {7, 0, "a"}},
     {4, 0, 4, 4}},
    {"once", {.points = 4, .once = true}, 0, {{0, 0, "a"}, {9, 0, "a"}, {9, 0, "b"}}, {4, 0, 4}},
    {"a cool-down",
     {.points = 4, .cooldown_s = 30},
     0,
     {{0, 100, "a"}, {0, 129, "b"}, {0, 130, "c"}, {0, 159, "d"}},
     {4, 0, 4, 0}},
    {"all rules' day",
     {.points = 4},
     6,
     {{0, 0, "a"}, {0, 1, "a"}, {0, 2, "a"}, {1, 0, "a"}},
     {4, 2, 0, 4}},
    {"beyond that",
     {.points = 4, .beyond_cap = true},
     6,
     {{0, 0, "a"}, {0, 1, "a"}, {0, 2, "a"}},
     {4, 4, 4}},
};

static void *ctx;
static struct rule rule;
static struct rules rules;

static struct retrial *begin(const struct trial *trial) {
    ctx = talloc_new(NULL);
    rule = trial->rule;
    rule.name = "rule";
    rule.coins = 2;
    rules = (struct rules){.daily_cap = trial->daily_cap, .rules = &rule, .rules_count = 1};
    struct retrial *retrial = retrial_new(ctx, &rules);
    assert_non_null(retrial);
    return retrial;
}

static struct store_ledger_line line_of(const struct trial *trial, size_t i) {
    int64_t day = MONDAY + trial->events[i].day;
    return (struct store_ledger_line){
        .line = "1-1",
        .number = 7,
        .rule = "rule",
        .subject = trial->events[i].subject,
        .points = 3,
        .coins = 1,
        .day = day,
        .at = day * 86400 + trial->events[i].second,
        .department = "",
        .team = "",
        .id = "",
    };
}

static void each_limit_leaves_what_it_says(void **state) {
    (void)state;
    for (size_t t = 0; t < sizeof trials / sizeof *trials; t++) {
        const struct trial *trial = &trials[t];
        struct retrial *retrial = begin(trial);
        int64_t sum = 0, coins = 0, points;
        size_t i = 0;
        for (; i < EVENTS && trial->events[i].subject; i++) {
            struct store_ledger_line line = line_of(trial, i);
            assert_int_equal(retrial_try(retrial, &line, &points), 0);
            if (points != trial->would[i])
                fail_msg("%s: event %zu would give %d", trial->what, i, (int)points);
            sum += points;
            coins += 2 * points / 4;
        }
        const struct retrial_learner *who = &retrial->learners[7];
        assert_int_equal(who->is, 3 * i);
        assert_int_equal(who->is_coins, i);
        assert_int_equal(who->would, sum);
        assert_int_equal(who->would_coins, coins);
        talloc_free(ctx);
    }
}

/* All but the last happened before: with 3 points each, as the ledger says. */
static void what_happened_before_counts_as_it_was(void **state) {
    (void)state;
    static const struct {
        const char *what;
        int64_t would;
    } last[] = {{"a day", 1}, {"a week", 3}, {"a subject", 3}, {"once", 0}};
    static const struct trial before[] = {
        {"a day",
         {.points = 4, .cap.day = 10},
         0,
         {{0, 0, "a"}, {0, 1, "b"}, {0, 2, "c"}, {0, 3, "d"}},
         {0}},
        {"a week", {.points = 4, .cap.week = 6}, 0, {{0, 0, "a"}, {6, 0, "b"}}, {0}},
        {"a subject", {.points = 4, .cap.subject = 6}, 0, {{0, 0, "a"}, {60, 0, "a"}}, {0}},
        {"once", {.points = 4, .once = true}, 0, {{0, 0, "a"}, {60, 0, "a"}}, {0}},
    };
    for (size_t t = 0; t < sizeof before / sizeof *before; t++) {
        struct retrial *retrial = begin(&before[t]);
        int64_t points;
        size_t i = 0;
        for (; before[t].events[i + 1].subject; i++) {
            struct store_ledger_line line = line_of(&before[t], i);
            assert_int_equal(retrial_remember(retrial, &line), 0);
        }
        struct store_ledger_line line = line_of(&before[t], i);
        assert_int_equal(retrial_try(retrial, &line, &points), 0);
        if (points != last[t].would)
            fail_msg("%s: would give %d", last[t].what, (int)points);
        assert_int_equal(retrial->learners[7].is, 3);
        talloc_free(ctx);
    }
}

static void what_no_rule_gave_stays_and_what_is_no_rule_any_more_goes(void **state) {
    (void)state;
    static const struct {
        const char *rule;
        int64_t would;
    } lines[] = {{"grant", 3}, {"reverse", 3}, {"spend:draw", 3}, {"gone", 0}};
    struct retrial *retrial = begin(&trials[0]);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct store_ledger_line line = line_of(&trials[0], 0);
        int64_t points;
        line.rule = lines[i].rule;
        assert_int_equal(retrial_try(retrial, &line, &points), 0);
        assert_int_equal(points, lines[i].would);
    }
    assert_int_equal(retrial->learners[7].would_coins, 3);
    talloc_free(ctx);
}

static void many_learners_and_subjects_do_not_meet(void **state) {
    (void)state;
    enum { LEARNERS = 300, SUBJECTS = 100 };
    struct retrial *retrial = begin(&trials[6]);
    for (int n = 1; n <= 2 * LEARNERS; n++)
        for (int s = 0; s < SUBJECTS; s++) {
            struct store_ledger_line line = line_of(&trials[6], 0);
            char subject[16];
            int64_t points;
            snprintf(subject, sizeof subject, "%d", s);
            line.number = (n - 1) % LEARNERS + 1;
            line.subject = subject;
            assert_int_equal(retrial_try(retrial, &line, &points), 0);
            assert_int_equal(points, n <= LEARNERS ? 4 : 0);
        }
    struct store_ledger_line line = line_of(&trials[6], 0);
    int64_t points;
    for (line.number = -1; line.number <= 0; line.number++)
        assert_int_equal(retrial_try(retrial, &line, &points), -1);
    line.number = INT64_MAX;
    assert_int_equal(retrial_try(retrial, &line, &points), -1);
    talloc_free(ctx);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_limit_leaves_what_it_says),
        cmocka_unit_test(what_happened_before_counts_as_it_was),
        cmocka_unit_test(what_no_rule_gave_stays_and_what_is_no_rule_any_more_goes),
        cmocka_unit_test(many_learners_and_subjects_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
