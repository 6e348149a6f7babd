#include "store/streak.h"

#include "store/redis.h"

#include <string.h>

static void on_makeup(redis_then *then, void *data, int error, const struct answer *answer) {
    static const char *const outcomes[] = {
#define X(name) #name,
        STORE_MAKEUP_OUTCOMES(X)
#undef X
    };
    struct store_makeup makeup = {0};
    if (!error) {
        for (int i = 0; i < STORE_MAKEUP_COUNT; i++)
            if (strcmp(answer_text(answer, 0), outcomes[i]) == 0)
                makeup.outcome = (enum store_makeup_outcome)i;
        makeup.missed = (unsigned)answer_integer(answer, 1);
        makeup.streak = answer_integer(answer, 2);
        makeup.freezes = (unsigned)answer_integer(answer, 3);
    }
    ((store_makeup_done *)then)(data, error, error ? NULL : &makeup);
}

void store_makeup(struct store *store, const struct store_turn *turn, const char *policy,
                  const char *work, store_makeup_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, policy);
    args_text(&args, work);
    redis_run(store, "makeup", turn->account, &args, on_makeup, (redis_then *)done, data);
}

static void on_leave(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_leave leave = {0};
    if (!error) {
        leave.taken = answer_integer(answer, 0) != 0;
        leave.from = answer_integer(answer, 1);
        leave.to = answer_integer(answer, 2);
    }
    ((store_leave_done *)then)(data, error, error ? NULL : &leave);
}

void store_leave(struct store *store, const struct store_turn *turn, const struct store_wish *wish,
                 store_leave_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, wish->from);
    args_integer(&args, wish->to);
    args_integer(&args, wish->most);
    args_text(&args, wish->work ? wish->work : "");
    args_integer(&args, wish->first);
    redis_run(store, "leave", turn->account, &args, on_leave, (redis_then *)done, data);
}
