#include "store/board.h"

#include "store/redis.h"

#include <stdio.h>

static void on_board(redis_then *then, void *data, int error, const struct answer *answer) {
    enum { HEAD = 5, ROW = 5 };
    struct store_board board = {0};
    if (!error) {
        board.rank = answer_integer(answer, 0);
        board.sum = answer_integer(answer, 1);
        board.total = answer_integer(answer, 2);
        board.top_count = (unsigned)answer_integer(answer, 3);
        board.number = answer_integer(answer, 4);
        for (size_t i = HEAD; i + ROW <= answer_count(answer); i += ROW) {
            if (board.count == STORE_BOARD_ROWS)
                break;
            board.rows[board.count].rank = answer_integer(answer, i);
            board.rows[board.count].id = answer_integer(answer, i + 1);
            board.rows[board.count].sum = answer_integer(answer, i + 2);
            board.rows[board.count].heads = answer_integer(answer, i + 3);
            snprintf(board.rows[board.count].name, STORE_BOARD_NAME, "%s",
                     answer_text(answer, i + 4));
            board.count++;
        }
    }
    ((store_board_done *)then)(data, error, error ? NULL : &board);
}

void store_board(struct store *store, const struct store_turn *turn,
                 const struct store_board_query *query, store_board_done *done, void *data) {
    static const char *const kinds[] = {"p", "d", "t"};
    static const char *const periods[] = {"all", "d", "w", "m"};
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, kinds[query->kind]);
    args_text(&args, periods[query->period]);
    args_integer(&args, query->back);
    args_integer(&args, query->top);
    args_integer(&args, query->beside);
    redis_run(store, "board", turn->account, &args, on_board, (redis_then *)done, data);
}

static void on_shown(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_show_done *)then)(data, error, !error && answer_integer(answer, 0) != 0);
}

void store_show(struct store *store, const struct store_turn *turn, bool show,
                store_show_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, show);
    redis_run(store, "show", turn->account, &args, on_shown, (redis_then *)done, data);
}
