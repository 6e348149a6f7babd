#include "bot/encoding.h"

#include "config/limits.h"

#include <stdint.h>
#include <string.h>
#include <talloc.h>
#include <unicode/ucnv.h>

static const char mark[] = "\xef\xbb\xbf";

/* Converts between two encodings by name; what cannot be converted is an error, never replaced.
 * Returns 0, -1 for bytes that are wrong, -2 for lack of memory. */
static int convert(void *ctx, const char *from_name, const char *to_name, const char *bytes,
                   size_t length, char **result, size_t *result_length) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter *from = ucnv_open(from_name, &status), *to = ucnv_open(to_name, &status);
    ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    ucnv_setFromUCallBack(to, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    size_t room = 2 * length + 1; /* two bytes of GB18030 are three of UTF-8; four are four */
    char *made = U_SUCCESS(status) ? talloc_size(ctx, room) : NULL;
    UChar pivot[1024], *pivot_from = pivot, *pivot_to = pivot;
    char *at = made;
    const char *source = bytes;
    if (made)
        ucnv_convertEx(to, from, &at, made + room - 1, &source, bytes + length, pivot, &pivot_from,
                       &pivot_to, pivot + sizeof(pivot) / sizeof(*pivot), true, true, &status);
    ucnv_close(from);
    ucnv_close(to);
    if (!made || U_FAILURE(status)) {
        talloc_free(made);
        return made ? -1 : -2;
    }
    *at = '\0';
    *result = made;
    *result_length = (size_t)(at - made);
    return 0;
}

static const char *what_it_is_not(enum encoding said, bool marked) {
    if (said == ENCODING_GB18030)
        return marked ? "it begins with UTF-8's byte order mark and is not GB18030"
                      : "it is not valid GB18030";
    if (marked)
        return "it begins like UTF-8 and is not valid UTF-8";
    return said == ENCODING_UTF8 ? "it is not valid UTF-8"
                                 : "it is neither valid UTF-8 nor valid GB18030";
}

int encoding_decode(void *ctx, const char *bytes, size_t length, enum encoding said, char **text,
                    enum encoding *encoding, bool *marked, const char **problem) {
    char *made = NULL;
    size_t made_length;
    bool has_mark = length >= 3 && memcmp(bytes, mark, 3) == 0;
    enum encoding found = ENCODING_UTF8;
    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        *problem = "this is UTF-16; save it as CSV UTF-8";
        return -1;
    }
    if (memchr(bytes, '\0', length)) {
        *problem = "it holds a NUL byte: is this a CSV file?";
        return -1;
    }
    if (has_mark) {
        bytes += 3;
        length -= 3;
    }
    int result = -1;
    if (said != ENCODING_GB18030)
        result = convert(ctx, "UTF-8", "UTF-8", bytes, length, &made, &made_length);
    if (result == -1 && said != ENCODING_UTF8 && !has_mark) {
        found = ENCODING_GB18030;
        result = convert(ctx, "GB18030", "UTF-8", bytes, length, &made, &made_length);
    }
    if (result) {
        *problem = result == -2 ? "out of memory" : what_it_is_not(said, has_mark);
        return -1;
    }
    *text = made;
    *encoding = found;
    *marked = has_mark;
    return 0;
}

int encoding_encode(void *ctx, const char *text, enum encoding encoding, char **bytes,
                    size_t *length) {
    const char *name = encoding == ENCODING_UTF8 ? "UTF-8" : "GB18030";
    return convert(ctx, "UTF-8", name, text, strlen(text), bytes, length) ? -1 : 0;
}
