#include "content.h"

#include "article.h"
#include "media.h"

#include <ctype.h>
#include <string.h>

#define TEXT_MOST 2048 /* bytes */

static const char *const to_media[][2] = {{"media_id", "mediaId"}, {NULL, NULL}};
static const char *const to_video[][2] = {{"media_id", "mediaId"},
                                          {"thumb_media_id", "thumbMediaId"},
                                          {"title", "title"},
                                          {"description", "description"},
                                          {NULL, NULL}};
static const char *const to_card[][2] = {{"card_id", "cardId"}, {NULL, NULL}};
static const char *const to_program[][2] = {{"appid", "appid"},
                                            {"title", "title"},
                                            {"pagepath", "pagePath"},
                                            {"thumb_media_id", "thumbMediaId"},
                                            {NULL, NULL}};
static const char *const to_music[][2] = {
    {"thumb_media_id", "thumbMediaId"}, {"title", "title"},
    {"description", "description"},     {"musicurl", "musicUrl"},
    {"hqmusicurl", "hqMusicUrl"},       {NULL, NULL}};

struct reading {
    void *ctx;
    const struct account *account;
    const json_t *object;          /* named like its msgtype */
    const char *media;             /* type of the medium named first, NULL: none has to exist */
    const char *const (*names)[2]; /* of the object, and of the item */
    struct content *content;
};

/* Each fills the fields of an item. Returns an errcode. */
typedef int reader(struct reading *reading);

static void field_set(json_t *fields, const char *name, const char *text) {
    if (json_object_set_new(fields, name, must(json_string(text))))
        must(NULL);
}

static int text_read(struct reading *reading) {
    const char *text = value_string(reading->object, "content");
    if (!*text)
        return 44004;
    if (strlen(text) > TEXT_MOST)
        return 45002;
    field_set(reading->content->fields, "text", text);
    return 0;
}

/* The first name is that of what must be there. */
static int named_read(struct reading *reading) {
    const json_t *object = reading->object;
    const char *const(*names)[2] = reading->names;
    const char *id = value_string(object, names[0][0]);
    const char *thumb = value_string(object, "thumb_media_id");
    if (!*id || (reading->media && !media_is(reading->account, id, reading->media)))
        return 40007;
    if (*thumb && !media_is(reading->account, thumb, "thumb"))
        return 40007;
    for (size_t i = 0; names[i][0]; i++)
        field_set(reading->content->fields, names[i][1], value_string(object, names[i][0]));
    return 0;
}

/* Several pictures at once: the chat shows the first. */
static int images_read(struct reading *reading) {
    const json_t *ids = json_object_get(reading->object, "media_ids");
    const char *first = json_string_value(json_array_get(ids, 0));
    if (!first)
        return named_read(reading);
    size_t index;
    const json_t *id;
    json_array_foreach(ids, index, id) {
        const char *text = json_string_value(id);
        if (!media_is(reading->account, text ? text : "", "image"))
            return 40007;
    }
    field_set(reading->content->fields, "mediaId", first);
    return 0;
}

static void articles_set(struct reading *reading, json_t *cards) {
    if (json_object_set_new(reading->content->fields, "articles", cards))
        must(NULL);
}

static int draft_read(struct reading *reading) {
    const char *id = value_string(reading->object, "media_id");
    const json_t *articles = draft_articles(reading->account, id);
    if (!articles)
        return 40007;
    reading->content->draft = must(talloc_strdup(reading->ctx, id));
    articles_set(reading, article_cards(reading->ctx, reading->account, articles, NULL));
    return 0;
}

static int article_read(struct reading *reading) {
    const char *id = value_string(reading->object, "article_id");
    const json_t *article = article_find(reading->account, id);
    if (!article)
        return 40007;
    articles_set(reading, article_cards(reading->ctx, reading->account,
                                        json_object_get(article, "news_item"), id));
    return 0;
}

static int news_read(struct reading *reading) {
    static const char *const parts[] = {"title", "description", "picurl", "url"};
    const json_t *given = json_object_get(reading->object, "articles");
    if (json_array_size(given) != 1)
        return json_array_size(given) ? 45008 : 44004;
    json_t *article = must(json_object());
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        field_set(article, parts[i], value_string(json_array_get(given, 0), parts[i]));
    articles_set(reading, must(json_pack("[o]", article)));
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
static int menu_read(struct reading *reading) {
    const json_t *list = json_object_get(reading->object, "list"), *entry;
    size_t index;
    if (!json_array_size(list))
        return 44004;
    char *text = must(talloc_strdup(NULL, value_string(reading->object, "head_content")));
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
    text = must(
        talloc_asprintf_append_buffer(text, "\n%s", value_string(reading->object, "tail_content")));
    field_set(reading->content->fields, "text", text);
    talloc_free(text);
    return 0;
}

/* An image goes to many below another name. */
static const struct {
    const char *msgtype, *object, *kind;
    unsigned ways;
    reader *read;
    const char *media;
    const char *const (*names)[2];
} types[] = {
    {"text", "text", "text", CONTENT_CUSTOM | CONTENT_MASS, text_read, NULL, NULL},
    {"image", "image", "image", CONTENT_CUSTOM, named_read, "image", to_media},
    {"image", "images", "image", CONTENT_MASS, images_read, "image", to_media},
    {"image", "image", "image", CONTENT_MASS, images_read, "image", to_media},
    {"voice", "voice", "voice", CONTENT_CUSTOM | CONTENT_MASS, named_read, "voice", to_media},
    {"video", "video", "video", CONTENT_CUSTOM, named_read, "video", to_video},
    {"mpvideo", "mpvideo", "video", CONTENT_MASS, named_read, "mpvideo", to_video},
    {"music", "music", "music", CONTENT_CUSTOM, named_read, "thumb", to_music},
    {"news", "news", "news", CONTENT_CUSTOM, news_read, NULL, NULL},
    {"mpnews", "mpnews", "news", CONTENT_CUSTOM | CONTENT_MASS, draft_read, NULL, NULL},
    {"mpnewsarticle", "mpnewsarticle", "news", CONTENT_CUSTOM, article_read, NULL, NULL},
    {"msgmenu", "msgmenu", "text", CONTENT_CUSTOM, menu_read, NULL, NULL},
    {"wxcard", "wxcard", "card", CONTENT_CUSTOM | CONTENT_MASS, named_read, NULL, to_card},
    {"miniprogrampage", "miniprogrampage", "miniprogram", CONTENT_CUSTOM, named_read, NULL,
     to_program},
};

int content_read(void *ctx, const struct account *account, const json_t *body, enum content_way way,
                 struct content *content) {
    const char *msgtype = value_string(body, "msgtype");
    int errcode = 40008;
    *content = (struct content){.kind = "", .fields = value_keep(ctx, json_object())};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const json_t *object = json_object_get(body, types[i].object);
        if (strcmp(types[i].msgtype, msgtype) != 0 || !(types[i].ways & way))
            continue;
        struct reading reading = {ctx, account, object, types[i].media, types[i].names, content};
        content->kind = types[i].kind;
        errcode = types[i].read(&reading);
        if (object)
            break;
    }
    return errcode;
}
