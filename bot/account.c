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

static enum store_activity activity(const char *kind) {
    static const struct {
        const char *kind;
        enum store_activity activity;
    } activities[] = {
        {"watch", STORE_ACTIVITY_WATCHED},       {"comment", STORE_ACTIVITY_INTERACTED},
        {"question", STORE_ACTIVITY_INTERACTED}, {"answer", STORE_ACTIVITY_INTERACTED},
        {"case", STORE_ACTIVITY_DISCUSSED},
    };
    for (size_t i = 0; i < sizeof activities / sizeof activities[0]; i++)
        if (strcmp(activities[i].kind, kind) == 0)
            return activities[i].activity;
    return STORE_ACTIVITY_NONE;
}

static char *rule_for_store(void *ctx, const struct rule *rule) {
    const struct store_rule store_rule = {
        .name = rule->name,
        .points = rule->points,
        .coins = rule->coins,
        .once = rule->once,
        .bound = rule->bound,
        .beyond_cap = rule->beyond_cap,
        .cooldown_s = rule->cooldown_s,
        .least = rule->least,
        .cap = {rule->cap.day, rule->cap.week, rule->cap.subject_day, rule->cap.subject_week,
                rule->cap.subject},
        .activity = activity(rule->kind),
    };
    return store_rule_text(ctx, &store_rule);
}

static char *policy_for_store(void *ctx, const struct rules *rules) {
    const struct store_policy policy = {
        .thresholds = rules->thresholds,
        .daily_cap = rules->daily_cap,
        .unbound_earn = rules->unbound.earn,
        .freeze_every = (unsigned)rules->streak.freeze_every,
        .freezes = (unsigned)rules->streak.freezes,
        .makeup_days = (unsigned)rules->streak.makeup_days,
        .burst = (unsigned)rules->guard.burst,
        .burst_s = (unsigned)rules->guard.burst_s,
        .night_from = rules->guard.night_from,
        .night_to = rules->guard.night_to,
        .same_text = (unsigned)rules->guard.same_text,
        .praise = (unsigned)rules->guard.praise,
    };
    return store_policy_text(ctx, &policy);
}

/* " DAY:RULE" of a rule named checkin_DAY is added to the milestones. */
static int add_milestone(struct account *account, unsigned i, const char *path,
                         struct yaml_problem *problem) {
    unsigned day;
    char end;
    if (sscanf(account->rules->rules[i].name, "checkin_%u%c", &day, &end) != 1)
        return 0;
    char where[32];
    snprintf(where, sizeof where, "rules[%u].name", i);
    if (day < 1 || day > PLAN_DAYS)
        return yaml_refuse(path, problem, where, "the plan has days 1 to %d", PLAN_DAYS);
    account->milestones =
        talloc_asprintf_append(account->milestones, " %u:%s", day, account->rule_texts[i]);
    return 0;
}

/* What the store is told of the rules. Those the program itself refers to must be there. */
static int tell_rules(void *ctx, struct account *account, const char *path,
                      struct yaml_problem *problem) {
    const struct rules *rules = account->rules;
    account->rule_texts = talloc_zero_array(ctx, char *, rules->rules_count);
    account->milestones = talloc_strdup(ctx, "");
    account->policy = policy_for_store(ctx, rules);
    if (!account->rule_texts || !account->milestones || !account->policy)
        return yaml_refuse(path, problem, "", "out of memory");
    for (unsigned i = 0; i < rules->rules_count; i++) {
        account->rule_texts[i] = rule_for_store(account->rule_texts, &rules->rules[i]);
        if (!account->rule_texts[i])
            return yaml_refuse(path, problem, "", "out of memory");
        if (add_milestone(account, i, path, problem))
            return -1;
    }
    account->follow = account_rule(account, "follow");
    account->checkin = account_rule(account, "checkin");
    if (!account->follow || !account->checkin)
        return yaml_refuse(path, problem, "rules", "there must be a rule named %s",
                           account->follow ? "checkin" : "follow");
    return account->milestones ? 0 : yaml_refuse(path, problem, "", "out of memory");
}

void account_reminder_hours(const struct account *account, unsigned *from, unsigned *to) {
    const struct config_work *work = &account->installation->work;
    bool overnight = work->quiet_from_minute > work->quiet_to_minute;
    *from = overnight ? work->quiet_to_minute : 0;
    *to = overnight ? work->quiet_from_minute - 1 : 24 * 60 - 1;
}

const char *account_rule(const struct account *account, const char *name) {
    const struct rule *rule = rules_find(account->rules, name);
    return rule ? account->rule_texts[rule - account->rules->rules] : NULL;
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
    return tell_rules(ctx, account, rules, problem);
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
