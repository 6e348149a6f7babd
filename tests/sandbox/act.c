#include "act.h"

#include "bot/config.h"
#include "media.h"
#include "message.h"
#include "notice.h"
#include "picture.h"
#include "qrcode.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MOST    8192 /* bytes a person types at once */
#define KEY_MOST     128
#define URL_MOST     1024
#define HOURS_48     (48LL * 3600 * 1000)
#define THREE_DAYS   (3LL * 86400 * 1000)
#define ONE_MINUTE   (60LL * 1000)
#define MESSAGE_LEFT 5 /* customer-service messages after a message, api.md §5 */
#define TAP_LEFT     3 /* and after a tap, a follow, a scan */

struct doing {
    void *ctx;
    const struct account *account;
    const char *openid;
    bool unseen;                                      /* nothing is kept of it */
    const json_t *templates;                          /* of a subscription */
    const char *content, *key, *url, *scene, *menuid; /* as asked, "" when absent */
    const char *ticket;                               /* of the code that is scanned */
    const char *message_id, *media_id;                /* fresh ones */
};

/* One way to act. */
struct way {
    const char *type;
    const char *message; /* MsgType */
    enum { NO_WINDOW, MESSAGE_WINDOW, TAP_WINDOW } window;
    bool silent;                            /* whatever the bot answers is not shown */
    bool anyone;                            /* also who does not follow */
    const char *media;                      /* what is sent and can be fetched: its type, or NULL */
    bool (*fit)(const struct doing *doing); /* whether what it needs is there; NULL: always */
    json_t *(*line)(const struct doing *doing);
    const struct message_field *(*fields)(const struct doing *doing);
};

/* A list of message fields below doing->ctx. */
#define FIELDS(...)                                                                                \
    must(talloc_memdup(doing->ctx, ((const struct message_field[]){__VA_ARGS__, {NULL}}),          \
                       sizeof((const struct message_field[]){__VA_ARGS__, {NULL}})))

static bool is_between(const char *text, size_t least, size_t most) {
    return strlen(text) >= least && strlen(text) <= most;
}

static json_t *event_line(const struct doing *doing, const char *before, const char *what,
                          const char *after) {
    const char *text = must(talloc_asprintf(doing->ctx, "%s%s%s", before, what, after));
    return must(json_pack("{ss}", "text", text));
}

/* ---- follow, unfollow, scan ---- */

static bool scene_optional(const struct doing *doing) {
    return is_between(doing->scene, 0, 64);
}

static bool scene_given(const struct doing *doing) {
    return is_between(doing->scene, 1, 64);
}

static json_t *follow_line(const struct doing *doing) {
    return event_line(doing, *doing->scene ? "你扫描二维码，关注了「" : "你关注了「",
                      doing->account->config->title, "」");
}

static const struct message_field *follow_fields(const struct doing *doing) {
    if (!*doing->scene)
        return FIELDS({"Event", "subscribe", false}, {"EventKey", "", false});
    return FIELDS(
        {"Event", "subscribe", false},
        {"EventKey", must(talloc_asprintf(doing->ctx, "qrscene_%s", doing->scene)), false},
        {"Ticket", doing->ticket, false});
}

static json_t *unfollow_line(const struct doing *doing) {
    return event_line(doing, "你不再关注「", doing->account->config->title, "」");
}

static const struct message_field *unfollow_fields(const struct doing *doing) {
    return FIELDS({"Event", "unsubscribe", false}, {"EventKey", "", false});
}

static json_t *scan_line(const struct doing *doing) {
    return event_line(doing, "你扫描了二维码「", doing->scene, "」");
}

static const struct message_field *scan_fields(const struct doing *doing) {
    return FIELDS({"Event", "SCAN", false}, {"EventKey", doing->scene, false},
                  {"Ticket", doing->ticket, false});
}

/* ---- the menu ---- */

/* The name of the button whose `field` is `value`, or NULL. */
static const char *button_name(const json_t *buttons, const char *field, const char *value) {
    size_t index;
    const json_t *button;
    json_array_foreach(buttons, index, button) {
        if (!strcmp(value_string(button, field), value))
            return value_string(button, "name");
        const char *below = button_name(json_object_get(button, "sub_button"), field, value);
        if (below)
            return below;
    }
    return NULL;
}

static json_t *button_line(const struct doing *doing, const char *field, const char *value) {
    const char *name = button_name(json_object_get(doing->account->menu, "button"), field, value);
    return event_line(doing, "你点了菜单「", name ? name : value, "」");
}

static bool key_given(const struct doing *doing) {
    return is_between(doing->key, 1, KEY_MOST);
}

static json_t *click_line(const struct doing *doing) {
    return button_line(doing, "key", doing->key);
}

static const struct message_field *click_fields(const struct doing *doing) {
    return FIELDS({"Event", "CLICK", false}, {"EventKey", doing->key, false});
}

static bool url_given(const struct doing *doing) {
    return is_between(doing->url, 1, URL_MOST);
}

static json_t *view_line(const struct doing *doing) {
    return button_line(doing, "url", doing->url);
}

static const struct message_field *view_fields(const struct doing *doing) {
    return FIELDS({"Event", "VIEW", false}, {"EventKey", doing->url, false});
}

/* ---- messages ---- */

/* What a code in front of the camera says. */
static const char *scanned(const struct doing *doing) {
    return *doing->content ? doing->content : "https://example.com/";
}

static bool content_given(const struct doing *doing) {
    return is_between(doing->content, 1, TEXT_MOST) && is_between(doing->menuid, 0, KEY_MOST);
}

static bool content_optional(const struct doing *doing) {
    return is_between(doing->content, 0, TEXT_MOST);
}

static json_t *text_line(const struct doing *doing) {
    return must(json_pack("{ss}", "text", doing->content));
}

static const struct message_field *text_fields(const struct doing *doing) {
    if (!*doing->menuid)
        return FIELDS({"Content", doing->content, false}, {"MsgId", doing->message_id, true});
    return FIELDS({"Content", doing->content, false}, {"MsgId", doing->message_id, true},
                  {"bizmsgmenuid", doing->menuid, false});
}

static bool url_optional(const struct doing *doing) {
    return is_between(doing->url, 0, URL_MOST);
}

static const char *picture(const struct doing *doing) {
    return *doing->url ? doing->url : "http://mmbiz.qpic.cn/mmbiz_jpg/day21sandbox/0";
}

static json_t *image_line(const struct doing *doing) {
    return must(json_pack("{ss ss}", "mediaId", doing->media_id, "picUrl", picture(doing)));
}

static const struct message_field *image_fields(const struct doing *doing) {
    return FIELDS({"PicUrl", picture(doing), false}, {"MsgId", doing->message_id, true},
                  {"MediaId", doing->media_id, false});
}

static json_t *voice_line(const struct doing *doing) {
    return must(json_pack("{ss ss}", "mediaId", doing->media_id, "recognition", doing->content));
}

static const struct message_field *voice_fields(const struct doing *doing) {
    return FIELDS({"MediaId", doing->media_id, false}, {"Format", "amr", false},
                  {"MsgId", doing->message_id, true}, {"Recognition", doing->content, false});
}

static json_t *video_line(const struct doing *doing) {
    return must(json_pack("{ss ss}", "mediaId", doing->media_id, "thumbMediaId", doing->media_id));
}

static const struct message_field *video_fields(const struct doing *doing) {
    return FIELDS({"MediaId", doing->media_id, false}, {"ThumbMediaId", doing->media_id, false},
                  {"MsgId", doing->message_id, true});
}

static bool link_given(const struct doing *doing) {
    return url_given(doing) && is_between(doing->content, 0, TEXT_MOST);
}

static json_t *link_line(const struct doing *doing) {
    return must(
        json_pack("{ss ss ss}", "title", doing->content, "description", "", "url", doing->url));
}

static const struct message_field *link_fields(const struct doing *doing) {
    return FIELDS({"Title", doing->content, false}, {"Description", "", false},
                  {"Url", doing->url, false}, {"MsgId", doing->message_id, true});
}

static const char *place(const struct doing *doing) {
    return *doing->content ? doing->content : "上海市浦东新区世纪大道1号";
}

static json_t *location_line(const struct doing *doing) {
    return must(json_pack("{ss sf sf}", "label", place(doing), "latitude", 31.239692, "longitude",
                          121.499755));
}

static const struct message_field *location_fields(const struct doing *doing) {
    return FIELDS({"Location_X", "31.239692", true}, {"Location_Y", "121.499755", true},
                  {"Scale", "15", true}, {"Label", place(doing), false},
                  {"MsgId", doing->message_id, true});
}

/* ---- what menus ask of the phone ---- */

static json_t *scancode_line(const struct doing *doing) {
    return event_line(doing, "你扫了一扫「", scanned(doing), "」");
}

static const struct message_field *scancode_fields(const struct doing *doing, const char *event) {
    const char *info =
        must(talloc_asprintf(doing->ctx, "<ScanType><![CDATA[qrcode]]></ScanType>%s",
                             message_element(doing->ctx, "ScanResult", scanned(doing))));
    return FIELDS({"Event", event, false}, {"EventKey", doing->key, false},
                  {"ScanCodeInfo", info, true});
}

static const struct message_field *scancode_push_fields(const struct doing *doing) {
    return scancode_fields(doing, "scancode_push");
}

static const struct message_field *scancode_wait_fields(const struct doing *doing) {
    return scancode_fields(doing, "scancode_waitmsg");
}

static json_t *pictures_line(const struct doing *doing) {
    return button_line(doing, "key", doing->key);
}

/* The md5 is that of a picture that comes in a message of its own. */
static const struct message_field *pictures_fields(const struct doing *doing, const char *event) {
    static const char info[] =
        "<Count>1</Count><PicList><item><PicMd5Sum>"
        "<![CDATA[1b5f7c23b5bf75682a53e7b6d163e185]]></PicMd5Sum></item></PicList>";
    return FIELDS({"Event", event, false}, {"EventKey", doing->key, false},
                  {"SendPicsInfo", info, true});
}

static const struct message_field *sysphoto_fields(const struct doing *doing) {
    return pictures_fields(doing, "pic_sysphoto");
}

static const struct message_field *album_fields(const struct doing *doing) {
    return pictures_fields(doing, "pic_photo_or_album");
}

static const struct message_field *weixin_fields(const struct doing *doing) {
    return pictures_fields(doing, "pic_weixin");
}

static const struct message_field *select_fields(const struct doing *doing) {
    const char *info =
        must(talloc_asprintf(doing->ctx,
                             "<Location_X><![CDATA[31.239692]]></Location_X>"
                             "<Location_Y><![CDATA[121.499755]]></Location_Y>"
                             "<Scale><![CDATA[15]]></Scale>%s<Poiname><![CDATA[]]></Poiname>",
                             message_element(doing->ctx, "Label", place(doing))));
    return FIELDS({"Event", "location_select", false}, {"EventKey", doing->key, false},
                  {"SendLocationInfo", info, true});
}

/* ---- where the phone is, when its owner lets the account know ---- */

static json_t *locate_line(const struct doing *doing) {
    return event_line(doing, "你的位置告诉了「", doing->account->config->title, "」");
}

static const struct message_field *locate_fields(const struct doing *doing) {
    return FIELDS({"Event", "LOCATION", false}, {"Latitude", "31.239692", true},
                  {"Longitude", "121.499755", true}, {"Precision", "65.000000", true});
}

/* ---- what somebody takes back ---- */

static const struct message_field *privacy_fields(const struct doing *doing, const char *event) {
    return FIELDS({"Event", event, false}, {"OpenID", doing->openid, false},
                  {"AppID", doing->account->config->appid, false},
                  {"RevokeInfo", *doing->content ? doing->content : "205", false});
}

static json_t *modify_line(const struct doing *doing) {
    return event_line(doing, "你修改了「", doing->account->config->title, "」知道的资料");
}

static json_t *revoke_line(const struct doing *doing) {
    return event_line(doing, "你撤回了对「", doing->account->config->title, "」的授权");
}

static json_t *cancel_line(const struct doing *doing) {
    return event_line(doing, "你注销了在「", doing->account->config->title, "」的授权");
}

static const struct message_field *modify_fields(const struct doing *doing) {
    return privacy_fields(doing, "user_info_modified");
}

static const struct message_field *revoke_fields(const struct doing *doing) {
    return privacy_fields(doing, "user_authorization_revoke");
}

static const struct message_field *cancel_fields(const struct doing *doing) {
    return privacy_fields(doing, "user_authorization_cancellation");
}

/* ---- subscription notices ---- */

static bool templates_given(const struct doing *doing) {
    const char *id;
    const json_t *answer;
    json_object_foreach((json_t *)doing->templates, id, answer) {
        const char *text = json_string_value(answer);
        if (!notice_exists(doing->account, id) || !text ||
            (strcmp(text, "accept") != 0 && strcmp(text, "reject") != 0))
            return false;
    }
    return json_object_size(doing->templates);
}

static json_t *subscribe_line(const struct doing *doing) {
    size_t accepted = 0;
    const char *id;
    const json_t *answer;
    json_object_foreach((json_t *)doing->templates, id, answer) {
        accepted += !strcmp(json_string_value(answer), "accept");
    }
    return event_line(doing, accepted ? "你允许了「" : "你拒绝了「", doing->account->config->title,
                      "」给你发送通知");
}

static const struct message_field *subscribe_fields(const struct doing *doing) {
    char *list = must(talloc_strdup(doing->ctx, ""));
    const char *id;
    const json_t *answer;
    json_object_foreach((json_t *)doing->templates, id, answer) {
        list = must(talloc_asprintf_append(
            list, "<List>%s%s<PopupScene>2</PopupScene></List>",
            message_element(doing->ctx, "TemplateId", id),
            message_element(doing->ctx, "SubscribeStatusString", json_string_value(answer))));
    }
    return FIELDS({"Event", "subscribe_msg_popup_event", false},
                  {"SubscribeMsgPopupEvent", list, true});
}

static void subscribe(struct person *person, const struct doing *doing) {
    const char *id;
    const json_t *answer;
    json_object_foreach((json_t *)doing->templates, id, answer) {
        notice_answer(person, id, !strcmp(json_string_value(answer), "accept"));
    }
}

/* ---- doing it ---- */

/* type, MsgType, window, silent, anyone, media, what is needed, the line, the fields */
static const struct way ways[] = {
    {"follow", "event", TAP_WINDOW, false, true, NULL, scene_optional, follow_line, follow_fields},
    {"unfollow", "event", NO_WINDOW, true, false, NULL, NULL, unfollow_line, unfollow_fields},
    {"scan", "event", TAP_WINDOW, false, true, NULL, scene_given, scan_line, scan_fields},
    {"click", "event", TAP_WINDOW, false, false, NULL, key_given, click_line, click_fields},
    {"view", "event", NO_WINDOW, true, false, NULL, url_given, view_line, view_fields},
    {"scancode_push", "event", TAP_WINDOW, true, false, NULL, key_given, scancode_line,
     scancode_push_fields},
    {"scancode_waitmsg", "event", TAP_WINDOW, false, false, NULL, key_given, scancode_line,
     scancode_wait_fields},
    {"pic_sysphoto", "event", NO_WINDOW, false, false, NULL, key_given, pictures_line,
     sysphoto_fields},
    {"pic_photo_or_album", "event", NO_WINDOW, false, false, NULL, key_given, pictures_line,
     album_fields},
    {"pic_weixin", "event", NO_WINDOW, false, false, NULL, key_given, pictures_line, weixin_fields},
    {"location_select", "event", NO_WINDOW, false, false, NULL, key_given, pictures_line,
     select_fields},
    {"locate", "event", NO_WINDOW, false, false, NULL, NULL, locate_line, locate_fields},
    {"subscribe", "event", NO_WINDOW, true, true, NULL, templates_given, subscribe_line,
     subscribe_fields},
    {"modify", "event", NO_WINDOW, true, true, NULL, content_optional, modify_line, modify_fields},
    {"revoke", "event", NO_WINDOW, true, true, NULL, content_optional, revoke_line, revoke_fields},
    {"cancel", "event", NO_WINDOW, true, true, NULL, content_optional, cancel_line, cancel_fields},
    {"text", "text", MESSAGE_WINDOW, false, false, NULL, content_given, text_line, text_fields},
    {"image", "image", MESSAGE_WINDOW, false, false, "image", url_optional, image_line,
     image_fields},
    {"voice", "voice", MESSAGE_WINDOW, false, false, "voice", content_optional, voice_line,
     voice_fields},
    {"video", "video", MESSAGE_WINDOW, false, false, "video", NULL, video_line, video_fields},
    {"link", "link", MESSAGE_WINDOW, false, false, NULL, link_given, link_line, link_fields},
    {"location", "location", MESSAGE_WINDOW, false, false, NULL, content_optional, location_line,
     location_fields},
};

static const struct way *way_find(const char *type) {
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(ways[i].type, type))
            return &ways[i];
    return NULL;
}

/* How somebody came to follow stays on file; tags go with them. */
static void follow(struct person *person, const struct doing *doing, bool following) {
    json_t *file = person_file(person);
    char *end;
    long number = strtol(doing->scene, &end, 10);
    bool is_number = *doing->scene && !*end;
    json_object_del(file, "tags");
    if (following && json_object_update_new(
                         file, json_pack("{ss ss si}", "scene",
                                         *doing->scene ? "ADD_SCENE_QR_CODE" : "ADD_SCENE_SEARCH",
                                         "qr_scene_str", is_number ? "" : doing->scene, "qr_scene",
                                         is_number ? (int)number : 0)))
        must(NULL);
    if (!*doing->scene) { /* most come so, and there may be many */
        json_decref(person->file);
        person->file = NULL;
    }
    person_follow(person, following);
}

/* Follows, unfollows, and opens the windows for customer-service messages. */
static void take_effect(struct person *person, const struct way *way, const struct doing *doing) {
    int64_t now = world_now_ms(person->account->world);
    if (!strcmp(way->type, "follow") || !strcmp(way->type, "unfollow"))
        follow(person, doing, !strcmp(way->type, "follow"));
    else if (!strcmp(way->type, "subscribe"))
        subscribe(person, doing);
    if (way->window == TAP_WINDOW)
        person->tap = (struct window){TAP_LEFT, now + ONE_MINUTE};
    else if (way->window == MESSAGE_WINDOW && !*doing->menuid)
        person->message = (struct window){MESSAGE_LEFT, now + HOURS_48};
    if (way->window != NO_WINDOW && !doing->unseen)
        person_changed(person);
}

static uint64_t perform(const struct act *order, const struct way *way, const struct doing *doing) {
    struct person *person = order->person;
    bool event = !strcmp(way->message, "event");
    const char *xml = message_write(doing->ctx, person->account, person->openid, way->message,
                                    way->fields(doing));
    take_effect(person, way, doing);
    const struct item *item = NULL;
    if (!order->unseen)
        item = world_say(person, event ? "system" : "me", event ? "event" : way->type,
                         way->line(doing), NULL);
    push_send(&(struct push_order){
        .account = person->account,
        .openid = person->openid,
        .xml = xml,
        .attempts = 3,
        .person = way->silent || order->unseen ? NULL : person,
        .item = item,
        .after_message = !event,
        .done = order->done,
        .data = order->data,
    });
    return item ? item->seq : 0;
}

/* What the person sends can be fetched: a small picture, silence, the beginning of a video. */
static const char *media_make(const struct doing *doing, const char *type,
                              struct account *account) {
    static const char silence[] = "#!AMR\n\x3c\x91\x17\x16\xbe\x66", film[] =
                                                                         "\0\0\0\x18"
                                                                         "ftypmp42";
    bool image = !strcmp(type, "image"), voice = !strcmp(type, "voice");
    size_t length = voice ? sizeof silence - 1 : sizeof film - 1;
    const void *bytes = image   ? picture_of_code(doing->ctx, doing->message_id, 4, &length)
                        : voice ? silence
                                : film;
    const char *id =
        media_keep(doing->ctx, account, bytes, length, world_now_ms(account->world) + THREE_DAYS,
                   json_pack("{ss ss ss}", "type", type, "content_type",
                             image   ? "image/png"
                             : voice ? "audio/amr"
                                     : "video/mp4",
                             "extension",
                             image   ? "png"
                             : voice ? "amr"
                                     : "mp4"));
    return id ? id : doing->media_id;
}

/* The code in front of the camera. Returns NULL, or what is wrong with it. */
static const char *code_read(struct doing *doing, const struct account *account) {
    if (!*doing->ticket) {
        const char *ticket = *doing->scene ? qrcode_ticket(account, doing->scene) : NULL;
        doing->ticket = ticket ? ticket : doing->media_id;
        return NULL;
    }
    const json_t *code = qrcode_find(account, doing->ticket);
    if (code)
        doing->scene = qrcode_scene(doing->ctx, code);
    return code ? NULL : "the code is none, or has expired";
}

int act(void *ctx, const struct act *order, uint64_t *seq, const char **reason) {
    const json_t *request = order->request;
    struct person *person = order->person;
    struct doing doing = {
        .ctx = ctx,
        .account = person->account,
        .openid = person->openid,
        .unseen = order->unseen,
        .templates = json_object_get(request, "templates"),
        .content = value_string(request, "content"),
        .key = value_string(request, "key"),
        .url = value_string(request, "url"),
        .scene = value_string(request, "scene"),
        .ticket = value_string(request, "ticket"),
        .menuid = value_string(request, "menuid"),
        .message_id = must(talloc_asprintf(ctx, "%" PRIu64, world_message_id())),
        .media_id = world_random(ctx, 64),
    };
    const struct way *way = way_find(value_string(request, "type"));
    *reason = code_read(&doing, person->account);
    if (*reason)
        return 409;
    if (way && !strcmp(way->type, "scan") && !person->following && scene_given(&doing))
        way = way_find("follow");
    *reason = !way                            ? "no such type"
              : way->fit && !way->fit(&doing) ? "what this type needs is missing or too long"
                                              : NULL;
    if (*reason)
        return 400;
    if (!strcmp(way->type, "follow") ? person->following : !person->following && !way->anyone) {
        *reason = person->following ? "follows already" : "does not follow";
        return 409;
    }
    if (way->media && !order->unseen)
        doing.media_id = media_make(&doing, way->media, person->account);
    *seq = perform(order, way, &doing);
    return 0;
}
