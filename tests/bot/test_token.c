/* bot/token.h against a real Redis: two processes' shares of one account's token. */

#include "bot/token.h"

#include "tests/fixture/redis.h"
#include "wx/token.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

struct process {
    struct token_share *share;
    const struct wx_token_share *wx;
    bool told, closed;
    enum wx_token_turn turn;
    char value[64];
    int64_t fence;
};

static struct process one, other;

static void on_taken(void *reply, const struct wx_token_turned *turned) {
    struct process *process = reply;
    assert_false(process->told);
    process->told = true;
    process->turn = turned->turn;
    process->fence = turned->fence;
    snprintf(process->value, sizeof process->value, "%s", turned->value ? turned->value : "");
}

static int ask(struct process *process, const char *refused) {
    process->told = false;
    int away = process->wx->take(process->wx->data, refused, on_taken, process);
    assert_false(process->told); /* never from within */
    return away;
}

static void until_told(struct process *process, enum wx_token_turn expected) {
    while (!process->told)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    assert_int_equal(process->turn, expected);
}

static void take(struct process *process, const char *refused, enum wx_token_turn expected) {
    assert_int_equal(ask(process, refused), 0);
    until_told(process, expected);
}

/* The store has seen all that was asked of it. */
static void settle(void) {
    while (store_pending(fixture.store))
        uv_run(&fixture.loop, UV_RUN_ONCE);
}

static void what_one_fetches_the_other_has(void **unused) {
    (void)unused;
    take(&one, "", WX_TOKEN_FETCH);
    assert_string_equal(one.value, "");
    assert_int_equal(ask(&other, ""), 0);
    settle();
    assert_false(other.told); /* it waits */
    one.wx->keep(one.wx->data, one.fence, "T1", 7200);
    until_told(&other, WX_TOKEN_HAVE);
    assert_string_equal(other.value, "T1");
}

static void when_one_gives_up_the_other_fetches(void **unused) {
    (void)unused;
    take(&one, "", WX_TOKEN_FETCH);
    assert_int_equal(ask(&other, ""), 0);
    settle();
    one.wx->give_up(one.wx->data, one.fence);
    until_told(&other, WX_TOKEN_FETCH);
}

static void what_both_saw_refused_is_fetched_once(void **unused) {
    (void)unused;
    take(&one, "", WX_TOKEN_FETCH);
    one.wx->keep(one.wx->data, one.fence, "T1", 7200);
    take(&one, "T1", WX_TOKEN_FETCH);
    assert_int_equal(ask(&other, "T1"), 0);
    settle();
    assert_false(other.told);
    one.wx->keep(one.wx->data, one.fence, "T2", 7200);
    until_told(&other, WX_TOKEN_HAVE);
    assert_string_equal(other.value, "T2");
    take(&other, "T1", WX_TOKEN_HAVE);
    assert_string_equal(other.value, "T2");
}

static void without_redis_each_is_alone(void **unused) {
    (void)unused;
    take(&one, "", WX_TOKEN_FETCH);
    assert_int_equal(ask(&other, ""), 0);
    settle();
    assert_false(other.told);
    redis_server_stop(&fixture.redis);
    until_told(&other, WX_TOKEN_ALONE);
    fixture_wait_ready(false);
    assert_int_not_equal(ask(&other, ""), 0);
    one.wx->keep(one.wx->data, one.fence, "T1", 7200); /* into the void */
    redis_server_start(&fixture.redis);
    fixture_wait_ready(true);
}

static void closed_it_ends_the_waiting(void **unused) {
    (void)unused;
    take(&one, "", WX_TOKEN_FETCH);
    assert_int_equal(ask(&other, ""), 0);
    token_share_close(other.share); /* while the store has not answered */
    until_told(&other, WX_TOKEN_LATER);
    assert_int_not_equal(ask(&other, ""), 0);
    other.wx->keep(other.wx->data, 1, "T1", 7200);
    other.wx->give_up(other.wx->data, 1);
    other.closed = true;
    settle();
}

static void open_process(struct process *process) {
    assert_int_equal(
        token_share_open(NULL, &fixture.loop, fixture.store, "t", "wx1", &process->share), 0);
    process->closed = false;
    process->wx = token_share_wx(process->share);
}

static int open_processes(void **unused) {
    (void)unused;
    redis_say(&fixture.redis, "FLUSHALL");
    open_process(&one);
    open_process(&other);
    return 0;
}

static void close_process(struct process *process) {
    if (!process->closed)
        token_share_close(process->share);
    for (int i = 0; i < 3; i++)
        uv_run(&fixture.loop, UV_RUN_NOWAIT);
    talloc_free(process->share);
}

static int close_processes(void **unused) {
    (void)unused;
    close_process(&one);
    close_process(&other);
    return 0;
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_processes, close_processes)
    const struct CMUnitTest tests[] = {
        TEST(what_one_fetches_the_other_has),
        TEST(when_one_gives_up_the_other_fetches),
        TEST(what_both_saw_refused_is_fetched_once),
        TEST(without_redis_each_is_alone),
        TEST(closed_it_ends_the_waiting),
    };
    return cmocka_run_group_tests_name("bot/token", tests, fixture_setup, fixture_teardown);
}
