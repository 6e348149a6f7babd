#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

/* What WeChat knows: accounts, people, who follows whom, and every chat between them. All of it is
 * written to the journal as it changes. */

#include "value.h"

#include <stdbool.h>
#include <stdint.h>

#define PEOPLE_NAMED   6
#define PEOPLE_MOST    10000
#define ITEMS_KEPT     500   /* per chat */
#define WIRES_KEPT     2000  /* newest items whose exchanges are kept, over all chats */
#define EXCHANGES_KEPT 20    /* per item */
#define SENT_KEPT      20000 /* per account */

struct config;
struct config_account;
struct uv_loop_s;
struct wx_http;
struct alarms;
struct journal;
struct tokens;
struct notices;

/* One line of a chat; never changes. */
struct item {
    uint64_t seq; /* rises over all chats */
    json_t *json; /* as API.md shows it */
    json_t *wire; /* array of exchanges; shared by an act and what answers it; NULL when dropped */
};

/* How many customer-service messages may still be sent, and until when (ms). */
struct window {
    int left;
    int64_t until;
};

struct person {
    struct account *account;
    const char *openid, *name, *color;
    bool following;
    uint64_t seen;       /* newest item the person has read */
    struct item **items; /* oldest first */
    unsigned count;
    struct window message, tap;
};

struct account {
    struct world *world;
    const struct config_account *config;
    const struct notices *notices; /* titles and labels of its templates; NULL: none known */
    json_t *menu;                  /* NULL: none */
    struct person *people;
    unsigned people_count;
    json_t *sent;    /* array, see API.md */
    json_t *doubles; /* object: "<openid> <client_msg_id>" to the entry of `sent` that was shown */
    json_t *calls;   /* object: endpoint to count, since the start */
    json_t *used;    /* the same for the day `used_day`, which WeChat's quotas are about */
    int64_t used_day;
    struct tokens *tokens;
};

struct world {
    const struct config *config;
    struct uv_loop_s *loop;
    struct wx_http *http;
    struct alarms *alarms;
    struct journal *journal;
    const char *callback; /* the URL before "/<account>" */
    long wait_ms;         /* how long a push waits for its answer */
    long finish_ms;       /* from a template send to its TEMPLATESENDJOBFINISH */
    bool stopping;
    int64_t offset_s; /* of the sandbox's clock */
    uint64_t seq;     /* of the newest item */
    struct item *recent[WIRES_KEPT];
    struct account *accounts;
    unsigned accounts_count;
    json_t *faults;
    void (*changed)(void *data, struct person *person); /* a chat has a new item or a new menu */
    void *changed_data;
};

/* The world of a config with `unnamed` further people per account. What belongs to others (loop,
 * http, alarms, journal) is filled in by the caller. */
struct world *world_open(void *ctx, const struct config *config, unsigned unnamed);

int64_t world_now_ms(const struct world *world);

/* A MsgId: 64 bits, never given twice. */
uint64_t world_message_id(void);

/* The msgid of a send: rises, and is exact in a double, as JavaScript would read it. */
int64_t world_job_id(void);

struct account *world_account(struct world *world, const char *name);
struct person *world_person(struct account *account, const char *openid);

/* The item with this seq while its exchanges are kept, else NULL. */
struct item *world_recent(struct world *world, uint64_t seq);

/* Adds a line to a chat. Takes over `fields` (an object) and, unless NULL, a reference to `wire`.
 */
struct item *world_say(struct person *person, const char *side, const char *kind, json_t *fields,
                       json_t *wire);

void world_follow(struct person *person, bool following);

/* The windows of a person have changed. */
void world_windows(struct person *person);

/* `menu` is referenced, or NULL. */
void world_menu(struct account *account, json_t *menu);

/* Notes a message accepted; takes over `sent`. */
void world_sent(struct account *account, json_t *sent);

/* The newest message shown to this person under this client_msg_id, or NULL. */
const json_t *world_sent_before(const struct account *account, const char *openid,
                                const char *client_msg_id);

/* Counts a call of an endpoint. */
void world_call(struct account *account, const char *endpoint);

/* One record of the journal, on start. False if it is none of ours. */
bool world_replay(struct world *world, const json_t *record);

/* Writes all that is known into a journal that was just begun. */
void world_record(struct world *world);

#endif
