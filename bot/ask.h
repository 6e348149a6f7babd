#ifndef DAY21_ASK_H
#define DAY21_ASK_H

/* WeChat asked from the command line: one call after the other, each waited for. */

#include "bot/account.h"
#include "wx/api.h"
#include "wx/http.h"
#include "wx/multipart.h"

struct ask;

/* Returns 0, or -1 after saying why on stderr. Freeing the ask closes everything. */
int ask_open(void *ctx, const struct account *account, struct ask **ask);

/* Makes a call (wx_api_call(), or wx_api_upload() when there is a file) and waits for its result,
 * whose strings belong to ctx. What could not be begun is a result, too. */
struct wx_result ask_wechat(void *ctx, struct ask *ask, enum wx_endpoint endpoint, const char *json,
                            const struct wx_file *file);

/* GETs any URL. The body belongs to ctx. */
struct wx_http_response ask_url(void *ctx, struct ask *ask, const char *url);

#endif
