#include "bot/menu.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* WeChat «自定义菜单» */
#define BUTTONS    3
#define BELOW      5
#define NAME       16
#define NAME_BELOW 60
#define KEY        128
#define URL        1024

struct button {
    const char *name, *key, *url;
    struct button *buttons;
    unsigned buttons_count;
};

struct file {
    struct button *menu;
    unsigned menu_count;
};

struct menu {
    char *json;
};

#define FIELDS(name_bytes)                                                                         \
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct button, name, 1, name_bytes),        \
        CYAML_FIELD_STRING_PTR("key", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct button,     \
                               key, 1, KEY),                                                       \
        CYAML_FIELD_STRING_PTR("url", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct button,     \
                               url, 1, URL)

static const cyaml_schema_field_t below_fields[] = {
    FIELDS(NAME_BELOW),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t below_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct button, below_fields),
};

static const cyaml_schema_field_t button_fields[] = {
    FIELDS(NAME),
    CYAML_FIELD_SEQUENCE("buttons", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct button,
                         buttons, &below_value, 1, BELOW),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t button_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct button, button_fields),
};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("menu", CYAML_FLAG_POINTER, struct file, menu, &button_value, 1, BUTTONS),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields),
};

struct loading {
    void *scratch;
    const char *path;
    struct yaml_problem *problem;
    const char *const *commands;
    const char *public_url, *account;
};

/* "menu[0]" and ".key" make "menu[0].key". */
static const char *inside(const struct loading *loading, const char *where, const char *part) {
    const char *place = talloc_asprintf(loading->scratch, "%s%s", where, part);
    return place ? place : where;
}

/* The value of the {variable} at `brace`, whose length goes to *length; NULL if it is none. */
static const char *variable(const struct loading *loading, const char *brace, size_t *length) {
    const struct {
        const char *name, *value;
    } variables[] = {{"{public_url}", loading->public_url}, {"{account}", loading->account}};
    for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
        *length = strlen(variables[i].name);
        if (strncmp(brace, variables[i].name, *length) == 0)
            return variables[i].value;
    }
    return NULL;
}

/* A URL with its variables replaced, or NULL with *problem. */
static const char *fill_url(const struct loading *loading, const char *where, const char *url) {
    char *filled = talloc_strdup(loading->scratch, "");
    const char *wrong = NULL;
    while (filled && *url) {
        size_t length = strcspn(url, "{}"), taken = 0;
        const char *value = url[length] ? variable(loading, url + length, &taken) : "";
        if (!value) {
            wrong = "only {public_url} and {account} are known here";
            break;
        }
        filled = talloc_asprintf_append(filled, "%.*s%s", (int)length, url, value);
        url += length + taken;
    }
    if (!filled)
        return NULL;
    if (!wrong && strncmp(filled, "http://", 7) != 0 && strncmp(filled, "https://", 8) != 0)
        wrong = "expected a URL with http:// or https://";
    if (!wrong && strpbrk(filled, " \t\n\"<>\\"))
        wrong = "a character that no URL has";
    if (!wrong && strlen(filled) > URL)
        wrong = "longer than 1024 bytes";
    if (wrong)
        yaml_refuse(loading->path, loading->problem, where, "%s", wrong);
    return wrong ? NULL : filled;
}

static json_t *make_buttons(const struct loading *loading, const char *where,
                            const struct button *buttons, unsigned count);

/* The button as WeChat takes it, or NULL with *problem. */
static json_t *make_button(const struct loading *loading, const char *where,
                           const struct button *button) {
    if (strpbrk(button->name, "\n\t")) {
        yaml_refuse(loading->path, loading->problem, where, "expected a name of one line");
        return NULL;
    }
    if (!!button->key + !!button->url + !!button->buttons != 1) {
        yaml_refuse(loading->path, loading->problem, where, "expected one of key, url, buttons");
        return NULL;
    }
    if (button->buttons) {
        json_t *below = make_buttons(loading, inside(loading, where, ".buttons"), button->buttons,
                                     button->buttons_count);
        return below ? json_pack("{s:s, s:o}", "name", button->name, "sub_button", below) : NULL;
    }
    if (button->url) {
        const char *url = fill_url(loading, inside(loading, where, ".url"), button->url);
        return url ? json_pack("{s:s, s:s, s:s}", "type", "view", "name", button->name, "url", url)
                   : NULL;
    }
    for (const char *const *command = loading->commands; *command; command++)
        if (strcmp(*command, button->key) == 0)
            return json_pack("{s:s, s:s, s:s}", "type", "click", "name", button->name, "key",
                             button->key);
    yaml_refuse(loading->path, loading->problem, inside(loading, where, ".key"),
                "there is no command \"%s\"", button->key);
    return NULL;
}

static json_t *make_buttons(const struct loading *loading, const char *where,
                            const struct button *buttons, unsigned count) {
    json_t *list = json_array();
    for (unsigned i = 0; i < count; i++) {
        char index[16];
        snprintf(index, sizeof(index), "[%u]", i);
        json_t *button = make_button(loading, inside(loading, where, index), &buttons[i]);
        if (!button || json_array_append_new(list, button)) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

int menu_load(void *ctx, const char *directory, const char *const commands[],
              const char *public_url, const char *account, struct menu **menu,
              struct yaml_problem *problem) {
    void *scratch = talloc_new(ctx), *loaded;
    char *path = talloc_asprintf(scratch, "%s/menu.yaml", directory), *text = NULL;
    struct menu *made = NULL;
    json_t *json = NULL;
    struct yaml_problem found = {""}; /* empty after a failure: out of memory */
    if (!path || yaml_load(scratch, path, &file_value, &loaded, &found))
        goto out;

    const struct file *file = loaded;
    const struct loading loading = {.scratch = scratch,
                                    .path = path,
                                    .problem = &found,
                                    .commands = commands,
                                    .public_url = public_url,
                                    .account = account};
    json_t *buttons = make_buttons(&loading, "menu", file->menu, file->menu_count);
    json = buttons ? json_pack("{s:o}", "button", buttons) : NULL;
    text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    made = text ? talloc_zero(ctx, struct menu) : NULL;
    if (made && !(made->json = talloc_strdup(made, text)))
        TALLOC_FREE(made);
out:
    free(text);
    json_decref(json);
    talloc_free(scratch);
    if (made) {
        *menu = made;
        return 0;
    }
    if (!found.text[0])
        yaml_refuse(directory, &found, "", "out of memory");
    *problem = found;
    return -1;
}

const char *menu_json(const struct menu *menu) {
    return menu->json;
}
