#ifndef DAY21_ENCODING_H
#define DAY21_ENCODING_H

/* How a text file of somebody else's is encoded (ICU). What Excel and HR systems write is UTF-8,
 * with a byte order mark or without, or GB18030, of which GBK and GB2312 are parts. */

#include <stdbool.h>
#include <stddef.h>

enum encoding { ENCODING_UTF8, ENCODING_GB18030, ENCODING_ANY };

/* Turns a file into UTF-8. With `said` ENCODING_ANY it is UTF-8 if it has UTF-8's mark or is valid
 * as UTF-8, else GB18030: a GB18030 text of more than a few hanzi is never valid UTF-8, one of so
 * few may be. Else it is what is said, or refused. The mark is taken off. *text belongs to ctx and
 * ends with a NUL. Returns 0 or -1 with *problem: it is neither, or not what is said; it is UTF-16,
 * it holds a NUL, out of memory. */
int encoding_decode(void *ctx, const char *bytes, size_t length, enum encoding said, char **text,
                    enum encoding *encoding, bool *marked, const char **problem);

/* UTF-8 into that encoding. Returns 0 or -1: not valid UTF-8, out of memory. */
int encoding_encode(void *ctx, const char *text, enum encoding encoding, char **bytes,
                    size_t *length);

#endif
