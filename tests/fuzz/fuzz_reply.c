/* Any bytes in the fields of a reply of any kind: what is written, in XML and in JSON, is read back
 * to the same fields in the same order and nothing besides, less the bytes that neither may hold.
 *
 * The input: a byte for the kind, one for the message that is answered, then the fields, each ended
 * by a NUL. */

#include "wx/reply.h"

#include "config/limits.h"
#include "wx/json.h"
#include "wx/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define ARTICLES 10 /* more than go out */
#define SAID     80

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds) {
    if (!holds)
        abort();
}

/* ---- the reply ---- */

struct input {
    const char *at, *end;
    void *ctx;
};

static const char *field(struct input *input) {
    size_t left = (size_t)(input->end - input->at), length = strnlen(input->at, left);
    const char *text = talloc_strndup(input->ctx, input->at, length);
    input->at += length + (length < left);
    return text;
}

static struct wx_reply reply_of(struct input *input, enum wx_reply_type type) {
    struct wx_reply reply = {.type = type};
    if (type == WX_REPLY_NEWS) {
        struct wx_article *articles = talloc_zero_array(input->ctx, struct wx_article, ARTICLES);
        reply.articles = articles;
        while (input->at < input->end && reply.article_count < ARTICLES)
            articles[reply.article_count++] =
                (struct wx_article){field(input), field(input), field(input), field(input)};
        return reply;
    }
    reply.text = field(input);
    reply.media_id = field(input);
    reply.title = field(input);
    reply.description = field(input);
    reply.music_url = field(input);
    reply.hq_music_url = field(input);
    reply.thumb_media_id = field(input);
    reply.kf_account = field(input);
    return reply;
}

/* ---- what must be read of it ---- */

struct said {
    void *ctx;
    struct {
        const char *path, *value;
    } list[SAID];
    size_t count, read;
    bool json;
};

static void say(struct said *said, const char *path, const char *text) {
    char *kept = talloc_strdup(said->ctx, text);
    size_t end = 0, left = strlen(text);
    for (size_t at = 0; at < left;) {
        size_t length = wx_utf8_char(text + at, left - at);
        memcpy(kept + end, text + at, length);
        /* wx/xml.h: U+FEFF is read as U+2060, of as many bytes. */
        if (!said->json && length == 3 && memcmp(kept + end, "\xef\xbb\xbf", 3) == 0)
            memcpy(kept + end, "\xe2\x81\xa0", 3);
        end += length;
        at += length ? length : 1;
    }
    kept[end] = '\0';
    expect(said->count < SAID);
    said->list[said->count].path = path;
    said->list[said->count++].value = kept;
}

static void say_all(struct said *said, const struct wx_reply *reply, size_t articles) {
    char number[8];
    switch (reply->type) {
    case WX_REPLY_NONE:
        break;
    case WX_REPLY_TEXT:
        say(said, "Content", reply->text);
        break;
    case WX_REPLY_NEWS:
        snprintf(number, sizeof number, "%zu", articles);
        say(said, "ArticleCount", number);
        for (size_t i = 0; i < articles; i++) {
            const struct wx_article *one = &reply->articles[i];
            say(said, said->json ? "Articles/Title" : "Articles/item/Title", one->title);
            say(said, said->json ? "Articles/Description" : "Articles/item/Description",
                one->description);
            say(said, said->json ? "Articles/PicUrl" : "Articles/item/PicUrl", one->pic_url);
            say(said, said->json ? "Articles/Url" : "Articles/item/Url", one->url);
        }
        break;
    case WX_REPLY_IMAGE:
        say(said, "Image/MediaId", reply->media_id);
        break;
    case WX_REPLY_VOICE:
        say(said, "Voice/MediaId", reply->media_id);
        break;
    case WX_REPLY_VIDEO:
        say(said, "Video/MediaId", reply->media_id);
        say(said, "Video/Title", reply->title);
        say(said, "Video/Description", reply->description);
        break;
    case WX_REPLY_MUSIC:
        say(said, "Music/Title", reply->title);
        say(said, "Music/Description", reply->description);
        say(said, "Music/MusicUrl", reply->music_url);
        say(said, "Music/HQMusicUrl", reply->hq_music_url);
        if (*reply->thumb_media_id)
            say(said, "Music/ThumbMediaId", reply->thumb_media_id);
        break;
    case WX_REPLY_TRANSFER:
        if (*reply->kf_account)
            say(said, "TransInfo/KfAccount", reply->kf_account);
    }
}

/* A text too long ends with an ellipsis, and not a character earlier than it must. */
static bool is_cut_of(const char *read, const char *whole) {
    size_t length = strlen(read), kept = length - strlen("…");
    return length <= LIMIT_REPLY_TEXT && length > LIMIT_REPLY_TEXT - 4 &&
           strlen(whole) > LIMIT_REPLY_TEXT && strcmp(read + kept, "…") == 0 &&
           memcmp(read, whole, kept) == 0;
}

static int compare(void *data, const char *path, const char *value, size_t length) {
    struct said *said = data;
    if (!value)
        return 0;
    expect(strlen(value) == length);
    expect(said->read < said->count);
    expect(strcmp(path, said->list[said->read].path) == 0);
    const char *expected = said->list[said->read++].value;
    if (strcmp(path, "Content") == 0 && strlen(expected) > LIMIT_REPLY_TEXT)
        expect(is_cut_of(value, expected));
    else
        expect(strcmp(value, expected) == 0);
    return 0;
}

/* What is written in one format, or "success" of a reply that says nothing. */
static void check(void *ctx, bool json, const struct wx_reply *reply,
                  const struct wx_message *message) {
    static const char *const names[] = {
        [WX_REPLY_TEXT] = "text",
        [WX_REPLY_NEWS] = "news",
        [WX_REPLY_IMAGE] = "image",
        [WX_REPLY_VOICE] = "voice",
        [WX_REPLY_VIDEO] = "video",
        [WX_REPLY_MUSIC] = "music",
        [WX_REPLY_TRANSFER] = "transfer_customer_service",
    };
    char *text = NULL;
    size_t length = 0;
    struct said said = {.ctx = ctx, .json = json};
    expect((json ? wx_reply_write_json : wx_reply_write)(ctx, reply, message, 1700000000, &text,
                                                         &length) == 0);
    expect(strlen(text) == length);
    size_t most = message->type == WX_MESSAGE_EVENT ? LIMIT_REPLY_ARTICLES : 1;
    say(&said, "ToUserName", message->from);
    say(&said, "FromUserName", message->to);
    say(&said, "CreateTime", "1700000000");
    say(&said, "MsgType", reply->type == WX_REPLY_NONE ? "" : names[reply->type]);
    size_t head = said.count;
    say_all(&said, reply, reply->article_count < most ? reply->article_count : most);
    if (strcmp(text, WX_REPLY_SUCCESS) == 0) {
        bool needs_nothing = reply->type == WX_REPLY_MUSIC || reply->type == WX_REPLY_TRANSFER;
        expect(!needs_nothing);
        expect(reply->type == WX_REPLY_NEWS ? reply->article_count == 0
                                            : said.count == head || !*said.list[head].value);
        return;
    }
    expect((json ? wx_json_read : wx_xml_read)(ctx, text, length, compare, &said) == 0);
    expect(said.read == said.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2 || size > LIMIT_XML / 8) /* a reply has no limit of its own but that of the copy */
        return 0;
    void *ctx = talloc_new(NULL);
    struct input input = {(const char *)data + 2, (const char *)data + size, ctx};
    const struct wx_reply reply = reply_of(&input, data[0] % (WX_REPLY_TRANSFER + 1));
    const struct wx_message message = {.to = "gh_day21demo",
                                       .from = "oOPENID",
                                       .type = data[1] % 2 ? WX_MESSAGE_EVENT : WX_MESSAGE_TEXT};
    check(ctx, false, &reply, &message);
    check(ctx, true, &reply, &message);
    talloc_free(ctx);
    return 0;
}
