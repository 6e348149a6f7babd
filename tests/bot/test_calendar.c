#include "bot/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

#include <cmocka.h>

static struct calendar *open_calendar(const char *time_zone) {
    struct calendar *calendar;
    assert_int_equal(calendar_open(NULL, time_zone, &calendar), 0);
    return calendar;
}

/* Seconds of a moment in UTC, day number of a date. */
static int64_t utc(int year, int month, int day, int hour, int minute) {
    struct tm tm = {.tm_year = year - 1900,
                    .tm_mon = month - 1,
                    .tm_mday = day,
                    .tm_hour = hour,
                    .tm_min = minute};
    return timegm(&tm);
}

static int64_t date(int year, int month, int day) {
    return utc(year, month, day, 0, 0) / 86400;
}

static void refuses_a_zone_it_does_not_know(void **state) {
    (void)state;
    static const char *const names[] = {
        "",
        "Asia/Beijing2",
        "asia/shanghai",
        "GMT+8",
        "中国",
        "Etc/Unknown",
        "+08:00",
        "Asia/A_very_long_name_that_no_time_zone_would_ever_have_really"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct calendar *calendar;
        assert_int_equal(calendar_open(NULL, names[i], &calendar), -1);
    }
}

static void cuts_days_at_local_midnight(void **state) {
    (void)state;
    struct calendar *calendar = open_calendar("Asia/Shanghai");
    int64_t midnight = utc(2026, 11, 20, 16, 0);

    const struct calendar_day *day = calendar_day(calendar, midnight);
    assert_int_equal(day->number, date(2026, 11, 21));
    assert_int_equal(day->starts, midnight);
    assert_int_equal(day->ends, midnight + 86400);
    assert_int_equal(calendar_day(calendar, midnight + 86399)->number, date(2026, 11, 21));
    assert_int_equal(calendar_day(calendar, midnight + 86400)->number, date(2026, 11, 22));
    assert_int_equal(calendar_day(calendar, midnight - 1)->number, date(2026, 11, 20));
    assert_int_equal(calendar_day(calendar, 0)->number, 0);
    assert_int_equal(calendar_day(calendar, -8 * 3600 - 1)->number, -1);
    talloc_free(calendar);
}

static void counts_weeks_from_monday(void **state) {
    (void)state;
    struct calendar *calendar = open_calendar("Asia/Shanghai");
    int64_t sunday = utc(2026, 11, 22, 4, 0), week = calendar_day(calendar, sunday)->week;
    assert_int_equal(calendar_day(calendar, sunday - 6 * 86400)->week, week); /* Monday */
    assert_int_equal(calendar_day(calendar, sunday - 7 * 86400)->week, week - 1);
    assert_int_equal(calendar_day(calendar, sunday + 86400)->week, week + 1);
    assert_int_equal(calendar_day(calendar, utc(1970, 1, 4, 4, 0))->week, 0);
    assert_int_equal(calendar_day(calendar, utc(1970, 1, 5, 4, 0))->week, 1);
    assert_int_equal(calendar_day(calendar, utc(1969, 12, 29, 4, 0))->week, 0);
    assert_int_equal(calendar_day(calendar, utc(1969, 12, 28, 4, 0))->week, -1);
    talloc_free(calendar);
}

/* Days on which the clocks are changed, and how long they are. */
static const struct change {
    const char *zone;
    int year, month, day;
    int minutes;
} changes[] = {
    {"Europe/Berlin", 2026, 3, 28, 24 * 60},
    {"Europe/Berlin", 2026, 3, 29, 23 * 60},
    {"Europe/Berlin", 2026, 3, 30, 24 * 60},
    {"Europe/Berlin", 2026, 10, 25, 25 * 60},
    {"Europe/Berlin", 2026, 10, 26, 24 * 60},
    {"America/St_Johns", 2026, 3, 8, 23 * 60},
    {"America/St_Johns", 2026, 11, 1, 25 * 60},
    {"America/St_Johns", 2010, 11, 6, 25 * 60}, /* 00:01 of the 7th went back to 23:01 */
    {"America/St_Johns", 2010, 11, 7, 24 * 60},
    {"Asia/Shanghai", 2026, 11, 21, 24 * 60},
    {"America/Sao_Paulo", 2018, 11, 4, 23 * 60}, /* began at 01:00 */
    {"America/Sao_Paulo", 2018, 2, 17, 25 * 60}, /* 24:00 went back to 23:00 */
    {"Australia/Lord_Howe", 2026, 10, 4, 23 * 60 + 30},
    {"Pacific/Apia", 2011, 12, 29, 24 * 60},
    {"Pacific/Apia", 2011, 12, 30, 0}, /* never was */
    {"Pacific/Apia", 2011, 12, 31, 24 * 60},
};

static void keeps_days_whole_when_clocks_change(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
        const struct change *change = &changes[i];
        struct calendar *calendar = open_calendar(change->zone);
        int64_t number = date(change->year, change->month, change->day);
        int64_t starts = calendar_at(calendar, number, 0);
        int64_t ends = calendar_at(calendar, number + 1, 0);
        assert_int_equal((ends - starts) / 60, change->minutes);

        /* Asked out of order, so that no answer comes from the day remembered. */
        for (int64_t moment = starts; moment < ends; moment += 60) {
            calendar_day(calendar, 0);
            const struct calendar_day *day = calendar_day(calendar, moment);
            assert_int_equal(day->number, number);
            assert_int_equal(day->starts, starts);
            assert_int_equal(day->ends, ends);
        }
        talloc_free(calendar);
    }
}

/* Every instant has one day, asked forwards or backwards, and none is left out but Apia's. */
static void days_follow_each_other(void **state) {
    (void)state;
    struct calendar *calendar = open_calendar("America/St_Johns");
    int64_t from = utc(2010, 11, 5, 0, 0), to = utc(2010, 11, 10, 0, 0);
    int64_t last = calendar_day(calendar, from)->number;
    for (int64_t moment = from; moment < to; moment += 30) {
        int64_t number = calendar_day(calendar, moment)->number;
        assert_in_range(number - last, 0, 1);
        last = number;
    }
    for (int64_t moment = to; moment > from; moment -= 30) {
        int64_t number = calendar_day(calendar, moment)->number;
        assert_in_range(last - number, 0, 1);
        last = number;
    }
    talloc_free(calendar);

    calendar = open_calendar("Pacific/Apia");
    int64_t gap = calendar_at(calendar, date(2011, 12, 30), 0);
    assert_int_equal(calendar_day(calendar, gap - 1)->number, date(2011, 12, 29));
    assert_int_equal(calendar_day(calendar, gap)->number, date(2011, 12, 31));
    talloc_free(calendar);
}

static void tells_the_minute_of_the_wall_clock(void **state) {
    (void)state;
    static const struct {
        const char *zone;
        int year, month, day, hour, minute;
        unsigned expected;
    } moments[] = {
        {"Asia/Shanghai", 2026, 11, 21, 0, 5, 8 * 60 + 5},
        {"Asia/Shanghai", 2026, 11, 21, 15, 59, 23 * 60 + 59},
        {"Asia/Kolkata", 2026, 11, 21, 0, 0, 5 * 60 + 30},
        {"Europe/Berlin", 2026, 3, 29, 0, 59, 1 * 60 + 59},
        {"Europe/Berlin", 2026, 3, 29, 1, 0, 3 * 60},
        {"Europe/Berlin", 2026, 10, 25, 0, 30, 2 * 60 + 30},
        {"Europe/Berlin", 2026, 10, 25, 1, 30, 2 * 60 + 30},
    };
    for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++) {
        struct calendar *calendar = open_calendar(moments[i].zone);
        int64_t moment = utc(moments[i].year, moments[i].month, moments[i].day, moments[i].hour,
                             moments[i].minute);
        assert_int_equal(calendar_minute(calendar, moment + 59), moments[i].expected);
        calendar_day(calendar, moment); /* and the same from the day remembered */
        assert_int_equal(calendar_minute(calendar, moment + 59), moments[i].expected);
        talloc_free(calendar);
    }
}

static void finds_the_moment_of_a_minute(void **state) {
    (void)state;
    static const struct {
        const char *zone;
        int year, month, day;
        unsigned minute;
        int utc_day, utc_hour, utc_minute;
    } moments[] = {
        {"Asia/Shanghai", 2026, 11, 21, 8 * 60 + 5, 21, 0, 5},
        {"Asia/Shanghai", 2026, 11, 21, 0, 20, 16, 0},
        {"Europe/Berlin", 2026, 3, 29, 8 * 60, 29, 6, 0},
        {"Europe/Berlin", 2026, 3, 29, 2 * 60 + 30, 29, 1, 0},   /* skipped: 03:00 */
        {"Europe/Berlin", 2026, 10, 25, 2 * 60 + 30, 25, 1, 30}, /* the second */
        {"America/Sao_Paulo", 2018, 11, 4, 0, 4, 3, 0},          /* skipped: 01:00 */
        {"Pacific/Apia", 2011, 12, 30, 12 * 60, 30, 10, 0},      /* skipped: the 31st, 00:00 */
    };
    for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++) {
        struct calendar *calendar = open_calendar(moments[i].zone);
        int64_t number = date(moments[i].year, moments[i].month, moments[i].day);
        assert_int_equal(calendar_at(calendar, number, moments[i].minute),
                         utc(moments[i].year, moments[i].month, moments[i].utc_day,
                             moments[i].utc_hour, moments[i].utc_minute));
        talloc_free(calendar);
    }
}

static void does_not_forget_the_day_while_asked_for_other_times(void **state) {
    (void)state;
    struct calendar *calendar = open_calendar("Asia/Shanghai");
    int64_t noon = utc(2026, 11, 21, 4, 0);
    const struct calendar_day *day = calendar_day(calendar, noon);
    char text[32];
    calendar_minute(calendar, noon + 5 * 86400);
    calendar_at(calendar, day->number + 7, 600);
    calendar_date_time(calendar, noon - 86400, text);
    assert_int_equal(day->number, date(2026, 11, 21));
    assert_ptr_equal(calendar_day(calendar, noon + 1), day);
    assert_int_equal(day->number, date(2026, 11, 21));
    talloc_free(calendar);
}

static void bears_any_time(void **state) {
    (void)state;
    static const int64_t times[] = {INT64_MAX, INT64_MIN, INT64_MAX / 1000, INT64_C(1) << 40};
    struct calendar *calendar = open_calendar("Europe/Berlin");
    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
        char text[32];
        const struct calendar_day *day = calendar_day(calendar, times[i]);
        assert_in_range(day->ends - day->starts, 80000, 100000);
        assert_in_range(calendar_minute(calendar, times[i]), 0, 1439);
        calendar_date_time(calendar, times[i], text);
    }
    talloc_free(calendar);
}

static void writes_times_as_people_read_them(void **state) {
    (void)state;
    struct calendar *calendar = open_calendar("Asia/Shanghai");
    char text[32];
    calendar_date_time(calendar, utc(2026, 11, 21, 0, 5), text);
    assert_string_equal(text, "11月21日 08:05");
    calendar_date_time(calendar, utc(2026, 12, 31, 16, 0), text);
    assert_string_equal(text, "1月1日 00:00");
    calendar_stamp(calendar, utc(2026, 12, 31, 16, 0) + 7, text);
    assert_string_equal(text, "2027-01-01 00:00:07");
    talloc_free(calendar);
}

static void tells_date_and_month_of_a_day(void **state) {
    (void)state;
    /* Each day of 800 years by the C library; 2100 and 2200 are no leap years. */
    for (int64_t number = date(1700, 1, 1); number < date(2500, 1, 1); number++) {
        time_t seconds = number * 86400;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        struct calendar_date got = calendar_date(number);
        int64_t back = 0;
        if (got.year != tm.tm_year + 1900 || (int)got.month != tm.tm_mon + 1 ||
            (int)got.day != tm.tm_mday ||
            calendar_month(number) != (tm.tm_year + 1900) * 12 + tm.tm_mon ||
            calendar_number(got.year, got.month, got.day, &back) || back != number)
            fail_msg("day %lld", (long long)number);
    }
    char text[32];
    calendar_date_text(date(2026, 11, 21), text);
    assert_string_equal(text, "11月21日");
    calendar_date_text(date(2027, 1, 1), text);
    assert_string_equal(text, "1月1日");
}

static void knows_which_dates_there_are(void **state) {
    (void)state;
    static const struct {
        int year;
        unsigned month, day;
        bool there;
    } cases[] = {
        {2026, 2, 28, true},   {2026, 2, 29, false}, {2028, 2, 29, true},  {2100, 2, 29, false},
        {2000, 2, 29, true},   {2028, 2, 30, false}, {2026, 4, 31, false}, {2026, 12, 31, true},
        {2026, 12, 32, false}, {2026, 0, 1, false},  {2026, 13, 1, false}, {2026, 1, 0, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t number = 21;
        int there = calendar_number(cases[i].year, cases[i].month, cases[i].day, &number);
        assert_int_equal(there, cases[i].there ? 0 : -1);
        assert_int_equal(number, cases[i].there
                                     ? date(cases[i].year, (int)cases[i].month, (int)cases[i].day)
                                     : 21);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_a_zone_it_does_not_know),
        cmocka_unit_test(cuts_days_at_local_midnight),
        cmocka_unit_test(counts_weeks_from_monday),
        cmocka_unit_test(keeps_days_whole_when_clocks_change),
        cmocka_unit_test(days_follow_each_other),
        cmocka_unit_test(tells_the_minute_of_the_wall_clock),
        cmocka_unit_test(finds_the_moment_of_a_minute),
        cmocka_unit_test(does_not_forget_the_day_while_asked_for_other_times),
        cmocka_unit_test(bears_any_time),
        cmocka_unit_test(writes_times_as_people_read_them),
        cmocka_unit_test(tells_date_and_month_of_a_day),
        cmocka_unit_test(knows_which_dates_there_are),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
