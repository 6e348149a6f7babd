/* store/correction.h against a real Redis: what operators change is a line, and is done once. */

#include "store/correction.h"

#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#define DAY 20004 /* a Tuesday */

static struct {
    enum store_corrected corrected;
    char line[48];
    int64_t xp, co;
} got;

static void on_done(void *data, int error, enum store_corrected corrected, const char *line,
                    int64_t xp, int64_t co) {
    (void)data;
    fixture_done(error);
    got.corrected = corrected;
    snprintf(got.line, sizeof got.line, "%s", line);
    got.xp = xp;
    got.co = co;
}

static void grant(const char *id, int64_t number, int64_t points, int64_t coins) {
    struct store_turn turn = fixture_turn("", "", DAY, 3600);
    store_grant(fixture.store, &turn, id, number, points, coins, "谢谢", "0,10,30", on_done, NULL);
    fixture_well();
}

static void reverse(const char *line, int64_t points, int64_t coins, int64_t day) {
    struct store_turn turn = fixture_turn("", "", DAY, 7200);
    struct store_ledger_line what = {.line = line,
                                     .number = 1,
                                     .points = points,
                                     .coins = coins,
                                     .day = day,
                                     .department = "4",
                                     .team = "2"};
    store_reverse(fixture.store, &turn, &what, "twice", on_done, NULL);
    fixture_well();
}

static const char *say(const char *command) {
    return redis_say(&fixture.redis, "%s", command);
}

static int fresh(void **state) {
    (void)state;
    say("FLUSHALL");
    say("HSET {t}:learner:a n 1 on 1 lv 1 e k d 4 tm 2");
    say("HSET {t}:who:0 1 a");
    say("SET {t}:learners 1");
    return 0;
}

static void a_grant_is_done_once_and_reaches_levels(void **state) {
    (void)state;
    grant("g1", 1, 12, 3);
    assert_int_equal(got.corrected, STORE_CORRECTED_DONE);
    assert_int_equal(got.xp, 12);
    assert_int_equal(got.co, 3);
    char line[48];
    snprintf(line, sizeof line, "%s", got.line);
    assert_string_equal(say("HGET {t}:learner:a lv"), "2");
    assert_string_equal(say("ZRANGE {t}:board:p:all 0 -1"), "1");
    char noted[128];
    snprintf(noted, sizeof noted, "%d %s 谢谢", DAY * 86400 + 3600, line);
    assert_string_equal(say("HGET {t}:corrected grant:g1"), noted);
    grant("g1", 1, 500, 500);
    assert_int_equal(got.corrected, STORE_CORRECTED_AGAIN);
    assert_string_equal(got.line, line);
    assert_int_equal(got.xp, 12);
    assert_string_equal(say("XLEN {t}:ledger"), "1");
    grant("g2", 1, 1, 0);
    assert_int_equal(got.xp, 13);
}

static void no_more_is_taken_than_there_is(void **state) {
    (void)state;
    grant("g1", 1, 10, 5);
    grant("g2", 1, -11, 0);
    assert_int_equal(got.corrected, STORE_CORRECTED_SHORT);
    grant("g3", 1, 0, -6);
    assert_int_equal(got.corrected, STORE_CORRECTED_SHORT);
    assert_string_equal(say("XLEN {t}:ledger"), "1");
    grant("g2", 1, -10, -5); /* what was refused was not done */
    assert_int_equal(got.corrected, STORE_CORRECTED_DONE);
    assert_int_equal(got.xp, 0);
    assert_string_equal(say("ZRANGE {t}:board:p:all 0 -1"), "");
    assert_string_equal(say("HGET {t}:learner:a lv"), "2"); /* reached is reached */
}

static void who_is_no_more_gets_nothing(void **state) {
    (void)state;
    grant("g1", 2, 10, 5);
    assert_int_equal(got.corrected, STORE_CORRECTED_GONE);
    say("DEL {t}:learner:a");
    grant("g1", 1, 10, 5);
    assert_int_equal(got.corrected, STORE_CORRECTED_GONE);
    reverse("1-1", 5, 1, DAY);
    assert_int_equal(got.corrected, STORE_CORRECTED_GONE);
    assert_string_equal(say("XLEN {t}:ledger"), "0");
}

static void a_reversal_is_done_once(void **state) {
    (void)state;
    grant("g1", 1, 12, 3);
    char line[48], first[48];
    snprintf(line, sizeof line, "%s", got.line);
    reverse(line, 12, 3, DAY);
    assert_int_equal(got.corrected, STORE_CORRECTED_DONE);
    assert_int_equal(got.xp, 0);
    assert_int_equal(got.co, 0);
    snprintf(first, sizeof first, "%s", got.line);
    reverse(line, 12, 3, DAY);
    assert_int_equal(got.corrected, STORE_CORRECTED_AGAIN);
    assert_string_equal(got.line, first);
    assert_string_equal(say("XLEN {t}:ledger"), "2");
    assert_string_equal(say("HGET {t}:tally d:4"), "0 0 0 0 20004");
}

static void a_reversal_counts_for_the_day_of_what_it_reverses(void **state) {
    (void)state;
    grant("g1", 1, 30, 0);
    reverse("1-1", 12, 2, DAY - 1); /* yesterday, of the same week and month */
    assert_string_equal(say("HGET {t}:learner:a tl"), "18 30 18 18 20004");
    assert_int_equal(got.co, -2); /* spent already: owed */
    reverse("1-2", 5, 0, DAY - 7);
    assert_string_equal(say("HGET {t}:learner:a tl"), "13 30 18 13 20004");
    assert_string_equal(say("HGET {t}:tally t:2"), "13 30 18 13 20004");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_grant_is_done_once_and_reaches_levels, fresh),
        cmocka_unit_test_setup(no_more_is_taken_than_there_is, fresh),
        cmocka_unit_test_setup(who_is_no_more_gets_nothing, fresh),
        cmocka_unit_test_setup(a_reversal_is_done_once, fresh),
        cmocka_unit_test_setup(a_reversal_counts_for_the_day_of_what_it_reverses, fresh),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
