#include "wx/reply.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

static const struct wx_message from_text = {
    .to = "gh_day21demo", .from = "oOPENID", .type = WX_MESSAGE_TEXT};
static const struct wx_message from_event = {
    .to = "gh_day21demo", .from = "oOPENID", .type = WX_MESSAGE_EVENT};

static int new_context(void **state) {
    *state = talloc_new(NULL);
    return *state == NULL;
}

static int free_context(void **state) {
    return talloc_free(*state);
}

static const char *written(void *ctx, const struct wx_reply *reply,
                           const struct wx_message *message) {
    char *xml = NULL;
    size_t length = 0;
    assert_int_equal(wx_reply_write(ctx, reply, message, 1700000000, &xml, &length), 0);
    assert_int_equal(strlen(xml), length);
    return xml;
}

struct wanted {
    const char *path;
    const char *value;
    int count;
};

static int pick(void *data, const char *path, const char *value, size_t length) {
    struct wanted *wanted = data;
    (void)length;
    if (value && strcmp(path, wanted->path) == 0) {
        wanted->value = value;
        wanted->count++;
    }
    return 0;
}

/* The last value at a path of what was written, read back as WeChat would. */
static const char *value_at(void *ctx, const char *xml, const char *path) {
    struct wanted wanted = {.path = path};
    assert_int_equal(wx_xml_read(ctx, xml, strlen(xml), pick, &wanted), 0);
    assert_non_null(wanted.value);
    return wanted.value;
}

static const char *content_of(void *ctx, const char *text) {
    const struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = text};
    return value_at(ctx, written(ctx, &reply, &from_text), "Content");
}

#define HEAD(type)                                                                                 \
    "<xml><ToUserName><![CDATA[oOPENID]]></ToUserName>"                                            \
    "<FromUserName><![CDATA[gh_day21demo]]></FromUserName><CreateTime>1700000000</CreateTime>"     \
    "<MsgType><![CDATA[" type "]]></MsgType>"

static void each_kind_is_written_as_wechat_says(void **state) {
    static const struct wx_article articles[] = {
        {"第一课", "两分钟", "http://p/1.png", "http://u/?a=1&b=2"},
        {"two", NULL, NULL, NULL},
    };
    static const struct {
        struct wx_reply reply;
        const char *xml;
    } cases[] = {
        {{.type = WX_REPLY_TEXT, .text = "你好"},
         HEAD("text") "<Content><![CDATA[你好]]></Content></xml>"},
        {{.type = WX_REPLY_IMAGE, .media_id = "M"},
         HEAD("image") "<Image><MediaId><![CDATA[M]]></MediaId></Image></xml>"},
        {{.type = WX_REPLY_VOICE, .media_id = "M"},
         HEAD("voice") "<Voice><MediaId><![CDATA[M]]></MediaId></Voice></xml>"},
        {{.type = WX_REPLY_VIDEO, .media_id = "M", .title = "T", .description = "D"},
         HEAD("video") "<Video><MediaId><![CDATA[M]]></MediaId><Title><![CDATA[T]]></Title>"
                       "<Description><![CDATA[D]]></Description></Video></xml>"},
        {{.type = WX_REPLY_MUSIC,
          .title = "T",
          .description = "D",
          .music_url = "http://m",
          .hq_music_url = "http://h",
          .thumb_media_id = "I"},
         HEAD("music") "<Music><Title><![CDATA[T]]></Title><Description><![CDATA[D]]>"
                       "</Description><MusicUrl><![CDATA[http://m]]></MusicUrl><HQMusicUrl>"
                       "<![CDATA[http://h]]></HQMusicUrl><ThumbMediaId><![CDATA[I]]>"
                       "</ThumbMediaId></Music></xml>"},
        {{.type = WX_REPLY_NEWS, .articles = articles, .article_count = 2},
         HEAD("news") "<ArticleCount>2</ArticleCount><Articles><item><Title><![CDATA[第一课]]>"
                      "</Title><Description><![CDATA[两分钟]]></Description><PicUrl><![CDATA["
                      "http://p/1.png]]></PicUrl><Url><![CDATA[http://u/?a=1&b=2]]></Url></item>"
                      "<item><Title><![CDATA[two]]></Title><Description><![CDATA[]]></Description>"
                      "<PicUrl><![CDATA[]]></PicUrl><Url><![CDATA[]]></Url></item></Articles>"
                      "</xml>"},
        {{.type = WX_REPLY_TRANSFER}, HEAD("transfer_customer_service") "</xml>"},
        {{.type = WX_REPLY_TRANSFER, .kf_account = "a@b"},
         HEAD("transfer_customer_service") "<TransInfo><KfAccount><![CDATA[a@b]]></KfAccount>"
                                           "</TransInfo></xml>"},
        {{.type = WX_REPLY_NONE, .text = "not looked at"}, "success"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(written(*state, &cases[i].reply, &from_event), cases[i].xml);
}

static void a_reply_without_its_main_part_is_success(void **state) {
    static const struct wx_reply empty[] = {
        {.type = WX_REPLY_TEXT},
        {.type = WX_REPLY_TEXT, .text = ""},
        {.type = WX_REPLY_TEXT, .text = "\x01\xff"},
        {.type = WX_REPLY_NEWS},
        {.type = WX_REPLY_IMAGE},
        {.type = WX_REPLY_VOICE, .media_id = ""},
        {.type = WX_REPLY_VIDEO, .title = "T"},
    };
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        assert_string_equal(written(*state, &empty[i], &from_text), "success");
}

static void text_reads_back_as_it_was_written(void **state) {
    static const char *const texts[] = {
        "签到成功，连续第 3 天 🎉",
        "a]]>b",
        "]]>",
        "]]]]>>",
        "]]]]]>",
        "]]>]]>]]>",
        "]]",
        "]",
        "<b>&amp;</b>",
        "<![CDATA[x]]>",
        "two\nlines\ttab",
        "𠮷👨‍👩‍👧",
        "</Content></xml>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(content_of(*state, texts[i]), texts[i]);
}

static void what_xml_forbids_is_dropped(void **state) {
    static const struct {
        const char *text, *content;
    } cases[] = {
        {"a\x01\x1f\x0b"
         "b",
         "ab"},
        {"a\xff\xc0\xaf\xed\xa0\x80z", "az"},
        {"a\xef\xbf\xbfz", "az"},
        {"签\xe5\x88", "签"},
        {"\xe5签", "签"},
        /* Dropping must not bring about what ends a section. */
        {"a]\x01]\x02>b", "a]]>b"},
        {"a]]\xff>b", "a]]>b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(content_of(*state, cases[i].text), cases[i].content);
}

static void names_and_links_cannot_break_out_either(void **state) {
    const struct wx_article article = {"]]></Title>", "]]>", "]]>", "http://u/?]]>"};
    const struct wx_reply reply = {.type = WX_REPLY_NEWS, .articles = &article, .article_count = 1};
    const char *xml = written(*state, &reply, &from_event);
    assert_string_equal(value_at(*state, xml, "Articles/item/Title"), "]]></Title>");
    assert_string_equal(value_at(*state, xml, "Articles/item/Url"), "http://u/?]]>");
}

static char *filled(void *ctx, const char *piece, size_t bytes) {
    size_t size = strlen(piece), count = bytes / size;
    char *text = talloc_size(ctx, count * size + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * size, piece, size);
    text[count * size] = '\0';
    return text;
}

static void text_up_to_the_limit_is_left_alone(void **state) {
    char *text = filled(*state, "x", LIMIT_REPLY_TEXT);
    assert_string_equal(content_of(*state, text), text);
    /* What is dropped does not count. */
    char *padded = talloc_asprintf(*state, "%s\x01\x01\xff", text);
    assert_string_equal(content_of(*state, padded), text);
}

static void longer_text_is_cut_between_characters_and_says_so(void **state) {
    static const char *const pieces[] = {"x", "é", "签", "😀", "]]>"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        for (size_t shift = 0; shift < 4; shift++) {
            char *text = talloc_asprintf(*state, "%.*s%s", (int)shift, "abc",
                                         filled(*state, pieces[i], LIMIT_REPLY_TEXT + 4));
            const char *content = content_of(*state, text);
            size_t length = strlen(content), kept = length - strlen("…");
            assert_true(length <= LIMIT_REPLY_TEXT);
            assert_true(length > LIMIT_REPLY_TEXT - 4);
            assert_string_equal(content + kept, "…");
            assert_memory_equal(content, text, kept);
        }
}

static void an_answer_to_a_message_has_one_article_and_to_an_event_eight(void **state) {
    struct wx_article articles[12];
    for (size_t i = 0; i < 12; i++)
        articles[i] = (struct wx_article){talloc_asprintf(*state, "%zu", i), "d", "p", "u"};
    static const struct {
        enum wx_message_type type;
        int count;
        const char *last;
    } cases[] = {
        {WX_MESSAGE_EVENT, 8, "7"},    {WX_MESSAGE_TEXT, 1, "0"},  {WX_MESSAGE_IMAGE, 1, "0"},
        {WX_MESSAGE_VOICE, 1, "0"},    {WX_MESSAGE_VIDEO, 1, "0"}, {WX_MESSAGE_SHORTVIDEO, 1, "0"},
        {WX_MESSAGE_LOCATION, 1, "0"}, {WX_MESSAGE_LINK, 1, "0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct wx_reply reply = {
            .type = WX_REPLY_NEWS, .articles = articles, .article_count = 12};
        struct wx_message message = from_text;
        message.type = cases[i].type;
        const char *xml = written(*state, &reply, &message);
        struct wanted wanted = {.path = "Articles/item/Title"};
        assert_int_equal(wx_xml_read(*state, xml, strlen(xml), pick, &wanted), 0);
        assert_int_equal(wanted.count, cases[i].count);
        assert_string_equal(wanted.value, cases[i].last);
        assert_int_equal(atoi(value_at(*state, xml, "ArticleCount")), cases[i].count);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, new_context, free_context)
    const struct CMUnitTest tests[] = {
        TEST(each_kind_is_written_as_wechat_says),
        TEST(a_reply_without_its_main_part_is_success),
        TEST(text_reads_back_as_it_was_written),
        TEST(what_xml_forbids_is_dropped),
        TEST(names_and_links_cannot_break_out_either),
        TEST(text_up_to_the_limit_is_left_alone),
        TEST(longer_text_is_cut_between_characters_and_says_so),
        TEST(an_answer_to_a_message_has_one_article_and_to_an_event_eight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
