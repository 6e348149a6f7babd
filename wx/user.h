#ifndef DAY21_WX_USER_H
#define DAY21_WX_USER_H

/* «获取用户基本信息» GET /cgi-bin/user/info. Since 2021-12-27 without name and picture. */

#include "wx/api.h"

struct wx_user {
    bool subscribes; /* if not, there is nothing but the openid */
    const char *openid;
    const char *unionid, *remark, *language; /* "" if none */
    int64_t subscribed_at;                   /* seconds since 1970 */
    const char *subscribe_scene;             /* ADD_SCENE_QR_CODE, … */
    int64_t qr_scene;
    const char *qr_scene_str;
    const int64_t *tags;
    size_t tag_count;
};

/* Returns as wx_api_call(), and WX_E_FIELD: no openid. */
int wx_user_info(struct wx_api *api, const char *openid, wx_api_done *done, void *data);

/* Reads its answer; what the user holds belongs to ctx. Returns 0, WX_E_NOMEM, WX_E_REPLY. */
int wx_user_read(void *ctx, const char *body, struct wx_user *user);

#endif
