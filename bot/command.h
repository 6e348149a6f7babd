#ifndef DAY21_COMMAND_H
#define DAY21_COMMAND_H

/* The roles of the program and what else it does: `day21 [-c FILE] COMMAND …`, one file each,
 * declared here and listed in bot/main.c. */

#include "bot/account.h"

struct verb;

struct command {
    const char *name;
    const char *purpose; /* one line */
    bool redis;          /* needs Redis' password */
    bool secrets;        /* needs the AppSecrets */

    const struct verb *verbs; /* what it can do, see bot/verb.h; or, when it does one thing: */
    const char *arguments;    /* for the usage */
    int min, max;             /* how many arguments */
    /* argv holds the arguments alone. Returns the exit status. */
    int (*run)(const struct config *config, const struct accounts *accounts, int argc, char **argv);
};

extern const struct command alarm_command, check_command, contest_command, doctor_command,
    menu_command, nudge_command, points_command, question_command, report_command, roster_command,
    serve_command, team_command, work_command, wx_command;

/* The account named on the command line, or NULL after saying so on stderr. */
struct account *command_account(const struct accounts *accounts, const char *name);

#endif
