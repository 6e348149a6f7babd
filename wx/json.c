#include "wx/json.h"

#include "config/limits.h"
#include "wx/error.h"
#include "wx/utf8.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define NAME_MAX_LENGTH 64 /* of a member, as of an element in wx/xml.c */

/* ---- the gate: caps that jansson does not have, before it builds anything ---- */

static int check_caps(const char *json, size_t length) {
    int depth = 0, nodes = 1;
    bool in_string = false;
    for (const char *at = json; at < json + length; at++) {
        if (in_string) {
            if (*at == '\\')
                at++;
            else if (*at == '"')
                in_string = false;
            continue;
        }
        in_string = *at == '"';
        nodes += *at == ',' || *at == '{' || *at == '[';
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        if (depth > LIMIT_XML_DEPTH || nodes > LIMIT_XML_NODES)
            return WX_E_TOO_LARGE;
    }
    return 0;
}

static int load(const char *json, size_t length, json_t **root) {
    if (length > LIMIT_XML)
        return WX_E_TOO_LARGE;
    size_t start = 0;
    while (start < length && strchr(" \t\r\n", json[start]) && json[start])
        start++;
    if (start == length)
        return WX_E_EMPTY;
    int error = check_caps(json, length);
    if (error)
        return error;
    json_t *loaded = json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(loaded)) {
        json_decref(loaded);
        return WX_E_JSON;
    }
    *root = loaded;
    return 0;
}

/* ---- reading ---- */

struct reading {
    void *ctx; /* of the values */
    wx_xml_element *element;
    void *data;
    char path[(NAME_MAX_LENGTH + 1) * LIMIT_XML_DEPTH];
};

/* Without what XML forbids, so that whatever is read can be written in either format. */
static char *allowed(void *ctx, const char *text, size_t *length) {
    char *kept = talloc_size(ctx, *length + 1);
    if (!kept)
        return NULL;
    size_t end = 0;
    for (size_t at = 0; at < *length;) {
        size_t size = wx_utf8_char(text + at, *length - at);
        memcpy(kept + end, text + at, size);
        end += size;
        at += size ? size : 1;
    }
    kept[end] = '\0';
    *length = end;
    return kept;
}

static int report(struct reading *reading, const json_t *scalar) {
    char digits[40] = "";
    const char *text = digits;
    if (json_is_string(scalar))
        text = json_string_value(scalar);
    else if (json_is_integer(scalar))
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(scalar));
    else if (json_is_real(scalar))
        snprintf(digits, sizeof digits, "%.15g", json_real_value(scalar));
    else if (json_is_boolean(scalar))
        text = json_is_true(scalar) ? "true" : "false";
    size_t length = strlen(text);
    char *value = allowed(reading->ctx, text, &length);
    if (!value)
        return WX_E_NOMEM;
    return reading->element(reading->data, reading->path, value, length);
}

static int walk(struct reading *reading, size_t at, json_t *value);

/* Goes into the member of this name, with the path that long already. */
static int enter(struct reading *reading, size_t at, const char *name, json_t *value) {
    name += strspn(name, " ");
    size_t length = strlen(name);
    while (length && name[length - 1] == ' ')
        length--;
    if (length == 0 || length > NAME_MAX_LENGTH || memchr(name, '/', length))
        return 0;
    size_t end = at;
    if (end > 0)
        reading->path[end++] = '/';
    memcpy(reading->path + end, name, length);
    end += length;
    reading->path[end] = '\0';
    int error = walk(reading, end, value);
    reading->path[at] = '\0';
    return error;
}

static int walk(struct reading *reading, size_t at, json_t *value) {
    int error = 0;
    if (json_is_array(value)) {
        for (size_t i = 0; !error && i < json_array_size(value); i++)
            error = walk(reading, at, json_array_get(value, i));
        return error;
    }
    if (!json_is_object(value))
        return report(reading, value);
    const char *name;
    json_t *member;
    if (at > 0)
        error = reading->element(reading->data, reading->path, NULL, 0);
    json_object_foreach(value, name, member) {
        if (!error)
            error = enter(reading, at, name, member);
    }
    return error;
}

int wx_json_read(void *ctx, const char *json, size_t length, wx_xml_element *element, void *data) {
    json_t *root = NULL;
    int error = load(json, length, &root);
    if (error)
        return error;
    struct reading reading = {.ctx = talloc_new(ctx), .element = element, .data = data};
    error = reading.ctx ? walk(&reading, 0, root) : WX_E_NOMEM;
    json_decref(root);
    if (error)
        talloc_free(reading.ctx);
    return error;
}

int wx_json_pick(void *ctx, const char *json, size_t length, struct wx_xml_wanted wanted[],
                 size_t count) {
    json_t *root = NULL;
    int error = load(json, length, &root);
    for (size_t i = 0; i < count; i++) {
        const json_t *member = error ? NULL : json_object_get(root, wanted[i].name);
        wanted[i].value = NULL;
        if (!member)
            continue;
        if (json_is_string(member)) {
            wanted[i].length = json_string_length(member);
            wanted[i].value = talloc_strndup(ctx, json_string_value(member), wanted[i].length);
            error = wanted[i].value ? 0 : WX_E_NOMEM;
        } else {
            error = WX_E_JSON;
        }
    }
    json_decref(root);
    return error;
}
