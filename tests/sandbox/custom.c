/* POST message/custom/send. Rules: api.md §5. */

#include "call.h"

#include <ctype.h>
#include <string.h>

#define TEXT_MOST 2048 /* bytes */

static const char *const to_media[][2] = {{"media_id", "mediaId"}, {NULL, NULL}};
static const char *const to_video[][2] = {
    {"media_id", "mediaId"}, {"title", "title"}, {"description", "description"}, {NULL, NULL}};
static const char *const to_music[][2] = {
    {"thumb_media_id", "thumbMediaId"}, {"title", "title"},
    {"description", "description"},     {"musicurl", "musicUrl"},
    {"hqmusicurl", "hqMusicUrl"},       {NULL, NULL}};

/* Each reads the object named like its msgtype into the fields of an item. Returns an errcode. */
typedef int reader(const json_t *object, const char *const names[][2], json_t *fields);

static void field_set(json_t *fields, const char *name, const char *text) {
    if (json_object_set_new(fields, name, must(json_string(text))))
        must(NULL);
}

static int text_read(const json_t *object, const char *const names[][2], json_t *fields) {
    const char *text = value_string(object, "content");
    (void)names;
    if (!*text)
        return 44004;
    if (strlen(text) > TEXT_MOST)
        return 45002;
    field_set(fields, "text", text);
    return 0;
}

/* The first name is the media's, which must be there. */
static int media_read(const json_t *object, const char *const names[][2], json_t *fields) {
    if (!*value_string(object, names[0][0]))
        return 40007;
    for (size_t i = 0; names[i][0]; i++)
        field_set(fields, names[i][1], value_string(object, names[i][0]));
    return 0;
}

static int news_read(const json_t *object, const char *const names[][2], json_t *fields) {
    static const char *const parts[] = {"title", "description", "picurl", "url"};
    const json_t *given = json_object_get(object, "articles");
    (void)names;
    if (json_array_size(given) != 1)
        return json_array_size(given) ? 45008 : 44004;
    json_t *article = must(json_object());
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        field_set(article, parts[i], value_string(json_array_get(given, 0), parts[i]));
    if (json_object_set_new(fields, "articles", json_pack("[o]", article)))
        must(NULL);
    return 0;
}

/* Appends a text, percent-encoded for a URL or escaped for HTML. */
static char *encode(char *to, const char *text, bool url) {
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (url ? isalnum(c) : !strchr("<>&\"", c))
            to = must(talloc_strndup_append_buffer(to, text, 1));
        else
            to = must(talloc_asprintf_append_buffer(to, url ? "%%%02X" : "&#%u;", c));
    }
    return to;
}

/* A menu message is a text whose lines are links. */
static int menu_read(const json_t *object, const char *const names[][2], json_t *fields) {
    const json_t *list = json_object_get(object, "list"), *entry;
    size_t index;
    (void)names;
    if (!json_array_size(list))
        return 44004;
    char *text = must(talloc_strdup(NULL, value_string(object, "head_content")));
    json_array_foreach(list, index, entry) {
        const char *content = value_string(entry, "content");
        text = must(
            talloc_strdup_append_buffer(text, "\n<a href=\"weixin://bizmsgmenu?msgmenucontent="));
        text = encode(text, content, true);
        text = must(talloc_strdup_append_buffer(text, "&msgmenuid="));
        text = encode(text, value_string(entry, "id"), true);
        text = must(talloc_strdup_append_buffer(text, "\">"));
        text = encode(text, content, false);
        text = must(talloc_strdup_append_buffer(text, "</a>"));
    }
    text = must(talloc_asprintf_append_buffer(text, "\n%s", value_string(object, "tail_content")));
    field_set(fields, "text", text);
    talloc_free(text);
    return 0;
}

static const struct {
    const char *msgtype, *item;
    reader *read;
    const char *const (*names)[2];
} types[] = {
    {"text", "text", text_read, NULL},        {"news", "news", news_read, NULL},
    {"image", "image", media_read, to_media}, {"voice", "voice", media_read, to_media},
    {"video", "video", media_read, to_video}, {"music", "music", media_read, to_music},
    {"msgmenu", "text", menu_read, NULL},
};

static int content_read(const json_t *body, const char **item, json_t *fields) {
    const char *msgtype = value_string(body, "msgtype");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].msgtype, msgtype))
            continue;
        *item = types[i].item;
        return types[i].read(json_object_get(body, msgtype), types[i].names, fields);
    }
    return 40008;
}

/* The window this message would use up, or NULL with *errcode. */
static struct window *window_open(struct person *person, int *errcode) {
    int64_t now = world_now_ms(person->account->world);
    struct window *const windows[] = {&person->tap, &person->message}; /* the shorter first */
    *errcode = 45015;
    for (size_t i = 0; person->following && i < 2; i++) {
        if (windows[i]->until <= now)
            continue;
        if (windows[i]->left > 0)
            return windows[i];
        *errcode = 45047;
    }
    return NULL;
}

static void deliver(struct call *call, struct person *person, const char *kind, json_t *fields) {
    world_sent(call->account,
               json_pack("{sI ss ss ss ss si si sb}", "at", (json_int_t)world_now_ms(call->world),
                         "endpoint", "message/custom/send", "openid", person->openid,
                         "client_msg_id", "", "template_id", "", "msgid", 0, "errcode", 0, "shown",
                         true));
    call_shows(call, world_say(person, "account", kind, json_incref(fields), NULL));
    call_accept(call, 0);
}

void custom_send(struct call *call) {
    struct person *person = world_person(call->account, value_string(call->body, "touser"));
    json_t *fields = value_keep(call->request->ctx, json_object());
    const char *kind = "";
    int errcode = person ? content_read(call->body, &kind, fields) : 40003;
    struct window *window = errcode ? NULL : window_open(person, &errcode);
    if (!window) {
        call_refuse(call, errcode, NULL);
        return;
    }
    window->left--;
    world_windows(person);
    deliver(call, person, kind, fields);
}
