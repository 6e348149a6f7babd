/* day21 doctor [ACCOUNT…]: looks at an installation and its accounts from end to end, and says of
 * each finding what to do. It changes nothing. */

#include "bot/ask.h"
#include "bot/command.h"
#include "store/health.h"
#include "wx/crypto.h"
#include "wx/quota.h"

#include <inttypes.h>
#include <jansson.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

enum verdict { OK, WARN, FAIL };

struct doctor {
    void *ctx; /* of one account's findings */
    const struct account *account;
    struct ask *ask;
    unsigned counts[3];
};

/* ACCOUNT stands for the account's name, so that a command can be typed as it is shown. */
static void print_todo(const struct doctor *doctor, const char *todo) {
    static const char word[] = "ACCOUNT";
    const char *at = doctor->account ? strstr(todo, word) : NULL;
    int before = at ? (int)(at - todo) : (int)strlen(todo);
    printf("  %-4s  %-12s -> %.*s%s%s\n", "", "", before, todo,
           at ? doctor->account->config->name : "", at ? at + strlen(word) : "");
}

/* One finding: what it is about, what was found, and unless it is fine what to do. */
static void find(struct doctor *doctor, enum verdict verdict, const char *about, const char *todo,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

static void find(struct doctor *doctor, enum verdict verdict, const char *about, const char *todo,
                 const char *format, ...) {
    static const char *const names[] = {"ok", "warn", "FAIL"};
    va_list arguments;
    doctor->counts[verdict]++;
    printf("  %-4s  %-12s ", names[verdict], about);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    if (todo)
        print_todo(doctor, todo);
}

/* ---- Redis ---- */

struct redis_look {
    struct doctor *doctor;
    struct store *store;
    uv_timer_t timer;
    const char *address;
    unsigned left; /* polls until it is given up */
    bool asked;
};

enum { POLL_MS = 50, POLLS = 60 };

static void end_look(struct redis_look *look) {
    uv_close((uv_handle_t *)&look->timer, NULL);
    store_close(look->store);
}

static void judge_fsync(struct doctor *doctor, const struct store_health *health) {
    if (!health->appendonly)
        find(doctor, FAIL, "durability", "redis.conf: appendonly yes (as in config/redis.conf)",
             "Redis keeps no append-only file: what is in it is lost when it stops");
    else if (strcmp(health->fsync, "always") == 0 && health->lax)
        find(doctor, WARN, "durability",
             "redis.conf: no-appendfsync-on-rewrite no (as in config/redis.conf)",
             "no fsync while the append-only file is rewritten");
    else if (strcmp(health->fsync, "always") == 0)
        find(doctor, OK, "durability", NULL, "append-only file, fsync before each answer");
    else if (!*health->fsync)
        find(doctor, WARN, "durability", "ask whoever runs it for appendfsync always",
             "Redis does not tell how it syncs its append-only file");
    else
        find(doctor, WARN, "durability", "redis.conf: appendfsync always (as in config/redis.conf)",
             "appendfsync %s: a power failure takes what was just answered", health->fsync);
}

/* What is less than half, or more than twice, of what was measured. */
static void judge_packing(struct doctor *doctor, const struct store_health *health) {
    static const struct {
        const char *name;
        int64_t advised;
    } settings[] = {
#define X(name, advised) {name, advised},
        STORE_PACKED(X)
#undef X
    };
    char *is = talloc_strdup(doctor->ctx, ""), *todo = talloc_strdup(doctor->ctx, "");
    for (int i = 0; is && todo && i < STORE_PACKED_COUNT; i++) {
        int64_t value = health->packed[i], advised = settings[i].advised;
        if (!value || (value >= advised / 2 && value <= advised * 2))
            continue;
        const char *comma = *is ? ", " : "";
        is = talloc_asprintf_append(is, "%s%s %" PRId64, comma, settings[i].name, value);
        todo = talloc_asprintf_append(todo, "%s%s %" PRId64, comma, settings[i].name, advised);
    }
    if (is && todo && *is)
        find(doctor, WARN, "packing",
             talloc_asprintf(doctor->ctx, "redis.conf: %s (as in config/redis.conf)", todo),
             "%s: more memory or time than need be", is);
}

static void judge_disk(struct doctor *doctor, const struct store_health *health) {
    static const char todo[] = "look into Redis' log and at the space left on its disk";
    if (!health->written || !health->rewritten)
        find(doctor, FAIL, "disk", todo, "the last %s of the append-only file failed",
             health->written ? "rewrite" : "write");
    else if (!health->saved)
        find(doctor, FAIL, "disk", "redis.conf: save \"\" (as in config/redis.conf)",
             "the last snapshot failed, and until one succeeds Redis may refuse to write");
    else
        find(doctor, OK, "disk", NULL, "its last writes went well");
}

static void judge_memory(struct doctor *doctor, const struct store_health *health) {
    bool keeps = strcmp(health->policy, "noeviction") == 0;
    if (!keeps)
        find(doctor, FAIL, "memory", "redis.conf: maxmemory-policy noeviction",
             "maxmemory-policy %s: when memory is full it forgets learners", health->policy);
    else if (health->most_memory && health->memory > health->most_memory / 10 * 9)
        find(doctor, WARN, "memory", "raise maxmemory, or give it a larger machine",
             "%" PRId64 " of %" PRId64 " MB used", health->memory >> 20, health->most_memory >> 20);
    else if (!health->most_memory && health->machine && health->memory > health->machine / 2)
        find(doctor, WARN, "memory", "set maxmemory, and give it a larger machine",
             "%" PRId64 " MB used, with no limit but the machine's %" PRId64 " MB",
             health->memory >> 20, health->machine >> 20);
    else
        find(doctor, OK, "memory", NULL, "%" PRId64 " MB used, and nothing is thrown away",
             health->memory >> 20);
}

static void judge(struct doctor *doctor, const struct store_health *health) {
    find(doctor, OK, "reachable", NULL, "Redis %s", health->version);
    judge_fsync(doctor, health);
    judge_packing(doctor, health);
    judge_disk(doctor, health);
    judge_memory(doctor, health);
}

static void on_health(void *data, int error, const struct store_health *health) {
    struct redis_look *look = data;
    if (error)
        find(look->doctor, FAIL, "reachable", "look into Redis' log", "%s",
             store_error_text(error));
    else
        judge(look->doctor, health);
    end_look(look);
}

static void on_poll(uv_timer_t *timer) {
    struct redis_look *look = timer->data;
    if (look->asked)
        return;
    if (store_ready(look->store)) {
        look->asked = true;
        store_health(look->store, on_health, look);
        return;
    }
    const struct store_trouble *trouble = store_trouble(look->store);
    if ((!trouble || trouble->passing) && look->left-- > 0)
        return;
    if (trouble)
        find(look->doctor, FAIL, "reachable", trouble->todo, "%s", trouble->what);
    else
        find(look->doctor, FAIL, "reachable", "look whether it runs, and into its log",
             "Redis at %s does not answer", look->address);
    end_look(look);
}

static void look_at_redis(struct doctor *doctor, const struct config *config) {
    uv_loop_t loop;
    struct redis_look look = {.doctor = doctor, .address = config->redis, .left = POLLS};
    struct store_options options = {.address = config->redis, .password = config->redis_password};
    printf("Redis\n");
    uv_loop_init(&loop);
    if (store_open(doctor->ctx, &loop, &options, &look.store)) {
        find(doctor, FAIL, "reachable", NULL, "out of memory");
    } else {
        uv_timer_init(&loop, &look.timer);
        look.timer.data = &look;
        uv_timer_start(&look.timer, on_poll, 0, POLL_MS);
        uv_run(&loop, UV_RUN_DEFAULT);
    }
    uv_loop_close(&loop);
}

/* ---- the AppSecret ---- */

/* That nobody else may read the file has been seen to when it was read (config_secrets()). */
static void look_at_secret(struct doctor *doctor) {
    const char *path = doctor->account->config->secret_file;
    struct stat about;
    if (!path) {
        find(doctor, OK, "secret", NULL, "the AppSecret comes from the environment");
        return;
    }
    char *directory = talloc_strdup(doctor->ctx, path);
    const char *parent = directory ? dirname(directory) : ".";
    if (stat(parent, &about) == 0 && (about.st_mode & (S_IWGRP | S_IWOTH)))
        find(doctor, WARN, "secret", "chmod 700 the directory", "others may replace files in %s",
             parent);
    else
        find(doctor, OK, "secret", NULL, "only its owner may read %s", path);
}

/* ---- the working days ---- */

static void look_at_calendar(struct doctor *doctor) {
    const struct account *account = doctor->account;
    int64_t today = calendar_day(account->calendar, time(NULL))->number;
    const char *warning = workdays_warning(doctor->ctx, account->workdays, today);
    if (warning)
        find(doctor, WARN, "calendar",
             "put in the State Council's notice (www.gov.cn, 部分节假日安排)", "%s", warning);
    else
        find(doctor, OK, "calendar", NULL, "it has what was announced");
}

/* ---- WeChat ---- */

static struct wx_result ask(struct doctor *doctor, enum wx_endpoint endpoint, const char *json) {
    return ask_wechat(doctor->ctx, doctor->ask, endpoint, json, NULL);
}

/* What to do about what WeChat says to our credentials. */
static const struct {
    int errcode;
    const char *todo;
} remedies[] = {
    {40164, "mp.weixin.qq.com, 设置与开发 → 基本配置 → IP白名单: add the address named above"},
    {40013, "compare appid in the config with 设置与开发 → 基本配置 → 开发者ID"},
    {40125, "the AppSecret is another: 基本配置 → 重置, then put the new one into its file"},
    {40001, "the AppSecret is another: 基本配置 → 重置, then put the new one into its file"},
    {40243, "the AppSecret is frozen: 基本配置 → 解冻"},
    {89503, "the account's administrator must confirm this address on their phone"},
    {89506, "the administrator refused this address twice: ask them, and wait for 24 hours"},
    {89507, "the administrator refused this address: ask them, and wait for an hour"},
    {45009, "wait until midnight in Beijing, or: day21 wx ACCOUNT quota clear v2"},
};

static const char *remedy_of(const struct wx_result *result) {
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
        if (remedies[i].errcode == result->errcode)
            return remedies[i].todo;
    if (result->error == WX_E_API)
        return "look the errcode up in WeChat's documentation (全局返回码)";
    return "this machine must reach api_base: look at DNS, firewall, CA certificates";
}

static void refuse(struct doctor *doctor, const char *about, const struct wx_result *result) {
    if (result->error == WX_E_API)
        find(doctor, FAIL, about, remedy_of(result), "WeChat: %d %s", result->errcode,
             result->reason);
    else
        find(doctor, FAIL, about, remedy_of(result), "%s: %s", wx_error_text(result->error),
             result->reason);
}

static void judge_clock(struct doctor *doctor, int64_t date, int64_t now) {
    int64_t off = now - date, window = doctor->account->installation->timestamp_window;
    if (date == 0)
        find(doctor, WARN, "clock", "compare it by hand: date -u", "WeChat's answer has no date");
    else if (llabs(off) * 2 > window)
        find(doctor, FAIL, "clock", "set the clock: timedatectl set-ntp true",
             "%" PRId64 " s off WeChat's: its messages will be refused", off);
    else if (llabs(off) > 5)
        find(doctor, WARN, "clock", "let it be set: timedatectl set-ntp true",
             "%" PRId64 " s off WeChat's", off);
    else
        find(doctor, OK, "clock", NULL, "as WeChat's");
}

/* Returns whether it is worth asking on. */
static bool look_at_credentials(struct doctor *doctor) {
    int64_t before = time(NULL);
    struct wx_result result = ask(doctor, WX_API_STABLE_TOKEN, NULL);
    if (result.error) {
        refuse(doctor, result.errcode == 40164 ? "IP list" : "credentials", &result);
        return false;
    }
    find(doctor, OK, "credentials", NULL, "WeChat takes AppID, AppSecret and this address");
    judge_clock(doctor, result.date, before + (time(NULL) - before) / 2);
    return true;
}

/* Our own look at the callback, by the way WeChat takes: WeChat's check of a server. */
static void look_at_callback(struct doctor *doctor) {
    const struct config_account *config = doctor->account->config;
    char timestamp[24], echo[48], signature[WX_SIGNATURE_SIZE];
    snprintf(timestamp, sizeof timestamp, "%" PRId64, (int64_t)time(NULL));
    snprintf(echo, sizeof echo, "%d%s", (int)getpid(), timestamp);
    wx_sign((const char *const[]){config->token, timestamp, echo}, 3, signature);
    char *url = talloc_asprintf(doctor->ctx, "%s/wx/%s", doctor->account->installation->public_url,
                                config->name);
    char *query = talloc_asprintf(doctor->ctx, "%s?signature=%s&timestamp=%s&nonce=%s&echostr=%s",
                                  url, signature, timestamp, echo, echo);
    struct wx_http_response response = ask_url(doctor->ctx, doctor->ask, query);
    static const char todo[] = "is day21 serve running, nginx before it, and public_url right?";
    if (response.error)
        find(doctor, FAIL, "callback", todo, "%s: %s", url, response.reason);
    else if (response.status != 200 || strcmp(response.body, echo) != 0)
        find(doctor, FAIL, "callback", todo, "%s answers a check with status %ld", url,
             response.status);
    else
        find(doctor, OK, "callback", NULL, "%s answers", url);
}

/* WeChat's look at it: from where it could be reached. */
static void look_from_wechat(struct doctor *doctor) {
    struct wx_result result = ask(doctor, WX_API_CALLBACK_CHECK, NULL);
    if (result.error) {
        find(doctor, WARN, "from WeChat", "look it up: 网络通信检测", "WeChat: %d %s",
             result.errcode, result.reason);
        return;
    }
    json_t *root = json_loads(result.body, 0, NULL), *one;
    size_t i, reached = 0, count = json_array_size(json_object_get(root, "ping"));
    json_array_foreach(json_object_get(root, "ping"), i, one) {
        const char *loss = json_string_value(json_object_get(one, "package_loss"));
        reached += loss && strcmp(loss, "0%") == 0;
    }
    if (count && reached == count)
        find(doctor, OK, "from WeChat", NULL, "WeChat reaches the callback from %zu networks",
             count);
    else
        find(doctor, WARN, "from WeChat",
             "open the firewall to the addresses of: day21 wx ACCOUNT callback ip",
             "WeChat reaches the callback from %zu of %zu networks", reached, count);
    json_decref(root);
}

/* ---- what WeChat has of us ---- */

static bool same_text(const json_t *ours, const json_t *theirs, const char *name) {
    const char *left = json_string_value(json_object_get(ours, name));
    const char *right = json_string_value(json_object_get(theirs, name));
    return strcmp(left ? left : "", right ? right : "") == 0;
}

/* WeChat adds an empty sub_button to each button that has none. */
static bool same_buttons(const json_t *ours, const json_t *theirs) {
    static const char *const texts[] = {"name", "type", "key", "url"};
    size_t count = json_array_size(ours);
    bool same = count == json_array_size(theirs);
    for (size_t i = 0; same && i < count; i++) {
        const json_t *left = json_array_get(ours, i), *right = json_array_get(theirs, i);
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
            same = same && same_text(left, right, texts[j]);
        const json_t *below = json_object_get(left, "sub_button");
        same = same && (!json_array_size(below)
                            ? !json_array_size(json_object_get(right, "sub_button"))
                            : same_buttons(below, json_object_get(right, "sub_button")));
    }
    return same;
}

enum { NO_MENU = 46003 };

static void look_at_menu(struct doctor *doctor) {
    struct wx_result result = ask(doctor, WX_API_MENU_GET, NULL);
    static const char todo[] = "day21 menu push ACCOUNT";
    if (result.errcode == NO_MENU) {
        find(doctor, WARN, "menu", todo, "WeChat has none for this account");
        return;
    }
    if (result.error) {
        refuse(doctor, "menu", &result);
        return;
    }
    json_t *ours = json_loads(menu_json(doctor->account->menu), 0, NULL);
    json_t *theirs = json_loads(result.body, 0, NULL);
    if (same_buttons(json_object_get(ours, "button"),
                     json_object_get(json_object_get(theirs, "menu"), "button")))
        find(doctor, OK, "menu", NULL, "as in the pack");
    else
        find(doctor, WARN, "menu", todo, "WeChat has another than the pack");
    json_decref(ours);
    json_decref(theirs);
}

static bool has_template(const json_t *list, const char *id) {
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) {
        const char *has = json_string_value(json_object_get(one, "template_id"));
        if (has && strcmp(has, id) == 0)
            return true;
    }
    return false;
}

static void look_at_templates(struct doctor *doctor) {
    const struct config_account *config = doctor->account->config;
    struct wx_result result = ask(doctor, WX_API_TEMPLATE_LIST, NULL);
    if (result.error) {
        refuse(doctor, "templates", &result);
        return;
    }
    json_t *root = json_loads(result.body, 0, NULL);
    const json_t *list = json_object_get(root, "template_list");
    for (int i = 0; i < NOTICE_COUNT; i++) {
        const char *name = notices_name((enum notice)i);
        const char *id = config_template_id(config, name);
        if (!id)
            find(doctor, WARN, "templates", "choose one at WeChat, and name it in the config",
                 "%s has no template: no template message is sent for it", name);
        else if (!has_template(list, id))
            find(doctor, FAIL, "templates", "day21 wx ACCOUNT template list shows those there are",
                 "WeChat has no template %s for %s", id, name);
        else
            find(doctor, OK, "templates", NULL, "%s has one", name);
    }
    json_decref(root);
}

static void look_at_quota(struct doctor *doctor, enum wx_endpoint endpoint) {
    const struct wx_endpoint_info *info = wx_endpoint_info(endpoint);
    char *json = talloc_asprintf(doctor->ctx, "{\"cgi_path\":\"%s\"}", info->path);
    struct wx_result result = ask(doctor, WX_API_QUOTA, json);
    struct wx_quota quota;
    static const char todo[] =
        "wait until midnight in Beijing, or: day21 wx ACCOUNT quota clear "
        "(ten a month)";
    if (result.error)
        find(doctor, WARN, "quota", "look the errcode up", "%s: %d %s", info->name, result.errcode,
             result.reason);
    else if (wx_quota_read(result.body, &quota))
        find(doctor, WARN, "quota", "day21 wx ACCOUNT quota", "%s: WeChat names no numbers",
             info->name);
    else if (quota.remain <= 0)
        find(doctor, FAIL, "quota", todo, "%s: all %" PRId64 " of today are used", info->name,
             quota.daily_limit);
    else
        find(doctor, quota.remain < quota.daily_limit / 10 ? WARN : OK, "quota",
             quota.remain < quota.daily_limit / 10 ? todo : NULL,
             "%s: %" PRId64 " of %" PRId64 " left today", info->name, quota.remain,
             quota.daily_limit);
}

static void look_at_account(struct doctor *doctor) {
    static const enum wx_endpoint main_endpoints[] = {WX_API_TEMPLATE_SEND, WX_API_CUSTOM_SEND,
                                                      WX_API_MENU_CREATE};
    printf("%s\n", doctor->account->config->name);
    look_at_secret(doctor);
    look_at_calendar(doctor);
    look_at_callback(doctor);
    if (!look_at_credentials(doctor))
        return; /* to every other question WeChat would say the same */
    look_from_wechat(doctor);
    look_at_menu(doctor);
    look_at_templates(doctor);
    for (size_t i = 0; i < sizeof main_endpoints / sizeof *main_endpoints; i++)
        look_at_quota(doctor, main_endpoints[i]);
}

static int visit(struct doctor *doctor, const struct account *account) {
    doctor->ctx = talloc_new(NULL);
    doctor->account = account;
    int error = ask_open(doctor->ctx, account, &doctor->ask);
    if (!error)
        look_at_account(doctor);
    talloc_free(doctor->ctx);
    return error;
}

static int doctor_run(const struct config *config, const struct accounts *accounts, int argc,
                      char **argv) {
    struct doctor doctor = {0};
    for (int i = 0; i < argc; i++)
        if (!command_account(accounts, argv[i]))
            return 2;
    doctor.ctx = talloc_new(NULL);
    look_at_redis(&doctor, config);
    talloc_free(doctor.ctx);
    int error = 0;
    for (unsigned i = 0; !error && i < accounts->count; i++) {
        bool named = argc == 0;
        for (int j = 0; j < argc; j++)
            named = named || strcmp(argv[j], accounts->list[i].config->name) == 0;
        if (named)
            error = visit(&doctor, &accounts->list[i]);
    }
    printf("%u ok, %u to look at, %u to mend\n", doctor.counts[OK], doctor.counts[WARN],
           doctor.counts[FAIL]);
    return error || doctor.counts[FAIL] ? 1 : 0;
}

const struct command doctor_command = {
    .name = "doctor",
    .arguments = "[ACCOUNT...]",
    .purpose = "look at Redis, WeChat and the accounts, and say what to mend",
    .max = 64,
    .secrets = true,
    .redis = true,
    .run = doctor_run,
};
