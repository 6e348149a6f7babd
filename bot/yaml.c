#include "bot/yaml.h"

#include "config/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <yaml.h>

/* libcyaml fills the structures, but what is wrong with a file is found here, on libyaml's
 * document: libcyaml knows only the line of what it read before the mistake, takes "flase" for true
 * and "1O" for 1, and says "Expecting INT, got event: SEQUENCE_START". */
struct check {
    const char *path;
    struct yaml_problem *problem;
    yaml_document_t document;
    char where[200]; /* the place being checked: "accounts[0].aes_key" */
};

__attribute__((format(printf, 5, 0))) static int complain(const char *path,
                                                          struct yaml_problem *problem, size_t line,
                                                          const char *where, const char *format,
                                                          va_list args) {
    char reason[300];
    vsnprintf(reason, sizeof(reason), format, args);
    int used = line ? snprintf(problem->text, sizeof(problem->text), "%s:%zu: ", path, line)
                    : snprintf(problem->text, sizeof(problem->text), "%s: ", path);
    if (used > 0 && (size_t)used < sizeof(problem->text))
        snprintf(problem->text + used, sizeof(problem->text) - (size_t)used, "%s%s%s", where,
                 where[0] ? ": " : "", reason);
    for (char *c = problem->text; *c; c++) /* a key of the file may hold anything */
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    return -1;
}

__attribute__((format(printf, 4, 5))) static int
complain_at(const char *path, struct yaml_problem *problem, size_t line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    complain(path, problem, line, "", format, args);
    va_end(args);
    return -1;
}

/* About the node being checked. */
__attribute__((format(printf, 3, 4))) static int wrong(struct check *check, const yaml_node_t *node,
                                                       const char *format, ...) {
    va_list args;
    va_start(args, format);
    complain(check->path, check->problem, node->start_mark.line + 1, check->where, format, args);
    va_end(args);
    return -1;
}

/* Appends to check->where; returns the length to cut it back to. */
__attribute__((format(printf, 2, 3))) static size_t enter(struct check *check, const char *format,
                                                          ...) {
    size_t length = strlen(check->where);
    va_list args;
    va_start(args, format);
    vsnprintf(check->where + length, sizeof(check->where) - length, format, args);
    va_end(args);
    return length;
}

static const char *text(const yaml_node_t *node) {
    return (const char *)node->data.scalar.value;
}

static const char *node_kind(const yaml_node_t *node) {
    return node->type == YAML_SCALAR_NODE     ? "a single value"
           : node->type == YAML_SEQUENCE_NODE ? "a list"
                                              : "a mapping";
}

static int check_value(struct check *check, const cyaml_schema_value_t *schema,
                       const yaml_node_t *node);

static int check_whole_number(struct check *check, const cyaml_schema_value_t *schema,
                              const yaml_node_t *node) {
    const char *value = text(node), *digits = value;
    bool is_signed = schema->type == CYAML_INT;
    if (is_signed && *digits == '-')
        digits++;
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || digits[length] || (digits[0] == '0' && length > 1))
        return wrong(check, node, "expected a whole number");
    unsigned bits = schema->data_size * 8 - is_signed;
    uint64_t most = bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    errno = 0;
    uint64_t number = strtoull(digits, NULL, 10);
    if (errno || number > most)
        return wrong(check, node, "a number too large");
    return 0;
}

static int check_float(struct check *check, const cyaml_schema_value_t *schema,
                       const yaml_node_t *node) {
    (void)schema;
    const char *value = text(node);
    char *end;
    strtod(value, &end);
    if (end == value || *end || value[strspn(value, "+-.0123456789eE")])
        return wrong(check, node, "expected a number");
    return 0;
}

static int check_bool(struct check *check, const cyaml_schema_value_t *schema,
                      const yaml_node_t *node) {
    (void)schema;
    if (strcmp(text(node), "true") != 0 && strcmp(text(node), "false") != 0)
        return wrong(check, node, "expected true or false");
    return 0;
}

static int check_enum(struct check *check, const cyaml_schema_value_t *schema,
                      const yaml_node_t *node) {
    char expected[160] = "";
    for (uint32_t i = 0; i < schema->enumeration.count; i++) {
        const char *name = schema->enumeration.strings[i].str;
        if (strcmp(text(node), name) == 0)
            return 0;
        size_t length = strlen(expected);
        snprintf(expected + length, sizeof(expected) - length, "%s%s", length ? ", " : "", name);
    }
    return wrong(check, node, "expected one of: %s", expected);
}

static int check_string(struct check *check, const cyaml_schema_value_t *schema,
                        const yaml_node_t *node) {
    size_t length = node->data.scalar.length;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = node->data.scalar.value[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            return wrong(check, node, "a control character (0x%02x)", c);
    }
    if (length < schema->string.min)
        return length == 0 ? wrong(check, node, "is empty")
                           : wrong(check, node, "%zu bytes, expected at least %" PRIu32, length,
                                   schema->string.min);
    if (length > schema->string.max)
        return wrong(check, node, "%zu bytes, expected at most %" PRIu32, length,
                     schema->string.max);
    return 0;
}

static int check_field(struct check *check, const cyaml_schema_value_t *schema,
                       const yaml_node_t *mapping, const yaml_node_pair_t *pair) {
    const yaml_node_t *key = yaml_document_get_node(&check->document, pair->key);
    if (key->type != YAML_SCALAR_NODE)
        return wrong(check, key, "expected a key, got %s", node_kind(key));

    const cyaml_schema_field_t *field = schema->mapping.fields;
    while (field->key && strcmp(field->key, text(key)) != 0)
        field++;

    size_t outside = enter(check, "%s%.100s", check->where[0] ? "." : "", text(key));
    if (!field->key)
        return wrong(check, key, "unknown key");
    for (const yaml_node_pair_t *before = mapping->data.mapping.pairs.start; before < pair;
         before++)
        if (strcmp(text(yaml_document_get_node(&check->document, before->key)), text(key)) == 0)
            return wrong(check, key, "given twice");
    if (check_value(check, &field->value, yaml_document_get_node(&check->document, pair->value)))
        return -1;
    check->where[outside] = '\0';
    return 0;
}

static int check_mapping(struct check *check, const cyaml_schema_value_t *schema,
                         const yaml_node_t *node) {
    const yaml_node_pair_t *start = node->data.mapping.pairs.start;
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = start; pair < end; pair++)
        if (check_field(check, schema, node, pair))
            return -1;

    for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key; field++) {
        const yaml_node_pair_t *pair = start;
        while (pair < end &&
               strcmp(text(yaml_document_get_node(&check->document, pair->key)), field->key) != 0)
            pair++;
        if (pair == end && !(field->value.flags & CYAML_FLAG_OPTIONAL))
            return wrong(check, node, "key \"%s\" is missing", field->key);
    }
    return 0;
}

static int check_sequence(struct check *check, const cyaml_schema_value_t *schema,
                          const yaml_node_t *node) {
    const yaml_node_item_t *start = node->data.sequence.items.start;
    size_t count = (size_t)(node->data.sequence.items.top - start);
    if (count < schema->sequence.min)
        return wrong(check, node, "%zu entries, expected at least %" PRIu32, count,
                     schema->sequence.min);
    if (count > schema->sequence.max)
        return wrong(check, node, "%zu entries, expected at most %" PRIu32, count,
                     schema->sequence.max);
    for (size_t i = 0; i < count; i++) {
        size_t outside = enter(check, "[%zu]", i);
        if (check_value(check, schema->sequence.entry,
                        yaml_document_get_node(&check->document, start[i])))
            return -1;
        check->where[outside] = '\0';
    }
    return 0;
}

static const struct kind {
    yaml_node_type_t node;
    const char *expected;
    int (*check)(struct check *check, const cyaml_schema_value_t *schema, const yaml_node_t *node);
} kinds[CYAML__TYPE_COUNT] = {
    [CYAML_INT] = {YAML_SCALAR_NODE, "a whole number", check_whole_number},
    [CYAML_UINT] = {YAML_SCALAR_NODE, "a whole number", check_whole_number},
    [CYAML_BOOL] = {YAML_SCALAR_NODE, "true or false", check_bool},
    [CYAML_ENUM] = {YAML_SCALAR_NODE, "a single value", check_enum},
    [CYAML_FLOAT] = {YAML_SCALAR_NODE, "a number", check_float},
    [CYAML_STRING] = {YAML_SCALAR_NODE, "a text", check_string},
    [CYAML_MAPPING] = {YAML_MAPPING_NODE, "a mapping", check_mapping},
    [CYAML_SEQUENCE] = {YAML_SEQUENCE_NODE, "a list", check_sequence},
    [CYAML_SEQUENCE_FIXED] = {YAML_SEQUENCE_NODE, "a list", check_sequence},
};

static int check_value(struct check *check, const cyaml_schema_value_t *schema,
                       const yaml_node_t *node) {
    const struct kind *kind = &kinds[schema->type];
    if (!kind->check)
        return 0; /* a kind only libcyaml knows */
    bool may_be_null = (schema->flags & CYAML_FLAG_POINTER_NULL) == CYAML_FLAG_POINTER_NULL;
    if (node->type == YAML_SCALAR_NODE && may_be_null && node->data.scalar.length == 0)
        return 0;
    if (node->type != kind->node)
        return wrong(check, node, "expected %s, got %s", kind->expected, node_kind(node));
    return kind->check(check, schema, node);
}

/* The bytes of a file, NUL-terminated; NULL with errno, EFBIG for one over LIMIT_YAML. */
static char *read_file(void *ctx, const char *path, size_t *length) {
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    char *bytes = talloc_size(ctx, LIMIT_YAML + 2);
    if (bytes) {
        *length = fread(bytes, 1, LIMIT_YAML + 1, file);
        bytes[*length] = '\0';
    }
    int error = !bytes ? ENOMEM : ferror(file) ? errno : *length > LIMIT_YAML ? EFBIG : 0;
    fclose(file);
    if (error)
        TALLOC_FREE(bytes);
    errno = error;
    return bytes;
}

static int refuse_syntax(const char *path, struct yaml_problem *problem,
                         const yaml_parser_t *parser) {
    size_t line = parser->problem_mark.line + 1;
    if (parser->error == YAML_READER_ERROR) { /* it knows the byte, not the line */
        line = 1;
        const unsigned char *byte = parser->input.string.start;
        const unsigned char *end = parser->input.string.end;
        for (size_t left = parser->problem_offset; left > 0 && byte < end; left--)
            line += *byte++ == '\n';
    }
    return complain_at(path, problem, line, "%s%s%s",
                       parser->problem ? parser->problem : "out of memory",
                       parser->context ? ", " : "", parser->context ? parser->context : "");
}

/* What has to be refused before a document is made of it: a few aliases can stand for gigabytes,
 * and libyaml takes minutes over a file of nothing but "[". No file of ours needs either. */
static int scan(const char *path, struct yaml_problem *problem, yaml_parser_t *parser) {
    yaml_token_type_t type = YAML_NO_TOKEN;
    for (int depth = 0; type != YAML_STREAM_END_TOKEN;) {
        yaml_token_t token;
        if (!yaml_parser_scan(parser, &token))
            return refuse_syntax(path, problem, parser);
        type = token.type;
        size_t line = token.start_mark.line + 1;
        yaml_token_delete(&token);

        if (type == YAML_ALIAS_TOKEN)
            return complain_at(path, problem, line, "an alias (*…): write the value out");
        if (type == YAML_BLOCK_SEQUENCE_START_TOKEN || type == YAML_BLOCK_MAPPING_START_TOKEN ||
            type == YAML_FLOW_SEQUENCE_START_TOKEN || type == YAML_FLOW_MAPPING_START_TOKEN)
            depth++;
        if (type == YAML_BLOCK_END_TOKEN || type == YAML_FLOW_SEQUENCE_END_TOKEN ||
            type == YAML_FLOW_MAPPING_END_TOKEN)
            depth--;
        if (depth > LIMIT_YAML_DEPTH)
            return complain_at(path, problem, line, "nested deeper than %d", LIMIT_YAML_DEPTH);
    }
    return 0;
}

/* Reads the one document of a file; on success the caller deletes it. */
static int read_document(const char *path, struct yaml_problem *problem, yaml_parser_t *parser,
                         yaml_document_t *document) {
    if (!yaml_parser_load(parser, document))
        return refuse_syntax(path, problem, parser);
    yaml_document_t second;
    int result = 0;
    if (!yaml_document_get_root_node(document)) {
        result = complain_at(path, problem, 1, "the file is empty");
    } else if (!yaml_parser_load(parser, &second)) {
        result = refuse_syntax(path, problem, parser);
    } else {
        const yaml_node_t *root = yaml_document_get_root_node(&second);
        if (root)
            result = complain_at(path, problem, root->start_mark.line + 1,
                                 "a second document: one a file");
        yaml_document_delete(&second);
    }
    if (result)
        yaml_document_delete(document);
    return result;
}

static int parse(const char *path, struct yaml_problem *problem, const char *bytes, size_t length,
                 yaml_document_t *document) {
    int result = 0;
    for (int pass = 0; pass < 2 && result == 0; pass++) {
        yaml_parser_t parser;
        if (!yaml_parser_initialize(&parser))
            return complain_at(path, problem, 0, "out of memory");
        yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
        result = pass == 0 ? scan(path, problem, &parser)
                           : read_document(path, problem, &parser, document);
        yaml_parser_delete(&parser);
    }
    return result;
}

static void *allocate(void *owner, void *old, size_t size) {
    if (size == 0) {
        talloc_free(old);
        return NULL;
    }
    return talloc_realloc_size(owner, old, size);
}

/* The first thing libcyaml complains about, should it find what the check above did not. */
__attribute__((format(printf, 3, 0))) static void note(cyaml_log_t level, void *first,
                                                       const char *format, va_list args) {
    char(*line)[200] = first;
    if (level == CYAML_LOG_ERROR && !(*line)[0])
        vsnprintf(*line, sizeof(*line), format, args);
    (*line)[strcspn(*line, "\n")] = '\0';
}

static int fill(void *ctx, const char *path, const cyaml_schema_value_t *schema, const char *bytes,
                size_t length, void **data, struct yaml_problem *problem) {
    void *owner = talloc_new(ctx);
    if (!owner)
        return complain_at(path, problem, 0, "out of memory");
    char first[200] = "";
    const cyaml_config_t config = {
        .log_fn = note,
        .log_ctx = &first,
        .log_level = CYAML_LOG_ERROR,
        .mem_fn = allocate,
        .mem_ctx = owner,
        .flags = CYAML_CFG_NO_ALIAS,
    };
    void *loaded = NULL;
    cyaml_err_t error =
        cyaml_load_data((const uint8_t *)bytes, length, &config, schema, &loaded, NULL);
    if (error != CYAML_OK) {
        talloc_free(owner);
        return complain_at(path, problem, 0, "%s%s%s", cyaml_strerror(error), first[0] ? ": " : "",
                           first);
    }
    talloc_steal(ctx, loaded);
    talloc_steal(loaded, owner);
    *data = loaded;
    return 0;
}

int yaml_load(void *ctx, const char *path, const cyaml_schema_value_t *schema, void **data,
              struct yaml_problem *problem) {
    size_t length;
    char *bytes = read_file(ctx, path, &length);
    if (!bytes && errno == EFBIG)
        return complain_at(path, problem, 0, "larger than %d bytes", LIMIT_YAML);
    if (!bytes)
        return complain_at(path, problem, 0, "%s", strerror(errno));

    struct check check = {.path = path, .problem = problem};
    int result = parse(path, problem, bytes, length, &check.document);
    if (result == 0) {
        result = check_value(&check, schema, yaml_document_get_root_node(&check.document));
        yaml_document_delete(&check.document);
    }
    if (result == 0)
        result = fill(ctx, path, schema, bytes, length, data, problem);
    talloc_free(bytes);
    return result;
}

/* One step of a place, "accounts", "[0]" or ".aes_key"; *mark moves to where it stands. NULL when
 * it is not there. */
static const yaml_node_t *step(yaml_document_t *document, const yaml_node_t *node,
                               const char **where, yaml_mark_t *mark) {
    if (**where == '[') {
        char *end;
        size_t index = strtoul(*where + 1, &end, 10);
        *where = *end == ']' ? end + 1 : end + strlen(end);
        if (node->type != YAML_SEQUENCE_NODE ||
            index >= (size_t)(node->data.sequence.items.top - node->data.sequence.items.start))
            return NULL;
        node = yaml_document_get_node(document, node->data.sequence.items.start[index]);
        *mark = node->start_mark;
        return node;
    }
    *where += **where == '.';
    size_t length = strcspn(*where, ".[");
    const char *name = *where;
    *where += length;
    if (node->type != YAML_MAPPING_NODE)
        return NULL;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        if (key->type == YAML_SCALAR_NODE && key->data.scalar.length == length &&
            memcmp(text(key), name, length) == 0) {
            *mark = key->start_mark;
            return yaml_document_get_node(document, pair->value);
        }
    }
    return NULL;
}

static size_t find_line(const char *path, const char *where) {
    struct yaml_problem ignored;
    yaml_document_t document;
    size_t length, line = 0;
    char *bytes = read_file(NULL, path, &length);
    if (bytes && where[0] && parse(path, &ignored, bytes, length, &document) == 0) {
        const yaml_node_t *node = yaml_document_get_root_node(&document);
        yaml_mark_t mark = node->start_mark;
        while (node && *where)
            node = step(&document, node, &where, &mark);
        line = mark.line + 1;
        yaml_document_delete(&document);
    }
    talloc_free(bytes);
    return line;
}

int yaml_refuse(const char *path, struct yaml_problem *problem, const char *where,
                const char *format, ...) {
    va_list args;
    va_start(args, format);
    complain(path, problem, find_line(path, where), where, format, args);
    va_end(args);
    return -1;
}
