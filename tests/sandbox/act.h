#ifndef SANDBOX_ACT_H
#define SANDBOX_ACT_H

/* What a person does on the phone: a line in the chat, and a message to the bot. */

#include "push.h"

struct act {
    struct person *person;
    const json_t *request; /* the body of POST /sandbox/api/act */
    bool unseen;     /* the chat shows neither this nor what is answered, the journal neither */
    push_done *done; /* gets the answer; may be NULL */
    void *data;
};

/* Does what the request says. Returns 0 with *seq of the person's line (0: unseen), or an HTTP
 * status with *reason. ctx holds what is needed meanwhile. */
int act(void *ctx, const struct act *order, uint64_t *seq, const char **reason);

#endif
