#include "bot/copy.h"

#include "config/limits.h"

#include <string.h>
#include <talloc.h>

struct copy {
    struct wordings {
        struct wording **wordings;
        unsigned count;
    } entries[COPY_COUNT];
};

/* The file as libcyaml fills it. */
struct copy_file {
    struct texts {
        const char **texts;
        unsigned count;
    } entries[COPY_COUNT];
};

static const struct {
    const char *name;
    const char *const *vars;
} entries[COPY_COUNT] = {
#define X(name, ...) {#name, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL}},
    COPY_ENTRIES(X)
#undef X
};

static const cyaml_schema_value_t text_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t file_fields[] = {
#define X(name, ...)                                                                               \
    CYAML_FIELD_SEQUENCE_COUNT(#name, CYAML_FLAG_POINTER, struct copy_file,                        \
                               entries[COPY_##name].texts, entries[COPY_##name].count,             \
                               &text_schema, 1, 32),
    COPY_ENTRIES(X)
#undef X
        CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct copy_file, file_fields),
};

static unsigned occurrences(const char *text, const char *of) {
    unsigned count = 0;
    for (; (text = strstr(text, of)); text += strlen(of))
        count++;
    return count;
}

static int load_wording(struct copy *copy, const char *path, enum copy_entry entry, unsigned index,
                        const char *text, const struct copy_var *account,
                        struct yaml_problem *problem) {
    char where[64];
    snprintf(where, sizeof(where), "%s[%u]", entries[entry].name, index);
    if (strlen(text) > LIMIT_COPY_TEXT)
        return yaml_refuse(path, problem, where, "%zu bytes, WeChat shows %d at most", strlen(text),
                           LIMIT_COPY_TEXT);
    if (occurrences(text, "<a ") != occurrences(text, "</a>"))
        return yaml_refuse(path, problem, where, "every <a …> needs its </a>");
    struct wording_fault fault;
    struct wordings *to = &copy->entries[entry];
    if (wording_compile(to->wordings, text, entries[entry].vars, account, 1, &to->wordings[index],
                        &fault))
        return yaml_refuse(path, problem, where, "%s", fault.text);
    return 0;
}

static int load_entries(struct copy *copy, const char *path, const struct copy_file *file,
                        const char *account_title, struct yaml_problem *problem) {
    const struct copy_var account = {"account", account_title, false};
    for (int entry = 0; entry < COPY_COUNT; entry++) {
        const struct texts *from = &file->entries[entry];
        struct wordings *to = &copy->entries[entry];
        to->wordings = talloc_zero_array(copy, struct wording *, from->count);
        if (!to->wordings)
            return yaml_refuse(path, problem, entries[entry].name, "out of memory");
        to->count = from->count;
        for (unsigned i = 0; i < from->count; i++)
            if (load_wording(copy, path, (enum copy_entry)entry, i, from->texts[i], &account,
                             problem))
                return -1;
    }
    return 0;
}

int copy_load(void *ctx, const char *directory, const char *account_title, struct copy **copy,
              struct yaml_problem *problem) {
    void *scratch = talloc_new(ctx);
    struct copy *made = talloc_zero(ctx, struct copy);
    char *path = talloc_asprintf(scratch, "%s/copy.yaml", directory);
    void *file;
    int error = -1;
    if (!scratch || !made || !path)
        yaml_refuse("copy.yaml", problem, "", "out of memory");
    else if (yaml_load(scratch, path, &file_schema, &file, problem) == 0)
        error = load_entries(made, path, file, account_title, problem);
    talloc_free(scratch);
    if (error)
        talloc_free(made);
    else
        *copy = made;
    return error;
}

char *copy_render(void *ctx, const struct copy *copy, enum copy_entry entry, uint32_t seed,
                  const struct copy_var *vars, size_t var_count) {
    const struct wordings *from = &copy->entries[entry];
    return wording_render(ctx, from->wordings[seed % from->count], vars, var_count);
}
