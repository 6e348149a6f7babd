/* 积分明细: the learner's newest changes, and what gave less than it could or nothing: why, and
 * what to do about it. */

#include "bot/ledger.h"

#include "bot/handlers.h"
#include "bot/standing.h"
#include "config/limits.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define FRAME 512 /* bytes of a reply that are kept for what stands around the lines */

/* ---- a change ---- */

char *ledger_amount(struct turn *turn, int64_t points, int64_t coins) {
    char signed_points[24], signed_coins[24];
    struct vars vars = {0};
    snprintf(signed_points, sizeof signed_points, "%+" PRId64, points);
    snprintf(signed_coins, sizeof signed_coins, "%+" PRId64, coins);
    vars_text(&vars, "points", signed_points);
    vars_text(&vars, "coins", signed_coins);
    static const enum copy_entry entries[2][2] = {{COPY_amount_none, COPY_amount_coins},
                                                  {COPY_amount_points, COPY_amount_both}};
    return turn_render(turn, entries[points != 0][coins != 0], &vars);
}

const char *ledger_hello(struct turn *turn, const struct store_learner *learner) {
    struct vars vars = {0};
    vars_text(&vars, "who", learner->name);
    return *learner->name ? turn_render(turn, COPY_hello, &vars) : "";
}

/* ---- why not ---- */

static const enum copy_entry refused[STORE_WHY_COUNT] = {
    [STORE_WHY_none] = COPY_why_gone,       [STORE_WHY_once] = COPY_why_once,
    [STORE_WHY_day] = COPY_why_day,         [STORE_WHY_week] = COPY_why_week,
    [STORE_WHY_total] = COPY_why_total,     [STORE_WHY_subject] = COPY_why_subject,
    [STORE_WHY_cool] = COPY_why_cool,       [STORE_WHY_short] = COPY_why_short,
    [STORE_WHY_unbound] = COPY_why_unbound,
};

/* What a cap took from a change; of other reasons a change never is only cut. */
static const enum copy_entry cut[STORE_WHY_COUNT] = {
    [STORE_WHY_none] = COPY_why_gone,       [STORE_WHY_once] = COPY_why_gone,
    [STORE_WHY_day] = COPY_cut_day,         [STORE_WHY_week] = COPY_cut_week,
    [STORE_WHY_total] = COPY_cut_total,     [STORE_WHY_subject] = COPY_cut_subject,
    [STORE_WHY_cool] = COPY_why_gone,       [STORE_WHY_short] = COPY_why_gone,
    [STORE_WHY_unbound] = COPY_why_unbound,
};

/* The number a reason speaks of, in today's rules; 0 when they have none: the rule has changed
 * since then, or is gone. */
static int64_t bound_of(const struct rules *rules, const struct rule *rule, enum store_why why) {
    switch (why) {
    case STORE_WHY_day:
        return rule->cap.day;
    case STORE_WHY_week:
        return rule->cap.week;
    case STORE_WHY_total:
        return rules->daily_cap;
    case STORE_WHY_short:
        return rule->least;
    default:
        return 1; /* it speaks of none */
    }
}

char *ledger_why(struct turn *turn, const char *name, enum store_why reason, bool nothing) {
    const struct rules *rules = turn->account->rules;
    const struct rule *rule = rules_find(rules, name);
    int64_t bound = rule ? bound_of(rules, rule, reason) : 0;
    struct vars vars = {0};
    vars_number(&vars, "most", bound);
    if (bound == 0)
        return turn_render(turn, COPY_why_gone, &vars);
    enum copy_entry entry = (nothing ? refused : cut)[reason];
    if (reason == STORE_WHY_short && strcmp(rule->kind, "watch") == 0)
        entry = COPY_why_short_watch;
    if (reason == STORE_WHY_once && strcmp(rule->kind, "activity") == 0)
        entry = COPY_why_once_activity;
    return turn_render(turn, entry, &vars);
}

/* ---- the list ---- */

static bool is_change(const struct store_learner *learner, unsigned i) {
    return learner->recent[i].points != 0 || learner->recent[i].coins != 0;
}

static char *line(struct turn *turn, const struct store_learner *learner, unsigned i,
                  bool reasons) {
    const struct account *account = turn->account;
    bool nothing = !is_change(learner, i);
    bool whole = !nothing && (!reasons || learner->recent[i].why == STORE_WHY_none);
    char when[32];
    struct vars vars = {0};
    calendar_date_time(account->calendar, learner->recent[i].at, when);
    vars_text(&vars, "when", when);
    vars_copy(&vars, "amount",
              ledger_amount(turn, learner->recent[i].points, learner->recent[i].coins));
    vars_text(&vars, "reason",
              rules_reason(turn, account->rules, account->copy, learner->recent[i].rule));
    if (whole)
        return turn_render(turn, COPY_points_line, &vars);
    vars_copy(&vars, "why",
              ledger_why(turn, learner->recent[i].rule, learner->recent[i].why, nothing));
    return turn_render(turn, nothing ? COPY_ledger_refused : COPY_ledger_cut, &vars);
}

static char *day_line(struct turn *turn, int64_t day) {
    char date[32];
    struct vars vars = {0};
    calendar_date_text(day, date);
    vars_text(&vars, "date", date);
    return turn_render(turn, COPY_ledger_day, &vars);
}

char *ledger_lines(struct turn *turn, const struct store_learner *learner, unsigned most,
                   bool reasons) {
    char *text = talloc_strdup(turn, "");
    int64_t above = INT64_MIN; /* the day the line before is of */
    for (unsigned i = 0; text && i < learner->recent_count && most > 0; i++) {
        if (!reasons && !is_change(learner, i))
            continue;
        int64_t day = calendar_day(turn->account->calendar, learner->recent[i].at)->number;
        const char *date = day == above ? "" : day_line(turn, day);
        const char *next = line(turn, learner, i, reasons);
        if (!date || !next || strlen(text) + strlen(date) + strlen(next) + FRAME > LIMIT_REPLY_TEXT)
            break;
        text = talloc_asprintf_append(text, "%s%s%s%s", *text ? "\n" : "", date, *date ? "\n" : "",
                                      next);
        above = day;
        most--;
    }
    return text;
}

static void on_standing(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (learner->recent_count == 0) {
        turn_copy(turn, COPY_ledger_none, NULL);
        return;
    }
    struct vars vars = {0};
    vars_copy(&vars, "hello", ledger_hello(turn, learner));
    vars_number(&vars, "xp", learner->xp);
    vars_number(&vars, "coins", learner->coins);
    vars_copy(&vars, "lines", ledger_lines(turn, learner, STORE_RECENT, true));
    turn_copy(turn, COPY_ledger, &vars);
}

void ledger(struct turn *turn) {
    standing(turn, on_standing);
}
