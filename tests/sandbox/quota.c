#include "quota.h"

#include "bot/config.h"
#include "shelf.h"

#include <string.h>
#include <time.h>

#define CLEARS_MOST 10 /* a month */

/* WeChat's days and months are Beijing's. */
static int64_t beijing_s(const struct world *world) {
    return world_now_ms(world) / 1000 + 8 * 3600;
}

/* Forgets what was counted in another period. */
static void turn(json_t *counts, int64_t *period, int64_t now) {
    if (*period != now)
        json_object_clear(counts);
    *period = now;
}

static void turn_both(struct account *account) {
    int64_t now = beijing_s(account->world);
    turn(account->used, &account->used_day, now / 86400);
    turn(account->minutes, &account->used_minute, now / 60);
}

static json_int_t count(json_t *counts, const char *name) {
    json_int_t used = value_integer(counts, name, 0) + 1;
    if (json_object_set_new(counts, name, json_integer(used)))
        must(NULL);
    return used;
}

int quota_take(const struct call *call, const struct endpoint *endpoint) {
    struct account *account = call->account;
    turn_both(account);
    if (endpoint->daily && count(account->used, endpoint->name) > endpoint->daily)
        return 45009;
    if (endpoint->minute && count(account->minutes, endpoint->name) > endpoint->minute)
        return 45011;
    return 0;
}

/* ---- quota/get ---- */

void quota_get(struct call *call) {
    const char *path = value_string(call->body, "cgi_path");
    const struct endpoint *endpoint = *path == '/' ? endpoint_find(path + 1) : NULL;
    if (!strncmp(path, "/sns/", 5)) {
        call_refuse(call, 76022, NULL);
        return;
    }
    if (!endpoint) {
        call_refuse(call, 76021, NULL);
        return;
    }
    turn_both(call->account);
    json_int_t used = value_integer(call->account->used, endpoint->name, 0);
    json_int_t left = endpoint->daily > used ? endpoint->daily - used : 0;
    json_t *answer =
        must(json_pack("{s{sI sI sI}}", "quota", "daily_limit", endpoint->daily, "used",
                       used < endpoint->daily ? used : endpoint->daily, "remain", left));
    if (endpoint->minute && json_object_set_new(answer, "rate_limit",
                                                json_pack("{sI si}", "call_count", endpoint->minute,
                                                          "refresh_second", 60)))
        must(NULL);
    call_give_ok(call, answer);
}

/* ---- clear_quota ---- */

static void clear(struct call *call) {
    time_t now = (time_t)beijing_s(call->world);
    struct tm date;
    char month[16];
    strftime(month, sizeof month, "%Y-%m", gmtime_r(&now, &date));
    json_int_t cleared = value_integer(shelf_get(call->account, "clears", month), "count", 0);
    if (cleared >= CLEARS_MOST) {
        call_refuse(call, 48006, NULL);
        return;
    }
    shelf_put(call->account, "clears", month, json_pack("{sI}", "count", cleared + 1));
    json_object_clear(call->account->used);
    call_accept(call, 0);
}

void quota_clear(struct call *call) {
    if (strcmp(value_string(call->body, "appid"), call->account->config->appid) != 0)
        call_refuse(call, 40013, NULL);
    else
        clear(call);
}

/* The one that works when tokens themselves are used up. */
void quota_clear_v2(struct call *call) {
    const char *secret = value_string(call->body, "appsecret");
    if (!call->account)
        call_refuse(call, 40013, NULL);
    else if (!*secret)
        call_refuse(call, 41004, NULL);
    else if (!call->account->config->secret || strcmp(call->account->config->secret, secret) != 0)
        call_refuse(call, 40125, NULL);
    else
        clear(call);
}
