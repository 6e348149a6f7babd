/* day21 alarm [ACCOUNT [clear]]: which accounts WeChat refuses, and why. Exit status 1 while there
 * is an alarm, so that a monitor needs no more than this command. `clear` lets the sends go on at
 * once; if WeChat still refuses, the alarm is back with the first of them. */

#include "bot/command.h"
#include "bot/session.h"
#include "store/alarm.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define UNKNOWN 2 /* exit status: whether there is an alarm */

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

static void on_seen(void *data, int error, const struct store_alarm *alarm) {
    struct session *session = data;
    session->result = alarm && *alarm->klass;
    if (session->result)
        print_alarm(session->turn.account, alarm);
    else if (alarm)
        printf("%s: no alarm\n", session->turn.account);
    session_done(session, error);
}

static int see(struct session *session) {
    store_alarm_see(session->store, &session->turn, 0, on_seen, session);
    if (session_wait(session))
        return UNKNOWN;
    return session->result ? 1 : 0;
}

static int clear(struct session *session) {
    store_alarm_clear(session->store, &session->turn, session_done_result, session);
    if (session_wait(session))
        return UNKNOWN;
    printf("%s: %s\n", session->turn.account,
           session->result ? "alarm cleared, sends go on" : "no alarm");
    return 0;
}

static int with_session(const struct config *config, struct account *account,
                        int (*run)(struct session *session)) {
    struct session *session = session_open(config, account);
    if (!session)
        return UNKNOWN;
    int status = run(session);
    session_close(session);
    return status;
}

static int alarm_run(const struct config *config, const struct accounts *accounts, int argc,
                     char **argv) {
    if (argc > 1 && strcmp(argv[1], "clear") != 0) {
        fprintf(stderr, "day21: alarm knows clear, not %s\n", argv[1]);
        return UNKNOWN;
    }
    if (argc > 0) {
        struct account *account = command_account(accounts, argv[0]);
        return account ? with_session(config, account, argc > 1 ? clear : see) : UNKNOWN;
    }
    int status = 0;
    for (unsigned i = 0; i < accounts->count && status != UNKNOWN; i++) {
        int seen = with_session(config, &accounts->list[i], see);
        if (seen)
            status = seen;
    }
    return status;
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
