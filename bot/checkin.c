/* 签到: once a day; streak, day N of 21, and tomorrow's reminder. */

#include "bot/handlers.h"
#include "bot/level.h"
#include "store/learner.h"

static enum copy_entry wording(const struct store_learner *learner, unsigned day) {
    if (!learner->checked_in)
        return COPY_checkin_again;
    if (day == PLAN_DAYS)
        return COPY_checkin_21;
    return learner->checkins == 1 ? COPY_checkin_first : COPY_checkin_done;
}

static void on_checked_in(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    unsigned day = account_plan_day(learner->checkins);
    struct vars vars = {0};
    vars_number(&vars, "points", learner->given);
    vars_number(&vars, "xp", learner->xp);
    vars_number(&vars, "streak", learner->streak);
    vars_number(&vars, "day", day);
    vars_number(&vars, "days_left", PLAN_DAYS - day);
    vars_copy(&vars, "next", level_next(turn, learner->xp));
    char *text = turn_render(turn, wording(learner, day), &vars);
    turn_text(turn, level_congratulate(turn, learner, text));
}

void checkin(struct turn *turn) {
    struct account *account = turn->account;
    const struct config_work *work = &account->installation->work;
    /* Quiet hours that end before they begin, as nights do, bound the day; others the gate waits
     * for. */
    bool overnight = work->quiet_from_minute > work->quiet_to_minute;
    struct store_checkin checkin = {
        .thresholds = account->rules->thresholds,
        .rule = account->checkin,
        .minute = calendar_minute(account->calendar, turn->who.now),
        .tomorrow = calendar_day(account->calendar, turn->who.now)->ends,
        .remind_from = overnight ? work->quiet_to_minute : 0,
        .remind_to = overnight ? work->quiet_from_minute - 1 : 24 * 60 - 1,
        .plan_days = PLAN_DAYS,
        .milestones = account->milestones,
    };
    store_checkin(turn->store, &turn->who, &checkin, on_checked_in, turn);
}
