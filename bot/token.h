#ifndef DAY21_TOKEN_H
#define DAY21_TOKEN_H

/* An account's access token between all processes: what wx/token.h asks for, kept in the store.
 *
 * While another fetches, the store is asked again every 50 ms, for LIMIT_TOKEN_WAIT_MS. While Redis
 * is away a process works on with the token it has, and fetches for itself when that ends: a call
 * more, and no harm done, as stable_token gives all of them the same one. */

struct uv_loop_s;
struct store;
struct token_share;
struct wx_token_share;

/* `account` and `appid` must outlive it; `ctx` lives until the loop is closed. Returns 0 or -1 (no
 * memory). */
int token_share_open(void *ctx, struct uv_loop_s *loop, struct store *store, const char *account,
                     const char *appid, struct token_share **share);

/* For wx_api_options; lives as long as the share. */
const struct wx_token_share *token_share_wx(const struct token_share *share);

/* Before store_close(), after wx_http_close(). The loop must run on until it has closed. */
void token_share_close(struct token_share *share);

#endif
