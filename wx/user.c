#include "wx/user.h"

#include "wx/arguments.h"

#include <talloc.h>

int wx_user_info(struct wx_api *api, const char *openid, wx_api_done *done, void *data) {
    if (!openid || !*openid)
        return WX_E_FIELD;
    return wx_arguments_call(api, WX_API_USER_INFO, json_pack("{s:s}", "openid", openid), done,
                             data);
}

static int read_tags(void *ctx, const json_t *list, struct wx_user *user) {
    size_t count = json_array_size(list);
    int64_t *tags = talloc_array(ctx, int64_t, count);
    if (!tags)
        return WX_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        tags[i] = json_integer_value(json_array_get(list, i));
    user->tags = tags;
    user->tag_count = count;
    return 0;
}

static int read_user(void *ctx, const json_t *root, struct wx_user *user) {
    static const struct {
        const char *name;
        size_t member;
    } texts[] = {
        {"openid", offsetof(struct wx_user, openid)},
        {"unionid", offsetof(struct wx_user, unionid)},
        {"remark", offsetof(struct wx_user, remark)},
        {"language", offsetof(struct wx_user, language)},
        {"subscribe_scene", offsetof(struct wx_user, subscribe_scene)},
        {"qr_scene_str", offsetof(struct wx_user, qr_scene_str)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *value = json_string_value(json_object_get(root, texts[i].name));
        char *copy = talloc_strdup(ctx, value ? value : "");
        if (!copy)
            return WX_E_NOMEM;
        *(const char **)(void *)((char *)user + texts[i].member) = copy;
    }
    user->subscribes = json_integer_value(json_object_get(root, "subscribe")) != 0;
    user->subscribed_at = json_integer_value(json_object_get(root, "subscribe_time"));
    user->qr_scene = json_integer_value(json_object_get(root, "qr_scene"));
    return *user->openid ? read_tags(ctx, json_object_get(root, "tagid_list"), user) : WX_E_REPLY;
}

int wx_user_read(void *ctx, const char *body, struct wx_user *user) {
    struct wx_user read = {0};
    json_t *root = json_loads(body, 0, NULL);
    int error = read_user(ctx, root, &read);
    json_decref(root);
    if (!error)
        *user = read;
    return error;
}
