#include "wx/reply.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define ROOM     1024 /* what most replies need, so that most are one allocation */
#define ELLIPSIS "…"

/* The reply as it grows. After a failed allocation every further piece is dropped. */
struct writer {
    char *text;
    size_t length, room;
    bool failed;
    bool json;  /* else XML */
    bool comma; /* the next member of JSON is not the first */
};

static void put(struct writer *writer, const char *piece, size_t length) {
    if (writer->failed)
        return;
    if (writer->length + length >= writer->room) {
        size_t room = 2 * (writer->length + length + 1);
        char *text = talloc_realloc_size(NULL, writer->text, room);
        if (!text) {
            writer->failed = true;
            return;
        }
        writer->text = text;
        writer->room = room;
    }
    memcpy(writer->text + writer->length, piece, length);
    writer->length += length;
    writer->text[writer->length] = '\0';
}

static void put_string(struct writer *writer, const char *piece) {
    put(writer, piece, strlen(piece));
}

/* How much of `text` may be shown: the bytes XML allows, in the first `limit` of those. Where that
 * is not all, it is as much as leaves room for an ellipsis, and *cut is set. */
static size_t shown(const char *text, size_t limit, bool *cut) {
    size_t left = strlen(text), at = 0, kept = 0, end = 0;
    *cut = false;
    if (left <= limit)
        return left;
    while (at < left) {
        size_t size = wx_utf8_char(text + at, left - at);
        if (kept + size > limit) {
            *cut = true;
            return end;
        }
        kept += size;
        at += size ? size : 1;
        if (kept + strlen(ELLIPSIS) <= limit)
            end = at;
    }
    return left;
}

/* CDATA of what XML allows in `text`, and of `suffix`. A "]]>" in it is split over two sections; it
 * is looked for in what is written, as dropping a byte may be what brings it about. */
static void put_cdata(struct writer *writer, const char *text, size_t length, const char *suffix) {
    size_t brackets = 0, from = 0, at = 0;
    put_string(writer, "<![CDATA[");
    while (at < length) {
        size_t size = wx_utf8_char(text + at, length - at);
        bool splits = text[at] == '>' && brackets >= 2;
        if (size == 0 || splits) {
            put(writer, text + from, at - from);
            from = size == 0 ? at + 1 : at;
        }
        if (splits)
            put_string(writer, "]]><![CDATA[");
        if (size > 0)
            brackets = text[at] == ']' ? brackets + 1 : 0;
        at += size ? size : 1;
    }
    put(writer, text + from, length - from);
    put_string(writer, suffix);
    put_string(writer, "]]>");
}

/* A string of JSON: what XML allows in `text`, for WeChat has one store for both, and `suffix`. */
static void put_quoted(struct writer *writer, const char *text, size_t length, const char *suffix) {
    static const char escaped[] = "\"\\\n\r\t", by[] = "\"\\nrt";
    size_t from = 0, at = 0;
    put_string(writer, "\"");
    while (at < length) {
        size_t size = wx_utf8_char(text + at, length - at);
        const char *found = size == 1 ? strchr(escaped, text[at]) : NULL;
        if (size == 0 || found) {
            put(writer, text + from, at - from);
            from = at + 1;
        }
        if (found)
            put(writer, (const char[]){'\\', by[found - escaped]}, 2);
        at += size ? size : 1;
    }
    put(writer, text + from, length - from);
    put_string(writer, suffix);
    put_string(writer, "\"");
}

/* ---- the two formats ---- */

/* The name of a member of JSON; the colon follows. */
static void put_name(struct writer *writer, const char *name) {
    put_string(writer, writer->comma ? ",\"" : "\"");
    put_string(writer, name);
    put_string(writer, "\":");
    writer->comma = true;
}

static void put_tag(struct writer *writer, const char *before, const char *name) {
    put_string(writer, before);
    put_string(writer, name);
    put_string(writer, ">");
}

/* A container, until close(): `bracket` is "{" or, for a list, "[". */
static void open_container(struct writer *writer, const char *name, const char *bracket) {
    if (!writer->json) {
        put_tag(writer, "<", name);
        return;
    }
    put_name(writer, name);
    put_string(writer, bracket);
    writer->comma = false;
}

static void close_container(struct writer *writer, const char *name, const char *bracket) {
    if (writer->json)
        put_string(writer, bracket);
    else
        put_tag(writer, "</", name);
    writer->comma = true;
}

/* An item of a list has a name in XML only. */
static void open_item(struct writer *writer, const char *name) {
    if (writer->json)
        put_string(writer, writer->comma ? ",{" : "{");
    else
        put_tag(writer, "<", name);
    writer->comma = false;
}

static void put_limited(struct writer *writer, const char *name, const char *value, size_t limit) {
    bool cut;
    if (!value)
        value = "";
    size_t length = shown(value, limit, &cut);
    const char *suffix = cut ? ELLIPSIS : "";
    if (writer->json) {
        put_name(writer, name);
        put_quoted(writer, value, length, suffix);
        return;
    }
    put_tag(writer, "<", name);
    put_cdata(writer, value, length, suffix);
    put_tag(writer, "</", name);
}

static void put_element(struct writer *writer, const char *name, const char *value) {
    put_limited(writer, name, value, SIZE_MAX);
}

static void put_optional(struct writer *writer, const char *name, const char *value) {
    if (value && *value)
        put_element(writer, name, value);
}

static void put_number(struct writer *writer, const char *name, int64_t number) {
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    if (writer->json)
        put_name(writer, name);
    else
        put_tag(writer, "<", name);
    put_string(writer, digits);
    if (!writer->json)
        put_tag(writer, "</", name);
}

/* ---- one function a kind ---- */

static void write_text(struct writer *writer, const struct wx_reply *reply, size_t articles) {
    (void)articles;
    put_limited(writer, "Content", reply->text, LIMIT_REPLY_TEXT);
}

static void write_news(struct writer *writer, const struct wx_reply *reply, size_t articles) {
    put_number(writer, "ArticleCount", (int64_t)articles);
    open_container(writer, "Articles", "[");
    for (size_t i = 0; i < articles; i++) {
        open_item(writer, "item");
        put_element(writer, "Title", reply->articles[i].title);
        put_element(writer, "Description", reply->articles[i].description);
        put_element(writer, "PicUrl", reply->articles[i].pic_url);
        put_element(writer, "Url", reply->articles[i].url);
        close_container(writer, "item", "}");
    }
    close_container(writer, "Articles", "]");
}

static void write_image(struct writer *writer, const struct wx_reply *reply, size_t articles) {
    (void)articles;
    open_container(writer, "Image", "{");
    put_element(writer, "MediaId", reply->media_id);
    close_container(writer, "Image", "}");
}

static void write_voice(struct writer *writer, const struct wx_reply *reply, size_t articles) {
    (void)articles;
    open_container(writer, "Voice", "{");
    put_element(writer, "MediaId", reply->media_id);
    close_container(writer, "Voice", "}");
}

static void write_video(struct writer *writer, const struct wx_reply *reply, size_t articles) {
    (void)articles;
    open_container(writer, "Video", "{");
    put_element(writer, "MediaId", reply->media_id);
    put_element(writer, "Title", reply->title);
    put_element(writer, "Description", reply->description);
    close_container(writer, "Video", "}");
}

static void write_music(struct writer *writer, const struct wx_reply *reply, size_t articles) {
    (void)articles;
    open_container(writer, "Music", "{");
    put_element(writer, "Title", reply->title);
    put_element(writer, "Description", reply->description);
    put_element(writer, "MusicUrl", reply->music_url);
    put_element(writer, "HQMusicUrl", reply->hq_music_url);
    put_optional(writer, "ThumbMediaId", reply->thumb_media_id);
    close_container(writer, "Music", "}");
}

static void write_transfer(struct writer *writer, const struct wx_reply *reply, size_t articles) {
    (void)articles;
    if (!reply->kf_account || !*reply->kf_account)
        return;
    open_container(writer, "TransInfo", "{");
    put_element(writer, "KfAccount", reply->kf_account);
    close_container(writer, "TransInfo", "}");
}

/* `main` is the string without which there is no reply; transfer and music need none. */
static const struct {
    const char *name;
    void (*write)(struct writer *, const struct wx_reply *, size_t articles);
    size_t main;
} types[] = {
    [WX_REPLY_TEXT] = {"text", write_text, offsetof(struct wx_reply, text)},
    [WX_REPLY_NEWS] = {"news", write_news, 0},
    [WX_REPLY_IMAGE] = {"image", write_image, offsetof(struct wx_reply, media_id)},
    [WX_REPLY_VOICE] = {"voice", write_voice, offsetof(struct wx_reply, media_id)},
    [WX_REPLY_VIDEO] = {"video", write_video, offsetof(struct wx_reply, media_id)},
    [WX_REPLY_MUSIC] = {"music", write_music, 0},
    [WX_REPLY_TRANSFER] = {"transfer_customer_service", write_transfer, 0},
};

static bool says_something(const char *text) {
    size_t left = text ? strlen(text) : 0;
    for (size_t at = 0; at < left; at++)
        if (wx_utf8_char(text + at, left - at) > 0)
            return true;
    return false;
}

static bool is_empty(const struct wx_reply *reply) {
    if (reply->type == WX_REPLY_NONE)
        return true;
    if (reply->type == WX_REPLY_NEWS)
        return reply->article_count == 0;
    size_t offset = types[reply->type].main;
    return offset && !says_something(*(const char *const *)((const char *)reply + offset));
}

static int write_reply(void *ctx, bool json, const struct wx_reply *reply,
                       const struct wx_message *message, int64_t now, char **text, size_t *length) {
    struct writer writer = {.text = talloc_size(ctx, ROOM), .room = ROOM, .json = json};
    writer.failed = !writer.text;
    if (is_empty(reply)) {
        put_string(&writer, WX_REPLY_SUCCESS);
    } else {
        size_t most = message->type == WX_MESSAGE_EVENT ? LIMIT_REPLY_ARTICLES : 1;
        put_string(&writer, json ? "{" : "<xml>");
        put_element(&writer, "ToUserName", message->from);
        put_element(&writer, "FromUserName", message->to);
        put_number(&writer, "CreateTime", now);
        put_element(&writer, "MsgType", types[reply->type].name);
        types[reply->type].write(&writer, reply,
                                 reply->article_count < most ? reply->article_count : most);
        put_string(&writer, json ? "}" : "</xml>");
    }
    if (writer.failed) {
        talloc_free(writer.text);
        return WX_E_NOMEM;
    }
    *text = writer.text;
    *length = writer.length;
    return 0;
}

int wx_reply_write(void *ctx, const struct wx_reply *reply, const struct wx_message *message,
                   int64_t now, char **xml, size_t *length) {
    return write_reply(ctx, false, reply, message, now, xml, length);
}

int wx_reply_write_json(void *ctx, const struct wx_reply *reply, const struct wx_message *message,
                        int64_t now, char **json, size_t *length) {
    return write_reply(ctx, true, reply, message, now, json, length);
}
