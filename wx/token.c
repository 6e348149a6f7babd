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
    RENEW_BEFORE = WX_TOKEN_RENEW_MS / 1000,
    TRY_AGAIN = 10,   /* the pause between fetches that fail while the old one is good */
    REFUSED_FOR = 60, /* how long a refusal is believed */
    LIFE_MAX = 86400, /* WeChat says 7200; no number from outside is taken at its word */
};

struct waiter {
    LIST_ENTRY(waiter) link;
    wx_token_done *done;
    void *data;
};

LIST_HEAD(waiters, waiter);

/* What the token has asked for: its turn of the share, a fetch or a call later of wx_http. It
 * outlives a token that is freed before it comes. */
struct errand {
    struct wx_token *token; /* NULL: freed */
    bool right;             /* to fetch, given by the share, with this fence: */
    int64_t fence;
};

struct wx_token {
    struct wx_http *http;
    char *url, *request, *secret;
    long timeout_ms;
    struct wx_token_share share; /* take is NULL: none */

    char *value;   /* NULL: none */
    char *refused; /* by WeChat, and the share has not been told; NULL: none */
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

/* A token that can be used becomes the one at hand. */
static int hold(struct wx_token *token, const char *text, int64_t life) {
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length > LIMIT_ACCESS_TOKEN || life <= 0)
        return WX_E_REPLY;
    char *value = talloc_strdup(token, text);
    if (!value)
        return WX_E_NOMEM;
    if (life > LIFE_MAX)
        life = LIFE_MAX;
    talloc_free(token->value);
    token->value = value;
    token->expires_at = now() + life;
    token->renew_at = token->expires_at - RENEW_BEFORE;
    return 0;
}

/* It has not been renewed, and is good for a little longer. */
static void use_on(struct wx_token *token) {
    token->renew_at = now() + TRY_AGAIN;
    if (token->renew_at > token->expires_at)
        token->renew_at = token->expires_at;
}

static struct wx_token *end_errand(struct errand *errand) {
    struct wx_token *token = errand->token;
    talloc_free(errand);
    if (token)
        token->errand = NULL;
    return token;
}

/* Those who wait are told of the failure, unless it is one that passes and the token at hand is
 * still good. */
static void end_in_failure(struct wx_token *token, const struct wx_result *result) {
    note_failure(token, result);
    bool good = token->value && now() < token->expires_at;
    if (good && token->failure.klass == WX_CLASS_BUSY)
        use_on(token);
    else
        good = false;
    answer(token, good ? token->value : NULL, &token->failure);
}

static void end_in_error(struct wx_token *token, int error, const char *reason) {
    struct wx_result result = {.error = error, .klass = WX_CLASS_BUSY, .reason = reason};
    end_in_failure(token, &result);
}

static void on_fetched(void *data, const struct wx_http_response *response) {
    struct errand *errand = data;
    bool right = errand->right;
    int64_t fence = errand->fence;
    struct wx_token *token = end_errand(errand);
    if (!token)
        return;
    struct wx_answer got;
    void *ctx = talloc_new(NULL);
    wx_answer_read(ctx, response, (const char *const[]){token->secret, NULL}, false, &got);
    int error = got.result.error ? 0 : hold(token, got.access_token, got.expires_in);
    bool failed = error || got.result.error;
    if (!failed)
        TALLOC_FREE(token->refused);
    if (right && failed)
        token->share.give_up(token->share.data, fence);
    else if (right)
        token->share.keep(token->share.data, fence, token->value, got.expires_in);
    if (error == WX_E_REPLY)
        end_in_error(token, error, "stable_token answered without a usable token");
    else if (error)
        end_in_error(token, WX_E_HTTP, wx_error_text(error));
    else if (failed)
        end_in_failure(token, &got.result);
    else
        answer(token, token->value, &got.result);
    talloc_free(ctx);
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

/* The share's answer. */
static void on_turn(void *data, const struct wx_token_turned *turned) {
    struct errand *errand = data;
    struct wx_token *token = errand->token;
    if (!token) {
        talloc_free(errand);
        return;
    }
    if (turned->turn != WX_TOKEN_ALONE && turned->turn != WX_TOKEN_LATER)
        TALLOC_FREE(token->refused);
    bool held = turned->value && hold(token, turned->value, turned->left_ms / 1000) == 0;
    if (turned->turn == WX_TOKEN_HAVE && held) {
        if (now() >= token->renew_at)
            use_on(token); /* another renews it */
        end_errand(errand);
        answer(token, token->value, &token->failure);
        return;
    }
    if (turned->turn == WX_TOKEN_LATER) {
        end_errand(errand);
        end_in_error(token, WX_E_TIMEOUT, "another process has not got the token in time");
        return;
    }
    errand->right = turned->turn == WX_TOKEN_FETCH;
    errand->fence = turned->fence;
    int error = fetch(token, errand);
    if (!error)
        return;
    if (errand->right)
        token->share.give_up(token->share.data, errand->fence);
    end_errand(errand);
    end_in_error(token, WX_E_HTTP, wx_error_text(error));
}

static int begin_errand(struct wx_token *token) {
    struct errand *errand = talloc_zero(NULL, struct errand);
    if (!errand)
        return WX_E_NOMEM;
    errand->token = token;
    int error = 0;
    if (now() < token->refused_until)
        error = wx_http_later(token->http, on_later, errand);
    else if (!token->share.take ||
             token->share.take(token->share.data, token->refused ? token->refused : "", on_turn,
                               errand) != 0)
        error = fetch(token, errand);
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
    talloc_free(token->refused);
    token->refused = token->value;
    token->value = NULL;
}

void wx_token_ask_again(struct wx_token *token) {
    token->refused_until = 0;
}

unsigned wx_token_fetches(const struct wx_token *token) {
    return token->fetches;
}

static int close_token(struct wx_token *token) {
    struct waiter *waiter;
    while ((waiter = LIST_FIRST(&token->waiters)))
        talloc_free(waiter);
    if (token->errand)
        token->errand->token = NULL;
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
    if (options->share)
        made->share = *options->share;
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
