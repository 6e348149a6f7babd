#include "bot/leave_days.h"

#include "bot/calendar.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

#define MOST 10

static struct workdays *workdays;

static int setup(void **state) {
    const struct workdays_company company = {0};
    struct yaml_problem problem = {""};
    *state = talloc_new(NULL);
    return workdays_load(*state, "templates", "cn", "x", "x", &company, &workdays, &problem);
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static int64_t day(const char *date) {
    long long year;
    unsigned month, of_month;
    int64_t number;
    assert_int_equal(sscanf(date, "%lld-%u-%u", &year, &month, &of_month), 3);
    assert_int_equal(calendar_number(year, month, of_month, &number), 0);
    return number;
}

struct wanted {
    const char *text, *from, *to;
};

static void check(const char *today, const struct wanted *wanted, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct leave_days days = {0};
        enum leave_days_verdict verdict =
            leave_days_parse(wanted[i].text, day(today), workdays, MOST, &days);
        if (verdict != LEAVE_DAYS_GOOD || days.from != day(wanted[i].from) ||
            days.to != day(wanted[i].to))
            fail_msg("%s on %s: verdict %d, %" PRId64 " to %" PRId64 " days from then",
                     wanted[i].text, today, (int)verdict, days.from - day(today),
                     days.to - day(today));
    }
}

#define CHECK(today, list) check(today, list, sizeof(list) / sizeof((list)[0]))

/* 2026-11-25 is a Wednesday. */
static void what_people_type_is_understood(void **state) {
    (void)state;
    static const struct wanted list[] = {
        {"请假 今天", "2026-11-25", "2026-11-25"},
        {"请假明天", "2026-11-26", "2026-11-26"},
        {"明天我想请假", "2026-11-26", "2026-11-26"},
        {"请假 明后天", "2026-11-26", "2026-11-27"},
        {"今明两天请假", "2026-11-25", "2026-11-26"},
        {"请假 明天到后天", "2026-11-26", "2026-11-27"},
        {"请假 3", "2026-11-25", "2026-11-27"},
        {"请假3天", "2026-11-25", "2026-11-27"},
        {"请三天假", "2026-11-25", "2026-11-27"},
        {"请假三日", "2026-11-25", "2026-11-27"},
        {"请假两个工作日", "2026-11-25", "2026-11-26"},
        {"请半天假", "2026-11-25", "2026-11-25"},
        {"今天起3天请假", "2026-11-25", "2026-11-27"},
        {"从明天开始请假十天", "2026-11-26", "2026-12-09"},
        {"请假 明天 2天", "2026-11-26", "2026-11-27"},
        {"请假一周", "2026-11-25", "2026-12-01"},
        {"请假两个星期", "2026-11-25", "2026-12-08"},
        {"请一下假 明天", "2026-11-26", "2026-11-26"},
        {"请假 周五", "2026-11-27", "2026-11-27"},
        {"请假 周二", "2026-12-01", "2026-12-01"},
        {"请假 周三到周五", "2026-11-25", "2026-11-27"},
        {"请假 星期五至星期一", "2026-11-27", "2026-11-30"},
        {"请假到周五", "2026-11-25", "2026-11-27"},
        {"请假 下周一到周三", "2026-11-30", "2026-12-02"},
        {"请假 下礼拜5", "2026-12-04", "2026-12-04"},
        {"下周请假", "2026-11-30", "2026-12-04"},
        {"本周请假", "2026-11-25", "2026-11-27"},
        {"请假 下下周一", "2026-12-07", "2026-12-07"},
        {"请假 11月25日 到 11月27日", "2026-11-25", "2026-11-27"},
        {"请假11月25日-27日", "2026-11-25", "2026-11-27"},
        {"请假 十一月二十六到二十七号", "2026-11-26", "2026-11-27"},
        {"请假 11月26号、27号", "2026-11-26", "2026-11-27"},
        {"请假 11.26-11.27", "2026-11-26", "2026-11-27"},
        {"请假 11/26 11/27", "2026-11-26", "2026-11-27"},
        {"请假 11-26~11-27", "2026-11-26", "2026-11-27"},
        {"请假 25-27号", "2026-11-25", "2026-11-27"},
        {"请假 26号到2号", "2026-11-26", "2026-12-02"},
        {"请假 1-3号", "2026-12-01", "2026-12-03"},
        {"请假 26号", "2026-11-26", "2026-11-26"},
        {"请假 2026-12-01", "2026-12-01", "2026-12-01"},
        {"请假 2026年12月1日至12月3日", "2026-12-01", "2026-12-03"},
        {"请假 26年12月1日", "2026-12-01", "2026-12-01"},
        {"请假 12月30日到1月5日", "2026-12-30", "2027-01-05"},
        {"请假 1月5日", "2027-01-05", "2027-01-05"},
    };
    CHECK("2026-11-25", list);
}

static void days_are_working_days(void **state) {
    (void)state;
    static const struct wanted sunday[] = {
        {"请假 3", "2026-11-23", "2026-11-25"}, /* from Monday on */
        {"请假 周六到下周一", "2026-11-30", "2026-11-30"},
        {"请假 11月27日到29日", "2026-11-27", "2026-11-27"},
    };
    CHECK("2026-11-22", sunday);
    static const struct wanted holidays[] = {
        {"请假 3天", "2026-09-30", "2026-10-09"},      /* with a week of holidays in between */
        {"请假 10月10日", "2026-10-10", "2026-10-10"}, /* a make-up Saturday */
    };
    CHECK("2026-09-30", holidays);
}

static void what_cannot_be_has_its_verdict(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum leave_days_verdict verdict;
    } cases[] = {
        {"", LEAVE_DAYS_UNCLEAR},
        {"请假", LEAVE_DAYS_UNCLEAR},
        {"我要请假", LEAVE_DAYS_UNCLEAR},
        {"请假 0", LEAVE_DAYS_UNCLEAR},
        {"请假2小时", LEAVE_DAYS_UNCLEAR},
        {"请假 13月1日", LEAVE_DAYS_UNCLEAR},
        {"请假 2月30日", LEAVE_DAYS_UNCLEAR},
        {"请假 2027-2-29", LEAVE_DAYS_UNCLEAR},
        {"请假 11月", LEAVE_DAYS_UNCLEAR},
        {"请假 40号", LEAVE_DAYS_UNCLEAR},
        {"请假 2026年", LEAVE_DAYS_UNCLEAR},
        {"请假 11月27日到11月26日", LEAVE_DAYS_UNCLEAR},
        {"请假 一起", LEAVE_DAYS_UNCLEAR},
        {"请假 昨天", LEAVE_DAYS_PAST},
        {"请假 昨天到明天", LEAVE_DAYS_PAST},
        {"请假 11月20日", LEAVE_DAYS_PAST},
        {"请假 24号", LEAVE_DAYS_PAST},
        {"请假 2020-01-01", LEAVE_DAYS_PAST},
        {"请假 2030-01-02", LEAVE_DAYS_FAR},
        {"请假 9999-12-31", LEAVE_DAYS_FAR},
        {"请假 周六", LEAVE_DAYS_REST},
        {"请假 这周末", LEAVE_DAYS_REST},
        {"请假 11天", LEAVE_DAYS_LONG},
        {"请假 99999999999999999999", LEAVE_DAYS_LONG},
        {"请假 九十九周", LEAVE_DAYS_LONG},
        {"请假 明天到2099-01-01", LEAVE_DAYS_LONG},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct leave_days days;
        enum leave_days_verdict verdict =
            leave_days_parse(cases[i].text, day("2026-11-25"), workdays, MOST, &days);
        if (verdict != cases[i].verdict)
            fail_msg("%s: verdict %d", cases[i].text, (int)verdict);
    }
}

/* Whatever stands in it, nothing is read behind its end, and a good verdict is what it says. */
static void any_pieces_in_any_order_are_survived(void **state) {
    static const char *const pieces[] = {"请假", "到",   "十", "二",   "11", "月", "号",
                                         "周",   "下",   "-",  ".",    "年", "天", "明",
                                         "3",    "半天", " ",  "\xe4", "末", "日"};
    enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };
    uint32_t random = 21;
    for (int round = 0; round < 20000; round++) {
        char *text = talloc_strdup(*state, "");
        for (int i = 0; i < 6; i++) {
            random = random * 1664525 + 1013904223;
            text = talloc_strdup_append(text, pieces[(random >> 8) % PIECES]);
        }
        struct leave_days days;
        if (leave_days_parse(text, day("2026-11-25"), workdays, MOST, &days) == LEAVE_DAYS_GOOD)
            assert_true(days.from >= day("2026-11-25") && days.to >= days.from && days.count >= 1 &&
                        days.count <= MOST && workdays_is(workdays, days.from) &&
                        workdays_is(workdays, days.to) &&
                        workdays_count(workdays, days.from, days.to) == days.count);
        talloc_free(text);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_people_type_is_understood),
        TEST(days_are_working_days),
        TEST(what_cannot_be_has_its_verdict),
        TEST(any_pieces_in_any_order_are_survived),
    };
    return cmocka_run_group_tests_name("bot/leave_days", tests, NULL, NULL);
}
