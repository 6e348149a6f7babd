#ifndef DAY21_WX_REPLY_H
#define DAY21_WX_REPLY_H

/* A passive reply. Rules: WeChat «回复用户消息». */

#include "wx/message.h"

enum wx_reply_type {
    WX_REPLY_NONE, /* `success`: nothing is shown to the learner */
    WX_REPLY_TEXT,
    WX_REPLY_NEWS,
    WX_REPLY_IMAGE,
    WX_REPLY_VOICE,
    WX_REPLY_VIDEO,
    WX_REPLY_MUSIC,
    WX_REPLY_TRANSFER, /* transfer_customer_service */
};

struct wx_article {
    const char *title, *description, *pic_url, *url;
};

/* Strings are UTF-8 and belong to whoever filled it; NULL reads as "". */
struct wx_reply {
    enum wx_reply_type type;
    const char *text;
    const struct wx_article *articles;
    size_t article_count;
    const char *media_id;                                  /* image, voice, video */
    const char *title, *description;                       /* video, music */
    const char *music_url, *hq_music_url, *thumb_media_id; /* music */
    const char *kf_account;                                /* transfer, may be NULL */
};

/* What is answered when nothing is to be shown. */
#define WX_REPLY_SUCCESS "success"

/* The reply to `message` as XML, or "success": for WX_REPLY_NONE, and for a reply that lacks its
 * main part (empty text, no article, no media id), which WeChat would show as a failure. Text over
 * LIMIT_REPLY_TEXT is cut at a character boundary and ends with "…"; articles beyond what the kind
 * of message allows are left out; "]]>" is split; characters that XML forbids are dropped. `now` is
 * CreateTime, in seconds. *xml is NUL-terminated and belongs to ctx. Returns 0, WX_E_NOMEM. */
int wx_reply_write(void *ctx, const struct wx_reply *reply, const struct wx_message *message,
                   int64_t now, char **xml, size_t *length);

/* The same in JSON, for an account whose data format is JSON: WeChat wants the reply in the format
 * it is set to push in. The names and their nesting are those of the XML, but that `Articles` is
 * the list itself, without `item`, and CreateTime and ArticleCount are numbers
 * (developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloudrun/src/development/weixin/
 * callback.html, which has an example of each kind for Official Accounts; that the format is the
 * configured one: community/develop/doc/0002c6c84a8240a9b6337376063c00, by WeChat's staff).
 * transfer_customer_service is not among the examples and follows its XML. */
int wx_reply_write_json(void *ctx, const struct wx_reply *reply, const struct wx_message *message,
                        int64_t now, char **json, size_t *length);

#endif
