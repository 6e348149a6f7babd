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
    WX_MESSAGE_EVENT,
};

enum wx_event {
    WX_EVENT_NONE,    /* not an event */
    WX_EVENT_UNKNOWN, /* see `event_name` */
    WX_EVENT_SUBSCRIBE,
    WX_EVENT_UNSUBSCRIBE,
    WX_EVENT_SCAN,
    WX_EVENT_LOCATION,
    WX_EVENT_CLICK,
    WX_EVENT_VIEW,
    WX_EVENT_TEMPLATESENDJOBFINISH,
    /* the rest of WeChat's list, in wx/message.c's table */
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
    const char *event_key;  /* EventKey; less its "qrscene_" for a subscribe */
    const char *ticket;     /* Ticket of a scene code */

    const char *content;  /* text; what was understood of a voice message (Recognition) */
    const char *menu_id;  /* bizmsgmenuid: the text came from a tap on a menu message */
    const char *media_id; /* image, voice, video, shortvideo, file */
    const char *status;   /* Status of a job's end */
    const char *job_id;   /* MsgID of a job's end: the msgid its send returned */
};

/* Reads the XML of a message (already decrypted). Whitespace between nodes, empty CDATA, entities,
 * 4-byte UTF-8 and event names in any case are understood; unknown elements are passed over.
 * Invalid UTF-8 and control characters that XML forbids are WX_E_XML.
 * Returns 0, WX_E_EMPTY, WX_E_TOO_LARGE, WX_E_DOCTYPE, WX_E_XML, WX_E_FIELD, WX_E_NOMEM. */
int wx_message_parse(void *ctx, const char *xml, size_t length, struct wx_message *message);

/* The name by which a delivery is known to be one we have had: MsgId, sender and time of a message;
 * sender, time, event, key and job of an event (WeChat names sender and time, but a LOCATION and a
 * CLICK can share a second). */
void wx_message_identity(const struct wx_message *message, char identity[WX_FINGERPRINT_SIZE]);

#endif
