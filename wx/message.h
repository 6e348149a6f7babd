#ifndef DAY21_WX_MESSAGE_H
#define DAY21_WX_MESSAGE_H

/* What WeChat pushes, as one flat struct. Rules: WeChat «接收普通消息», «接收事件推送». */

#include "wx/crypto.h"

#include <stddef.h>
#include <stdint.h>

enum wx_message_type {
    WX_MESSAGE_UNKNOWN, /* a MsgType of a later day: answered `success` */
    WX_MESSAGE_TEXT,
    WX_MESSAGE_IMAGE,
    WX_MESSAGE_VOICE,
    WX_MESSAGE_VIDEO,
    WX_MESSAGE_SHORTVIDEO,
    WX_MESSAGE_LOCATION,
    WX_MESSAGE_LINK,
    WX_MESSAGE_FILE,
    WX_MESSAGE_DEVICE_TEXT, /* from a bound device */
    WX_MESSAGE_EVENT,
};

/* Every event of WeChat's documentation: name here, name there. In the order of the names without
 * their case, by which they are looked up. */
#define WX_EVENTS(X)                                                                               \
    X(ADD_STORE_AUDIT_INFO, "add_store_audit_info")                                                \
    X(ANNUAL_RENEW, "annual_renew")                                                                \
    X(APPLY_MERCHANT_AUDIT_INFO, "apply_merchant_audit_info")                                      \
    X(CARD_NOT_PASS_CHECK, "card_not_pass_check")                                                  \
    X(CARD_PASS_CHECK, "card_pass_check")                                                          \
    X(CARD_PAY_ORDER, "card_pay_order")                                                            \
    X(CARD_SKU_REMIND, "card_sku_remind")                                                          \
    X(CLICK, "CLICK")                                                                              \
    X(CREATE_MAP_POI_AUDIT_INFO, "create_map_poi_audit_info")                                      \
    X(DEBUG_DEMO, "debug_demo")                                                                    \
    X(ENTER, "ENTER")                                                                              \
    X(GIFTCARD_PAY_DONE, "giftcard_pay_done")                                                      \
    X(GIFTCARD_SEND_TO_FRIEND, "giftcard_send_to_friend")                                          \
    X(GIFTCARD_USER_ACCEPT, "giftcard_user_accept")                                                \
    X(GUIDE_QRCODE_SCAN_EVENT, "guide_qrcode_scan_event")                                          \
    X(KF_CLOSE_SESSION, "kf_close_session")                                                        \
    X(KF_CREATE_SESSION, "kf_create_session")                                                      \
    X(KF_SWITCH_SESSION, "kf_switch_session")                                                      \
    X(LOCATION, "LOCATION")                                                                        \
    X(LOCATION_SELECT, "location_select")                                                          \
    X(MASSSENDJOBFINISH, "MASSSENDJOBFINISH")                                                      \
    X(MERCHANT_ORDER, "merchant_order")                                                            \
    X(MODIFY_STORE_AUDIT_INFO, "modify_store_audit_info")                                          \
    X(NAMING_VERIFY_FAIL, "naming_verify_fail")                                                    \
    X(NAMING_VERIFY_SUCCESS, "naming_verify_success")                                              \
    X(PIC_PHOTO_OR_ALBUM, "pic_photo_or_album")                                                    \
    X(PIC_SYSPHOTO, "pic_sysphoto")                                                                \
    X(PIC_WEIXIN, "pic_weixin")                                                                    \
    X(POI_CHECK_NOTIFY, "poi_check_notify")                                                        \
    X(PUBLISHJOBFINISH, "PUBLISHJOBFINISH")                                                        \
    X(QUALIFICATION_VERIFY_FAIL, "qualification_verify_fail")                                      \
    X(QUALIFICATION_VERIFY_SUCCESS, "qualification_verify_success")                                \
    X(SCAN, "SCAN")                                                                                \
    X(SCANCODE_PUSH, "scancode_push")                                                              \
    X(SCANCODE_WAITMSG, "scancode_waitmsg")                                                        \
    X(SHAKEAROUNDUSERSHAKE, "ShakearoundUserShake")                                                \
    X(SUBMIT_INVOICE_TITLE, "submit_invoice_title")                                                \
    X(SUBMIT_MEMBERCARD_USER_INFO, "submit_membercard_user_info")                                  \
    X(SUBSCRIBE, "subscribe")                                                                      \
    X(SUBSCRIBE_MSG_CHANGE_EVENT, "subscribe_msg_change_event")                                    \
    X(SUBSCRIBE_MSG_POPUP_EVENT, "subscribe_msg_popup_event")                                      \
    X(SUBSCRIBE_MSG_SENT_EVENT, "subscribe_msg_sent_event")                                        \
    X(TEMPLATESENDJOBFINISH, "TEMPLATESENDJOBFINISH")                                              \
    X(UNSUBSCRIBE, "unsubscribe")                                                                  \
    X(UPDATE_INVOICE_STATUS, "update_invoice_status")                                              \
    X(UPDATE_MEMBER_CARD, "update_member_card")                                                    \
    X(USER_AUTHORIZATION_CANCELLATION, "user_authorization_cancellation")                          \
    X(USER_AUTHORIZATION_REVOKE, "user_authorization_revoke")                                      \
    X(USER_AUTHORIZE_INVOICE, "user_authorize_invoice")                                            \
    X(USER_CONSUME_CARD, "user_consume_card")                                                      \
    X(USER_DEL_CARD, "user_del_card")                                                              \
    X(USER_ENTER_SESSION_FROM_CARD, "user_enter_session_from_card")                                \
    X(USER_GET_CARD, "user_get_card")                                                              \
    X(USER_GIFTING_CARD, "user_gifting_card")                                                      \
    X(USER_INFO_MODIFIED, "user_info_modified")                                                    \
    X(USER_PAY_FROM_PAY_CELL, "user_pay_from_pay_cell")                                            \
    X(USER_SCAN_PRODUCT, "user_scan_product")                                                      \
    X(USER_SCAN_PRODUCT_ASYNC, "user_scan_product_async")                                          \
    X(USER_SCAN_PRODUCT_ENTER_SESSION, "user_scan_product_enter_session")                          \
    X(USER_SCAN_PRODUCT_VERIFY_ACTION, "user_scan_product_verify_action")                          \
    X(USER_VIEW_CARD, "user_view_card")                                                            \
    X(VERIFY_EXPIRED, "verify_expired")                                                            \
    X(VIEW, "VIEW")                                                                                \
    X(VIEW_MINIPROGRAM, "view_miniprogram")                                                        \
    X(WIFICONNECTED, "WifiConnected")

enum wx_event {
    WX_EVENT_NONE,    /* not an event */
    WX_EVENT_UNKNOWN, /* see `event_name` */
#define X(name, sent) WX_EVENT_##name,
    WX_EVENTS(X)
#undef X
};

/* One line of a subscribe_msg_popup_event, subscribe_msg_change_event or subscribe_msg_sent_event.
 */
struct wx_subscription {
    const char *template_id;
    const char *status; /* accept or reject: of a popup or a change */
    int64_t scene;      /* PopupScene: where the popup was, 1 a page, 2 an article */
    const char *job_id; /* MsgID of a notice that was sent */
    int64_t error_code; /* of it; 0 if it arrived */
    const char *error;  /* ErrorStatus: "success" or the reason */
};

/* One article of a PUBLISHJOBFINISH or MASSSENDJOBFINISH. */
struct wx_published {
    int64_t index; /* from 1 */
    const char *url;
};

/* What WeChat's check for originality says of one article of a MASSSENDJOBFINISH. */
struct wx_copyright {
    int64_t index;                         /* from 1 */
    int64_t declared, audit, article_type; /* UserDeclareState, AuditState, OriginalArticleType */
    int64_t may_reprint, must_replace, must_name_source;
    const char *original_url;
};

struct wx_picture {
    const char *md5;
};

struct wx_beacon {
    const char *uuid;
    int64_t major, minor;
    double distance; /* metres */
};

/* Strings are UTF-8, NUL-terminated, without NUL inside, never NULL ("" when absent), and belong to
 * the talloc parent given to wx_message_parse(), as do the lists, which hold LIMIT_MESSAGE_LIST
 * items at most. Numbers are 0 when absent. */
struct wx_message {
    const char *to;      /* ToUserName: the account's original id, gh_… */
    const char *from;    /* FromUserName: the openid; 1 to LIMIT_OPENID of [A-Za-z0-9_-] */
    int64_t create_time; /* CreateTime, seconds since 1970 */
    enum wx_message_type type;
    const char *type_name; /* MsgType as sent */
    const char *id;        /* MsgId, decimal digits; "" for events */

    enum wx_event event;
    const char *event_name; /* Event as sent */
    const char *event_key;  /* EventKey; less its "qrscene_" for a subscribe */
    const char *scene;      /* of the code that was scanned: of a SCAN, and of a subscribe that came
                               about by a scan, which is a scan, too; else "" */
    const char *ticket;     /* Ticket of a scene code */
    const char *button_id;  /* MenuId: of a VIEW or view_miniprogram */

    const char *content;      /* text; what was understood of a voice message (Recognition) */
    const char *menu_id;      /* bizmsgmenuid: the text came from a tap on a menu message */
    const char *media_id;     /* image, voice, video, shortvideo, file */
    const char *media_id_16k; /* voice, at 16 kHz */
    const char *thumb_media;  /* video, shortvideo (ThumbMediaId) */
    const char *pic_url;      /* image */
    const char *format;       /* voice: amr, speex */
    const char *title;        /* link, file */
    const char *description;  /* link, file */
    const char *url;          /* link */
    const char *file_key;     /* file */
    const char *file_md5;
    int64_t file_size;       /* bytes */
    const char *article_ref; /* MsgDataId: the article from which the message was written */
    int64_t article_index;   /* Idx: which of its group, from 1 */

    const char *device_type, *device_id, *device_session; /* device_text */

    /* of a location message, a LOCATION event, or a location_select; degrees, metres */
    double latitude, longitude, precision;
    int64_t scale;
    const char *label, *place;

    const char *scan_type; /* scancode_push, scancode_waitmsg */
    const char *scan_result;
    int64_t picture_count; /* pic_sysphoto, pic_photo_or_album, pic_weixin */
    const struct wx_picture *pictures;
    size_t pictures_count;

    const char *kf_account;    /* kf_…_session: who takes it; who had it, for a switch */
    const char *kf_account_to; /* kf_switch_session */

    const struct wx_subscription *subscriptions; /* subscribe_msg_…_event */
    size_t subscriptions_count;

    const char *status; /* Status of a job's end, of an invoice, of a card order */
    const char *job_id; /* MsgID of a job's end: the msgid its send returned */
    int64_t total_count, filter_count, sent_count, error_count; /* MASSSENDJOBFINISH */
    int64_t copyright_state; /* CheckState: 1 may be sent, 2 may not, 3 found later not to */
    const struct wx_copyright *copyrights;
    size_t copyrights_count;
    const char *publish_id, *publish_status, *article_id; /* PUBLISHJOBFINISH */
    const struct wx_published *published;                 /* PUBLISHJOBFINISH, MASSSENDJOBFINISH */
    size_t published_count;

    /* user_info_modified, user_authorization_revoke, user_authorization_cancellation: whom it is
     * about, who is not `from` (an openid as that one, or ""); and what was revoked, a number (201
     * to 207) */
    const char *subject_openid, *subject_unionid, *subject_appid, *revoked;

    /* …_verify_success, …_verify_fail, annual_renew, verify_expired; seconds since 1970 */
    int64_t expires_at, failed_at;
    const char *failure;

    struct {
        const char *id, *code, *old_code;
        const char *friend; /* openid of who gave or gets it */
        const char *outer;  /* OuterStr: where it was taken */
        int64_t outer_id;
        const char *given, *returned, *to_group, *restored; /* 0 and 1, or true and false */
        const char *consumed_by, *staff_openid, *verify_code, *remark_amount;
        const char *shop, *shop_id, *transaction, *detail;
        int64_t fee, original_fee; /* fen */
        int64_t bonus, balance;    /* by how much they changed; not below 0 */
    } card;
    struct {
        const char *id, *page, *product, *sku, *kind, *memo, *description, *receipt;
        int64_t status, created_at, paid_at;
        int64_t free_coins, paid_coins, refunded_free_coins, refunded_paid_coins;
    } order; /* merchant_order, card_pay_order, giftcard_… */
    struct {
        const char *title, *tax_number, *address, *phone, *bank, *bank_account, *attachment, *kind;
        const char *order_ok, *order_failed, *appid, *source;
    } invoice;
    struct {
        const char *audit_id, *status, *reason, *upgrade;
        const char *poi_id, *map_poi_id, *own_id, *name, *address, *latitude, *longitude, *remark;
        const char *note;
    } shop; /* …_audit_info, poi_check_notify */
    struct {
        const char *standard, *key, *country, *province, *city, *extra, *region, *reason;
        int64_t sex, scene;
    } product; /* user_scan_product… */
    struct {
        const char *vendor, *place, *device;
        int64_t connected_at, expires_at;
    } wifi;
    struct wx_beacon beacon; /* the nearest; `beacons` are those around */
    const struct wx_beacon *beacons;
    size_t beacons_count;
    struct {
        const char *account, *openid, *visitor, *action, *info;
    } guide;                /* guide_qrcode_scan_event */
    const char *result;     /* poi_check_notify, user_scan_product_verify_action */
    const char *debug_text; /* debug_demo */
};

/* Reads the XML of a message (already decrypted). Whitespace between nodes, empty CDATA, entities,
 * 4-byte UTF-8 and event names in any case are understood; unknown elements are passed over.
 * Invalid UTF-8 and control characters that XML forbids are WX_E_XML. Sender, recipient, time and
 * type must be there and well-formed, and no known field may come twice (which one would count?):
 * WX_E_FIELD. A number that cannot be read, of the others, is 0.
 * Returns 0, WX_E_EMPTY, WX_E_TOO_LARGE, WX_E_DOCTYPE, WX_E_XML, WX_E_FIELD, WX_E_NOMEM. */
int wx_message_parse(void *ctx, const char *xml, size_t length, struct wx_message *message);

/* The same of a message in JSON, by the same table: the names are the same, a list is an array or,
 * if it has one item, that item. Ids and times may be numbers or strings. What wx_json_read()
 * refuses is WX_E_JSON. */
int wx_message_parse_json(void *ctx, const char *json, size_t length, struct wx_message *message);

/* The name by which a delivery is known to be one we have had: MsgId, sender and time of a message;
 * sender, time, event, key, and whom or which job it is about, of an event (WeChat names sender and
 * time, but a LOCATION and a CLICK can share a second, and all privacy events have one sender). Of
 * a message without MsgId: sender, time, type and what it holds. */
void wx_message_identity(const struct wx_message *message, char identity[WX_FINGERPRINT_SIZE]);

#endif
