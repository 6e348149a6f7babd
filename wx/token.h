#ifndef DAY21_WX_TOKEN_H
#define DAY21_WX_TOKEN_H

/* The access token of one account, fetched from stable_token when it is needed. Rules: WeChat
 * «获取稳定版接口调用凭据»: calls repeated within a token's life are given the same token; in its
 * last five minutes they are given the next one, and both are good. Several processes may each
 * fetch without spoiling the others' token. */

#include "wx/api.h"

struct wx_token;

struct wx_token_options {
    const char *url; /* of stable_token */
    const char *appid, *secret;
    long timeout_ms; /* 0: LIMIT_HTTP_TOTAL_MS */
};

/* `value` is the token, or NULL and `why` says why there is none. Both live until the callback
 * returns. Called from the loop, never from within wx_token_wait(). It may free the wx_token. */
typedef void wx_token_done(void *data, const char *value, const struct wx_result *why);

/* A wx_token that is freed calls nobody any more.
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

/* Fetches made so far. */
unsigned wx_token_fetches(const struct wx_token *token);

#endif
