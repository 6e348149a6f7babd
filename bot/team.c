/* 我的战队, 加入战队, 退出战队: the learner's team, its place this week, and the way in and out. */

#include "store/team.h"
#include "bot/handlers.h"

#include <stdio.h>
#include <talloc.h>

/* ---- people and teams ---- */

/* How somebody is called here: oneself always by name, others as the account's boards show them. */
static void add_who(struct turn *turn, struct vars *vars, int64_t number, const char *name,
                    bool own) {
    if (*name && (own || !turn->account->rules->boards.anonymous)) {
        vars_text(vars, "who", name);
        return;
    }
    char digits[24];
    struct vars number_vars = {0};
    snprintf(digits, sizeof digits, "%04lld", (long long)number);
    vars_text(&number_vars, "number", digits);
    vars_copy(vars, "who", turn_render(turn, COPY_anonymous, &number_vars));
}

static char *offers_of(struct turn *turn, const struct store_team_card *card) {
    char *lines = talloc_strdup(turn, "");
    for (unsigned i = 0; lines && i < card->offers_count; i++) {
        struct vars vars = {0};
        vars_text(&vars, "name", card->offers[i].name);
        vars_number(&vars, "heads", card->offers[i].heads);
        lines = talloc_asprintf_append(lines, "%s%s", i ? "\n" : "",
                                       turn_render(turn, COPY_team_offer, &vars));
    }
    struct vars vars = {0};
    vars_copy(&vars, "lines", lines);
    return turn_render(turn, card->offers_count ? COPY_team_offers : COPY_team_no_offers, &vars);
}

/* ---- the card ---- */

static const char *captain_of(struct turn *turn, const struct store_team_card *card) {
    struct vars vars = {0};
    /* An anonymous account shows nobody's name, and who is not bound has nothing else. */
    if (!*card->captain_name || (!card->captain && turn->account->rules->boards.anonymous))
        return "";
    if (card->captain == card->number)
        return turn_render(turn, COPY_team_captain_me, NULL);
    add_who(turn, &vars, card->captain, card->captain_name, false);
    return turn_render(turn, COPY_team_captain, &vars);
}

static char *place_of(struct turn *turn, const struct store_team_card *card) {
    struct vars vars = {0};
    vars_number(&vars, "xp", card->points);
    vars_number(&vars, "rank", card->rank);
    vars_number(&vars, "total", card->total);
    vars_number(&vars, "points", card->gap);
    vars_text(&vars, "ahead", card->other);
    return turn_render(turn,
                       card->rank == 0   ? COPY_team_unranked
                       : card->rank == 1 ? COPY_team_first
                                         : COPY_team_place,
                       &vars);
}

static const char *best_of(struct turn *turn, const struct store_team_card *card) {
    char *lines = talloc_strdup(turn, "");
    for (unsigned i = 0; lines && i < card->best_count; i++) {
        bool own = card->best[i].number == card->number;
        struct vars vars = {0};
        add_who(turn, &vars, card->best[i].number, card->best[i].name, own);
        vars_number(&vars, "rank", i + 1);
        vars_number(&vars, "xp", card->best[i].points);
        lines =
            talloc_asprintf_append(lines, "%s%s", i ? "\n" : "",
                                   turn_render(turn, own ? COPY_board_me : COPY_board_line, &vars));
    }
    struct vars vars = {0};
    vars_copy(&vars, "lines", lines);
    return card->best_count ? turn_render(turn, COPY_team_best, &vars) : "";
}

/* How many, and never who: nobody is to be put on the spot. */
static const char *absent_of(struct turn *turn, const struct store_team_card *card) {
    struct vars vars = {0};
    if (card->absent < 0 || card->heads < 2)
        return "";
    vars_number(&vars, "count", card->absent);
    return turn_render(turn, card->absent ? COPY_team_absent : COPY_team_all_here, &vars);
}

static void show_card(struct turn *turn, const struct store_team_card *card) {
    struct vars vars = {0};
    vars_text(&vars, "name", card->name);
    vars_number(&vars, "heads", card->heads);
    vars_copy(&vars, "captain", captain_of(turn, card));
    vars_copy(&vars, "place", place_of(turn, card));
    const char *best = best_of(turn, card), *absent = absent_of(turn, card);
    const char *gap = "\n\n";
    vars_copy(
        &vars, "lines",
        talloc_asprintf(turn, "%s%s%s%s", *best ? gap : "", best, *absent ? gap : "", absent));
    turn_copy(turn, COPY_team, &vars);
}

/* ---- what became of it ---- */

static const enum copy_entry copies[STORE_TEAM_OUTCOME_COUNT] = {
    [STORE_TEAM_IS_unbound] = COPY_team_unbound, [STORE_TEAM_IS_none] = COPY_team_none,
    [STORE_TEAM_IS_plays] = COPY_team,           [STORE_TEAM_IS_which] = COPY_team_which,
    [STORE_TEAM_IS_missing] = COPY_team_missing, [STORE_TEAM_IS_closed] = COPY_team_closed,
    [STORE_TEAM_IS_fixed] = COPY_team_fixed,     [STORE_TEAM_IS_already] = COPY_team_already,
    [STORE_TEAM_IS_joined] = COPY_team_joined,   [STORE_TEAM_IS_sure] = COPY_team_sure,
    [STORE_TEAM_IS_leave] = COPY_team_leave,     [STORE_TEAM_IS_left] = COPY_team_left,
};

static void on_card(void *data, int error, const struct store_team_card *card) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (card->outcome == STORE_TEAM_IS_plays) {
        show_card(turn, card);
        return;
    }
    struct vars vars = {0};
    vars_text(&vars, "name", card->name);
    vars_text(&vars, "other", card->other);
    vars_number(&vars, "heads", card->heads);
    vars_copy(&vars, "offers", offers_of(turn, card));
    turn_copy(turn, copies[card->outcome], &vars);
}

void team(struct turn *turn) {
    store_team_mine(turn->store, &turn->who, on_card, turn);
}

void team_join(struct turn *turn) {
    const char *name = "";
    keywords_match(turn, turn->account->keywords, turn->message->content, &name);
    name = keywords_fold(turn, name); /* what stands around a name alone is not part of it */
    store_team_join(turn->store, &turn->who, name ? name : "", false, on_card, turn);
}

void team_move_confirmed(struct turn *turn) {
    store_team_join(turn->store, &turn->who, "", true, on_card, turn);
}

void team_leave(struct turn *turn) {
    store_team_leave(turn->store, &turn->who, false, on_card, turn);
}

void team_leave_confirmed(struct turn *turn) {
    store_team_leave(turn->store, &turn->who, true, on_card, turn);
}
