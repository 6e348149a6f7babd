#ifndef SANDBOX_ARTICLE_H
#define SANDBOX_ARTICLE_H

/* Articles: drafts, and what was published or sent to many. Rules: api.md §11. */

#include "world.h"

struct call;
struct fcgi_request;

/* The articles of a draft, an array; NULL when there is no such draft. Belongs to the shelf. */
const json_t *draft_articles(const struct account *account, const char *media_id);

/* The draft becomes an article, and vanishes. Returns the article_id, below ctx. */
const char *article_publish(void *ctx, struct account *account, const char *media_id);

/* What was published under the id: {"news_item":[…],"update_time"}; NULL when there is none. */
json_t *article_find(const struct account *account, const char *article_id);

/* Where a browser reads the n-th of it, from 1. */
const char *article_url(void *ctx, const struct account *account, const char *article_id,
                        size_t number);

/* How a chat shows articles: [{"title","description","picurl","url"}]. */
json_t *article_cards(void *ctx, const struct account *account, const json_t *articles,
                      const char *article_id);

/* Answers a batchget of the things of this kind, whose ids and articles are called so. */
void article_list(struct call *call, const char *kind, const char *id_name, const char *items_name);

/* GET /sandbox/wechat/s/<article_id>/<number> */
void article_page(struct world *world, struct fcgi_request *request, const char *id);

#endif
