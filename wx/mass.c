#include "wx/mass.h"

#include "wx/arguments.h"

#include <string.h>

static json_t *write_text(const struct wx_mass *mass) {
    return mass->text && *mass->text ? json_pack("{s:s}", "content", mass->text) : NULL;
}

static json_t *write_media(const struct wx_mass *mass) {
    return json_pack("{s:s}", "media_id", mass->media_id);
}

static json_t *write_images(const struct wx_mass *mass) {
    json_t *ids = json_array();
    int error = mass->media_id_count == 0;
    for (size_t i = 0; i < mass->media_id_count; i++)
        error |= json_array_append_new(ids, json_string(mass->media_ids[i]));
    if (error) {
        json_decref(ids);
        return NULL;
    }
    return json_pack("{s:o, s:s*}", "media_ids", ids, "recommend", mass->recommend);
}

static json_t *write_card(const struct wx_mass *mass) {
    return json_pack("{s:s}", "card_id", mass->card_id);
}

static const struct {
    const char *msgtype, *part;
    json_t *(*write)(const struct wx_mass *mass);
} types[] = {
    [WX_MASS_TEXT] = {"text", "text", write_text},
    [WX_MASS_VOICE] = {"voice", "voice", write_media},
    [WX_MASS_IMAGES] = {"image", "images", write_images},
    [WX_MASS_ARTICLE] = {"mpnews", "mpnews", write_media},
    [WX_MASS_VIDEO] = {"mpvideo", "mpvideo", write_media},
    [WX_MASS_CARD] = {"wxcard", "wxcard", write_card},
};

/* Adds the message to `target`, which it takes over. NULL: it cannot be written. */
static json_t *write_message(const struct wx_mass *mass, json_t *target) {
    bool known = (size_t)mass->type < sizeof types / sizeof *types;
    json_t *part = known && target ? types[mass->type].write(mass) : NULL;
    int error =
        !part || json_object_set_new(target, "msgtype", json_string(types[mass->type].msgtype));
    if (part)
        error |= json_object_set_new(target, types[mass->type].part, part);
    if (!error && mass->type == WX_MASS_ARTICLE)
        error =
            json_object_set_new(target, "send_ignore_reprint", json_integer(mass->ignore_reprint));
    if (!error && mass->clientmsgid)
        error = json_object_set_new(target, "clientmsgid", json_string(mass->clientmsgid));
    if (!error)
        return target;
    json_decref(target);
    return NULL;
}

static int send(struct wx_api *api, enum wx_endpoint endpoint, const struct wx_mass *mass,
                json_t *target, wx_api_done *done, void *data) {
    size_t length = mass->clientmsgid ? strlen(mass->clientmsgid) : 0;
    if (length < 1 || length > 64) {
        json_decref(target);
        return WX_E_FIELD;
    }
    return wx_arguments_call(api, endpoint, write_message(mass, target), done, data);
}

int wx_mass_to_all(struct wx_api *api, const struct wx_mass *mass, wx_api_done *done, void *data) {
    return send(api, WX_API_MASS_SENDALL, mass, json_pack("{s:{s:b}}", "filter", "is_to_all", 1),
                done, data);
}

int wx_mass_to_tag(struct wx_api *api, const struct wx_mass *mass, int64_t tag, wx_api_done *done,
                   void *data) {
    return send(api, WX_API_MASS_SENDALL, mass,
                json_pack("{s:{s:b, s:I}}", "filter", "is_to_all", 0, "tag_id", (json_int_t)tag),
                done, data);
}

int wx_mass_to_list(struct wx_api *api, const struct wx_mass *mass, const char *const *openids,
                    size_t count, wx_api_done *done, void *data) {
    if (count < WX_MASS_LEAST || count > WX_MASS_MOST)
        return WX_E_FIELD;
    json_t *list = json_array();
    int error = 0;
    for (size_t i = 0; i < count; i++)
        error |= json_array_append_new(list, json_string(openids[i]));
    if (error) {
        json_decref(list);
        return WX_E_FIELD;
    }
    return send(api, WX_API_MASS_SEND, mass, json_pack("{s:o}", "touser", list), done, data);
}

int wx_mass_preview(struct wx_api *api, const struct wx_mass *mass, const char *openid,
                    wx_api_done *done, void *data) {
    struct wx_mass shown = *mass;
    shown.clientmsgid = NULL;
    return wx_arguments_call(api, WX_API_MASS_PREVIEW,
                             write_message(&shown, json_pack("{s:s}", "touser", openid)), done,
                             data);
}

int wx_mass_read(const char *body, int64_t *msg_id, int64_t *msg_data_id) {
    json_int_t id = 0, data_id = 0;
    json_t *root = json_loads(body, 0, NULL);
    int failed = json_unpack(root, "{s:I, s?I}", "msg_id", &id, "msg_data_id", &data_id);
    json_decref(root);
    if (failed)
        return WX_E_REPLY;
    *msg_id = id;
    *msg_data_id = data_id;
    return 0;
}
