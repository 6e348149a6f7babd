#ifndef SANDBOX_MEDIA_H
#define SANDBOX_MEDIA_H

/* Pictures, voices and videos an account has uploaded, or its people have sent. What is known of
 * one stands on the shelf, its bytes in a file of <state>/media. Rules: api.md §10. */

#include "world.h"

struct fcgi_request;

/* What is known of it: type, name, content_type, size, created_at, until (ms, 0: for ever). NULL
 * when there is none, or its three days are over. */
const json_t *media_find(const struct account *account, const char *id);

/* Whether it may stand where WeChat expects this type: a thumb may be an image. */
bool media_is(const struct account *account, const char *id, const char *type);

/* Keeps bytes; returns the new id, below ctx. `about` (an object, taken over) becomes part of what
 * is known. NULL when the file cannot be written. */
const char *media_keep(void *ctx, struct account *account, const void *bytes, size_t length,
                       int64_t until, json_t *about);

void media_forget(struct account *account, const char *id);

/* The bytes, below ctx; NULL when the file is not there. */
const void *media_read(void *ctx, const struct account *account, const char *id, size_t *length);

/* Where a browser finds it. */
const char *media_url(void *ctx, const struct account *account, const char *id);

/* GET /sandbox/wechat/mmbiz/<id>: 404 if nobody has it. */
void media_page(struct world *world, struct fcgi_request *request, const char *id);

#endif
