#include "wx/json.h"

#include "config/limits.h"
#include "tests/wx/sample.h"
#include "wx/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int new_context(void **state) {
    *state = talloc_new(NULL);
    return *state == NULL;
}

static int free_context(void **state) {
    return talloc_free(*state);
}

/* Writes down what is reported: "path=value " or, of a container, "path{} ". */
struct notes {
    char *text;
    int refuse; /* at the path "refuse" */
};

static int note(void *data, const char *path, const char *value, size_t length) {
    struct notes *notes = data;
    if (value)
        assert_int_equal(strlen(value), length);
    notes->text = talloc_asprintf_append(notes->text, value ? "%s=%s " : "%s{} ", path, value);
    return strcmp(path, "refuse") == 0 ? notes->refuse : 0;
}

static int read_json(void *ctx, const char *json, size_t length, struct notes *notes) {
    notes->text = talloc_strdup(ctx, "");
    return wx_json_read(ctx, json, length, note, notes);
}

static void values_are_reported_by_path_in_order(void **state) {
    static const struct {
        const char *json, *notes;
    } cases[] = {
        {"{}", ""},
        {"{'b':'1','a':'2'}", "b=1 a=2 "},
        {"{'a':{'b':'1','c':{'d':'2'}},'e':'3'}", "a{} a/b=1 a/c{} a/c/d=2 e=3 "},
        {"{'a':[{'b':1},{'b':2}]}", "a{} a/b=1 a{} a/b=2 "},
        {"{'a':{'b':1}}", "a{} a/b=1 "},
        {"{'a':[]}", ""},
        {"{'a':[1,[2,3]]}", "a=1 a=2 a=3 "},
        {"{'a':{}}", "a{} "},
        {"{'a':9223372036854775807,'b':-1,'c':0}", "a=9223372036854775807 b=-1 c=0 "},
        {"{'a':30.443105,'b':1e3,'c':-0.5}", "a=30.443105 b=1000 c=-0.5 "},
        {"{'a':true,'b':false,'c':null}", "a=true b=false c= "},
        {" \r\n\t{ 'a' : '1' } \n", "a=1 "},
        {"{' a ':1,'':2,'  ':3}", "a=1 "},
        {"{'a/b':1,'c':2}", "c=2 "},
        {"{'a':'\\u7b7e\\ud83d\\ude00 \\\\ \\/ \\n'}", "a=签😀 \\ / \n "},
        {"{'a':'x\\u0001\\u001by\\ufffez'}", "a=xyz "},
        {"{'a':'}]{[,'}", "a=}]{[, "},
        {"{'a':'\\\\','b':'{'}", "a=\\ b={ "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *json = sample_json(*state, cases[i].json);
        struct notes notes = {0};
        int error = read_json(*state, json, strlen(json), &notes);
        if (error)
            fail_msg("%s: %s", json, wx_error_text(error));
        assert_string_equal(notes.text, cases[i].notes);
    }
}

static void what_is_not_one_object_is_refused(void **state) {
    static const struct {
        const char *json;
        int error;
    } cases[] = {
        {"", WX_E_EMPTY},
        {" \n\t\r", WX_E_EMPTY},
        {"[]", WX_E_JSON},
        {"'a'", WX_E_JSON},
        {"7", WX_E_JSON},
        {"{", WX_E_JSON},
        {"}", WX_E_JSON},
        {"{'a'}", WX_E_JSON},
        {"{'a':1,}", WX_E_JSON},
        {"{'a':1}{}", WX_E_JSON},
        {"{'a':1} x", WX_E_JSON},
        {"{'a':1,'a':1}", WX_E_JSON},
        {"{'b':{'a':1,'a':2}}", WX_E_JSON},
        {"{a:1}", WX_E_JSON},
        {"{'a':01}", WX_E_JSON},
        {"{'a':NaN}", WX_E_JSON},
        {"{'a':99999999999999999999}", WX_E_JSON},
        {"{'a':'\\u0000'}", WX_E_JSON},
        {"{'a\\u0000':1}", WX_E_JSON},
        {"{'a':'\\ud800'}", WX_E_JSON},
        {"{'a':'\n'}", WX_E_JSON},
        {"{'a':'\xff'}", WX_E_JSON},
        {"{'a':'\xc0\xaf'}", WX_E_JSON},
        {"\xef\xbb\xbf{}", WX_E_JSON},
        {"{'a':'", WX_E_JSON},
        {"{'a':'\\", WX_E_JSON},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *json = sample_json(*state, cases[i].json);
        struct notes notes = {0};
        int error = read_json(*state, json, strlen(json), &notes);
        if (error != cases[i].error)
            fail_msg("%s: %s", json, wx_error_text(error));
    }
    struct notes notes = {0};
    assert_int_equal(read_json(*state, "{\"a\":1}\0", 8, &notes), WX_E_JSON);
    assert_int_equal(read_json(*state, "\0{\"a\":1}", 8, &notes), WX_E_JSON);
}

static char *repeated(void *ctx, const char *piece, size_t count) {
    size_t size = strlen(piece);
    char *text = talloc_size(ctx, count * size + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * size, piece, size);
    text[count * size] = '\0';
    return text;
}

static void what_is_too_deep_too_many_or_too_long_is_refused(void **state) {
    for (int over = 0; over <= 1; over++) {
        int error = over ? WX_E_TOO_LARGE : 0;
        struct notes notes = {0};
        size_t depth = LIMIT_XML_DEPTH - 1 + (size_t)over;
        char *json;
        json = sample_json(*state,
                           talloc_asprintf(*state, "{%s'a':1%s}", repeated(*state, "'a':{", depth),
                                           repeated(*state, "}", depth)));
        assert_int_equal(read_json(*state, json, strlen(json), &notes), error);

        size_t values = LIMIT_XML_NODES - 3 + (size_t)over; /* the root, the list, and its first */
        json = sample_json(*state,
                           talloc_asprintf(*state, "{'a':[1%s]}", repeated(*state, ",1", values)));
        assert_int_equal(read_json(*state, json, strlen(json), &notes), error);

        size_t around = strlen("{'a':''}");
        json = sample_json(
            *state, talloc_asprintf(*state, "{'a':'%s'}",
                                    repeated(*state, "x", LIMIT_XML - around + (size_t)over)));
        assert_int_equal(read_json(*state, json, strlen(json), &notes), error);

        json = sample_json(
            *state, talloc_asprintf(*state, "{'%s':1}", repeated(*state, "n", 64 + (size_t)over)));
        assert_int_equal(read_json(*state, json, strlen(json), &notes), 0);
        assert_int_equal(*notes.text != '\0', !over);
    }
}

static void the_longest_path_there_can_be_is_reported(void **state) {
    const char *name = repeated(*state, "n", 64);
    char *json = talloc_strdup(*state, "1");
    for (int i = 0; i < LIMIT_XML_DEPTH; i++)
        json = talloc_asprintf(*state, "{\"%s\":%s}", name, json);
    struct notes notes = {0};
    assert_int_equal(read_json(*state, json, strlen(json), &notes), 0);
    assert_non_null(strstr(notes.text, "=1 "));
}

static void reading_ends_with_the_first_error_of_the_reader(void **state) {
    struct notes notes = {.refuse = WX_E_FIELD};
    const char *json = sample_json(*state, "{'a':1,'refuse':[2,3],'b':4}");
    assert_int_equal(read_json(*state, json, strlen(json), &notes), WX_E_FIELD);
    assert_string_equal(notes.text, "a=1 refuse=2 ");
}

static void strings_of_the_root_are_picked(void **state) {
    struct wx_xml_wanted wanted[] = {{.name = "Encrypt"}, {.name = "ToUserName"}, {.name = "No"}};
    const char *json =
        sample_json(*state, "{'Inner':{'Encrypt':'x'},'ToUserName':'gh','Encrypt':'+\\/='}");
    assert_int_equal(wx_json_pick(*state, json, strlen(json), wanted, 3), 0);
    assert_string_equal(wanted[0].value, "+/=");
    assert_int_equal(wanted[0].length, 3);
    assert_string_equal(wanted[1].value, "gh");
    assert_null(wanted[2].value);
}

static void what_cannot_be_picked_without_a_doubt_is_refused(void **state) {
    static const struct {
        const char *json;
        int error;
    } cases[] = {
        {"", WX_E_EMPTY},           {"[]", WX_E_JSON},          {"{'a':1}", WX_E_JSON},
        {"{'a':null}", WX_E_JSON},  {"{'a':['x']}", WX_E_JSON}, {"{'a':'x','a':'x'}", WX_E_JSON},
        {"<xml></xml>", WX_E_JSON},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_xml_wanted wanted[] = {{.name = "a"}, {.name = "b"}};
        const char *json = sample_json(*state, cases[i].json);
        int error = wx_json_pick(*state, json, strlen(json), wanted, 2);
        if (error != cases[i].error)
            fail_msg("%s: %s", json, wx_error_text(error));
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, new_context, free_context)
    const struct CMUnitTest tests[] = {
        TEST(values_are_reported_by_path_in_order),
        TEST(what_is_not_one_object_is_refused),
        TEST(what_is_too_deep_too_many_or_too_long_is_refused),
        TEST(the_longest_path_there_can_be_is_reported),
        TEST(reading_ends_with_the_first_error_of_the_reader),
        TEST(strings_of_the_root_are_picked),
        TEST(what_cannot_be_picked_without_a_doubt_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
