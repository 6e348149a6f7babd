#include "bot/turn.h"

#include "bot/fastcgi.h"
#include "bot/log.h"
#include "bot/routes.h"
#include "config/limits.h"
#include "store/outbox.h"
#include "wx/custom.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <uv.h>

#define TICK_MS 50

struct turns {
    uv_loop_t *loop;
    uv_timer_t timer;
    struct store *store;
    const struct accounts *accounts;
    unsigned deadline_ms;
    unsigned pending;
    struct log_share failures;
    struct turn *first, *last; /* waiting to be answered, the oldest first */
};

/* ---- answering ---- */

static void respond(struct fcgi_request *request, int status, const char *type, const char *body,
                    size_t length) {
    struct fcgi_answer answer = {
        .status = status, .content_type = type, .body = body, .length = length};
    fcgi_answer(request, &answer);
}

static void refuse(struct fcgi_request *request, int status) {
    respond(request, status, NULL, "", 0);
}

static void unlink_turn(struct turn *turn) {
    struct turns *turns = turn->turns;
    *(turn->previous ? &turn->previous->next : &turns->first) = turn->next;
    *(turn->next ? &turn->next->previous : &turns->last) = turn->previous;
    turn->next = turn->previous = NULL;
}

static const char *content_type(const struct turn *turn, const struct wx_reply *reply) {
    if (reply->type == WX_REPLY_NONE)
        return NULL;
    return turn->callback.account->format == WX_FORMAT_JSON ? "application/json; charset=utf-8"
                                                            : "text/xml; charset=utf-8";
}

static void send_reply(struct turn *turn, const struct wx_reply *reply) {
    struct fcgi_request *request = turn->request;
    char *body;
    size_t length;
    unlink_turn(turn);
    turn->turns->pending--;
    /* The message's moment, not the clock's: a message delivered again gets the same reply. */
    if (wx_callback_seal(turn, &turn->callback, reply, turn->who.now, &body, &length))
        refuse(request, 500);
    else
        respond(request, 200, content_type(turn, reply), body, length);
    /* The turn was the request's, and is gone with it. */
}

static void on_put(void *data, int error, int64_t result) {
    (void)result;
    struct turn *turn = data;
    if (error)
        log_line(LOG_ERROR, "account=%s openid=…%s late reply lost: %s",
                 turn->account->config->name, log_openid(turn->message->from),
                 store_error_text(error));
    turn->turns->pending--;
    talloc_free(turn);
}

/* The reply of a turn whose request has been answered: through the outbox, once. */
static void send_late(struct turn *turn, struct wx_reply reply) {
    if (reply.type == WX_REPLY_TEXT)
        reply.text =
            talloc_asprintf(turn, "%s\n\n%s", turn_render(turn, COPY_late, NULL), reply.text);
    struct store_put put = {
        .id = talloc_asprintf(turn, "late:%s", turn->who.id),
        .kind = "reply",
        .name = "",
        .body =
            reply.type == WX_REPLY_NONE ? NULL : wx_custom_json(turn, turn->message->from, &reply),
    };
    if (put.id && put.body) {
        store_put(turn->store, &turn->who, &put, on_put, turn);
        return;
    }
    turn->turns->pending--;
    talloc_free(turn);
}

static void finish(struct turn *turn, const struct wx_reply *reply) {
    if (turn->request)
        send_reply(turn, reply);
    else
        send_late(turn, *reply);
}

void turn_none(struct turn *turn) {
    finish(turn, &(struct wx_reply){.type = WX_REPLY_NONE});
}

void turn_text(struct turn *turn, const char *text) {
    if (text)
        finish(turn, &(struct wx_reply){.type = WX_REPLY_TEXT, .text = text});
    else
        turn_none(turn);
}

void turn_news(struct turn *turn, const struct wx_article *articles, size_t count) {
    finish(turn,
           &(struct wx_reply){.type = WX_REPLY_NEWS, .articles = articles, .article_count = count});
}

/* That Redis is away or silent the store has told, once; not for every message that comes
 * meanwhile.
 */
static void tell_failure(const struct turn *turn, int store_error) {
    struct turns *turns = turn->turns;
    unsigned more;
    if (store_error == STORE_E_AWAY || store_error == STORE_E_TIMEOUT ||
        !log_share_take(&turns->failures, uv_now(turns->loop), &more))
        return;
    if (more)
        log_line(LOG_WARN, "%u more messages had failed", more);
    log_line(LOG_WARN, "account=%s openid=…%s message=%s: %s %s", turn->account->config->name,
             log_openid(turn->message->from), turn->who.id, store_error_text(store_error),
             store_error == STORE_E_REFUSED ? store_refusal(turn->store) : "");
}

void turn_fail(struct turn *turn, int store_error) {
    tell_failure(turn, store_error);
    if (turn->request)
        turn_copy(turn, COPY_busy, NULL);
    else
        turn_none(turn); /* the outbox is in the store, too */
}

void turn_again(struct turn *turn) {
    struct fcgi_request *request = turn->request;
    if (!request) {
        turn_none(turn); /* answered at the deadline */
        return;
    }
    unlink_turn(turn);
    turn->turns->pending--;
    refuse(request, 503);
}

char *turn_render(struct turn *turn, enum copy_entry entry, const struct vars *vars) {
    return copy_render(turn, turn->account->copy, entry, turn->seed, vars ? vars->list : NULL,
                       vars ? vars->count : 0);
}

void turn_copy(struct turn *turn, enum copy_entry entry, const struct vars *vars) {
    turn_text(turn, turn_render(turn, entry, vars));
}

/* ---- the deadline ---- */

/* Answers the request and lives on until its reply comes. */
static void outlive(struct turn *turn) {
    struct fcgi_request *request = turn->request;
    unlink_turn(turn);
    turn->request = NULL;
    talloc_steal(turn->turns, turn);
    log_line(LOG_WARN, "account=%s openid=…%s message=%s: late, answered success",
             turn->account->config->name, log_openid(turn->message->from), turn->who.id);
    respond(request, 200, NULL, "success", strlen("success"));
}

static void on_tick(uv_timer_t *timer) {
    struct turns *turns = timer->data;
    while (turns->first && turns->first->deadline <= uv_now(turns->loop))
        outlive(turns->first);
}

/* ---- beginning ---- */

/* When the learner did it: WeChat's word, unless it is so far from our clock that the days it names
 * would be nonsense. */
static int64_t moment(const struct turn *turn, int64_t now) {
    int64_t sent = turn->message->create_time;
    int window = turn->callback.account->window;
    return llabs((long long)(sent - now)) <= window ? sent : now;
}

static int identify(struct turn *turn, int64_t now) {
    char *id = talloc_size(turn, WX_FINGERPRINT_SIZE);
    if (!id)
        return -1;
    wx_message_identity(turn->message, id);
    sscanf(id, "%8" SCNx32, &turn->seed);
    turn->who = (struct store_turn){
        .account = turn->account->config->name,
        .openid = turn->message->from,
        .id = id,
        .now = moment(turn, now),
        .memo_s = 2 * (unsigned)turn->callback.account->window,
    };
    turn->who.day = calendar_day(turn->account->calendar, turn->who.now)->number;
    return 0;
}

static void enlist(struct turns *turns, struct turn *turn) {
    turn->deadline = uv_now(turns->loop) + turns->deadline_ms;
    turn->previous = turns->last;
    *(turns->last ? &turns->last->next : &turns->first) = turn;
    turns->last = turn;
    turns->pending++;
}

static struct account *addressee(const struct turns *turns, const char *path) {
    static const char below[] = "/wx/";
    if (strncmp(path, below, strlen(below)) != 0)
        return NULL;
    path += strlen(below);
    return accounts_find(turns->accounts, path, strlen(path));
}

void turns_begin(struct turns *turns, struct fcgi_request *request) {
    struct account *account = addressee(turns, request->path);
    struct turn *turn = account ? talloc_zero(request->ctx, struct turn) : NULL;
    if (!turn) {
        refuse(request, account ? 500 : 404);
        return;
    }
    struct wx_callback_request opening = {
        .method = request->method,
        .query = request->query,
        .body = request->body,
        .body_length = request->body_length,
        .now = time(NULL),
    };
    int error = wx_callback_open(turn, &account->config->wx, &opening, &turn->callback);
    if (error) {
        log_line(LOG_WARN, "account=%s request=%" PRIu64 " refused: %s", account->config->name,
                 request->id, wx_error_text(error));
        refuse(request, wx_error_status(error));
        return;
    }
    if (turn->callback.is_check) {
        respond(request, 200, NULL, turn->callback.echo, strlen(turn->callback.echo));
        return;
    }
    turn->turns = turns;
    turn->request = request;
    turn->account = account;
    turn->store = turns->store;
    turn->message = &turn->callback.message;
    if (identify(turn, opening.now)) {
        refuse(request, 500);
        return;
    }
    enlist(turns, turn);
    routes_find(turn)(turn);
}

unsigned turns_pending(const struct turns *turns) {
    return turns->pending;
}

struct turns *turns_open(void *ctx, struct uv_loop_s *loop, struct store *store,
                         const struct accounts *accounts, unsigned deadline_ms) {
    struct turns *turns = talloc_zero(ctx, struct turns);
    if (!turns)
        return NULL;
    turns->loop = loop;
    turns->store = store;
    turns->accounts = accounts;
    turns->deadline_ms = deadline_ms;
    uv_timer_init(loop, &turns->timer);
    turns->timer.data = turns;
    uv_timer_start(&turns->timer, on_tick, TICK_MS, TICK_MS);
    return turns;
}

void turns_close(struct turns *turns) {
    uv_close((uv_handle_t *)&turns->timer, NULL);
}
