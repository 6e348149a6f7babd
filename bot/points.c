/* 我的积分: total, level, how far to the next, and the newest changes with their reasons. */

#include "bot/handlers.h"
#include "bot/level.h"
#include "bot/standing.h"

#include <talloc.h>

#define LINES 5

static char *line(struct turn *turn, const struct store_learner *learner, unsigned i) {
    char when[32];
    struct vars vars = {0};
    calendar_date_time(turn->account->calendar, learner->recent[i].at, when);
    vars_text(&vars, "when", when);
    vars_number(&vars, "points", learner->recent[i].points);
    vars_text(
        &vars, "reason",
        rules_reason(turn, turn->account->rules, turn->account->copy, learner->recent[i].rule));
    return turn_render(turn, COPY_points_line, &vars);
}

/* "" when nothing was ever earned. */
static char *lines(struct turn *turn, const struct store_learner *learner) {
    char *text = talloc_strdup(turn, "");
    unsigned count = 0;
    for (unsigned i = 0; text && i < learner->recent_count && count < LINES; i++)
        if (learner->recent[i].points != 0)
            text =
                talloc_asprintf_append(text, "%s%s", count++ ? "\n" : "", line(turn, learner, i));
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
    const char *changes = lines(turn, learner);
    if (changes && !*changes) {
        turn_copy(turn, COPY_points_none, &vars);
        return;
    }
    vars_copy(&vars, "hello", hello(turn, learner));
    vars_number(&vars, "xp", learner->xp);
    vars_number(&vars, "level", learner->level);
    vars_text(&vars, "title", level_title(turn, learner->level));
    vars_number(&vars, "streak", learner->streak);
    vars_copy(&vars, "lines", changes);
    turn_copy(turn, COPY_points, &vars);
}

void points(struct turn *turn) {
    standing(turn, on_standing);
}
