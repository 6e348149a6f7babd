#ifndef DAY21_WX_MEDIA_H
#define DAY21_WX_MEDIA_H

/* «临时素材» and «永久素材»: files that messages and articles name by a media_id. */

#include "wx/api.h"
#include "wx/multipart.h"

enum wx_media_type {
    WX_MEDIA_IMAGE,
    WX_MEDIA_VOICE,
    WX_MEDIA_VIDEO,
    WX_MEDIA_THUMB, /* the picture of a video, a song or an article */
};

/* What is wrong with the file for its type: WX_E_TOO_LARGE, WX_E_FIELD (WeChat does not take a file
 * with this ending), else 0. An image may have 2 MB: the page that says 10 says 2 as well. */
int wx_media_check(enum wx_media_type type, const struct wx_file *file);

/* A temporary file lives three days and may be used again and again. Returns as wx_api_upload(),
 * and what wx_media_check() says. */
int wx_media_upload(struct wx_api *api, enum wx_media_type type, const struct wx_file *file,
                    wx_api_done *done, void *data);

/* A permanent one, in the account's library. `title` and `introduction` for videos, else NULL. */
int wx_media_keep(struct wx_api *api, enum wx_media_type type, const struct wx_file *file,
                  const char *title, const char *introduction, wx_api_done *done, void *data);

/* Reads the media_id (of a thumb, thumb_media_id) of either answer; it belongs to ctx. Returns 0,
 * WX_E_NOMEM, WX_E_REPLY. */
int wx_media_read(void *ctx, const char *body, const char **media_id);

#endif
