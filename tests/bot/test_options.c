#include "bot/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WORDS 8

/* What was taken, as "left|words … a=given t=text n=number". */
static const struct {
    const char *line, *taken;
} cases[] = {
    {"", "0| a=0 t=- n=5"},
    {"one two", "2|one two a=0 t=- n=5"},
    {"--apply one --text x two --number 9", "2|one two a=1 t=x n=9"},
    {"one --apply", "1|one a=1 t=- n=5"},
    {"--text --apply", "0| a=0 t=--apply n=5"},
    {"one -5 -05", "3|one -5 -05 a=0 t=- n=5"},
    {"--number -3", "0| a=0 t=- n=-3"},
    {"--number 1 --number 2", "0| a=0 t=- n=2"},
    {"--text", "-1"},
    {"one --number", "-1"},
    {"--number 10", "-1"},
    {"--number -4", "-1"},
    {"--number 5x", "-1"},
    {"--number x", "-1"},
    {"--number +5", "-1"},
    {"--number 99999999999999999999", "-1"},
    {"--app", "-1"},
    {"--apply=1", "-1"},
    {"-", "-1"},
    {"--", "-1"},
};

static void options_are_taken_wherever_they_stand(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool apply = false;
        const char *text = "-";
        int64_t number = 5;
        const struct options options[] = {
            {"--apply", .given = &apply},
            {"--text", .text = &text},
            {"--number", .number = &number, .least = -3, .most = 9},
            {NULL},
        };
        char line[128], taken[128], *argv[WORDS];
        int argc = 0;
        snprintf(line, sizeof line, "%s", cases[i].line);
        for (char *word = strtok(line, " "); word && argc < WORDS; word = strtok(NULL, " "))
            argv[argc++] = word;
        int left = options_take(options, argc, argv);
        int length = snprintf(taken, sizeof taken, "%d", left);
        for (int w = 0; w < left; w++)
            length += snprintf(taken + length, sizeof taken - (size_t)length, "%s%s", w ? " " : "|",
                               argv[w]);
        if (left >= 0)
            snprintf(taken + length, sizeof taken - (size_t)length, "%s a=%d t=%s n=%d",
                     left ? "" : "|", apply, text, (int)number);
        assert_string_equal(taken, cases[i].taken);
    }
}

static void a_number_is_whole_and_within_its_limits(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int result;
    } numbers[] = {{"1", 0},  {"21", 0},  {"0", -1},  {"22", -1}, {"", -1},
                   {"-", -1}, {" 7", -1}, {"7 ", -1}, {"1e1", -1}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t number = -9;
        assert_int_equal(options_number(numbers[i].text, 1, 21, &number), numbers[i].result);
        assert_true((number == -9) == (numbers[i].result < 0));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_taken_wherever_they_stand),
        cmocka_unit_test(a_number_is_whole_and_within_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
