/* 我的积分: total, level, how far to the next, and the newest ledger lines with their reasons. */

#include "bot/handlers.h"
#include "bot/level.h"
#include "store/learner.h"

#include <talloc.h>

static char *lines(struct turn *turn, const struct store_learner *learner) {
    char *text = talloc_strdup(turn, "");
    for (unsigned i = 0; text && i < learner->recent_count; i++) {
        char when[32];
        struct vars vars = {0};
        calendar_date_time(turn->account->calendar, learner->recent[i].at, when);
        vars_text(&vars, "when", when);
        vars_number(&vars, "points", learner->recent[i].points);
        vars_text(
            &vars, "reason",
            rules_reason(turn, turn->account->rules, turn->account->copy, learner->recent[i].rule));
        text = talloc_asprintf_append(text, "%s%s", i ? "\n" : "",
                                      turn_render(turn, COPY_points_line, &vars));
    }
    return text;
}

static const char *hello(struct turn *turn, const struct store_learner *learner) {
    struct vars vars = {0};
    vars_text(&vars, "who", learner->name);
    return *learner->name ? turn_render(turn, COPY_hello, &vars) : "";
}

static void on_standing(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    struct vars vars = {0};
    vars_copy(&vars, "next", level_next(turn, learner->xp));
    if (learner->recent_count == 0) {
        turn_copy(turn, COPY_points_none, &vars);
        return;
    }
    vars_copy(&vars, "hello", hello(turn, learner));
    vars_number(&vars, "xp", learner->xp);
    vars_number(&vars, "level", learner->level);
    vars_text(&vars, "title", level_title(turn, learner->level));
    vars_number(&vars, "streak", learner->streak);
    vars_copy(&vars, "lines", lines(turn, learner));
    turn_copy(turn, COPY_points, &vars);
}

void points(struct turn *turn) {
    store_standing(turn->store, &turn->who, on_standing, turn);
}
