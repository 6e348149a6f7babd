#include "wx/message.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/json.h"
#include "wx/xml.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum kind { STRING, INTEGER, DECIMAL };

/* Where each field of struct wx_message stands in XML and JSON, in the order of the paths, by which
 * they are looked up. Where two places fill one field, the first that holds something does. A new
 * field is a new row. */
static const struct field {
    const char *path;
    enum kind kind;
    size_t offset;
} fields[] = {
#define FIELD(path, kind, member)                                                                  \
    { path, kind, offsetof(struct wx_message, member) }
    FIELD("AppID", STRING, subject_appid),
    FIELD("AppId", STRING, invoice.appid),
    FIELD("CardId", STRING, card.id),
    FIELD("ChosenBeacon/Distance", DECIMAL, beacon.distance),
    FIELD("ChosenBeacon/Major", INTEGER, beacon.major),
    FIELD("ChosenBeacon/Minor", INTEGER, beacon.minor),
    FIELD("ChosenBeacon/Uuid", STRING, beacon.uuid),
    FIELD("City", STRING, product.city),
    FIELD("Code", STRING, card.code),
    FIELD("ConnectTime", INTEGER, wifi.connected_at),
    FIELD("ConsumeSource", STRING, card.consumed_by),
    FIELD("Content", STRING, content),
    FIELD("CopyrightCheckResult/CheckState", INTEGER, copyright_state),
    FIELD("Country", STRING, product.country),
    FIELD("CreateOrderTime", INTEGER, order.created_at),
    FIELD("CreateTime", INTEGER, create_time),
    FIELD("Desc", STRING, order.description),
    FIELD("Description", STRING, description),
    FIELD("Detail", STRING, card.detail),
    FIELD("DeviceID", STRING, device_id),
    FIELD("DeviceNo", STRING, wifi.device),
    FIELD("DeviceType", STRING, device_type),
    FIELD("ErrorCount", INTEGER, error_count),
    FIELD("Event", STRING, event_name),
    FIELD("EventKey", STRING, event_key),
    FIELD("ExpireTime", INTEGER, wifi.expires_at),
    FIELD("ExpiredTime", INTEGER, expires_at),
    FIELD("ExtInfo", STRING, product.extra),
    FIELD("FailOrderId", STRING, invoice.order_failed),
    FIELD("FailReason", STRING, failure),
    FIELD("FailTime", INTEGER, failed_at),
    FIELD("Fee", INTEGER, card.fee),
    FIELD("FileKey", STRING, file_key),
    FIELD("FileMd5", STRING, file_md5),
    FIELD("FileTotalLen", INTEGER, file_size),
    FIELD("FilterCount", INTEGER, filter_count),
    FIELD("Format", STRING, format),
    FIELD("FreeCoinCount", INTEGER, order.free_coins),
    FIELD("FriendUserName", STRING, card.friend),
    FIELD("FromKfAccount", STRING, kf_account),
    FIELD("FromUserName", STRING, from),
    FIELD("GuideScanEvent/action", STRING, guide.action),
    FIELD("GuideScanEvent/openid", STRING, guide.visitor),
    FIELD("GuideScanEvent/qrcode_guide_account", STRING, guide.account),
    FIELD("GuideScanEvent/qrcode_guide_openid", STRING, guide.openid),
    FIELD("GuideScanEvent/qrcode_info", STRING, guide.info),
    FIELD("Idx", INTEGER, article_index),
    FIELD("IsChatRoom", STRING, card.to_group),
    FIELD("IsGiveByFriend", STRING, card.given),
    FIELD("IsRestoreMemberCard", STRING, card.restored),
    FIELD("IsReturnBack", STRING, card.returned),
    FIELD("KeyStandard", STRING, product.standard),
    FIELD("KeyStr", STRING, product.key),
    FIELD("KfAccount", STRING, kf_account),
    FIELD("Label", STRING, label),
    FIELD("Latitude", DECIMAL, latitude),
    FIELD("LocationId", STRING, card.shop_id),
    FIELD("LocationName", STRING, card.shop),
    FIELD("Location_X", DECIMAL, latitude),
    FIELD("Location_Y", DECIMAL, longitude),
    FIELD("Longitude", DECIMAL, longitude),
    FIELD("MediaId", STRING, media_id),
    FIELD("MediaId16K", STRING, media_id_16k),
    FIELD("Memo", STRING, order.memo),
    FIELD("MenuId", STRING, button_id),
    FIELD("ModifyBalance", INTEGER, card.balance),
    FIELD("ModifyBonus", INTEGER, card.bonus),
    FIELD("Msg", STRING, shop.note),
    FIELD("MsgDataId", STRING, article_ref),
    FIELD("MsgID", STRING, id),
    FIELD("MsgId", STRING, id),
    FIELD("MsgType", STRING, type_name),
    FIELD("OldUserCardCode", STRING, card.old_code),
    FIELD("OpenID", STRING, subject_openid),
    FIELD("OrderId", STRING, order.id),
    FIELD("OrderStatus", INTEGER, order.status),
    FIELD("OrderType", STRING, order.kind),
    FIELD("OriginalFee", INTEGER, card.original_fee),
    FIELD("OuterId", INTEGER, card.outer_id),
    FIELD("OuterStr", STRING, card.outer),
    FIELD("PageId", STRING, order.page),
    FIELD("PayCoinCount", INTEGER, order.paid_coins),
    FIELD("PayFinishTime", INTEGER, order.paid_at),
    FIELD("PicUrl", STRING, pic_url),
    FIELD("PlaceId", STRING, wifi.place),
    FIELD("PoiId", STRING, shop.poi_id),
    FIELD("Precision", DECIMAL, precision),
    FIELD("ProductId", STRING, order.product),
    FIELD("Province", STRING, product.province),
    FIELD("PublishEventInfo/article_id", STRING, article_id),
    FIELD("PublishEventInfo/publish_id", STRING, publish_id),
    FIELD("PublishEventInfo/publish_status", STRING, publish_status),
    FIELD("ReasonMsg", STRING, product.reason),
    FIELD("ReceiptInfo", STRING, order.receipt),
    FIELD("Recognition", STRING, content),
    FIELD("RefundFreeCoinCount", INTEGER, order.refunded_free_coins),
    FIELD("RefundPayCoinCount", INTEGER, order.refunded_paid_coins),
    FIELD("RegionCode", STRING, product.region),
    FIELD("RemarkAmount", STRING, card.remark_amount),
    FIELD("Result", STRING, result),
    FIELD("RevokeInfo", STRING, revoked),
    FIELD("Scale", INTEGER, scale),
    FIELD("ScanCodeInfo/ScanResult", STRING, scan_result),
    FIELD("ScanCodeInfo/ScanType", STRING, scan_type),
    FIELD("Scene", INTEGER, product.scene),
    FIELD("SendLocationInfo/Label", STRING, label),
    FIELD("SendLocationInfo/Location_X", DECIMAL, latitude),
    FIELD("SendLocationInfo/Location_Y", DECIMAL, longitude),
    FIELD("SendLocationInfo/Poiname", STRING, place),
    FIELD("SendLocationInfo/Scale", INTEGER, scale),
    FIELD("SendPicsInfo/Count", INTEGER, picture_count),
    FIELD("SentCount", INTEGER, sent_count),
    FIELD("SessionID", STRING, device_session),
    FIELD("Sex", INTEGER, product.sex),
    FIELD("SkuInfo", STRING, order.sku),
    FIELD("Source", STRING, invoice.source),
    FIELD("StaffOpenId", STRING, card.staff_openid),
    FIELD("Status", STRING, status),
    FIELD("SuccOrderId", STRING, invoice.order_ok),
    FIELD("ThumbMediaId", STRING, thumb_media),
    FIELD("Ticket", STRING, ticket),
    FIELD("Title", STRING, title),
    FIELD("ToKfAccount", STRING, kf_account_to),
    FIELD("ToUserName", STRING, to),
    FIELD("TotalCount", INTEGER, total_count),
    FIELD("TransId", STRING, card.transaction),
    FIELD("UnionID", STRING, subject_unionid),
    FIELD("UniqId", STRING, shop.own_id),
    FIELD("Url", STRING, url),
    FIELD("UserCardCode", STRING, card.code),
    FIELD("VendorId", STRING, wifi.vendor),
    FIELD("VerifyCode", STRING, card.verify_code),
    FIELD("addr", STRING, invoice.address),
    FIELD("address", STRING, shop.address),
    FIELD("attach", STRING, invoice.attachment),
    FIELD("audit_id", STRING, shop.audit_id),
    FIELD("bank_no", STRING, invoice.bank_account),
    FIELD("bank_type", STRING, invoice.bank),
    FIELD("bizmsgmenuid", STRING, menu_id),
    FIELD("debug_str", STRING, debug_text),
    FIELD("is_upgrade", STRING, shop.upgrade),
    FIELD("latitude", STRING, shop.latitude),
    FIELD("longitude", STRING, shop.longitude),
    FIELD("map_poi_id", STRING, shop.map_poi_id),
    FIELD("name", STRING, shop.name),
    FIELD("phone", STRING, invoice.phone),
    FIELD("poiid", STRING, shop.poi_id),
    FIELD("reason", STRING, shop.reason),
    FIELD("sh_remark", STRING, shop.remark),
    FIELD("status", STRING, shop.status),
    FIELD("tax_no", STRING, invoice.tax_number),
    FIELD("title", STRING, invoice.title),
    FIELD("title_type", STRING, invoice.kind),
#undef FIELD
};

#define FIELDS (sizeof fields / sizeof *fields)

/* The lists: where an item of each is, and what is in an item. Some have a container around each
 * item in XML that JSON has not. */
enum list { SUBSCRIPTIONS, PUBLISHED, COPYRIGHTS, PICTURES, BEACONS, LISTS };

static const struct {
    size_t items, count; /* of the list and its length in struct wx_message */
    size_t size;         /* of an item */
} lists[LISTS] = {
#define LIST(member, type)                                                                         \
    {                                                                                              \
        offsetof(struct wx_message, member), offsetof(struct wx_message, member##_count),          \
            sizeof(struct type)                                                                    \
    }
    [SUBSCRIPTIONS] = LIST(subscriptions, wx_subscription),
    [PUBLISHED] = LIST(published, wx_published),
    [COPYRIGHTS] = LIST(copyrights, wx_copyright),
    [PICTURES] = LIST(pictures, wx_picture),
    [BEACONS] = LIST(beacons, wx_beacon),
#undef LIST
};

static const struct {
    const char *path;
    enum list list;
} items[] = {
    {"AroundBeacons/AroundBeacon", BEACONS},
    {"AroundBeacons", BEACONS},
    {"ArticleUrlResult/ResultList/item", PUBLISHED},
    {"ArticleUrlResult/ResultList", PUBLISHED},
    {"CopyrightCheckResult/ResultList/item", COPYRIGHTS},
    {"CopyrightCheckResult/ResultList", COPYRIGHTS},
    {"List", SUBSCRIPTIONS},
    {"PublishEventInfo/article_detail/item", PUBLISHED},
    {"SendPicsInfo/PicList/item", PICTURES},
    {"SendPicsInfo/PicList", PICTURES},
    {"SubscribeMsgChangeEvent/List", SUBSCRIPTIONS},
    {"SubscribeMsgPopupEvent/List", SUBSCRIPTIONS},
    {"SubscribeMsgSentEvent/List", SUBSCRIPTIONS},
};

static const struct item_field {
    enum list list;
    const char *name;
    enum kind kind;
    size_t offset;
} item_fields[] = {
#define ITEM(list, type, name, kind, member)                                                       \
    { list, name, kind, offsetof(struct type, member) }
    ITEM(SUBSCRIPTIONS, wx_subscription, "TemplateId", STRING, template_id),
    ITEM(SUBSCRIPTIONS, wx_subscription, "SubscribeStatusString", STRING, status),
    ITEM(SUBSCRIPTIONS, wx_subscription, "PopupScene", INTEGER, scene),
    ITEM(SUBSCRIPTIONS, wx_subscription, "MsgID", STRING, job_id),
    ITEM(SUBSCRIPTIONS, wx_subscription, "ErrorCode", INTEGER, error_code),
    ITEM(SUBSCRIPTIONS, wx_subscription, "ErrorStatus", STRING, error),
    ITEM(PUBLISHED, wx_published, "idx", INTEGER, index),
    ITEM(PUBLISHED, wx_published, "article_url", STRING, url),
    ITEM(PUBLISHED, wx_published, "ArticleIdx", INTEGER, index),
    ITEM(PUBLISHED, wx_published, "ArticleUrl", STRING, url),
    ITEM(COPYRIGHTS, wx_copyright, "ArticleIdx", INTEGER, index),
    ITEM(COPYRIGHTS, wx_copyright, "UserDeclareState", INTEGER, declared),
    ITEM(COPYRIGHTS, wx_copyright, "AuditState", INTEGER, audit),
    ITEM(COPYRIGHTS, wx_copyright, "OriginalArticleUrl", STRING, original_url),
    ITEM(COPYRIGHTS, wx_copyright, "OriginalArticleType", INTEGER, article_type),
    ITEM(COPYRIGHTS, wx_copyright, "CanReprint", INTEGER, may_reprint),
    ITEM(COPYRIGHTS, wx_copyright, "NeedReplaceContent", INTEGER, must_replace),
    ITEM(COPYRIGHTS, wx_copyright, "NeedShowReprintSource", INTEGER, must_name_source),
    ITEM(PICTURES, wx_picture, "PicMd5Sum", STRING, md5),
    ITEM(BEACONS, wx_beacon, "Uuid", STRING, uuid),
    ITEM(BEACONS, wx_beacon, "Major", INTEGER, major),
    ITEM(BEACONS, wx_beacon, "Minor", INTEGER, minor),
    ITEM(BEACONS, wx_beacon, "Distance", DECIMAL, distance),
#undef ITEM
};

#define ITEMS       (sizeof items / sizeof *items)
#define ITEM_FIELDS (sizeof item_fields / sizeof *item_fields)
_Static_assert(ITEM_FIELDS <= 64,
               "struct parsing remembers what it has seen of an item in 64 bits");

static const struct type {
    const char *name;
    enum wx_message_type type;
} types[] = {
    {"text", WX_MESSAGE_TEXT},         {"event", WX_MESSAGE_EVENT},
    {"image", WX_MESSAGE_IMAGE},       {"voice", WX_MESSAGE_VOICE},
    {"video", WX_MESSAGE_VIDEO},       {"shortvideo", WX_MESSAGE_SHORTVIDEO},
    {"location", WX_MESSAGE_LOCATION}, {"link", WX_MESSAGE_LINK},
    {"file", WX_MESSAGE_FILE},         {"device_text", WX_MESSAGE_DEVICE_TEXT},
};

static const char *const events[] = {
#define X(name, sent) sent,
    WX_EVENTS(X)
#undef X
};

struct parsing {
    void *ctx;
    struct wx_message message;
    uint64_t seen[(FIELDS + 63) / 64]; /* a bit for each of `fields` */

    const char *item_path; /* the item that is being read, of `items`; NULL outside of one */
    enum list list;
    char *item;         /* NULL until a field of it comes */
    uint64_t item_seen; /* a bit for each of `item_fields` */
};

/* Decimal digits to a number; 0 if it is anything else or has more than 18 of them. */
static int64_t integer(const char *text, size_t length) {
    int64_t number = 0;
    if (length > 18)
        return 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return 0;
        number = number * 10 + (*text - '0');
    }
    return number;
}

static double decimal(const char *text) {
    char *end;
    double number = strtod(text, &end);
    return *end == '\0' && isfinite(number) ? number : 0;
}

/* Of two places that fill one member, the first that holds something does. */
static void fill(void *member, enum kind kind, const char *value, size_t length) {
    if (kind == STRING) {
        const char **string = member;
        if (**string == '\0')
            *string = value;
    } else if (kind == INTEGER) {
        int64_t *number = member;
        if (*number == 0)
            *number = integer(value, length);
    } else {
        double *number = member;
        if (*number == 0)
            *number = decimal(value);
    }
}

static bool is_second(uint64_t seen[], size_t i) {
    uint64_t bit = UINT64_C(1) << i % 64;
    bool second = (seen[i / 64] & bit) != 0;
    seen[i / 64] |= bit;
    return second;
}

/* ---- lists ---- */

static bool is_inside(const char *path, const char *container) {
    size_t length = strlen(container);
    return strncmp(path, container, length) == 0 && path[length] == '/';
}

/* A container opens: an item of a list begins, or something within the present item, or neither. */
static void begin_item(struct parsing *parsing, const char *path) {
    const char *began = NULL;
    for (size_t i = 0; i < ITEMS && !began; i++)
        if (strcmp(items[i].path, path) == 0) {
            began = items[i].path;
            parsing->list = items[i].list;
        }
    if (!began && parsing->item_path && is_inside(path, parsing->item_path))
        return;
    parsing->item_path = began;
    parsing->item = NULL;
    parsing->item_seen = 0;
}

/* Makes room for the item that begins. One too many has none, and is passed over. */
static int add_item(struct parsing *parsing) {
    char **list = (char **)((char *)&parsing->message + lists[parsing->list].items);
    size_t *count = (size_t *)((char *)&parsing->message + lists[parsing->list].count);
    size_t size = lists[parsing->list].size;
    if (!*list)
        *list = talloc_zero_size(parsing->ctx, LIMIT_MESSAGE_LIST * size);
    if (!*list)
        return WX_E_NOMEM;
    if (*count == LIMIT_MESSAGE_LIST)
        return 0;
    parsing->item = *list + size * (*count)++;
    for (size_t i = 0; i < ITEM_FIELDS; i++)
        if (item_fields[i].list == parsing->list && item_fields[i].kind == STRING)
            *(const char **)(parsing->item + item_fields[i].offset) = "";
    return 0;
}

static int take_of_item(struct parsing *parsing, const char *name, const char *value,
                        size_t length) {
    size_t i = 0;
    while (i < ITEM_FIELDS &&
           (item_fields[i].list != parsing->list || strcmp(item_fields[i].name, name) != 0))
        i++;
    if (i == ITEM_FIELDS)
        return 0;
    if (is_second(&parsing->item_seen, i))
        return WX_E_FIELD;
    int error = parsing->item ? 0 : add_item(parsing);
    if (!error && parsing->item)
        fill(parsing->item + item_fields[i].offset, item_fields[i].kind, value, length);
    return error;
}

/* ---- the message ---- */

static int by_path(const void *path, const void *field) {
    return strcmp(path, ((const struct field *)field)->path);
}

static int take(void *data, const char *path, const char *value, size_t length) {
    struct parsing *parsing = data;
    if (!value) {
        begin_item(parsing, path);
        return 0;
    }
    if (parsing->item_path && is_inside(path, parsing->item_path))
        return take_of_item(parsing, path + strlen(parsing->item_path) + 1, value, length);
    const struct field *field = bsearch(path, fields, FIELDS, sizeof *fields, by_path);
    if (!field)
        return 0;
    if (is_second(parsing->seen, (size_t)(field - fields)))
        return WX_E_FIELD;
    fill((char *)&parsing->message + field->offset, field->kind, value, length);
    return 0;
}

static bool is_openid(const char *text) {
    size_t length = strlen(text);
    return length >= 1 && length <= LIMIT_OPENID &&
           strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-") ==
               length;
}

static int by_name(const void *name, const void *event) {
    return strcasecmp(name, *(const char *const *)event);
}

static void name_type(struct wx_message *message) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcasecmp(message->type_name, types[i].name) == 0) {
            message->type = types[i].type;
            return;
        }
}

/* What an event's fields mean, beyond where they stand. */
static void read_event(struct wx_message *message) {
    static const char prefix[] = "qrscene_";
    const char *const *event = bsearch(message->event_name, events, sizeof events / sizeof *events,
                                       sizeof *events, by_name);
    message->event =
        event ? (enum wx_event)(WX_EVENT_UNKNOWN + 1 + (event - events)) : WX_EVENT_UNKNOWN;
    message->job_id = message->id;
    message->id = "";
    if (message->event == WX_EVENT_SUBSCRIBE &&
        strncmp(message->event_key, prefix, strlen(prefix)) == 0)
        message->scene = message->event_key += strlen(prefix);
    if (message->event == WX_EVENT_SCAN)
        message->scene = message->event_key;
}

typedef int read_document(void *ctx, const char *text, size_t length, wx_xml_element *element,
                          void *data);

static int parse(void *ctx, read_document *document, const char *text, size_t length,
                 struct wx_message *message) {
    struct parsing parsing = {.ctx = ctx};
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].kind == STRING)
            *(const char **)((char *)&parsing.message + fields[i].offset) = "";
    parsing.message.scene = parsing.message.job_id = "";
    int error = document(ctx, text, length, take, &parsing);
    if (error)
        return error;

    struct wx_message *read = &parsing.message;
    if (*read->to == '\0' || !is_openid(read->from) || read->create_time <= 0 ||
        *read->type_name == '\0' || strspn(read->id, "0123456789") != strlen(read->id))
        return WX_E_FIELD;
    if (!is_openid(read->subject_openid))
        read->subject_openid = "";
    name_type(read);
    if (read->type == WX_MESSAGE_EVENT)
        read_event(read);
    *message = *read;
    return 0;
}

int wx_message_parse(void *ctx, const char *xml, size_t length, struct wx_message *message) {
    return parse(ctx, wx_xml_read, xml, length, message);
}

int wx_message_parse_json(void *ctx, const char *json, size_t length, struct wx_message *message) {
    return parse(ctx, wx_json_read, json, length, message);
}

/* ---- identity ---- */

/* WeChat's own word: "FromUserName + CreateTime". What has turned out, or is bound, to happen twice
 * in a second is told apart by what it is about. */
static void identify_event(const struct wx_message *message, const char *time, char *identity) {
    const struct wx_subscription *subscription = message->subscriptions;
    const char *const parts[] = {
        "event",
        message->from,
        time,
        message->event_name,
        message->event_key,
        message->job_id,
        message->publish_id,
        message->subject_openid,
        message->revoked,
        message->card.id,
        message->card.code,
        message->order.id,
        message->shop.audit_id,
        subscription ? subscription->template_id : "",
        subscription ? subscription->job_id : "",
    };
    wx_fingerprint_parts(parts, sizeof parts / sizeof *parts, identity);
}

void wx_message_identity(const struct wx_message *message, char identity[WX_FINGERPRINT_SIZE]) {
    char time[24];
    snprintf(time, sizeof time, "%lld", (long long)message->create_time);
    if (message->type == WX_MESSAGE_EVENT)
        identify_event(message, time, identity);
    else if (*message->id)
        wx_fingerprint_parts((const char *const[]){"message", message->id, message->from, time}, 4,
                             identity);
    else
        wx_fingerprint_parts((const char *const[]){"nameless", message->from, time,
                                                   message->type_name, message->content,
                                                   message->media_id},
                             6, identity);
}
