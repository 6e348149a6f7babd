/* store/store.h: a Redis that is away, comes back, stalls, is flooded. */

#include "store/store.h"

#include "config/limits.h"
#include "store/learner.h"
#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static unsigned answered, failed;

static void on_done(void *data, int error, const struct store_learner *learner) {
    (void)data;
    (void)learner;
    fixture_done(error);
    answered++;
    failed += error != 0;
}

static void note(const char *openid) {
    struct store_turn turn = fixture_turn(openid, "id", 20000, 0);
    fixture.called = false;
    store_note(fixture.store, &turn, on_done, NULL);
}

static void redis_away_fails_at_once_and_service_resumes(void **state) {
    (void)state;
    redis_server_stop(&fixture.redis);
    fixture_wait_ready(false);
    note("a");
    assert_true(fixture.called); /* from within the call: nobody waits */
    assert_int_equal(fixture.error, STORE_E_AWAY);
    fixture.called = false;
    redis_server_start(&fixture.redis);
    fixture_wait_ready(true);
    note("a");
    fixture_well();
}

static void calls_in_flight_fail_when_redis_dies(void **state) {
    (void)state;
    redis_server_signal(&fixture.redis, SIGSTOP);
    answered = failed = 0;
    for (int i = 0; i < 100; i++)
        note("b");
    uv_run(&fixture.loop, UV_RUN_NOWAIT);
    redis_server_kill(&fixture.redis);
    while (answered < 100)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    assert_int_equal(failed, 100);
    assert_int_equal(store_pending(fixture.store), 0);
    redis_server_start(&fixture.redis);
    fixture_wait_ready(true);
}

static void stalled_redis_times_out_once_and_then_fails_at_once(void **state) {
    (void)state;
    redis_server_signal(&fixture.redis, SIGSTOP);
    fixture.called = false;
    note("c");
    assert_false(fixture.called);
    fixture_wait();
    assert_int_equal(fixture.error, STORE_E_TIMEOUT);
    assert_false(store_ready(fixture.store));
    note("c"); /* does not wait for its own deadline */
    assert_true(fixture.called);
    assert_int_equal(fixture.error, STORE_E_AWAY);
    fixture.called = false;
    redis_server_signal(&fixture.redis, SIGCONT);
    fixture_wait_ready(true);
    note("c");
    fixture_well();
}

/* The process was stopped, or swapped out, or had no turn of the machine. */
static void silence_of_the_process_itself_is_not_taken_for_that_of_redis(void **state) {
    (void)state;
    answered = failed = 0;
    note("h");
    uv_run(&fixture.loop, UV_RUN_NOWAIT); /* it is said … */
    usleep((LIMIT_STORE_CALL_MS + 500) * 1000);
    uv_run(&fixture.loop, UV_RUN_NOWAIT); /* … and what was answered meanwhile is heard */
    assert_true(store_ready(fixture.store));
    note("h");
    while (answered < 2)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    assert_int_equal(failed, 0);
}

/* Something listens at the address but never says a word: a Redis that hangs, or whose machine has
 * vanished. A connection is given up then, too, and the next one finds the Redis that answers. */
static void silent_listener_is_given_up(void **state) {
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), peer;
    redis_server_stop(&fixture.redis);
    fixture_wait_ready(false);
    unlink(fixture.redis.socket);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", fixture.redis.socket);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 8), 0);
    while ((peer = accept(listener, NULL, NULL)) < 0)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    unlink(fixture.redis.socket);
    redis_server_start(&fixture.redis);
    fixture_wait_ready(true);
    note("c");
    fixture_well();
    close(peer);
    close(listener);
}

/* Something that says this to whatever it is asked. */
static void says_only(const char *answer, const char *what, const char *todo) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct store_options options = {.address = address.sun_path};
    struct store *store;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), peer;
    snprintf(address.sun_path, sizeof address.sun_path, "%s.old", fixture.redis.socket);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(store_open(NULL, &fixture.loop, &options, &store), 0);
    while ((peer = accept(listener, NULL, NULL)) < 0)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    assert_int_equal(write(peer, answer, strlen(answer)), strlen(answer));
    close(peer);
    while (!store_trouble(store))
        uv_run(&fixture.loop, UV_RUN_ONCE);
    assert_non_null(strstr(store_trouble(store)->what, what));
    assert_non_null(strstr(store_trouble(store)->todo, todo));
    assert_false(store_trouble(store)->passing);
    assert_false(store_ready(store));
    store_close(store);
    close(listener);
    unlink(address.sun_path);
}

static void redis_that_lets_us_do_nothing_is_told_as_such(void **state) {
    (void)state;
    says_only(
        "-ERR unknown command `FUNCTION`, with args beginning with: `LOAD`, "
        "`#!lua name=day21_0\r\n",
        "no functions", "Redis 7 or newer");
    says_only("-DENIED Redis is running in protected mode because protected mode is enabled\r\n",
              "protected-mode", "requirepass");
    says_only("-ERR max number of clients reached\r\n", "clients", "maxclients");
}

static void flood_is_refused_beyond_the_cap_and_the_rest_answered(void **state) {
    (void)state;
    answered = failed = 0;
    for (int i = 0; i < LIMIT_STORE_IN_FLIGHT + 5; i++)
        note("d");
    assert_int_equal(failed, 5);
    assert_int_equal(fixture.error, STORE_E_BUSY);
    while (answered < LIMIT_STORE_IN_FLIGHT + 5)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    assert_int_equal(failed, 5);
}

static void what_redis_refused_is_told(void **state) {
    (void)state;
    redis_say(&fixture.redis, "SET {t}:learner:wrong 1"); /* no hash */
    note("wrong");
    fixture_wait();
    assert_int_equal(fixture.error, STORE_E_REFUSED);
    assert_non_null(strstr(store_refusal(fixture.store), "WRONGTYPE"));
}

static char told[2][80];
static int tellings;

static void on_changed(void *data, bool connected, const char *sentence) {
    (void)data;
    assert_true(tellings < 2);
    snprintf(told[tellings++], sizeof told[0], "%d %s", connected, sentence);
}

static void connection_is_told_to_the_log(void **state) {
    (void)state;
    struct store *store;
    struct store_options options = {.address = fixture.redis.socket, .changed = on_changed};
    assert_int_equal(store_open(NULL, &fixture.loop, &options, &store), 0);
    while (tellings < 1)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    assert_string_equal(told[0], "1 Redis is there");
    redis_server_stop(&fixture.redis);
    while (tellings < 2)
        uv_run(&fixture.loop, UV_RUN_ONCE);
    assert_int_equal(told[1][0], '0');
    store_close(store);
    redis_server_start(&fixture.redis);
    fixture_wait_ready(true);
}

static int changes, lines;

static void on_changed_again(void *data, bool ready, const char *sentence) {
    (void)data;
    (void)ready;
    changes++;
    lines += sentence != NULL;
}

static int note_at(struct store *store) {
    struct store_turn turn = fixture_turn("full", "id", 20000, 0);
    fixture.called = false;
    store_note(store, &turn, on_done, NULL);
    if (!fixture.called)
        fixture_wait();
    return fixture.error;
}

/* At the edge of its memory it takes a call now and then. */
static void redis_that_comes_and_goes_does_not_fill_the_log(void **state) {
    (void)state;
    enum { TIMES = LIMIT_STORE_TOLD };
    struct store *store;
    struct store_options options = {.address = fixture.redis.socket, .changed = on_changed_again};
    assert_int_equal(store_open(NULL, &fixture.loop, &options, &store), 0);
    for (int i = 0; i < TIMES; i++) {
        while (!store_ready(store))
            uv_run(&fixture.loop, UV_RUN_ONCE);
        assert_int_equal(note_at(store), 0);
        redis_say(&fixture.redis, "CONFIG SET maxmemory 1");
        assert_int_equal(note_at(store), STORE_E_AWAY);
        assert_non_null(strstr(store_trouble(store)->what, "memory"));
        redis_say(&fixture.redis, "CONFIG SET maxmemory 0");
    }
    assert_int_equal(changes, 2 * TIMES);
    assert_int_equal(lines, LIMIT_STORE_TOLD);
    store_close(store);
}

static void library_that_is_lost_and_refused_is_asked_for_until_it_is_taken(void **state) {
    (void)state;
    fixture_wait_ready(true);
    redis_say(&fixture.redis, "FUNCTION FLUSH");
    redis_say(&fixture.redis, "CONFIG SET maxmemory 1");
    assert_int_equal(note_at(fixture.store), STORE_E_AWAY);
    assert_non_null(strstr(store_trouble(fixture.store)->what, "memory"));
    redis_say(&fixture.redis, "CONFIG SET maxmemory 0");
    fixture_wait_ready(true);
    assert_null(store_trouble(fixture.store));
    redis_say(&fixture.redis, "FUNCTION FLUSH");
    assert_int_equal(note_at(fixture.store), 0); /* loaded again, within the call */
}

static void closing_fails_what_is_in_flight(void **state) {
    (void)state;
    answered = failed = 0;
    note("e");
    note("f");
    store_close(fixture.store);
    assert_int_equal(answered, 2);
    assert_int_equal(failed, 2);
    struct store_options options = {.address = fixture.redis.socket};
    assert_int_equal(store_open(NULL, &fixture.loop, &options, &fixture.store), 0);
    fixture_wait_ready(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redis_away_fails_at_once_and_service_resumes),
        cmocka_unit_test(calls_in_flight_fail_when_redis_dies),
        cmocka_unit_test(stalled_redis_times_out_once_and_then_fails_at_once),
        cmocka_unit_test(silence_of_the_process_itself_is_not_taken_for_that_of_redis),
        cmocka_unit_test(silent_listener_is_given_up),
        cmocka_unit_test(redis_that_lets_us_do_nothing_is_told_as_such),
        cmocka_unit_test(flood_is_refused_beyond_the_cap_and_the_rest_answered),
        cmocka_unit_test(what_redis_refused_is_told),
        cmocka_unit_test(connection_is_told_to_the_log),
        cmocka_unit_test(redis_that_comes_and_goes_does_not_fill_the_log),
        cmocka_unit_test(library_that_is_lost_and_refused_is_asked_for_until_it_is_taken),
        cmocka_unit_test(closing_fails_what_is_in_flight),
    };
    return cmocka_run_group_tests_name("store/store", tests, fixture_setup, fixture_teardown);
}
