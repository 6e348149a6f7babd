#include "store/binding.h"

#include "config/limits.h"
#include "store/redis.h"

#include <stdio.h>
#include <string.h>

static const char *const names[STORE_BINDING_COUNT] = {
#define X(name) [STORE_BINDING_##name] = #name,
    STORE_BINDING_OUTCOMES(X)
#undef X
};

static void on_binding(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_binding binding = {0};
    for (unsigned i = 0; !error && i < STORE_BINDING_COUNT; i++)
        if (strcmp(names[i], answer_text(answer, 0)) == 0)
            binding.outcome = (enum store_binding_outcome)i;
    if (!error)
        snprintf(binding.name, sizeof binding.name, "%s", answer_text(answer, 1));
    ((store_binding_done *)then)(data, error, error ? NULL : &binding);
}

void store_bind(struct store *store, const struct store_turn *turn, bool asked, const char *first,
                const char *second, store_binding_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, asked);
    args_text(&args, first);
    args_text(&args, second);
    args_integer(&args, LIMIT_BIND_TRIES);
    args_integer(&args, LIMIT_BIND_WINDOW_S);
    args_integer(&args, LIMIT_DIALOGUE_S);
    redis_run(store, "bind", turn->account, &args, on_binding, (redis_then *)done, data);
}

void store_unbind(struct store *store, const struct store_turn *turn, bool confirmed,
                  store_binding_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, confirmed);
    args_integer(&args, LIMIT_DIALOGUE_S);
    redis_run(store, "unbind", turn->account, &args, on_binding, (redis_then *)done, data);
}

void store_cancel(struct store *store, const struct store_turn *turn, store_result_done *done,
                  void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, "cancel", turn->account, &args, redis_result, (redis_then *)done, data);
}

void store_code(struct store *store, const struct store_turn *turn, const char *key,
                const char *salt, const char *code, store_result_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, key);
    args_text(&args, salt);
    args_text(&args, code);
    args_integer(&args, LIMIT_BIND_CODE_S);
    redis_run(store, "code", turn->account, &args, redis_result, (redis_then *)done, data);
}
