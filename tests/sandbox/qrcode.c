#include "qrcode.h"

#include "bot/config.h"
#include "endpoint.h"
#include "picture.h"
#include "shelf.h"

#include <inttypes.h>
#include <string.h>

#define SCALE            8 /* pixels of a module */
#define TICKET_LENGTH    96
#define EXPIRE_MOST_S    2592000
#define EXPIRE_DEFAULT_S 60
#define PERMANENT_MOST   100000
#define LIMIT_SCENE_MOST 100000
#define STRING_MOST      64
#define LISTED_MOST      50
#define TEMPORARY_MOST   20000 /* kept; a real one dies by itself */

static const char temporary[] = "qrcode", permanent[] = "qrcode_permanent";

static const struct action {
    const char *name, *key;
    const char *shelf;
    json_int_t most; /* of a number; 0: it is a string */
} actions[] = {
    {"QR_SCENE", "scene_id", temporary, UINT32_MAX},
    {"QR_STR_SCENE", "scene_str", temporary, 0},
    {"QR_LIMIT_SCENE", "scene_id", permanent, LIMIT_SCENE_MOST},
    {"QR_LIMIT_STR_SCENE", "scene_str", permanent, 0},
};

static const json_t *alive(const struct account *account, const json_t *code) {
    int64_t until = value_integer(code, "until", 0);
    return code && until && until <= world_now_ms(account->world) ? NULL : code;
}

const json_t *qrcode_find(const struct account *account, const char *ticket) {
    const json_t *code = shelf_get(account, temporary, ticket);
    return alive(account, code ? code : shelf_get(account, permanent, ticket));
}

const char *qrcode_scene(void *ctx, const json_t *code) {
    json_int_t number = value_integer(code, "scene", 0);
    return number ? must(talloc_asprintf(ctx, "%lld", (long long)number))
                  : value_string(code, "scene");
}

const char *qrcode_ticket(const struct account *account, const char *scene) {
    static const char *const shelves[] = {temporary, permanent};
    const char *ticket, *found = NULL;
    const json_t *code;
    void *ctx = must(talloc_new(NULL));
    for (int i = 0; i < 2; i++) {
        json_object_foreach(shelf_all(account, shelves[i]), ticket, code) {
            if (alive(account, code) && !strcmp(qrcode_scene(ctx, code), scene))
                found = ticket;
        }
    }
    talloc_free(ctx);
    return found;
}

/* Adds a shelf's living codes, each before the older ones. */
static void list_add(void *ctx, json_t *list, const struct account *account, const char *shelf) {
    const char *ticket;
    const json_t *code;
    json_object_foreach(shelf_all(account, shelf), ticket, code) {
        if (alive(account, code) &&
            json_array_insert_new(list, 0,
                                  json_pack("{ss ss sI}", "ticket", ticket, "scene",
                                            qrcode_scene(ctx, code), "until",
                                            value_integer(code, "until", 0))))
            must(NULL);
        if (json_array_size(list) > LISTED_MOST)
            json_array_remove(list, LISTED_MOST);
    }
}

json_t *qrcode_list(const struct account *account) {
    void *ctx = must(talloc_new(NULL));
    json_t *list = must(json_array());
    list_add(ctx, list, account, permanent);
    list_add(ctx, list, account, temporary);
    talloc_free(ctx);
    return list;
}

/* ---- making one ---- */

/* The scene of the call as it is kept; NULL when there is none that fits. */
static json_t *scene_read(const struct call *call, const struct action *action) {
    const json_t *scene = json_object_get(json_object_get(call->body, "action_info"), "scene");
    const char *text = value_string(scene, action->key);
    json_int_t number = value_integer(scene, action->key, 0);
    if (!action->most)
        return *text && value_characters(text) <= STRING_MOST ? json_string(text) : NULL;
    return number >= 1 && number <= action->most ? json_integer(number) : NULL;
}

static json_int_t expire_s(const struct call *call) {
    json_int_t asked = value_integer(call->body, "expire_seconds", EXPIRE_DEFAULT_S);
    return asked < 1 ? EXPIRE_DEFAULT_S : asked > EXPIRE_MOST_S ? EXPIRE_MOST_S : asked;
}

/* A permanent code of the same scene is the same code. */
static const char *ticket_make(const struct call *call, const struct action *action,
                               const json_t *scene) {
    const char *ticket;
    const json_t *code;
    json_object_foreach(action->shelf == permanent ? shelf_all(call->account, permanent) : NULL,
                        ticket, code) {
        if (json_equal(json_object_get(code, "scene"), scene))
            return must(talloc_strdup(call->request->ctx, ticket));
    }
    return must(talloc_asprintf(call->request->ctx,
                                "gQ%s==", world_random(call->request->ctx, TICKET_LENGTH - 4)));
}

static void make(struct call *call, const struct action *action, json_t *scene) {
    bool lasts = action->shelf == permanent;
    json_int_t lives_s = expire_s(call);
    const char *ticket = ticket_make(call, action, scene);
    const char *url =
        must(talloc_asprintf(call->request->ctx, "http://weixin.qq.com/q/02%.22s", ticket + 2));
    shelf_put(
        call->account, action->shelf, ticket,
        json_pack("{sO sI ss}", "scene", scene, "until",
                  lasts ? (json_int_t)0 : (json_int_t)world_now_ms(call->world) + lives_s * 1000,
                  "url", url));
    shelf_cap(call->account, temporary, TEMPORARY_MOST);
    json_t *answer = must(json_pack("{ss ss}", "ticket", ticket, "url", url));
    if (!lasts && json_object_set_new(answer, "expire_seconds", json_integer(lives_s)))
        must(NULL);
    call_give(call, answer);
}

void qrcode_create(struct call *call) {
    const char *name = value_string(call->body, "action_name");
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, name) != 0)
            continue;
        json_t *scene = scene_read(call, &actions[i]);
        if (scene && shelf_count(call->account, permanent) >= PERMANENT_MOST &&
            actions[i].shelf == permanent)
            call_refuse(call, 45029, NULL);
        else if (scene)
            make(call, &actions[i], value_keep(call->request->ctx, scene));
        else
            call_refuse(call, 40053, NULL);
        return;
    }
    call_refuse(call, 40053, NULL);
}

/* ---- its picture ---- */

/* No token: whoever has the ticket may see it. */
void qrcode_show(struct call *call) {
    const char *ticket = call_query(call, "ticket");
    const json_t *code = NULL;
    for (unsigned i = 0; i < call->world->accounts_count && !code; i++)
        code = qrcode_find(&call->world->accounts[i], ticket);
    size_t length = 0;
    const void *png =
        code ? picture_of_code(call->request->ctx, value_string(code, "url"), SCALE, &length)
             : NULL;
    if (png)
        call_give_file(
            call, &(struct call_file){.content_type = "image/png", .bytes = png, .length = length});
    else
        call_give_file(
            call, &(struct call_file){.status = 404, .content_type = "text/plain", .bytes = ""});
}
