#ifndef DAY21_ACCOUNT_H
#define DAY21_ACCOUNT_H

/* One Official Account with all that is loaded for it: its part of the config and its pack. */

#include "bot/calendar.h"
#include "bot/config.h"
#include "bot/copy.h"
#include "bot/courses.h"
#include "bot/keywords.h"
#include "bot/menu.h"
#include "bot/notices.h"
#include "bot/rules.h"
#include "bot/workdays.h"
#include "store/points.h"

/* The plan: about 21 days make a habit. */
#define PLAN_DAYS 21

struct account {
    const struct config *installation;
    const struct config_account *config;
    struct copy *copy;
    struct keywords *keywords;
    struct rules *rules;
    struct courses *courses;
    struct notices *notices;
    struct menu *menu;
    struct calendar *calendar;
    struct workdays *workdays;

    /* The rules as the store is told them, see store/points.h: */
    char *policy;
    char **rule_texts; /* as in rules->rules */
    char *milestones;  /* rules named checkin_N, for day N */
    const char *follow, *checkin;
};

/* The first and the last minute of the day in which reminders may go out. Quiet hours that end
 * before they begin, as nights do, bound the day; for others the gate of the outbox waits. */
void account_reminder_hours(const struct account *account, unsigned *from, unsigned *to);

/* The text of the rule of this name, or NULL. */
const char *account_rule(const struct account *account, const char *name);

struct accounts {
    const struct config *config;
    struct account *list; /* as in the config */
    unsigned count;
};

/* Loads the packs of all accounts of `config`, which must outlive them. Returns 0 or -1 with
 * *problem. */
int accounts_load(void *ctx, const struct config *config, struct accounts **accounts,
                  struct yaml_problem *problem);

/* The account of this name, or NULL. */
struct account *accounts_find(const struct accounts *accounts, const char *name, size_t length);

/* The address of a course's page; belongs to ctx. NULL only when out of memory. */
char *account_course_url(void *ctx, const struct account *account, const struct course *course);

/* The day of the plan, 1 to PLAN_DAYS, that check-in number `checkins` is; after the last it begins
 * anew. */
unsigned account_plan_day(int64_t checkins);

#endif
