#ifndef DAY21_YAML_H
#define DAY21_YAML_H

/* YAML files checked against a schema (libcyaml), with the line in every complaint. */

#include <cyaml/cyaml.h>

/* One complaint about a file, as an operator reads it:
 * "config/day21.yaml:12: accounts[0].aes_key: 41 characters, expected 43". */
struct yaml_problem {
    char text[512];
};

/* Loads `path` by `schema` (a mapping, CYAML_FLAG_POINTER) into *data, which belongs to ctx; all
 * that it points to belongs to it, so that freeing it frees everything. An unknown key, a missing
 * or repeated key, a wrong type, an alias, a second document, a file over LIMIT_YAML or nested
 * deeper than LIMIT_YAML_DEPTH are errors. Stricter than libcyaml: a number is decimal digits and
 * nothing else, a bool is `true` or `false`, a string holds no control characters but line breaks
 * and tabs. Returns 0 or -1 with *problem. */
int yaml_load(void *ctx, const char *path, const cyaml_schema_value_t *schema, void **data,
              struct yaml_problem *problem);

/* Fills *problem for something only the reader can judge. `where` names the place as in the file:
 * "accounts[0].aes_key"; its line is looked up, or that of the nearest parent that is there. ""
 * stands for the whole file. Returns -1, to be returned. */
int yaml_refuse(const char *path, struct yaml_problem *problem, const char *where,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
