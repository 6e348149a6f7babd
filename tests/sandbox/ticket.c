/* ticket/getticket: what pages sign their use of the JS-SDK with. Rules: api.md §13. */

#include "endpoint.h"
#include "shelf.h"

#include <string.h>

#define LIFE_MS  (7200LL * 1000)
#define RENEW_MS (300LL * 1000) /* before its end there is a new one; both are good */
#define LENGTH   86

void ticket_get(struct call *call) {
    const char *type = call_query(call, "type");
    int64_t now = world_now_ms(call->world);
    if (strcmp(type, "jsapi") != 0 && strcmp(type, "wx_card") != 0) {
        call_refuse(call, 40097, NULL);
        return;
    }
    const json_t *kept = shelf_get(call->account, "ticket", type);
    if (value_integer(kept, "until", 0) - now <= RENEW_MS ||
        value_integer(kept, "until", 0) - now > LIFE_MS) {
        shelf_put(call->account, "ticket", type,
                  json_pack("{ss sI}", "ticket", world_random(call->request->ctx, LENGTH), "until",
                            (json_int_t)(now + LIFE_MS)));
        kept = shelf_get(call->account, "ticket", type);
    }
    call_give_ok(call, json_pack("{ss sI}", "ticket", value_string(kept, "ticket"), "expires_in",
                                 (json_int_t)((value_integer(kept, "until", 0) - now) / 1000)));
}
