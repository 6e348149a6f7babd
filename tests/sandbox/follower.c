/* Who follows: user/info, user/info/batchget, user/get, user/info/updateremark. Rules: api.md §8.
 */

#include "follower.h"
#include "bot/config.h"

#include <string.h>

#define LIST_MOST   10000
#define BATCH_MOST  100
#define REMARK_MOST 30 /* characters */

static json_t *tags_of(const struct person *person) {
    json_t *tags = json_object_get(person->file, "tags");
    return tags ? json_incref(tags) : must(json_array());
}

/* Since the end of 2021 without nickname, picture, sex and place. */
static json_t *info(const struct person *person) {
    const json_t *file = person->file;
    if (!person->following)
        return must(json_pack("{si ss so}", "subscribe", 0, "openid", person->openid, "tagid_list",
                              json_array()));
    const char *scene = value_string(file, "scene");
    return must(json_pack(
        "{si ss ss si ss ss ss ss sI ss si so ss sI ss}", "subscribe", 1, "openid", person->openid,
        "nickname", "", "sex", 0, "language", "zh_CN", "city", "", "province", "", "country", "",
        "subscribe_time", (json_int_t)person->since, "remark", value_string(file, "remark"),
        "groupid", 0, "tagid_list", tags_of(person), "subscribe_scene",
        *scene ? scene : "ADD_SCENE_SEARCH", "qr_scene", value_integer(file, "qr_scene", 0),
        "qr_scene_str", value_string(file, "qr_scene_str")));
}

void user_info(struct call *call) {
    const struct person *person = person_find(call->account, call_query(call, "openid"));
    if (person)
        call_give(call, info(person));
    else
        call_refuse(call, 40003, NULL);
}

void user_info_batch(struct call *call) {
    const json_t *list = json_object_get(call->body, "user_list"), *entry;
    json_t *infos = value_keep(call->request->ctx, json_array());
    size_t index;
    if (!json_array_size(list) || json_array_size(list) > BATCH_MOST) {
        call_refuse(call, 40032, NULL);
        return;
    }
    json_array_foreach(list, index, entry) {
        const struct person *person = person_find(call->account, value_string(entry, "openid"));
        if (!person) {
            call_refuse(call, 40003, NULL);
            return;
        }
        if (json_array_append_new(infos, info(person)))
            must(NULL);
    }
    call_give(call, json_pack("{sO}", "user_info_list", infos));
}

void user_remark(struct call *call) {
    const char *remark = value_string(call->body, "remark");
    struct person *person = call_person(call, "openid");
    if (!person)
        return;
    if (!person->following) {
        call_refuse(call, 43004, NULL);
    } else if (value_characters(remark) >= REMARK_MOST) {
        call_refuse(call, 40035, NULL);
    } else {
        if (json_object_set_new(person_file(person), "remark", json_string(remark)))
            must(NULL);
        person_changed(person);
        call_accept(call, 0);
    }
}

/* ---- lists, also of a tag and of the blacklist ---- */

bool follower_is(const struct person *person, int64_t which) {
    return which == FOLLOWER_BLOCKED
               ? person->blocked
               : person->following && (which == FOLLOWER_ANY || person_tagged(person, which));
}

size_t follower_count(const struct account *account, int64_t which) {
    size_t count = 0;
    if (which == FOLLOWER_ANY)
        return account->followers;
    for (unsigned i = 0; i < account->people_count; i++)
        count += follower_is(people_at(account, i), which);
    return count;
}

void follower_list(struct call *call, int64_t which, const char *after, bool with_total) {
    const struct person *from = *after ? person_find(call->account, after) : NULL;
    json_t *openids = value_keep(call->request->ctx, json_array());
    if (*after && !from) {
        call_refuse(call, 40003, NULL);
        return;
    }
    const char *last = "";
    for (unsigned i = from ? from->number + 1 : 0;
         i < call->account->people_count && json_array_size(openids) < LIST_MOST; i++) {
        const struct person *person = people_at(call->account, i);
        if (!follower_is(person, which))
            continue;
        if (json_array_append_new(openids, json_string(person->openid)))
            must(NULL);
        last = person->openid;
    }
    size_t count = json_array_size(openids);
    json_t *list = must(json_pack("{sI ss}", "count", (json_int_t)count, "next_openid", last));
    if (with_total &&
        json_object_set_new(list, "total",
                            json_integer((json_int_t)follower_count(call->account, which))))
        must(NULL);
    if (count && json_object_set_new(list, "data", json_pack("{sO}", "openid", openids)))
        must(NULL);
    call_give(call, list);
}

void user_list(struct call *call) {
    follower_list(call, FOLLOWER_ANY, call_query(call, "next_openid"), true);
}
