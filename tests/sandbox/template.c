/* Template messages: message/template/send. Rules: api.md §3. */

#include "alarm.h"
#include "bot/config.h"
#include "endpoint.h"
#include "fault.h"
#include "field.h"
#include "library.h"
#include "message.h"
#include "push.h"

#include <inttypes.h>
#include <string.h>

#define DOUBLE_MS (10 * 60 * 1000) /* client_msg_id is remembered so long */

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

/* What became of it, or what a test wants to have become of it: mind the space. */
static const char *status_of(const struct person *person) {
    if (fault_take(person->account->world, person->account, "finish").errcode)
        return "failed: system failed";
    return person->following ? "success" : "failed:user block";
}

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
        {"Status", status_of(person), false},
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

static void deliver(struct call *call, struct person *person, const struct template *chosen,
                    json_t *fields) {
    int64_t msgid = world_job_id();
    note_sent(call, chosen->id, msgid, true);
    const struct item *item = world_say(
        person, "account", "template",
        json_pack("{ss ss ss sO ss}", "template_id", chosen->id, "title", chosen->title, "url",
                  value_string(call->body, "url"), "fields", fields, "status", "success"),
        NULL);
    call_shows(call, item);
    struct finish *finish = must(talloc(call->world, struct finish));
    *finish = (struct finish){.person = person, .msgid = msgid, .seq = item->seq};
    alarm_set(call->world->alarms, (uint64_t)call->world->finish_ms, job_finished, finish);
    call_accept(call, msgid);
}

/* Why this person is sent none, 0 if nothing is against it. */
static int person_errcode(const struct person *person) {
    return !person ? 40003 : person->blocked ? 43019 : !person->following ? 43004 : 0;
}

static void send(struct call *call, struct person *person, const struct template *chosen) {
    const json_t *data = json_object_get(call->body, "data");
    json_t *fields = value_keep(call->request->ctx, json_array());
    const char *wrong = field_read(data, fields, template_label, chosen);
    if (!wrong && *chosen->content)
        wrong = field_missing(call->request->ctx, chosen->content, data);
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

void template_send(struct call *call) {
    struct person *person = person_find(call->account, value_string(call->body, "touser"));
    struct template chosen;
    bool known = template_find(call->request->ctx, call->account,
                               value_string(call->body, "template_id"), &chosen);
    int errcode = person_errcode(person);
    if (errcode && errcode != 43004)
        call_refuse(call, errcode, NULL);
    else if (!known)
        call_refuse(call, 40037, NULL);
    else if (errcode)
        call_refuse(call, errcode, NULL);
    else if (!json_object_size(json_object_get(call->body, "data")))
        call_refuse(call, 47003, "argument invalid! data is empty");
    else
        send(call, person, &chosen);
}
