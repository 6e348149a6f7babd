#include "bot/board_trim.h"

#include "store/board.h"

#include <talloc.h>
#include <time.h>

#define PAUSE_MS 3600000
#define RETRY_MS 1000

struct board_trim {
    uv_loop_t *loop;
    struct store *store;
    struct account *account;
    uint64_t next; /* loop time of the next step */
    bool busy;
};

static void on_trimmed(void *data, int error, int64_t removed) {
    (void)removed;
    struct board_trim *trim = data;
    trim->busy = false;
    trim->next = uv_now(trim->loop) + (error ? RETRY_MS : PAUSE_MS);
}

void board_trim_tick(struct board_trim *trim) {
    if (trim->busy || uv_now(trim->loop) < trim->next || !store_ready(trim->store))
        return;
    int64_t now = time(NULL);
    struct store_turn turn = {
        .account = trim->account->config->name,
        .openid = "",
        .id = "",
        .now = now,
        .day = calendar_day(trim->account->calendar, now)->number,
    };
    trim->busy = true;
    store_board_trim(trim->store, &turn, on_trimmed, trim);
}

bool board_trim_busy(const struct board_trim *trim) {
    return trim->busy;
}

struct board_trim *board_trim_open(void *ctx, uv_loop_t *loop, struct store *store,
                                   struct account *account) {
    struct board_trim *trim = talloc_zero(ctx, struct board_trim);
    if (!trim)
        return NULL;
    trim->loop = loop;
    trim->store = store;
    trim->account = account;
    return trim;
}
