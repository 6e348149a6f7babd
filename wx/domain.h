#ifndef DAY21_WX_DOMAIN_H
#define DAY21_WX_DOMAIN_H

/* WeChat's API has more than one entry («接口域名说明»: api.weixin.qq.com, api2.weixin.qq.com, …).
 * Which of two is used: the first, unless it could not be reached lately. It knows no clock: times
 * are milliseconds of whatever clock the caller keeps to. */

#include <stdbool.h>
#include <stdint.h>

struct wx_domain;

/* Both are the beginning of URLs, without "/" at the end; copied. An old *domain is replaced.
 * Returns 0, WX_E_NOMEM. */
int wx_domain_open(void *ctx, const char *base, const char *other, struct wx_domain **domain);

enum wx_domain_way {
    WX_DOMAIN_FOREIGN, /* the URL is not below the base: it goes where it says */
    WX_DOMAIN_BASE,
    WX_DOMAIN_OTHER,
};

/* Which way a request for `url`, which is below the base or foreign, goes now. */
enum wx_domain_way wx_domain_way(const struct wx_domain *domain, const char *url, int64_t now);

/* The URL at the other that stands for `url`, which is below the base; it belongs to ctx. NULL: out
 * of memory. */
char *wx_domain_url(void *ctx, const struct wx_domain *domain, const char *url);

/* Nothing could be sent this way. Returns the way to try instead. */
enum wx_domain_way wx_domain_failed(struct wx_domain *domain, enum wx_domain_way way, int64_t now);

#endif
