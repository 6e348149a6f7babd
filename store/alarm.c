#include "store/alarm.h"

#include "store/redis.h"

void store_alarm_raise(struct store *store, const struct store_turn *turn, const char *klass,
                       int errcode, const char *reason, unsigned probe_s, store_result_done *done,
                       void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, klass);
    args_integer(&args, errcode);
    args_text(&args, reason);
    args_integer(&args, probe_s);
    redis_run(store, "alarm_raise", turn->account, &args, redis_result, (redis_then *)done, data);
}

static void on_seen(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_alarm alarm = {0};
    if (!error) {
        alarm.klass = answer_text(answer, 0);
        alarm.errcode = answer_integer(answer, 1);
        alarm.reason = answer_text(answer, 2);
        alarm.since = answer_integer(answer, 3);
        alarm.count = answer_integer(answer, 4);
        alarm.probe = answer_integer(answer, 5);
    }
    ((store_alarm_done *)then)(data, error, error ? NULL : &alarm);
}

void store_alarm_see(struct store *store, const struct store_turn *turn, unsigned probe_s,
                     store_alarm_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, probe_s);
    redis_run(store, "alarm_see", turn->account, &args, on_seen, (redis_then *)done, data);
}

void store_alarm_clear(struct store *store, const struct store_turn *turn, store_result_done *done,
                       void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, "alarm_clear", turn->account, &args, redis_result, (redis_then *)done, data);
}
