#include "store/employee.h"

#include "store/redis.h"

#include <inttypes.h>
#include <stdio.h>
#include <talloc.h>

/* Rows travel as one argument: a cell ends with CELL, a row with ROW (people.each() of
 * store/lua/lib). */
#define CELL "\x1f"
#define ROW  "\x1e"

static void on_page(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_employee list[STORE_ROSTER_PAGE];
    unsigned count = 0;
    for (size_t i = 0; !error && i < answer_count(answer) && count < STORE_ROSTER_PAGE; i++) {
        const struct answer *row = answer_list(answer, i);
        if (!row)
            continue;
        list[count++] = (struct store_employee){
            .key = answer_text(row, 0),
            .number = answer_text(row, 1),
            .name = answer_text(row, 2),
            .department = answer_text(row, 3),
            .manager = answer_text(row, 4),
            .tail = answer_text(row, 5),
            .joined = answer_text(row, 6),
            .left = answer_text(row, 7),
            .tags = answer_text(row, 8),
            .quoting = answer_text(row, 9),
            .gone = answer_integer(row, 10) != 0,
            .mentor = answer_integer(row, 11) != 0,
            .place = answer_integer(row, 12),
        };
    }
    ((store_roster_page_done *)then)(data, error, error ? NULL : list, count);
}

void store_roster_page(struct store *store, const struct store_turn *turn, int64_t from,
                       store_roster_page_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, from);
    args_integer(&args, STORE_ROSTER_PAGE);
    redis_run(store, "roster_page", turn->account, &args, on_page, (redis_then *)done, data);
}

static void on_result(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_roster_done *)then)(data, error, error ? 0 : answer_integer(answer, 0),
                                error ? "" : answer_text(answer, 0));
}

void store_roster_begin(struct store *store, const struct store_turn *turn, const char *import,
                        store_roster_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, import);
    redis_run(store, "roster_begin", turn->account, &args, on_result, (redis_then *)done, data);
}

/* Runs a step whose last argument are the rows; frees them. */
static void step(struct store *store, const char *script, const struct store_turn *turn,
                 struct redis_args *args, char *rows, store_roster_done *done, void *data) {
    if (rows) {
        args_text(args, rows);
        redis_run(store, script, turn->account, args, on_result, (redis_then *)done, data);
    } else {
        done(data, STORE_E_NOMEM, 0, "");
    }
    talloc_free(rows);
}

void store_roster_put(struct store *store, const struct store_turn *turn, const char *import,
                      const struct store_employee *list, unsigned count, store_roster_done *done,
                      void *data) {
    char *rows = talloc_strdup(NULL, "");
    for (unsigned i = 0; rows && i < count; i++) {
        const struct store_employee *one = &list[i];
        rows = talloc_asprintf_append_buffer(
            rows,
            "%s" CELL "%s" CELL "%s" CELL "%s" CELL "%s" CELL "%s" CELL "%s" CELL "%s" CELL
            "%s" CELL "%s" CELL "%d" CELL "%s" CELL "%" PRId64 CELL ROW,
            one->key, one->number, one->name, one->department, one->manager, one->tail, one->joined,
            one->left, one->tags, one->quoting, one->gone, one->mentor ? "1" : "", one->place);
    }
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, import);
    step(store, "roster_put", turn, &args, rows, done, data);
}

void store_roster_drop(struct store *store, const struct store_turn *turn, const char *import,
                       const char *date, const char *const *keys, unsigned count,
                       store_roster_done *done, void *data) {
    char *rows = talloc_strdup(NULL, "");
    for (unsigned i = 0; rows && i < count; i++)
        rows = talloc_asprintf_append_buffer(rows, "%s" CELL ROW, keys[i]);
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, import);
    args_text(&args, date);
    step(store, "roster_drop", turn, &args, rows, done, data);
}

void store_roster_rename(struct store *store, const struct store_turn *turn, const char *import,
                         const char *const *from, const char *const *to, unsigned count,
                         store_roster_done *done, void *data) {
    char *rows = talloc_strdup(NULL, "");
    for (unsigned i = 0; rows && i < count; i++)
        rows = talloc_asprintf_append_buffer(rows, "%s" CELL "%s" CELL ROW, from[i], to[i]);
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, import);
    step(store, "roster_rename", turn, &args, rows, done, data);
}

void store_roster_end(struct store *store, const struct store_turn *turn, const char *import,
                      const char *head, store_roster_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, import);
    args_text(&args, head);
    redis_run(store, "roster_end", turn->account, &args, on_result, (redis_then *)done, data);
}

void store_roster_head(struct store *store, const struct store_turn *turn, store_roster_done *done,
                       void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, "roster_head", turn->account, &args, on_result, (redis_then *)done, data);
}
