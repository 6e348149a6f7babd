#include "store/correction.h"

#include "store/redis.h"

#include <string.h>

static void on_corrected(redis_then *then, void *data, int error, const struct answer *answer) {
    static const char *const words[] = {
        [STORE_CORRECTED_DONE] = "done",
        [STORE_CORRECTED_AGAIN] = "again",
        [STORE_CORRECTED_GONE] = "gone",
        [STORE_CORRECTED_SHORT] = "short",
    };
    enum store_corrected corrected = STORE_CORRECTED_GONE;
    for (size_t i = 0; !error && i < sizeof words / sizeof *words; i++)
        if (strcmp(answer_text(answer, 0), words[i]) == 0)
            corrected = (enum store_corrected)i;
    ((store_correction_done *)then)(data, error, corrected, error ? "" : answer_text(answer, 1),
                                    error ? 0 : answer_integer(answer, 2),
                                    error ? 0 : answer_integer(answer, 3));
}

void store_reverse(struct store *store, const struct store_turn *turn,
                   const struct store_ledger_line *line, const char *reason,
                   store_correction_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, line->line);
    args_integer(&args, line->number);
    args_integer(&args, line->points);
    args_integer(&args, line->coins);
    args_integer(&args, line->day);
    args_text(&args, line->department);
    args_text(&args, line->team);
    args_text(&args, reason);
    redis_run(store, "reverse", turn->account, &args, on_corrected, (redis_then *)done, data);
}

void store_grant(struct store *store, const struct store_turn *turn, const char *id, int64_t number,
                 int64_t points, int64_t coins, const char *reason, const char *thresholds,
                 store_correction_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, id);
    args_integer(&args, number);
    args_integer(&args, points);
    args_integer(&args, coins);
    args_text(&args, reason);
    args_text(&args, thresholds);
    redis_run(store, "grant", turn->account, &args, on_corrected, (redis_then *)done, data);
}
