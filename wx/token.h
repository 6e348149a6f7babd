#ifndef DAY21_WX_TOKEN_H
#define DAY21_WX_TOKEN_H

/* The access token of one account, fetched from stable_token when it is needed. Rules: WeChat
 * «获取稳定版接口调用凭据»: calls repeated within a token's life are given the same token; in its
 * last five minutes they are given the next one, and both are good. Several processes may each
 * fetch without spoiling the others' token, but each fetch counts: they may keep one between them
 * (wx_token_share). */

#include "wx/api.h"

struct wx_token;

/* A token with so much of its life left, or less, is renewed: well inside the five minutes. */
#define WX_TOKEN_RENEW_MS (200 * 1000)

/* What the place the processes keep their token in says to one that needs it. */
enum wx_token_turn {
    WX_TOKEN_HAVE,  /* here it is */
    WX_TOKEN_FETCH, /* it is yours to fetch; the value, if any, is good for a little longer */
    WX_TOKEN_ALONE, /* the place cannot be reached: fetch for yourself */
    WX_TOKEN_LATER, /* another has been fetching for longer than one can wait */
};

struct wx_token_turned {
    enum wx_token_turn turn;
    const char *value; /* NULL or "": none; untouched by what is taken from it */
    int64_t left_ms;   /* of its life */
    int64_t fence;     /* of a FETCH: to be given back with what was fetched */
};

/* `reply` is what came with take(). */
typedef void wx_token_taken(void *reply, const struct wx_token_turned *turned);

/* A place where all processes of an account keep their token together. Without one a wx_token keeps
 * its own. It must outlive what was asked of it. */
struct wx_token_share {
    void *data;
    /* The token, or the right to fetch it: for one at a time, for a limited time. `refused`, unless
     * "", is a token WeChat refused: it is discarded if it is still the one that is kept. Answers
     * by `taken` exactly once, never from within. Returns 0, or another number if the place cannot
     * be reached: then `taken` is not called. */
    int (*take)(void *data, const char *refused, wx_token_taken *taken, void *reply);
    /* Fetched. Kept, unless the right to fetch has gone to somebody else meanwhile. */
    void (*keep)(void *data, int64_t fence, const char *value, int64_t life_s);
    /* The fetch failed: it is another's turn. */
    void (*give_up)(void *data, int64_t fence);
};

struct wx_token_options {
    const char *url; /* of stable_token */
    const char *appid, *secret;
    long timeout_ms;                    /* 0: LIMIT_HTTP_TOTAL_MS */
    const struct wx_token_share *share; /* NULL: none. Copied */
};

/* `value` is the token, or NULL and `why` says why there is none. Both live until the callback
 * returns. Called from the loop, never from within wx_token_wait(). It may free the wx_token. */
typedef void wx_token_done(void *data, const char *value, const struct wx_result *why);

/* A wx_token that is freed calls nobody any more; was it fetching, the others wait for its right to
 * do so to run out.
 * Returns 0, WX_E_NOMEM, WX_E_FIELD (appid or secret is not UTF-8). */
int wx_token_open(void *ctx, struct wx_http *http, const struct wx_token_options *options,
                  struct wx_token **token);

/* The token if there is one that is not about to expire, else NULL: then wait for one. */
const char *wx_token_held(const struct wx_token *token);

/* One fetch answers all who wait; freeing `ctx` is to wait no longer.
 *
 * An errcode other than -1 (wrong secret, our address not allowed, quota used up) does not go away
 * by asking again, and each question counts: for a minute all who wait are given it at once. When
 * WeChat cannot be reached but the token at hand is good for a little longer, it is used.
 * Returns 0, WX_E_NOMEM, WX_E_HTTP (`http` is closed). */
int wx_token_wait(struct wx_token *token, void *ctx, wx_token_done *done, void *data);

/* WeChat refused this token: it is forgotten, unless another has taken its place meanwhile. */
void wx_token_drop(struct wx_token *token, const char *refused);

/* Something has been mended: the next who waits asks WeChat, whatever has been refused before. */
void wx_token_ask_again(struct wx_token *token);

/* Fetches made so far. */
unsigned wx_token_fetches(const struct wx_token *token);

#endif
