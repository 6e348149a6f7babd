#ifndef SANDBOX_CALL_H
#define SANDBOX_CALL_H

/* A call of WeChat's API, as the file that handles its endpoint sees it. */

#include "world.h"

#include "bot/fastcgi.h"

struct call {
    struct world *world;
    struct account *account; /* whose token or AppID it carries; never NULL in a handler */
    struct fcgi_request *request;
    json_t *body;   /* of a POST: an object. Belongs to request->ctx */
    json_t *answer; /* what the handler answers, belongs to request->ctx */
    json_t *wire;   /* of the item it made, else NULL; belongs to request->ctx */
};

/* Answers an errcode. `detail` takes the place of WeChat's usual text unless it is NULL; a rid is
 * added. */
void call_refuse(struct call *call, int errcode, const char *detail);

/* Answers {"errcode":0,"errmsg":"ok"} and, unless it is 0, the msgid. */
void call_accept(struct call *call, int64_t msgid);

/* The call has put this into a chat. */
void call_shows(struct call *call, const struct item *item);

typedef void call_handler(struct call *call);

call_handler token_call, stable_token_call, template_send, custom_send, menu_create, menu_get;

#endif
