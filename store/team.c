#include "store/team.h"

#include "config/limits.h"
#include "store/redis.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define LET_GO 500 /* people by one step of a dissolution: some milliseconds of Redis' time */

/* ---- an operator's ---- */

static const char *const results[STORE_TEAM_RESULT_COUNT] = {
#define X(name) [STORE_TEAM_##name] = #name,
    STORE_TEAM_RESULTS(X)
#undef X
};

static void on_result(redis_then *then, void *data, int error, const struct answer *answer) {
    enum store_team_result result = STORE_TEAM_done;
    for (unsigned i = 0; !error && i < STORE_TEAM_RESULT_COUNT; i++)
        if (strcmp(results[i], answer_text(answer, 0)) == 0)
            result = (enum store_team_result)i;
    ((store_team_done *)then)(data, error, result, error ? 0 : answer_integer(answer, 1));
}

void store_team_create(struct store *store, const struct store_turn *turn, const char *name,
                       const char *folded, bool open, const char *drawn, store_team_done *done,
                       void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, name);
    args_text(&args, folded);
    args_integer(&args, open);
    args_integer(&args, LIMIT_TEAMS);
    args_text(&args, drawn);
    redis_run(store, "team_create", turn->account, &args, on_result, (redis_then *)done, data);
}

void store_team_rename(struct store *store, const struct store_turn *turn, const char *folded,
                       const char *name, const char *name_folded, store_team_done *done,
                       void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, folded);
    args_text(&args, name);
    args_text(&args, name_folded);
    redis_run(store, "team_rename", turn->account, &args, on_result, (redis_then *)done, data);
}

void store_team_open(struct store *store, const struct store_turn *turn, const char *folded,
                     bool open, store_team_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, folded);
    args_integer(&args, open);
    redis_run(store, "team_open", turn->account, &args, on_result, (redis_then *)done, data);
}

void store_team_captain(struct store *store, const struct store_turn *turn, const char *folded,
                        const char *key, store_team_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, folded);
    args_text(&args, key);
    redis_run(store, "team_captain", turn->account, &args, on_result, (redis_then *)done, data);
}

/* Rows as people.each() of store/lua/lib reads them. */
void store_team_assign(struct store *store, const struct store_turn *turn,
                       const struct store_team_move *moves, unsigned count, store_team_done *done,
                       void *data) {
    char *rows = talloc_strdup(NULL, "");
    for (unsigned i = 0; rows && i < count; i++) {
        char team[24] = "";
        if (moves[i].team)
            snprintf(team, sizeof team, "%" PRId64, moves[i].team);
        rows = talloc_asprintf_append_buffer(rows, "%s\x1f%s\x1f\x1e", moves[i].key, team);
    }
    struct redis_args args;
    args_begin(&args, turn);
    if (rows) {
        args_text(&args, rows);
        redis_run(store, "team_assign", turn->account, &args, on_result, (redis_then *)done, data);
    } else {
        done(data, STORE_E_NOMEM, STORE_TEAM_done, 0);
    }
    talloc_free(rows);
}

void store_team_dissolve(struct store *store, const struct store_turn *turn, const char *folded,
                         store_team_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, folded);
    args_integer(&args, LET_GO);
    redis_run(store, "team_dissolve", turn->account, &args, on_result, (redis_then *)done, data);
}

/* team.row() of store/lua/lib */
static struct store_team team_of(const struct answer *row) {
    return (struct store_team){
        .id = answer_integer(row, 0),
        .name = answer_text(row, 1),
        .folded = answer_text(row, 2),
        .open = answer_integer(row, 3) != 0,
        .captain = answer_text(row, 4),
        .captain_name = answer_text(row, 5),
        .heads = answer_integer(row, 6),
        .awaiting = answer_integer(row, 7),
        .week = answer_integer(row, 8),
        .all = answer_integer(row, 9),
        .drawn = answer_text(row, 10),
    };
}

static void on_list(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_team list[STORE_TEAM_PAGE];
    unsigned count = 0;
    for (size_t i = 1; !error && i < answer_count(answer) && count < STORE_TEAM_PAGE; i++)
        if (answer_list(answer, i))
            list[count++] = team_of(answer_list(answer, i));
    ((store_team_list_done *)then)(data, error, error ? NULL : list, count,
                                   error ? 0 : answer_integer(answer, 0));
}

void store_team_list(struct store *store, const struct store_turn *turn, int64_t from,
                     store_team_list_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, from);
    args_integer(&args, STORE_TEAM_PAGE);
    redis_run(store, "team_list", turn->account, &args, on_list, (redis_then *)done, data);
}

static void on_shown(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_team_person list[STORE_TEAM_PAGE];
    struct store_team team;
    unsigned count = 0;
    bool found = !error && answer_count(answer) > 0;
    if (found)
        team = team_of(answer_list(answer, 0));
    for (size_t i = 1; found && i < answer_count(answer) && count < STORE_TEAM_PAGE; i++) {
        const struct answer *row = answer_list(answer, i);
        list[count++] = (struct store_team_person){
            .key = answer_text(row, 0),
            .number = answer_text(row, 1),
            .name = answer_text(row, 2),
            .department = "",
            .bound = answer_integer(row, 3) != 0,
            .week = answer_integer(row, 4),
        };
    }
    ((store_team_people_done *)then)(data, error, found ? &team : NULL, list, count, count);
}

void store_team_show(struct store *store, const struct store_turn *turn, const char *folded,
                     int64_t from, store_team_people_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, folded);
    args_integer(&args, from);
    args_integer(&args, STORE_TEAM_PAGE);
    redis_run(store, "team_show", turn->account, &args, on_shown, (redis_then *)done, data);
}

static void on_people(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_team_person list[STORE_TEAM_PAGE];
    unsigned count = 0;
    for (size_t i = 1; !error && i < answer_count(answer) && count < STORE_TEAM_PAGE; i++) {
        const struct answer *row = answer_list(answer, i);
        list[count++] = (struct store_team_person){
            .key = answer_text(row, 0),
            .number = answer_text(row, 1),
            .name = answer_text(row, 2),
            .department = answer_text(row, 3),
            .bound = answer_integer(row, 4) != 0,
            .team = answer_integer(row, 5),
        };
    }
    ((store_team_people_done *)then)(data, error, NULL, list, count,
                                     error ? 0 : (unsigned)answer_integer(answer, 0));
}

void store_team_people(struct store *store, const struct store_turn *turn, int64_t from,
                       store_team_people_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, from);
    args_integer(&args, STORE_TEAM_PAGE);
    redis_run(store, "team_people", turn->account, &args, on_people, (redis_then *)done, data);
}

/* ---- a learner's ---- */

static const char *const outcomes[STORE_TEAM_OUTCOME_COUNT] = {
#define X(name) [STORE_TEAM_IS_##name] = #name,
    STORE_TEAM_OUTCOMES(X)
#undef X
};

static void read_lists(struct store_team_card *card, const struct answer *offers,
                       const struct answer *best) {
    for (size_t i = 0; offers && i + 2 <= answer_count(offers); i += 2) {
        if (card->offers_count == STORE_TEAM_OFFERS)
            break;
        snprintf(card->offers[card->offers_count].name, STORE_TEAM_NAME, "%s",
                 answer_text(offers, i));
        card->offers[card->offers_count++].heads = answer_integer(offers, i + 1);
    }
    for (size_t i = 0; best && i + 3 <= answer_count(best); i += 3) {
        if (card->best_count == STORE_TEAM_BEST)
            break;
        card->best[card->best_count].number = answer_integer(best, i);
        card->best[card->best_count].points = answer_integer(best, i + 1);
        snprintf(card->best[card->best_count++].name, STORE_NAME, "%s", answer_text(best, i + 2));
    }
}

static void on_card(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_team_card card = {0};
    for (unsigned i = 0; !error && i < STORE_TEAM_OUTCOME_COUNT; i++)
        if (strcmp(outcomes[i], answer_text(answer, 0)) == 0)
            card.outcome = (enum store_team_outcome)i;
    if (!error) {
        snprintf(card.name, sizeof card.name, "%s", answer_text(answer, 1));
        card.heads = answer_integer(answer, 2);
        snprintf(card.other, sizeof card.other, "%s", answer_text(answer, 3));
        card.number = answer_integer(answer, 5);
        card.rank = answer_integer(answer, 6);
        card.total = answer_integer(answer, 7);
        card.points = answer_integer(answer, 8);
        card.gap = answer_integer(answer, 9);
        card.captain = answer_integer(answer, 10);
        snprintf(card.captain_name, sizeof card.captain_name, "%s", answer_text(answer, 11));
        card.absent = answer_integer(answer, 12);
        read_lists(&card, answer_list(answer, 4), answer_list(answer, 13));
    }
    ((store_team_card_done *)then)(data, error, error ? NULL : &card);
}

void store_team_mine(struct store *store, const struct store_turn *turn, store_team_card_done *done,
                     void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, LIMIT_TEAM_LOOK);
    args_integer(&args, LIMIT_TEAM_BEST);
    args_integer(&args, LIMIT_TEAM_OFFER);
    redis_run(store, "team", turn->account, &args, on_card, (redis_then *)done, data);
}

void store_team_join(struct store *store, const struct store_turn *turn, const char *folded,
                     bool confirmed, store_team_card_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, folded);
    args_integer(&args, confirmed);
    args_integer(&args, LIMIT_DIALOGUE_S);
    args_integer(&args, LIMIT_TEAM_OFFER);
    redis_run(store, "team_join", turn->account, &args, on_card, (redis_then *)done, data);
}

void store_team_leave(struct store *store, const struct store_turn *turn, bool confirmed,
                      store_team_card_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, confirmed);
    args_integer(&args, LIMIT_DIALOGUE_S);
    args_integer(&args, LIMIT_TEAM_OFFER);
    redis_run(store, "team_leave", turn->account, &args, on_card, (redis_then *)done, data);
}
