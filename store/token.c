#include "store/token.h"

#include "store/redis.h"

#include <string.h>

static void on_turn(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_token token = {.turn = STORE_TOKEN_WAIT};
    if (!error) {
        const char *turn = answer_text(answer, 0);
        if (strcmp(turn, "have") == 0)
            token.turn = STORE_TOKEN_HAVE;
        else if (strcmp(turn, "fetch") == 0)
            token.turn = STORE_TOKEN_FETCH;
        token.value = answer_text(answer, 1);
        token.left_ms = answer_integer(answer, 2);
        token.fence = answer_integer(answer, 3);
    }
    ((store_token_done *)then)(data, error, error ? NULL : &token);
}

void store_token_take(struct store *store, const struct store_turn *turn, const char *appid,
                      const char *refused, unsigned right_ms, unsigned renew_ms,
                      store_token_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, appid);
    args_text(&args, refused);
    args_integer(&args, right_ms);
    args_integer(&args, renew_ms);
    redis_run(store, "token_take", turn->account, &args, on_turn, (redis_then *)done, data);
}

void store_token_keep(struct store *store, const struct store_turn *turn, const char *appid,
                      int64_t fence, const char *value, int64_t life_ms, store_result_done *done,
                      void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, appid);
    args_integer(&args, fence);
    args_text(&args, value);
    args_integer(&args, life_ms);
    redis_run(store, "token_keep", turn->account, &args, redis_result, (redis_then *)done, data);
}

void store_token_give_up(struct store *store, const struct store_turn *turn, const char *appid,
                         int64_t fence, store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, appid);
    args_integer(&args, fence);
    redis_run(store, "token_give_up", turn->account, &args, redis_result, (redis_then *)done, data);
}
