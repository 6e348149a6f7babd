#ifndef DAY21_TESTS_WX_PEER_H
#define DAY21_TESTS_WX_PEER_H

/* A server on the test's own loop and a port of loopback, for tests of what goes out. It reads
 * HTTP/1.1 requests with a Content-Length and hands each to the test, which answers it well, badly,
 * later or never. Everything is counted. */

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <uv.h>

struct peer;

struct peer_connection {
    LIST_ENTRY(peer_connection) link;
    uv_tcp_t tcp;
    struct peer *peer;
    char *bytes; /* what has come of the request, NUL-terminated */
    size_t length;
    bool busy; /* a request has been handed over and not been answered */
};

struct peer_request {
    const char *method, *target, *headers, *body; /* NUL-terminated */
};

typedef void peer_answer(struct peer *peer, struct peer_connection *connection,
                         const struct peer_request *request);

struct peer {
    uv_tcp_t server;
    peer_answer *answer;
    void *data;
    char base[64]; /* http://127.0.0.1:port */
    unsigned connections, requests;
    unsigned open, most_open;
    LIST_HEAD(, peer_connection) list;
};

static inline void peer_on_closed(uv_handle_t *handle) {
    struct peer_connection *connection = handle->data;
    free(connection->bytes);
    free(connection);
}

/* Cuts the connection, whatever it is in the middle of. */
static inline void peer_drop(struct peer_connection *connection) {
    if (uv_is_closing((uv_handle_t *)&connection->tcp))
        return;
    LIST_REMOVE(connection, link);
    connection->peer->open--;
    uv_close((uv_handle_t *)&connection->tcp, peer_on_closed);
}

struct peer_write {
    uv_write_t write;
    bool drop;
    char bytes[];
};

static inline void peer_on_written(uv_write_t *write, int status) {
    struct peer_write *written = write->data;
    struct peer_connection *connection = write->handle->data;
    if (written->drop || status)
        peer_drop(connection);
    free(written);
}

/* Writes these bytes, then cuts the connection if `drop`. */
static inline void peer_write(struct peer_connection *connection, const char *bytes, size_t length,
                              bool drop) {
    struct peer_write *write = malloc(sizeof *write + length);
    assert(write);
    memcpy(write->bytes, bytes, length);
    write->drop = drop;
    write->write.data = write;
    connection->busy = false;
    uv_buf_t buffer = uv_buf_init(write->bytes, (unsigned)length);
    if (uv_write(&write->write, (uv_stream_t *)&connection->tcp, &buffer, 1, peer_on_written))
        free(write);
}

/* An answer as it should be. */
static inline void peer_reply(struct peer_connection *connection, int status, const char *body) {
    size_t size = strlen(body) + 256;
    char *bytes = malloc(size);
    assert(bytes);
    int length = snprintf(bytes, size,
                          "HTTP/1.1 %d Said\r\nContent-Type: text/plain\r\n"
                          "Content-Length: %zu\r\n\r\n%s",
                          status, strlen(body), body);
    peer_write(connection, bytes, (size_t)length, false);
    free(bytes);
}

/* The same with any bytes. */
static inline void peer_reply_bytes(struct peer_connection *connection, const char *body,
                                    size_t length) {
    char *bytes = malloc(length + 128);
    assert(bytes);
    int head = sprintf(bytes, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", length);
    memcpy(bytes + head, body, length);
    peer_write(connection, bytes, (size_t)head + length, false);
    free(bytes);
}

static inline size_t peer_content_length(const char *headers) {
    const char *field = strcasestr(headers, "\r\nContent-Length:");
    return field ? strtoul(field + 17, NULL, 10) : 0;
}

/* Hands over the request when it is whole. The client sends one at a time. */
static inline void peer_look(struct peer_connection *connection) {
    char *end = strstr(connection->bytes, "\r\n\r\n");
    if (!end || connection->busy)
        return;
    size_t head = (size_t)(end - connection->bytes) + 4;
    if (connection->length < head + peer_content_length(connection->bytes))
        return;
    char *bytes = connection->bytes;
    *end = '\0';
    connection->bytes = NULL;
    connection->length = 0;
    connection->busy = true;
    connection->peer->requests++;
    char *headers = strstr(bytes, "\r\n");
    struct peer_request request = {.headers = headers ? headers : "", .body = end + 4};
    char *rest = bytes;
    request.method = strsep(&rest, " ");
    request.target = strsep(&rest, " ");
    connection->peer->answer(connection->peer, connection, &request);
    free(bytes);
}

static inline void peer_on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)handle;
    *buffer = uv_buf_init(malloc(suggested), (unsigned)suggested);
}

static inline void peer_on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    struct peer_connection *connection = stream->data;
    if (count > 0) {
        size_t length = connection->length + (size_t)count;
        connection->bytes = realloc(connection->bytes, length + 1);
        assert(connection->bytes);
        memcpy(connection->bytes + connection->length, buffer->base, (size_t)count);
        connection->bytes[length] = '\0';
        connection->length = length;
        peer_look(connection);
    } else if (count < 0) {
        peer_drop(connection);
    }
    free(buffer->base);
}

static inline void peer_on_connection(uv_stream_t *server, int status) {
    struct peer *peer = server->data;
    struct peer_connection *connection = calloc(1, sizeof *connection);
    assert(connection && status == 0);
    connection->peer = peer;
    uv_tcp_init(server->loop, &connection->tcp);
    connection->tcp.data = connection;
    LIST_INSERT_HEAD(&peer->list, connection, link);
    peer->connections++;
    if (++peer->open > peer->most_open)
        peer->most_open = peer->open;
    if (uv_accept(server, (uv_stream_t *)&connection->tcp))
        peer_drop(connection);
    else
        uv_read_start((uv_stream_t *)&connection->tcp, peer_on_alloc, peer_on_read);
}

static inline int peer_open(struct peer *peer, uv_loop_t *loop, peer_answer *answer, void *data) {
    *peer = (struct peer){.answer = answer, .data = data};
    LIST_INIT(&peer->list);
    struct sockaddr_in address;
    int length = sizeof address, error;
    uv_ip4_addr("127.0.0.1", 0, &address);
    if ((error = uv_tcp_init(loop, &peer->server)) ||
        (error = uv_tcp_bind(&peer->server, (struct sockaddr *)&address, 0)) ||
        (error = uv_listen((uv_stream_t *)&peer->server, 1024, peer_on_connection)) ||
        (error = uv_tcp_getsockname(&peer->server, (struct sockaddr *)&address, &length)))
        return error;
    peer->server.data = peer;
    snprintf(peer->base, sizeof peer->base, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return 0;
}

/* The loop must run on until it has closed. */
static inline void peer_close(struct peer *peer) {
    while (!LIST_EMPTY(&peer->list))
        peer_drop(LIST_FIRST(&peer->list));
    uv_close((uv_handle_t *)&peer->server, NULL);
}

#endif
