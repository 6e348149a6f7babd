/* POST menu/create, GET menu/get. Rules: api.md §7. */

#include "call.h"

#include <string.h>

/* What a button must carry besides its name: key, url, both kinds of id. */
static const struct {
    const char *type;
    bool key, url;
    const char *further[2];
} types[] = {
    {"click", true, false, {NULL}},
    {"view", false, true, {NULL}},
    {"miniprogram", false, true, {"appid", "pagepath"}},
    {"scancode_push", true, false, {NULL}},
    {"scancode_waitmsg", true, false, {NULL}},
    {"pic_sysphoto", true, false, {NULL}},
    {"pic_photo_or_album", true, false, {NULL}},
    {"pic_weixin", true, false, {NULL}},
    {"location_select", true, false, {NULL}},
    {"media_id", false, false, {"media_id"}},
    {"view_limited", false, false, {"media_id"}},
    {"article_id", false, false, {"article_id"}},
    {"article_view_limited", false, false, {"article_id"}},
};

/* The errcodes of the two levels. */
struct level {
    size_t most, name_bytes;
    int count, type, name, key, url;
};

static const struct level top = {3, 16, 40016, 40017, 40018, 40019, 40020};
static const struct level below = {5, 60, 40023, 40024, 40025, 40026, 40027};

static bool within(const char *text, size_t most) {
    return *text && strlen(text) <= most;
}

/* A button that does something. Returns 0 or an errcode. */
static int leaf_check(const json_t *button, const struct level *level) {
    const char *type = value_string(button, "type");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, type))
            continue;
        if (types[i].key && !within(value_string(button, "key"), 128))
            return level->key;
        if (types[i].url && !within(value_string(button, "url"), 1024))
            return level->url;
        for (int n = 0; n < 2 && types[i].further[n]; n++)
            if (!*value_string(button, types[i].further[n]))
                return level->type;
        return 0;
    }
    return level->type;
}

static int list_check(const json_t *buttons, const struct level *level);

static int button_check(const json_t *button, const struct level *level) {
    const json_t *sub = json_object_get(button, "sub_button");
    if (!within(value_string(button, "name"), level->name_bytes))
        return level->name;
    if (level == &below && json_array_size(sub))
        return 40022;
    return json_array_size(sub) ? list_check(sub, &below) : leaf_check(button, level);
}

static int list_check(const json_t *buttons, const struct level *level) {
    size_t index;
    const json_t *button;
    if (!json_array_size(buttons) || json_array_size(buttons) > level->most)
        return level->count;
    json_array_foreach(buttons, index, button) {
        int errcode = button_check(button, level);
        if (errcode)
            return errcode;
    }
    return 0;
}

void menu_create(struct call *call) {
    json_t *buttons = json_object_get(call->body, "button");
    int errcode = list_check(buttons, &top);
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    world_menu(call->account, value_keep(call->request->ctx, json_pack("{sO}", "button", buttons)));
    call_accept(call, 0);
}

void menu_get(struct call *call) {
    if (!call->account->menu) {
        call_refuse(call, 46003, NULL);
        return;
    }
    json_t *menu = must(json_deep_copy(call->account->menu));
    json_t *buttons = json_object_get(menu, "button"), *button;
    size_t index;
    json_array_foreach(buttons, index, button) { /* WeChat always writes them */
        if (!json_object_get(button, "sub_button") &&
            json_object_set_new(button, "sub_button", json_array()))
            must(NULL);
    }
    call->answer = value_keep(call->request->ctx, json_pack("{so}", "menu", menu));
}
