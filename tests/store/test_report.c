/* store/report.h against a real Redis. */

#include "store/report.h"

#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>

#define WEEK 2858

static struct store_report got;

static void on_report(void *data, int error, const struct store_report *report) {
    (void)data;
    fixture_done(error);
    if (report)
        got = *report;
}

static void ask(enum store_period period, int64_t number) {
    struct store_turn turn = fixture_turn("", "", 20000, 0);
    store_report(fixture.store, &turn, period, number, on_report, NULL);
    fixture_well();
}

/* Person `number` has `points` (and some seconds, as scores do) on a board. */
static void stands(const char *board, int number, int points) {
    redis_say(&fixture.redis, "ZADD {t}:board:%s %lld %d", board, ((long long)points << 31) + 1000,
              number);
}

static void is_called(int number, const char *name) {
    redis_say(&fixture.redis, "HSET {t}:who:%d %d o%d", number / 100, number, number);
    redis_say(&fixture.redis, "HSET {t}:learner:o%d n %d e k%d", number, number, number);
    redis_say(&fixture.redis, "HSET {t}:called:%d %d %s", number / 100, number, name);
}

static void forget(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
}

static void nothing_is_told_of_a_period_without_points(void **state) {
    forget(state);
    stands("p:all", 1, 5);
    ask(STORE_PERIOD_WEEK, WEEK);
    assert_int_equal(got.ever, 1);
    assert_int_equal(got.total, 0);
    assert_int_equal(got.before, 0);
    assert_int_equal(got.people_count + got.departments_count + got.teams_count + got.movers_count,
                     0);
}

static void persons_stand_in_order_with_names(void **state) {
    forget(state);
    is_called(7, "wang");
    stands("p:w2858", 7, 30);
    stands("p:w2858", 1234, 40); /* nobody's number any more */
    stands("p:w2859", 9, 99);
    ask(STORE_PERIOD_WEEK, WEEK);
    assert_int_equal(got.total, 2);
    assert_int_equal(got.people_count, 2);
    assert_int_equal(got.people[0].id, 1234);
    assert_int_equal(got.people[0].sum, 40);
    assert_string_equal(got.people[0].name, "");
    assert_int_equal(got.people[1].id, 7);
    assert_int_equal(got.people[1].sum, 30);
    assert_string_equal(got.people[1].name, "wang");
}

static void departments_and_teams_have_their_heads(void **state) {
    forget(state);
    redis_say(&fixture.redis, "HSET {t}:department 3 corp/sales");
    redis_say(&fixture.redis, "HSET {t}:team:8 nm early");
    redis_say(&fixture.redis, "HSET {t}:heads d:3 12");
    stands("d:m24000", 3, 100);
    stands("t:m24000", 8, 90);
    ask(STORE_PERIOD_MONTH, 24000);
    assert_int_equal(got.departments_count, 1);
    assert_string_equal(got.departments[0].name, "corp/sales");
    assert_int_equal(got.departments[0].sum, 100);
    assert_int_equal(got.departments[0].heads, 12);
    assert_int_equal(got.teams_count, 1);
    assert_string_equal(got.teams[0].name, "early");
    assert_int_equal(got.teams[0].heads, 0);
}

static void lists_end_at_their_limits(void **state) {
    forget(state);
    for (int i = 1; i <= 30; i++) {
        stands("p:d20000", i, i);
        stands("d:d20000", i, i);
        stands("t:d20000", i, i);
        stands("p:d19999", i, 31 - i);
    }
    ask(STORE_PERIOD_DAY, 20000);
    assert_int_equal(got.total, 30);
    assert_int_equal(got.people_count, LIMIT_REPORT_PEOPLE);
    assert_int_equal(got.departments_count, LIMIT_REPORT_GROUPS);
    assert_int_equal(got.teams_count, LIMIT_REPORT_GROUPS);
    assert_int_equal(got.movers_count, LIMIT_REPORT_MOVERS);
}

static void who_climbed_most_comes_first(void **state) {
    forget(state);
    static const int before[] = {1, 2, 3, 4, 5, 6}, now[] = {6, 2, 9, 1, 4, 3};
    for (int i = 0; i < 6; i++) {
        stands("p:w2857", before[i], 100 - i);
        stands("p:w2858", now[i], 100 - i);
    }
    is_called(9, "new");
    ask(STORE_PERIOD_WEEK, WEEK);
    assert_int_equal(got.before, 6);
    /* 6 from place 6 to 1; 9 from beyond the end to 3; nobody else climbed */
    assert_int_equal(got.movers_count, 2);
    assert_int_equal(got.movers[0].id, 6);
    assert_int_equal(got.movers[0].from, 6);
    assert_int_equal(got.movers[0].to, 1);
    assert_int_equal(got.movers[1].id, 9);
    assert_int_equal(got.movers[1].from, 0);
    assert_int_equal(got.movers[1].to, 3);
    assert_string_equal(got.movers[1].name, "new");
}

static void nobody_climbed_when_there_was_no_board(void **state) {
    forget(state);
    stands("p:w2858", 1, 5);
    ask(STORE_PERIOD_WEEK, WEEK);
    assert_int_equal(got.total, 1);
    assert_int_equal(got.movers_count, 0);
}

static void on_trimmed(void *data, int error, int64_t removed) {
    *(int64_t *)data = removed;
    fixture_done(error);
}

static void who_was_cut_off_a_board_that_is_over_counts(void **state) {
    forget(state);
    for (int i = 1; i <= STORE_BOARD_KEPT + 20; i++)
        stands("p:w2858", i, i);
    stands("p:w2857", 1, 5);
    struct store_turn turn = fixture_turn("", "", 20010, 0); /* in week 2859 */
    int64_t removed = 0;
    store_board_trim(fixture.store, &turn, on_trimmed, &removed);
    fixture_wait();
    assert_int_equal(removed, 20);
    ask(STORE_PERIOD_WEEK, WEEK);
    assert_int_equal(got.total, STORE_BOARD_KEPT + 20);
    assert_int_equal(got.before, 1);
    ask(STORE_PERIOD_WEEK, WEEK + 1);
    assert_int_equal(got.before, STORE_BOARD_KEPT + 20);
}

/* ---- made and told ---- */

static enum store_report_state state_now;
static char telling[32];
static int64_t step, put;
static bool more, full;

static void on_due(void *data, int error, enum store_report_state found, const char *name) {
    (void)data;
    fixture_done(error);
    state_now = found;
    snprintf(telling, sizeof telling, "%s", name);
}

static void on_step(void *data, int error, int64_t result) {
    (void)data;
    fixture_done(error);
    step = result;
}

static void on_told(void *data, int error, bool there_is_more, bool is_full, int64_t count) {
    (void)data;
    fixture_done(error);
    more = there_is_more;
    full = is_full;
    put = count;
}

static enum store_report_state due(const char *picture) {
    const struct store_turn turn = fixture_turn("", "", 20010, 0);
    const struct store_report_due one = {STORE_PERIOD_WEEK, WEEK, picture};
    store_report_due(fixture.store, &turn, &one, on_due, NULL);
    fixture_well();
    return state_now;
}

static int64_t made(const char *picture, enum store_report_how how) {
    const struct store_turn turn = fixture_turn("", "", 20010, 0);
    const struct store_report_due one = {STORE_PERIOD_WEEK, WEEK, picture};
    store_report_made(fixture.store, &turn, &one, how, "words", on_step, NULL);
    fixture_well();
    return step;
}

static int64_t tell(void) {
    const struct store_turn turn = fixture_turn("", "", 20010, 0);
    store_report_tell(fixture.store, &turn, "w2858", on_told, NULL);
    fixture_well();
    return put;
}

static void one_process_makes_it_and_once(void **state) {
    forget(state);
    assert_int_equal(due("a.png"), STORE_REPORT_MAKE);
    assert_int_equal(due("b.png"), STORE_REPORT_WAIT);
    redis_say(&fixture.redis, "DEL {t}:report_right:w2858"); /* a is too slow */
    assert_int_equal(due("b.png"), STORE_REPORT_MAKE);
    assert_int_equal(made("a.png", STORE_REPORT_NOTICE), 0);
    assert_int_equal(made("b.png", STORE_REPORT_NOTICE), 1);
    assert_int_equal(made("b.png", STORE_REPORT_NOTICE), 0);
    assert_int_equal(due("c.png"), STORE_REPORT_DONE);
    assert_string_equal(telling, "w2858");
    ask(STORE_PERIOD_WEEK, WEEK + 1);
    assert_int_equal(got.picture_number, WEEK);
    assert_string_equal(got.picture, "b.png");
}

static void of_nobody_there_is_nothing_to_tell(void **state) {
    forget(state);
    assert_int_equal(due("a.png"), STORE_REPORT_MAKE);
    assert_int_equal(made("a.png", STORE_REPORT_NOBODY), 1);
    assert_int_equal(due("b.png"), STORE_REPORT_DONE);
    assert_string_equal(telling, "");
    ask(STORE_PERIOD_WEEK, WEEK);
    assert_string_equal(got.picture, "");
}

static void who_stands_on_the_board_is_told_once_a_page_at_a_time(void **state) {
    forget(state);
    redis_say(&fixture.redis, "SET {t}:learners %d", LIMIT_REPORT_TELL + 3);
    static const int numbers[] = {1, 7, LIMIT_REPORT_TELL, LIMIT_REPORT_TELL + 1};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        is_called(numbers[i], "x");
        stands("p:all", numbers[i], 5);
    }
    is_called(3, "hidden");
    due("a.png");
    made("a.png", STORE_REPORT_NOTICE);
    assert_int_equal(tell(), 3);
    assert_true(more);
    assert_false(full);
    assert_int_equal(tell(), 1);
    assert_int_equal(tell(), 0);
    assert_false(more);
    due("b.png");
    assert_string_equal(telling, "");
    assert_string_equal(redis_say(&fixture.redis, "XLEN {t}:outbox"), "4");
    assert_string_equal(redis_say(&fixture.redis, "EXISTS {t}:out:war_report:w2858:o3"), "0");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:out:war_report:w2858:o7 kind"),
                        "notice");
}

static void as_a_text_it_goes_to_who_was_there_lately(void **state) {
    forget(state);
    redis_say(&fixture.redis, "SET {t}:learners 4");
    for (int n = 1; n <= 4; n++) {
        is_called(n, "x");
        stands("p:all", n, 5);
    }
    redis_say(&fixture.redis, "SETBIT {t}:active:20010 1 1");
    redis_say(&fixture.redis, "SETBIT {t}:active:20009 2 1");
    redis_say(&fixture.redis, "SETBIT {t}:active:20008 3 1");
    due("a.png");
    made("a.png", STORE_REPORT_TEXT);
    assert_int_equal(tell(), 2);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:out:war_report:w2858:o1 kind"), "text");
    assert_string_equal(redis_say(&fixture.redis, "EXISTS {t}:out:war_report:w2858:o3"), "0");
}

static void telling_waits_while_much_waits_to_be_sent(void **state) {
    forget(state);
    redis_say(&fixture.redis, "SET {t}:learners 1");
    is_called(1, "x");
    stands("p:all", 1, 5);
    due("a.png");
    made("a.png", STORE_REPORT_NOTICE);
    for (int i = 0; i < LIMIT_REPORT_OUTBOX; i++)
        redis_say(&fixture.redis, "XADD {t}:outbox * out x");
    assert_int_equal(tell(), 0);
    assert_true(more && full);
    redis_say(&fixture.redis, "XTRIM {t}:outbox MAXLEN 5");
    assert_int_equal(tell(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_told_of_a_period_without_points),
        cmocka_unit_test(persons_stand_in_order_with_names),
        cmocka_unit_test(departments_and_teams_have_their_heads),
        cmocka_unit_test(lists_end_at_their_limits),
        cmocka_unit_test(who_climbed_most_comes_first),
        cmocka_unit_test(nobody_climbed_when_there_was_no_board),
        cmocka_unit_test(who_was_cut_off_a_board_that_is_over_counts),
        cmocka_unit_test(one_process_makes_it_and_once),
        cmocka_unit_test(of_nobody_there_is_nothing_to_tell),
        cmocka_unit_test(who_stands_on_the_board_is_told_once_a_page_at_a_time),
        cmocka_unit_test(as_a_text_it_goes_to_who_was_there_lately),
        cmocka_unit_test(telling_waits_while_much_waits_to_be_sent),
    };
    return cmocka_run_group_tests_name("store/report", tests, fixture_setup, fixture_teardown);
}
