#include "tests/bench/request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

struct sheet { /* what differs from message to message */
    char msg_id[24];
    char nonce[16];
    char timestamp[24];
};

static uint64_t random_number(void) {
    uint64_t number = 0;
    return wx_random(&number, sizeof number) ? 0 : number;
}

/* "o" and 27 characters, the last ones counting up: distinct within a run, and random enough to be
 * distinct between runs. */
static void name_sender(char openid[OPENID_SIZE], uint64_t run, size_t i) {
    snprintf(openid, OPENID_SIZE, "oD21_%016" PRIx64 "%07zx", run, i & 0xfffffff);
}

static char *write_xml(void *ctx, const struct addressee *to, const char *openid,
                       const struct sheet *sheet) {
    return talloc_asprintf(ctx,
                           "<xml><ToUserName><![CDATA[%s]]></ToUserName>\n"
                           "<FromUserName><![CDATA[%s]]></FromUserName>\n"
                           "<CreateTime>%s</CreateTime>\n"
                           "<MsgType><![CDATA[text]]></MsgType>\n"
                           "<Content><![CDATA[签到]]></Content>\n"
                           "<MsgId>%s</MsgId>\n"
                           "</xml>",
                           to->original_id, openid, sheet->timestamp, sheet->msg_id);
}

static void spoil(const struct addressee *to, char signature[WX_SIGNATURE_SIZE]) {
    if (to->forge)
        signature[0] = signature[0] == '0' ? '1' : '0';
}

static char *seal(void *ctx, const struct addressee *to, const char *xml, const struct sheet *sheet,
                  char signature[WX_SIGNATURE_SIZE]) {
    char *sealed;
    if (!xml || wx_envelope_seal(ctx, to->key, to->appid, NULL, xml, strlen(xml), &sealed))
        return NULL;
    wx_sign((const char *[]){to->token, sheet->timestamp, sheet->nonce, sealed}, 4, signature);
    spoil(to, signature);
    return talloc_asprintf(ctx,
                           "<xml>\n    <ToUserName><![CDATA[%s]]></ToUserName>\n"
                           "    <Encrypt><![CDATA[%s]]></Encrypt>\n</xml>\n",
                           to->original_id, sealed);
}

static bool make(void *ctx, const struct addressee *to, const struct sheet *sheet,
                 struct request *request) {
    char signature[WX_SIGNATURE_SIZE], sealed_signature[WX_SIGNATURE_SIZE], encrypted[96] = "";
    void *scratch = talloc_new(ctx);
    char *body = write_xml(scratch, to, request->openid, sheet);
    wx_sign((const char *[]){to->token, sheet->timestamp, sheet->nonce}, 3, signature);
    spoil(to, signature);
    if (to->safe) {
        body = seal(scratch, to, body, sheet, sealed_signature);
        snprintf(encrypted, sizeof encrypted, "&encrypt_type=aes&msg_signature=%s",
                 sealed_signature);
    }
    char *bytes = !body ? NULL
                        : talloc_asprintf(ctx,
                                          "POST %s?signature=%s&timestamp=%s&nonce=%s&openid=%s%s "
                                          "HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/4.0\r\n"
                                          "Accept: */*\r\nPragma: no-cache\r\n"
                                          "Content-Type: text/xml\r\nContent-Length: %zu\r\n\r\n%s",
                                          to->path, signature, sheet->timestamp, sheet->nonce,
                                          request->openid, encrypted, to->host, strlen(body), body);
    talloc_free(scratch);
    request->bytes = bytes;
    request->length = bytes ? strlen(bytes) : 0;
    return bytes;
}

struct request *requests_make(void *ctx, const struct addressee *to, size_t count) {
    struct request *list = talloc_array(ctx, struct request, count);
    uint64_t run = random_number();
    struct sheet sheet;
    snprintf(sheet.timestamp, sizeof sheet.timestamp, "%" PRId64, (int64_t)time(NULL));
    for (size_t i = 0; list && i < count; i++) {
        name_sender(list[i].openid, run, i);
        snprintf(sheet.msg_id, sizeof sheet.msg_id, "2%017" PRIu64,
                 (run + i) % UINT64_C(100000000000000000));
        snprintf(sheet.nonce, sizeof sheet.nonce, "%010" PRIu64,
                 random_number() % UINT64_C(10000000000));
        if (!make(list, to, &sheet, &list[i])) {
            talloc_free(list);
            return NULL;
        }
    }
    return list;
}

/* ---- replies ---- */

/* Whether `<name>value</name>`, with or without CDATA, stands in the text. */
static bool says(const char *text, size_t length, const char *name, const char *value) {
    char element[160];
    int size = snprintf(element, sizeof element, "<%s><![CDATA[%s]]></%s>", name, value, name);
    if (memmem(text, length, element, (size_t)size))
        return true;
    size = snprintf(element, sizeof element, "<%s>%s</%s>", name, value, name);
    return memmem(text, length, element, (size_t)size);
}

/* What stands in the element, with or without CDATA; NULL if it is not there. */
static char *inside(void *ctx, const char *xml, const char *name) {
    static const char opens[] = "<![CDATA[";
    char tag[32];
    snprintf(tag, sizeof tag, "<%s>", name);
    const char *from = strstr(xml, tag);
    if (!from)
        return NULL;
    from += strlen(tag);
    bool cdata = strncmp(from, opens, strlen(opens)) == 0;
    from += cdata ? strlen(opens) : 0;
    const char *to = strstr(from, cdata ? "]]>" : "</");
    return to ? talloc_strndup(ctx, from, (size_t)(to - from)) : NULL;
}

bool reply_plausible(const struct addressee *to, const struct request *request,
                     const struct reply *reply) {
    if (to->forge)
        return reply->status >= 400 && reply->status < 500;
    if (reply->status != 200)
        return false;
    if (to->safe)
        return memmem(reply->body, reply->length, "<Encrypt>", strlen("<Encrypt>"));
    return says(reply->body, reply->length, "ToUserName", request->openid);
}

static char *unseal(void *ctx, const struct addressee *to, const char *xml) {
    char *sealed = inside(ctx, xml, "Encrypt");
    char *signature = inside(ctx, xml, "MsgSignature");
    char *timestamp = inside(ctx, xml, "TimeStamp");
    char *nonce = inside(ctx, xml, "Nonce");
    char expected[WX_SIGNATURE_SIZE], *message;
    size_t length;
    if (!sealed || !signature || !timestamp || !nonce)
        return NULL;
    wx_sign((const char *[]){to->token, timestamp, nonce, sealed}, 4, expected);
    if (!wx_signature_equal(expected, signature) ||
        wx_envelope_open(ctx, to->key, to->appid, sealed, strlen(sealed), &message, &length))
        return NULL;
    return message;
}

bool reply_right(const struct addressee *to, const struct request *request,
                 const struct reply *reply) {
    if (to->forge || !reply_plausible(to, request, reply))
        return to->forge;
    void *ctx = talloc_new(NULL);
    char *xml = talloc_strndup(ctx, reply->body, reply->length);
    if (xml && to->safe)
        xml = unseal(ctx, to, xml);
    const char *text = xml ? inside(ctx, xml, "Content") : NULL;
    size_t length = xml ? strlen(xml) : 0;
    bool right = text && *text && says(xml, length, "ToUserName", request->openid) &&
                 says(xml, length, "FromUserName", to->original_id) &&
                 says(xml, length, "MsgType", "text");
    talloc_free(ctx);
    return right;
}
