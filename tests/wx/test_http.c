/* wx/http.h against a server that behaves as badly as it is told to. */

#include "wx/http.h"

#include "config/limits.h"
#include "tests/wx/peer.h"
#include "wx/error.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

#define SECRET "secret=s3cr3t-of-the-query"

struct world {
    uv_loop_t loop;
    struct peer peer;
    struct wx_http *http;
    /* what the callbacks saw */
    unsigned answers, timeouts;
    bool sending; /* a callback now would come from within wx_http_send() */
    int error;
    bool sent;
    long status;
    char reason[512];
    char body[256];
    size_t length;
    unsigned left; /* to be sent one after the other, from the callback */
    bool close_when_answered;
    /* what the peer saw */
    char method[16], target[256], headers[2048], request_body[256];
    struct peer_connection *held[LIMIT_HTTP_CONNECTIONS * 3];
    unsigned held_count;
    int64_t date;
    size_t dates; /* which of dates[] is answered */
};

static void open_world(struct world *world, peer_answer *answer) {
    memset(world, 0, sizeof *world);
    world->error = 1;
    assert_int_equal(uv_loop_init(&world->loop), 0);
    assert_int_equal(peer_open(&world->peer, &world->loop, answer, world), 0);
    assert_int_equal(wx_http_open(NULL, &world->loop, &world->http, NULL), 0);
}

/* Closed twice over does no harm; nothing may be left on the loop. */
static void close_world(struct world *world) {
    if (world->http)
        wx_http_close(world->http);
    peer_close(&world->peer);
    while (uv_run(&world->loop, UV_RUN_DEFAULT))
        ; /* a callback stopped it */
    assert_int_equal(uv_loop_close(&world->loop), 0);
}

static void get(struct world *world, const char *path, long timeout_ms);

static void on_done(void *data, const struct wx_http_response *response) {
    struct world *world = data;
    assert_false(world->sending);
    assert_non_null(response->reason);
    assert_null(strstr(response->reason, "s3cr3t"));
    assert_null(strstr(response->reason, "secret"));
    assert_int_equal(response->body[response->length], '\0');
    assert_int_equal(response->error == 0, *response->reason == '\0');
    uv_stop(&world->loop);
    world->answers++;
    world->timeouts += response->error == WX_E_TIMEOUT;
    world->error = response->error;
    world->sent = response->sent;
    world->status = response->status;
    world->length = response->length;
    world->date = response->date;
    snprintf(world->reason, sizeof world->reason, "%s", response->reason);
    snprintf(world->body, sizeof world->body, "%s", response->body);
    if (world->close_when_answered && world->http) {
        wx_http_close(world->http);
        world->http = NULL;
    } else if (world->left) {
        world->left--;
        get(world, "/again", 0);
    }
}

static int send_to(struct world *world, const char *url, long timeout_ms) {
    struct wx_http_request request = {.method = "GET", .url = url, .timeout_ms = timeout_ms};
    bool before = world->sending;
    world->sending = true;
    int error = wx_http_send(world->http, &request, on_done, world);
    world->sending = before;
    return error;
}

static void get(struct world *world, const char *path, long timeout_ms) {
    char url[512];
    snprintf(url, sizeof url, "%s%s?" SECRET, world->peer.base, path);
    assert_int_equal(send_to(world, url, timeout_ms), 0);
}

/* Until `answers` callbacks have come: a hang is a failure of ctest's. */
static void run_until(struct world *world, unsigned answers) {
    while (world->answers < answers)
        uv_run(&world->loop, UV_RUN_DEFAULT); /* stopped by each callback */
}

static void note_request(struct world *world, const struct peer_request *request) {
    snprintf(world->method, sizeof world->method, "%s", request->method);
    snprintf(world->target, sizeof world->target, "%s", request->target);
    snprintf(world->headers, sizeof world->headers, "%s\r\n", request->headers);
    snprintf(world->request_body, sizeof world->request_body, "%s", request->body);
}

static void answer_ok(struct peer *peer, struct peer_connection *connection,
                      const struct peer_request *request) {
    note_request(peer->data, request);
    peer_reply(connection, 200, "{\"答\":1}");
}

static void answer_never(struct peer *peer, struct peer_connection *connection,
                         const struct peer_request *request) {
    struct world *world = peer->data;
    (void)request;
    world->held[world->held_count++] = connection;
}

static void get_is_sent_and_answered(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    get(&world, "/path", 0);
    assert_int_equal(wx_http_pending(world.http), 1);
    run_until(&world, 1);
    assert_int_equal(wx_http_pending(world.http), 0);
    assert_int_equal(world.error, 0);
    assert_int_equal(world.status, 200);
    assert_string_equal(world.body, "{\"答\":1}");
    assert_int_equal(world.length, strlen("{\"答\":1}"));
    assert_string_equal(world.method, "GET");
    assert_string_equal(world.target, "/path?" SECRET);
    assert_non_null(strstr(world.headers, "\r\nUser-Agent: day21\r\n"));
    assert_null(strcasestr(world.headers, "Content-Type"));
    close_world(&world);
}

static void post_copies_its_body_and_says_its_type(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    char url[128], body[] = "{\"name\":\"小明\"}";
    snprintf(url, sizeof url, "%s/post", world.peer.base);
    struct wx_http_request request = {
        .method = "POST", .url = url, .body = body, .body_length = strlen(body)};
    assert_int_equal(wx_http_send(world.http, &request, on_done, &world), 0);
    memset(body, 'x', strlen(body));
    memset(url, 'x', strlen(url));
    run_until(&world, 1);
    assert_string_equal(world.method, "POST");
    assert_string_equal(world.request_body, "{\"name\":\"小明\"}");
    assert_non_null(strstr(world.headers, "\r\nContent-Type: application/json; charset=utf-8\r\n"));
    assert_null(strcasestr(world.headers, "Expect:"));

    snprintf(url, sizeof url, "%s/empty", world.peer.base);
    request = (struct wx_http_request){.method = "POST", .url = url, .content_type = "text/xml"};
    assert_int_equal(wx_http_send(world.http, &request, on_done, &world), 0);
    run_until(&world, 2);
    assert_string_equal(world.request_body, "");
    assert_non_null(strstr(world.headers, "\r\nContent-Type: text/xml\r\n"));

    get(&world, "/get", 0); /* by the handle that posted */
    run_until(&world, 3);
    assert_string_equal(world.method, "GET");
    assert_string_equal(world.request_body, "");
    close_world(&world);
}

static void a_large_post_goes_without_asking(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    size_t length = 3 * 1024 * 1024;
    char *body = malloc(length);
    memset(body, 'b', length);
    struct wx_http_request request = {
        .method = "POST", .url = world.peer.base, .body = body, .body_length = length};
    assert_int_equal(wx_http_send(world.http, &request, on_done, &world), 0);
    free(body);
    run_until(&world, 1);
    assert_int_equal(world.error, 0);
    assert_non_null(strstr(world.headers, "\r\nContent-Length: 3145728\r\n"));
    assert_null(strcasestr(world.headers, "Expect:"));
    close_world(&world);
}

static void connections_are_kept(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    world.left = 49;
    get(&world, "/first", 0);
    run_until(&world, 50);
    assert_int_equal(world.peer.requests, 50);
    assert_int_equal(world.peer.connections, 1);
    close_world(&world);
}

static void connections_are_capped_and_the_rest_waits(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_never);
    unsigned count = LIMIT_HTTP_CONNECTIONS * 3;
    for (unsigned i = 0; i < count; i++)
        get(&world, "/many", 0);
    assert_int_equal(wx_http_pending(world.http), count);
    for (unsigned answered = 0; world.answers < count;) {
        uv_run(&world.loop, UV_RUN_ONCE);
        /* Only when all the places are taken is one given free. */
        unsigned expected = count - answered;
        if (expected > LIMIT_HTTP_CONNECTIONS)
            expected = LIMIT_HTTP_CONNECTIONS;
        if (answered < count && world.held_count - answered == expected)
            peer_reply(world.held[answered++], 200, "ok");
    }
    assert_int_equal(world.peer.most_open, LIMIT_HTTP_CONNECTIONS);
    assert_int_equal(world.peer.requests, count);
    assert_int_equal(wx_http_pending(world.http), 0);
    close_world(&world);
}

static void waiting_for_a_turn_is_no_part_of_the_timeout(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_never);
    for (unsigned i = 0; i < LIMIT_HTTP_CONNECTIONS; i++)
        get(&world, "/slow", 2000);
    get(&world, "/patient", 1500); /* its turn comes at 2000 */
    while (world.held_count < LIMIT_HTTP_CONNECTIONS)
        uv_run(&world.loop, UV_RUN_ONCE);
    world.peer.answer = answer_ok;
    run_until(&world, LIMIT_HTTP_CONNECTIONS + 1);
    assert_int_equal(world.timeouts, LIMIT_HTTP_CONNECTIONS);
    assert_string_equal(world.target, "/patient?" SECRET);
    close_world(&world);
}

static void silence_times_out(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_never);
    get(&world, "/silent", 500);
    run_until(&world, 1);
    assert_int_equal(world.error, WX_E_TIMEOUT);
    assert_true(world.sent);
    assert_int_equal(world.status, 0);
    close_world(&world);
}

static void nobody_there_is_an_error_and_nothing_was_sent(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    char url[128];
    snprintf(url, sizeof url, "%s/?" SECRET, world.peer.base);
    peer_close(&world.peer);
    uv_run(&world.loop, UV_RUN_NOWAIT);
    assert_int_equal(send_to(&world, url, 0), 0);
    run_until(&world, 1);
    assert_int_equal(world.error, WX_E_HTTP);
    assert_false(world.sent);
    assert_non_null(strstr(world.reason, "connect"));
    wx_http_close(world.http);
    while (uv_run(&world.loop, UV_RUN_DEFAULT))
        ;
    assert_int_equal(uv_loop_close(&world.loop), 0);
}

static const struct {
    const char *name, *bytes;
    int error;
    long status;
} bad_answers[] = {
    {"cut before a byte of it", "", WX_E_HTTP, 0},
    {"cut in the headers", "HTTP/1.1 200 OK\r\nContent-Le", WX_E_HTTP, 200},
    {"cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"errcode\":", WX_E_HTTP,
     200},
    {"cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc", WX_E_HTTP,
     200},
    {"a chunk of no size",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret=s3cr3t\r\nabc\r\n", WX_E_HTTP,
     200},
    {"not HTTP", "secret=s3cr3t is what you sent\r\n\r\n", WX_E_HTTP, 0},
    {"a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: s3cr3t\r\n\r\n", WX_E_HTTP, 200},
    {"a length over the limit", "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\nabc",
     WX_E_TOO_LARGE, 200},
    {"a redirect that is not followed",
     "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", 0, 302},
    {"no length, ended by closing", "HTTP/1.1 200 OK\r\n\r\n{}", 0, 200},
    {"an error of a server", "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", 0, 502},
};

static void answer_badly(struct peer *peer, struct peer_connection *connection,
                         const struct peer_request *request) {
    struct world *world = peer->data;
    const char *bytes = bad_answers[world->held_count].bytes;
    (void)request;
    if (*bytes)
        peer_write(connection, bytes, strlen(bytes), true);
    else
        peer_drop(connection);
}

static void bad_answers_are_errors_without_what_was_sent(void **state) {
    (void)state;
    for (unsigned i = 0; i < sizeof bad_answers / sizeof *bad_answers; i++) {
        struct world world;
        open_world(&world, answer_badly);
        world.held_count = i;
        get(&world, "/bad", 0);
        run_until(&world, 1);
        if (world.error != bad_answers[i].error || world.status != bad_answers[i].status ||
            world.peer.requests != 1)
            fail_msg("%s: error %d, status %ld, %u requests, %s", bad_answers[i].name, world.error,
                     world.status, world.peer.requests, world.reason);
        assert_true(world.sent);
        close_world(&world);
    }
}

static const struct {
    const char *header;
    int64_t date;
} dates[] = {
    {"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 784111777},
    {"dAtE:Sun, 06 Nov 1994 08:49:37 GMT\r\n", 784111777},
    {"", 0},
    {"Date: yesterday\r\n", 0},
    {"Date:\r\n", 0},
    {"X-Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 0},
};

static void answer_dated(struct peer *peer, struct peer_connection *connection,
                         const struct peer_request *request) {
    struct world *world = peer->data;
    char bytes[256];
    (void)request;
    int length = snprintf(bytes, sizeof bytes, "HTTP/1.1 200 OK\r\n%sContent-Length: 2\r\n\r\n{}",
                          dates[world->dates].header);
    peer_write(connection, bytes, (size_t)length, false);
}

/* The first request on a connection is answered, all others have it cut instead. */
static void answer_once(struct peer *peer, struct peer_connection *connection,
                        const struct peer_request *request) {
    struct world *world = peer->data;
    (void)request;
    for (unsigned i = 0; i < world->held_count; i++) {
        if (world->held[i] == connection) {
            world->held[i] = NULL;
            peer_drop(connection);
            return;
        }
    }
    world->held[world->held_count++] = connection;
    peer_reply(connection, 200, "ok");
}

static void a_post_is_not_sent_twice(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_once);
    struct wx_http_request request = {
        .method = "POST", .url = world.peer.base, .body = "once", .body_length = 4};
    assert_int_equal(wx_http_send(world.http, &request, on_done, &world), 0);
    run_until(&world, 1);
    assert_int_equal(world.error, 0);
    assert_int_equal(wx_http_send(world.http, &request, on_done, &world), 0);
    run_until(&world, 2);
    assert_int_equal(world.error, WX_E_HTTP);
    assert_true(world.sent);
    assert_int_equal(world.peer.requests, 2);
    assert_int_equal(wx_http_send(world.http, &request, on_done, &world), 0);
    run_until(&world, 3);
    assert_int_equal(world.error, 0);

    get(&world, "/twice", 0); /* reading does no harm */
    run_until(&world, 4);
    assert_int_equal(world.error, 0);
    assert_int_equal(world.peer.requests, 5);
    close_world(&world);
}

static void a_get_that_is_once_is_not_sent_twice_either(void **state) {
    (void)state;
    struct world world;
    char url[512];
    open_world(&world, answer_once);
    get(&world, "/keeps-a-connection", 0);
    run_until(&world, 1);
    snprintf(url, sizeof url, "%s/code", world.peer.base);
    struct wx_http_request request = {.method = "GET", .url = url, .once = true};
    assert_int_equal(wx_http_send(world.http, &request, on_done, &world), 0);
    run_until(&world, 2);
    assert_int_equal(world.error, 0); /* not on the kept connection, which would have been cut */
    assert_int_equal(world.peer.requests, 2);
    assert_int_equal(world.peer.connections, 2);
    close_world(&world);
}

static void what_the_server_says_of_its_clock_is_told(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_dated);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        world.dates = i;
        get(&world, "/", 0);
        run_until(&world, (unsigned)i + 1);
        assert_int_equal(world.error, 0);
        assert_int_equal(world.date, dates[i].date);
    }
    close_world(&world);
}

/* A domain that nobody answers for. */
static const char nowhere[] = "http://127.0.0.1:1";

static void get_from(struct world *world, const char *base) {
    char url[512];
    snprintf(url, sizeof url, "%s/cgi-bin/x?" SECRET, base);
    assert_int_equal(send_to(world, url, 0), 0);
}

static void what_cannot_be_sent_goes_to_the_other_domain(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    assert_int_equal(wx_http_fallback(world.http, nowhere, world.peer.base), 0);
    for (unsigned i = 1; i < 4; i++) {
        get_from(&world, nowhere);
        get_from(&world, nowhere);
        run_until(&world, 2 * i);
        assert_int_equal(world.error, 0);
        assert_string_equal(world.target, "/cgi-bin/x?" SECRET);
    }
    assert_int_equal(world.peer.requests, 6);
    get_from(&world, "http://127.0.0.1:2"); /* that is somebody else's domain */
    run_until(&world, 7);
    assert_int_equal(world.error, WX_E_HTTP);
    assert_int_equal(world.peer.requests, 6);
    close_world(&world);
}

static void where_neither_domain_can_be_reached_it_is_said(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    assert_int_equal(wx_http_fallback(world.http, nowhere, "http://127.0.0.1:2"), 0);
    for (unsigned i = 1; i < 3; i++) {
        get_from(&world, nowhere);
        run_until(&world, i);
        assert_int_equal(world.error, WX_E_HTTP);
        assert_false(world.sent);
    }
    close_world(&world);
}

static void what_has_been_sent_goes_nowhere_else(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_never);
    assert_int_equal(wx_http_fallback(world.http, world.peer.base, nowhere), 0);
    get(&world, "/", 500);
    run_until(&world, 1);
    assert_int_equal(world.error, WX_E_TIMEOUT);
    assert_true(world.sent);
    get(&world, "/", 500); /* nor does what follows */
    run_until(&world, 2);
    assert_int_equal(world.held_count, 2);
    close_world(&world);
}

static void a_connection_closed_at_rest_is_replaced(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    struct wx_http_request request = {
        .method = "POST", .url = world.peer.base, .body = "{}", .body_length = 2};
    for (unsigned i = 1; i < 4; i++) {
        assert_int_equal(wx_http_send(world.http, &request, on_done, &world), 0);
        run_until(&world, i);
        assert_int_equal(world.error, 0);
        assert_int_equal(world.peer.connections, i);
        peer_drop(LIST_FIRST(&world.peer.list));
        uv_run(&world.loop, UV_RUN_NOWAIT);
    }
    close_world(&world);
}

/* Sends `length` bytes of the letter a after `head`. */
static void answer_at_length(struct peer_connection *connection, const char *head, size_t length,
                             const char *tail) {
    size_t size = strlen(head) + length + strlen(tail);
    char *bytes = malloc(size + 1);
    assert_non_null(bytes);
    strcpy(bytes, head);
    memset(bytes + strlen(head), 'a', length);
    strcpy(bytes + strlen(head) + length, tail);
    peer_write(connection, bytes, size, true);
    free(bytes);
}

static void answer_at_limit(struct peer *peer, struct peer_connection *connection,
                            const struct peer_request *request) {
    (void)peer;
    bool over = strncmp(request->target, "/over", 5) == 0;
    answer_at_length(connection, "HTTP/1.1 200 OK\r\n\r\n", LIMIT_HTTP_REPLY + (over ? 1 : 0), "");
}

static void a_body_is_read_to_its_limit_and_not_further(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_at_limit);
    get(&world, "/at", 0);
    run_until(&world, 1);
    assert_int_equal(world.error, 0);
    assert_int_equal(world.length, LIMIT_HTTP_REPLY);
    get(&world, "/over", 0);
    run_until(&world, 2);
    assert_int_equal(world.error, WX_E_TOO_LARGE);
    close_world(&world);
}

static void on_more_written(uv_write_t *write, int status);

static void write_more(struct peer_connection *connection) {
    static char line[1024];
    if (!*line) {
        memset(line, 'a', sizeof line);
        memcpy(line, "X-A: ", 5);
        memcpy(line + sizeof line - 2, "\r\n", 2);
    }
    uv_write_t *write = calloc(1, sizeof *write);
    assert_non_null(write);
    uv_buf_t buffer = uv_buf_init(line, sizeof line);
    assert_int_equal(uv_write(write, (uv_stream_t *)&connection->tcp, &buffer, 1, on_more_written),
                     0);
}

static void on_more_written(uv_write_t *write, int status) {
    struct peer_connection *connection = write->handle->data;
    free(write);
    if (!status && !uv_is_closing((uv_handle_t *)&connection->tcp))
        write_more(connection);
}

static void answer_headers_for_ever(struct peer *peer, struct peer_connection *connection,
                                    const struct peer_request *request) {
    (void)peer, (void)request;
    peer_write(connection, "HTTP/1.1 200 OK\r\n", 17, false);
    write_more(connection);
}

static void endless_headers_end(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_headers_for_ever);
    get(&world, "/headers", 0);
    run_until(&world, 1);
    assert_int_equal(world.error, WX_E_TOO_LARGE);
    close_world(&world);
}

static void what_is_no_http_url_is_refused(void **state) {
    (void)state;
    static const char *const urls[] = {
        "",
        "nothing",
        "/path",
        "http://",
        "ftp://127.0.0.1/x",
        "file:///etc/x",
        "http://a b/",
        "http://a:99999/x",
        "gopher://127.0.0.1/x",
        "http://\n",
        "dict://a/x",
        "http://a/b\r\nc",
    };
    struct world world;
    open_world(&world, answer_ok);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        if (send_to(&world, urls[i], 0) != WX_E_HTTP)
            fail_msg("taken: %s", urls[i]);
    struct wx_http_request request = {.method = "PUT", .url = world.peer.base};
    assert_int_equal(wx_http_send(world.http, &request, on_done, &world), WX_E_HTTP);
    assert_int_equal(wx_http_pending(world.http), 0);
    close_world(&world);
    assert_int_equal(world.answers, 0);
}

static void a_proxy_of_the_environment_is_not_used(void **state) {
    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    struct world world;
    open_world(&world, answer_ok);
    get(&world, "/direct", 0);
    run_until(&world, 1);
    assert_int_equal(world.error, 0);
    close_world(&world);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

static void closing_ends_what_is_under_way(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_never);
    unsigned count = LIMIT_HTTP_CONNECTIONS + 8;
    for (unsigned i = 0; i < count; i++)
        get(&world, "/never", 0);
    while (world.held_count < LIMIT_HTTP_CONNECTIONS)
        uv_run(&world.loop, UV_RUN_ONCE);
    assert_int_equal(world.answers, 0);
    struct wx_http *http = world.http;
    wx_http_close(http);
    assert_int_equal(world.answers, count);
    assert_int_equal(world.error, WX_E_HTTP);
    assert_int_equal(wx_http_pending(http), 0);
    assert_int_equal(send_to(&world, world.peer.base, 0), WX_E_HTTP);
    assert_int_equal(wx_http_later(http, NULL, NULL), WX_E_HTTP);
    close_world(&world);
    assert_int_equal(world.answers, count);
}

static void a_callback_may_close(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    for (unsigned i = 0; i < 10; i++)
        get(&world, "/close", 0);
    world.close_when_answered = true;
    run_until(&world, 1);
    assert_int_equal(world.answers, 10);
    assert_int_equal(world.error, WX_E_HTTP); /* the others, after the first */
    close_world(&world);
}

static void the_parent_may_be_freed_after_closing(void **state) {
    (void)state;
    uv_loop_t loop;
    void *parent = talloc_new(NULL);
    struct wx_http *http;
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(wx_http_open(parent, &loop, &http, NULL), 0);
    wx_http_close(http);
    talloc_free(parent);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

struct later {
    uv_loop_t *loop;
    struct wx_http *http;
    unsigned calls, rounds;
};

static void on_later(void *data) {
    struct later *later = data;
    later->calls++;
    uv_stop(later->loop);
    if (later->rounds) {
        later->rounds--;
        assert_int_equal(wx_http_later(later->http, on_later, later), 0);
        assert_int_equal(later->rounds, 0);
    }
}

struct order {
    uv_loop_t *loop;
    char seen[8];
};

struct due {
    struct order *order;
    char name;
};

static void on_due(void *data) {
    struct due *due = data;
    size_t length = strlen(due->order->seen);
    due->order->seen[length] = due->name;
    uv_stop(due->order->loop);
}

static void what_is_promised_comes_in_the_order_it_is_due(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    struct order order = {.loop = &world.loop};
    struct due due[] = {{&order, 'c'}, {&order, 'a'}, {&order, 'b'}, {&order, 'd'}};
    static const uint64_t ms[] = {40, 0, 20, 40};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(wx_http_after(world.http, ms[i], on_due, &due[i]), 0);
    assert_int_equal(wx_http_pending(world.http), 4);
    assert_string_equal(order.seen, "");
    while (strlen(order.seen) < 4)
        uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_string_equal(order.seen, "abcd");
    assert_int_equal(wx_http_after(world.http, 3600 * 1000, on_due, &due[0]), 0);
    wx_http_close(world.http); /* nobody waits for an hour */
    assert_string_equal(order.seen, "abcdc");
    world.http = NULL;
    close_world(&world);
}

static void later_comes_from_the_loop_and_once(void **state) {
    (void)state;
    struct world world;
    open_world(&world, answer_ok);
    struct later later = {.loop = &world.loop, .http = world.http, .rounds = 1};
    assert_int_equal(wx_http_later(world.http, on_later, &later), 0);
    assert_int_equal(later.calls, 0);
    while (later.calls < 2)
        uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_int_equal(wx_http_later(world.http, on_later, &later), 0);
    assert_int_equal(later.calls, 2);
    wx_http_close(world.http); /* keeps what was promised */
    assert_int_equal(later.calls, 3);
    world.http = NULL;
    close_world(&world);
    assert_int_equal(later.calls, 3);
}

static void a_missing_ca_bundle_is_said(void **state) {
    (void)state;
    uv_loop_t loop;
    struct wx_http *http = NULL;
    void *ctx = talloc_new(NULL);
    const char *reason = NULL;
    assert_int_equal(uv_loop_init(&loop), 0);
    setenv("SSL_CERT_FILE", "/nonexistent/ca.pem", 1);
    assert_int_equal(wx_http_open(ctx, &loop, &http, &reason), WX_E_HTTP);
    assert_int_equal(wx_http_open(ctx, &loop, &http, NULL), WX_E_HTTP);
    unsetenv("SSL_CERT_FILE");
    assert_null(http);
    assert_non_null(strstr(reason, "CA bundle"));
    assert_non_null(strstr(reason, "/nonexistent/ca.pem"));
    talloc_free(ctx);
    assert_int_equal(uv_loop_close(&loop), 0);
}

/* A TLS server with a certificate of its own making: openssl's, or nginx. */
struct tls_server {
    char directory[64], certificate[96], key[96], url[128];
    pid_t pid;
};

static pid_t serving; /* not yet ended: a test that fails leaves it to main() */

/* Starts a program whose output is read from *out, or thrown away when out is NULL. */
static pid_t start(const char *const argv[], FILE **out) {
    int ends[2] = {-1, -1};
    pid_t pid;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (out) {
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
        *out = fdopen(ends[0], "r");
        assert_non_null(*out);
    }
    assert_int_equal(posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    if (out)
        close(ends[1]);
    return pid;
}

/* A directory of its own, with a key and a certificate for 127.0.0.1 in it. */
static void tls_certify(struct tls_server *server) {
    const char *const make[] = {"openssl",
                                "req",
                                "-x509",
                                "-batch",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-subj",
                                "/CN=day21",
                                "-addext",
                                "subjectAltName=IP:127.0.0.1",
                                "-keyout",
                                server->key,
                                "-out",
                                server->certificate,
                                NULL};
    int status;
    strcpy(server->directory, "/tmp/day21-http-XXXXXX");
    assert_non_null(mkdtemp(server->directory));
    snprintf(server->certificate, sizeof server->certificate, "%s/cert.pem", server->directory);
    snprintf(server->key, sizeof server->key, "%s/key.pem", server->directory);
    assert_true(waitpid(start(make, NULL), &status, 0) > 0);
    assert_int_equal(status, 0);
}

static void tls_open(struct tls_server *server) {
    const char *const serve[] = {"openssl", "s_server",  "-accept", "127.0.0.1:0",       "-www",
                                 "-key",    server->key, "-cert",   server->certificate, NULL};
    char line[256] = "", *port = NULL;
    FILE *out;
    tls_certify(server);
    server->pid = serving = start(serve, &out);
    while (!port && fgets(line, sizeof line, out))
        port = strncmp(line, "ACCEPT", 6) == 0 ? strrchr(line, ':') : NULL;
    assert_non_null(port);
    snprintf(server->url, sizeof server->url, "https://127.0.0.1:%d/?" SECRET, atoi(port + 1));
    fclose(out);
}

static void tls_close(struct tls_server *server) {
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    serving = 0;
    unlink(server->certificate);
    unlink(server->key);
    rmdir(server->directory);
}

static void tls_is_verified(void **state) {
    (void)state;
    struct tls_server server;
    struct world world;
    tls_open(&server);
    open_world(&world, answer_ok);
    assert_int_equal(send_to(&world, server.url, 0), 0);
    run_until(&world, 1);
    assert_int_equal(world.error, WX_E_HTTP);
    assert_false(world.sent);
    assert_non_null(strstr(world.reason, "certificate"));
    close_world(&world);

    setenv("SSL_CERT_FILE", server.certificate, 1);
    open_world(&world, answer_ok);
    assert_int_equal(send_to(&world, server.url, 0), 0);
    run_until(&world, 1);
    assert_int_equal(world.error, 0);
    assert_int_equal(world.status, 200);
    close_world(&world);
    unsetenv("SSL_CERT_FILE");
    tls_close(&server);
}

/* A port that was free a moment ago. */
static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* nginx with HTTP/2, which answers with the protocol and the number of the connection. */
static const char nginx_conf[] =
    "daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;\n"
    "events {}\n"
    "http { access_log off; keepalive_requests 100; client_body_temp_path %1$s/body;\n"
    "  proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u;\n"
    "  scgi_temp_path %1$s/s;\n"
    "  server { listen 127.0.0.1:%2$d ssl http2; ssl_certificate %1$s/cert.pem;\n"
    "    ssl_certificate_key %1$s/key.pem;\n"
    "    location / { return 200 '$server_protocol $connection'; } } }\n";

static void nginx_open(struct tls_server *server) {
    char conf[96], log[96];
    tls_certify(server);
    int port = free_port();
    snprintf(conf, sizeof conf, "%s/nginx.conf", server->directory);
    snprintf(log, sizeof log, "%s/error.log", server->directory);
    snprintf(server->url, sizeof server->url, "https://127.0.0.1:%d/", port);
    FILE *file = fopen(conf, "w");
    assert_non_null(file);
    fprintf(file, nginx_conf, server->directory, port);
    fclose(file);
    const char *const serve[] = {"nginx", "-c", conf, "-e", log, NULL};
    server->pid = serving = start(serve, NULL);
}

static void nginx_close(struct tls_server *server) {
    const char *const remove[] = {"rm", "-rf", server->directory, NULL};
    kill(server->pid, SIGTERM);
    waitpid(server->pid, NULL, 0);
    serving = 0;
    waitpid(start(remove, NULL), NULL, 0);
}

static void post_tls(struct world *world, const struct tls_server *server) {
    struct wx_http_request request = {
        .method = "POST", .url = server->url, .body = "{}", .body_length = 2};
    assert_int_equal(wx_http_send(world->http, &request, on_done, world), 0);
}

static void http2_carries_a_burst_on_one_connection(void **state) {
    (void)state;
    struct tls_server server = {.pid = 0};
    struct world world;
    nginx_open(&server);
    setenv("SSL_CERT_FILE", server.certificate, 1);
    open_world(&world, answer_ok);
    /* Until nginx has come up. */
    for (unsigned tries = 1; world.error; tries++) {
        assert_true(tries < 500 && waitpid(server.pid, NULL, WNOHANG) == 0);
        post_tls(&world, &server);
        run_until(&world, tries);
        if (world.error)
            uv_sleep(20);
    }
    char first[sizeof world.body];
    strcpy(first, world.body);
    assert_int_equal(strncmp(first, "HTTP/2.0 ", 9), 0);
    unsigned answers = world.answers;
    for (unsigned i = 0; i < 80; i++)
        post_tls(&world, &server);
    run_until(&world, answers + 80);
    assert_int_equal(world.error, 0);
    assert_string_equal(world.body, first);

    /* nginx ends the connection at 100 requests: what follows goes on another. */
    answers = world.answers;
    for (unsigned i = 0; i < 40; i++) {
        post_tls(&world, &server);
        run_until(&world, answers + i + 1);
        assert_int_equal(world.error, 0);
    }
    assert_string_not_equal(world.body, first);

    /* What must not be done twice keeps to HTTP/1.1, though a connection with HTTP/2 is there, and
     * the others keep to theirs. */
    for (unsigned i = 0; i < 4; i++) {
        struct wx_http_request once = {
            .method = "POST", .url = server.url, .body = "{}", .body_length = 2, .once = true};
        answers = world.answers;
        assert_int_equal(wx_http_send(world.http, &once, on_done, &world), 0);
        run_until(&world, answers + 1);
        assert_int_equal(strncmp(world.body, "HTTP/1.1 ", 9), 0);
        post_tls(&world, &server);
        run_until(&world, answers + 2);
        assert_int_equal(strncmp(world.body, "HTTP/2.0 ", 9), 0);
    }
    close_world(&world);
    unsetenv("SSL_CERT_FILE");
    nginx_close(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(get_is_sent_and_answered),
        cmocka_unit_test(post_copies_its_body_and_says_its_type),
        cmocka_unit_test(a_large_post_goes_without_asking),
        cmocka_unit_test(connections_are_kept),
        cmocka_unit_test(connections_are_capped_and_the_rest_waits),
        cmocka_unit_test(waiting_for_a_turn_is_no_part_of_the_timeout),
        cmocka_unit_test(silence_times_out),
        cmocka_unit_test(nobody_there_is_an_error_and_nothing_was_sent),
        cmocka_unit_test(bad_answers_are_errors_without_what_was_sent),
        cmocka_unit_test(a_post_is_not_sent_twice),
        cmocka_unit_test(a_get_that_is_once_is_not_sent_twice_either),
        cmocka_unit_test(what_the_server_says_of_its_clock_is_told),
        cmocka_unit_test(what_cannot_be_sent_goes_to_the_other_domain),
        cmocka_unit_test(where_neither_domain_can_be_reached_it_is_said),
        cmocka_unit_test(what_has_been_sent_goes_nowhere_else),
        cmocka_unit_test(a_connection_closed_at_rest_is_replaced),
        cmocka_unit_test(a_body_is_read_to_its_limit_and_not_further),
        cmocka_unit_test(endless_headers_end),
        cmocka_unit_test(what_is_no_http_url_is_refused),
        cmocka_unit_test(a_proxy_of_the_environment_is_not_used),
        cmocka_unit_test(closing_ends_what_is_under_way),
        cmocka_unit_test(a_callback_may_close),
        cmocka_unit_test(the_parent_may_be_freed_after_closing),
        cmocka_unit_test(what_is_promised_comes_in_the_order_it_is_due),
        cmocka_unit_test(later_comes_from_the_loop_and_once),
        cmocka_unit_test(a_missing_ca_bundle_is_said),
        cmocka_unit_test(tls_is_verified),
        cmocka_unit_test(http2_carries_a_burst_on_one_connection),
    };
    signal(SIGPIPE, SIG_IGN); /* as the program does */
    char path[4096];
    snprintf(path, sizeof path, "%s:/usr/sbin", getenv("PATH"));
    setenv("PATH", path, 1); /* nginx, for those who are not root */
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (serving)
        kill(serving, SIGKILL);
    return failed;
}
