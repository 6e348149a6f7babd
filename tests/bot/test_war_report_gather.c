/* bot/war_report_gather.h, with a real Redis. */

#include "bot/war_report_gather.h"

#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <string.h>
#include <talloc.h>

static void *ctx;
static struct account *account; /* of the example's first, whose Redis is the fixture's "t" */
static char *text;              /* of the last report */
static struct war_report got;   /* without what it points to */

static int setup(void **state) {
    struct config *config;
    struct accounts *accounts;
    struct yaml_problem problem;
    ctx = talloc_new(NULL);
    if (fixture_setup(state) || config_load(ctx, "config/day21.yaml", &config, &problem) ||
        accounts_load(ctx, config, &accounts, &problem))
        return -1;
    account = &accounts->list[0];
    ((struct config_account *)account->config)->name = "t";
    return 0;
}

static int teardown(void **state) {
    talloc_free(ctx);
    return fixture_teardown(state);
}

static void on_gathered(void *data, int error, const struct war_report *report) {
    (void)data;
    fixture_done(error);
    if (!report)
        return;
    got = *report;
    text = war_report_text(ctx, account->copy, 0, report, NULL);
}

static void gather(enum war_report_period period, int64_t day) {
    fixture.called = false;
    const struct war_report_query query = {period, day, NULL};
    war_report_gather(ctx, fixture.store, account, &query, on_gathered, NULL);
    fixture_well();
}

static void last_period_that_is_over_ends_before_today(void **state) {
    (void)state;
    static const struct {
        enum war_report_period period;
        unsigned month, day, last_month, last_day;
    } cases[] = {
        /* of 2026, where November 16th is a Monday */
        {WAR_REPORT_DAY, 11, 1, 10, 31},   {WAR_REPORT_WEEK, 11, 16, 11, 15},
        {WAR_REPORT_WEEK, 11, 22, 11, 15}, {WAR_REPORT_WEEK, 11, 23, 11, 22},
        {WAR_REPORT_MONTH, 11, 1, 10, 31}, {WAR_REPORT_MONTH, 11, 30, 10, 31},
        {WAR_REPORT_MONTH, 3, 15, 2, 28},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t today = 0, last = 0;
        calendar_number(2026, cases[i].month, cases[i].day, &today);
        calendar_number(2026, cases[i].last_month, cases[i].last_day, &last);
        assert_int_equal(war_report_last_day(cases[i].period, today), last);
    }
}

static void each_period_has_its_own_board(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    int64_t day = 0; /* a Saturday; its month is 2026 * 12 + 10 */
    assert_int_equal(calendar_number(2026, 11, 21, &day), 0);
    redis_say(&fixture.redis, "ZADD {t}:board:p:d%d 21474836489 1", (int)day);
    redis_say(&fixture.redis, "ZADD {t}:board:p:w%d 42949672969 1", (int)(day + 3) / 7);
    redis_say(&fixture.redis, "ZADD {t}:board:p:m24322 64424509449 1");
    gather(WAR_REPORT_DAY, day);
    assert_non_null(strstr(text, "11月21日\n\n"));
    assert_non_null(strstr(text, "学友 0001　10 分"));
    gather(WAR_REPORT_WEEK, day);
    assert_non_null(strstr(text, "11月16日—11月22日"));
    assert_non_null(strstr(text, "学友 0001　20 分"));
    gather(WAR_REPORT_MONTH, day);
    assert_non_null(strstr(text, "2026 年 11 月"));
    assert_non_null(strstr(text, "学友 0001　30 分"));
}

static void names_are_shown_as_the_account_wants(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    redis_say(&fixture.redis, "ZADD {t}:board:p:d20000 21474836489 7");
    redis_say(&fixture.redis, "ZADD {t}:board:p:d19999 10737418249 8");
    redis_say(&fixture.redis, "HSET {t}:called:0 7 王小明");
    gather(WAR_REPORT_DAY, 20000);
    assert_non_null(strstr(text, "🥇 王小明　10 分"));
    assert_non_null(strstr(text, "王小明　榜外 → 第 1"));
    account->rules->boards.anonymous = true;
    gather(WAR_REPORT_DAY, 20000);
    account->rules->boards.anonymous = false;
    assert_null(strstr(text, "王小明"));
    assert_non_null(strstr(text, "🥇 学友 0007　10 分"));
    assert_non_null(strstr(text, "学友 0007　榜外 → 第 1"));
}

static void department_is_called_by_the_end_of_its_path(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    redis_say(&fixture.redis, "HSET {t}:department 1 公司/华东/销售部 2 公司/研发部 3 公司");
    redis_say(&fixture.redis, "ZADD {t}:board:d:d20000 64424509449 1 42949672969 2 21474836489 3");
    redis_say(&fixture.redis, "HSET {t}:heads d:1 4");
    gather(WAR_REPORT_DAY, 20000);
    assert_non_null(strstr(text,
                           "部门：\n🥇 华东/销售部　30 分，人均 8\n"
                           "🥈 研发部　20 分\n🥉 公司　10 分\n"));
}

static void numbers_are_of_this_period_and_the_one_before(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    redis_say(&fixture.redis, "ZADD {t}:board:p:all 21474836489 1 21474836489 2 21474836489 3");
    redis_say(&fixture.redis, "ZADD {t}:board:p:d20000 21474836489 1 19327352841 2");
    gather(WAR_REPORT_DAY, 20000);
    assert_int_equal(got.participants, 3);
    assert_int_equal(got.active, 2);
    assert_false(got.has_before); /* the first of all, or kept no more */
    redis_say(&fixture.redis, "ZADD {t}:board:p:d19999 21474836489 3");
    gather(WAR_REPORT_DAY, 20000);
    assert_true(got.has_before);
    assert_int_equal(got.active_before, 1);
}

static void store_that_is_away_is_said(void **state) {
    (void)state;
    redis_server_stop(&fixture.redis);
    fixture_wait_ready(false);
    fixture.called = false;
    const struct war_report_query query = {WAR_REPORT_DAY, 20000, NULL};
    war_report_gather(ctx, fixture.store, account, &query, on_gathered, NULL);
    fixture_wait();
    assert_int_equal(fixture.error, STORE_E_AWAY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_period_that_is_over_ends_before_today),
        cmocka_unit_test(each_period_has_its_own_board),
        cmocka_unit_test(names_are_shown_as_the_account_wants),
        cmocka_unit_test(department_is_called_by_the_end_of_its_path),
        cmocka_unit_test(numbers_are_of_this_period_and_the_one_before),
        cmocka_unit_test(store_that_is_away_is_said),
    };
    return cmocka_run_group_tests_name("bot/war_report_gather", tests, setup, teardown);
}
