/* Levels: their titles, how far it is to the next, and 等级, which shows them all. */

#include "bot/level.h"

#include "bot/handlers.h"
#include "bot/standing.h"

#include <talloc.h>

const char *level_title(const struct turn *turn, unsigned level) {
    const struct rules *rules = turn->account->rules;
    if (level < 1)
        level = 1;
    return rules->levels[level < rules->levels_count ? level - 1 : rules->levels_count - 1].title;
}

char *level_next(struct turn *turn, int64_t xp) {
    const struct rules *rules = turn->account->rules;
    unsigned level = rules_level(rules, xp);
    if (level >= rules->levels_count)
        return turn_render(turn, COPY_next_none, NULL);
    struct vars vars = {0};
    vars_number(&vars, "points", rules->levels[level].xp - xp);
    vars_text(&vars, "title", rules->levels[level].title);
    return turn_render(turn, COPY_next_level, &vars);
}

char *level_congratulate(struct turn *turn, const struct store_learner *learner, char *text) {
    if (!text || learner->level <= learner->level_before)
        return text;
    struct vars vars = {0};
    vars_number(&vars, "level", learner->level);
    vars_text(&vars, "title", level_title(turn, learner->level));
    return talloc_asprintf(turn, "%s\n\n%s", text, turn_render(turn, COPY_level_up, &vars));
}

#define LINES 12 /* of levels, at most, around the learner's own */

static char *line(struct turn *turn, unsigned i, bool own) {
    const struct level *level = &turn->account->rules->levels[i];
    struct vars vars = {0};
    vars_number(&vars, "level", i + 1);
    vars_text(&vars, "title", level->title);
    vars_number(&vars, "xp", level->xp);
    return turn_render(turn, own ? COPY_levels_own : COPY_levels_line, &vars);
}

static char *lines(struct turn *turn, unsigned own) {
    unsigned count = turn->account->rules->levels_count;
    unsigned from = own > LINES / 2 ? own - LINES / 2 : 0;
    if (from + LINES > count)
        from = count > LINES ? count - LINES : 0;
    char *text = talloc_strdup(turn, "");
    for (unsigned i = from; text && i < count && i < from + LINES; i++)
        text = talloc_asprintf_append(text, "%s%s", i > from ? "\n" : "", line(turn, i, i == own));
    return text;
}

static void on_standing(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    unsigned count = turn->account->rules->levels_count;
    unsigned level = learner->level < 1 ? 1 : learner->level < count ? learner->level : count;
    struct vars vars = {0};
    vars_copy(&vars, "lines", lines(turn, level - 1));
    vars_number(&vars, "level", level);
    vars_text(&vars, "title", level_title(turn, level));
    vars_number(&vars, "xp", learner->xp);
    vars_copy(&vars, "next", level_next(turn, learner->xp));
    turn_copy(turn, COPY_levels, &vars);
}

void levels(struct turn *turn) {
    standing(turn, on_standing);
}
