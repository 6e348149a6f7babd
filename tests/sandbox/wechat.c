#include "wechat.h"

#include "alarm.h"
#include "bot/config.h"
#include "call.h"
#include "fault.h"
#include "query.h"
#include "token.h"
#include "wire.h"
#include "wx/crypto.h"

#include <inttypes.h>
#include <string.h>
#include <uv.h>

static const struct endpoint {
    const char *name;
    const char *method;
    bool needs_token;
    bool raw_text; /* \uXXXX escapes are refused: 40033 */
    json_int_t daily;
    call_handler *handler;
} endpoints[] = {
    {"token", "GET", false, false, 2000, token_call},
    {"stable_token", "POST", false, false, 500000, stable_token_call},
    {"message/template/send", "POST", true, true, 100000, template_send},
    {"message/custom/send", "POST", true, false, 500000, custom_send},
    {"menu/create", "POST", true, true, 1000, menu_create},
    {"menu/get", "GET", true, false, 10000, menu_get},
};

static const struct {
    int errcode;
    const char *text;
} texts[] = {
    {-1, "system error"},
    {40001, "invalid credential, access_token is invalid or not latest"},
    {40002, "invalid grant_type"},
    {40003, "invalid openid"},
    {40007, "invalid media_id"},
    {40008, "invalid message type"},
    {40013, "invalid appid"},
    {40016, "invalid button size"},
    {40017, "invalid button type"},
    {40018, "invalid button name size"},
    {40019, "invalid button key size"},
    {40020, "invalid button url size"},
    {40022, "invalid sub button level"},
    {40023, "invalid sub button size"},
    {40024, "invalid sub button type"},
    {40025, "invalid sub button name size"},
    {40026, "invalid sub button key size"},
    {40027, "invalid sub button url size"},
    {40033, "invalid charset. please check your request, if include \\uxxxx will create fail!"},
    {40037, "invalid template_id"},
    {40066, "invalid url"},
    {40125, "invalid appsecret"},
    {41001, "access_token missing"},
    {41002, "appid missing"},
    {41004, "appsecret missing"},
    {42001, "access_token expired"},
    {43001, "require GET method"},
    {43002, "require POST method"},
    {43004, "require subscribe"},
    {44002, "empty post data"},
    {44004, "empty content"},
    {45002, "content size out of limit"},
    {45008, "article size out of limit"},
    {45009, "reach max api daily quota limit"},
    {45015, "response out of time limit or subscription is canceled"},
    {45047, "out of response count limit"},
    {46003, "menu no exist"},
    {47001, "data format error"},
    {47003, "argument invalid!"},
    {48001, "api unauthorized"},
};

/* ---- answers ---- */

static const char *text_of(int errcode) {
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].errcode == errcode)
            return texts[i].text;
    return "refused";
}

void call_refuse(struct call *call, int errcode, const char *detail) {
    uint32_t random[2] = {0, 0};
    wx_random(random, sizeof random);
    const char *text =
        must(talloc_asprintf(call->request->ctx, "%s rid: %08" PRIx32 "-%08" PRIx32 "-%08" PRIx32,
                             detail ? detail : text_of(errcode),
                             (uint32_t)(world_now_ms(call->world) / 1000), random[0], random[1]));
    call->answer =
        value_keep(call->request->ctx, json_pack("{si ss}", "errcode", errcode, "errmsg", text));
}

void call_accept(struct call *call, int64_t msgid) {
    json_t *answer = must(json_pack("{si ss}", "errcode", 0, "errmsg", "ok"));
    if (msgid && json_object_set_new(answer, "msgid", json_integer(msgid)))
        must(NULL);
    call->answer = value_keep(call->request->ctx, answer);
}

void call_shows(struct call *call, const struct item *item) {
    call->wire = value_keep(call->request->ctx, json_incref(item->wire));
}

/* ---- checks that every endpoint has ---- */

/* Whether a JSON text holds a \u escape (and not a backslash before a u). */
static bool has_escape(const char *json) {
    for (const char *at = strchr(json, '\\'); at && at[1]; at = strchr(at + 2, '\\'))
        if (at[1] == 'u')
            return true;
    return false;
}

/* Counts the call against its day. WeChat's days are Beijing's. */
static bool quota_left(struct call *call, const struct endpoint *endpoint) {
    struct account *account = call->account;
    int64_t day = (world_now_ms(call->world) / 1000 + 8 * 3600) / 86400;
    if (account->used_day != day)
        json_object_clear(account->used);
    account->used_day = day;
    json_int_t used = value_integer(account->used, endpoint->name, 0) + 1;
    if (json_object_set_new(account->used, endpoint->name, json_integer(used)))
        must(NULL);
    return used <= endpoint->daily;
}

static int token_errcode(const struct call *call) {
    static const int errcodes[] = {
        [TOKEN_VALID] = 0,
        [TOKEN_MISSING] = 41001,
        [TOKEN_UNKNOWN] = 40001,
        [TOKEN_EXPIRED] = 42001,
    };
    enum token_state state;
    const char *token = query_get(call->request->ctx, call->request->query, "access_token");
    token_owner(call->world, token, &state);
    return errcodes[state];
}

static int body_errcode(const struct call *call, const struct endpoint *endpoint) {
    if (!strcmp(endpoint->method, "GET"))
        return 0;
    if (!call->request->body_length)
        return 44002;
    if (!json_is_object(call->body))
        return 47001;
    return endpoint->raw_text && has_escape(call->request->body) ? 40033 : 0;
}

/* What every endpoint refuses before its own handler looks; 0 if nothing. */
static int common_errcode(struct call *call, const struct endpoint *endpoint) {
    if (strcmp(call->request->method, endpoint->method))
        return strcmp(endpoint->method, "GET") ? 43002 : 43001;
    int errcode = endpoint->needs_token ? token_errcode(call) : 0;
    if (!errcode && call->account && !quota_left(call, endpoint))
        errcode = 45009;
    return errcode ? errcode : body_errcode(call, endpoint);
}

/* ---- the way of a call ---- */

struct held {
    struct call call;
    const struct endpoint *endpoint;
    struct fault fault;
    uint64_t began; /* uv_hrtime() */
    int64_t at;
};

static void process(struct held *held) {
    struct call *call = &held->call;
    int errcode = held->fault.errcode && !held->fault.drop ? held->fault.errcode
                                                           : common_errcode(call, held->endpoint);
    if (errcode)
        call_refuse(call, errcode, NULL);
    else
        held->endpoint->handler(call);
}

static void note(struct held *held, int status, const char *body) {
    struct fcgi_request *request = held->call.request;
    const char *url = must(talloc_asprintf(request->ctx, "/cgi-bin/%s?%s", held->endpoint->name,
                                           query_masked(request->ctx, request->query)));
    json_t *exchange = wire_request("api", held->at, request->method, url, request->body,
                                    request->body_length, NULL);
    wire_response(exchange, status, body, strlen(body), NULL,
                  (int64_t)((uv_hrtime() - held->began) / 1000000),
                  held->fault.drop ? "the answer was lost on its way" : "");
    wire_add(held->call.wire, exchange);
}

static void answer(void *data) {
    struct held *held = data;
    struct call *call = &held->call;
    if (!call->answer)
        process(held);
    const char *body = held->fault.drop ? "" : value_dump(call->request->ctx, call->answer);
    const struct fcgi_answer answer = {
        .status = held->fault.drop ? 502 : 200,
        .content_type = "application/json; encoding=utf-8",
        .body = body,
        .length = strlen(body),
    };
    if (call->wire)
        note(held, answer.status, body);
    fcgi_answer(call->request, &answer);
}

/* Who calls: by the AppID of a token call, by the token of any other. NULL if that cannot be told.
 */
static struct account *caller(const struct call *call, const struct endpoint *endpoint) {
    struct world *world = call->world;
    void *ctx = call->request->ctx;
    enum token_state state;
    if (endpoint->needs_token)
        return token_owner(world, query_get(ctx, call->request->query, "access_token"), &state);
    const char *appid = call->body ? value_string(call->body, "appid")
                                   : query_get(ctx, call->request->query, "appid");
    for (unsigned i = 0; i < world->accounts_count; i++)
        if (!strcmp(world->accounts[i].config->appid, appid))
            return &world->accounts[i];
    return NULL;
}

static const struct endpoint *endpoint_find(const char *name) {
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
        if (!strcmp(endpoints[i].name, name))
            return &endpoints[i];
    return NULL;
}

void wechat_call(struct world *world, struct fcgi_request *request, const char *name) {
    struct held *held = must(talloc_zero(request->ctx, struct held));
    struct call *call = &held->call;
    call->world = world;
    call->request = request;
    held->endpoint = endpoint_find(name);
    held->began = uv_hrtime();
    held->at = world_now_ms(world);
    if (!held->endpoint) {
        call_refuse(call, 40066, NULL);
        answer(held);
        return;
    }
    json_t *body = json_loadb(request->body, request->body_length, 0, NULL);
    call->body = body ? value_keep(request->ctx, body) : NULL;
    call->account = caller(call, held->endpoint);
    if (call->account)
        world_call(call->account, name);
    held->fault = fault_take(world, call->account, name);
    if (held->fault.drop) /* it is done, whether or not its answer arrives */
        process(held);
    if (held->fault.latency_ms && !world->stopping)
        alarm_set(world->alarms, held->fault.latency_ms, answer, held);
    else
        answer(held);
}
