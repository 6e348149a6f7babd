#include "picture.h"

#include "value.h"

#include <qrencode.h>
#include <stdint.h>
#include <string.h>

#define QUIET     4       /* modules around the code */
#define STORED    0xffffu /* most bytes of a stored block */
#define ADLER_MOD 65521u

/* PNG, greyscale of one byte a pixel, not compressed: that needs no further library. */

struct png {
    uint8_t *bytes;
    size_t length;
};

static void put(struct png *png, const void *bytes, size_t length) {
    memcpy(png->bytes + png->length, bytes, length);
    png->length += length;
}

static void put32(struct png *png, uint32_t number) {
    const uint8_t bytes[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                             (uint8_t)(number >> 8), (uint8_t)number};
    put(png, bytes, 4);
}

static uint32_t crc(const uint8_t *bytes, size_t length) {
    uint32_t sum = 0xffffffffu;
    for (size_t i = 0; i < length; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xedb88320u : 0);
    }
    return ~sum;
}

static void chunk(struct png *png, const char *type, const void *bytes, size_t length) {
    put32(png, (uint32_t)length);
    size_t begin = png->length;
    put(png, type, 4);
    put(png, bytes, length);
    put32(png, crc(png->bytes + begin, png->length - begin));
}

/* The rows as a zlib stream of stored blocks. */
static struct png deflate_store(void *ctx, const uint8_t *rows, size_t length) {
    struct png stream = {must(talloc_array(ctx, uint8_t, length + 5 * (length / STORED + 1) + 6)),
                         0};
    uint32_t a = 1, b = 0;
    put(&stream, "\x78\x01", 2);
    for (size_t at = 0; at < length;) {
        size_t step = length - at < STORED ? length - at : STORED;
        const uint8_t head[] = {at + step == length, (uint8_t)step, (uint8_t)(step >> 8),
                                (uint8_t)~step, (uint8_t)(~step >> 8)};
        put(&stream, head, sizeof head);
        put(&stream, rows + at, step);
        at += step;
    }
    for (size_t i = 0; i < length; i++) {
        a = (a + rows[i]) % ADLER_MOD;
        b = (b + a) % ADLER_MOD;
    }
    put32(&stream, b << 16 | a);
    return stream;
}

/* The rows of the code: a filter byte before each, white is 255. */
static uint8_t *rows_make(void *ctx, const QRcode *code, unsigned scale, size_t side) {
    uint8_t *rows = must(talloc_size(ctx, side * (side + 1)));
    memset(rows, 255, side * (side + 1));
    for (size_t y = 0; y < side; y++) {
        rows[y * (side + 1)] = 0;
        for (size_t x = 0; x < side; x++) {
            int column = (int)(x / scale) - QUIET, row = (int)(y / scale) - QUIET;
            bool inside = column >= 0 && row >= 0 && column < code->width && row < code->width;
            if (inside && code->data[row * code->width + column] & 1)
                rows[y * (side + 1) + 1 + x] = 0;
        }
    }
    return rows;
}

const void *picture_of_code(void *ctx, const char *text, unsigned scale, size_t *length) {
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code)
        return NULL;
    size_t side = (size_t)(code->width + 2 * QUIET) * scale;
    uint8_t *rows = rows_make(ctx, code, scale, side);
    QRcode_free(code);
    struct png data = deflate_store(ctx, rows, side * (side + 1));
    struct png png = {must(talloc_array(ctx, uint8_t, data.length + 100)), 0};
    uint8_t head[13] = {
        0, 0, (uint8_t)(side >> 8), (uint8_t)side, 0, 0, (uint8_t)(side >> 8), (uint8_t)side, 8};
    put(&png, "\x89PNG\r\n\x1a\n", 8);
    chunk(&png, "IHDR", head, sizeof head);
    chunk(&png, "IDAT", data.bytes, data.length);
    chunk(&png, "IEND", "", 0);
    *length = png.length;
    return png.bytes;
}
