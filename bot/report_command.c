/* day21 report ACCOUNT [day|week|month] [--now] [--picture FILE]: the war report of the last
 * period that is over, or of the one that is now. */

#include "bot/command.h"
#include "bot/war_report_gather.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <uv.h>

#define WAIT_MS 15000

struct wanted {
    enum war_report_period period;
    bool now;
    const char *picture; /* file; NULL: none */

    struct account *account;
    uint32_t seed; /* the day, so that the same report reads the same */
    bool called;
    int status;
};

static int parse(struct wanted *wanted, int argc, char **argv) {
    static const char *const periods[] = {"day", "week", "month"};
    wanted->period = WAR_REPORT_WEEK;
    for (int i = 1; i < argc; i++) {
        bool known = false;
        for (int p = 0; p < 3; p++)
            if (strcmp(argv[i], periods[p]) == 0) {
                wanted->period = (enum war_report_period)p;
                known = true;
            }
        if (strcmp(argv[i], "--now") == 0) {
            wanted->now = true;
        } else if (strcmp(argv[i], "--picture") == 0 && i + 1 < argc) {
            wanted->picture = argv[++i];
        } else if (!known) {
            fprintf(stderr, "day21 report: %s is none of day, week, month, --now, --picture FILE\n",
                    argv[i]);
            return -1;
        }
    }
    return 0;
}

static int draw(void *ctx, const struct wanted *wanted, const struct war_report *report) {
    struct picture_png png;
    if (war_report_picture(ctx, wanted->account->copy, wanted->seed, report, &png)) {
        fputs("day21 report: the picture cannot be drawn\n", stderr);
        return 1;
    }
    if (picture_save(&png, wanted->picture)) {
        fprintf(stderr, "day21 report: %s: %s\n", wanted->picture, strerror(errno));
        return 1;
    }
    if (png.unknown > 0)
        fprintf(stderr,
                "day21 report: %u characters are in no installed font and stand as 〓; are "
                "fonts-noto-cjk and fonts-noto-color-emoji installed?\n",
                png.unknown);
    return 0;
}

static void on_gathered(void *data, int error, const struct war_report *report) {
    struct wanted *wanted = data;
    wanted->called = true;
    wanted->status = 1;
    if (error) {
        fprintf(stderr, "day21 report: %s\n", store_error_text(error));
        return;
    }
    void *ctx = talloc_new(NULL);
    char *text = war_report_text(ctx, wanted->account->copy, wanted->seed, report, NULL);
    if (text) {
        puts(text);
        wanted->status = wanted->picture ? draw(ctx, wanted, report) : 0;
    }
    talloc_free(ctx);
}

static void on_patience(uv_timer_t *timer) {
    (void)timer; /* only wakes the loop */
}

static int gather(const struct config *config, struct wanted *wanted) {
    uv_loop_t loop;
    uv_timer_t patience;
    struct store *store;
    const struct store_options options = {.address = config->redis,
                                          .password = config->redis_password};
    uv_loop_init(&loop);
    if (store_open(NULL, &loop, &options, &store)) {
        fputs("day21 report: out of memory\n", stderr);
        return 1;
    }
    uv_timer_init(&loop, &patience);
    uv_timer_start(&patience, on_patience, 100, 100);
    uint64_t give_up_at = uv_now(&loop) + WAIT_MS;
    while (!store_ready(store) && uv_now(&loop) < give_up_at)
        uv_run(&loop, UV_RUN_ONCE);
    int64_t day = calendar_day(wanted->account->calendar, time(NULL))->number;
    if (!wanted->now)
        day = war_report_last_day(wanted->period, day);
    wanted->seed = (uint32_t)day;
    const struct war_report_query query = {wanted->period, day, NULL};
    void *ctx = talloc_new(NULL);
    war_report_gather(ctx, store, wanted->account, &query, on_gathered, wanted);
    while (!wanted->called)
        uv_run(&loop, UV_RUN_ONCE);
    talloc_free(ctx);
    store_close(store);
    uv_close((uv_handle_t *)&patience, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    return wanted->status;
}

static int report(const struct config *config, const struct accounts *accounts, int argc,
                  char **argv) {
    struct wanted wanted = {.account = command_account(accounts, argv[0])};
    if (!wanted.account)
        return 1;
    if (parse(&wanted, argc, argv))
        return 2;
    return gather(config, &wanted);
}

const struct command report_command = {
    .name = "report",
    .arguments = "ACCOUNT [day|week|month] [--now] [--picture FILE]",
    .purpose = "print the war report of the last week, day or month, or of the present one",
    .min = 1,
    .max = 5,
    .redis = true,
    .run = report,
};
