#include "store/audit.h"

#include "config/limits.h"
#include "store/ledger_rows.h"

#include <inttypes.h>
#include <string.h>
#include <talloc.h>

#define CELL "\x1f"
#define ROW  "\x1e"

static void read_boards(const struct answer *row, size_t at, size_t count, int64_t *boards) {
    for (size_t i = 0; i < STORE_AUDIT_BOARDS; i++) {
        bool on = i < count && *answer_text(row, at + i);
        boards[i] = on ? answer_integer(row, at + i) : STORE_AUDIT_OFF;
    }
}

static void read_person(const struct answer *row, struct store_audit_row *person) {
    person->number = answer_integer(row, 0);
    person->group = "";
    person->known = answer_integer(row, 1) == 1;
    person->shown = answer_integer(row, 2) == 1;
    person->xp = answer_integer(row, 3);
    person->co = answer_integer(row, 4);
    person->tally = answer_text(row, 5);
    read_boards(row, 6, STORE_AUDIT_BOARDS, person->boards);
}

static void read_group(const struct answer *row, struct store_audit_row *group) {
    group->group = answer_text(row, 0);
    group->known = group->shown = true;
    group->tally = answer_text(row, 1);
    read_boards(row, 2, STORE_AUDIT_GROUP_BOARDS, group->boards);
}

static void answered(redis_then *then, void *data, int error, const struct answer *answer,
                     void (*read)(const struct answer *row, struct store_audit_row *to)) {
    store_audit_done *done = (store_audit_done *)then;
    struct store_audit_answer result = {0};
    void *ctx = talloc_new(NULL);
    const struct answer *rows = error ? NULL : answer_list(answer, 1);
    size_t most = rows ? answer_count(rows) : 0;
    struct store_audit_row *list = talloc_zero_array(ctx, struct store_audit_row, most);
    if (!error)
        result.lines = ledger_rows(ctx, answer_list(answer, 0), &result.lines_count);
    if (!error && (!list || !result.lines))
        error = STORE_E_NOMEM;
    for (size_t i = 0; !error && i < most; i++) {
        const struct answer *row = answer_list(rows, i);
        if (row)
            read(row, &list[result.rows_count++]);
    }
    result.rows = list;
    result.more = !error && answer_integer(answer, 2) == 1;
    done(data, error, error ? NULL : &result);
    talloc_free(ctx);
}

static void on_people(redis_then *then, void *data, int error, const struct answer *answer) {
    answered(then, data, error, answer, read_person);
}

void store_audit_people(struct store *store, const struct store_turn *turn, const char *after,
                        int64_t shard, store_audit_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, after);
    args_integer(&args, LIMIT_ARCHIVE_PAGE);
    args_integer(&args, shard);
    args_integer(&args, STORE_AUDIT_SHARDS);
    redis_run(store, "audit_people", turn->account, &args, on_people, (redis_then *)done, data);
}

static void on_groups(redis_then *then, void *data, int error, const struct answer *answer) {
    answered(then, data, error, answer, read_group);
}

void store_audit_groups(struct store *store, const struct store_turn *turn, const char *after,
                        store_audit_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, after);
    args_integer(&args, LIMIT_ARCHIVE_PAGE);
    redis_run(store, "audit_groups", turn->account, &args, on_groups, (redis_then *)done, data);
}

static char *add_mend(char *rows, const struct store_audit_mend *mend) {
    bool person = !*mend->group;
    if (person)
        rows = talloc_asprintf_append_buffer(
            rows, "p" CELL "%" PRId64 CELL "%" PRId64 CELL "%" PRId64 CELL "%s" CELL, mend->number,
            mend->xp, mend->co, mend->tally);
    else
        rows = talloc_asprintf_append_buffer(rows, "%c" CELL "%s" CELL "%s" CELL, *mend->group,
                                             mend->group + 2, mend->tally);
    for (int i = 0; rows && i < (person ? STORE_AUDIT_BOARDS : STORE_AUDIT_GROUP_BOARDS); i++)
        rows = talloc_asprintf_append_buffer(rows, "%" PRId64 CELL "%" PRId64 CELL,
                                             mend->boards[i].sum, mend->boards[i].since);
    return rows ? talloc_strdup_append_buffer(rows, ROW) : NULL;
}

static void on_result(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_ledger_done *)then)(data, error, error ? 0 : answer_integer(answer, 0));
}

void store_audit_mend(struct store *store, const struct store_turn *turn, const char *after,
                      const struct store_audit_mend *mends, unsigned count, store_ledger_done *done,
                      void *data) {
    struct redis_args args;
    char *rows = talloc_strdup(NULL, "");
    for (unsigned i = 0; rows && i < count; i++)
        rows = add_mend(rows, &mends[i]);
    args_begin(&args, turn);
    args_text(&args, after);
    if (rows) {
        args_text(&args, rows);
        redis_run(store, "audit_mend", turn->account, &args, on_result, (redis_then *)done, data);
    } else {
        done(data, STORE_E_NOMEM, 0);
    }
    talloc_free(rows);
}

void store_audit_count(struct store *store, const struct store_turn *turn, store_ledger_done *done,
                       void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, "audit_count", turn->account, &args, on_result, (redis_then *)done, data);
}
