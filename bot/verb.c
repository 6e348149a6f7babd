#include "bot/verb.h"

#include <stdio.h>
#include <string.h>

#define BEFORE 2 /* in argv before a verb's arguments: the verb and the account */

static void say_usage(const struct command *command, const struct verb *verb) {
    fprintf(stderr, "usage: day21 [-c FILE] %s %s ACCOUNT%s%s\n", command->name, verb->name,
            *verb->arguments ? " " : "", verb->arguments);
}

const struct verb *verb_find(const struct command *command, int argc, char **argv) {
    for (const struct verb *verb = command->verbs; argc > 0 && verb->name; verb++) {
        if (strcmp(argv[0], verb->name) != 0)
            continue;
        if (argc >= BEFORE + verb->min && argc <= BEFORE + verb->max)
            return verb;
        say_usage(command, verb);
        return NULL;
    }
    if (argc > 0)
        fprintf(stderr, "day21: %s has no verb %s\n", command->name, argv[0]);
    for (const struct verb *verb = command->verbs; verb->name; verb++)
        say_usage(command, verb);
    return NULL;
}

int verb_run(const struct command *command, const struct verb *verb, const struct config *config,
             const struct accounts *accounts, int argc, char **argv) {
    struct account *account = command_account(accounts, argv[1]);
    struct session *session = account ? session_open(config, account) : NULL;
    if (!session)
        return 1;
    int status = verb->run(session, argc - BEFORE, argv + BEFORE);
    if (status == VERB_USAGE)
        say_usage(command, verb);
    session_close(session);
    return status;
}
