#include "wx/oauth.h"

#include "wx/arguments.h"
#include "wx/request.h"

#include <string.h>
#include <talloc.h>

static bool is_state(const char *state) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t length = state ? strspn(state, allowed) : 0;
    return length >= 1 && length <= 128 && !state[length];
}

char *wx_oauth_url(void *ctx, const char *base, const char *appid, const char *redirect, bool ask,
                   const char *state) {
    char *encoded = is_state(state) ? wx_request_encode(ctx, redirect) : NULL;
    if (!encoded)
        return NULL;
    char *url =
        talloc_asprintf(ctx,
                        "%s/connect/oauth2/authorize?appid=%s&redirect_uri=%s"
                        "&response_type=code&scope=%s&state=%s#wechat_redirect",
                        base, appid, encoded, ask ? "snsapi_userinfo" : "snsapi_base", state);
    talloc_free(encoded);
    return url;
}

int wx_oauth_exchange(struct wx_api *api, const char *code, wx_api_done *done, void *data) {
    if (!code || !*code)
        return WX_E_FIELD;
    return wx_arguments_call(api, WX_API_OAUTH_TOKEN, json_pack("{s:s}", "code", code), done, data);
}

int wx_oauth_read(void *ctx, const char *body, struct wx_login *login) {
    struct wx_login read = {.unionid = "", .scope = "", .refresh_token = ""};
    int snapshot = 0;
    json_t *root = json_loads(body, 0, NULL);
    int error = json_unpack(root, "{s:s, s:s, s:I, s?s, s?s, s?s, s?i}", "openid", &read.openid,
                            "access_token", &read.access_token, "expires_in", &read.expires_in,
                            "refresh_token", &read.refresh_token, "scope", &read.scope, "unionid",
                            &read.unionid, "is_snapshotuser", &snapshot) ||
                        !*read.openid
                    ? WX_E_REPLY
                    : 0;
    const char **const texts[] = {&read.openid, &read.unionid, &read.scope, &read.access_token,
                                  &read.refresh_token};
    for (size_t i = 0; !error && i < sizeof texts / sizeof *texts; i++)
        if (!(*texts[i] = talloc_strdup(ctx, *texts[i])))
            error = WX_E_NOMEM;
    json_decref(root);
    read.snapshot = snapshot != 0;
    if (!error)
        *login = read;
    return error;
}
