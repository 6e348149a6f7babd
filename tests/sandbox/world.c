#include "world.h"

#include "bot/config.h"
#include "journal.h"

#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <uv.h>

static const struct {
    const char *name, *color;
} named[PEOPLE_NAMED] = {
    {"林晓雨", "#e2725b"}, {"周建国", "#4a7c94"}, {"陈思思", "#b5739d"},
    {"王浩然", "#5b8c5a"}, {"赵敏", "#c99a3b"},   {"刘子墨", "#6a6fb3"},
};

/* ---- coming into being ---- */

static int account_end(struct account *account) {
    json_decref(account->menu);
    json_decref(account->sent);
    json_decref(account->doubles);
    json_decref(account->calls);
    json_decref(account->used);
    return 0;
}

static int world_end(struct world *world) {
    for (unsigned i = 0; i < world->accounts_count; i++)
        account_end(&world->accounts[i]);
    json_decref(world->faults);
    return 0;
}

/* 28 characters, of which the first six are the account's, as WeChat's are. The same every time. */
static const char *openid_make(void *ctx, const char *account, unsigned index) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char openid[29] = "o", seed[3][64], hex[3][WX_FINGERPRINT_SIZE];
    snprintf(seed[0], sizeof seed[0], "%s", account);
    snprintf(seed[1], sizeof seed[1], "%s/%u", account, index);
    snprintf(seed[2], sizeof seed[2], "%s/%u/", account, index);
    for (int i = 0; i < 3; i++)
        wx_fingerprint(seed[i], strlen(seed[i]), hex[i]);
    for (int i = 0; i < 27; i++) {
        const char *from = i < 5 ? hex[0] : i < 16 ? hex[1] : hex[2];
        int at = i < 5 ? i : i < 16 ? i - 5 : i - 16;
        unsigned byte = 0;
        sscanf(from + at * 2, "%2x", &byte);
        openid[1 + i] = alphabet[byte & 63];
    }
    return must(talloc_strdup(ctx, openid));
}

static void people_make(struct account *account, unsigned count) {
    account->people = must(talloc_zero_array(account->world, struct person, count));
    account->people_count = count;
    for (unsigned i = 0; i < count; i++) {
        struct person *person = &account->people[i];
        person->account = account;
        person->openid = openid_make(account->people, account->config->name, i);
        person->color = i < PEOPLE_NAMED ? named[i].color : "#8a8f98";
        person->name = i < PEOPLE_NAMED ? named[i].name
                                        : must(talloc_asprintf(account->people, "同事 %u", i + 1));
    }
}

struct world *world_open(void *ctx, const struct config *config, unsigned unnamed) {
    struct world *world = must(talloc_zero(ctx, struct world));
    world->config = config;
    world->faults = must(json_array());
    world->accounts = must(talloc_zero_array(world, struct account, config->accounts_count));
    world->accounts_count = config->accounts_count;
    for (unsigned i = 0; i < config->accounts_count; i++) {
        struct account *account = &world->accounts[i];
        account->world = world;
        account->config = &config->accounts[i];
        account->sent = must(json_array());
        account->doubles = must(json_object());
        account->calls = must(json_object());
        account->used = must(json_object());
        people_make(account, PEOPLE_NAMED + unnamed);
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
    return real_ms() + world->offset_s * 1000;
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

/* ---- finding ---- */

struct account *world_account(struct world *world, const char *name) {
    for (unsigned i = 0; i < world->accounts_count; i++)
        if (!strcmp(world->accounts[i].config->name, name))
            return &world->accounts[i];
    return NULL;
}

struct person *world_person(struct account *account, const char *openid) {
    for (unsigned i = 0; i < account->people_count; i++)
        if (!strcmp(account->people[i].openid, openid))
            return &account->people[i];
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
    if (!person->items)
        person->items = must(talloc_zero_array(world, struct item *, ITEMS_KEPT));
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
    if (world->changed)
        world->changed(world->changed_data, person);
    return item;
}

/* ---- all that is not a chat ---- */

static json_t *person_record(const struct person *person) {
    return must(json_pack(
        "{ss ss ss sb s[iI] s[iI]}", "r", "person", "account", person->account->config->name,
        "openid", person->openid, "following", person->following, "message", person->message.left,
        (json_int_t)person->message.until, "tap", person->tap.left, (json_int_t)person->tap.until));
}

void world_follow(struct person *person, bool following) {
    person->following = following;
    journal_write(person->account->world->journal, person_record(person));
}

void world_windows(struct person *person) {
    journal_write(person->account->world->journal, person_record(person));
}

static json_t *menu_record(const struct account *account) {
    return must(json_pack("{ss ss sO?}", "r", "menu", "account", account->config->name, "menu",
                          account->menu));
}

void world_menu(struct account *account, json_t *menu) {
    struct world *world = account->world;
    json_decref(account->menu);
    account->menu = json_incref(menu);
    journal_write(world->journal, menu_record(account));
    for (unsigned i = 0; world->changed && i < account->people_count; i++)
        world->changed(world->changed_data, &account->people[i]);
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

static void window_read(const json_t *record, const char *name, struct window *window) {
    const json_t *pair = json_object_get(record, name);
    window->left = (int)json_integer_value(json_array_get(pair, 0));
    window->until = json_integer_value(json_array_get(pair, 1));
}

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
    struct person *person = account ? world_person(account, value_string(record, "openid")) : NULL;
    if (!strcmp(kind, "item") && person) {
        replay_item(person, json_object_get(record, "item"));
    } else if (!strcmp(kind, "person") && person) {
        person->following = json_is_true(json_object_get(record, "following"));
        window_read(record, "message", &person->message);
        window_read(record, "tap", &person->tap);
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
    for (unsigned i = 0; i < account->people_count; i++) {
        struct person *person = &account->people[i];
        if (person->count || person->following)
            journal_write(journal, person_record(person));
        for (unsigned n = 0; n < person->count; n++)
            journal_write(journal, item_record(person, person->items[n]));
    }
}

void world_record(struct world *world) {
    for (unsigned i = 0; i < world->accounts_count; i++)
        account_record(&world->accounts[i]);
}
