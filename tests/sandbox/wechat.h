#ifndef SANDBOX_WECHAT_H
#define SANDBOX_WECHAT_H

/* WeChat's API side: everything below /sandbox/wechat/, whichever of WeChat's hosts has it. Rules:
 * api.md §0. */

#include "world.h"

struct fcgi_request;

/* Answers the request, now or later. `path` is what stands behind "/sandbox/wechat/". */
void wechat_call(struct world *world, struct fcgi_request *request, const char *path);

#endif
