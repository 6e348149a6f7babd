#include "wx/jssdk.h"

#include "wx/error.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

/* The first is the one of WeChat's documentation. */
static const struct {
    const char *ticket, *nonce;
    int64_t timestamp;
    const char *url, *signature;
} vectors[] = {
    {"sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
     "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value",
     "0f9de62fce790f9a083d5c99e95740ceb90c27ed"},
    {"sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
     "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value#xxxx",
     "0f9de62fce790f9a083d5c99e95740ceb90c27ed"},
    {"mock-ticket", "mock-nonce", 1601234567, "https://www.easywechat.com/",
     "22772d2fb393ab9f7f6a5a54168a566fbf1ab767"},
};

static void a_page_is_signed_as_wechat_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        char signature[WX_SIGNATURE_SIZE];
        assert_int_equal(wx_jssdk_sign(vectors[i].ticket, vectors[i].nonce, vectors[i].timestamp,
                                       vectors[i].url, signature),
                         0);
        assert_string_equal(signature, vectors[i].signature);
    }
}

static const char *text(const json_t *vector, const char *name) {
    const char *value = json_string_value(json_object_get(vector, name));
    return value ? value : "";
}

static void the_shared_vectors_hold(void **state) {
    (void)state;
    const char *shared = getenv("DAY21_SHARED");
    char path[512], signature[WX_SIGNATURE_SIZE];
    snprintf(path, sizeof path, "%s/wechat/vectors.json", shared ? shared : "../shared");
    json_t *root = json_load_file(path, 0, NULL), *vector;
    if (!root)
        skip();
    json_t *list = json_is_array(root) ? root : json_object_get(root, "vectors");
    size_t i;
    unsigned checked = 0;
    json_array_foreach(list, i, vector) {
        if (strcmp(text(vector, "kind"), "jsapi_signature") != 0)
            continue;
        assert_int_equal(wx_jssdk_sign(text(vector, "jsapi_ticket"), text(vector, "noncestr"),
                                       atoll(text(vector, "timestamp")), text(vector, "url"),
                                       signature),
                         0);
        assert_string_equal(signature, text(vector, "signature"));
        checked++;
    }
    assert_int_equal(checked, 5);
    json_decref(root);
}

static void a_ticket_is_read(void **state) {
    (void)state;
    const char *ticket = NULL;
    int64_t expires_in = 0;
    void *ctx = talloc_new(NULL);
    assert_int_equal(wx_jssdk_read(ctx,
                                   "{\"errcode\":0,\"errmsg\":\"ok\",\"ticket\":\"T\","
                                   "\"expires_in\":7200}",
                                   &ticket, &expires_in),
                     0);
    assert_string_equal(ticket, "T");
    assert_int_equal(expires_in, 7200);
    static const char *const wrong[] = {"", "{}", "{\"ticket\":\"T\"}",
                                        "{\"ticket\":\"\",\"expires_in\":7200}",
                                        "{\"ticket\":1,\"expires_in\":7200}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(wx_jssdk_read(ctx, wrong[i], &ticket, &expires_in), WX_E_REPLY);
    assert_string_equal(ticket, "T");
    talloc_free(ctx);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_signed_as_wechat_says),
        cmocka_unit_test(the_shared_vectors_hold),
        cmocka_unit_test(a_ticket_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
