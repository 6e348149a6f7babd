#ifndef SANDBOX_PICTURE_H
#define SANDBOX_PICTURE_H

/* Pictures the sandbox draws. The only file here that knows libqrencode. */

#include <stddef.h>

/* A QR code that says `text`, as a PNG below ctx, so many pixels a module; NULL when the text is
 * too long for one. */
const void *picture_of_code(void *ctx, const char *text, unsigned scale, size_t *length);

#endif
