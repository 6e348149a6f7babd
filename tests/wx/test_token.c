/* wx/token.h with a place where several processes keep their token: what it is asked, and what
 * comes of its answers. (What a token does by itself is shown through wx/api.h.) */

#include "wx/token.h"

#include "tests/wx/peer.h"
#include "wx/http.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <talloc.h>

#include <cmocka.h>

#define LIFE_MS (7200 * 1000)

struct world {
    uv_loop_t loop;
    struct peer peer;
    struct wx_http *http;
    struct wx_token *token;
    const char *answer; /* of stable_token */

    /* the place */
    bool away;
    wx_token_taken *taken; /* it has been asked and has not answered */
    void *reply;
    unsigned asked;
    char refused[64];
    char kept[64];
    int64_t kept_fence, kept_life_s, given_up; /* the fence that was given up */

    /* those who wait */
    unsigned told;
    char value[64];
    int error;
    enum wx_class klass;
};

static void be_wechat(struct peer *peer, struct peer_connection *connection,
                      const struct peer_request *request) {
    struct world *world = peer->data;
    (void)request;
    peer_reply(connection, 200, world->answer);
}

static int take(void *data, const char *refused, wx_token_taken *taken, void *reply) {
    struct world *world = data;
    if (world->away)
        return -1;
    assert_null(world->taken); /* one question at a time */
    world->taken = taken;
    world->reply = reply;
    world->asked++;
    snprintf(world->refused, sizeof world->refused, "%s", refused);
    return 0;
}

static void keep(void *data, int64_t fence, const char *value, int64_t life_s) {
    struct world *world = data;
    snprintf(world->kept, sizeof world->kept, "%s", value);
    world->kept_fence = fence;
    world->kept_life_s = life_s;
}

static void give_up(void *data, int64_t fence) {
    struct world *world = data;
    world->given_up = fence;
}

static void open_world(struct world *world) {
    memset(world, 0, sizeof *world);
    world->answer = "{\"access_token\":\"FETCHED\",\"expires_in\":7200}";
    assert_int_equal(uv_loop_init(&world->loop), 0);
    assert_int_equal(peer_open(&world->peer, &world->loop, be_wechat, world), 0);
    assert_int_equal(wx_http_open(NULL, &world->loop, &world->http, NULL), 0);
    struct wx_token_share share = {.data = world, .take = take, .keep = keep, .give_up = give_up};
    struct wx_token_options options = {
        .url = world->peer.base, .appid = "wxd21", .secret = "SECRET", .share = &share};
    assert_int_equal(wx_token_open(NULL, world->http, &options, &world->token), 0);
}

static void close_world(struct world *world) {
    talloc_free(world->token);
    wx_http_close(world->http);
    peer_close(&world->peer);
    while (uv_run(&world->loop, UV_RUN_DEFAULT))
        ; /* a callback stopped it */
    assert_int_equal(uv_loop_close(&world->loop), 0);
}

static void on_token(void *data, const char *value, const struct wx_result *why) {
    struct world *world = data;
    uv_stop(&world->loop);
    world->told++;
    snprintf(world->value, sizeof world->value, "%s", value ? value : "");
    world->error = value ? 0 : why->error;
    world->klass = value ? WX_CLASS_OK : why->klass;
}

static void ask(struct world *world) {
    assert_int_equal(wx_token_wait(world->token, NULL, on_token, world), 0);
}

static void answer_with(struct world *world, const struct wx_token_turned *turned) {
    wx_token_taken *taken = world->taken;
    assert_non_null(taken);
    world->taken = NULL;
    taken(world->reply, turned);
}

static void have(struct world *world, const char *value, int64_t left_ms) {
    answer_with(world, &(struct wx_token_turned){WX_TOKEN_HAVE, value, left_ms, 0});
}

static void until_told(struct world *world, unsigned told) {
    while (world->told < told)
        uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(world->told, told);
}

static void what_is_there_is_used(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    for (int i = 0; i < 10; i++)
        ask(&world);
    assert_int_equal(world.asked, 1);
    have(&world, "SHARED", LIFE_MS);
    assert_int_equal(world.told, 10);
    assert_string_equal(world.value, "SHARED");
    assert_string_equal(wx_token_held(world.token), "SHARED");
    assert_int_equal(wx_token_fetches(world.token), 0);
    close_world(&world);
}

static void who_has_the_right_fetches_and_hands_it_over(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    ask(&world);
    ask(&world);
    answer_with(&world, &(struct wx_token_turned){WX_TOKEN_FETCH, "", 0, 7});
    until_told(&world, 2);
    assert_string_equal(world.value, "FETCHED");
    assert_string_equal(world.kept, "FETCHED");
    assert_int_equal(world.kept_fence, 7);
    assert_int_equal(world.kept_life_s, 7200);
    assert_int_equal(wx_token_fetches(world.token), 1);
    close_world(&world);
}

/* Once asked and answered so, and once not even asked. */
static void cut_off_it_fetches_for_itself(void **state) {
    (void)state;
    for (int away = 0; away < 2; away++) {
        struct world world;
        open_world(&world);
        world.away = away;
        ask(&world);
        if (!away)
            answer_with(&world, &(struct wx_token_turned){.turn = WX_TOKEN_ALONE});
        until_told(&world, 1);
        assert_string_equal(world.value, "FETCHED");
        assert_string_equal(world.kept, "");
        close_world(&world);
    }
}

static void a_fetch_that_fails_gives_the_right_back(void **state) {
    (void)state;
    static const struct {
        const char *answer;
        int error;
        enum wx_class klass;
    } failures[] = {
        {"{\"errcode\":-1,\"errmsg\":\"busy\"}", WX_E_API, WX_CLASS_BUSY},
        {"{\"errcode\":40164,\"errmsg\":\"invalid ip\"}", WX_E_API, WX_CLASS_CONFIG},
        {"{\"errcode\":40001,\"errmsg\":\"secret\"}", WX_E_API, WX_CLASS_CONFIG},
        {"{\"expires_in\":7200}", WX_E_REPLY, WX_CLASS_BUSY},
        {"<html>", WX_E_REPLY, WX_CLASS_BUSY},
    };
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        struct world world;
        open_world(&world);
        world.answer = failures[i].answer;
        ask(&world);
        answer_with(&world, &(struct wx_token_turned){WX_TOKEN_FETCH, "", 0, 9});
        until_told(&world, 1);
        assert_int_equal(world.error, failures[i].error);
        assert_int_equal(world.klass, failures[i].klass);
        assert_int_equal(world.given_up, 9);
        assert_string_equal(world.kept, "");
        close_world(&world);
    }
}

static void a_refused_token_is_told_of_once(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    ask(&world);
    assert_string_equal(world.refused, "");
    have(&world, "T1", LIFE_MS);
    wx_token_drop(world.token, "T1");
    assert_null(wx_token_held(world.token));
    ask(&world);
    assert_string_equal(world.refused, "T1");
    wx_token_drop(world.token, "T1"); /* another call that went with it */
    have(&world, "T2", LIFE_MS);
    assert_string_equal(world.value, "T2");
    wx_token_drop(world.token, "T1"); /* late */
    assert_string_equal(wx_token_held(world.token), "T2");
    wx_token_drop(world.token, "T2");
    ask(&world);
    assert_string_equal(world.refused, "T2");
    have(&world, "T3", LIFE_MS);
    close_world(&world);
}

static void a_refused_token_is_told_of_when_the_place_is_back(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    ask(&world);
    have(&world, "T1", LIFE_MS);
    wx_token_drop(world.token, "T1");
    world.answer = "{\"errcode\":-1,\"errmsg\":\"busy\"}";
    ask(&world);
    answer_with(&world, &(struct wx_token_turned){.turn = WX_TOKEN_ALONE});
    until_told(&world, 2);
    ask(&world);
    assert_string_equal(world.refused, "T1");
    have(&world, "T2", LIFE_MS);
    close_world(&world);
}

static void what_another_renews_is_used_for_a_while(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    ask(&world);
    have(&world, "OLD", WX_TOKEN_RENEW_MS - 1000);
    assert_string_equal(world.value, "OLD");
    assert_string_equal(wx_token_held(world.token), "OLD"); /* not asked again at once */
    close_world(&world);
}

static void what_cannot_be_renewed_is_used_on(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.answer = "{\"errcode\":-1,\"errmsg\":\"busy\"}";
    ask(&world);
    answer_with(&world,
                &(struct wx_token_turned){WX_TOKEN_FETCH, "OLD", WX_TOKEN_RENEW_MS - 1000, 3});
    until_told(&world, 1);
    assert_string_equal(world.value, "OLD");
    assert_int_equal(world.given_up, 3);
    close_world(&world);
}

static void waiting_has_an_end(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    ask(&world);
    answer_with(&world, &(struct wx_token_turned){.turn = WX_TOKEN_LATER});
    assert_int_equal(world.told, 1);
    assert_int_equal(world.klass, WX_CLASS_BUSY);
    assert_int_equal(wx_token_fetches(world.token), 0);
    ask(&world); /* and is no refusal */
    assert_int_equal(world.asked, 2);
    have(&world, "T1", LIFE_MS);
    close_world(&world);
}

static void a_token_that_is_none_is_not_taken_from_the_place(void **state) {
    (void)state;
    static const char *const values[] = {NULL, ""};
    for (size_t i = 0; i < 2; i++) {
        struct world world;
        open_world(&world);
        ask(&world);
        have(&world, values[i], LIFE_MS);
        until_told(&world, 1);
        assert_string_equal(world.value, "FETCHED");
        close_world(&world);
    }
}

static void a_refusal_is_believed_until_something_is_mended(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.answer = "{\"errcode\":40125,\"errmsg\":\"invalid appsecret\"}";
    ask(&world);
    answer_with(&world, &(struct wx_token_turned){WX_TOKEN_FETCH, "", 0, 1});
    until_told(&world, 1);
    ask(&world);
    until_told(&world, 2);
    assert_int_equal(world.asked, 1);
    assert_int_equal(world.klass, WX_CLASS_CONFIG);
    wx_token_ask_again(world.token);
    ask(&world);
    assert_int_equal(world.asked, 2);
    have(&world, "T1", LIFE_MS);
    assert_string_equal(world.value, "T1");
    close_world(&world);
}

static void freed_it_needs_no_answer(void **state) {
    (void)state;
    static const enum wx_token_turn turns[] = {WX_TOKEN_HAVE, WX_TOKEN_FETCH, WX_TOKEN_ALONE,
                                               WX_TOKEN_LATER};
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        struct world world;
        open_world(&world);
        ask(&world);
        talloc_free(world.token);
        world.token = NULL;
        answer_with(&world, &(struct wx_token_turned){turns[i], "T1", LIFE_MS, 1});
        close_world(&world);
        assert_int_equal(world.told, 0);
        assert_int_equal(world.peer.requests, 0);
    }
}

static void the_right_is_given_back_when_http_is_closed(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    struct wx_http *closed = world.http;
    ask(&world);
    assert_int_equal(wx_http_open(NULL, &world.loop, &world.http, NULL), 0);
    wx_http_close(closed);
    answer_with(&world, &(struct wx_token_turned){WX_TOKEN_FETCH, "", 0, 5});
    assert_int_equal(world.told, 1);
    assert_int_equal(world.error, WX_E_HTTP);
    assert_int_equal(world.given_up, 5);
    close_world(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_there_is_used),
        cmocka_unit_test(who_has_the_right_fetches_and_hands_it_over),
        cmocka_unit_test(cut_off_it_fetches_for_itself),
        cmocka_unit_test(a_fetch_that_fails_gives_the_right_back),
        cmocka_unit_test(a_refused_token_is_told_of_once),
        cmocka_unit_test(a_refused_token_is_told_of_when_the_place_is_back),
        cmocka_unit_test(what_another_renews_is_used_for_a_while),
        cmocka_unit_test(what_cannot_be_renewed_is_used_on),
        cmocka_unit_test(waiting_has_an_end),
        cmocka_unit_test(a_token_that_is_none_is_not_taken_from_the_place),
        cmocka_unit_test(a_refusal_is_believed_until_something_is_mended),
        cmocka_unit_test(freed_it_needs_no_answer),
        cmocka_unit_test(the_right_is_given_back_when_http_is_closed),
    };
    signal(SIGPIPE, SIG_IGN); /* as the program does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
