/* day21 work: sends what is due, archives the ledger, trims boards that are over, ends contests and
 * makes war reports.
 * The store decides what may go and writes the intent; this role renders it, calls WeChat, and
 * writes what became of it. Any number of them, on any number of machines, add up. */

#include "bot/alarm.h"
#include "bot/archivist.h"
#include "bot/board_trim.h"
#include "bot/command.h"
#include "bot/herald.h"
#include "bot/log.h"
#include "bot/question_words.h"
#include "bot/reporter.h"
#include "bot/token.h"
#include "bot/vars.h"
#include "bot/war_report_notice.h"
#include "config/limits.h"
#include "store/outbox.h"
#include "wx/api.h"
#include "wx/crypto.h"
#include "wx/custom.h"
#include "wx/http.h"
#include "wx/template.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <uv.h>

#define PAUSE_UNSENT_S 10
#define BACK_OFF_STEPS 8    /* the longest back-off is 2^8 s */
#define TAKE_SOME      16   /* room for so many is worth another take */
#define STOP_MS        6000 /* an orderly stop waits this long for outcomes */

struct sender {
    struct worker *worker;
    struct account *account;
    struct wx_api *api;
    struct token_share *token;
    struct alarm_watch alarm;
    char *plain; /* see struct store_take */
    struct archivist *archivist;
    struct board_trim *board_trim;
    struct herald *herald;
    struct reporter *reporter;
    unsigned in_air;
    bool taking;
    bool refused; /* Redis refuses to give anything out */
    bool more;    /* there was more than the last take took, and WeChat has not asked for patience
                  since */
};

struct worker {
    uv_loop_t loop;
    uv_timer_t tick;
    uv_signal_t term, intr;
    struct store *store;
    struct wx_http *http;
    const struct config *config;
    struct sender *senders;
    unsigned senders_count;
    bool ready, stopping;
    uint64_t stop_at;
};

/* One message on its way; its strings are its own. */
struct flight {
    struct sender *sender;
    char *entry, *id, *to;
    unsigned tries;
};

static struct store_turn turn_of(const struct sender *sender, const char *openid) {
    int64_t now = time(NULL);
    return (struct store_turn){
        .account = sender->account->config->name,
        .openid = openid,
        .id = "",
        .now = now,
        .day = calendar_day(sender->account->calendar, now)->number,
    };
}

/* ---- outcomes ---- */

static void take(struct sender *sender);

/* What waits does not wait for the tick, but until there is room for some: a take for each message
 * would double the work of Redis. */
static void take_more(struct sender *sender) {
    const struct worker *worker = sender->worker;
    unsigned most = worker->config->work.concurrency;
    unsigned some = most / 2 < TAKE_SOME ? (most + 1) / 2 : TAKE_SOME;
    if (sender->more && !worker->stopping && sender->in_air + some <= most)
        take(sender);
}

static void on_settled(void *data, int error, int64_t result) {
    (void)result;
    struct flight *flight = data;
    if (error) /* it stays in the air, and is taken over when Redis is back */
        log_line(LOG_WARN, "account=%s %s: outcome not written: %s",
                 flight->sender->account->config->name, flight->id, store_error_text(error));
    struct sender *sender = flight->sender;
    sender->in_air--;
    talloc_free(flight);
    take_more(sender);
}

static void settle(struct flight *flight, struct store_settle settle) {
    struct store_turn turn = turn_of(flight->sender, flight->to);
    settle.entry = flight->entry;
    settle.id = flight->id;
    store_settle(flight->sender->worker->store, &turn, &settle, on_settled, flight);
}

/* What is no fault of the message does not count as a try. */
static enum store_outcome outcome_of(const struct wx_policy *policy) {
    if (policy->next == WX_NEXT_AGAIN)
        return policy->bounded ? STORE_BUSY : STORE_REST;
    return policy->next == WX_NEXT_DONE ? STORE_SENT : STORE_FAILED;
}

static const enum log_level levels[] = {
    [WX_SEVERITY_INFO] = LOG_INFO,
    [WX_SEVERITY_WARNING] = LOG_WARN,
    [WX_SEVERITY_ERROR] = LOG_ERROR,
    [WX_SEVERITY_ALARM] = LOG_INFO, /* the alarm says it, once */
};

enum { NOT_FOLLOWING = 43004 };

/* 2 s after the first try, 4 s after the second … */
static int back_off_s(unsigned tries) {
    return 1 << (tries < BACK_OFF_STEPS ? tries : BACK_OFF_STEPS);
}

static void on_sent(void *data, const struct wx_result *result) {
    struct flight *flight = data;
    struct sender *sender = flight->sender;
    const struct wx_policy *policy = wx_class_policy(result->klass);
    int64_t now = time(NULL), pause = wx_class_pause(result->klass, result->errcode);
    struct store_settle outcome = {
        .outcome = outcome_of(policy),
        .errcode = result->errcode,
        .reason = result->reason,
        .msgid = result->msgid,
        .again = now + (pause ? pause : back_off_s(flight->tries)),
        .not_following = result->errcode == NOT_FOLLOWING,
    };
    if (result->uncertain)
        outcome.outcome = STORE_UNCERTAIN;
    else if (policy->bounded && flight->tries > LIMIT_API_BUSY_RETRIES)
        outcome.outcome = STORE_FAILED;
    if (policy->scope == WX_SCOPE_ACCOUNT)
        alarm_refused(&sender->alarm, result);
    if (policy->next == WX_NEXT_AGAIN)
        sender->more = false; /* what else waits comes with the tick, at its pace */
    if (outcome.outcome != STORE_SENT)
        log_line(levels[policy->severity], "account=%s openid=…%s try %u: %s %d: %s",
                 sender->account->config->name, log_openid(flight->to), flight->tries,
                 wx_class_name(result->klass), result->errcode, result->reason);
    settle(flight, outcome);
}

/* ---- sending ---- */

/* Of the reminder. */
static void streak_vars(struct flight *flight, const struct store_out *out, struct vars *vars) {
    struct account *account = flight->sender->account;
    unsigned day = account_plan_day(out->checkins + 1);
    char time_text[32];
    calendar_date_time(account->calendar, time(NULL), time_text);
    vars_number(vars, "streak", out->streak);
    vars_number(vars, "day", day);
    vars_number(vars, "days_left", PLAN_DAYS - day + 1);
    vars_text(vars, "time", talloc_strdup(flight, time_text));
    vars_text(vars, "url",
              account_course_url(flight, account, courses_of_day(account->courses, day)));
}

static struct question_words words_of(struct flight *flight) {
    return (struct question_words){flight, flight->sender->account, 0, time(NULL)};
}

/* Returns 0, or -1: what the store told of it is not right. */
static int notice_vars(struct flight *flight, const struct store_out *out, struct vars *vars) {
    const struct question_words words = words_of(flight);
    if (question_words_is(out->name))
        return question_words_notice(&words, out->name, out->body, vars);
    if (strcmp(out->name, notices_name(NOTICE_war_report)) == 0)
        return war_report_notice_vars(flight, out->body, vars);
    streak_vars(flight, out, vars);
    return 0;
}

static int send_notice(struct flight *flight, const struct store_out *out) {
    struct account *account = flight->sender->account;
    int notice = notices_find(out->name);
    const char *template_id = config_template_id(account->config, out->name);
    if (notice < 0 || !template_id || !notices_has(account->notices, (enum notice)notice))
        return WX_E_FIELD;
    char msg_id[WX_FINGERPRINT_SIZE];
    struct vars vars = {0};
    if (notice_vars(flight, out, &vars))
        return WX_E_FIELD;
    struct wx_template_message message = {.touser = out->to, .template_id = template_id};
    if (notices_render(flight, account->notices, (enum notice)notice, vars.list, vars.count,
                       &message))
        return WX_E_NOMEM;
    wx_fingerprint(out->id, strlen(out->id), msg_id);
    message.client_msg_id = msg_id;
    return wx_template_send(flight->sender->api, &message, on_sent, flight);
}

/* A notice in words of the account's own. */
static int send_text(struct flight *flight, const struct store_out *out) {
    const struct question_words words = words_of(flight);
    const struct wx_custom message = {
        .touser = out->to,
        .type = WX_CUSTOM_TEXT,
        .text = question_words_is(out->name)
                    ? question_words_plain(&words, out->name, out->body)
                    : war_report_notice_text(flight, words.account, out->body),
    };
    return message.text ? wx_custom_send(flight->sender->api, &message, on_sent, flight)
                        : WX_E_FIELD;
}

static int send_by_kind(struct flight *flight, const struct store_out *out) {
    if (strcmp(out->kind, "notice") == 0)
        return send_notice(flight, out);
    if (strcmp(out->kind, "text") == 0)
        return send_text(flight, out);
    return wx_api_call(flight->sender->api, WX_API_CUSTOM_SEND, out->body, on_sent, flight);
}

/* What never reached WeChat: a notice without a template_id cannot, the rest can later. */
static void settle_unsent(struct flight *flight, int error) {
    const char *reason =
        error == WX_E_FIELD ? "no such notice, no template_id for it, or a text WeChat would refuse"
                            : wx_error_text(error);
    log_line(LOG_ERROR, "account=%s %s not sent: %s", flight->sender->account->config->name,
             flight->id, reason);
    settle(flight, (struct store_settle){
                       .outcome = error == WX_E_FIELD ? STORE_FAILED : STORE_REST,
                       .reason = reason,
                       .again = time(NULL) + PAUSE_UNSENT_S,
                   });
}

static void send_out(struct sender *sender, const struct store_out *out) {
    struct flight *flight = talloc_zero(sender->worker, struct flight);
    if (!flight)
        return; /* the intent stands; taken over later */
    *flight = (struct flight){
        .sender = sender,
        .entry = talloc_strdup(flight, out->entry),
        .id = talloc_strdup(flight, out->id),
        .to = talloc_strdup(flight, out->to),
        .tries = out->tries,
    };
    if (!flight->entry || !flight->id || !flight->to) {
        talloc_free(flight);
        return;
    }
    sender->in_air++;
    int error = send_by_kind(flight, out);
    if (error)
        settle_unsent(flight, error);
}

/* Once, and once that it is over. */
static void tell_refusal(struct sender *sender, bool refused) {
    const char *account = sender->account->config->name;
    if (refused && !sender->refused)
        log_line(LOG_ERROR, "account=%s nothing is sent: %s", account,
                 store_refusal(sender->worker->store));
    else if (!refused && sender->refused)
        log_line(LOG_INFO, "account=%s sends go on", account);
    sender->refused = refused;
}

static void on_taken(void *data, int error, const struct store_out *outs, size_t count, bool more) {
    struct sender *sender = data;
    struct worker *worker = sender->worker;
    sender->taking = false;
    sender->more = more;
    if (error && error != STORE_E_ALARM) {
        if (error == STORE_E_REFUSED) /* that it is away the store has told the log */
            tell_refusal(sender, true);
        return;
    }
    tell_refusal(sender, false);
    if (error)
        alarm_rest(&sender->alarm);
    else
        alarm_over(&sender->alarm);
    if (!worker->ready) {
        worker->ready = true;
        log_line(LOG_INFO, "ready");
    }
    for (size_t i = 0; i < count; i++)
        send_out(sender, &outs[i]);
    take_more(sender);
}

/* 0, or when the quiet hours that are now will end. */
static int64_t quiet_until(const struct sender *sender, int64_t now) {
    const struct config_work *work = &sender->worker->config->work;
    struct calendar *calendar = sender->account->calendar;
    unsigned minute = calendar_minute(calendar, now);
    unsigned from = work->quiet_from_minute, to = work->quiet_to_minute;
    bool over_midnight = from > to;
    bool quiet = over_midnight ? minute >= from || minute < to : minute >= from && minute < to;
    if (!quiet)
        return 0;
    int64_t day = calendar_day(calendar, now)->number;
    return calendar_at(calendar, day + (over_midnight && minute >= from), to);
}

static void take(struct sender *sender) {
    struct worker *worker = sender->worker;
    int64_t now = time(NULL);
    if (sender->taking || sender->in_air >= worker->config->work.concurrency ||
        !store_ready(worker->store))
        return;
    struct store_turn turn = turn_of(sender, "");
    char work[64];
    workdays_recent(sender->account->workdays, turn.day, work);
    struct store_take take = {
        .most = worker->config->work.concurrency - sender->in_air,
        .daily_cap = worker->config->work.daily_cap,
        .quiet_until = quiet_until(sender, now),
        .claim_after_ms = worker->config->work.claim_after_s * 1000,
        .work = work,
        .plain = sender->plain,
    };
    sender->taking = true;
    store_take(worker->store, &turn, &take, on_taken, sender);
}

/* ---- the role ---- */

static unsigned in_air(const struct worker *worker) {
    unsigned sum = 0;
    for (unsigned i = 0; i < worker->senders_count; i++)
        sum += worker->senders[i].in_air + worker->senders[i].taking +
               worker->senders[i].alarm.busy + archivist_busy(worker->senders[i].archivist) +
               board_trim_busy(worker->senders[i].board_trim) +
               herald_busy(worker->senders[i].herald) + reporter_busy(worker->senders[i].reporter);
    return sum;
}

static void close_all(struct worker *worker) {
    uv_close((uv_handle_t *)&worker->tick, NULL);
    uv_close((uv_handle_t *)&worker->term, NULL);
    uv_close((uv_handle_t *)&worker->intr, NULL);
    wx_http_close(worker->http);
    for (unsigned i = 0; i < worker->senders_count; i++)
        token_share_close(worker->senders[i].token);
    store_close(worker->store);
}

static void on_tick(uv_timer_t *timer) {
    struct worker *worker = timer->data;
    if (worker->stopping) {
        if (in_air(worker) == 0 || uv_now(&worker->loop) >= worker->stop_at)
            close_all(worker);
        return;
    }
    for (unsigned i = 0; i < worker->senders_count; i++) {
        take(&worker->senders[i]);
        archivist_tick(worker->senders[i].archivist);
        board_trim_tick(worker->senders[i].board_trim);
        herald_tick(worker->senders[i].herald);
        reporter_tick(worker->senders[i].reporter);
    }
}

static void on_signal(uv_signal_t *signal, int number) {
    struct worker *worker = signal->data;
    if (worker->stopping)
        return;
    worker->stopping = true;
    worker->stop_at = uv_now(&worker->loop) + STOP_MS;
    for (unsigned i = 0; i < worker->senders_count; i++) {
        archivist_stop(worker->senders[i].archivist);
        herald_stop(worker->senders[i].herald);
        reporter_stop(worker->senders[i].reporter);
    }
    log_line(LOG_INFO, "%s: waiting for %u outcomes", strsignal(number), in_air(worker));
    uv_timer_start(&worker->tick, on_tick, 0, 20);
}

static void on_store_changed(void *data, bool ready, const char *sentence) {
    struct worker *worker = data;
    if (sentence)
        log_line(ready ? LOG_INFO : LOG_ERROR, "%s", sentence);
    if (ready && !worker->stopping) /* at once, whatever the tick */
        uv_timer_start(&worker->tick, on_tick, 0, worker->config->work.tick_ms);
}

static void catch_signal(struct worker *worker, uv_signal_t *handle, int number) {
    uv_signal_init(&worker->loop, handle);
    handle->data = worker;
    uv_signal_start(handle, on_signal, number);
}

/* Names of the notices for which there is no template. */
static char *plain_notices(void *ctx, const struct account *account) {
    char *names = talloc_strdup(ctx, "");
    for (int i = 0; names && i < NOTICE_COUNT; i++) {
        const char *name = notices_name((enum notice)i);
        if (!config_template_id(account->config, name) ||
            !notices_has(account->notices, (enum notice)i))
            names = talloc_asprintf_append(names, "%s%s", *names ? "," : "", name);
    }
    return names;
}

static int open_senders(struct worker *worker, const struct accounts *accounts) {
    worker->senders = talloc_zero_array(worker, struct sender, accounts->count);
    if (!worker->senders)
        return -1;
    const char *base = worker->config->api_base, *other = worker->config->api_base_fallback;
    if (other && wx_http_fallback(worker->http, base, other))
        return -1;
    for (unsigned i = 0; i < accounts->count; i++) {
        struct sender *sender = &worker->senders[i];
        sender->worker = worker;
        sender->account = &accounts->list[i];
        const struct config_account *config = sender->account->config;
        if (token_share_open(worker, &worker->loop, worker->store, config->name, config->appid,
                             &sender->token))
            return -1;
        struct wx_api_options options = {
            .base = worker->config->api_base,
            .appid = config->appid,
            .secret = config->secret,
            .share = token_share_wx(sender->token),
        };
        if (wx_api_open(worker, worker->http, &options, &sender->api))
            return -1;
        sender->alarm = (struct alarm_watch){
            .account = sender->account, .store = worker->store, .api = sender->api};
        sender->plain = plain_notices(worker, sender->account);
        sender->archivist = archivist_open(worker, &worker->loop, worker->store, sender->account);
        sender->board_trim = board_trim_open(worker, &worker->loop, worker->store, sender->account);
        sender->herald = herald_open(worker, &worker->loop, worker->store, sender->account);
        sender->reporter = reporter_open(worker, &worker->loop, worker->store, sender->account);
        if (!sender->plain || !sender->archivist || !sender->board_trim || !sender->herald ||
            !sender->reporter)
            return -1;
    }
    worker->senders_count = accounts->count;
    return 0;
}

static int work(const struct config *config, const struct accounts *accounts, int argc,
                char **argv) {
    (void)argc;
    (void)argv;
    log_role("work");
    void *ctx = talloc_named_const(NULL, 0, "work");
    struct worker *worker = talloc_zero(ctx, struct worker);
    const char *reason = "out of memory";
    if (!worker)
        return 1;
    worker->config = config;
    uv_loop_init(&worker->loop);
    struct store_options options = {
        .address = config->redis,
        .password = config->redis_password,
        .changed = on_store_changed,
        .data = worker,
    };
    if (wx_http_open(worker, &worker->loop, &worker->http, &reason) ||
        store_open(ctx, &worker->loop, &options, &worker->store) ||
        open_senders(worker, accounts)) {
        log_line(LOG_ERROR, "cannot start: %s", reason);
        return 1;
    }
    catch_signal(worker, &worker->term, SIGTERM);
    catch_signal(worker, &worker->intr, SIGINT);
    uv_timer_init(&worker->loop, &worker->tick);
    worker->tick.data = worker;
    uv_timer_start(&worker->tick, on_tick, 0, config->work.tick_ms);
    uv_run(&worker->loop, UV_RUN_DEFAULT);
    log_line(LOG_INFO, "stopped");
    uv_loop_close(&worker->loop);
    talloc_free(ctx);
    return 0;
}

const struct command work_command = {
    .name = "work",
    .arguments = "",
    .purpose = "send what is due: reminders, late replies; archive the ledger; report on schedule",
    .secrets = true,
    .redis = true,
    .run = work,
};
