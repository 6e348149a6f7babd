#ifndef DAY21_CALENDAR_H
#define DAY21_CALENDAR_H

/* Days in an account's time zone (ICU). A day number counts local days since 1970-01-01, so that
 * the next day is always one more; the store is handed day numbers and never asks the clock.
 * Days follow each other without gap or overlap, whatever the clocks do: where midnight comes
 * twice, a day starts with the second, where it is skipped, with the first moment after. A day that
 * a zone left out altogether (Apia, 2011-12-30) has its number and no moment. */

#include <stdint.h>

struct calendar;

/* Returns 0 or -1 (no such zone, or out of memory). The calendar belongs to ctx. */
int calendar_open(void *ctx, const char *time_zone, struct calendar **calendar);

struct calendar_day {
    int64_t number;
    int64_t starts, ends; /* seconds since 1970: [starts, ends) */
    int64_t week;         /* Monday's weeks, counted like days */
};

/* The day an instant falls on; remembered, so that the next question about the same day costs
 * nothing. What is returned is the calendar's, and changes with the next question. */
const struct calendar_day *calendar_day(struct calendar *calendar, int64_t seconds);

/* Minutes since local midnight by the wall clock. */
unsigned calendar_minute(struct calendar *calendar, int64_t seconds);

/* When it is `minute` of day `number` by the wall clock: the second time where the clocks show it
 * twice, the first moment after where they skip it. */
int64_t calendar_at(struct calendar *calendar, int64_t number, unsigned minute);

/* "11月21日 08:05" for copy. */
void calendar_date_time(struct calendar *calendar, int64_t seconds, char text[32]);

/* "2026-11-21 08:05:30" for operators. */
void calendar_stamp(struct calendar *calendar, int64_t seconds, char text[32]);

/* Dates of day numbers, by the Gregorian calendar; no time zone has a say in them. */
struct calendar_date {
    int64_t year;
    unsigned month, day; /* from 1 */
};

struct calendar_date calendar_date(int64_t number);

/* The day number of a date. Returns 0, or -1 when there is no such date. */
int calendar_number(int64_t year, unsigned month, unsigned day, int64_t *number);

/* The month a day is in, counted so that the next is one more: year * 12 + month from 0. */
int64_t calendar_month(int64_t number);

/* "11月21日" for copy. */
void calendar_date_text(int64_t number, char text[32]);

#endif
