#ifndef DAY21_YAML_H
#define DAY21_YAML_H

/* YAML files checked against a schema (libcyaml), with the line in every complaint. */

#include <cyaml/cyaml.h>

/* One complaint about a file, as an operator reads it:
 * "config/day21.yaml:12: accounts[0].aes_key: 41 characters, expected 43". */
struct yaml_problem {
    char text[512];
};

/* Loads `path` by `schema` into *data, which belongs to ctx (the schema's every allocation is
 * talloc'd below it). An unknown key, a missing key, a wrong type, a file over LIMIT_YAML are
 * errors. Returns 0 or -1 with *problem. */
int yaml_load(void *ctx, const char *path, const cyaml_schema_value_t *schema, void **data,
              struct yaml_problem *problem);

/* Fills *problem for something only the reader can judge. `where` names the place as in the file:
 * "accounts[0].aes_key"; its line is looked up. Returns -1, to be returned. */
int yaml_refuse(const char *path, struct yaml_problem *problem, const char *where,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
