#include "bot/wording.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

struct segment {
    int name; /* index in names, or -1 for a text that stands as it is */
    const char *text;
    size_t length;
};

struct wording {
    const char *const *names;
    unsigned names_count;
    unsigned count;
    struct segment *segments;
};

static bool is_continuation(unsigned char byte) {
    return (byte & 0xc0) == 0x80;
}

size_t wording_characters(const char *text) {
    size_t count = 0;
    for (; *text; text++)
        count += !is_continuation((unsigned char)*text);
    return count;
}

/* What a piece of an untrusted value becomes. Characters that end a line or turn the direction of
 * writing would let one learner's name disturb the lines of others. */
static const struct replacement {
    unsigned char from[3], to_byte; /* the last byte of a range [from, to_byte] */
    size_t length;
    const char *to;
} replacements[] = {
    {"\x01", 0x1f, 1, " "},         {"<", '<', 1, "＜"},        {">", '>', 1, "＞"},
    {"\x7f", 0x7f, 1, " "},         {"\xc2\x80", 0x9f, 2, " "}, /* C1 controls */
    {"\xe2\x80\x8e", 0x8f, 3, " "},                             /* direction marks */
    {"\xe2\x80\xa8", 0xae, 3, " "}, /* line, paragraph; embedding, override */
    {"\xe2\x81\xa6", 0xa9, 3, " "}, /* isolates */
};

static const struct replacement *replacement_at(const unsigned char *text) {
    bool plain = *text >= ' ' && *text != '<' && *text != '>' && *text != 0x7f && *text != 0xc2 &&
                 *text != 0xe2; /* nearly all there is */
    if (plain)
        return NULL;
    for (size_t i = 0; i < sizeof(replacements) / sizeof(replacements[0]); i++) {
        const struct replacement *r = &replacements[i];
        size_t last = r->length - 1;
        if (strncmp((const char *)text, (const char *)r->from, last) == 0 &&
            text[last] >= r->from[last] && text[last] <= r->to_byte)
            return r;
    }
    return NULL;
}

/* Writes a value to `out`, or only counts when that is NULL. Returns its length. */
static size_t put_value(char *out, const struct copy_var *var) {
    if (var->trusted) {
        size_t length = strlen(var->value);
        if (out)
            memcpy(out, var->value, length);
        return length;
    }
    size_t length = 0;
    for (const unsigned char *p = (const unsigned char *)var->value; *p;) {
        const struct replacement *r = replacement_at(p);
        const char *piece = r ? r->to : (const char *)p;
        size_t piece_length = r ? strlen(r->to) : 1;
        if (out)
            memcpy(out + length, piece, piece_length);
        length += piece_length;
        p += r ? r->length : 1;
    }
    return length;
}

__attribute__((format(printf, 3, 4))) static int refuse(struct wording_fault *fault, size_t at,
                                                        const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof(fault->text), format, args);
    va_end(args);
    fault->at = at;
    return -1;
}

static int add_segment(struct wording *wording, int name, const char *text, size_t length) {
    if (name < 0 && length == 0)
        return 0;
    struct segment *segments =
        talloc_realloc(wording, wording->segments, struct segment, wording->count + 1);
    if (!segments)
        return -1;
    wording->segments = segments;
    struct segment *segment = &segments[wording->count];
    *segment = (struct segment){.name = name, .text = text, .length = length};
    if (name < 0 && !(segment->text = talloc_strndup(segments, text, length)))
        return -1;
    wording->count++;
    return 0;
}

static bool is_name(const char *name, const char *text, size_t length) {
    return strncmp(name, text, length) == 0 && name[length] == '\0';
}

static int unknown_variable(const struct wording *wording, const struct copy_var *fixed,
                            size_t fixed_count, size_t at, const char *name, size_t length,
                            struct wording_fault *fault) {
    char may[200] = "";
    for (size_t i = 0; i < wording->names_count + fixed_count; i++) {
        size_t used = strlen(may);
        const char *known =
            i < wording->names_count ? wording->names[i] : fixed[i - wording->names_count].name;
        snprintf(may + used, sizeof(may) - used, "%s{%s}", used ? ", " : "", known);
    }
    return refuse(fault, at, "unknown variable {%.*s}; it may use %s", (int)length, name,
                  may[0] ? may : "none");
}

/* The variable whose name stands at `name`. */
static int add_variable(struct wording *wording, const struct copy_var *fixed, size_t fixed_count,
                        size_t at, const char *name, size_t length, struct wording_fault *fault) {
    for (unsigned i = 0; i < wording->names_count; i++)
        if (is_name(wording->names[i], name, length))
            return add_segment(wording, (int)i, NULL, 0) ? refuse(fault, at, "out of memory") : 0;
    for (size_t i = 0; i < fixed_count; i++) {
        if (!is_name(fixed[i].name, name, length))
            continue;
        size_t value_length = put_value(NULL, &fixed[i]);
        char *value = talloc_array(wording, char, value_length + 1);
        if (!value)
            return refuse(fault, at, "out of memory");
        put_value(value, &fixed[i]);
        int error = add_segment(wording, -1, value, value_length);
        talloc_free(value);
        return error ? refuse(fault, at, "out of memory") : 0;
    }
    return unknown_variable(wording, fixed, fixed_count, at, name, length, fault);
}

static int compile(struct wording *wording, const char *text, const struct copy_var *fixed,
                   size_t fixed_count, struct wording_fault *fault) {
    const char *p = text;
    for (;;) {
        size_t length = strcspn(p, "{}"), at = (size_t)(p - text) + length;
        bool twice = p[length] && p[length + 1] == p[length];
        if (add_segment(wording, -1, p, length + twice)) /* a doubled brace leaves its first */
            return refuse(fault, at, "out of memory");
        p += length;
        if (!*p)
            return 0;
        if (twice) {
            p += 2;
            continue;
        }
        if (*p == '}')
            return refuse(fault, at, "a } without its {; a brace itself is written }}");
        size_t name = strcspn(p + 1, "{}\n");
        if (p[1 + name] != '}')
            return refuse(fault, at, "a { without its }; a brace itself is written {{");
        if (add_variable(wording, fixed, fixed_count, at, p + 1, name, fault))
            return -1;
        p += name + 2;
    }
}

int wording_compile(void *ctx, const char *text, const char *const names[],
                    const struct copy_var *fixed, size_t fixed_count, struct wording **wording,
                    struct wording_fault *fault) {
    struct wording *made = talloc_zero(ctx, struct wording);
    if (!made)
        return refuse(fault, 0, "out of memory");
    made->names = names;
    while (names[made->names_count])
        made->names_count++;
    if (made->names_count > WORDING_VARS) {
        talloc_free(made);
        return refuse(fault, 0, "more than %d variables to choose from", WORDING_VARS);
    }
    if (compile(made, text, fixed, fixed_count, fault)) {
        talloc_free(made);
        return -1;
    }
    *wording = made;
    return 0;
}

char *wording_render(void *ctx, const struct wording *wording, const struct copy_var *vars,
                     size_t var_count) {
    static const struct copy_var missing = {"", "", true};
    const struct copy_var *values[WORDING_VARS];
    for (unsigned i = 0; i < wording->names_count; i++) {
        values[i] = &missing;
        for (size_t v = 0; v < var_count; v++)
            if (vars[v].value && strcmp(vars[v].name, wording->names[i]) == 0)
                values[i] = &vars[v];
    }
    size_t length = 0;
    for (unsigned i = 0; i < wording->count; i++) {
        const struct segment *s = &wording->segments[i];
        length += s->name < 0 ? s->length : put_value(NULL, values[s->name]);
    }
    char *text = talloc_array(ctx, char, length + 1), *end = text;
    if (!text)
        return NULL;
    for (unsigned i = 0; i < wording->count; i++) {
        const struct segment *s = &wording->segments[i];
        if (s->name < 0)
            end = (char *)memcpy(end, s->text, s->length) + s->length;
        else
            end += put_value(end, values[s->name]);
    }
    *end = '\0';
    return text;
}
