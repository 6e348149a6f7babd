#ifndef SANDBOX_FEED_H
#define SANDBOX_FEED_H

/* GET /sandbox/api/feed: what is new in a chat, waited for. */

#include "world.h"

struct fcgi_request;
struct feed;

/* From now on it hears of every change in the world. */
struct feed *feed_open(struct world *world);

/* Answers the request now or within `wait_s` seconds. */
void feed_ask(struct feed *feed, struct fcgi_request *request, struct person *person,
              uint64_t after, int64_t wait_s);

#endif
