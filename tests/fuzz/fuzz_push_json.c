/* Any bytes as the JSON of a message: it is refused, or every string and list in it is sound, it
 * says the same when its ids are read again, and the reply to it, in either format, can be read
 * back. The same bytes as the body of a request that nobody has signed are refused. */

#include "wx/callback.h"
#include "wx/json.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds) {
    if (!holds)
        abort();
}

static void check_strings(const struct wx_message *message) {
    const char *const strings[] = {
        message->to,
        message->from,
        message->type_name,
        message->id,
        message->event_name,
        message->event_key,
        message->scene,
        message->ticket,
        message->content,
        message->menu_id,
        message->media_id,
        message->job_id,
        message->status,
        message->label,
        message->url,
        message->file_key,
        message->scan_result,
        message->publish_id,
        message->subject_openid,
        message->revoked,
        message->card.id,
        message->order.id,
        message->invoice.title,
        message->shop.status,
        message->product.key,
        message->debug_text,
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        expect(wx_utf8_allowed(strings[i], strlen(strings[i])));
}

static void check_lists(const struct wx_message *message) {
    expect(message->subscriptions_count <= LIMIT_MESSAGE_LIST);
    for (size_t i = 0; i < message->subscriptions_count; i++) {
        const struct wx_subscription *one = &message->subscriptions[i];
        expect(wx_utf8_allowed(one->template_id, strlen(one->template_id)));
        expect(wx_utf8_allowed(one->status, strlen(one->status)));
        expect(wx_utf8_allowed(one->job_id, strlen(one->job_id)));
        expect(wx_utf8_allowed(one->error, strlen(one->error)));
    }
    expect(message->published_count <= LIMIT_MESSAGE_LIST);
    for (size_t i = 0; i < message->published_count; i++)
        expect(wx_utf8_allowed(message->published[i].url, strlen(message->published[i].url)));
    expect(message->copyrights_count <= LIMIT_MESSAGE_LIST);
    for (size_t i = 0; i < message->copyrights_count; i++)
        expect(message->copyrights[i].original_url != NULL);
    expect(message->pictures_count <= LIMIT_MESSAGE_LIST);
    for (size_t i = 0; i < message->pictures_count; i++)
        expect(message->pictures[i].md5 != NULL);
    expect(message->beacons_count <= LIMIT_MESSAGE_LIST);
    for (size_t i = 0; i < message->beacons_count; i++)
        expect(message->beacons[i].uuid != NULL);
}

/* What a learner wrote, answered to the learner, is the same text again. */
static void check_reply(void *ctx, const struct wx_message *message) {
    const struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = message->content};
    struct wx_message back = *message, read;
    char *json = NULL;
    size_t length = 0;
    back.to = "o"; /* becomes the sender, and an original id need not look like an openid */
    expect(wx_reply_write_json(ctx, &reply, &back, 1700000000, &json, &length) == 0);
    if (strcmp(json, WX_REPLY_SUCCESS) == 0) {
        expect(*message->content == '\0');
        return;
    }
    expect(wx_message_parse_json(ctx, json, length, &read) == 0);
    expect(strcmp(read.to, message->from) == 0);
    if (strlen(message->content) <= LIMIT_REPLY_TEXT)
        expect(strcmp(read.content, message->content) == 0);
}

static void check_body(void *ctx, const char *body, size_t length, enum wx_mode mode) {
    struct wx_account account = {.appid = "wxd21d21d21d21d21d",
                                 .original_id = "gh_day21demo",
                                 .token = "t",
                                 .mode = mode,
                                 .format = WX_FORMAT_JSON,
                                 .window = 600};
    const struct wx_callback_request request = {
        .method = "POST",
        .query = "signature=0&msg_signature=0&timestamp=1&nonce=n",
        .body = body,
        .body_length = length,
        .now = 1};
    struct wx_callback callback;
    expect(wx_callback_open(ctx, &account, &request, &callback) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct wx_message message, again;
    char first[WX_FINGERPRINT_SIZE], second[WX_FINGERPRINT_SIZE];
    void *ctx = talloc_new(NULL);
    const char *json = talloc_memdup(ctx, data, size); /* so that reading on is noticed */
    if (wx_message_parse_json(ctx, json, size, &message) == 0) {
        check_strings(&message);
        check_lists(&message);
        check_reply(ctx, &message);
        wx_message_identity(&message, first);
        expect(wx_message_parse_json(ctx, json, size, &again) == 0);
        wx_message_identity(&again, second);
        expect(strcmp(first, second) == 0);
    }
    check_body(ctx, json, size, WX_MODE_SAFE);
    check_body(ctx, json, size, WX_MODE_PLAIN);
    talloc_free(ctx);
    return 0;
}
