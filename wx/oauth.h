#ifndef DAY21_WX_OAUTH_H
#define DAY21_WX_OAUTH_H

/* «网页授权»: who opens a web page inside WeChat. The page sends the person to wx_oauth_url(),
 * WeChat sends them back with a code, and the code is exchanged for who they are. The token that
 * comes with it is the person's and has nothing to do with the account's access_token. */

#include "wx/api.h"

/* Where to send the person, with the parameters in WeChat's order, which some of its clients insist
 * on. `base`: "https://open.weixin.qq.com", or where the sandbox stands. `ask`: ask them to share
 * their name and picture, else nothing is shown. `state` comes back as it is: 1 to 128 letters and
 * digits, a secret of this visit against forged returns. It belongs to ctx. NULL: no such state, or
 * out of memory. */
char *wx_oauth_url(void *ctx, const char *base, const char *appid, const char *redirect, bool ask,
                   const char *state);

/* Exchanges the code, once: it is good for five minutes and one exchange (wx/http.h, `once`).
 * Returns as wx_api_call(), and WX_E_FIELD: no code. */
int wx_oauth_exchange(struct wx_api *api, const char *code, wx_api_done *done, void *data);

struct wx_login {
    const char *openid, *unionid, *scope; /* unionid "" if none */
    const char *access_token, *refresh_token;
    int64_t expires_in; /* seconds; the refresh_token is good for 30 days */
    bool snapshot; /* a visitor without a face («快照页»): never to be taken for a learner */
};

/* Reads its answer; the strings belong to ctx. Returns 0, WX_E_NOMEM, WX_E_REPLY. */
int wx_oauth_read(void *ctx, const char *body, struct wx_login *login);

#endif
