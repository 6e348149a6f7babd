#include "rid.h"

#include "bot/config.h"
#include "endpoint.h"
#include "wx/crypto.h"

#include <inttypes.h>
#include <string.h>

#define KEPT      200
#define BODY_MOST 2000 /* bytes of a request or an answer that are told */

void rid_make(const struct world *world, char rid[RID_SIZE]) {
    uint32_t random[2] = {0, 0};
    wx_random(random, sizeof random);
    snprintf(rid, RID_SIZE, "%08" PRIx32 "-%08" PRIx32 "-%08" PRIx32,
             (uint32_t)(world_now_ms(world) / 1000), random[0], random[1]);
}

static json_t *told(const char *text, size_t length) {
    return value_bytes(text, length < BODY_MOST ? length : BODY_MOST);
}

void rid_keep(const struct call *call, const char *rid, const char *url, int64_t ms,
              const char *answer) {
    json_t *kept = call->world->rids;
    const char *ip = fcgi_param(call->request, "REMOTE_ADDR");
    json_t *entry = must(json_pack(
        "{ss s{sI sI ss so so ss}}", "appid", call->account ? call->account->config->appid : "",
        "request", "invoke_time", (json_int_t)(world_now_ms(call->world) / 1000), "cost_in_ms",
        (json_int_t)ms, "request_url", url, "request_body",
        told(call->form ? "" : call->request->body, call->form ? 0 : call->request->body_length),
        "response_body", told(answer, strlen(answer)), "client_ip", ip ? ip : ""));
    if (json_object_size(kept) >= KEPT)
        json_object_del(kept, json_object_iter_key(json_object_iter(kept)));
    if (json_object_set_new(kept, rid, entry))
        must(NULL);
}

void rid_get(struct call *call) {
    const char *rid = value_string(call->body, "rid");
    const json_t *entry = json_object_get(call->world->rids, rid);
    if (strlen(rid) != RID_SIZE - 1 || rid[strspn(rid, "0123456789abcdef-")])
        call_refuse(call, 76003, NULL);
    else if (!entry || strcmp(value_string(entry, "appid"), call->account->config->appid) != 0)
        call_refuse(call, 76001, NULL);
    else
        call_give_ok(call, json_pack("{sO}", "request", json_object_get(entry, "request")));
}
