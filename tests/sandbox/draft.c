/* draft/…. Rules: api.md §11. */

#include "article.h"
#include "endpoint.h"
#include "media.h"
#include "shelf.h"

#include <string.h>
#include <strings.h>

#define ARTICLES_MOST 8
#define IMAGES_MOST   20
#define DRAFTS_MOST   5000

static const char shelf[] = "draft"; /* value: articles, update_time */

/* ---- what is taken ---- */

/* A text of an article: most characters and bytes, and what is said of a longer one. */
static const struct {
    const char *name;
    size_t characters, bytes;
    int errcode;
} texts[] = {
    {"title", 32, 128, 45003},
    {"author", 16, 64, 45110},
    {"digest", 128, 512, 45004},
    {"content", 19999, 1024 * 1024 - 1, 45002},
    {"content_source_url", 1024, 1024, 45005},
};

/* The content without scripts, and without pictures that are not WeChat's. Belongs to ctx. */
static const char *content_clean(void *ctx, const struct account *account, const char *content) {
    static const struct {
        const char *begin, *end;
    } parts[] = {{"<script", "</script>"}, {"<img", ">"}};
    const char *own = media_url(ctx, account, "");
    char *clean = must(talloc_strdup(ctx, ""));
    for (const char *at = content; *at;) {
        size_t length = 1;
        bool kept = true;
        for (size_t i = 0; i < 2; i++) {
            if (strncasecmp(at, parts[i].begin, strlen(parts[i].begin)) != 0)
                continue;
            const char *end = strcasestr(at, parts[i].end);
            length = end ? (size_t)(end - at) + strlen(parts[i].end) : strlen(at);
            const char *url = memmem(at, length, own, strlen(own));
            const char *theirs = memmem(at, length, "mmbiz.qpic.cn", 13);
            kept = i == 1 && (url || theirs);
        }
        clean = must(talloc_strndup_append_buffer(clean, at, kept ? length : 0));
        at += length;
    }
    return clean;
}

static int pictures_check(const struct account *account, const json_t *article) {
    const json_t *list = json_object_get(json_object_get(article, "image_info"), "image_list");
    const json_t *entry;
    size_t index;
    if (!json_array_size(list) || json_array_size(list) > IMAGES_MOST)
        return json_array_size(list) ? 45008 : 44003;
    json_array_foreach(list, index, entry) {
        const char *id = value_string(entry, "image_media_id");
        if (!media_is(account, id, "image") || value_integer(media_find(account, id), "until", 0))
            return 40007;
    }
    return 0;
}

/* 0, or why an article is not taken. */
static int article_check(const struct account *account, const json_t *article) {
    const char *type = value_string(article, "article_type");
    const char *thumb = value_string(article, "thumb_media_id");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = value_string(article, texts[i].name);
        if (strlen(text) > texts[i].bytes || value_characters(text) > texts[i].characters)
            return texts[i].errcode;
    }
    if (!*value_string(article, "title"))
        return 45003;
    if (!strcmp(type, "newspic"))
        return pictures_check(account, article);
    if (*type && strcmp(type, "news") != 0)
        return 40008;
    if (!*value_string(article, "content"))
        return 44004;
    return media_is(account, thumb, "thumb") &&
                   !value_integer(media_find(account, thumb), "until", 0)
               ? 0
               : 40007;
}

/* An article as it is kept and given back. */
static json_t *article_made(void *ctx, const struct account *account, const json_t *given) {
    const char *content = content_clean(ctx, account, value_string(given, "content"));
    const char *type = value_string(given, "article_type");
    json_t *article = must(
        json_pack("{ss ss ss ss ss ss ss sI sI sI ss}", "article_type", *type ? type : "news",
                  "title", value_string(given, "title"), "author", value_string(given, "author"),
                  "digest", value_string(given, "digest"), "content", content, "content_source_url",
                  value_string(given, "content_source_url"), "thumb_media_id",
                  value_string(given, "thumb_media_id"), "show_cover_pic",
                  value_integer(given, "show_cover_pic", 0), "need_open_comment",
                  value_integer(given, "need_open_comment", 0), "only_fans_can_comment",
                  value_integer(given, "only_fans_can_comment", 0), "url", ""));
    json_t *images = json_object_get(given, "image_info");
    if (images && json_object_set(article, "image_info", images))
        must(NULL);
    return article;
}

static json_int_t now_s(const struct call *call) {
    return (json_int_t)(world_now_ms(call->world) / 1000);
}

void draft_add(struct call *call) {
    void *ctx = call->request->ctx;
    const json_t *given = json_object_get(call->body, "articles"), *article;
    json_t *made = value_keep(ctx, json_array());
    size_t index;
    int errcode = !json_array_size(given)                            ? 44003
                  : json_array_size(given) > ARTICLES_MOST           ? 45008
                  : shelf_count(call->account, shelf) >= DRAFTS_MOST ? 45001
                                                                     : 0;
    json_array_foreach(given, index, article) {
        if (!errcode)
            errcode = article_check(call->account, article);
        if (!errcode && json_array_append_new(made, article_made(ctx, call->account, article)))
            must(NULL);
    }
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    const char *id = world_random(ctx, 64);
    shelf_put(call->account, shelf, id,
              json_pack("{sO sI}", "articles", made, "update_time", now_s(call)));
    call_give(call, json_pack("{ss}", "media_id", id));
}

/* ---- one draft ---- */

/* The draft the body names; NULL when the call has been refused. */
static json_t *draft_asked(struct call *call) {
    json_t *draft = shelf_get(call->account, shelf, value_string(call->body, "media_id"));
    if (!draft)
        call_refuse(call, 40007, NULL);
    return draft;
}

void draft_get(struct call *call) {
    const json_t *draft = draft_asked(call);
    if (draft)
        call_give(call, json_pack("{sO}", "news_item", json_object_get(draft, "articles")));
}

void draft_delete(struct call *call) {
    if (!draft_asked(call))
        return;
    shelf_remove(call->account, shelf, value_string(call->body, "media_id"));
    call_accept(call, 0);
}

void draft_update(struct call *call) {
    json_t *draft = draft_asked(call);
    const json_t *given = json_object_get(call->body, "articles");
    json_int_t index = value_integer(call->body, "index", 0);
    if (!draft)
        return;
    json_t *articles = json_object_get(draft, "articles");
    int errcode = index < 0 || index >= (json_int_t)json_array_size(articles)
                      ? 40114
                      : article_check(call->account, given);
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    if (json_array_set_new(articles, (size_t)index,
                           article_made(call->request->ctx, call->account, given)) ||
        json_object_set_new(draft, "update_time", json_integer(now_s(call))))
        must(NULL);
    shelf_put(call->account, shelf, value_string(call->body, "media_id"), json_incref(draft));
    call_accept(call, 0);
}

/* ---- all of them ---- */

void draft_count(struct call *call) {
    call_give(call,
              json_pack("{sI}", "total_count", (json_int_t)shelf_count(call->account, shelf)));
}

void draft_list(struct call *call) {
    article_list(call, shelf, "media_id", "articles");
}
