#ifndef DAY21_STORE_TOKEN_H
#define DAY21_STORE_TOKEN_H

/* The access token of an account, one for all processes on all machines. It is kept by AppID: an
 * account that is given another one must not go on with the old one's token. One of them fetches it
 * at a time: its right to do so has a number, its fence, and runs out by itself; what is fetched
 * under a right that has gone to somebody else meanwhile is not kept. */

#include "store/store.h"

enum store_token_turn {
    STORE_TOKEN_HAVE,  /* here it is */
    STORE_TOKEN_FETCH, /* it is yours to fetch; the value, if any, is about to expire */
    STORE_TOKEN_WAIT,  /* another is fetching it: ask again soon */
};

struct store_token {
    enum store_token_turn turn;
    const char *value; /* "" if none; a secret */
    int64_t left_ms;   /* of its life, by Redis' clock */
    int64_t fence;     /* of a FETCH */
};

/* `token` is NULL on error; lives until it returns. */
typedef void store_token_done(void *data, int error, const struct store_token *token);

/* The token, or the right to fetch it for `right_ms`, or neither. `refused`, unless "", is a token
 * WeChat did not take: it is discarded if it is still the one that is kept, and the answer is what
 * is there then. A token with `renew_ms` left or less is to be renewed by whoever comes first. */
void store_token_take(struct store *store, const struct store_turn *turn, const char *appid,
                      const char *refused, unsigned right_ms, unsigned renew_ms,
                      store_token_done *done, void *data);

/* The result of both is 1, or 0 when the right had gone to somebody else and nothing was changed.
 */

/* What was fetched under this fence; it goes with its life. */
void store_token_keep(struct store *store, const struct store_turn *turn, const char *appid,
                      int64_t fence, const char *value, int64_t life_ms, store_result_done *done,
                      void *data);

/* Nothing was fetched: the right is the next one's who asks. */
void store_token_give_up(struct store *store, const struct store_turn *turn, const char *appid,
                         int64_t fence, store_result_done *done, void *data);

#endif
