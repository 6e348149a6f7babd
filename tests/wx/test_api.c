/* wx/api.h against a server that plays WeChat: tokens that live and die, errcodes, and worse. */

#include "wx/api.h"

#include "config/limits.h"
#include "tests/wx/peer.h"
#include "wx/custom.h"
#include "wx/http.h"
#include "wx/multipart.h"
#include "wx/template.h"

#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <talloc.h>

#include <cmocka.h>

#define SECRET      "0123456789abcdef0123456789abcdef"
#define TOKEN_START "TOKEN+/=&?-" /* all that a query must not hold as it is */
#define TOKEN_QUERY "access_token=TOKEN%2B%2F%3D%26%3F-"

struct seen {
    unsigned results;
    struct wx_result last; /* its strings are the copies below */
    char reason[512], body[512];
};

struct world {
    uv_loop_t loop;
    struct peer peer;
    struct wx_http *http;
    struct wx_api *api;
    struct seen seen;
    bool calling; /* a callback now would come from within wx_api_call() */
    bool free_when_answered;

    /* what WeChat does */
    unsigned tokens;          /* given out; each has its own number */
    unsigned dead;            /* tokens up to this number are refused with 40001 */
    bool same_token;          /* stable_token gives the same one again */
    long expires_in;          /* of a token */
    const char *token_answer; /* instead of a token */
    const char *answer;       /* to an API call; NULL: never; "": cut */
    size_t answer_length;     /* not 0: the answer is so many bytes */
    int status;
    /* what WeChat saw */
    char target[512], method[8], headers[1024], body[4096], token_body[512];
    unsigned token_requests, api_requests;
    struct peer_connection *held_token; /* when token_answer is "hold" */
    bool hold;                          /* the answer to the next API call */
    struct peer_connection *held;
};

static const char dead_answer[] =
    "{\"errcode\":40001,\"errmsg\":\"invalid credential, access_token is invalid or not latest "
    "rid: 65a1-2b3c\"}";

static void on_token_request(struct world *world, struct peer_connection *connection,
                             const struct peer_request *request) {
    char body[256];
    world->token_requests++;
    snprintf(world->token_body, sizeof world->token_body, "%s", request->body);
    if (world->token_answer && strcmp(world->token_answer, "hold") == 0) {
        world->held_token = connection;
        return;
    }
    if (world->token_answer) {
        peer_reply(connection, 200, world->token_answer);
        return;
    }
    if (!world->same_token || !world->tokens)
        world->tokens++;
    snprintf(body, sizeof body, "{\"access_token\":\"" TOKEN_START "%u\",\"expires_in\":%ld}",
             world->tokens, world->expires_in);
    peer_reply(connection, 200, body);
}

static void be_wechat(struct peer *peer, struct peer_connection *connection,
                      const struct peer_request *request) {
    struct world *world = peer->data;
    if (strcmp(request->target, "/cgi-bin/stable_token") == 0) {
        on_token_request(world, connection, request);
        return;
    }
    world->api_requests++;
    snprintf(world->target, sizeof world->target, "%s", request->target);
    snprintf(world->method, sizeof world->method, "%s", request->method);
    snprintf(world->headers, sizeof world->headers, "%s\r\n", request->headers);
    snprintf(world->body, sizeof world->body, "%s", request->body);
    if (world->hold) {
        world->hold = false;
        world->held = connection;
        return;
    }
    if (world->answer_length || (world->answer && !strstr(request->target, "access_token=T"))) {
        peer_reply_bytes(connection, world->answer,
                         world->answer_length ? world->answer_length : strlen(world->answer));
        return;
    }
    const char *token = strstr(request->target, "?" TOKEN_QUERY);
    unsigned number = token ? (unsigned)atoi(token + strlen("?" TOKEN_QUERY)) : 0;
    if (number <= world->dead)
        peer_reply(connection, 200, dead_answer);
    else if (!world->answer)
        return;
    else if (!*world->answer)
        peer_write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"err", 43, true);
    else
        peer_reply(connection, world->status, world->answer);
}

static void open_world(struct world *world) {
    memset(world, 0, sizeof *world);
    world->expires_in = 7200;
    world->answer = "{\"errcode\":0,\"errmsg\":\"ok\"}";
    world->status = 200;
    assert_int_equal(uv_loop_init(&world->loop), 0);
    assert_int_equal(peer_open(&world->peer, &world->loop, be_wechat, world), 0);
    assert_int_equal(wx_http_open(NULL, &world->loop, &world->http, NULL), 0);
    struct wx_api_options options = {.base = world->peer.base,
                                     .appid = "wxd21d21d21d21d21d",
                                     .secret = SECRET,
                                     .timeout_ms = 2000};
    assert_int_equal(wx_api_open(NULL, world->http, &options, &world->api), 0);
}

static void close_world(struct world *world) {
    talloc_free(world->api);
    wx_http_close(world->http);
    peer_close(&world->peer);
    while (uv_run(&world->loop, UV_RUN_DEFAULT))
        ; /* a callback stopped it */
    assert_int_equal(uv_loop_close(&world->loop), 0);
}

/* What holds for every result, whatever happened. */
static void check_result(const struct wx_result *result) {
    assert_non_null(result->reason);
    assert_non_null(result->body);
    assert_null(strstr(result->reason, SECRET));
    assert_null(strstr(result->reason, "TOKEN"));
    assert_null(strstr(result->reason, "access_token="));
    assert_null(strpbrk(result->reason, "\r\n"));
    assert_true((result->error == 0) == (result->klass == WX_CLASS_OK));
    assert_true((result->error == 0) == (*result->reason == '\0'));
    assert_true(result->error == WX_E_API || result->errcode == 0);
}

static void on_result(void *data, const struct wx_result *result) {
    struct world *world = data;
    assert_false(world->calling);
    check_result(result);
    uv_stop(&world->loop);
    world->seen.results++;
    world->seen.last = *result;
    snprintf(world->seen.reason, sizeof world->seen.reason, "%s", result->reason);
    snprintf(world->seen.body, sizeof world->seen.body, "%s", result->body);
    if (world->free_when_answered) {
        world->free_when_answered = false;
        talloc_free(world->api);
        world->api = NULL;
    }
}

static void call(struct world *world) {
    world->calling = true;
    assert_int_equal(
        wx_api_call(world->api, WX_API_MENU_CREATE, "{\"button\":[]}", on_result, world), 0);
    world->calling = false;
}

static void run_until(struct world *world, unsigned results) {
    while (world->seen.results < results)
        uv_run(&world->loop, UV_RUN_DEFAULT);
}

static void call_once(struct world *world) {
    unsigned before = world->seen.results;
    call(world);
    run_until(world, before + 1);
}

static void a_call_fetches_a_token_and_carries_it(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    call_once(&world);
    assert_int_equal(world.seen.last.error, 0);
    assert_string_equal(world.seen.body, "{\"errcode\":0,\"errmsg\":\"ok\"}");
    assert_string_equal(world.method, "POST");
    assert_string_equal(world.target, "/cgi-bin/menu/create?" TOKEN_QUERY "1");
    assert_string_equal(world.body, "{\"button\":[]}");
    assert_string_equal(world.token_body,
                        "{\"grant_type\":\"client_credential\",\"appid\":"
                        "\"wxd21d21d21d21d21d\",\"secret\":\"" SECRET
                        "\","
                        "\"force_refresh\":false}");
    call_once(&world);
    assert_int_equal(world.token_requests, 1);
    assert_int_equal(wx_api_token_fetches(world.api), 1);
    close_world(&world);
}

static void a_get_has_no_body(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.answer = "{\"menu\":{\"button\":[]}}"; /* no errcode: success */
    assert_int_equal(wx_api_call(world.api, WX_API_MENU_GET, NULL, on_result, &world), 0);
    run_until(&world, 1);
    assert_int_equal(world.seen.last.error, 0);
    assert_string_equal(world.method, "GET");
    assert_string_equal(world.target, "/cgi-bin/menu/get?" TOKEN_QUERY "1");
    assert_string_equal(world.seen.body, world.answer);
    close_world(&world);
}

/* What an answer to a call means. */
static const struct {
    const char *answer;
    int status, error, errcode;
    enum wx_class klass;
    const char *reason; /* a part of it */
} answers[] = {
    {"{}", 200, 0, 0, WX_CLASS_OK, ""},
    {"{\"errcode\":0}", 200, 0, 0, WX_CLASS_OK, ""},
    {" {\"errcode\":0,\"errmsg\":\"ok\"}\n", 200, 0, 0, WX_CLASS_OK, ""},
    {"{\"errcode\":-1,\"errmsg\":\"system error rid: 6-7\"}", 200, WX_E_API, -1, WX_CLASS_BUSY,
     "system error rid: 6-7"},
    {"{\"errcode\":43004,\"errmsg\":\"require subscribe rid: 65a1\"}", 200, WX_E_API, 43004,
     WX_CLASS_RECIPIENT, "require subscribe rid: 65a1"},
    {"{\"errcode\":45009,\"errmsg\":\"要求\"}", 200, WX_E_API, 45009, WX_CLASS_QUOTA, "要求"},
    {"{\"errcode\":47003}", 200, WX_E_API, 47003, WX_CLASS_PAYLOAD, "no errmsg"},
    {"{\"errcode\":47003,\"errmsg\":7}", 200, WX_E_API, 47003, WX_CLASS_PAYLOAD, "no errmsg"},
    {"{\"errcode\":48001,\"errmsg\":\"api unauthorized\"}", 500, WX_E_API, 48001,
     WX_CLASS_PERMISSION, "api unauthorized"},
    {"{\"errcode\":47001,\"errmsg\":\"a\\nb\\u0001" SECRET " " TOKEN_START "1.\"}", 200, WX_E_API,
     47001, WX_CLASS_PAYLOAD, "a b *** ***."},
    {"{\"errcode\":\"0\"}", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "an errcode that is none"},
    {"{\"errcode\":4300000000}", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "an errcode that is none"},
    {"{\"errcode\":1e3}", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "an errcode that is none"},
    {"{\"errcode\":0}", 404, WX_E_REPLY, 0, WX_CLASS_BUSY,
     "HTTP status 404, no errcode that says why"},
    {"{}", 502, WX_E_REPLY, 0, WX_CLASS_BUSY, "HTTP status 502, no errcode that says why"},
    {"<html>" SECRET "</html>", 502, WX_E_REPLY, 0, WX_CLASS_BUSY, "HTTP status 502, not JSON"},
    {"ok", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "not JSON"},
    {"{\"errcode\":0", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "not JSON"},
    {"{\"errcode\":0} {}", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "not JSON"},
    {"{\"errmsg\":\"\xff\"}", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "not JSON"},
    {"[{\"errcode\":0}]", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "no JSON object"},
    {"\"ok\"", 200, WX_E_REPLY, 0, WX_CLASS_BUSY, "not JSON"},
};

static void answers_are_read_and_classed(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct wx_result *result = &world.seen.last;
        world.answer = answers[i].answer;
        world.status = answers[i].status;
        wx_api_ask_again(world.api); /* a quota used up lets the endpoint rest */
        call_once(&world);
        if (result->error != answers[i].error || result->errcode != answers[i].errcode ||
            result->klass != answers[i].klass || !strstr(world.seen.reason, answers[i].reason) ||
            result->uncertain != (answers[i].error == WX_E_REPLY))
            fail_msg("%s: error %d, errcode %d, class %s, %s", answers[i].answer, result->error,
                     result->errcode, wx_class_name(result->klass), world.seen.reason);
    }
    assert_int_equal(world.token_requests, 1);
    close_world(&world);
}

static void a_long_errmsg_is_cut_between_characters(void **state) {
    (void)state;
    struct world world;
    char answer[4096] = "{\"errcode\":47001,\"errmsg\":\"x";
    open_world(&world);
    for (int i = 0; i < 500; i++)
        strcat(answer, "错");
    strcat(answer, "\"}");
    world.answer = answer;
    call_once(&world);
    size_t length = strlen(world.seen.reason);
    assert_true(length > 200 && length < 310);
    assert_int_equal(length % 3, 1);
    close_world(&world);
}

static void deep_nesting_is_no_answer(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    size_t depth = 100 * 1000, length = strlen("{\"a\":");
    char *answer = malloc(depth * length + 1);
    for (size_t i = 0; i < depth; i++)
        memcpy(answer + i * length, "{\"a\":", length);
    answer[depth * length] = '\0';
    world.answer = answer;
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_REPLY);
    close_world(&world);
    free(answer);
}

static void a_huge_answer_is_no_answer(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    char *answer = malloc(LIMIT_HTTP_REPLY + 2);
    memset(answer, ' ', LIMIT_HTTP_REPLY + 1);
    answer[LIMIT_HTTP_REPLY + 1] = '\0';
    world.answer = answer;
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_TOO_LARGE);
    assert_string_equal(world.seen.body, "");
    close_world(&world);
    free(answer);
}

static void what_may_have_been_done_is_uncertain(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.answer = ""; /* cut in the middle */
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_HTTP);
    assert_int_equal(world.seen.last.klass, WX_CLASS_BUSY);
    assert_true(world.seen.last.uncertain);
    world.answer = NULL; /* never */
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_TIMEOUT);
    assert_int_equal(world.seen.last.klass, WX_CLASS_BUSY);
    assert_true(world.seen.last.uncertain);
    close_world(&world);
}

static void nobody_there_is_certain(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    talloc_free(world.api);
    struct wx_api_options options = {
        .base = "http://127.0.0.1:1", .appid = "wxd21d21d21d21d21d", .secret = SECRET};
    assert_int_equal(wx_api_open(NULL, world.http, &options, &world.api), 0);
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_HTTP);
    assert_int_equal(world.seen.last.klass, WX_CLASS_BUSY);
    assert_false(world.seen.last.uncertain);
    close_world(&world);
}

static void a_refused_token_is_replaced_and_the_call_repeated(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    call_once(&world);
    world.dead = 1;
    call_once(&world);
    assert_int_equal(world.seen.last.error, 0);
    assert_string_equal(world.target, "/cgi-bin/menu/create?" TOKEN_QUERY "2");
    assert_string_equal(world.body, "{\"button\":[]}");
    assert_int_equal(world.api_requests, 3);
    assert_int_equal(wx_api_token_fetches(world.api), 2);
    close_world(&world);
}

static void a_token_refused_twice_is_given_up(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.dead = 1000;
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_API);
    assert_int_equal(world.seen.last.errcode, 40001);
    assert_int_equal(world.seen.last.klass, WX_CLASS_TOKEN);
    assert_non_null(strstr(world.seen.reason, "rid: 65a1-2b3c"));
    assert_int_equal(world.api_requests, 2);
    assert_int_equal(world.token_requests, 2);
    close_world(&world);
}

static void a_late_refusal_of_an_old_token_leaves_the_new_one(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    call_once(&world);
    world.dead = 1;
    world.hold = true;
    call(&world);
    while (!world.held)
        uv_run(&world.loop, UV_RUN_ONCE);
    call_once(&world); /* learns that the token is dead, and fetches the next */
    assert_int_equal(world.token_requests, 2);
    peer_reply(world.held, 200, dead_answer);
    run_until(&world, 3);
    assert_int_equal(world.seen.last.error, 0);
    assert_string_equal(world.target, "/cgi-bin/menu/create?" TOKEN_QUERY "2");
    assert_int_equal(world.token_requests, 2);
    close_world(&world);
}

static void calls_leave_nothing_behind(void **state) {
    (void)state;
    struct world world;
    size_t blocks = 0;
    open_world(&world);
    for (int i = 0; i < 20; i++) {
        world.dead = world.tokens - world.tokens % 2; /* some are refused first */
        call_once(&world);
        uv_run(&world.loop, UV_RUN_NOWAIT);
        uv_run(&world.loop, UV_RUN_NOWAIT);
        size_t now = talloc_total_blocks(world.http) + talloc_total_blocks(world.api);
        assert_true(i == 0 || now == blocks);
        blocks = now;
    }
    close_world(&world);
}

static void many_calls_wait_for_one_token(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    for (unsigned i = 0; i < 1000; i++)
        call(&world);
    run_until(&world, 1000);
    assert_int_equal(world.token_requests, 1);
    assert_int_equal(world.api_requests, 1000);
    assert_int_equal(world.seen.last.error, 0);

    world.dead = 1; /* all of the next thousand are sent with it, and find out */
    for (unsigned i = 0; i < 1000; i++)
        call(&world);
    run_until(&world, 2000);
    assert_int_equal(world.token_requests, 2);
    assert_int_equal(world.seen.last.error, 0);
    assert_int_equal(wx_http_pending(world.http), 0);
    close_world(&world);
}

static void a_token_near_its_end_is_renewed(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.expires_in = 199; /* of 200 and more, one is kept */
    call_once(&world);
    call_once(&world);
    assert_int_equal(world.token_requests, 2);
    assert_string_equal(world.target, "/cgi-bin/menu/create?" TOKEN_QUERY "2");
    world.expires_in = 300;
    call_once(&world);
    call_once(&world);
    call_once(&world);
    assert_int_equal(world.token_requests, 3);
    close_world(&world);
}

static void a_token_that_cannot_be_renewed_yet_is_used(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.expires_in = 100;
    call_once(&world);
    world.token_answer = "{\"errcode\":-1,\"errmsg\":\"system error\"}";
    call_once(&world);
    assert_int_equal(world.seen.last.error, 0);
    assert_string_equal(world.target, "/cgi-bin/menu/create?" TOKEN_QUERY "1");
    assert_int_equal(world.token_requests, 2);
    call_once(&world); /* does not ask again at once */
    assert_int_equal(world.seen.last.error, 0);
    assert_int_equal(world.token_requests, 2);
    world.dead = 1; /* unless it must */
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_API);
    assert_int_equal(world.seen.last.errcode, -1);
    assert_int_equal(world.token_requests, 3);
    close_world(&world);
}

/* Fetches that fail: what all calls get, and whether it is asked again for the next. */
static const struct {
    const char *answer;
    int error, errcode;
    enum wx_class klass;
    bool believed;
} refusals[] = {
    {"{\"errcode\":40164,\"errmsg\":\"invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist\"}",
     WX_E_API, 40164, WX_CLASS_CONFIG, true},
    {"{\"errcode\":40013,\"errmsg\":\"invalid appid\"}", WX_E_API, 40013, WX_CLASS_CONFIG, true},
    {"{\"errcode\":40125,\"errmsg\":\"invalid appsecret " SECRET "\"}", WX_E_API, 40125,
     WX_CLASS_CONFIG, true},
    {"{\"errcode\":40001,\"errmsg\":\"AppSecret wrong\"}", WX_E_API, 40001, WX_CLASS_CONFIG, true},
    {"{\"errcode\":45009,\"errmsg\":\"reach max api daily quota limit\"}", WX_E_API, 45009,
     WX_CLASS_QUOTA, true},
    {"{\"errcode\":-1,\"errmsg\":\"system error\"}", WX_E_API, -1, WX_CLASS_BUSY, false},
    {"{\"access_token\":\"\",\"expires_in\":7200}", WX_E_REPLY, 0, WX_CLASS_BUSY, false},
    {"{\"access_token\":\"" TOKEN_START "1\"}", WX_E_REPLY, 0, WX_CLASS_BUSY, false},
    {"{\"access_token\":\"" TOKEN_START "1\",\"expires_in\":-1}", WX_E_REPLY, 0, WX_CLASS_BUSY,
     false},
    {"{\"access_token\":[],\"expires_in\":7200}", WX_E_REPLY, 0, WX_CLASS_BUSY, false},
    {"no JSON", WX_E_REPLY, 0, WX_CLASS_BUSY, false},
};

static void a_token_that_is_refused_fails_all_who_wait(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct world world;
        open_world(&world);
        world.token_answer = refusals[i].answer;
        call(&world);
        call(&world);
        run_until(&world, 2);
        call_once(&world);
        call_once(&world);
        const struct wx_result *result = &world.seen.last;
        unsigned asked = refusals[i].believed ? 1 : 3;
        if (result->error != refusals[i].error || result->errcode != refusals[i].errcode ||
            result->klass != refusals[i].klass || world.token_requests != asked ||
            result->uncertain || *world.seen.body)
            fail_msg("%s: error %d, errcode %d, class %s, asked %u times", refusals[i].answer,
                     result->error, result->errcode, wx_class_name(result->klass),
                     world.token_requests);
        assert_int_equal(world.api_requests, 0);
        close_world(&world);
    }
}

static void a_token_too_long_is_not_taken(void **state) {
    (void)state;
    struct world world;
    char answer[LIMIT_ACCESS_TOKEN + 100] = "{\"expires_in\":7200,\"access_token\":\"";
    open_world(&world);
    memset(answer + strlen(answer), 'a', LIMIT_ACCESS_TOKEN + 1);
    strcat(answer, "\"}");
    world.token_answer = answer;
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_REPLY);
    close_world(&world);
}

static void freeing_ends_calls_that_wait_for_a_token(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.token_answer = "hold";
    for (unsigned i = 0; i < 10; i++)
        call(&world);
    while (!world.held_token)
        uv_run(&world.loop, UV_RUN_ONCE);
    talloc_free(world.api);
    assert_int_equal(world.seen.results, 10);
    assert_int_equal(world.seen.last.error, WX_E_HTTP);
    assert_false(world.seen.last.uncertain);
    world.api = NULL;
    peer_reply(world.held_token, 200, "{\"access_token\":\"late\",\"expires_in\":7200}");
    while (wx_http_pending(world.http))
        uv_run(&world.loop, UV_RUN_ONCE);
    close_world(&world);
    assert_int_equal(world.seen.results, 10);
}

static void freeing_ends_calls_in_the_air(void **state) {
    (void)state;
    enum { CALLS = LIMIT_HTTP_CONNECTIONS + 8 };
    struct world world;
    open_world(&world);
    world.answer = NULL;
    for (unsigned i = 0; i < CALLS; i++)
        call(&world);
    while (world.api_requests < LIMIT_HTTP_CONNECTIONS)
        uv_run(&world.loop, UV_RUN_ONCE);
    talloc_free(world.api);
    world.api = NULL;
    assert_int_equal(world.seen.results, CALLS);
    assert_true(world.seen.last.uncertain);
    close_world(&world);
    assert_int_equal(world.seen.results, CALLS);
}

static void closing_http_ends_calls(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.token_answer = "hold";
    call(&world);
    call(&world);
    wx_http_close(world.http);
    assert_int_equal(world.seen.results, 2);
    assert_int_equal(world.seen.last.error, WX_E_HTTP);
    assert_int_equal(wx_api_call(world.api, WX_API_MENU_GET, NULL, on_result, &world), WX_E_HTTP);
    close_world(&world);
    assert_int_equal(world.seen.results, 2);
}

static void a_callback_may_free_the_api(void **state) {
    (void)state;
    static const char *const token_answers[] = {NULL, "{\"errcode\":40013,\"errmsg\":\"no\"}"};
    for (size_t i = 0; i < 2; i++) {
        struct world world;
        open_world(&world);
        world.token_answer = token_answers[i];
        for (unsigned n = 0; n < 50; n++)
            call(&world);
        world.free_when_answered = true;
        run_until(&world, 50);
        assert_null(world.api);
        close_world(&world);
        assert_int_equal(world.seen.results, 50);
    }
}

static void a_template_message_is_written(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.answer = "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":3021873481930506240}";
    struct wx_template_field fields[] = {{"thing1", "第 5 天「签到」😀"},
                                         {"character_string2", "a\"b\\c/\n"}};
    struct wx_template_message message = {.touser = "oOPENID",
                                          .template_id = "T1",
                                          .client_msg_id = "MSG_000001",
                                          .fields = fields,
                                          .field_count = 2};
    assert_int_equal(wx_template_send(world.api, &message, on_result, &world), 0);
    run_until(&world, 1);
    assert_int_equal(world.seen.last.error, 0);
    assert_true(world.seen.last.msgid == 3021873481930506240);
    assert_string_equal(world.target, "/cgi-bin/message/template/send?" TOKEN_QUERY "1");
    assert_string_equal(world.body,
                        "{\"touser\":\"oOPENID\",\"template_id\":\"T1\",\"client_msg_id\":"
                        "\"MSG_000001\",\"data\":{\"thing1\":{\"value\":\"第 5 天「签到」😀\"},"
                        "\"character_string2\":{\"value\":\"a\\\"b\\\\c/\\n\"}}}");

    message = (struct wx_template_message){
        .touser = "oOPENID", .template_id = "T1", .url = "https://a.example/?a=1&b=中"};
    assert_int_equal(wx_template_send(world.api, &message, on_result, &world), 0);
    run_until(&world, 2);
    assert_string_equal(world.body,
                        "{\"touser\":\"oOPENID\",\"template_id\":\"T1\",\"url\":"
                        "\"https://a.example/?a=1&b=中\",\"data\":{}}");
    close_world(&world);
}

static void text_that_is_not_utf8_is_refused(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    struct wx_template_field fields[] = {{"thing1", "\xe4\xbd"}, {"thing2", NULL}, {"\xff", "x"}};
    struct wx_template_message message = {
        .touser = "o", .template_id = "T1", .fields = fields, .field_count = 1};
    for (int i = 0; i < 3; i++, message.fields++)
        assert_int_equal(wx_template_send(world.api, &message, on_result, &world), WX_E_FIELD);
    fields[0].value = "fine";
    message = (struct wx_template_message){
        .touser = "\xff", .template_id = "T1", .fields = fields, .field_count = 1};
    assert_int_equal(wx_template_send(world.api, &message, on_result, &world), WX_E_FIELD);
    message.touser = NULL;
    assert_int_equal(wx_template_send(world.api, &message, on_result, &world), WX_E_FIELD);
    close_world(&world);
    assert_int_equal(world.seen.results, 0);
}

static int send_custom(struct world *world, const char *touser, const struct wx_reply *reply) {
    char *json = wx_custom_json(NULL, touser, reply);
    if (!json)
        return WX_E_FIELD;
    int error = wx_api_call(world->api, WX_API_CUSTOM_SEND, json, on_result, world);
    talloc_free(json);
    return error;
}

static void a_custom_message_is_written(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = "你好\n<a href=\"/\">课</a>"};
    assert_int_equal(send_custom(&world, "oOPENID", &reply), 0);
    run_until(&world, 1);
    assert_int_equal(world.seen.last.error, 0);
    assert_int_equal(world.seen.last.msgid, 0);
    assert_string_equal(world.target, "/cgi-bin/message/custom/send?" TOKEN_QUERY "1");
    assert_string_equal(world.body,
                        "{\"touser\":\"oOPENID\",\"msgtype\":\"text\",\"text\":{\"content\":"
                        "\"你好\\n<a href=\\\"/\\\">课</a>\"}}");

    struct wx_article articles[] = {{"今日课程", "十分钟", NULL, "https://a.example/"},
                                    {"第二篇", "", "", ""}};
    reply = (struct wx_reply){.type = WX_REPLY_NEWS, .articles = articles, .article_count = 2};
    assert_int_equal(send_custom(&world, "oOPENID", &reply), 0);
    run_until(&world, 2);
    assert_string_equal(world.body,
                        "{\"touser\":\"oOPENID\",\"msgtype\":\"news\",\"news\":{"
                        "\"articles\":[{\"title\":\"今日课程\",\"description\":"
                        "\"十分钟\",\"url\":\"https://a.example/\",\"picurl\":\"\"}]}}");

    reply.article_count = 0;
    assert_int_equal(send_custom(&world, "o", &reply), WX_E_FIELD);
    close_world(&world);
}

static void a_long_custom_text_is_cut(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    char text[LIMIT_REPLY_TEXT + 100] = "";
    while (strlen(text) <= LIMIT_REPLY_TEXT)
        strcat(text, "学");
    struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = text};
    assert_int_equal(send_custom(&world, "o", &reply), 0);
    run_until(&world, 1);
    json_t *root = json_loads(world.body, 0, NULL); /* fails on half a character */
    assert_non_null(root);
    const char *sent = json_string_value(json_object_get(json_object_get(root, "text"), "content"));
    assert_non_null(sent);
    assert_true(strlen(sent) <= LIMIT_REPLY_TEXT && strlen(sent) > LIMIT_REPLY_TEXT - 4);
    assert_string_equal(sent + strlen(sent) - strlen("学…"), "学…");
    json_decref(root);
    close_world(&world);
}

/* Where each call goes, as WeChat's documentation has it; with a "+" before the path, the
 * access_token goes with it. `rest` is what the query has besides the
 * access_token, `body` what is sent. */
#define APPID "wxd21d21d21d21d21d"

static const struct {
    enum wx_endpoint endpoint;
    const char *method, *path, *json, *rest, *body;
} wire[] = {
    {WX_API_TOKEN, "GET", "/cgi-bin/token", NULL,
     "appid=" APPID "&secret=" SECRET "&grant_type=client_credential", ""},
    {WX_API_TICKET, "GET", "+/cgi-bin/ticket/getticket", NULL, "type=jsapi", ""},
    {WX_API_TICKET, "GET", "+/cgi-bin/ticket/getticket", "{\"type\":\"wx_card\"}", "type=wx_card",
     ""},
    {WX_API_TEMPLATE_SEND, "POST", "+/cgi-bin/message/template/send", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_TEMPLATE_SET_INDUSTRY, "POST", "+/cgi-bin/template/api_set_industry", "{\"a\":\"学\"}",
     "", "{\"a\":\"学\"}"},
    {WX_API_TEMPLATE_GET_INDUSTRY, "GET", "+/cgi-bin/template/get_industry", NULL, "", ""},
    {WX_API_TEMPLATE_ADD, "POST", "+/cgi-bin/template/api_add_template", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_TEMPLATE_LIST, "GET", "+/cgi-bin/template/get_all_private_template", NULL, "", ""},
    {WX_API_TEMPLATE_DELETE, "POST", "+/cgi-bin/template/del_private_template", "{\"a\":\"学\"}",
     "", "{\"a\":\"学\"}"},
    {WX_API_SUBSCRIBE_SEND, "POST", "+/cgi-bin/message/subscribe/bizsend", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_SUBSCRIBE_ADD, "POST", "+/wxaapi/newtmpl/addtemplate", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_SUBSCRIBE_DELETE, "POST", "+/wxaapi/newtmpl/deltemplate", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_SUBSCRIBE_LIST, "GET", "+/wxaapi/newtmpl/gettemplate", NULL, "", ""},
    {WX_API_SUBSCRIBE_CATEGORIES, "GET", "+/wxaapi/newtmpl/getcategory", NULL, "", ""},
    {WX_API_SUBSCRIBE_TITLES, "GET", "+/wxaapi/newtmpl/getpubtemplatetitles",
     "{\"ids\":\"2,616\",\"start\":30}", "ids=2%2C616&start=30&limit=30", ""},
    {WX_API_SUBSCRIBE_KEYWORDS, "GET", "+/wxaapi/newtmpl/getpubtemplatekeywords", "{\"tid\":99}",
     "tid=99", ""},
    {WX_API_CUSTOM_SEND, "POST", "+/cgi-bin/message/custom/send", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_CUSTOM_TYPING, "POST", "+/cgi-bin/message/custom/typing", "{\"touser\":\"o1\"}", "",
     "{\"touser\":\"o1\",\"command\":\"Typing\"}"},
    {WX_API_MASS_SENDALL, "POST", "+/cgi-bin/message/mass/sendall", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MASS_SEND, "POST", "+/cgi-bin/message/mass/send", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MASS_PREVIEW, "POST", "+/cgi-bin/message/mass/preview", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MASS_GET, "POST", "+/cgi-bin/message/mass/get", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_MASS_DELETE, "POST", "+/cgi-bin/message/mass/delete", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MASS_SPEED_GET, "POST", "+/cgi-bin/message/mass/speed/get", NULL, "", "{}"},
    {WX_API_MASS_SPEED_SET, "POST", "+/cgi-bin/message/mass/speed/set", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MENU_CREATE, "POST", "+/cgi-bin/menu/create", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_MENU_GET, "GET", "+/cgi-bin/menu/get", NULL, "", ""},
    {WX_API_MENU_DELETE, "GET", "+/cgi-bin/menu/delete", NULL, "", ""},
    {WX_API_MENU_CURRENT, "GET", "+/cgi-bin/get_current_selfmenu_info", NULL, "", ""},
    {WX_API_MENU_ADD_CONDITIONAL, "POST", "+/cgi-bin/menu/addconditional", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MENU_DELETE_CONDITIONAL, "POST", "+/cgi-bin/menu/delconditional", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MENU_TRY_MATCH, "POST", "+/cgi-bin/menu/trymatch", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_USER_INFO, "GET", "+/cgi-bin/user/info", "{\"openid\":\"o&1\"}",
     "openid=o%261&lang=zh_CN", ""},
    {WX_API_USER_BATCHGET, "POST", "+/cgi-bin/user/info/batchget", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_USER_LIST, "GET", "+/cgi-bin/user/get", NULL, "", ""},
    {WX_API_USER_LIST, "GET", "+/cgi-bin/user/get", "{\"next_openid\":\"o1\"}", "next_openid=o1",
     ""},
    {WX_API_USER_REMARK, "POST", "+/cgi-bin/user/info/updateremark", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_TAGS_CREATE, "POST", "+/cgi-bin/tags/create", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_TAGS_GET, "GET", "+/cgi-bin/tags/get", NULL, "", ""},
    {WX_API_TAGS_UPDATE, "POST", "+/cgi-bin/tags/update", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_TAGS_DELETE, "POST", "+/cgi-bin/tags/delete", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_TAGS_MEMBERS, "POST", "+/cgi-bin/user/tag/get", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_TAGS_TAG, "POST", "+/cgi-bin/tags/members/batchtagging", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_TAGS_UNTAG, "POST", "+/cgi-bin/tags/members/batchuntagging", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_TAGS_OF, "POST", "+/cgi-bin/tags/getidlist", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_BLACKLIST_GET, "POST", "+/cgi-bin/tags/members/getblacklist", NULL, "",
     "{\"begin_openid\":\"\"}"},
    {WX_API_BLACKLIST_ADD, "POST", "+/cgi-bin/tags/members/batchblacklist", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_BLACKLIST_REMOVE, "POST", "+/cgi-bin/tags/members/batchunblacklist", "{\"a\":\"学\"}",
     "", "{\"a\":\"学\"}"},
    {WX_API_QRCODE_CREATE, "POST", "+/cgi-bin/qrcode/create", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MEDIA_GET, "GET", "+/cgi-bin/media/get", "{\"media_id\":\"m\"}", "media_id=m", ""},
    {WX_API_MEDIA_GET_JSSDK, "GET", "+/cgi-bin/media/get/jssdk", "{\"media_id\":\"m\"}",
     "media_id=m", ""},
    {WX_API_MEDIA_UPLOADVIDEO, "POST", "+/cgi-bin/media/uploadvideo", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MATERIAL_GET, "POST", "+/cgi-bin/material/get_material", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MATERIAL_DELETE, "POST", "+/cgi-bin/material/del_material", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_MATERIAL_COUNT, "GET", "+/cgi-bin/material/get_materialcount", NULL, "", ""},
    {WX_API_MATERIAL_LIST, "POST", "+/cgi-bin/material/batchget_material", "{\"type\":\"news\"}",
     "", "{\"type\":\"news\",\"offset\":0,\"count\":20}"},
    {WX_API_DRAFT_ADD, "POST", "+/cgi-bin/draft/add", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_DRAFT_GET, "POST", "+/cgi-bin/draft/get", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_DRAFT_UPDATE, "POST", "+/cgi-bin/draft/update", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_DRAFT_DELETE, "POST", "+/cgi-bin/draft/delete", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_DRAFT_COUNT, "GET", "+/cgi-bin/draft/count", NULL, "", ""},
    {WX_API_DRAFT_LIST, "POST", "+/cgi-bin/draft/batchget", "{\"count\":5}", "",
     "{\"count\":5,\"offset\":0,\"no_content\":1}"},
    {WX_API_PUBLISH_SUBMIT, "POST", "+/cgi-bin/freepublish/submit", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_PUBLISH_GET, "POST", "+/cgi-bin/freepublish/get", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_PUBLISH_DELETE, "POST", "+/cgi-bin/freepublish/delete", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_PUBLISH_ARTICLE, "POST", "+/cgi-bin/freepublish/getarticle", "{\"a\":\"学\"}", "",
     "{\"a\":\"学\"}"},
    {WX_API_PUBLISH_LIST, "POST", "+/cgi-bin/freepublish/batchget", NULL, "",
     "{\"offset\":0,\"count\":20,\"no_content\":1}"},
    {WX_API_OAUTH_TOKEN, "GET", "/sns/oauth2/access_token", "{\"code\":\"C\"}",
     "appid=" APPID "&secret=" SECRET "&code=C&grant_type=authorization_code", ""},
    {WX_API_OAUTH_REFRESH, "GET", "/sns/oauth2/refresh_token", "{\"refresh_token\":\"R\"}",
     "appid=" APPID "&refresh_token=R&grant_type=refresh_token", ""},
    {WX_API_OAUTH_USERINFO, "GET", "/sns/userinfo", "{\"access_token\":\"P\",\"openid\":\"o1\"}",
     "access_token=P&openid=o1&lang=zh_CN", ""},
    {WX_API_OAUTH_CHECK, "GET", "/sns/auth", "{\"access_token\":\"P\",\"openid\":\"o1\"}",
     "access_token=P&openid=o1", ""},
    {WX_API_QUOTA, "POST", "+/cgi-bin/openapi/quota/get", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_QUOTA_CLEAR, "POST", "+/cgi-bin/clear_quota", NULL, "", "{\"appid\":\"" APPID "\"}"},
    {WX_API_QUOTA_CLEAR_V2, "POST", "/cgi-bin/clear_quota/v2", NULL, "",
     "{\"appid\":\"" APPID "\",\"appsecret\":\"" SECRET "\"}"},
    {WX_API_RID, "POST", "+/cgi-bin/openapi/rid/get", "{\"a\":\"学\"}", "", "{\"a\":\"学\"}"},
    {WX_API_CALLBACK_IP, "GET", "+/cgi-bin/getcallbackip", NULL, "", ""},
    {WX_API_DOMAIN_IP, "GET", "+/cgi-bin/get_api_domain_ip", NULL, "", ""},
    {WX_API_CALLBACK_CHECK, "POST", "+/cgi-bin/callback/check", "{\"action\":\"dns\"}", "",
     "{\"action\":\"dns\",\"check_operator\":\"DEFAULT\"}"},
};

static void every_call_goes_where_the_documentation_says(void **state) {
    (void)state;
    struct world world;
    bool seen[WX_API_COUNT] = {false};
    open_world(&world);
    for (size_t i = 0; i < sizeof wire / sizeof *wire; i++) {
        char target[512];
        unsigned before = world.seen.results;
        bool token = wire[i].path[0] == '+';
        snprintf(target, sizeof target, "%s%s%s%s", wire[i].path + token,
                 token ? "?" TOKEN_QUERY "1" : "",
                 !*wire[i].rest ? ""
                 : token        ? "&"
                                : "?",
                 wire[i].rest);
        assert_int_equal(wx_api_call(world.api, wire[i].endpoint, wire[i].json, on_result, &world),
                         0);
        run_until(&world, before + 1);
        assert_int_equal(world.seen.last.error, 0);
        assert_string_equal(world.method, wire[i].method);
        assert_string_equal(world.target, target);
        assert_string_equal(world.body, wire[i].body);
        seen[wire[i].endpoint] = true;
    }
    for (int i = 0; i < WX_API_COUNT; i++) /* uploads have a test of their own, as has the token */
        if (!seen[i] && i != WX_API_STABLE_TOKEN &&
            wx_endpoint_info((enum wx_endpoint)i)->carry != WX_CARRY_FILE)
            fail_msg("%s is not in the table", wx_api_name((enum wx_endpoint)i));
    close_world(&world);
}

static void a_file_goes_up_as_multipart(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    struct wx_file file = {"/tmp/第一课.MP3", "sound\r\n--", 9};
    world.answer = "{\"media_id\":\"m\",\"url\":\"u\"}";
    assert_int_equal(wx_api_upload(world.api, WX_API_MATERIAL_ADD,
                                   "{\"type\":\"video\",\"description\":{\"title\":\"第一课\"}}",
                                   &file, on_result, &world),
                     0);
    run_until(&world, 1);
    assert_int_equal(world.seen.last.error, 0);
    assert_string_equal(world.target, "/cgi-bin/material/add_material?" TOKEN_QUERY "1&type=video");
    char boundary[64], expected[1024];
    assert_int_equal(sscanf(world.body, "--%60s", boundary), 1);
    snprintf(expected, sizeof expected,
             "--%s\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n"
             "{\"title\":\"第一课\"}\r\n"
             "--%s\r\nContent-Disposition: form-data; name=\"media\"; filename=\"file.MP3\"\r\n"
             "Content-Type: audio/mpeg\r\n\r\nsound\r\n--\r\n--%s--\r\n",
             boundary, boundary, boundary);
    assert_string_equal(world.body, expected);
    snprintf(expected, sizeof expected, "Content-Type: multipart/form-data; boundary=%s\r\n",
             boundary);
    assert_non_null(strstr(world.headers, expected));
    close_world(&world);
}

static void a_file_is_needed_where_one_goes_up_and_nowhere_else(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    struct wx_file file = {"a.jpg", "x", 1}, empty = {"a.jpg", "", 0},
                   huge = {"a.jpg", "", LIMIT_MEDIA + 1};
    assert_int_equal(wx_api_call(world.api, WX_API_MEDIA_UPLOAD, "{}", on_result, &world),
                     WX_E_FIELD);
    assert_int_equal(wx_api_upload(world.api, WX_API_CUSTOM_SEND, "{}", &file, on_result, &world),
                     WX_E_FIELD);
    assert_int_equal(wx_api_upload(world.api, WX_API_MEDIA_UPLOAD, "{}", &empty, on_result, &world),
                     WX_E_FIELD);
    assert_int_equal(wx_api_upload(world.api, WX_API_MEDIA_UPLOAD, "{}", &huge, on_result, &world),
                     WX_E_TOO_LARGE);
    assert_int_equal(world.seen.results, 0);
    close_world(&world);
}

static void arguments_that_no_query_can_carry_are_refused(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    static const char *const wrong[] = {
        "{\"openid\":[\"o\"]}", "{\"openid\":null}", "{\"a\":1,\"a\":2}", "[]", "", "{",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(wx_api_call(world.api, WX_API_USER_INFO, wrong[i], on_result, &world),
                         WX_E_FIELD);
    assert_int_equal(world.seen.results, 0);
    close_world(&world);
}

#define BYTES(text) text, sizeof text - 1

/* What a media get answers. */
static const struct {
    const char *answer;
    size_t length;
    int error;
} files[] = {
    {BYTES("\xff\xd8\xff\0jpeg"), 0},
    {BYTES("plain text"), 0},
    {BYTES("{\0not JSON"), 0},
    {BYTES("{\"video_url\":\"http://a.example/v\"}"), 0},
    {BYTES("{\"errcode\":40007,\"errmsg\":\"invalid media_id\"}"), WX_E_API},
    {BYTES("{\"errcode\":"), WX_E_REPLY},
};

static void a_file_is_told_from_json_by_its_first_byte(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        world.answer = files[i].answer;
        world.answer_length = files[i].length;
        assert_int_equal(
            wx_api_call(world.api, WX_API_MEDIA_GET, "{\"media_id\":\"m\"}", on_result, &world), 0);
        run_until(&world, (unsigned)i + 1);
        assert_int_equal(world.seen.last.error, files[i].error);
        assert_int_equal(world.seen.last.length, files[i].length);
    }
    /* To a call that asks for no file it is none. */
    world.answer = files[0].answer;
    world.answer_length = files[0].length;
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_REPLY);
    close_world(&world);
}

static void a_quota_used_up_lets_its_endpoint_rest(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.answer = "{\"errcode\":45009,\"errmsg\":\"reach max api daily quota limit\"}";
    call_once(&world);
    world.answer = "{\"errcode\":0}";
    call_once(&world);
    assert_int_equal(world.seen.last.error, WX_E_API);
    assert_int_equal(world.seen.last.errcode, 45009);
    assert_int_equal(world.seen.last.klass, WX_CLASS_QUOTA);
    assert_false(world.seen.last.uncertain);
    assert_string_equal(world.seen.reason, "menu create rests after errcode 45009");
    assert_int_equal(world.api_requests, 1);
    assert_int_equal(wx_api_call(world.api, WX_API_MENU_GET, NULL, on_result, &world), 0);
    run_until(&world, 3);
    assert_int_equal(world.seen.last.error, 0); /* another endpoint does not */
    wx_api_ask_again(world.api);
    call_once(&world);
    assert_int_equal(world.seen.last.error, 0);
    close_world(&world);
}

static void freeing_ends_a_call_to_an_endpoint_at_rest(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    world.answer = "{\"errcode\":45009}";
    call_once(&world);
    call(&world);
    talloc_free(world.api);
    world.api = NULL;
    assert_int_equal(world.seen.results, 2);
    assert_int_equal(world.seen.last.error, WX_E_HTTP);
    assert_false(world.seen.last.uncertain);
    close_world(&world);
}

static void no_more_calls_are_in_the_air_than_were_said(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    call_once(&world); /* the token */
    wx_api_limit(world.api, WX_API_MENU_CREATE, 0, 1);
    world.hold = true;
    call(&world);
    call(&world);
    call(&world);
    while (!world.held)
        uv_run(&world.loop, UV_RUN_ONCE);
    assert_int_equal(wx_api_call(world.api, WX_API_MENU_GET, NULL, on_result, &world), 0);
    run_until(&world, 2); /* another endpoint overtakes them */
    assert_string_equal(world.target, "/cgi-bin/menu/get?" TOKEN_QUERY "1");
    assert_int_equal(world.api_requests, 3);
    peer_reply(world.held, 200, "{}");
    run_until(&world, 5);
    assert_int_equal(world.api_requests, 5);
    close_world(&world);
}

static void no_more_calls_go_a_minute_than_were_said(void **state) {
    (void)state;
    struct world world;
    open_world(&world);
    call_once(&world);
    wx_api_limit(world.api, WX_API_MENU_CREATE, 600, 0); /* 60 at once, then one each 100 ms */
    for (int i = 0; i < 62; i++)
        call(&world);
    while (world.api_requests < 61 || world.seen.results < 61)
        uv_run(&world.loop, UV_RUN_ONCE);
    assert_true(world.seen.results <= 62);
    run_until(&world, 63);
    assert_int_equal(world.api_requests, 63);
    close_world(&world);
}

/* Calls that wait for their turn when all ends. */
static void wait_for_turns(struct world *world) {
    open_world(world);
    call_once(world);
    wx_api_limit(world->api, WX_API_MENU_CREATE, 1, 0);
    call_once(world); /* the one of this minute */
    call(world);
    call(world);
    uv_run(&world->loop, UV_RUN_NOWAIT);
    assert_int_equal(world->seen.results, 2);
    assert_int_equal(world->api_requests, 2);
}

static void freeing_ends_calls_that_wait_for_their_turn(void **state) {
    (void)state;
    struct world world;
    wait_for_turns(&world);
    talloc_free(world.api);
    world.api = NULL;
    assert_int_equal(world.seen.results, 4);
    assert_int_equal(world.seen.last.error, WX_E_HTTP);
    assert_false(world.seen.last.uncertain);
    close_world(&world);
}

static void closing_http_ends_calls_that_wait_for_their_turn(void **state) {
    (void)state;
    struct world world;
    wait_for_turns(&world);
    wx_http_close(world.http);
    assert_int_equal(world.seen.results, 4);
    assert_int_equal(world.seen.last.error, WX_E_HTTP);
    talloc_free(world.api);
    peer_close(&world.peer);
    while (uv_run(&world.loop, UV_RUN_DEFAULT))
        ;
    assert_int_equal(uv_loop_close(&world.loop), 0);
}

static void a_callback_may_free_the_api_while_others_wait_for_their_turn(void **state) {
    (void)state;
    struct world world;
    wait_for_turns(&world);
    world.free_when_answered = true;
    wx_http_close(world.http);
    assert_null(world.api);
    assert_int_equal(world.seen.results, 4);
    peer_close(&world.peer);
    while (uv_run(&world.loop, UV_RUN_DEFAULT))
        ;
    assert_int_equal(uv_loop_close(&world.loop), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_fetches_a_token_and_carries_it),
        cmocka_unit_test(a_get_has_no_body),
        cmocka_unit_test(answers_are_read_and_classed),
        cmocka_unit_test(a_long_errmsg_is_cut_between_characters),
        cmocka_unit_test(deep_nesting_is_no_answer),
        cmocka_unit_test(a_huge_answer_is_no_answer),
        cmocka_unit_test(what_may_have_been_done_is_uncertain),
        cmocka_unit_test(nobody_there_is_certain),
        cmocka_unit_test(a_refused_token_is_replaced_and_the_call_repeated),
        cmocka_unit_test(a_token_refused_twice_is_given_up),
        cmocka_unit_test(a_late_refusal_of_an_old_token_leaves_the_new_one),
        cmocka_unit_test(calls_leave_nothing_behind),
        cmocka_unit_test(many_calls_wait_for_one_token),
        cmocka_unit_test(a_token_near_its_end_is_renewed),
        cmocka_unit_test(a_token_that_cannot_be_renewed_yet_is_used),
        cmocka_unit_test(a_token_that_is_refused_fails_all_who_wait),
        cmocka_unit_test(a_token_too_long_is_not_taken),
        cmocka_unit_test(freeing_ends_calls_that_wait_for_a_token),
        cmocka_unit_test(freeing_ends_calls_in_the_air),
        cmocka_unit_test(closing_http_ends_calls),
        cmocka_unit_test(a_callback_may_free_the_api),
        cmocka_unit_test(a_template_message_is_written),
        cmocka_unit_test(text_that_is_not_utf8_is_refused),
        cmocka_unit_test(a_custom_message_is_written),
        cmocka_unit_test(a_long_custom_text_is_cut),
        cmocka_unit_test(every_call_goes_where_the_documentation_says),
        cmocka_unit_test(a_file_goes_up_as_multipart),
        cmocka_unit_test(a_file_is_needed_where_one_goes_up_and_nowhere_else),
        cmocka_unit_test(arguments_that_no_query_can_carry_are_refused),
        cmocka_unit_test(a_file_is_told_from_json_by_its_first_byte),
        cmocka_unit_test(a_quota_used_up_lets_its_endpoint_rest),
        cmocka_unit_test(freeing_ends_a_call_to_an_endpoint_at_rest),
        cmocka_unit_test(no_more_calls_are_in_the_air_than_were_said),
        cmocka_unit_test(no_more_calls_go_a_minute_than_were_said),
        cmocka_unit_test(freeing_ends_calls_that_wait_for_their_turn),
        cmocka_unit_test(closing_http_ends_calls_that_wait_for_their_turn),
        cmocka_unit_test(a_callback_may_free_the_api_while_others_wait_for_their_turn),
    };
    signal(SIGPIPE, SIG_IGN); /* as the program does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
