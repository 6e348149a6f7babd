/* store/streak.h, and what a check-in makes of the streak, against a real Redis. */

#include "store/streak.h"

#include "store/learner.h"
#include "tests/fixture/redis.h"
#include "tests/fixture/rules.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#define MONDAY 20003 /* 2024-10-07 */
#define NINE   (9 * 3600)
/* A freeze for every 3 days, 2 in hand at most, mended within 3 working days. */
#define FREEZES "0;0;1;3,2,3;0,0;0,0;0;0"

static struct store_learner got;
static struct store_makeup makeup;
static struct store_leave leave;
static int turns;

static struct store_turn next_turn(int64_t day) {
    static char id[16];
    snprintf(id, sizeof id, "t%d", ++turns);
    return fixture_turn("o", id, day, NINE);
}

static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)data;
    fixture_done(error);
    if (learner)
        got = *learner;
}

static void on_makeup(void *data, int error, const struct store_makeup *result) {
    (void)data;
    fixture_done(error);
    if (result)
        makeup = *result;
}

static void on_leave(void *data, int error, const struct store_leave *result) {
    (void)data;
    fixture_done(error);
    if (result)
        leave = *result;
}

/* The working days up to `day`: Monday to Friday. */
static const char *work(int64_t day) {
    static char text[64];
    for (int i = 0; i < 63; i++)
        text[i] = (day - 62 + i - MONDAY + 7000) % 7 < 5 ? '1' : '0';
    return text;
}

static void checkin(int64_t day) {
    struct store_turn turn = next_turn(day);
    struct store_checkin one = {
        .policy = FREEZES,
        .rule = RULE("checkin", 10),
        .minute = NINE / 60,
        .next = (day + 1) * 86400,
        .remind_to = 1439,
        .plan_days = 21,
        .milestones = "",
        .work = work(day),
    };
    store_checkin(fixture.store, &turn, &one, on_learner, NULL);
    fixture_well();
}

static int64_t streak_on(int64_t day) {
    struct store_turn turn = next_turn(day);
    store_standing(fixture.store, &turn, FREEZES, work(day), on_learner, NULL);
    fixture_well();
    return got.streak;
}

static enum store_makeup_outcome mend(int64_t day) {
    struct store_turn turn = next_turn(day);
    store_makeup(fixture.store, &turn, FREEZES, work(day), on_makeup, NULL);
    fixture_well();
    return makeup.outcome;
}

static void take_leave(int64_t today, int64_t from, int64_t to) {
    struct store_turn turn = next_turn(today);
    const struct store_wish wish = {
        .from = from, .to = to, .most = 6, .work = work(to + 20), .first = to + 20 - 62};
    store_leave(fixture.store, &turn, &wish, on_leave, NULL);
    fixture_well();
}

static int fresh(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    return 0;
}

static void a_weekend_neither_counts_nor_breaks(void **state) {
    (void)state;
    for (int i = 0; i < 5; i++)
        checkin(MONDAY + i);
    assert_int_equal(got.streak, 5);
    assert_int_equal(streak_on(MONDAY + 6), 5);
    assert_true(got.rest_day);
    checkin(MONDAY + 5); /* Saturday: points, and the streak as it was */
    assert_true(got.checked_in);
    assert_int_equal(got.given, 10);
    assert_int_equal(got.streak, 5);
    assert_true(got.rest_day);
    assert_int_equal(got.checkins, 6);
    checkin(MONDAY + 7);
    assert_int_equal(got.streak, 6);
}

static void a_rest_day_first_is_no_streak_yet(void **state) {
    (void)state;
    checkin(MONDAY + 5);
    assert_int_equal(got.streak, 0);
    assert_int_equal(got.checkins, 1);
    checkin(MONDAY + 7);
    assert_int_equal(got.streak, 1);
}

static void a_missed_working_day_breaks_it(void **state) {
    (void)state;
    checkin(MONDAY);
    assert_int_equal(streak_on(MONDAY + 1), 1); /* alive until the day is over */
    assert_int_equal(streak_on(MONDAY + 2), 0);
    checkin(MONDAY + 2);
    assert_int_equal(got.streak, 1);
}

static void freezes_are_earned_up_to_a_number(void **state) {
    (void)state;
    int day = MONDAY, earned = 0;
    for (int i = 0; i < 12; i++, day += day % 7 == (MONDAY + 4) % 7 ? 3 : 1) {
        checkin(day);
        assert_int_equal(got.freeze_earned, i == 2 || i == 5);
        earned += got.freeze_earned;
    }
    assert_int_equal(got.streak, 12);
    assert_int_equal(earned, 2);
    assert_int_equal(got.freezes, 2);
}

static void a_freeze_mends_a_day_before_the_next_checkin(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++)
        checkin(MONDAY + i);
    assert_int_equal(streak_on(MONDAY + 4), 0);
    assert_int_equal(got.missed, 1);
    assert_int_equal(got.mended, 3);
    assert_int_equal(mend(MONDAY + 4), STORE_MAKEUP_mended);
    assert_int_equal(makeup.streak, 3);
    assert_int_equal(makeup.freezes, 0);
    checkin(MONDAY + 4);
    assert_int_equal(got.streak, 4);
}

static void a_freeze_mends_a_day_after_the_next_checkin(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++)
        checkin(MONDAY + i);
    checkin(MONDAY + 4);
    assert_int_equal(got.streak, 1);
    assert_int_equal(got.missed, 1);
    assert_int_equal(got.mended, 4);
    assert_int_equal(mend(MONDAY + 4), STORE_MAKEUP_mended);
    assert_int_equal(makeup.streak, 4);
    assert_int_equal(mend(MONDAY + 4), STORE_MAKEUP_whole);
    assert_int_equal(makeup.streak, 4);
    checkin(MONDAY + 7);
    assert_int_equal(got.streak, 5);
}

static void without_a_freeze_for_each_day_nothing_is_mended(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++)
        checkin(MONDAY + i);
    checkin(MONDAY + 7); /* Thursday and Friday missed, one freeze in hand */
    assert_int_equal(mend(MONDAY + 7), STORE_MAKEUP_few);
    assert_int_equal(makeup.missed, 2);
    assert_int_equal(makeup.freezes, 1);
    assert_int_equal(streak_on(MONDAY + 7), 1);
}

static void what_broke_long_ago_stays_broken(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++)
        checkin(MONDAY + i);
    checkin(MONDAY + 4);
    checkin(MONDAY + 7);
    checkin(MONDAY + 8);
    assert_int_equal(got.missed, 1); /* three working days: the last chance */
    checkin(MONDAY + 9);
    assert_int_equal(got.missed, 0);
    assert_int_equal(mend(MONDAY + 9), STORE_MAKEUP_whole);
}

static void the_same_message_mends_once(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++)
        checkin(MONDAY + i);
    struct store_turn turn = fixture_turn("o", "same", MONDAY + 4, NINE);
    for (int i = 0; i < 3; i++) {
        store_makeup(fixture.store, &turn, FREEZES, work(MONDAY + 4), on_makeup, NULL);
        fixture_well();
        assert_int_equal(makeup.outcome, STORE_MAKEUP_mended);
        assert_int_equal(makeup.freezes, 0);
    }
}

static void leave_does_not_break_it(void **state) {
    (void)state;
    checkin(MONDAY);
    take_leave(MONDAY, MONDAY + 1, MONDAY + 2);
    assert_int_equal(streak_on(MONDAY + 3), 1);
    checkin(MONDAY + 3);
    assert_int_equal(got.streak, 2);
    assert_int_equal(streak_on(MONDAY + 7), 0); /* Friday was no leave */
}

static void who_checks_in_on_leave_counts(void **state) {
    (void)state;
    checkin(MONDAY);
    take_leave(MONDAY, MONDAY + 1, MONDAY + 4);
    streak_on(MONDAY + 1);
    assert_true(got.on_leave);
    checkin(MONDAY + 1);
    assert_int_equal(got.streak, 2);
    assert_int_equal(streak_on(MONDAY + 7), 2);
}

static void leaves_that_touch_are_one_and_can_be_taken_back(void **state) {
    (void)state;
    checkin(MONDAY);
    take_leave(MONDAY, MONDAY + 1, MONDAY + 2);
    take_leave(MONDAY, MONDAY + 3, MONDAY + 3);
    assert_int_equal(leave.from, MONDAY + 1);
    assert_int_equal(leave.to, MONDAY + 3);
    take_leave(MONDAY + 2, 0, 0); /* back at work: Tuesday alone was leave */
    assert_int_equal(leave.from, 0);
    assert_int_equal(streak_on(MONDAY + 2), 1);
    assert_false(got.on_leave);
    assert_int_equal(streak_on(MONDAY + 3), 0);
}

/* Six working days at most: taken in pieces, too, with a weekend in between or in any order. */
static void leave_is_no_longer_for_being_taken_in_pieces(void **state) {
    (void)state;
    checkin(MONDAY);
    take_leave(MONDAY, MONDAY + 1, MONDAY + 4);
    assert_true(leave.taken);
    take_leave(MONDAY + 4, MONDAY + 7, MONDAY + 9);
    assert_false(leave.taken);
    assert_int_equal(leave.from, MONDAY + 1);
    assert_int_equal(leave.to, MONDAY + 9);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:o va"), "20004-20007");
    take_leave(MONDAY + 4, MONDAY + 9, MONDAY + 10); /* Monday and Tuesday at work */
    assert_true(leave.taken);
    take_leave(MONDAY + 4, MONDAY + 7, MONDAY + 8); /* would join the two */
    assert_false(leave.taken);
    assert_int_equal(leave.from, MONDAY + 1);
    assert_int_equal(leave.to, MONDAY + 10);
    take_leave(MONDAY + 4, MONDAY + 7, MONDAY + 7);
    assert_true(leave.taken);
    assert_int_equal(leave.to, MONDAY + 7);
    take_leave(MONDAY + 4, MONDAY + 2, MONDAY + 3); /* had been taken */
    assert_true(leave.taken);
    assert_int_equal(leave.to, MONDAY + 7);
}

static void who_was_back_for_a_day_may_take_leave_again(void **state) {
    (void)state;
    checkin(MONDAY);
    take_leave(MONDAY, MONDAY + 1, MONDAY + 8);
    assert_true(leave.taken);
    take_leave(MONDAY + 8, MONDAY + 9, MONDAY + 9);
    assert_false(leave.taken);
    checkin(MONDAY + 9);
    take_leave(MONDAY + 9, MONDAY + 10, MONDAY + 17);
    assert_true(leave.taken);
    assert_int_equal(leave.from, MONDAY + 10);
}

/* Tomorrow's reminder is right when the leave begins later, or is taken back today. */
static void the_reminder_stays_when_leave_is_taken(void **state) {
    (void)state;
    checkin(MONDAY);
    take_leave(MONDAY, MONDAY + 1, MONDAY + 2);
    assert_int_equal(fixture_reminded_at("o"), (int64_t)(MONDAY + 1) * 86400 + NINE);
}

static void a_gap_longer_than_can_be_seen_is_a_gap(void **state) {
    (void)state;
    checkin(MONDAY);
    assert_int_equal(streak_on(MONDAY + 7 * 20), 0);
    assert_int_equal(got.missed, 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
    const struct CMUnitTest tests[] = {
        TEST(a_weekend_neither_counts_nor_breaks),
        TEST(a_rest_day_first_is_no_streak_yet),
        TEST(a_missed_working_day_breaks_it),
        TEST(freezes_are_earned_up_to_a_number),
        TEST(a_freeze_mends_a_day_before_the_next_checkin),
        TEST(a_freeze_mends_a_day_after_the_next_checkin),
        TEST(without_a_freeze_for_each_day_nothing_is_mended),
        TEST(what_broke_long_ago_stays_broken),
        TEST(the_same_message_mends_once),
        TEST(leave_does_not_break_it),
        TEST(who_checks_in_on_leave_counts),
        TEST(leaves_that_touch_are_one_and_can_be_taken_back),
        TEST(leave_is_no_longer_for_being_taken_in_pieces),
        TEST(who_was_back_for_a_day_may_take_leave_again),
        TEST(the_reminder_stays_when_leave_is_taken),
        TEST(a_gap_longer_than_can_be_seen_is_a_gap),
    };
    return cmocka_run_group_tests_name("store/streak", tests, fixture_setup, fixture_teardown);
}
