#ifndef DAY21_FASTCGI_H
#define DAY21_FASTCGI_H

/* A FastCGI responder on libuv. Rules: FastCGI Specification 1.0 (fastcgi-archives.github.io),
 * role RESPONDER; requests are not multiplexed on a connection (FCGI_MPXS_CONNS 0), as nginx never
 * does. Kept and unkept connections (FCGI_KEEP_CONN).
 * Why not libfcgi: a thread a connection starves as soon as there are more connections than
 * threads. */

#include <stddef.h>
#include <stdint.h>

struct uv_loop_s;
struct fcgi_server;

/* Everything below belongs to the request and lives until fcgi_answer(), also when the peer has
 * gone in between. Strings are NUL-terminated, never NULL. */
struct fcgi_request {
    uint64_t id;        /* unique in this process, for log lines */
    const char *method; /* REQUEST_METHOD */
    const char *path;   /* DOCUMENT_URI: decoded, without the query */
    const char *query;  /* QUERY_STRING: as it came */
    const void *body;   /* STDIN, NUL-terminated beyond body_length */
    size_t body_length;
    void *ctx; /* talloc parent for all that the answer needs; freed after it */
};

/* A param by its name, or NULL. Of two with one name the first counts: nginx sends what its
 * configuration sets before what the client's headers say. */
const char *fcgi_param(const struct fcgi_request *request, const char *name);

/* Called when a request is whole. It must lead to exactly one fcgi_answer(), now or later. */
typedef void fcgi_handler(void *data, struct fcgi_request *request);

struct fcgi_answer {
    int status;               /* 100 to 999 */
    const char *content_type; /* NULL: text/plain; charset=utf-8 */
    const char *headers;      /* further header lines, each ending "\r\n"; NULL for none */
    const void *body;         /* copied */
    size_t length;
};

/* Answers and ends the request; `request` is gone on return. To a peer that has gone, or that has
 * aborted the request, it only frees. An answer whose content type or headers are no header lines
 * would let somebody inject: it becomes an empty 500. */
void fcgi_answer(struct fcgi_request *request, const struct fcgi_answer *answer);

struct fcgi_options { /* 0 takes the number of config/limits.h */
    size_t params_limit, body_limit;
    unsigned connection_limit;
    unsigned gather_ms;
    unsigned stop_ms;
};

/* A listening socket for "/path/of.sock" (mode 0660, a stale file is replaced, a live one is not)
 * or "127.0.0.1:port"; several processes may accept from it. The one that systemd holds for this
 * process, when there is one, which must be of that path. Returns it, or -1 with *reason, static or
 * belonging to ctx: one sentence. */
int fcgi_socket(void *ctx, const char *address, const char **reason);

/* Serves on `fd`, which it owns from now on, also when it fails. Without calling the handler, a
 * request over a cap is answered 413 (params: 431), one whose params or length contradict
 * themselves 400. A connection whose peer takes longer than gather_ms to send its first request, to
 * finish one, or to take any more of an answer, is closed. It is not read from while it has output
 * to take.
 * Returns 0 or a negative errno. The server belongs to ctx. */
int fcgi_open(void *ctx, struct uv_loop_s *loop, int fd, const struct fcgi_options *options,
              fcgi_handler *handler, void *data, struct fcgi_server **server);

/* An orderly stop: takes nothing new, answers what is in hand (for stop_ms at most), closes idle
 * connections at once, then calls `stopped` from the loop, once, after which the server may be
 * freed. In hand is every request of which something had arrived. A connection that has brought
 * nothing yet is given a moment, as a web server connects to send at once. Requests not answered
 * within stop_ms lose their peer, and stay valid until fcgi_answer() all the same. A second call
 * changes nothing. */
void fcgi_stop(struct fcgi_server *server, void (*stopped)(void *data), void *data);

#endif
