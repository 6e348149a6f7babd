#include "bot/level.h"

#include "store/learner.h"

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
