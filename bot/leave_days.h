#ifndef DAY21_LEAVE_DAYS_H
#define DAY21_LEAVE_DAYS_H

/* The days of a leave, as a person types them: 明天, 3天, 三天, 下周一到周三,
 * 11月25日至27日, 11.25-11.27, 今天起两天 … What else stands in the text is passed over. */

#include "bot/workdays.h"

#define LEAVE_DAYS_AHEAD 180 /* a leave begins so many days from today at most */

enum leave_days_verdict {
    LEAVE_DAYS_GOOD,
    LEAVE_DAYS_UNCLEAR, /* it names none, or there is no such day, or the last is before the first
                         */
    LEAVE_DAYS_PAST,    /* begins before today */
    LEAVE_DAYS_FAR,     /* begins later than LEAVE_DAYS_AHEAD */
    LEAVE_DAYS_REST,    /* none of them is a working day */
    LEAVE_DAYS_LONG,    /* more working days than `most` */
};

struct leave_days {
    int64_t from, to; /* day numbers: the first and the last working day, unless UNCLEAR, REST */
    int64_t count;    /* working days */
};

/* `text`: words folded as by keywords_fold(), a blank between each two. A number of days is one of
 * working days, from the first named day on or today; a date without a year is the one nearest to
 * `today`; a weekday or day of the month is the next there is. */
enum leave_days_verdict leave_days_parse(const char *text, int64_t today,
                                         const struct workdays *workdays, int64_t most,
                                         struct leave_days *days);

#endif
