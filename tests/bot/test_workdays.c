#include "bot/workdays.h"

#include "bot/calendar.h"
#include "tests/bot/pack.h"

#include <unicode/ucal.h>

static int setup(void **state) {
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static int64_t date(int year, unsigned month, unsigned day) {
    int64_t number = 0;
    assert_int_equal(calendar_number(year, month, day, &number), 0);
    return number;
}

static const struct workdays_company no_company;

/* The repository's calendar, with a company's days. */
static struct workdays *cn_with(void *ctx, const struct workdays_company *company) {
    struct workdays *workdays = NULL;
    struct yaml_problem problem = {""};
    if (workdays_load(ctx, "templates", "cn", "day21.yaml", "accounts[0]", company, &workdays,
                      &problem))
        fail_msg("%s", problem.text);
    return workdays;
}

static struct workdays *cn(void *ctx) {
    return cn_with(ctx, &no_company);
}

/* A directory of templates with the calendar "cn" of this text. */
static const char *templates_with(void *ctx, const char *text) {
    struct pack *pack = pack_new(ctx);
    char *directory = talloc_asprintf(ctx, "%s/calendar", pack->templates);
    assert_int_equal(mkdir(directory, 0700), 0);
    pack_write(talloc_asprintf(ctx, "%s/cn.yaml", directory), text);
    return pack->templates;
}

static void has_the_arrangement_of_2026(void **state) {
    static const struct {
        const char *name;
        unsigned month, from, to;
        bool works;
    } spans[] = {
        {"元旦", 1, 1, 3, false},     {"元旦", 1, 4, 4, true},      {"春节", 2, 14, 14, true},
        {"春节", 2, 15, 23, false},   {"春节", 2, 28, 28, true},    {"清明节", 4, 4, 6, false},
        {"劳动节", 5, 1, 5, false},   {"劳动节", 5, 9, 9, true},    {"端午节", 6, 19, 21, false},
        {"国庆节", 9, 20, 20, true},  {"中秋节", 9, 25, 27, false}, {"国庆节", 10, 1, 7, false},
        {"国庆节", 10, 10, 10, true},
    };
    struct workdays *workdays = cn(*state);
    assert_int_equal(workdays_status(workdays, 2026), WORKDAYS_ANNOUNCED);
    size_t next = 0;
    for (int64_t day = date(2026, 1, 1), monday = date(2026, 1, 5); day < date(2027, 1, 1); day++) {
        while (next < sizeof spans / sizeof *spans &&
               day > date(2026, spans[next].month, spans[next].to))
            next++;
        bool named = next < sizeof spans / sizeof *spans &&
                     day >= date(2026, spans[next].month, spans[next].from);
        bool works = named ? spans[next].works : (day - monday + 700) % 7 < 5;
        assert_int_equal(workdays_is(workdays, day), works);
        if (named)
            assert_string_equal(workdays_name(workdays, day), spans[next].name);
        else
            assert_null(workdays_name(workdays, day));
    }
}

/* A fixed day or a day of the Chinese calendar that the law frees. Months and days from 1. */
struct festival {
    const char *name;
    bool lunar;
    int32_t month, day, count;
};

static const struct festival festivals[] = {
    {"元旦", false, 1, 1, 1},  {"春节", true, 1, 1, 3},    {"劳动节", false, 5, 1, 2},
    {"端午节", true, 5, 5, 1}, {"中秋节", true, 8, 15, 1}, {"国庆节", false, 10, 1, 3},
};

static UCalendar *chinese(void) {
    UErrorCode status = U_ZERO_ERROR;
    const UChar *utc = u"UTC";
    UCalendar *calendar = ucal_open(utc, 3, "zh@calendar=chinese", UCAL_TRADITIONAL, &status);
    assert_true(U_SUCCESS(status));
    return calendar;
}

/* ICU's new moons are some minutes off: that of 2027-02-06 is at 23:56 in Beijing, and ICU 72 has
 * the year begin a day late (the Hong Kong Observatory's tables have the 6th). */
static int64_t as_icu_has_it(int64_t day) {
    return day == date(2027, 2, 6) ? day + 1 : day == date(2027, 2, 7) ? day - 1 : day;
}

static bool is_festival(UCalendar *lunar, const struct festival *festival, int64_t day) {
    struct calendar_date gregorian = calendar_date(day);
    UErrorCode status = U_ZERO_ERROR;
    int32_t month = (int32_t)gregorian.month, date_of_month = (int32_t)gregorian.day;
    if (festival->lunar) {
        ucal_setMillis(lunar, (UDate)as_icu_has_it(day) * 86400000, &status);
        month = ucal_get(lunar, UCAL_MONTH, &status) + 1;
        date_of_month = ucal_get(lunar, UCAL_DATE, &status);
        if (ucal_get(lunar, UCAL_IS_LEAP_MONTH, &status))
            return false;
        assert_true(U_SUCCESS(status));
    }
    return month == festival->month && date_of_month == festival->day;
}

/* The law's days of a festival that begins on `day`; in front of the Spring Festival is its eve. */
static int64_t expect_festival(const struct workdays *workdays, const struct festival *festival,
                               int64_t day) {
    bool eve = strcmp(festival->name, "春节") == 0;
    for (int64_t free_day = day - eve; free_day < day + festival->count; free_day++) {
        assert_false(workdays_is(workdays, free_day));
        assert_non_null(workdays_name(workdays, free_day));
        assert_non_null(strstr(workdays_name(workdays, free_day), festival->name));
    }
    return festival->count + eve;
}

/* The day of the solar term 清明 in 2000 to 2099: the mean year's rule, right for this century. */
static int64_t qingming(int year) {
    int of_century = year % 100;
    return date(year, 4, (unsigned)(of_century * 0.2422 + 4.81) - (unsigned)(of_century / 4));
}

static void every_year_has_the_festivals_of_the_law(void **state) {
    struct workdays *workdays = cn(*state);
    UCalendar *lunar = chinese();
    int year = 2026;
    for (; workdays_status(workdays, year) != WORKDAYS_MISSING; year++) {
        static const struct festival tomb_sweeping = {"清明节", false, 4, 0, 1};
        int64_t lawful = expect_festival(workdays, &tomb_sweeping, qingming(year)), named = 0;
        for (int64_t day = date(year, 1, 1); day < date(year + 1, 1, 1); day++) {
            named += workdays_name(workdays, day) != NULL;
            for (size_t i = 0; i < sizeof festivals / sizeof *festivals; i++)
                if (is_festival(lunar, &festivals[i], day))
                    lawful += expect_festival(workdays, &festivals[i], day);
        }
        assert_int_equal(lawful, 13);
        if (workdays_status(workdays, year) == WORKDAYS_STATUTORY)
            assert_int_equal(named, 13);
    }
    assert_true(year > 2027);
    ucal_close(lunar);
}

/* However days are moved, 13 are given: a festival on a weekend is made up for. */
static void an_announced_year_frees_as_many_days_as_the_law(void **state) {
    struct workdays *workdays = cn(*state);
    for (int year = 2026; workdays_status(workdays, year) != WORKDAYS_MISSING; year++) {
        int64_t plain = 0;
        for (int64_t day = date(year, 1, 1); day < date(year + 1, 1, 1); day++)
            plain += ((day + 3) % 7) < 5;
        if (workdays_status(workdays, year) == WORKDAYS_ANNOUNCED)
            assert_int_equal(workdays_count(workdays, date(year, 1, 1), date(year + 1, 1, 1) - 1),
                             plain - 13);
    }
}

static void steps_over_holidays(void **state) {
    struct workdays *workdays = cn(*state);
    /* The nine days of the Spring Festival, between two worked Saturdays. */
    assert_int_equal(workdays_next(workdays, date(2026, 2, 13)), date(2026, 2, 14));
    assert_int_equal(workdays_next(workdays, date(2026, 2, 14)), date(2026, 2, 24));
    assert_int_equal(workdays_next(workdays, date(2026, 2, 18)), date(2026, 2, 24));
    assert_int_equal(workdays_add(workdays, date(2026, 2, 13), 5), date(2026, 2, 27));
    assert_int_equal(workdays_add(workdays, date(2026, 2, 13), 6), date(2026, 2, 28));
    assert_int_equal(workdays_add(workdays, date(2026, 2, 13), 7), date(2026, 3, 2));
    /* Back again, and not at all. */
    assert_int_equal(workdays_add(workdays, date(2026, 2, 24), -1), date(2026, 2, 14));
    assert_int_equal(workdays_add(workdays, date(2026, 2, 24), -2), date(2026, 2, 13));
    assert_int_equal(workdays_add(workdays, date(2026, 2, 18), 0), date(2026, 2, 18));
    /* Thursday, the last of 2026, and the first three days of 2027 */
    assert_int_equal(workdays_next(workdays, date(2026, 12, 31)), date(2027, 1, 4));
    assert_int_equal(workdays_add(workdays, date(2027, 1, 4), -1), date(2026, 12, 31));
}

static void counts_as_many_as_there_are(void **state) {
    static const struct workdays_span rest = {"厂庆", "2026-11-18", NULL},
                                      work = {"赶工", "2026-11-21", "2026-11-22"};
    struct workdays *workdays = cn_with(*state, &(struct workdays_company){&rest, &work, 1, 1});
    static const int64_t lengths[] = {0, 1, 6, 7, 30, 400, 1000};
    for (int64_t from = date(2025, 12, 20); from < date(2028, 1, 10); from += 5)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            int64_t expected = 0;
            for (int64_t day = from; day <= from + lengths[i]; day++)
                expected += workdays_is(workdays, day);
            assert_int_equal(workdays_count(workdays, from, from + lengths[i]), expected);
        }
    assert_int_equal(workdays_count(workdays, date(2026, 2, 15), date(2026, 2, 23)), 0);
    assert_int_equal(workdays_count(workdays, date(2026, 2, 14), date(2026, 2, 24)), 2);
    assert_int_equal(workdays_count(workdays, date(2026, 3, 3), date(2026, 3, 2)), 0);
    assert_int_equal(workdays_count(workdays, -10, 10), 15); /* 1969-12-22 to 1970-01-11 */
}

static void shows_the_last_63_days(void **state) {
    struct workdays *workdays = cn(*state);
    char text[64];
    memset(text, 'x', sizeof text);
    workdays_recent(workdays, date(2026, 3, 1), text); /* a Sunday */
    assert_string_equal(text,
                        "1110001" /* from Monday, 2025-12-29, over New Year */
                        "1111100"
                        "1111100"
                        "1111100"
                        "1111100"
                        "1111100"
                        "1111110" /* the worked Saturday, 2026-02-14 */
                        "0000000"
                        "0111110");
    workdays_recent(workdays, date(2026, 3, 2), text);
    assert_int_equal(text[62], '1');
    assert_int_equal(text[61], '0');
    assert_int_equal(text[60], '1');
}

static void a_year_without_data_has_plain_weeks(void **state) {
    struct workdays *workdays = cn(*state);
    static const int years[] = {1969, 2025, 2040, 9999};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        assert_int_equal(workdays_status(workdays, years[i]), WORKDAYS_MISSING);
        for (int64_t day = date(years[i], 9, 20); day < date(years[i], 10, 12); day++) {
            assert_int_equal(workdays_is(workdays, day), ((day + 3) % 7 + 7) % 7 < 5);
            assert_null(workdays_name(workdays, day));
        }
    }
    assert_true(workdays_is(workdays, 0)); /* a Thursday */
    assert_false(workdays_is(workdays, 2));
    assert_false(workdays_is(workdays, -4)); /* a Sunday */
    assert_true(workdays_is(workdays, -3));
    assert_int_equal(workdays_next(workdays, date(9999, 12, 31)), date(9999, 12, 31) + 3);
}

static void the_company_has_the_last_word(void **state) {
    static const struct workdays_span rest[] = {
        {"周年庆", "2026-11-18", NULL},
        {"春节延长假", "2026-02-24", "2026-02-28"}, /* the 28th is a make-up day */
        {"年末休假", "2026-12-28", "2027-01-03"},
    };
    static const struct workdays_span work[] = {
        {"补周年庆", "2026-11-22", NULL},
        {"国庆值守", "2026-10-07", NULL},
        {"赶工", "2027-01-09", "2027-01-10"},
    };
    static const struct {
        int year;
        unsigned month, day;
        bool works;
        const char *name;
    } cases[] = {
        {2026, 11, 17, true, NULL},         {2026, 11, 18, false, "周年庆"},
        {2026, 11, 22, true, "补周年庆"},   {2026, 2, 23, false, "春节"},
        {2026, 2, 24, false, "春节延长假"}, {2026, 2, 28, false, "春节延长假"},
        {2026, 10, 6, false, "国庆节"},     {2026, 10, 7, true, "国庆值守"},
        {2026, 12, 27, false, NULL},        {2026, 12, 31, false, "年末休假"},
        {2027, 1, 1, false, "年末休假"},    {2027, 1, 4, true, NULL},
        {2027, 1, 9, true, "赶工"},         {2027, 1, 10, true, "赶工"},
        {2027, 1, 16, false, NULL},
    };
    struct workdays *workdays = cn_with(*state, &(struct workdays_company){rest, work, 3, 3});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t day = date(cases[i].year, cases[i].month, cases[i].day);
        assert_int_equal(workdays_is(workdays, day), cases[i].works);
        if (cases[i].name)
            assert_string_equal(workdays_name(workdays, day), cases[i].name);
        else
            assert_null(workdays_name(workdays, day));
    }
    assert_int_equal(workdays_next(workdays, date(2026, 12, 25)), date(2027, 1, 4));
}

/* What an operator lists early is still right when the make-up day is announced. */
static void a_company_may_name_what_is_announced_later(void **state) {
    static const struct workdays_span rest = {"国庆节", "2026-10-01", "2026-10-07"},
                                      work = {"补班", "2026-10-10", NULL};
    struct workdays *workdays = cn_with(*state, &(struct workdays_company){&rest, &work, 1, 1});
    assert_true(workdays_is(workdays, date(2026, 10, 10)));
    assert_string_equal(workdays_name(workdays, date(2026, 10, 10)), "补班");
}

static void a_year_may_begin_in_the_december_before(void **state) {
    const char *templates =
        templates_with(*state,
                       "years:\n"
                       "  - year: 2023\n"
                       "    status: announced\n"
                       "    rest: [{name: 元旦, date: 2022-12-30, to: 2023-01-02}]\n"
                       "    work: [{name: 元旦, date: 2022-12-25}]\n");
    struct workdays *workdays;
    struct yaml_problem problem;
    assert_int_equal(workdays_load(*state, templates, "cn", "day21.yaml", "accounts[0]",
                                   &no_company, &workdays, &problem),
                     0);
    assert_true(workdays_is(workdays, date(2022, 12, 25)));
    assert_int_equal(workdays_next(workdays, date(2022, 12, 29)), date(2023, 1, 3));
}

/* Each changes one thing of a file that is right. */
static void a_wrong_file_is_refused_with_line_and_reason(void **state) {
    static const char right[] =
        "years:\n"
        "  - year: 2026\n"
        "    status: announced\n"
        "    rest:\n"
        "      - {name: 春节, date: 2026-02-15, to: 2026-02-23}\n"
        "      - {name: 国庆节, date: 2026-10-01, to: 2026-10-07}\n"
        "    work:\n"
        "      - {name: 春节, date: 2026-02-14}\n"
        "  - year: 2027\n"
        "    status: statutory\n"
        "    rest:\n"
        "      - {name: 元旦, date: 2027-01-01}\n";
    static const struct {
        const char *from, *to, *reason;
    } cases[] = {
        {"date: 2026-02-15", "date: 2026-02-30",
         "5: years[0].rest[0].date: there is no 2026-02-30"},
        {"to: 2026-02-23", "to: 2026-02-29", "5: years[0].rest[0].to: there is no 2026-02-29"},
        {"date: 2026-02-15", "date: 2026-2-15",
         "5: years[0].rest[0].date: \"2026-2-15\", expected a date such as 2026-10-01"},
        {"date: 2026-02-15", "date: 2026/02/15",
         "5: years[0].rest[0].date: \"2026/02/15\", expected a date such as 2026-10-01"},
        {"date: 2026-02-15", "date: 2026-02-155",
         "5: years[0].rest[0].date: \"2026-02-155\", expected a date such as 2026-10-01"},
        {"to: 2026-02-23", "to: 2026-02-13",
         "5: years[0].rest[0].to: 2026-02-13 is before 2026-02-15"},
        {"to: 2026-02-23", "to: 2026-05-26",
         "5: years[0].rest[0].to: 101 days, expected at most 100"},
        {"date: 2026-10-01", "date: 2026-02-23",
         "6: years[0].rest[1].to: 227 days, expected at most 100"},
        {"date: 2026-10-01, to: 2026-10-07", "date: 2026-02-23",
         "6: years[0].rest[1].date: 2026-02-23 stands twice"},
        {"date: 2026-02-14", "date: 2026-10-03",
         "8: years[0].work[0].date: 2026-10-03 is both a working day and a day of rest"},
        {"date: 2026-02-14", "date: 2026-02-13",
         "8: years[0].work[0].date: 2026-02-13 is a working day anyway"},
        {"date: 2027-01-01", "date: 2026-11-30",
         "12: years[1].rest[0].date: 2026-11-30 is not in 2027 nor the December before"},
        {"date: 2027-01-01", "date: 2028-01-01",
         "12: years[1].rest[0].date: 2028-01-01 is not in 2027 nor the December before"},
        {"year: 2027", "year: 2026", "9: years[1].year: a second 2026"},
        {"year: 2027", "year: 2028", "9: years[1].year: 2028 follows 2026, expected 2027"},
        {"year: 2027", "year: 2025", "9: years[1].year: 2025 follows 2026, expected 2027"},
        {"year: 2026", "year: 26", "2: years[0].year: 26, expected 2000 to 2100"},
        {"statutory", "guessed", "10: years[1].status: expected one of: announced, statutory"},
        {"name: 元旦", "name: \"元\\n旦\"", "12: years[1].rest[0].name: more than one line"},
        {"{name: 元旦, date", "{date", "12: years[1].rest[0]: key \"name\" is missing"},
        {"{name: 元旦, date", "{name: 元旦, from", "12: years[1].rest[0].from: unknown key"},
        {"years:", "months:", "1: months: unknown key"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *ctx = talloc_new(*state);
        const char *at = strstr(right, cases[i].from);
        assert_non_null(at);
        const char *templates =
            templates_with(ctx, talloc_asprintf(ctx, "%.*s%s%s", (int)(at - right), right,
                                                cases[i].to, at + strlen(cases[i].from)));
        struct workdays *workdays = NULL;
        struct yaml_problem problem = {""};
        void *own = talloc_new(ctx);
        assert_int_equal(workdays_load(own, templates, "cn", "day21.yaml", "accounts[0]",
                                       &no_company, &workdays, &problem),
                         -1);
        assert_string_equal(problem.text, talloc_asprintf(ctx, "%s/calendar/cn.yaml:%s", templates,
                                                          cases[i].reason));
        assert_null(workdays);
        assert_int_equal(talloc_total_blocks(own), 1);
        talloc_free(ctx);
    }
}

static void a_wrong_day_of_the_company_is_refused(void **state) {
    static const struct {
        struct workdays_span rest, work;
        const char *reason;
    } cases[] = {
        {{"厂庆", "2026-11-31", NULL},
         {"补班", "2026-11-22", NULL},
         "rest_days[0].date: there is no 2026-11-31"},
        {{"厂庆", "2026-11-18", "2026-11-17"},
         {"补班", "2026-11-22", NULL},
         "rest_days[0].to: 2026-11-17 is before 2026-11-18"},
        {{"厂\n庆", "2026-11-18", NULL},
         {"补班", "2026-11-22", NULL},
         "rest_days[0].reason: more than one line"},
        {{"厂庆", "2026-11-18", NULL},
         {"补班", "2026-11-20", NULL},
         "work_days[0].date: 2026-11-20 is a working day anyway"},
        {{"厂庆", "2026-11-18", NULL},
         {"补班", "2026-11-22", "2026-11-23"},
         "work_days[0].date: 2026-11-23 is a working day anyway"},
        {{"厂庆", "2026-11-18", "2026-11-22"},
         {"补班", "2026-11-22", NULL},
         "work_days[0].date: 2026-11-22 is both a working day and a day of rest"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct workdays_company company = {&cases[i].rest, &cases[i].work, 1, 1};
        struct workdays *workdays;
        struct yaml_problem problem = {""};
        assert_int_equal(workdays_load(*state, "templates", "cn", "day21.yaml", "accounts[0]",
                                       &company, &workdays, &problem),
                         -1);
        assert_string_equal(problem.text,
                            talloc_asprintf(*state, "day21.yaml: accounts[0].%s", cases[i].reason));
    }
}

static void a_calendar_that_is_not_there_is_refused(void **state) {
    struct workdays *workdays;
    struct yaml_problem problem = {""};
    assert_int_equal(workdays_load(*state, "templates", "mars", "day21.yaml", "accounts[0]",
                                   &no_company, &workdays, &problem),
                     -1);
    assert_string_equal(problem.text, "templates/calendar/mars.yaml: No such file or directory");
}

static void a_week_may_have_other_days(void **state) {
    static const struct {
        const char *file, *problem; /* after the file's name */
    } wrong[] = {
        {"week: [0]\nyears: []\n", "week[0]: 0, expected 1 (Monday) to 7 (Sunday)"},
        {"week: [1, 8]\nyears: []\n", "week[1]: 8, expected 1 (Monday) to 7 (Sunday)"},
        {"week: [1, 2, 1]\nyears: []\n", "week[2]: 1 stands there twice"},
    };
    struct workdays *workdays;
    struct yaml_problem problem;
    const char *templates = templates_with(*state, "week: [1, 2, 3, 4, 5, 6]\nyears: []\n");
    assert_int_equal(workdays_load(*state, templates, "cn", "day21.yaml", "accounts[0]",
                                   &no_company, &workdays, &problem),
                     0);
    const int64_t monday = date(2026, 11, 16);
    for (int i = 0; i < 14; i++)
        assert_int_equal(workdays_is(workdays, monday + i), i % 7 != 6);
    assert_int_equal(workdays_count(workdays, monday, monday + 13), 12);
    assert_int_equal(workdays_count(workdays, monday + 6, monday + 6), 0);
    assert_int_equal(workdays_next(workdays, monday + 5), monday + 7);
    assert_null(workdays_warning(*state, workdays, monday));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        templates = templates_with(*state, wrong[i].file);
        assert_int_equal(workdays_load(*state, templates, "cn", "day21.yaml", "accounts[0]",
                                       &no_company, &workdays, &problem),
                         -1);
        assert_non_null(strstr(problem.text, wrong[i].problem));
    }
}

static void says_when_the_file_is_behind(void **state) {
    const char *templates = templates_with(*state,
                                           "years:\n"
                                           "  - year: 2026\n"
                                           "    status: announced\n"
                                           "    rest: [{name: 元旦, date: 2026-01-01}]\n"
                                           "  - year: 2027\n"
                                           "    status: statutory\n"
                                           "    rest: [{name: 元旦, date: 2027-01-01}]\n"
                                           "  - year: 2028\n"
                                           "    status: announced\n"
                                           "    rest: [{name: 元旦, date: 2028-01-01}]\n");
    static const struct {
        int year;
        unsigned month, day;
        const char *warning; /* after the file's name */
    } cases[] = {
        {2025, 10, 31, "does not have 2025: its holidays count as working days"},
        {2026, 10, 31, NULL},
        {2026, 11, 1, "has 2027 by law only, not yet as announced: no make-up days"},
        {2027, 1, 1, "has 2027 by law only, not yet as announced: no make-up days"},
        {2027, 12, 31, "has 2027 by law only, not yet as announced: no make-up days"},
        {2028, 1, 1, NULL},
        {2028, 10, 31, NULL},
        {2028, 11, 1, "does not have 2029: its holidays count as working days"},
        {2031, 5, 1, "does not have 2031: its holidays count as working days"},
    };
    struct workdays *workdays;
    struct yaml_problem problem;
    assert_int_equal(workdays_load(*state, templates, "cn", "day21.yaml", "accounts[0]",
                                   &no_company, &workdays, &problem),
                     0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t today = date(cases[i].year, cases[i].month, cases[i].day);
        char *warning = workdays_warning(*state, workdays, today);
        if (cases[i].warning)
            assert_string_equal(warning, talloc_asprintf(*state, "%s/calendar/cn.yaml %s",
                                                         templates, cases[i].warning));
        else
            assert_null(warning);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(has_the_arrangement_of_2026),
        TEST(every_year_has_the_festivals_of_the_law),
        TEST(an_announced_year_frees_as_many_days_as_the_law),
        TEST(steps_over_holidays),
        TEST(counts_as_many_as_there_are),
        TEST(shows_the_last_63_days),
        TEST(a_year_without_data_has_plain_weeks),
        TEST(the_company_has_the_last_word),
        TEST(a_company_may_name_what_is_announced_later),
        TEST(a_year_may_begin_in_the_december_before),
        TEST(a_wrong_file_is_refused_with_line_and_reason),
        TEST(a_wrong_day_of_the_company_is_refused),
        TEST(a_calendar_that_is_not_there_is_refused),
        TEST(a_week_may_have_other_days),
        TEST(says_when_the_file_is_behind),
    };
    return cmocka_run_group_tests_name("workdays", tests, NULL, NULL);
}
