#ifndef SANDBOX_ACT_H
#define SANDBOX_ACT_H

/* What a person does on the phone: a line in the chat, and a message to the bot. */

#include "world.h"

/* Does what `request` (the body of POST /sandbox/api/act) says. Returns 0 with *seq of the person's
 * line, or an HTTP status with *reason. ctx holds what is needed meanwhile. */
int act(void *ctx, struct person *person, const json_t *request, uint64_t *seq,
        const char **reason);

#endif
