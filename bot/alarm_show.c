/* day21 alarm [ACCOUNT [clear]]: which accounts WeChat refuses, and why. Exit status 1 while there
 * is an alarm, so that a monitor needs no more than this command. `clear` lets the sends go on at
 * once; if WeChat still refuses, the alarm is back with the first of them. */

#include "bot/command.h"
#include "store/alarm.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <uv.h>

#define WAIT_MS 5000
#define POLL_MS 20

struct show {
    uv_loop_t loop;
    uv_timer_t timer;
    struct store *store;
    const struct accounts *accounts;
    const struct account *only; /* NULL: all of them */
    bool clear;
    unsigned next; /* account to be asked about */
    bool asking;
    uint64_t give_up_at;
    int status;
};

/* What an operator does about it. */
static const struct hint {
    int errcode;
    const char *text;
} hints[] = {
    {40164, "add the address WeChat names to the account's IP allow list"},
    {40013, "the appid in the config is not the account's"},
    {40001, "the AppSecret is not the account's: was it reset?"},
    {40125, "the AppSecret is not the account's: was it reset?"},
    {40243, "the AppSecret is frozen: unfreeze it, or reset it and give it to day21"},
    {89503, "an administrator of the account must confirm this address"},
};

static void print_alarm(const char *name, const struct store_alarm *alarm) {
    char since[32];
    struct tm local;
    time_t at = (time_t)alarm->since;
    strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S", localtime_r(&at, &local));
    printf("%s: ALARM since %s, refused %lld times: %lld %s\n", name, since,
           (long long)alarm->count, (long long)alarm->errcode, alarm->reason);
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (hints[i].errcode == alarm->errcode)
            printf("  %s\n", hints[i].text);
    printf(
        "  All sends of the account rest. WeChat is asked once a minute, and they go on when it "
        "is mended;\n  day21 alarm %s clear lets them go on at once.\n",
        name);
}

static void end(struct show *show, const char *problem) {
    if (problem) {
        fprintf(stderr, "day21: %s\n", problem);
        show->status = 2;
    }
    uv_close((uv_handle_t *)&show->timer, NULL);
    store_close(show->store);
}

static const struct account *current(const struct show *show) {
    return show->only ? show->only : &show->accounts->list[show->next];
}

static bool is_closing(const struct show *show) {
    return uv_is_closing((const uv_handle_t *)&show->timer);
}

static void on_seen(void *data, int error, const struct store_alarm *alarm) {
    struct show *show = data;
    const char *name = current(show)->config->name;
    show->asking = false;
    if (error || is_closing(show))
        return;
    if (*alarm->klass) {
        print_alarm(name, alarm);
        show->status = 1;
    } else {
        printf("%s: no alarm\n", name);
    }
    show->next++;
}

static void on_cleared(void *data, int error, int64_t was_there) {
    struct show *show = data;
    show->asking = false;
    if (error || is_closing(show))
        return;
    printf("%s: %s\n", show->only->config->name,
           was_there ? "alarm cleared, sends go on" : "no alarm");
    show->next++;
}

static void on_poll(uv_timer_t *timer) {
    struct show *show = timer->data;
    if (show->next == (show->only ? 1 : show->accounts->count)) {
        end(show, NULL);
        return;
    }
    if (uv_now(&show->loop) >= show->give_up_at) {
        const struct store_trouble *trouble = store_trouble(show->store);
        end(show, trouble ? trouble->what : store_error_text(STORE_E_AWAY));
        return;
    }
    if (show->asking || !store_ready(show->store))
        return;
    struct store_turn turn = {
        .account = current(show)->config->name, .openid = "", .id = "", .now = time(NULL)};
    show->asking = true;
    if (show->clear)
        store_alarm_clear(show->store, &turn, on_cleared, show);
    else
        store_alarm_see(show->store, &turn, 0, on_seen, show);
}

static int run_show(const struct config *config, const struct accounts *accounts,
                    const struct account *only, bool clear) {
    struct show *show = talloc_zero(NULL, struct show);
    if (!show)
        return 2;
    show->accounts = accounts;
    show->only = only;
    show->clear = clear;
    uv_loop_init(&show->loop);
    struct store_options options = {.address = config->redis, .password = config->redis_password};
    if (store_open(show, &show->loop, &options, &show->store))
        return 2;
    uv_timer_init(&show->loop, &show->timer);
    show->timer.data = show;
    show->give_up_at = uv_now(&show->loop) + WAIT_MS;
    uv_timer_start(&show->timer, on_poll, 0, POLL_MS);
    uv_run(&show->loop, UV_RUN_DEFAULT);
    uv_loop_close(&show->loop);
    int status = show->status;
    talloc_free(show);
    return status;
}

static int alarm_run(const struct config *config, const struct accounts *accounts, int argc,
                     char **argv) {
    const struct account *only = NULL;
    if (argc > 1 && strcmp(argv[1], "clear") != 0) {
        fprintf(stderr, "day21: alarm knows clear, not %s\n", argv[1]);
        return 2;
    }
    if (argc > 0 && !(only = command_account(accounts, argv[0])))
        return 2;
    return run_show(config, accounts, only, argc > 1);
}

const struct command alarm_command = {
    .name = "alarm",
    .arguments = "[ACCOUNT [clear]]",
    .purpose = "which accounts WeChat refuses, and why",
    .min = 0,
    .max = 2,
    .redis = true,
    .run = alarm_run,
};
