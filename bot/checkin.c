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
    int64_t next = workdays_next(account->workdays, turn->who.day);
    char work[64];
    workdays_recent(account->workdays, turn->who.day, work);
    struct store_checkin checkin = {
        .policy = account->policy,
        .rule = account->checkin,
        .minute = calendar_minute(account->calendar, turn->who.now),
        .next = calendar_at(account->calendar, next, 0),
        .plan_days = PLAN_DAYS,
        .milestones = account->milestones,
        .work = work,
    };
    account_reminder_hours(account, &checkin.remind_from, &checkin.remind_to);
    store_checkin(turn->store, &turn->who, &checkin, on_checked_in, turn);
}
