#ifndef DAY21_WAR_REPORT_SCHEDULE_H
#define DAY21_WAR_REPORT_SCHEDULE_H

/* When the report of a day, a week or a month that is over is made. */

#include "bot/calendar.h"
#include "bot/war_report.h"

struct war_report_schedule {
    bool on;
    unsigned day; /* of the week, from 0 on Monday; of the month, from 1; of a day nothing */
    unsigned minute;
};

/* Reads "off", or of a day "08:40", of a week "mon 09:00", of a month "1 09:00", up to its 28th.
 * Returns NULL, or what was expected. */
const char *war_report_schedule_read(enum war_report_period period, const char *text,
                                     struct war_report_schedule *schedule);

/* Whether it is time for the report of the newest period that is over, of which *last gets the last
 * day. One before that is never due any more. */
bool war_report_schedule_due(const struct war_report_schedule *schedule,
                             enum war_report_period period, struct calendar *calendar, int64_t now,
                             int64_t *last);

#endif
