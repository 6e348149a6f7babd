#include "bot/ndjson.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The length of the character that `text` begins with, 0 when it is not UTF-8. */
static size_t character(const unsigned char *text) {
    static const struct {
        unsigned char from, to;
        size_t length;
        unsigned char least, most; /* of the second byte */
    } leads[] = {
        {0x01, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
        {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
        {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
    };
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        if (text[0] < leads[i].from || text[0] > leads[i].to)
            continue;
        if (leads[i].length > 1 && (text[1] < leads[i].least || text[1] > leads[i].most))
            return 0;
        for (size_t k = 2; k < leads[i].length; k++)
            if (text[k] < 0x80 || text[k] > 0xbf)
                return 0;
        return leads[i].length;
    }
    return 0;
}

static bool is_plain(unsigned char c) {
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

static void write_text(FILE *out, const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    fputc('"', out);
    while (*at) {
        size_t plain = 0;
        while (is_plain(at[plain]))
            plain++;
        fwrite(at, 1, plain, out);
        at += plain;
        if (!*at)
            break;
        size_t length = character(at);
        if (length > 1)
            fwrite(at, 1, length, out);
        else if (length == 0)
            fputs("\xef\xbf\xbd", out);
        else if (*at < ' ')
            fprintf(out, "\\u%04x", *at);
        else
            fprintf(out, "\\%c", *at);
        at += length ? length : 1;
    }
    fputc('"', out);
}

void ndjson_write(FILE *out, const struct ndjson_field *fields, size_t count, const void *record) {
    for (size_t i = 0; i < count; i++) {
        const void *member = (const char *)record + fields[i].member;
        fprintf(out, "%c\"%s\":", i ? ',' : '{', fields[i].name);
        if (fields[i].is_text)
            write_text(out, *(const char *const *)member);
        else
            fprintf(out, "%" PRId64, *(const int64_t *)member);
    }
    fputs("}\n", out);
}

/* Takes `expected` from where *at is. */
static bool take(char **at, const char *expected) {
    size_t length = strlen(expected);
    if (strncmp(*at, expected, length) != 0)
        return false;
    *at += length;
    return true;
}

/* \" \\ and \u0000 to \u001f are all that is ever written. */
static bool take_escape(char **at, char *c) {
    if (**at == '"' || **at == '\\') {
        *c = *(*at)++;
        return true;
    }
    static const char digits[] = "0123456789abcdef";
    if (!take(at, "u00") || (**at != '0' && **at != '1'))
        return false;
    const char *low = (*at)[1] ? strchr(digits, (*at)[1]) : NULL;
    if (!low)
        return false;
    *c = (char)((**at - '0') * 16 + (low - digits));
    *at += 2;
    return *c != '\0';
}

static bool take_text(char **at, const char **text) {
    if (!take(at, "\""))
        return false;
    char *to = *at;
    *text = to;
    for (;;) {
        size_t plain = strcspn(*at, "\"\\");
        if (to != *at)
            memmove(to, *at, plain);
        *at += plain;
        to += plain;
        char stop = **at;
        if (stop == '\0')
            return false;
        (*at)++;
        if (stop == '"') {
            *to = '\0';
            return true;
        }
        if (!take_escape(at, to))
            return false;
        to++;
    }
}

static bool take_number(char **at, int64_t *number) {
    char *end;
    if (**at != '-' && (**at < '0' || **at > '9'))
        return false;
    *number = strtoll(*at, &end, 10);
    bool any = end > *at;
    *at = end;
    return any;
}

int ndjson_read(char *line, const struct ndjson_field *fields, size_t count, void *record) {
    char *at = line;
    for (size_t i = 0; i < count; i++) {
        void *member = (char *)record + fields[i].member;
        if (!take(&at, i ? ",\"" : "{\"") || !take(&at, fields[i].name) || !take(&at, "\":"))
            return -1;
        if (fields[i].is_text ? !take_text(&at, member) : !take_number(&at, member))
            return -1;
    }
    return strcmp(at, "}") == 0 ? 0 : -1;
}
