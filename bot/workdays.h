#ifndef DAY21_WORKDAYS_H
#define DAY21_WORKDAYS_H

/* Which days are worked: those of the week that <templates>/calendar/NAME.yaml names (Monday to
 * Friday when it names none), but for what it says of national holidays and make-up days (调休),
 * but for what the company says of its own. Days are day numbers (bot/calendar.h). A year the file
 * does not have consists of plain weeks. */

#include "bot/yaml.h"

#include <stdbool.h>
#include <stdint.h>

/* One day, or the days from `date` up to and with `to`, as they stand in a file. */
struct workdays_span {
    const char *name;      /* the festival, or the company's reason */
    const char *date, *to; /* "2026-10-01"; `to` is NULL for a single day */
};

/* A company's own days. */
struct workdays_company {
    const struct workdays_span *rest, *work;
    unsigned rest_count, work_count;
};

enum {
    WORKDAYS_SPANS = 100, /* entries in a list, and days in an entry, at most */
    WORKDAYS_NAME = 60,   /* bytes of a festival's name or a reason, at most */
};

struct workdays;

/* Loads <templates>/calendar/<name>.yaml and adds the company's days; where both name a day, it is
 * as the company says. `company` stands in the file `path`, in lists named rest_days and work_days
 * of `where` ("accounts[0]"), and must outlive *workdays, which belongs to ctx. Refused is what
 * cannot be right: a date there is not, a range from late to early, a day that stands twice, a
 * working day named that is an ordinary one, years that do not follow each other, a day outside its
 * year. Returns 0 or -1 with *problem. */
int workdays_load(void *ctx, const char *templates, const char *name, const char *path,
                  const char *where, const struct workdays_company *company,
                  struct workdays **workdays, struct yaml_problem *problem);

bool workdays_is(const struct workdays *workdays, int64_t day);

/* The first working day after `day`. */
int64_t workdays_next(const struct workdays *workdays, int64_t day);

/* The n-th working day after `day`; with n < 0 the -n-th before it; `day` itself with n = 0. */
int64_t workdays_add(const struct workdays *workdays, int64_t day, int n);

/* How many of the days `from` to `to`, both included, are working days; 0 when `to` is earlier. */
int64_t workdays_count(const struct workdays *workdays, int64_t from, int64_t to);

/* The days day - 62 to `day`, the last at the end: '1' a working day, '0' not. */
void workdays_recent(const struct workdays *workdays, int64_t day, char text[64]);

/* Why a day is not as its weekday says: the festival ("国庆节") it is a holiday of, or is worked
 * for, or the company's reason. NULL for an ordinary day. */
const char *workdays_name(const struct workdays *workdays, int64_t day);

enum workdays_status {
    WORKDAYS_MISSING,   /* not in the file */
    WORKDAYS_STATUTORY, /* what the law gives, without the days moved */
    WORKDAYS_ANNOUNCED, /* as the State Council announced it */
};

enum workdays_status workdays_status(const struct workdays *workdays, int64_t year);

/* What an operator should know about the file on the day `today`, in one line, or NULL: that it has
 * not this year, or from November on the next; or has it without what was announced. The text
 * belongs to ctx. */
char *workdays_warning(void *ctx, const struct workdays *workdays, int64_t today);

#endif
