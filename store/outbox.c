#include "store/outbox.h"

#include "store/redis.h"

#include <string.h>

#define TAKE_MOST 64

static void on_taken(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_out outs[TAKE_MOST];
    size_t count = 0;
    if (!error && strcmp(answer_text(answer, 0), "alarm") == 0)
        error = STORE_E_ALARM;
    if (!error)
        for (size_t i = 0; i < answer_count(answer) && count < TAKE_MOST; i++) {
            const struct answer *row = answer_list(answer, i);
            if (!row)
                continue;
            outs[count++] = (struct store_out){
                .entry = answer_text(row, 0),
                .id = answer_text(row, 1),
                .kind = answer_text(row, 2),
                .name = answer_text(row, 3),
                .to = answer_text(row, 4),
                .body = answer_text(row, 5),
                .tries = (unsigned)answer_integer(row, 6),
                .streak = answer_integer(row, 7),
                .checkins = answer_integer(row, 8),
            };
        }
    ((store_take_done *)then)(data, error, outs, count, !error && answer_integer(answer, 0) == 1);
}

void store_take(struct store *store, const struct store_turn *turn, const struct store_take *take,
                store_take_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, take->most < TAKE_MOST ? take->most : TAKE_MOST);
    args_integer(&args, take->daily_cap);
    args_integer(&args, take->quiet_until);
    args_integer(&args, take->claim_after_ms);
    args_integer(&args, STORE_GUARD_S);
    args_text(&args, take->work);
    args_text(&args, take->plain ? take->plain : "");
    redis_run(store, "take", turn->account, &args, on_taken, (redis_then *)done, data);
}

void store_settle(struct store *store, const struct store_turn *turn,
                  const struct store_settle *settle, store_result_done *done, void *data) {
    static const char *const names[] = {
        [STORE_SENT] = "sent", [STORE_FAILED] = "failed",       [STORE_BUSY] = "busy",
        [STORE_REST] = "rest", [STORE_UNCERTAIN] = "uncertain",
    };
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, settle->entry);
    args_text(&args, settle->id);
    args_text(&args, names[settle->outcome]);
    args_integer(&args, settle->errcode);
    args_text(&args, settle->reason);
    if (settle->msgid)
        args_integer(&args, settle->msgid);
    else
        args_text(&args, "");
    args_integer(&args, settle->again);
    args_integer(&args, STORE_GUARD_S);
    args_text(&args, settle->not_following ? "1" : "0");
    redis_run(store, "settle", turn->account, &args, redis_result, (redis_then *)done, data);
}

void store_put(struct store *store, const struct store_turn *turn, const struct store_put *put,
               store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, put->id);
    args_text(&args, put->kind);
    args_text(&args, put->name);
    args_text(&args, put->body);
    args_text(&args, put->force ? "1" : "0");
    redis_run(store, "put", turn->account, &args, redis_result, (redis_then *)done, data);
}

void store_delivered(struct store *store, const struct store_turn *turn, const char *msgid,
                     const char *status, store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, msgid);
    args_text(&args, status);
    redis_run(store, "delivered", turn->account, &args, redis_result, (redis_then *)done, data);
}

static void on_state(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_out_state state = {0};
    if (!error) {
        state.state = answer_text(answer, 0);
        state.errcode = answer_integer(answer, 1);
        state.reason = answer_text(answer, 2);
        state.tries = answer_integer(answer, 3);
        state.delivered = answer_text(answer, 4);
    }
    ((store_out_done *)then)(data, error, error ? NULL : &state);
}

void store_out(struct store *store, const struct store_turn *turn, const char *id,
               store_out_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, id);
    redis_run(store, "out", turn->account, &args, on_state, (redis_then *)done, data);
}
