#include "person.h"

#include "bot/config.h"
#include "journal.h"
#include "world.h"
#include "wx/crypto.h"

#include <string.h>

static const struct {
    const char *name, *color;
} named[PEOPLE_NAMED] = {
    {"林晓雨", "#e2725b"}, {"周建国", "#4a7c94"}, {"陈思思", "#b5739d"},
    {"王浩然", "#5b8c5a"}, {"赵敏", "#c99a3b"},   {"刘子墨", "#6a6fb3"},
};

/* The first six characters are the account's, as WeChat's are. */
void person_openid(const char *account, unsigned number, char openid[PERSON_OPENID]) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char seed[3][64], hex[3][WX_FINGERPRINT_SIZE];
    snprintf(seed[0], sizeof seed[0], "%s", account);
    snprintf(seed[1], sizeof seed[1], "%s/%u", account, number);
    snprintf(seed[2], sizeof seed[2], "%s/%u/", account, number);
    for (int i = 0; i < 3; i++)
        wx_fingerprint(seed[i], strlen(seed[i]), hex[i]);
    openid[0] = 'o';
    for (int i = 0; i < 27; i++) {
        const char *from = i < 5 ? hex[0] : i < 16 ? hex[1] : hex[2];
        int at = i < 5 ? i : i < 16 ? i - 5 : i - 16;
        unsigned byte = 0;
        sscanf(from + at * 2, "%2x", &byte);
        openid[1 + i] = alphabet[byte & 63];
    }
    openid[PERSON_OPENID - 1] = '\0';
}

/* ---- the crowd, and who is who in it ---- */

struct person *people_at(const struct account *account, unsigned number) {
    return &account->people[number / PEOPLE_CHUNK][number % PEOPLE_CHUNK];
}

/* Where in the index a person with this openid stands, or the free place for one. */
static uint32_t *place(const struct account *account, const char *openid) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (const char *at = openid; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    uint32_t mask = account->index_size - 1, at = hash & mask;
    while (account->index[at] &&
           strcmp(people_at(account, account->index[at] - 1)->openid, openid) != 0)
        at = (at + 1) & mask;
    return &account->index[at];
}

struct person *person_find(const struct account *account, const char *openid) {
    uint32_t number = account->index_size ? *place(account, openid) : 0;
    return number ? people_at(account, number - 1) : NULL;
}

static void index_make(struct account *account, unsigned count) {
    account->index_size = 64;
    while (account->index_size < count * 2)
        account->index_size *= 2;
    talloc_free(account->index);
    account->index = must(talloc_zero_array(account->world, uint32_t, account->index_size));
    for (unsigned i = 0; i < account->people_count; i++)
        *place(account, people_at(account, i)->openid) = i + 1;
}

static void person_make(struct account *account, unsigned number) {
    if (number % PEOPLE_CHUNK == 0)
        account->people[number / PEOPLE_CHUNK] =
            must(talloc_zero_array(account->world, struct person, PEOPLE_CHUNK));
    struct person *person = people_at(account, number);
    person->account = account;
    person->number = number;
    person_openid(account->config->name, number, person->openid);
    *place(account, person->openid) = number + 1;
    account->people_count = number + 1;
}

void people_grow(struct account *account, unsigned count) {
    unsigned chunks = (count + PEOPLE_CHUNK - 1) / PEOPLE_CHUNK;
    if (count <= account->people_count)
        return;
    account->people =
        must(talloc_realloc(account->world, account->people, struct person *, chunks));
    index_make(account, count);
    while (account->people_count < count)
        person_make(account, account->people_count);
}

const char *person_name(void *ctx, const struct person *person) {
    return person->number < PEOPLE_NAMED
               ? named[person->number].name
               : must(talloc_asprintf(ctx, "同事 %u", person->number + 1));
}

const char *person_color(const struct person *person) {
    return person->number < PEOPLE_NAMED ? named[person->number].color : "#8a8f98";
}

/* ---- what becomes of them ---- */

void person_follow(struct person *person, bool following) {
    struct account *account = person->account;
    account->followers += following - person->following;
    person->following = following;
    if (following)
        person->since = world_now_ms(account->world) / 1000;
    person_changed(person);
}

json_t *person_file(struct person *person) {
    if (!person->file)
        person->file = must(json_object());
    return person->file;
}

void person_changed(const struct person *person) {
    struct journal *journal = person->account->world->journal;
    if (journal)
        journal_write(journal, person_record(person));
}

bool person_tagged(const struct person *person, int64_t tag) {
    size_t index;
    const json_t *entry;
    json_array_foreach(json_object_get(person->file, "tags"), index, entry) {
        if (json_integer_value(entry) == tag)
            return true;
    }
    return false;
}

/* ---- the journal ---- */

json_t *person_record(const struct person *person) {
    return must(json_pack(
        "{ss ss ss sb s[iI] s[iI] sI sb s[ii] sO*}", "r", "person", "account",
        person->account->config->name, "openid", person->openid, "following", person->following,
        "message", person->message.left, (json_int_t)person->message.until, "tap", person->tap.left,
        (json_int_t)person->tap.until, "since", (json_int_t)person->since, "blocked",
        person->blocked, "mass", person->month, person->massed, "file", person->file));
}

static void window_read(const json_t *record, const char *name, struct window *window) {
    const json_t *pair = json_object_get(record, name);
    window->left = (int)json_integer_value(json_array_get(pair, 0));
    window->until = json_integer_value(json_array_get(pair, 1));
}

void person_replay(struct person *person, const json_t *record) {
    const json_t *mass = json_object_get(record, "mass");
    json_t *file = json_object_get(record, "file");
    bool following = json_is_true(json_object_get(record, "following"));
    person->account->followers += following - person->following;
    person->following = following;
    person->since = value_integer(record, "since", 0);
    person->blocked = json_is_true(json_object_get(record, "blocked"));
    person->month = (int16_t)json_integer_value(json_array_get(mass, 0));
    person->massed = (uint8_t)json_integer_value(json_array_get(mass, 1));
    json_decref(person->file);
    person->file = json_is_object(file) ? json_incref(file) : NULL;
    window_read(record, "message", &person->message);
    window_read(record, "tap", &person->tap);
}
