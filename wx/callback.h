#ifndef DAY21_WX_CALLBACK_H
#define DAY21_WX_CALLBACK_H

/* A request on an account's callback URL: opened, and answered the way it came.
 * Rules: WeChat «接入指南», «消息加解密说明». */

#include "wx/crypto.h"
#include "wx/message.h"
#include "wx/reply.h"

/* How the account is configured at mp.weixin.qq.com. The account says it, never the request. */
enum wx_mode {
    WX_MODE_PLAIN,      /* 明文模式 */
    WX_MODE_COMPATIBLE, /* 兼容模式: both in one body; the encrypted part is what is read */
    WX_MODE_SAFE,       /* 安全模式 */
};

/* 数据格式, likewise: the account says it, never the request, or a body could choose its reader. */
enum wx_format { WX_FORMAT_XML, WX_FORMAT_JSON };

struct wx_account {
    const char *name; /* the path below /wx/ */
    const char *appid;
    const char *original_id; /* gh_…, ToUserName of what is pushed */
    const char *token;
    const char *previous_token; /* still accepted after a change; NULL if none */
    enum wx_mode mode;
    enum wx_format format;
    bool has_previous_key;
    uint8_t key[WX_AES_KEY_SIZE]; /* unused in plain mode */
    uint8_t previous_key[WX_AES_KEY_SIZE];
    int window; /* seconds by which a timestamp may differ from our clock */
};

struct wx_callback_request {
    const char *method; /* "GET" or "POST" */
    const char *query;  /* as it came, percent-encoded, without "?" */
    const void *body;
    size_t body_length;
    int64_t now; /* seconds since 1970 */
};

struct wx_callback {
    const struct wx_account *account;
    bool is_check; /* the GET check: the answer is `echo`, and there is no message */
    const char *echo;
    bool sealed;               /* came encrypted, so the answer goes encrypted */
    const uint8_t *key;        /* the key that opened it */
    const char *signing_token; /* the token that verified it */
    struct wx_message message;
};

/* Verifies, decrypts and parses. The signature is checked before anything else is looked at, in
 * constant time. `callback` and what it points to belong to ctx (and `account`).
 * Returns 0 or any of METHOD, QUERY, SIGNATURE, TIMESTAMP, EMPTY, TOO_LARGE, XML, JSON, DOCTYPE,
 * PLAIN, ENVELOPE, APPID, RECIPIENT, FIELD, NOMEM (as WX_E_…). */
int wx_callback_open(void *ctx, const struct wx_account *account,
                     const struct wx_callback_request *request, struct wx_callback *callback);

/* The body that answers: `echo` for the check, the reply in the account's format, encrypted if the
 * message was (in an envelope of that format: «消息加解密说明» has both); "success" is never
 * encrypted. *body belongs to ctx. Returns 0, WX_E_NOMEM. */
int wx_callback_seal(void *ctx, const struct wx_callback *callback, const struct wx_reply *reply,
                     int64_t now, char **body, size_t *length);

#endif
