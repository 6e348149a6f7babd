/* 联赛: the learner's group of this week, who rises and who falls, or what the last week led to. */

#include "store/league.h"
#include "bot/handlers.h"

#include <stdio.h>
#include <talloc.h>

#define TOP    5
#define BESIDE 2

static const char *tier_of(const struct turn *turn, unsigned tier) {
    const struct rules_league *league = &turn->account->rules->league;
    return league->tiers[tier < league->tiers_count ? tier : league->tiers_count - 1];
}

static char *row(struct turn *turn, const struct store_league *league, unsigned i) {
    bool own = league->rows[i].number == league->number;
    int64_t rank = (int64_t)i + 1;
    const char *name = league->rows[i].name;
    char digits[24];
    struct vars number = {0}, vars = {0};
    snprintf(digits, sizeof digits, "%04lld", (long long)league->rows[i].number);
    vars_text(&number, "number", digits);
    vars_copy(&vars, "mark",
              turn_render(turn,
                          rank <= league->up                    ? COPY_league_up
                          : rank > league->total - league->down ? COPY_league_down
                                                                : COPY_league_same,
                          NULL));
    vars_number(&vars, "rank", rank);
    if (*name && (own || !turn->account->rules->boards.anonymous))
        vars_text(&vars, "who", name);
    else
        vars_copy(&vars, "who", turn_render(turn, COPY_anonymous, &number));
    vars_number(&vars, "xp", league->rows[i].points);
    return turn_render(turn, own ? COPY_league_me : COPY_league_line, &vars);
}

/* The first, and those around the learner. */
static char *rows(struct turn *turn, const struct store_league *league) {
    char *text = talloc_strdup(turn, "");
    int64_t from = league->rank - 1 - BESIDE, to = league->rank - 1 + BESIDE, last = -1;
    for (unsigned i = 0; text && i < league->count; i++) {
        if (i >= TOP && (i < from || i > to))
            continue;
        text = talloc_asprintf_append(text, "%s%s%s", last >= 0 ? "\n" : "",
                                      i > last + 1 ? "…\n" : "", row(turn, league, i));
        last = i;
    }
    return text;
}

/* Points that are missing to stand at this rank; 0 when it is not told who stands there. */
static int64_t missing(const struct store_league *league, int64_t rank) {
    if (rank < 1 || rank > league->count)
        return 0;
    return league->rows[rank - 1].points - league->points + 1;
}

static char *fate(struct turn *turn, const struct store_league *league) {
    struct vars vars = {0};
    bool falls = league->rank > league->total - league->down;
    int64_t points = missing(league, falls ? league->total - league->down : league->up);
    vars_number(&vars, "points", points);
    if (league->rank <= league->up) {
        vars_text(&vars, "tier", tier_of(turn, league->tier + 1));
        return turn_render(turn, COPY_league_rises, &vars);
    }
    vars_text(&vars, "tier", tier_of(turn, falls ? league->tier - 1 : league->tier + 1));
    if (falls)
        return turn_render(turn, COPY_league_falls, &vars);
    return turn_render(turn, points > 0 ? COPY_league_gap : COPY_league_stays, &vars);
}

static char *days_left(struct turn *turn) {
    struct vars vars = {0};
    vars_number(&vars, "days", 7 - (turn->who.day + 3) % 7);
    return turn_render(turn, COPY_league_left, &vars);
}

static void wait_for_points(struct turn *turn, const struct store_league *league) {
    struct vars vars = {0}, last = {0};
    vars_number(&last, "rank", league->last_rank);
    vars_text(&last, "tier", tier_of(turn, league->tier));
    enum copy_entry entry = league->tier > league->last_tier   ? COPY_league_rose
                            : league->tier < league->last_tier ? COPY_league_fell
                                                               : COPY_league_stayed;
    vars_text(&vars, "tier", tier_of(turn, league->tier));
    vars_copy(&vars, "last", league->last_rank ? turn_render(turn, entry, &last) : "");
    vars_copy(&vars, "left", days_left(turn));
    turn_copy(turn, COPY_league_waiting, &vars);
}

static void on_league(void *data, int error, const struct store_league *league) {
    struct turn *turn = data;
    struct vars vars = {0};
    if (error) {
        turn_fail(turn, error);
    } else if (!league->is_on) {
        turn_copy(turn, COPY_league_none, NULL);
    } else if (!league->shown) {
        turn_copy(turn, COPY_league_bind, NULL);
    } else if (league->rank == 0) {
        wait_for_points(turn, league);
    } else {
        vars_text(&vars, "tier", tier_of(turn, league->tier));
        vars_number(&vars, "rank", league->rank);
        vars_number(&vars, "total", league->total);
        vars_number(&vars, "xp", league->points);
        vars_copy(&vars, "lines", rows(turn, league));
        vars_copy(&vars, "fate", fate(turn, league));
        vars_copy(&vars, "left", days_left(turn));
        turn_copy(turn, COPY_league, &vars);
    }
}

void league(struct turn *turn) {
    store_league(turn->store, &turn->who, on_league, turn);
}
