#include "bot/war_report_gather.h"

#include "bot/vars.h"
#include "bot/war_report_notice.h"
#include "store/report.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

struct gathering {
    const struct account *account;
    enum war_report_period period;
    int64_t day;
    war_report_done *done;
    void *data;

    struct war_report report;
    struct war_report_person people[LIMIT_REPORT_PEOPLE];
    struct war_report_group teams[LIMIT_REPORT_GROUPS], departments[LIMIT_REPORT_GROUPS];
    struct war_report_mover movers[LIMIT_REPORT_MOVERS];
};

int64_t war_report_last_day(enum war_report_period period, int64_t today) {
    switch (period) {
    case WAR_REPORT_WEEK:
        return today - ((today + 3) % 7 + 7) % 7 - 1; /* day 0 was a Thursday */
    case WAR_REPORT_MONTH:
        return today - calendar_date(today).day;
    default:
        return today - 1;
    }
}

enum store_period war_report_store_period(enum war_report_period period) {
    static const enum store_period periods[] = {STORE_PERIOD_DAY, STORE_PERIOD_WEEK,
                                                STORE_PERIOD_MONTH};
    return periods[period];
}

int64_t war_report_number(enum war_report_period period, int64_t day) {
    return period == WAR_REPORT_DAY    ? day
           : period == WAR_REPORT_WEEK ? (day + 3) / 7
                                       : calendar_month(day);
}

const char *war_report_name(void *ctx, const struct account *account, int64_t number,
                            const char *name) {
    if (*name && !account->rules->boards.anonymous)
        return talloc_strdup(ctx, name);
    char digits[24];
    snprintf(digits, sizeof digits, "%04lld", (long long)number);
    struct vars vars = {0};
    vars_text(&vars, "number", digits);
    return copy_render(ctx, account->copy, COPY_anonymous, 0, vars.list, vars.count);
}

/* The end of a department's path: what it is called, and of which it is, but for the company. */
static const char *end_of(const char *path) {
    const char *last = strrchr(path, '/'), *from = last;
    while (from && from > path && from[-1] != '/')
        from--;
    return from == path ? last + 1 : from ? from : path;
}

static bool take_groups(struct gathering *gathering, const struct store_report_row *rows,
                        unsigned count, struct war_report_group *groups) {
    for (unsigned i = 0; i < count; i++) {
        groups[i] = (struct war_report_group){
            .rank = i + 1,
            .name = talloc_strdup(gathering, rows[i].name),
            .points = rows[i].sum,
            .heads = (unsigned)(rows[i].heads > 0 ? rows[i].heads : 0),
        };
        if (!groups[i].name)
            return false;
    }
    return true;
}

static bool take_people(struct gathering *gathering, const struct store_report *from) {
    for (unsigned i = 0; i < from->people_count; i++) {
        gathering->people[i] =
            (struct war_report_person){i + 1,
                                       war_report_name(gathering, gathering->account,
                                                       from->people[i].id, from->people[i].name),
                                       from->people[i].sum};
        if (!gathering->people[i].name)
            return false;
    }
    for (unsigned i = 0; i < from->movers_count; i++) {
        const struct store_report_mover *mover = &from->movers[i];
        gathering->movers[i] = (struct war_report_mover){
            war_report_name(gathering, gathering->account, mover->id, mover->name),
            (unsigned)mover->from, (unsigned)mover->to};
        if (!gathering->movers[i].name)
            return false;
    }
    return true;
}

static int take(struct gathering *gathering, const struct store_report *from) {
    if (!take_people(gathering, from) ||
        !take_groups(gathering, from->teams, from->teams_count, gathering->teams) ||
        !take_groups(gathering, from->departments, from->departments_count, gathering->departments))
        return STORE_E_NOMEM;
    for (unsigned i = 0; i < from->departments_count; i++)
        gathering->departments[i].name = end_of(gathering->departments[i].name);
    gathering->report = (struct war_report){
        .period = gathering->period,
        .when =
            war_report_when(gathering, gathering->account->copy, gathering->period, gathering->day),
        .people_count = from->people_count,
        .teams_count = from->teams_count,
        .departments_count = from->departments_count,
        .movers_count = from->movers_count,
        .people = gathering->people,
        .teams = gathering->teams,
        .departments = gathering->departments,
        .movers = gathering->movers,
        .participants = (unsigned)from->ever,
        .active = (unsigned)from->total,
        .has_before = from->before > 0,
        .active_before = (unsigned)from->before,
    };
    return gathering->report.when ? 0 : STORE_E_NOMEM;
}

/* A day of the period of this number. */
static int64_t day_of(enum war_report_period period, int64_t number) {
    int64_t day = 0;
    if (period == WAR_REPORT_MONTH)
        calendar_number(number / 12, (unsigned)(number % 12) + 1, 1, &day);
    return period == WAR_REPORT_DAY ? number : period == WAR_REPORT_WEEK ? number * 7 - 3 : day;
}

/* The address of the newest picture there is, and what of. */
static int take_picture(struct gathering *gathering, const struct store_report *from) {
    const struct account *account = gathering->account;
    gathering->report.picture_when =
        war_report_when(gathering, account->copy, gathering->period,
                        day_of(gathering->period, from->picture_number));
    gathering->report.picture = war_report_notice_url(gathering, account, from->picture);
    return gathering->report.picture && gathering->report.picture_when ? 0 : STORE_E_NOMEM;
}

static void on_report(void *data, int error, const struct store_report *from) {
    struct gathering *gathering = data;
    war_report_done *done = gathering->done;
    void *done_data = gathering->data;
    if (!error)
        error = take(gathering, from);
    if (!error && *from->picture)
        error = take_picture(gathering, from);
    if (error)
        talloc_free(gathering);
    done(done_data, error, error ? NULL : &gathering->report);
}

void war_report_gather(void *ctx, struct store *store, const struct account *account,
                       const struct war_report_query *query, war_report_done *done, void *data) {
    struct gathering *gathering = talloc_zero(ctx, struct gathering);
    if (!gathering) {
        done(data, STORE_E_NOMEM, NULL);
        return;
    }
    gathering->account = account;
    gathering->period = query->period;
    gathering->day = query->day;
    gathering->done = done;
    gathering->data = data;
    struct store_turn turn = {.openid = "", .id = ""};
    if (query->turn)
        turn = *query->turn;
    turn.account = account->config->name;
    store_report(store, &turn, war_report_store_period(query->period),
                 war_report_number(query->period, query->day), on_report, gathering);
}
