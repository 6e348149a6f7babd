#include "wx/api.h"

#include "config/limits.h"
#include "wx/answer.h"
#include "wx/http.h"
#include "wx/reply.h"
#include "wx/token.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <talloc.h>

static const struct {
    const char *name, *method, *path;
    bool token; /* goes with an access_token */
} endpoints[WX_API_COUNT] = {
    [WX_API_STABLE_TOKEN] = {"stable token", "POST", "/cgi-bin/stable_token", false},
    [WX_API_TEMPLATE_SEND] = {"template send", "POST", "/cgi-bin/message/template/send", true},
    [WX_API_CUSTOM_SEND] = {"custom send", "POST", "/cgi-bin/message/custom/send", true},
    [WX_API_MENU_CREATE] = {"menu create", "POST", "/cgi-bin/menu/create", true},
    [WX_API_MENU_GET] = {"menu get", "GET", "/cgi-bin/menu/get", true},
};

/* A call waits for a token, then for its answer, and through both again after a token that was
 * refused. */
struct call {
    LIST_ENTRY(call) link;
    struct wx_api *api; /* NULL: its `done` has been called */
    enum wx_endpoint endpoint;
    char *json;
    char *token; /* the one it was sent with; NULL if none */
    bool repeated;
    bool in_air; /* wx_http will call back, and the call must be there until then */
    wx_api_done *done;
    void *data;
};

struct wx_api {
    struct wx_http *http;
    struct wx_token *token;
    char *base, *secret;
    long timeout_ms;
    bool closing;
    LIST_HEAD(, call) calls;
};

const char *wx_api_name(enum wx_endpoint endpoint) {
    return endpoints[endpoint].name;
}

/* Hands up the result. `done` may free the api, and the call with it if it were still its child. */
static void finish(struct call *call, const struct wx_result *result) {
    LIST_REMOVE(call, link);
    talloc_steal(call->in_air ? (void *)call->api->http : NULL, call);
    call->api = NULL;
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

static void on_answer(void *data, const struct wx_http_response *response) {
    struct call *call = data;
    struct wx_api *api = call->api;
    call->in_air = false;
    if (!api) {
        talloc_free(call);
        return;
    }
    struct wx_answer answer;
    const char *secrets[] = {api->secret, call->token, NULL};
    wx_answer_read(call, response, secrets, &answer);
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

/* Unreserved characters as they are, all others as %XX. */
static char *url_encode(void *ctx, const char *text) {
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    char *encoded = talloc_size(ctx, strlen(text) * 3 + 1), *end = encoded;
    if (!encoded)
        return NULL;
    for (; *text; text++) {
        if (strchr(plain, *text))
            *end++ = *text;
        else
            end += sprintf(end, "%%%02X", (unsigned char)*text);
    }
    *end = '\0';
    return encoded;
}

static char *url_of(struct call *call) {
    const char *base = call->api->base, *path = endpoints[call->endpoint].path;
    if (!call->token)
        return talloc_asprintf(call, "%s%s", base, path);
    char *token = url_encode(call, call->token);
    char *url = token ? talloc_asprintf(call, "%s%s?access_token=%s", base, path, token) : NULL;
    talloc_free(token);
    return url;
}

static int send_with(struct call *call, const char *token) {
    talloc_free(call->token);
    call->token = token ? talloc_strdup(call, token) : NULL;
    char *url = !token || call->token ? url_of(call) : NULL;
    if (!url)
        return WX_E_NOMEM;
    struct wx_http_request request = {
        .method = endpoints[call->endpoint].method,
        .url = url,
        .body = call->json,
        .body_length = call->json ? strlen(call->json) : 0,
        .timeout_ms = call->api->timeout_ms,
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
    if (!endpoints[call->endpoint].token)
        return send_with(call, NULL);
    const char *token = wx_token_held(call->api->token);
    if (token)
        return send_with(call, token);
    return wx_token_wait(call->api->token, call, on_token, call);
}

int wx_api_call(struct wx_api *api, enum wx_endpoint endpoint, const char *json, wx_api_done *done,
                void *data) {
    if (api->closing)
        return WX_E_HTTP;
    struct call *call = talloc_zero(api, struct call);
    if (!call)
        return WX_E_NOMEM;
    call->api = api;
    call->endpoint = endpoint;
    call->done = done;
    call->data = data;
    call->json = json ? talloc_strdup(call, json) : NULL;
    int error = json && !call->json ? WX_E_NOMEM : proceed(call);
    if (error)
        talloc_free(call);
    else
        LIST_INSERT_HEAD(&api->calls, call, link);
    return error;
}

void wx_api_ask_again(struct wx_api *api) {
    wx_token_ask_again(api->token);
}

unsigned wx_api_token_fetches(const struct wx_api *api) {
    return wx_token_fetches(api->token);
}

/* Opening and closing */

static int close_api(struct wx_api *api) {
    api->closing = true;
    struct call *call;
    while ((call = LIST_FIRST(&api->calls))) {
        struct wx_result result = {
            .error = WX_E_HTTP,
            .klass = WX_CLASS_BUSY,
            .uncertain = call->in_air,
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
    made->secret = talloc_strdup(made, options->secret);
    char *url = talloc_asprintf(made, "%s%s", options->base, endpoints[WX_API_STABLE_TOKEN].path);
    struct wx_token_options token = {
        .url = url,
        .appid = options->appid,
        .secret = options->secret,
        .timeout_ms = options->timeout_ms,
        .share = options->share,
    };
    int error = made->base && made->secret && url ? wx_token_open(made, http, &token, &made->token)
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

/* Typed calls. A NULL from json_pack() is a text that is not UTF-8, or missing. */

static int call_with(struct wx_api *api, enum wx_endpoint endpoint, json_t *root, wx_api_done *done,
                     void *data) {
    if (!root)
        return WX_E_FIELD;
    char *json = json_dumps(root, JSON_COMPACT); /* raw UTF-8: WeChat shows \uXXXX literally */
    json_decref(root);
    int error = json ? wx_api_call(api, endpoint, json, done, data) : WX_E_NOMEM;
    free(json);
    return error;
}

static json_t *write_fields(const struct wx_template_message *message) {
    json_t *fields = json_object();
    for (size_t i = 0; i < message->field_count; i++) {
        const struct wx_template_field *field = &message->fields[i];
        json_t *value = json_pack("{s:s}", "value", field->value);
        if (json_object_set_new(fields, field->name, value)) {
            json_decref(fields);
            return NULL;
        }
    }
    return fields;
}

int wx_api_template_send(struct wx_api *api, const struct wx_template_message *message,
                         wx_api_done *done, void *data) {
    json_t *root =
        json_pack("{s:s, s:s, s:s*, s:s*, s:o}", "touser", message->touser, "template_id",
                  message->template_id, "url", message->url, "client_msg_id",
                  message->client_msg_id, "data", write_fields(message));
    return call_with(api, WX_API_TEMPLATE_SEND, root, done, data);
}

/* Not over LIMIT_REPLY_TEXT bytes, cut between characters. */
static char *cut_text(void *ctx, const char *text) {
    static const char more[] = "…";
    size_t length = strlen(text);
    if (length <= LIMIT_REPLY_TEXT)
        return talloc_strdup(ctx, text);
    for (length = LIMIT_REPLY_TEXT - strlen(more); length && (text[length] & 0xc0) == 0x80;)
        length--;
    return talloc_asprintf(ctx, "%.*s%s", (int)length, text, more);
}

static json_t *write_text(const char *touser, const char *text) {
    char *cut = cut_text(NULL, text);
    json_t *root = json_pack("{s:s, s:s, s:{s:s}}", "touser", touser, "msgtype", "text", "text",
                             "content", cut);
    talloc_free(cut);
    return root;
}

static const char *or_empty(const char *text) {
    return text ? text : "";
}

static json_t *write_news(const char *touser, const struct wx_article *article) {
    return json_pack("{s:s, s:s, s:{s:[{s:s, s:s, s:s, s:s}]}}", "touser", touser, "msgtype",
                     "news", "news", "articles", "title", or_empty(article->title), "description",
                     or_empty(article->description), "url", or_empty(article->url), "picurl",
                     or_empty(article->pic_url));
}

char *wx_custom_json(void *ctx, const char *touser, const struct wx_reply *reply) {
    json_t *root = NULL;
    if (reply->type == WX_REPLY_TEXT)
        root = write_text(touser, or_empty(reply->text));
    else if (reply->type == WX_REPLY_NEWS && reply->article_count > 0)
        root = write_news(touser, &reply->articles[0]);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    char *json = text ? talloc_strdup(ctx, text) : NULL;
    json_decref(root);
    free(text);
    return json;
}
