#ifndef DAY21_NDJSON_H
#define DAY21_NDJSON_H

/* Records as lines of JSON, in one form: the members in the order of a table, texts and whole
 * numbers only, UTF-8 as it is. So reading a line is comparing it with the form, and a million of
 * them take no seconds. */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ndjson_field {
    const char *name;
    size_t member; /* of a const char * or an int64_t */
    bool is_text;
};

#define NDJSON_TEXT(name, type, member)                                                            \
    { name, offsetof(type, member), true }
#define NDJSON_NUMBER(name, type, member)                                                          \
    { name, offsetof(type, member), false }

/* Writes a record and a line break. What of a text is not UTF-8 becomes U+FFFD. */
void ndjson_write(FILE *out, const struct ndjson_field *fields, size_t count, const void *record);

/* Reads a line (without its line break), which is changed: the texts are made in it. Returns 0, or
 * -1: it is not of this form. */
int ndjson_read(char *line, const struct ndjson_field *fields, size_t count, void *record);

#endif
