/* template/…: industries and the templates chosen from them. */

#include "library.h"

#include "bot/config.h"
#include "bot/notices.h"
#include "endpoint.h"
#include "field.h"
#include "shelf.h"
#include "wx/crypto.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define TEMPLATES_MOST 25
#define KEYWORDS_MOST  10

static const char shelf[] = "template";     /* value: short, title, content */
static const char gone[] = "template_gone"; /* configured ones that were deleted */

/* ---- finding ---- */

static const struct config_template *configured(const struct account *account, const char *id) {
    for (unsigned i = 0; i < account->config->templates_count; i++)
        if (!strcmp(account->config->templates[i].id, id) && !shelf_get(account, gone, id))
            return &account->config->templates[i];
    return NULL;
}

static const char *title_of(const struct account *account, int notice) {
    return notice < 0 ? "服务通知" : notices_title(account->notices, (enum notice)notice);
}

bool template_find(void *ctx, const struct account *account, const char *id,
                   struct template *found) {
    const struct config_template *config = configured(account, id);
    const json_t *added = shelf_get(account, shelf, id);
    if (!config && !added)
        return false;
    int notice = config && account->notices ? notices_find(config->notice) : -1;
    *found = (struct template){
        .account = account,
        .id = must(talloc_strdup(ctx, id)),
        .title = must(
            talloc_strdup(ctx, config ? title_of(account, notice) : value_string(added, "title"))),
        .content = must(talloc_strdup(ctx, value_string(added, "content"))),
        .notice = notice,
    };
    return true;
}

const char *template_label(const void *template, const char *field) {
    const struct template *of = template;
    const char *label = of->notice >= 0
                            ? notices_label(of->account->notices, (enum notice)of->notice, field)
                            : field_in_content((void *)of->id, of->content, field);
    return label && *label ? label : field_label(field);
}

/* ---- the list ---- */

/* What WeChat would show as the content of a configured template: the fields its notice has. */
static const char *configured_content(void *ctx, const struct account *account, int notice) {
    static const char *const kinds[] = {
        "thing", "time", "date", "number", "phrase", "name", "character_string", "amount", "const"};
    char *content = must(talloc_strdup(ctx, ""));
    for (size_t i = 0; notice >= 0 && i < sizeof kinds / sizeof *kinds; i++) {
        for (int n = 1; n < 10; n++) {
            const char *field = must(talloc_asprintf(ctx, "%s%d", kinds[i], n));
            const char *label = notices_label(account->notices, (enum notice)notice, field);
            if (*label)
                content = must(talloc_asprintf_append(content, "%s：{{%s.DATA}}\n", label, field));
        }
    }
    return content;
}

static void entry_add(json_t *list, const char *id, const char *title, const char *content) {
    json_t *entry =
        json_pack("{ss ss ss ss ss ss}", "template_id", id, "title", title, "primary_industry",
                  "教育", "deputy_industry", "培训", "content", content, "example", "");
    if (json_array_append_new(list, must(entry)))
        must(NULL);
}

void template_list(struct call *call) {
    const struct account *account = call->account;
    json_t *list = must(json_array());
    const char *id;
    const json_t *added;
    for (unsigned i = 0; i < account->config->templates_count; i++) {
        const struct config_template *config = &account->config->templates[i];
        int notice = account->notices ? notices_find(config->notice) : -1;
        if (configured(account, config->id))
            entry_add(list, config->id, title_of(account, notice),
                      configured_content(call->request->ctx, account, notice));
    }
    json_object_foreach(shelf_all(account, shelf), id, added) {
        entry_add(list, id, value_string(added, "title"), value_string(added, "content"));
    }
    call_give(call, json_pack("{so}", "template_list", list));
}

/* ---- adding and deleting ---- */

/* An account has one template of a short id. */
static const char *added_before(const struct account *account, const char *short_id) {
    const char *id;
    const json_t *added;
    json_object_foreach(shelf_all(account, shelf), id, added) {
        if (!strcmp(value_string(added, "short"), short_id))
            return id;
    }
    return NULL;
}

/* 43 characters, the same for the same account and template. */
static const char *id_make(void *ctx, const struct account *account, const char *short_id) {
    char openid[PERSON_OPENID], seed[64];
    snprintf(seed, sizeof seed, "%s/%s", account->config->name, short_id);
    person_openid(seed, 0, openid);
    return must(talloc_asprintf(ctx, "%s_%.15s", openid + 1, openid + 3));
}

/* A short id of the old kind has its words; one of a category is made of chosen keywords. */
static const char *content_make(void *ctx, const json_t *keywords) {
    char *content = must(talloc_strdup(ctx, ""));
    size_t index;
    const json_t *keyword;
    if (!json_array_size(keywords))
        return "{{first.DATA}}\n内容：{{keyword1.DATA}}\n时间：{{keyword2.DATA}}\n{{remark.DATA}}";
    json_array_foreach(keywords, index, keyword) {
        const char *name = json_string_value(keyword);
        name = name ? name : "";
        content = must(talloc_asprintf_append(content, "%s：{{%s.DATA}}\n", name,
                                              field_of_keyword(ctx, name, (unsigned)index + 1)));
    }
    return content;
}

static bool is_short_id(const char *id) {
    id += !strncmp(id, "OPENTM", 6) ? 6 : !strncmp(id, "TM", 2) ? 2 : 0;
    size_t digits = strspn(id, "0123456789");
    return digits && digits <= 12 && !id[digits];
}

static size_t count(const struct account *account) {
    return account->config->templates_count + shelf_count(account, shelf) -
           shelf_count(account, gone);
}

void template_add(struct call *call) {
    void *ctx = call->request->ctx;
    const char *short_id = value_string(call->body, "template_id_short");
    const json_t *keywords = json_object_get(call->body, "keyword_name_list");
    if (!is_short_id(short_id) || json_array_size(keywords) > KEYWORDS_MOST) {
        call_refuse(call, 40037, NULL);
        return;
    }
    const char *id = added_before(call->account, short_id);
    if (!id && count(call->account) >= TEMPLATES_MOST) {
        call_refuse(call, 45026, NULL);
        return;
    }
    if (!id) {
        id = id_make(ctx, call->account, short_id);
        shelf_put(call->account, shelf, id,
                  json_pack("{ss ss ss}", "short", short_id, "title", "通知提醒", "content",
                            content_make(ctx, keywords)));
    }
    call_give_ok(call, json_pack("{ss}", "template_id", id));
}

void template_delete(struct call *call) {
    const char *id = value_string(call->body, "template_id");
    if (shelf_get(call->account, shelf, id)) {
        shelf_remove(call->account, shelf, id);
    } else if (configured(call->account, id)) {
        shelf_put(call->account, gone, id, json_object());
    } else {
        call_refuse(call, 40037, NULL);
        return;
    }
    call_accept(call, 0);
}

/* ---- industries ---- */

static const struct {
    const char *id, *first, *second;
} industries[] = {
    {"1", "IT科技", "互联网|电子商务"},
    {"2", "IT科技", "IT软件与服务"},
    {"7", "金融业", "银行"},
    {"10", "餐饮", "餐饮"},
    {"16", "教育", "培训"},
    {"17", "教育", "院校"},
    {"18", "政府与公共事业", "学术科研"},
    {"41", "其它", "其它"},
};

static json_t *industry_json(const char *id) {
    for (size_t i = 0; i < sizeof industries / sizeof *industries; i++)
        if (!strcmp(industries[i].id, id))
            return must(json_pack("{ss ss}", "first_class", industries[i].first, "second_class",
                                  industries[i].second));
    return must(json_pack("{ss ss}", "first_class", "其它", "second_class", "其它"));
}

/* WeChat takes numbers and strings. */
static const char *industry_asked(const struct call *call, const char *key) {
    json_int_t number = value_integer(call->body, key, 0);
    const char *id = number ? must(talloc_asprintf(call->request->ctx, "%lld", (long long)number))
                            : value_string(call->body, key);
    size_t digits = strspn(id, "0123456789");
    return digits && !id[digits] && strtol(id, NULL, 10) >= 1 && strtol(id, NULL, 10) <= 41 ? id
                                                                                            : NULL;
}

void template_industry_set(struct call *call) {
    const char *first = industry_asked(call, "industry_id1");
    const char *second = industry_asked(call, "industry_id2");
    if (!first || !second) {
        call_refuse(call, 40102, "invalid industry id");
        return;
    }
    shelf_put(call->account, "industry", "both", json_pack("{ss ss}", "1", first, "2", second));
    call_accept(call, 0);
}

void template_industry_get(struct call *call) {
    const json_t *both = shelf_get(call->account, "industry", "both");
    call_give(call,
              json_pack("{so so}", "primary_industry",
                        industry_json(both ? value_string(both, "1") : "16"), "secondary_industry",
                        industry_json(both ? value_string(both, "2") : "1")));
}
