#include "wx/reply.h"

#include "config/limits.h"
#include "tests/wx/sample.h"
#include "wx/error.h"
#include "wx/json.h"

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

static const char *written_json(void *ctx, const struct wx_reply *reply,
                                const struct wx_message *message) {
    char *json = NULL;
    size_t length = 0;
    assert_int_equal(wx_reply_write_json(ctx, reply, message, 1700000000, &json, &length), 0);
    assert_int_equal(strlen(json), length);
    return json;
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

/* What is read of a text reply; the same, whichever the format. */
static const char *content_of(void *ctx, const char *text) {
    const struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = text};
    const char *content = value_at(ctx, written(ctx, &reply, &from_text), "Content");
    const char *json = written_json(ctx, &reply, &from_text);
    struct wanted wanted = {.path = "Content"};
    assert_int_equal(wx_json_read(ctx, json, strlen(json), pick, &wanted), 0);
    assert_int_equal(wanted.count, 1);
    assert_string_equal(wanted.value, content);
    return content;
}

#define XML(type, rest)                                                                            \
    "<xml><ToUserName><![CDATA[oOPENID]]></ToUserName>"                                            \
    "<FromUserName><![CDATA[gh_day21demo]]></FromUserName><CreateTime>1700000000</CreateTime>"     \
    "<MsgType><![CDATA[" type "]]></MsgType>" rest "</xml>"
#define JSON(type, rest)                                                                           \
    "{'ToUserName':'oOPENID','FromUserName':'gh_day21demo','CreateTime':1700000000,"               \
    "'MsgType':'" type "'" rest "}"

static void each_kind_is_written_as_wechat_says(void **state) {
    static const struct wx_article articles[] = {
        {"第一课", "两分钟", "http://p/1.png", "http://u/?a=1&b=2"},
        {"two", NULL, NULL, NULL},
    };
    static const struct {
        struct wx_reply reply;
        const char *xml, *json;
    } cases[] = {
        {{.type = WX_REPLY_TEXT, .text = "你好"},
         XML("text", "<Content><![CDATA[你好]]></Content>"),
         JSON("text", ",'Content':'你好'")},
        {{.type = WX_REPLY_IMAGE, .media_id = "M"},
         XML("image", "<Image><MediaId><![CDATA[M]]></MediaId></Image>"),
         JSON("image", ",'Image':{'MediaId':'M'}")},
        {{.type = WX_REPLY_VOICE, .media_id = "M"},
         XML("voice", "<Voice><MediaId><![CDATA[M]]></MediaId></Voice>"),
         JSON("voice", ",'Voice':{'MediaId':'M'}")},
        {{.type = WX_REPLY_VIDEO, .media_id = "M", .title = "T", .description = "D"},
         XML("video",
             "<Video><MediaId><![CDATA[M]]></MediaId><Title><![CDATA[T]]></Title>"
             "<Description><![CDATA[D]]></Description></Video>"),
         JSON("video", ",'Video':{'MediaId':'M','Title':'T','Description':'D'}")},
        {{.type = WX_REPLY_MUSIC,
          .title = "T",
          .description = "D",
          .music_url = "http://m",
          .hq_music_url = "http://h",
          .thumb_media_id = "I"},
         XML("music",
             "<Music><Title><![CDATA[T]]></Title><Description><![CDATA[D]]></Description>"
             "<MusicUrl><![CDATA[http://m]]></MusicUrl><HQMusicUrl><![CDATA[http://h]]>"
             "</HQMusicUrl><ThumbMediaId><![CDATA[I]]></ThumbMediaId></Music>"),
         JSON("music",
              ",'Music':{'Title':'T','Description':'D','MusicUrl':'http://m',"
              "'HQMusicUrl':'http://h','ThumbMediaId':'I'}")},
        {{.type = WX_REPLY_MUSIC, .music_url = "http://m"},
         XML("music",
             "<Music><Title><![CDATA[]]></Title><Description><![CDATA[]]></Description>"
             "<MusicUrl><![CDATA[http://m]]></MusicUrl><HQMusicUrl><![CDATA[]]>"
             "</HQMusicUrl></Music>"),
         JSON("music",
              ",'Music':{'Title':'','Description':'','MusicUrl':'http://m',"
              "'HQMusicUrl':''}")},
        {{.type = WX_REPLY_NEWS, .articles = articles, .article_count = 2},
         XML("news",
             "<ArticleCount>2</ArticleCount><Articles><item><Title><![CDATA[第一课]]>"
             "</Title><Description><![CDATA[两分钟]]></Description><PicUrl><![CDATA["
             "http://p/1.png]]></PicUrl><Url><![CDATA[http://u/?a=1&b=2]]></Url></item>"
             "<item><Title><![CDATA[two]]></Title><Description><![CDATA[]]></Description>"
             "<PicUrl><![CDATA[]]></PicUrl><Url><![CDATA[]]></Url></item></Articles>"),
         JSON("news",
              ",'ArticleCount':2,'Articles':[{'Title':'第一课','Description':'两分钟',"
              "'PicUrl':'http://p/1.png','Url':'http://u/?a=1&b=2'},{'Title':'two',"
              "'Description':'','PicUrl':'','Url':''}]")},
        {{.type = WX_REPLY_TRANSFER},
         XML("transfer_customer_service", ""),
         JSON("transfer_customer_service", "")},
        {{.type = WX_REPLY_TRANSFER, .kf_account = "a@b"},
         XML("transfer_customer_service",
             "<TransInfo><KfAccount><![CDATA[a@b]]></KfAccount></TransInfo>"),
         JSON("transfer_customer_service", ",'TransInfo':{'KfAccount':'a@b'}")},
        {{.type = WX_REPLY_NONE, .text = "not looked at"}, "success", "success"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(written(*state, &cases[i].reply, &from_event), cases[i].xml);
        assert_string_equal(written_json(*state, &cases[i].reply, &from_event),
                            sample_json(*state, cases[i].json));
    }
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
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        assert_string_equal(written(*state, &empty[i], &from_text), "success");
        assert_string_equal(written_json(*state, &empty[i], &from_text), "success");
    }
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
        "\"quoted\" and \\",
        "\r\n\\n",
        "\"}",
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

/* ---- what other implementations write ---- */

/* A reply as somebody else wrote it: what is in it, and all that is said, but for the time. */
struct foreign {
    void *ctx;
    const char *to, *from, *type;
    struct wx_reply reply;
    struct wx_article articles[LIMIT_REPLY_ARTICLES];
    char *said;
};

static int read_foreign(void *data, const char *path, const char *value, size_t length) {
    struct foreign *foreign = data;
    struct wx_reply *reply = &foreign->reply;
    const struct {
        const char *path;
        const char **member;
    } places[] = {
        {"ToUserName", &foreign->to},
        {"FromUserName", &foreign->from},
        {"MsgType", &foreign->type},
        {"Content", &reply->text},
        {"Image/MediaId", &reply->media_id},
        {"Voice/MediaId", &reply->media_id},
        {"Video/MediaId", &reply->media_id},
        {"Video/Title", &reply->title},
        {"Video/Description", &reply->description},
        {"Music/Title", &reply->title},
        {"Music/Description", &reply->description},
        {"Music/MusicUrl", &reply->music_url},
        {"Music/HQMusicUrl", &reply->hq_music_url},
        {"Music/ThumbMediaId", &reply->thumb_media_id},
        {"TransInfo/KfAccount", &reply->kf_account},
    };
    (void)length;
    if (!value) {
        reply->article_count += strcmp(path, "Articles/item") == 0;
        return 0;
    }
    if (strcmp(path, "CreateTime") != 0 && strcmp(path, "FuncFlag") != 0) /* of 2013, no more */
        foreign->said = talloc_asprintf_append(foreign->said, "%s=%s\n", path, value);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(path, places[i].path) == 0)
            *places[i].member = value;
    if (reply->article_count == 0)
        return 0;
    struct wx_article *article = &foreign->articles[reply->article_count - 1];
    const char **member = strcmp(path, "Articles/item/Title") == 0         ? &article->title
                          : strcmp(path, "Articles/item/Description") == 0 ? &article->description
                          : strcmp(path, "Articles/item/PicUrl") == 0      ? &article->pic_url
                          : strcmp(path, "Articles/item/Url") == 0         ? &article->url
                                                                           : NULL;
    if (member)
        *member = value;
    return 0;
}

static int by_line(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The lines in their order by name: what is said, whatever came first. */
static const char *sorted(void *ctx, char *said) {
    char *lines[64], *result = talloc_strdup(ctx, "");
    size_t count = 0;
    for (char *line = strtok(said, "\n"); line && count < 64; line = strtok(NULL, "\n"))
        lines[count++] = line;
    qsort(lines, count, sizeof *lines, by_line);
    for (size_t i = 0; i < count; i++)
        result = talloc_asprintf_append(result, "%s\n", lines[i]);
    return result;
}

static void check_outbound(void *ctx, const char *path) {
    static const char *const names[] = {
        [WX_REPLY_TEXT] = "text",
        [WX_REPLY_NEWS] = "news",
        [WX_REPLY_IMAGE] = "image",
        [WX_REPLY_VOICE] = "voice",
        [WX_REPLY_VIDEO] = "video",
        [WX_REPLY_MUSIC] = "music",
        [WX_REPLY_TRANSFER] = "transfer_customer_service",
    };
    char text[8192];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    struct foreign theirs = {.ctx = ctx, .said = talloc_strdup(ctx, "")};
    struct foreign ours = {.ctx = ctx, .said = talloc_strdup(ctx, "")};
    assert_int_equal(wx_xml_read(ctx, text, length, read_foreign, &theirs), 0);
    for (size_t i = WX_REPLY_TEXT; i < sizeof names / sizeof *names; i++)
        if (strcmp(theirs.type, names[i]) == 0)
            theirs.reply.type = (enum wx_reply_type)i;
    theirs.reply.articles = theirs.articles;
    const struct wx_message message = {
        .from = theirs.to, .to = theirs.from, .type = WX_MESSAGE_EVENT};
    const char *xml = written(ctx, &theirs.reply, &message);
    assert_int_equal(wx_xml_read(ctx, xml, strlen(xml), read_foreign, &ours), 0);
    assert_string_equal(sorted(ctx, ours.said), sorted(ctx, theirs.said));
}

/* The lines of INDEX.md: - `file` — source */
static void what_others_write_is_what_we_write(void **state) {
    const char *shared = getenv("DAY21_SHARED");
    char directory[300], line[1024], name[128];
    size_t checked = 0;
    snprintf(directory, sizeof directory, "%s/wechat/outbound", shared ? shared : "../shared");
    FILE *index = fopen(talloc_asprintf(*state, "%s/INDEX.md", directory), "r");
    if (!index)
        skip();
    while (fgets(line, sizeof line, index))
        if (sscanf(line, "- `%127[^`]`", name) == 1) {
            check_outbound(*state, talloc_asprintf(*state, "%s/%s", directory, name));
            checked++;
        }
    fclose(index);
    assert_true(checked > 20);
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
        TEST(what_others_write_is_what_we_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
