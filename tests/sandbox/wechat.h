#ifndef SANDBOX_WECHAT_H
#define SANDBOX_WECHAT_H

/* WeChat's API side: /sandbox/wechat/cgi-bin/<endpoint>. Rules: api.md §0. */

#include "world.h"

struct fcgi_request;

/* Answers the request, now or, when a fault says so, later. `endpoint` is the path behind
 * "/cgi-bin/". */
void wechat_call(struct world *world, struct fcgi_request *request, const char *endpoint);

#endif
