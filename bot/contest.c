/* 竞赛: the contests in which the learner plays, and the result of the last that is over. */

#include "store/contest.h"
#include "bot/contest_words.h"
#include "bot/handlers.h"

#include <talloc.h>

/* How long it still goes on, or until it begins: the two largest units. */
static char *span_of(struct turn *turn, int64_t seconds) {
    struct vars vars = {0};
    int64_t minutes = (seconds + 59) / 60;
    if (minutes >= 24 * 60) {
        vars_number(&vars, "days", minutes / (24 * 60));
        vars_number(&vars, "hours", minutes / 60 % 24);
        return turn_render(turn, COPY_span_days, &vars);
    }
    vars_number(&vars, "hours", minutes / 60);
    vars_number(&vars, "minutes", minutes % 60);
    return turn_render(turn, minutes >= 60 ? COPY_span_hours : COPY_span_minutes, &vars);
}

static char *gap_of(struct turn *turn, const struct contest_words *words,
                    const struct store_contest_mine *mine) {
    struct vars vars = {0};
    if (mine->rank == 1)
        return turn_render(turn, COPY_contest_leads, NULL);
    vars_number(&vars, "points", mine->gap);
    vars_copy(&vars, "ahead",
              contest_words_who(words, &mine->contest, mine->ahead, mine->ahead_name));
    return turn_render(turn, COPY_contest_gap, &vars);
}

static char *standing_of(struct turn *turn, const struct contest_words *words,
                         const struct store_contest_mine *mine) {
    bool alone = mine->contest.kind == STORE_CONTEST_PERSONS;
    struct vars vars = {0};
    vars_text(&vars, "who", mine->party_name);
    if (mine->rank == 0)
        return turn_render(turn, alone ? COPY_contest_unranked : COPY_contest_unranked_group,
                           &vars);
    vars_number(&vars, "rank", mine->rank);
    vars_number(&vars, "total", mine->contest.total);
    vars_copy(&vars, "value", contest_words_value(words, &mine->contest, mine->value));
    vars_copy(&vars, "gap", gap_of(turn, words, mine));
    vars_number(&vars, "points", mine->points);
    return turn_render(turn, alone ? COPY_contest_rank : COPY_contest_rank_group, &vars);
}

static char *prizes_of(struct turn *turn, const struct store_contest *contest) {
    struct vars vars = {0};
    vars_text(&vars, "prizes", contest->prizes);
    return *contest->prizes ? turn_render(turn, COPY_contest_prizes, &vars)
                            : talloc_strdup(turn, "");
}

static char *paragraph(struct turn *turn, const struct store_contest_mine *mine) {
    const struct store_contest *contest = &mine->contest;
    const struct contest_words words = {
        .ctx = turn,
        .account = turn->account,
        .seed = turn->seed,
        .reader = mine->party, /* of persons the learner's own number */
    };
    struct vars vars = {0};
    if (contest->over)
        return contest_words_result(&words, contest, mine->party_name, mine->rank, mine->value);
    vars_text(&vars, "title", contest->title);
    vars_copy(&vars, "prizes", prizes_of(turn, contest));
    if (turn->who.now < contest->from) {
        vars_copy(&vars, "span", span_of(turn, contest->from - turn->who.now));
        return turn_render(turn, COPY_contest_coming, &vars);
    }
    vars_copy(&vars, "standing", standing_of(turn, &words, mine));
    vars_copy(&vars, "span", span_of(turn, contest->to - turn->who.now));
    return turn_render(turn, COPY_contest_on, &vars);
}

static void on_mine(void *data, int error, int64_t number, bool shown,
                    const struct store_contest_mine *list, unsigned count) {
    struct turn *turn = data;
    struct vars vars = {0};
    (void)number;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (count == 0) {
        turn_copy(turn, shown ? COPY_contests_none : COPY_contests_unbound, NULL);
        return;
    }
    char *lines = talloc_strdup(turn, "");
    bool over = true; /* all of them */
    for (unsigned i = 0; lines && i < count; i++) {
        over = over && list[i].contest.over;
        lines = talloc_asprintf_append(lines, "%s%s", i ? "\n\n" : "", paragraph(turn, &list[i]));
    }
    vars_copy(&vars, "lines", lines);
    turn_copy(turn, !shown ? COPY_contests_bind : over ? COPY_contests_over : COPY_contests, &vars);
}

void contest(struct turn *turn) {
    store_contest_mine(turn->store, &turn->who, on_mine, turn);
}
