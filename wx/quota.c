#include "wx/quota.h"

#include "wx/error.h"

#include <jansson.h>

int wx_quota_read(const char *body, struct wx_quota *quota) {
    struct wx_quota read = {0};
    json_t *root = json_loads(body, 0, NULL);
    int failed = json_unpack(root, "{s:{s:I, s:I, s:I}}", "quota", "daily_limit", &read.daily_limit,
                             "used", &read.used, "remain", &read.remain);
    const json_t *rate = json_object_get(root, "rate_limit");
    read.call_count = json_integer_value(json_object_get(rate, "call_count"));
    read.refresh_second = json_integer_value(json_object_get(rate, "refresh_second"));
    json_decref(root);
    if (failed)
        return WX_E_REPLY;
    *quota = read;
    return 0;
}
