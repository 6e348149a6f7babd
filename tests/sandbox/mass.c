/* Mass sending: message/mass/…. Rules: api.md §6. */

#include "alarm.h"
#include "article.h"
#include "bot/config.h"
#include "content.h"
#include "endpoint.h"
#include "fault.h"
#include "message.h"
#include "push.h"
#include "shelf.h"
#include "wx/crypto.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define A_MONTH        4 /* to one person, and to all */
#define LIST_MOST      10000
#define CLIENT_ID_MOST 64 /* bytes */
#define CLIENT_ID_MS   (24LL * 3600 * 1000)
#define AT_ONCE        1000 /* people served before others have a turn */
#define KEPT           1000
#define SPEED_MOST     4

static const char shelf[] = "mass"; /* value: status, clientmsgid, at, article_id, data_id */

/* One under way. */
struct job {
    struct account *account;
    const char *id;
    int64_t msg_id;
    struct content content;
    uint32_t *people; /* numbers */
    unsigned total, at, sent;
    int month;
};

/* Months since 2000, of Beijing. */
static int month_now(const struct world *world) {
    time_t now = (time_t)(world_now_ms(world) / 1000 + 8 * 3600);
    struct tm date;
    gmtime_r(&now, &date);
    return (date.tm_year - 100) * 12 + date.tm_mon;
}

/* ---- the way of a job ---- */

static void status_set(struct account *account, const char *id, const char *status) {
    json_t *mass = shelf_get(account, shelf, id);
    if (json_object_set_new(mass, "status", json_string(status)))
        must(NULL);
    shelf_put(account, shelf, id, json_incref(mass));
}

static void tell(struct job *job) {
    const char *ids[4];
    int errcode = fault_take(job->account->world, job->account, "finish").errcode;
    const char *status = !errcode      ? "send success"
                         : errcode < 0 ? "send fail"
                                       : must(talloc_asprintf(job, "err(%d)", errcode));
    const unsigned numbers[] = {job->total, job->sent, job->sent, 0};
    for (int i = 0; i < 4; i++)
        ids[i] = must(talloc_asprintf(job, "%u", numbers[i]));
    const struct message_field fields[] = {
        {"Event", "MASSSENDJOBFINISH", false},
        {"MsgID", job->id, true},
        {"Status", status, false},
        {"TotalCount", ids[0], true},
        {"FilterCount", ids[1], true},
        {"SentCount", ids[2], true},
        {"ErrorCount", ids[3], true},
        {NULL, NULL, false},
    };
    const char *openid = people_at(job->account, 0)->openid; /* who manages the account */
    push_send(&(struct push_order){
        .account = job->account,
        .openid = openid,
        .xml = message_write(job, job->account, openid, "event", fields),
        .attempts = 3,
    });
}

/* Who has had four this month gets no more. */
static void serve(struct job *job, struct person *person) {
    if (person->month != job->month)
        person->massed = 0;
    person->month = (int16_t)job->month;
    if (!person->following || person->blocked || person->massed >= A_MONTH)
        return;
    person->massed++;
    job->sent++;
    person_changed(person);
    world_say(person, "account", job->content.kind, must(json_copy(job->content.fields)), NULL);
}

static void go_on(void *data) {
    struct job *job = data;
    struct world *world = job->account->world;
    for (unsigned i = 0; i < AT_ONCE && job->at < job->total && !world->stopping; i++)
        serve(job, people_at(job->account, job->people[job->at++]));
    if (job->at < job->total && !world->stopping) {
        alarm_set(world->alarms, 0, go_on, job);
        return;
    }
    if (!world->stopping) {
        status_set(job->account, job->id, "SEND_SUCCESS");
        tell(job);
    }
    talloc_free(job);
}

/* A draft that is sent becomes an article. */
static const char *article_make(struct job *job) {
    if (!job->content.draft)
        return "";
    const char *id = article_publish(job, job->account, job->content.draft);
    const json_t *items = json_object_get(article_find(job->account, id), "news_item");
    if (json_object_set_new(job->content.fields, "articles",
                            article_cards(job, job->account, items, id)))
        must(NULL);
    return id;
}

static void begin(struct call *call, struct job *job, const char *client_id) {
    const char *article_id = article_make(job);
    job->msg_id = world_job_id();
    job->id = must(talloc_asprintf(job, "%" PRId64, job->msg_id));
    job->month = month_now(call->world);
    shelf_put(call->account, shelf, job->id,
              json_pack("{ss ss sI ss}", "status", "SENDING", "clientmsgid", client_id, "at",
                        (json_int_t)world_now_ms(call->world), "article_id", article_id));
    shelf_cap(call->account, shelf, KEPT);
    alarm_set(call->world->alarms, (uint64_t)call->world->finish_ms, go_on, job);
    json_t *answer =
        must(json_pack("{si ss sI}", "errcode", 0, "errmsg", "send job submission success",
                       "msg_id", (json_int_t)job->msg_id));
    if (job->content.draft &&
        json_object_set_new(answer, "msg_data_id", json_integer((json_int_t)job->msg_id)))
        must(NULL);
    call_give(call, answer);
}

/* ---- what may be sent ---- */

/* Without one of its own a call has that of its body, so that it is not sent twice. */
static const char *client_id_of(const struct call *call) {
    const char *given = value_string(call->body, "clientmsgid");
    char hex[WX_FINGERPRINT_SIZE];
    if (*given)
        return given;
    const char *body = value_dump(call->request->ctx, call->body);
    wx_fingerprint(body, strlen(body), hex);
    return must(talloc_strdup(call->request->ctx, hex));
}

/* The msg_id of an earlier job with this clientmsgid, or NULL. */
static const char *job_before(const struct call *call, const char *client_id) {
    const char *id;
    const json_t *mass;
    int64_t since = world_now_ms(call->world) - CLIENT_ID_MS;
    json_object_foreach(shelf_all(call->account, shelf), id, mass) {
        if (!strcmp(value_string(mass, "clientmsgid"), client_id) &&
            value_integer(mass, "at", 0) > since)
            return id;
    }
    return NULL;
}

/* Refuses what was sent before, with its msg_id. */
static bool is_double(struct call *call, const char *client_id) {
    const char *before = job_before(call, client_id);
    if (!before)
        return false;
    call_refuse(call, 45065, NULL);
    if (json_object_set_new(call->answer, "msg_id", json_integer(strtoll(before, NULL, 10))))
        must(NULL);
    return true;
}

/* To all goes four times a month. */
static bool to_all_left(struct call *call) {
    const char *month = must(talloc_asprintf(call->request->ctx, "%d", month_now(call->world)));
    json_int_t used = value_integer(shelf_get(call->account, "mass_to_all", month), "count", 0);
    if (used >= A_MONTH)
        return false;
    shelf_put(call->account, "mass_to_all", month, json_pack("{sI}", "count", used + 1));
    return true;
}

/* Submits a job whose people are chosen. */
static void submit(struct call *call, struct job *job, bool to_all) {
    const char *client_id = client_id_of(call);
    int errcode = strlen(client_id) > CLIENT_ID_MOST
                      ? 45067
                      : content_read(job, call->account, call->body, CONTENT_MASS, &job->content);
    if (!errcode && is_double(call, client_id)) {
        talloc_free(job);
        return;
    }
    if (!errcode && to_all && !to_all_left(call))
        errcode = 45028;
    if (errcode) {
        call_refuse(call, errcode, NULL);
        talloc_free(job);
        return;
    }
    begin(call, job, client_id);
}

static struct job *job_make(const struct call *call, size_t room) {
    struct job *job = must(talloc_zero(call->world, struct job));
    job->account = call->account;
    job->people = must(talloc_array(job, uint32_t, room));
    return job;
}

void mass_sendall(struct call *call) {
    const json_t *filter = json_object_get(call->body, "filter");
    struct account *account = call->account;
    bool to_all = json_is_true(json_object_get(filter, "is_to_all"));
    json_int_t tag =
        value_integer(filter, "tag_id", strtoll(value_string(filter, "tag_id"), NULL, 10));
    if (!to_all && !tag) {
        call_refuse(call, 45159, NULL);
        return;
    }
    struct job *job = job_make(call, account->people_count);
    for (unsigned i = 0; i < account->people_count; i++) {
        const struct person *person = people_at(account, i);
        if (person->following && (to_all || person_tagged(person, tag)))
            job->people[job->total++] = i;
    }
    submit(call, job, to_all);
}

void mass_send(struct call *call) {
    const json_t *list = json_object_get(call->body, "touser"), *entry;
    size_t index;
    if (json_array_size(list) < 2 || json_array_size(list) > LIST_MOST) {
        call_refuse(call, json_array_size(list) < 2 ? 40130 : 40032, NULL);
        return;
    }
    struct job *job = job_make(call, json_array_size(list));
    json_array_foreach(list, index, entry) {
        const char *openid = json_string_value(entry);
        const struct person *person = person_find(call->account, openid ? openid : "");
        if (!person) {
            call_refuse(call, 40003, NULL);
            talloc_free(job);
            return;
        }
        job->people[job->total++] = person->number;
    }
    submit(call, job, false);
}

/* ---- preview ---- */

/* By openid, or by the name WeChat knows them by. */
static struct person *previewer(const struct call *call) {
    const char *name = value_string(call->body, "towxname");
    struct person *found = person_find(call->account, value_string(call->body, "touser"));
    for (unsigned i = 0; *name && !found && i < call->account->people_count; i++)
        if (!strcmp(person_name(call->request->ctx, people_at(call->account, i)), name))
            found = people_at(call->account, i);
    return found;
}

void mass_preview(struct call *call) {
    struct person *person = previewer(call);
    struct content content;
    int errcode = !person              ? 40003
                  : person->blocked    ? 43019
                  : !person->following ? 43004
                                       : content_read(call->request->ctx, call->account, call->body,
                                                      CONTENT_MASS, &content);
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    call_shows(call, world_say(person, "account", content.kind, json_incref(content.fields), NULL));
    call_give(call, json_pack("{si ss sI}", "errcode", 0, "errmsg", "preview success", "msg_id",
                              (json_int_t)world_job_id()));
}

/* ---- afterwards ---- */

/* The job the body names, a number or a string; NULL when the call has been refused. */
static const char *job_asked(struct call *call) {
    const char *id = value_string(call->body, "msg_id");
    json_int_t number = value_integer(call->body, "msg_id", 0);
    if (number)
        id = must(talloc_asprintf(call->request->ctx, "%lld", (long long)number));
    if (shelf_get(call->account, shelf, id))
        return id;
    call_refuse(call, 40059, NULL);
    return NULL;
}

void mass_get(struct call *call) {
    const char *id = job_asked(call);
    if (id)
        call_give(call,
                  json_pack("{sI ss}", "msg_id", (json_int_t)strtoll(id, NULL, 10), "msg_status",
                            value_string(shelf_get(call->account, shelf, id), "status")));
}

/* Takes away the article; what stands in the chats stays. */
void mass_delete(struct call *call) {
    const char *id = job_asked(call);
    json_int_t index = value_integer(call->body, "article_idx", 0);
    if (!id)
        return;
    const char *article_id = value_string(shelf_get(call->account, shelf, id), "article_id");
    json_t *article = article_find(call->account, article_id);
    json_t *item = json_array_get(json_object_get(article, "news_item"), (size_t)index - 1);
    if (index > 0 && !item) {
        call_refuse(call, 40114, NULL);
        return;
    }
    if (index > 0) {
        if (json_object_set_new(item, "is_deleted", json_true()))
            must(NULL);
        shelf_put(call->account, "article", article_id, json_incref(article));
    } else {
        shelf_remove(call->account, "article", article_id);
        status_set(call->account, id, "DELETE");
    }
    call_accept(call, 0);
}

/* ---- speed ---- */

static const int speeds[SPEED_MOST + 1] = {80, 60, 45, 30, 10}; /* ten thousand a minute */

void mass_speed_get(struct call *call) {
    json_int_t speed = value_integer(shelf_get(call->account, "speed", "mass"), "speed", 0);
    call_give(call, json_pack("{sI si}", "speed", speed, "realspeed", speeds[speed]));
}

void mass_speed_set(struct call *call) {
    json_int_t speed = value_integer(call->body, "speed", -1);
    if (speed < 0 || speed > SPEED_MOST) {
        call_refuse(call, 45083, NULL);
        return;
    }
    shelf_put(call->account, "speed", "mass", json_pack("{sI}", "speed", speed));
    call_accept(call, 0);
}
