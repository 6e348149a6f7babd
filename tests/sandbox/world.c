#include "world.h"

#include "bot/config.h"
#include "journal.h"
#include "shelf.h"

#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <uv.h>

/* ---- coming into being ---- */

static int account_end(struct account *account) {
    json_decref(account->menu);
    json_decref(account->sent);
    json_decref(account->doubles);
    json_decref(account->calls);
    json_decref(account->used);
    json_decref(account->minutes);
    json_decref(account->shelf);
    for (unsigned i = 0; i < account->people_count; i++)
        json_decref(people_at(account, i)->file);
    return 0;
}

static int world_end(struct world *world) {
    for (unsigned i = 0; i < world->accounts_count; i++)
        account_end(&world->accounts[i]);
    json_decref(world->faults);
    json_decref(world->rids);
    return 0;
}

struct world *world_open(void *ctx, const struct config *config, unsigned unnamed) {
    struct world *world = must(talloc_zero(ctx, struct world));
    world->config = config;
    world->faults = must(json_array());
    world->rids = must(json_object());
    world->accounts = must(talloc_zero_array(world, struct account, config->accounts_count));
    world->accounts_count = config->accounts_count;
    for (unsigned i = 0; i < config->accounts_count; i++) {
        struct account *account = &world->accounts[i];
        account->world = world;
        account->config = &config->accounts[i];
        account->json = account->config->wx.format == WX_FORMAT_JSON;
        account->sent = must(json_array());
        account->doubles = must(json_object());
        account->calls = must(json_object());
        account->used = must(json_object());
        account->minutes = must(json_object());
        account->shelf = must(json_object());
        people_grow(account, PEOPLE_NAMED + unnamed);
    }
    talloc_set_destructor(world, world_end);
    return world;
}

/* ---- time and numbers ---- */

static int64_t real_ms(void) {
    struct timeval now;
    gettimeofday(&now, NULL);
    return (int64_t)now.tv_sec * 1000 + now.tv_usec / 1000;
}

int64_t world_now_ms(const struct world *world) {
    int64_t now = real_ms();
    int64_t run_off = (int64_t)((double)(now - world->drifts_since) * world->drift);
    return now + world->offset_s * 1000 + run_off;
}

void world_clock(struct world *world, int64_t offset_s, double drift) {
    world->offset_s = offset_s;
    world->drift = drift;
    world->drifts_since = real_ms();
}

uint64_t world_message_id(void) {
    static uint32_t count;
    return (uint64_t)(real_ms() / 1000) << 32 | ++count;
}

int64_t world_job_id(void) {
    static int64_t last;
    int64_t next = real_ms() * 1000;
    last = next > last ? next : last + 1;
    return last;
}

char *world_random(void *ctx, size_t length) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *text = must(talloc_array(ctx, char, length + 1));
    if (wx_random(text, length))
        must(NULL);
    for (size_t i = 0; i < length; i++)
        text[i] = alphabet[(unsigned char)text[i] & 63];
    text[length] = '\0';
    return text;
}

/* ---- finding ---- */

struct account *world_account(struct world *world, const char *name) {
    for (unsigned i = 0; i < world->accounts_count; i++)
        if (!strcmp(world->accounts[i].config->name, name))
            return &world->accounts[i];
    return NULL;
}

struct item *world_recent(struct world *world, uint64_t seq) {
    struct item *item = world->recent[seq % WIRES_KEPT];
    return item && item->seq == seq ? item : NULL;
}

/* ---- chats ---- */

static int item_end(struct item *item) {
    json_decref(item->json);
    json_decref(item->wire);
    return 0;
}

/* The exchanges of an item are the first thing to be forgotten. */
static void remember(struct world *world, struct item *item) {
    struct item **place = &world->recent[item->seq % WIRES_KEPT];
    if (*place && (*place)->seq > item->seq) /* a journal is written chat by chat */
        return;
    if (*place) {
        json_decref((*place)->wire);
        (*place)->wire = NULL;
    }
    *place = item;
}

static struct item *item_add(struct person *person, uint64_t seq, json_t *json, json_t *wire) {
    struct world *world = person->account->world;
    size_t room = talloc_array_length(person->items);
    if (person->count == room && room < ITEMS_KEPT) /* most chats are short */
        person->items =
            must(talloc_realloc(world, person->items, struct item *,
                                room ? room * 2 > ITEMS_KEPT ? ITEMS_KEPT : room * 2 : 4));
    if (person->count == ITEMS_KEPT) {
        struct item *oldest = person->items[0];
        if (world_recent(world, oldest->seq) == oldest)
            world->recent[oldest->seq % WIRES_KEPT] = NULL;
        talloc_free(oldest);
        memmove(person->items, person->items + 1, (ITEMS_KEPT - 1) * sizeof *person->items);
        person->count--;
    }
    struct item *item = must(talloc_zero(person->items, struct item));
    item->seq = seq;
    item->json = json;
    item->wire = wire ? json_incref(wire) : must(json_array());
    talloc_set_destructor(item, item_end);
    person->items[person->count++] = item;
    remember(world, item);
    if (seq > world->seq)
        world->seq = seq;
    return item;
}

static json_t *item_record(const struct person *person, const struct item *item) {
    return must(json_pack("{ss ss ss sO}", "r", "item", "account", person->account->config->name,
                          "openid", person->openid, "item", item->json));
}

struct item *world_say(struct person *person, const char *side, const char *kind, json_t *fields,
                       json_t *wire) {
    struct world *world = person->account->world;
    uint64_t seq = world->seq + 1;
    json_t *json = must(json_pack("{sI sI ss ss}", "seq", (json_int_t)seq, "time",
                                  (json_int_t)world_now_ms(world), "side", side, "kind", kind));
    if (json_object_update_new(json, must(fields)))
        must(NULL);
    struct item *item = item_add(person, seq, json, wire);
    journal_write(world->journal, item_record(person, item));
    world_changed(person);
    return item;
}

void world_changed(struct person *person) {
    struct world *world = person->account->world;
    if (world->changed)
        world->changed(world->changed_data, person);
}

/* ---- all that is not a chat ---- */

static json_t *menu_record(const struct account *account) {
    return must(json_pack("{ss ss sO?}", "r", "menu", "account", account->config->name, "menu",
                          account->menu));
}

void world_menu(struct account *account, json_t *menu) {
    struct world *world = account->world;
    json_decref(account->menu);
    account->menu = json_incref(menu);
    journal_write(world->journal, menu_record(account));
    for (unsigned i = 0; i < account->people_count; i++)
        world_changed(people_at(account, i));
}

static json_t *sent_record(const struct account *account, json_t *sent) {
    return must(
        json_pack("{ss ss sO}", "r", "sent", "account", account->config->name, "sent", sent));
}

/* The key of `doubles`, to be freed. */
static char *double_key(const char *openid, const char *client_msg_id) {
    return must(talloc_asprintf(NULL, "%s %s", openid, client_msg_id));
}

/* Enters a message into `doubles`, or takes it out. */
static void double_note(struct account *account, json_t *sent, bool enter) {
    const char *client_msg_id = value_string(sent, "client_msg_id");
    if (!*client_msg_id || !json_is_true(json_object_get(sent, "shown")))
        return;
    char *key = double_key(value_string(sent, "openid"), client_msg_id);
    if (enter && json_object_set(account->doubles, key, sent))
        must(NULL);
    if (!enter && json_object_get(account->doubles, key) == sent)
        json_object_del(account->doubles, key);
    talloc_free(key);
}

static void sent_add(struct account *account, json_t *sent) {
    if (json_array_size(account->sent) >= SENT_KEPT) {
        double_note(account, json_array_get(account->sent, 0), false);
        json_array_remove(account->sent, 0);
    }
    if (json_array_append_new(account->sent, sent))
        must(NULL);
    double_note(account, sent, true);
}

const json_t *world_sent_before(const struct account *account, const char *openid,
                                const char *client_msg_id) {
    char *key = double_key(openid, client_msg_id);
    const json_t *sent = json_object_get(account->doubles, key);
    talloc_free(key);
    return sent;
}

void world_sent(struct account *account, json_t *sent) {
    sent_add(account, must(sent));
    journal_write(account->world->journal, sent_record(account, sent));
}

void world_call(struct account *account, const char *endpoint) {
    json_int_t count = value_integer(account->calls, endpoint, 0);
    if (json_object_set_new(account->calls, endpoint, must(json_integer(count + 1))))
        must(NULL);
}

/* ---- the journal ---- */

static void replay_item(struct person *person, json_t *item) {
    json_int_t seq = value_integer(item, "seq", 0);
    if (seq <= 0)
        return;
    item_add(person, (uint64_t)seq, json_incref(item), NULL);
    person->seen = (uint64_t)seq;
}

bool world_replay(struct world *world, const json_t *record) {
    const char *kind = value_string(record, "r");
    struct account *account = world_account(world, value_string(record, "account"));
    struct person *person = account ? person_find(account, value_string(record, "openid")) : NULL;
    if (!strcmp(kind, "item") && person) {
        replay_item(person, json_object_get(record, "item"));
    } else if (!strcmp(kind, "person") && person) {
        person_replay(person, record);
    } else if (!strcmp(kind, "shelf") && account) {
        shelf_replay(account, record);
    } else if (!strcmp(kind, "menu") && account) {
        json_t *menu = json_object_get(record, "menu");
        json_decref(account->menu);
        account->menu = json_is_object(menu) ? json_incref(menu) : NULL;
    } else if (!strcmp(kind, "sent") && account) {
        json_t *sent = json_object_get(record, "sent");
        if (json_is_object(sent))
            sent_add(account, json_incref(sent));
    }
    return *kind;
}

static void account_record(struct account *account) {
    struct journal *journal = account->world->journal;
    size_t index;
    json_t *sent;
    if (account->menu)
        journal_write(journal, menu_record(account));
    json_array_foreach(account->sent, index, sent) {
        journal_write(journal, sent_record(account, sent));
    }
    shelf_record(account);
    for (unsigned i = 0; i < account->people_count; i++) {
        const struct person *person = people_at(account, i);
        if (person->count || person->following || person->file || person->blocked)
            journal_write(journal, person_record(person));
        for (unsigned n = 0; n < person->count; n++)
            journal_write(journal, item_record(person, person->items[n]));
    }
}

void world_record(struct world *world) {
    for (unsigned i = 0; i < world->accounts_count; i++)
        account_record(&world->accounts[i]);
}
