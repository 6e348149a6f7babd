#ifndef DAY21_WX_MASS_H
#define DAY21_WX_MASS_H

/* «群发消息»: one message to all followers, to those of a tag, or to a list. WeChat accepts it and
 * delivers it later; the event MASSSENDJOBFINISH says what became of it. A service account's person
 * gets four a month. */

#include "wx/api.h"

#include <stdint.h>

enum wx_mass_type {
    WX_MASS_TEXT,
    WX_MASS_VOICE,
    WX_MASS_IMAGES,
    WX_MASS_ARTICLE, /* mpnews: a draft's media_id */
    WX_MASS_VIDEO,   /* mpvideo: the media_id that media uploadvideo gave */
    WX_MASS_CARD,
};

struct wx_mass {
    enum wx_mass_type type;
    const char *text;             /* TEXT */
    const char *media_id;         /* VOICE, ARTICLE, VIDEO */
    const char *const *media_ids; /* IMAGES */
    size_t media_id_count;
    const char *recommend; /* IMAGES: words above them; may be NULL */
    const char *card_id;   /* CARD */
    bool ignore_reprint;   /* ARTICLE: go ahead when WeChat finds it to be somebody else's */
    /* 1 to 64 bytes: sent again with the same one, it is not sent again (45065, a success). Always
     * needed: nobody shall get a mass message twice. */
    const char *clientmsgid;
};

enum { WX_MASS_LEAST = 2, WX_MASS_MOST = 10000 }; /* openids of a list */

/* These return as wx_api_call(), and WX_E_FIELD: something its type needs is missing, a text is not
 * UTF-8, no clientmsgid or one too long, too few or too many openids. */
int wx_mass_to_all(struct wx_api *api, const struct wx_mass *mass, wx_api_done *done, void *data);
int wx_mass_to_tag(struct wx_api *api, const struct wx_mass *mass, int64_t tag, wx_api_done *done,
                   void *data);
int wx_mass_to_list(struct wx_api *api, const struct wx_mass *mass, const char *const *openids,
                    size_t count, wx_api_done *done, void *data);

/* Shows it to one person, outside any quota of theirs; without a clientmsgid. */
int wx_mass_preview(struct wx_api *api, const struct wx_mass *mass, const char *openid,
                    wx_api_done *done, void *data);

/* Reads the answer of the first three. Returns 0, WX_E_REPLY. */
int wx_mass_read(const char *body, int64_t *msg_id, int64_t *msg_data_id);

#endif
