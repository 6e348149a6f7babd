/* 退出排行, 参加排行: whether a learner stands on the boards is theirs to say. */

#include "bot/handlers.h"
#include "store/board.h"

static void on_hidden(void *data, int error, bool changed, bool bound) {
    struct turn *turn = data;
    (void)bound;
    if (error)
        turn_fail(turn, error);
    else
        turn_copy(turn, changed ? COPY_hide_done : COPY_hide_already, NULL);
}

void hide(struct turn *turn) {
    store_show(turn->store, &turn->who, false, on_hidden, turn);
}

static void on_shown(void *data, int error, bool changed, bool bound) {
    struct turn *turn = data;
    if (error)
        turn_fail(turn, error);
    else if (!bound)
        turn_copy(turn, COPY_show_unbound, NULL);
    else
        turn_copy(turn, changed ? COPY_show_done : COPY_show_already, NULL);
}

void show(struct turn *turn) {
    store_show(turn->store, &turn->who, true, on_shown, turn);
}
