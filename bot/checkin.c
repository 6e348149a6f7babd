/* 签到: once a day; streak, day N of 21, and the next working day's reminder. */

#include "bot/certificate.h"
#include "bot/handlers.h"
#include "bot/ledger.h"
#include "bot/level.h"
#include "bot/standing.h"
#include "bot/streak.h"

#include <talloc.h>

static enum copy_entry wording(const struct store_learner *learner, unsigned day) {
    if (!learner->checked_in)
        return learner->rest_day ? COPY_checkin_again_rest : COPY_checkin_again;
    if (day == PLAN_DAYS)
        return COPY_checkin_21;
    if (learner->rest_day)
        return COPY_checkin_rest;
    if (learner->checkins == 1)
        return COPY_checkin_first;
    return learner->streak == 1 ? COPY_checkin_anew : COPY_checkin_done;
}

/* Which day of the plan: "第 3 天", or after its end "第 2 轮第 3 天". */
static char *nth_day(struct turn *turn, const struct store_learner *learner, unsigned day) {
    int64_t round = (learner->checkins - 1) / PLAN_DAYS + 1;
    struct vars vars = {0};
    vars_number(&vars, "day", day);
    vars_number(&vars, "round", round);
    return turn_render(turn, round > 1 ? COPY_nth_day_again : COPY_nth_day, &vars);
}

/* ---- what else there is to say, each below an empty line ---- */

static char *paragraph(struct turn *turn, char *text, enum copy_entry entry,
                       const struct vars *vars) {
    return text ? talloc_asprintf_append(text, "\n\n%s", turn_render(turn, entry, vars)) : NULL;
}

static char *milestone(struct turn *turn, char *text, unsigned day) {
    static const struct {
        unsigned day;
        enum copy_entry entry;
    } milestones[] = {{3, COPY_milestone_3}, {7, COPY_milestone_7}, {14, COPY_milestone_14}};
    for (size_t i = 0; i < sizeof milestones / sizeof milestones[0]; i++)
        if (milestones[i].day == day)
            return paragraph(turn, text, milestones[i].entry, NULL);
    return text;
}

/* Why a day is unlike other days of its weekday: a make-up day, a holiday from tomorrow on. */
static char *calendar_news(struct turn *turn, char *text) {
    const struct workdays *workdays = turn->account->workdays;
    int64_t today = turn->who.day, next = workdays_next(workdays, today);
    const char *name = workdays_name(workdays, today);
    struct vars vars = {0};
    if (name && workdays_is(workdays, today)) {
        vars_text(&vars, "festival", name);
        return paragraph(turn, text, COPY_makeup_day, &vars);
    }
    name = workdays_name(workdays, today + 1);
    if (!workdays_is(workdays, today) || next == today + 1 || !name)
        return text;
    vars_text(&vars, "festival", name);
    vars_text(&vars, "date", streak_date(turn, next));
    return paragraph(turn, text, COPY_holiday_ahead, &vars);
}

static char *also(struct turn *turn, const struct store_learner *learner, unsigned day) {
    char *text = talloc_strdup(turn, "");
    if (learner->checked_in) {
        if (learner->checkins <= PLAN_DAYS)
            text = milestone(turn, text, day);
        text = calendar_news(turn, text);
    }
    if (learner->freeze_earned) {
        struct vars vars = {0};
        vars_number(&vars, "streak", learner->streak);
        vars_number(&vars, "freezes", learner->freezes);
        text = paragraph(turn, text, COPY_freeze_earned, &vars);
    }
    return text ? talloc_asprintf_append(text, "%s", streak_mend(turn, learner)) : NULL;
}

/* ---- the answer ---- */

/* `name`: of the learner, for the certificate of the last day. */
static void reply(struct turn *turn, const struct store_learner *learner, const char *name) {
    unsigned day = account_plan_day(learner->checkins);
    struct vars vars = {0};
    vars_copy(&vars, "gain", ledger_amount(turn, learner->given, learner->coins_given));
    vars_number(&vars, "xp", learner->xp);
    vars_number(&vars, "streak", learner->streak);
    vars_copy(&vars, "going", streak_now(turn, learner));
    vars_number(&vars, "day", day);
    vars_copy(&vars, "nth", nth_day(turn, learner, day));
    vars_number(&vars, "days_left", PLAN_DAYS - day);
    vars_copy(&vars, "next", level_next(turn, learner->xp));
    vars_copy(&vars, "also", also(turn, learner, day));
    if (learner->rest_day)
        vars_copy(&vars, "rest", streak_rest(turn, turn->who.day));
    if (name)
        vars_copy(&vars, "certificate", certificate_text(turn, learner, name));
    char *text = turn_render(turn, wording(learner, day), &vars);
    turn_text(turn, level_congratulate(turn, learner, text));
}

/* The check-in of the plan's last day, while the store is asked for the learner's name. */
struct last_day {
    struct turn *turn;
    struct store_learner learner;
};

static void on_name(void *data, int error, const struct store_learner *learner) {
    const struct last_day *last = data;
    if (error)
        turn_fail(last->turn, error);
    else
        reply(last->turn, &last->learner, learner->name);
}

static void on_checked_in(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (!learner->checked_in || account_plan_day(learner->checkins) != PLAN_DAYS) {
        reply(turn, learner, NULL);
        return;
    }
    struct last_day *last = talloc(turn, struct last_day);
    if (!last) {
        turn_text(turn, NULL);
        return;
    }
    *last = (struct last_day){turn, *learner};
    standing_for(turn, on_name, last);
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
