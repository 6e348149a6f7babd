#include "wx/message.h"

#include "config/limits.h"
#include "tests/wx/sample.h"
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

/* ---- every kind, in both formats ---- */

enum { STRING, INTEGER, DECIMAL };

struct want {
    int kind;
    size_t offset;
    const char *value;
};

#define S(member, value)                                                                           \
    { STRING, offsetof(struct wx_message, member), value }
#define N(member, value)                                                                           \
    { INTEGER, offsetof(struct wx_message, member), value }
#define D(member, value)                                                                           \
    { DECIMAL, offsetof(struct wx_message, member), value }

/* What follows SAMPLE_HEAD, and what is read of it; lists have tests of their own. */
static const struct {
    const char *rest;
    enum wx_message_type type;
    enum wx_event event;
    struct want wants[16];
} samples[] = {
#define MESSAGE_OF(TYPE, type, rest, ...)                                                          \
    {                                                                                              \
        "'MsgType':'" type "','MsgId':23637352235060880," rest, WX_MESSAGE_##TYPE, WX_EVENT_NONE,  \
        {                                                                                          \
            S(id, "23637352235060880"), S(type_name, type), __VA_ARGS__                            \
        }                                                                                          \
    }
#define EVENT_OF(EVENT, event, rest, ...)                                                          \
    {                                                                                              \
        "'MsgType':'event','Event':'" event "'" rest, WX_MESSAGE_EVENT, WX_EVENT_##EVENT, {        \
            S(event_name, event), S(id, ""), __VA_ARGS__                                           \
        }                                                                                          \
    }
    MESSAGE_OF(TEXT, "text", "'Content':'签到 😀','bizmsgmenuid':'101'", S(content, "签到 😀"),
               S(menu_id, "101")),
    MESSAGE_OF(TEXT, "text", "'Content':'好','MsgDataId':'7','Idx':2", S(article_ref, "7"),
               N(article_index, "2")),
    MESSAGE_OF(IMAGE, "image", "'PicUrl':'http://p','MediaId':'M'", S(pic_url, "http://p"),
               S(media_id, "M")),
    MESSAGE_OF(VOICE, "voice", "'MediaId':'M','Format':'amr','Recognition':'早','MediaId16K':'K'",
               S(media_id, "M"), S(format, "amr"), S(content, "早"), S(media_id_16k, "K")),
    MESSAGE_OF(VIDEO, "video", "'MediaId':'M','ThumbMediaId':'T'", S(media_id, "M"),
               S(thumb_media, "T")),
    MESSAGE_OF(SHORTVIDEO, "shortvideo", "'MediaId':'M','ThumbMediaId':'T'", S(media_id, "M"),
               S(thumb_media, "T")),
    MESSAGE_OF(LOCATION, "location",
               "'Location_X':'23.134521','Location_Y':-113.5,'Scale':20,'Label':'广州'",
               D(latitude, "23.134521"), D(longitude, "-113.5"), N(scale, "20"), S(label, "广州")),
    MESSAGE_OF(LINK, "link", "'Title':'T','Description':'D','Url':'http://u?a=1&b=2'",
               S(title, "T"), S(description, "D"), S(url, "http://u?a=1&b=2")),
    MESSAGE_OF(FILE, "file",
               "'Title':'a.zip','Description':'','FileKey':'K','FileMd5':'5','FileTotalLen':"
               "5000000000",
               S(title, "a.zip"), S(file_key, "K"), S(file_md5, "5"), N(file_size, "5000000000")),
    MESSAGE_OF(DEVICE_TEXT, "device_text",
               "'OpenID':'o2','DeviceID':'D','DeviceType':'T','SessionID':'9','Content':'MTIz'",
               S(subject_openid, "o2"), S(device_id, "D"), S(device_type, "T"),
               S(device_session, "9"), S(content, "MTIz")),
    MESSAGE_OF(UNKNOWN, "hologram", "'Depth':3", S(content, "")),

    EVENT_OF(ADD_STORE_AUDIT_INFO, "add_store_audit_info",
             ",'audit_id':11111,'status':3,'reason':'r','is_upgrade':3,'poiid':12344",
             S(shop.audit_id, "11111"), S(shop.status, "3"), S(shop.reason, "r"),
             S(shop.upgrade, "3"), S(shop.poi_id, "12344")),
    EVENT_OF(ANNUAL_RENEW, "annual_renew", ",'ExpiredTime':1442401156",
             N(expires_at, "1442401156")),
    EVENT_OF(APPLY_MERCHANT_AUDIT_INFO, "apply_merchant_audit_info",
             ",'audit_id':1,'status':3,'reason':'r'", S(shop.audit_id, "1")),
    EVENT_OF(CARD_NOT_PASS_CHECK, "card_not_pass_check", ",'CardId':'c'", S(card.id, "c")),
    EVENT_OF(CARD_PASS_CHECK, "card_pass_check", ",'CardId':'c'", S(card.id, "c")),
    EVENT_OF(CARD_PAY_ORDER, "card_pay_order",
             ",'OrderId':'4','Status':'ORDER_STATUS_FINANCE_SUCC','CreateOrderTime':1453295737,"
             "'PayFinishTime':0,'Desc':'d','FreeCoinCount':'200','PayCoinCount':'1',"
             "'RefundFreeCoinCount':'2','RefundPayCoinCount':'3','OrderType':'T','Memo':'奖励',"
             "'ReceiptInfo':'i'",
             S(order.id, "4"), S(status, "ORDER_STATUS_FINANCE_SUCC"),
             N(order.created_at, "1453295737"), N(order.paid_at, "0"), S(order.description, "d"),
             N(order.free_coins, "200"), N(order.paid_coins, "1"),
             N(order.refunded_free_coins, "2"), N(order.refunded_paid_coins, "3"),
             S(order.kind, "T"), S(order.memo, "奖励"), S(order.receipt, "i")),
    EVENT_OF(CARD_SKU_REMIND, "card_sku_remind", ",'CardId':'c','Detail':'quantity is 0'",
             S(card.detail, "quantity is 0")),
    EVENT_OF(CLICK, "CLICK", ",'EventKey':'checkin'", S(event_key, "checkin"), S(scene, "")),
    EVENT_OF(CREATE_MAP_POI_AUDIT_INFO, "create_map_poi_audit_info",
             ",'map_poi_id':'m','name':'n','address':'a','latitude':'134','longitude':'30',"
             "'sh_remark':'r'",
             S(shop.map_poi_id, "m"), S(shop.name, "n"), S(shop.address, "a"),
             S(shop.latitude, "134"), S(shop.longitude, "30"), S(shop.remark, "r")),
    EVENT_OF(DEBUG_DEMO, "debug_demo", ",'debug_str':'hello world'", S(debug_text, "hello world")),
    EVENT_OF(ENTER, "ENTER", "", S(event_key, "")),
    EVENT_OF(GIFTCARD_PAY_DONE, "giftcard_pay_done", ",'PageId':'P=','OrderId':'Z'",
             S(order.page, "P="), S(order.id, "Z")),
    EVENT_OF(GIFTCARD_SEND_TO_FRIEND, "giftcard_send_to_friend",
             ",'PageId':'P','IsChatRoom':true,'IsReturnBack':'true'", S(order.page, "P"),
             S(card.returned, "true")),
    EVENT_OF(GIFTCARD_USER_ACCEPT, "giftcard_user_accept", ",'OrderId':'Z','IsChatRoom':'true'",
             S(order.id, "Z"), S(card.to_group, "true")),
    EVENT_OF(GUIDE_QRCODE_SCAN_EVENT, "guide_qrcode_scan_event",
             ",'GuideScanEvent':{'qrcode_guide_account':'a','qrcode_guide_openid':'b','openid':'c',"
             "'action':11,'qrcode_info':'d'}",
             S(guide.account, "a"), S(guide.openid, "b"), S(guide.visitor, "c"),
             S(guide.action, "11"), S(guide.info, "d")),
    EVENT_OF(KF_CLOSE_SESSION, "kf_close_session", ",'KfAccount':'a@b'", S(kf_account, "a@b")),
    EVENT_OF(KF_CREATE_SESSION, "kf_create_session", ",'KfAccount':'a@b'", S(kf_account, "a@b")),
    EVENT_OF(KF_SWITCH_SESSION, "kf_switch_session", ",'FromKfAccount':'a@b','ToKfAccount':'c@d'",
             S(kf_account, "a@b"), S(kf_account_to, "c@d")),
    EVENT_OF(LOCATION, "LOCATION",
             ",'Latitude':30.443105,'Longitude':116.654735,'Precision':2703.0",
             D(latitude, "30.443105"), D(longitude, "116.654735"), D(precision, "2703")),
    EVENT_OF(
        LOCATION_SELECT, "location_select",
        ",'EventKey':'6','SendLocationInfo':{'Location_X':'23','Location_Y':'113','Scale':'15',"
        "'Label':' 广州 106号','Poiname':'P'}",
        S(event_key, "6"), D(latitude, "23"), D(longitude, "113"), N(scale, "15"),
        S(label, " 广州 106号"), S(place, "P")),
    EVENT_OF(MASSSENDJOBFINISH, "MASSSENDJOBFINISH",
             ",'MsgID':1988,'Status':'err(30003)','TotalCount':100,'FilterCount':80,'SentCount':75,"
             "'ErrorCount':5,'CopyrightCheckResult':{'Count':0,'CheckState':2}",
             S(job_id, "1988"), S(status, "err(30003)"), N(total_count, "100"),
             N(filter_count, "80"), N(sent_count, "75"), N(error_count, "5"),
             N(copyright_state, "2")),
    EVENT_OF(MERCHANT_ORDER, "merchant_order",
             ",'OrderId':'o','OrderStatus':2,'ProductId':'p','SkuInfo':'10001:1000012'",
             S(order.id, "o"), N(order.status, "2"), S(order.product, "p"),
             S(order.sku, "10001:1000012")),
    EVENT_OF(MODIFY_STORE_AUDIT_INFO, "modify_store_audit_info", ",'audit_id':2",
             S(shop.audit_id, "2")),
    EVENT_OF(NAMING_VERIFY_FAIL, "naming_verify_fail",
             ",'FailTime':1442401156,'FailReason':'by time'", N(failed_at, "1442401156"),
             S(failure, "by time")),
    EVENT_OF(NAMING_VERIFY_SUCCESS, "naming_verify_success", ",'ExpiredTime':1442401156",
             N(expires_at, "1442401156")),
    EVENT_OF(PIC_PHOTO_OR_ALBUM, "pic_photo_or_album", ",'EventKey':'6','SendPicsInfo':{'Count':2}",
             S(event_key, "6"), N(picture_count, "2")),
    EVENT_OF(PIC_SYSPHOTO, "pic_sysphoto", ",'SendPicsInfo':{'Count':'1'}", N(picture_count, "1")),
    EVENT_OF(PIC_WEIXIN, "pic_weixin", ",'SendPicsInfo':{'Count':1}", N(picture_count, "1")),
    EVENT_OF(POI_CHECK_NOTIFY, "poi_check_notify",
             ",'UniqId':'u','PoiId':'p','Result':'fail','Msg':'m'", S(shop.own_id, "u"),
             S(shop.poi_id, "p"), S(result, "fail"), S(shop.note, "m")),
    EVENT_OF(PUBLISHJOBFINISH, "PUBLISHJOBFINISH",
             ",'PublishEventInfo':{'publish_id':2247503051,'publish_status':0,'article_id':'A'}",
             S(publish_id, "2247503051"), S(publish_status, "0"), S(article_id, "A")),
    EVENT_OF(QUALIFICATION_VERIFY_FAIL, "qualification_verify_fail", ",'FailReason':'r'",
             S(failure, "r")),
    EVENT_OF(QUALIFICATION_VERIFY_SUCCESS, "qualification_verify_success", ",'ExpiredTime':1",
             N(expires_at, "1")),
    EVENT_OF(SCAN, "SCAN", ",'EventKey':1000000,'Ticket':'T=='", S(event_key, "1000000"),
             S(scene, "1000000"), S(ticket, "T==")),
    EVENT_OF(SCANCODE_PUSH, "scancode_push",
             ",'EventKey':'6','ScanCodeInfo':{'ScanType':'qrcode','ScanResult':'1'}",
             S(event_key, "6"), S(scan_type, "qrcode"), S(scan_result, "1"), S(scene, "")),
    EVENT_OF(SCANCODE_WAITMSG, "scancode_waitmsg",
             ",'ScanCodeInfo':{'ScanType':'barcode','ScanResult':'EAN_13,2'}",
             S(scan_type, "barcode"), S(scan_result, "EAN_13,2")),
    EVENT_OF(SHAKEAROUNDUSERSHAKE, "ShakearoundUserShake",
             ",'ChosenBeacon':{'Uuid':'u','Major':12345,'Minor':54321,'Distance':0.057}",
             S(beacon.uuid, "u"), N(beacon.major, "12345"), N(beacon.minor, "54321"),
             D(beacon.distance, "0.057")),
    EVENT_OF(
        SUBMIT_INVOICE_TITLE, "submit_invoice_title",
        ",'title':'样例公司抬头','tax_no':'1','addr':'a','phone':'2','bank_type':'b','bank_no':"
        "'n','attach':'t','title_type':'k'",
        S(invoice.title, "样例公司抬头"), S(invoice.tax_number, "1"), S(invoice.address, "a"),
        S(invoice.phone, "2"), S(invoice.bank, "b"), S(invoice.bank_account, "n"),
        S(invoice.attachment, "t"), S(invoice.kind, "k"), S(title, "")),
    EVENT_OF(SUBMIT_MEMBERCARD_USER_INFO, "submit_membercard_user_info",
             ",'CardId':'c','UserCardCode':'018255396048'", S(card.id, "c"),
             S(card.code, "018255396048")),
    EVENT_OF(SUBSCRIBE, "subscribe", ",'EventKey':''", S(event_key, ""), S(scene, "")),
    EVENT_OF(SUBSCRIBE, "subscribe", ",'EventKey':'qrscene_123123','Ticket':'T'",
             S(event_key, "123123"), S(scene, "123123"), S(ticket, "T")),
    EVENT_OF(SUBSCRIBE, "subscribe", ",'EventKey':'last_trade_no_4'",
             S(event_key, "last_trade_no_4"), S(scene, "")),
    EVENT_OF(SUBSCRIBE_MSG_CHANGE_EVENT, "subscribe_msg_change_event", "", S(status, "")),
    EVENT_OF(SUBSCRIBE_MSG_POPUP_EVENT, "subscribe_msg_popup_event", "", S(status, "")),
    EVENT_OF(SUBSCRIBE_MSG_SENT_EVENT, "subscribe_msg_sent_event", "", S(status, "")),
    EVENT_OF(TEMPLATESENDJOBFINISH, "TEMPLATESENDJOBFINISH",
             ",'MsgID':'200163840','Status':'failed: system failed'", S(job_id, "200163840"),
             S(status, "failed: system failed")),
    EVENT_OF(UNSUBSCRIBE, "unsubscribe", ",'EventKey':null", S(event_key, "")),
    EVENT_OF(UPDATE_INVOICE_STATUS, "update_invoice_status",
             ",'Status':'INVOICE_REIMBURSE_INIT','CardId':'c','Code':'186921658591'",
             S(status, "INVOICE_REIMBURSE_INIT"), S(card.id, "c"), S(card.code, "186921658591")),
    EVENT_OF(UPDATE_MEMBER_CARD, "update_member_card",
             ",'CardId':'c','UserCardCode':'4','ModifyBonus':3,'ModifyBalance':7",
             N(card.bonus, "3"), N(card.balance, "7")),
    EVENT_OF(USER_AUTHORIZATION_CANCELLATION, "user_authorization_cancellation",
             ",'OpenID':'o2','AppID':'wx1'", S(subject_openid, "o2"), S(subject_appid, "wx1"),
             S(from, "oOPENID-_1")),
    EVENT_OF(USER_AUTHORIZATION_REVOKE, "user_authorization_revoke",
             ",' OpenID':'o2',' AppID':'wx1',' RevokeInfo':'201'", S(subject_openid, "o2"),
             S(subject_appid, "wx1"), S(revoked, "201")),
    EVENT_OF(USER_AUTHORIZE_INVOICE, "user_authorize_invoice",
             ",'SuccOrderId':'1','FailOrderId':'2','AppId':'wx','Source':'web'",
             S(invoice.order_ok, "1"), S(invoice.order_failed, "2"), S(invoice.appid, "wx"),
             S(invoice.source, "web")),
    EVENT_OF(USER_CONSUME_CARD, "user_consume_card",
             ",'CardId':'c','ConsumeSource':'FROM_API','LocationName':'L','StaffOpenId':'s',"
             "'VerifyCode':'v','RemarkAmount':'r','OuterStr':'x'",
             S(card.consumed_by, "FROM_API"), S(card.shop, "L"), S(card.staff_openid, "s"),
             S(card.verify_code, "v"), S(card.remark_amount, "r"), S(card.outer, "x")),
    EVENT_OF(USER_DEL_CARD, "user_del_card", ",'CardId':'c'", S(card.id, "c")),
    EVENT_OF(USER_ENTER_SESSION_FROM_CARD, "user_enter_session_from_card", ",'UserCardCode':'1'",
             S(card.code, "1")),
    EVENT_OF(USER_GET_CARD, "user_get_card",
             ",'FriendUserName':'f','IsGiveByFriend':1,'OldUserCardCode':'o','OuterId':5,"
             "'IsRestoreMemberCard':0",
             S(card.friend, "f"), S(card.given, "1"), S(card.old_code, "o"), N(card.outer_id, "5"),
             S(card.restored, "0")),
    EVENT_OF(USER_GIFTING_CARD, "user_gifting_card", ",'IsReturnBack':0,'IsChatRoom':0",
             S(card.returned, "0"), S(card.to_group, "0")),
    EVENT_OF(USER_INFO_MODIFIED, "user_info_modified",
             ",'OpenID':'o2','UnionID':'u2','RevokeInfo':205", S(subject_openid, "o2"),
             S(subject_unionid, "u2"), S(revoked, "205")),
    EVENT_OF(USER_PAY_FROM_PAY_CELL, "user_pay_from_pay_cell",
             ",'TransId':'t','LocationId':291710000,'Fee':'10000','OriginalFee':'20000'",
             S(card.transaction, "t"), S(card.shop_id, "291710000"), N(card.fee, "10000"),
             N(card.original_fee, "20000")),
    EVENT_OF(USER_SCAN_PRODUCT, "user_scan_product",
             ",'KeyStandard':'ean13','KeyStr':'6901481811083','Country':'中国','Province':'广东',"
             "'City':'揭阳','Sex':1,'Scene':2,'ExtInfo':'123'",
             S(product.standard, "ean13"), S(product.key, "6901481811083"),
             S(product.country, "中国"), S(product.province, "广东"), S(product.city, "揭阳"),
             N(product.sex, "1"), N(product.scene, "2"), S(product.extra, "123")),
    EVENT_OF(USER_SCAN_PRODUCT_ASYNC, "user_scan_product_async", ",'RegionCode':'440105'",
             S(product.region, "440105")),
    EVENT_OF(USER_SCAN_PRODUCT_ENTER_SESSION, "user_scan_product_enter_session", ",'KeyStr':'6'",
             S(product.key, "6")),
    EVENT_OF(USER_SCAN_PRODUCT_VERIFY_ACTION, "user_scan_product_verify_action",
             ",'Result':'verify_ok','ReasonMsg':'r'", S(result, "verify_ok"),
             S(product.reason, "r")),
    EVENT_OF(USER_VIEW_CARD, "user_view_card", ",'CardId':'c'", S(card.id, "c")),
    EVENT_OF(VERIFY_EXPIRED, "verify_expired", ",'ExpiredTime':1442401156",
             N(expires_at, "1442401156")),
    EVENT_OF(VIEW, "VIEW", ",'EventKey':'http://u','MenuId':'M'", S(event_key, "http://u"),
             S(button_id, "M")),
    EVENT_OF(VIEW_MINIPROGRAM, "view_miniprogram", ",'EventKey':'pages/index','MenuId':'M'",
             S(event_key, "pages/index"), S(button_id, "M")),
    EVENT_OF(WIFICONNECTED, "WifiConnected",
             ",'ConnectTime':1,'ExpireTime':2,'VendorId':'3001224419','PlaceId':'p','DeviceNo':'d'",
             N(wifi.connected_at, "1"), N(wifi.expires_at, "2"), S(wifi.vendor, "3001224419"),
             S(wifi.place, "p"), S(wifi.device, "d")),
    EVENT_OF(UNKNOWN, "hatched", ",'Eggs':[{'Colour':'blue'},{'Colour':'white'}]", S(status, "")),
};

/* The sample from both formats. */
static void read_both(void *ctx, const char *rest, struct wx_message both[2]) {
    const char *quoted = talloc_asprintf(ctx, "{" SAMPLE_HEAD "%s}", rest);
    const char *json = sample_json(ctx, quoted), *xml = sample_xml(ctx, quoted);
    assert_non_null(xml);
    int error = wx_message_parse_json(ctx, json, strlen(json), &both[0]);
    if (error)
        fail_msg("%s: %s", wx_error_text(error), json);
    error = strstr(xml, "< ") ? 0 : parse(ctx, xml, &both[1]);
    if (error)
        fail_msg("%s: %s", wx_error_text(error), xml);
    if (strstr(xml, "< ")) /* a sample of what JSON alone may look like */
        both[1] = both[0];
}

static void check_want(const char *rest, const struct wx_message *message,
                       const struct want *want) {
    const char *member = (const char *)message + want->offset;
    bool same = want->kind == STRING    ? strcmp(*(const char *const *)member, want->value) == 0
                : want->kind == INTEGER ? *(const int64_t *)member == atoll(want->value)
                                        : *(const double *)member == atof(want->value);
    if (!same)
        fail_msg("not %s: %s", want->value, rest);
}

static void every_kind_is_read_alike_from_xml_and_json(void **state) {
    bool types[WX_MESSAGE_EVENT + 1] = {false}, events[WX_EVENT_WIFICONNECTED + 1] = {false};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct wx_message both[2];
        read_both(*state, samples[i].rest, both);
        for (size_t format = 0; format < 2; format++) {
            assert_int_equal(both[format].type, samples[i].type);
            assert_int_equal(both[format].event, samples[i].event);
            for (const struct want *want = samples[i].wants; want->value; want++)
                check_want(samples[i].rest, &both[format], want);
        }
        types[samples[i].type] = events[samples[i].event] = true;
    }
    for (size_t i = 0; i < sizeof types; i++)
        assert_true(types[i]);
    for (size_t i = 0; i < sizeof events; i++)
        assert_true(events[i]);
}

/* ---- lists ---- */

static void subscriptions_are_a_list_whether_one_or_many(void **state) {
#define TWO                                                                                        \
    "'List':[{'TemplateId':'A','SubscribeStatusString':'accept','PopupScene':2},"                  \
    "{'TemplateId':'B','SubscribeStatusString':'reject','PopupScene':'1'}]"
#define POPUP "'MsgType':'event','Event':'subscribe_msg_popup_event',"
    static const char *const two[] = {POPUP "'SubscribeMsgPopupEvent':{" TWO "}", POPUP TWO};
    struct wx_message both[2];
    for (size_t i = 0; i < 4; i++) {
        read_both(*state, two[i / 2], both);
        const struct wx_message *message = &both[i % 2];
        assert_int_equal(message->subscriptions_count, 2);
        assert_string_equal(message->subscriptions[0].template_id, "A");
        assert_string_equal(message->subscriptions[0].status, "accept");
        assert_int_equal(message->subscriptions[0].scene, 2);
        assert_string_equal(message->subscriptions[0].job_id, "");
        assert_string_equal(message->subscriptions[1].template_id, "B");
        assert_string_equal(message->subscriptions[1].status, "reject");
        assert_int_equal(message->subscriptions[1].scene, 1);
    }
    static const char *const one[] = {
        "'MsgType':'event','Event':'subscribe_msg_change_event','SubscribeMsgChangeEvent':"
        "{'List':{'TemplateId':'A','SubscribeStatusString':'reject'}}",
        "'MsgType':'event','Event':'subscribe_msg_change_event','List':"
        "[{'TemplateId':'A','SubscribeStatusString':'reject'}]",
    };
    for (size_t i = 0; i < 4; i++) {
        read_both(*state, one[i / 2], both);
        assert_int_equal(both[i % 2].subscriptions_count, 1);
        assert_string_equal(both[i % 2].subscriptions[0].status, "reject");
    }
}

static void what_became_of_a_subscription_notice_is_read(void **state) {
    struct wx_message both[2];
    read_both(*state,
              "'MsgType':'event','Event':'subscribe_msg_sent_event','SubscribeMsgSentEvent':"
              "{'List':{'TemplateId':'A','MsgID':'1700827132819554304','ErrorCode':'43101',"
              "'ErrorStatus':'refused'}},'MsgID':7",
              both);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(both[i].subscriptions_count, 1);
        assert_string_equal(both[i].subscriptions[0].job_id, "1700827132819554304");
        assert_int_equal(both[i].subscriptions[0].error_code, 43101);
        assert_string_equal(both[i].subscriptions[0].error, "refused");
        assert_string_equal(both[i].job_id, "7"); /* outside of the list again */
    }
}

static void a_job_event_names_its_articles(void **state) {
    static const char *const bodies[] = {
        "'MsgType':'event','Event':'PUBLISHJOBFINISH','PublishEventInfo':{'article_detail':"
        "{'count':2,'item':[{'idx':1,'article_url':'http://1'},{'idx':2,'article_url':'http://2'}]"
        "}}",
        "'MsgType':'event','Event':'MASSSENDJOBFINISH','ArticleUrlResult':{'Count':2,'ResultList':"
        "{'item':[{'ArticleIdx':1,'ArticleUrl':'http://1'},{'ArticleIdx':2,'ArticleUrl':'http://2'"
        "}]}}",
        "'MsgType':'event','Event':'MASSSENDJOBFINISH','ArticleUrlResult':{'Count':2,'ResultList':"
        "[{'ArticleIdx':1,'ArticleUrl':'http://1'},{'ArticleIdx':2,'ArticleUrl':'http://2'}]}",
    };
    for (size_t i = 0; i < 6; i++) {
        struct wx_message both[2];
        read_both(*state, bodies[i / 2], both);
        assert_int_equal(both[i % 2].published_count, 2);
        assert_int_equal(both[i % 2].published[1].index, 2);
        assert_string_equal(both[i % 2].published[0].url, "http://1");
        assert_string_equal(both[i % 2].published[1].url, "http://2");
    }
}

static void the_other_lists_are_read_too(void **state) {
    struct wx_message both[2];
    read_both(
        *state,
        "'MsgType':'event','Event':'MASSSENDJOBFINISH','CopyrightCheckResult':{'Count':1,"
        "'ResultList':{'item':{'ArticleIdx':1,'UserDeclareState':3,'AuditState':2,"
        "'OriginalArticleUrl':'Url_1','OriginalArticleType':4,'CanReprint':1,"
        "'NeedReplaceContent':5,'NeedShowReprintSource':6}},'CheckState':2},"
        "'SendPicsInfo':{'Count':2,'PicList':{'item':[{'PicMd5Sum':'a'},{'PicMd5Sum':'b'}]}},"
        "'AroundBeacons':{'AroundBeacon':[{'Uuid':'u','Major':1,'Minor':2,'Distance':166.816},"
        "{'Uuid':'v','Major':3,'Minor':4,'Distance':15.013}]}",
        both);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(both[i].copyrights_count, 1);
        const struct wx_copyright *copyright = both[i].copyrights;
        assert_int_equal(copyright->index, 1);
        assert_int_equal(copyright->declared, 3);
        assert_int_equal(copyright->audit, 2);
        assert_int_equal(copyright->article_type, 4);
        assert_int_equal(copyright->may_reprint, 1);
        assert_int_equal(copyright->must_replace, 5);
        assert_int_equal(copyright->must_name_source, 6);
        assert_string_equal(copyright->original_url, "Url_1");
        assert_int_equal(both[i].copyright_state, 2);
        assert_int_equal(both[i].pictures_count, 2);
        assert_string_equal(both[i].pictures[1].md5, "b");
        assert_int_equal(both[i].beacons_count, 2);
        assert_string_equal(both[i].beacons[1].uuid, "v");
        assert_int_equal(both[i].beacons[1].major, 3);
        assert_int_equal(both[i].beacons[1].minor, 4);
        assert_float_equal(both[i].beacons[1].distance, 15.013, 1e-9);
    }
}

static char *repeated(void *ctx, const char *piece, size_t count) {
    size_t size = strlen(piece);
    char *text = talloc_size(ctx, count * size + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * size, piece, size);
    text[count * size] = '\0';
    return text;
}

static void a_list_is_capped_and_an_item_has_each_field_once(void **state) {
    struct wx_message both[2], message;
    const char *more = repeated(*state, ",{'TemplateId':'B'}", LIMIT_MESSAGE_LIST);
    read_both(*state, talloc_asprintf(*state, POPUP "'List':[{'TemplateId':'A'}%s]", more), both);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(both[i].subscriptions_count, LIMIT_MESSAGE_LIST);
        assert_string_equal(both[i].subscriptions[0].template_id, "A");
        assert_string_equal(both[i].subscriptions[LIMIT_MESSAGE_LIST - 1].template_id, "B");
    }
    assert_int_equal(parse(*state,
                           EVENT("subscribe_msg_popup_event") "<List><TemplateId>A</TemplateId>"
                                                              "<TemplateId>B</TemplateId></List>"
                                                              "</xml>",
                           &message),
                     WX_E_FIELD);
    /* What is in an item, or beside one, does not end or begin another. */
    read_both(*state, POPUP "'List':[{'a':{'TemplateId':'x'},'TemplateId':'A'},{},7],'b':{'c':1}",
              both);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(both[i].subscriptions_count, 1);
        assert_string_equal(both[i].subscriptions[0].template_id, "A");
    }
}

static void what_is_not_a_message_in_json_is_refused(void **state) {
    static const struct {
        const char *json;
        int error;
    } cases[] = {
        {"", WX_E_EMPTY},
        {"{}", WX_E_FIELD},
        {"<xml></xml>", WX_E_JSON},
        {"{'ToUserName':'g','FromUserName':'o','MsgType':'text'}", WX_E_FIELD},
        {"{'ToUserName':'g','FromUserName':'o','MsgType':'text','CreateTime':-1}", WX_E_FIELD},
        {"{'ToUserName':'g','FromUserName':'o}:x','MsgType':'text','CreateTime':1}", WX_E_FIELD},
        {"{'ToUserName':'g','FromUserName':'o','MsgType':'text','CreateTime':1,'MsgId':1.5}",
         WX_E_FIELD},
        {"{'ToUserName':'g','FromUserName':'o','MsgType':'text','CreateTime':1,'CreateTime':2}",
         WX_E_JSON},
        {"{'ToUserName':'g','FromUserName':['o','p'],'MsgType':'text','CreateTime':1}", WX_E_FIELD},
        {"{'ToUserName':'g','FromUserName':'o','FromUserName "
         "':'p','MsgType':'text','CreateTime':1}",
         WX_E_FIELD},
        {"{'ToUserName':'g','FromUserName':{'o':'p'},'MsgType':'text','CreateTime':1}", WX_E_FIELD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wx_message message = {.scale = 77};
        const char *json = sample_json(*state, cases[i].json);
        int error = wx_message_parse_json(*state, json, strlen(json), &message);
        if (error != cases[i].error)
            fail_msg("%s: %s", json, wx_error_text(error));
        assert_int_equal(message.scale, 77);
    }
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

static void whom_an_event_is_about_has_an_openid_or_none(void **state) {
    static const char *const none[] = {"", "o}:x", "o 2", "签"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char *xml = talloc_asprintf(
            *state, EVENT("user_authorization_cancellation") "<OpenID>%s</OpenID></xml>", none[i]);
        assert_string_equal(parsed(*state, xml).subject_openid, "");
    }
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
        EVENT("PUBLISHJOBFINISH") "<PublishEventInfo><publish_id>1</publish_id></PublishEventInfo>"
                                  "</xml>",
        EVENT("PUBLISHJOBFINISH") "<PublishEventInfo><publish_id>2</publish_id></PublishEventInfo>"
                                  "</xml>",
        EVENT("user_authorization_revoke") "<OpenID>o1</OpenID><RevokeInfo>201</RevokeInfo></xml>",
        EVENT("user_authorization_revoke") "<OpenID>o2</OpenID><RevokeInfo>201</RevokeInfo></xml>",
        EVENT("user_authorization_revoke") "<OpenID>o2</OpenID><RevokeInfo>202</RevokeInfo></xml>",
        EVENT("subscribe_msg_sent_event") "<List><TemplateId>A</TemplateId><MsgID>1</MsgID></List>"
                                          "</xml>",
        EVENT("subscribe_msg_sent_event") "<List><TemplateId>A</TemplateId><MsgID>2</MsgID></List>"
                                          "</xml>",
        EVENT("user_get_card") "<CardId>c</CardId><UserCardCode>1</UserCardCode></xml>",
        EVENT("user_get_card") "<CardId>c</CardId><UserCardCode>2</UserCardCode></xml>",
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
    int error = strstr(name, ".json") ? wx_message_parse_json(ctx, xml, length, &message)
                                      : wx_message_parse(ctx, xml, length, &message);
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
        if (!end || strcmp(end, ".md") == 0 || strncmp(name, "envelope_", 9) == 0)
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
        TEST(every_kind_is_read_alike_from_xml_and_json),
        TEST(subscriptions_are_a_list_whether_one_or_many),
        TEST(what_became_of_a_subscription_notice_is_read),
        TEST(a_job_event_names_its_articles),
        TEST(the_other_lists_are_read_too),
        TEST(a_list_is_capped_and_an_item_has_each_field_once),
        TEST(what_is_not_a_message_in_json_is_refused),
        TEST(a_job_event_has_a_job_and_no_message_id),
        TEST(whom_an_event_is_about_has_an_openid_or_none),
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
