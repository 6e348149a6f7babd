#include "bot/war_report_schedule.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <talloc.h>

static void reads_what_the_configuration_says(void **state) {
    (void)state;
    static const struct {
        enum war_report_period period;
        const char *text;
        struct war_report_schedule schedule;
    } cases[] = {
        {WAR_REPORT_DAY, "off", {false, 0, 0}},
        {WAR_REPORT_DAY, "08:40", {true, 0, 520}},
        {WAR_REPORT_WEEK, "off", {false, 0, 0}},
        {WAR_REPORT_WEEK, "mon 09:00", {true, 0, 540}},
        {WAR_REPORT_WEEK, "sun 23:59", {true, 6, 1439}},
        {WAR_REPORT_MONTH, "1 00:00", {true, 1, 0}},
        {WAR_REPORT_MONTH, "28 09:00", {true, 28, 540}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct war_report_schedule got = {true, 9, 9};
        assert_null(war_report_schedule_read(cases[i].period, cases[i].text, &got));
        assert_int_equal(got.on, cases[i].schedule.on);
        assert_int_equal(got.day, cases[i].schedule.day);
        assert_int_equal(got.minute, cases[i].schedule.minute);
    }
}

static void refuses_anything_else(void **state) {
    (void)state;
    static const struct {
        enum war_report_period period;
        const char *text;
    } cases[] = {
        {WAR_REPORT_DAY, ""},           {WAR_REPORT_DAY, "on"},
        {WAR_REPORT_DAY, "mon 09:00"},  {WAR_REPORT_DAY, "24:00"},
        {WAR_REPORT_WEEK, "09:00"},     {WAR_REPORT_WEEK, "monday 09:00"},
        {WAR_REPORT_WEEK, "mon"},       {WAR_REPORT_WEEK, "mon  09:00"},
        {WAR_REPORT_WEEK, "1 09:00"},   {WAR_REPORT_MONTH, "0 09:00"},
        {WAR_REPORT_MONTH, "29 09:00"}, {WAR_REPORT_MONTH, "1x 09:00"},
        {WAR_REPORT_MONTH, "09:00"},    {WAR_REPORT_MONTH, "1001 09:00"},
        {WAR_REPORT_MONTH, "1 9:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct war_report_schedule got;
        if (!war_report_schedule_read(cases[i].period, cases[i].text, &got))
            fail_msg("\"%s\" was taken", cases[i].text);
    }
}

/* From its moment on, and then until the next period is over. */
static void is_due_from_its_moment_on(void **state) {
    (void)state;
    static const struct {
        enum war_report_period period;
        const char *text;
        unsigned month, day, minute;   /* of 2026, now; November 16th is a Monday */
        unsigned last_month, last_day; /* 0: not due */
    } cases[] = {
        {WAR_REPORT_WEEK, "mon 09:00", 11, 16, 539, 0, 0},
        {WAR_REPORT_WEEK, "mon 09:00", 11, 16, 540, 11, 15},
        {WAR_REPORT_WEEK, "mon 09:00", 11, 17, 600, 11, 15},
        {WAR_REPORT_WEEK, "mon 09:00", 11, 22, 1439, 11, 15},
        {WAR_REPORT_WEEK, "mon 09:00", 11, 23, 0, 0, 0},
        {WAR_REPORT_WEEK, "wed 10:00", 11, 18, 599, 0, 0},
        {WAR_REPORT_WEEK, "wed 10:00", 11, 18, 600, 11, 15},
        {WAR_REPORT_DAY, "08:40", 11, 16, 519, 0, 0},
        {WAR_REPORT_DAY, "08:40", 11, 16, 520, 11, 15},
        {WAR_REPORT_MONTH, "1 09:00", 11, 1, 539, 0, 0},
        {WAR_REPORT_MONTH, "1 09:00", 11, 1, 540, 10, 31},
        {WAR_REPORT_MONTH, "28 09:00", 11, 28, 539, 0, 0},
        {WAR_REPORT_MONTH, "28 09:00", 11, 30, 0, 10, 31},
        {WAR_REPORT_WEEK, "off", 11, 20, 0, 0, 0},
    };
    struct calendar *calendar;
    assert_int_equal(calendar_open(NULL, "Asia/Shanghai", &calendar), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct war_report_schedule schedule;
        int64_t day = 0, last = -1, expected = -1;
        assert_null(war_report_schedule_read(cases[i].period, cases[i].text, &schedule));
        calendar_number(2026, cases[i].month, cases[i].day, &day);
        bool due = war_report_schedule_due(&schedule, cases[i].period, calendar,
                                           calendar_at(calendar, day, cases[i].minute), &last);
        if (cases[i].last_day)
            calendar_number(2026, cases[i].last_month, cases[i].last_day, &expected);
        if (due != (cases[i].last_day > 0) || last != expected)
            fail_msg("case %zu: %d, day %d and not %d", i, due, (int)last, (int)expected);
    }
    talloc_free(calendar);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_configuration_says),
        cmocka_unit_test(refuses_anything_else),
        cmocka_unit_test(is_due_from_its_moment_on),
    };
    return cmocka_run_group_tests_name("bot/war_report_schedule", tests, NULL, NULL);
}
