#ifndef DAY21_WX_UTF8_H
#define DAY21_WX_UTF8_H

/* Which bytes may stand in the XML that WeChat sends and gets. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that begins at `text` (`left` bytes long): 1 to 4, or 0 when there is none
 * that XML 1.0 allows: a broken or overlong sequence, a surrogate, a control character. */
size_t wx_utf8_char(const char *text, size_t left);

/* Whether all of `text` is such characters. */
bool wx_utf8_allowed(const char *text, size_t length);

/* Whether XML 1.0 allows the character with this number. */
bool wx_utf8_allowed_number(uint32_t number);

#endif
