#include "bot/contest_words.h"

#include "bot/vars.h"

#include <inttypes.h>
#include <stdio.h>
#include <talloc.h>

#define PLACES 3

static char *render(const struct contest_words *words, enum copy_entry entry,
                    const struct vars *vars) {
    return copy_render(words->ctx, words->account->copy, entry, words->seed,
                       vars ? vars->list : NULL, vars ? vars->count : 0);
}

char *contest_words_who(const struct contest_words *words, const struct store_contest *contest,
                        int64_t id, const char *name) {
    bool hides = contest->kind == STORE_CONTEST_PERSONS &&
                 words->account->rules->boards.anonymous && id != words->reader;
    struct vars vars = {0};
    char digits[24];
    if (*name && !hides) {
        vars_text(&vars, "who", name);
        return render(words, COPY_contest_who, &vars);
    }
    snprintf(digits, sizeof digits, "%04" PRId64, id);
    vars_text(&vars, "number", digits);
    return render(words, COPY_anonymous, &vars);
}

char *contest_words_value(const struct contest_words *words, const struct store_contest *contest,
                          int64_t value) {
    bool per_head = contest->scoring == STORE_CONTEST_PER_HEAD;
    int hundredths = (int)(value % 100);
    struct vars vars = {0};
    char digits[32];
    if (!per_head)
        snprintf(digits, sizeof digits, "%" PRId64, value);
    else if (hundredths == 0) /* 160 rather than 160.00 */
        snprintf(digits, sizeof digits, "%" PRId64, value / 100);
    else if (hundredths % 10 == 0)
        snprintf(digits, sizeof digits, "%" PRId64 ".%d", value / 100, hundredths / 10);
    else
        snprintf(digits, sizeof digits, "%" PRId64 ".%02d", value / 100, hundredths);
    vars_text(&vars, "points", digits);
    return render(words, per_head ? COPY_contest_per_head : COPY_contest_points, &vars);
}

static char *place_of(const struct contest_words *words, int64_t rank) {
    static const enum copy_entry entries[] = {COPY_report_first, COPY_report_second,
                                              COPY_report_third};
    return render(words, entries[(rank - 1) % PLACES], NULL);
}

static char *lines_of(const struct contest_words *words, const struct store_contest *contest) {
    char *text = talloc_strdup(words->ctx, "");
    for (unsigned i = 0; text && i < contest->count && i < PLACES; i++) {
        const struct store_contest_row *row = &contest->rows[i];
        struct vars vars = {0};
        vars_copy(&vars, "place", place_of(words, row->rank));
        vars_copy(&vars, "who", contest_words_who(words, contest, row->id, row->name));
        vars_copy(&vars, "value", contest_words_value(words, contest, row->value));
        text = talloc_asprintf_append(text, "%s%s", i ? "\n" : "",
                                      render(words, COPY_contest_place, &vars));
    }
    return text;
}

static char *own_of(const struct contest_words *words, const struct store_contest *contest,
                    const char *who, int64_t rank, int64_t value) {
    bool alone = contest->kind == STORE_CONTEST_PERSONS;
    struct vars vars = {0};
    if (rank == 0)
        return talloc_strdup(words->ctx, "");
    vars_copy(&vars, "value", contest_words_value(words, contest, value));
    if (!alone)
        vars_text(&vars, "who", who);
    if (rank == 1)
        return render(words, alone ? COPY_contest_won : COPY_contest_won_group, &vars);
    vars_number(&vars, "rank", rank);
    vars_number(&vars, "total", contest->total);
    return render(words, alone ? COPY_contest_own : COPY_contest_own_group, &vars);
}

char *contest_words_result(const struct contest_words *words, const struct store_contest *contest,
                           const char *who, int64_t rank, int64_t value) {
    struct vars vars = {0}, prizes = {0};
    vars_text(&vars, "title", contest->title);
    if (contest->count == 0)
        return render(words, COPY_contest_empty, &vars);
    vars_text(&prizes, "prizes", contest->prizes);
    vars_copy(&vars, "lines", lines_of(words, contest));
    vars_copy(&vars, "own", own_of(words, contest, who, rank, value));
    vars_copy(&vars, "prizes", *contest->prizes ? render(words, COPY_contest_prizes, &prizes) : "");
    return render(words, COPY_contest_result, &vars);
}
