#include "wx/xml.h"

#include "wx/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

static int new_context(void **state) {
    *state = talloc_new(NULL);
    return *state == NULL;
}

static int free_context(void **state) {
    return talloc_free(*state);
}

/* Writes down what it is told: "a/b=value;" and "a/b{;" for an element that holds others. */
static int note(void *data, const char *path, const char *value, size_t length) {
    char **notes = data;
    if (value)
        assert_int_equal(strlen(value), length);
    *notes = value ? talloc_asprintf_append(*notes, "%s=%s;", path, value)
                   : talloc_asprintf_append(*notes, "%s{;", path);
    return 0;
}

static void elements_are_told_in_their_order_with_their_paths(void **state) {
    static const struct {
        const char *xml, *notes;
    } cases[] = {
        {"<xml></xml>", ""},
        {"<xml/>", ""},
        {"<xml><a>1</a><b/><c></c></xml>", "a=1;b=;c=;"},
        {"<xml><a><b>1</b><b>2</b></a><c>3</c></xml>", "a{;a/b=1;a/b=2;c=3;"},
        {"<xml><a><b><c>1</c></b></a></xml>", "a{;a/b{;a/b/c=1;"},
        {"<xml><a><b/></a><a><b/></a></xml>", "a{;a/b=;a{;a/b=;"},
        {"<xml>x<a>y<b>z</b>w</a>v</xml>", "a{;a/b=z;"},
        {"<xml><a>long text<b/>after</a><c>d</c></xml>", "a{;a/b=;c=d;"},
        {"<xml> <a> 1 </a> <b> <![CDATA[ 2 ]]> </b></xml>", "a= 1 ;b= 2 ;"},
        {"<xml><a>&#60;</a><b>&#x3C;&gt;</b></xml>", "a=<;b=<>;"},
        {"<xml><a-b.c_1>x</a-b.c_1><_>y</_></xml>", "a-b.c_1=x;_=y;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *notes = talloc_strdup(*state, "");
        assert_int_equal(wx_xml_read(*state, cases[i].xml, strlen(cases[i].xml), note, &notes), 0);
        assert_string_equal(notes, cases[i].notes);
    }
}

static void names_that_do_not_close_what_is_open_are_refused(void **state) {
    static const char *const wrong[] = {
        "<xml><a></b></xml>",
        "<xml><a></A></xml>",
        "<xml><a></aa></xml>",
        "<xml><aa></a></xml>",
        "<xml><a><b></a></b></xml>",
        "<xml><a></xml></a>",
        "<xml></XML>",
        "<xml></xm>",
        "<xml><a>&#65</a></xml>",
        "<xml><a>&#65 ;</a></xml>",
        "<xml><a>&#x41</a></xml>",
        "<xml><a>&lt</a></xml>",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *notes = talloc_strdup(*state, "");
        assert_int_equal(wx_xml_read(*state, wrong[i], strlen(wrong[i]), note, &notes), WX_E_XML);
    }
}

static int refuse(void *data, const char *path, const char *value, size_t length) {
    (void)value;
    (void)length;
    ++*(int *)data;
    return strcmp(path, "b") == 0 ? -77 : 0;
}

static void what_the_function_refuses_is_what_is_returned(void **state) {
    static const char xml[] = "<xml><a/><b/><c/></xml>";
    int told = 0;
    assert_int_equal(wx_xml_read(*state, xml, strlen(xml), refuse, &told), -77);
    assert_int_equal(told, 2);
}

static void what_is_picked_is_the_text_as_it_stands(void **state) {
    (void)state;
    static const char xml[] =
        "<?xml version=\"1.0\"?>\n<xml>\n<a> <![CDATA[1<2&amp;]]> </a>"
        "<x><b>no</b></x><b> text </b><c/><d>3</d></xml>";
    struct wx_xml_wanted wanted[] = {{.name = "a"},
                                     {.name = "b"},
                                     {.name = "c"},
                                     {.name = "e", .value = "of before", .length = 9}};
    assert_int_equal(wx_xml_pick(xml, strlen(xml), wanted, 4), 0);
    assert_int_equal(wanted[0].length, 8);
    assert_memory_equal(wanted[0].value, "1<2&amp;", 8);
    assert_int_equal(wanted[1].length, 6);
    assert_memory_equal(wanted[1].value, " text ", 6);
    assert_non_null(wanted[2].value);
    assert_int_equal(wanted[2].length, 0);
    assert_null(wanted[3].value);
}

static void what_cannot_be_picked_without_a_doubt_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "<xml><a>1</a><a>2</a></xml>",      "<xml><a/><a/></xml>",
        "<xml><a>1</a><a/></xml>",          "<xml><a>x<b/></a></xml>",
        "<xml><a><b>x</b></a></xml>",       "<xml><a>1&amp;2</a></xml>",
        "<xml><a><![CDATA[1]]>2</a></xml>", "<xml><a><![CDATA[1]]><![CDATA[2]]></a></xml>",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct wx_xml_wanted wanted[] = {{.name = "a"}};
        assert_int_equal(wx_xml_pick(wrong[i], strlen(wrong[i]), wanted, 1), WX_E_XML);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, new_context, free_context)
    const struct CMUnitTest tests[] = {
        TEST(elements_are_told_in_their_order_with_their_paths),
        TEST(names_that_do_not_close_what_is_open_are_refused),
        TEST(what_the_function_refuses_is_what_is_returned),
        TEST(what_is_picked_is_the_text_as_it_stands),
        TEST(what_cannot_be_picked_without_a_doubt_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
