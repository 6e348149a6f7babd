#include "wx/message.h"

#include "config/limits.h"
#include "wx/error.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "<xml><ToUserName><![CDATA[gh_day21demo]]></ToUserName>"                                       \
    "<FromUserName><![CDATA[oOPENID-_1]]></FromUserName><CreateTime>1700000000</CreateTime>"
#define TYPE(type)   "<MsgType><![CDATA[" type "]]></MsgType>"
#define EVENT(event) HEAD TYPE("event") "<Event><![CDATA[" event "]]></Event>"
#define TEXT(inside) HEAD TYPE("text") "<Content>" inside "</Content><MsgId>42</MsgId></xml>"

static int parse(void *ctx, const char *xml, struct wx_message *message) {
    return wx_message_parse(ctx, xml, strlen(xml), message);
}

static struct wx_message parsed(void *ctx, const char *xml) {
    struct wx_message message;
    int error = parse(ctx, xml, &message);
    if (error)
        fail_msg("%s: %s", wx_error_text(error), xml);
    return message;
}

static int new_context(void **state) {
    *state = talloc_new(NULL);
    return *state == NULL;
}

static int free_context(void **state) {
    return talloc_free(*state);
}

static void a_text_message_is_read(void **state) {
    struct wx_message message = parsed(*state, TEXT("<![CDATA[签到]]>"));
    assert_string_equal(message.to, "gh_day21demo");
    assert_string_equal(message.from, "oOPENID-_1");
    assert_int_equal(message.create_time, 1700000000);
    assert_int_equal(message.type, WX_MESSAGE_TEXT);
    assert_string_equal(message.type_name, "text");
    assert_string_equal(message.id, "42");
    assert_string_equal(message.content, "签到");
    assert_int_equal(message.event, WX_EVENT_NONE);
}

static void what_is_absent_is_empty_and_never_null(void **state) {
    struct wx_message message = parsed(*state, HEAD TYPE("text") "</xml>");
    const char *const absent[] = {
        message.id,           message.event_name,     message.event_key,   message.ticket,
        message.content,      message.menu_id,        message.media_id,    message.thumb_media,
        message.pic_url,      message.format,         message.title,       message.description,
        message.url,          message.file_key,       message.file_md5,    message.label,
        message.place,        message.scan_type,      message.scan_result, message.kf_account,
        message.status,       message.job_id,         message.publish_id,  message.publish_status,
        message.article_id,   message.subject_openid, message.revoked,     message.subject_appid,
        message.kf_account_to};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        assert_string_equal(absent[i], "");
    assert_int_equal(message.file_size, 0);
    assert_true(message.latitude == 0);
}

static void text_arrives_as_the_learner_typed_it(void **state) {
    static const struct {
        const char *inside, *content;
    } cases[] = {
        {"<![CDATA[]]>", ""},
        {"", ""},
        {"  \n ", ""},
        {"<![CDATA[ ]]>", " "},
        {"<![CDATA[ a ]]>", " a "},
        {" <![CDATA[a]]>\n", "a"},
        {"plain", "plain"},
        {"a &lt;b&gt; &amp;amp; &quot;c&quot; &apos;d&apos;", "a <b> &amp; \"c\" 'd'"},
        {"&#31614;&#x5230;&#x1F600;", "签到😀"},
        {"<![CDATA[&lt;b&gt; &nothing; & <b>]]>", "&lt;b&gt; &nothing; & <b>"},
        {"<![CDATA[<!DOCTYPE html><!-- x --><?php ?>]]>", "<!DOCTYPE html><!-- x --><?php ?>"},
        {"<![CDATA[😀 emoji 𠮷 👨‍👩‍👧]]>", "😀 emoji 𠮷 👨‍👩‍👧"},
        {"<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"},
        {"<![CDATA[]]]>", "]"},
        {"<![CDATA[]>]]>", "]>"},
        {"x<![CDATA[y]]>z", "xyz"},
        {"<![CDATA[two\r\nlines\t.]]>", "two\r\nlines\t."},
        {"<![CDATA[</Content><MsgId>7</MsgId>]]>", "</Content><MsgId>7</MsgId>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *xml = talloc_asprintf(
            *state, HEAD TYPE("text") "<Content>%s</Content><MsgId>42</MsgId></xml>",
            cases[i].inside);
        struct wx_message message = parsed(*state, xml);
        assert_string_equal(message.content, cases[i].content);
        assert_string_equal(message.id, "42");
    }
}

/* mxml 3.3 by itself ends the section at the first ">" here, and reads the forged sender. */
static void a_byte_order_mark_does_not_end_a_section(void **state) {
    struct wx_message message = parsed(
        *state, HEAD TYPE("text") "<Content><![CDATA[a]]\ufeff></Content><MsgId>7</MsgId>"
                                  "<Content>b]]></Content><MsgId>42</MsgId></xml>");
    assert_string_equal(message.content, "a]]\u2060></Content><MsgId>7</MsgId><Content>b");
    assert_string_equal(message.id, "42");
    message = parsed(*state, TEXT("a\ufeff&#xfeff;b"));
    assert_string_equal(message.content, "a\u2060\ufeffb");
}

static void white_space_and_a_declaration_are_passed_over(void **state) {
    struct wx_message message =
        parsed(*state,
               " \n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<xml >\n"
               "\t<ToUserName ><![CDATA[gh]]></ToUserName >\n <Empty/><Empty />\n"
               "<FromUserName>o1</FromUserName>\r\n<CreateTime>1</CreateTime>\n"
               "<MsgType>text</MsgType>\n</xml>\n\n");
    assert_string_equal(message.to, "gh");
    assert_string_equal(message.from, "o1");
}

static void an_element_inside_another_is_not_the_one_below_the_root(void **state) {
    struct wx_message message =
        parsed(*state, HEAD TYPE("text") "<Other><Content>no</Content><FromUserName>x"
                                         "</FromUserName></Other><Content>yes</Content></xml>");
    assert_string_equal(message.content, "yes");
    assert_string_equal(message.from, "oOPENID-_1");
}

static void each_kind_of_message_has_its_fields(void **state) {
    struct wx_message message =
        parsed(*state, HEAD TYPE("image") "<PicUrl>http://p</PicUrl><MediaId>M</MediaId>"
                                          "<MsgId>1</MsgId></xml>");
    assert_int_equal(message.type, WX_MESSAGE_IMAGE);
    assert_string_equal(message.pic_url, "http://p");
    assert_string_equal(message.media_id, "M");

    message = parsed(*state, HEAD TYPE("voice") "<MediaId>M</MediaId><Format>amr</Format>"
                                                "<Recognition>早上好</Recognition></xml>");
    assert_int_equal(message.type, WX_MESSAGE_VOICE);
    assert_string_equal(message.format, "amr");
    assert_string_equal(message.content, "早上好");

    message =
        parsed(*state, HEAD TYPE("shortvideo") "<MediaId>M</MediaId><ThumbMediaId>T</ThumbMediaId>"
                                               "</xml>");
    assert_int_equal(message.type, WX_MESSAGE_SHORTVIDEO);
    assert_string_equal(message.thumb_media, "T");
    assert_int_equal(parsed(*state, HEAD TYPE("video") "</xml>").type, WX_MESSAGE_VIDEO);

    message = parsed(*state, HEAD TYPE("location") "<Location_X>23.134521</Location_X>"
                                                   "<Location_Y>-113.5</Location_Y><Scale>20"
                                                   "</Scale><Label>广州</Label></xml>");
    assert_int_equal(message.type, WX_MESSAGE_LOCATION);
    assert_float_equal(message.latitude, 23.134521, 1e-9);
    assert_float_equal(message.longitude, -113.5, 1e-9);
    assert_int_equal(message.scale, 20);
    assert_string_equal(message.label, "广州");

    message = parsed(*state, HEAD TYPE("link") "<Title>T</Title><Description>D</Description>"
                                               "<Url>http://u</Url></xml>");
    assert_int_equal(message.type, WX_MESSAGE_LINK);
    assert_string_equal(message.title, "T");
    assert_string_equal(message.description, "D");
    assert_string_equal(message.url, "http://u");

    message = parsed(*state, HEAD TYPE("file") "<FileKey>K</FileKey><FileMd5>5</FileMd5>"
                                               "<FileTotalLen>5000000000</FileTotalLen></xml>");
    assert_int_equal(message.type, WX_MESSAGE_FILE);
    assert_string_equal(message.file_key, "K");
    assert_string_equal(message.file_md5, "5");
    assert_true(message.file_size == INT64_C(5000000000));

    message = parsed(*state, HEAD TYPE("text") "<Content>满意</Content><bizmsgmenuid>101"
                                               "</bizmsgmenuid></xml>");
    assert_string_equal(message.menu_id, "101");

    message = parsed(*state, HEAD TYPE("hologram") "</xml>");
    assert_int_equal(message.type, WX_MESSAGE_UNKNOWN);
    assert_string_equal(message.type_name, "hologram");
}

static void each_kind_of_event_has_its_fields(void **state) {
    struct wx_message message =
        parsed(*state, EVENT("scancode_waitmsg") "<EventKey>6</EventKey><ScanCodeInfo><ScanType>"
                                                 "qrcode</ScanType><ScanResult>2</ScanResult>"
                                                 "</ScanCodeInfo></xml>");
    assert_int_equal(message.event, WX_EVENT_SCANCODE_WAITMSG);
    assert_string_equal(message.scan_type, "qrcode");
    assert_string_equal(message.scan_result, "2");

    message = parsed(*state, EVENT("pic_weixin") "<SendPicsInfo><Count>2</Count><PicList><item>"
                                                 "<PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b"
                                                 "</PicMd5Sum></item></PicList></SendPicsInfo></xml>");
    assert_int_equal(message.picture_count, 2);

    message =
        parsed(*state, EVENT("location_select") "<SendLocationInfo><Location_X>23</Location_X>"
                                                "<Location_Y>113</Location_Y><Scale>15</Scale>"
                                                "<Label>L</Label><Poiname>P</Poiname>"
                                                "</SendLocationInfo></xml>");
    assert_float_equal(message.latitude, 23, 0);
    assert_float_equal(message.longitude, 113, 0);
    assert_int_equal(message.scale, 15);
    assert_string_equal(message.label, "L");
    assert_string_equal(message.place, "P");

    message = parsed(*state, EVENT("LOCATION") "<Latitude>30.4</Latitude><Longitude>116.6"
                                               "</Longitude><Precision>2703.0</Precision></xml>");
    assert_float_equal(message.latitude, 30.4, 1e-9);
    assert_float_equal(message.longitude, 116.6, 1e-9);
    assert_float_equal(message.precision, 2703, 0);

    message = parsed(*state, EVENT("kf_switch_session") "<FromKfAccount>a@b</FromKfAccount>"
                                                        "<ToKfAccount>c@d</ToKfAccount></xml>");
    assert_string_equal(message.kf_account, "a@b");
    assert_string_equal(message.kf_account_to, "c@d");
    message = parsed(*state, EVENT("kf_create_session") "<KfAccount>e@f</KfAccount></xml>");
    assert_string_equal(message.kf_account, "e@f");

    message = parsed(*state, EVENT("MASSSENDJOBFINISH") "<MsgID>1988</MsgID><Status>send success"
                                                        "</Status><TotalCount>100</TotalCount>"
                                                        "<FilterCount>80</FilterCount><SentCount>75"
                                                        "</SentCount><ErrorCount>5</ErrorCount>"
                                                        "</xml>");
    assert_string_equal(message.job_id, "1988");
    assert_string_equal(message.status, "send success");
    assert_int_equal(message.total_count, 100);
    assert_int_equal(message.filter_count, 80);
    assert_int_equal(message.sent_count, 75);
    assert_int_equal(message.error_count, 5);

    message = parsed(*state, EVENT("PUBLISHJOBFINISH") "<PublishEventInfo><publish_id>9"
                                                       "</publish_id><publish_status>0"
                                                       "</publish_status><article_id>A</article_id>"
                                                       "</PublishEventInfo></xml>");
    assert_string_equal(message.publish_id, "9");
    assert_string_equal(message.publish_status, "0");
    assert_string_equal(message.article_id, "A");

    message = parsed(*state, EVENT("user_authorization_revoke") "<OpenID>o2</OpenID><AppID>wx"
                                                                "</AppID><RevokeInfo>1"
                                                                "</RevokeInfo></xml>");
    assert_int_equal(message.event, WX_EVENT_USER_AUTHORIZATION_REVOKE);
    assert_string_equal(message.subject_openid, "o2");
    assert_string_equal(message.subject_appid, "wx");
    assert_string_equal(message.revoked, "1");
}

static void a_job_event_has_a_job_and_no_message_id(void **state) {
    struct wx_message message =
        parsed(*state, EVENT("TEMPLATESENDJOBFINISH") "<MsgID>200163836</MsgID>"
                                                      "<Status>failed:user block</Status></xml>");
    assert_int_equal(message.event, WX_EVENT_TEMPLATESENDJOBFINISH);
    assert_string_equal(message.id, "");
    assert_string_equal(message.job_id, "200163836");
    assert_string_equal(message.status, "failed:user block");
    message = parsed(*state, HEAD TYPE("text") "<MsgID>43</MsgID></xml>");
    assert_string_equal(message.id, "43");
    assert_string_equal(message.job_id, "");
}

static void the_scene_of_a_subscribe_reads_like_that_of_a_scan(void **state) {
    struct wx_message message =
        parsed(*state, EVENT("subscribe") "<EventKey><![CDATA[qrscene_canteen]]></EventKey>"
                                          "<Ticket><![CDATA[T]]></Ticket></xml>");
    assert_int_equal(message.event, WX_EVENT_SUBSCRIBE);
    assert_string_equal(message.event_key, "canteen");
    assert_string_equal(message.ticket, "T");
    message = parsed(*state, EVENT("SCAN") "<EventKey>canteen</EventKey></xml>");
    assert_string_equal(message.event_key, "canteen");
    message = parsed(*state, EVENT("SCAN") "<EventKey>qrscene_x</EventKey></xml>");
    assert_string_equal(message.event_key, "qrscene_x");
    message = parsed(*state, EVENT("subscribe") "<EventKey></EventKey></xml>");
    assert_string_equal(message.event_key, "");
}

static void every_event_is_known_in_any_case(void **state) {
    static const struct {
        const char *sent;
        enum wx_event event;
    } events[] = {
#define X(name, sent) {sent, WX_EVENT_##name},
        WX_EVENTS(X)
#undef X
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        for (int change = 0; change < 3; change++) {
            char *name = talloc_strdup(*state, events[i].sent);
            for (char *at = name; change && *at; at++)
                *at = (char)(change == 1 ? toupper(*at) : tolower(*at));
            char *xml = talloc_asprintf(*state, HEAD TYPE("event") "<Event>%s</Event></xml>", name);
            struct wx_message message = parsed(*state, xml);
            assert_int_equal(message.event, events[i].event);
            assert_string_equal(message.event_name, name);
        }
    assert_int_equal(parsed(*state, EVENT("hatched") "</xml>").event, WX_EVENT_UNKNOWN);
    assert_int_equal(parsed(*state, EVENT("") "</xml>").event, WX_EVENT_UNKNOWN);
    /* The name of an event in something else is not an event. */
    assert_int_equal(parsed(*state, HEAD TYPE("text") "<Event>CLICK</Event></xml>").event,
                     WX_EVENT_NONE);
}

static void a_time_after_2038_is_read(void **state) {
    struct wx_message message =
        parsed(*state,
               "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName>"
               "<CreateTime>4102444800</CreateTime><MsgType>text</MsgType></xml>");
    assert_true(message.create_time == INT64_C(4102444800));
}

static void a_number_that_is_none_is_0_where_it_does_not_matter(void **state) {
    struct wx_message message =
        parsed(*state, HEAD TYPE("location") "<Location_X>north</Location_X><Location_Y>nan"
                                             "</Location_Y><Scale>-1</Scale></xml>");
    assert_true(message.latitude == 0 && message.longitude == 0);
    assert_int_equal(message.scale, 0);
}

static void what_is_not_a_message_is_refused(void **state) {
    static const struct {
        const char *name, *xml;
        int error;
    } cases[] = {
        {"nothing", "", WX_E_EMPTY},
        {"white space", " \n\t", WX_E_EMPTY},
        {"JSON", "{\"ToUserName\":\"gh\"}", WX_E_XML},
        {"text before the root", "x" TEXT("a"), WX_E_XML},
        {"text after the root", TEXT("a") "x", WX_E_XML},
        {"a second root", TEXT("a") "<xml></xml>", WX_E_XML},
        {"another root", "<html></html>", WX_E_XML},
        {"a longer root", "<xmlx></xmlx>", WX_E_XML},
        {"an open root", "<xml>", WX_E_XML},
        {"a declaration that does not end", "<?xml version='1.0'", WX_E_XML},
        {"a declaration only", "<?xml version='1.0'?>", WX_E_XML},
        {"a closing tag only", "</xml>", WX_E_XML},
        {"one closing tag too many", TEXT("a") "</xml>", WX_E_XML},
        {"tags that cross", HEAD "<a><b></a></b></xml>", WX_E_XML},
        {"a tag that never ends", HEAD TYPE("text") "<Content", WX_E_XML},
        {"an open CDATA", HEAD TYPE("text") "<Content><![CDATA[x</Content></xml>", WX_E_XML},
        {"CDATA outside the root", "<![CDATA[x]]>", WX_E_XML},
        {"CDATA after the root", TEXT("a") "<![CDATA[x]]>", WX_E_XML},
        {"a DOCTYPE", "<!DOCTYPE xml>" TEXT("a"), WX_E_DOCTYPE},
        {"a DOCTYPE after the declaration", "<?xml version='1.0'?>\n<!DOCTYPE xml>" TEXT("a"),
         WX_E_DOCTYPE},
        {"a doctype in lower case", "<!doctype xml>" TEXT("a"), WX_E_DOCTYPE},
        {"a DOCTYPE with an external entity",
         "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" TEXT("&e;"), WX_E_DOCTYPE},
        {"an ENTITY in the root", "<xml><!ENTITY e \"x\"></xml>", WX_E_DOCTYPE},
        {"an element declaration", "<xml><!ELEMENT a></xml>", WX_E_XML},
        {"an entity nobody defined", TEXT("&e;"), WX_E_XML},
        {"an HTML entity", TEXT("&nbsp;"), WX_E_XML},
        {"a bare ampersand", TEXT("a & b"), WX_E_XML},
        {"an entity without its end", TEXT("&lt"), WX_E_XML},
        {"the number of NUL", TEXT("&#0;"), WX_E_XML},
        {"the number of a control character", TEXT("&#x1f;"), WX_E_XML},
        {"the number of a surrogate", TEXT("&#xD800;"), WX_E_XML},
        {"a number beyond Unicode", TEXT("&#x110000;"), WX_E_XML},
        {"a number of many digits", TEXT("&#4294967361;"), WX_E_XML},
        {"no number", TEXT("&#;"), WX_E_XML},
        {"no hexadecimal number", TEXT("&#x;"), WX_E_XML},
        {"hexadecimal digits in a decimal number", TEXT("&#6a;"), WX_E_XML},
        {"a comment", HEAD TYPE("text") "<!-- x --></xml>", WX_E_XML},
        {"a processing instruction", HEAD TYPE("text") "<?php x ?></xml>", WX_E_XML},
        {"a stylesheet before the root", "<?xml-stylesheet href='x'?>" TEXT("a"), WX_E_XML},
        {"an attribute", HEAD TYPE("text") "<Content a=\"b\">x</Content></xml>", WX_E_XML},
        {"a name of other letters", HEAD TYPE("text") "<内容>x</内容></xml>", WX_E_XML},
        {"a name with a colon", HEAD TYPE("text") "<a:b>x</a:b></xml>", WX_E_XML},
        {"the end of a section that never began", TEXT("a]]>b"), WX_E_XML},
        {"a declaration with an element in it", "<?xml version='<xml>'?>" TEXT("a"), WX_E_XML},
        {"a declaration without a version", "<?xml x?>" TEXT("a"), WX_E_XML},
        {"a stray angle", TEXT("a < b"), WX_E_XML},
        {"UTF-8 cut short", TEXT("<![CDATA[\xe7\xad]]>"), WX_E_XML},
        {"UTF-8 cut by the end", "<xml>\xe7\xad", WX_E_XML},
        {"an overlong slash", TEXT("<![CDATA[\xc0\xaf]]>"), WX_E_XML},
        {"an overlong NUL", TEXT("<![CDATA[\xc0\x80]]>"), WX_E_XML},
        {"a surrogate in UTF-8", TEXT("<![CDATA[\xed\xa0\x80]]>"), WX_E_XML},
        {"a byte no UTF-8 has", TEXT("<![CDATA[\xff]]>"), WX_E_XML},
        {"beyond Unicode", TEXT("<![CDATA[\xf4\x90\x80\x80]]>"), WX_E_XML},
        {"GBK", TEXT("<![CDATA[\xc7\xa9\xb5\xbd]]>"), WX_E_XML},
        {"UTF-16", "\xff\xfe<\x01", WX_E_XML},
        {"a control character", TEXT("<![CDATA[\x01]]>"), WX_E_XML},
        {"an escape", TEXT("<![CDATA[\x1b[31m]]>"), WX_E_XML},
        {"U+FFFE", TEXT("<![CDATA[\xef\xbf\xbe]]>"), WX_E_XML},
        {"nothing in the root", "<xml></xml>", WX_E_FIELD},
        {"an empty root", "<xml/>", WX_E_FIELD},
        {"text in the root", "<xml>hello</xml>", WX_E_FIELD},
        {"an envelope", "<xml><ToUserName>g</ToUserName><Encrypt>AAAA</Encrypt></xml>", WX_E_FIELD},
        {"no recipient",
         "<xml><FromUserName>o</FromUserName><CreateTime>1</CreateTime>" TYPE("text") "</xml>",
         WX_E_FIELD},
        {"no sender",
         "<xml><ToUserName>g</ToUserName><CreateTime>1</CreateTime>" TYPE("text") "</xml>",
         WX_E_FIELD},
        {"no time",
         "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName>" TYPE("text") "</xml>",
         WX_E_FIELD},
        {"no type", HEAD "</xml>", WX_E_FIELD},
        {"an empty type", HEAD TYPE("") "</xml>", WX_E_FIELD},
        {"an empty sender",
         "<xml><ToUserName>g</ToUserName><FromUserName></FromUserName><CreateTime>1"
         "</CreateTime>" TYPE("text") "</xml>",
         WX_E_FIELD},
        {"a sender who would be a key of Redis",
         "<xml><ToUserName>g</ToUserName><FromUserName>o}:x</FromUserName><CreateTime>1"
         "</CreateTime>" TYPE("text") "</xml>",
         WX_E_FIELD},
        {"a time that is none",
         "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>now"
         "</CreateTime>" TYPE("text") "</xml>",
         WX_E_FIELD},
        {"a negative time",
         "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>-1"
         "</CreateTime>" TYPE("text") "</xml>",
         WX_E_FIELD},
        {"a time beyond 64 bits",
         "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>"
         "18446744073709551617</CreateTime>" TYPE("text") "</xml>",
         WX_E_FIELD},
        {"a MsgId of letters", HEAD TYPE("text") "<MsgId>4x</MsgId></xml>", WX_E_FIELD},
        {"two senders", HEAD "<FromUserName>o2</FromUserName>" TYPE("text") "</xml>", WX_E_FIELD},
        {"two contents", HEAD TYPE("text") "<Content>a</Content><Content>b</Content></xml>",
         WX_E_FIELD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_message message = {.scale = 77};
        int error = parse(*state, cases[i].xml, &message);
        if (error != cases[i].error)
            fail_msg("%s: %s", cases[i].name, wx_error_text(error));
        assert_int_equal(message.scale, 77);
    }
}

static void a_nul_is_refused_wherever_it_stands(void **state) {
    static const char xml[] = TEXT("hello");
    for (size_t i = 0; i <= strlen(xml); i++) {
        char copy[sizeof xml];
        struct wx_message message;
        memcpy(copy, xml, sizeof xml);
        copy[i] = '\0';
        assert_int_equal(wx_message_parse(*state, copy, sizeof xml, &message), WX_E_XML);
    }
}

static void every_message_cut_short_is_refused(void **state) {
    static const char xml[] = "<?xml version=\"1.0\"?>" TEXT("&lt;<![CDATA[]]]]><![CDATA[>😀]]>");
    for (size_t length = 1; length < strlen(xml); length++) {
        struct wx_message message;
        char *copy = talloc_memdup(*state, xml, length); /* so that reading on is noticed */
        assert_int_equal(wx_message_parse(*state, copy, length, &message), WX_E_XML);
    }
}

static char *repeated(void *ctx, const char *piece, size_t count) {
    char *text = talloc_strdup(ctx, "");
    for (size_t i = 0; i < count; i++)
        text = talloc_strdup_append_buffer(text, piece);
    return text;
}

static void what_is_too_deep_too_many_or_too_long_is_refused(void **state) {
    struct wx_message message;
    for (int over = 0; over <= 1; over++) {
        int error = over ? WX_E_TOO_LARGE : 0;
        size_t depth = LIMIT_XML_DEPTH - 1 + (size_t)over; /* below the root */
        char *xml =
            talloc_asprintf(*state, HEAD TYPE("text") "%s%s</xml>", repeated(*state, "<a>", depth),
                            repeated(*state, "</a>", depth));
        assert_int_equal(parse(*state, xml, &message), error);

        size_t elements = LIMIT_XML_NODES - 5 + (size_t)over; /* the root and four in the head */
        xml = talloc_asprintf(*state, HEAD TYPE("text") "%s</xml>",
                              repeated(*state, "<a/>", elements));
        assert_int_equal(parse(*state, xml, &message), error);

        size_t around = strlen(TEXT(""));
        xml = talloc_asprintf(*state, "%s%s%s", HEAD TYPE("text") "<Content>",
                              repeated(*state, "x", LIMIT_XML - around + (size_t)over),
                              "</Content><MsgId>42</MsgId></xml>");
        assert_int_equal(parse(*state, xml, &message), error);

        xml = talloc_asprintf(*state, HEAD TYPE("text") "<%s/></xml>",
                              repeated(*state, "n", 64 + (size_t)over));
        assert_int_equal(parse(*state, xml, &message), over ? WX_E_XML : 0);
    }
}

static void identify(void *ctx, const char *xml, char *identity) {
    struct wx_message message = parsed(ctx, xml);
    wx_message_identity(&message, identity);
}

static void a_delivery_has_one_identity_and_others_have_others(void **state) {
#define OTHER "<xml><ToUserName>gh_day21demo</ToUserName><FromUserName>oOTHER</FromUserName>"
    static const char *const different[] = {
        TEXT("a"),
        HEAD TYPE("text") "<Content>a</Content><MsgId>43</MsgId></xml>",
        OTHER "<CreateTime>1700000000</CreateTime>" TYPE("text") "<MsgId>42</MsgId></xml>",
        OTHER "<CreateTime>1700000001</CreateTime>" TYPE("text") "<MsgId>42</MsgId></xml>",
        HEAD TYPE("text") "<Content>a</Content></xml>",
        HEAD TYPE("text") "<Content>b</Content></xml>",
        HEAD TYPE("image") "<MediaId>a</MediaId></xml>",
        EVENT("LOCATION") "</xml>",
        EVENT("CLICK") "<EventKey>a</EventKey></xml>",
        EVENT("CLICK") "<EventKey>b</EventKey></xml>",
        EVENT("TEMPLATESENDJOBFINISH") "<MsgID>1</MsgID></xml>",
        EVENT("TEMPLATESENDJOBFINISH") "<MsgID>2</MsgID></xml>",
        OTHER "<CreateTime>1700000000</CreateTime>" TYPE("event") "<Event>LOCATION</Event></xml>",
    };
    enum { COUNT = sizeof different / sizeof *different };
    char identities[COUNT][WX_FINGERPRINT_SIZE], again[WX_FINGERPRINT_SIZE];
    for (size_t i = 0; i < COUNT; i++) {
        identify(*state, different[i], identities[i]);
        identify(*state, different[i], again);
        assert_string_equal(identities[i], again);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(identities[i], identities[j]);
    }
}

/* ---- what other implementations have collected ---- */

static FILE *open_inbound(const char *name, char *path, size_t size) {
    const char *shared = getenv("DAY21_SHARED");
    snprintf(path, size, "%s/wechat/inbound/%s", shared ? shared : "../shared", name);
    return fopen(path, "r");
}

static void check_inbound(void *ctx, const char *name, const char *type, const char *event) {
    char path[512], xml[LIMIT_XML];
    FILE *file = open_inbound(name, path, sizeof path);
    assert_non_null(file);
    size_t length = fread(xml, 1, sizeof xml, file);
    fclose(file);
    struct wx_message message;
    int error = wx_message_parse(ctx, xml, length, &message);
    /* Two samples whose openid was taken out, or made unreadable with asterisks. */
    if (strcmp(name, "file.xml") == 0 || strcmp(name, "event_card_sku_remind.xml") == 0) {
        assert_int_equal(error, WX_E_FIELD);
        return;
    }
    if (error)
        fail_msg("%s: %s", name, wx_error_text(error));
    assert_string_equal(message.type_name, type);
    assert_string_equal(message.event_name, event);
    assert_int_equal(message.type == WX_MESSAGE_EVENT, strcmp(type, "event") == 0);
    assert_int_equal(message.type == WX_MESSAGE_UNKNOWN, strcmp(type, "UNKNOWN") == 0);
    bool known = message.type == WX_MESSAGE_EVENT && strcmp(event, "unknown") != 0;
    assert_int_equal(message.event > WX_EVENT_UNKNOWN, known);
}

/* The rows of INDEX.md: | file | type | … or | file | type / event | … */
static void the_samples_of_other_implementations_are_read(void **state) {
    char path[512], line[1024], name[128], type[128], event[128];
    FILE *index = open_inbound("INDEX.md", path, sizeof path);
    size_t checked = 0;
    if (!index)
        skip();
    while (fgets(line, sizeof line, index)) {
        event[0] = '\0';
        if (sscanf(line, "| %127s | %127s / %127s |", name, type, event) < 2)
            continue;
        const char *end = strrchr(name, '.');
        if (!end || strcmp(end, ".xml") != 0 || strncmp(name, "envelope_", 9) == 0)
            continue;
        check_inbound(*state, name, type, event);
        checked++;
    }
    fclose(index);
    assert_true(checked > 90);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, new_context, free_context)
    const struct CMUnitTest tests[] = {
        TEST(a_text_message_is_read),
        TEST(what_is_absent_is_empty_and_never_null),
        TEST(text_arrives_as_the_learner_typed_it),
        TEST(a_byte_order_mark_does_not_end_a_section),
        TEST(white_space_and_a_declaration_are_passed_over),
        TEST(an_element_inside_another_is_not_the_one_below_the_root),
        TEST(each_kind_of_message_has_its_fields),
        TEST(each_kind_of_event_has_its_fields),
        TEST(a_job_event_has_a_job_and_no_message_id),
        TEST(the_scene_of_a_subscribe_reads_like_that_of_a_scan),
        TEST(every_event_is_known_in_any_case),
        TEST(a_time_after_2038_is_read),
        TEST(a_number_that_is_none_is_0_where_it_does_not_matter),
        TEST(what_is_not_a_message_is_refused),
        TEST(a_nul_is_refused_wherever_it_stands),
        TEST(every_message_cut_short_is_refused),
        TEST(what_is_too_deep_too_many_or_too_long_is_refused),
        TEST(a_delivery_has_one_identity_and_others_have_others),
        TEST(the_samples_of_other_implementations_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
