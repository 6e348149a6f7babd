/* day21 report ACCOUNT [day|week|month] [--now] [--picture FILE]: the war report of the last
 * period that is over, or of the one that is now. */

#include "bot/command.h"
#include "bot/options.h"
#include "bot/session.h"
#include "bot/war_report_gather.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct wanted {
    enum war_report_period period;
    bool now;
    const char *picture; /* file; NULL: none */

    struct session *session;
    uint32_t seed; /* the day, so that the same report reads the same */
    int status;
};

static int draw(const struct wanted *wanted, const struct war_report *report) {
    struct picture_png png;
    if (war_report_picture(wanted->session, wanted->session->account->copy, wanted->seed, report,
                           &png)) {
        fputs("day21: the picture cannot be drawn\n", stderr);
        return 1;
    }
    if (picture_save(&png, wanted->picture)) {
        fprintf(stderr, "day21: %s: %s\n", wanted->picture, strerror(errno));
        return 1;
    }
    if (png.unknown > 0)
        fprintf(stderr,
                "day21: %u characters are in no installed font and stand as 〓; are "
                "fonts-noto-cjk and fonts-noto-color-emoji installed?\n",
                png.unknown);
    return 0;
}

/* As it reads in chat: a link by its words. A "<" of a name is another character. */
static void print(const char *text) {
    while (*text) {
        size_t length = strcspn(text, "<");
        fwrite(text, 1, length, stdout);
        text += length;
        text += strcspn(text, ">");
        text += *text == '>';
    }
    putchar('\n');
}

static int show(const struct wanted *wanted, const struct war_report *report) {
    struct session *session = wanted->session;
    char *text = war_report_text(session, session->account->copy, wanted->seed, report, NULL);
    if (!text)
        return 1;
    print(text);
    return wanted->picture ? draw(wanted, report) : 0;
}

static void on_gathered(void *data, int error, const struct war_report *report) {
    struct wanted *wanted = data;
    wanted->status = error ? 1 : show(wanted, report);
    session_done(wanted->session, error);
}

static int parse(int argc, char **argv, struct wanted *wanted) {
    static const char *const periods[] = {"day", "week", "month"};
    const struct options options[] = {
        {"--now", .given = &wanted->now}, {"--picture", .text = &wanted->picture}, {NULL}};
    int words = options_take(options, argc, argv);
    wanted->period = WAR_REPORT_WEEK;
    for (int p = 0; words == 2 && p < 3; p++)
        if (strcmp(argv[1], periods[p]) == 0) {
            wanted->period = (enum war_report_period)p;
            return 0;
        }
    return words == 1 ? 0 : -1;
}

static int report(const struct config *config, const struct accounts *accounts, int argc,
                  char **argv) {
    struct wanted wanted = {0};
    if (parse(argc, argv, &wanted)) {
        fprintf(stderr, "usage: day21 [-c FILE] report %s\n", report_command.arguments);
        return 2;
    }
    struct account *account = command_account(accounts, argv[0]);
    struct session *session = account ? session_open(config, account) : NULL;
    if (!session)
        return 1;
    wanted.session = session;
    struct war_report_query query = {wanted.period, session->turn.day, NULL};
    if (!wanted.now)
        query.day = war_report_last_day(wanted.period, query.day);
    wanted.seed = (uint32_t)query.day;
    war_report_gather(session, session->store, account, &query, on_gathered, &wanted);
    int status = session_wait(session) ? 1 : wanted.status;
    session_close(session);
    return status;
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
