/* Any bytes as WeChat's answer to an API call: what is made of it is of one piece, and its reason
 * can go into a log: one line, short, without a secret.
 *
 * The input: a byte for how the request went and whether a file was asked for, then the body, of
 * any bytes. */

#include "wx/answer.h"

#include "wx/http.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define SECRET "s3cr3tOfTheAccount"
#define TOKEN  "72_accessTokenThatNobodyMaySee"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds) {
    if (!holds)
        abort();
}

static void check_reason(const char *reason) {
    expect(strlen(reason) < 400);
    for (const char *at = reason; *at; at++)
        expect((unsigned char)*at >= ' ' && *at != 0x7f);
    expect(!strstr(reason, SECRET) && !strstr(reason, TOKEN));
}

static void check_result(const struct wx_result *result, const struct wx_http_response *response) {
    check_reason(result->reason);
    switch (result->error) {
    case 0:
        expect(result->errcode == 0 && result->klass == WX_CLASS_OK && !*result->reason);
        expect(!response->error && response->status >= 200 && response->status <= 299);
        break;
    case WX_E_API:
        expect(result->errcode != 0 && result->klass == wx_errcode_class(result->errcode));
        expect(!result->uncertain);
        break;
    default:
        expect(result->error == WX_E_REPLY || result->error == response->error);
        expect(result->errcode == 0 && result->klass == WX_CLASS_BUSY && *result->reason);
        expect(result->uncertain == response->sent);
    }
    expect(result->body != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct {
        int error;
        long status;
        bool sent;
    } ways[] = {
        {0, 200, true},         {0, 200, true},
        {0, 500, true},         {0, 204, true},
        {WX_E_HTTP, 0, false},  {WX_E_TIMEOUT, 0, true},
        {WX_E_HTTP, 200, true}, {WX_E_TOO_LARGE, 200, true},
    };
    static const char *const secrets[] = {SECRET, "", TOKEN, NULL};
    if (size == 0)
        return 0;
    void *ctx = talloc_new(NULL);
    char *body = talloc_size(ctx, size); /* so that reading on is noticed */
    memcpy(body, data + 1, size - 1);
    body[size - 1] = '\0';
    size_t way = data[0] % (sizeof ways / sizeof *ways);
    const struct wx_http_response response = {.error = ways[way].error,
                                              .reason =
                                                  ways[way].error ? "could not: " SECRET "\n" : "",
                                              .sent = ways[way].sent,
                                              .status = ways[way].status,
                                              .body = body,
                                              .length = size - 1};
    struct wx_answer answer;
    wx_answer_read(ctx, &response, secrets, data[0] >= 128, &answer);
    check_result(&answer.result, &response);
    if (answer.access_token)
        expect(answer.result.error == 0);
    talloc_free(ctx);
    return 0;
}
