#ifndef SANDBOX_VALUE_H
#define SANDBOX_VALUE_H

/* JSON values (jansson) beside talloc. The sandbox has no way to go on without memory: every
 * allocation passes through must(), which ends the program with one sentence. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* `pointer`, or the end of the program when it is NULL. */
void *must(void *pointer);

/* Takes over one reference, given back when ctx is freed. Returns `value`. */
json_t *value_keep(void *ctx, json_t *value);

/* The value as compact JSON in raw UTF-8, below ctx. */
char *value_dump(void *ctx, const json_t *value);

/* A string of any bytes: what is not UTF-8, and NUL, becomes U+FFFD. */
json_t *value_bytes(const void *bytes, size_t length);

/* The string `key` of an object, "" when there is none or it is no string. Never NULL. */
const char *value_string(const json_t *object, const char *key);

/* The integer `key` of an object, or `otherwise`. */
json_int_t value_integer(const json_t *object, const char *key, json_int_t otherwise);

/* Characters of a UTF-8 string (jansson lets no other in). */
size_t value_characters(const char *text);

/* The character at *text, which is moved behind it; 0 at the end. */
unsigned value_character(const char **text);

#endif
