/* freepublish/…: an article for whoever has its link. Rules: api.md §11. */

#include "alarm.h"
#include "article.h"
#include "bot/config.h"
#include "endpoint.h"
#include "message.h"
#include "push.h"
#include "shelf.h"

#include <inttypes.h>
#include <string.h>

#define KEPT 2000

enum status { DONE, RUNNING, DELETED = 5 };

static const char shelf[] = "publish"; /* value: status, article_id, media_id */

struct job {
    struct account *account;
    const char *id;
};

static json_t *urls_json(void *ctx, const struct account *account, const char *article_id) {
    size_t index;
    const json_t *item;
    json_t *urls = must(json_array());
    json_array_foreach(json_object_get(article_find(account, article_id), "news_item"), index,
                       item) {
        if (json_array_append_new(urls,
                                  json_pack("{sI ss}", "idx", (json_int_t)index + 1, "article_url",
                                            article_url(ctx, account, article_id, index + 1))))
            must(NULL);
    }
    return urls;
}

/* Whoever manages the account hears of it: the event comes from its first person. */
static void tell(struct job *job, const char *article_id) {
    char *info =
        must(talloc_asprintf(job,
                             "<publish_id>%s</publish_id><publish_status>0</publish_status>"
                             "<article_id><![CDATA[%s]]></article_id><article_detail>",
                             job->id, article_id));
    json_t *urls = urls_json(job, job->account, article_id), *url;
    size_t index;
    info = must(talloc_asprintf_append(info, "<count>%zu</count>", json_array_size(urls)));
    json_array_foreach(urls, index, url) {
        info = must(talloc_asprintf_append(
            info, "<item><idx>%zu</idx><article_url><![CDATA[%s]]></article_url></item>", index + 1,
            value_string(url, "article_url")));
    }
    json_decref(urls);
    info = must(talloc_strdup_append(info, "</article_detail>"));
    const char *openid = people_at(job->account, 0)->openid;
    const struct message_field fields[] = {{"Event", "PUBLISHJOBFINISH", false},
                                           {"PublishEventInfo", info, true},
                                           {NULL, NULL, false}};
    push_send(&(struct push_order){
        .account = job->account,
        .openid = openid,
        .xml = message_write(job, job->account, openid, "event", fields),
        .attempts = 3,
    });
}

static void finished(void *data) {
    struct job *job = data;
    json_t *publish = shelf_get(job->account, shelf, job->id);
    const char *media_id = value_string(publish, "media_id");
    if (!job->account->world->stopping && draft_articles(job->account, media_id)) {
        const char *article_id = article_publish(job, job->account, media_id);
        if (json_object_set_new(publish, "status", json_integer(DONE)) ||
            json_object_set_new(publish, "article_id", json_string(article_id)))
            must(NULL);
        shelf_put(job->account, shelf, job->id, json_incref(publish));
        tell(job, article_id);
    }
    talloc_free(job);
}

void publish_submit(struct call *call) {
    const char *media_id = value_string(call->body, "media_id");
    if (!draft_articles(call->account, media_id)) {
        call_refuse(call, 40007, NULL);
        return;
    }
    struct job *job = must(talloc_zero(call->world, struct job));
    int64_t number = world_job_id();
    job->account = call->account;
    job->id = must(talloc_asprintf(job, "%" PRId64, number));
    shelf_put(call->account, shelf, job->id,
              json_pack("{si ss}", "status", RUNNING, "media_id", media_id));
    shelf_cap(call->account, shelf, KEPT);
    alarm_set(call->world->alarms, (uint64_t)call->world->finish_ms, finished, job);
    call_give_ok(call,
                 json_pack("{ss sI}", "publish_id", job->id, "msg_data_id", (json_int_t)number));
}

/* ---- afterwards ---- */

/* The id is a string in answers, and a number with many callers. */
static const char *publish_id_asked(const struct call *call) {
    json_int_t number = value_integer(call->body, "publish_id", 0);
    return number ? must(talloc_asprintf(call->request->ctx, "%lld", (long long)number))
                  : value_string(call->body, "publish_id");
}

void publish_get(struct call *call) {
    const char *id = publish_id_asked(call);
    const json_t *publish = shelf_get(call->account, shelf, id);
    if (!publish) {
        call_refuse(call, 40035, NULL);
        return;
    }
    const char *article_id = value_string(publish, "article_id");
    json_int_t status = value_integer(publish, "status", RUNNING);
    if (status == DONE && !article_find(call->account, article_id))
        status = DELETED;
    json_t *answer = must(json_pack("{ss sI so}", "publish_id", id, "publish_status", status,
                                    "fail_idx", json_array()));
    json_t *urls = urls_json(call->request->ctx, call->account, article_id);
    json_t *detail =
        must(json_pack("{sI so}", "count", (json_int_t)json_array_size(urls), "item", urls));
    if (status == DONE && (json_object_set_new(answer, "article_id", json_string(article_id)) ||
                           json_object_set(answer, "article_detail", detail)))
        must(NULL);
    json_decref(detail);
    call_give(call, answer);
}

/* The article the body names; NULL when the call has been refused. */
static json_t *article_asked(struct call *call) {
    json_t *article = article_find(call->account, value_string(call->body, "article_id"));
    if (!article)
        call_refuse(call, 40007, "invalid article_id");
    return article;
}

void publish_article(struct call *call) {
    const json_t *article = article_asked(call);
    if (article)
        call_give(call, json_pack("{sO}", "news_item", json_object_get(article, "news_item")));
}

/* Index 0 or none: all of them. */
void publish_delete(struct call *call) {
    json_t *article = article_asked(call), *items = json_object_get(article, "news_item");
    const char *id = value_string(call->body, "article_id");
    json_int_t index = value_integer(call->body, "index", 0);
    if (!article)
        return;
    if (index < 0 || index > (json_int_t)json_array_size(items)) {
        call_refuse(call, 40114, NULL);
        return;
    }
    if (!index) {
        shelf_remove(call->account, "article", id);
    } else {
        if (json_object_set_new(json_array_get(items, (size_t)index - 1), "is_deleted",
                                json_true()))
            must(NULL);
        shelf_put(call->account, "article", id, json_incref(article));
    }
    call_accept(call, 0);
}

void publish_list(struct call *call) {
    article_list(call, "article", "article_id", "news_item");
}
