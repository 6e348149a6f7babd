/* store/alarm.h against a real Redis: raised once, probed in turn, and nothing sent meanwhile. */

#include "store/alarm.h"

#include "store/outbox.h"
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

#define DAY     20000
#define PROBE_S 60

static struct store_alarm alarm_seen;
static char klass[16], reason[64];

static void on_seen(void *data, int error, const struct store_alarm *alarm) {
    (void)data;
    fixture_done(error);
    if (!alarm)
        return;
    alarm_seen = *alarm;
    snprintf(klass, sizeof klass, "%s", alarm->klass);
    snprintf(reason, sizeof reason, "%s", alarm->reason);
}

static void on_taken(void *data, int error, const struct store_out *outs, size_t count, bool more) {
    (void)data;
    (void)more;
    (void)outs;
    fixture_done(error);
    assert_int_equal(count, 0);
}

static void raise_alarm(int64_t at, int errcode, const char *why) {
    struct store_turn turn = fixture_turn("", "", DAY, at);
    store_alarm_raise(fixture.store, &turn, "config", errcode, why, PROBE_S, fixture_result, NULL);
    fixture_well();
}

static void see(int64_t at, unsigned probe_s) {
    struct store_turn turn = fixture_turn("", "", DAY, at);
    store_alarm_see(fixture.store, &turn, probe_s, on_seen, NULL);
    fixture_well();
}

static void clear_alarm(void) {
    struct store_turn turn = fixture_turn("", "", DAY, 0);
    store_alarm_clear(fixture.store, &turn, fixture_result, NULL);
    fixture_well();
}

static int take(const char *account) {
    struct store_turn turn = fixture_turn("", "", DAY, 0);
    struct store_take take = {.most = 10, .daily_cap = 1, .claim_after_ms = 1000, .work = WORK_ALL};
    turn.account = account;
    store_take(fixture.store, &turn, &take, on_taken, NULL);
    fixture_wait();
    return fixture.error;
}

static void raised_once_and_counted(void **unused) {
    (void)unused;
    see(0, 0);
    assert_string_equal(klass, "");
    raise_alarm(10, 40164, "invalid ip 203.0.113.7");
    assert_int_equal(fixture.result, 1);
    raise_alarm(11, 40164, "invalid ip 203.0.113.8");
    assert_int_equal(fixture.result, 0);
    see(12, 0);
    assert_string_equal(klass, "config");
    assert_int_equal(alarm_seen.errcode, 40164);
    assert_string_equal(reason, "invalid ip 203.0.113.8");
    assert_int_equal(alarm_seen.since, DAY * 86400LL + 10);
    assert_int_equal(alarm_seen.count, 2);
}

static void another_errcode_is_news(void **unused) {
    (void)unused;
    raise_alarm(10, 40164, "invalid ip");
    raise_alarm(20, 40125, "invalid appsecret");
    assert_int_equal(fixture.result, 1);
    see(21, 0);
    assert_int_equal(alarm_seen.errcode, 40125);
    assert_int_equal(alarm_seen.since, DAY * 86400LL + 10);
}

static void sends_of_the_account_rest(void **unused) {
    (void)unused;
    assert_int_equal(take("t"), 0);
    raise_alarm(0, 40013, "invalid appid");
    assert_int_equal(take("t"), STORE_E_ALARM);
    assert_int_equal(take("other"), 0);
    clear_alarm();
    assert_int_equal(take("t"), 0);
}

static void probed_once_a_minute_by_all_together(void **unused) {
    (void)unused;
    raise_alarm(0, 40164, "invalid ip");
    see(PROBE_S - 1, PROBE_S);
    assert_false(alarm_seen.probe);
    see(PROBE_S, 0); /* who only looks takes no probe */
    assert_false(alarm_seen.probe);
    see(PROBE_S, PROBE_S);
    assert_true(alarm_seen.probe);
    see(PROBE_S, PROBE_S);
    assert_false(alarm_seen.probe);
    raise_alarm(PROBE_S + 1, 40164,
                "invalid ip"); /* what came of it puts the next one off no more */
    see(2 * PROBE_S - 1, PROBE_S);
    assert_false(alarm_seen.probe);
    see(2 * PROBE_S, PROBE_S);
    assert_true(alarm_seen.probe);
}

static void cleared_it_is_gone(void **unused) {
    (void)unused;
    clear_alarm();
    assert_int_equal(fixture.result, 0);
    raise_alarm(0, 40164, "invalid ip");
    clear_alarm();
    assert_int_equal(fixture.result, 1);
    see(0, PROBE_S);
    assert_string_equal(klass, "");
    assert_false(alarm_seen.probe);
    raise_alarm(1, 40164, "invalid ip");
    assert_int_equal(fixture.result, 1);
    see(1, 0);
    assert_int_equal(alarm_seen.count, 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, fixture_clear)
    const struct CMUnitTest tests[] = {
        TEST(raised_once_and_counted),   TEST(another_errcode_is_news),
        TEST(sends_of_the_account_rest), TEST(probed_once_a_minute_by_all_together),
        TEST(cleared_it_is_gone),
    };
    return cmocka_run_group_tests_name("store/alarm", tests, fixture_setup, fixture_teardown);
}
