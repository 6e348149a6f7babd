#include "bot/fastcgi.h"
#include "bot/fcgi_intake.h"
#include "config/limits.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <talloc.h>
#include <unistd.h>
#include <uv.h>

/* Sockets are polled, not wrapped in libuv's streams: a connection waits for exactly one thing at a
 * time (for its peer to send, for its peer to take, or for its handler), unix and TCP sockets are
 * the same, and a peer that has gone raises no SIGPIPE. */

enum {
    READ_BUFFER = 64 * 1024,
    ACCEPT_MORE = 8,       /* connections than are open, before those have their turn again */
    ACCEPT_PAUSE_MS = 100, /* after running out of descriptors */
    FRESH_MS = 200,        /* a stopping server gives a connection that has brought nothing yet */
};

/* What a connection's peer owes us; it has gather_ms for it. */
enum debt { NOTHING, FIRST_REQUEST, REST_OF_REQUEST, TAKING_OUTPUT };

struct fcgi_connection {
    struct fcgi_server *server;
    struct fcgi_intake intake;
    uv_poll_t poll;
    int fd;
    int waits_for; /* of the poll handle; 0: it is stopped */
    bool fresh;    /* has not begun a request yet */
    bool feeding;  /* inside connection_feed(): who is called from there does not call it again */
    bool last;     /* to be closed when its output is taken */
    bool closing;

    char *output; /* what the peer has not taken yet */
    size_t output_length, output_sent;
    unsigned char *held; /* what has come, but may not be looked at before that or an answer */
    size_t held_length, held_used;

    enum debt debt;
    uint64_t debt_since;
    TAILQ_ENTRY(fcgi_connection) all, debtors;
};

struct fcgi_server {
    uv_loop_t *loop;
    struct fcgi_options options;
    fcgi_handler *handler;
    void *data;

    uv_poll_t listener;
    int fd;
    unsigned handles; /* open in the loop, or closing */
    unsigned connections;
    TAILQ_HEAD(, fcgi_connection) all;
    TAILQ_HEAD(, fcgi_connection) debtors; /* in the order of debt_since: all have the same time */
    TAILQ_HEAD(, fcgi_gathered) in_hand;   /* given to the handler, not answered */

    uv_timer_t clock; /* one for everything; `due` is the earliest of what it is for */
    uint64_t due;     /* UINT64_MAX: it does not run */
    uint64_t accept_again_at, close_fresh_at, give_up_at; /* or UINT64_MAX */

    bool stopping, swept;
    void (*stopped)(void *data);
    void *stopped_data;

    unsigned char
        buffer[READ_BUFFER]; /* one suffices: what is read is taken before the next read */
};

static void connection_resume(struct fcgi_connection *connection);
static void on_clock(uv_timer_t *clock);

/* ---- The clock. */

static void clock_arm(struct fcgi_server *server, uint64_t at) {
    uint64_t now = uv_now(server->loop);
    if (at < server->due && !uv_is_closing((uv_handle_t *)&server->clock)) {
        server->due = at;
        uv_timer_start(&server->clock, on_clock, at > now ? at - now : 0, 0);
    }
}

/* ---- The end of a server. */

static void server_closed(uv_handle_t *handle) {
    struct fcgi_server *server = handle->data;
    if (--server->handles == 0) {
        server->stopped(server->stopped_data);
    }
}

/* Once only the clock is left and nothing is in hand, the stop is complete. */
static void server_settle(struct fcgi_server *server) {
    if (server->stopping && server->handles == 1 && TAILQ_EMPTY(&server->in_hand) &&
        !uv_is_closing((uv_handle_t *)&server->clock)) {
        uv_close((uv_handle_t *)&server->clock, server_closed);
    }
}

/* ---- A connection: its end, its debts, its output. */

static void connection_owes(struct fcgi_connection *connection, enum debt debt) {
    struct fcgi_server *server = connection->server;
    if (debt == connection->debt) {
        return;
    }
    if (connection->debt != NOTHING) {
        TAILQ_REMOVE(&server->debtors, connection, debtors);
    }
    if (debt != NOTHING) {
        connection->debt_since = uv_now(server->loop);
        TAILQ_INSERT_TAIL(&server->debtors, connection, debtors);
        clock_arm(server, connection->debt_since + server->options.gather_ms);
    }
    connection->debt = debt;
}

static void connection_closed(uv_handle_t *handle) {
    struct fcgi_connection *connection = handle->data;
    struct fcgi_server *server = connection->server;
    talloc_free(connection);
    server->handles--;
    server_settle(server);
}

/* The request at hand loses its peer: one the handler has lives on. */
static void connection_drop_request(struct fcgi_connection *connection) {
    bool whole = connection->intake.whole;
    struct fcgi_gathered *request = fcgi_intake_done(&connection->intake);
    if (whole) {
        request->connection = NULL;
    } else {
        talloc_free(request);
    }
}

static void connection_close(struct fcgi_connection *connection) {
    if (connection->closing) {
        return;
    }
    connection->closing = true;
    connection_owes(connection, NOTHING);
    if (connection->intake.request) {
        connection_drop_request(connection);
    }
    TAILQ_REMOVE(&connection->server->all, connection, all);
    connection->server->connections--;
    uv_close((uv_handle_t *)&connection->poll, connection_closed);
    close(connection->fd);
}

/* Sends what the peer takes now and keeps the rest. */
static void connection_write(struct fcgi_connection *connection, const void *bytes, size_t length) {
    if (connection->closing) {
        return;
    }
    if (!connection->output) {
        ssize_t sent = send(connection->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            connection_close(connection);
            return;
        }
        bytes = (const char *)bytes + (sent > 0 ? sent : 0);
        length -= sent > 0 ? (size_t)sent : 0;
        if (!length) {
            return;
        }
    }
    char *output =
        talloc_realloc(connection, connection->output, char, connection->output_length + length);
    if (!output) {
        connection_close(connection);
        return;
    }
    memcpy(output + connection->output_length, bytes, length);
    connection->output = output;
    connection->output_length += length;
}

/* The peer takes output again. */
static void connection_flush(struct fcgi_connection *connection) {
    ssize_t sent =
        send(connection->fd, connection->output + connection->output_sent,
             connection->output_length - connection->output_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        connection_close(connection);
        return;
    }
    if (sent > 0) {
        connection->output_sent += (size_t)sent;
        connection_owes(connection, NOTHING); /* it moves: its time begins anew */
    }
    if (connection->output_sent == connection->output_length) {
        TALLOC_FREE(connection->output);
        connection->output_length = connection->output_sent = 0;
    }
    connection_resume(connection);
}

/* ---- A connection: its input. */

static void on_ready(uv_poll_t *poll, int status, int events);

static bool connection_idle(const struct fcgi_connection *connection) {
    return !connection->intake.request && !connection->output && !connection->held &&
           !connection->intake.header_length;
}

/* Decides from the state of things what the connection waits for, and what its peer owes. */
static void connection_settle(struct fcgi_connection *connection) {
    const struct fcgi_intake *intake = &connection->intake;
    enum debt debt = NOTHING;
    int waits_for = UV_READABLE;
    if (connection->closing) {
        return;
    }
    if (!connection->output &&
        (connection->last ||
         (connection->server->swept && !connection->fresh && connection_idle(connection)))) {
        connection_close(connection);
        return;
    }
    if (connection->output) {
        debt = TAKING_OUTPUT;
        waits_for = UV_WRITABLE;
    } else if (connection->held) {
        waits_for = 0;
    } else if (!intake->whole && (intake->request || intake->header_length)) {
        debt = REST_OF_REQUEST;
    } else if (connection->fresh) {
        debt = FIRST_REQUEST;
    }
    connection_owes(connection, debt);
    if (waits_for != connection->waits_for) {
        connection->waits_for = waits_for;
        if (waits_for) {
            uv_poll_start(&connection->poll, waits_for, on_ready);
        } else {
            uv_poll_stop(&connection->poll);
        }
    }
}

static void connection_abort(struct fcgi_connection *connection) {
    unsigned char end[FCGI_END_RECORD];
    const struct fcgi_gathered *request = connection->intake.request;
    fcgi_end_write(end, request->wire_id, FCGI_REQUEST_COMPLETE);
    connection->last |= !request->keep;
    connection_drop_request(connection);
    connection_write(connection, end, sizeof(end));
}

/* The handler gets it, and with it the duty to answer. */
static void connection_whole(struct fcgi_connection *connection) {
    struct fcgi_server *server = connection->server;
    struct fcgi_gathered *request = connection->intake.request;
    connection_owes(connection, NOTHING);
    request->connection = connection;
    request->server = server;
    TAILQ_INSERT_TAIL(&server->in_hand, request, in_hand);
    if (request->refusal) {
        fcgi_answer(&request->request, &(struct fcgi_answer){.status = request->refusal});
    } else {
        server->handler(server->data, &request->request);
    }
}

/* Returns whether there may be more to take. */
static bool connection_event(struct fcgi_connection *connection, enum fcgi_event event) {
    struct fcgi_intake *intake = &connection->intake;
    switch (event) {
    case FCGI_EVENT_MORE:
    case FCGI_EVENT_HELD:
        return false;
    case FCGI_EVENT_BEGUN:
        connection->fresh = false;
        return true;
    case FCGI_EVENT_WHOLE:
        connection_whole(connection);
        return true;
    case FCGI_EVENT_ABORTED:
        connection_abort(connection);
        return true;
    case FCGI_EVENT_REPLY:
        connection->last |= intake->reply_is_last;
        connection_write(connection, intake->reply, intake->reply_length);
        return true;
    case FCGI_EVENT_BROKEN:
        connection_close(connection);
        return false;
    }
    return false;
}

/* Keeps what may not be taken yet; `bytes` may lie in what is held already. */
static void connection_hold(struct fcgi_connection *connection, const unsigned char *bytes,
                            size_t length) {
    if (connection->held && length) {
        connection->held_used = connection->held_length - length;
    } else if (length) {
        connection->held = talloc_memdup(connection, bytes, length);
        connection->held_length = length;
        connection->held_used = 0;
        if (!connection->held) {
            connection_close(connection);
        }
    } else {
        TALLOC_FREE(connection->held);
    }
}

/* Takes bytes as long as there is no output to be taken first. */
static void connection_feed(struct fcgi_connection *connection, const unsigned char *bytes,
                            size_t length) {
    const unsigned char *end = bytes + length;
    connection->feeding = true;
    while (!connection->closing && !connection->last && !connection->output &&
           connection_event(connection, fcgi_intake_feed(&connection->intake, &bytes, end))) {
    }
    connection->feeding = false;
    if (!connection->closing) {
        connection_hold(connection, bytes, (size_t)(end - bytes));
        connection_settle(connection);
    }
}

/* After an answer, or when output has been taken. */
static void connection_resume(struct fcgi_connection *connection) {
    static const unsigned char none[1];
    if (connection->closing || connection->feeding) {
        return;
    }
    if (connection->held) {
        connection_feed(connection, connection->held + connection->held_used,
                        connection->held_length - connection->held_used);
    } else {
        connection_feed(connection, none, 0);
    }
}

static void connection_read(struct fcgi_connection *connection) {
    struct fcgi_server *server = connection->server;
    ssize_t length = recv(connection->fd, server->buffer, sizeof(server->buffer), MSG_DONTWAIT);
    if (length > 0) {
        connection_feed(connection, server->buffer, (size_t)length);
    } else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
        connection_close(connection);
    }
}

static void on_ready(uv_poll_t *poll, int status, int events) {
    struct fcgi_connection *connection = poll->data;
    if (status < 0) {
        connection_close(connection);
    } else if (events & UV_WRITABLE) {
        connection_flush(connection);
    } else if (events & UV_READABLE) {
        connection_read(connection);
    }
}

/* ---- New connections. */

static void connection_open(struct fcgi_server *server, int fd) {
    struct fcgi_connection *connection = NULL;
    if (server->connections < server->options.connection_limit) {
        connection = talloc_zero(server, struct fcgi_connection);
    }
    if (!connection || uv_poll_init(server->loop, &connection->poll, fd) < 0) {
        talloc_free(connection);
        close(fd);
        return;
    }
    connection->server = server;
    connection->fd = fd;
    connection->fresh = true;
    connection->poll.data = connection;
    connection->intake.params_limit = server->options.params_limit;
    connection->intake.body_limit = server->options.body_limit;
    connection->intake.connection_limit = server->options.connection_limit;
    TAILQ_INSERT_TAIL(&server->all, connection, all);
    server->connections++;
    server->handles++;
    connection_settle(connection);
}

static void on_connect(uv_poll_t *listener, int status, int events);

/* Returns whether there may be another. */
static bool server_accept(struct fcgi_server *server) {
    int fd = accept4(server->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        connection_open(server, fd);
        return true;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        /* The listener stays readable: looking away for a moment leaves who waits to another
         * process, or to us when something has been closed. */
        uv_poll_stop(&server->listener);
        server->accept_again_at = uv_now(server->loop) + ACCEPT_PAUSE_MS;
        clock_arm(server, server->accept_again_at);
        return false;
    }
    return errno == EINTR || errno == ECONNABORTED;
}

/* As many as are open, and some. All of them at once would leave none to another process on this
 * socket; fewer would have those who wait to be let in starve while the open ones are kept busy. */
static void on_connect(uv_poll_t *listener, int status, int events) {
    struct fcgi_server *server = listener->data;
    unsigned most = server->connections + ACCEPT_MORE;
    (void)status, (void)events;
    while (most-- && server_accept(server)) {
    }
}

/* ---- Time passes. */

static void listener_closed(uv_handle_t *handle) {
    struct fcgi_server *server = handle->data;
    server->handles--;
    server_settle(server);
}

/* Everybody who connected before the stop is served, if they have sent something or do so soon. */
static void server_sweep(struct fcgi_server *server) {
    struct fcgi_connection *connection, *next;
    for (unsigned i = 0; i < server->options.connection_limit && server_accept(server); i++) {
    }
    uv_close((uv_handle_t *)&server->listener, listener_closed);
    close(server->fd);
    server->accept_again_at = UINT64_MAX;
    server->swept = true;
    for (connection = TAILQ_FIRST(&server->all); connection; connection = next) {
        next = TAILQ_NEXT(connection, all);
        if (!connection->closing && connection_idle(connection)) {
            connection_read(connection); /* what has arrived is in hand */
        }
        connection_settle(connection);
    }
}

/* Who connected and still has not sent anything: nobody sends there. */
static void server_close_fresh(struct fcgi_server *server) {
    struct fcgi_connection *connection, *next;
    server->close_fresh_at = UINT64_MAX;
    for (connection = TAILQ_FIRST(&server->all); connection; connection = next) {
        next = TAILQ_NEXT(connection, all);
        connection->fresh = false;
        connection_settle(connection);
    }
}

/* The stop has waited long enough. */
static void server_give_up(struct fcgi_server *server) {
    struct fcgi_connection *connection;
    struct fcgi_gathered *request;
    server->give_up_at = UINT64_MAX;
    while ((connection = TAILQ_FIRST(&server->all))) {
        connection_close(connection);
    }
    while ((request = TAILQ_FIRST(&server->in_hand))) {
        TAILQ_REMOVE(&server->in_hand, request, in_hand);
        request->server = NULL;
    }
    server_settle(server);
}

static bool connection_overdue(const struct fcgi_connection *connection) {
    const struct fcgi_server *server = connection->server;
    return connection->debt_since + server->options.gather_ms <= uv_now(server->loop);
}

/* Closes whose time is up. It may be we who were held up: what has arrived meanwhile counts. */
static void server_collect(struct fcgi_server *server) {
    struct fcgi_connection *debtor;
    while ((debtor = TAILQ_FIRST(&server->debtors)) && connection_overdue(debtor)) {
        if (debtor->debt == TAKING_OUTPUT) {
            connection_flush(debtor);
        } else {
            connection_read(debtor);
        }
        if (debtor == TAILQ_FIRST(&server->debtors) && connection_overdue(debtor)) {
            connection_close(debtor);
        }
    }
}

static void on_clock(uv_timer_t *clock) {
    struct fcgi_server *server = clock->data;
    const struct fcgi_connection *debtor;
    uint64_t now = uv_now(server->loop);
    server->due = UINT64_MAX;
    if (server->stopping && !server->swept) {
        server_sweep(server);
    }
    server_collect(server);
    if (server->accept_again_at <= now) {
        server->accept_again_at = UINT64_MAX;
        uv_poll_start(&server->listener, UV_READABLE, on_connect);
    }
    if (server->close_fresh_at <= now) {
        server_close_fresh(server);
    }
    if (server->give_up_at <= now) {
        server_give_up(server);
    }
    if ((debtor = TAILQ_FIRST(&server->debtors))) {
        clock_arm(server, debtor->debt_since + server->options.gather_ms);
    }
    clock_arm(server, server->accept_again_at);
    clock_arm(server, server->close_fresh_at);
    clock_arm(server, server->give_up_at);
}

/* ---- Answers. */

static const char *status_phrase(int status) {
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {410, "Gone"},
        {413, "Payload Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };
    for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
        if (phrases[i].status == status) {
            return phrases[i].phrase;
        }
    }
    return "Status";
}

/* Whether text is lines "Name: value\r\n", none of them empty. */
static bool header_lines(const char *text) {
    while (*text) {
        size_t name =
            strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
        size_t line = strcspn(text, "\r\n");
        if (!name || text[name] != ':' || strncmp(text + line, "\r\n", 2) != 0) {
            return false;
        }
        text += line + 2;
    }
    return true;
}

static bool answer_is_sound(const struct fcgi_answer *answer) {
    return answer->status >= 100 && answer->status <= 999 &&
           (!answer->content_type || !strpbrk(answer->content_type, "\r\n")) &&
           (!answer->headers || header_lines(answer->headers));
}

/* Writes a stream of known length, cut into records. */
struct stream {
    unsigned char *at;
    uint16_t id;
    size_t to_come; /* of the stream, not yet in an opened record */
    size_t room;    /* in the record that is open */
};

static void stream_put(struct stream *stream, const void *bytes, size_t length) {
    const unsigned char *from = bytes;
    while (length) {
        if (!stream->room) {
            stream->room = stream->to_come < FCGI_CONTENT_MAX ? stream->to_come : FCGI_CONTENT_MAX;
            stream->to_come -= stream->room;
            stream->at =
                fcgi_record_write(stream->at, FCGI_STDOUT, stream->id, (uint16_t)stream->room);
        }
        size_t part = length < stream->room ? length : stream->room;
        memcpy(stream->at, from, part);
        stream->at += part;
        stream->room -= part;
        from += part;
        length -= part;
    }
}

/* The whole answer as it goes over the wire; belongs to the request. NULL when out of memory. */
static unsigned char *answer_encode(struct fcgi_gathered *request, const struct fcgi_answer *answer,
                                    size_t *length) {
    static const struct fcgi_answer unsound = {.status = 500};
    answer = answer_is_sound(answer) ? answer : &unsound;
    char *head = talloc_asprintf(
        request, "Status: %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n",
        answer->status, status_phrase(answer->status),
        answer->content_type ? answer->content_type : "text/plain; charset=utf-8", answer->length,
        answer->headers ? answer->headers : "");
    if (!head) {
        return NULL;
    }
    size_t head_length = strlen(head), content = head_length + answer->length;
    size_t records = (content + FCGI_CONTENT_MAX - 1) / FCGI_CONTENT_MAX + 1;
    unsigned char *wire =
        talloc_array(request, unsigned char, content + records * FCGI_HEADER + FCGI_END_RECORD);
    if (!wire) {
        return NULL;
    }
    struct stream stream = {.at = wire, .id = request->wire_id, .to_come = content};
    stream_put(&stream, head, head_length);
    stream_put(&stream, answer->body, answer->length);
    stream.at = fcgi_record_write(stream.at, FCGI_STDOUT, request->wire_id, 0);
    stream.at = fcgi_end_write(stream.at, request->wire_id, FCGI_REQUEST_COMPLETE);
    *length = (size_t)(stream.at - wire);
    return wire;
}

void fcgi_answer(struct fcgi_request *public_request, const struct fcgi_answer *answer) {
    struct fcgi_gathered *request = (struct fcgi_gathered *)public_request;
    struct fcgi_connection *connection = request->connection;
    struct fcgi_server *server = request->server;
    size_t length;
    if (server) {
        TAILQ_REMOVE(&server->in_hand, request, in_hand);
    }
    if (connection) {
        unsigned char *wire = answer_encode(request, answer, &length);
        fcgi_intake_done(&connection->intake);
        connection->last |= !request->keep;
        if (wire) {
            connection_write(connection, wire, length);
        } else {
            connection_close(connection);
        }
    }
    talloc_free(request);
    if (connection) {
        connection_resume(connection);
    }
    if (server) {
        server_settle(server);
    }
}

/* ---- A server. */

static void options_complete(struct fcgi_options *options) {
    if (!options->params_limit) {
        options->params_limit = LIMIT_FCGI_PARAMS;
    }
    if (!options->body_limit) {
        options->body_limit = LIMIT_FCGI_BODY;
    }
    if (!options->connection_limit) {
        options->connection_limit = LIMIT_FCGI_CONNECTIONS;
    }
    if (!options->gather_ms) {
        options->gather_ms = LIMIT_FCGI_GATHER_MS;
    }
    if (!options->stop_ms) {
        options->stop_ms = LIMIT_FCGI_STOP_MS;
    }
}

int fcgi_open(void *ctx, uv_loop_t *loop, int fd, const struct fcgi_options *options,
              fcgi_handler *handler, void *data, struct fcgi_server **result) {
    struct fcgi_server *server = talloc_zero(ctx, struct fcgi_server);
    int one = 1, error = server ? uv_poll_init(loop, &server->listener, fd) : -ENOMEM;
    if (error) {
        talloc_free(server);
        close(fd);
        return error;
    }
    server->loop = loop;
    server->options = options ? *options : (struct fcgi_options){0};
    options_complete(&server->options);
    server->handler = handler;
    server->data = data;
    server->fd = fd;
    server->due = server->accept_again_at = server->close_fresh_at = server->give_up_at =
        UINT64_MAX;
    TAILQ_INIT(&server->all);
    TAILQ_INIT(&server->debtors);
    TAILQ_INIT(&server->in_hand);
    /* Accepted sockets inherit it; a unix socket does not know it. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    uv_timer_init(loop, &server->clock);
    server->handles = 2;
    server->listener.data = server->clock.data = server;
    uv_poll_start(&server->listener, UV_READABLE, on_connect);
    *result = server;
    return 0;
}

void fcgi_stop(struct fcgi_server *server, void (*stopped)(void *data), void *data) {
    uint64_t now = uv_now(server->loop);
    if (server->stopping) {
        return;
    }
    server->stopping = true;
    server->stopped = stopped;
    server->stopped_data = data;
    server->close_fresh_at = now + FRESH_MS;
    server->give_up_at = now + server->options.stop_ms;
    clock_arm(server, now); /* it sweeps: here the handler may be at work on the read buffer */
}
