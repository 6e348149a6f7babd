#ifndef SANDBOX_ENDPOINT_H
#define SANDBOX_ENDPOINT_H

/* The endpoints of WeChat's API: what each takes, and how often a day and a minute. */

#include "call.h"

struct endpoint {
    const char *name; /* the path, without "cgi-bin/" where it begins so */
    const char *method;
    bool needs_token;
    enum { NO_BODY, JSON_BODY, MAYBE_BODY, FORM_BODY } body;
    bool raw_text;            /* \uXXXX escapes are refused: 40033 */
    json_int_t daily, minute; /* calls; 0: as many as one likes */
    call_handler *handler;
};

/* The endpoint of a path like "cgi-bin/token" or "sns/auth"; NULL if there is none. */
const struct endpoint *endpoint_find(const char *path);

/* Its path. */
const char *endpoint_path(void *ctx, const struct endpoint *endpoint);

/* What handles them; each says its rules where it is written. */
call_handler token_call, stable_token_call;
call_handler template_send, template_industry_set, template_industry_get, template_add,
    template_list, template_delete;
call_handler notice_send, notice_add, notice_delete, notice_list, notice_categories, notice_titles,
    notice_keywords;
call_handler custom_send, custom_typing;
call_handler mass_sendall, mass_send, mass_preview, mass_get, mass_delete, mass_speed_get,
    mass_speed_set;
call_handler menu_create, menu_get, menu_delete, menu_add, menu_remove, menu_try, menu_current;
call_handler user_info, user_info_batch, user_list, user_remark;
call_handler tag_create, tag_list, tag_update, tag_delete, tag_members, tag_put, tag_take,
    tag_of_user;
call_handler black_list, black_put, black_take;
call_handler qrcode_create, qrcode_show;
call_handler media_upload, media_get, media_upload_image, media_upload_video;
call_handler material_add, material_get, material_delete, material_count, material_list;
call_handler draft_add, draft_get, draft_delete, draft_update, draft_count, draft_list;
call_handler publish_submit, publish_get, publish_delete, publish_article, publish_list;
call_handler login_authorize, login_token, login_refresh, login_user, login_check;
call_handler ticket_get;
call_handler quota_get, quota_clear, quota_clear_v2, rid_get;
call_handler network_callback_ips, network_api_ips, network_check;

#endif
