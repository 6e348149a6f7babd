#ifndef DAY21_GZIP_H
#define DAY21_GZIP_H

/* Compressed files of lines (zlib), written and read in pieces, with the SHA-256 of the file's own
 * bytes. One thread each. */

#include "wx/crypto.h"

#include <stddef.h>

/* What the functions return but 0: -errno, or this when it is no whole gzip file of lines. */
#define GZIP_BROKEN (-1000)

const char *gzip_error(int error);

struct gzip_out;

/* Creates the file, which must not be there, for its owner alone. What is not finished is closed
 * when it is freed, and stays as it is. */
int gzip_create(void *ctx, const char *path, struct gzip_out **out);
int gzip_write(struct gzip_out *out, const void *data, size_t length);

/* Ends it; afterwards it is on the disk. */
int gzip_finish(struct gzip_out *out, char sha256[WX_SHA256_SIZE]);

struct gzip_in;

int gzip_open(void *ctx, const char *path, struct gzip_in **in);

/* The next line without its line break, to be changed at will until the next call. Returns 1, 0 at
 * the end of the file, or an error. */
int gzip_line(struct gzip_in *in, char **line);

/* Once at the end: of the whole file. */
void gzip_digest(struct gzip_in *in, char sha256[WX_SHA256_SIZE]);

#endif
