#include "bot/html.h"

#include <string.h>
#include <talloc.h>

static const char *entity(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

char *html_escape(void *ctx, const char *text) {
    size_t length = 0;
    for (const char *p = text; *p; p++)
        length += entity(*p) ? strlen(entity(*p)) : 1;
    char *escaped = talloc_array(ctx, char, length + 1), *end = escaped;
    if (!escaped)
        return NULL;
    for (const char *p = text; *p; p++) {
        const char *as = entity(*p);
        if (as)
            end = stpcpy(end, as);
        else
            *end++ = *p;
    }
    *end = '\0';
    return escaped;
}
