/* Any bytes as the XML of a message: it is refused, or every field is a sound string and the reply
 * to it can be read back. */

#include "wx/message.h"

#include "config/limits.h"
#include "wx/reply.h"
#include "wx/utf8.h"
#include "wx/xml.h"

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
        message->to,         message->from,     message->type_name,   message->id,
        message->event_name, message->content,  message->menu_id,     message->event_key,
        message->ticket,     message->media_id, message->job_id,      message->status,
        message->label,      message->url,      message->scan_result, message->file_key,
        message->place,
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        expect(wx_utf8_allowed(strings[i], strlen(strings[i])));
}

/* What a learner wrote, answered to the learner, is the same text again. */
static void check_reply(void *ctx, const struct wx_message *message) {
    const struct wx_reply reply = {.type = WX_REPLY_TEXT, .text = message->content};
    struct wx_message read;
    char *xml = NULL;
    size_t length = 0;
    expect(wx_reply_write(ctx, &reply, message, 1700000000, &xml, &length) == 0);
    if (strcmp(xml, WX_REPLY_SUCCESS) == 0) {
        expect(*message->content == '\0');
        return;
    }
    /* The names are exchanged, and an original id need not look like an openid. */
    struct wx_message back = *message;
    back.to = "o";
    expect(wx_reply_write(ctx, &reply, &back, 1700000000, &xml, &length) == 0);
    expect(wx_message_parse(ctx, xml, length, &read) == 0);
    expect(strcmp(read.to, message->from) == 0);
    /* mxml drops byte order marks where they stand in the text itself. */
    if (strlen(message->content) <= LIMIT_REPLY_TEXT && !strstr(message->content, "\ufeff"))
        expect(strcmp(read.content, message->content) == 0);
}

/* The gate and mxml have to see one document: a value as it stands, if it needs no decoding, is
 * what the message got. */
static void check_gate(const struct wx_message *message, const char *xml, size_t length) {
    const char *const values[] = {message->from, message->type_name, message->event_name};
    struct wx_xml_wanted wanted[] = {
        {.name = "FromUserName"}, {.name = "MsgType"}, {.name = "Event"}};
    if (wx_xml_pick(xml, length, wanted, 3) != 0)
        return;
    for (size_t i = 0; i < 3; i++) {
        if (wanted[i].value && !memmem(wanted[i].value, wanted[i].length, "\ufeff", 3))
            expect(strlen(values[i]) == wanted[i].length &&
                   memcmp(values[i], wanted[i].value, wanted[i].length) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct wx_message message;
    char identity[WX_FINGERPRINT_SIZE];
    void *ctx = talloc_new(NULL);
    if (wx_message_parse(ctx, (const char *)data, size, &message) == 0) {
        check_strings(&message);
        check_gate(&message, (const char *)data, size);
        check_reply(ctx, &message);
        wx_message_identity(&message, identity);
    }
    talloc_free(ctx);
    return 0;
}
