/* 请假: days on which a streak rests. 销假: they are taken back. 补签: days that were missed are
 * mended.
 */

#include "bot/handlers.h"
#include "bot/leave_days.h"
#include "bot/standing.h"
#include "bot/streak.h"
#include "store/streak.h"

#include <string.h>
#include <talloc.h>

/* ---- 请假 ---- */

/* The words of the message, folded one by one: where a blank stood may be where a date ends. */
static char *words_of(struct turn *turn) {
    static const char *const blanks[] = {" ", "\t", "\r", "\n", "\u3000", "\u00a0"};
    char *words = talloc_strdup(turn, "");
    const char *at = turn->message->content;
    while (words && *at) {
        size_t length = 0, blank = 0;
        for (; at[length] && !blank; length += blank ? 0 : 1)
            for (size_t i = 0; i < sizeof blanks / sizeof blanks[0] && !blank; i++)
                if (strncmp(at + length, blanks[i], strlen(blanks[i])) == 0)
                    blank = strlen(blanks[i]);
        const char *word = keywords_fold(turn, talloc_strndup(turn, at, length));
        if (length > 0 && word)
            words = talloc_asprintf_append(words, "%s%s", *words ? " " : "", word);
        at += length + blank;
    }
    return words;
}

static enum leave_days_verdict asked_for(struct turn *turn, struct leave_days *days) {
    const struct account *account = turn->account;
    const char *words = words_of(turn);
    return leave_days_parse(words ? words : "", turn->who.day, account->workdays,
                            account->rules->streak.leave_days, days);
}

/* What is offered: the next working day. */
static void offer(struct turn *turn, struct vars *vars) {
    char date[32];
    int64_t next = workdays_next(turn->account->workdays, turn->who.day);
    calendar_date_text(next, date);
    vars_text(vars, "tomorrow", talloc_strdup(turn, date));
    vars_text(vars, "date", streak_date(turn, next));
}

/* Nothing was taken: why, or how to ask. */
static void on_refused(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    static const enum copy_entry copies[] = {
        [LEAVE_DAYS_UNCLEAR] = COPY_leave_ask, [LEAVE_DAYS_PAST] = COPY_leave_past,
        [LEAVE_DAYS_FAR] = COPY_leave_far,     [LEAVE_DAYS_REST] = COPY_leave_rest,
        [LEAVE_DAYS_LONG] = COPY_leave_long,
    };
    int most = turn->account->rules->streak.leave_days;
    struct leave_days days = {0};
    enum leave_days_verdict verdict = asked_for(turn, &days);
    struct vars vars = {0};
    vars_number(&vars, "most", most);
    offer(turn, &vars);
    if (most == 0)
        turn_copy(turn, COPY_leave_never, NULL);
    else if (verdict == LEAVE_DAYS_UNCLEAR && learner->on_leave)
        turn_copy(turn, COPY_leave_on, &vars);
    else
        turn_copy(turn, copies[verdict], &vars);
}

/* Not taken: it goes on from leave that is there already. */
static void refuse_chain(struct turn *turn, const struct store_leave *leave) {
    struct vars vars = {0};
    vars_text(&vars, "from", streak_date(turn, leave->from));
    vars_text(&vars, "to", streak_date(turn, leave->to));
    vars_number(&vars, "count", workdays_count(turn->account->workdays, leave->from, leave->to));
    vars_number(&vars, "most", turn->account->rules->streak.leave_days);
    turn_copy(turn, COPY_leave_chain, &vars);
}

static void on_leave(void *data, int error, const struct store_leave *leave) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (!leave->taken) {
        refuse_chain(turn, leave);
        return;
    }
    const struct workdays *workdays = turn->account->workdays;
    struct vars vars = {0};
    vars_text(&vars, "from", streak_date(turn, leave->from));
    vars_text(&vars, "to", streak_date(turn, leave->to));
    vars_number(&vars, "count", workdays_count(workdays, leave->from, leave->to));
    vars_text(&vars, "date", streak_date(turn, workdays_next(workdays, leave->to)));
    turn_copy(turn, leave->from == leave->to ? COPY_leave_day : COPY_leave_days, &vars);
}

/* The working days around a leave, as store/streak.h wants them; NULL when out of memory. */
static char *work_around(struct turn *turn, struct store_wish *wish) {
    const struct workdays *workdays = turn->account->workdays;
    int margin = (int)wish->most + 1;
    int64_t last = workdays_add(workdays, wish->to, margin);
    wish->first = workdays_add(workdays, wish->from, -margin);
    size_t count = (size_t)(last - wish->first) + 1;
    char *work = talloc_array(turn, char, count + 1);
    if (!work)
        return NULL;
    for (size_t i = 0; i < count; i++)
        work[i] = workdays_is(workdays, wish->first + (int64_t)i) ? '1' : '0';
    work[count] = '\0';
    return work;
}

void leave(struct turn *turn) {
    struct leave_days days;
    if (asked_for(turn, &days) != LEAVE_DAYS_GOOD) {
        standing(turn, on_refused);
        return;
    }
    struct store_wish wish = {
        .from = days.from,
        .to = days.to,
        .most = (unsigned)turn->account->rules->streak.leave_days,
    };
    wish.work = work_around(turn, &wish);
    if (wish.work)
        store_leave(turn->store, &turn->who, &wish, on_leave, turn);
    else
        turn_text(turn, NULL);
}

/* ---- 销假 ---- */

static void on_back(void *data, int error, const struct store_leave *leave) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    struct vars vars = {0};
    offer(turn, &vars);
    turn_copy(turn, leave->taken ? COPY_leave_back : COPY_leave_none, &vars);
}

void leave_back(struct turn *turn) {
    const struct store_wish none = {0};
    store_leave(turn->store, &turn->who, &none, on_back, turn);
}

/* ---- 补签 ---- */

static void on_makeup(void *data, int error, const struct store_makeup *makeup) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    const struct rules_streak *rules = &turn->account->rules->streak;
    struct vars vars = {0};
    vars_number(&vars, "missed", makeup->missed);
    vars_number(&vars, "streak", makeup->streak);
    vars_number(&vars, "freezes", makeup->freezes);
    vars_number(&vars, "every", rules->freeze_every);
    vars_number(&vars, "most", rules->makeup_days);
    if (!streak_has_freezes(turn))
        turn_copy(turn, COPY_makeup_never, &vars);
    else if (makeup->outcome == STORE_MAKEUP_mended)
        turn_copy(turn, COPY_makeup_mended, &vars);
    else if (makeup->outcome == STORE_MAKEUP_few)
        turn_copy(turn, makeup->freezes > 0 ? COPY_makeup_few : COPY_makeup_no_freeze, &vars);
    else
        turn_copy(turn, makeup->streak > 0 ? COPY_makeup_whole : COPY_makeup_late, &vars);
}

void makeup(struct turn *turn) {
    char work[64];
    workdays_recent(turn->account->workdays, turn->who.day, work);
    store_makeup(turn->store, &turn->who, turn->account->policy, work, on_makeup, turn);
}
