#include "store/flag.h"

#include "store/redis.h"

static void on_flags(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_flag flags[STORE_FLAGS];
    unsigned count = 0;
    for (size_t i = 0; !error && i < answer_count(answer) && count < STORE_FLAGS; i++) {
        const struct answer *row = answer_list(answer, i);
        if (!row)
            continue;
        flags[count++] = (struct store_flag){
            .id = answer_text(row, 0),
            .number = answer_integer(row, 1),
            .name = answer_text(row, 2),
            .kind = answer_text(row, 3),
            .rule = answer_text(row, 4),
            .at = answer_integer(row, 5),
            .detail = answer_text(row, 6),
        };
    }
    ((store_flags_done *)then)(data, error, flags, count);
}

void store_flags(struct store *store, const struct store_turn *turn, const char *before,
                 store_flags_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, before);
    args_integer(&args, STORE_FLAGS);
    redis_run(store, "flags", turn->account, &args, on_flags, (redis_then *)done, data);
}

void store_flag_clear(struct store *store, const struct store_turn *turn, const char *id,
                      store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, id);
    redis_run(store, "flag_clear", turn->account, &args, redis_result, (redis_then *)done, data);
}
