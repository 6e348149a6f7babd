#ifndef DAY21_BENCH_REQUEST_H
#define DAY21_BENCH_REQUEST_H

/* What WeChat would send, made before the clock starts: each message with its own sender, MsgId,
 * nonce and signature, as the bytes of an HTTP/1.1 request. And what must come back. */

#include "wx/crypto.h"

#include <stdbool.h>
#include <stddef.h>

/* The account that is written to, and how. */
struct addressee {
    const char *path; /* "/wx/plain" */
    const char *host; /* Host: nginx chooses the contestant by it */
    const char *original_id;
    const char *token;
    const char *appid;
    bool safe;
    uint8_t key[WX_AES_KEY_SIZE]; /* safe only */
    bool forge;                   /* signatures are wrong, and refusals are right */
};

#define OPENID_SIZE 29

struct request {
    const char *bytes;
    size_t length;
    char openid[OPENID_SIZE];
};

/* `count` messages 签到 from people nobody has seen before. They belong to ctx. NULL: no memory. */
struct request *requests_make(void *ctx, const struct addressee *to, size_t count);

/* An HTTP reply, whole. */
struct reply {
    int status;
    const char *body;
    size_t length;
};

/* Whether this may be the reply, as far as a look at every single one can tell without disturbing
 * the measurement: 200 and a text for the sender, or sealed; a refusal if forged. */
bool reply_plausible(const struct addressee *to, const struct request *request,
                     const struct reply *reply);

/* Whether it is: opened with the account's key, signed with its token, a text for the sender, from
 * the account. For a sample, after the clock has stopped. */
bool reply_right(const struct addressee *to, const struct request *request,
                 const struct reply *reply);

#endif
