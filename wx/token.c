#include "wx/token.h"

#include "config/limits.h"
#include "wx/answer.h"
#include "wx/http.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <talloc.h>
#include <time.h>

/* Seconds */
enum {
    RENEW_BEFORE = 200, /* well inside the 300 in which WeChat gives the next and takes both */
    TRY_AGAIN = 10,     /* the pause between fetches that fail while the old one is good */
    REFUSED_FOR = 60,   /* how long a refusal is believed */
    LIFE_MAX = 86400,   /* WeChat says 7200; no number from outside is taken at its word */
};

struct waiter {
    LIST_ENTRY(waiter) link;
    wx_token_done *done;
    void *data;
};

LIST_HEAD(waiters, waiter);

/* What the token has asked wx_http for, a fetch or a call later. It outlives a token that is freed
 * before it comes. */
struct errand {
    struct wx_token *token; /* NULL: freed */
};

struct wx_token {
    struct wx_http *http;
    char *url, *request, *secret;
    long timeout_ms;

    char *value; /* NULL: none */
    int64_t renew_at, expires_at;

    struct waiters waiters; /* last come first */
    struct errand *errand;  /* NULL: none under way */
    struct wx_result failure;
    char *failure_reason;
    int64_t refused_until;
    unsigned fetches;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time); /* goes on while the machine sleeps, as tokens do */
    return time.tv_sec;
}

static int leave(struct waiter *waiter) {
    LIST_REMOVE(waiter, link);
    return 0;
}

/* Answers those who wait now, in the order they came. A callback may free the token, or other
 * waiters, so neither is touched once the first has been called. */
static void answer(struct wx_token *token, const char *value, const struct wx_result *failure) {
    struct waiters ready = LIST_HEAD_INITIALIZER(ready);
    struct waiter *waiter;
    while ((waiter = LIST_FIRST(&token->waiters))) {
        LIST_REMOVE(waiter, link);
        LIST_INSERT_HEAD(&ready, waiter, link);
    }
    void *copies = talloc_new(NULL);
    char *copy = value ? talloc_strdup(copies, value) : NULL;
    struct wx_result why = *failure;
    if (value && !copy)
        why = (struct wx_result){.error = WX_E_HTTP, .klass = WX_CLASS_BUSY};
    const char *reason = why.reason ? talloc_strdup(copies, why.reason) : NULL;
    why.reason = reason ? reason : wx_error_text(WX_E_NOMEM);
    why.body = "";
    while ((waiter = LIST_FIRST(&ready))) {
        wx_token_done *done = waiter->done;
        void *data = waiter->data;
        talloc_free(waiter);
        done(data, copy, &why);
    }
    talloc_free(copies);
}

static void note_failure(struct wx_token *token, const struct wx_result *result) {
    talloc_free(token->failure_reason);
    token->failure_reason = talloc_strdup(token, result->reason);
    token->failure = *result;
    token->failure.reason = token->failure_reason;
    token->failure.uncertain = false; /* of the call that waits, nothing has been sent */
    if (result->error != WX_E_API)
        return;
    /* There is no token yet that could be wrong: 40001 here is the AppSecret. */
    if (result->klass == WX_CLASS_TOKEN)
        token->failure.klass = WX_CLASS_CONFIG;
    if (result->klass != WX_CLASS_BUSY)
        token->refused_until = now() + REFUSED_FOR;
}

/* 0 when the answer holds a token that can be used. */
static int take(struct wx_token *token, const struct wx_answer *got) {
    size_t length = got->access_token ? strlen(got->access_token) : 0;
    if (length == 0 || length > LIMIT_ACCESS_TOKEN || got->expires_in <= 0)
        return WX_E_REPLY;
    char *value = talloc_strdup(token, got->access_token);
    if (!value)
        return WX_E_NOMEM;
    int64_t life = got->expires_in < LIFE_MAX ? got->expires_in : LIFE_MAX;
    talloc_free(token->value);
    token->value = value;
    token->expires_at = now() + life;
    token->renew_at = token->expires_at - RENEW_BEFORE;
    return 0;
}

static struct wx_token *end_errand(struct errand *errand) {
    struct wx_token *token = errand->token;
    talloc_free(errand);
    if (token)
        token->errand = NULL;
    return token;
}

static void on_fetched(void *data, const struct wx_http_response *response) {
    struct wx_token *token = end_errand(data);
    if (!token)
        return;
    struct wx_answer got;
    void *ctx = talloc_new(NULL);
    wx_answer_read(ctx, response, (const char *const[]){token->secret, NULL}, &got);
    int error = got.result.error ? 0 : take(token, &got);
    if (error)
        got.result = (struct wx_result){
            .error = error == WX_E_REPLY ? WX_E_REPLY : WX_E_HTTP,
            .klass = WX_CLASS_BUSY,
            .reason = error == WX_E_REPLY ? "stable_token answered without a usable token"
                                          : wx_error_text(error),
        };
    if (got.result.error)
        note_failure(token, &got.result);
    talloc_free(ctx);

    bool failed = got.result.error, busy = failed && token->failure.klass == WX_CLASS_BUSY;
    if (busy && token->value && now() < token->expires_at) {
        token->renew_at = now() + TRY_AGAIN;
        if (token->renew_at > token->expires_at)
            token->renew_at = token->expires_at;
        failed = false;
    }
    answer(token, failed ? NULL : token->value, &token->failure);
}

static void on_later(void *data) {
    struct wx_token *token = end_errand(data);
    if (token)
        answer(token, NULL, &token->failure);
}

static int fetch(struct wx_token *token, struct errand *errand) {
    struct wx_http_request request = {
        .method = "POST",
        .url = token->url,
        .body = token->request,
        .body_length = strlen(token->request),
        .timeout_ms = token->timeout_ms,
    };
    int error = wx_http_send(token->http, &request, on_fetched, errand);
    if (!error)
        token->fetches++;
    return error;
}

static int begin_errand(struct wx_token *token) {
    struct errand *errand = talloc_zero(token, struct errand);
    if (!errand)
        return WX_E_NOMEM;
    errand->token = token;
    int error = now() < token->refused_until ? wx_http_later(token->http, on_later, errand)
                                             : fetch(token, errand);
    if (error)
        talloc_free(errand);
    else
        token->errand = errand;
    return error;
}

int wx_token_wait(struct wx_token *token, void *ctx, wx_token_done *done, void *data) {
    struct waiter *waiter = talloc_zero(ctx, struct waiter);
    if (!waiter)
        return WX_E_NOMEM;
    waiter->done = done;
    waiter->data = data;
    LIST_INSERT_HEAD(&token->waiters, waiter, link);
    talloc_set_destructor(waiter, leave);
    int error = token->errand ? 0 : begin_errand(token);
    if (error)
        talloc_free(waiter);
    return error;
}

const char *wx_token_held(const struct wx_token *token) {
    return token->value && now() < token->renew_at ? token->value : NULL;
}

void wx_token_drop(struct wx_token *token, const char *refused) {
    if (!token->value || strcmp(token->value, refused) != 0)
        return;
    talloc_free(token->value);
    token->value = NULL;
}

unsigned wx_token_fetches(const struct wx_token *token) {
    return token->fetches;
}

static int close_token(struct wx_token *token) {
    struct waiter *waiter;
    while ((waiter = LIST_FIRST(&token->waiters)))
        talloc_free(waiter);
    if (token->errand) {
        token->errand->token = NULL;
        talloc_steal(token->http, token->errand);
    }
    return 0;
}

/* force_refresh is never true: it would end the token that other processes hold. */
static int write_request(struct wx_token *token, const struct wx_token_options *options) {
    json_t *root = json_pack("{s:s, s:s, s:s, s:b}", "grant_type", "client_credential", "appid",
                             options->appid, "secret", options->secret, "force_refresh", 0);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    if (!text)
        return WX_E_FIELD;
    token->request = talloc_strdup(token, text);
    free(text);
    return token->request ? 0 : WX_E_NOMEM;
}

int wx_token_open(void *ctx, struct wx_http *http, const struct wx_token_options *options,
                  struct wx_token **token) {
    struct wx_token *made = talloc_zero(ctx, struct wx_token);
    if (!made)
        return WX_E_NOMEM;
    LIST_INIT(&made->waiters);
    made->http = http;
    made->timeout_ms = options->timeout_ms;
    made->url = talloc_strdup(made, options->url);
    made->secret = talloc_strdup(made, options->secret);
    int error = made->url && made->secret ? write_request(made, options) : WX_E_NOMEM;
    if (error) {
        talloc_free(made);
        return error;
    }
    talloc_set_destructor(made, close_token);
    *token = made;
    return 0;
}
