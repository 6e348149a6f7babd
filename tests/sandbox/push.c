#include "push.h"

#include "alarm.h"
#include "bot/config.h"
#include "fault.h"
#include "message.h"
#include "reply.h"
#include "wire.h"
#include "wx/error.h"
#include "wx/http.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#define HOLD_MS   3000 /* at most, when nothing else is pushed */
#define BEHIND_MS 50   /* what is held goes so much later than the next */

static const char failure_notice[] = "该公众号提供的服务出现故障，请稍后再试";

struct push {
    struct world *world;
    struct push_order order;
    json_t *wire;     /* NULL: noted nowhere */
    uint64_t re;      /* seq of what is answered */
    int attempt;      /* the one under way, from 1 */
    bool copy;        /* of another, made by a fault: nobody sees what it is answered */
    bool lost;        /* its answer will be lost on the way, as a test has asked for */
    uint64_t sent_at; /* uv_hrtime() */
    json_t *exchange; /* the one under way */
};

static int push_end(struct push *push) {
    json_decref(push->wire);
    json_decref(push->exchange);
    return 0;
}

static void go(void *data);
static struct push *push_make(const struct push_order *order);

/* ---- out ---- */

static const char *nonce_make(void *ctx) {
    uint32_t number = 0;
    wx_random(&number, sizeof number);
    return must(talloc_asprintf(ctx, "%" PRIu32, number));
}

/* The URL of an attempt, signed; `sealed` NULL for an account in plain mode. */
static const char *url_make(void *ctx, const struct push *push, const char *sealed) {
    const struct config_account *config = push->order.account->config;
    const char *nonce = nonce_make(ctx);
    const char *time =
        must(talloc_asprintf(ctx, "%lld", (long long)world_now_ms(push->world) / 1000));
    const char *parts[] = {config->token, time, nonce, sealed};
    char signature[WX_SIGNATURE_SIZE], message_signature[WX_SIGNATURE_SIZE];
    wx_sign(parts, 3, signature);
    char *url = must(talloc_asprintf(ctx, "%s/%s?signature=%s&timestamp=%s&nonce=%s&openid=%s",
                                     push->world->callback, config->name, signature, time, nonce,
                                     push->order.openid));
    if (!sealed)
        return url;
    wx_sign(parts, 4, message_signature);
    return must(
        talloc_asprintf_append(url, "&encrypt_type=aes&msg_signature=%s", message_signature));
}

/* The ciphertext, NULL for an account in plain mode. */
static const char *seal(void *ctx, const struct account *account, const char *plain) {
    const struct config_account *config = account->config;
    char *sealed = NULL;
    if (config->wx.mode == WX_MODE_PLAIN)
        return NULL;
    if (wx_envelope_seal(ctx, config->wx.key, config->appid, NULL, plain, strlen(plain), &sealed))
        must(NULL);
    return sealed;
}

/* What an account that has chosen JSON is sent, as message_envelope() does it in XML. */
static const char *envelope_json(void *ctx, const struct account *account, const json_t *plain,
                                 const char *sealed) {
    json_t *body = account->config->wx.mode == WX_MODE_SAFE
                       ? json_pack("{ss}", "ToUserName", account->config->original_id)
                       : json_copy((json_t *)plain);
    value_keep(ctx, body);
    if (sealed && json_object_set_new(body, "Encrypt", json_string(sealed)))
        must(NULL);
    return value_dump(ctx, body);
}

static void answered(void *data, const struct wx_http_response *response);
static void attempt_failed(struct push *push, const struct wx_http_response *response,
                           const char *wrong);

/* Returns 0 or WX_E_HTTP: the URL is none. */
static int post(struct push *push) {
    void *ctx = must(talloc_new(push));
    const struct account *account = push->order.account;
    const json_t *json = account->json ? reply_xml_as_json(ctx, push->order.xml) : NULL;
    const char *plain = json ? value_dump(ctx, json) : push->order.xml;
    const char *sealed = seal(ctx, account, plain);
    const char *url = url_make(ctx, push, sealed);
    const char *body = json ? envelope_json(ctx, account, json, sealed)
                            : message_envelope(ctx, account, plain, sealed);
    const struct wx_http_request request = {
        .method = "POST",
        .url = url,
        .content_type = json ? "application/json" : "text/xml",
        .body = body,
        .body_length = strlen(body),
        .timeout_ms = push->world->wait_ms,
    };
    push->sent_at = uv_hrtime();
    push->exchange = wire_request("push", world_now_ms(push->world), "POST", url, body,
                                  strlen(body), sealed ? plain : NULL);
    world_call(push->order.account, "callback");
    int result = wx_http_send(push->world->http, &request, answered, push);
    talloc_free(ctx);
    return result;
}

static void go(void *data) {
    struct push *push = data;
    if (push->world->stopping)
        attempt_failed(push, NULL, "the sandbox stops");
    else if (post(push))
        attempt_failed(push, NULL, "the callback URL is none");
}

/* The same once more, as WeChat sends it when an answer was lost: this one is shown to nobody. */
static void copy_send(const struct push *push) {
    struct push_order order = push->order;
    order.person = NULL;
    order.done = NULL;
    order.attempts = 1;
    struct push *copy = push_make(&order);
    copy->copy = true;
    copy->attempt = 1;
    copy->wire = push->wire ? json_incref(push->wire) : NULL;
    alarm_set(push->world->alarms, 0, go, copy);
}

/* Lets the held push of an account go, behind what has just gone. */
static void release(struct account *account) {
    struct push *push = account->held;
    account->held = NULL;
    alarm_cancel(account->held_alarm);
    alarm_set(push->world->alarms, BEHIND_MS, go, push);
}

static void overdue(void *data) {
    struct account *account = data;
    struct push *push = account->held;
    account->held = NULL; /* its alarm is gone by ringing */
    if (push)
        go(push);
}

/* A push that a test has asked to hold goes after the next of its account, or soon. */
static void hold(struct push *push) {
    struct account *account = push->order.account;
    if (account->held)
        release(account);
    account->held = push;
    account->held_alarm = alarm_set(push->world->alarms, HOLD_MS, overdue, account);
}

static void attempt(void *data) {
    struct push *push = data;
    struct account *account = push->order.account;
    struct fault fault = {.cut = -1};
    if (!push->copy)
        fault = fault_take(push->world, account, "callback");
    push->attempt++;
    push->lost = fault.drop;
    for (int64_t i = 0; i < fault.again; i++)
        copy_send(push);
    if (fault.hold && !push->world->stopping) {
        hold(push);
        return;
    }
    alarm_set(push->world->alarms, fault.latency_ms, go, push);
    if (account->held)
        release(account);
}

/* ---- back ---- */

static uint64_t elapsed_ms(const struct push *push) {
    return (uv_hrtime() - push->sent_at) / 1000000;
}

static void note_exchange(struct push *push, const struct wx_http_response *response,
                          const char *plain, const char *wrong) {
    char note[512];
    if (!push->exchange) /* it never went out */
        return;
    snprintf(note, sizeof note, "attempt %d of %d%s%s", push->attempt, push->order.attempts,
             wrong ? ": " : "", wrong ? wrong : "");
    wire_response(push->exchange, response ? (int)response->status : 0,
                  response ? response->body : "", response ? response->length : 0, plain,
                  (int64_t)elapsed_ms(push), note);
    wire_add(push->wire, push->exchange);
    push->exchange = NULL;
}

static void show(struct push *push, const char *side, const char *kind, json_t *fields) {
    if (push->re && json_object_set_new(fields, "re", must(json_integer((json_int_t)push->re))))
        must(NULL);
    world_say(push->order.person, side, kind, fields, push->wire);
}

static void show_failure(struct push *push, const char *reason) {
    if (push->order.person && !push->world->stopping)
        show(push, "system", "failure",
             must(json_pack("{ss si ss}", "text", failure_notice, "attempts", push->attempt,
                            "reason", reason)));
}

/* The last word; the push is gone afterwards. */
static void finish(struct push *push, const struct wx_http_response *response, const char *plain) {
    if (push->order.done)
        push->order.done(push->order.data, response ? (int)response->status : 0,
                         response ? response->body : "", response ? response->length : 0, plain);
    talloc_free(push);
}

/* WeChat asks again; after a refusal it waits a little, after silence it has waited enough.
 * `response` is NULL when there was none. */
static void attempt_failed(struct push *push, const struct wx_http_response *response,
                           const char *wrong) {
    uint64_t wait = (uint64_t)push->world->wait_ms;
    bool silent = push->exchange && elapsed_ms(push) >= wait;
    note_exchange(push, response, NULL, wrong);
    if (push->attempt < push->order.attempts && !push->world->stopping) {
        alarm_set(push->world->alarms, silent ? 0 : wait / 5, attempt, push);
        return;
    }
    show_failure(push, wrong);
    finish(push, response, NULL);
}

static void attempt_answered(struct push *push, const struct wx_http_response *response) {
    const struct push_order *order = &push->order;
    struct reply reply;
    reply_read(push, order->account, order->person ? order->openid : NULL, order->after_message,
               response->body, response->length, &reply);
    bool broken = reply.kind == REPLY_BROKEN;
    note_exchange(push, response, reply.plain, broken ? reply.reason : NULL);
    if (broken)
        show_failure(push, reply.reason);
    else if (reply.kind == REPLY_SHOWN && *reply.item && order->person)
        show(push, "account", reply.item, json_incref(reply.fields));
    finish(push, response, reply.plain);
}

static void answered(void *data, const struct wx_http_response *response) {
    struct push *push = data;
    char wrong[256];
    if (push->lost)
        attempt_failed(push, NULL, "the answer was lost on its way");
    else if (response->error) {
        snprintf(wrong, sizeof wrong, "%s: %s", wx_error_text(response->error), response->reason);
        attempt_failed(push, NULL, wrong);
    } else if (response->status < 200 || response->status > 299) {
        snprintf(wrong, sizeof wrong, "status %ld", response->status);
        attempt_failed(push, response, wrong);
    } else {
        attempt_answered(push, response);
    }
}

static struct push *push_make(const struct push_order *order) {
    struct world *world = order->account->world;
    struct push *push = must(talloc_zero(world, struct push));
    talloc_set_destructor(push, push_end);
    push->world = world;
    push->order = *order;
    push->order.openid = must(talloc_strdup(push, order->openid));
    push->order.xml = must(talloc_strdup(push, order->xml));
    push->order.item = NULL; /* may go before the push does */
    push->re = order->item ? order->item->seq : 0;
    push->wire = order->item ? json_incref(order->item->wire) : NULL;
    return push;
}

void push_send(const struct push_order *order) {
    attempt(push_make(order));
}
