/* Subscription notices: message/subscribe/bizsend and /wxaapi/newtmpl/…. Rules: api.md §4. */

#include "notice.h"

#include "alarm.h"
#include "bot/config.h"
#include "endpoint.h"
#include "fault.h"
#include "field.h"
#include "message.h"
#include "push.h"
#include "query.h"
#include "shelf.h"

#include <inttypes.h>
#include <string.h>

#define TEMPLATES_MOST 50
#define PAGE_MOST      1024

static const char shelf[] = "notice"; /* value: tid, title, content, type */

/* ---- what WeChat offers ---- */

#define TITLES_KEYWORDS 6

static const struct title {
    int tid, type; /* type 2: one send an acceptance, 3: as many as one likes */
    const char *title;
    const char *keywords[TITLES_KEYWORDS];
} titles[] = {
    {2001, 2, "课程开课提醒", {"课程名称", "开课时间", "上课地点", "讲师姓名", "温馨提示"}},
    {2002, 2, "学习打卡提醒", {"打卡内容", "截止时间", "连续天数", "温馨提示"}},
    {2003, 2, "问题回复通知", {"问题内容", "回复时间", "回复人姓名", "回复状态"}},
    {2004, 3, "考试成绩通知", {"考试名称", "考试时间", "考试分数", "考试结果"}},
    {2005, 2, "积分变动提醒", {"变动原因", "变动数量", "变动时间", "当前数量", "温馨提示"}},
};

static const struct title *title_find(int64_t tid) {
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].tid == tid)
            return &titles[i];
    return NULL;
}

void notice_categories(struct call *call) {
    call_give_ok(call, json_pack("{s[{si ss}]}", "data", "id", 616, "name", "在线教育"));
}

void notice_titles(struct call *call) {
    const char *query = call->request->query;
    int64_t start = query_number(query, "start", 1000, 0);
    int64_t limit = query_number(query, "limit", 30, 30);
    json_t *data = must(json_array());
    int64_t all = sizeof titles / sizeof *titles;
    for (int64_t i = start; i < all && i < start + limit; i++)
        if (json_array_append_new(data, json_pack("{si ss si ss}", "tid", titles[i].tid, "title",
                                                  titles[i].title, "type", titles[i].type,
                                                  "categoryId", "616")))
            must(NULL);
    call_give_ok(call, json_pack("{sI so}", "count", (json_int_t)all, "data", data));
}

void notice_keywords(struct call *call) {
    const struct title *title = title_find(query_number(call->request->query, "tid", INT32_MAX, 0));
    json_t *data = value_keep(call->request->ctx, json_array());
    if (!title) {
        call_refuse(call, 200014, NULL);
        return;
    }
    for (unsigned i = 0; i < TITLES_KEYWORDS && title->keywords[i]; i++) {
        char *rule = must(talloc_strdup(
            call->request->ctx, field_of_keyword(call->request->ctx, title->keywords[i], 1)));
        rule[strlen(rule) - 1] = '\0';
        if (json_array_append_new(data,
                                  json_pack("{si ss ss ss}", "kid", i + 1, "name",
                                            title->keywords[i], "example", "示例", "rule", rule)))
            must(NULL);
    }
    call_give_ok(call,
                 json_pack("{sI sO}", "count", (json_int_t)json_array_size(data), "data", data));
}

/* ---- what the account has chosen ---- */

/* The content made of the keywords `kids`, NULL if one of them is none. */
static const char *content_make(void *ctx, const struct title *title, const json_t *kids) {
    char *content = must(talloc_strdup(ctx, ""));
    size_t index;
    const json_t *kid;
    json_array_foreach(kids, index, kid) {
        json_int_t number = json_integer_value(kid);
        if (number < 1 || number > TITLES_KEYWORDS || !title->keywords[number - 1])
            return NULL;
        const char *keyword = title->keywords[number - 1];
        content = must(talloc_asprintf_append(content, "%s：{{%s.DATA}}\n", keyword,
                                              field_of_keyword(ctx, keyword, (unsigned)number)));
    }
    return json_array_size(kids) >= 2 && json_array_size(kids) <= 5 ? content : NULL;
}

/* The tid is a string in the documentation, a number with many callers. */
static int64_t tid_asked(const json_t *body) {
    return value_integer(body, "tid", strtoll(value_string(body, "tid"), NULL, 10));
}

void notice_add(struct call *call) {
    void *ctx = call->request->ctx;
    const struct title *title = title_find(tid_asked(call->body));
    const char *content =
        title ? content_make(ctx, title, json_object_get(call->body, "kidList")) : NULL;
    int errcode = !title                                                         ? 200014
                  : !content                                                     ? 200020
                  : value_characters(value_string(call->body, "sceneDesc")) > 15 ? 200021
                  : shelf_count(call->account, shelf) >= TEMPLATES_MOST          ? 200012
                                                                                 : 0;
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    char id[PERSON_OPENID];
    const char *seed =
        must(talloc_asprintf(ctx, "%s/%" PRId64, call->account->config->name, world_job_id()));
    person_openid(seed, 0, id);
    const char *whole = must(talloc_asprintf(ctx, "%s_%.14s", id, id + 7));
    shelf_put(call->account, shelf, whole,
              json_pack("{si ss ss si}", "tid", title->tid, "title", title->title, "content",
                        content, "type", title->type));
    call_give_ok(call, json_pack("{ss}", "priTmplId", whole));
}

void notice_delete(struct call *call) {
    const char *id = value_string(call->body, "priTmplId");
    if (!shelf_get(call->account, shelf, id)) {
        call_refuse(call, 200014, NULL);
        return;
    }
    shelf_remove(call->account, shelf, id);
    call_accept(call, 0);
}

void notice_list(struct call *call) {
    json_t *data = must(json_array());
    const char *id;
    const json_t *notice;
    json_object_foreach(shelf_all(call->account, shelf), id, notice) {
        if (json_array_append_new(data, json_pack("{ss ss ss ss sI}", "priTmplId", id, "title",
                                                  value_string(notice, "title"), "content",
                                                  value_string(notice, "content"), "example", "",
                                                  "type", value_integer(notice, "type", 2))))
            must(NULL);
    }
    call_give_ok(call, json_pack("{so}", "data", data));
}

/* ---- what people accept ---- */

bool notice_exists(const struct account *account, const char *id) {
    return shelf_get(account, shelf, id);
}

const char *notice_title(const struct account *account, const char *id) {
    return value_string(shelf_get(account, shelf, id), "title");
}

json_t *notice_offers(const struct account *account) {
    json_t *offers = must(json_array());
    const char *id;
    const json_t *notice;
    json_object_foreach(shelf_all(account, shelf), id, notice) {
        if (json_array_append_new(offers, json_pack("{ss ss}", "template_id", id, "title",
                                                    value_string(notice, "title"))))
            must(NULL);
    }
    return offers;
}

void notice_answer(struct person *person, const char *id, bool accepted) {
    json_t *file = person_file(person);
    if (!json_object_get(file, "notices") && json_object_set_new(file, "notices", json_object()))
        must(NULL);
    json_t *notices = json_object_get(file, "notices");
    json_int_t left = value_integer(notices, id, 0) + 1;
    if (json_object_set_new(notices, id, json_integer(accepted ? left : 0)))
        must(NULL);
    person_changed(person);
}

/* Uses up an acceptance. False when there is none. */
static bool acceptance_take(struct person *person, const char *id) {
    json_t *notices = json_object_get(person->file, "notices");
    json_int_t left = value_integer(notices, id, 0);
    bool for_ever = value_integer(shelf_get(person->account, shelf, id), "type", 2) == 3;
    if (left < 1)
        return false;
    if (!for_ever && json_object_set_new(notices, id, json_integer(left - 1)))
        must(NULL);
    person_changed(person);
    return true;
}

/* ---- sending ---- */

struct finish {
    struct person *person;
    const char *id;
    int64_t msgid;
    uint64_t seq;
};

static void sent_told(void *data) {
    struct finish *finish = data;
    struct account *account = finish->person->account;
    int errcode = fault_take(account->world, account, "finish").errcode;
    const char *list = must(talloc_asprintf(
        finish,
        "<List><TemplateId><![CDATA[%s]]></TemplateId><MsgID>%" PRId64
        "</MsgID><ErrorCode>%d</ErrorCode><ErrorStatus><![CDATA[%s]]></ErrorStatus></List>",
        finish->id, finish->msgid, errcode, errcode ? "failed" : "success"));
    const struct message_field fields[] = {{"Event", "subscribe_msg_sent_event", false},
                                           {"SubscribeMsgSentEvent", list, true},
                                           {NULL, NULL, false}};
    if (!account->world->stopping)
        push_send(&(struct push_order){
            .account = account,
            .openid = finish->person->openid,
            .xml = message_write(finish, account, finish->person->openid, "event", fields),
            .attempts = 3,
            .item = world_recent(account->world, finish->seq),
        });
    talloc_free(finish);
}

struct notice_text {
    void *ctx;
    const char *content;
};

static const char *label(const void *owner, const char *name) {
    const struct notice_text *text = owner;
    const char *found = field_in_content(text->ctx, text->content, name);
    return found && *found ? found : field_label(name);
}

static void deliver(struct call *call, struct person *person, const char *id, json_t *fields) {
    const json_t *notice = shelf_get(call->account, shelf, id);
    struct finish *finish = must(talloc_zero(call->world, struct finish));
    finish->person = person;
    finish->id = must(talloc_strdup(finish, id));
    finish->msgid = world_job_id();
    const struct item *item = world_say(
        person, "account", "notice",
        json_pack("{ss ss ss sO}", "template_id", id, "title", value_string(notice, "title"), "url",
                  value_string(call->body, "page"), "fields", fields),
        NULL);
    finish->seq = item->seq;
    world_sent(call->account,
               json_pack("{sI ss ss ss ss sI si sb}", "at", (json_int_t)world_now_ms(call->world),
                         "endpoint", "message/subscribe/bizsend", "openid", person->openid,
                         "client_msg_id", "", "template_id", id, "msgid", (json_int_t)finish->msgid,
                         "errcode", 0, "shown", true));
    call_shows(call, item);
    alarm_set(call->world->alarms, (uint64_t)call->world->finish_ms, sent_told, finish);
    call_accept(call, 0);
}

static void refuse_field(struct call *call, const char *field) {
    call_refuse(call, 47003,
                must(talloc_asprintf(call->request->ctx, "argument invalid! data.%s.value invalid",
                                     field)));
}

void notice_send(struct call *call) {
    void *ctx = call->request->ctx;
    struct person *person = person_find(call->account, value_string(call->body, "touser"));
    const char *id = value_string(call->body, "template_id");
    const json_t *notice = shelf_get(call->account, shelf, id);
    const json_t *data = json_object_get(call->body, "data");
    json_t *fields = value_keep(ctx, json_array());
    struct notice_text text = {ctx, value_string(notice, "content")};
    int errcode = !person || !json_is_object(data)                       ? 40003
                  : !notice                                              ? 40037
                  : strlen(value_string(call->body, "page")) > PAGE_MOST ? 41030
                                                                         : 0;
    const char *wrong = errcode ? NULL : field_read(data, fields, label, &text);
    if (!errcode && !wrong)
        wrong = field_missing(ctx, text.content, data);
    if (errcode)
        call_refuse(call, errcode, NULL);
    else if (wrong)
        refuse_field(call, wrong);
    else if (!acceptance_take(person, id))
        call_refuse(call, 43101, NULL);
    else
        deliver(call, person, id, fields);
}
