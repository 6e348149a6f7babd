#include "store/report.h"

#include "store/redis.h"

#include <stdio.h>
#include <string.h>

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
        report.picture_number = answer_integer(answer, 7);
        snprintf(report.picture, sizeof report.picture, "%s", answer_text(answer, 8));
    }
    ((store_report_done *)then)(data, error, error ? NULL : &report);
}

static const char *const periods[] = {
    [STORE_PERIOD_ALL] = "",
    [STORE_PERIOD_DAY] = "d",
    [STORE_PERIOD_WEEK] = "w",
    [STORE_PERIOD_MONTH] = "m",
};

void store_report(struct store *store, const struct store_turn *turn, enum store_period period,
                  int64_t number, store_report_done *done, void *data) {
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

static void on_due(redis_then *then, void *data, int error, const struct answer *answer) {
    static const char *const states[] = {"done", "wait", "make"};
    enum store_report_state state = STORE_REPORT_WAIT;
    for (int i = 0; !error && i < 3; i++)
        if (strcmp(answer_text(answer, 0), states[i]) == 0)
            state = (enum store_report_state)i;
    ((store_report_is_due *)then)(data, error, state, error ? "" : answer_text(answer, 1));
}

void store_report_due(struct store *store, const struct store_turn *turn,
                      const struct store_report_due *due, store_report_is_due *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, periods[due->period]);
    args_integer(&args, due->number);
    args_text(&args, due->picture);
    args_integer(&args, LIMIT_REPORT_RIGHT_MS);
    redis_run(store, "report_due", turn->account, &args, on_due, (redis_then *)done, data);
}

void store_report_made(struct store *store, const struct store_turn *turn,
                       const struct store_report_due *due, enum store_report_how how,
                       const char *words, store_result_done *done, void *data) {
    static const char *const hows[] = {"", "notice", "text"};
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, periods[due->period]);
    args_integer(&args, due->number);
    args_text(&args, due->picture);
    args_text(&args, hows[how]);
    args_text(&args, words);
    redis_run(store, "report_made", turn->account, &args, redis_result, (redis_then *)done, data);
}

static void on_told(redis_then *then, void *data, int error, const struct answer *answer) {
    const char *state = error ? "" : answer_text(answer, 0);
    bool full = strcmp(state, "full") == 0;
    ((store_report_told *)then)(data, error, full || strcmp(state, "more") == 0, full,
                                error ? 0 : answer_integer(answer, 1));
}

void store_report_tell(struct store *store, const struct store_turn *turn, const char *name,
                       store_report_told *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, name);
    args_integer(&args, LIMIT_REPORT_TELL);
    args_integer(&args, LIMIT_REPORT_OUTBOX);
    redis_run(store, "report_tell", turn->account, &args, on_told, (redis_then *)done, data);
}
