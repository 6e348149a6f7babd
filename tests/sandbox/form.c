#include "form.h"

#include "value.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The value of a parameter of a header, quoted or not; "" when it is absent. `name*` is not
 * `name`. */
static const char *parameter(void *ctx, const char *header, const char *name) {
    size_t length = strlen(name);
    for (const char *at = strchr(header, ';'); at; at = strchr(at, ';')) {
        at += 1 + strspn(at + 1, " \t");
        if (strncasecmp(at, name, length) != 0 || at[length] != '=')
            continue;
        at += length + 1;
        bool quoted = *at == '"';
        at += quoted;
        return must(talloc_strndup(ctx, at, strcspn(at, quoted ? "\"" : "; \t")));
    }
    return "";
}

/* Reads the header lines of a part, which end at `end`. */
static void head_read(void *ctx, const char *at, const char *end, struct form_part *part) {
    part->name = part->filename = part->type = "";
    while (at < end) {
        const char *next = memmem(at, (size_t)(end - at), "\r\n", 2);
        char *line = must(talloc_strndup(ctx, at, (size_t)((next ? next : end) - at)));
        if (!strncasecmp(line, "Content-Disposition:", 20)) {
            part->name = parameter(ctx, line, "name");
            part->filename = parameter(ctx, line, "filename");
        } else if (!strncasecmp(line, "Content-Type:", 13)) {
            part->type = line + 13 + strspn(line + 13, " ");
        }
        at = next ? next + 2 : end;
    }
}

/* Reads the part at *at, which stands behind a delimiter, and moves behind the next. False when
 * there is none. */
static bool part_read(void *ctx, const char **at, const char *end, const char *delimiter,
                      struct form *form) {
    size_t length = strlen(delimiter);
    if (end - *at < 2 || memcmp(*at, "\r\n", 2) || form->count == FORM_PARTS_MOST)
        return false;
    const char *head = *at + 2;
    const char *gap = memmem(head, (size_t)(end - head), "\r\n\r\n", 4);
    const char *stop = gap ? memmem(gap + 2, (size_t)(end - gap - 2), delimiter, length) : NULL;
    if (!stop)
        return false;
    struct form_part *part = &form->parts[form->count++];
    head_read(ctx, head, gap, part);
    part->bytes = gap + 4 <= stop ? gap + 4 : stop;
    part->length = gap + 4 <= stop ? (size_t)(stop - gap - 4) : 0;
    *at = stop + length;
    return true;
}

const struct form *form_read(void *ctx, const char *content_type, const void *body, size_t length) {
    const char *at = body, *end = at + length;
    if (!content_type || strncasecmp(content_type, "multipart/form-data", 19) != 0)
        return NULL;
    const char *boundary = parameter(ctx, content_type, "boundary");
    char *delimiter = must(talloc_asprintf(ctx, "\r\n--%s", boundary));
    size_t first = strlen(delimiter) - 2;
    if (!*boundary || length < first)
        return NULL;
    at = memmem(at, length, delimiter + 2, first);
    if (!at)
        return NULL;
    at += first;
    struct form *form = must(talloc_zero(ctx, struct form));
    while (part_read(ctx, &at, end, delimiter, form))
        ;
    return form;
}

const struct form_part *form_find(const struct form *form, const char *name) {
    for (unsigned i = 0; form && i < form->count; i++)
        if (!strcmp(form->parts[i].name, name))
            return &form->parts[i];
    return NULL;
}
