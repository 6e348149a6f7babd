#ifndef DAY21_WX_REQUEST_H
#define DAY21_WX_REQUEST_H

/* A call's arguments, as its endpoint carries them. All but the access_token, which is known only
 * when the request goes. */

#include "wx/endpoint.h"
#include "wx/multipart.h"

struct wx_request {
    char *query; /* "openid=o1&lang=zh_CN"; "" if none */
    char *body;  /* NULL: none */
    size_t length;
    char *content_type; /* NULL: JSON */
    bool once;          /* it must not reach WeChat twice */
};

/* `json`: an object with the arguments; NULL: none. `file`: for WX_CARRY_FILE, else NULL. The
 * request belongs to ctx. Where nothing is added and the body is JSON, `json` is not looked at.
 * Returns 0, WX_E_NOMEM, WX_E_FIELD (not a JSON object; an argument that a query cannot carry; no
 * file, or one where none belongs), WX_E_TOO_LARGE (the file). */
int wx_request_write(void *ctx, enum wx_endpoint endpoint, const char *json,
                     const struct wx_file *file, const char *appid, const char *secret,
                     struct wx_request **request);

/* `text` for a query or as a part of a path: unreserved characters as they are, all others as %XX.
 * It belongs to ctx; NULL: out of memory. */
char *wx_request_encode(void *ctx, const char *text);

#endif
