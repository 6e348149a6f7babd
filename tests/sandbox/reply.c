#include "reply.h"

#include "bot/config.h"
#include "message.h"
#include "wx/error.h"

#include <errno.h>
#include <mxml.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MOST      2048 /* bytes; beyond it WeChat shows the failure notice */
#define ARTICLES_EVENT 8
#define ARTICLES_OTHER 1

static void quiet(const char *message) {
    (void)message; /* a broken reply is told by reply->reason */
}

/* ---- XML ---- */

static int tree_end(mxml_node_t **tree) {
    mxmlDelete(*tree);
    return 0;
}

/* The <xml> of a text, which lives as long as ctx; NULL if it has none. */
static mxml_node_t *root_read(void *ctx, const char *text) {
    if (!text || strstr(text, "<!DOCTYPE"))
        return NULL;
    mxmlSetErrorCallback(quiet);
    mxml_node_t *tree = mxmlLoadString(NULL, text, MXML_OPAQUE_CALLBACK);
    if (!tree)
        return NULL;
    mxml_node_t **kept = must(talloc(ctx, mxml_node_t *));
    *kept = tree;
    talloc_set_destructor(kept, tree_end);
    const char *name = mxmlGetElement(tree);
    if (name && !strcmp(name, "xml"))
        return tree;
    return mxmlFindElement(tree, tree, "xml", NULL, NULL, MXML_DESCEND_FIRST);
}

static mxml_node_t *child(mxml_node_t *parent, const char *name) {
    return parent ? mxmlFindElement(parent, parent, name, NULL, NULL, MXML_DESCEND_FIRST) : NULL;
}

/* The text of an element; CDATA, where there is any, is all of it. */
static const char *text_of(void *ctx, mxml_node_t *element) {
    char *text = must(talloc_strdup(ctx, "")), *cdata = must(talloc_strdup(ctx, ""));
    bool has_cdata = false;
    for (mxml_node_t *at = element ? mxmlGetFirstChild(element) : NULL; at;
         at = mxmlGetNextSibling(at)) {
        if (mxmlGetType(at) == MXML_OPAQUE) {
            text = must(talloc_strdup_append(text, mxmlGetOpaque(at)));
        } else if (mxmlGetCDATA(at)) {
            cdata = must(talloc_strdup_append(cdata, mxmlGetCDATA(at)));
            has_cdata = true;
        }
    }
    return has_cdata ? cdata : text;
}

static const char *text_at(void *ctx, mxml_node_t *parent, const char *name) {
    return text_of(ctx, child(parent, name));
}

/* ---- JSON ---- */

static json_t *element_json(void *ctx, mxml_node_t *element);

/* Adds an element to an object; a second of its name makes a list. */
static void member_add(void *ctx, json_t *object, mxml_node_t *element) {
    const char *name = mxmlGetElement(element);
    json_t *before = json_object_get(object, name), *value = element_json(ctx, element);
    int failed = 0;
    if (json_is_array(before))
        failed = json_array_append_new(before, value);
    else if (before)
        failed = json_object_set_new(object, name, json_pack("[Oo]", before, value));
    else
        failed = json_object_set_new(object, name, value);
    if (failed)
        must(NULL);
}

static json_t *element_json(void *ctx, mxml_node_t *element) {
    json_t *object = must(json_object());
    bool has_cdata = false;
    for (mxml_node_t *at = mxmlGetFirstChild(element); at; at = mxmlGetNextSibling(at)) {
        has_cdata |= mxmlGetCDATA(at) != NULL;
        if (mxmlGetType(at) == MXML_ELEMENT && !mxmlGetCDATA(at))
            member_add(ctx, object, at);
    }
    if (json_object_size(object))
        return object;
    json_decref(object);
    const char *text = text_of(ctx, element);
    size_t digits = strspn(text, "0123456789");
    errno = 0;
    long long number = strtoll(text, NULL, 10);
    bool is_number = !has_cdata && digits && !text[digits] && !errno;
    return is_number ? must(json_integer(number)) : value_bytes(text, strlen(text));
}

json_t *reply_xml_as_json(void *ctx, const char *xml) {
    mxml_node_t *root = root_read(ctx, xml);
    return root ? value_keep(ctx, element_json(ctx, root)) : NULL;
}

/* The other way: what a reply in JSON would be in XML, whose lists have items. */
static char *json_xml(char *xml, const json_t *value, const char *name) {
    const char *key;
    const json_t *member;
    size_t index;
    xml = must(talloc_asprintf_append(xml, "<%s>", name));
    if (json_is_string(value)) {
        char *text = message_element(NULL, name, json_string_value(value));
        xml = must(talloc_strdup_append(xml, strchr(text, '>') + 1));
        talloc_free(text);
        return xml; /* with its end */
    }
    if (json_is_integer(value))
        xml = must(talloc_asprintf_append(xml, "%lld", (long long)json_integer_value(value)));
    json_object_foreach((json_t *)value, key, member) {
        xml = json_xml(xml, member, key);
    }
    json_array_foreach(value, index, member) {
        xml = json_xml(xml, member, "item");
    }
    return must(talloc_asprintf_append(xml, "</%s>", name));
}

/* The root of a reply in either format. */
static mxml_node_t *either_read(void *ctx, const char *text) {
    if (text[strspn(text, " \t\r\n")] != '{')
        return root_read(ctx, text);
    json_t *json = json_loads(text, 0, NULL);
    char *xml = json ? json_xml(must(talloc_strdup(ctx, "")), json, "xml") : NULL;
    json_decref(json);
    return root_read(ctx, xml);
}

const char *reply_element(void *ctx, const char *xml, const char *name) {
    return text_at(ctx, root_read(ctx, xml), name);
}

/* ---- the envelope ---- */

/* Opens an envelope whose root is `root`. Returns NULL with *reason. */
static const char *envelope_open(void *ctx, const struct account *account, mxml_node_t *root,
                                 const char **reason) {
    const struct config_account *config = account->config;
    const char *sealed = text_at(ctx, root, "Encrypt");
    const char *parts[] = {config->token, text_at(ctx, root, "TimeStamp"),
                           text_at(ctx, root, "Nonce"), sealed};
    char signature[WX_SIGNATURE_SIZE];
    char *message;
    size_t length;
    wx_sign(parts, 4, signature);
    if (!wx_signature_equal(signature, text_at(ctx, root, "MsgSignature"))) {
        *reason = "MsgSignature does not match";
        return NULL;
    }
    if (wx_envelope_open(ctx, config->wx.key, config->appid, sealed, strlen(sealed), &message,
                         &length)) {
        *reason = "Encrypt cannot be opened";
        return NULL;
    }
    if (strlen(message) != length) {
        *reason = "a NUL inside the sealed reply";
        return NULL;
    }
    return message;
}

const char *reply_open(void *ctx, const struct account *account, const char *body, size_t length) {
    const char *reason;
    mxml_node_t *root = either_read(ctx, must(talloc_strndup(ctx, body, length)));
    bool sealed = account->config->wx.mode != WX_MODE_PLAIN && child(root, "Encrypt");
    return sealed ? envelope_open(ctx, account, root, &reason) : NULL;
}

/* ---- the kinds ---- */

struct reading {
    void *ctx;
    mxml_node_t *root;
    bool after_message;
    struct reply *reply;
};

static void broken(struct reading *reading, const char *reason) {
    reading->reply->kind = REPLY_BROKEN;
    reading->reply->reason = reason;
}

/* An entity may name what is no character (&#xD800;): that becomes U+FFFD. */
static void field_set(json_t *object, const char *name, const char *text) {
    if (json_object_set_new(object, name, value_bytes(text, strlen(text))))
        must(NULL);
}

static void text_read(struct reading *reading) {
    const char *text = text_at(reading->ctx, reading->root, "Content");
    if (!*text)
        broken(reading, "Content is empty");
    else if (strlen(text) > TEXT_MOST)
        broken(reading, "Content is longer than 2048 bytes");
    else
        field_set(reading->reply->fields, "text", text);
}

static void article_read(struct reading *reading, mxml_node_t *item, json_t *articles) {
    static const char *const names[][2] = {
        {"Title", "title"}, {"Description", "description"}, {"PicUrl", "picurl"}, {"Url", "url"}};
    json_t *article = must(json_object());
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        field_set(article, names[i][1], text_at(reading->ctx, item, names[i][0]));
    if (json_array_append_new(articles, article))
        must(NULL);
}

static void news_read(struct reading *reading) {
    size_t most = reading->after_message ? ARTICLES_OTHER : ARTICLES_EVENT;
    mxml_node_t *list = child(reading->root, "Articles");
    json_t *articles = must(json_array());
    for (mxml_node_t *item = child(list, "item"); item;
         item = mxmlFindElement(item, list, "item", NULL, NULL, MXML_NO_DESCEND))
        article_read(reading, item, articles);
    const char *count = text_at(reading->ctx, reading->root, "ArticleCount");
    size_t have = json_array_size(articles);
    if (json_object_set_new(reading->reply->fields, "articles", articles))
        must(NULL);
    if (strcmp(count, talloc_asprintf(reading->ctx, "%zu", have)))
        broken(reading, "ArticleCount is not the number of articles");
    else if (!have)
        broken(reading, "news without an article");
    else if (have > most)
        broken(reading, reading->after_message ? "more than 1 article after a message"
                                               : "more than 8 articles");
}

/* Elements of one container, and how the page calls them. The first must not be empty. */
static void media_read(struct reading *reading, const char *container,
                       const char *const names[][2]) {
    mxml_node_t *media = child(reading->root, container);
    for (size_t i = 0; names[i][0]; i++) {
        const char *text = text_at(reading->ctx, media, names[i][0]);
        if (i == 0 && !*text)
            broken(reading, "the media element is missing or empty");
        field_set(reading->reply->fields, names[i][1], text);
    }
}

static void image_read(struct reading *reading) {
    media_read(reading, "Image", (const char *const[][2]){{"MediaId", "mediaId"}, {NULL, NULL}});
}

static void voice_read(struct reading *reading) {
    media_read(reading, "Voice", (const char *const[][2]){{"MediaId", "mediaId"}, {NULL, NULL}});
}

static void video_read(struct reading *reading) {
    media_read(reading, "Video",
               (const char *const[][2]){{"MediaId", "mediaId"},
                                        {"Title", "title"},
                                        {"Description", "description"},
                                        {NULL, NULL}});
}

static void music_read(struct reading *reading) {
    media_read(reading, "Music",
               (const char *const[][2]){{"ThumbMediaId", "thumbMediaId"},
                                        {"Title", "title"},
                                        {"Description", "description"},
                                        {"MusicUrl", "musicUrl"},
                                        {"HQMusicUrl", "hqMusicUrl"},
                                        {NULL, NULL}});
}

static void transfer_read(struct reading *reading) {
    reading->reply->item = ""; /* the person is handed over without a word */
}

static const struct {
    const char *type;
    void (*read)(struct reading *reading);
} kinds[] = {
    {"text", text_read},
    {"news", news_read},
    {"image", image_read},
    {"voice", voice_read},
    {"video", video_read},
    {"music", music_read},
    {"transfer_customer_service", transfer_read},
};

static void kind_read(struct reading *reading) {
    const char *type = text_at(reading->ctx, reading->root, "MsgType");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].type, type))
            continue;
        reading->reply->kind = REPLY_SHOWN;
        reading->reply->item = kinds[i].type;
        kinds[i].read(reading);
        return;
    }
    broken(reading, "MsgType is none a reply can have");
}

/* ---- the whole ---- */

/* Who it is from and to, and when; NULL or what is wrong with that. */
static const char *misaddressed(const struct reading *reading, const struct account *account,
                                const char *openid) {
    void *ctx = reading->ctx;
    const char *time = text_at(ctx, reading->root, "CreateTime");
    if (openid && strcmp(text_at(ctx, reading->root, "ToUserName"), openid))
        return "ToUserName is not who wrote";
    if (strcmp(text_at(ctx, reading->root, "FromUserName"), account->config->original_id))
        return "FromUserName is not the account";
    if (!*time || time[strspn(time, "0123456789")])
        return "CreateTime is no number";
    return NULL;
}

static bool valid_text(const char *text, size_t length) {
    json_t *value = json_stringn(text, length);
    bool valid = value && strlen(text) == length;
    json_decref(value);
    return valid;
}

static bool says_nothing(const char *text) {
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    return !length || (length == 7 && !strncmp(text, "success", 7));
}

/* Finds the root of the reply itself, inside the envelope if there is one. Returns NULL or what is
 * wrong. */
static const char *unwrap(struct reading *reading, const struct account *account,
                          const char *text) {
    enum wx_mode mode = account->config->wx.mode;
    const char *reason = NULL;
    reading->root = either_read(reading->ctx, text);
    if (!reading->root)
        return "neither success nor a reply";
    if (mode == WX_MODE_PLAIN)
        return NULL;
    if (!child(reading->root, "Encrypt"))
        return mode == WX_MODE_SAFE ? "a plain reply from an account in safe mode" : NULL;
    const char *plain = envelope_open(reading->ctx, account, reading->root, &reason);
    reading->reply->plain = plain;
    if (!plain)
        return reason;
    if (!valid_text(plain, strlen(plain)))
        return "not UTF-8";
    reading->root = either_read(reading->ctx, plain);
    return reading->root ? NULL : "what was sealed is no reply";
}

void reply_read(void *ctx, const struct account *account, const char *openid, bool after_message,
                const char *body, size_t length, struct reply *reply) {
    struct reading reading = {.ctx = ctx, .after_message = after_message, .reply = reply};
    const char *text = must(talloc_strndup(ctx, body, length));
    *reply = (struct reply){.item = "", .reason = ""};
    reply->fields = value_keep(ctx, json_object());
    const char *wrong = valid_text(text, length) ? NULL : "not UTF-8";
    if (!wrong && says_nothing(text))
        return;
    if (!wrong)
        wrong = unwrap(&reading, account, text);
    if (!wrong)
        wrong = misaddressed(&reading, account, openid);
    if (wrong)
        broken(&reading, wrong);
    else
        kind_read(&reading);
}
