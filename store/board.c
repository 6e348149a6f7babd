#include "store/board.h"

#include "store/redis.h"

#include <string.h>

/* A name that is too long ends before a character, not within it. */
static void cut(char name[STORE_BOARD_NAME], const char *text) {
    size_t length = strlen(text);
    if (length >= STORE_BOARD_NAME)
        for (length = STORE_BOARD_NAME - 1; ((unsigned char)text[length] & 0xC0) == 0x80;)
            length--;
    memcpy(name, text, length);
    name[length] = '\0';
}

static void on_board(redis_then *then, void *data, int error, const struct answer *answer) {
    enum { HEAD = 11, ROW = 5 };
    struct store_board board = {0};
    if (!error) {
        board.rank = answer_integer(answer, 0);
        board.sum = answer_integer(answer, 1);
        board.total = answer_integer(answer, 2);
        board.top_count = (unsigned)answer_integer(answer, 3);
        board.number = answer_integer(answer, 4);
        board.own = answer_integer(answer, 5);
        board.bound = answer_integer(answer, 6) != 0;
        board.hidden = answer_integer(answer, 7) != 0;
        board.above = answer_integer(answer, 8) != 0;
        board.below = answer_integer(answer, 9) != 0;
        cut(board.level, answer_text(answer, 10));
        for (size_t i = HEAD; i + ROW <= answer_count(answer); i += ROW) {
            if (board.count == STORE_BOARD_ROWS)
                break;
            board.rows[board.count].rank = answer_integer(answer, i);
            board.rows[board.count].id = answer_integer(answer, i + 1);
            board.rows[board.count].sum = answer_integer(answer, i + 2);
            board.rows[board.count].heads = answer_integer(answer, i + 3);
            cut(board.rows[board.count].name, answer_text(answer, i + 4));
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
    args_integer(&args, query->up);
    args_integer(&args, query->per_head);
    redis_run(store, query->kind == STORE_BOARD_DEPARTMENT ? "board_departments" : "board",
              turn->account, &args, on_board, (redis_then *)done, data);
}

static void on_shown(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_show_done *)then)(data, error, !error && answer_integer(answer, 0) != 0,
                              !error && answer_integer(answer, 1) != 0);
}

void store_show(struct store *store, const struct store_turn *turn, bool show,
                store_show_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, show);
    redis_run(store, "show", turn->account, &args, on_shown, (redis_then *)done, data);
}

void store_board_trim(struct store *store, const struct store_turn *turn, store_result_done *done,
                      void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, STORE_BOARD_KEPT);
    redis_run(store, "board_trim", turn->account, &args, redis_result, (redis_then *)done, data);
}
