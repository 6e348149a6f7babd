/* store/board.h against a real Redis. */

#include "store/board.h"

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
#include <stdlib.h>

#define DAY 20000

static struct store_board got;

static void on_board(void *data, int error, const struct store_board *board) {
    (void)data;
    fixture.called = true;
    fixture.error = error;
    if (board)
        got = *board;
}

static void on_followed(void *data, int error, const struct store_learner *learner) {
    (void)data;
    (void)learner;
    fixture.called = true;
    fixture.error = error;
}

static void ask(const char *openid, const char *id, unsigned top, unsigned beside) {
    struct store_turn turn = fixture_turn(openid, id, DAY, 100000);
    const struct store_board_query query = {.top = top, .beside = beside};
    store_board(fixture.store, &turn, &query, on_board, NULL);
    fixture_wait();
    assert_int_equal(fixture.error, 0);
}

/* A learner with so many points since that second of the day. */
static void enrol(const char *openid, int points, int second) {
    char id[32], rule[64];
    snprintf(rule, sizeof rule, "r;%d;0;0;0;0;0;0;0;0;0;0;0;a", points);
    redis_say(&fixture.redis, "HSET {t}:learner:%s e %s", openid, openid); /* bound */
    snprintf(id, sizeof id, "enrol-%s", openid);
    struct store_turn turn = fixture_turn(openid, id, DAY, second);
    store_follow(fixture.store, &turn, POLICY("0"), rule, 0, on_followed, NULL);
    fixture_wait();
    assert_int_equal(fixture.error, 0);
}

static void nobody_is_ranked_at_first(void **state) {
    (void)state;
    ask("o-early", "q0", 3, 2);
    assert_int_equal(got.rank, 0);
    assert_int_equal(got.total, 0);
    assert_int_equal(got.count, 0);
}

static void top_and_neighbours_without_repeating_anyone(void **state) {
    (void)state;
    char openid[16];
    for (int i = 1; i <= 20; i++) {
        snprintf(openid, sizeof openid, "o%d", i);
        enrol(openid, i, i);
    }
    ask("o10", "q1", 3, 2);
    assert_int_equal(got.rank, 11);
    assert_int_equal(got.sum, 10);
    assert_int_equal(got.total, 20);
    assert_int_equal(got.top_count, 3);
    assert_int_equal(got.count, 8);
    const int64_t ranks[] = {1, 2, 3, 9, 10, 11, 12, 13};
    for (unsigned i = 0; i < got.count; i++) {
        assert_int_equal(got.rows[i].rank, ranks[i]);
        assert_int_equal(got.rows[i].sum, 21 - ranks[i]);
    }
    ask("o19", "q2", 3, 2); /* second: its upper neighbours are the top */
    assert_int_equal(got.rank, 2);
    assert_int_equal(got.count, 4);
    assert_int_equal(got.rows[3].rank, 4);
}

static void last_one_has_nobody_below(void **state) {
    (void)state;
    ask("o1", "q3", 3, 2);
    assert_int_equal(got.rank, 20);
    assert_int_equal(got.count, 6);
    assert_int_equal(got.rows[5].rank, 20);
}

static void who_has_no_points_sees_the_top(void **state) {
    (void)state;
    ask("o-none", "q4", 3, 2);
    assert_int_equal(got.rank, 0);
    assert_int_equal(got.count, 3);
}

static void among_equals_who_was_first_stands_higher(void **state) {
    (void)state;
    enrol("late", 500, 3000);
    enrol("early", 500, 2999);
    ask("early", "q5", 3, 0);
    assert_int_equal(got.rank, 1);
    ask("late", "q6", 3, 0);
    assert_int_equal(got.rank, 2);
    assert_int_equal(got.rows[0].sum, 500);
    assert_int_equal(got.rows[1].sum, 500);
}

static void on_shown(void *data, int error, bool changed) {
    (void)data;
    (void)changed;
    fixture.called = true;
    fixture.error = error;
}

static void show(const char *openid, const char *id, int64_t day, int64_t second, bool shown) {
    struct store_turn turn = fixture_turn(openid, id, day, second);
    store_show(fixture.store, &turn, shown, on_shown, NULL);
    fixture_wait();
    assert_int_equal(fixture.error, 0);
}

static void who_stands_there_keeps_the_place_when_asking_to_stand_there(void **state) {
    (void)state;
    enrol("first", 600, 4000);
    enrol("second", 600, 4001);
    show("first", "s1", DAY, 5000, true);
    ask("first", "q7", 1, 0);
    assert_int_equal(got.rank, 1);
}

static void award(const char *openid, const char *id, int64_t day, int64_t second) {
    static const struct store_event event = {.subject = "", .words = ""};
    struct store_turn turn = fixture_turn(openid, id, day, second);
    store_award(fixture.store, &turn, POLICY("0"), RULE("late", 7), &event, on_followed, NULL);
    fixture_wait();
    assert_int_equal(fixture.error, 0);
}

static int sum_on(const char *board, const char *member) {
    return (int)(atoll(redis_say(&fixture.redis, "ZSCORE {t}:board:%s %s", board, member)) >> 31);
}

static void points_that_come_late_are_on_the_department_s_board_of_the_day_before(void **state) {
    (void)state;
    redis_say(&fixture.redis, "HSET {t}:learner:quick e quick d 9");
    redis_say(&fixture.redis, "HSET {t}:learner:slow e slow d 9");
    award("quick", "l1", DAY + 3, 1); /* a Monday */
    award("slow", "l2", DAY + 2, 86399);
    assert_int_equal(sum_on("d:d20003", "9"), 7);
    assert_int_equal(sum_on("d:d20002", "9"), 7);
    assert_int_equal(sum_on("d:w2858", "9"), 7);
    assert_int_equal(sum_on("d:w2857", "9"), 7);
    assert_int_equal(sum_on("d:all", "9"), 14);
    assert_in_range(atoi(redis_say(&fixture.redis, "TTL {t}:board:d:d20002")), 1, 3 * 86400);
    award("slow", "l3", DAY + 2, 86399);
    assert_int_equal(sum_on("d:d20002", "9"), 14);
}

static void who_leaves_and_comes_by_a_late_message_does_so_on_todays_boards(void **state) {
    (void)state;
    char number[24];
    redis_say(&fixture.redis, "HSET {t}:learner:shy e shy");
    award("shy", "l4", DAY + 3, 1);
    snprintf(number, sizeof number, "%s", redis_say(&fixture.redis, "HGET {t}:learner:shy n"));
    static const char *const boards[] = {"p:all", "p:d20003", "p:w2858"};
    for (int shown = 0; shown < 2; shown++) {
        show("shy", shown ? "s3" : "s2", DAY + 2, 86399, shown);
        for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++)
            assert_int_equal(sum_on(boards[i], number), shown ? 7 : 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_ranked_at_first),
        cmocka_unit_test(top_and_neighbours_without_repeating_anyone),
        cmocka_unit_test(last_one_has_nobody_below),
        cmocka_unit_test(who_has_no_points_sees_the_top),
        cmocka_unit_test(among_equals_who_was_first_stands_higher),
        cmocka_unit_test(who_stands_there_keeps_the_place_when_asking_to_stand_there),
        cmocka_unit_test(points_that_come_late_are_on_the_department_s_board_of_the_day_before),
        cmocka_unit_test(who_leaves_and_comes_by_a_late_message_does_so_on_todays_boards),
    };
    return cmocka_run_group_tests_name("store/board", tests, fixture_setup, fixture_teardown);
}
