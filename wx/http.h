#ifndef DAY21_WX_HTTP_H
#define DAY21_WX_HTTP_H

/* HTTP on the loop: the only file that knows libcurl (one curl multi handle, driven by libuv).
 * Connections are kept, TLS is always verified, redirects are not followed, HTTP/2 is used where
 * the server speaks it over TLS. */

#include <stddef.h>

struct uv_loop_s;
struct wx_http;

struct wx_http_request {
    const char *method; /* "GET" or "POST" */
    const char *url;    /* http or https; may carry a secret, so it is never part of an error */
    const char *content_type; /* NULL: application/json; charset=utf-8 */
    const void *body;         /* copied */
    size_t body_length;
    long timeout_ms; /* 0: LIMIT_HTTP_TOTAL_MS */
};

struct wx_http_response {
    int error;          /* 0, WX_E_HTTP, WX_E_TIMEOUT, WX_E_TOO_LARGE */
    const char *reason; /* for a log line: what libcurl said; "" on success */
    long status;
    const char *body; /* NUL-terminated, never NULL */
    size_t length;
};

/* Called once for every wx_http_send() that returned 0, from the loop, never from within it. The
 * response lives until the callback returns. */
typedef void wx_http_done(void *data, const struct wx_http_response *response);

/* Returns 0, WX_E_NOMEM, WX_E_HTTP (no CA bundle: *reason says so). reason may be NULL. */
int wx_http_open(void *ctx, struct uv_loop_s *loop, struct wx_http **http, const char **reason);

/* Returns 0, WX_E_NOMEM, WX_E_HTTP (a URL that is none). */
int wx_http_send(struct wx_http *http, const struct wx_http_request *request, wx_http_done *done,
                 void *data);

/* Requests under way; an orderly stop waits for 0. */
size_t wx_http_pending(const struct wx_http *http);

/* Ends what is under way (its callbacks are called with WX_E_HTTP), closes every handle on the loop
 * and frees `http` when the loop has closed them: the loop must run on for that. Callbacks must not
 * send. */
void wx_http_close(struct wx_http *http);

#endif
