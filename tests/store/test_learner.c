/* store/learner.h against a real Redis. */

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

#define DAY 20000

static struct store_learner got;

static void on_done(void *data, int error, const struct store_learner *learner) {
    (void)data;
    fixture_done(error);
    if (learner)
        got = *learner;
}

static void follow(const char *openid, const char *id) {
    struct store_turn turn = fixture_turn(openid, id, DAY, 0);
    store_follow(fixture.store, &turn, POLICY("0,10,30"), RULE_ONCE("follow", 5), 0, on_done, NULL);
    fixture_well();
}

static void unfollow(const char *openid, const char *id) {
    struct store_turn turn = fixture_turn(openid, id, DAY, 10);
    store_unfollow(fixture.store, &turn, on_done, NULL);
    fixture_well();
}

static void first_follow_is_new_and_numbered(void **state) {
    (void)state;
    follow("o1", "m1");
    assert_true(got.is_new);
    assert_int_equal(got.number, 1);
    assert_int_equal(got.given, 5);
    assert_int_equal(got.xp, 5);
    assert_int_equal(got.level, 1);
    follow("o2", "m2");
    assert_int_equal(got.number, 2);
}

static void repeated_message_answers_the_same_and_gives_nothing_more(void **state) {
    (void)state;
    follow("o3", "m3");
    struct store_learner first = got;
    char lines[16];
    snprintf(lines, sizeof lines, "%s", redis_say(&fixture.redis, "XLEN {t}:ledger"));
    follow("o3", "m3");
    assert_int_equal(got.given, first.given);
    assert_int_equal(got.is_new, first.is_new);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:o3 xp"), "5");
    assert_string_equal(redis_say(&fixture.redis, "XLEN {t}:ledger"), lines);
}

static void welcome_is_given_once_in_a_life(void **state) {
    (void)state;
    follow("o4", "m4");
    unfollow("o4", "m5");
    follow("o4", "m6");
    assert_false(got.is_new);
    assert_int_equal(got.given, 0);
    assert_int_equal(got.xp, 5);
}

static void leaver_is_off_the_board_and_returner_on_it(void **state) {
    (void)state;
    redis_say(&fixture.redis, "HSET {t}:learner:o5 e 7");
    follow("o5", "m7");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:all"), "1");
    unfollow("o5", "m8");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:all"), "0");
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:o5 on xp"), "0 5");
    follow("o5", "m9");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:all"), "1");
}

static void unfollow_of_a_stranger_creates_nobody(void **state) {
    (void)state;
    unfollow("o-stranger", "m10");
    assert_string_equal(redis_say(&fixture.redis, "EXISTS {t}:learner:o-stranger"), "0");
}

static void note_marks_the_day_active(void **state) {
    (void)state;
    struct store_turn turn = fixture_turn("o6", "m11", DAY, 0);
    store_note(fixture.store, &turn, on_done, NULL);
    fixture_wait();
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:o6 on"), "1");
    const char *number = redis_say(&fixture.redis, "HGET {t}:learner:o6 n");
    char bit[8];
    snprintf(bit, sizeof bit, "%s", number);
    assert_string_equal(redis_say(&fixture.redis, "GETBIT {t}:active:%d %s", DAY, bit), "1");
    assert_string_equal(redis_say(&fixture.redis, "GETBIT {t}:active:%d 500", DAY), "0");
}

static void standing_tells_the_ledger_newest_first(void **state) {
    (void)state;
    follow("o7", "m12");
    struct store_turn turn = fixture_turn("o7", "m13", DAY, 60);
    store_standing(fixture.store, &turn, POLICY("0"), WORK_ALL, on_done, NULL);
    fixture_wait();
    assert_int_equal(got.xp, 5);
    assert_int_equal(got.streak, 0);
    assert_int_equal(got.recent_count, 1);
    assert_string_equal(got.recent[0].rule, "follow");
    assert_int_equal(got.recent[0].points, 5);
    assert_int_equal(got.recent[0].at, (int64_t)DAY * 86400);
}

static void accounts_do_not_know_each_other(void **state) {
    (void)state;
    follow("o8", "m14");
    struct store_turn turn = fixture_turn("o8", "m14", DAY, 60);
    turn.account = "u";
    store_standing(fixture.store, &turn, POLICY("0"), WORK_ALL, on_done, NULL);
    fixture_wait();
    assert_int_equal(got.number, 1);
    assert_int_equal(got.xp, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_follow_is_new_and_numbered),
        cmocka_unit_test(repeated_message_answers_the_same_and_gives_nothing_more),
        cmocka_unit_test(welcome_is_given_once_in_a_life),
        cmocka_unit_test(leaver_is_off_the_board_and_returner_on_it),
        cmocka_unit_test(unfollow_of_a_stranger_creates_nobody),
        cmocka_unit_test(note_marks_the_day_active),
        cmocka_unit_test(standing_tells_the_ledger_newest_first),
        cmocka_unit_test(accounts_do_not_know_each_other),
    };
    return cmocka_run_group_tests_name("store/learner", tests, fixture_setup, fixture_teardown);
}
