#include "article.h"

#include "bot/config.h"
#include "call.h"
#include "media.h"
#include "page.h"
#include "shelf.h"

#include <stdlib.h>
#include <string.h>

#define ID_LENGTH 43
#define KEPT      2000
#define LIST_MOST 20

static const char drafts[] = "draft", articles_shelf[] = "article";

const json_t *draft_articles(const struct account *account, const char *media_id) {
    return json_object_get(shelf_get(account, drafts, media_id), "articles");
}

json_t *article_find(const struct account *account, const char *article_id) {
    return shelf_get(account, articles_shelf, article_id);
}

const char *article_url(void *ctx, const struct account *account, const char *article_id,
                        size_t number) {
    return must(talloc_asprintf(ctx, "%s/sandbox/wechat/s/%s/%zu",
                                account->world->config->public_url, article_id, number));
}

const char *article_publish(void *ctx, struct account *account, const char *media_id) {
    const char *id = world_random(ctx, ID_LENGTH);
    json_t *items = must(json_deep_copy(draft_articles(account, media_id))), *item;
    size_t index;
    json_array_foreach(items, index, item) {
        if (json_object_set_new(item, "url",
                                json_string(article_url(ctx, account, id, index + 1))) ||
            json_object_set_new(item, "is_deleted", json_false()))
            must(NULL);
    }
    shelf_put(account, articles_shelf, id,
              json_pack("{so sI}", "news_item", items, "update_time",
                        (json_int_t)(world_now_ms(account->world) / 1000)));
    shelf_remove(account, drafts, media_id);
    shelf_cap(account, articles_shelf, KEPT);
    return id;
}

json_t *article_cards(void *ctx, const struct account *account, const json_t *articles,
                      const char *article_id) {
    json_t *cards = must(json_array());
    size_t index;
    const json_t *article;
    json_array_foreach(articles, index, article) {
        const char *thumb = value_string(article, "thumb_media_id");
        if (json_array_append_new(
                cards,
                json_pack("{ss ss ss ss}", "title", value_string(article, "title"), "description",
                          value_string(article, "digest"), "picurl",
                          *thumb ? media_url(ctx, account, thumb) : "", "url",
                          article_id ? article_url(ctx, account, article_id, index + 1) : "")))
            must(NULL);
    }
    return cards;
}

/* ---- lists ---- */

void article_list(struct call *call, const char *kind, const char *id_name,
                  const char *items_name) {
    json_int_t offset = value_integer(call->body, "offset", -1), at = 0;
    json_int_t wanted = value_integer(call->body, "count", 0);
    bool bare = value_integer(call->body, "no_content", 0) == 1;
    const char *id;
    const json_t *entry;
    if (offset < 0 || wanted < 1 || wanted > LIST_MOST) {
        call_refuse(call, 40035, NULL);
        return;
    }
    json_t *list = must(json_array());
    json_object_foreach(shelf_all(call->account, kind), id, entry) {
        if (at++ < offset || (json_int_t)json_array_size(list) == wanted)
            continue;
        json_t *news = must(json_deep_copy(json_object_get(entry, items_name))), *item;
        size_t index;
        json_array_foreach(news, index, item) {
            if (bare)
                json_object_del(item, "content");
        }
        json_int_t updated = value_integer(entry, "update_time", 0);
        if (json_array_append_new(list, json_pack("{ss s{so} sI}", id_name, id, "content",
                                                  "news_item", news, "update_time", updated)))
            must(NULL);
    }
    call_give(call,
              json_pack("{sI sI so}", "total_count", (json_int_t)shelf_count(call->account, kind),
                        "item_count", (json_int_t)json_array_size(list), "item", list));
}

/* ---- reading one ---- */

static char *escape(void *ctx, const char *text) {
    char *html = must(talloc_strdup(ctx, ""));
    for (; *text; text++) {
        if (strchr("<>&\"'", *text))
            html = must(talloc_asprintf_append_buffer(html, "&#%d;", *text));
        else
            html = must(talloc_strndup_append_buffer(html, text, 1));
    }
    return html;
}

static const json_t *article_at(struct world *world, const char *id, size_t number) {
    for (unsigned i = 0; i < world->accounts_count; i++) {
        const json_t *items = json_object_get(article_find(&world->accounts[i], id), "news_item");
        const json_t *item = number ? json_array_get(items, number - 1) : NULL;
        if (item && !json_is_true(json_object_get(item, "is_deleted")))
            return item;
    }
    return NULL;
}

void article_page(struct world *world, struct fcgi_request *request, const char *path) {
    size_t length = strcspn(path, "/");
    const char *id = must(talloc_strndup(request->ctx, path, length));
    const json_t *article =
        article_at(world, id, path[length] ? strtoul(path + length + 1, NULL, 10) : 0);
    if (!article) {
        page_refuse(request, 404, "该内容已被发布者删除");
        return;
    }
    /* The content is somebody's HTML: as a sandboxed document it runs nothing. */
    const char *title = escape(request->ctx, value_string(article, "title"));
    const char *html = must(talloc_asprintf(
        request->ctx,
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>%s</title><h1>%s</h1><p>%s</p>%s",
        title, title, escape(request->ctx, value_string(article, "author")),
        value_string(article, "content")));
    fcgi_answer(request, &(struct fcgi_answer){
                             .status = 200,
                             .content_type = "text/html; charset=utf-8",
                             .headers = "Content-Security-Policy: sandbox\r\n",
                             .body = html,
                             .length = strlen(html),
                         });
}
