#ifndef SANDBOX_FORM_H
#define SANDBOX_FORM_H

/* multipart/form-data (RFC 7578), as WeChat's uploads come. */

#include <stddef.h>

#define FORM_PARTS_MOST 16

struct form {
    struct form_part {
        const char *name, *filename, *type; /* "" when absent */
        const void *bytes;                  /* inside the body that was given */
        size_t length;
    } parts[FORM_PARTS_MOST];
    unsigned count;
};

/* Reads a body with this Content-Type. The form belongs to ctx; NULL when it is none. */
const struct form *form_read(void *ctx, const char *content_type, const void *body, size_t length);

/* The first part of this name, or NULL. */
const struct form_part *form_find(const struct form *form, const char *name);

#endif
