/* 排行榜: the top, me, and those around me. */

#include "store/board.h"
#include "bot/handlers.h"

#include <stdio.h>
#include <talloc.h>

#define TOP    5
#define BESIDE 2

static char *row(struct turn *turn, const struct store_board *board, unsigned i) {
    char digits[24];
    const char *name = board->rows[i].name;
    struct vars number = {0}, vars = {0};
    snprintf(digits, sizeof digits, "%04lld", (long long)board->rows[i].id);
    vars_text(&number, "number", digits);
    vars_number(&vars, "rank", board->rows[i].rank);
    if (*name)
        vars_text(&vars, "who", name);
    else
        vars_copy(&vars, "who", turn_render(turn, COPY_anonymous, &number));
    vars_number(&vars, "xp", board->rows[i].sum);
    bool own = board->rows[i].rank == board->rank;
    return turn_render(turn, own ? COPY_board_me : COPY_board_line, &vars);
}

static char *rows(struct turn *turn, const struct store_board *board, unsigned from, unsigned to) {
    char *text = talloc_strdup(turn, "");
    for (unsigned i = from; text && i < to; i++)
        text = talloc_asprintf_append(text, "%s%s", i > from ? "\n" : "", row(turn, board, i));
    return text;
}

static void on_board(void *data, int error, const struct store_board *board) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (board->total == 0) {
        turn_copy(turn, COPY_board_empty, NULL);
        return;
    }
    struct vars vars = {0};
    vars_copy(&vars, "top", rows(turn, board, 0, board->top_count));
    vars_number(&vars, "total", board->total);
    if (board->rank == 0) {
        turn_copy(turn, COPY_board_unranked, &vars);
        return;
    }
    vars_number(&vars, "rank", board->rank);
    vars_number(&vars, "xp", board->sum);
    vars_copy(&vars, "around", rows(turn, board, board->top_count, board->count));
    turn_copy(turn, board->rank <= board->top_count ? COPY_board_top : COPY_board, &vars);
}

void board(struct turn *turn) {
    const struct store_board_query query = {.top = TOP, .beside = BESIDE};
    store_board(turn->store, &turn->who, &query, on_board, turn);
}
