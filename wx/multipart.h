#ifndef DAY21_WX_MULTIPART_H
#define DAY21_WX_MULTIPART_H

/* A file as multipart/form-data, as WeChat takes uploads: the field `media` with a file name and a
 * content type. A name that is not ASCII would have to be encoded, and is answered 41005 however it
 * is, so the name that is sent is made of ASCII. */

#include <stddef.h>

struct wx_file {
    const char *name; /* "lesson.mp3", or a path: what it ends with says the content type */
    const void *bytes;
    size_t length;
};

/* `description`, unless NULL, is a field of its own (permanent videos). The body and the content
 * type, which names its boundary, belong to ctx. Returns 0, WX_E_NOMEM, WX_E_FIELD (the file is
 * empty), WX_E_TOO_LARGE (over LIMIT_MEDIA). */
int wx_multipart_write(void *ctx, const struct wx_file *file, const char *description, char **body,
                       size_t *length, char **content_type);

/* What the end of a file's name says it is: "image/jpeg"; "application/octet-stream" if nothing. */
const char *wx_multipart_type(const char *name);

#endif
