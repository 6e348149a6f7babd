/* An event or a kind of message that WeChat has invented since, or that comes from a thing and not
 * from a person (device_text): answered `success`, and named in the log once, so that somebody
 * hears of it and a flood of it fills no disk. */

#include "bot/handlers.h"
#include "bot/log.h"

#include <stdio.h>
#include <string.h>

#define NAMES     64 /* that a process remembers */
#define NAME_SIZE 48 /* of which it tells, with its NUL */

/* Whether the name is heard for the first time. */
static bool is_news(const char *name) {
    static char names[NAMES][NAME_SIZE];
    static size_t count;
    char shortened[NAME_SIZE];
    snprintf(shortened, sizeof shortened, "%.*s", (int)sizeof shortened - 1, name);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], shortened) == 0)
            return false;
    if (count == NAMES)
        return false;
    memcpy(names[count++], shortened, sizeof shortened);
    if (count == NAMES)
        log_line(LOG_WARN, "more than %d events and messages without use: no more will be named",
                 NAMES - 1);
    return true;
}

void strange(struct turn *turn) {
    const struct wx_message *message = turn->message;
    bool is_event = message->type == WX_MESSAGE_EVENT;
    char name[2 * NAME_SIZE];
    snprintf(name, sizeof name, "%s %.*s", is_event ? "event" : "message", NAME_SIZE - 9,
             is_event ? message->event_name : message->type_name);
    if (is_news(name))
        log_line(LOG_WARN, "account=%s no use for %s, answered success",
                 turn->account->config->name, name);
    turn_none(turn);
}
