#include "wechat.h"

#include "alarm.h"
#include "bot/config.h"
#include "endpoint.h"
#include "errcode.h"
#include "fault.h"
#include "query.h"
#include "quota.h"
#include "rid.h"
#include "token.h"
#include "wire.h"

#include <string.h>
#include <uv.h>

/* A call on its way. */
struct held {
    struct call call;
    const struct endpoint *endpoint; /* NULL: there is none of this name */
    const char *path;                /* for the wire, when there is none */
    struct fault fault;
    char rid[RID_SIZE]; /* of a refusal, else "" */
    uint64_t began;     /* uv_hrtime() */
    int64_t at;
    bool waits; /* for the fault's latency */
};

/* Every call is held. */
static struct held *held_of(struct call *call) {
    return (struct held *)((char *)call - offsetof(struct held, call));
}

/* ---- answers ---- */

void call_refuse(struct call *call, int errcode, const char *detail) {
    struct held *held = held_of(call);
    rid_make(call->world, held->rid);
    const char *text = must(talloc_asprintf(call->request->ctx, "%s rid: %s",
                                            detail ? detail : errcode_text(errcode), held->rid));
    call_give(call, json_pack("{si ss}", "errcode", errcode, "errmsg", text));
}

void call_give(struct call *call, json_t *answer) {
    call->answer = value_keep(call->request->ctx, answer);
}

void call_give_ok(struct call *call, json_t *answer) {
    json_t *whole = must(json_pack("{si ss}", "errcode", 0, "errmsg", "ok"));
    if (json_object_update_new(whole, must(answer)))
        must(NULL);
    call_give(call, whole);
}

void call_accept(struct call *call, int64_t msgid) {
    call_give_ok(call, msgid ? json_pack("{sI}", "msgid", (json_int_t)msgid) : json_object());
}

void call_give_file(struct call *call, const struct call_file *file) {
    call->file = must(talloc_memdup(call->request->ctx, file, sizeof *file));
}

void call_shows(struct call *call, const struct item *item) {
    call->wire = value_keep(call->request->ctx, json_incref(item->wire));
}

const char *call_query(const struct call *call, const char *name) {
    return query_get(call->request->ctx, call->request->query, name);
}

struct person *call_person(struct call *call, const char *key) {
    struct person *person = person_find(call->account, value_string(call->body, key));
    if (!person)
        call_refuse(call, 40003, NULL);
    return person;
}

/* ---- checks that every endpoint has ---- */

/* Whether a JSON text holds a \u escape (and not a backslash before a u). */
static bool has_escape(const char *json) {
    for (const char *at = strchr(json, '\\'); at && at[1]; at = strchr(at + 2, '\\'))
        if (at[1] == 'u')
            return true;
    return false;
}

static int token_errcode(const struct call *call) {
    static const int errcodes[] = {
        [TOKEN_VALID] = 0,
        [TOKEN_MISSING] = 41001,
        [TOKEN_UNKNOWN] = 40001,
        [TOKEN_EXPIRED] = 42001,
    };
    return errcodes[token_use(call->world, call_query(call, "access_token"))];
}

static int body_errcode(const struct call *call, const struct endpoint *endpoint) {
    size_t length = call->request->body_length;
    if (endpoint->body == NO_BODY || (endpoint->body == MAYBE_BODY && !length))
        return 0;
    if (endpoint->body == FORM_BODY)
        return call->form ? 0 : 41005;
    if (!length)
        return 44002;
    if (!json_is_object(call->body))
        return 47001;
    return endpoint->raw_text && has_escape(call->request->body) ? 40033 : 0;
}

/* What every endpoint refuses before its own handler looks; 0 if nothing. */
static int common_errcode(struct call *call, const struct endpoint *endpoint) {
    if (!endpoint)
        return 40066;
    if (strcmp(call->request->method, endpoint->method) != 0)
        return strcmp(endpoint->method, "GET") != 0 ? 43002 : 43001;
    int errcode = endpoint->needs_token ? token_errcode(call) : 0;
    if (!errcode && call->account)
        errcode = quota_take(call, endpoint);
    return errcode ? errcode : body_errcode(call, endpoint);
}

/* ---- the way of a call ---- */

static bool is_lost(const struct held *held) {
    return held->fault.drop;
}

static void process(struct held *held) {
    struct call *call = &held->call;
    int errcode = held->fault.errcode && !is_lost(held) ? held->fault.errcode
                                                        : common_errcode(call, held->endpoint);
    if (errcode)
        call_refuse(call, errcode, fault_detail(call->request, errcode));
    else
        held->endpoint->handler(call);
}

static void note(struct held *held, int status, const char *body) {
    struct call *call = &held->call;
    struct fcgi_request *request = call->request;
    int64_t ms = (int64_t)((uv_hrtime() - held->began) / 1000000);
    const char *url = must(talloc_asprintf(request->ctx, "%s?%s", held->path,
                                           query_masked(request->ctx, request->query)));
    if (*held->rid)
        rid_keep(call, held->rid, url, ms, body);
    if (!call->wire)
        return;
    json_t *exchange = wire_request("api", held->at, request->method, url, request->body,
                                    request->body_length, NULL);
    wire_response(exchange, status, body, strlen(body), NULL, ms,
                  is_lost(held) ? "the answer was lost on its way" : "");
    wire_add(call->wire, exchange);
}

/* The answer as it leaves, with what the fault does to it. */
static struct fcgi_answer answer_make(const struct held *held, const struct call_file *file) {
    const struct fault *fault = &held->fault;
    struct fcgi_answer answer = {
        .status = file->status ? file->status : 200,
        .content_type = file->content_type,
        .headers = file->headers,
        .body = file->bytes,
        .length = file->length,
    };
    if (is_lost(held))
        return (struct fcgi_answer){.status = 502, .content_type = file->content_type, .body = ""};
    if (fault->cut >= 0 && (size_t)fault->cut < answer.length) {
        /* More is promised than comes: nginx, when it does not buffer, breaks off as well. */
        answer.headers = must(talloc_asprintf(held->call.request->ctx,
                                              "Content-Length: %zu\r\nX-Accel-Buffering: no\r\n%s",
                                              answer.length, file->headers ? file->headers : ""));
        answer.length = (size_t)fault->cut;
    }
    return answer;
}

static void answer(struct held *held) {
    struct call *call = &held->call;
    /* As WeChat does: strangers tell by it that they did not get their file. */
    bool wanted_file = held->endpoint && held->endpoint->handler == media_get;
    struct call_file json = {.content_type =
                                 wanted_file ? "text/plain" : "application/json; encoding=utf-8"};
    if (!call->file) {
        json.bytes = value_dump(call->request->ctx, call->answer);
        json.length = strlen(json.bytes);
    }
    const struct fcgi_answer made = answer_make(held, call->file ? call->file : &json);
    note(held, made.status, is_lost(held) ? "" : call->file ? "(a file)" : json.bytes);
    fcgi_answer(call->request, &made);
}

static bool is_answered(const struct call *call) {
    return call->answer || call->file;
}

void call_finish(struct call *call) {
    struct held *held = held_of(call);
    if (!held->waits)
        answer(held);
}

/* The latency is over. */
static void go(void *data) {
    struct held *held = data;
    struct call *call = &held->call;
    held->waits = false;
    if (!is_answered(call) && !call->later)
        process(held);
    if (is_answered(call))
        answer(held);
}

/* Who calls: by the AppID of a token call, by the token of any other. NULL if that cannot be told.
 */
static struct account *caller(const struct call *call, const struct endpoint *endpoint) {
    struct world *world = call->world;
    if (endpoint && endpoint->needs_token)
        return token_owner(world, call_query(call, "access_token"));
    const char *appid = call->body ? value_string(call->body, "appid") : call_query(call, "appid");
    for (unsigned i = 0; i < world->accounts_count; i++)
        if (!strcmp(world->accounts[i].config->appid, appid))
            return &world->accounts[i];
    return NULL;
}

static void body_read(struct call *call, const struct endpoint *endpoint) {
    struct fcgi_request *request = call->request;
    if (endpoint && endpoint->body == FORM_BODY) {
        call->form = form_read(request->ctx, fcgi_param(request, "CONTENT_TYPE"), request->body,
                               request->body_length);
        return;
    }
    json_t *body = json_loadb(request->body, request->body_length, 0, NULL);
    call->body = body ? value_keep(request->ctx, body) : NULL;
}

void wechat_call(struct world *world, struct fcgi_request *request, const char *path) {
    struct held *held = must(talloc_zero(request->ctx, struct held));
    struct call *call = &held->call;
    call->world = world;
    call->request = request;
    held->endpoint = endpoint_find(path);
    held->path = held->endpoint ? endpoint_path(held, held->endpoint) : "/";
    held->began = uv_hrtime();
    held->at = world_now_ms(world);
    body_read(call, held->endpoint);
    call->account = caller(call, held->endpoint);
    const char *name = held->endpoint ? held->endpoint->name : "";
    if (call->account && *name)
        world_call(call->account, name);
    held->fault = fault_take(world, call->account, name);
    held->waits = held->fault.latency_ms && !world->stopping;
    if (is_lost(held) && !world->stopping) /* it is done, whether or not its answer arrives */
        process(held);
    if (held->waits)
        alarm_set(world->alarms, held->fault.latency_ms, go, held);
    else
        go(held);
}
