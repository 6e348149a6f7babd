#ifndef DAY21_WX_API_H
#define DAY21_WX_API_H

/* Calls of WeChat's server API for one account, with its access token. */

#include "wx/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    const char *body;   /* WeChat's answer as it came, "" if none */
};

/* Called exactly once per call, from the loop; the result lives until it returns. */
typedef void wx_api_done(void *data, const struct wx_result *result);

/* The table of endpoints (wx/api.c): name, method, path, token needed. */
enum wx_endpoint {
    WX_API_STABLE_TOKEN, /* POST /cgi-bin/stable_token; used by wx_api itself */
    WX_API_TEMPLATE_SEND,
    WX_API_CUSTOM_SEND,
    WX_API_MENU_CREATE,
    WX_API_MENU_GET,
    WX_API_COUNT,
};

/* An endpoint's name for a log line: "template send". */
const char *wx_api_name(enum wx_endpoint endpoint);

/* Freeing an api ends its calls: each gets its `done` with WX_E_HTTP from within talloc_free(), and
 * what is in the air is not called back, but may still be done by WeChat (`uncertain`). A `done`
 * may free the api. `http` may be closed before the api is freed or after; closing it ends the
 * calls in the same way.
 * Returns 0, WX_E_NOMEM, WX_E_FIELD (appid or secret is not UTF-8). */
int wx_api_open(void *ctx, struct wx_http *http, const struct wx_api_options *options,
                struct wx_api **api);

/* Makes a call with `json` as its body (raw UTF-8, NULL for GET), copied. The access token comes
 * from stable_token (wx/token.h), is kept until shortly before it expires, and is fetched once
 * however many calls wait for it. An answer of class TOKEN drops the token if it is still the one
 * that failed, fetches another and repeats the call once; the second failure is handed up. A busy
 * answer is handed to the caller, whose outbox backs off. When no token can be had, its failure is
 * the result of all calls that wait for one. Missing errcode is success; the content type is
 * ignored. Returns 0, WX_E_NOMEM, WX_E_HTTP (the base is no URL, `http` is closed, the api is being
 * freed); everything later comes through `done`. */
int wx_api_call(struct wx_api *api, enum wx_endpoint endpoint, const char *json, wx_api_done *done,
                void *data);

/* A refusal of our credentials is believed for a minute (wx/token.h): after this it is not. */
void wx_api_ask_again(struct wx_api *api);

/* Token fetches made so far, for tests and metrics. */
unsigned wx_api_token_fetches(const struct wx_api *api);

struct wx_template_field {
    const char *name, *value;
};

/* «模板消息» POST /cgi-bin/message/template/send */
struct wx_template_message {
    const char *touser, *template_id;
    const char *url;           /* NULL: no jump */
    const char *client_msg_id; /* suppresses doubles for about 10 minutes */
    const struct wx_template_field *fields;
    size_t field_count;
};

/* Returns as wx_api_call(), and WX_E_FIELD: a text is not UTF-8, or a required one is NULL. */
int wx_api_template_send(struct wx_api *api, const struct wx_template_message *message,
                         wx_api_done *done, void *data);

/* «客服消息»: the JSON of a WX_API_CUSTOM_SEND, of the passive reply's kinds text (cut with a "…"
 * at LIMIT_REPLY_TEXT, as WeChat refuses more) and news (its first article, as WeChat takes one).
 * It belongs to ctx. NULL: another kind, a text that is not UTF-8, or out of memory. */
struct wx_reply;
char *wx_custom_json(void *ctx, const char *touser, const struct wx_reply *reply);

#endif
