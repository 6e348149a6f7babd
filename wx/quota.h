#ifndef DAY21_WX_QUOTA_H
#define DAY21_WX_QUOTA_H

/* «查询 API 调用额度» POST /cgi-bin/openapi/quota/get {"cgi_path": …}. */

#include <stdint.h>

struct wx_quota {
    int64_t daily_limit, used, remain;
    int64_t call_count, refresh_second; /* so many calls in so many seconds; 0: not said */
};

/* Reads its answer. Returns 0, WX_E_REPLY. */
int wx_quota_read(const char *body, struct wx_quota *quota);

#endif
