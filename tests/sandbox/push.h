#ifndef SANDBOX_PUSH_H
#define SANDBOX_PUSH_H

/* A message on its way to the bot: signed, sealed, posted to the callback URL, tried again when it
 * is not answered, and its answer shown. */

#include "world.h"

/* Gets what the last attempt was answered: status 0 if not at all. `plain` is the body once opened,
 * NULL if it was not sealed. */
typedef void push_done(void *data, int status, const char *body, size_t length, const char *plain);

struct push_order {
    struct account *account;
    const char *openid; /* of the URL */
    const char *xml;
    int attempts;

    /* Whose chat shows the answer, or the failure notice; NULL: nobody's. */
    struct person *person;
    const struct item *item; /* what is answered; exchanges are noted there. May be NULL. */
    bool after_message;      /* a message was pushed, not an event */

    push_done *done; /* may be NULL */
    void *data;
};

/* Everything given is copied. */
void push_send(const struct push_order *order);

#endif
