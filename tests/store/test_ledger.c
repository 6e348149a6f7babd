/* store/ledger.h against a real Redis. */

#include "store/ledger.h"

#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY 20000

static struct {
    unsigned count;
    struct store_ledger_line first, last;
    char text[512]; /* the texts of the first */
    int64_t result;
    char date[16], line[48];
} got;

static void on_page(void *data, int error, const struct store_ledger_line *lines, unsigned count) {
    (void)data;
    fixture_done(error);
    got.count = count;
    if (count == 0)
        return;
    got.first = lines[0];
    got.last = lines[count - 1];
    snprintf(got.text, sizeof got.text, "%s|%s|%s|%s|%s|%s", lines[0].line, lines[0].rule,
             lines[0].subject, lines[0].department, lines[0].team, lines[0].id);
    snprintf(got.line, sizeof got.line, "%s", lines[count - 1].line);
}

static void on_right(void *data, int error, int64_t fence, const char *date, const char *last) {
    (void)data;
    fixture_done(error);
    got.result = fence;
    snprintf(got.date, sizeof got.date, "%s", date);
    snprintf(got.line, sizeof got.line, "%s", last);
}

static void on_noted(void *data, int error, const char *date, const char *last) {
    on_right(data, error, 0, date, last);
}

static void on_done(void *data, int error, int64_t result) {
    (void)data;
    fixture_done(error);
    got.result = result;
}

static struct store_turn turn;

static void page(struct store_ledger_range range) {
    store_ledger_page(fixture.store, &turn, &range, on_page, NULL);
    fixture_well();
}

static int64_t right(int64_t fence) {
    store_ledger_right(fixture.store, &turn, fence, on_right, NULL);
    fixture_well();
    return got.result;
}

static int64_t archived(int64_t fence, const char *date, const char *last) {
    store_ledger_archived(fixture.store, &turn, fence, date, last, on_done, NULL);
    fixture_well();
    return got.result;
}

static int64_t trim(int64_t before) {
    int64_t sum = 0;
    do {
        store_ledger_trim(fixture.store, &turn, before, on_done, NULL);
        fixture_well();
        sum += got.result;
    } while (got.result > 0);
    return sum;
}

static void add(int64_t ms, int sequence, int64_t number) {
    redis_say(&fixture.redis,
              "XADD {t}:ledger %" PRId64 "-%d n %" PRId64
              " rule checkin subject  points 10 coins 1"
              " xp 30 co 3 at 1728000000 day %d d 4 tm  id turn%d",
              ms, sequence, number, DAY, sequence);
}

static int fresh(void **state) {
    (void)state;
    turn = fixture_turn("", "", DAY, 0);
    redis_say(&fixture.redis, "FLUSHALL");
    return 0;
}

static void a_line_comes_with_all_its_fields(void **state) {
    (void)state;
    redis_say(&fixture.redis,
              "XADD {t}:ledger 1728000000123-4 n 7 rule watch subject 课程:3 "
              "points -2 coins -1 xp 28 co 2 at 1728000000 day 20000 d 4 tm 9 id x");
    page((struct store_ledger_range){.after = STORE_LEDGER_FIRST, .most = 10});
    assert_int_equal(got.count, 1);
    assert_string_equal(got.text, "1728000000123-4|watch|课程:3|4|9|x");
    assert_int_equal(got.first.number, 7);
    assert_int_equal(got.first.points, -2);
    assert_int_equal(got.first.coins, -1);
    assert_int_equal(got.first.xp, 28);
    assert_int_equal(got.first.co, 2);
    assert_int_equal(got.first.at, 1728000000);
    assert_int_equal(got.first.day, 20000);
}

static void pages_follow_each_other_and_end_where_they_shall(void **state) {
    (void)state;
    for (int i = 0; i < 5; i++)
        add(1728000000000, i + 1, i);
    add(1728000001000, 0, 5);
    page((struct store_ledger_range){.after = STORE_LEDGER_FIRST, .most = 3});
    assert_int_equal(got.count, 3);
    assert_string_equal(got.line, "1728000000000-3");
    page((struct store_ledger_range){.after = "1728000000000-3", .most = 10});
    assert_int_equal(got.count, 3);
    page((struct store_ledger_range){.after = "1728000000000-3", .before = 1728000001, .most = 10});
    assert_int_equal(got.count, 2);
    assert_string_equal(got.line, "1728000000000-5");
    page((struct store_ledger_range){.after = "1728000001000-0", .most = 10});
    assert_int_equal(got.count, 0);
}

static void lines_are_compared_as_numbers(void **state) {
    (void)state;
    assert_true(store_ledger_order("999-0", "1000-0") < 0);
    assert_true(store_ledger_order("1000-10", "1000-9") > 0);
    assert_true(store_ledger_order("1000-10", "1000-10") == 0);
    assert_true(store_ledger_order(STORE_LEDGER_FIRST, "1-0") < 0);
}

static void one_process_has_the_right_at_a_time(void **state) {
    (void)state;
    int64_t fence = right(0);
    assert_true(fence > 0);
    assert_int_equal(right(0), 0);
    assert_int_equal(right(fence), fence);
    redis_say(&fixture.redis, "DEL {t}:archive_right"); /* it has run out */
    int64_t other = right(fence);
    assert_true(other > fence);
    assert_int_equal(right(fence), 0);
}

static void who_has_lost_the_right_notes_nothing(void **state) {
    (void)state;
    int64_t fence = right(0);
    redis_say(&fixture.redis, "PEXPIRE {t}:archive_right 1000");
    right(fence);
    assert_true(strtoll(redis_say(&fixture.redis, "PTTL {t}:archive_right"), NULL, 10) > 1000);
    redis_say(&fixture.redis, "DEL {t}:archive_right");
    int64_t other = right(0);
    assert_int_equal(archived(fence, "2024-10-04", "1728000000000-1"), 0);
    right(other);
    assert_string_equal(got.date, "");
    assert_int_equal(archived(other, "2024-10-04", "1728000000000-1"), 1);
    store_ledger_noted(fixture.store, &turn, on_noted, NULL);
    fixture_well();
    assert_string_equal(got.date, "2024-10-04");
    assert_string_equal(got.line, "1728000000000-1");
}

static void only_what_is_in_the_archive_is_forgotten(void **state) {
    (void)state;
    for (int i = 0; i < 500; i++)
        add(1728000000000 + i * 1000, 1, i);
    assert_int_equal(trim(1728000100), 0);
    assert_int_equal(archived(right(0), "2024-10-04", "1728000049000-1"), 1);
    assert_int_equal(trim(1728000010), 10);
    assert_int_equal(trim(1728000100), 40);
    page((struct store_ledger_range){.after = STORE_LEDGER_FIRST, .most = 1});
    assert_string_equal(got.line, "1728000050000-1");
    assert_string_equal(redis_say(&fixture.redis, "XLEN {t}:ledger"), "450");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_line_comes_with_all_its_fields, fresh),
        cmocka_unit_test_setup(pages_follow_each_other_and_end_where_they_shall, fresh),
        cmocka_unit_test_setup(lines_are_compared_as_numbers, fresh),
        cmocka_unit_test_setup(one_process_has_the_right_at_a_time, fresh),
        cmocka_unit_test_setup(who_has_lost_the_right_notes_nothing, fresh),
        cmocka_unit_test_setup(only_what_is_in_the_archive_is_forgotten, fresh),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
