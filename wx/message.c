#include "wx/message.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/xml.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum kind { STRING, INTEGER, DECIMAL };

/* Where each field of struct wx_message stands in the XML, in the order of the paths, by which they
 * are looked up. Where two places fill one field, the first that holds something does. A new field
 * is a new row. */
static const struct field {
    const char *path;
    enum kind kind;
    size_t offset;
} fields[] = {
#define FIELD(path, kind, member)                                                                  \
    { path, kind, offsetof(struct wx_message, member) }
    FIELD("AppID", STRING, subject_appid),
    FIELD("Content", STRING, content),
    FIELD("CreateTime", INTEGER, create_time),
    FIELD("Description", STRING, description),
    FIELD("ErrorCount", INTEGER, error_count),
    FIELD("Event", STRING, event_name),
    FIELD("EventKey", STRING, event_key),
    FIELD("FileKey", STRING, file_key),
    FIELD("FileMd5", STRING, file_md5),
    FIELD("FileTotalLen", INTEGER, file_size),
    FIELD("FilterCount", INTEGER, filter_count),
    FIELD("Format", STRING, format),
    FIELD("FromKfAccount", STRING, kf_account),
    FIELD("FromUserName", STRING, from),
    FIELD("KfAccount", STRING, kf_account),
    FIELD("Label", STRING, label),
    FIELD("Latitude", DECIMAL, latitude),
    FIELD("Location_X", DECIMAL, latitude),
    FIELD("Location_Y", DECIMAL, longitude),
    FIELD("Longitude", DECIMAL, longitude),
    FIELD("MediaId", STRING, media_id),
    FIELD("MsgID", STRING, id),
    FIELD("MsgId", STRING, id),
    FIELD("MsgType", STRING, type_name),
    FIELD("OpenID", STRING, subject_openid),
    FIELD("PicUrl", STRING, pic_url),
    FIELD("Precision", DECIMAL, precision),
    FIELD("PublishEventInfo/article_id", STRING, article_id),
    FIELD("PublishEventInfo/publish_id", STRING, publish_id),
    FIELD("PublishEventInfo/publish_status", STRING, publish_status),
    FIELD("Recognition", STRING, content),
    FIELD("RevokeInfo", STRING, revoked),
    FIELD("Scale", INTEGER, scale),
    FIELD("ScanCodeInfo/ScanResult", STRING, scan_result),
    FIELD("ScanCodeInfo/ScanType", STRING, scan_type),
    FIELD("SendLocationInfo/Label", STRING, label),
    FIELD("SendLocationInfo/Location_X", DECIMAL, latitude),
    FIELD("SendLocationInfo/Location_Y", DECIMAL, longitude),
    FIELD("SendLocationInfo/Poiname", STRING, place),
    FIELD("SendLocationInfo/Scale", INTEGER, scale),
    FIELD("SendPicsInfo/Count", INTEGER, picture_count),
    FIELD("SentCount", INTEGER, sent_count),
    FIELD("Status", STRING, status),
    FIELD("ThumbMediaId", STRING, thumb_media),
    FIELD("Ticket", STRING, ticket),
    FIELD("Title", STRING, title),
    FIELD("ToKfAccount", STRING, kf_account_to),
    FIELD("ToUserName", STRING, to),
    FIELD("TotalCount", INTEGER, total_count),
    FIELD("Url", STRING, url),
    FIELD("bizmsgmenuid", STRING, menu_id),
#undef FIELD
};

#define FIELDS (sizeof fields / sizeof *fields)
_Static_assert(FIELDS <= 64, "struct parsing remembers the fields it has seen in 64 bits");

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
    struct wx_message message;
    uint64_t seen; /* a bit for each of `fields` */
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

static int by_path(const void *path, const void *field) {
    return strcmp(path, ((const struct field *)field)->path);
}

static int take(void *data, const char *path, const char *value, size_t length) {
    struct parsing *parsing = data;
    if (!value)
        return 0;
    const struct field *field = bsearch(path, fields, FIELDS, sizeof *fields, by_path);
    if (!field)
        return 0;
    uint64_t bit = UINT64_C(1) << (field - fields);
    if (parsing->seen & bit)
        return WX_E_FIELD;
    parsing->seen |= bit;

    void *member = (char *)&parsing->message + field->offset;
    if (field->kind == STRING) {
        const char **string = member;
        if (**string == '\0')
            *string = value;
    } else if (field->kind == INTEGER) {
        int64_t *number = member;
        if (*number == 0)
            *number = integer(value, length);
    } else {
        double *number = member;
        if (*number == 0)
            *number = decimal(value);
    }
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
        message->event_key += strlen(prefix);
}

int wx_message_parse(void *ctx, const char *xml, size_t length, struct wx_message *message) {
    struct parsing parsing = {.seen = 0};
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].kind == STRING)
            *(const char **)((char *)&parsing.message + fields[i].offset) = "";
    parsing.message.job_id = "";
    int error = wx_xml_read(ctx, xml, length, take, &parsing);
    if (error)
        return error;

    struct wx_message *read = &parsing.message;
    if (*read->to == '\0' || !is_openid(read->from) || read->create_time <= 0 ||
        *read->type_name == '\0' || strspn(read->id, "0123456789") != strlen(read->id))
        return WX_E_FIELD;
    name_type(read);
    if (read->type == WX_MESSAGE_EVENT)
        read_event(read);
    *message = *read;
    return 0;
}

void wx_message_identity(const struct wx_message *message, char identity[WX_FINGERPRINT_SIZE]) {
    char time[24];
    snprintf(time, sizeof time, "%lld", (long long)message->create_time);
    if (message->type == WX_MESSAGE_EVENT)
        wx_fingerprint_parts((const char *const[]){"event", message->from, time,
                                                   message->event_name, message->event_key,
                                                   message->job_id},
                             6, identity);
    else if (*message->id)
        wx_fingerprint_parts((const char *const[]){"message", message->id, message->from, time}, 4,
                             identity);
    else
        wx_fingerprint_parts((const char *const[]){"nameless", message->from, time,
                                                   message->type_name, message->content,
                                                   message->media_id},
                             6, identity);
}
