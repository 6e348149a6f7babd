#include "value.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *must(void *pointer) {
    if (!pointer) {
        fputs("day21-sandbox: out of memory\n", stderr);
        exit(70);
    }
    return pointer;
}

static int forget(json_t **kept) {
    json_decref(*kept);
    return 0;
}

json_t *value_keep(void *ctx, json_t *value) {
    json_t **kept = must(talloc(ctx, json_t *));
    *kept = must(value);
    talloc_set_destructor(kept, forget);
    return value;
}

char *value_dump(void *ctx, const json_t *value) {
    char *text = must(json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY));
    char *copy = must(talloc_strdup(ctx, text));
    free(text);
    return copy;
}

/* The length of the UTF-8 sequence at `bytes`, 0 if it is none. */
static size_t sequence(const unsigned char *bytes, size_t left) {
    static const struct {
        unsigned char mask, lead;
        size_t length;
        uint32_t least;
    } forms[] = {
        {0x80, 0x00, 1, 1},
        {0xe0, 0xc0, 2, 0x80},
        {0xf0, 0xe0, 3, 0x800},
        {0xf8, 0xf0, 4, 0x10000},
    };
    for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
        if ((bytes[0] & forms[form].mask) != forms[form].lead)
            continue;
        if (forms[form].length > left)
            return 0;
        uint32_t character = bytes[0] & (unsigned char)~forms[form].mask;
        for (size_t i = 1; i < forms[form].length; i++) {
            if ((bytes[i] & 0xc0) != 0x80)
                return 0;
            character = character << 6 | (bytes[i] & 0x3f);
        }
        bool surrogate = character >= 0xd800 && character <= 0xdfff;
        return character < forms[form].least || character > 0x10ffff || surrogate
                   ? 0
                   : forms[form].length;
    }
    return 0;
}

json_t *value_bytes(const void *bytes, size_t length) {
    const unsigned char *from = bytes;
    char *text = must(malloc(length * 3 + 1)); /* U+FFFD has three bytes */
    size_t used = 0;
    while (length) {
        size_t step = sequence(from, length);
        memcpy(text + used, step ? (const char *)from : "\xef\xbf\xbd", step ? step : 3);
        used += step ? step : 3;
        from += step ? step : 1;
        length -= step ? step : 1;
    }
    json_t *value = must(json_stringn(text, used));
    free(text);
    return value;
}

const char *value_string(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

json_int_t value_integer(const json_t *object, const char *key, json_int_t otherwise) {
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

size_t value_characters(const char *text) {
    size_t count = 0;
    for (; *text; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

unsigned value_character(const char **text) {
    const unsigned char *at = (const unsigned char *)*text;
    if (!*at)
        return 0;
    size_t length = sequence(at, strlen(*text));
    if (length <= 1) {
        *text += 1;
        return *at;
    }
    unsigned character = *at & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        character = character << 6 | (at[i] & 0x3f);
    *text += length;
    return character;
}
