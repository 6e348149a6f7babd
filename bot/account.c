#include "bot/account.h"

#include "bot/routes.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

char *account_course_url(void *ctx, const struct account *account, const struct course *course) {
    return talloc_asprintf(ctx, "%s/h5/%s/course/%s", account->installation->public_url,
                           account->config->name, course->id);
}

unsigned account_plan_day(int64_t checkins) {
    return checkins > 0 ? (unsigned)((checkins - 1) % PLAN_DAYS) + 1 : 1;
}

static struct store_rule for_store(const struct rule *rule, const char *subject) {
    return (struct store_rule){
        .name = rule->name,
        .points = rule->points,
        .daily_cap = rule->cap.day,
        .once = rule->once,
        .subject = subject,
    };
}

/* The rules the program itself refers to must be there. */
static int find_rules(void *ctx, struct account *account, const char *path,
                      struct yaml_problem *problem) {
    const struct rule *follow = rules_find(account->rules, "follow");
    const struct rule *checkin = rules_find(account->rules, "checkin");
    if (!follow || !checkin)
        return yaml_refuse(path, problem, "rules", "there must be a rule named %s",
                           follow ? "checkin" : "follow");
    account->follow = for_store(follow, "");
    account->checkin = for_store(checkin, "");
    account->milestones = talloc_strdup(ctx, "");
    for (unsigned i = 0; i < account->rules->rules_count; i++) {
        const struct rule *rule = &account->rules->rules[i];
        unsigned day;
        char end;
        if (sscanf(rule->name, "checkin_%u%c", &day, &end) != 1)
            continue;
        char where[32];
        snprintf(where, sizeof where, "rules[%u].name", i);
        if (day < 1 || day > PLAN_DAYS)
            return yaml_refuse(path, problem, where, "the plan has days 1 to %d", PLAN_DAYS);
        const struct store_rule milestone = for_store(rule, "");
        char text[STORE_MILESTONE];
        if (store_milestone(day, &milestone, text))
            return yaml_refuse(path, problem, where, "too long, or with a colon or a blank");
        account->milestones = talloc_strdup_append(account->milestones, text);
    }
    return 0;
}

/* What depends on nothing but the pack is loaded once for all accounts that have it. */
static int load_pack(void *ctx, const struct config *config, struct account *account,
                     const struct account *like, struct yaml_problem *problem) {
    const char *name = account->config->pack;
    char *directory = talloc_asprintf(ctx, "%s/%s", config->templates, name);
    char *rules = talloc_asprintf(ctx, "%s/rules.yaml", directory);
    if (like) {
        account->rules = like->rules;
        account->keywords = like->keywords;
        account->courses = like->courses;
        account->notices = like->notices;
    } else if (rules_load(ctx, directory, &account->rules, problem) ||
               keywords_load(ctx, directory, routes_commands(), &account->keywords, problem) ||
               courses_load(ctx, config->templates, name, &account->courses, problem) ||
               notices_load(ctx, directory, &account->notices, problem)) {
        return -1;
    }
    if (copy_load(ctx, directory, account->config->title, &account->copy, problem) ||
        menu_load(ctx, directory, routes_commands(), config->public_url, account->config->name,
                  &account->menu, problem))
        return -1;
    return find_rules(ctx, account, rules, problem);
}

/* Per account, as each company has its own days. */
static int load_workdays(void *ctx, const struct config *config, struct account *account,
                         unsigned i, struct yaml_problem *problem) {
    char where[32];
    snprintf(where, sizeof where, "accounts[%u]", i);
    return workdays_load(ctx, config->templates, account->config->calendar, config->path, where,
                         &account->config->company_days, &account->workdays, problem);
}

static const struct account *of_pack(const struct accounts *accounts, const char *pack) {
    for (unsigned i = 0; i < accounts->count; i++)
        if (strcmp(accounts->list[i].config->pack, pack) == 0)
            return &accounts->list[i];
    return NULL;
}

static int load(struct accounts *accounts, const struct config *config, unsigned i,
                struct yaml_problem *problem) {
    struct account *account = &accounts->list[i];
    account->installation = config;
    account->config = &config->accounts[i];
    if (calendar_open(accounts, account->config->time_zone, &account->calendar)) {
        snprintf(problem->text, sizeof problem->text, "%s: no time zone %s", config->path,
                 account->config->time_zone);
        return -1;
    }
    if (load_workdays(accounts, config, account, i, problem))
        return -1;
    return load_pack(accounts, config, account, of_pack(accounts, account->config->pack), problem);
}

int accounts_load(void *ctx, const struct config *config, struct accounts **result,
                  struct yaml_problem *problem) {
    struct accounts *accounts = talloc_zero(ctx, struct accounts);
    snprintf(problem->text, sizeof problem->text, "out of memory");
    if (!accounts)
        return -1;
    accounts->list = talloc_zero_array(accounts, struct account, config->accounts_count);
    if (!accounts->list)
        goto fail;
    for (; accounts->count < config->accounts_count; accounts->count++)
        if (load(accounts, config, accounts->count, problem))
            goto fail;
    accounts->config = config;
    *result = accounts;
    return 0;
fail:
    talloc_free(accounts);
    return -1;
}

struct account *accounts_find(const struct accounts *accounts, const char *name, size_t length) {
    const struct config_account *found = config_account(accounts->config, name, length);
    return found ? &accounts->list[found - accounts->config->accounts] : NULL;
}
