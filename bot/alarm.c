#include "bot/alarm.h"

#include "bot/log.h"
#include "store/alarm.h"
#include "wx/api.h"

#include <stdio.h>
#include <time.h>

#define PROBE_S 60

static struct store_turn turn_of(const struct alarm_watch *watch) {
    return (struct store_turn){
        .account = watch->account->config->name,
        .openid = "",
        .id = "",
        .now = time(NULL),
    };
}

static const char *name_of(const struct alarm_watch *watch) {
    return watch->account->config->name;
}

/* ---- raising ---- */

/* A take that was under way before is answered before, so that alarm_over() now means what it
 * says. */
static void on_raised(void *data, int error, int64_t is_new) {
    struct alarm_watch *watch = data;
    watch->busy = false;
    if (error)
        return; /* then nothing can be taken either; the next refusal raises it */
    if (is_new)
        log_line(LOG_ERROR,
                 "account=%s ALARM: WeChat refuses the account: %d %s; all its sends "
                 "rest until that is mended (day21 alarm %s)",
                 name_of(watch), watch->errcode, watch->reason, name_of(watch));
    watch->resting = true;
}

static void raise_alarm(struct alarm_watch *watch, const struct wx_result *result) {
    struct store_turn turn = turn_of(watch);
    watch->busy = true;
    watch->errcode = result->errcode;
    snprintf(watch->reason, sizeof watch->reason, "%s", result->reason);
    store_alarm_raise(watch->store, &turn, wx_class_name(result->klass), watch->errcode,
                      watch->reason, PROBE_S, on_raised, watch);
}

void alarm_refused(struct alarm_watch *watch, const struct wx_result *result) {
    if (!watch->busy && !watch->resting)
        raise_alarm(watch, result);
}

/* ---- probing ---- */

static void on_cleared(void *data, int error, int64_t was_there) {
    struct alarm_watch *watch = data;
    watch->busy = false;
    if (!error && was_there)
        log_line(LOG_INFO, "account=%s alarm over: WeChat takes calls of the account again",
                 name_of(watch));
}

/* Any answer that neither concerns the account as such nor is to be asked for again (WeChat busy or
 * away, a token that died) shows it is mended: also "no menu", also "too many calls". */
static void on_probed(void *data, const struct wx_result *result) {
    struct alarm_watch *watch = data;
    struct store_turn turn = turn_of(watch);
    const struct wx_policy *policy = wx_class_policy(result->klass);
    if (policy->scope == WX_SCOPE_ACCOUNT)
        raise_alarm(watch, result);
    else if (policy->bounded)
        watch->busy = false;
    else
        store_alarm_clear(watch->store, &turn, on_cleared, watch);
}

static void on_seen(void *data, int error, const struct store_alarm *alarm) {
    struct alarm_watch *watch = data;
    watch->busy = false;
    if (error || !*alarm->klass)
        return;
    if (!watch->resting)
        log_line(LOG_WARN, "account=%s sends rest: there is an alarm, %lld %s", name_of(watch),
                 (long long)alarm->errcode, alarm->reason);
    watch->resting = true;
    if (!alarm->probe)
        return;
    wx_api_ask_again(watch->api);
    watch->busy = wx_api_call(watch->api, WX_API_MENU_GET, NULL, on_probed, watch) == 0;
}

void alarm_rest(struct alarm_watch *watch) {
    struct store_turn turn = turn_of(watch);
    if (watch->busy || watch->looked_at == turn.now)
        return;
    watch->looked_at = turn.now;
    watch->busy = true;
    store_alarm_see(watch->store, &turn, PROBE_S, on_seen, watch);
}

void alarm_over(struct alarm_watch *watch) {
    if (!watch->resting)
        return;
    watch->resting = false;
    wx_api_ask_again(watch->api);
    log_line(LOG_INFO, "account=%s sends go on", name_of(watch));
}
