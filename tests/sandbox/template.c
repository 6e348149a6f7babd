/* POST message/template/send. Rules: api.md §3. */

#include "alarm.h"
#include "bot/config.h"
#include "bot/notices.h"
#include "call.h"
#include "message.h"
#include "push.h"

#include <ctype.h>
#include <inttypes.h>
#include <regex.h>
#include <string.h>

#define DOUBLE_MS     (10 * 60 * 1000) /* client_msg_id is remembered so long */
#define KEYWORD_SHOWN 20               /* of an old template's keywordN, in characters */

/* ---- field kinds ---- */

#define DATE  "[0-9]{4}(年[0-9]{1,2}月[0-9]{1,2}日|([-/.])[0-9]{1,2}[-/.][0-9]{1,2})"
#define CLOCK "[0-9]{1,2}[:][0-9]{2}(:[0-9]{2})?"
#define TIME  "(" DATE " ?)?" CLOCK
#define DAY   DATE "( ?" CLOCK ")?"

/* name of the kind, most characters, what its value must match ("": anything), its usual label */
static const struct kind {
    const char *name;
    size_t most;
    const char *pattern;
    const char *label;
} kinds[] = {
    {"thing", 20, "", "事项"},
    {"number", 32, "^-?[0-9]+([.][0-9]+)?$", "数量"},
    {"letter", 32, "^[A-Za-z]+$", "代码"},
    {"symbol", 5, "^[^A-Za-z0-9]+$", "符号"},
    {"character_string", 32, "^[ -~]+$", "编号"},
    {"time", 64, "^" TIME "(~" TIME ")?$", "时间"},
    {"date", 64, "^" DAY "(~" DAY ")?$", "日期"},
    {"amount", 14, "^(¥|￥|[$])?[0-9]{1,10}([.][0-9]{1,2})?(元)?$", "金额"},
    {"phone_number", 17, "^[-+() 0-9]+$", "电话"},
    {"car_number", 8, "", "车牌号"},
    {"name", 20, "", "姓名"},
    {"phrase", 5, "", "状态"},
    {"const", 20, "", "类别"},
    {"keyword", SIZE_MAX, "", "内容"},
};

static bool matches(const char *pattern, const char *value) {
    regex_t compiled;
    if (!*pattern)
        return true;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB))
        must(NULL);
    bool matched = !regexec(&compiled, value, 0, NULL, 0);
    regfree(&compiled);
    return matched;
}

static bool is_hanzi(unsigned character) {
    return (character >= 0x3400 && character <= 0x9fff) ||
           (character >= 0x20000 && character <= 0x3134f);
}

/* How many of the characters are Chinese, and whether all can be printed. */
static bool hanzi_count(const char *value, size_t *hanzi) {
    *hanzi = 0;
    for (unsigned c; (c = value_character(&value));) {
        if (c < ' ' || c == 0x7f)
            return false;
        *hanzi += is_hanzi(c);
    }
    return true;
}

static bool fits(const struct kind *kind, const char *value) {
    size_t characters = value_characters(value), hanzi;
    if (!characters || characters > kind->most || !hanzi_count(value, &hanzi))
        return false;
    if (!strcmp(kind->name, "phrase"))
        return hanzi == characters;
    if (!strcmp(kind->name, "name")) /* 10 hanzi, or 20 of anything else */
        return hanzi == 0 || characters <= 10;
    return matches(kind->pattern, value);
}

/* The kind of a field from its name: thing1, time22, …; NULL if there is no such kind. */
static const struct kind *kind_of(const char *field) {
    size_t length = strcspn(field, "0123456789");
    const char *number = field + length;
    if (!*number || strspn(number, "0123456789") != strlen(number))
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].name) == length && !strncmp(kinds[i].name, field, length))
            return &kinds[i];
    return NULL;
}

/* ---- what is shown ---- */

/* The notice a template is for, or -1. */
static int notice_of(const struct account *account, const struct config_template *chosen) {
    return account->notices ? notices_find(chosen->notice) : -1;
}

static const char *title_of(const struct account *account, int notice) {
    return notice < 0 ? "服务通知" : notices_title(account->notices, (enum notice)notice);
}

static const char *label_of(const struct account *account, int notice, const char *field) {
    const char *label =
        notice < 0 ? "" : notices_label(account->notices, (enum notice)notice, field);
    return *label ? label : kind_of(field)->label;
}

static const struct config_template *template_find(const struct account *account, const char *id) {
    for (unsigned i = 0; i < account->config->templates_count; i++)
        if (!strcmp(account->config->templates[i].id, id))
            return &account->config->templates[i];
    return NULL;
}

/* The value as it is shown: an old keyword is cut. */
static json_t *value_shown(const struct kind *kind, const char *value) {
    const char *end = value;
    size_t shown = strcmp(kind->name, "keyword") ? SIZE_MAX : KEYWORD_SHOWN;
    while (shown-- && value_character(&end))
        ;
    return must(json_stringn(value, (size_t)(end - value)));
}

/* Fills `fields` from the data of a call. Returns NULL or the name of the field that is wrong. */
static const char *fields_read(const struct account *account, int notice, const json_t *data,
                               json_t *fields) {
    const char *name;
    const json_t *entry;
    json_object_foreach((json_t *)data, name, entry) {
        const char *value = json_string_value(json_object_get(entry, "value"));
        if (!strcmp(name, "first") || !strcmp(name, "remark")) /* since 2023 not displayed */
            continue;
        const struct kind *kind = kind_of(name);
        if (!kind || !value || !fits(kind, value))
            return name;
        json_t *field =
            must(json_pack("{ss ss so}", "name", name, "label", label_of(account, notice, name),
                           "value", value_shown(kind, value)));
        if (json_array_append_new(fields, field))
            must(NULL);
    }
    return NULL;
}

static void refuse_field(struct call *call, const char *field) {
    call_refuse(call, 47003,
                must(talloc_asprintf(call->request->ctx, "argument invalid! data.%s.value invalid",
                                     field)));
}

/* ---- afterwards ---- */

struct finish {
    struct person *person;
    int64_t msgid;
    uint64_t seq;
};

/* What became of the send is told a little later. */
static void job_finished(void *data) {
    struct finish *finish = data;
    struct person *person = finish->person;
    struct world *world = person->account->world;
    char id[32];
    snprintf(id, sizeof id, "%" PRId64, finish->msgid);
    const struct message_field fields[] = {
        {"Event", "TEMPLATESENDJOBFINISH", false},
        {"MsgID", id, true},
        {"Status", person->following ? "success" : "failed:user block", false},
        {NULL, NULL, false},
    };
    if (!world->stopping)
        push_send(&(struct push_order){
            .account = person->account,
            .openid = person->openid,
            .xml = message_write(finish, person->account, person->openid, "event", fields),
            .attempts = 3,
            .item = world_recent(world, finish->seq),
        });
    talloc_free(finish);
}

/* ---- the call ---- */

/* The msgid of an earlier send with this client_msg_id, 0 if there is none. */
static int64_t double_of(const struct account *account, const char *openid, const char *client_id) {
    const json_t *sent = *client_id ? world_sent_before(account, openid, client_id) : NULL;
    int64_t since = world_now_ms(account->world) - DOUBLE_MS;
    return value_integer(sent, "at", 0) >= since ? value_integer(sent, "msgid", 0) : 0;
}

static void note_sent(struct call *call, const char *template_id, int64_t msgid, bool shown) {
    world_sent(call->account,
               json_pack("{sI ss ss ss ss sI si sb}", "at", (json_int_t)world_now_ms(call->world),
                         "endpoint", "message/template/send", "openid",
                         value_string(call->body, "touser"), "client_msg_id",
                         value_string(call->body, "client_msg_id"), "template_id", template_id,
                         "msgid", (json_int_t)msgid, "errcode", 0, "shown", shown));
}

static void deliver(struct call *call, struct person *person, const struct config_template *chosen,
                    json_t *fields) {
    int64_t msgid = world_job_id();
    note_sent(call, chosen->id, msgid, true);
    const struct item *item =
        world_say(person, "account", "template",
                  json_pack("{ss ss ss sO ss}", "template_id", chosen->id, "title",
                            title_of(call->account, notice_of(call->account, chosen)), "url",
                            value_string(call->body, "url"), "fields", fields, "status", "success"),
                  NULL);
    call_shows(call, item);
    struct finish *finish = must(talloc(call->world, struct finish));
    *finish = (struct finish){.person = person, .msgid = msgid, .seq = item->seq};
    alarm_set(call->world->alarms, (uint64_t)call->world->finish_ms, job_finished, finish);
    call_accept(call, msgid);
}

void template_send(struct call *call) {
    struct person *person = world_person(call->account, value_string(call->body, "touser"));
    const struct config_template *chosen =
        template_find(call->account, value_string(call->body, "template_id"));
    const json_t *data = json_object_get(call->body, "data");
    json_t *fields = value_keep(call->request->ctx, json_array());
    if (!person) {
        call_refuse(call, 40003, NULL);
    } else if (!chosen) {
        call_refuse(call, 40037, NULL);
    } else if (!person->following) {
        call_refuse(call, 43004, NULL);
    } else if (!json_object_size(data)) {
        call_refuse(call, 47003, "argument invalid! data is empty");
    } else {
        const char *wrong =
            fields_read(call->account, notice_of(call->account, chosen), data, fields);
        int64_t earlier =
            double_of(call->account, person->openid, value_string(call->body, "client_msg_id"));
        if (wrong) {
            refuse_field(call, wrong);
        } else if (earlier) {
            note_sent(call, chosen->id, earlier, false);
            call_accept(call, earlier);
        } else {
            deliver(call, person, chosen, fields);
        }
    }
}
