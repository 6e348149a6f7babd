#include "bot/ask.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <uv.h>

struct ask {
    uv_loop_t loop;
    struct wx_http *http;
    struct wx_api *api;
};

static int close_ask(struct ask *ask) {
    talloc_free(ask->api);
    wx_http_close(ask->http);
    uv_run(&ask->loop, UV_RUN_DEFAULT);
    uv_loop_close(&ask->loop);
    return 0;
}

static int open_api(struct ask *ask, const struct account *account) {
    const struct config *config = account->installation;
    struct wx_api_options options = {
        .base = config->api_base,
        .appid = account->config->appid,
        .secret = account->config->secret,
    };
    const char *other = config->api_base_fallback;
    if (other && wx_http_fallback(ask->http, config->api_base, other))
        return -1;
    return wx_api_open(ask, ask->http, &options, &ask->api);
}

int ask_open(void *ctx, const struct account *account, struct ask **result) {
    const char *reason = "out of memory";
    struct ask *ask = talloc_zero(ctx, struct ask);
    if (ask)
        uv_loop_init(&ask->loop);
    if (!ask || wx_http_open(ask, &ask->loop, &ask->http, &reason)) {
        fprintf(stderr, "day21: %s\n", reason);
        talloc_free(ask);
        return -1;
    }
    talloc_set_destructor(ask, close_ask);
    if (open_api(ask, account)) {
        fprintf(stderr, "day21: out of memory\n");
        talloc_free(ask);
        return -1;
    }
    *result = ask;
    return 0;
}

struct answer {
    void *ctx;
    bool come;
    struct wx_result result;
    struct wx_http_response response;
};

static const char *copy(void *ctx, const char *bytes, size_t length) {
    char *made = talloc_size(ctx, length + 1);
    if (!made)
        return "";
    memcpy(made, bytes, length);
    made[length] = '\0';
    return made;
}

static void on_result(void *data, const struct wx_result *result) {
    struct answer *answer = data;
    answer->come = true;
    answer->result = *result;
    answer->result.reason = copy(answer->ctx, result->reason, strlen(result->reason));
    answer->result.body = copy(answer->ctx, result->body, result->length);
}

struct wx_result ask_wechat(void *ctx, struct ask *ask, enum wx_endpoint endpoint, const char *json,
                            const struct wx_file *file) {
    struct answer answer = {.ctx = ctx};
    int error = file ? wx_api_upload(ask->api, endpoint, json, file, on_result, &answer)
                     : wx_api_call(ask->api, endpoint, json, on_result, &answer);
    if (error)
        return (struct wx_result){
            .error = error,
            .klass =
                error == WX_E_FIELD || error == WX_E_TOO_LARGE ? WX_CLASS_PAYLOAD : WX_CLASS_BUSY,
            .reason = wx_error_text(error),
            .body = "",
        };
    while (!answer.come)
        uv_run(&ask->loop, UV_RUN_ONCE);
    return answer.result;
}

static void on_response(void *data, const struct wx_http_response *response) {
    struct answer *answer = data;
    answer->come = true;
    answer->response = *response;
    answer->response.reason = copy(answer->ctx, response->reason, strlen(response->reason));
    answer->response.body = copy(answer->ctx, response->body, response->length);
}

struct wx_http_response ask_url(void *ctx, struct ask *ask, const char *url) {
    struct answer answer = {.ctx = ctx};
    struct wx_http_request request = {.method = "GET", .url = url};
    int error = wx_http_send(ask->http, &request, on_response, &answer);
    if (error)
        return (struct wx_http_response){
            .error = error, .reason = wx_error_text(error), .body = ""};
    while (!answer.come)
        uv_run(&ask->loop, UV_RUN_ONCE);
    return answer.response;
}
