#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

/* Faults armed by a test: calls of an endpoint go wrong. See API.md. */

#include "world.h"

struct fcgi_request;

struct fault {
    int errcode;
    uint64_t latency_ms;
    bool drop;     /* the answer is lost */
    int64_t cut;   /* the answer breaks off after so many bytes; -1: it does not */
    int64_t again; /* of a push: so many more of it at once */
    bool hold;     /* of a push: it goes after the next one */
};

/* Arms what `request` (the body of POST /sandbox/api/fault) asks for. Returns NULL or what is wrong
 * with it. */
const char *fault_arm(void *ctx, struct world *world, const json_t *request);

/* The fault for a call of this endpoint, used up once; none when `errcode`, `latency_ms` and all
 * else are as by default. `account` is NULL when the caller could not be told. */
struct fault fault_take(struct world *world, const struct account *account, const char *endpoint);

/* What WeChat says besides its usual text, NULL for nothing. */
const char *fault_detail(const struct fcgi_request *request, int errcode);

#endif
