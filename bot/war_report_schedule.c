#include "bot/war_report_schedule.h"

#include "bot/clock.h"
#include "bot/war_report_gather.h"

#include <string.h>

static const char *const expected[] = {
    [WAR_REPORT_DAY] = "off, or a time as HH:MM",
    [WAR_REPORT_WEEK] = "off, or one of mon, tue, wed, thu, fri, sat, sun and a time: mon 09:00",
    [WAR_REPORT_MONTH] = "off, or a day of the month from 1 to 28 and a time: 1 09:00",
};

/* What stands before the time, or -1. */
static int read_day(enum war_report_period period, const char *text, size_t length) {
    static const char *const week[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    if (period == WAR_REPORT_DAY)
        return length == 0 ? 0 : -1;
    if (period == WAR_REPORT_WEEK) {
        for (int i = 0; i < 7; i++)
            if (length == 3 && strncmp(text, week[i], 3) == 0)
                return i;
        return -1;
    }
    int day = 0;
    for (size_t i = 0; i < length && i < 3; i++)
        day = text[i] >= '0' && text[i] <= '9' ? day * 10 + text[i] - '0' : 100;
    return day >= 1 && day <= 28 ? day : -1;
}

const char *war_report_schedule_read(enum war_report_period period, const char *text,
                                     struct war_report_schedule *schedule) {
    if (strcmp(text, "off") == 0) {
        *schedule = (struct war_report_schedule){0};
        return NULL;
    }
    const char *blank = strchr(text, ' ');
    int day = read_day(period, text, blank ? (size_t)(blank - text) : 0);
    int minute = clock_minute(blank ? blank + 1 : text);
    if (day < 0 || minute < 0)
        return expected[period];
    *schedule = (struct war_report_schedule){true, (unsigned)day, (unsigned)minute};
    return NULL;
}

bool war_report_schedule_due(const struct war_report_schedule *schedule,
                             enum war_report_period period, struct calendar *calendar, int64_t now,
                             int64_t *last) {
    if (!schedule->on)
        return false;
    int64_t over = war_report_last_day(period, calendar_day(calendar, now)->number);
    int64_t day = over + (period == WAR_REPORT_MONTH ? 0 : 1) + schedule->day;
    if (now < calendar_at(calendar, day, schedule->minute))
        return false;
    *last = over;
    return true;
}
