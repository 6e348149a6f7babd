/* A scene code was scanned: by a learner (SCAN), or by somebody who became one with it (subscribe).
 * The scene is turn->message->scene either way. No scene means anything of its own yet: a newcomer
 * is welcomed, and a learner is told what there is to do. */

#include "bot/handlers.h"

void scan(struct turn *turn) {
    if (turn->message->event == WX_EVENT_SUBSCRIBE)
        follow(turn);
    else
        help(turn);
}
