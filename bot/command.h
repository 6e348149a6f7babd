#ifndef DAY21_COMMAND_H
#define DAY21_COMMAND_H

/* The roles and verbs of the program: `day21 [-c FILE] VERB …`, one file each, listed in
 * bot/main.c. */

#include "bot/account.h"

struct command {
    const char *name;
    const char *arguments; /* for the usage */
    const char *purpose;   /* one line */
    int min, max;          /* how many arguments */
    bool redis;            /* needs Redis' password */
    bool secrets;          /* needs the AppSecrets */
    /* argv holds the arguments alone. Returns the exit status. */
    int (*run)(const struct config *config, const struct accounts *accounts, int argc, char **argv);
};

extern const struct command alarm_command, check_command, contest_command, doctor_command,
    menu_command, nudge_command, points_command, report_command, roster_command, serve_command,
    team_command, work_command, wx_command;

/* The account named on the command line, or NULL after saying so on stderr. */
struct account *command_account(const struct accounts *accounts, const char *name);

#endif
