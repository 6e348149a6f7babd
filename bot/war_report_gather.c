#include "bot/war_report_gather.h"

#include "bot/vars.h"
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

/* What others may read of a person. NULL: out of memory. */
static const char *person_name(struct gathering *gathering, int64_t number, const char *name) {
    const struct account *account = gathering->account;
    if (*name && !account->rules->boards.anonymous)
        return talloc_strdup(gathering, name);
    char digits[24];
    snprintf(digits, sizeof digits, "%04lld", (long long)number);
    struct vars vars = {0};
    vars_text(&vars, "number", digits);
    return copy_render(gathering, account->copy, COPY_anonymous, 0, vars.list, vars.count);
}

/* The end of a department's path: what it is called, and of which it is. */
static const char *end_of(const char *path) {
    const char *last = strrchr(path, '/'), *from = last;
    while (from && from > path && from[-1] != '/')
        from--;
    return from ? from : path;
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
        gathering->people[i] = (struct war_report_person){
            i + 1, person_name(gathering, from->people[i].id, from->people[i].name),
            from->people[i].sum};
        if (!gathering->people[i].name)
            return false;
    }
    for (unsigned i = 0; i < from->movers_count; i++) {
        const struct store_report_mover *mover = &from->movers[i];
        gathering->movers[i] =
            (struct war_report_mover){person_name(gathering, mover->id, mover->name),
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

static void on_report(void *data, int error, const struct store_report *from) {
    struct gathering *gathering = data;
    if (!error)
        error = take(gathering, from);
    gathering->done(gathering->data, error, error ? NULL : &gathering->report);
    talloc_free(gathering);
}

void war_report_gather(struct store *store, const struct account *account,
                       enum war_report_period period, int64_t day, war_report_done *done,
                       void *data) {
    struct gathering *gathering = talloc_zero(NULL, struct gathering);
    if (!gathering) {
        done(data, STORE_E_NOMEM, NULL);
        return;
    }
    gathering->account = account;
    gathering->period = period;
    gathering->day = day;
    gathering->done = done;
    gathering->data = data;
    const struct store_turn turn = {
        .account = account->config->name, .openid = "", .id = "", .day = day};
    static const enum store_period periods[] = {STORE_PERIOD_DAY, STORE_PERIOD_WEEK,
                                                STORE_PERIOD_MONTH};
    int64_t number = period == WAR_REPORT_DAY    ? day
                     : period == WAR_REPORT_WEEK ? (day + 3) / 7
                                                 : calendar_month(day);
    store_report(store, &turn, periods[period], number, on_report, gathering);
}
