#include "store/audit.h"

#include "config/limits.h"
#include "store/ledger_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define CELL "\x1f"
#define ROW  "\x1e"

/* The sum of a score: what is over it is for the order alone. */
static int64_t sum_of(const struct answer *scores, size_t i) {
    const char *score = scores ? answer_text(scores, i) : "";
    return *score ? (int64_t)(strtod(score, NULL) / 2147483648.0) : STORE_AUDIT_OFF;
}

static unsigned read_shard(const struct answer *shard, struct store_audit_row *rows) {
    const struct answer *people = answer_list(shard, 1), *boards = answer_list(shard, 3);
    const char *shown = answer_text(shard, 2);
    unsigned count = 0;
    for (size_t i = 0; people && boards && i < STORE_AUDIT_SHARD && shown[i]; i++) {
        const struct answer *person = answer_list(people, i);
        struct store_audit_row *row = &rows[count];
        *row = (struct store_audit_row){
            .number = answer_integer(shard, 0) + (int64_t)i, .group = "", .tally = ""};
        bool stands = false;
        for (size_t p = 0; p < STORE_AUDIT_BOARDS; p++) {
            row->boards[p] = sum_of(answer_list(boards, p), i);
            stands |= row->boards[p] != STORE_AUDIT_OFF;
        }
        row->known = person && answer_count(person) > 0;
        if (row->known) {
            row->shown = shown[i] == '1';
            row->xp = answer_integer(person, 1);
            row->co = answer_integer(person, 2);
            row->tally = answer_text(person, 3);
        }
        count += row->known || stands;
    }
    return count;
}

static unsigned read_group(const struct answer *group, struct store_audit_row *row) {
    *row = (struct store_audit_row){.group = answer_text(group, 0),
                                    .known = true,
                                    .shown = answer_integer(group, 6) != 0,
                                    .tally = answer_text(group, 1)};
    for (size_t p = 0; p < STORE_AUDIT_BOARDS; p++)
        row->boards[p] = p < STORE_AUDIT_GROUP_BOARDS ? sum_of(group, 2 + p) : STORE_AUDIT_OFF;
    return 1;
}

/* `read` makes the rows, `each` at most, of one item of the answer, and says how many. */
static void answered(redis_then *then, void *data, int error, const struct answer *answer,
                     unsigned (*read)(const struct answer *item, struct store_audit_row *rows),
                     size_t each) {
    store_audit_done *done = (store_audit_done *)then;
    struct store_audit_answer result = {0};
    void *ctx = talloc_new(NULL);
    const struct answer *items = error ? NULL : answer_list(answer, 1);
    size_t count = items ? answer_count(items) : 0;
    struct store_audit_row *rows = talloc_array(ctx, struct store_audit_row, count * each);
    if (!error)
        result.lines = ledger_rows(ctx, answer_list(answer, 0), &result.lines_count);
    if (!error && (!rows || !result.lines))
        error = STORE_E_NOMEM;
    for (size_t i = 0; !error && i < count; i++) {
        const struct answer *item = answer_list(items, i);
        if (item)
            result.rows_count += read(item, &rows[result.rows_count]);
    }
    result.rows = rows;
    result.more = !error && answer_integer(answer, 2) == 1;
    done(data, error, error ? NULL : &result);
    talloc_free(ctx);
}

static void on_people(redis_then *then, void *data, int error, const struct answer *answer) {
    answered(then, data, error, answer, read_shard, STORE_AUDIT_SHARD);
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
    answered(then, data, error, answer, read_group, 1);
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

void store_audit_mend(struct store *store, const struct store_turn *turn, const char *after,
                      const struct store_audit_mend *mends, unsigned count, store_result_done *done,
                      void *data) {
    struct redis_args args;
    char *rows = talloc_strdup(NULL, "");
    for (unsigned i = 0; rows && i < count; i++)
        rows = add_mend(rows, &mends[i]);
    args_begin(&args, turn);
    args_text(&args, after);
    if (rows) {
        args_text(&args, rows);
        redis_run(store, "audit_mend", turn->account, &args, redis_result, (redis_then *)done,
                  data);
    } else {
        done(data, STORE_E_NOMEM, 0);
    }
    talloc_free(rows);
}

void store_audit_count(struct store *store, const struct store_turn *turn, store_result_done *done,
                       void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, "audit_count", turn->account, &args, redis_result, (redis_then *)done, data);
}
