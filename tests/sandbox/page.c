#include "page.h"

#include "act.h"
#include "bot/config.h"
#include "bot/fastcgi.h"
#include "crowd.h"
#include "fault.h"
#include "feed.h"
#include "login.h"
#include "media.h"
#include "notice.h"
#include "push.h"
#include "qrcode.h"
#include "query.h"
#include "reply.h"
#include "token.h"

#include <string.h>

#define WAIT_MOST_S   25
#define REPEAT_MOST   100
#define PEOPLE_SHOWN  200
#define OFFSET_MOST_S (10LL * 365 * 86400)

struct visit {
    struct world *world;
    struct feed *feed;
    struct fcgi_request *request;
    json_t *body; /* an object; NULL for a GET */
};

void page_answer(struct fcgi_request *request, int status, json_t *json) {
    value_keep(request->ctx, json);
    const char *body = value_dump(request->ctx, json);
    fcgi_answer(request, &(struct fcgi_answer){
                             .status = status,
                             .content_type = "application/json; charset=utf-8",
                             .headers = "Cache-Control: no-store\r\n",
                             .body = body,
                             .length = strlen(body),
                         });
}

void page_refuse(struct fcgi_request *request, int status, const char *reason) {
    page_answer(request, status, json_pack("{ss}", "error", reason));
}

/* A value of the query or, for a POST, of the body. */
static const char *asked(const struct visit *visit, const char *name) {
    return visit->body ? value_string(visit->body, name)
                       : query_get(visit->request->ctx, visit->request->query, name);
}

/* Finds whom the visit is about. Answers it and returns NULL if there is no such account. */
static struct account *account_asked(const struct visit *visit) {
    struct account *account = world_account(visit->world, asked(visit, "account"));
    if (!account)
        page_refuse(visit->request, 404, "no such account");
    return account;
}

static struct person *person_asked(const struct visit *visit) {
    struct account *account = account_asked(visit);
    if (!account)
        return NULL;
    struct person *person = person_find(account, asked(visit, "openid"));
    if (!person)
        page_refuse(visit->request, 404, "no such person");
    return person;
}

/* ---- state ---- */

static json_t *person_json(void *ctx, const struct person *person) {
    json_int_t unread = 0;
    for (unsigned i = person->count; i-- && person->items[i]->seq > person->seen;)
        unread += !strcmp(value_string(person->items[i]->json, "side"), "account");
    return must(json_pack("{ss ss ss sb sI}", "openid", person->openid, "name",
                          person_name(ctx, person), "color", person_color(person), "following",
                          person->following, "unread", unread));
}

static json_t *account_json(void *ctx, const struct account *account) {
    static const char *const modes[] = {
        [WX_MODE_PLAIN] = "plain",
        [WX_MODE_COMPATIBLE] = "compatible",
        [WX_MODE_SAFE] = "safe",
    };
    const struct config_account *config = account->config;
    json_t *people = must(json_array());
    for (unsigned i = 0; i < account->people_count && i < PEOPLE_SHOWN; i++)
        if (json_array_append_new(people, person_json(ctx, people_at(account, i))))
            must(NULL);
    return must(json_pack("{ss ss ss ss ss sO? sI sI so}", "name", config->name, "title",
                          config->title, "appid", config->appid, "original_id", config->original_id,
                          "mode", modes[config->wx.mode], "menu", account->menu, "people_count",
                          (json_int_t)account->people_count, "followers",
                          (json_int_t)account->followers, "people", people));
}

static void state(struct visit *visit) {
    json_t *accounts = must(json_array());
    for (unsigned i = 0; i < visit->world->accounts_count; i++)
        if (json_array_append_new(accounts,
                                  account_json(visit->request->ctx, &visit->world->accounts[i])))
            must(NULL);
    page_answer(visit->request, 200, json_pack("{so}", "accounts", accounts));
}

/* ---- a chat ---- */

static void feed(struct visit *visit) {
    const char *query = visit->request->query;
    struct person *person = person_asked(visit);
    if (person)
        feed_ask(visit->feed, visit->request, person,
                 (uint64_t)query_number(query, "after", INT64_MAX, 0),
                 query_number(query, "wait", WAIT_MOST_S, 0));
}

static void acts(struct visit *visit) {
    uint64_t seq = 0;
    const char *reason = NULL;
    struct person *person = person_asked(visit);
    if (!person)
        return;
    const struct act order = {.person = person, .request = visit->body};
    int status = act(visit->request->ctx, &order, &seq, &reason);
    if (status)
        page_refuse(visit->request, status, reason);
    else
        page_answer(visit->request, 200, json_pack("{sI}", "seq", (json_int_t)seq));
}

static void raw(struct visit *visit) {
    int64_t seq = query_number(visit->request->query, "seq", INT64_MAX, 0);
    if (seq < 1 || (uint64_t)seq > visit->world->seq) {
        page_refuse(visit->request, 404, "no such item");
        return;
    }
    const struct item *item = world_recent(visit->world, (uint64_t)seq);
    json_t *exchanges = item && item->wire ? json_deep_copy(item->wire) : json_array();
    page_answer(visit->request, 200, json_pack("{so}", "exchanges", must(exchanges)));
}

/* ---- for tests ---- */

static void sent(struct visit *visit) {
    struct account *account = account_asked(visit);
    const char *openid = asked(visit, "openid");
    size_t index;
    json_t *entry, *list = must(json_array());
    json_array_foreach(account ? account->sent : NULL, index, entry) {
        if (*openid && strcmp(value_string(entry, "openid"), openid))
            continue;
        if (json_array_append(list, entry))
            must(NULL);
    }
    if (account)
        page_answer(visit->request, 200,
                    json_pack("{so sO}", "sent", list, "calls", account->calls));
    else
        json_decref(list);
}

static void fault(struct visit *visit) {
    const char *wrong = fault_arm(visit->request->ctx, visit->world, visit->body);
    if (wrong)
        page_refuse(visit->request, 400, wrong);
    else
        page_answer(visit->request, 200,
                    json_pack("{sI}", "faults", (json_int_t)json_array_size(visit->world->faults)));
}

static void faults(struct visit *visit) {
    page_answer(visit->request, 200, json_pack("{sO}", "faults", visit->world->faults));
}

static void expire(struct visit *visit) {
    struct account *account = account_asked(visit);
    if (!account)
        return;
    token_expire(account);
    page_answer(visit->request, 200, json_object());
}

static void token_lives(struct visit *visit) {
    struct account *account = account_asked(visit);
    json_int_t seconds = value_integer(visit->body, "seconds", 0);
    json_int_t uses = value_integer(visit->body, "uses", 0);
    if (!account)
        return;
    if (seconds < 0 || seconds > TOKEN_LIFE_S || uses < 0) {
        page_refuse(visit->request, 400, "seconds goes from 0 to 7200, uses from 0");
        return;
    }
    token_life(account, seconds, uses);
    page_answer(visit->request, 200, json_pack("{sI sI}", "seconds", seconds, "uses", uses));
}

static void clock_now(struct visit *visit) {
    const struct world *world = visit->world;
    page_answer(visit->request, 200,
                json_pack("{sI sI sf}", "offset_s", (json_int_t)world->offset_s, "now",
                          (json_int_t)world_now_ms(world), "drift", world->drift));
}

static void set_clock(struct visit *visit) {
    json_int_t offset = value_integer(visit->body, "offset_s", OFFSET_MOST_S + 1);
    double drift = json_number_value(json_object_get(visit->body, "drift"));
    if (offset < -OFFSET_MOST_S || offset > OFFSET_MOST_S || !(drift >= -1 && drift <= 1000)) {
        page_refuse(visit->request, 400,
                    "offset_s is missing or beyond ten years, or drift is not -1 to 1000");
        return;
    }
    world_clock(visit->world, offset, drift);
    clock_now(visit);
}

static void oauth(struct visit *visit) {
    struct account *account = account_asked(visit);
    if (account)
        page_answer(visit->request, 200, login_set(account, visit->body));
}

static void qrcodes(struct visit *visit) {
    const struct account *account = account_asked(visit);
    if (account)
        page_answer(visit->request, 200, json_pack("{so}", "qrcodes", qrcode_list(account)));
}

static void notices(struct visit *visit) {
    const struct account *account = account_asked(visit);
    if (account)
        page_answer(visit->request, 200, json_pack("{so}", "notices", notice_offers(account)));
}

/* In which format the account wants its pushes. */
static void format(struct visit *visit) {
    struct account *account = account_asked(visit);
    const char *name = asked(visit, "format");
    if (!account)
        return;
    if (strcmp(name, "json") != 0 && strcmp(name, "xml") != 0) {
        page_refuse(visit->request, 400, "format is json or xml");
        return;
    }
    account->json = !strcmp(name, "json");
    page_answer(visit->request, 200, json_pack("{ss}", "format", name));
}

static void crowd(struct visit *visit) {
    const struct account *account = account_asked(visit);
    if (account)
        page_answer(visit->request, 200, crowd_json(account));
}

static void crowd_begins(struct visit *visit) {
    struct account *account = account_asked(visit);
    const char *wrong = account ? crowd_begin(account, visit->body) : NULL;
    if (wrong)
        page_refuse(visit->request, 400, wrong);
    else if (account)
        page_answer(visit->request, 200, crowd_json(account));
}

static void crowd_stops(struct visit *visit) {
    struct account *account = account_asked(visit);
    if (!account)
        return;
    crowd_stop(account);
    page_answer(visit->request, 200, crowd_json(account));
}

/* The bytes of what a chat shows by its media_id. */
static void media(struct visit *visit) {
    if (account_asked(visit))
        media_page(visit->world, visit->request, asked(visit, "media_id"));
}

/* Pushes of one request, of which the last to be answered answers it. */
struct volley {
    struct fcgi_request *request;
    json_t *replies;
    int left;
};

static void volley_answered(void *data, int status, const char *body, size_t length,
                            const char *plain) {
    struct volley *volley = data;
    json_t *reply = must(json_pack("{si so}", "status", status, "body", value_bytes(body, length)));
    if (plain && json_object_set_new(reply, "plain", value_bytes(plain, strlen(plain))))
        must(NULL);
    if (json_array_append_new(volley->replies, reply))
        must(NULL);
    if (--volley->left == 0)
        page_answer(volley->request, 200, json_pack("{sO}", "replies", volley->replies));
}

static void push(struct visit *visit) {
    void *ctx = visit->request->ctx;
    struct account *account = account_asked(visit);
    const char *xml = asked(visit, "xml");
    json_int_t repeat = value_integer(visit->body, "repeat", 1);
    if (!account)
        return;
    if (!*xml || repeat < 1 || repeat > REPEAT_MOST) {
        page_refuse(visit->request, 400, "xml is missing, or repeat is not 1 to 100");
        return;
    }
    struct volley *volley = must(talloc(ctx, struct volley));
    *volley = (struct volley){visit->request, value_keep(ctx, json_array()), (int)repeat};
    const char *openid = reply_element(ctx, xml, "FromUserName");
    for (json_int_t i = 0; i < repeat; i++)
        push_send(&(struct push_order){
            .account = account,
            .openid = openid[strspn(openid,
                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789_-")]
                          ? ""
                          : openid,
            .xml = xml,
            .attempts = 1,
            .done = volley_answered,
            .data = volley,
        });
}

/* ---- routes ---- */

static const struct {
    const char *method, *route;
    void (*handler)(struct visit *visit);
} routes[] = {
    {"GET", "state", state},
    {"GET", "feed", feed},
    {"POST", "act", acts},
    {"GET", "raw", raw},
    {"GET", "sent", sent},
    {"POST", "fault", fault},
    {"GET", "faults", faults},
    {"POST", "token/expire", expire},
    {"POST", "token/life", token_lives},
    {"POST", "oauth", oauth},
    {"GET", "media", media},
    {"GET", "qrcodes", qrcodes},
    {"GET", "notices", notices},
    {"POST", "format", format},
    {"GET", "crowd", crowd},
    {"POST", "crowd", crowd_begins},
    {"POST", "crowd/stop", crowd_stops},
    {"GET", "clock", clock_now},
    {"POST", "clock", set_clock},
    {"POST", "push", push},
};

void page_call(struct world *world, struct feed *feeds, struct fcgi_request *request,
               const char *route) {
    struct visit visit = {.world = world, .feed = feeds, .request = request};
    size_t at = 0, count = sizeof routes / sizeof *routes;
    bool known = false;
    for (; at < count; at++) {
        bool here = !strcmp(routes[at].route, route);
        known |= here;
        if (here && !strcmp(routes[at].method, request->method))
            break;
    }
    if (at == count) {
        page_refuse(request, known ? 405 : 404, known ? "another method" : "no such page");
        return;
    }
    if (!strcmp(request->method, "POST")) {
        json_t *body = json_loadb(request->body, request->body_length, 0, NULL);
        visit.body = body ? value_keep(request->ctx, body) : NULL;
        if (!json_is_object(body)) {
            page_refuse(request, 400, "the body is no JSON object");
            return;
        }
    }
    routes[at].handler(&visit);
}
