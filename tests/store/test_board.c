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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_ranked_at_first),
        cmocka_unit_test(top_and_neighbours_without_repeating_anyone),
        cmocka_unit_test(last_one_has_nobody_below),
        cmocka_unit_test(who_has_no_points_sees_the_top),
        cmocka_unit_test(among_equals_who_was_first_stands_higher),
    };
    return cmocka_run_group_tests_name("store/board", tests, fixture_setup, fixture_teardown);
}
