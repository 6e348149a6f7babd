/* day21 check: whether config and packs can be right, without starting anything. */

#include "bot/command.h"

#include <stdio.h>

static int check(const struct config *config, const struct accounts *accounts, int argc,
                 char **argv) {
    (void)argc;
    (void)argv;
    for (unsigned i = 0; i < accounts->count; i++) {
        const struct account *account = &accounts->list[i];
        printf("%s: %s mode, %s, pack %s: %u rules, %u levels, %u courses\n", account->config->name,
               account->config->mode, account->config->appid, account->config->pack,
               account->rules->rules_count, account->rules->levels_count,
               account->courses->courses_count);
    }
    printf("%s is fine\n", config->path);
    return 0;
}

const struct command check_command = {
    .name = "check",
    .arguments = "",
    .purpose = "say whether config and packs are right",
    .run = check,
};
