#include "store/ledger.h"

#include "config/limits.h"
#include "store/ledger_rows.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

int store_ledger_order(const char *left, const char *right) {
    char *left_end, *right_end;
    unsigned long long l = strtoull(left, &left_end, 10), r = strtoull(right, &right_end, 10);
    if (l == r) {
        l = *left_end == '-' ? strtoull(left_end + 1, NULL, 10) : 0;
        r = *right_end == '-' ? strtoull(right_end + 1, NULL, 10) : 0;
    }
    return l < r ? -1 : l > r;
}

/* The fields of a line in the stream. */
static const struct field {
    const char *name;
    size_t member; /* of a const char * or an int64_t in struct store_ledger_line */
    bool is_text;
} fields[] = {
#define TEXT(name, member)                                                                         \
    { name, offsetof(struct store_ledger_line, member), true }
#define NUMBER(name, member)                                                                       \
    { name, offsetof(struct store_ledger_line, member), false }
    NUMBER("n", number),      TEXT("rule", rule),     TEXT("subject", subject),
    NUMBER("points", points), NUMBER("coins", coins), NUMBER("xp", xp),
    NUMBER("co", co),         NUMBER("at", at),       NUMBER("day", day),
    TEXT("d", department),    TEXT("tm", team),       TEXT("id", id),
#undef TEXT
#undef NUMBER
};

enum { FIELDS = sizeof fields / sizeof *fields };

/* A line writes them in this very order, so that the search ends where it begins. */
static const struct field *find(const char *name, size_t expected) {
    for (size_t i = 0; i < FIELDS; i++) {
        const struct field *field = &fields[(expected + i) % FIELDS];
        if (strcmp(field->name, name) == 0)
            return field;
    }
    return NULL;
}

static void read_line(const struct answer *row, struct store_ledger_line *line) {
    const struct answer *values = answer_list(row, 1);
    *line = (struct store_ledger_line){.line = answer_text(row, 0),
                                       .rule = "",
                                       .subject = "",
                                       .department = "",
                                       .team = "",
                                       .id = ""};
    for (size_t i = 0; values && i + 2 <= answer_count(values); i += 2) {
        const struct field *field = find(answer_text(values, i), i / 2);
        if (!field)
            continue;
        char *member = (char *)line + field->member;
        if (field->is_text)
            *(const char **)(void *)member = answer_text(values, i + 1);
        else
            *(int64_t *)(void *)member = answer_integer(values, i + 1);
    }
}

struct store_ledger_line *ledger_rows(void *ctx, const struct answer *rows, unsigned *count) {
    size_t most = rows ? answer_count(rows) : 0;
    struct store_ledger_line *lines = talloc_array(ctx, struct store_ledger_line, most);
    *count = 0;
    for (size_t i = 0; lines && i < most; i++) {
        const struct answer *row = answer_list(rows, i);
        if (row)
            read_line(row, &lines[(*count)++]);
    }
    return lines;
}

static void on_page(redis_then *then, void *data, int error, const struct answer *answer) {
    unsigned count = 0;
    struct store_ledger_line *lines = error ? NULL : ledger_rows(NULL, answer, &count);
    if (!error && !lines)
        error = STORE_E_NOMEM;
    ((store_ledger_page_done *)then)(data, error, lines, count);
    talloc_free(lines);
}

/* No script: to carry the lines through Lua would hold up Redis for ten times as long. */
void store_ledger_page(struct store *store, const struct store_turn *turn,
                       const struct store_ledger_range *range, store_ledger_page_done *done,
                       void *data) {
    char key[80], after[64], before[32] = "+", most[16];
    snprintf(key, sizeof key, "{%s}:ledger", turn->account);
    snprintf(after, sizeof after, "(%s", range->after);
    if (range->before)
        snprintf(before, sizeof before, "(%" PRId64 "000-0", range->before);
    snprintf(most, sizeof most, "%u", range->most);
    const char *words[] = {"XRANGE", key, after, before, "COUNT", most};
    redis_ask(store, words, 6, on_page, (redis_then *)done, data);
}

static void on_right(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_ledger_right_done *)then)(data, error, error ? 0 : answer_integer(answer, 0),
                                      error ? "" : answer_text(answer, 1),
                                      error ? "" : answer_text(answer, 2));
}

void store_ledger_right(struct store *store, const struct store_turn *turn, int64_t fence,
                        store_ledger_right_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, fence);
    args_integer(&args, LIMIT_ARCHIVE_RIGHT_MS);
    redis_run(store, "ledger_right", turn->account, &args, on_right, (redis_then *)done, data);
}

static void on_noted(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_ledger_noted_done *)then)(data, error, error ? "" : answer_text(answer, 0),
                                      error ? "" : answer_text(answer, 1));
}

void store_ledger_noted(struct store *store, const struct store_turn *turn,
                        store_ledger_noted_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, "ledger_noted", turn->account, &args, on_noted, (redis_then *)done, data);
}

void store_ledger_archived(struct store *store, const struct store_turn *turn, int64_t fence,
                           const char *date, const char *last, store_result_done *done,
                           void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, fence);
    args_text(&args, date);
    args_text(&args, last);
    redis_run(store, "ledger_archived", turn->account, &args, redis_result, (redis_then *)done,
              data);
}

void store_ledger_trim(struct store *store, const struct store_turn *turn, int64_t before,
                       store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, before);
    args_integer(&args, LIMIT_ARCHIVE_TRIM);
    redis_run(store, "ledger_trim", turn->account, &args, redis_result, (redis_then *)done, data);
}
