#ifndef DAY21_WX_CUSTOM_H
#define DAY21_WX_CUSTOM_H

/* «客服消息» POST /cgi-bin/message/custom/send: what may be said for some time after a person has
 * done something. WeChat knows no guard against doubles here. */

#include "wx/api.h"
#include "wx/reply.h"

enum wx_custom_type {
    WX_CUSTOM_TEXT,
    WX_CUSTOM_IMAGE,
    WX_CUSTOM_VOICE,
    WX_CUSTOM_VIDEO,
    WX_CUSTOM_MUSIC,
    WX_CUSTOM_NEWS,        /* one link with a picture */
    WX_CUSTOM_MPNEWS,      /* an article of the account's, by media_id */
    WX_CUSTOM_MPNEWS_LINK, /* one that is published, by article_id */
    WX_CUSTOM_MENU,        /* a question with answers to tap */
    WX_CUSTOM_CARD,
    WX_CUSTOM_MINIPROGRAM,
};

struct wx_custom_choice {
    const char *id; /* comes back as bizmsgmenuid */
    const char *content;
};

/* Strings are UTF-8; each type needs those that name it. */
struct wx_custom {
    const char *touser;
    enum wx_custom_type type;
    const char *text;       /* TEXT; cut with a "…" at LIMIT_REPLY_TEXT, as WeChat refuses more */
    const char *media_id;   /* IMAGE, VOICE, VIDEO, MPNEWS */
    const char *article_id; /* MPNEWS_LINK */
    const char *card_id;    /* CARD */
    const char *thumb_media_id;             /* VIDEO, MUSIC, MINIPROGRAM */
    const char *title, *description;        /* VIDEO, MUSIC (may be NULL); MINIPROGRAM: title */
    const char *music_url, *hq_music_url;   /* MUSIC; hq NULL: the same */
    const struct wx_article *article;       /* NEWS */
    const char *head, *tail;                /* MENU; may be NULL */
    const struct wx_custom_choice *choices; /* MENU */
    size_t choice_count;
    const char *appid, *page; /* MINIPROGRAM */
    const char *kf_account;   /* says it in the name of this one; may be NULL */
};

/* The arguments as JSON, which belongs to ctx. NULL: a text is not UTF-8, one that the type needs
 * is missing, or out of memory. */
char *wx_custom_write(void *ctx, const struct wx_custom *custom);

/* The same of a passive reply, when there is a way to say it later: all kinds but
 * WX_REPLY_TRANSFER; of news the first article, as WeChat takes one. NULL: as above, or no way. */
char *wx_custom_json(void *ctx, const char *touser, const struct wx_reply *reply);

/* Returns as wx_api_call(), and WX_E_FIELD: wx_custom_write() is NULL. */
int wx_custom_send(struct wx_api *api, const struct wx_custom *custom, wx_api_done *done,
                   void *data);

/* Shows the person «对方正在输入…», for some 15 seconds or until it is taken back. */
int wx_custom_typing(struct wx_api *api, const char *touser, bool typing, wx_api_done *done,
                     void *data);

#endif
