#include "wx/oauth.h"

#include "tests/wx/typed.h"

static void the_way_to_wechat_has_its_parameters_in_order(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    assert_string_equal(
        wx_oauth_url(ctx, "https://open.weixin.qq.com", "wx1", "https://learn.example/h5/?a=1&b=课",
                     false, "S1"),
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri="
        "https%3A%2F%2Flearn.example%2Fh5%2F%3Fa%3D1%26b%3D%E8%AF%BE&response_type=code"
        "&scope=snsapi_base&state=S1#wechat_redirect");
    assert_non_null(strstr(wx_oauth_url(ctx, "https://o", "wx1", "https://l", true, "S1"),
                           "&scope=snsapi_userinfo&state=S1#wechat_redirect"));
    char state_text[130];
    memset(state_text, 'x', sizeof state_text - 1);
    state_text[129] = '\0';
    static const char *const wrong[] = {"", "a b", "a&b", "课", "a#"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(wx_oauth_url(ctx, "https://o", "wx1", "https://l", true, wrong[i]));
    assert_null(wx_oauth_url(ctx, "https://o", "wx1", "https://l", true, NULL));
    assert_null(wx_oauth_url(ctx, "https://o", "wx1", "https://l", true, state_text));
    state_text[128] = '\0';
    assert_non_null(wx_oauth_url(ctx, "https://o", "wx1", "https://l", true, state_text));
    talloc_free(ctx);
}

static void a_code_is_exchanged_without_an_access_token(void **state) {
    (void)state;
    struct typed typed;
    typed_open(&typed);
    assert_int_equal(wx_oauth_exchange(typed.api, "", typed_done, &typed), WX_E_FIELD);
    assert_int_equal(wx_oauth_exchange(typed.api, "C&1", typed_done, &typed), 0);
    while (!typed.results)
        uv_run(&typed.loop, UV_RUN_DEFAULT);
    assert_string_equal(typed.target,
                        "/sns/oauth2/access_token?appid=wxd21d21d21d21d21d&secret="
                        "SECRETSECRETSECRET&code=C%261&grant_type=authorization_code");
    typed_close(&typed);
}

static void its_answer_is_read(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    struct wx_login login = {.openid = "before"};
    static const char *const wrong[] = {
        "", "{}", "{\"openid\":\"o1\"}",
        "{\"openid\":\"\",\"access_token\":\"A\",\"expires_in\":7200}",
        "{\"openid\":\"o1\",\"access_token\":\"A\",\"expires_in\":\"7200\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(wx_oauth_read(ctx, wrong[i], &login), WX_E_REPLY);
    assert_string_equal(login.openid, "before");
    assert_int_equal(wx_oauth_read(ctx,
                                   "{\"access_token\":\"A\",\"expires_in\":7200,"
                                   "\"refresh_token\":\"R\",\"openid\":\"o1\","
                                   "\"scope\":\"snsapi_base\",\"unionid\":\"u1\"}",
                                   &login),
                     0);
    assert_string_equal(login.openid, "o1");
    assert_string_equal(login.access_token, "A");
    assert_string_equal(login.refresh_token, "R");
    assert_string_equal(login.scope, "snsapi_base");
    assert_string_equal(login.unionid, "u1");
    assert_int_equal(login.expires_in, 7200);
    assert_false(login.snapshot);
    assert_int_equal(wx_oauth_read(ctx,
                                   "{\"access_token\":\"A\",\"expires_in\":7200,"
                                   "\"openid\":\"o1\",\"is_snapshotuser\":1}",
                                   &login),
                     0);
    assert_true(login.snapshot);
    assert_string_equal(login.unionid, "");
    talloc_free(ctx);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_way_to_wechat_has_its_parameters_in_order),
        cmocka_unit_test(a_code_is_exchanged_without_an_access_token),
        cmocka_unit_test(its_answer_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
