#include "bot/calendar.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <unicode/ucal.h>

#define JULIAN_1970 2440588 /* the Julian day of 1970-01-01 */
#define DAY_SECONDS 86400
#define FAR         (INT64_C(1) << 37) /* seconds; some 4,300 years from 1970 */

struct calendar {
    UCalendar *clock;
    struct calendar_day day; /* the one asked for last; empty at first */
};

static int close_clock(struct calendar *calendar) {
    ucal_close(calendar->clock);
    return 0;
}

int calendar_open(void *ctx, const char *time_zone, struct calendar **calendar) {
    UChar zone[64], canonical[64];
    size_t length = strlen(time_zone);
    if (length == 0 || length >= sizeof(zone) / sizeof(*zone))
        return -1;
    for (size_t i = 0; i <= length; i++)
        zone[i] = (unsigned char)time_zone[i];

    /* ucal_open() takes a name it does not know for GMT. */
    UErrorCode status = U_ZERO_ERROR;
    UBool known = 0;
    ucal_getCanonicalTimeZoneID(zone, (int32_t)length, canonical, 64, &known, &status);
    if (U_FAILURE(status) || !known || strcmp(time_zone, "Etc/Unknown") == 0)
        return -1;

    struct calendar *opened = talloc_zero(ctx, struct calendar);
    if (!opened)
        return -1;
    opened->clock = ucal_open(zone, (int32_t)length, "en", UCAL_GREGORIAN, &status);
    if (U_FAILURE(status)) {
        talloc_free(opened);
        return -1;
    }
    ucal_setAttribute(opened->clock, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_LAST);
    ucal_setAttribute(opened->clock, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
    talloc_set_destructor(opened, close_clock);
    *calendar = opened;
    return 0;
}

/* A field of the wall clock at an instant. */
static int32_t field(struct calendar *calendar, UCalendarDateFields which) {
    UErrorCode status = U_ZERO_ERROR;
    return ucal_get(calendar->clock, which, &status);
}

/* ICU's own arithmetic ends somewhere; times come from outside and may be anything. */
static int64_t within_reach(int64_t seconds) {
    return seconds > FAR ? FAR : seconds < -FAR ? -FAR : seconds;
}

static void set(struct calendar *calendar, int64_t seconds) {
    UErrorCode status = U_ZERO_ERROR;
    ucal_setMillis(calendar->clock, (UDate)within_reach(seconds) * 1000, &status);
}

int64_t calendar_at(struct calendar *calendar, int64_t number, unsigned minute) {
    UErrorCode status = U_ZERO_ERROR;
    ucal_clear(calendar->clock);
    ucal_set(calendar->clock, UCAL_JULIAN_DAY, (int32_t)(number + JULIAN_1970));
    ucal_set(calendar->clock, UCAL_HOUR_OF_DAY, (int32_t)(minute / 60));
    ucal_set(calendar->clock, UCAL_MINUTE, (int32_t)(minute % 60));
    return (int64_t)(ucal_getMillis(calendar->clock, &status) / 1000);
}

static int64_t week_of(int64_t number) {
    int64_t since_monday = number + 3; /* 1970-01-01 was a Thursday */
    return since_monday >= 0 ? since_monday / 7 : -((6 - since_monday) / 7);
}

const struct calendar_day *calendar_day(struct calendar *calendar, int64_t seconds) {
    struct calendar_day *day = &calendar->day;
    seconds = within_reach(seconds);
    if (day->starts <= seconds && seconds < day->ends)
        return day;

    set(calendar, seconds);
    day->number = field(calendar, UCAL_JULIAN_DAY) - JULIAN_1970;
    day->starts = calendar_at(calendar, day->number, 0);
    day->ends = calendar_at(calendar, day->number + 1, 0);
    while (seconds < day->starts) { /* the wall clock was here before, and went back */
        day->number--;
        day->ends = day->starts;
        day->starts = calendar_at(calendar, day->number, 0);
    }
    day->week = week_of(day->number);
    return day;
}

unsigned calendar_minute(struct calendar *calendar, int64_t seconds) {
    const struct calendar_day *day = &calendar->day;
    if (day->starts <= seconds && seconds < day->ends && day->ends - day->starts == DAY_SECONDS)
        return (unsigned)((seconds - day->starts) / 60);
    set(calendar, seconds);
    return (unsigned)(field(calendar, UCAL_HOUR_OF_DAY) * 60 + field(calendar, UCAL_MINUTE));
}

void calendar_date_time(struct calendar *calendar, int64_t seconds, char text[32]) {
    set(calendar, seconds);
    unsigned month = (unsigned)field(calendar, UCAL_MONTH) + 1;
    unsigned day = (unsigned)field(calendar, UCAL_DATE);
    unsigned hour = (unsigned)field(calendar, UCAL_HOUR_OF_DAY);
    unsigned minute = (unsigned)field(calendar, UCAL_MINUTE);
    snprintf(text, 32, "%u月%u日 %02u:%02u", month % 13, day % 32, hour % 24, minute % 60);
}

void calendar_stamp(struct calendar *calendar, int64_t seconds, char text[32]) {
    set(calendar, seconds);
    snprintf(
        text, 32, "%04u-%02u-%02u %02u:%02u:%02u", (unsigned)field(calendar, UCAL_YEAR) % 10000,
        ((unsigned)field(calendar, UCAL_MONTH) + 1) % 13, (unsigned)field(calendar, UCAL_DATE) % 32,
        (unsigned)field(calendar, UCAL_HOUR_OF_DAY) % 24,
        (unsigned)field(calendar, UCAL_MINUTE) % 60, (unsigned)field(calendar, UCAL_SECOND) % 60);
}

/* Days from 0000-03-01 on: a year that begins in March has its leap day at the end, and 400 years
 * have the same number of days, whichever they are. */
#define ERA_DAYS   146097
#define MARCH_1970 719468 /* the days from there to 1970-01-01 */

static int64_t floor_divide(int64_t number, int64_t by) {
    return number / by - (number % by < 0);
}

struct calendar_date calendar_date(int64_t number) {
    int64_t since = number + MARCH_1970, era = floor_divide(since, ERA_DAYS);
    unsigned of_era = (unsigned)(since - era * ERA_DAYS);
    unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
    unsigned month = (5 * of_year + 2) / 153; /* 153 days are five months, 0 is March */
    return (struct calendar_date){
        .year = era * 400 + year + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = of_year - (153 * month + 2) / 5 + 1,
    };
}

int calendar_number(int64_t year, unsigned month, unsigned day, int64_t *number) {
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return -1;
    int64_t of_march = year - (month < 3), era = floor_divide(of_march, 400);
    unsigned of_era = (unsigned)(of_march - era * 400);
    unsigned of_year = (153 * (month < 3 ? month + 9 : month - 3) + 2) / 5 + day - 1;
    int64_t found = era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    if (calendar_date(found - MARCH_1970).month != month) /* the 31st of a month of 30 days */
        return -1;
    *number = found - MARCH_1970;
    return 0;
}

int64_t calendar_month(int64_t number) {
    struct calendar_date date = calendar_date(number);
    return date.year * 12 + date.month - 1;
}

void calendar_date_text(int64_t number, char text[32]) {
    struct calendar_date date = calendar_date(number);
    snprintf(text, 32, "%u月%u日", date.month % 13, date.day % 32);
}
