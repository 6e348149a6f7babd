#ifndef DAY21_PICTURE_H
#define DAY21_PICTURE_H

/* A picture to be shared in chat: boxes, rings and text on a canvas, as PNG (Cairo, Pango). All
 * lengths are pixels, colours 0xRRGGBBAA.
 *
 * Text is plain: what looks like markup stands as it is. Line breaks and control characters become
 * spaces, bytes that are not UTF-8 U+FFFD, and a character no installed font has becomes 〓, the
 * printer's sign for a missing one, and is counted. The same calls give the same bytes on a machine
 * with the same fonts.
 *
 * Drawing cannot fail; what went wrong is told by picture_png(). Pictures share nothing, so two
 * threads may draw two. Pango ends the program when it is out of memory, as GLib does. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct picture;

/* A canvas filled with `ground`, with LIMIT_PICTURE_SIDE to a side at most. It belongs to ctx.
 * Returns 0 or -1 (too big, or out of memory). */
int picture_open(void *ctx, unsigned width, unsigned height, uint32_t ground,
                 struct picture **picture);

/* A box with round corners, from one colour at its top to another at its bottom. The radius is at
 * most half of the shorter side. One without width or height is nothing. */
void picture_box(struct picture *picture, double x, double y, double width, double height,
                 double radius, uint32_t top, uint32_t bottom);

/* A circle's line, `thick` inwards; a disc when `thick` is the radius. */
void picture_ring(struct picture *picture, double x, double y, double radius, double thick,
                  uint32_t colour);

struct picture_style {
    enum { PICTURE_SANS, PICTURE_SERIF } face;
    enum { PICTURE_LEFT, PICTURE_CENTRE, PICTURE_RIGHT } align;
    bool bold;
    double size;
    double apart; /* added between characters */
    uint32_t colour;
};

/* One line of text with its baseline at `y`, in [x, x + width] as the style aligns it; what does
 * not fit ends with "…". Returns the width it takes, at most `width`. */
double picture_text(struct picture *picture, const struct picture_style *style, double x, double y,
                    double width, const char *text);

/* The same without drawing. */
double picture_measure(struct picture *picture, const struct picture_style *style, double width,
                       const char *text);

/* Text over several lines of `width`, `leading` from baseline to baseline, the first at `y`; the
 * last of `most` lines ends with "…" if there is more. Returns the lines drawn. */
unsigned picture_paragraph(struct picture *picture, const struct picture_style *style, double x,
                           double y, double width, double leading, unsigned most, const char *text);

/* What a reader sees as the first character of a text, for a monogram; belongs to ctx. NULL only
 * when out of memory. */
char *picture_initial(void *ctx, const char *text);

struct picture_png {
    uint8_t *bytes;
    size_t length;
    unsigned width, height;
    unsigned unknown; /* characters that no installed font has */
};

/* The upper `height` of the canvas, as PNG; its bytes belong to ctx. Returns 0 or -1: out of
 * memory, over LIMIT_PICTURE_PNG, or something drawn before has failed. */
int picture_png(void *ctx, struct picture *picture, unsigned height, struct picture_png *png);

/* Writes the PNG to `path`, which is there whole or as it was before. Returns 0 or -1 with errno.
 */
int picture_save(const struct picture_png *png, const char *path);

#endif
