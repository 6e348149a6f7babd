#include "shelf.h"

#include "bot/config.h"
#include "journal.h"

json_t *shelf_all(const struct account *account, const char *kind) {
    return json_object_get(account->shelf, kind);
}

size_t shelf_count(const struct account *account, const char *kind) {
    return json_object_size(shelf_all(account, kind));
}

json_t *shelf_get(const struct account *account, const char *kind, const char *id) {
    return json_object_get(shelf_all(account, kind), id);
}

static json_t *record(const struct account *account, const char *kind, const char *id,
                      json_t *value) {
    return must(json_pack("{ss ss ss ss sO?}", "r", "shelf", "account", account->config->name,
                          "kind", kind, "id", id, "value", value));
}

static void put(struct account *account, const char *kind, const char *id, json_t *value) {
    if (!shelf_all(account, kind) && json_object_set_new(account->shelf, kind, json_object()))
        must(NULL);
    if (json_object_set_new(shelf_all(account, kind), id, must(value)))
        must(NULL);
}

void shelf_put(struct account *account, const char *kind, const char *id, json_t *value) {
    put(account, kind, id, value);
    journal_write(account->world->journal, record(account, kind, id, value));
}

void shelf_remove(struct account *account, const char *kind, const char *id) {
    if (!json_object_del(shelf_all(account, kind), id))
        journal_write(account->world->journal, record(account, kind, id, NULL));
}

void shelf_cap(struct account *account, const char *kind, size_t most) {
    while (shelf_count(account, kind) > most) {
        const char *oldest = json_object_iter_key(json_object_iter(shelf_all(account, kind)));
        char *id = must(talloc_strdup(NULL, oldest));
        shelf_remove(account, kind, id);
        talloc_free(id);
    }
}

void shelf_replay(struct account *account, const json_t *line) {
    const char *kind = value_string(line, "kind"), *id = value_string(line, "id");
    json_t *value = json_object_get(line, "value");
    if (json_is_object(value))
        put(account, kind, id, json_incref(value));
    else
        json_object_del(shelf_all(account, kind), id);
}

void shelf_record(struct account *account) {
    const char *kind, *id;
    json_t *things, *value;
    json_object_foreach(account->shelf, kind, things) {
        json_object_foreach(things, id, value) {
            journal_write(account->world->journal, record(account, kind, id, value));
        }
    }
}
