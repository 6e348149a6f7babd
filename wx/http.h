#ifndef DAY21_WX_HTTP_H
#define DAY21_WX_HTTP_H

/* HTTP on the loop: the only file that knows libcurl (one curl multi handle, driven by libuv).
 *
 * Connections are kept, HTTP/2 is used where the server speaks it over TLS. TLS is always verified,
 * against the CA bundle libcurl was built with, or the file that SSL_CERT_FILE names. Redirects are
 * not followed, cookies not kept, and no proxy is used: a proxy in the environment would see the
 * AppSecret and change the address WeChat's IP allow list asks for, so one would have to be said in
 * the config. libcurl sets no signals: the program ignores SIGPIPE. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uv_loop_s;
struct wx_http;

struct wx_http_request {
    const char *method; /* "GET" or "POST" */
    const char *url;    /* http or https; may carry a secret, so it is never part of an error */
    const char *content_type; /* NULL: application/json; charset=utf-8 */
    const void *body;         /* copied */
    size_t body_length;
    long timeout_ms;   /* 0: LIMIT_HTTP_TOTAL_MS; counted from when its turn comes */
    size_t reply_most; /* bytes of the answer's body; 0: LIMIT_HTTP_REPLY */
    bool once;         /* must not be done twice: see wx_http_send() */
};

struct wx_http_response {
    int error;          /* 0, WX_E_HTTP, WX_E_TIMEOUT, WX_E_TOO_LARGE */
    const char *reason; /* for a log line: what libcurl said; "" on success */
    bool sent;          /* false: certainly nothing of the request has left; true says nothing */
    long status;        /* 0 when there was none */
    const char *body;   /* NUL-terminated, never NULL; what had come when error is not 0 */
    size_t length;
    int64_t date; /* what the server's clock said (Date), seconds since 1970; 0: nothing */
};

/* Called once for every wx_http_send() that returned 0, from the loop, never from within it. The
 * response lives until the callback returns. It may send and close. */
typedef void wx_http_done(void *data, const struct wx_http_response *response);

/* `ctx` may be freed after wx_http_close(), not before.
 * Returns 0, WX_E_NOMEM, WX_E_HTTP (no CA bundle: *reason says so, and where it was looked for; it
 * belongs to ctx). reason may be NULL. */
int wx_http_open(void *ctx, struct uv_loop_s *loop, struct wx_http **http, const char **reason);

/* LIMIT_HTTP_CONNECTIONS requests are in the air at once, the rest waits in order of arrival.
 *
 * A kept connection may be closed instead of an answer. Over HTTP/1.1 a POST is sent again on
 * another only when certainly nothing of it had been sent. Over HTTP/2 it is sent again, as a
 * server that renews its connection in good order refuses what it has not looked at; one that dies
 * at the wrong moment may have. `once` is for requests that must not be done twice: a POST goes
 * over HTTP/1.1, a GET on a connection of its own, as libcurl repeats every GET that a kept
 * connection has swallowed. Returns 0, WX_E_NOMEM, WX_E_HTTP (a URL or method that is none;
 * closed). */
int wx_http_send(struct wx_http *http, const struct wx_http_request *request, wx_http_done *done,
                 void *data);

/* Where `base` cannot be reached (its name, its connection, its TLS), before anything has been
 * sent, a request for it goes to `other` instead, and so do all for LIMIT_HTTP_FALLBACK_MS, unless
 * `other` cannot be reached either. What has begun to be sent is never sent elsewhere. The
 * request's timeout is for both ways together, but the second has a second at least. Both are the
 * beginning of URLs, without "/" at the end; copied. Returns 0, WX_E_NOMEM. */
int wx_http_fallback(struct wx_http *http, const char *base, const char *other);

/* Calls `call` once from the loop, soon, never from within: for an answer that needs no request.
 * Returns 0, WX_E_NOMEM, WX_E_HTTP (closed). */
int wx_http_later(struct wx_http *http, void (*call)(void *data), void *data);

/* The same, not before `ms` milliseconds have passed. */
int wx_http_after(struct wx_http *http, uint64_t ms, void (*call)(void *data), void *data);

/* The loop's clock, in milliseconds: for who counts what wx_http_after() waits. */
int64_t wx_http_now(const struct wx_http *http);

/* Requests under way, in the air or waiting, and what is promised for later; an orderly stop waits
 * for 0. */
size_t wx_http_pending(const struct wx_http *http);

/* Ends what is under way (its callbacks are called with WX_E_HTTP, what wx_http_later() promised is
 * called), closes every handle on the loop and frees `http` when the loop has closed them: the loop
 * must run on for that. What the callbacks try to send is refused. */
void wx_http_close(struct wx_http *http);

#endif
