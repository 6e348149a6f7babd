/* tags/members/getblacklist, batchblacklist, batchunblacklist. Rules: api.md §8. */

#include "follower.h"

#define BATCH_MOST 20

void black_list(struct call *call) {
    follower_list(call, FOLLOWER_BLOCKED, value_string(call->body, "begin_openid"), true);
}

static void mark(struct call *call, bool blocked) {
    const json_t *list = json_object_get(call->body, "openid_list"), *entry;
    size_t index;
    if (!json_array_size(list) || json_array_size(list) > BATCH_MOST) {
        call_refuse(call, 40032, NULL);
        return;
    }
    json_array_foreach(list, index, entry) {
        const char *openid = json_string_value(entry);
        if (!openid || !person_find(call->account, openid)) {
            call_refuse(call, 40003, NULL);
            return;
        }
    }
    json_array_foreach(list, index, entry) {
        struct person *person = person_find(call->account, json_string_value(entry));
        person->blocked = blocked;
        person_changed(person);
    }
    call_accept(call, 0);
}

void black_put(struct call *call) {
    mark(call, true);
}

void black_take(struct call *call) {
    mark(call, false);
}
