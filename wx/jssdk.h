#ifndef DAY21_WX_JSSDK_H
#define DAY21_WX_JSSDK_H

/* «JS-SDK»: a page that wants WeChat's functions (share, scan, record) proves that it is the
 * account's by a signature over a ticket, which WX_API_TICKET gives. The ticket is kept: WeChat
 * counts how often it is asked for. */

#include "wx/api.h"
#include "wx/crypto.h"

/* The signature for the page at `url` (its part after "#" does not count), with wx.config()'s
 * nonceStr and timestamp. Returns 0, WX_E_NOMEM. */
int wx_jssdk_sign(const char *ticket, const char *nonce, int64_t timestamp, const char *url,
                  char signature[WX_SIGNATURE_SIZE]);

/* Reads the answer of WX_API_TICKET; the ticket belongs to ctx. Returns 0, WX_E_NOMEM, WX_E_REPLY.
 */
int wx_jssdk_read(void *ctx, const char *body, const char **ticket, int64_t *expires_in);

#endif
