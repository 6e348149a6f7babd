#include "buttons.h"

#include "bot/config.h"
#include "endpoint.h"
#include "shelf.h"

#include <inttypes.h>
#include <stdlib.h>

#include <string.h>

#define CONDITIONAL_MOST 100

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

/* ---- who sees which ---- */

static const char shelf[] = "menu"; /* value: button, matchrule */

/* What a rule may ask for besides a tag: everybody here has an Android phone. */
static bool rule_matches(const struct person *person, const json_t *rule) {
    const json_t *tag = json_object_get(rule, "tag_id");
    const char *platform = value_string(rule, "client_platform_type");
    int64_t wanted = json_is_integer(tag) ? json_integer_value(tag)
                                          : strtoll(value_string(rule, "tag_id"), NULL, 10);
    return (!wanted || person_tagged(person, wanted)) && (!*platform || !strcmp(platform, "2")) &&
           value_integer(rule, "client_platform_type", 2) == 2;
}

json_t *menu_of(const struct person *person) {
    json_t *found = person->account->menu;
    const char *id;
    json_t *menu;
    json_object_foreach(shelf_all(person->account, shelf), id, menu) { /* the newest wins */
        if (rule_matches(person, json_object_get(menu, "matchrule")))
            found = menu;
    }
    return found;
}

static void changed(struct account *account) {
    for (unsigned i = 0; i < account->people_count; i++)
        world_changed(people_at(account, i));
}

/* A rule must ask for something. */
static bool rule_says(const json_t *rule) {
    const char *name;
    const json_t *value;
    json_object_foreach((json_t *)rule, name, value) {
        if (json_is_integer(value) || (json_is_string(value) && *json_string_value(value)))
            return true;
    }
    return false;
}

void menu_add(struct call *call) {
    json_t *buttons = json_object_get(call->body, "button");
    json_t *rule = json_object_get(call->body, "matchrule");
    int errcode = !call->account->menu ? 65303
                  : !rule_says(rule)   ? 65304
                  : shelf_count(call->account, shelf) >= CONDITIONAL_MOST
                      ? 65305
                      : list_check(buttons, &top);
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    const char *id = must(talloc_asprintf(call->request->ctx, "%" PRId64, world_job_id()));
    shelf_put(call->account, shelf, id, json_pack("{sO sO}", "button", buttons, "matchrule", rule));
    changed(call->account);
    call_give(call, json_pack("{ss}", "menuid", id));
}

static const char *menuid_asked(const struct call *call) {
    json_int_t number = value_integer(call->body, "menuid", 0);
    return number ? must(talloc_asprintf(call->request->ctx, "%lld", (long long)number))
                  : value_string(call->body, "menuid");
}

void menu_remove(struct call *call) {
    const char *id = menuid_asked(call);
    if (!shelf_get(call->account, shelf, id)) {
        call_refuse(call, 65301, NULL);
        return;
    }
    shelf_remove(call->account, shelf, id);
    changed(call->account);
    call_accept(call, 0);
}

void menu_delete(struct call *call) {
    shelf_cap(call->account, shelf, 0);
    world_menu(call->account, NULL);
    call_accept(call, 0);
}

/* ---- as WeChat gives them back ---- */

/* It always writes the buttons below. */
static json_t *buttons_given(const json_t *menu) {
    json_t *buttons = must(json_deep_copy(json_object_get(menu, "button"))), *button;
    size_t index;
    json_array_foreach(buttons, index, button) {
        if (!json_object_get(button, "sub_button") &&
            json_object_set_new(button, "sub_button", json_array()))
            must(NULL);
    }
    return buttons;
}

/* The user by openid or by the name WeChat knows them by. */
void menu_try(struct call *call) {
    const char *name = value_string(call->body, "user_id");
    const struct account *account = call->account;
    const struct person *person = person_find(account, name);
    for (unsigned i = 0; i < account->people_count && !person; i++)
        if (!strcmp(person_name(call->request->ctx, people_at(account, i)), name))
            person = people_at(account, i);
    const json_t *menu = person ? menu_of(person) : NULL;
    if (!person)
        call_refuse(call, 65302, NULL);
    else if (!menu)
        call_refuse(call, 46003, NULL);
    else
        call_give(call, json_pack("{so}", "button", buttons_given(menu)));
}

void menu_get(struct call *call) {
    const char *id;
    const json_t *menu;
    if (!call->account->menu) {
        call_refuse(call, 46003, NULL);
        return;
    }
    json_t *conditional = must(json_array());
    json_object_foreach(shelf_all(call->account, shelf), id, menu) {
        if (json_array_append_new(conditional,
                                  json_pack("{so sO sI}", "button", buttons_given(menu),
                                            "matchrule", json_object_get(menu, "matchrule"),
                                            "menuid", (json_int_t)strtoll(id, NULL, 10))))
            must(NULL);
    }
    json_t *answer =
        must(json_pack("{s{so}}", "menu", "button", buttons_given(call->account->menu)));
    if (json_array_size(conditional) && json_object_set(answer, "conditionalmenu", conditional))
        must(NULL);
    json_decref(conditional);
    call_give(call, answer);
}

void menu_current(struct call *call) {
    size_t index;
    if (!call->account->menu) {
        call_give(call, json_pack("{si}", "is_menu_open", 0));
        return;
    }
    json_t *buttons = must(json_deep_copy(json_object_get(call->account->menu, "button"))), *button;
    json_array_foreach(buttons, index, button) { /* here the buttons below are in a list */
        json_t *list = json_object_get(button, "sub_button");
        if (list && json_object_set_new(button, "sub_button", json_pack("{sO}", "list", list)))
            must(NULL);
    }
    call_give(call, json_pack("{si s{so}}", "is_menu_open", 1, "selfmenu_info", "button", buttons));
}
