#include "wx/utf8.h"

#include <string.h>

bool wx_utf8_allowed_number(uint32_t number) {
    if (number < 0x20)
        return number == '\t' || number == '\n' || number == '\r';
    return number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff) && number != 0xfffe &&
           number != 0xffff;
}

size_t wx_utf8_char(const char *text, size_t left) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;
    if (left == 0)
        return 0;
    if (s[0] < 0x80)
        return wx_utf8_allowed_number(s[0]) ? 1 : 0;
    size_t size = s[0] >= 0xf0 && s[0] < 0xf8 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc0 || s[0] >= 0xf8 || size > left)
        return 0;
    uint32_t number = s[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        number = number << 6 | (s[i] & 0x3f);
    }
    return number >= smallest[size] && wx_utf8_allowed_number(number) ? size : 0;
}

/* Whether eight bytes are all from 0x20 to 0x7f. */
static bool eight_plain(const char *text) {
    uint64_t eight;
    memcpy(&eight, text, sizeof eight);
    return ((eight | (eight - UINT64_C(0x2020202020202020))) & UINT64_C(0x8080808080808080)) == 0;
}

bool wx_utf8_allowed(const char *text, size_t length) {
    for (size_t at = 0; at < length;) {
        if (length - at >= 8 && eight_plain(text + at)) {
            at += 8;
            continue;
        }
        unsigned char c = (unsigned char)text[at];
        size_t size = c >= 0x20 && c < 0x80 ? 1 : wx_utf8_char(text + at, length - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}
