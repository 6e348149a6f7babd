#ifndef DAY21_SESSION_H
#define DAY21_SESSION_H

/* A command's way to the store: one call after the other, each waited for. */

#include "bot/account.h"
#include "store/store.h"

#include <uv.h>

struct session {
    struct account *account;
    struct store *store;
    struct store_turn turn; /* of the moment it was opened; by nobody */
    int error;              /* of the last call */
    int64_t result;         /* of session_done_result() */

    bool called;
    uv_loop_t loop;
    uv_timer_t patience;
};

/* Connects, for 15 s at most, and not that long when waiting is of no use. What a command allocates
 * may belong to the session, which is a talloc context. NULL having said on stderr why Redis is not
 * there, and what to do. */
struct session *session_open(const struct config *config, struct account *account);
void session_close(struct session *session);

/* To be called by the callback of a call. */
void session_done(struct session *session, int error);

/* A callback for verbs that return a number: leaves it in `result`. */
void session_done_result(void *session, int error, int64_t result);

/* Waits for the callback of the call that was made last. Returns 0 or the store's error, having
 * said so on stderr. */
int session_wait(struct session *session);

#endif
