#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

/* What WeChat knows: accounts, people, who follows whom, and every chat between them. All of it is
 * written to the journal as it changes. */

#include "person.h"

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
struct push;
struct alarm;
struct crowd;
struct notices;

/* One line of a chat; never changes. */
struct item {
    uint64_t seq; /* rises over all chats */
    json_t *json; /* as API.md shows it */
    json_t *wire; /* array of exchanges; shared by an act and what answers it; NULL when dropped */
};

struct account {
    struct world *world;
    const struct config_account *config;
    const struct notices *notices; /* titles and labels of its templates; NULL: none known */
    json_t *menu;                  /* NULL: none */
    struct person **people;        /* chunks: people_at() */
    unsigned people_count, followers;
    uint32_t *index; /* of openids: open addressing, the person's number + 1 */
    uint32_t index_size;
    json_t *shelf;   /* shelf.h */
    json_t *sent;    /* array, see API.md */
    json_t *doubles; /* object: "<openid> <client_msg_id>" to the entry of `sent` that was shown */
    json_t *calls;   /* object: endpoint to count, since the start */
    json_t *used;    /* the same for the day `used_day`, which WeChat's quotas are about */
    int64_t used_day;
    json_t *minutes; /* and for the minute `used_minute` */
    int64_t used_minute;
    bool json;         /* it has chosen that pushes come in JSON */
    struct push *held; /* by a fault, until the next push has gone */
    struct alarm *held_alarm;
    struct tokens *tokens;
    struct crowd *crowd; /* NULL: none was ever asked for */
};

struct world {
    const struct config *config;
    struct uv_loop_s *loop;
    struct wx_http *http;
    struct alarms *alarms;
    struct journal *journal;
    const char *callback; /* the URL before "/<account>" */
    const char *state;    /* directory */
    long wait_ms;         /* how long a push waits for its answer */
    long finish_ms;       /* from a template send to its TEMPLATESENDJOBFINISH */
    bool stopping;
    int64_t offset_s;     /* of the sandbox's clock */
    double drift;         /* and how much faster than a right one it runs, 0: not at all */
    int64_t drifts_since; /* ms, real */
    uint64_t seq;         /* of the newest item */
    struct item *recent[WIRES_KEPT];
    struct account *accounts;
    unsigned accounts_count;
    json_t *faults;
    uint32_t dice;                                      /* what faults by rate are thrown with */
    json_t *rids;                                       /* rid.h */
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

/* `length` random characters, as WeChat's ids are made of. */
char *world_random(void *ctx, size_t length);

struct account *world_account(struct world *world, const char *name);

/* The item with this seq while its exchanges are kept, else NULL. */
struct item *world_recent(struct world *world, uint64_t seq);

/* Adds a line to a chat. Takes over `fields` (an object) and, unless NULL, a reference to `wire`.
 */
struct item *world_say(struct person *person, const char *side, const char *kind, json_t *fields,
                       json_t *wire);

/* `menu` is referenced, or NULL. */
void world_menu(struct account *account, json_t *menu);

/* Notes a message accepted; takes over `sent`. */
void world_sent(struct account *account, json_t *sent);

/* The newest message shown to this person under this client_msg_id, or NULL. */
const json_t *world_sent_before(const struct account *account, const char *openid,
                                const char *client_msg_id);

/* Something that a waiting phone shows has changed besides the chat. */
void world_changed(struct person *person);

/* Sets the sandbox's clock: seconds ahead of a right one now, and per second from now on. */
void world_clock(struct world *world, int64_t offset_s, double drift);

/* Counts a call of an endpoint. */
void world_call(struct account *account, const char *endpoint);

/* One record of the journal, on start. False if it is none of ours. */
bool world_replay(struct world *world, const json_t *record);

/* Writes all that is known into a journal that was just begun. */
void world_record(struct world *world);

#endif
