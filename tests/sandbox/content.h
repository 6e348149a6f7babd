#ifndef SANDBOX_CONTENT_H
#define SANDBOX_CONTENT_H

/* What a message to people holds, in the JSON both customer-service and mass messages have. Rules:
 * api.md §5, §6. */

#include "world.h"

struct content {
    const char *kind;  /* of the item */
    json_t *fields;    /* of the item; belongs to ctx */
    const char *draft; /* media_id of the draft it shows, NULL for none */
};

enum content_way { CONTENT_CUSTOM = 1, CONTENT_MASS = 2 };

/* Returns 0 or an errcode. */
int content_read(void *ctx, const struct account *account, const json_t *body, enum content_way way,
                 struct content *content);

#endif
