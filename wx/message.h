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

/* Strings are UTF-8, NUL-terminated, without NUL inside, never NULL ("" when absent), and belong to
 * the talloc parent given to wx_message_parse(). */
struct wx_message {
    const char *to;      /* ToUserName: the account's original id, gh_… */
    const char *from;    /* FromUserName: the openid; 1 to LIMIT_OPENID of [A-Za-z0-9_-] */
    int64_t create_time; /* CreateTime, seconds since 1970 */
    enum wx_message_type type;
    const char *type_name; /* MsgType as sent */
    const char *id;        /* MsgId, decimal digits; "" for events */

    enum wx_event event;
    const char *event_name; /* Event as sent */
    const char *event_key;  /* EventKey; less its "qrscene_" for a subscribe, so that a subscribe
                               with a key reads as a scan too */
    const char *ticket;     /* Ticket of a scene code */

    const char *content;     /* text; what was understood of a voice message (Recognition) */
    const char *menu_id;     /* bizmsgmenuid: the text came from a tap on a menu message */
    const char *media_id;    /* image, voice, video, shortvideo, file */
    const char *thumb_media; /* video, shortvideo (ThumbMediaId) */
    const char *pic_url;     /* image */
    const char *format;      /* voice: amr, speex */
    const char *title;       /* link, file */
    const char *description; /* link, file */
    const char *url;         /* link */
    const char *file_key;    /* file */
    const char *file_md5;
    int64_t file_size; /* bytes; 0 if not said */

    /* of a location message, a LOCATION event, or a location_select; degrees, metres */
    double latitude, longitude, precision;
    int64_t scale;
    const char *label, *place;

    const char *scan_type; /* scancode_push, scancode_waitmsg */
    const char *scan_result;
    int64_t picture_count; /* pic_sysphoto, pic_photo_or_album, pic_weixin */

    const char *kf_account;    /* kf_…_session: who takes it; who had it, for a switch */
    const char *kf_account_to; /* kf_switch_session */

    const char *status; /* Status of a job's end */
    const char *job_id; /* MsgID of a job's end: the msgid its send returned */
    int64_t total_count, filter_count, sent_count, error_count; /* MASSSENDJOBFINISH */
    const char *publish_id, *publish_status, *article_id;       /* PUBLISHJOBFINISH */

    /* user_info_modified, user_authorization_revoke, user_authorization_cancellation */
    const char *subject_openid, *subject_appid, *revoked;
};

/* Reads the XML of a message (already decrypted). Whitespace between nodes, empty CDATA, entities,
 * 4-byte UTF-8 and event names in any case are understood; unknown elements are passed over.
 * Invalid UTF-8 and control characters that XML forbids are WX_E_XML. Sender, recipient, time and
 * type must be there and well-formed, and no known field may come twice (which one would count?):
 * WX_E_FIELD. A number that cannot be read, of the others, is 0.
 * Returns 0, WX_E_EMPTY, WX_E_TOO_LARGE, WX_E_DOCTYPE, WX_E_XML, WX_E_FIELD, WX_E_NOMEM. */
int wx_message_parse(void *ctx, const char *xml, size_t length, struct wx_message *message);

/* The name by which a delivery is known to be one we have had: MsgId, sender and time of a message;
 * sender, time, event, key and job of an event (WeChat names sender and time, but a LOCATION and a
 * CLICK can share a second). Of a message without MsgId: sender, time, type and what it holds. */
void wx_message_identity(const struct wx_message *message, char identity[WX_FINGERPRINT_SIZE]);

#endif
