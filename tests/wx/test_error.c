#include "wx/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_error_has_its_own_text_and_an_http_status(void **state) {
    (void)state;
    static const int all[] = {
#define X(name, value, status, text) value,
        WX_ERRORS(X)
#undef X
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_true(all[i] < 0);
        assert_true(wx_error_status(all[i]) >= 400 && wx_error_status(all[i]) < 600);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(wx_error_text(all[i]), wx_error_text(all[j]));
    }
    assert_int_equal(wx_error_status(WX_E_SIGNATURE), 403);
    assert_int_equal(wx_error_status(WX_E_EMPTY), 400);
    assert_string_equal(wx_error_text(WX_E_APPID), "envelope of another AppID");
}

static void success_and_the_unknown_have_a_text_too(void **state) {
    (void)state;
    assert_int_equal(wx_error_status(0), 200);
    assert_string_equal(wx_error_text(0), "no error");
    assert_int_equal(wx_error_status(-1000), 500);
    assert_string_equal(wx_error_text(-1000), "unknown error");
}

static void an_errcode_has_the_class_that_decides_what_follows(void **state) {
    (void)state;
    static const struct {
        int errcode;
        enum wx_class klass;
    } cases[] = {
        {0, WX_CLASS_OK},
        {-1, WX_CLASS_BUSY},
        {40001, WX_CLASS_TOKEN},
        {40014, WX_CLASS_TOKEN},
        {42001, WX_CLASS_TOKEN},
        {40164, WX_CLASS_CONFIG},
        {40125, WX_CLASS_CONFIG},
        {89503, WX_CLASS_CONFIG},
        {45009, WX_CLASS_QUOTA},
        {48006, WX_CLASS_QUOTA},
        {43004, WX_CLASS_RECIPIENT},
        {43101, WX_CLASS_RECIPIENT},
        {45015, WX_CLASS_RECIPIENT},
        {45047, WX_CLASS_RECIPIENT}, /* one person's, not everybody's */
        {47003, WX_CLASS_PAYLOAD},
        {40037, WX_CLASS_PAYLOAD},
        {48001, WX_CLASS_PERMISSION},
        {40163, WX_CLASS_LOGIN},
        {45065, WX_CLASS_REPEATED},
        {99999, WX_CLASS_PAYLOAD}, /* never heard of: not repeated */
        {-2, WX_CLASS_PAYLOAD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(wx_errcode_class(cases[i].errcode), cases[i].klass);
}

static void every_class_has_its_own_name(void **state) {
    (void)state;
    for (int i = WX_CLASS_OK; i <= WX_CLASS_REPEATED; i++)
        for (int j = WX_CLASS_OK; j < i; j++)
            assert_string_not_equal(wx_class_name((enum wx_class)i),
                                    wx_class_name((enum wx_class)j));
    assert_string_equal(wx_class_name(WX_CLASS_QUOTA), "quota");
    assert_string_equal(wx_class_name((enum wx_class)99), "unknown");
}

static void every_class_has_its_policy(void **state) {
    (void)state;
    static const struct {
        enum wx_class klass;
        enum wx_next next;
        bool bounded;
        enum wx_scope scope;
    } policies[] = {
        {WX_CLASS_OK, WX_NEXT_DONE, false, WX_SCOPE_CALL},
        {WX_CLASS_REPEATED, WX_NEXT_DONE, false, WX_SCOPE_CALL},
        {WX_CLASS_BUSY, WX_NEXT_AGAIN, true, WX_SCOPE_CALL},
        {WX_CLASS_TOKEN, WX_NEXT_AGAIN, true, WX_SCOPE_CALL},
        {WX_CLASS_CONFIG, WX_NEXT_AGAIN, false, WX_SCOPE_ACCOUNT},
        {WX_CLASS_QUOTA, WX_NEXT_AGAIN, false, WX_SCOPE_ENDPOINT},
        {WX_CLASS_RECIPIENT, WX_NEXT_DROP, false, WX_SCOPE_CALL},
        {WX_CLASS_PAYLOAD, WX_NEXT_DROP, false, WX_SCOPE_CALL},
        {WX_CLASS_PERMISSION, WX_NEXT_DROP, false, WX_SCOPE_CALL},
        {WX_CLASS_LOGIN, WX_NEXT_DROP, false, WX_SCOPE_CALL},
        {(enum wx_class)99, WX_NEXT_DROP, false,
         WX_SCOPE_CALL}, /* what is not known is not repeated */
    };
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        const struct wx_policy *policy = wx_class_policy(policies[i].klass);
        assert_int_equal(policy->next, policies[i].next);
        assert_int_equal(policy->bounded, policies[i].bounded);
        assert_int_equal(policy->scope, policies[i].scope);
    }
}

static void a_quota_of_the_minute_is_back_sooner_than_one_of_the_day(void **state) {
    (void)state;
    assert_int_equal(wx_class_pause(WX_CLASS_QUOTA, 45009), 600);
    assert_int_equal(wx_class_pause(WX_CLASS_QUOTA, 45011), 60);
    assert_int_equal(wx_class_pause(WX_CLASS_BUSY, -1), 0);
    assert_int_equal(wx_class_pause(WX_CLASS_OK, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_own_text_and_an_http_status),
        cmocka_unit_test(success_and_the_unknown_have_a_text_too),
        cmocka_unit_test(an_errcode_has_the_class_that_decides_what_follows),
        cmocka_unit_test(every_class_has_its_own_name),
        cmocka_unit_test(every_class_has_its_policy),
        cmocka_unit_test(a_quota_of_the_minute_is_back_sooner_than_one_of_the_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
