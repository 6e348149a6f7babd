#ifndef SANDBOX_MESSAGE_H
#define SANDBOX_MESSAGE_H

/* The XML WeChat pushes. Texts go into CDATA as WeChat does it. */

#include "world.h"

/* An XML element of a message: a number goes bare, a text into CDATA ("]]>" split). */
struct message_field {
    const char *name; /* NULL ends a list */
    const char *text;
    bool bare;
};

/* The message of `type` from the openid to the account, by the sandbox's clock. */
char *message_write(void *ctx, const struct account *account, const char *openid, const char *type,
                    const struct message_field *fields);

/* One element with a text, for a field that is `bare` because it holds others. */
char *message_element(void *ctx, const char *name, const char *text);

/* What an account in this mode is sent: `plain` itself, or the envelope around `sealed` (with the
 * plain elements before it in compatible mode). */
char *message_envelope(void *ctx, const struct account *account, const char *plain,
                       const char *sealed);

#endif
