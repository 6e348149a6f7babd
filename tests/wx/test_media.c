#include "wx/media.h"

#include "wx/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

#define KB 1024
#define MB (1024 * 1024)

static void each_type_has_its_endings_and_sizes(void **state) {
    (void)state;
    static const struct {
        enum wx_media_type type;
        const char *name;
        size_t length;
        int error;
    } cases[] = {
        {WX_MEDIA_IMAGE, "a.jpg", 2 * MB, 0},
        {WX_MEDIA_IMAGE, "a.JPEG", 1, 0},
        {WX_MEDIA_IMAGE, "a.png", 1, 0},
        {WX_MEDIA_IMAGE, "a.gif", 1, 0},
        {WX_MEDIA_IMAGE, "a.jpg", 2 * MB + 1, WX_E_TOO_LARGE},
        {WX_MEDIA_IMAGE, "a.mp3", 1, WX_E_FIELD},
        {WX_MEDIA_IMAGE, "a.svg", 1, WX_E_FIELD},
        {WX_MEDIA_IMAGE, "jpg", 1, WX_E_FIELD},
        {WX_MEDIA_IMAGE, "a.jpg/b", 1, WX_E_FIELD},
        {WX_MEDIA_VOICE, "课.mp3", 2 * MB, 0},
        {WX_MEDIA_VOICE, "a.amr", 1, 0},
        {WX_MEDIA_VOICE, "a.wav", 1, WX_E_FIELD},
        {WX_MEDIA_VOICE, "a.mp3", 2 * MB + 1, WX_E_TOO_LARGE},
        {WX_MEDIA_VIDEO, "a.mp4", 10 * MB, 0},
        {WX_MEDIA_VIDEO, "a.mp4", 10 * MB + 1, WX_E_TOO_LARGE},
        {WX_MEDIA_THUMB, "a.jpg", 64 * KB, 0},
        {WX_MEDIA_THUMB, "a.png", 1, WX_E_FIELD},
        {WX_MEDIA_THUMB, "a.jpg", 64 * KB + 1, WX_E_TOO_LARGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_file file = {cases[i].name, "", cases[i].length};
        if (wx_media_check(cases[i].type, &file) != cases[i].error)
            fail_msg("%s, %zu bytes", cases[i].name, cases[i].length);
    }
}

static void the_media_id_is_read(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    const char *id = NULL;
    assert_int_equal(
        wx_media_read(ctx, "{\"type\":\"image\",\"media_id\":\"M\",\"created_at\":1}", &id), 0);
    assert_string_equal(id, "M");
    assert_int_equal(wx_media_read(ctx, "{\"type\":\"thumb\",\"thumb_media_id\":\"T\"}", &id), 0);
    assert_string_equal(id, "T");
    static const char *const wrong[] = {"", "{}", "{\"media_id\":\"\"}", "{\"media_id\":1}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(wx_media_read(ctx, wrong[i], &id), WX_E_REPLY);
    assert_string_equal(id, "T");
    talloc_free(ctx);
}

/* The name that goes out: 41005 for one that is not ASCII. */
static void a_file_goes_under_a_plain_name(void **state) {
    (void)state;
    static const struct {
        const char *name, *sent, *type;
    } names[] = {
        {"lesson-1.mp3", "lesson-1.mp3", "audio/mpeg"},
        {"/var/课/第一课.mp3", "file.mp3", "audio/mpeg"},
        {"第一课.课", "file", "application/octet-stream"},
        {"a\"b.jpg", "file.jpg", "image/jpeg"},
        {"a\r\nX: y.png", "file.png", "image/png"},
        {"", "file", "application/octet-stream"},
        {"/", "file", "application/octet-stream"},
        {".mp4", ".mp4", "video/mp4"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *ctx = talloc_new(NULL);
        struct wx_file file = {names[i].name, "bytes\0more", 10};
        char *body, *type, expected[512];
        size_t length;
        assert_int_equal(wx_multipart_write(ctx, &file, NULL, &body, &length, &type), 0);
        const char *boundary = strstr(type, "boundary=") + strlen("boundary=");
        int head = snprintf(expected, sizeof expected,
                            "--%s\r\nContent-Disposition: form-data; name=\"media\"; "
                            "filename=\"%s\"\r\nContent-Type: %s\r\n\r\n",
                            boundary, names[i].sent, names[i].type);
        assert_memory_equal(body, expected, (size_t)head);
        assert_memory_equal(body + head, "bytes\0more", 10);
        int tail = snprintf(expected, sizeof expected, "\r\n--%s--\r\n", boundary);
        assert_int_equal(length, (size_t)head + 10 + (size_t)tail);
        assert_memory_equal(body + head + 10, expected, (size_t)tail);
        talloc_free(ctx);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_has_its_endings_and_sizes),
        cmocka_unit_test(the_media_id_is_read),
        cmocka_unit_test(a_file_goes_under_a_plain_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
