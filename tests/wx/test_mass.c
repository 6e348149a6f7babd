#include "wx/mass.h"

#include "tests/wx/typed.h"

static const char *const media_ids[] = {"M1", "M2"};

static const struct {
    struct wx_mass mass;
    const char *json;
} kinds[] = {
    {{.type = WX_MASS_TEXT, .text = "大家好"},
     "\"msgtype\":\"text\",\"text\":{\"content\":\"大家好\"},"},
    {{.type = WX_MASS_VOICE, .media_id = "M"},
     "\"msgtype\":\"voice\",\"voice\":{\"media_id\":\"M\"},"},
    {{.type = WX_MASS_IMAGES, .media_ids = media_ids, .media_id_count = 2, .recommend = "看"},
     "\"msgtype\":\"image\",\"images\":{\"media_ids\":[\"M1\",\"M2\"],\"recommend\":\"看\"},"},
    {{.type = WX_MASS_ARTICLE, .media_id = "M"},
     "\"msgtype\":\"mpnews\",\"mpnews\":{\"media_id\":\"M\"},\"send_ignore_reprint\":0,"},
    {{.type = WX_MASS_ARTICLE, .media_id = "M", .ignore_reprint = true},
     "\"msgtype\":\"mpnews\",\"mpnews\":{\"media_id\":\"M\"},\"send_ignore_reprint\":1,"},
    {{.type = WX_MASS_VIDEO, .media_id = "M"},
     "\"msgtype\":\"mpvideo\",\"mpvideo\":{\"media_id\":\"M\"},"},
    {{.type = WX_MASS_CARD, .card_id = "C"},
     "\"msgtype\":\"wxcard\",\"wxcard\":{\"card_id\":\"C\"},"},
};

static void each_kind_goes_to_all_to_a_tag_and_to_a_list(void **state) {
    (void)state;
    static const char *const openids[] = {"o1", "o2"};
    struct typed typed;
    typed_open(&typed);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct wx_mass mass = kinds[i].mass;
        char body[1024];
        mass.clientmsgid = "day-20000";
        snprintf(body, sizeof body,
                 "{\"filter\":{\"is_to_all\":true},%s\"clientmsgid\":\"day-20000\"}",
                 kinds[i].json);
        typed_sent(&typed, wx_mass_to_all(typed.api, &mass, typed_done, &typed),
                   "/cgi-bin/message/mass/sendall", body);
        snprintf(
            body, sizeof body,
            "{\"filter\":{\"is_to_all\":false,\"tag_id\":102},%s\"clientmsgid\":\"day-20000\"}",
            kinds[i].json);
        typed_sent(&typed, wx_mass_to_tag(typed.api, &mass, 102, typed_done, &typed),
                   "/cgi-bin/message/mass/sendall", body);
        snprintf(body, sizeof body, "{\"touser\":[\"o1\",\"o2\"],%s\"clientmsgid\":\"day-20000\"}",
                 kinds[i].json);
        typed_sent(&typed, wx_mass_to_list(typed.api, &mass, openids, 2, typed_done, &typed),
                   "/cgi-bin/message/mass/send", body);
    }
    typed_close(&typed);
}

static void a_preview_goes_without_a_guard(void **state) {
    (void)state;
    struct typed typed;
    typed_open(&typed);
    struct wx_mass mass = {.type = WX_MASS_TEXT, .text = "x", .clientmsgid = "g"};
    typed_sent(&typed, wx_mass_preview(typed.api, &mass, "o1", typed_done, &typed),
               "/cgi-bin/message/mass/preview",
               "{\"touser\":\"o1\",\"msgtype\":\"text\",\"text\":{\"content\":\"x\"}}");
    typed_close(&typed);
}

static void what_wechat_would_refuse_is_not_sent(void **state) {
    (void)state;
    struct typed typed;
    typed_open(&typed);
    static const char *openids[WX_MASS_MOST + 1];
    for (size_t i = 0; i <= WX_MASS_MOST; i++)
        openids[i] = "o";
    struct wx_mass mass = {.type = WX_MASS_TEXT, .text = "x", .clientmsgid = "g"};
    assert_int_equal(wx_mass_to_list(typed.api, &mass, openids, 1, typed_done, &typed), WX_E_FIELD);
    assert_int_equal(
        wx_mass_to_list(typed.api, &mass, openids, WX_MASS_MOST + 1, typed_done, &typed),
        WX_E_FIELD);
    openids[1] = "\xff";
    assert_int_equal(wx_mass_to_list(typed.api, &mass, openids, 2, typed_done, &typed), WX_E_FIELD);
    char id[66] = "";
    for (int i = 0; i < 65; i++)
        id[i] = 'x';
    static const char *const none[] = {NULL, ""};
    for (size_t i = 0; i < 2; i++) {
        mass.clientmsgid = none[i];
        assert_int_equal(wx_mass_to_all(typed.api, &mass, typed_done, &typed), WX_E_FIELD);
    }
    mass.clientmsgid = id;
    assert_int_equal(wx_mass_to_all(typed.api, &mass, typed_done, &typed), WX_E_FIELD);
    for (int type = WX_MASS_TEXT; type <= WX_MASS_CARD + 1; type++) { /* without its main part */
        mass = (struct wx_mass){.type = (enum wx_mass_type)type, .clientmsgid = "g"};
        assert_int_equal(wx_mass_to_tag(typed.api, &mass, 1, typed_done, &typed), WX_E_FIELD);
    }
    assert_int_equal(typed.results, 0);
    typed_close(&typed);
}

static void its_answer_is_read(void **state) {
    (void)state;
    int64_t id = 0, data_id = 0;
    assert_int_equal(
        wx_mass_read("{\"errcode\":0,\"msg_id\":34182,\"msg_data_id\":206227730}", &id, &data_id),
        0);
    assert_int_equal(id, 34182);
    assert_int_equal(data_id, 206227730);
    assert_int_equal(wx_mass_read("{\"errcode\":0,\"msg_id\":5}", &id, &data_id), 0);
    assert_int_equal(data_id, 0);
    assert_int_equal(wx_mass_read("{\"errcode\":0}", &id, &data_id), WX_E_REPLY);
    assert_int_equal(wx_mass_read("", &id, &data_id), WX_E_REPLY);
    assert_int_equal(id, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_goes_to_all_to_a_tag_and_to_a_list),
        cmocka_unit_test(a_preview_goes_without_a_guard),
        cmocka_unit_test(what_wechat_would_refuse_is_not_sent),
        cmocka_unit_test(its_answer_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
