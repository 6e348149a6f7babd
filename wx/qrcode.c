#include "wx/qrcode.h"

#include "wx/arguments.h"
#include "wx/request.h"

#include <talloc.h>

int wx_qrcode_create(struct wx_api *api, const char *scene, unsigned seconds, wx_api_done *done,
                     void *data) {
    size_t length = scene ? wx_arguments_characters(scene) : 0;
    if (length < 1 || length > WX_QRCODE_SCENE_MOST || seconds > WX_QRCODE_LONGEST_S)
        return WX_E_FIELD;
    json_t *root = seconds ? json_pack("{s:i, s:s, s:{s:{s:s}}}", "expire_seconds", (int)seconds,
                                       "action_name", "QR_STR_SCENE", "action_info", "scene",
                                       "scene_str", scene)
                           : json_pack("{s:s, s:{s:{s:s}}}", "action_name", "QR_LIMIT_STR_SCENE",
                                       "action_info", "scene", "scene_str", scene);
    return wx_arguments_call(api, WX_API_QRCODE_CREATE, root, done, data);
}

int wx_qrcode_read(void *ctx, const char *body, struct wx_qrcode *qrcode) {
    const char *ticket, *url;
    int seconds = 0;
    json_t *root = json_loads(body, 0, NULL);
    int error = json_unpack(root, "{s:s, s:s, s?i}", "ticket", &ticket, "url", &url,
                            "expire_seconds", &seconds) ||
                        seconds < 0
                    ? WX_E_REPLY
                    : 0;
    if (!error) {
        struct wx_qrcode read = {talloc_strdup(ctx, ticket), talloc_strdup(ctx, url),
                                 (unsigned)seconds};
        error = read.ticket && read.url ? 0 : WX_E_NOMEM;
        if (!error)
            *qrcode = read;
    }
    json_decref(root);
    return error;
}

char *wx_qrcode_picture(void *ctx, const char *ticket) {
    char *encoded = wx_request_encode(ctx, ticket);
    char *url =
        encoded
            ? talloc_asprintf(ctx, "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=%s", encoded)
            : NULL;
    talloc_free(encoded);
    return url;
}
