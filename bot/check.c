/* day21 check: whether config and packs can be right, without starting anything. */

#include "bot/command.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

/* A calendar that is wanting is named once, however many accounts go by it. */
static void warn_of_calendar(const struct accounts *accounts, unsigned index) {
    const struct account *account = &accounts->list[index];
    for (unsigned i = 0; i < index; i++)
        if (strcmp(accounts->list[i].config->calendar, account->config->calendar) == 0)
            return;
    int64_t today = calendar_day(account->calendar, time(NULL))->number;
    char *warning = workdays_warning(NULL, account->workdays, today);
    if (warning)
        printf("warning: %s\n", warning);
    talloc_free(warning);
}

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
    for (unsigned i = 0; i < accounts->count; i++)
        warn_of_calendar(accounts, i);
    printf("%s is fine\n", config->path);
    return 0;
}

const struct command check_command = {
    .name = "check",
    .arguments = "",
    .purpose = "say whether config and packs are right",
    .run = check,
};
