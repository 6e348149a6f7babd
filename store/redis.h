#ifndef DAY21_STORE_REDIS_H
#define DAY21_STORE_REDIS_H

/* Inside store/ only: running a script. hiredis is known to store/redis.c alone. */

#include "store/store.h"

#include <stddef.h>

/* What a script returned: a list of values, possibly lists themselves. */
struct answer;

size_t answer_count(const struct answer *answer);
/* Number i as an integer (an integer, or a string of digits); 0 when absent. */
int64_t answer_integer(const struct answer *answer, size_t i);
/* Value i as text, "" when absent; lives as long as the answer. */
const char *answer_text(const struct answer *answer, size_t i);
/* The list that is value i, or NULL. */
const struct answer *answer_list(const struct answer *answer, size_t i);

/* A verb's callback, whatever its type; the verb that gave it knows. */
typedef void redis_then(void);

/* Called once for every redis_run(), from the loop or, when the call cannot be made, from within.
 * `answer` is NULL on error and lives until it returns. */
typedef void redis_done(redis_then *then, void *data, int error, const struct answer *answer);

/* For verbs with a store_result_done. */
redis_done redis_result;

/* The arguments of a script, gathered one by one on the stack. */
#define REDIS_ARGS 64
struct redis_args {
    int count;
    const char *text[REDIS_ARGS];
    size_t length[REDIS_ARGS];
    char digits[REDIS_ARGS][24];
};

/* Begins with the turn: ARGV id, openid, now, day, memo_s. */
void args_begin(struct redis_args *args, const struct store_turn *turn);
/* `text` must live until redis_run(). */
void args_text(struct redis_args *args, const char *text);
void args_integer(struct redis_args *args, int64_t number);

/* Calls the function that store/lua/SCRIPT.lua is with KEYS[1] = "{account}". `then` and `data`
 * travel along to `done`.
 */
void redis_run(struct store *store, const char *script, const char *account,
               const struct redis_args *args, redis_done *done, redis_then *then, void *data);

/* Says a command that is no script: one about Redis itself, or one that only reads, and more than
 * should pass through Lua. */
void redis_ask(struct store *store, const char *const words[], int count, redis_done *done,
               redis_then *then, void *data);

#endif
