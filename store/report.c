#include "store/report.h"

#include "store/redis.h"

#include <stdio.h>

static unsigned rows_from(const struct answer *list, struct store_report_row *rows, unsigned room) {
    unsigned count = 0;
    for (size_t i = 0; list && i < answer_count(list) && count < room; i++) {
        const struct answer *row = answer_list(list, i);
        if (!row)
            continue;
        struct store_report_row *to = &rows[count++];
        to->id = answer_integer(row, 0);
        to->sum = answer_integer(row, 1);
        to->heads = answer_integer(row, 2);
        snprintf(to->name, sizeof to->name, "%s", answer_text(row, 3));
    }
    return count;
}

static unsigned movers_from(const struct answer *list, struct store_report_mover *movers) {
    unsigned count = 0;
    for (size_t i = 0; list && i < answer_count(list) && count < LIMIT_REPORT_MOVERS; i++) {
        const struct answer *row = answer_list(list, i);
        if (!row)
            continue;
        struct store_report_mover *to = &movers[count++];
        to->id = answer_integer(row, 0);
        to->from = answer_integer(row, 1);
        to->to = answer_integer(row, 2);
        snprintf(to->name, sizeof to->name, "%s", answer_text(row, 3));
    }
    return count;
}

static void on_report(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_report report = {0};
    if (!error) {
        report.ever = answer_integer(answer, 0);
        report.total = answer_integer(answer, 1);
        report.before = answer_integer(answer, 2);
        report.people_count = rows_from(answer_list(answer, 3), report.people, LIMIT_REPORT_PEOPLE);
        report.departments_count =
            rows_from(answer_list(answer, 4), report.departments, LIMIT_REPORT_GROUPS);
        report.teams_count = rows_from(answer_list(answer, 5), report.teams, LIMIT_REPORT_GROUPS);
        report.movers_count = movers_from(answer_list(answer, 6), report.movers);
    }
    ((store_report_done *)then)(data, error, error ? NULL : &report);
}

void store_report(struct store *store, const struct store_turn *turn, enum store_period period,
                  int64_t number, store_report_done *done, void *data) {
    static const char *const periods[] = {"all", "d", "w", "m"};
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, periods[period]);
    args_integer(&args, number);
    args_integer(&args, LIMIT_REPORT_PEOPLE);
    args_integer(&args, LIMIT_REPORT_GROUPS);
    args_integer(&args, LIMIT_REPORT_MOVERS);
    args_integer(&args, STORE_REPORT_DEPTH);
    redis_run(store, "report", turn->account, &args, on_report, (redis_then *)done, data);
}
