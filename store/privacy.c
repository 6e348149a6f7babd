#include "store/privacy.h"

#include "store/redis.h"

static void erase(struct store *store, const struct store_turn *turn, const char *what,
                  store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, what);
    redis_run(store, "erase", turn->account, &args, redis_result, (redis_then *)done, data);
}

void store_revoke(struct store *store, const struct store_turn *turn, const char *number,
                  store_result_done *done, void *data) {
    erase(store, turn, number, done, data);
}

void store_forget(struct store *store, const struct store_turn *turn, store_result_done *done,
                  void *data) {
    erase(store, turn, "person", done, data);
}
