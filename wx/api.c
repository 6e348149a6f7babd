#include "wx/api.h"

#include "config/limits.h"
#include "wx/answer.h"
#include "wx/flow.h"
#include "wx/http.h"
#include "wx/request.h"
#include "wx/token.h"

#include <sys/queue.h>
#include <talloc.h>

/* A call waits for its turn, for a token, then for its answer, and through the last two again after
 * a token that was refused. */
struct call {
    LIST_ENTRY(call) link;
    TAILQ_ENTRY(call) turn;
    struct wx_api *api; /* NULL: its `done` has been called */
    enum wx_endpoint endpoint;
    struct wx_request *request;
    char *token; /* the one it was sent with; NULL if none */
    bool queued; /* for its turn */
    bool begun;  /* counted by its flow */
    bool repeated;
    bool resting; /* it is answered without having been sent */
    bool in_air;  /* wx_http will call back, and the call must be there until then */
    wx_api_done *done;
    void *data;
};

TAILQ_HEAD(calls, call);

/* What an endpoint's calls wait for. */
struct lane {
    struct wx_flow flow;
    struct calls queue;
    int rest_errcode; /* why it rests */
};

/* A promise of wx_http's. It outlives an api that is freed before it is kept. */
struct alarm {
    struct wx_api *api; /* NULL: freed */
};

struct wx_api {
    struct wx_http *http;
    struct wx_token *token;
    char *base, *appid, *secret;
    long timeout_ms;
    unsigned concurrency, in_air;
    bool closing;
    LIST_HEAD(, call) calls;

    struct lane lanes[WX_API_COUNT];
    size_t queued;
    struct alarm *alarm; /* NULL: none set */
    bool serving;
    bool *gone; /* told when the api is freed while it serves */
};

const char *wx_api_name(enum wx_endpoint endpoint) {
    return wx_endpoint_info(endpoint)->name;
}

static void serve(struct wx_api *api);

static void release(struct call *call) {
    struct wx_api *api = call->api;
    struct lane *lane = &api->lanes[call->endpoint];
    if (call->queued) {
        TAILQ_REMOVE(&lane->queue, call, turn);
        api->queued--;
    }
    if (call->begun) {
        wx_flow_end(&lane->flow);
        api->in_air--;
    }
    LIST_REMOVE(call, link);
    call->api = NULL;
}

/* Hands up the result. `done` may free the api, and the call with it if it were still its child. */
static void finish(struct call *call, const struct wx_result *result) {
    struct wx_api *api = call->api;
    release(call);
    talloc_steal(call->in_air ? (void *)api->http : NULL, call);
    serve(api); /* it may be free afterwards, too */
    call->done(call->data, result);
    if (!call->in_air)
        talloc_free(call);
}

static void fail(struct call *call, int error) {
    struct wx_result result = {
        .error = WX_E_HTTP,
        .klass = WX_CLASS_BUSY,
        .reason = wx_error_text(error),
        .body = "",
    };
    finish(call, &result);
}

static int proceed(struct call *call);

/* The call has been answered. False: by nobody who still listens, and it is gone. */
static bool landed(struct call *call) {
    call->in_air = false;
    if (call->api)
        return true;
    talloc_free(call);
    return false;
}

static void note_rest(struct call *call, const struct wx_result *result) {
    struct lane *lane = &call->api->lanes[call->endpoint];
    if (wx_class_policy(result->klass)->scope != WX_SCOPE_ENDPOINT)
        return;
    int64_t pause = wx_class_pause(result->klass, result->errcode);
    lane->flow.rests_until = wx_http_now(call->api->http) + pause * 1000;
    lane->rest_errcode = result->errcode;
}

static void on_answer(void *data, const struct wx_http_response *response) {
    struct call *call = data;
    struct wx_api *api = call->api;
    if (!landed(call))
        return;
    struct wx_answer answer;
    const char *secrets[] = {api->secret, call->token ? call->token : "", NULL};
    wx_answer_read(call, response, secrets, wx_endpoint_info(call->endpoint)->file, &answer);
    note_rest(call, &answer.result);
    if (answer.result.klass == WX_CLASS_TOKEN && call->token) {
        wx_token_drop(api->token, call->token);
        if (!call->repeated) {
            call->repeated = true;
            int error = proceed(call);
            if (error)
                fail(call, error);
            return;
        }
    }
    finish(call, &answer.result);
}

static char *url_of(struct call *call) {
    const char *base = call->api->base, *path = wx_endpoint_info(call->endpoint)->path;
    const char *query = call->request->query;
    if (!call->token)
        return talloc_asprintf(call, "%s%s%s%s", base, path, *query ? "?" : "", query);
    char *token = wx_request_encode(call, call->token);
    char *url = token ? talloc_asprintf(call, "%s%s?access_token=%s%s%s", base, path, token,
                                        *query ? "&" : "", query)
                      : NULL;
    talloc_free(token);
    return url;
}

static int send_with(struct call *call, const char *token) {
    const struct wx_endpoint_info *info = wx_endpoint_info(call->endpoint);
    talloc_free(call->token);
    call->token = token ? talloc_strdup(call, token) : NULL;
    char *url = !token || call->token ? url_of(call) : NULL;
    if (!url)
        return WX_E_NOMEM;
    struct wx_http_request request = {
        .method = info->carry == WX_CARRY_QUERY ? "GET" : "POST",
        .url = url,
        .content_type = call->request->content_type,
        .body = call->request->body,
        .body_length = call->request->length,
        .timeout_ms = call->api->timeout_ms ? call->api->timeout_ms
                      : info->large         ? LIMIT_HTTP_MEDIA_MS
                                            : LIMIT_HTTP_TOTAL_MS,
        .reply_most = info->large ? LIMIT_MEDIA : LIMIT_HTTP_REPLY,
        .once = call->request->once,
    };
    int error = wx_http_send(call->api->http, &request, on_answer, call);
    talloc_free(url);
    call->in_air = !error;
    return error;
}

static void on_token(void *data, const char *token, const struct wx_result *why) {
    struct call *call = data;
    if (!token) {
        finish(call, why);
        return;
    }
    int error = send_with(call, token);
    if (error)
        fail(call, error);
}

static int proceed(struct call *call) {
    if (!wx_endpoint_info(call->endpoint)->token)
        return send_with(call, NULL);
    const char *token = wx_token_held(call->api->token);
    if (token)
        return send_with(call, token);
    return wx_token_wait(call->api->token, call, on_token, call);
}

/* Turns */

/* 0: it goes. Else as wx_flow_begin(). */
static int64_t begin(struct call *call) {
    struct wx_api *api = call->api;
    if (api->in_air >= api->concurrency)
        return WX_FLOW_FULL;
    int64_t wait = wx_flow_begin(&api->lanes[call->endpoint].flow, wx_http_now(api->http));
    if (wait == WX_FLOW_GO) {
        call->begun = true;
        api->in_air++;
    }
    return wait;
}

/* Sends those of an endpoint whose turn has come. Returns what the first of the rest waits for. */
static int64_t serve_lane(struct wx_api *api, struct lane *lane, const bool *gone) {
    struct call *call;
    while (!*gone && (call = TAILQ_FIRST(&lane->queue))) {
        int64_t wait = begin(call);
        if (wait != WX_FLOW_GO)
            return wait;
        TAILQ_REMOVE(&lane->queue, call, turn);
        call->queued = false;
        api->queued--;
        int error = proceed(call);
        if (error)
            fail(call, error);
    }
    return WX_FLOW_FULL;
}

static void on_alarm(void *data) {
    struct alarm *alarm = data;
    struct wx_api *api = alarm->api;
    talloc_free(alarm);
    if (!api)
        return;
    api->alarm = NULL;
    serve(api);
}

static int set_alarm(struct wx_api *api, int64_t ms) {
    if (api->alarm)
        return 0;
    struct alarm *alarm = talloc_zero(api, struct alarm);
    if (!alarm)
        return WX_E_NOMEM;
    alarm->api = api;
    int error = wx_http_after(api->http, (uint64_t)ms, on_alarm, alarm);
    if (error)
        talloc_free(alarm);
    else
        api->alarm = alarm;
    return error;
}

static void fail_queued(struct wx_api *api, int error, const bool *gone) {
    for (int i = 0; i < WX_API_COUNT && !*gone; i++)
        while (!*gone && !TAILQ_EMPTY(&api->lanes[i].queue))
            fail(TAILQ_FIRST(&api->lanes[i].queue), error);
}

/* Lets those go whose turn has come. A `done` that is called on the way may free the api. */
static void serve(struct wx_api *api) {
    bool gone = false;
    int64_t soonest = 0;
    if (api->serving || api->closing || !api->queued)
        return;
    api->serving = true;
    api->gone = &gone;
    for (int i = 0; i < WX_API_COUNT && !gone; i++) {
        int64_t wait = serve_lane(api, &api->lanes[i], &gone);
        if (wait > 0 && (!soonest || wait < soonest))
            soonest = wait;
    }
    int error = !gone && soonest ? set_alarm(api, soonest) : 0;
    if (error) /* without it, nobody would look again */
        fail_queued(api, error, &gone);
    if (gone)
        return;
    api->serving = false;
    api->gone = NULL;
}

static void on_rest(void *data) {
    struct call *call = data;
    if (!landed(call))
        return;
    int errcode = call->api->lanes[call->endpoint].rest_errcode;
    char *reason =
        talloc_asprintf(call, "%s rests after errcode %d", wx_api_name(call->endpoint), errcode);
    struct wx_result result = {
        .error = WX_E_API,
        .errcode = errcode,
        .klass = wx_errcode_class(errcode),
        .reason = reason ? reason : wx_error_text(WX_E_NOMEM),
        .body = "",
    };
    finish(call, &result);
}

static int start(struct call *call) {
    struct wx_api *api = call->api;
    struct lane *lane = &api->lanes[call->endpoint];
    if (wx_http_now(api->http) < lane->flow.rests_until) {
        int error = wx_http_later(api->http, on_rest, call);
        call->resting = call->in_air = !error;
        return error;
    }
    int64_t wait = TAILQ_EMPTY(&lane->queue) ? begin(call) : WX_FLOW_FULL;
    if (wait == WX_FLOW_GO)
        return proceed(call);
    int error = wait > 0 ? set_alarm(api, wait) : 0;
    if (error)
        return error;
    TAILQ_INSERT_TAIL(&lane->queue, call, turn);
    call->queued = true;
    api->queued++;
    return 0;
}

static int make_call(struct wx_api *api, enum wx_endpoint endpoint, const char *json,
                     const struct wx_file *file, wx_api_done *done, void *data) {
    if (api->closing)
        return WX_E_HTTP;
    struct call *call = talloc_zero(api, struct call);
    if (!call)
        return WX_E_NOMEM;
    call->endpoint = endpoint;
    call->done = done;
    call->data = data;
    int error =
        wx_request_write(call, endpoint, json, file, api->appid, api->secret, &call->request);
    if (error) {
        talloc_free(call);
        return error;
    }
    call->api = api;
    LIST_INSERT_HEAD(&api->calls, call, link);
    error = start(call);
    if (error) {
        release(call);
        talloc_free(call);
    }
    return error;
}

int wx_api_call(struct wx_api *api, enum wx_endpoint endpoint, const char *json, wx_api_done *done,
                void *data) {
    return make_call(api, endpoint, json, NULL, done, data);
}

int wx_api_upload(struct wx_api *api, enum wx_endpoint endpoint, const char *json,
                  const struct wx_file *file, wx_api_done *done, void *data) {
    return make_call(api, endpoint, json, file, done, data);
}

void wx_api_limit(struct wx_api *api, enum wx_endpoint endpoint, unsigned per_minute,
                  unsigned most) {
    wx_flow_init(&api->lanes[endpoint].flow, per_minute, most, wx_http_now(api->http));
    serve(api);
}

void wx_api_ask_again(struct wx_api *api) {
    wx_token_ask_again(api->token);
    for (int i = 0; i < WX_API_COUNT; i++)
        api->lanes[i].flow.rests_until = 0;
}

unsigned wx_api_token_fetches(const struct wx_api *api) {
    return wx_token_fetches(api->token);
}

/* Opening and closing */

static int close_api(struct wx_api *api) {
    api->closing = true;
    if (api->gone)
        *api->gone = true;
    if (api->alarm) {
        api->alarm->api = NULL;
        talloc_steal(api->http, api->alarm);
    }
    struct call *call;
    while ((call = LIST_FIRST(&api->calls))) {
        struct wx_result result = {
            .error = WX_E_HTTP,
            .klass = WX_CLASS_BUSY,
            .uncertain = call->in_air && !call->resting,
            .reason = "closed before the answer came",
            .body = "",
        };
        finish(call, &result);
    }
    return 0;
}

int wx_api_open(void *ctx, struct wx_http *http, const struct wx_api_options *options,
                struct wx_api **api) {
    struct wx_api *made = talloc_zero(ctx, struct wx_api);
    if (!made)
        return WX_E_NOMEM;
    LIST_INIT(&made->calls);
    made->http = http;
    made->timeout_ms = options->timeout_ms;
    made->base = talloc_strdup(made, options->base);
    made->appid = talloc_strdup(made, options->appid);
    made->secret = talloc_strdup(made, options->secret);
    made->concurrency = options->concurrency ? options->concurrency : LIMIT_HTTP_CONNECTIONS;
    for (int i = 0; i < WX_API_COUNT; i++) {
        unsigned per_minute = wx_endpoint_info((enum wx_endpoint)i)->per_minute;
        wx_flow_init(&made->lanes[i].flow, per_minute, 0, wx_http_now(http));
        TAILQ_INIT(&made->lanes[i].queue);
    }
    char *url =
        talloc_asprintf(made, "%s%s", options->base, wx_endpoint_info(WX_API_STABLE_TOKEN)->path);
    struct wx_token_options token = {
        .url = url,
        .appid = options->appid,
        .secret = options->secret,
        .timeout_ms = options->timeout_ms,
        .share = options->share,
    };
    int error = made->base && made->appid && made->secret && url
                    ? wx_token_open(made, http, &token, &made->token)
                    : WX_E_NOMEM;
    talloc_free(url);
    if (error) {
        talloc_free(made);
        return error;
    }
    talloc_set_destructor(made, close_api);
    *api = made;
    return 0;
}
