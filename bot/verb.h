#ifndef DAY21_VERB_H
#define DAY21_VERB_H

/* What a command does that can do several things: `day21 COMMAND VERB ACCOUNT [ARGUMENT…]`. Such a
 * command is a table of verbs, ended by one without a name: a new verb is a function and a row. */

#include "bot/command.h"
#include "bot/session.h"

#define VERB_USAGE 2 /* exit status: the arguments cannot be right */

struct verb {
    const char *name;
    const char *arguments; /* after the account, for the usage; "" none */
    int min, max;          /* how many of them, options and their values counted, too */
    /* argv holds them alone. Returns the exit status; with VERB_USAGE the usage is said after it.
     */
    int (*run)(struct session *session, int argc, char **argv);
};

/* The verb that argv[0] names, with as many arguments as it takes, or NULL having said on stderr
 * how it is used. */
const struct verb *verb_find(const struct command *command, int argc, char **argv);

/* Runs it with a session for the account argv[1]. Returns the exit status. */
int verb_run(const struct command *command, const struct verb *verb, const struct config *config,
             const struct accounts *accounts, int argc, char **argv);

#endif
