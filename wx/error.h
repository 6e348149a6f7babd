#ifndef DAY21_WX_ERROR_H
#define DAY21_WX_ERROR_H

/* What can go wrong in wx/. Functions return 0 or one of these (negative); results come by pointer
 * and are untouched on failure. Nothing in wx/ logs. */

#include <stdbool.h>

/* name, value, HTTP status that answers a callback refused for it, what a log line says */
#define WX_ERRORS(X)                                                                               \
    X(NOMEM, -1, 500, "out of memory")                                                             \
    X(METHOD, -2, 400, "neither GET nor POST")                                                     \
    X(QUERY, -3, 400, "query string malformed, too long or incomplete")                            \
    X(SIGNATURE, -4, 403, "signature does not match")                                              \
    X(TIMESTAMP, -5, 403, "timestamp outside the window")                                          \
    X(EMPTY, -6, 400, "empty body")                                                                \
    X(TOO_LARGE, -7, 400, "larger than its limit")                                                 \
    X(XML, -8, 400, "not the XML of a message")                                                    \
    X(DOCTYPE, -9, 400, "XML with a DOCTYPE")                                                      \
    X(PLAIN, -10, 403, "plain body for an account in safe mode")                                   \
    X(ENVELOPE, -11, 403, "ciphertext that cannot be opened")                                      \
    X(APPID, -12, 403, "envelope of another AppID")                                                \
    X(RECIPIENT, -13, 403, "ToUserName is another account")                                        \
    X(FIELD, -14, 400, "a required field is missing or malformed")                                 \
    X(KEY, -15, 500, "EncodingAESKey malformed")                                                   \
    X(HTTP, -16, 502, "WeChat could not be reached")                                               \
    X(TIMEOUT, -17, 504, "WeChat did not answer in time")                                          \
    X(REPLY, -18, 502, "WeChat's answer cannot be read")                                           \
    X(API, -19, 502, "WeChat answered with an errcode")                                            \
    X(JSON, -20, 400, "not the JSON of a message")

enum wx_error {
#define X(name, value, status, text) WX_E_##name = value,
    WX_ERRORS(X)
#undef X
};

/* The text of an error, for a log line; never NULL. */
const char *wx_error_text(int error);

/* The HTTP status a callback refused with this error is answered with. */
int wx_error_status(int error);

/* The class of a WeChat errcode decides what happens next, everywhere in the same way. */
enum wx_class {
    WX_CLASS_OK,         /* 0, or no errcode at all */
    WX_CLASS_BUSY,       /* back off and retry, bounded */
    WX_CLASS_TOKEN,      /* drop the access token that failed, fetch, retry once */
    WX_CLASS_CONFIG,     /* alarm, stop the account's sends until mended; no retry */
    WX_CLASS_QUOTA,      /* this endpoint rests until the window ends */
    WX_CLASS_RECIPIENT,  /* record on the learner, next channel; no retry */
    WX_CLASS_PAYLOAD,    /* permanent; our mistake, logged with the payload's shape */
    WX_CLASS_PERMISSION, /* no retry; the operator should look into it */
    WX_CLASS_LOGIN,      /* OAuth2 code used up: start the login again */
    WX_CLASS_REPEATED,   /* 45065, clientmsgid exists: a success that came before */
};

/* One table (wx/error.c), from the errcode list of WeChat's documentation. An errcode that is not
 * in it is WX_CLASS_PAYLOAD: unknown refusals are not repeated. */
enum wx_class wx_errcode_class(int errcode);

const char *wx_class_name(enum wx_class);

/* What follows a call that was answered so, whoever made it. */
enum wx_next {
    WX_NEXT_DONE,  /* it is done */
    WX_NEXT_AGAIN, /* later, the same again */
    WX_NEXT_DROP,  /* never the same again */
};

enum wx_scope {
    WX_SCOPE_CALL,
    WX_SCOPE_ENDPOINT, /* wx_api keeps it at rest by itself */
    WX_SCOPE_ACCOUNT,  /* whoever sends for the account rests, until it is mended */
};

enum wx_severity {
    WX_SEVERITY_INFO, /* part of everyday life */
    WX_SEVERITY_WARNING,
    WX_SEVERITY_ERROR, /* somebody should look into it */
    WX_SEVERITY_ALARM, /* the operator must: nothing works until then */
};

struct wx_policy {
    enum wx_next next;
    bool bounded;        /* AGAIN at most LIMIT_API_BUSY_RETRIES times */
    enum wx_scope scope; /* what rests for ... */
    unsigned pause_s;    /* ... so long; 0: nothing rests */
    enum wx_severity severity;
};

/* One table (wx/error.c). Never NULL. */
const struct wx_policy *wx_class_policy(enum wx_class);

/* How long what the policy names rests, in seconds: most errcodes of a class rest alike, but a
 * quota of the minute is back sooner than one of the day. 0: nothing rests. */
unsigned wx_class_pause(enum wx_class, int errcode);

#endif
