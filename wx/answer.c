#include "wx/answer.h"

#include "wx/http.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>
#include <talloc.h>

enum { REASON_MAX = 300 }; /* bytes; an errmsg with its rid has about 100 */

static size_t secret_at(const char *text, const char *const *secrets) {
    for (; *secrets; secrets++) {
        size_t length = strlen(*secrets);
        if (length && strncmp(text, *secrets, length) == 0)
            return length;
    }
    return 0;
}

/* What WeChat, or somebody in its place, wrote, made fit for a log line: short, without secrets and
 * without what could begin another line. */
static const char *clean(void *ctx, const char *text, const char *const *secrets) {
    char *reason = talloc_size(ctx, REASON_MAX + sizeof "***");
    if (!reason)
        return wx_error_text(WX_E_NOMEM);
    size_t length = 0;
    while (*text && length < REASON_MAX) {
        size_t secret = secret_at(text, secrets);
        if (secret) {
            memcpy(reason + length, "***", 3);
            length += 3;
            text += secret;
        } else {
            bool control = (unsigned char)*text < ' ' || *text == 0x7f;
            reason[length++] = control ? ' ' : *text;
            text++;
        }
    }
    if ((*text & 0xc0) == 0x80) /* cut in a character */
        while (length && (reason[--length] & 0xc0) == 0x80)
            ;
    reason[length] = '\0';
    return reason;
}

static void unreadable(void *ctx, const struct wx_http_response *response, const char *what,
                       struct wx_result *result) {
    result->error = WX_E_REPLY;
    result->klass = WX_CLASS_BUSY;
    result->uncertain = response->sent;
    char *reason = talloc_asprintf(ctx, "HTTP status %ld, %s", response->status, what);
    result->reason = reason ? reason : what;
}

static const char *string_of(void *ctx, const json_t *root, const char *name) {
    const char *value = json_string_value(json_object_get(root, name));
    return value ? talloc_strdup(ctx, value) : NULL;
}

static void read_object(void *ctx, const json_t *root, const struct wx_http_response *response,
                        const char *const *secrets, struct wx_answer *answer) {
    struct wx_result *result = &answer->result;
    const json_t *errcode = json_object_get(root, "errcode");
    json_int_t code = json_integer_value(errcode);
    if (errcode && (!json_is_integer(errcode) || code < INT_MIN || code > INT_MAX)) {
        unreadable(ctx, response, "an errcode that is none", result);
    } else if (code != 0) {
        const char *errmsg = json_string_value(json_object_get(root, "errmsg"));
        result->error = WX_E_API;
        result->errcode = (int)code;
        result->klass = wx_errcode_class((int)code);
        result->reason = clean(ctx, errmsg ? errmsg : "no errmsg", secrets);
    } else if (response->status < 200 || response->status > 299) {
        unreadable(ctx, response, "no errcode that says why", result);
    } else {
        result->msgid = json_integer_value(json_object_get(root, "msgid"));
        answer->access_token = string_of(ctx, root, "access_token");
        answer->expires_in = json_integer_value(json_object_get(root, "expires_in"));
    }
}

/* Whether it is the file that was asked for. One that begins like JSON and is none is a file, too.
 */
static bool is_file(const struct wx_http_response *response, const json_t *root) {
    return response->status == 200 && response->length > 0 && !root &&
           (response->body[0] != '{' || memchr(response->body, '\0', response->length));
}

void wx_answer_read(void *ctx, const struct wx_http_response *response, const char *const *secrets,
                    bool file, struct wx_answer *answer) {
    *answer = (struct wx_answer){.result = {.klass = WX_CLASS_OK, .reason = "", .body = ""}};
    if (response->error) {
        answer->result.error = response->error;
        answer->result.klass = WX_CLASS_BUSY;
        answer->result.uncertain = response->sent;
        answer->result.reason = clean(ctx, response->reason, secrets);
        return;
    }
    answer->result.body = response->body;
    answer->result.length = response->length;
    answer->result.date = response->date;
    json_t *root = json_loadb(response->body, response->length, 0, NULL);
    if (json_is_object(root))
        read_object(ctx, root, response, secrets, answer);
    else if (!file || !is_file(response, root))
        unreadable(ctx, response, root ? "no JSON object" : "not JSON", &answer->result);
    json_decref(root);
}
