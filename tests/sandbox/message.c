#include "message.h"

#include "bot/config.h"

#include <string.h>

/* What XML 1.0 has no place for is left out; jansson has made sure of the UTF-8. */
static char *text_add(char *xml, const char *text) {
    for (const char *at = text; *at; at++) {
        bool forbidden = (unsigned char)*at < ' ' && !strchr("\t\n\r", *at);
        if (!strncmp(at, "]]>", 3)) {
            xml = must(talloc_strdup_append_buffer(xml, "]]]]><![CDATA[>"));
            at += 2;
        } else if (!forbidden) {
            xml = must(talloc_strndup_append_buffer(xml, at, 1));
        }
    }
    return xml;
}

static char *field_add(char *xml, const struct message_field *field) {
    if (field->bare)
        return must(talloc_asprintf_append_buffer(xml, "<%s>%s</%s>\n", field->name, field->text,
                                                  field->name));
    xml = must(talloc_asprintf_append_buffer(xml, "<%s><![CDATA[", field->name));
    xml = text_add(xml, field->text);
    return must(talloc_asprintf_append_buffer(xml, "]]></%s>\n", field->name));
}

char *message_element(void *ctx, const char *name, const char *text) {
    const struct message_field field = {name, text, false};
    return field_add(must(talloc_strdup(ctx, "")), &field);
}

char *message_write(void *ctx, const struct account *account, const char *openid, const char *type,
                    const struct message_field *fields) {
    char *time = must(talloc_asprintf(ctx, "%lld", (long long)world_now_ms(account->world) / 1000));
    const struct message_field head[] = {
        {"ToUserName", account->config->original_id, false},
        {"FromUserName", openid, false},
        {"CreateTime", time, true},
        {"MsgType", type, false},
    };
    char *xml = must(talloc_strdup(ctx, "<xml>"));
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        xml = field_add(xml, &head[i]);
    for (; fields->name; fields++)
        xml = field_add(xml, fields);
    return must(talloc_strdup_append_buffer(xml, "</xml>"));
}

char *message_envelope(void *ctx, const struct account *account, const char *plain,
                       const char *sealed) {
    const char *end = strstr(plain, "</xml>");
    if (!sealed)
        return must(talloc_strdup(ctx, plain));
    if (account->config->wx.mode == WX_MODE_COMPATIBLE && end)
        return must(talloc_asprintf(ctx, "%.*s<Encrypt><![CDATA[%s]]></Encrypt>\n</xml>",
                                    (int)(end - plain), plain, sealed));
    return must(talloc_asprintf(ctx,
                                "<xml>\n    <ToUserName><![CDATA[%s]]></ToUserName>\n"
                                "    <Encrypt><![CDATA[%s]]></Encrypt>\n</xml>\n",
                                account->config->original_id, sealed));
}
