#include "wx/jssdk.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <talloc.h>

int wx_jssdk_sign(const char *ticket, const char *nonce, int64_t timestamp, const char *url,
                  char signature[WX_SIGNATURE_SIZE]) {
    char *text = talloc_asprintf(NULL, "jsapi_ticket=%s&noncestr=%s&timestamp=%" PRId64 "&url=%.*s",
                                 ticket, nonce, timestamp, (int)strcspn(url, "#"), url);
    if (!text)
        return WX_E_NOMEM;
    wx_sign((const char *const[]){text}, 1, signature);
    talloc_free(text);
    return 0;
}

int wx_jssdk_read(void *ctx, const char *body, const char **ticket, int64_t *expires_in) {
    const char *text;
    json_int_t seconds;
    json_t *root = json_loads(body, 0, NULL);
    int error = json_unpack(root, "{s:s, s:I}", "ticket", &text, "expires_in", &seconds) || !*text
                    ? WX_E_REPLY
                    : 0;
    char *copy = error ? NULL : talloc_strdup(ctx, text);
    if (!error && !copy)
        error = WX_E_NOMEM;
    json_decref(root);
    if (!error) {
        *ticket = copy;
        *expires_in = seconds;
    }
    return error;
}
