#include "wx/template.h"

#include "wx/arguments.h"

#include <string.h>
#include <talloc.h>

enum { URL_MOST = 1024, MSG_ID_MOST = 64 };

static json_t *write_fields(const struct wx_template_message *message) {
    json_t *fields = json_object();
    for (size_t i = 0; i < message->field_count; i++) {
        const struct wx_template_field *field = &message->fields[i];
        json_t *value = json_pack("{s:s}", "value", field->value);
        if (json_object_set_new(fields, field->name, value)) {
            json_decref(fields);
            return NULL;
        }
    }
    return fields;
}

static bool there(const char *text) {
    return text && *text;
}

static bool fits(const char *text, size_t most) {
    return !text || strlen(text) <= most;
}

char *wx_template_json(void *ctx, const struct wx_template_message *message) {
    if (!there(message->touser) || !there(message->template_id) || !fits(message->url, URL_MOST) ||
        !fits(message->client_msg_id, MSG_ID_MOST))
        return NULL;
    json_t *program = NULL;
    if (message->miniprogram)
        program =
            json_pack("{s:s, s:s*}", "appid", message->miniprogram, "pagepath", message->page);
    if (message->miniprogram && !program)
        return NULL;
    return wx_arguments_text(ctx,
                             json_pack("{s:s, s:s, s:s*, s:o*, s:s*, s:o}", "touser",
                                       message->touser, "template_id", message->template_id, "url",
                                       message->url, "miniprogram", program, "client_msg_id",
                                       message->client_msg_id, "data", write_fields(message)));
}

int wx_template_send(struct wx_api *api, const struct wx_template_message *message,
                     wx_api_done *done, void *data) {
    char *json = wx_template_json(NULL, message);
    int error = json ? wx_api_call(api, WX_API_TEMPLATE_SEND, json, done, data) : WX_E_FIELD;
    talloc_free(json);
    return error;
}
