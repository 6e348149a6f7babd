#include "bot/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

/* A row as text: "line:quoted:cell|cell", or "line!what is wrong". */
static char *show(void *ctx, const struct csv_row *row) {
    if (row->wrong)
        return talloc_asprintf(ctx, "%u!%s", row->line, row->wrong);
    char *text = talloc_asprintf(ctx, "%u:%llx:", row->line, (unsigned long long)row->quoted);
    for (unsigned i = 0; i < row->count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? "|" : "", row->cells[i]);
    return text;
}

static const struct {
    const char *text, *rows;
} cases[] = {
    {"", ""},
    {"a,b\r\nc,d\r\n", "1:0:a|b 2:0:c|d "},
    {"a,b\nc,d", "1:0:a|b 2:0:c|d "},
    {"a\rb\r", "1:0:a 2:0:b "},
    {"a,,b,\n,\n", "1:0:a||b| 2:0:| "},
    {"\n\r\na\n", "1:0: 2:0: 3:0:a "},
    {"\"a\",b\n", "1:1:a|b "},
    {"a,\"b,c\"\n", "1:2:a|b,c "},
    {"\"a\"\"b\",\"\"\"\"\n", "1:3:a\"b|\" "},
    {"\"\",\"\"\n", "1:3:| "},
    {"\"a\nb\",c\nd\n", "1:1:a\nb|c 3:0:d "},
    {"\"a\r\nb\"\r\nd\r\n", "1:1:a\r\nb 3:0:d "},
    {"\"a\rb\"\rd\r", "1:1:a\rb 3:0:d "},
    {"a\"b,c\n", "1:0:a\"b|c "}, /* Excel writes no such thing, and takes it so */
    {" \"a\"\n", "1:0: \"a\" "},
    {"=1+1,-2,@x,+3\n", "1:0:=1+1|-2|@x|+3 "},
    {"工号,姓名\n", "1:0:工号|姓名 "},
    {"\"a\"b,c\nd\n", "1!text follows a closing quote 2:0:d "},
    {"a\n\"b\nc\n", "1:0:a 2!a quote is opened and never closed "},
    {"\"", "1!a quote is opened and never closed "},
    {"\"a\"\"", "1!a quote is opened and never closed "},
};

static void reads_what_excel_writes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct csv *csv = csv_open(NULL, cases[i].text);
        char *rows = talloc_strdup(csv, "");
        struct csv_row row;
        int got;
        while ((got = csv_next(csv, &row)) == 1)
            rows = talloc_asprintf_append(rows, "%s ", show(csv, &row));
        assert_int_equal(got, 0);
        assert_string_equal(rows, cases[i].rows);
        talloc_free(csv);
    }
}

static void a_row_of_too_many_cells_is_wrong_and_the_next_is_not(void **state) {
    (void)state;
    char text[256];
    memset(text, ',', 63);
    strcpy(text + 63, "\n");
    memset(text + 64, ',', 64);
    strcpy(text + 128, "\nb\n");
    struct csv *csv = csv_open(NULL, text);
    struct csv_row row;
    assert_int_equal(csv_next(csv, &row), 1);
    assert_null(row.wrong);
    assert_int_equal(row.count, 64);
    assert_int_equal(csv_next(csv, &row), 1);
    assert_non_null(row.wrong);
    assert_int_equal(csv_next(csv, &row), 1);
    assert_string_equal(row.cells[0], "b");
    talloc_free(csv);
}

static void a_long_cell_is_read_whole(void **state) {
    (void)state;
    char *text = talloc_size(NULL, 100003);
    memset(text, 'x', 100000);
    strcpy(text + 100000, ",y");
    struct csv *csv = csv_open(text, text);
    struct csv_row row;
    assert_int_equal(csv_next(csv, &row), 1);
    assert_int_equal(strlen(row.cells[0]), 100000);
    assert_string_equal(row.cells[1], "y");
    talloc_free(text);
}

static void what_is_written_reads_the_same(void **state) {
    (void)state;
    static const char *const lines[] = {
        "a,b,c\n", "\"a\",\"b,c\",\n", "\"a\"\"b\",\"c\nd\",\"\"\n", "=1+1,\"=2\",-\n", "\"\"\n",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct csv *csv = csv_open(NULL, lines[i]);
        struct csv_row row;
        assert_int_equal(csv_next(csv, &row), 1);
        char *text = csv_append(talloc_strdup(csv, ""), row.cells, row.count, row.quoted, "\n");
        assert_string_equal(text, lines[i]);
        talloc_free(csv);
    }
}

static void quotes_only_what_needs_them(void **state) {
    (void)state;
    const char *const cells[] = {"a", "b,c", "d\"e", "f\ng", "=1", "", "h\ri"};
    assert_int_equal(csv_quotes(cells, 7), 0x4e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_excel_writes),
        cmocka_unit_test(a_row_of_too_many_cells_is_wrong_and_the_next_is_not),
        cmocka_unit_test(a_long_cell_is_read_whole),
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(quotes_only_what_needs_them),
    };
    return cmocka_run_group_tests_name("bot/csv", tests, NULL, NULL);
}
