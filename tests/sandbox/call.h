#ifndef SANDBOX_CALL_H
#define SANDBOX_CALL_H

/* A call of WeChat's API, as the file that handles its endpoint sees it. */

#include "form.h"
#include "world.h"

#include "bot/fastcgi.h"

struct call {
    struct world *world;
    struct account
        *account; /* whose token or AppID it carries. NULL only where neither is needed */
    struct fcgi_request *request;
    json_t *body;            /* of a POST: an object. Belongs to request->ctx */
    const struct form *form; /* of an upload */
    json_t *answer;          /* what the handler answers, belongs to request->ctx */
    struct call_file *file;  /* or this */
    json_t *wire;            /* of the item it made, else NULL; belongs to request->ctx */
    bool later;              /* the handler will call call_finish() */
};

/* An answer that is no JSON. */
struct call_file {
    int status; /* 0: 200 */
    const char *content_type, *headers;
    const void *bytes;
    size_t length;
};

/* Answers an errcode. `detail` takes the place of WeChat's usual text unless it is NULL; a rid is
 * added. */
void call_refuse(struct call *call, int errcode, const char *detail);

/* Answers {"errcode":0,"errmsg":"ok"} and, unless it is 0, the msgid. */
void call_accept(struct call *call, int64_t msgid);

/* Answers with JSON, which is taken over; call_give_ok() with errcode 0 before it. */
void call_give(struct call *call, json_t *answer);
void call_give_ok(struct call *call, json_t *answer);

/* Answers with bytes, which live as long as the request. */
void call_give_file(struct call *call, const struct call_file *file);

/* Sends the answer of a call that said `later`; the call is gone on return. */
void call_finish(struct call *call);

/* The call has put this into a chat. */
void call_shows(struct call *call, const struct item *item);

/* A value of the query, decoded, "" when it is absent. */
const char *call_query(const struct call *call, const char *name);

/* The person the body's `key` names. Answers the call and returns NULL if there is none. */
struct person *call_person(struct call *call, const char *key);

typedef void call_handler(struct call *call);

#endif
