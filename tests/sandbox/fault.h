#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

/* Faults armed by a test: the next calls of an endpoint go wrong. See API.md. */

#include "world.h"

struct fault {
    int errcode;
    uint64_t latency_ms;
    bool drop;
};

/* Arms what `request` (the body of POST /sandbox/api/fault) asks for. Returns NULL or what is wrong
 * with it. */
const char *fault_arm(struct world *world, const json_t *request);

/* The fault for a call of this endpoint, used up once; all zero when there is none. `account` is
 * NULL when the caller could not be told. */
struct fault fault_take(struct world *world, const struct account *account, const char *endpoint);

#endif
