#include "bot/routes.h"

#include "bot/handlers.h"

#include <string.h>

/* A text: a keyword always wins, also while a question is open (the question stays open), so that
 * nobody is ever caught in a dialogue. What no keyword takes goes to `answer`, whose one call to
 * the store finds the question and answers it; when none is open, the text is not understood. The
 * price is that an employee number that is a keyword must be given in one go: 绑定 PM 1234.
 *
 * A question to a mentor, and its answer, are sentences in which any word may stand: while one is
 * waited for, only a text that is a keyword as a whole wins, or one that begins a phrase (绑定
 * 10086 1234). All others go to `question_heard` first, which hands on what it has no use for.
 *
 * First match wins. A row is for a scan, or for an event, or for a command (a menu key, or a text
 * by way of the pack's keywords; of a phrase the keyword is followed by other words), or for a kind
 * of message. A subscribe by way of a scan is a scan.
 */
static const struct route {
    enum { ON_SCAN, ON_EVENT, ON_COMMAND, ON_PHRASE, ON_STRANGE, ON_TEXT, ON_MESSAGE } on;
    enum wx_event event;
    const char *command;
    turn_handler *handler;
} routes[] = {
    {ON_SCAN, 0, NULL, scan},
    {ON_EVENT, WX_EVENT_SUBSCRIBE, NULL, follow},
    {ON_EVENT, WX_EVENT_UNSUBSCRIBE, NULL, unfollow},
    {ON_EVENT, WX_EVENT_SCAN, NULL, help}, /* of a code without a scene */
    {ON_EVENT, WX_EVENT_VIEW, NULL, note},
    {ON_EVENT, WX_EVENT_TEMPLATESENDJOBFINISH, NULL, delivered},
    {ON_EVENT, WX_EVENT_USER_INFO_MODIFIED, NULL, privacy},
    {ON_EVENT, WX_EVENT_USER_AUTHORIZATION_REVOKE, NULL, privacy},
    {ON_EVENT, WX_EVENT_USER_AUTHORIZATION_CANCELLATION, NULL, privacy},
    {ON_STRANGE, 0, NULL, strange},
    {ON_COMMAND, 0, "checkin", checkin},
    {ON_COMMAND, 0, "points", points},
    {ON_COMMAND, 0, "ledger", ledger},
    {ON_COMMAND, 0, "levels", levels},
    {ON_COMMAND, 0, "certificate", certificate},
    {ON_COMMAND, 0, "leave", leave},
    {ON_COMMAND, 0, "leave_back", leave_back},
    {ON_COMMAND, 0, "makeup", makeup},
    {ON_COMMAND, 0, "board", board},
    {ON_COMMAND, 0, "hide", hide},
    {ON_COMMAND, 0, "show", show},
    {ON_COMMAND, 0, "course", course},
    {ON_PHRASE, 0, "bind", bind_employee},
    {ON_COMMAND, 0, "unbind", unbind},
    {ON_COMMAND, 0, "unbind_confirmed", unbind_confirmed},
    {ON_COMMAND, 0, "cancel", cancel},
    {ON_COMMAND, 0, "team", team},
    {ON_PHRASE, 0, "team_join", team_join},
    {ON_COMMAND, 0, "team_move_confirmed", team_move_confirmed},
    {ON_COMMAND, 0, "team_leave", team_leave},
    {ON_COMMAND, 0, "team_leave_confirmed", team_leave_confirmed},
    {ON_COMMAND, 0, "contest", contest},
    {ON_COMMAND, 0, "league", league},
    {ON_COMMAND, 0, "report", report},
    {ON_PHRASE, 0, "question", question},
    {ON_COMMAND, 0, "question_mine", question_mine},
    {ON_COMMAND, 0, "question_desk", question_desk},
    {ON_PHRASE, 0, "question_answer", question_answer},
    {ON_COMMAND, 0, "help", help},
    {ON_COMMAND, 0, "menu", menu},
    {ON_COMMAND, 0, "thanks", thanks},
    {ON_EVENT, WX_EVENT_CLICK, NULL, help}, /* a key of a menu that is no more */
    {ON_EVENT, 0, NULL, turn_none},
    {ON_TEXT, 0, NULL, answer},
    {ON_MESSAGE, 0, NULL, not_text},
};

#define ROUTES (sizeof routes / sizeof routes[0])

const char *const *routes_commands(void) {
    static const char *commands[ROUTES + 1];
    size_t count = 0;
    for (size_t i = 0; i < ROUTES; i++)
        if (routes[i].on == ON_COMMAND || routes[i].on == ON_PHRASE)
            commands[count++] = routes[i].command;
    commands[count] = NULL;
    return commands;
}

static bool is_text(const struct wx_message *message) {
    /* What WeChat understood of a voice message is as good as typed. */
    return message->type == WX_MESSAGE_TEXT ||
           (message->type == WX_MESSAGE_VOICE && *message->content);
}

/* Whether the text wins over a question that is waited for. `rest`: what followed its keyword. */
static bool is_plain(struct turn *turn, const struct route *route, const char *rest) {
    return (route->on == ON_PHRASE && *rest) ||
           keywords_is_word(turn, turn->account->keywords, turn->message->content);
}

turn_handler *routes_find(struct turn *turn) {
    const struct wx_message *message = turn->message;
    const char *command = NULL, *rest = "";
    if (is_text(message))
        command = keywords_match(turn, turn->account->keywords, message->content, &rest);
    else if (message->event == WX_EVENT_CLICK)
        command = message->event_key;
    for (size_t i = 0; i < ROUTES; i++) {
        const struct route *route = &routes[i];
        bool matches = false;
        switch (route->on) {
        case ON_SCAN:
            matches = *message->scene != '\0';
            break;
        case ON_EVENT:
            matches = message->type == WX_MESSAGE_EVENT &&
                      (!route->event || route->event == message->event);
            break;
        case ON_COMMAND:
        case ON_PHRASE:
            matches = command && strcmp(command, route->command) == 0;
            break;
        case ON_STRANGE:
            matches = message->type == WX_MESSAGE_UNKNOWN ||
                      message->type == WX_MESSAGE_DEVICE_TEXT || message->event == WX_EVENT_UNKNOWN;
            break;
        case ON_TEXT:
            matches = is_text(message);
            break;
        case ON_MESSAGE:
            matches = true;
        }
        if (!matches)
            continue;
        turn->otherwise = route->handler;
        return is_text(message) && !is_plain(turn, route, rest) ? question_heard : route->handler;
    }
    return turn_none;
}
