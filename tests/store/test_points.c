/* store/points.h against a real Redis. */

#include "store/points.h"

#include "store/learner.h"
#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#define DAY     20000
#define MORNING (8 * 3600)

static struct store_learner got;

#define MILESTONES " 2:checkin_2:20:0:1 21:checkin_21:50:0:1"

static void on_done(void *data, int error, const struct store_learner *learner) {
    (void)data;
    fixture.called = true;
    fixture.error = error;
    if (learner)
        got = *learner;
}

static void start(const char *openid, const char *id, int64_t day, int64_t seconds) {
    struct store_turn turn = fixture_turn(openid, id, day, seconds);
    struct store_checkin checkin = {
        .thresholds = "0,10,30,100",
        .rule = {.name = "checkin", .points = 10, .daily_cap = 10, .subject = ""},
        .minute = (unsigned)(seconds / 60),
        .tomorrow = (day + 1) * 86400,
        .remind_from = 8 * 60 + 30,
        .remind_to = 21 * 60 + 29,
        .plan_days = 21,
        .milestones = MILESTONES,
    };
    store_checkin(fixture.store, &turn, &checkin, on_done, NULL);
}

static void checkin(const char *openid, const char *id, int64_t day, int64_t seconds) {
    start(openid, id, day, seconds);
    fixture_wait();
    assert_int_equal(fixture.error, 0);
}

/* When the learner's next reminder is due, as the minute of `day`. */
static int due_minute(const char *openid, int64_t day) {
    long long due = 0;
    sscanf(redis_say(&fixture.redis, "ZSCORE {t}:due streak_at_risk:%s", openid), "%lld", &due);
    return (int)((due - day * 86400) / 60);
}

static void first_checkin_gives_points_level_and_streak(void **state) {
    (void)state;
    checkin("a", "a1", DAY, MORNING);
    assert_true(got.checked_in);
    assert_int_equal(got.given, 10);
    assert_int_equal(got.xp, 10);
    assert_int_equal(got.level_before, 1);
    assert_int_equal(got.level, 2);
    assert_int_equal(got.streak, 1);
    assert_int_equal(got.checkins, 1);
}

static void second_checkin_of_a_day_changes_nothing(void **state) {
    (void)state;
    checkin("b", "b1", DAY, MORNING);
    checkin("b", "b2", DAY, MORNING + 60);
    assert_false(got.checked_in);
    assert_int_equal(got.given, 0);
    assert_int_equal(got.xp, 10);
    assert_int_equal(got.streak, 1);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:b ci"), "1");
}

static void same_message_again_tells_the_same(void **state) {
    (void)state;
    checkin("c", "c1", DAY, MORNING);
    checkin("c", "c1", DAY, MORNING);
    assert_true(got.checked_in);
    assert_int_equal(got.given, 10);
    assert_int_equal(got.xp, 10);
    assert_string_equal(redis_say(&fixture.redis, "LLEN {t}:recent:c"), "1");
}

static void memo_ends_after_its_time(void **state) {
    (void)state;
    checkin("c2", "c2-1", DAY, MORNING);
    assert_string_equal(redis_say(&fixture.redis, "TTL {t}:turn:c2-1:checkin"), "1200");
}

static void streak_grows_by_days_and_breaks_by_a_gap(void **state) {
    (void)state;
    checkin("d", "d1", DAY, MORNING);
    checkin("d", "d2", DAY + 1, MORNING);
    assert_int_equal(got.streak, 2);
    checkin("d", "d3", DAY + 3, MORNING);
    assert_int_equal(got.streak, 1);
    assert_int_equal(got.checkins, 3);
}

static void midnight_makes_a_new_day(void **state) {
    (void)state;
    checkin("e", "e1", DAY, 86399);
    checkin("e", "e2", DAY + 1, 0);
    assert_true(got.checked_in);
    assert_int_equal(got.streak, 2);
    assert_int_equal(got.xp, 10 + 10 + 20);
}

static void a_message_of_yesterday_that_comes_late_is_not_a_second_day(void **state) {
    (void)state;
    checkin("e3", "e3-1", DAY + 1, 5);
    checkin("e3", "e3-2", DAY, 86399);
    assert_false(got.checked_in);
    assert_int_equal(got.checkins, 1);
}

static void milestone_is_given_on_its_day_once(void **state) {
    (void)state;
    checkin("f", "f1", DAY, MORNING);
    assert_int_equal(got.given, 10);
    checkin("f", "f2", DAY + 1, MORNING);
    assert_int_equal(got.given, 30);
    for (int i = 2; i < 23; i++) {
        char id[16];
        snprintf(id, sizeof id, "f%d", i + 1);
        checkin("f", id, DAY + i, MORNING);
    }
    /* Day 23 is day 2 of the second round: its milestone has been had. */
    assert_int_equal(got.checkins, 23);
    assert_int_equal(got.given, 10);
    assert_int_equal(got.xp, 23 * 10 + 20 + 50);
}

static void ledger_balance_and_board_agree(void **state) {
    (void)state;
    checkin("g", "g1", DAY, MORNING);
    checkin("g", "g2", DAY + 1, MORNING);
    long long sum = 0, points, xp = 0;
    char lines[8192];
    snprintf(lines, sizeof lines, "%s", redis_say(&fixture.redis, "XRANGE {t}:ledger - +"));
    for (char *line = lines; (line = strstr(line, "who g rule")); line++)
        if (sscanf(line, "who g rule %*s subject points %lld", &points) == 1 ||
            sscanf(line, "who g rule %*s subject  points %lld", &points) == 1)
            sum += points;
    sscanf(redis_say(&fixture.redis, "HGET {t}:learner:g xp"), "%lld", &xp);
    assert_int_equal(sum, 40);
    assert_int_equal(xp, 40);
    double score = 0;
    sscanf(redis_say(&fixture.redis, "ZSCORE {t}:board:all g"), "%lf", &score);
    assert_true(score >= 40 && score < 41);
}

static void reminder_is_due_tomorrow_at_the_usual_minute(void **state) {
    (void)state;
    checkin("h", "h1", DAY, 9 * 3600);
    assert_int_equal(due_minute("h", DAY + 1), 9 * 60);
    checkin("h", "h2", DAY + 1, 20 * 3600);
    checkin("h", "h3", DAY + 2, 20 * 3600 + 600);
    assert_int_equal(due_minute("h", DAY + 3), 20 * 60); /* the middle one of 9:00, 20:00, 20:10 */
}

static void reminder_keeps_out_of_the_quiet_hours(void **state) {
    (void)state;
    checkin("i", "i1", DAY, 5 * 3600);
    assert_int_equal(due_minute("i", DAY + 1), 8 * 60 + 30);
    checkin("j", "j1", DAY, 23 * 3600);
    assert_int_equal(due_minute("j", DAY + 1), 21 * 60 + 29);
}

static int calls_left;

static void count_down(void *data, int error, const struct store_learner *learner) {
    (void)data;
    assert_int_equal(error, 0);
    got = *learner;
    assert_int_equal(learner->given, 10);
    if (--calls_left == 0)
        fixture.called = true;
}

static void two_at_once_are_one(void **state) {
    (void)state;
    struct store_turn turn = fixture_turn("k", "k1", DAY, MORNING);
    struct store_checkin checkin = {
        .thresholds = "0,10",
        .rule = {.name = "checkin", .points = 10, .daily_cap = 10, .subject = ""},
        .plan_days = 21,
        .milestones = "",
        .remind_to = 1000,
    };
    calls_left = 50;
    for (int i = 0; i < 50; i++)
        store_checkin(fixture.store, &turn, &checkin, count_down, NULL);
    fixture_wait();
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:k xp ci"), "10 1");
}

static void script_flush_is_not_noticed(void **state) {
    (void)state;
    redis_say(&fixture.redis, "SCRIPT FLUSH");
    checkin("l", "l1", DAY, MORNING);
    assert_int_equal(got.xp, 10);
    checkin("l", "l2", DAY + 1, MORNING);
    assert_int_equal(got.xp, 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_checkin_gives_points_level_and_streak),
        cmocka_unit_test(second_checkin_of_a_day_changes_nothing),
        cmocka_unit_test(same_message_again_tells_the_same),
        cmocka_unit_test(memo_ends_after_its_time),
        cmocka_unit_test(streak_grows_by_days_and_breaks_by_a_gap),
        cmocka_unit_test(midnight_makes_a_new_day),
        cmocka_unit_test(a_message_of_yesterday_that_comes_late_is_not_a_second_day),
        cmocka_unit_test(milestone_is_given_on_its_day_once),
        cmocka_unit_test(ledger_balance_and_board_agree),
        cmocka_unit_test(reminder_is_due_tomorrow_at_the_usual_minute),
        cmocka_unit_test(reminder_keeps_out_of_the_quiet_hours),
        cmocka_unit_test(two_at_once_are_one),
        cmocka_unit_test(script_flush_is_not_noticed),
    };
    return cmocka_run_group_tests_name("store/points", tests, fixture_setup, fixture_teardown);
}
