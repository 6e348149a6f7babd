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

void calendar_time(struct calendar *calendar, int64_t seconds, char text[16]) {
    unsigned minute = calendar_minute(calendar, seconds);
    snprintf(text, 16, "%02u:%02u", minute / 60 % 24, minute % 60);
}

void calendar_date_time(struct calendar *calendar, int64_t seconds, char text[32]) {
    set(calendar, seconds);
    unsigned month = (unsigned)field(calendar, UCAL_MONTH) + 1;
    unsigned day = (unsigned)field(calendar, UCAL_DATE);
    unsigned hour = (unsigned)field(calendar, UCAL_HOUR_OF_DAY);
    unsigned minute = (unsigned)field(calendar, UCAL_MINUTE);
    snprintf(text, 32, "%u月%u日 %02u:%02u", month % 13, day % 32, hour % 24, minute % 60);
}
