#include "bot/fastcgi.h"

#include "bot/fcgi_record.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

/* A server and its clients in one process and one loop: clients never block, they turn the loop. */
struct scene {
    void *ctx;
    char directory[64], path[128];
    uv_loop_t loop;
    struct fcgi_server *server;
    bool defer; /* the handler keeps requests in `kept` instead of answering */
    struct fcgi_request *kept[64];
    unsigned kept_count, handled, stopped;
    struct fcgi_answer answer; /* what the handler answers, when it has a status; else an echo */
};

/* "GET /path?query body" */
static void answer_echo(struct fcgi_request *request) {
    assert_int_equal(((const char *)request->body)[request->body_length], 0);
    char *text = talloc_asprintf(request->ctx, "%s %s?%s %s", request->method, request->path,
                                 request->query, (const char *)request->body);
    fcgi_answer(request,
                &(struct fcgi_answer){.status = 200, .body = text, .length = strlen(text)});
}

static void on_request(void *data, struct fcgi_request *request) {
    struct scene *scene = data;
    scene->handled++;
    if (scene->defer) {
        assert_in_range(scene->kept_count, 0, 63);
        scene->kept[scene->kept_count++] = request;
    } else if (scene->answer.status) {
        fcgi_answer(request, &scene->answer);
    } else {
        answer_echo(request);
    }
}

static void on_stopped(void *data) {
    ((struct scene *)data)->stopped++;
}

static void turn(struct scene *scene) {
    uv_run(&scene->loop, UV_RUN_NOWAIT);
}

/* Turns until it is so; a test that waits for what never comes fails. */
#define UNTIL(scene, condition)                                                                    \
    do {                                                                                           \
        unsigned turns_ = 0;                                                                       \
        while (!(condition)) {                                                                     \
            assert_in_range(++turns_, 0, 5000);                                                    \
            turn(scene);                                                                           \
            if (turns_ > 20) {                                                                     \
                usleep(1000);                                                                      \
            }                                                                                      \
        }                                                                                          \
    } while (0)

static void turns(struct scene *scene, unsigned count) {
    while (count--) {
        turn(scene);
    }
}

static void opened(struct scene *scene, const struct fcgi_options *options) {
    const char *reason = "";
    int fd = fcgi_socket(scene->ctx, scene->path, &reason);
    if (fd < 0) {
        fail_msg("%s", reason);
    }
    assert_int_equal(
        fcgi_open(scene->ctx, &scene->loop, fd, options, on_request, scene, &scene->server), 0);
}

static int setup(void **state) {
    struct scene *scene = talloc_zero(NULL, struct scene);
    scene->ctx = talloc_new(scene);
    strcpy(scene->directory, "/tmp/day21-fcgi-XXXXXX");
    assert_non_null(mkdtemp(scene->directory));
    snprintf(scene->path, sizeof(scene->path), "%s/s", scene->directory);
    assert_int_equal(uv_loop_init(&scene->loop), 0);
    *state = scene;
    return 0;
}

static int teardown(void **state) {
    struct scene *scene = *state;
    if (scene->server && !scene->stopped) {
        fcgi_stop(scene->server, on_stopped, scene);
        for (unsigned i = 0; i < scene->kept_count; i++) {
            answer_echo(scene->kept[i]);
        }
        UNTIL(scene, scene->stopped);
    }
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    unlink(scene->path);
    rmdir(scene->directory);
    talloc_free(scene);
    return 0;
}

/* ---- A client. */

struct wire {
    unsigned char bytes[400 * 1024];
    size_t length;
};

static void put(struct wire *wire, const void *bytes, size_t length) {
    assert_in_range(wire->length + length, 0, sizeof(wire->bytes));
    memcpy(wire->bytes + wire->length, bytes, length);
    wire->length += length;
}

static void put_record(struct wire *wire, int type, int id, const void *content, size_t length) {
    unsigned char header[FCGI_HEADER];
    fcgi_record_write(header, (enum fcgi_type)type, (uint16_t)id, (uint16_t)length);
    header[6] = (unsigned char)(type == FCGI_PARAMS ? 5 : 0); /* padding must be skipped */
    put(wire, header, sizeof(header));
    put(wire, content, length);
    put(wire, "\xff\xff\xff\xff\xff", header[6]);
}

static void put_begin(struct wire *wire, int id, int role, bool keep) {
    unsigned char body[8] = {0, (unsigned char)role, keep};
    put_record(wire, FCGI_BEGIN_REQUEST, id, body, sizeof(body));
}

static void put_stream(struct wire *wire, int type, int id, const char *bytes, size_t length) {
    while (length) {
        size_t part = length < FCGI_CONTENT_MAX ? length : FCGI_CONTENT_MAX;
        put_record(wire, type, id, bytes, part);
        bytes += part;
        length -= part;
    }
    put_record(wire, type, id, "", 0);
}

static size_t pair(char *to, const char *name, const char *value, size_t value_length) {
    size_t name_length = strlen(name);
    to[0] = (char)name_length;
    to[1] = (char)(128 | value_length >> 24);
    to[2] = (char)(value_length >> 16);
    to[3] = (char)(value_length >> 8);
    to[4] = (char)value_length;
    memcpy(to + 5, name, name_length);
    memcpy(to + 5 + name_length, value, value_length);
    return 5 + name_length + value_length;
}

static size_t usual_params(char *to) {
    size_t length =
        (size_t)((char *)fcgi_pair_write((unsigned char *)to, "REQUEST_METHOD", "POST") - to);
    length += pair(to + length, "DOCUMENT_URI", "/wx/demo", 8);
    return length + pair(to + length, "QUERY_STRING", "a=1", 3);
}

static void put_request(struct wire *wire, int id, bool keep, const char *body, size_t length) {
    char params[256];
    put_begin(wire, id, FCGI_ROLE_RESPONDER, keep);
    put_stream(wire, FCGI_PARAMS, id, params, usual_params(params));
    put_stream(wire, FCGI_STDIN, id, body, length);
}

static struct wire *wire_new(struct scene *scene) {
    struct wire *wire = talloc(scene->ctx, struct wire);
    wire->length = 0;
    return wire;
}

static struct wire *usual(struct scene *scene, bool keep, const char *body) {
    struct wire *wire = wire_new(scene);
    put_request(wire, 1, keep, body, strlen(body));
    return wire;
}

static int joined(struct scene *scene) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    strcpy(address.sun_path, scene->path);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void say(struct scene *scene, int fd, const void *bytes, size_t length) {
    const unsigned char *from = bytes;
    unsigned stuck = 0;
    while (length) {
        ssize_t sent = send(fd, from, length, MSG_NOSIGNAL);
        if (sent > 0) {
            from += sent;
            length -= (size_t)sent;
        } else {
            assert_int_equal(errno, EAGAIN);
            assert_in_range(++stuck, 0, 5000);
            turn(scene);
        }
    }
}

/* What the server has said: the stream of one request, and its end. */
struct heard {
    char out[6 * 1024 * 1024];
    size_t length;
    int ended; /* protocol status + 1; 0: not yet */
    int id;
    int type; /* of the last record */
    unsigned records;
    unsigned char content[FCGI_CONTENT_MAX]; /* of the last record */
};

/* Reads exactly; returns whether that was possible before the end. */
static bool take(struct scene *scene, int fd, void *to, size_t length) {
    size_t got = 0;
    for (unsigned idle = 0; got < length;) {
        ssize_t more = recv(fd, (char *)to + got, length - got, 0);
        if (more > 0) {
            got += (size_t)more;
            idle = 0;
        } else if (more == 0 || errno == ECONNRESET) {
            return false;
        } else {
            assert_int_equal(errno, EAGAIN);
            assert_in_range(++idle, 0, 5000);
            turn(scene);
            if (idle > 20) {
                usleep(1000);
            }
        }
    }
    return true;
}

static bool hear_record(struct scene *scene, int fd, struct heard *heard) {
    unsigned char header[FCGI_HEADER];
    struct fcgi_record record;
    if (!take(scene, fd, header, sizeof(header))) {
        return false;
    }
    assert_int_equal(fcgi_record_read(header, &record), 0);
    if (!take(scene, fd, heard->content, record.content)) {
        return false;
    }
    heard->type = record.type;
    heard->id = record.id;
    heard->records++;
    if (record.type == FCGI_STDOUT) {
        assert_in_range(heard->length + record.content, 0, sizeof(heard->out) - 1);
        memcpy(heard->out + heard->length, heard->content, record.content);
        heard->length += record.content;
    } else if (record.type == FCGI_END_REQUEST) {
        heard->ended = heard->content[4] + 1;
    }
    heard->out[heard->length] = 0;
    return true;
}

/* An answer to its END_REQUEST. NULL when the connection was closed before. */
static struct heard *hear(struct scene *scene, int fd) {
    struct heard *heard = talloc(scene->ctx, struct heard);
    memset(heard, 0, offsetof(struct heard, content));
    heard->length = heard->records = 0;
    while (!heard->ended) {
        if (!hear_record(scene, fd, heard)) {
            talloc_free(heard);
            return NULL;
        }
    }
    return heard;
}

static void expect(struct scene *scene, int fd, const char *status, const char *body) {
    struct heard *heard = hear(scene, fd);
    assert_non_null(heard);
    assert_int_equal(heard->ended - 1, FCGI_REQUEST_COMPLETE);
    char *start = talloc_asprintf(heard, "Status: %s\r\n", status);
    assert_memory_equal(heard->out, start, strlen(start));
    assert_string_equal(strstr(heard->out, "\r\n\r\n") + 4, body);
    talloc_free(heard);
}

static void expect_closed(struct scene *scene, int fd) {
    char byte;
    assert_false(take(scene, fd, &byte, 1));
    close(fd);
}

static void expect_served(struct scene *scene) {
    struct wire *wire = usual(scene, false, "still there");
    int fd = joined(scene);
    bool defer = scene->defer;
    scene->defer = false;
    say(scene, fd, wire->bytes, wire->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 still there");
    expect_closed(scene, fd);
    scene->defer = defer;
    talloc_free(wire);
}

/* ---- Requests. */

static void a_request_may_be_cut_at_any_byte(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = usual(scene, true, "hello");
    int fd = joined(scene);
    for (size_t cut = 1; cut < wire->length; cut++) {
        say(scene, fd, wire->bytes, cut);
        turns(scene, 3);
        say(scene, fd, wire->bytes + cut, wire->length - cut);
        expect(scene, fd, "200 OK", "POST /wx/demo?a=1 hello");
    }
    for (size_t i = 0; i < wire->length; i++) {
        say(scene, fd, wire->bytes + i, 1);
        turns(scene, 2);
    }
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 hello");
    assert_int_equal(scene->handled, wire->length);
    close(fd);
}

static void several_requests_in_one_write_are_answered_in_order(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = wire_new(scene);
    int fd = joined(scene);
    put_request(wire, 1, true, "one", 3);
    put_request(wire, 1, true, "two", 3);
    put_request(wire, 2, true, "three", 5);
    say(scene, fd, wire->bytes, wire->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 one");
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 two");
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 three");
    close(fd);
}

static void the_next_request_waits_for_the_answer_to_the_one_before(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    scene->defer = true;
    struct wire *wire = wire_new(scene);
    int fd = joined(scene);
    put_request(wire, 1, true, "one", 3);
    put_request(wire, 1, true, "two", 3);
    put_request(wire, 1, false, "three", 5);
    for (size_t cut = 1; cut < 5; cut++) {
        say(scene, fd, wire->bytes + (cut - 1) * wire->length / 4,
            cut * wire->length / 4 - (cut - 1) * wire->length / 4);
        turns(scene, 5);
    }
    for (unsigned i = 0; i < 3; i++) {
        static const char *const bodies[] = {"POST /wx/demo?a=1 one", "POST /wx/demo?a=1 two",
                                             "POST /wx/demo?a=1 three"};
        UNTIL(scene, scene->kept_count == i + 1);
        turns(scene, 5);
        assert_int_equal(scene->kept_count, i + 1);
        answer_echo(scene->kept[i]);
        expect(scene, fd, "200 OK", bodies[i]);
    }
    scene->kept_count = 0;
    expect_closed(scene, fd);
}

static void what_waited_is_answered_in_order_when_its_turn_comes(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    scene->defer = true;
    struct wire *wire = wire_new(scene);
    int fd = joined(scene);
    for (unsigned i = 0; i < 5; i++) {
        put_request(wire, 1, true, &"01234"[i], 1);
    }
    say(scene, fd, wire->bytes, wire->length);
    UNTIL(scene, scene->kept_count == 1);
    scene->defer = false; /* from the second on answers come at once */
    scene->kept_count = 0;
    answer_echo(scene->kept[0]);
    for (unsigned i = 0; i < 5; i++) {
        char body[] = "POST /wx/demo?a=1 #";
        body[sizeof(body) - 2] = (char)('0' + i);
        expect(scene, fd, "200 OK", body);
    }
    assert_int_equal(scene->handled, 5);
    close(fd);
}

static void a_connection_is_kept_when_asked_and_closed_when_not(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    int fd = joined(scene);
    struct wire *kept = usual(scene, true, "a"), *unkept = usual(scene, false, "b");
    say(scene, fd, kept->bytes, kept->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 a");
    say(scene, fd, unkept->bytes, unkept->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 b");
    expect_closed(scene, fd);
}

static void params_of_all_lengths_are_found_and_the_first_of_a_name_counts(void **state) {
    struct scene *scene = *state;
    char params[4096], *filler = talloc_array(scene->ctx, char, 1000);
    memset(filler, 'x', 1000);
    opened(scene, NULL);
    scene->defer = true;
    size_t length = usual_params(params);
    length += pair(params + length, "LONG", filler, 1000);
    length += pair(params + length, "QUERY_STRING", "second", 6);
    length += pair(params + length, "", "nameless", 8);
    length += pair(params + length, "EMPTY", "", 0);
    length += pair(params + length, "CONTENT_LENGTH", "", 0);
    struct wire *wire = wire_new(scene);
    put_begin(wire, 700, FCGI_ROLE_RESPONDER, false);
    put_record(wire, FCGI_PARAMS, 700, params, 33); /* in the middle of a pair */
    put_record(wire, FCGI_PARAMS, 700, params + 33, 1);
    put_stream(wire, FCGI_PARAMS, 700, params + 34, length - 34);
    put_stream(wire, FCGI_STDIN, 700, "", 0);
    int fd = joined(scene);
    say(scene, fd, wire->bytes, wire->length);
    UNTIL(scene, scene->kept_count);
    struct fcgi_request *request = scene->kept[0];
    assert_string_equal(request->query, "a=1");
    assert_int_equal(strlen(fcgi_param(request, "LONG")), 1000);
    assert_string_equal(fcgi_param(request, ""), "nameless");
    assert_string_equal(fcgi_param(request, "EMPTY"), "");
    assert_null(fcgi_param(request, "LON"));
    assert_string_equal(request->body, "");
    assert_int_equal(request->body_length, 0);
    close(fd);
}

static void a_request_that_contradicts_itself_is_refused(void **state) {
    static const struct {
        const char *what, *pairs;
        size_t length;
        const char *body, *status;
    } cases[] = {
        {"NUL in a value", "\1\3Aa\0b", 6, "", "400 Bad Request"},
        {"NUL in a name", "\3\1A\0BB", 6, "", "400 Bad Request"},
        {"name beyond the end", "\5\0AAAA", 6, "", "400 Bad Request"},
        {"value beyond the end", "\1\4Abbb", 6, "", "400 Bad Request"},
        {"four-byte length cut", "\1\x80\0\0", 4, "", "400 Bad Request"},
        {"two gigabytes",
         "\xff\xff\xff\xff\xff\xff\xff\xff"
         "AB",
         10, "", "400 Bad Request"},
        {"value missing", "\1", 1, "", "400 Bad Request"},
        {"shorter than said", "\x0e\1CONTENT_LENGTH5", 17, "four", "400 Bad Request"},
        {"longer than said", "\x0e\1CONTENT_LENGTH3", 17, "four", "400 Bad Request"},
        {"no number", "\x0e\2CONTENT_LENGTH4x", 18, "four", "400 Bad Request"},
        {"negative", "\x0e\2CONTENT_LENGTH-4", 18, "four", "400 Bad Request"},
        {"astronomical",
         "\x0e\x15"
         "CONTENT_LENGTH184467440737095516204",
         37, "four", "413 Payload Too Large"},
        {"as said", "\x0e\1CONTENT_LENGTH4", 17, "four", "200 OK"},
    };
    struct scene *scene = *state;
    opened(scene, NULL);
    int fd = joined(scene);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct wire *wire = wire_new(scene);
        put_begin(wire, 1, FCGI_ROLE_RESPONDER, true);
        put_stream(wire, FCGI_PARAMS, 1, cases[i].pairs, cases[i].length);
        put_stream(wire, FCGI_STDIN, 1, cases[i].body, strlen(cases[i].body));
        say(scene, fd, wire->bytes, wire->length);
        print_message("%s\n", cases[i].what);
        bool good = !strcmp(cases[i].status, "200 OK");
        expect(scene, fd, cases[i].status, good ? " ? four" : "");
        talloc_free(wire);
    }
    assert_int_equal(scene->handled, 1);
    close(fd);
}

static void over_a_cap_is_answered_and_the_connection_stays_good(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.params_limit = 200, .body_limit = 100000});
    char params[512], *body = talloc_array(scene->ctx, char, 100002);
    size_t usual_length = usual_params(params), padding;
    int fd = joined(scene);
    memset(body, 'b', 100002);
    scene->answer = (struct fcgi_answer){.status = 204};
    for (unsigned over = 0; over < 2; over++) {
        struct wire *wire = wire_new(scene);
        padding = 200 - usual_length - 6 + over;
        assert_int_equal(usual_length + pair(params + usual_length, "P", body, padding),
                         200 + over);
        put_begin(wire, 1, FCGI_ROLE_RESPONDER, true);
        put_stream(wire, FCGI_PARAMS, 1, params, 200 + over);
        put_stream(wire, FCGI_STDIN, 1, "x", 1);
        put_request(wire, 1, true, body, 100000 + over);
        say(scene, fd, wire->bytes, wire->length);
        expect(scene, fd, over ? "431 Request Header Fields Too Large" : "204 No Content", "");
        expect(scene, fd, over ? "413 Payload Too Large" : "204 No Content", "");
    }
    assert_int_equal(scene->handled, 2);
    close(fd);
}

/* ---- Records about the connection, and nonsense. */

static void values_are_told(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.connection_limit = 77});
    struct wire *wire = wire_new(scene);
    struct heard *heard = talloc_zero(scene->ctx, struct heard);
    unsigned char pairs[64], expected[64], *end = pairs;
    int fd = joined(scene);
    end = fcgi_pair_write(end, "FCGI_MPXS_CONNS", "");
    end = fcgi_pair_write(end, "WHATEVER", "");
    end = fcgi_pair_write(end, "FCGI_MAX_CONNS", "");
    put_record(wire, FCGI_GET_VALUES, 0, pairs, (size_t)(end - pairs));
    say(scene, fd, wire->bytes, wire->length);
    assert_true(hear_record(scene, fd, heard));
    assert_int_equal(heard->type, FCGI_GET_VALUES_RESULT);
    end = fcgi_pair_write(expected, "FCGI_MAX_CONNS", "77");
    end = fcgi_pair_write(end, "FCGI_MPXS_CONNS", "0");
    assert_memory_equal(heard->content, expected, (size_t)(end - expected));
    close(fd);
}

static void an_unknown_type_is_said_to_be_unknown(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = wire_new(scene);
    struct heard *heard = talloc_zero(scene->ctx, struct heard);
    int fd = joined(scene);
    put_record(wire, 99, 0, "whatever", 8);
    put_record(wire, FCGI_UNKNOWN_TYPE, 0, "no echo!", 8);
    put_request(wire, 1, true, "", 0);
    say(scene, fd, wire->bytes, wire->length);
    assert_true(hear_record(scene, fd, heard));
    assert_int_equal(heard->type, FCGI_UNKNOWN_TYPE);
    assert_int_equal(heard->content[0], 99);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 ");
    close(fd);
}

static void another_role_is_refused_and_its_records_ignored(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    for (unsigned keep = 0; keep < 2; keep++) {
        struct wire *wire = wire_new(scene);
        int fd = joined(scene);
        put_begin(wire, 5, 3, keep);
        put_stream(wire, FCGI_PARAMS, 5, "\1\1ab", 4);
        put_stream(wire, FCGI_DATA, 5, "data", 4);
        put_request(wire, 6, true, "good", 4);
        say(scene, fd, wire->bytes, wire->length);
        struct heard *heard = hear(scene, fd);
        assert_int_equal(heard->ended - 1, FCGI_UNKNOWN_ROLE);
        assert_int_equal(heard->id, 5);
        if (keep) {
            expect(scene, fd, "200 OK", "POST /wx/demo?a=1 good");
            close(fd);
        } else {
            expect_closed(scene, fd);
        }
    }
}

static void a_second_request_beside_the_first_is_refused(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = usual(scene, true, "first"), *second = wire_new(scene);
    int fd = joined(scene);
    scene->defer = true;
    put_request(second, 2, true, "second", 6);
    say(scene, fd, wire->bytes, 16);
    say(scene, fd, second->bytes, second->length);
    expect_served(scene);
    struct heard *heard = hear(scene, fd);
    assert_int_equal(heard->ended - 1, FCGI_CANT_MPX_CONN);
    assert_int_equal(heard->id, 2);
    say(scene, fd, wire->bytes + 16, wire->length - 16);
    UNTIL(scene, scene->kept_count == 1);
    say(scene, fd, second->bytes, second->length);
    heard = hear(scene, fd);
    assert_int_equal(heard->ended - 1, FCGI_CANT_MPX_CONN);
    answer_echo(scene->kept[0]);
    scene->kept_count = 0;
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 first");
    close(fd);
}

static void what_is_not_fastcgi_closes_the_connection(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", 18},
        {"\2\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0", 16},                  /* version 2 */
        {"\1\1\0\0\0\10\0\0\0\1\0\0\0\0\0\0", 16},                  /* request 0 */
        {"\1\1\0\1\0\7\0\0\0\1\0\0\0\0\0", 15},                     /* a short BEGIN_REQUEST */
        {"\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0\1\1\0\1\0\10\0\0", 24}, /* began twice */
    };
    struct scene *scene = *state;
    opened(scene, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int fd = joined(scene);
        say(scene, fd, cases[i].bytes, cases[i].length);
        expect_closed(scene, fd);
    }
    expect_served(scene);
}

/* ---- Peers that leave. */

static void an_aborted_request_is_ended_and_the_connection_goes_on(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = usual(scene, true, "x"), *abort_record = wire_new(scene);
    int fd = joined(scene);
    put_record(abort_record, FCGI_ABORT_REQUEST, 1, "", 0);
    say(scene, fd, wire->bytes, 16); /* while it is gathered */
    say(scene, fd, abort_record->bytes, abort_record->length);
    struct heard *heard = hear(scene, fd);
    assert_int_equal(heard->length, 0);
    scene->defer = true; /* while it is answered */
    say(scene, fd, wire->bytes, wire->length);
    UNTIL(scene, scene->kept_count == 1);
    say(scene, fd, abort_record->bytes, abort_record->length);
    heard = hear(scene, fd);
    assert_int_equal(heard->length, 0);
    scene->defer = false;
    say(scene, fd, wire->bytes, wire->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 x");
    assert_string_equal(scene->kept[0]->body, "x"); /* still valid */
    answer_echo(scene->kept[0]);
    scene->kept_count = 0;
    say(scene, fd, wire->bytes, wire->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 x");
    close(fd);
}

static void an_aborted_request_on_an_unkept_connection_closes_it(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = wire_new(scene);
    int fd = joined(scene);
    put_begin(wire, 1, FCGI_ROLE_RESPONDER, false);
    put_record(wire, FCGI_ABORT_REQUEST, 1, "", 0);
    say(scene, fd, wire->bytes, wire->length);
    assert_non_null(hear(scene, fd));
    expect_closed(scene, fd);
}

static void a_peer_may_vanish_at_any_byte(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = usual(scene, true, "gone");
    scene->defer = true;
    for (size_t cut = 0; cut <= wire->length; cut++) {
        int fd = joined(scene);
        say(scene, fd, wire->bytes, cut);
        turns(scene, 3);
        close(fd);
        turns(scene, 3);
    }
    assert_int_equal(scene->kept_count, 1);
    assert_string_equal(scene->kept[0]->body, "gone");
    assert_non_null(talloc_strdup(scene->kept[0]->ctx, "still a parent"));
    answer_echo(scene->kept[0]);
    scene->kept_count = 0;
    expect_served(scene);
}

static void a_peer_may_vanish_while_it_is_answered(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    char *body = talloc_zero_array(scene->ctx, char, 3000000);
    scene->answer = (struct fcgi_answer){.status = 200, .body = body, .length = 3000000};
    struct wire *wire = usual(scene, true, "");
    int fd = joined(scene);
    say(scene, fd, wire->bytes, wire->length);
    UNTIL(scene, scene->handled);
    turns(scene, 3);
    close(fd);
    turns(scene, 3);
    scene->answer.status = 0;
    expect_served(scene);
}

static void a_peer_that_is_slow_is_closed(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.gather_ms = 30});
    struct wire *wire = usual(scene, true, "slow");
    size_t cuts[] = {0, 5, 20, 100, wire->length - 1};
    for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
        int fd = joined(scene);
        say(scene, fd, wire->bytes, cuts[i]);
        expect_closed(scene, fd);
    }
    assert_int_equal(scene->handled, 0);
    char *body = talloc_zero_array(scene->ctx, char, 3000000);
    scene->answer = (struct fcgi_answer){.status = 200, .body = body, .length = 3000000};
    int fd = joined(scene);
    say(scene, fd, wire->bytes, wire->length);
    UNTIL(scene, scene->handled);
    for (unsigned i = 0; i < 100; i++) { /* takes nothing */
        usleep(1000);
        turn(scene);
    }
    assert_null(hear(scene, fd));
    close(fd);
}

static void a_peer_that_goes_on_taking_may_take_its_time(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.gather_ms = 200});
    char *body = talloc_zero_array(scene->ctx, char, 3000000), *taken = talloc_size(body, 60000);
    scene->answer = (struct fcgi_answer){.status = 200, .body = body, .length = 3000000};
    struct wire *wire = usual(scene, true, "slow");
    int fd = joined(scene);
    say(scene, fd, wire->bytes, wire->length);
    for (unsigned i = 0; i < 50; i++) { /* 500 ms in all, of 200 each */
        assert_true(take(scene, fd, taken, 60000));
        usleep(10000);
        turn(scene);
    }
    close(fd);
}

static void each_request_of_a_connection_has_its_own_time(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.gather_ms = 500});
    struct wire *wire = usual(scene, true, "x");
    int fd = joined(scene);
    for (unsigned i = 0; i < 3; i++) { /* the end of one arrives with the beginning of the next */
        say(scene, fd, i ? wire->bytes + 20 : wire->bytes, i ? wire->length - 20 : 20);
        if (i) {
            say(scene, fd, wire->bytes, 20);
            expect(scene, fd, "200 OK", "POST /wx/demo?a=1 x");
        }
        turns(scene, 3);
        usleep(300000);
    }
    say(scene, fd, wire->bytes + 20, wire->length - 20);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 x");
    close(fd);
}

static void a_handler_may_take_longer_than_a_peer(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.gather_ms = 20});
    scene->defer = true;
    struct wire *wire = usual(scene, true, "patience");
    int fd = joined(scene);
    say(scene, fd, wire->bytes, wire->length);
    UNTIL(scene, scene->kept_count);
    for (unsigned i = 0; i < 60; i++) {
        usleep(1000);
        turn(scene);
    }
    answer_echo(scene->kept[0]);
    scene->kept_count = 0;
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 patience");
    for (unsigned i = 0; i < 60; i++) { /* and a kept connection may be idle */
        usleep(1000);
        turn(scene);
    }
    scene->defer = false;
    say(scene, fd, wire->bytes, wire->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 patience");
    close(fd);
}

static void a_server_held_up_blames_nobody(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.gather_ms = 20});
    struct wire *wire = usual(scene, true, "in time");
    int fresh = joined(scene), gathering = joined(scene);
    say(scene, gathering, wire->bytes, 20);
    turns(scene, 5);
    say(scene, fresh, wire->bytes, wire->length);
    say(scene, gathering, wire->bytes + 20, wire->length - 20);
    usleep(50000);
    expect(scene, fresh, "200 OK", "POST /wx/demo?a=1 in time");
    expect(scene, gathering, "200 OK", "POST /wx/demo?a=1 in time");
    close(fresh);
    close(gathering);
}

/* ---- Answers. */

static void an_answer_is_cut_into_records(void **state) {
    static const struct {
        size_t length;
        unsigned records; /* with the empty one and END_REQUEST */
    } cases[] = {{0, 3}, {65535 - 95, 3}, {65535 - 80, 4}, {200000, 6}, {5000000, 79}};
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = usual(scene, true, "");
    char *body = talloc_array(scene->ctx, char, 5000000);
    int fd = joined(scene);
    for (size_t i = 0; i < 5000000; i++) {
        body[i] = (char)('a' + i % 23);
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        scene->answer =
            (struct fcgi_answer){.status = 200, .body = body, .length = cases[i].length};
        say(scene, fd, wire->bytes, wire->length);
        struct heard *heard = hear(scene, fd);
        char *start = strstr(heard->out, "\r\n\r\n") + 4;
        assert_int_equal(heard->records, cases[i].records);
        assert_int_equal(heard->out + heard->length - start, cases[i].length);
        assert_memory_equal(start, body, cases[i].length);
        talloc_free(heard);
    }
    close(fd);
}

static void nothing_is_read_from_a_peer_that_does_not_take_its_answers(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = wire_new(scene);
    char *body = talloc_zero_array(scene->ctx, char, 1000000);
    scene->answer = (struct fcgi_answer){.status = 200, .body = body, .length = 1000000};
    int fd = joined(scene);
    for (unsigned i = 0; i < 50; i++) {
        put_request(wire, 1, true, "", 0);
    }
    say(scene, fd, wire->bytes, wire->length);
    turns(scene, 50);
    assert_in_range(scene->handled, 1, 2);
    for (unsigned i = 0; i < 50; i++) {
        struct heard *heard = hear(scene, fd);
        assert_int_equal(heard->ended - 1, FCGI_REQUEST_COMPLETE);
        assert_in_range(heard->length, 1000000, 1000200);
        assert_in_range(scene->handled, i + 1, i + 3);
        talloc_free(heard);
    }
    close(fd);
}

static void an_answer_carries_its_headers_and_no_others(void **state) {
    static const struct {
        struct fcgi_answer answer;
        const char *out;
    } cases[] = {
        {{.status = 200, .body = "ok", .length = 2},
         "Status: 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
         "2\r\n\r\nok"},
        {{.status = 302, .headers = "Location: /x\r\nX-Y: z\r\n", .content_type = "text/html"},
         "Status: 302 Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n"
         "Location: /x\r\nX-Y: z\r\n\r\n"},
        {{.status = 418},
         "Status: 418 Status\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
         "0\r\n\r\n"},
        {{.status = 200, .headers = "A: b"}, NULL},
        {{.status = 200, .headers = "A: b\r\n\r\nbody"}, NULL},
        {{.status = 200, .headers = "A: b\nC: d\r\n"}, NULL},
        {{.status = 200, .headers = "A: b\rC: d\r\n"}, NULL},
        {{.status = 200, .headers = ": b\r\n"}, NULL},
        {{.status = 200, .headers = "A b: c\r\n"}, NULL},
        {{.status = 200, .content_type = "text/html\r\nX: y"}, NULL},
        {{.status = 20}, NULL},
        {{.status = 1000}, NULL},
    };
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = usual(scene, true, "");
    int fd = joined(scene);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        scene->answer = cases[i].answer;
        say(scene, fd, wire->bytes, wire->length);
        struct heard *heard = hear(scene, fd);
        assert_string_equal(
            heard->out, cases[i].out ? cases[i].out
                                     : "Status: 500 Internal Server Error\r\nContent-Type: "
                                       "text/plain; charset=utf-8\r\nContent-Length: 0\r\n\r\n");
        talloc_free(heard);
    }
    close(fd);
}

/* ---- Many connections. */

static void a_connection_over_the_limit_is_closed_at_once(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.connection_limit = 3});
    struct wire *wire = usual(scene, true, "in");
    int fds[3];
    for (unsigned i = 0; i < 3; i++) {
        fds[i] = joined(scene);
        say(scene, fds[i], wire->bytes, wire->length);
        expect(scene, fds[i], "200 OK", "POST /wx/demo?a=1 in");
    }
    expect_closed(scene, joined(scene));
    close(fds[1]);
    turns(scene, 5);
    expect_served(scene);
    close(fds[0]);
    close(fds[2]);
}

static void out_of_descriptors_it_waits_without_spinning(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct rlimit limit, none;
    struct wire *wire = usual(scene, false, "later");
    turn(scene);
    int fd = joined(scene);
    say(scene, fd, wire->bytes, wire->length);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = (rlim_t)fd + 1;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    uint64_t begun = uv_now(&scene->loop);
    for (unsigned i = 0; i < 5; i++) {
        uv_run(&scene->loop, UV_RUN_ONCE); /* sleeps, as nobody can be let in */
    }
    uint64_t slept = uv_now(&scene->loop) - begun;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(scene->handled, 0);
    assert_true(slept >= 100);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 later");
    expect_closed(scene, fd);
}

/* A kept connection that always has another request must not hold up those who wait to be let in:
 * behind a web server, theirs is as much of the load. */
static void who_waits_to_be_let_in_is_not_behind_the_kept_connections(void **state) {
    enum { WAITING = 160, KEPT_AT_MOST = 20 };
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *next = usual(scene, true, "kept"), *last = usual(scene, false, "waiting");
    int kept = joined(scene), waiting[WAITING];
    say(scene, kept, next->bytes, next->length);
    expect(scene, kept, "200 OK", "POST /wx/demo?a=1 kept");
    for (int i = 0; i < WAITING; i++) {
        waiting[i] = joined(scene);
        say(scene, waiting[i], last->bytes, last->length);
    }
    unsigned before = scene->handled, answers = 0;
    while (scene->handled - answers - before < WAITING) {
        say(scene, kept, next->bytes, next->length);
        expect(scene, kept, "200 OK", "POST /wx/demo?a=1 kept");
        assert_in_range(++answers, 1, KEPT_AT_MOST);
    }
    for (int i = 0; i < WAITING; i++) {
        expect(scene, waiting[i], "200 OK", "POST /wx/demo?a=1 waiting");
        expect_closed(scene, waiting[i]);
    }
    close(kept);
}

/* Serves on `fd` in a process of its own until SIGTERM; its exit status is how many it handled. */
static void on_term(uv_signal_t *signal, int number) {
    struct scene *scene = signal->data;
    (void)number;
    fcgi_stop(scene->server, on_stopped, scene);
    uv_close((uv_handle_t *)signal, NULL);
}

static pid_t forked(int fd) {
    pid_t pid = fork();
    if (pid) {
        return pid;
    }
    struct scene *scene = talloc_zero(NULL, struct scene);
    uv_signal_t signal_handle;
    uv_loop_init(&scene->loop);
    uv_signal_init(&scene->loop, &signal_handle);
    signal_handle.data = scene;
    uv_signal_start(&signal_handle, on_term, SIGTERM);
    if (fcgi_open(scene, &scene->loop, fd, NULL, on_request, scene, &scene->server) < 0) {
        _exit(255);
    }
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    _exit(scene->stopped == 1 ? (int)scene->handled : 254);
}

static void processes_share_a_socket(void **state) {
    struct scene *scene = *state;
    const char *reason;
    int fd = fcgi_socket(scene->ctx, scene->path, &reason), status[2];
    struct wire *wire = usual(scene, true, "who");
    pid_t pids[2] = {forked(fd), forked(fd)};
    close(fd);
    int fds[100];
    for (unsigned i = 0; i < 100; i++) {
        fds[i] = joined(scene);
        say(scene, fds[i], wire->bytes, wire->length);
    }
    for (unsigned i = 0; i < 100; i++) {
        expect(scene, fds[i], "200 OK", "POST /wx/demo?a=1 who");
    }
    for (unsigned i = 0; i < 2; i++) { /* each serves while the other sleeps */
        kill(pids[i], SIGSTOP);
        waitpid(pids[i], &status[i], WUNTRACED);
        expect_served(scene);
        kill(pids[i], SIGCONT);
    }
    kill(pids[0], SIGTERM);
    waitpid(pids[0], &status[0], 0);
    for (unsigned i = 0; i < 20; i++) { /* one has stopped, the other goes on */
        expect_served(scene);
    }
    kill(pids[1], SIGTERM);
    waitpid(pids[1], &status[1], 0);
    for (unsigned i = 0; i < 100; i++) {
        expect_closed(scene, fds[i]);
    }
    assert_true(WIFEXITED(status[0]) && WIFEXITED(status[1]));
    assert_int_equal(WEXITSTATUS(status[0]) + WEXITSTATUS(status[1]), 122);
    assert_in_range(WEXITSTATUS(status[0]), 1, 101);
}

/* ---- The stop. */

static void a_stop_answers_what_is_in_hand_and_closes_the_rest(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = usual(scene, true, "last");
    int idle = joined(scene), busy = joined(scene), gathering = joined(scene), fresh, unread;
    say(scene, idle, wire->bytes, wire->length);
    expect(scene, idle, "200 OK", "POST /wx/demo?a=1 last");
    int unread_kept = joined(scene);
    say(scene, unread_kept, wire->bytes, wire->length);
    expect(scene, unread_kept, "200 OK", "POST /wx/demo?a=1 last");
    scene->defer = true;
    say(scene, busy, wire->bytes, wire->length);
    say(scene, gathering, wire->bytes, 30);
    UNTIL(scene, scene->kept_count == 1);
    turns(scene, 5);
    fresh = joined(scene);
    unread = joined(scene);
    say(scene, unread, wire->bytes, wire->length);
    say(scene, unread_kept, wire->bytes, wire->length);

    fcgi_stop(scene->server, on_stopped, scene);
    fcgi_stop(scene->server, on_stopped, NULL); /* changes nothing */
    expect_closed(scene, idle);
    UNTIL(scene, scene->kept_count == 3);
    say(scene, gathering, wire->bytes + 30, wire->length - 30);
    say(scene, fresh, wire->bytes, wire->length); /* connected before the stop */
    UNTIL(scene, scene->kept_count == 5);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(scene->stopped, 0);
        answer_echo(scene->kept[i]);
    }
    scene->kept_count = 0;
    int fds[] = {busy, gathering, fresh, unread, unread_kept};
    for (unsigned i = 0; i < 5; i++) {
        expect(scene, fds[i], "200 OK", "POST /wx/demo?a=1 last");
        expect_closed(scene, fds[i]);
    }
    UNTIL(scene, scene->stopped);
    turns(scene, 10);
    assert_int_equal(scene->stopped, 1);
    assert_int_equal(uv_loop_alive(&scene->loop), 0);
}

static void a_stop_waits_so_long_and_no_longer(void **state) {
    struct scene *scene = *state;
    opened(scene, &(struct fcgi_options){.stop_ms = 50});
    struct wire *wire = usual(scene, true, "never");
    int fd = joined(scene), partial = joined(scene), orphan = joined(scene);
    scene->defer = true;
    say(scene, fd, wire->bytes, wire->length);
    say(scene, orphan, wire->bytes, wire->length);
    say(scene, partial, wire->bytes, 20);
    UNTIL(scene, scene->kept_count == 2);
    close(orphan);
    turns(scene, 3);
    fcgi_stop(scene->server, on_stopped, scene);
    UNTIL(scene, scene->stopped);
    expect_closed(scene, fd);
    expect_closed(scene, partial);
    talloc_free(scene->server); /* the requests outlive it */
    for (unsigned i = 0; i < 2; i++) {
        assert_string_equal(scene->kept[i]->body, "never");
        answer_echo(scene->kept[i]);
    }
    scene->kept_count = 0;
}

static void a_stop_waits_for_a_request_whose_peer_has_gone(void **state) {
    struct scene *scene = *state;
    opened(scene, NULL);
    struct wire *wire = usual(scene, true, "gone");
    int fd = joined(scene);
    scene->defer = true;
    say(scene, fd, wire->bytes, wire->length);
    UNTIL(scene, scene->kept_count == 1);
    close(fd);
    fcgi_stop(scene->server, on_stopped, scene);
    turns(scene, 20);
    assert_int_equal(scene->stopped, 0);
    answer_echo(scene->kept[0]);
    scene->kept_count = 0;
    UNTIL(scene, scene->stopped);
}

static void stop_from_inside(void *data, struct fcgi_request *request) {
    struct scene *scene = data;
    fcgi_stop(scene->server, on_stopped, scene);
    answer_echo(request);
}

static void a_handler_may_stop_its_server(void **state) {
    struct scene *scene = *state;
    const char *reason;
    int listener = fcgi_socket(scene->ctx, scene->path, &reason), fd = joined(scene);
    assert_int_equal(fcgi_open(scene->ctx, &scene->loop, listener, NULL, stop_from_inside, scene,
                               &scene->server),
                     0);
    struct wire *wire = wire_new(scene);
    put_request(wire, 1, true, "one", 3);
    put_request(wire, 1, true, "two", 3);
    say(scene, fd, wire->bytes, wire->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 one");
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 two");
    expect_closed(scene, fd);
    UNTIL(scene, scene->stopped);
}

/* ---- The socket. */

static void a_socket_file_is_ours_alone(void **state) {
    struct scene *scene = *state;
    const char *reason = NULL;
    struct stat status;
    mode_t mask = umask(0077);
    int fd = fcgi_socket(scene->ctx, scene->path, &reason);
    umask(mask);
    assert_true(fd >= 0);
    assert_int_equal(stat(scene->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0660);
    assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);

    assert_int_equal(fcgi_socket(scene->ctx, scene->path, &reason), -1); /* somebody answers */
    assert_non_null(strstr(reason, "another process serves there"));
    close(joined(scene)); /* and still does */
    close(fd);

    fd = fcgi_socket(scene->ctx, scene->path, &reason); /* a stale one is replaced */
    assert_true(fd >= 0);
    close(joined(scene));
    close(fd);
    unlink(scene->path);

    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, scene->path);
    fd = socket(AF_UNIX, SOCK_DGRAM, 0); /* another's of another kind is not */
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(fcgi_socket(scene->ctx, scene->path, &reason), -1);
    assert_int_equal(access(scene->path, F_OK), 0);
    close(fd);
    unlink(scene->path);

    fd = open(scene->path, O_CREAT | O_WRONLY, 0600); /* a file is not */
    close(fd);
    assert_int_equal(fcgi_socket(scene->ctx, scene->path, &reason), -1);
    assert_int_equal(access(scene->path, F_OK), 0);
}

static void an_address_that_cannot_be_is_refused_with_a_reason(void **state) {
    struct scene *scene = *state;
    static const char *const addresses[] = {
        "",
        "9000",
        ":9000",
        "127.0.0.1:",
        "127.0.0.1:x",
        "127.0.0.1:70000",
        "127.0.0.1:123456",
        "not/there/s",
        "256.1.1.1:9000",
    };
    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
        const char *reason = NULL;
        assert_int_equal(fcgi_socket(scene->ctx, addresses[i], &reason), -1);
        assert_memory_equal(reason, "cannot listen on ", 17);
        assert_null(strchr(reason, '\n'));
    }
    char *path = talloc_asprintf(scene->ctx, "%s/%0120d", scene->directory, 0);
    const char *reason = NULL;
    assert_int_equal(fcgi_socket(scene->ctx, path, &reason), -1);
    assert_non_null(strstr(reason, "too long"));
}

static void a_port_serves_like_a_path(void **state) {
    struct scene *scene = *state;
    const char *reason = "";
    struct sockaddr_in address;
    socklen_t length = sizeof(address);
    int listener = fcgi_socket(scene->ctx, "127.0.0.1:0", &reason);
    assert_true(listener >= 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(
        fcgi_open(scene->ctx, &scene->loop, listener, NULL, on_request, scene, &scene->server), 0);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    struct wire *wire = usual(scene, false, "tcp");
    say(scene, fd, wire->bytes, wire->length);
    expect(scene, fd, "200 OK", "POST /wx/demo?a=1 tcp");
    expect_closed(scene, fd);
}

static void what_is_no_socket_is_not_opened(void **state) {
    struct scene *scene = *state;
    int fd = open("/dev/null", O_RDONLY); /* epoll does not take it */
    struct fcgi_server *server = NULL;
    assert_true(fcgi_open(scene->ctx, &scene->loop, fd, NULL, on_request, scene, &server) < 0);
    assert_null(server);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_request_may_be_cut_at_any_byte),
        TEST(several_requests_in_one_write_are_answered_in_order),
        TEST(the_next_request_waits_for_the_answer_to_the_one_before),
        TEST(what_waited_is_answered_in_order_when_its_turn_comes),
        TEST(a_connection_is_kept_when_asked_and_closed_when_not),
        TEST(params_of_all_lengths_are_found_and_the_first_of_a_name_counts),
        TEST(a_request_that_contradicts_itself_is_refused),
        TEST(over_a_cap_is_answered_and_the_connection_stays_good),
        TEST(values_are_told),
        TEST(an_unknown_type_is_said_to_be_unknown),
        TEST(another_role_is_refused_and_its_records_ignored),
        TEST(a_second_request_beside_the_first_is_refused),
        TEST(what_is_not_fastcgi_closes_the_connection),
        TEST(an_aborted_request_is_ended_and_the_connection_goes_on),
        TEST(an_aborted_request_on_an_unkept_connection_closes_it),
        TEST(a_peer_may_vanish_at_any_byte),
        TEST(a_peer_may_vanish_while_it_is_answered),
        TEST(a_peer_that_is_slow_is_closed),
        TEST(a_peer_that_goes_on_taking_may_take_its_time),
        TEST(each_request_of_a_connection_has_its_own_time),
        TEST(a_handler_may_take_longer_than_a_peer),
        TEST(a_server_held_up_blames_nobody),
        TEST(an_answer_is_cut_into_records),
        TEST(nothing_is_read_from_a_peer_that_does_not_take_its_answers),
        TEST(an_answer_carries_its_headers_and_no_others),
        TEST(a_connection_over_the_limit_is_closed_at_once),
        TEST(out_of_descriptors_it_waits_without_spinning),
        TEST(who_waits_to_be_let_in_is_not_behind_the_kept_connections),
        TEST(processes_share_a_socket),
        TEST(a_stop_answers_what_is_in_hand_and_closes_the_rest),
        TEST(a_stop_waits_so_long_and_no_longer),
        TEST(a_stop_waits_for_a_request_whose_peer_has_gone),
        TEST(a_handler_may_stop_its_server),
        TEST(a_socket_file_is_ours_alone),
        TEST(an_address_that_cannot_be_is_refused_with_a_reason),
        TEST(a_port_serves_like_a_path),
        TEST(what_is_no_socket_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
