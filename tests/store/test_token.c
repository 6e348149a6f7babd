/* store/token.h against a real Redis: one token, one who fetches it, whatever dies on the way. */

#include "store/token.h"

#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RIGHT_MS 60000
#define RENEW_MS 200000
#define LIFE_MS  7200000

static struct store_token got;
static char value[64];
static const char *appid = "wx1";

static void on_token(void *data, int error, const struct store_token *token) {
    (void)data;
    fixture_done(error);
    if (!token)
        return;
    got = *token;
    snprintf(value, sizeof value, "%s", token->value);
}

static struct store_turn turn(void) {
    return fixture_turn("", "", 20000, 0);
}

static void take_for(const char *refused, unsigned right_ms, enum store_token_turn expected) {
    struct store_turn now = turn();
    store_token_take(fixture.store, &now, appid, refused, right_ms, RENEW_MS, on_token, NULL);
    fixture_well();
    assert_int_equal(got.turn, expected);
}

static void take(const char *refused, enum store_token_turn expected) {
    take_for(refused, RIGHT_MS, expected);
}

static void keep(int64_t fence, const char *token, int64_t life_ms) {
    struct store_turn now = turn();
    store_token_keep(fixture.store, &now, appid, fence, token, life_ms, fixture_result, NULL);
    fixture_well();
}

static void give_up(int64_t fence) {
    struct store_turn now = turn();
    store_token_give_up(fixture.store, &now, appid, fence, fixture_result, NULL);
    fixture_well();
}

/* A token is fetched and kept. */
static void fetched(const char *token, int64_t life_ms) {
    take("", STORE_TOKEN_FETCH);
    keep(got.fence, token, life_ms);
    assert_int_equal(fixture.result, 1);
}

static void one_fetches_and_the_others_wait(void **unused) {
    (void)unused;
    take("", STORE_TOKEN_FETCH);
    assert_string_equal(value, "");
    int64_t fence = got.fence;
    assert_true(fence > 0);
    for (int i = 0; i < 3; i++)
        take("", STORE_TOKEN_WAIT);
    keep(fence, "T1", LIFE_MS);
    assert_int_equal(fixture.result, 1);
    for (int i = 0; i < 3; i++) {
        take("", STORE_TOKEN_HAVE);
        assert_string_equal(value, "T1");
        assert_true(got.left_ms > LIFE_MS - 60000 && got.left_ms <= LIFE_MS);
    }
}

static void token_goes_with_its_life(void **unused) {
    (void)unused;
    fetched("T1", LIFE_MS);
    long left = atol(redis_say(&fixture.redis, "PTTL {t}:token:wx1"));
    assert_true(left > LIFE_MS - 60000 && left <= LIFE_MS);
}

static void refused_token_is_discarded_if_it_is_the_one(void **unused) {
    (void)unused;
    fetched("T1", LIFE_MS);
    take("T0", STORE_TOKEN_HAVE);
    assert_string_equal(value, "T1");
    take("T1", STORE_TOKEN_FETCH);
    assert_string_equal(value, "");
    take("T1", STORE_TOKEN_WAIT); /* of another process, which had it, too */
    keep(got.fence, "", LIFE_MS); /* of WAIT there is no fence */
    assert_int_equal(fixture.result, 0);
    take("T1", STORE_TOKEN_WAIT);
}

static void late_refusal_of_an_old_token_leaves_the_new_one(void **unused) {
    (void)unused;
    fetched("T1", LIFE_MS);
    take("T1", STORE_TOKEN_FETCH);
    keep(got.fence, "T2", LIFE_MS);
    take("T1", STORE_TOKEN_HAVE);
    assert_string_equal(value, "T2");
}

static void near_its_end_one_renews_and_the_others_use_it_on(void **unused) {
    (void)unused;
    fetched("T1", RENEW_MS - 1000);
    take("", STORE_TOKEN_FETCH);
    assert_string_equal(value, "T1");
    int64_t fence = got.fence;
    take("", STORE_TOKEN_HAVE);
    assert_string_equal(value, "T1");
    assert_true(got.left_ms <= RENEW_MS - 1000);
    keep(fence, "T2", LIFE_MS);
    take("", STORE_TOKEN_HAVE);
    assert_string_equal(value, "T2");
}

static void who_gives_up_lets_the_next_try(void **unused) {
    (void)unused;
    take("", STORE_TOKEN_FETCH);
    int64_t fence = got.fence;
    give_up(fence);
    assert_int_equal(fixture.result, 1);
    take("", STORE_TOKEN_FETCH);
    assert_true(got.fence > fence);
    give_up(fence); /* it is not his any more */
    assert_int_equal(fixture.result, 0);
    take("", STORE_TOKEN_WAIT);
}

static void right_of_one_who_died_runs_out(void **unused) {
    (void)unused;
    take_for("", 1, STORE_TOKEN_FETCH);
    usleep(5000);
    take("", STORE_TOKEN_FETCH);
}

static void fetched_too_late_does_not_replace_the_newer(void **unused) {
    (void)unused;
    take_for("", 1, STORE_TOKEN_FETCH);
    int64_t late = got.fence;
    usleep(5000);
    take("", STORE_TOKEN_FETCH);
    int64_t fence = got.fence;
    keep(late, "OLD", LIFE_MS);
    assert_int_equal(fixture.result, 0);
    take("", STORE_TOKEN_WAIT); /* nor does it end the other's right */
    keep(fence, "NEW", LIFE_MS);
    keep(late, "OLD", LIFE_MS);
    assert_int_equal(fixture.result, 0);
    take("", STORE_TOKEN_HAVE);
    assert_string_equal(value, "NEW");
}

static void fetched_too_late_is_kept_if_nobody_else_fetches(void **unused) {
    (void)unused;
    take_for("", 1, STORE_TOKEN_FETCH);
    usleep(5000);
    keep(got.fence, "T1", LIFE_MS);
    assert_int_equal(fixture.result, 1);
    take("", STORE_TOKEN_HAVE);
}

static void another_appid_has_another_token(void **unused) {
    (void)unused;
    fetched("T1", LIFE_MS);
    appid = "wx2";
    fetched("T2", LIFE_MS);
    appid = "wx1";
    take("", STORE_TOKEN_HAVE);
    assert_string_equal(value, "T1");
}

static void away_is_said(void **unused) {
    (void)unused;
    struct store_turn now = turn();
    redis_server_stop(&fixture.redis);
    fixture_wait_ready(false);
    store_token_take(fixture.store, &now, appid, "", RIGHT_MS, RENEW_MS, on_token, NULL);
    fixture_wait();
    assert_int_equal(fixture.error, STORE_E_AWAY);
    redis_server_start(&fixture.redis);
    fixture_wait_ready(true);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, fixture_clear)
    const struct CMUnitTest tests[] = {
        TEST(one_fetches_and_the_others_wait),
        TEST(token_goes_with_its_life),
        TEST(refused_token_is_discarded_if_it_is_the_one),
        TEST(late_refusal_of_an_old_token_leaves_the_new_one),
        TEST(near_its_end_one_renews_and_the_others_use_it_on),
        TEST(who_gives_up_lets_the_next_try),
        TEST(right_of_one_who_died_runs_out),
        TEST(fetched_too_late_does_not_replace_the_newer),
        TEST(fetched_too_late_is_kept_if_nobody_else_fetches),
        TEST(another_appid_has_another_token),
        TEST(away_is_said),
    };
    return cmocka_run_group_tests_name("store/token", tests, fixture_setup, fixture_teardown);
}
