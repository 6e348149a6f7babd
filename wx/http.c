#include "wx/http.h"

#include "config/limits.h"
#include "wx/domain.h"
#include "wx/error.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>
#include <uv.h>

/* One request and its answer. It waits its turn without a handle, and has one while in the air. */
struct exchange {
    TAILQ_ENTRY(exchange) link;
    struct wx_http *http;
    CURL *easy;

    char *url;
    bool post;
    bool tls;
    struct curl_slist *headers;
    char *body;
    size_t body_length, body_read;
    long timeout_ms;
    size_t reply_most;
    bool once;
    enum wx_domain_way way;
    bool turned;      /* one way has been tried in vain */
    int64_t flown_at; /* its first start, as wx_http_now() */
    wx_http_done *done;
    void *data;

    char *reply;
    size_t length, size;  /* of the reply's body: what has come, what is allocated */
    size_t header_length; /* of all its header lines */
    bool headed;          /* the empty line after them has come */
    int64_t date;
    int error; /* why a callback of ours broke it off */
    char reason[CURL_ERROR_SIZE];
};

/* A socket of libcurl's, watched by the loop. */
struct watch {
    LIST_ENTRY(watch) link;
    uv_poll_t poll;
    struct wx_http *http;
    curl_socket_t fd;
};

struct promise {
    TAILQ_ENTRY(promise) link;
    uint64_t due;
    void (*call)(void *data);
    void *data;
};

TAILQ_HEAD(exchanges, exchange);
TAILQ_HEAD(promises, promise);

struct wx_http {
    uv_loop_t *loop;
    CURLM *multi;
    const char *ca_file;      /* NULL: libcurl's own */
    uv_timer_t timer;         /* libcurl's clock */
    uv_timer_t soon;          /* runs the promises */
    struct wx_domain *domain; /* NULL: no fallback */
    size_t handles;           /* on the loop, not yet closed */
    bool closing;
    bool multiplexed; /* the last answer over TLS was HTTP/2 */

    struct exchanges waiting, flying;
    size_t waiting_count, flying_count;
    CURL *idle[LIMIT_HTTP_CONNECTIONS];
    size_t idle_count;

    LIST_HEAD(, watch) watches;
    struct promises promises; /* the first due first */
    size_t promise_count;
};

/* The reply */

static bool grow(struct exchange *exchange, size_t need) {
    if (need <= exchange->size)
        return true;
    size_t size = exchange->size ? exchange->size : 1024;
    while (size < need)
        size *= 2;
    char *reply = talloc_realloc(exchange, exchange->reply, char, size);
    if (!reply)
        return false;
    exchange->reply = reply;
    exchange->size = size;
    return true;
}

static size_t on_body(char *bytes, size_t one, size_t count, void *data) {
    struct exchange *exchange = data;
    size_t length = one * count;
    if (length > exchange->reply_most - exchange->length) {
        exchange->error = WX_E_TOO_LARGE;
        return 0;
    }
    if (!grow(exchange, exchange->length + length + 1)) {
        exchange->error = WX_E_NOMEM;
        return 0;
    }
    memcpy(exchange->reply + exchange->length, bytes, length);
    exchange->length += length;
    exchange->reply[exchange->length] = '\0';
    return length;
}

static void note_date(struct exchange *exchange, const char *bytes, size_t length) {
    static const char name[] = "date:";
    char line[80];
    if (length >= sizeof line || strncasecmp(bytes, name, strlen(name)) != 0)
        return;
    memcpy(line, bytes, length);
    line[length] = '\0';
    time_t date = curl_getdate(line + strlen(name), NULL);
    if (date > 0)
        exchange->date = date;
}

/* Of the headers only the date is read, but an endless list of them must end, and one that ends in
 * the middle is no reply (libcurl takes it for one without a body). */
static size_t on_header(char *bytes, size_t one, size_t count, void *data) {
    struct exchange *exchange = data;
    size_t length = one * count;
    if (length > LIMIT_HTTP_HEADERS - exchange->header_length) {
        exchange->error = WX_E_TOO_LARGE;
        return 0;
    }
    exchange->header_length += length;
    if (length > 5)
        note_date(exchange, bytes, length);
    if (length && length <= 2 && bytes[length - 1] == '\n')
        exchange->headed = true;
    return length;
}

/* The body of a POST, which libcurl gets from a callback because it sends a body it has in memory
 * once more, on its own account, when a kept connection is closed without a byte of an answer,
 * though the server may have done what was asked. */
static size_t on_read(char *bytes, size_t one, size_t count, void *data) {
    struct exchange *exchange = data;
    size_t length = exchange->body_length - exchange->body_read;
    if (length > one * count)
        length = one * count;
    memcpy(bytes, exchange->body + exchange->body_read, length);
    exchange->body_read += length;
    return length;
}

/* Whether it may begin again: not on HTTP/1.1 (CURLE_SEND_FAIL_REWIND; who sent it decides). On
 * HTTP/2 it must, as a server that renews its connection in good order (GOAWAY) refuses what has
 * just been sent on it, without having looked at it. From here the two cannot be told apart for
 * certain, so what must not be done twice keeps to HTTP/1.1. */
static int on_seek(void *data, curl_off_t offset, int origin) {
    struct exchange *exchange = data;
    if (offset != 0 || origin != SEEK_SET || exchange->once || !exchange->tls ||
        !exchange->http->multiplexed)
        return CURL_SEEKFUNC_FAIL;
    exchange->body_read = 0;
    return CURL_SEEKFUNC_OK;
}

/* Easy handles: made when needed, kept for the next request. */

static const struct {
    CURLoption option;
    long value;
} constants[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_CONNECTTIMEOUT_MS, LIMIT_HTTP_CONNECT_MS},
    {CURLOPT_TCP_KEEPALIVE, 1},
    {CURLOPT_MAXAGE_CONN, LIMIT_HTTP_IDLE_S}, /* before the server closes it under a request */
    /* A resolver that hangs would otherwise be waited for, on the loop, when its request ends. */
    {CURLOPT_QUICK_EXIT, 1},
};

static CURL *new_easy(const struct wx_http *http) {
    CURL *easy = curl_easy_init();
    if (!easy)
        return NULL;
    CURLcode code = CURLE_OK;
    for (size_t i = 0; !code && i < sizeof constants / sizeof *constants; i++)
        code = curl_easy_setopt(easy, constants[i].option, constants[i].value);
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* none, whatever the environment says */
    if (!code)
        code = curl_easy_setopt(easy, CURLOPT_USERAGENT, "day21");
    if (!code && http->ca_file) {
        code = curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    if (code) {
        curl_easy_cleanup(easy);
        return NULL;
    }
    return easy;
}

static CURLcode prepare(CURL *easy, struct exchange *exchange) {
    if (exchange->post) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_READDATA, exchange);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, exchange);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_length);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, exchange->timeout_ms);
    /* When the server says so; on_body() when it does not. */
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)exchange->reply_most);
    bool single = exchange->once;
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     single ? (long)CURL_HTTP_VERSION_1_1 : (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, single && !exchange->post ? 1L : 0L);
    /* The first TLS connection is waited for, as it may carry all of a burst (HTTP/2). Plain HTTP
     * only says so in its first answer, which would hold up everything behind a slow one. */
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, exchange->tls && !single ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->reason);
    if (exchange->way != WX_DOMAIN_OTHER)
        return curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
    char *url = wx_domain_url(exchange, exchange->http->domain, exchange->url);
    CURLcode code = url ? curl_easy_setopt(easy, CURLOPT_URL, url) : CURLE_OUT_OF_MEMORY;
    talloc_free(url);
    return code;
}

/* Nothing of the exchange may be known to a handle that rests. */
static void rest(struct wx_http *http, CURL *easy) {
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(easy, CURLOPT_URL, NULL);
    /* There is room: flying and idle together are never more than LIMIT_HTTP_CONNECTIONS. */
    http->idle[http->idle_count++] = easy;
}

/* An exchange's way: waiting, flying, finished */

static int fly(struct wx_http *http, struct exchange *exchange) {
    if (!exchange->turned)
        exchange->flown_at = wx_http_now(http);
    if (http->domain && !exchange->turned)
        exchange->way = wx_domain_way(http->domain, exchange->url, wx_http_now(http));
    CURL *easy = http->idle_count ? http->idle[--http->idle_count] : new_easy(http);
    if (!easy)
        return WX_E_NOMEM;
    if (prepare(easy, exchange) || curl_multi_add_handle(http->multi, easy)) {
        rest(http, easy);
        return WX_E_NOMEM;
    }
    exchange->easy = easy;
    TAILQ_INSERT_TAIL(&http->flying, exchange, link);
    http->flying_count++;
    return 0;
}

static void land(struct wx_http *http, struct exchange *exchange) {
    curl_multi_remove_handle(http->multi, exchange->easy);
    rest(http, exchange->easy);
    exchange->easy = NULL;
    TAILQ_REMOVE(&http->flying, exchange, link);
    http->flying_count--;
}

/* Takes the exchange from wherever it is and answers it. `http` may be closing afterwards. */
static void finish(struct wx_http *http, struct exchange *exchange, int error, const char *reason) {
    struct wx_http_response response = {
        .error = error,
        .reason = reason,
        .body = exchange->reply ? exchange->reply : "",
        .length = exchange->length,
        .date = exchange->date,
    };
    if (exchange->easy) {
        long request_size = 0, version = 0;
        curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &response.status);
        curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &request_size);
        curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_VERSION, &version);
        response.sent = request_size > 0;
        if (exchange->tls && version && !exchange->once)
            http->multiplexed = version >= CURL_HTTP_VERSION_2_0;
        land(http, exchange);
    }
    exchange->done(exchange->data, &response);
    talloc_free(exchange);
}

static struct exchange *next_waiting(struct wx_http *http) {
    struct exchange *exchange = TAILQ_FIRST(&http->waiting);
    if (exchange) {
        TAILQ_REMOVE(&http->waiting, exchange, link);
        http->waiting_count--;
    }
    return exchange;
}

static void fly_waiting(struct wx_http *http) {
    while (!http->closing && http->flying_count < LIMIT_HTTP_CONNECTIONS) {
        struct exchange *exchange = next_waiting(http);
        if (!exchange)
            return;
        if (fly(http, exchange))
            finish(http, exchange, WX_E_HTTP, wx_error_text(WX_E_NOMEM));
    }
}

/* libcurl's own words are more helpful than its words for a code, but may quote what was sent or
 * received. For these codes they are made of host, port, numbers and the system's words. */
static const CURLcode harmless[] = {
    CURLE_COULDNT_RESOLVE_HOST,
    CURLE_COULDNT_CONNECT,
    CURLE_OPERATION_TIMEDOUT,
    CURLE_SSL_CONNECT_ERROR,
    CURLE_PEER_FAILED_VERIFICATION,
    CURLE_SSL_CACERT_BADFILE,
    CURLE_SEND_ERROR,
    CURLE_RECV_ERROR,
    CURLE_GOT_NOTHING,
    CURLE_PARTIAL_FILE,
};

static const char *reason_of(struct exchange *exchange, CURLcode code) {
    if (code == CURLE_SEND_FAIL_REWIND) /* on_seek() said no */
        return "the kept connection was closed instead of an answer";
    bool quote = false;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        quote = quote || code == harmless[i];
    if (!quote || !*exchange->reason)
        return curl_easy_strerror(code);
    for (char *byte = exchange->reason; *byte; byte++) /* a certificate's name is the peer's text */
        if ((unsigned char)*byte < ' ' || *byte == 0x7f)
            *byte = ' ';
    return exchange->reason;
}

enum { LEAST_MS = 1000 }; /* that the second way gets, whatever the first has taken */

/* Sends it to the other domain when nothing of it could be sent to the first. */
static bool turn(struct wx_http *http, struct exchange *exchange, CURLcode code) {
    long sent = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &sent);
    if (code == CURLE_OK || sent > 0 || exchange->error || exchange->way == WX_DOMAIN_FOREIGN)
        return false;
    enum wx_domain_way way = wx_domain_failed(http->domain, exchange->way, wx_http_now(http));
    if (exchange->turned)
        return false;
    exchange->turned = true;
    exchange->way = way;
    exchange->timeout_ms -= wx_http_now(http) - exchange->flown_at;
    if (exchange->timeout_ms < LEAST_MS)
        exchange->timeout_ms = LEAST_MS;
    *exchange->reason = '\0';
    land(http, exchange);
    if (fly(http, exchange))
        finish(http, exchange, WX_E_HTTP, wx_error_text(WX_E_NOMEM));
    return true;
}

static void finish_by(struct wx_http *http, struct exchange *exchange, CURLcode code) {
    if (turn(http, exchange, code))
        return;
    if (code == CURLE_OK && exchange->headed)
        finish(http, exchange, 0, "");
    else if (code == CURLE_OK)
        finish(http, exchange, WX_E_HTTP, "cut off in the headers");
    else if (exchange->error == WX_E_TOO_LARGE || code == CURLE_FILESIZE_EXCEEDED)
        finish(http, exchange, WX_E_TOO_LARGE, wx_error_text(WX_E_TOO_LARGE));
    else if (exchange->error)
        finish(http, exchange, WX_E_HTTP, wx_error_text(exchange->error));
    else
        finish(http, exchange, code == CURLE_OPERATION_TIMEDOUT ? WX_E_TIMEOUT : WX_E_HTTP,
               reason_of(exchange, code));
}

static void collect(struct wx_http *http) {
    CURLMsg *message;
    int left;
    while (!http->closing && (message = curl_multi_info_read(http->multi, &left))) {
        struct exchange *exchange = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        finish_by(http, exchange, code);
    }
    fly_waiting(http);
}

/* libcurl on the loop */

static void on_closed(struct wx_http *http) {
    if (--http->handles == 0) {
        curl_global_cleanup();
        talloc_free(http);
    }
}

static void on_watch_closed(uv_handle_t *handle) {
    struct watch *watch = handle->data;
    struct wx_http *http = watch->http;
    talloc_free(watch);
    on_closed(http);
}

static void on_timer_closed(uv_handle_t *handle) {
    on_closed(handle->data);
}

static void on_ready(uv_poll_t *poll, int status, int events) {
    struct watch *watch = poll->data;
    struct wx_http *http = watch->http;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0, running;
    if (events & UV_READABLE)
        flags |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        flags |= CURL_CSELECT_OUT;
    curl_multi_socket_action(http->multi, watch->fd, flags, &running);
    collect(http);
}

static struct watch *watch_open(struct wx_http *http, curl_socket_t fd) {
    struct watch *watch = talloc_zero(http, struct watch);
    if (!watch)
        return NULL;
    watch->http = http;
    watch->fd = fd;
    if (uv_poll_init_socket(http->loop, &watch->poll, fd)) {
        talloc_free(watch);
        return NULL;
    }
    watch->poll.data = watch;
    LIST_INSERT_HEAD(&http->watches, watch, link);
    http->handles++;
    return watch;
}

static void watch_close(struct watch *watch) {
    LIST_REMOVE(watch, link);
    uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

/* Always returns 0: -1 would end every transfer, a socket that cannot be watched times out alone.
 */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *known) {
    (void)easy;
    struct wx_http *http = data;
    struct watch *watch = known;
    if (what == CURL_POLL_REMOVE) {
        if (watch) {
            curl_multi_assign(http->multi, fd, NULL);
            watch_close(watch);
        }
        return 0;
    }
    if (!watch) {
        watch = watch_open(http, fd);
        if (!watch)
            return 0;
        curl_multi_assign(http->multi, fd, watch);
    }
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    uv_poll_start(&watch->poll, events, on_ready);
    return 0;
}

static void on_time(uv_timer_t *timer) {
    struct wx_http *http = timer->data;
    int running;
    curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect(http);
}

static int on_timer(CURLM *multi, long timeout_ms, void *data) {
    (void)multi;
    struct wx_http *http = data;
    if (timeout_ms < 0)
        uv_timer_stop(&http->timer);
    else if (!http->closing)
        uv_timer_start(&http->timer, on_time, (uint64_t)timeout_ms, 0);
    return 0;
}

/* What is promised for later */

static void keep_promise(struct wx_http *http) {
    struct promise *promise = TAILQ_FIRST(&http->promises);
    TAILQ_REMOVE(&http->promises, promise, link);
    http->promise_count--;
    promise->call(promise->data);
    talloc_free(promise);
}

static void on_soon(uv_timer_t *timer);

static void wait_for_first(struct wx_http *http) {
    struct promise *first = TAILQ_FIRST(&http->promises);
    uint64_t now = uv_now(http->loop);
    if (first && !http->closing)
        uv_timer_start(&http->soon, on_soon, first->due > now ? first->due - now : 0, 0);
}

/* One that is made meanwhile has its turn in the next round. */
static void on_soon(uv_timer_t *timer) {
    struct wx_http *http = timer->data;
    uint64_t now = uv_now(http->loop);
    size_t count = http->promise_count;
    while (count-- && !TAILQ_EMPTY(&http->promises) && TAILQ_FIRST(&http->promises)->due <= now)
        keep_promise(http);
    wait_for_first(http);
}

int wx_http_after(struct wx_http *http, uint64_t ms, void (*call)(void *data), void *data) {
    if (http->closing)
        return WX_E_HTTP;
    struct promise *promise = talloc_zero(http, struct promise), *before;
    if (!promise)
        return WX_E_NOMEM;
    promise->due = uv_now(http->loop) + ms;
    promise->call = call;
    promise->data = data;
    TAILQ_FOREACH_REVERSE(before, &http->promises, promises, link)
    if (before->due <= promise->due)
        break;
    if (before)
        TAILQ_INSERT_AFTER(&http->promises, before, promise, link);
    else
        TAILQ_INSERT_HEAD(&http->promises, promise, link);
    http->promise_count++;
    wait_for_first(http);
    return 0;
}

int wx_http_later(struct wx_http *http, void (*call)(void *data), void *data) {
    return wx_http_after(http, 0, call, data);
}

int64_t wx_http_now(const struct wx_http *http) {
    return (int64_t)uv_now(http->loop);
}

/* Opening, sending, closing */

/* A bundle that is missing would only show as an obscure failure of the first request. */
static int check_ca(void *ctx, const char **file, const char **reason) {
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    const char *named = getenv("SSL_CERT_FILE");
    *file = named && *named ? named : NULL;
    const char *bundle = *file ? *file : info->cainfo ? info->cainfo : info->capath;
    struct stat about;
    if (bundle && access(bundle, R_OK) == 0 && stat(bundle, &about) == 0 && about.st_size > 0)
        return 0;
    if (reason)
        *reason = talloc_asprintf(ctx, "no CA bundle at %s (Debian: package ca-certificates)",
                                  bundle ? bundle : "a place libcurl knows");
    return WX_E_HTTP;
}

static int open_multi(struct wx_http *http) {
    http->multi = curl_multi_init();
    if (!http->multi)
        return WX_E_NOMEM;
    curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
    curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
    curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(http->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)LIMIT_HTTP_CONNECTIONS);
    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)LIMIT_HTTP_CONNECTIONS);
    return 0;
}

int wx_http_open(void *ctx, struct uv_loop_s *loop, struct wx_http **http, const char **reason) {
    const char *ca_file;
    int error = check_ca(ctx, &ca_file, reason);
    if (error)
        return error;
    struct wx_http *made = talloc_zero(ctx, struct wx_http);
    if (!made)
        return WX_E_NOMEM;
    if (curl_global_init(CURL_GLOBAL_DEFAULT)) {
        talloc_free(made);
        return WX_E_NOMEM;
    }
    made->loop = loop;
    TAILQ_INIT(&made->waiting);
    TAILQ_INIT(&made->flying);
    LIST_INIT(&made->watches);
    TAILQ_INIT(&made->promises);
    made->ca_file = ca_file ? talloc_strdup(made, ca_file) : NULL;
    if ((ca_file && !made->ca_file) || open_multi(made)) {
        curl_global_cleanup();
        talloc_free(made);
        return WX_E_NOMEM;
    }
    uv_timer_init(loop, &made->timer);
    uv_timer_init(loop, &made->soon);
    made->timer.data = made->soon.data = made;
    made->handles = 2;
    *http = made;
    return 0;
}

static int free_headers(struct exchange *exchange) {
    curl_slist_free_all(exchange->headers);
    return 0;
}

static bool add_header(struct exchange *exchange, const char *line) {
    struct curl_slist *headers = line ? curl_slist_append(exchange->headers, line) : NULL;
    if (headers)
        exchange->headers = headers;
    return headers;
}

static int set_headers(struct exchange *exchange, const char *content_type) {
    if (!exchange->post)
        return 0;
    if (!content_type)
        content_type = "application/json; charset=utf-8";
    char *line = talloc_asprintf(exchange, "Content-Type: %s", content_type);
    /* Without "Expect:" libcurl asks before a large body, and waits a second for the answer. */
    return add_header(exchange, line) && add_header(exchange, "Expect:") ? 0 : WX_E_NOMEM;
}

/* 0 when it is an http or https URL that libcurl will take as it stands. */
static int check_url(const char *url, bool *tls) {
    CURLU *parsed = curl_url();
    if (!parsed)
        return WX_E_NOMEM;
    char *scheme = NULL, *host = NULL;
    int error = WX_E_HTTP;
    if (!curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) &&
        !curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) &&
        !curl_url_get(parsed, CURLUPART_HOST, &host, 0) && *host) {
        *tls = strcmp(scheme, "https") == 0;
        error = *tls || strcmp(scheme, "http") == 0 ? 0 : WX_E_HTTP;
    }
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parsed);
    return error;
}

static int new_exchange(struct wx_http *http, const struct wx_http_request *request,
                        struct exchange **exchange) {
    bool post = strcmp(request->method, "POST") == 0, tls;
    if (!post && strcmp(request->method, "GET") != 0)
        return WX_E_HTTP;
    int error = check_url(request->url, &tls);
    if (error)
        return error;
    struct exchange *made = talloc_zero(http, struct exchange);
    if (!made)
        return WX_E_NOMEM;
    talloc_set_destructor(made, free_headers);
    made->http = http;
    made->post = post;
    made->tls = tls;
    made->timeout_ms = request->timeout_ms ? request->timeout_ms : LIMIT_HTTP_TOTAL_MS;
    made->url = talloc_strdup(made, request->url);
    made->reply_most = request->reply_most ? request->reply_most : LIMIT_HTTP_REPLY;
    made->once = request->once;
    made->body_length = post ? request->body_length : 0;
    made->body = talloc_size(made, made->body_length + 1);
    if (!made->url || !made->body || set_headers(made, request->content_type)) {
        talloc_free(made);
        return WX_E_NOMEM;
    }
    if (made->body_length)
        memcpy(made->body, request->body, made->body_length);
    *exchange = made;
    return 0;
}

int wx_http_send(struct wx_http *http, const struct wx_http_request *request, wx_http_done *done,
                 void *data) {
    if (http->closing)
        return WX_E_HTTP;
    struct exchange *exchange;
    int error = new_exchange(http, request, &exchange);
    if (error)
        return error;
    exchange->done = done;
    exchange->data = data;
    if (http->flying_count < LIMIT_HTTP_CONNECTIONS && TAILQ_EMPTY(&http->waiting)) {
        error = fly(http, exchange);
        if (error)
            talloc_free(exchange);
        return error;
    }
    TAILQ_INSERT_TAIL(&http->waiting, exchange, link);
    http->waiting_count++;
    return 0;
}

int wx_http_fallback(struct wx_http *http, const char *base, const char *other) {
    return wx_domain_open(http, base, other, &http->domain);
}

size_t wx_http_pending(const struct wx_http *http) {
    return http->flying_count + http->waiting_count + http->promise_count;
}

void wx_http_close(struct wx_http *http) {
    static const char reason[] = "closed before the answer came";
    if (http->closing)
        return;
    http->closing = true;
    talloc_steal(NULL, http);
    struct exchange *exchange;
    while ((exchange = TAILQ_FIRST(&http->flying)))
        finish(http, exchange, WX_E_HTTP, reason);
    while ((exchange = next_waiting(http)))
        finish(http, exchange, WX_E_HTTP, reason);
    while (!TAILQ_EMPTY(&http->promises))
        keep_promise(http);
    while (http->idle_count)
        curl_easy_cleanup(http->idle[--http->idle_count]);
    curl_multi_cleanup(http->multi); /* closes the kept connections, and with them their watches */
    struct watch *watch;
    while ((watch = LIST_FIRST(&http->watches)))
        watch_close(watch);
    uv_close((uv_handle_t *)&http->timer, on_timer_closed);
    uv_close((uv_handle_t *)&http->soon, on_timer_closed);
}
