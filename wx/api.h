#ifndef DAY21_WX_API_H
#define DAY21_WX_API_H

/* Calls of WeChat's server API for one account, with its access token. */

#include "wx/endpoint.h"
#include "wx/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wx_file;
struct wx_http;
struct wx_api;
struct wx_token_share;

struct wx_api_options {
    const char
        *base; /* https://api.weixin.qq.com, or where the sandbox stands; no "/" at its end */
    const char *appid;
    const char *secret; /* copied, never in any result */
    long timeout_ms;    /* of each request; 0: LIMIT_HTTP_TOTAL_MS */
    /* Where the account's processes keep their token together (wx/token.h); NULL: this api keeps
     * its own. Copied. */
    const struct wx_token_share *share;
    unsigned concurrency; /* calls in the air at once; 0: LIMIT_HTTP_CONNECTIONS */
};

struct wx_result {
    int error;           /* 0 or WX_E_HTTP, WX_E_TIMEOUT, WX_E_TOO_LARGE, WX_E_REPLY, WX_E_API */
    int errcode;         /* WeChat's; 0 when error is not WX_E_API */
    enum wx_class klass; /* of the errcode; WX_CLASS_OK when error is 0, WX_CLASS_BUSY when WeChat
                            could not be reached or its answer not be read */
    bool uncertain; /* no answer that can be read, but WeChat may have done what was asked: to be
                       repeated only under a guard (client_msg_id) */
    const char *reason; /* for a log line: errmsg (its rid kept) or the HTTP reason; one line, no
                           secrets; "" when error is 0 */
    int64_t msgid;      /* template send; 0 if none */
    const char *body;   /* WeChat's answer as it came, "" if none; NUL-terminated */
    size_t length;      /* of the body: a file may hold NULs */
    int64_t date;       /* WeChat's clock, seconds since 1970; 0: it said nothing */
};

/* Called exactly once per call, from the loop; the result lives until it returns. */
typedef void wx_api_done(void *data, const struct wx_result *result);

/* An endpoint's name for a log line: "template send". */
const char *wx_api_name(enum wx_endpoint endpoint);

/* Freeing an api ends its calls: each gets its `done` with WX_E_HTTP from within talloc_free(), and
 * what is in the air is not called back, but may still be done by WeChat (`uncertain`). A `done`
 * may free the api. `http` may be closed before the api is freed or after; closing it ends the
 * calls in the same way.
 * Returns 0, WX_E_NOMEM, WX_E_FIELD (appid or secret is not UTF-8). */
int wx_api_open(void *ctx, struct wx_http *http, const struct wx_api_options *options,
                struct wx_api **api);

/* Makes a call with the arguments `json`: an object as WeChat's documentation shows it (raw UTF-8),
 * of whose members an endpoint that is a GET makes its query; NULL: none. Copied. What the table
 * says is added: AppID, AppSecret, usual arguments.
 *
 * Turns: so many calls of the account, and of the endpoint, are in the air at once and go a minute
 * (wx_api_limit()); others wait, in the order they came. An answer of class QUOTA lets the endpoint
 * rest (wx_class_pause()): meanwhile its calls are answered alike, without asking WeChat.
 *
 * The access token comes from stable_token (wx/token.h), is kept until shortly before it expires,
 * and is fetched once however many calls wait for it. An answer of class TOKEN drops the token if
 * it is still the one that failed, fetches another and repeats the call once; the second failure is
 * handed up. A busy answer is handed to the caller, whose outbox backs off. When no token can be
 * had, its failure is the result of all calls that wait for one. Missing errcode is success; the
 * content type is ignored; where a file is asked for, what does not begin with "{" is the file.
 *
 * Returns 0, WX_E_NOMEM, WX_E_FIELD (see wx_request_write()), WX_E_HTTP (the base is no URL, `http`
 * is closed, the api is being freed); everything later comes through `done`. */
int wx_api_call(struct wx_api *api, enum wx_endpoint endpoint, const char *json, wx_api_done *done,
                void *data);

/* The same with a file (wx/multipart.h), for WX_CARRY_FILE: of `json`, `type` goes into the query
 * and `description` into a field of its own. Returns WX_E_TOO_LARGE, too. */
int wx_api_upload(struct wx_api *api, enum wx_endpoint endpoint, const char *json,
                  const struct wx_file *file, wx_api_done *done, void *data);

/* How many calls of an endpoint may go a minute (a tenth of them at once) and be in the air; 0: no
 * limit. By default as the table says, and no limit in the air. */
void wx_api_limit(struct wx_api *api, enum wx_endpoint endpoint, unsigned per_minute,
                  unsigned most);

/* A refusal of our credentials is believed for a minute (wx/token.h), a quota used up for as long
 * as its endpoint rests: after this they are not. */
void wx_api_ask_again(struct wx_api *api);

/* Token fetches made so far, for tests and metrics. */
unsigned wx_api_token_fetches(const struct wx_api *api);

#endif
