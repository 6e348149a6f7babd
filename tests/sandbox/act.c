#include "act.h"

#include "bot/config.h"
#include "message.h"
#include "push.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_MOST    8192 /* bytes a person types at once */
#define KEY_MOST     128
#define URL_MOST     1024
#define HOURS_48     (48LL * 3600 * 1000)
#define ONE_MINUTE   (60LL * 1000)
#define MESSAGE_LEFT 5 /* customer-service messages after a message, api.md §5 */
#define TAP_LEFT     3 /* and after a tap, a follow, a scan */

struct doing {
    void *ctx;
    const struct account *account;
    const char *content, *key, *url, *scene, *menuid; /* as asked, "" when absent */
    const char *message_id, *media_id;                /* fresh ones */
};

/* One way to act. */
struct way {
    const char *type;
    const char *message; /* MsgType */
    enum { NO_WINDOW, MESSAGE_WINDOW, TAP_WINDOW } window;
    bool silent;                            /* whatever the bot answers is not shown */
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
        {"Ticket", doing->media_id, false});
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
                  {"Ticket", doing->media_id, false});
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

/* ---- doing it ---- */

static const struct way ways[] = {
    {"follow", "event", TAP_WINDOW, false, scene_optional, follow_line, follow_fields},
    {"unfollow", "event", NO_WINDOW, true, NULL, unfollow_line, unfollow_fields},
    {"scan", "event", TAP_WINDOW, false, scene_given, scan_line, scan_fields},
    {"click", "event", TAP_WINDOW, false, key_given, click_line, click_fields},
    {"view", "event", NO_WINDOW, true, url_given, view_line, view_fields},
    {"text", "text", MESSAGE_WINDOW, false, content_given, text_line, text_fields},
    {"image", "image", MESSAGE_WINDOW, false, url_optional, image_line, image_fields},
    {"voice", "voice", MESSAGE_WINDOW, false, content_optional, voice_line, voice_fields},
    {"location", "location", MESSAGE_WINDOW, false, content_optional, location_line,
     location_fields},
};

static const struct way *way_find(const char *type) {
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(ways[i].type, type))
            return &ways[i];
    return NULL;
}

/* Follows, unfollows, and opens the windows for customer-service messages. */
static void take_effect(struct person *person, const struct way *way, const char *menuid) {
    int64_t now = world_now_ms(person->account->world);
    if (!strcmp(way->type, "follow") || !strcmp(way->type, "unfollow"))
        world_follow(person, !strcmp(way->type, "follow"));
    if (way->window == TAP_WINDOW)
        person->tap = (struct window){TAP_LEFT, now + ONE_MINUTE};
    else if (way->window == MESSAGE_WINDOW && !*menuid)
        person->message = (struct window){MESSAGE_LEFT, now + HOURS_48};
    if (way->window != NO_WINDOW)
        world_windows(person);
}

static uint64_t perform(struct person *person, const struct way *way, const struct doing *doing) {
    bool event = !strcmp(way->message, "event");
    const char *xml = message_write(doing->ctx, person->account, person->openid, way->message,
                                    way->fields(doing));
    take_effect(person, way, doing->menuid);
    const struct item *item = world_say(person, event ? "system" : "me",
                                        event ? "event" : way->type, way->line(doing), NULL);
    push_send(&(struct push_order){
        .account = person->account,
        .openid = person->openid,
        .xml = xml,
        .attempts = 3,
        .person = way->silent ? NULL : person,
        .item = item,
        .after_message = !event,
    });
    return item->seq;
}

/* Whose QR codes, pictures and voices these are does not matter, only that each is another. */
static const char *media_id_make(void *ctx) {
    uint8_t bytes[32];
    char hex[WX_FINGERPRINT_SIZE];
    if (wx_random(bytes, sizeof bytes))
        must(NULL);
    wx_fingerprint(bytes, sizeof bytes, hex);
    return must(talloc_strdup(ctx, hex));
}

int act(void *ctx, struct person *person, const json_t *request, uint64_t *seq,
        const char **reason) {
    struct doing doing = {
        .ctx = ctx,
        .account = person->account,
        .content = value_string(request, "content"),
        .key = value_string(request, "key"),
        .url = value_string(request, "url"),
        .scene = value_string(request, "scene"),
        .menuid = value_string(request, "menuid"),
        .message_id = must(talloc_asprintf(ctx, "%" PRIu64, world_message_id())),
        .media_id = media_id_make(ctx),
    };
    const struct way *way = way_find(value_string(request, "type"));
    if (way && !strcmp(way->type, "scan") && !person->following && scene_given(&doing))
        way = way_find("follow");
    *reason = !way                            ? "no such type"
              : way->fit && !way->fit(&doing) ? "what this type needs is missing or too long"
                                              : NULL;
    if (*reason)
        return 400;
    if (!strcmp(way->type, "follow") == person->following) {
        *reason = person->following ? "follows already" : "does not follow";
        return 409;
    }
    *seq = perform(person, way, &doing);
    return 0;
}
