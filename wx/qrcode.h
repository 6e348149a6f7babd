#ifndef DAY21_WX_QRCODE_H
#define DAY21_WX_QRCODE_H

/* «带参数的二维码»: a code whose scan says which one it was. A person who does not follow comes
 * with a subscribe whose key is `qrscene_<scene>`, one who does with a SCAN. */

#include "wx/api.h"

enum { WX_QRCODE_SCENE_MOST = 64, WX_QRCODE_LONGEST_S = 2592000 };

/* A code for `scene` (1 to 64 characters), good for `seconds` (at most WX_QRCODE_LONGEST_S), or for
 * ever when that is 0: WeChat gives an account 100,000 of those. Returns as wx_api_call(), and
 * WX_E_FIELD. */
int wx_qrcode_create(struct wx_api *api, const char *scene, unsigned seconds, wx_api_done *done,
                     void *data);

struct wx_qrcode {
    const char *ticket;
    const char *url;  /* what the code itself says: for who draws it */
    unsigned seconds; /* 0: for ever */
};

/* Reads the answer; the strings belong to ctx. Returns 0, WX_E_NOMEM, WX_E_REPLY. */
int wx_qrcode_read(void *ctx, const char *body, struct wx_qrcode *qrcode);

/* Where WeChat shows its picture; no token is needed. It belongs to ctx; NULL: out of memory. */
char *wx_qrcode_picture(void *ctx, const char *ticket);

#endif
