#include "wx/custom.h"

#include "config/limits.h"
#include "wx/arguments.h"

#include <string.h>
#include <talloc.h>

static const char *or_empty(const char *text) {
    return text ? text : "";
}

/* Not over LIMIT_REPLY_TEXT bytes, cut between characters. */
static char *cut_text(void *ctx, const char *text) {
    static const char more[] = "…";
    size_t length = strlen(text);
    if (length <= LIMIT_REPLY_TEXT)
        return talloc_strdup(ctx, text);
    for (length = LIMIT_REPLY_TEXT - strlen(more); length && (text[length] & 0xc0) == 0x80;)
        length--;
    return talloc_asprintf(ctx, "%.*s%s", (int)length, text, more);
}

/* The part of the message that bears its type's name. json_pack() gives NULL for a text that is
 * NULL or not UTF-8. */

static json_t *write_text(const struct wx_custom *custom) {
    char *cut = custom->text && *custom->text ? cut_text(NULL, custom->text) : NULL;
    json_t *part = json_pack("{s:s}", "content", cut);
    talloc_free(cut);
    return part;
}

static json_t *write_media(const struct wx_custom *custom) {
    return json_pack("{s:s}", "media_id", custom->media_id);
}

static json_t *write_video(const struct wx_custom *custom) {
    return json_pack("{s:s, s:s, s:s, s:s}", "media_id", custom->media_id, "thumb_media_id",
                     or_empty(custom->thumb_media_id), "title", or_empty(custom->title),
                     "description", or_empty(custom->description));
}

static json_t *write_music(const struct wx_custom *custom) {
    const char *hq = custom->hq_music_url ? custom->hq_music_url : custom->music_url;
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "title", or_empty(custom->title), "description",
                     or_empty(custom->description), "musicurl", custom->music_url, "hqmusicurl", hq,
                     "thumb_media_id", custom->thumb_media_id);
}

static json_t *write_news(const struct wx_custom *custom) {
    const struct wx_article *article = custom->article;
    return article
               ? json_pack("{s:[{s:s, s:s, s:s, s:s}]}", "articles", "title",
                           or_empty(article->title), "description", or_empty(article->description),
                           "url", or_empty(article->url), "picurl", or_empty(article->pic_url))
               : NULL;
}

static json_t *write_article(const struct wx_custom *custom) {
    return json_pack("{s:s}", "article_id", custom->article_id);
}

static json_t *write_menu(const struct wx_custom *custom) {
    json_t *list = json_array();
    int error = custom->choice_count == 0;
    for (size_t i = 0; i < custom->choice_count; i++)
        error |= json_array_append_new(list, json_pack("{s:s, s:s}", "id", custom->choices[i].id,
                                                       "content", custom->choices[i].content));
    if (error) {
        json_decref(list);
        return NULL;
    }
    return json_pack("{s:s, s:o, s:s}", "head_content", or_empty(custom->head), "list", list,
                     "tail_content", or_empty(custom->tail));
}

static json_t *write_card(const struct wx_custom *custom) {
    return json_pack("{s:s}", "card_id", custom->card_id);
}

static json_t *write_miniprogram(const struct wx_custom *custom) {
    return json_pack("{s:s, s:s, s:s, s:s}", "title", custom->title, "appid", custom->appid,
                     "pagepath", custom->page, "thumb_media_id", custom->thumb_media_id);
}

static const struct {
    const char *name;
    json_t *(*write)(const struct wx_custom *custom);
} types[] = {
    [WX_CUSTOM_TEXT] = {"text", write_text},
    [WX_CUSTOM_IMAGE] = {"image", write_media},
    [WX_CUSTOM_VOICE] = {"voice", write_media},
    [WX_CUSTOM_VIDEO] = {"video", write_video},
    [WX_CUSTOM_MUSIC] = {"music", write_music},
    [WX_CUSTOM_NEWS] = {"news", write_news},
    [WX_CUSTOM_MPNEWS] = {"mpnews", write_media},
    [WX_CUSTOM_MPNEWS_LINK] = {"mpnewsarticle", write_article},
    [WX_CUSTOM_MENU] = {"msgmenu", write_menu},
    [WX_CUSTOM_CARD] = {"wxcard", write_card},
    [WX_CUSTOM_MINIPROGRAM] = {"miniprogrampage", write_miniprogram},
};

static bool addressed(const char *touser) {
    return touser && *touser;
}

char *wx_custom_write(void *ctx, const struct wx_custom *custom) {
    if ((size_t)custom->type >= sizeof types / sizeof *types || !addressed(custom->touser))
        return NULL;
    const char *name = types[custom->type].name;
    json_t *part = types[custom->type].write(custom);
    json_t *root =
        part ? json_pack("{s:s, s:s, s:o}", "touser", custom->touser, "msgtype", name, name, part)
             : NULL;
    if (root && custom->kf_account &&
        json_object_set_new(root, "customservice",
                            json_pack("{s:s}", "kf_account", custom->kf_account))) {
        json_decref(root);
        return NULL;
    }
    return wx_arguments_text(ctx, root);
}

static const struct {
    enum wx_reply_type reply;
    enum wx_custom_type custom;
} replies[] = {
    {WX_REPLY_TEXT, WX_CUSTOM_TEXT},   {WX_REPLY_NEWS, WX_CUSTOM_NEWS},
    {WX_REPLY_IMAGE, WX_CUSTOM_IMAGE}, {WX_REPLY_VOICE, WX_CUSTOM_VOICE},
    {WX_REPLY_VIDEO, WX_CUSTOM_VIDEO}, {WX_REPLY_MUSIC, WX_CUSTOM_MUSIC},
};

char *wx_custom_json(void *ctx, const char *touser, const struct wx_reply *reply) {
    struct wx_custom custom = {
        .touser = touser,
        .text = reply->text,
        .article = reply->article_count ? reply->articles : NULL,
        .media_id = reply->media_id,
        .title = reply->title,
        .description = reply->description,
        .music_url = reply->music_url,
        .hq_music_url = reply->hq_music_url,
        .thumb_media_id = reply->thumb_media_id,
    };
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)
        if (replies[i].reply == reply->type) {
            custom.type = replies[i].custom;
            return wx_custom_write(ctx, &custom);
        }
    return NULL;
}

int wx_custom_send(struct wx_api *api, const struct wx_custom *custom, wx_api_done *done,
                   void *data) {
    char *json = wx_custom_write(NULL, custom);
    int error = json ? wx_api_call(api, WX_API_CUSTOM_SEND, json, done, data) : WX_E_FIELD;
    talloc_free(json);
    return error;
}

int wx_custom_typing(struct wx_api *api, const char *touser, bool typing, wx_api_done *done,
                     void *data) {
    if (!addressed(touser))
        return WX_E_FIELD;
    return wx_arguments_call(
        api, WX_API_CUSTOM_TYPING,
        json_pack("{s:s, s:s}", "touser", touser, "command", typing ? "Typing" : "CancelTyping"),
        done, data);
}
