#include "wx/callback.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/json.h"
#include "wx/xml.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

/* ---- the query ---- */

/* What we read of the query. WeChat also sends openid and encrypt_type: the message says the one,
 * the account's configuration the other. */
struct query {
    const char *signature, *msg_signature, *timestamp, *nonce, *echostr;
};

static const struct {
    const char *name;
    size_t offset;
} parameters[] = {
    {"signature", offsetof(struct query, signature)},
    {"msg_signature", offsetof(struct query, msg_signature)},
    {"timestamp", offsetof(struct query, timestamp)},
    {"nonce", offsetof(struct query, nonce)},
    {"echostr", offsetof(struct query, echostr)},
};

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %XX in place. "+" becomes a blank, which no parameter we read may hold. */
static bool decode(char *text) {
    char *out = text;
    for (; *text; text++, out++) {
        *out = *text == '+' ? ' ' : *text;
        if (*text != '%')
            continue;
        int high = hex_digit(text[1]), low = high < 0 ? -1 : hex_digit(text[2]);
        if (low < 0 || (high == 0 && low == 0))
            return false;
        *out = (char)(high << 4 | low);
        text += 2;
    }
    *out = '\0';
    return true;
}

static const char **parameter(struct query *query, const char *name) {
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (strcmp(parameters[i].name, name) == 0)
            return (const char **)((char *)query + parameters[i].offset);
    return NULL;
}

/* Characters of a digest, a number, base64 or a random word: nothing a browser would take for
 * markup, as the echo goes back as it came, and it is not signed. */
static bool is_plain_word(const char *text) {
    return *text && text[strspn(text,
                                "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
                                "xyz_-.+/=")] == '\0';
}

/* One parameter twice, or with an escape that is none, could be read in two ways: refused. */
static int read_query(void *ctx, const char *text, struct query *query) {
    *query = (struct query){0};
    if (!text || strnlen(text, LIMIT_QUERY + 1) > LIMIT_QUERY)
        return WX_E_QUERY;
    char *rest = talloc_strdup(ctx, text);
    if (!rest)
        return WX_E_NOMEM;
    while (rest) {
        char *name = strsep(&rest, "&"), *value = strchr(name, '=');
        if (value)
            *value++ = '\0';
        if (!decode(name) || (value && !decode(value)))
            return WX_E_QUERY;
        const char **wanted = parameter(query, name);
        if (!wanted)
            continue;
        if (*wanted || !value || !is_plain_word(value))
            return WX_E_QUERY;
        *wanted = value;
    }
    return query->timestamp && query->nonce ? 0 : WX_E_QUERY;
}

/* ---- who sent it, and when ---- */

/* The token of ours under which `given` signs the query and `sealed` (NULL: the query alone), or
 * NULL. Both tokens are tried whatever the first gave. */
static const char *signing_token(const struct wx_account *account, const struct query *query,
                                 const char *sealed, const char *given) {
    const char *tokens[] = {account->token, account->previous_token};
    const char *found = NULL;
    for (size_t i = 0; i < 2; i++) {
        char signature[WX_SIGNATURE_SIZE];
        if (!tokens[i] || !*tokens[i])
            continue;
        const char *parts[] = {tokens[i], query->timestamp, query->nonce, sealed};
        wx_sign(parts, sealed ? 4 : 3, signature);
        if (wx_signature_equal(signature, given) && !found)
            found = tokens[i];
    }
    return found;
}

static int check_time(const char *timestamp, int64_t now, int window) {
    int64_t time = 0;
    size_t digits = strspn(timestamp, "0123456789");
    if (timestamp[digits] != '\0' || digits > 18)
        return WX_E_QUERY;
    for (; *timestamp; timestamp++)
        time = time * 10 + (*timestamp - '0');
    return time < now - window || time > now + window ? WX_E_TIMESTAMP : 0;
}

static int check_sender(const struct wx_account *account, const struct wx_callback_request *request,
                        const struct query *query, const char *sealed, const char *given,
                        struct wx_callback *callback) {
    if (!given)
        return WX_E_QUERY;
    callback->signing_token = signing_token(account, query, sealed, given);
    if (!callback->signing_token)
        return WX_E_SIGNATURE;
    return check_time(query->timestamp, request->now, account->window);
}

/* ---- the body ---- */

static int parse(void *ctx, const struct wx_account *account, const char *text, size_t length,
                 struct wx_message *message) {
    int error = account->format == WX_FORMAT_JSON
                    ? wx_message_parse_json(ctx, text, length, message)
                    : wx_message_parse(ctx, text, length, message);
    if (!error && strcmp(message->to, account->original_id) != 0)
        error = WX_E_RECIPIENT;
    return error;
}

/* After a change of the key, messages sealed with the one before may still be on their way. */
static int open_envelope(void *ctx, const struct wx_account *account, const char *sealed,
                         struct wx_callback *callback, char **text, size_t *length) {
    size_t sealed_length = strlen(sealed);
    callback->key = account->key;
    int error =
        wx_envelope_open(ctx, account->key, account->appid, sealed, sealed_length, text, length);
    if (!error || error == WX_E_NOMEM || !account->has_previous_key)
        return error;
    callback->key = account->previous_key;
    if (wx_envelope_open(ctx, account->previous_key, account->appid, sealed, sealed_length, text,
                         length) == 0)
        return 0;
    return error;
}

static int open_sealed(void *ctx, const struct wx_account *account,
                       const struct wx_callback_request *request, const struct query *query,
                       struct wx_callback *callback) {
    /* The signature is over the ciphertext, so this much of the body is looked at before it. */
    struct wx_xml_wanted outer[] = {{.name = "Encrypt"}, {.name = "ToUserName"}};
    int error = account->format == WX_FORMAT_JSON
                    ? wx_json_pick(ctx, request->body, request->body_length, outer, 2)
                    : wx_xml_pick(request->body, request->body_length, outer, 2);
    if (error)
        return error;
    if (!outer[0].value)
        return WX_E_PLAIN;
    const char *sealed = talloc_strndup(ctx, outer[0].value, outer[0].length);
    if (!sealed)
        return WX_E_NOMEM;
    error = check_sender(account, request, query, sealed, query->msg_signature, callback);
    if (error)
        return error;
    if (outer[1].value && (strlen(account->original_id) != outer[1].length ||
                           memcmp(account->original_id, outer[1].value, outer[1].length) != 0))
        return WX_E_RECIPIENT;

    char *text = NULL;
    size_t length = 0;
    error = open_envelope(ctx, account, sealed, callback, &text, &length);
    if (error)
        return error;
    callback->sealed = true;
    return parse(ctx, account, text, length, &callback->message);
}

static int open_plain(void *ctx, const struct wx_account *account,
                      const struct wx_callback_request *request, const struct query *query,
                      struct wx_callback *callback) {
    int error = check_sender(account, request, query, NULL, query->signature, callback);
    if (error)
        return error;
    return parse(ctx, account, request->body, request->body_length, &callback->message);
}

/* The check is never encrypted, whatever the mode. */
static int open_check(const struct wx_account *account, const struct wx_callback_request *request,
                      const struct query *query, struct wx_callback *callback) {
    if (!query->echostr)
        return WX_E_QUERY;
    callback->is_check = true;
    callback->echo = query->echostr;
    return check_sender(account, request, query, NULL, query->signature, callback);
}

int wx_callback_open(void *ctx, const struct wx_account *account,
                     const struct wx_callback_request *request, struct wx_callback *callback) {
    struct wx_callback opened = {.account = account};
    struct query query;
    bool get = strcmp(request->method, "GET") == 0;
    if (!get && strcmp(request->method, "POST") != 0)
        return WX_E_METHOD;
    int error = read_query(ctx, request->query, &query);
    if (error)
        return error;
    if (get)
        error = open_check(account, request, &query, &opened);
    else if (account->mode == WX_MODE_PLAIN)
        error = open_plain(ctx, account, request, &query, &opened);
    else
        error = open_sealed(ctx, account, request, &query, &opened);
    if (!error)
        *callback = opened;
    return error;
}

/* ---- the answer ---- */

/* Base64, hex and digits: nothing here needs escaping. */
static char *envelope(void *ctx, enum wx_format format, const char *sealed, const char *signature,
                      const char *time, const char *nonce) {
    if (format == WX_FORMAT_JSON)
        return talloc_asprintf(ctx,
                               "{\"Encrypt\":\"%s\",\"MsgSignature\":\"%s\","
                               "\"TimeStamp\":%s,\"Nonce\":\"%s\"}",
                               sealed, signature, time, nonce);
    return talloc_asprintf(ctx,
                           "<xml><Encrypt><![CDATA[%s]]></Encrypt>"
                           "<MsgSignature><![CDATA[%s]]></MsgSignature>"
                           "<TimeStamp>%s</TimeStamp><Nonce><![CDATA[%s]]></Nonce></xml>",
                           sealed, signature, time, nonce);
}

static int seal(void *ctx, const struct wx_callback *callback, const char *reply,
                size_t reply_length, int64_t now, char **body, size_t *length) {
    /* Drawn at once, for a draw costs as much as the encryption. */
    struct {
        uint8_t envelope[16];
        uint32_t nonce;
    } random;
    char time[24], nonce[16], signature[WX_SIGNATURE_SIZE];
    char *sealed = NULL;
    int error = wx_random(&random, sizeof random);
    if (!error)
        error = wx_envelope_seal(ctx, callback->key, callback->account->appid, random.envelope,
                                 reply, reply_length, &sealed);
    if (error)
        return error;
    snprintf(time, sizeof time, "%" PRId64, now);
    snprintf(nonce, sizeof nonce, "%" PRIu32, random.nonce);
    wx_sign((const char *const[]){callback->signing_token, time, nonce, sealed}, 4, signature);
    char *text = envelope(ctx, callback->account->format, sealed, signature, time, nonce);
    talloc_free(sealed);
    if (!text)
        return WX_E_NOMEM;
    *body = text;
    *length = strlen(text);
    return 0;
}

int wx_callback_seal(void *ctx, const struct wx_callback *callback, const struct wx_reply *reply,
                     int64_t now, char **body, size_t *length) {
    char *text = NULL;
    size_t text_length = 0;
    int error = 0;
    if (callback->is_check) {
        text = talloc_strdup(ctx, callback->echo);
        if (!text)
            return WX_E_NOMEM;
        text_length = strlen(text);
    } else {
        error = callback->account->format == WX_FORMAT_JSON
                    ? wx_reply_write_json(ctx, reply, &callback->message, now, &text, &text_length)
                    : wx_reply_write(ctx, reply, &callback->message, now, &text, &text_length);
        if (error)
            return error;
    }
    if (!callback->sealed || strcmp(text, WX_REPLY_SUCCESS) == 0) {
        *body = text;
        *length = text_length;
        return 0;
    }
    error = seal(ctx, callback, text, text_length, now, body, length);
    talloc_free(text);
    return error;
}
