/* tags/…: groups of followers. Rules: api.md §8. */

#include "follower.h"
#include "shelf.h"

#include <inttypes.h>
#include <string.h>

#define TAGS_MOST     100 /* of an account */
#define PER_USER_MOST 20
#define BATCH_MOST    50
#define NAME_MOST     30 /* characters */
#define DELETE_MOST   100000
#define FIRST_ID      100 /* 0, 1, 2 are WeChat's own */

static const char shelf[] = "tag";

static const char *key_of(void *ctx, int64_t id) {
    return must(talloc_asprintf(ctx, "%" PRId64, id));
}

static bool is_reserved(int64_t id) {
    return id >= 0 && id <= 2;
}

static bool exists(const struct call *call, int64_t id) {
    return id == 2 || shelf_get(call->account, shelf, key_of(call->request->ctx, id));
}

static json_int_t id_asked(const struct call *call) {
    return value_integer(json_object_get(call->body, "tag"), "id", -1);
}

/* 0 or why a tag may not be called so. */
static int name_errcode(const struct call *call, const char *name) {
    const char *id;
    const json_t *tag;
    if (!*name)
        return 45157;
    if (value_characters(name) > NAME_MOST)
        return 45158;
    json_object_foreach(shelf_all(call->account, shelf), id, tag) {
        if (!strcmp(value_string(tag, "name"), name))
            return 45157;
    }
    return 0;
}

void tag_create(struct call *call) {
    const char *name = value_string(json_object_get(call->body, "tag"), "name");
    int errcode = name_errcode(call, name);
    if (!errcode && shelf_count(call->account, shelf) >= TAGS_MOST)
        errcode = 45056;
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    json_int_t id =
        value_integer(shelf_get(call->account, "counter", "tag"), "last", FIRST_ID - 1) + 1;
    shelf_put(call->account, "counter", "tag", json_pack("{sI}", "last", id));
    shelf_put(call->account, shelf, key_of(call->request->ctx, id),
              json_pack("{ss}", "name", name));
    call_give(call, json_pack("{s{sI ss}}", "tag", "id", id, "name", name));
}

static void entry_add(json_t *tags, json_int_t id, const char *name, size_t count) {
    if (json_array_append_new(
            tags, json_pack("{sI ss sI}", "id", id, "name", name, "count", (json_int_t)count)))
        must(NULL);
}

void tag_list(struct call *call) {
    json_t *tags = must(json_array());
    const char *id;
    const json_t *tag;
    entry_add(tags, 2, "星标组", follower_count(call->account, 2));
    json_object_foreach(shelf_all(call->account, shelf), id, tag) {
        entry_add(tags, strtoll(id, NULL, 10), value_string(tag, "name"),
                  follower_count(call->account, strtoll(id, NULL, 10)));
    }
    call_give(call, json_pack("{so}", "tags", tags));
}

void tag_update(struct call *call) {
    const char *name = value_string(json_object_get(call->body, "tag"), "name");
    json_int_t id = id_asked(call);
    int errcode = is_reserved(id) ? 45058 : !exists(call, id) ? 45159 : name_errcode(call, name);
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    shelf_put(call->account, shelf, key_of(call->request->ctx, id),
              json_pack("{ss}", "name", name));
    call_accept(call, 0);
}

/* ---- who carries them ---- */

/* Where in the person's tags this one stands, or the number of tags. */
static size_t place(const struct person *person, json_int_t tag) {
    const json_t *tags = json_object_get(person->file, "tags");
    size_t at = 0;
    while (at < json_array_size(tags) && json_integer_value(json_array_get(tags, at)) != tag)
        at++;
    return at;
}

static void put(struct person *person, json_int_t tag) {
    if (!json_object_get(person->file, "tags") &&
        json_object_set_new(person_file(person), "tags", json_array()))
        must(NULL);
    if (!person_tagged(person, tag) &&
        json_array_append_new(json_object_get(person->file, "tags"), json_integer(tag)))
        must(NULL);
    person_changed(person);
}

static void take(struct person *person, json_int_t tag) {
    if (!person_tagged(person, tag))
        return;
    json_array_remove(json_object_get(person->file, "tags"), place(person, tag));
    person_changed(person);
}

void tag_delete(struct call *call) {
    json_int_t id = id_asked(call);
    struct account *account = call->account;
    int errcode = is_reserved(id)                             ? 45058
                  : !exists(call, id)                         ? 45159
                  : follower_count(account, id) > DELETE_MOST ? 45057
                                                              : 0;
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    for (unsigned i = 0; i < account->people_count; i++)
        take(people_at(account, i), id);
    shelf_remove(account, shelf, key_of(call->request->ctx, id));
    call_accept(call, 0);
}

void tag_members(struct call *call) {
    json_int_t id = value_integer(call->body, "tagid", -1);
    if (!exists(call, id))
        call_refuse(call, 45159, NULL);
    else
        follower_list(call, id, value_string(call->body, "next_openid"), false);
}

/* 0, or why this person cannot be tagged. */
static int person_errcode(const struct person *person, json_int_t tag, bool putting) {
    if (!person)
        return 40003;
    if (!person->following)
        return 49003;
    return putting && !person_tagged(person, tag) &&
                   json_array_size(json_object_get(person->file, "tags")) >= PER_USER_MOST
               ? 45059
               : 0;
}

/* All or none. */
static void mark(struct call *call, bool putting) {
    const json_t *list = json_object_get(call->body, "openid_list"), *entry;
    json_int_t tag = value_integer(call->body, "tagid", -1);
    size_t index;
    int errcode = !exists(call, tag) || tag < 2 ? 45159 : 0;
    if (!json_array_size(list) || json_array_size(list) > BATCH_MOST)
        errcode = 40032;
    json_array_foreach(list, index, entry) {
        const char *openid = json_string_value(entry);
        if (!errcode)
            errcode =
                person_errcode(person_find(call->account, openid ? openid : ""), tag, putting);
    }
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    json_array_foreach(list, index, entry) {
        struct person *person = person_find(call->account, json_string_value(entry));
        (putting ? put : take)(person, tag);
        world_changed(person); /* the menu may be another now */
    }
    call_accept(call, 0);
}

void tag_put(struct call *call) {
    mark(call, true);
}

void tag_take(struct call *call) {
    mark(call, false);
}

void tag_of_user(struct call *call) {
    struct person *person = call_person(call, "openid");
    json_t *tags = person ? json_object_get(person->file, "tags") : NULL;
    if (person)
        call_give(call, json_pack("{so}", "tagid_list", tags ? json_incref(tags) : json_array()));
}
