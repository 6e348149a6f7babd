#include "wx/template.h"

#include "tests/wx/typed.h"
#include "wx/subscribe.h"

static const struct wx_template_field fields[] = {{"thing1", "今日一课"},
                                                  {"time2", "2026-01-01 09:00"}};

#define DATA                                                                                       \
    "\"data\":{\"thing1\":{\"value\":\"今日一课\"},\"time2\":{\"value\":\"2026-01-01 09:00\"}}}"

static void a_template_message_is_written_as_documented(void **state) {
    (void)state;
    struct typed typed;
    typed_open(&typed);
    struct wx_template_message message = {
        .touser = "o1", .template_id = "T", .fields = fields, .field_count = 2};
    typed_sent(&typed, wx_template_send(typed.api, &message, typed_done, &typed),
               "/cgi-bin/message/template/send", "{\"touser\":\"o1\",\"template_id\":\"T\"," DATA);
    message.url = "https://a.example/";
    message.miniprogram = "wx1";
    message.page = "index?foo=bar";
    message.client_msg_id = "c1";
    typed_sent(&typed, wx_template_send(typed.api, &message, typed_done, &typed),
               "/cgi-bin/message/template/send",
               "{\"touser\":\"o1\",\"template_id\":\"T\",\"url\":\"https://a.example/\","
               "\"miniprogram\":{\"appid\":\"wx1\",\"pagepath\":\"index?foo=bar\"},"
               "\"client_msg_id\":\"c1\"," DATA);
    typed_close(&typed);
}

static void a_template_message_that_cannot_be_one_is_refused(void **state) {
    (void)state;
    char url[1026] = "https://";
    memset(url + 8, 'a', sizeof url - 9);
    static const struct wx_template_field broken = {"thing1", "\xff"}, empty = {"thing1", NULL};
    const struct wx_template_message wrong[] = {
        {.template_id = "T"},
        {.touser = "o1"},
        {.touser = "", .template_id = "T"},
        {.touser = "o1", .template_id = "T", .url = url},
        {.touser = "o1", .template_id = "T", .client_msg_id = url},
        {.touser = "o1", .template_id = "T", .url = "\xff"},
        {.touser = "o1", .template_id = "T", .miniprogram = "\xff"},
        {.touser = "o1", .template_id = "T", .fields = &broken, .field_count = 1},
        {.touser = "o1", .template_id = "T", .fields = &empty, .field_count = 1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(wx_template_json(NULL, &wrong[i]));
    url[1024] = '\0';
    struct wx_template_message right = {.touser = "o1", .template_id = "T", .url = url};
    char *json = wx_template_json(NULL, &right);
    assert_non_null(json);
    talloc_free(json);
}

static void a_subscription_notice_is_written_as_documented(void **state) {
    (void)state;
    struct typed typed;
    typed_open(&typed);
    struct wx_subscribe_message message = {
        .touser = "o1", .template_id = "T", .fields = fields, .field_count = 2};
    typed_sent(&typed, wx_subscribe_send(typed.api, &message, typed_done, &typed),
               "/cgi-bin/message/subscribe/bizsend",
               "{\"touser\":\"o1\",\"template_id\":\"T\",\"miniprogram_state\":\"formal\","
               "\"lang\":\"zh_CN\"," DATA);
    message.page = "https://a.example/";
    message.miniprogram = "wx1";
    message.program_page = "index";
    typed_sent(&typed, wx_subscribe_send(typed.api, &message, typed_done, &typed),
               "/cgi-bin/message/subscribe/bizsend",
               "{\"touser\":\"o1\",\"template_id\":\"T\",\"page\":\"https://a.example/\","
               "\"miniprogram\":{\"appid\":\"wx1\",\"pagepath\":\"index\"},"
               "\"miniprogram_state\":\"formal\",\"lang\":\"zh_CN\"," DATA);
    message.touser = NULL;
    assert_int_equal(wx_subscribe_send(typed.api, &message, typed_done, &typed), WX_E_FIELD);
    message.touser = "o1";
    message.page = "\xff";
    assert_int_equal(wx_subscribe_send(typed.api, &message, typed_done, &typed), WX_E_FIELD);
    typed_close(&typed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_message_is_written_as_documented),
        cmocka_unit_test(a_template_message_that_cannot_be_one_is_refused),
        cmocka_unit_test(a_subscription_notice_is_written_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
