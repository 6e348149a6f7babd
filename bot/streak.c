#include "bot/streak.h"

#include "store/learner.h"

#include <talloc.h>

bool streak_has_freezes(const struct turn *turn) {
    const struct rules_streak *streak = &turn->account->rules->streak;
    return streak->freezes > 0 && streak->freeze_every > 0 && streak->makeup_days > 0;
}

char *streak_now(struct turn *turn, const struct store_learner *learner) {
    struct vars vars = {0};
    vars_number(&vars, "streak", learner->streak);
    vars_number(&vars, "freezes", learner->freezes);
    if (learner->streak == 0)
        return turn_render(turn, learner->rest_day ? COPY_streak_none_rest : COPY_streak_none,
                           &vars);
    return turn_render(turn, learner->freezes > 0 ? COPY_streak_freezes : COPY_streak, &vars);
}

char *streak_mend(struct turn *turn, const struct store_learner *learner) {
    if (learner->missed == 0 || !streak_has_freezes(turn))
        return talloc_strdup(turn, "");
    struct vars vars = {0};
    vars_number(&vars, "missed", learner->missed);
    vars_number(&vars, "streak", learner->mended);
    vars_number(&vars, "freezes", learner->freezes);
    vars_number(&vars, "every", turn->account->rules->streak.freeze_every);
    enum copy_entry entry = learner->freezes >= learner->missed ? COPY_mend_offer
                            : learner->freezes > 0              ? COPY_mend_few
                                                                : COPY_mend_no_freeze;
    return talloc_asprintf(turn, "\n\n%s", turn_render(turn, entry, &vars));
}

char *streak_rest(struct turn *turn, int64_t day) {
    const char *name = workdays_name(turn->account->workdays, day);
    struct vars vars = {0};
    vars_text(&vars, "festival", name);
    return turn_render(turn, name ? COPY_rest_festival : COPY_rest_weekend, &vars);
}

char *streak_date(struct turn *turn, int64_t day) {
    static const char *const weekdays[] = {"四", "五", "六", "日", "一", "二", "三"};
    char date[32];
    calendar_date_text(day, date); /* day 0 was a Thursday */
    return talloc_asprintf(turn, "%s（周%s）", date, weekdays[((day % 7) + 7) % 7]);
}
