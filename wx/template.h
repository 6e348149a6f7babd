#ifndef DAY21_WX_TEMPLATE_H
#define DAY21_WX_TEMPLATE_H

/* «模板消息» POST /cgi-bin/message/template/send. What fits into a field is the product's business
 * (bot/notices.c cuts it to its kind); what cannot be a message at all is refused here. */

#include "wx/api.h"

struct wx_template_field {
    const char *name, *value;
};

struct wx_template_message {
    const char *touser, *template_id;
    const char *url; /* NULL: no jump */
    const char *miniprogram,
        *page;                 /* its AppID and page, before url where it can be opened; NULL */
    const char *client_msg_id; /* suppresses doubles for about 10 minutes */
    const struct wx_template_field *fields;
    size_t field_count;
};

/* The arguments as JSON, which belongs to ctx. NULL: a text is not UTF-8, a required one is NULL or
 * empty, one is longer than WeChat takes (url 1024 bytes, client_msg_id 64), or out of memory. */
char *wx_template_json(void *ctx, const struct wx_template_message *message);

/* Returns as wx_api_call(), and WX_E_FIELD: wx_template_json() is NULL. The result has a msgid. */
int wx_template_send(struct wx_api *api, const struct wx_template_message *message,
                     wx_api_done *done, void *data);

#endif
