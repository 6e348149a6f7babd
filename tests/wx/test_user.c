#include "wx/user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <talloc.h>

#include <cmocka.h>

static void a_follower_is_read(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    struct wx_user user;
    assert_int_equal(
        wx_user_read(ctx,
                     "{\"subscribe\":1,\"openid\":\"o1\",\"language\":\"zh_CN\","
                     "\"subscribe_time\":1763700000,\"unionid\":\"u1\",\"remark\":\"班长\","
                     "\"groupid\":0,\"tagid_list\":[128,2],\"subscribe_scene\":"
                     "\"ADD_SCENE_QR_CODE\",\"qr_scene\":98765,\"qr_scene_str\":\"canteen\"}",
                     &user),
        0);
    assert_true(user.subscribes);
    assert_string_equal(user.openid, "o1");
    assert_string_equal(user.unionid, "u1");
    assert_string_equal(user.remark, "班长");
    assert_string_equal(user.language, "zh_CN");
    assert_int_equal(user.subscribed_at, 1763700000);
    assert_string_equal(user.subscribe_scene, "ADD_SCENE_QR_CODE");
    assert_int_equal(user.qr_scene, 98765);
    assert_string_equal(user.qr_scene_str, "canteen");
    assert_int_equal(user.tag_count, 2);
    assert_int_equal(user.tags[0], 128);
    assert_int_equal(user.tags[1], 2);
    talloc_free(ctx);
}

static void of_who_does_not_follow_there_is_only_the_openid(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    struct wx_user user;
    assert_int_equal(wx_user_read(ctx, "{\"subscribe\":0,\"openid\":\"o1\"}", &user), 0);
    assert_false(user.subscribes);
    assert_string_equal(user.openid, "o1");
    assert_string_equal(user.unionid, "");
    assert_string_equal(user.remark, "");
    assert_int_equal(user.tag_count, 0);
    talloc_free(ctx);
}

static void what_is_nobody_is_refused(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    struct wx_user user = {.openid = "before"};
    static const char *const wrong[] = {"", "{}", "[]", "{\"openid\":\"\"}", "{\"openid\":7}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(wx_user_read(ctx, wrong[i], &user), WX_E_REPLY);
    assert_string_equal(user.openid, "before");
    talloc_free(ctx);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_follower_is_read),
        cmocka_unit_test(of_who_does_not_follow_there_is_only_the_openid),
        cmocka_unit_test(what_is_nobody_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
