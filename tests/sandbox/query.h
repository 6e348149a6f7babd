#ifndef SANDBOX_QUERY_H
#define SANDBOX_QUERY_H

/* The query string of a URL. */

#include <stdint.h>

/* The decoded value of `name` below ctx, "" when it is absent, not UTF-8 or holds a NUL. */
const char *query_get(void *ctx, const char *query, const char *name);

/* Its value as a decimal number from 0 to `most`; `otherwise` when it is absent or none. */
int64_t query_number(const char *query, const char *name, int64_t most, int64_t otherwise);

/* The query with the values of access_token and secret replaced by ***. */
char *query_masked(void *ctx, const char *query);

#endif
