#include "wx/custom.h"

#include "tests/wx/typed.h"

static const struct wx_article article = {"今日课程", "十分钟", "https://a.example/p.png",
                                          "https://a.example/"};
static const struct wx_custom_choice choices[] = {{"101", "满意"}, {"102", "不满意"}};

/* Each kind, as WeChat's documentation shows it. */
static const struct {
    struct wx_custom custom;
    const char *json;
} kinds[] = {
    {{.type = WX_CUSTOM_TEXT, .text = "你好\n\"课\""},
     "\"msgtype\":\"text\",\"text\":{\"content\":\"你好\\n\\\"课\\\"\"}"},
    {{.type = WX_CUSTOM_IMAGE, .media_id = "M"},
     "\"msgtype\":\"image\",\"image\":{\"media_id\":\"M\"}"},
    {{.type = WX_CUSTOM_VOICE, .media_id = "M"},
     "\"msgtype\":\"voice\",\"voice\":{\"media_id\":\"M\"}"},
    {{.type = WX_CUSTOM_VIDEO, .media_id = "M", .thumb_media_id = "T", .title = "第一课"},
     "\"msgtype\":\"video\",\"video\":{\"media_id\":\"M\",\"thumb_media_id\":\"T\","
     "\"title\":\"第一课\",\"description\":\"\"}"},
    {{.type = WX_CUSTOM_MUSIC, .title = "歌", .music_url = "u", .thumb_media_id = "T"},
     "\"msgtype\":\"music\",\"music\":{\"title\":\"歌\",\"description\":\"\",\"musicurl\":\"u\","
     "\"hqmusicurl\":\"u\",\"thumb_media_id\":\"T\"}"},
    {{.type = WX_CUSTOM_NEWS, .article = &article},
     "\"msgtype\":\"news\",\"news\":{\"articles\":[{\"title\":\"今日课程\",\"description\":"
     "\"十分钟\",\"url\":\"https://a.example/\",\"picurl\":\"https://a.example/p.png\"}]}"},
    {{.type = WX_CUSTOM_MPNEWS, .media_id = "M"},
     "\"msgtype\":\"mpnews\",\"mpnews\":{\"media_id\":\"M\"}"},
    {{.type = WX_CUSTOM_MPNEWS_LINK, .article_id = "A"},
     "\"msgtype\":\"mpnewsarticle\",\"mpnewsarticle\":{\"article_id\":\"A\"}"},
    {{.type = WX_CUSTOM_MENU, .head = "满意吗?", .choices = choices, .choice_count = 2},
     "\"msgtype\":\"msgmenu\",\"msgmenu\":{\"head_content\":\"满意吗?\",\"list\":[{\"id\":\"101\","
     "\"content\":\"满意\"},{\"id\":\"102\",\"content\":\"不满意\"}],\"tail_content\":\"\"}"},
    {{.type = WX_CUSTOM_CARD, .card_id = "C"},
     "\"msgtype\":\"wxcard\",\"wxcard\":{\"card_id\":\"C\"}"},
    {{.type = WX_CUSTOM_MINIPROGRAM,
      .title = "题",
      .appid = "wx1",
      .page = "index?a=1",
      .thumb_media_id = "T"},
     "\"msgtype\":\"miniprogrampage\",\"miniprogrampage\":{\"title\":\"题\",\"appid\":\"wx1\","
     "\"pagepath\":\"index?a=1\",\"thumb_media_id\":\"T\"}"},
    {{.type = WX_CUSTOM_TEXT, .text = "x", .kf_account = "a@b"},
     "\"msgtype\":\"text\",\"text\":{\"content\":\"x\"},\"customservice\":{\"kf_account\":\"a@"
     "b\"}"},
};

static void each_kind_is_written_as_documented(void **state) {
    (void)state;
    struct typed typed;
    typed_open(&typed);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct wx_custom custom = kinds[i].custom;
        char body[1024];
        custom.touser = "o1";
        snprintf(body, sizeof body, "{\"touser\":\"o1\",%s}", kinds[i].json);
        typed_sent(&typed, wx_custom_send(typed.api, &custom, typed_done, &typed),
                   "/cgi-bin/message/custom/send", body);
    }
    typed_close(&typed);
}

static void what_lacks_its_main_part_is_refused(void **state) {
    (void)state;
    for (int type = WX_CUSTOM_TEXT; type <= WX_CUSTOM_MINIPROGRAM + 1; type++) {
        struct wx_custom custom = {.touser = "o1", .type = (enum wx_custom_type)type};
        assert_null(wx_custom_write(NULL, &custom));
    }
    struct wx_custom nobody = {.type = WX_CUSTOM_TEXT, .text = "x"};
    assert_null(wx_custom_write(NULL, &nobody));
    nobody.touser = "";
    assert_null(wx_custom_write(NULL, &nobody));
    struct wx_custom broken = {.touser = "o1", .type = WX_CUSTOM_TEXT, .text = "\xff"};
    assert_null(wx_custom_write(NULL, &broken));
    broken = (struct wx_custom){
        .touser = "o1", .type = WX_CUSTOM_TEXT, .text = "x", .kf_account = "\xff"};
    assert_null(wx_custom_write(NULL, &broken));
}

static void a_passive_reply_can_be_said_later(void **state) {
    (void)state;
    static const struct {
        struct wx_reply reply;
        const char *part; /* NULL: it cannot */
    } replies[] = {
        {{.type = WX_REPLY_TEXT, .text = "x"}, "\"text\":{\"content\":\"x\"}"},
        {{.type = WX_REPLY_IMAGE, .media_id = "M"}, "\"image\":{\"media_id\":\"M\"}"},
        {{.type = WX_REPLY_VOICE, .media_id = "M"}, "\"voice\":{\"media_id\":\"M\"}"},
        {{.type = WX_REPLY_VIDEO, .media_id = "M"}, "\"video\":{\"media_id\":\"M\""},
        {{.type = WX_REPLY_MUSIC, .music_url = "u", .thumb_media_id = "T"}, "\"musicurl\":\"u\""},
        {{.type = WX_REPLY_NEWS, .articles = &article, .article_count = 1}, "\"articles\":[{"},
        {{.type = WX_REPLY_NEWS, .articles = &article}, NULL},
        {{.type = WX_REPLY_TRANSFER}, NULL},
        {{.type = WX_REPLY_NONE}, NULL},
    };
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        char *json = wx_custom_json(NULL, "o1", &replies[i].reply);
        assert_int_equal(json == NULL, replies[i].part == NULL);
        if (json)
            assert_non_null(strstr(json, replies[i].part));
        talloc_free(json);
    }
}

static void typing_is_shown_and_taken_back(void **state) {
    (void)state;
    struct typed typed;
    typed_open(&typed);
    typed_sent(&typed, wx_custom_typing(typed.api, "o1", true, typed_done, &typed),
               "/cgi-bin/message/custom/typing", "{\"touser\":\"o1\",\"command\":\"Typing\"}");
    typed_sent(&typed, wx_custom_typing(typed.api, "o1", false, typed_done, &typed),
               "/cgi-bin/message/custom/typing",
               "{\"touser\":\"o1\",\"command\":\"CancelTyping\"}");
    assert_int_equal(wx_custom_typing(typed.api, "", true, typed_done, &typed), WX_E_FIELD);
    typed_close(&typed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_written_as_documented),
        cmocka_unit_test(what_lacks_its_main_part_is_refused),
        cmocka_unit_test(a_passive_reply_can_be_said_later),
        cmocka_unit_test(typing_is_shown_and_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
