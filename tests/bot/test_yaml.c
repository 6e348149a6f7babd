#include "bot/yaml.h"

#include "config/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include <cmocka.h>

struct shop {
    const char *name;
    const char *motto;
    unsigned tables;
    int balance;
    bool open;
    enum weekday { MONDAY, TUESDAY } day;
    double share;
    struct dish {
        const char *name;
        const char **with;
        unsigned with_count;
    } * dishes;
    unsigned dishes_count;
};

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED),
};
static const cyaml_schema_field_t dish_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct dish, name, 1, 12),
    CYAML_FIELD_SEQUENCE("with", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct dish, with,
                         &text_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t dish_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct dish, dish_fields),
};
static const cyaml_strval_t days[] = {{"monday", MONDAY}, {"tuesday", TUESDAY}};
static const cyaml_schema_field_t shop_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct shop, name, 1, 40),
    CYAML_FIELD_STRING_PTR("motto", CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, struct shop,
                           motto, 3, 40),
    CYAML_FIELD_UINT("tables", CYAML_FLAG_OPTIONAL, struct shop, tables),
    CYAML_FIELD_INT("balance", CYAML_FLAG_OPTIONAL, struct shop, balance),
    CYAML_FIELD_BOOL("open", CYAML_FLAG_OPTIONAL, struct shop, open),
    CYAML_FIELD_ENUM("day", CYAML_FLAG_OPTIONAL, struct shop, day, days, CYAML_ARRAY_LEN(days)),
    CYAML_FIELD_FLOAT("share", CYAML_FLAG_OPTIONAL, struct shop, share),
    CYAML_FIELD_SEQUENCE("dishes", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct shop, dishes,
                         &dish_value, 1, 3),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t shop_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct shop, shop_fields),
};

static char path[64];

static int make_file(void **state) {
    (void)state;
    snprintf(path, sizeof(path), "/tmp/day21-yaml-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state) {
    (void)state;
    return unlink(path);
}

static void write_bytes(const char *bytes, size_t length) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static int load(void *ctx, const char *content, struct shop **shop, struct yaml_problem *problem) {
    write_bytes(content, strlen(content));
    return yaml_load(ctx, path, &shop_value, (void **)shop, problem);
}

static void fills_the_structure_and_gives_it_to_ctx(void **state) {
    (void)state;
    struct yaml_problem problem = {"untouched"};
    struct shop *shop;
    void *ctx = talloc_new(NULL);
    assert_int_equal(load(ctx,
                          "# lunch\n"
                          "name: 面馆\n"
                          "tables: 12\n"
                          "balance: -3\n"
                          "open: true\n"
                          "day: tuesday\n"
                          "share: 0.25\n"
                          "dishes:\n"
                          "  - name: 拉面\n"
                          "    with: [牛肉, \"香菜\"]\n"
                          "  - {name: 刀削面}\n",
                          &shop, &problem),
                     0);
    assert_string_equal(problem.text, "untouched");
    assert_string_equal(shop->name, "面馆");
    assert_null(shop->motto);
    assert_int_equal(shop->tables, 12);
    assert_int_equal(shop->balance, -3);
    assert_true(shop->open);
    assert_int_equal(shop->day, TUESDAY);
    assert_true(shop->share == 0.25);
    assert_int_equal(shop->dishes_count, 2);
    assert_string_equal(shop->dishes[0].with[1], "香菜");
    assert_int_equal(shop->dishes[1].with_count, 0);

    assert_ptr_equal(talloc_parent(shop), ctx);
    talloc_free(shop); /* and all of it with it */
    assert_int_equal(talloc_total_blocks(ctx), 1);
    talloc_free(ctx);
}

static void takes_an_empty_value_for_none_where_none_is_allowed(void **state) {
    (void)state;
    struct yaml_problem problem;
    struct shop *shop;
    assert_int_equal(load(NULL, "name: a\nmotto:\n", &shop, &problem), 0);
    assert_null(shop->motto);
    talloc_free(shop);
}

/* content, the complaint after the file's name */
static const char *const mistakes[][2] = {
    {"", ":1: the file is empty"},
    {"# nothing\n", ":1: the file is empty"},
    {"name: a\nnmae: b\n", ":2: nmae: unknown key"},
    {"tables: 1\n", ":1: key \"name\" is missing"},
    {"name: a\ndishes:\n  - name: b\n  - with: [c]\n", ":4: dishes[1]: key \"name\" is missing"},
    {"name: a\ntables: 1\nname: b\n", ":3: name: given twice"},
    {"name: a\ndishes:\n  - name: b\n    with: [c]\n    name: d\n",
     ":5: dishes[0].name: given twice"},
    {"Name: a\n", ":1: Name: unknown key"},
    {"name: a\ndishes:\n  - name: b\n    wiht: [c]\n", ":4: dishes[0].wiht: unknown key"},
    {"name: [a]\n", ":1: name: expected a text, got a list"},
    {"name: a\ndishes: b\n", ":2: dishes: expected a list, got a single value"},
    {"name: a\ndishes:\n  name: b\n", ":3: dishes: expected a list, got a mapping"},
    {"name: a\ndishes: []\n", ":2: dishes: 0 entries, expected at least 1"},
    {"name: a\ndishes: [{name: b}, {name: b}, {name: b}, {name: b}]\n",
     ":2: dishes: 4 entries, expected at most 3"},
    {"name: a\n\"\\e[31mb\\nc\": 1\n", ":2: ?[31mb?c: unknown key"},
    {"- name: a\n", ":1: expected a mapping, got a list"},
    {"name:\n", ":1: name: is empty"},
    {"name: \"\"\n", ":1: name: is empty"},
    {"name: a\nmotto: ab\n", ":2: motto: 2 bytes, expected at least 3"},
    {"name: a\ndishes:\n  - name: 一二三四五\n",
     ":3: dishes[0].name: 15 bytes, expected at most 12"},
    {"name: \"a\\0b\"\n", ":1: name: a control character (0x00)"},
    {"name: \"a\\e\"\n", ":1: name: a control character (0x1b)"},
    {"name: a\ntables: 1O\n", ":2: tables: expected a whole number"},
    {"name: a\ntables: -1\n", ":2: tables: expected a whole number"},
    {"name: a\ntables: 010\n", ":2: tables: expected a whole number"},
    {"name: a\ntables:\n", ":2: tables: expected a whole number"},
    {"name: a\ntables: 4294967296\n", ":2: tables: a number too large"},
    {"name: a\ntables: 99999999999999999999\n", ":2: tables: a number too large"},
    {"name: a\nbalance: 2147483648\n", ":2: balance: a number too large"},
    {"name: a\nshare: 1,5\n", ":2: share: expected a number"},
    {"name: a\nshare: 0x10\n", ":2: share: expected a number"},
    {"name: a\nopen: flase\n", ":2: open: expected true or false"},
    {"name: a\nday: Monday\n", ":2: day: expected one of: monday, tuesday"},
    {"name: a\nday: 1\n", ":2: day: expected one of: monday, tuesday"},
    {"name: &a b\nmotto: *a\n", ":2: an alias (*…): write the value out"},
    {"name: a\n---\nname: b\n", ":3: a second document: one a file"},
    {"name: a\n? [b]\n: c\n", ":2: expected a key, got a list"},
    {"name: a\n  tables: 1\n", ":2: mapping values are not allowed in this context"},
    {"name: a\nmotto: \"b\n", ":3: found unexpected end of stream, while scanning a quoted scalar"},
    {"name: a\n\xff: 1\n", ":2: invalid leading UTF-8 octet"},
    {"name: a\nmotto: b\x01\n", ":2: control characters are not allowed"},
};

static void says_line_place_and_reason_of_a_mistake(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
        void *ctx = talloc_new(NULL);
        struct shop untouched, *shop = &untouched;
        struct yaml_problem problem = {""};
        char expected[512];
        snprintf(expected, sizeof(expected), "%s%s", path, mistakes[i][1]);
        assert_int_equal(load(ctx, mistakes[i][0], &shop, &problem), -1);
        assert_string_equal(problem.text, expected);
        assert_ptr_equal(shop, &untouched);
        assert_int_equal(talloc_total_blocks(ctx), 1);
        talloc_free(ctx);
    }
}

static void refuses_what_cannot_be_read(void **state) {
    (void)state;
    struct yaml_problem problem;
    void *data;
    assert_int_equal(yaml_load(NULL, "config/none.yaml", &shop_value, &data, &problem), -1);
    assert_string_equal(problem.text, "config/none.yaml: No such file or directory");
    assert_int_equal(yaml_load(NULL, "config", &shop_value, &data, &problem), -1);
    assert_string_equal(problem.text, "config: Is a directory");
}

static void refuses_a_file_over_the_limit(void **state) {
    (void)state;
    char *content = talloc_size(NULL, LIMIT_YAML + 1), expected[128];
    struct yaml_problem problem;
    struct shop *shop;
    memset(content, '#', LIMIT_YAML + 1);
    memcpy(content, "name: a\n", 8);

    write_bytes(content, LIMIT_YAML);
    assert_int_equal(yaml_load(NULL, path, &shop_value, (void **)&shop, &problem), 0);
    talloc_free(shop);
    write_bytes(content, LIMIT_YAML + 1);
    assert_int_equal(yaml_load(NULL, path, &shop_value, (void **)&shop, &problem), -1);
    snprintf(expected, sizeof(expected), "%s: larger than 1048576 bytes", path);
    assert_string_equal(problem.text, expected);
    talloc_free(content);
}

/* libyaml alone would take minutes. */
static void refuses_nesting_without_end(void **state) {
    (void)state;
    char *content = talloc_size(NULL, 300001), expected[128];
    struct yaml_problem problem;
    struct shop *shop;
    memset(content, '[', 300000);
    content[300000] = '\0';
    assert_int_equal(load(NULL, content, &shop, &problem), -1);
    snprintf(expected, sizeof(expected), "%s:1: nested deeper than 16", path);
    assert_string_equal(problem.text, expected);
    talloc_free(content);
}

static void keeps_a_long_complaint_within_its_bounds(void **state) {
    (void)state;
    char *content = talloc_asprintf(NULL, "name: a\n%0500d: 1\n", 0);
    struct yaml_problem problem;
    struct shop *shop;
    assert_int_equal(load(NULL, content, &shop, &problem), -1);
    assert_true(strlen(problem.text) < sizeof(problem.text));
    assert_non_null(strstr(problem.text, "0: unknown key"));
    talloc_free(content);
}

static void finds_the_line_a_reader_complains_about(void **state) {
    (void)state;
    static const struct {
        const char *where;
        int line;
    } places[] = {
        {"name", 2},
        {"dishes", 3},
        {"dishes[0]", 4},
        {"dishes[0].name", 4},
        {"dishes[1].with", 7},
        {"dishes[1].with[1]", 9},
        {"dishes[1].with[2]", 7}, /* not there: the nearest parent that is */
        {"dishes[1].price", 6},
        {"dishes[7].name", 3},
        {"tables", 2},
        {"name.first", 2},
        {"dishes[x", 4},
    };
    const char *content =
        "# lunch\n"
        "name: a\n"
        "dishes:\n"
        "  - name: b\n"
        "\n"
        "  - name: c\n"
        "    with:\n"
        "      - d\n"
        "      - e\n";
    write_bytes(content, strlen(content));
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        struct yaml_problem problem;
        char expected[512];
        assert_int_equal(yaml_refuse(path, &problem, places[i].where, "%d of %s", 3, "four"), -1);
        snprintf(expected, sizeof(expected), "%s:%d: %s: 3 of four", path, places[i].line,
                 places[i].where);
        assert_string_equal(problem.text, expected);
    }
}

static void complains_without_a_line_about_a_file_as_a_whole(void **state) {
    (void)state;
    struct yaml_problem problem;
    yaml_refuse("config/none.yaml", &problem, "", "%s", "not here");
    assert_string_equal(problem.text, "config/none.yaml: not here");
    yaml_refuse("config/none.yaml", &problem, "a.b", "%s", "not here");
    assert_string_equal(problem.text, "config/none.yaml: a.b: not here");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_the_structure_and_gives_it_to_ctx),
        cmocka_unit_test(takes_an_empty_value_for_none_where_none_is_allowed),
        cmocka_unit_test(says_line_place_and_reason_of_a_mistake),
        cmocka_unit_test(refuses_what_cannot_be_read),
        cmocka_unit_test(refuses_a_file_over_the_limit),
        cmocka_unit_test(refuses_nesting_without_end),
        cmocka_unit_test(keeps_a_long_complaint_within_its_bounds),
        cmocka_unit_test(finds_the_line_a_reader_complains_about),
        cmocka_unit_test(complains_without_a_line_about_a_file_as_a_whole),
    };
    return cmocka_run_group_tests_name("yaml", tests, make_file, remove_file);
}
