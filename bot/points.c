/* 我的积分: what the learner has, how far it is to the next level, and the newest changes. */

#include "bot/handlers.h"
#include "bot/ledger.h"
#include "bot/level.h"
#include "bot/standing.h"
#include "bot/streak.h"

#include <talloc.h>

#define LINES 3 /* 积分明细 has more */

static void on_standing(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    struct vars vars = {0};
    vars_copy(&vars, "next", level_next(turn, learner->xp));
    char *changes = ledger_lines(turn, learner, LINES, false);
    if (changes && !*changes && learner->xp == 0 && learner->coins == 0) {
        turn_copy(turn, COPY_points_none, &vars);
        return;
    }
    if (changes && !*changes)
        changes = turn_render(turn, COPY_points_refused, NULL);
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
