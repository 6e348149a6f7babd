#include "wx/utf8.h"

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

bool wx_utf8_allowed(const char *text, size_t length) {
    for (size_t at = 0; at < length;) {
        unsigned char c = (unsigned char)text[at];
        size_t size = c >= 0x20 && c < 0x80 ? 1 : wx_utf8_char(text + at, length - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}
