#include "store/board.h"

#include "store/redis.h"

#include <stdio.h>

static void on_board(redis_then *then, void *data, int error, const struct answer *answer) {
    enum { HEAD = 4, ROW = 4 };
    struct store_board board = {0};
    if (!error) {
        board.rank = answer_integer(answer, 0);
        board.xp = answer_integer(answer, 1);
        board.total = answer_integer(answer, 2);
        board.top_count = (unsigned)answer_integer(answer, 3);
        for (size_t i = HEAD; i + ROW <= answer_count(answer); i += ROW) {
            if (board.count == STORE_BOARD_ROWS)
                break;
            board.rows[board.count].rank = answer_integer(answer, i);
            board.rows[board.count].number = answer_integer(answer, i + 1);
            board.rows[board.count].xp = answer_integer(answer, i + 2);
            snprintf(board.rows[board.count].name, STORE_NAME, "%s", answer_text(answer, i + 3));
            board.count++;
        }
    }
    ((store_board_done *)then)(data, error, error ? NULL : &board);
}

void store_board(struct store *store, const struct store_turn *turn, unsigned top, unsigned beside,
                 store_board_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, top);
    args_integer(&args, beside);
    redis_run(store, "board", turn->account, &args, on_board, (redis_then *)done, data);
}
