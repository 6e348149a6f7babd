#ifndef SANDBOX_WIRE_H
#define SANDBOX_WIRE_H

/* Exchanges on the wire, as GET /sandbox/api/raw shows them. */

#include "value.h"

#include <stdint.h>

/* A request that goes out now; a reference of the caller's. `plain` is NULL unless the body was
 * sealed. */
json_t *wire_request(const char *direction, int64_t at, const char *method, const char *url,
                     const char *body, size_t length, const char *plain);

/* Its answer; status 0 when there was none. `plain` as above, `note` may be "". */
void wire_response(json_t *exchange, int status, const char *body, size_t length, const char *plain,
                   int64_t ms, const char *note);

/* Adds an exchange, which is taken over, to an item's wire; only frees it when `wire` is NULL. */
void wire_add(json_t *wire, json_t *exchange);

#endif
