#include "wx/subscribe.h"

#include "wx/arguments.h"

#include <string.h>

static json_t *write_fields(const struct wx_subscribe_message *message) {
    json_t *fields = json_object();
    for (size_t i = 0; i < message->field_count; i++) {
        json_t *value = json_pack("{s:s}", "value", message->fields[i].value);
        if (json_object_set_new(fields, message->fields[i].name, value)) {
            json_decref(fields);
            return NULL;
        }
    }
    return fields;
}

/* miniprogram_state and lang are said to be optional in one place and required in another. */
int wx_subscribe_send(struct wx_api *api, const struct wx_subscribe_message *message,
                      wx_api_done *done, void *data) {
    if (!message->touser || !*message->touser || !message->template_id || !*message->template_id)
        return WX_E_FIELD;
    json_t *program = NULL;
    if (message->miniprogram)
        program = json_pack("{s:s, s:s*}", "appid", message->miniprogram, "pagepath",
                            message->program_page);
    if (message->miniprogram && !program)
        return WX_E_FIELD;
    return wx_arguments_call(api, WX_API_SUBSCRIBE_SEND,
                             json_pack("{s:s, s:s, s:s*, s:o*, s:s, s:s, s:o}", "touser",
                                       message->touser, "template_id", message->template_id, "page",
                                       message->page, "miniprogram", program, "miniprogram_state",
                                       "formal", "lang", "zh_CN", "data", write_fields(message)),
                             done, data);
}
