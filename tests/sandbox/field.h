#ifndef SANDBOX_FIELD_H
#define SANDBOX_FIELD_H

/* The fields of template messages and subscription notices: thing1, time2, … Rules: api.md §3. */

#include "value.h"

/* Whether WeChat has fields of this name. */
bool field_exists(const char *name);

/* What WeChat shows before a field when nobody has chosen anything else. */
const char *field_label(const char *name);

/* The name of the n-th field for a keyword like 开始时间: time2, thing3, … Belongs to ctx. */
const char *field_of_keyword(void *ctx, const char *keyword, unsigned n);

/* Reads the `data` of a call into `fields`, as items of a chat have them. `label` says what stands
 * before a field. Returns NULL or the name of the field that is wrong. */
const char *field_read(const json_t *data, json_t *fields,
                       const char *(*label)(const void *owner, const char *name),
                       const void *owner);

/* Of a template's content, lines like 时间：{{time2.DATA}}: the text before the field. NULL when
 * the content has no such field. Belongs to ctx. */
const char *field_in_content(void *ctx, const char *content, const char *name);

/* The first field of the content that `data` lacks, or NULL. Belongs to ctx. */
const char *field_missing(void *ctx, const char *content, const json_t *data);

#endif
