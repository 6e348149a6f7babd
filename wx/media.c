#include "wx/media.h"

#include "wx/arguments.h"

#include <string.h>
#include <talloc.h>

enum { KB = 1024, MB = 1024 * 1024 };

static const struct {
    const char *name;
    size_t most;
    const char *types[4]; /* as wx_multipart_type() has them */
} kinds[] = {
    [WX_MEDIA_IMAGE] = {"image", 2 * MB, {"image/jpeg", "image/png", "image/gif", "image/bmp"}},
    [WX_MEDIA_VOICE] = {"voice", 2 * MB, {"audio/mpeg", "audio/amr"}},
    [WX_MEDIA_VIDEO] = {"video", 10 * MB, {"video/mp4"}},
    [WX_MEDIA_THUMB] = {"thumb", 64 * KB, {"image/jpeg"}},
};

int wx_media_check(enum wx_media_type type, const struct wx_file *file) {
    const char *is = wx_multipart_type(file->name);
    if (file->length > kinds[type].most)
        return WX_E_TOO_LARGE;
    for (size_t i = 0; i < sizeof kinds[type].types / sizeof *kinds[type].types; i++)
        if (kinds[type].types[i] && strcmp(kinds[type].types[i], is) == 0)
            return 0;
    return WX_E_FIELD;
}

static int upload(struct wx_api *api, enum wx_endpoint endpoint, const struct wx_file *file,
                  json_t *root, wx_api_done *done, void *data) {
    if (!root)
        return WX_E_FIELD;
    char *json = wx_arguments_text(NULL, root);
    int error = json ? wx_api_upload(api, endpoint, json, file, done, data) : WX_E_NOMEM;
    talloc_free(json);
    return error;
}

int wx_media_upload(struct wx_api *api, enum wx_media_type type, const struct wx_file *file,
                    wx_api_done *done, void *data) {
    int error = wx_media_check(type, file);
    return error ? error
                 : upload(api, WX_API_MEDIA_UPLOAD, file,
                          json_pack("{s:s}", "type", kinds[type].name), done, data);
}

int wx_media_keep(struct wx_api *api, enum wx_media_type type, const struct wx_file *file,
                  const char *title, const char *introduction, wx_api_done *done, void *data) {
    int error = wx_media_check(type, file);
    if (error)
        return error;
    json_t *root = type == WX_MEDIA_VIDEO
                       ? json_pack("{s:s, s:{s:s, s:s}}", "type", kinds[type].name, "description",
                                   "title", title, "introduction", introduction)
                       : json_pack("{s:s}", "type", kinds[type].name);
    return upload(api, WX_API_MATERIAL_ADD, file, root, done, data);
}

int wx_media_read(void *ctx, const char *body, const char **media_id) {
    json_t *root = json_loads(body, 0, NULL);
    const char *id = json_string_value(json_object_get(root, "media_id"));
    if (!id)
        id = json_string_value(json_object_get(root, "thumb_media_id"));
    char *copy = id && *id ? talloc_strdup(ctx, id) : NULL;
    int error = copy ? 0 : id && *id ? WX_E_NOMEM : WX_E_REPLY;
    json_decref(root);
    if (!error)
        *media_id = copy;
    return error;
}
