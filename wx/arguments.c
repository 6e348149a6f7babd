#include "wx/arguments.h"

#include <stdlib.h>
#include <talloc.h>

char *wx_arguments_text(void *ctx, json_t *root) {
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    char *copy = text ? talloc_strdup(ctx, text) : NULL;
    json_decref(root);
    free(text);
    return copy;
}

int wx_arguments_call(struct wx_api *api, enum wx_endpoint endpoint, json_t *root,
                      wx_api_done *done, void *data) {
    if (!root)
        return WX_E_FIELD;
    char *json = wx_arguments_text(NULL, root);
    int error = json ? wx_api_call(api, endpoint, json, done, data) : WX_E_NOMEM;
    talloc_free(json);
    return error;
}

size_t wx_arguments_characters(const char *text) {
    size_t count = 0;
    for (; *text; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}
