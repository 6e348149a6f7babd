#include "wx/endpoint.h"

#include "wx/error.h"
#include "wx/quota.h"
#include "wx/request.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

static void every_endpoint_has_a_name_and_a_path_of_its_own(void **state) {
    (void)state;
    for (int i = 0; i < WX_API_COUNT; i++) {
        const struct wx_endpoint_info *one = wx_endpoint_info((enum wx_endpoint)i);
        assert_non_null(one->name);
        assert_int_equal(one->path[0], '/');
        assert_int_equal(one->repeat == WX_REPEAT_GUARDED, one->guard != NULL);
        json_t *standard = json_loads(one->standard ? one->standard : "{}", 0, NULL);
        assert_true(json_is_object(standard));
        json_decref(standard);
        for (int j = 0; j < i; j++) {
            const struct wx_endpoint_info *other = wx_endpoint_info((enum wx_endpoint)j);
            assert_string_not_equal(one->name, other->name);
            assert_string_not_equal(one->path, other->path);
        }
    }
}

static void an_endpoint_is_found_by_name_and_by_path(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum wx_endpoint endpoint;
    } cases[] = {
        {"menu create", WX_API_MENU_CREATE},
        {"menu-create", WX_API_MENU_CREATE},
        {"menu_create", WX_API_MENU_CREATE},
        {"menu/create", WX_API_MENU_CREATE},
        {"/cgi-bin/menu/create", WX_API_MENU_CREATE},
        {"template/get_all_private_template", WX_API_TEMPLATE_LIST},
        {"message/custom/send", WX_API_CUSTOM_SEND},
        {"/sns/userinfo", WX_API_OAUTH_USERINFO},
        {"callback-check", WX_API_CALLBACK_CHECK},
        {"quota", WX_API_QUOTA},
        {"quota clear v2", WX_API_QUOTA_CLEAR_V2},
        {"", WX_API_COUNT},
        {"menu", WX_API_COUNT},
        {"menu createx", WX_API_COUNT},
        {"menu  create", WX_API_COUNT},
        {"/menu/create", WX_API_COUNT},
        {"Menu create", WX_API_COUNT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(wx_endpoint_find(cases[i].name), cases[i].endpoint);
}

/* What does something that cannot be taken back goes once, unless a guard makes a second harmless.
 */
static void what_must_not_be_done_twice_goes_once(void **state) {
    (void)state;
    static const struct {
        enum wx_endpoint endpoint;
        const char *json;
        bool once;
    } cases[] = {
        {WX_API_CUSTOM_SEND, "{}", true},
        {WX_API_SUBSCRIBE_SEND, "{}", true},
        {WX_API_MASS_PREVIEW, "{}", true},
        {WX_API_OAUTH_TOKEN, "{\"code\":\"C\"}", true},
        {WX_API_DRAFT_ADD, "{}", true},
        {WX_API_QUOTA_CLEAR, NULL, true},
        {WX_API_TEMPLATE_SEND, "{}", true},
        {WX_API_TEMPLATE_SEND, "{\"client_msg_id\":\"c\"}", false},
        {WX_API_TEMPLATE_SEND, "{\"data\":{\"a\":{\"value\":\"\\\"client_msg_id\\\":\"}}}", true},
        {WX_API_MASS_SENDALL, "{}", true},
        {WX_API_MASS_SENDALL, "{\"clientmsgid\":\"c\"}", false},
        {WX_API_MASS_SENDALL, "{\"client_msg_id\":\"c\"}", true},
        {WX_API_STABLE_TOKEN, NULL, false},
        {WX_API_MENU_CREATE, "{}", false},
        {WX_API_USER_INFO, "{}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_request *request;
        assert_int_equal(
            wx_request_write(NULL, cases[i].endpoint, cases[i].json, NULL, "wx1", "S", &request),
            0);
        assert_int_equal(request->once, cases[i].once);
        talloc_free(request);
    }
}

static void a_quota_is_read(void **state) {
    (void)state;
    struct wx_quota quota;
    assert_int_equal(wx_quota_read("{\"errcode\":0,\"quota\":{\"daily_limit\":500000,\"used\":12,"
                                   "\"remain\":499988},\"rate_limit\":{\"call_count\":60,"
                                   "\"refresh_second\":60}}",
                                   &quota),
                     0);
    assert_int_equal(quota.daily_limit, 500000);
    assert_int_equal(quota.used, 12);
    assert_int_equal(quota.remain, 499988);
    assert_int_equal(quota.call_count, 60);
    assert_int_equal(quota.refresh_second, 60);
    static const char *const wrong[] = {
        "", "{}", "{\"quota\":{\"daily_limit\":1,\"used\":1}}",
        "{\"quota\":{\"daily_limit\":\"1\",\"used\":1,\"remain\":1}}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(wx_quota_read(wrong[i], &quota), WX_E_REPLY);
    assert_int_equal(quota.used, 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_endpoint_has_a_name_and_a_path_of_its_own),
        cmocka_unit_test(an_endpoint_is_found_by_name_and_by_path),
        cmocka_unit_test(what_must_not_be_done_twice_goes_once),
        cmocka_unit_test(a_quota_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
