#include "store/redis.h"

#include "config/limits.h"
#include "store/script.h"
#include "store/trouble.h"

#include <errno.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <uv.h>

/* Redis answers in order, so the calls under way are a queue, and as all have the same time to live
 * the oldest is always the first to be late: one timer looks at the head. A call whose deadline has
 * passed reports STORE_E_TIMEOUT but stays in the queue until its answer comes: as long as the head
 * is late Redis is stalled, and new calls fail at once instead of waiting their turn to be late.
 *
 * Time is counted in ticks, however late one comes: a process that was itself held up (stopped,
 * swapped out, too busy) could not hear what Redis said meanwhile, and must not call it silent. */

#define TICK_MS 50

struct redis_call {
    struct redis_call *next;
    struct store *store;
    redis_done *done; /* NULL once it has been told */
    redis_then *then;
    void *data;
    uint64_t deadline;
    char *command; /* as formatted, for the case that Redis has lost the library */
    size_t length;
    bool again; /* that was the case */
};

/* What the log has been told, so that one who comes and goes, as a Redis at the edge of its memory
 * does, does not fill it. */
struct telling {
    bool any;
    char what[160]; /* of the trouble; "": that all is well */
    unsigned lines; /* in this minute */
    uint64_t since; /* when it began */
};

struct store {
    uv_loop_t *loop;
    uv_timer_t timer;
    uv_prepare_t flush;
    bool dirty;               /* calls wait to be written */
    redisAsyncContext *redis; /* NULL between two attempts */
    struct redis_call *first, **last;
    unsigned pending;
    bool ready, closing;
    bool reloading;      /* the library, which Redis has lost */
    uint64_t now;        /* TICK_MS for each tick there has been */
    uint64_t connect_at; /* when the next attempt is made */
    uint64_t ready_by;   /* when an attempt that is not ready is given up */
    unsigned backoff;
    char *address; /* as it was given */
    char *host;    /* of it, or the socket's path */
    int port;      /* 0: a socket's path */
    char *password;
    char refusal[160];
    struct store_trouble trouble; /* the last, until it is ready */
    char what[160];               /* of the trouble */
    bool blamed;                  /* what ends this connection is known: the rest follows of it */
    bool was_ready;
    struct telling told;
    void (*changed)(void *data, bool ready, const char *sentence);
    void *data;
};

const char *store_error_text(int error) {
    switch (error) {
    case 0:
        return "success";
#define X(name, value, text)                                                                       \
    case value:                                                                                    \
        return text;
        STORE_ERRORS(X)
#undef X
    }
    return "unknown error of the store";
}

/* ---- answers ---- */

static const redisReply *reply_of(const struct answer *answer) {
    return (const redisReply *)answer;
}

size_t answer_count(const struct answer *answer) {
    const redisReply *reply = reply_of(answer);
    return reply->type == REDIS_REPLY_ARRAY ? reply->elements : 1;
}

static const redisReply *element(const struct answer *answer, size_t i) {
    const redisReply *reply = reply_of(answer);
    if (reply->type == REDIS_REPLY_ARRAY)
        return i < reply->elements ? reply->element[i] : NULL;
    return i == 0 ? reply : NULL;
}

int64_t answer_integer(const struct answer *answer, size_t i) {
    const redisReply *reply = element(answer, i);
    if (reply && reply->type == REDIS_REPLY_INTEGER)
        return reply->integer;
    if (reply && reply->type == REDIS_REPLY_STRING)
        return strtoll(reply->str, NULL, 10);
    return 0;
}

const char *answer_text(const struct answer *answer, size_t i) {
    const redisReply *reply = element(answer, i);
    return reply && reply->type == REDIS_REPLY_STRING ? reply->str : "";
}

const struct answer *answer_list(const struct answer *answer, size_t i) {
    const redisReply *reply = element(answer, i);
    return reply && reply->type == REDIS_REPLY_ARRAY ? (const struct answer *)reply : NULL;
}

void redis_result(redis_then *then, void *data, int error, const struct answer *answer) {
    ((store_result_done *)then)(data, error, error ? 0 : answer_integer(answer, 0));
}

/* ---- arguments ---- */

void args_text(struct redis_args *args, const char *text) {
    if (args->count == REDIS_ARGS)
        abort(); /* a verb with more arguments than REDIS_ARGS is a mistake in the program */
    args->text[args->count] = text;
    args->length[args->count] = strlen(text);
    args->count++;
}

void args_integer(struct redis_args *args, int64_t number) {
    if (args->count == REDIS_ARGS)
        abort();
    snprintf(args->digits[args->count], sizeof args->digits[0], "%" PRId64, number);
    args_text(args, args->digits[args->count]);
}

/* FCALL, the function and its key are filled in by redis_run(). */
#define ARGS_HEAD 4

void args_begin(struct redis_args *args, const struct store_turn *turn) {
    args->count = ARGS_HEAD;
    args_text(args, turn->id);
    args_text(args, turn->openid);
    args_integer(args, turn->now);
    args_integer(args, turn->day);
    args_integer(args, turn->memo_s);
}

/* ---- telling ---- */

static bool stalled(const struct store *store) {
    return store->first && store->first->deadline < store->now;
}

bool store_ready(const struct store *store) {
    return store->ready && !stalled(store);
}

const char *store_refusal(const struct store *store) {
    return store->refusal;
}

const struct store_trouble *store_trouble(const struct store *store) {
    return store_ready(store) || !store->trouble.what ? NULL : &store->trouble;
}

unsigned store_pending(const struct store *store) {
    return store->pending;
}

/* Why it is not ready. The first that is said of a connection counts. */
static void blame(struct store *store, const struct store_trouble *trouble) {
    if (store->blamed)
        return;
    store->blamed = true;
    snprintf(store->what, sizeof store->what, "%s", trouble->what);
    store->trouble = *trouble;
    store->trouble.what = store->what;
}

static bool may_tell(struct store *store) {
    struct telling *told = &store->told;
    if (store->now >= told->since + 60 * 1000) {
        told->since = store->now;
        told->lines = 0;
    }
    return told->lines < LIMIT_STORE_TOLD;
}

/* Whatever may have changed: says so when it has. */
static void report(struct store *store) {
    struct telling *told = &store->told;
    bool ready = store_ready(store), changed = ready != store->was_ready;
    const char *what = ready ? "" : store->trouble.what;
    bool news = what && (!told->any || strcmp(what, told->what) != 0) && may_tell(store);
    char sentence[400];
    if (ready)
        store->blamed = false;
    if (!news && !changed)
        return;
    if (news && ready)
        snprintf(sentence, sizeof sentence, "Redis is there%s", told->any ? " again" : "");
    else if (news)
        snprintf(sentence, sizeof sentence, "%s; %s", what, store->trouble.todo);
    if (news) {
        snprintf(told->what, sizeof told->what, "%s", what);
        told->any = true;
        told->lines++;
    }
    store->was_ready = ready;
    if (store->changed)
        store->changed(store->data, ready, news ? sentence : NULL);
}

/* Redis does not do: whatever it would be asked on this connection, it would say the same. Waits
 * for what is under way, and comes back later. */
static void withdraw(struct store *store, const struct store_trouble *trouble) {
    blame(store, trouble);
    store->ready = false;
    store->ready_by = store->now + LIMIT_STORE_CALL_MS;
    redisAsyncDisconnect(store->redis);
    report(store);
}

/* ---- calls ---- */

static void tell(struct redis_call *call, int error, const struct answer *answer) {
    redis_done *done = call->done;
    call->done = NULL;
    if (done)
        done(call->then, call->data, error, answer);
}

/* Takes the oldest call out of the queue. */
static void retire(struct store *store, struct redis_call *call) {
    store->first = call->next;
    if (!store->first)
        store->last = &store->first;
    store->pending--;
    redisFreeSdsCommand(call->command);
    free(call);
}

static void on_answer(redisAsyncContext *redis, void *reply, void *data);

static int transmit(struct store *store, struct redis_call *call) {
    return redisAsyncFormattedCommand(store->redis, on_answer, call, call->command, call->length);
}

static const char *function_of(const char *name) {
    unsigned i = 0;
    while (scripts[i].name && strcmp(scripts[i].name, name) != 0)
        i++;
    if (!scripts[i].name)
        abort(); /* a script that was not compiled in */
    return scripts[i].function;
}

/* Whether the library is there now: just loaded, or by another process before. */
static bool is_there(const redisReply *answer) {
    return answer->type != REDIS_REPLY_ERROR || strstr(answer->str, "already exists");
}

/* Redis does not take the library, and nothing can be said to it without. */
static void library_refused(struct store *store, const char *why) {
    const struct store_trouble *trouble = trouble_of(why);
    char what[160];
    struct store_trouble other = {.what = what, .todo = "look into its log"};
    snprintf(what, sizeof what, "Redis does not take our functions: %s", why);
    if (strncmp(why, "NOPERM", 6) == 0)
        other.todo = "its user must have all rights (ACL SETUSER default on ~* &* +@all)";
    withdraw(store, trouble ? trouble : &other);
}

static void load_library(struct store *store, redisCallbackFn *done) {
    const char *argv[] = {"FUNCTION", "LOAD", script_library};
    size_t lengths[] = {8, 4, script_library_length};
    redisAsyncCommandArgv(store->redis, done, NULL, 3, argv, lengths);
}

static void on_reloaded(redisAsyncContext *redis, void *reply, void *data) {
    (void)data;
    struct store *store = redis->data;
    const redisReply *answer = reply;
    store->reloading = false;
    if (answer && !is_there(answer))
        library_refused(store, answer->str);
}

/* Redis lost the library (its data are gone, or somebody flushed it): load it and say the same
 * again, once. The call goes to the end of the queue with the deadline it had. */
static bool say_again(struct store *store, struct redis_call *call) {
    if (!store->redis || call->again)
        return false;
    struct redis_call *again = malloc(sizeof *again);
    if (!again)
        return false;
    *again = *call;
    again->next = NULL;
    again->again = true;
    if (!store->reloading)
        load_library(store, on_reloaded);
    store->reloading = true;
    if (transmit(store, again) != REDIS_OK) {
        free(again);
        return false;
    }
    call->command = NULL; /* it is the other's now */
    call->done = NULL;
    *store->last = again;
    store->last = &again->next;
    store->pending++;
    return true;
}

/* What the call's error is, given Redis' word for it. */
static int refused(struct store *store, const char *why) {
    const struct store_trouble *trouble = trouble_of(why);
    if (trouble)
        withdraw(store, trouble);
    if (!store->ready)
        return STORE_E_AWAY;
    snprintf(store->refusal, sizeof store->refusal, "%s", why);
    return STORE_E_REFUSED;
}

static void on_answer(redisAsyncContext *redis, void *reply, void *data) {
    (void)redis;
    struct redis_call *call = data;
    struct store *store = call->store;
    redisReply *answer = reply;
    if (!answer) {
        tell(call, STORE_E_AWAY, NULL);
    } else if (answer->type != REDIS_REPLY_ERROR) {
        store->backoff = TICK_MS;
        tell(call, 0, (const struct answer *)answer);
    } else if (strcmp(answer->str, "ERR Function not found") != 0 || !say_again(store, call)) {
        tell(call, refused(store, answer->str), NULL);
    }
    retire(store, call);
}

static int format(const char *script, const char *account, const struct redis_args *args,
                  struct redis_call *call) {
    const char *text[REDIS_ARGS];
    size_t length[REDIS_ARGS];
    char tag[80];
    int tagged = snprintf(tag, sizeof tag, "{%s}", account);
    memcpy(text, args->text, sizeof(*text) * (size_t)args->count);
    memcpy(length, args->length, sizeof(*length) * (size_t)args->count);
    text[0] = "FCALL", length[0] = 5;
    text[1] = function_of(script), length[1] = strlen(text[1]);
    text[2] = "1", length[2] = 1;
    text[3] = tag, length[3] = (size_t)tagged;
    int formatted = redisFormatSdsCommandArgv(&call->command, args->count, text, length);
    if (formatted < 0)
        return STORE_E_NOMEM;
    call->length = (size_t)formatted;
    return 0;
}

static int admit(struct store *store, struct redis_call **call) {
    if (!store_ready(store) || store->closing)
        return STORE_E_AWAY;
    if (store->pending >= LIMIT_STORE_IN_FLIGHT)
        return STORE_E_BUSY;
    *call = calloc(1, sizeof **call);
    return *call ? 0 : STORE_E_NOMEM;
}

/* Sends what has been formatted, or tells why it could not be: `error`, when it is not 0. */
static void submit(struct store *store, struct redis_call *call, int error, redis_done *done,
                   redis_then *then, void *data) {
    if (!error) {
        call->store = store;
        call->done = done, call->then = then, call->data = data;
        call->deadline = store->now + LIMIT_STORE_CALL_MS;
        if (transmit(store, call) == REDIS_OK) {
            *store->last = call;
            store->last = &call->next;
            store->pending++;
            return;
        }
        redisFreeSdsCommand(call->command);
        error = STORE_E_AWAY;
    }
    free(call);
    done(then, data, error, NULL);
}

void redis_run(struct store *store, const char *script, const char *account,
               const struct redis_args *args, redis_done *done, redis_then *then, void *data) {
    struct redis_call *call = NULL;
    int error = admit(store, &call);
    if (!error) {
        error = format(script, account, args, call);
    }
    submit(store, call, error, done, then, data);
}

void redis_ask(struct store *store, const char *const words[], int count, redis_done *done,
               redis_then *then, void *data) {
    struct redis_call *call = NULL;
    int error = admit(store, &call);
    if (!error) {
        int length = redisFormatSdsCommandArgv(&call->command, count, (const char **)words, NULL);
        call->length = length < 0 ? 0 : (size_t)length;
        error = length < 0 ? STORE_E_NOMEM : 0;
    }
    submit(store, call, error, done, then, data);
}

/* ---- hiredis on the loop ---- */

/* Instead of hiredis' own adapter for libuv: that one waits for the socket to be writable before
 * each batch, and takes an error on the socket for nothing to do, so that a killed Redis goes
 * unnoticed. Here, calls are written just before the loop waits, all of an iteration at once; only
 * what the socket does not take then waits for it. */
struct link {
    uv_poll_t poll;
    redisAsyncContext *redis; /* NULL once it is gone */
    int events;
};

static void on_poll(uv_poll_t *poll, int status, int events) {
    struct link *link = poll->data;
    if (status < 0)
        events = UV_READABLE; /* reading finds out what is wrong */
    if (link->redis && (events & UV_READABLE))
        redisAsyncHandleRead(link->redis);
    if (link->redis && (events & UV_WRITABLE))
        redisAsyncHandleWrite(link->redis);
}

static void watch(struct link *link, int events) {
    if (events == link->events)
        return;
    link->events = events;
    if (events)
        uv_poll_start(&link->poll, events, on_poll);
    else
        uv_poll_stop(&link->poll);
}

static void add_read(void *data) {
    struct link *link = data;
    watch(link, link->events | UV_READABLE);
}

static void delete_read(void *data) {
    struct link *link = data;
    watch(link, link->events & ~UV_READABLE);
}

static void add_write(void *data) {
    struct link *link = data;
    struct store *store = link->redis->data;
    if ((link->redis->c.flags & REDIS_CONNECTED) && !store->dirty)
        store->dirty = true;
    else /* connecting, or more than the socket took */
        watch(link, link->events | UV_WRITABLE);
}

static void delete_write(void *data) {
    struct link *link = data;
    watch(link, link->events & ~UV_WRITABLE);
}

static void on_flush(uv_prepare_t *flush) {
    struct store *store = flush->data;
    if (store->redis && store->dirty)
        redisAsyncHandleWrite(store->redis);
    store->dirty = false;
}

static void on_link_closed(uv_handle_t *poll) {
    free(poll->data);
}

static void cleanup(void *data) {
    struct link *link = data;
    link->redis = NULL;
    uv_close((uv_handle_t *)&link->poll, on_link_closed);
}

static bool attach(struct store *store, redisAsyncContext *redis) {
    struct link *link = calloc(1, sizeof *link);
    if (!link || uv_poll_init(store->loop, &link->poll, redis->c.fd) != 0) {
        free(link);
        return false;
    }
    link->poll.data = link;
    link->redis = redis;
    redis->data = store;
    redis->ev.data = link;
    redis->ev.addRead = add_read;
    redis->ev.delRead = delete_read;
    redis->ev.addWrite = add_write;
    redis->ev.delWrite = delete_write;
    redis->ev.cleanup = cleanup;
    return true;
}

/* ---- the connection ---- */

static void lost(struct store *store, const char *what, const char *todo) {
    blame(store, &(struct store_trouble){.what = what, .todo = todo, .passing = true});
    store->redis = NULL;
    store->ready = false;
    store->connect_at = store->now + store->backoff;
    store->backoff =
        store->backoff * 2 < LIMIT_STORE_BACKOFF_MS ? store->backoff * 2 : LIMIT_STORE_BACKOFF_MS;
    report(store);
}

static void unreachable(struct store *store, const char *why) {
    char what[sizeof store->what];
    bool barred = strcmp(why, strerror(EACCES)) == 0;
    snprintf(what, sizeof what, "Redis cannot be reached at %s: %s", store->address, why);
    lost(store, what,
         barred ? "our user must be in its group, and unixsocketperm be 770"
                : "start it, or put its address into the config");
}

static void on_disconnected(const redisAsyncContext *redis, int status) {
    (void)status;
    struct store *store = redis->data;
    char what[sizeof store->what];
    snprintf(what, sizeof what, "Redis is gone: %s",
             redis->errstr && *redis->errstr ? redis->errstr : "it closed the connection");
    if (!store->closing)
        lost(store, what, "look into its log");
}

static void on_loaded(redisAsyncContext *redis, void *reply, void *data) {
    (void)data;
    struct store *store = redis->data;
    const redisReply *answer = reply;
    if (!answer)
        return;
    if (!is_there(answer)) {
        library_refused(store, answer->str);
        return;
    }
    store->ready = true;
    report(store);
}

/* What is wrong with us it says at once, before it could break off a long library. Other errors, as
 * that no password is needed, do no harm. */
static void on_greeted(redisAsyncContext *redis, void *reply, void *data) {
    (void)data;
    struct store *store = redis->data;
    const redisReply *answer = reply;
    if (!answer)
        return;
    const struct store_trouble *trouble =
        answer->type == REDIS_REPLY_ERROR ? trouble_of(answer->str) : NULL;
    if (trouble)
        withdraw(store, trouble);
    else
        load_library(store, on_loaded);
}

static void on_connected(const redisAsyncContext *redis, int status) {
    struct store *store = redis->data;
    if (status != REDIS_OK) {
        if (!store->closing)
            unreachable(store, redis->errstr); /* hiredis frees the context */
        return;
    }
    if (store->password)
        redisAsyncCommand(store->redis, on_greeted, NULL, "AUTH %s", store->password);
    else
        redisAsyncCommand(store->redis, on_greeted, NULL, "PING");
}

static void connect_redis(struct store *store) {
    redisAsyncContext *redis = store->port ? redisAsyncConnect(store->host, store->port)
                                           : redisAsyncConnectUnix(store->host);
    store->blamed = false;
    store->reloading = false;
    if (!redis || redis->err || !attach(store, redis)) {
        char why[160] = "out of memory";
        if (redis) {
            snprintf(why, sizeof why, "%s", redis->err ? redis->errstr : "no poll handle");
            redisAsyncFree(redis);
        }
        unreachable(store, why);
        return;
    }
    store->redis = redis;
    store->dirty = false;
    store->ready_by = store->now + LIMIT_STORE_CALL_MS;
    redisAsyncSetDisconnectCallback(redis, on_disconnected);
    redisAsyncSetConnectCallback(redis, on_connected);
}

static const struct store_trouble silent = {
    .what = "Redis does not answer",
    .todo = "look whether it runs, into its log, and at what else keeps its machine busy",
    .passing = true,
};

/* Silent for too long: another connection may do better. */
static bool hopeless(const struct store *store) {
    return store->first ? store->first->deadline + LIMIT_STORE_CALL_MS < store->now
                        : !store->ready && store->ready_by < store->now;
}

static void give_up(struct store *store) {
    blame(store, &silent);
    redisAsyncFree(store->redis); /* tells on_disconnected(), but only once it was connected */
    if (store->redis)
        lost(store, silent.what, silent.todo);
}

static void on_tick(uv_timer_t *timer) {
    struct store *store = timer->data;
    store->now += TICK_MS;
    for (struct redis_call *call = store->first; call && call->deadline < store->now;
         call = call->next)
        tell(call, STORE_E_TIMEOUT, NULL);
    if (stalled(store))
        blame(store, &silent);
    report(store);
    if (store->redis && hopeless(store))
        give_up(store);
    if (!store->redis && store->now >= store->connect_at)
        connect_redis(store);
}

static int parse_address(struct store *store, const char *address) {
    const char *colon = address[0] == '/' || !strchr(address, ':') ? NULL : strrchr(address, ':');
    store->port = colon ? atoi(colon + 1) : 0;
    store->address = talloc_strdup(store, address);
    store->host = colon ? talloc_strndup(store, address, (size_t)(colon - address))
                        : talloc_strdup(store, address);
    return store->host && store->address ? 0 : STORE_E_NOMEM;
}

int store_open(void *ctx, struct uv_loop_s *loop, const struct store_options *options,
               struct store **result) {
    struct store *store = talloc_zero(ctx, struct store);
    if (!store)
        return STORE_E_NOMEM;
    store->loop = loop;
    store->last = &store->first;
    store->backoff = TICK_MS;
    store->changed = options->changed;
    store->data = options->data;
    if (options->password)
        store->password = talloc_strdup(store, options->password);
    if (parse_address(store, options->address) || (options->password && !store->password)) {
        talloc_free(store);
        return STORE_E_NOMEM;
    }
    uv_timer_init(loop, &store->timer);
    store->timer.data = store;
    uv_timer_start(&store->timer, on_tick, 0, TICK_MS);
    uv_prepare_init(loop, &store->flush);
    store->flush.data = store;
    uv_prepare_start(&store->flush, on_flush);
    *result = store;
    return 0;
}

static void on_flush_closed(uv_handle_t *flush) {
    talloc_free(flush->data);
}

static void on_timer_closed(uv_handle_t *timer) {
    struct store *store = timer->data;
    uv_close((uv_handle_t *)&store->flush, on_flush_closed);
}

void store_close(struct store *store) {
    store->closing = true;
    store->ready = false;
    if (store->redis)
        redisAsyncFree(store->redis);
    store->redis = NULL;
    uv_close((uv_handle_t *)&store->timer, on_timer_closed);
}
