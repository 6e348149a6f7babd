/* TEMPLATESENDJOBFINISH: WeChat tells what became of a template message. */

#include "bot/handlers.h"
#include "bot/log.h"
#include "store/outbox.h"

#include <string.h>

static void on_delivered(void *data, int error, int64_t ours) {
    struct turn *turn = data;
    if (error)
        log_line(LOG_WARN, "account=%s delivery report lost: %s", turn->account->config->name,
                 store_error_text(error));
    else if (!ours || strcmp(turn->message->status, "success") != 0)
        log_line(LOG_INFO, "account=%s openid=…%s %s template message: %s",
                 turn->account->config->name, log_openid(turn->message->from),
                 ours ? "our" : "a foreign", turn->message->status);
    turn_none(turn);
}

void delivered(struct turn *turn) {
    store_delivered(turn->store, &turn->who, turn->message->job_id, turn->message->status,
                    on_delivered, turn);
}
