#include "bot/picture.h"

#include "config/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#define GETA 0x3013 /* 〓 */

#ifdef __SANITIZE_ADDRESS__
/* Fontconfig keeps what it has read until the process ends, and links it by offsets, which
 * LeakSanitizer does not follow. */
const char *__lsan_default_suppressions(void), *__lsan_default_options(void);

const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig.so";
}

const char *__lsan_default_options(void) {
    return "print_suppressions=0";
}
#endif

struct picture {
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoFontMap *fonts;
    PangoLayout *layout; /* used for one text after the other */
    unsigned width, height, unknown;
};

static int picture_close(struct picture *picture) {
    g_clear_object(&picture->layout);
    g_clear_object(&picture->fonts);
    cairo_destroy(picture->cairo); /* both take NULL */
    cairo_surface_destroy(picture->surface);
    return 0;
}

/* A font map of its own: nothing is left behind in the process, and threads do not meet. No
 * hinting, so that a text is as wide as its characters are and looks alike at every place. */
static void open_text(struct picture *picture) {
    picture->fonts = pango_cairo_font_map_new();
    PangoContext *context = pango_font_map_create_context(picture->fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("zh-CN"));
    picture->layout = pango_layout_new(context);
    pango_layout_set_auto_dir(picture->layout, FALSE);
    g_object_unref(context);
}

static void paint(struct picture *picture, uint32_t colour) {
    cairo_set_source_rgba(picture->cairo, (colour >> 24) / 255.0, (colour >> 16 & 0xff) / 255.0,
                          (colour >> 8 & 0xff) / 255.0, (colour & 0xff) / 255.0);
}

int picture_open(void *ctx, unsigned width, unsigned height, uint32_t ground,
                 struct picture **picture) {
    if (width < 1 || height < 1 || width > LIMIT_PICTURE_SIDE || height > LIMIT_PICTURE_SIDE)
        return -1;
    struct picture *made = talloc_zero(ctx, struct picture);
    if (!made)
        return -1;
    talloc_set_destructor(made, picture_close);
    made->width = width;
    made->height = height;
    made->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    made->cairo = cairo_create(made->surface);
    if (cairo_status(made->cairo) != CAIRO_STATUS_SUCCESS) {
        talloc_free(made);
        return -1;
    }
    open_text(made);
    paint(made, ground);
    cairo_paint(made->cairo);
    *picture = made;
    return 0;
}

/* ---- shapes ---- */

static void add_stop(cairo_pattern_t *pattern, double at, uint32_t colour) {
    cairo_pattern_add_color_stop_rgba(pattern, at, (colour >> 24) / 255.0,
                                      (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                                      (colour & 0xff) / 255.0);
}

static void outline(cairo_t *cairo, double x, double y, double width, double height, double r) {
    cairo_new_path(cairo);
    if (r <= 0) {
        cairo_rectangle(cairo, x, y, width, height);
        return;
    }
    cairo_arc(cairo, x + width - r, y + r, r, -M_PI_2, 0);
    cairo_arc(cairo, x + width - r, y + height - r, r, 0, M_PI_2);
    cairo_arc(cairo, x + r, y + height - r, r, M_PI_2, M_PI);
    cairo_arc(cairo, x + r, y + r, r, M_PI, M_PI + M_PI_2);
    cairo_close_path(cairo);
}

void picture_box(struct picture *picture, double x, double y, double width, double height,
                 double radius, uint32_t top, uint32_t bottom) {
    if (width <= 0 || height <= 0)
        return;
    cairo_t *cairo = picture->cairo;
    outline(cairo, x, y, width, height, fmin(radius, fmin(width, height) / 2));
    if (top == bottom) {
        paint(picture, top);
        cairo_fill(cairo);
        return;
    }
    cairo_pattern_t *fade = cairo_pattern_create_linear(0, y, 0, y + height);
    add_stop(fade, 0, top);
    add_stop(fade, 1, bottom);
    cairo_set_source(cairo, fade);
    cairo_fill(cairo);
    cairo_pattern_destroy(fade);
}

void picture_ring(struct picture *picture, double x, double y, double radius, double thick,
                  uint32_t colour) {
    cairo_new_path(picture->cairo);
    cairo_arc(picture->cairo, x, y, radius - thick / 2, 0, 2 * M_PI);
    cairo_set_line_width(picture->cairo, thick);
    paint(picture, colour);
    cairo_stroke(picture->cairo);
}

/* ---- text ---- */

static bool is_space(gunichar c) {
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
           type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

static void set_clean(PangoLayout *layout, const char *text) {
    char *valid = g_utf8_make_valid(text, -1);
    GString *clean = g_string_new(NULL);
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(clean, is_space(c) ? ' ' : c);
    }
    pango_layout_set_text(layout, clean->str, (int)clean->len);
    g_string_free(clean, TRUE);
    g_free(valid);
}

/* The next unknown character of the layout as it stands, or 0. */
static gunichar find_unknown(PangoLayout *layout) {
    gunichar found = 0;
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(at);
        for (int i = 0; run && i < run->glyphs->num_glyphs; i++) {
            PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
            if (glyph & PANGO_GLYPH_UNKNOWN_FLAG && glyph != PANGO_GLYPH_EMPTY)
                found = glyph & ~PANGO_GLYPH_UNKNOWN_FLAG;
        }
    } while (!found && pango_layout_iter_next_run(at));
    pango_layout_iter_free(at);
    return found;
}

/* Puts 〓 in the place of `character`. Returns how often it was there. */
static unsigned replace(struct picture *picture, gunichar character) {
    unsigned count = 0;
    char *text = g_strdup(pango_layout_get_text(picture->layout));
    GString *with = g_string_new(NULL);
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        count += c == character;
        g_string_append_unichar(with, c == character ? GETA : c);
    }
    pango_layout_set_text(picture->layout, with->str, (int)with->len);
    g_string_free(with, TRUE);
    g_free(text);
    picture->unknown += count;
    return count;
}

/* Makes the layout ready with the text as it will be drawn; `most` lines of `width`. */
static void set_text(struct picture *picture, const struct picture_style *style, double width,
                     unsigned most, const char *text) {
    PangoLayout *layout = picture->layout;
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(
        font, style->face == PICTURE_SERIF ? "Noto Serif CJK SC" : "Noto Sans CJK SC");
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes,
                           pango_attr_letter_spacing_new((int)(style->apart * PANGO_SCALE)));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_height(layout, -(int)most);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    set_clean(layout, text);
    gunichar unknown;
    while ((unknown = find_unknown(layout)) && unknown != GETA && replace(picture, unknown))
        ;
}

static double line_width(PangoLayoutLine *line) {
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

static double draw_line(struct picture *picture, const struct picture_style *style, int number,
                        double x, double y, double width) {
    PangoLayoutLine *line = pango_layout_get_line_readonly(picture->layout, number);
    double taken = line_width(line), free_width = width - taken;
    if (style->align == PICTURE_CENTRE)
        x += free_width / 2;
    else if (style->align == PICTURE_RIGHT)
        x += free_width;
    paint(picture, style->colour);
    cairo_move_to(picture->cairo, x, y);
    pango_cairo_show_layout_line(picture->cairo, line);
    return taken;
}

double picture_text(struct picture *picture, const struct picture_style *style, double x, double y,
                    double width, const char *text) {
    set_text(picture, style, width, 1, text);
    return draw_line(picture, style, 0, x, y, width);
}

double picture_measure(struct picture *picture, const struct picture_style *style, double width,
                       const char *text) {
    unsigned unknown = picture->unknown;
    set_text(picture, style, width, 1, text);
    picture->unknown = unknown;
    return line_width(pango_layout_get_line_readonly(picture->layout, 0));
}

unsigned picture_paragraph(struct picture *picture, const struct picture_style *style, double x,
                           double y, double width, double leading, unsigned most,
                           const char *text) {
    set_text(picture, style, width, most, text);
    int lines = pango_layout_get_line_count(picture->layout);
    for (int i = 0; i < lines; i++)
        draw_line(picture, style, i, x, y + i * leading, width);
    return (unsigned)lines;
}

char *picture_initial(void *ctx, const char *text) {
    char *valid = g_utf8_make_valid(text, -1);
    glong characters = g_utf8_strlen(valid, -1);
    PangoLogAttr *attributes = g_new0(PangoLogAttr, characters + 1);
    pango_get_log_attrs(valid, -1, -1, pango_language_from_string("zh-CN"), attributes,
                        (int)characters + 1);
    glong end = characters > 0;
    while (end < characters && !attributes[end].is_cursor_position)
        end++;
    char *initial =
        talloc_strndup(ctx, valid, (size_t)(g_utf8_offset_to_pointer(valid, end) - valid));
    g_free(attributes);
    g_free(valid);
    return initial;
}

/* ---- the file ---- */

struct sink {
    void *ctx;
    uint8_t *bytes;
    size_t length, room;
};

static cairo_status_t take(void *closure, const unsigned char *data, unsigned length) {
    struct sink *sink = closure;
    if (length > LIMIT_PICTURE_PNG - sink->length)
        return CAIRO_STATUS_WRITE_ERROR;
    if (sink->length + length > sink->room) {
        size_t room = 2 * (sink->length + length);
        uint8_t *bytes = talloc_realloc(sink->ctx, sink->bytes, uint8_t, room);
        if (!bytes)
            return CAIRO_STATUS_NO_MEMORY;
        sink->bytes = bytes;
        sink->room = room;
    }
    memcpy(sink->bytes + sink->length, data, length);
    sink->length += length;
    return CAIRO_STATUS_SUCCESS;
}

int picture_png(void *ctx, struct picture *picture, unsigned height, struct picture_png *png) {
    if (height < 1 || height > picture->height ||
        cairo_status(picture->cairo) != CAIRO_STATUS_SUCCESS)
        return -1;
    cairo_surface_flush(picture->surface);
    cairo_surface_t *part = cairo_image_surface_create_for_data(
        cairo_image_surface_get_data(picture->surface), CAIRO_FORMAT_RGB24, (int)picture->width,
        (int)height, cairo_image_surface_get_stride(picture->surface));
    struct sink sink = {.ctx = ctx};
    cairo_status_t status = cairo_surface_write_to_png_stream(part, take, &sink);
    cairo_surface_destroy(part);
    if (status != CAIRO_STATUS_SUCCESS) {
        talloc_free(sink.bytes);
        return -1;
    }
    *png = (struct picture_png){sink.bytes, sink.length, picture->width, height, picture->unknown};
    return 0;
}

static int write_all(int file, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

/* That the file has its new name shall outlive a power failure, too. */
static int sync_directory(const char *path) {
    char *copy = talloc_strdup(NULL, path);
    if (!copy) {
        errno = ENOMEM;
        return -1;
    }
    int directory = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    talloc_free(copy);
    if (directory < 0)
        return -1;
    int error = fsync(directory);
    close(directory);
    return error;
}

int picture_save(const struct picture_png *png, const char *path) {
    char *beside = talloc_asprintf(NULL, "%s.XXXXXX", path);
    if (!beside) {
        errno = ENOMEM;
        return -1;
    }
    int file = mkostemp(beside, O_CLOEXEC), error = file < 0 ? -1 : 0;
    if (file >= 0) {
        error = write_all(file, png->bytes, png->length) || fchmod(file, 0644) || fsync(file);
        error = close(file) || error || rename(beside, path) ? -1 : 0;
        if (error) {
            int why = errno;
            unlink(beside);
            errno = why;
        }
    }
    talloc_free(beside);
    return error ? -1 : sync_directory(path);
}
