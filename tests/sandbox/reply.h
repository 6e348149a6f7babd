#ifndef SANDBOX_REPLY_H
#define SANDBOX_REPLY_H

/* The bot's answer to a push, read as WeChat reads it: a reader of its own, so that a mistake in
 * wx/reply does not cancel out. The only file here that knows mxml. */

#include "world.h"

enum reply_kind {
    REPLY_NOTHING, /* empty, or "success" */
    REPLY_SHOWN,
    REPLY_BROKEN, /* the person sees the failure notice */
};

struct reply {
    enum reply_kind kind;
    const char *item;   /* kind of the item, "" for what shows nothing (a transfer) */
    json_t *fields;     /* of the item; belongs to ctx */
    const char *plain;  /* the body once opened; NULL if it was not sealed */
    const char *reason; /* what is broken, else "" */
};

/* `openid` is who is answered; NULL does not look at it. After a message only one article may be
 * shown, after an event eight. */
void reply_read(void *ctx, const struct account *account, const char *openid, bool after_message,
                const char *body, size_t length, struct reply *reply);

/* Only opens: what `reply->plain` would be, or NULL. */
const char *reply_open(void *ctx, const struct account *account, const char *body, size_t length);

/* The text of an element directly below the root, "" if there is none or the XML is broken. */
const char *reply_element(void *ctx, const char *xml, const char *name);

/* A message's XML as an account that has chosen JSON gets it: elements become keys, several of one
 * name a list, numbers numbers. Belongs to ctx; NULL when it is no XML. */
json_t *reply_xml_as_json(void *ctx, const char *xml);

#endif
