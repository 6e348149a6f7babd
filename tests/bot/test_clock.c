#include "bot/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void reads_every_minute_of_the_day(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int minute;
    } cases[] = {{"00:00", 0}, {"00:01", 1}, {"08:30", 510}, {"19:59", 1199}, {"23:59", 1439}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(clock_minute(cases[i].text), cases[i].minute);
}

static void what_no_clock_shows_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",      "8:30",  "08:3",   "08:300", "24:00",  "29:00", "30:00", "08:60", "08-30",
        "08:3O", "-8:30", " 08:30", "08 30",  "08:30 ", "0830",  "1:000", "08::0", "：830",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(clock_minute(wrong[i]), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_minute_of_the_day),
        cmocka_unit_test(what_no_clock_shows_is_refused),
    };
    return cmocka_run_group_tests_name("bot/clock", tests, NULL, NULL);
}
