#include "store/contest.h"

#include "store/redis.h"

#include <string.h>

enum { HEAD = 13, ROW = 4, MINE = 8 };

static char letter(const struct answer *answer, size_t i) {
    return answer_text(answer, i)[0];
}

static void take_rows(struct store_contest *contest, const struct answer *answer, size_t from) {
    for (size_t i = from; i + ROW <= answer_count(answer); i += ROW) {
        if (contest->count == STORE_CONTEST_ROWS)
            break;
        contest->rows[contest->count++] = (struct store_contest_row){
            .rank = answer_integer(answer, i),
            .id = answer_integer(answer, i + 1),
            .value = answer_integer(answer, i + 2),
            .name = answer_text(answer, i + 3),
        };
    }
}

/* What referee.describe() wrote; rows begin at `rows`. */
static void take_contest(struct store_contest *contest, const struct answer *answer, size_t rows) {
    contest->name = answer_text(answer, 0);
    contest->title = answer_text(answer, 1);
    contest->from = answer_integer(answer, 2);
    contest->to = answer_integer(answer, 3);
    contest->kind = (enum store_contest_kind)letter(answer, 4);
    contest->scoring = letter(answer, 5);
    contest->k = answer_integer(answer, 6);
    contest->over = strcmp(answer_text(answer, 7), "over") == 0;
    contest->ended = answer_integer(answer, 8);
    contest->prizes = answer_text(answer, 9);
    contest->total = answer_integer(answer, 10);
    contest->players = answer_integer(answer, 11);
    contest->announced = answer_integer(answer, 12) != 0;
    contest->count = 0;
    take_rows(contest, answer, rows);
}

static void on_created(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_contest_created *)then)(data, error, error ? 0 : answer_integer(answer, 0),
                                    error ? "" : answer_text(answer, 1));
}

void store_contest_create(struct store *store, const struct store_turn *turn,
                          const struct store_contest_plan *plan, store_contest_created *done,
                          void *data) {
    const char kind[] = {(char)plan->kind, '\0'}, scoring[] = {plan->scoring, '\0'};
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, plan->name);
    args_text(&args, plan->title);
    args_integer(&args, plan->from);
    args_integer(&args, plan->to);
    args_text(&args, kind);
    args_text(&args, scoring);
    args_integer(&args, plan->k);
    args_text(&args, plan->counts);
    args_text(&args, plan->only);
    args_text(&args, plan->prizes);
    args_integer(&args, plan->announce);
    args_integer(&args, plan->most);
    redis_run(store, "contest_create", turn->account, &args, on_created, (redis_then *)done, data);
}

static void on_listed(redis_then *then, void *data, int error, const struct answer *answer) {
    store_contest_each *each = (store_contest_each *)then;
    struct store_contest contest = {0};
    for (size_t i = 0; !error && i < answer_count(answer); i++) {
        const struct answer *row = answer_list(answer, i);
        if (!row)
            continue;
        take_contest(&contest, row, HEAD);
        each(data, 0, &contest);
    }
    each(data, error, NULL);
}

void store_contest_list(struct store *store, const struct store_turn *turn, unsigned most,
                        store_contest_each *each, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, most);
    redis_run(store, "contest_list", turn->account, &args, on_listed, (redis_then *)each, data);
}

static void on_shown(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_contest contest = {0};
    bool there = !error && answer_count(answer) >= HEAD;
    if (there)
        take_contest(&contest, answer, HEAD);
    ((store_contest_done *)then)(data, error, there ? &contest : NULL);
}

void store_contest_show(struct store *store, const struct store_turn *turn, const char *name,
                        unsigned top, store_contest_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, name);
    args_integer(&args, top < STORE_CONTEST_ROWS ? top : STORE_CONTEST_ROWS);
    redis_run(store, "contest_show", turn->account, &args, on_shown, (redis_then *)done, data);
}

void store_contest_end(struct store *store, const struct store_turn *turn, const char *name,
                       const char *verb, store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, name);
    args_text(&args, verb);
    redis_run(store, "contest_end", turn->account, &args, redis_result, (redis_then *)done, data);
}

static void on_due(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_contest_is_due *)then)(data, error, error ? 0 : answer_integer(answer, 0),
                                   error ? "" : answer_text(answer, 1));
}

void store_contest_due(struct store *store, const struct store_turn *turn,
                       store_contest_is_due *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, "contest_due", turn->account, &args, on_due, (redis_then *)done, data);
}

#define PAGE 100

static void on_page(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_contest contest = {0};
    struct store_contest_player players[PAGE];
    unsigned count = 0;
    const struct answer *described = error ? NULL : answer_list(answer, 1);
    if (described)
        take_contest(&contest, described, HEAD);
    for (size_t i = 2; described && i < answer_count(answer) && count < PAGE; i++) {
        const struct answer *row = answer_list(answer, i);
        if (row)
            players[count++] = (struct store_contest_player){
                .number = answer_integer(row, 0),
                .openid = answer_text(row, 1),
                .party = answer_text(row, 2),
                .rank = answer_integer(row, 3),
                .value = answer_integer(row, 4),
                .points = answer_integer(row, 5),
            };
    }
    ((store_contest_page_done *)then)(data, error, described ? &contest : NULL, players, count,
                                      error ? "" : answer_text(answer, 0));
}

void store_contest_page(struct store *store, const struct store_turn *turn, const char *name,
                        unsigned most, store_contest_page_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, name);
    args_integer(&args, most < PAGE ? most : PAGE);
    redis_run(store, "contest_page", turn->account, &args, on_page, (redis_then *)done, data);
}

void store_contest_tell(struct store *store, const struct store_turn *turn, const char *name,
                        int64_t number, const char *body, store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, name);
    args_integer(&args, number);
    args_text(&args, body);
    redis_run(store, "contest_tell", turn->account, &args, redis_result, (redis_then *)done, data);
}

void store_contest_told(struct store *store, const struct store_turn *turn, const char *name,
                        const char *next, store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, name);
    args_text(&args, next);
    redis_run(store, "contest_told", turn->account, &args, redis_result, (redis_then *)done, data);
}

static void take_mine(struct store_contest_mine *mine, const struct answer *answer) {
    take_contest(&mine->contest, answer, HEAD + MINE);
    mine->party = answer_integer(answer, HEAD);
    mine->party_name = answer_text(answer, HEAD + 1);
    mine->rank = answer_integer(answer, HEAD + 2);
    mine->value = answer_integer(answer, HEAD + 3);
    mine->gap = answer_integer(answer, HEAD + 4);
    mine->ahead_name = answer_text(answer, HEAD + 5);
    mine->points = answer_integer(answer, HEAD + 6);
    mine->ahead = answer_integer(answer, HEAD + 7);
}

static void on_mine(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_contest_mine list[STORE_CONTEST_MINE];
    unsigned count = 0;
    for (size_t i = 2; !error && i < answer_count(answer) && count < STORE_CONTEST_MINE; i++)
        if (answer_list(answer, i))
            take_mine(&list[count++], answer_list(answer, i));
    ((store_contest_mine_done *)then)(data, error, error ? 0 : answer_integer(answer, 0),
                                      !error && answer_integer(answer, 1) != 0, list, count);
}

void store_contest_mine(struct store *store, const struct store_turn *turn,
                        store_contest_mine_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, "contest_mine", turn->account, &args, on_mine, (redis_then *)done, data);
}
