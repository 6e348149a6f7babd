#include "bot/encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

static const struct {
    const char *bytes, *text;
    enum encoding encoding;
    bool marked;
} files[] = {
    {"", "", ENCODING_UTF8, false},
    {"abc,1\r\n", "abc,1\r\n", ENCODING_UTF8, false},
    {"张三", "张三", ENCODING_UTF8, false},
    {"\xef\xbb\xbf张三", "张三", ENCODING_UTF8, true},
    {"\xef\xbb\xbf", "", ENCODING_UTF8, true},
    {"\xd5\xc5\xc8\xfd,1", "张三,1", ENCODING_GB18030, false},       /* GB2312 */
    {"\xb9\xa4\xba\xc5", "工号", ENCODING_GB18030, false},           /* 工号 */
    {"\x96\x52\xc3\xf7", "朢明", ENCODING_GB18030, false},           /* GBK */
    {"\x81\x39\xef\x30,\xd0\xa1", "㐁,小", ENCODING_GB18030, false}, /* four bytes */
    {"\x95\x32\x82\x36", "\U00020000", ENCODING_GB18030, false},
};

static void knows_each_encoding_and_gives_the_bytes_back(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        void *ctx = talloc_new(NULL);
        char *text, *bytes;
        enum encoding encoding;
        bool marked;
        size_t length, skipped = files[i].marked ? 3 : 0;
        const char *problem = "";
        if (encoding_decode(ctx, files[i].bytes, strlen(files[i].bytes), ENCODING_ANY, &text,
                            &encoding, &marked, &problem))
            fail_msg("%zu: %s", i, problem);
        assert_string_equal(text, files[i].text);
        assert_int_equal(encoding, files[i].encoding);
        assert_int_equal(marked, files[i].marked);
        assert_int_equal(encoding_encode(ctx, text, encoding, &bytes, &length), 0);
        assert_int_equal(length, strlen(files[i].bytes) - skipped);
        assert_memory_equal(bytes, files[i].bytes + skipped, length);
        talloc_free(ctx);
    }
}

/* 小一 in GB18030 is two Cyrillic letters in UTF-8. */
static void what_is_said_is_not_guessed(void **state) {
    (void)state;
    static const struct {
        enum encoding said, found;
        const char *text;
    } cases[] = {
        {ENCODING_ANY, ENCODING_UTF8, "\u0421\u04bb"},
        {ENCODING_UTF8, ENCODING_UTF8, "\u0421\u04bb"},
        {ENCODING_GB18030, ENCODING_GB18030, "小一"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        void *ctx = talloc_new(NULL);
        char *text;
        enum encoding encoding;
        bool marked;
        const char *problem = "";
        if (encoding_decode(ctx, "\xd0\xa1\xd2\xbb", 4, cases[i].said, &text, &encoding, &marked,
                            &problem))
            fail_msg("%zu: %s", i, problem);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(encoding, cases[i].found);
        talloc_free(ctx);
    }
}

#define BYTES(text) (text), sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t length;
    const char *problem;
    enum encoding said;
} refused[] = {
    {BYTES("\xff\xfe"
           "a\0"),
     "UTF-16", ENCODING_ANY},
    {BYTES("\xfe\xff\0a"), "UTF-16", ENCODING_GB18030},
    {BYTES("a\0b"), "NUL", ENCODING_UTF8},
    {BYTES("\xef\xbb\xbf\xd5\xc5"), "not valid UTF-8", ENCODING_ANY},
    {BYTES("a\xd5"), "neither", ENCODING_ANY},
    {BYTES("\x80\xff\xff"), "neither", ENCODING_ANY},
    {BYTES("\xd5\xc5\xc8\xfd"), "not valid UTF-8", ENCODING_UTF8},
    {BYTES("a\xd5"), "not valid GB18030", ENCODING_GB18030},
    {BYTES("\xef\xbb\xbfx"), "byte order mark", ENCODING_GB18030},
};

static void refuses_what_is_neither(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        char *text = NULL;
        enum encoding encoding;
        bool marked;
        const char *problem = "";
        assert_int_equal(encoding_decode(NULL, refused[i].bytes, refused[i].length, refused[i].said,
                                         &text, &encoding, &marked, &problem),
                         -1);
        assert_null(text);
        if (!strstr(problem, refused[i].problem))
            fail_msg("%zu: %s", i, problem);
    }
}

static void a_large_file_is_converted_whole(void **state) {
    (void)state;
    size_t length = 200000;
    char *bytes = talloc_size(NULL, length), *text, *back;
    enum encoding encoding;
    bool marked;
    const char *problem;
    for (size_t i = 0; i < length; i += 2)
        memcpy(bytes + i, "\xd5\xc5", 2);
    assert_int_equal(
        encoding_decode(bytes, bytes, length, ENCODING_ANY, &text, &encoding, &marked, &problem),
        0);
    assert_int_equal(strlen(text), length / 2 * 3);
    size_t back_length;
    assert_int_equal(encoding_encode(bytes, text, encoding, &back, &back_length), 0);
    assert_int_equal(back_length, length);
    assert_memory_equal(back, bytes, length);
    talloc_free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_encoding_and_gives_the_bytes_back),
        cmocka_unit_test(what_is_said_is_not_guessed),
        cmocka_unit_test(refuses_what_is_neither),
        cmocka_unit_test(a_large_file_is_converted_whole),
    };
    return cmocka_run_group_tests_name("bot/encoding", tests, NULL, NULL);
}
