#ifndef DAY21_WX_ANSWER_H
#define DAY21_WX_ANSWER_H

/* WeChat's answer to an API call, read and classed. Rules: api.weixin.qq.com answers JSON whatever
 * the content type says; a success may have no errcode at all. */

#include "wx/api.h"

struct wx_http_response;

struct wx_answer {
    struct wx_result result;
    const char *access_token; /* NULL if none */
    int64_t expires_in;       /* seconds; 0 if none */
};

/* `file`: what does not begin with "{" is not JSON but the file that was asked for.
 *
 * Never fails: what cannot be read is a result, too. `secrets` (NULL-terminated, NULLs not counted,
 * each may be "") are blotted out of the reason, should WeChat quote them. The body stays the
 * response's, the rest belongs to ctx. */
void wx_answer_read(void *ctx, const struct wx_http_response *response, const char *const *secrets,
                    bool file, struct wx_answer *answer);

#endif
