#ifndef DAY21_WX_SUBSCRIBE_H
#define DAY21_WX_SUBSCRIBE_H

/* «订阅通知» POST /cgi-bin/message/subscribe/bizsend: one message for each time a person has said
 * yes. There is no guard against doubles, and a double costs the person's next yes. */

#include "wx/template.h"

struct wx_subscribe_message {
    const char *touser, *template_id;
    const char *page;                       /* a web page it leads to; NULL: none */
    const char *miniprogram, *program_page; /* its AppID and page, or NULL */
    const struct wx_template_field *fields;
    size_t field_count;
};

/* Returns as wx_api_call(), and WX_E_FIELD: a text is not UTF-8, or a required one is missing. */
int wx_subscribe_send(struct wx_api *api, const struct wx_subscribe_message *message,
                      wx_api_done *done, void *data);

#endif
