#ifndef SANDBOX_RID_H
#define SANDBOX_RID_H

/* The ids WeChat puts into its refusals, and what it tells of them. */

#include "call.h"

#define RID_SIZE 27 /* xxxxxxxx-xxxxxxxx-xxxxxxxx and NUL */

void rid_make(const struct world *world, char rid[RID_SIZE]);

/* Keeps what was answered to a call, for rid/get. Only the newest are kept. */
void rid_keep(const struct call *call, const char *rid, const char *url, int64_t ms,
              const char *answer);

#endif
