/* day21 points VERB ACCOUNT …: the ledger, for operators. */

#include "bot/points_command.h"

#include "bot/command.h"

#include <stdio.h>
#include <string.h>

static const struct verb {
    const char *name;
    int (*run)(struct session *session, int argc, char **argv);
} verbs[] = {
    {"explain", points_explain}, {"flags", points_flags},   {"grant", points_grant},
    {"rebuild", points_rebuild}, {"replay", points_replay}, {"reverse", points_reverse},
};

static int points_run(const struct config *config, const struct accounts *accounts, int argc,
                      char **argv) {
    const struct verb *verb = verbs, *end = verbs + sizeof verbs / sizeof *verbs;
    while (verb < end && strcmp(argv[0], verb->name) != 0)
        verb++;
    if (verb == end) {
        fprintf(stderr, "day21: points can");
        for (verb = verbs; verb < end; verb++)
            fprintf(stderr, "%s %s", verb > verbs ? "," : "", verb->name);
        fprintf(stderr, "; not %s\n", argv[0]);
        return 2;
    }
    struct account *account = command_account(accounts, argv[1]);
    struct session *session = account ? session_open(config, account) : NULL;
    if (!session)
        return 1;
    int status = verb->run(session, argc - 2, argv + 2);
    session_close(session);
    return status;
}

const struct command points_command = {
    .name = "points",
    .arguments = "VERB ACCOUNT …",
    .purpose = "the ledger: explain, rebuild, replay, reverse, grant, flags",
    .min = 2,
    .max = 12,
    .redis = true,
    .run = points_run,
};
