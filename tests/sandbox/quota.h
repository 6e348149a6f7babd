#ifndef SANDBOX_QUOTA_H
#define SANDBOX_QUOTA_H

/* How often an account has called, against what WeChat allows. Rules: api.md §14. */

#include "endpoint.h"

/* Counts the call. Returns 0, 45009 (the day's calls are used up) or 45011 (the minute's). */
int quota_take(const struct call *call, const struct endpoint *endpoint);

#endif
