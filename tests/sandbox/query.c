#include "query.h"

#include "value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Finds the raw value of `name`; NULL when it is absent. */
static const char *find(const char *query, const char *name, size_t *length) {
    size_t name_length = strlen(name);
    for (const char *at = query; *at;) {
        size_t pair = strcspn(at, "&");
        if (pair > name_length && at[name_length] == '=' && !strncmp(at, name, name_length)) {
            *length = pair - name_length - 1;
            return at + name_length + 1;
        }
        at += pair + (at[pair] == '&');
    }
    return NULL;
}

static int digit(char c) {
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

const char *query_get(void *ctx, const char *query, const char *name) {
    size_t length = 0;
    const char *raw = find(query, name, &length);
    if (!raw)
        return "";
    char *text = must(talloc_array(ctx, char, length + 1)), *to = text;
    for (size_t i = 0; i < length; i++) {
        bool escaped = raw[i] == '%' && i + 2 < length && isxdigit((unsigned char)raw[i + 1]) &&
                       isxdigit((unsigned char)raw[i + 2]);
        *to++ = escaped         ? (char)(digit(raw[i + 1]) << 4 | digit(raw[i + 2]))
                : raw[i] == '+' ? ' '
                                : raw[i];
        i += escaped ? 2 : 0;
    }
    *to = '\0';
    json_t *valid = json_stringn(text, (size_t)(to - text));
    bool fine = valid && strlen(text) == (size_t)(to - text);
    json_decref(valid);
    return fine ? text : "";
}

int64_t query_number(const char *query, const char *name, int64_t most, int64_t otherwise) {
    size_t length = 0;
    const char *raw = find(query, name, &length);
    if (!raw || !length || length > 18 || strspn(raw, "0123456789") < length)
        return otherwise;
    int64_t number = strtoll(raw, NULL, 10);
    return number <= most ? number : most;
}

char *query_masked(void *ctx, const char *query) {
    char *masked = must(talloc_strdup(ctx, ""));
    for (const char *at = query; *at;) {
        size_t pair = strcspn(at, "&");
        bool secret = !strncmp(at, "access_token=", 13) || !strncmp(at, "secret=", 7);
        size_t shown = secret ? strcspn(at, "=") + 1 : pair;
        masked = must(talloc_strndup_append(masked, at, shown));
        masked = must(talloc_strdup_append(masked, secret ? "***" : ""));
        at += pair;
        if (*at == '&') {
            masked = must(talloc_strdup_append(masked, "&"));
            at++;
        }
    }
    return masked;
}
