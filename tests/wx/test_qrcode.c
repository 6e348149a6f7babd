#include "wx/qrcode.h"

#include "tests/wx/typed.h"

#include <string.h>

#define SIXTEEN "食堂海报食堂海报食堂海报食堂海报"

static void a_code_is_asked_for_as_documented(void **state) {
    (void)state;
    struct typed typed;
    typed_open(&typed);
    typed_sent(&typed, wx_qrcode_create(typed.api, "canteen", 604800, typed_done, &typed),
               "/cgi-bin/qrcode/create",
               "{\"expire_seconds\":604800,\"action_name\":\"QR_STR_SCENE\",\"action_info\":"
               "{\"scene\":{\"scene_str\":\"canteen\"}}}");
    typed_sent(&typed, wx_qrcode_create(typed.api, "canteen", 0, typed_done, &typed),
               "/cgi-bin/qrcode/create",
               "{\"action_name\":\"QR_LIMIT_STR_SCENE\",\"action_info\":{\"scene\":"
               "{\"scene_str\":\"canteen\"}}}");
    assert_int_equal(wx_qrcode_create(typed.api, "", 60, typed_done, &typed), WX_E_FIELD);
    assert_int_equal(wx_qrcode_create(typed.api, NULL, 60, typed_done, &typed), WX_E_FIELD);
    assert_int_equal(wx_qrcode_create(typed.api, "\xff", 60, typed_done, &typed), WX_E_FIELD);
    assert_int_equal(wx_qrcode_create(typed.api, "x", WX_QRCODE_LONGEST_S + 1, typed_done, &typed),
                     WX_E_FIELD);
    assert_int_equal(
        wx_qrcode_create(typed.api, SIXTEEN SIXTEEN SIXTEEN SIXTEEN "x", 60, typed_done, &typed),
        WX_E_FIELD);
    assert_int_equal(
        wx_qrcode_create(typed.api, SIXTEEN SIXTEEN SIXTEEN SIXTEEN, 60, typed_done, &typed), 0);
    while (typed.results < 3)
        uv_run(&typed.loop, UV_RUN_DEFAULT);
    typed_close(&typed);
}

static void its_answer_is_read(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    struct wx_qrcode qrcode = {0};
    assert_int_equal(wx_qrcode_read(ctx,
                                    "{\"ticket\":\"T+/=\",\"expire_seconds\":60,"
                                    "\"url\":\"http://weixin.qq.com/q/k\"}",
                                    &qrcode),
                     0);
    assert_string_equal(qrcode.ticket, "T+/=");
    assert_string_equal(qrcode.url, "http://weixin.qq.com/q/k");
    assert_int_equal(qrcode.seconds, 60);
    assert_string_equal(wx_qrcode_picture(ctx, qrcode.ticket),
                        "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=T%2B%2F%3D");
    assert_int_equal(wx_qrcode_read(ctx, "{\"ticket\":\"T\",\"url\":\"u\"}", &qrcode), 0);
    assert_int_equal(qrcode.seconds, 0);
    static const char *const wrong[] = {
        "", "{}", "{\"ticket\":\"T\"}", "{\"ticket\":\"T\",\"url\":\"u\",\"expire_seconds\":-1}",
        "{\"ticket\":\"T\",\"url\":\"u\",\"expire_seconds\":\"1\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(wx_qrcode_read(ctx, wrong[i], &qrcode), WX_E_REPLY);
    talloc_free(ctx);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_asked_for_as_documented),
        cmocka_unit_test(its_answer_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
