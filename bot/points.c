/* 我的积分: what the learner has, how far it is to the next level, and the newest changes. */

#include "bot/handlers.h"
#include "bot/ledger.h"
#include "bot/level.h"
#include "bot/standing.h"
#include "bot/streak.h"

#include <talloc.h>

#define LINES 5

/* "" when nothing was ever earned. */
static char *lines(struct turn *turn, const struct store_learner *learner) {
    char *text = talloc_strdup(turn, "");
    unsigned count = 0;
    for (unsigned i = 0; text && i < learner->recent_count && count < LINES; i++)
        if (learner->recent[i].points != 0 || learner->recent[i].coins != 0)
            text = talloc_asprintf_append(text, "%s%s", count++ ? "\n" : "",
                                          ledger_change(turn, learner, i));
    return text;
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
    vars_copy(&vars, "hello", ledger_hello(turn, learner));
    vars_number(&vars, "xp", learner->xp);
    vars_number(&vars, "coins", learner->coins);
    vars_number(&vars, "level", learner->level);
    vars_text(&vars, "title", level_title(turn, learner->level));
    vars_copy(&vars, "going", streak_now(turn, learner));
    vars_copy(&vars, "mend", streak_mend(turn, learner));
    vars_copy(&vars, "lines", changes);
    turn_copy(turn, COPY_points, &vars);
}

void points(struct turn *turn) {
    standing(turn, on_standing);
}
