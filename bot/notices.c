#include "bot/notices.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

struct field {
    const char *name, *label, *value;
    const struct kind *kind; /* from here on: derived */
    struct wording *wording;
};

struct notice_text {
    const char *title, *url; /* url NULL when left out */
    struct field *fields;
    unsigned fields_count;
    struct wording *url_wording;
};

struct notices {
    struct notice_text notices[NOTICE_COUNT];
};

static const struct {
    const char *name;
    const char *const *vars;
} known[NOTICE_COUNT] = {
#define X(name, flag, ...) {#name, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL}},
    NOTICES(X)
#undef X
};

enum unit {
    CHARACTERS,
    HALVES, /* "10 hanzi or 20 letters": a letter is a half */
};

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* WeChat's kinds of fields. A value it does not like fails the send (47003). Lengths of times and
 * amounts are not published as numbers: theirs are those of the longest form the documentation
 * shows ("2019年10月1日 15:01~2019年10月1日 16:01", "¥1234567890.00元"). */
static const struct kind {
    const char *prefix;
    unsigned max;
    enum unit unit;
    bool ellipsis; /* a value that was cut ends with "…": where it is not a number or code */
    const char *alphabet; /* all it may hold; NULL: anything */
} kinds[] = {
    {"thing", 20, CHARACTERS, true, NULL},
    {"phrase", 5, CHARACTERS, false, NULL},
    {"name", 20, HALVES, false, NULL},
    {"time", 40, CHARACTERS, false, NULL},
    {"date", 40, CHARACTERS, false, NULL},
    {"number", 32, CHARACTERS, false, DIGITS ".-"},
    {"letter", 32, CHARACTERS, false, LETTERS},
    {"character_string", 32, CHARACTERS, false,
     DIGITS LETTERS " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"},
    {"symbol", 5, CHARACTERS, false, NULL},
    {"amount", 15, CHARACTERS, false, NULL},
    {"phone_number", 17, CHARACTERS, false, DIGITS "+-"},
    {"car_number", 8, CHARACTERS, false, NULL},
    {"const", 20, CHARACTERS, false, NULL},
};

static const cyaml_schema_field_t field_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_DEFAULT, struct field, name, 1, 32),
    CYAML_FIELD_STRING_PTR("label", CYAML_FLAG_DEFAULT, struct field, label, 1, 64),
    CYAML_FIELD_STRING_PTR("value", CYAML_FLAG_DEFAULT, struct field, value, 1, 512),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t field_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct field, field_fields),
};

static const cyaml_schema_field_t notice_fields[] = {
    CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_DEFAULT, struct notice_text, title, 1, 64),
    CYAML_FIELD_STRING_PTR("url", CYAML_FLAG_OPTIONAL, struct notice_text, url, 0, 1024),
    CYAML_FIELD_SEQUENCE("fields", CYAML_FLAG_POINTER, struct notice_text, fields, &field_schema, 1,
                         10),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t file_fields[] = {
#define X(name, flag, ...)                                                                         \
    CYAML_FIELD_MAPPING(#name, CYAML_FLAG_##flag, struct notices, notices[NOTICE_##name],          \
                        notice_fields),
    NOTICES(X)
#undef X
        CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct notices, file_fields),
};

/* The kind a field's name says: its prefix and a number. */
static const struct kind *find_kind(const char *name) {
    size_t length = strcspn(name, DIGITS);
    size_t digits = strspn(name + length, DIGITS);
    if (digits < 1 || digits > 2 || name[length + digits])
        return NULL;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strlen(kinds[i].prefix) == length && strncmp(kinds[i].prefix, name, length) == 0)
            return &kinds[i];
    return NULL;
}

/* Bytes of `text` that fit into `max` units; all of it when it fits whole. */
static size_t fitting(const char *text, enum unit unit, unsigned max) {
    unsigned used = 0;
    for (const char *p = text; *p;) {
        used += unit == HALVES && (*p & 0x80) ? 2 : 1;
        if (used > max)
            return (size_t)(p - text);
        do
            p++;
        while ((*p & 0xc0) == 0x80);
    }
    return strlen(text);
}

/* Cuts a value to what its kind may hold. */
static char *cut(void *ctx, char *value, const struct kind *kind) {
    size_t fits = fitting(value, kind->unit, kind->max);
    if (!value[fits])
        return value;
    if (!kind->ellipsis)
        return talloc_strndup(ctx, value, fits);
    fits = fitting(value, kind->unit, kind->max - 1);
    return talloc_asprintf(ctx, "%.*s…", (int)fits, value);
}

struct load {
    const char *path;
    enum notice notice;
    struct notice_text *text;
    struct yaml_problem *problem;
};

static int check_fixed(struct load *load, const struct field *field, const char *where) {
    const struct kind *kind = field->kind;
    char *fixed = wording_render(load->text->fields, field->wording, NULL, 0);
    int error = 0;
    if (!fixed)
        error = yaml_refuse(load->path, load->problem, where, "out of memory");
    else if (fixed[fitting(fixed, kind->unit, kind->max)])
        error = yaml_refuse(load->path, load->problem, where,
                            "longer than WeChat takes in %s: %u %s at most", field->name, kind->max,
                            kind->unit == HALVES ? "letters (a hanzi counts two)" : "characters");
    else if (strpbrk(fixed, "\n\t"))
        error = yaml_refuse(load->path, load->problem, where, "more than one line");
    else if (kind->alphabet && fixed[strspn(fixed, kind->alphabet)])
        error = yaml_refuse(
            load->path, load->problem, where, "WeChat takes only %s in %s, besides variables",
            strcmp(kind->prefix, "character_string") == 0 ? "ASCII letters, digits and signs"
                                                          : kind->alphabet,
            field->name);
    talloc_free(fixed);
    return error;
}

static int compile(struct load *load, const char *text, const char *where,
                   struct wording **wording) {
    struct wording_fault fault;
    if (wording_compile(load->text->fields, text, known[load->notice].vars, NULL, 0, wording,
                        &fault))
        return yaml_refuse(load->path, load->problem, where, "%s", fault.text);
    return 0;
}

static int load_field(struct load *load, unsigned index) {
    struct field *field = &load->text->fields[index];
    char name[80], value[80];
    snprintf(name, sizeof(name), "%s.fields[%u].name", known[load->notice].name, index);
    snprintf(value, sizeof(value), "%s.fields[%u].value", known[load->notice].name, index);
    for (unsigned i = 0; i < index; i++)
        if (strcmp(load->text->fields[i].name, field->name) == 0)
            return yaml_refuse(load->path, load->problem, name, "a second field \"%s\"",
                               field->name);
    field->kind = find_kind(field->name);
    if (!field->kind)
        return yaml_refuse(load->path, load->problem, name,
                           "\"%s\" is no field of WeChat's: thing1, phrase2, name3, time4, date5, "
                           "number6, letter7, character_string8, symbol9, amount10, "
                           "phone_number11, car_number12, const13",
                           field->name);
    if (compile(load, field->value, value, &field->wording))
        return -1;
    return check_fixed(load, field, value);
}

static int load_notice(struct load *load) {
    char where[64];
    for (unsigned i = 0; i < load->text->fields_count; i++)
        if (load_field(load, i))
            return -1;
    snprintf(where, sizeof(where), "%s.url", known[load->notice].name);
    return compile(load, load->text->url ? load->text->url : "", where, &load->text->url_wording);
}

int notices_load(void *ctx, const char *directory, struct notices **notices,
                 struct yaml_problem *problem) {
    void *own = talloc_new(ctx), *loaded;
    char *path = talloc_asprintf(own, "%s/notices.yaml", directory);
    if (!path)
        yaml_refuse("notices.yaml", problem, "", "out of memory");
    if (!path || yaml_load(own, path, &file_schema, &loaded, problem))
        goto refused;
    struct notices *made = loaded;
    for (int notice = 0; notice < NOTICE_COUNT; notice++) {
        if (!notices_has(made, (enum notice)notice))
            continue;
        struct load load = {path, (enum notice)notice, &made->notices[notice], problem};
        if (load_notice(&load))
            goto refused;
    }
    *notices = made;
    return 0;
refused:
    talloc_free(own);
    return -1;
}

int notices_find(const char *name) {
    for (int notice = 0; notice < NOTICE_COUNT; notice++)
        if (strcmp(known[notice].name, name) == 0)
            return notice;
    return -1;
}

bool notices_has(const struct notices *notices, enum notice notice) {
    return notices->notices[notice].fields_count > 0;
}

const char *notices_name(enum notice notice) {
    return known[notice].name;
}

const char *notices_title(const struct notices *notices, enum notice notice) {
    return notices->notices[notice].title;
}

const char *notices_label(const struct notices *notices, enum notice notice, const char *field) {
    const struct notice_text *text = &notices->notices[notice];
    for (unsigned i = 0; i < text->fields_count; i++)
        if (strcmp(text->fields[i].name, field) == 0)
            return text->fields[i].label;
    return "";
}

int notices_render(void *ctx, const struct notices *notices, enum notice notice,
                   const struct copy_var *vars, size_t var_count,
                   struct wx_template_message *message) {
    const struct notice_text *text = &notices->notices[notice];
    struct wx_template_field *fields =
        talloc_zero_array(ctx, struct wx_template_field, text->fields_count);
    char *url = fields ? wording_render(fields, text->url_wording, vars, var_count) : NULL;
    if (!url)
        return talloc_free(fields), -1;
    for (unsigned i = 0; i < text->fields_count; i++) {
        const struct field *field = &text->fields[i];
        char *value = wording_render(fields, field->wording, vars, var_count);
        fields[i].name = field->name;
        fields[i].value = value ? cut(fields, value, field->kind) : NULL;
        if (!fields[i].value)
            return talloc_free(fields), -1;
    }
    message->fields = fields;
    message->field_count = text->fields_count;
    message->url = url[0] ? url : NULL;
    return 0;
}
