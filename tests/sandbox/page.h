#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

/* What the phone page and the tests call: /sandbox/api/…. See API.md. */

#include "world.h"

struct fcgi_request;
struct feed;

/* Answers the request, now or later. `route` is the path behind "/sandbox/api/". */
void page_call(struct world *world, struct feed *feed, struct fcgi_request *request,
               const char *route);

/* Answers with JSON, which is taken over. */
void page_answer(struct fcgi_request *request, int status, json_t *json);

/* Answers {"error":reason}. */
void page_refuse(struct fcgi_request *request, int status, const char *reason);

#endif
