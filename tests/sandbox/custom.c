/* Customer-service messages: message/custom/send and typing. Rules: api.md §5. */

#include "alarm.h"
#include "content.h"
#include "endpoint.h"

#include <string.h>

#define TYPING_MS     15000 /* then it is over by itself */
#define INTERACTED_MS 30000 /* since the person's last message */
#define HOURS_48      (48LL * 3600 * 1000)

/* The window this message would use up, or NULL with *errcode. */
static struct window *window_open(struct person *person, int *errcode) {
    int64_t now = world_now_ms(person->account->world);
    struct window *const windows[] = {&person->tap, &person->message}; /* the shorter first */
    *errcode = 45015;
    for (size_t i = 0; person->following && i < 2; i++) {
        if (windows[i]->until <= now)
            continue;
        if (windows[i]->left > 0)
            return windows[i];
        *errcode = 45047;
    }
    return NULL;
}

static void deliver(struct call *call, struct person *person, const struct content *content) {
    world_sent(call->account,
               json_pack("{sI ss ss ss ss si si sb}", "at", (json_int_t)world_now_ms(call->world),
                         "endpoint", "message/custom/send", "openid", person->openid,
                         "client_msg_id", "", "template_id", "", "msgid", 0, "errcode", 0, "shown",
                         true));
    person->typing = false;
    call_shows(call,
               world_say(person, "account", content->kind, json_incref(content->fields), NULL));
    call_accept(call, 0);
}

void custom_send(struct call *call) {
    struct person *person = person_find(call->account, value_string(call->body, "touser"));
    struct content content;
    int errcode = !person           ? 40003
                  : person->blocked ? 43019
                                    : content_read(call->request->ctx, call->account, call->body,
                                                   CONTENT_CUSTOM, &content);
    struct window *window = errcode ? NULL : window_open(person, &errcode);
    if (!window) {
        call_refuse(call, errcode, NULL);
        return;
    }
    window->left--;
    person_changed(person);
    deliver(call, person, &content);
}

/* ---- typing ---- */

static void typing_set(struct person *person, bool typing) {
    if (person->typing == typing)
        return;
    person->typing = typing;
    world_changed(person);
}

static void typed(void *data) {
    typing_set(data, false);
}

static int typing_errcode(const struct person *person, const char *command) {
    int64_t now = world_now_ms(person->account->world);
    if (!strcmp(command, "CancelTyping"))
        return 0;
    if (strcmp(command, "Typing") != 0)
        return 45072;
    if (person->message.until < now - INTERACTED_MS + HOURS_48)
        return 45080;
    return person->typing ? 45081 : 0;
}

void custom_typing(struct call *call) {
    const char *command = value_string(call->body, "command");
    struct person *person = call_person(call, "touser");
    int errcode = person ? typing_errcode(person, command) : 0;
    if (!person)
        return;
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    typing_set(person, !strcmp(command, "Typing"));
    if (person->typing)
        alarm_set(call->world->alarms, TYPING_MS, typed, person);
    call_accept(call, 0);
}
