#include "bot/verb.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define DEFAULT_CONFIG "config/day21.yaml"

static const struct command *const commands[] = {
    &alarm_command, &check_command,  &contest_command,  &doctor_command, &menu_command,
    &nudge_command, &points_command, &question_command, &report_command, &roster_command,
    &serve_command, &team_command,   &work_command,     &wx_command,
};

#define COMMANDS (sizeof commands / sizeof commands[0])

#define COLUMN 24 /* for arguments */

static void describe(FILE *out, const struct command *command) {
    const char *arguments = command->verbs ? "VERB ACCOUNT ..." : command->arguments;
    fprintf(out, "  %-8s %-*s", command->name, COLUMN, arguments);
    if (strlen(arguments) > COLUMN)
        fprintf(out, "\n%*s", COLUMN + 11, "");
    fprintf(out, " %s", command->purpose);
    for (const struct verb *verb = command->verbs; verb && verb->name; verb++)
        fprintf(out, "%s %s", verb == command->verbs ? ":" : ",", verb->name);
    fprintf(out, "\n");
}

static int usage(FILE *out) {
    fprintf(out, "usage: day21 [-c FILE] COMMAND [ARGUMENT…]      FILE: " DEFAULT_CONFIG "\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        describe(out, commands[i]);
    return out == stdout ? 0 : 2;
}

struct account *command_account(const struct accounts *accounts, const char *name) {
    struct account *account = accounts_find(accounts, name, strlen(name));
    if (!account)
        fprintf(stderr, "day21: no account %s in the config\n", name);
    return account;
}

static const struct command *find(const char *name) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int run(void *ctx, const struct command *command, const char *path, int argc, char **argv) {
    const struct verb *verb = NULL;
    struct config *config;
    struct accounts *accounts;
    struct yaml_problem problem;
    if (command->verbs && !(verb = verb_find(command, argc, argv)))
        return VERB_USAGE;
    if (config_load(ctx, path, &config, &problem) ||
        (command->redis && config_redis_password(config, &problem)) ||
        (command->secrets && config_secrets(config, &problem)) ||
        accounts_load(ctx, config, &accounts, &problem)) {
        fprintf(stderr, "day21: %s\n", problem.text);
        return 1;
    }
    return verb ? verb_run(command, verb, config, accounts, argc, argv)
                : command->run(config, accounts, argc, argv);
}

/* Takes "-c FILE" out of the arguments, wherever it stands. Returns how many are left, or -1. */
static int take_config(int argc, char **argv, const char **path) {
    int left = 0;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "-c") != 0)
            argv[left++] = argv[i];
        else if (++i < argc)
            *path = argv[i];
        else
            return -1;
    }
    return left;
}

int main(int argc, char **argv) {
    const char *path = DEFAULT_CONFIG;
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    argc = take_config(argc - 1, ++argv, &path);
    if (argc > 0 && (strcmp(argv[0], "-h") == 0 || strcmp(argv[0], "--help") == 0))
        return usage(stdout);
    const struct command *command = argc > 0 ? find(argv[0]) : NULL;
    if (argc > 0 && !command)
        fprintf(stderr, "day21: there is no command %s\n", argv[0]);
    if (!command)
        return usage(stderr);
    argc--, argv++;
    if (!command->verbs && (argc < command->min || argc > command->max)) {
        fprintf(stderr, "usage: day21 [-c FILE] %s %s\n", command->name, command->arguments);
        return 2;
    }
    void *ctx = talloc_named_const(NULL, 0, "day21");
    int status = run(ctx, command, path, argc, argv);
    talloc_free(ctx);
    return status;
}
