#ifndef DAY21_STORE_H
#define DAY21_STORE_H

/* The way to Redis: one connection on the loop, calls pipelined, every call with a deadline,
 * connecting again by itself. The other headers of store/ have its verbs, a noun each, and these
 * have in common:
 *
 * - What a verb is given it has copied, or is done with, when it returns.
 * - It calls `done` once, from the loop or, when the call cannot be made, from within.
 * - `error` is 0 or an enum store_error. With an error what else `done` is told is NULL, 0 or "",
 *   and it is not known whether the call has had its effect (but for AWAY, BUSY and NOMEM from
 *   within): to say it again with the same turn does no harm.
 * - What `done` is told lives until it returns. Texts in it are UTF-8, and "" where there is none.
 * - Times are seconds since 1970, days are day numbers (bot/calendar.h), counted in the account's
 *   time zone by the caller; ranks begin at 1, and 0 is none. */

#include <stdbool.h>
#include <stdint.h>

struct uv_loop_s;
struct store;

/* What `done` callbacks and functions report; 0 is success. */
#define STORE_ERRORS(X)                                                                            \
    X(NOMEM, -101, "out of memory")                                                                \
    X(AWAY, -102, "Redis is not there")                                                            \
    X(BUSY, -103, "too many calls wait for Redis")                                                 \
    X(TIMEOUT, -104, "Redis did not answer in time")                                               \
    X(REFUSED, -105, "Redis refused the call")                                                     \
    X(ALARM, -106, "the account's sends rest: there is an alarm")

enum store_error {
#define X(name, value, text) STORE_E_##name = value,
    STORE_ERRORS(X)
#undef X
};

const char *store_error_text(int error);

struct store_options {
    const char *address;  /* "/path/of.sock" or "host:port" */
    const char *password; /* NULL: none */
    /* Told whenever store_ready() has changed, or why it is not; may be NULL. `sentence` is for the
     * log, and NULL when the minute has had its share of them (LIMIT_STORE_TOLD): what holds then
     * is told when the minute is over. */
    void (*changed)(void *data, bool ready, const char *sentence);
    void *data;
};

/* Starts connecting; calls made before it is there fail with STORE_E_AWAY. Options are copied.
 * Returns 0, STORE_E_NOMEM. */
int store_open(void *ctx, struct uv_loop_s *loop, const struct store_options *options,
               struct store **store);

/* Connected, scripts loaded, and answering: the oldest call is within its deadline, and Redis takes
 * what it is given. */
bool store_ready(const struct store *store);

/* Why it is not. Two sentences for a person, without a full stop. */
struct store_trouble {
    const char *what; /* "Redis has no memory left" */
    const char *todo; /* "raise maxmemory" */
    bool passing;     /* it may be over in a moment by itself: is worth waiting for */
};

/* NULL while it is ready, and as long as nothing is known yet. Lives until the loop goes on. */
const struct store_trouble *store_trouble(const struct store *store);

/* Calls that have not been answered yet. */
unsigned store_pending(const struct store *store);

/* What Redis said when it last refused a call (STORE_E_REFUSED), for a log line; "" if it never
 * did. When it would refuse any call it is not ready, and they fail with STORE_E_AWAY. */
const char *store_refusal(const struct store *store);

/* Ends the connection; calls in flight fail with STORE_E_AWAY before this returns. The loop must
 * run on until it has closed the handles, which then frees the store. */
void store_close(struct store *store);

/* Room for a person's name; the roster has none that is longer. */
#define STORE_NAME 64

/* Who did what, when: told to every verb. An effect happens once for an `id`: the same verb with
 * the same id answers what it answered the first time, for `memo_s` seconds. */
struct store_turn {
    const char *account;
    const char *openid;
    const char *id;  /* wx_message_identity() of the message, or another name for the occasion */
    int64_t now;     /* seconds since 1970 */
    int64_t day;     /* the account's day number of `now` */
    unsigned memo_s; /* at least twice the window in which WeChat or a replay may repeat it */
};

/* Of the verbs that answer with a number; what it means stands at each. */
typedef void store_result_done(void *data, int error, int64_t result);

#endif
