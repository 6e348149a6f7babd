/* What a person took back at WeChat is erased here. WeChat sends these events in its own name
 * (FromUserName is its push service) about somebody (OpenID). Rules: WeChat «授权用户信息变更». */

#include "store/privacy.h"
#include "bot/handlers.h"
#include "bot/log.h"

#include <string.h>

/* Nickname and picture, of what can be revoked. */
#define PORTRAIT "205"

static void on_erased(void *data, int error, int64_t erased) {
    struct turn *turn = data;
    const struct wx_message *message = turn->message;
    if (error) {
        log_line(LOG_ERROR, "account=%s openid=…%s %s: not erased: %s", turn->account->config->name,
                 log_openid(message->subject_openid), message->event_name, store_error_text(error));
        turn_again(turn);
        return;
    }
    log_line(LOG_INFO, "account=%s openid=…%s %s %s: %lld erased", turn->account->config->name,
             log_openid(message->subject_openid), message->event_name, message->revoked,
             (long long)erased);
    turn_none(turn);
}

/* A number we do not know may stand for anything: all of it goes. */
static const char *number_of(const char *revoked) {
    static const char *const known[] = {"201", "202", "203", "204", PORTRAIT, "206", "207"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(revoked, known[i]) == 0)
            return known[i];
    return "";
}

void privacy(struct turn *turn) {
    const struct wx_message *message = turn->message;
    const char *appid = message->subject_appid;
    if (!*message->subject_openid || (*appid && strcmp(appid, turn->account->config->appid) != 0)) {
        log_line(LOG_WARN, "account=%s %s about nobody of ours", turn->account->config->name,
                 message->event_name);
        turn_none(turn);
        return;
    }
    struct store_turn who = turn->who;
    who.openid = message->subject_openid;
    if (message->event == WX_EVENT_USER_AUTHORIZATION_CANCELLATION)
        store_forget(turn->store, &who, on_erased, turn);
    else if (message->event == WX_EVENT_USER_INFO_MODIFIED) /* WeChat took down a name or picture */
        store_revoke(turn->store, &who, PORTRAIT, on_erased, turn);
    else
        store_revoke(turn->store, &who, number_of(message->revoked), on_erased, turn);
}
