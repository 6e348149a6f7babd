#include "bot/picture.h"

#include "tests/bot/pack.h"

#include "config/limits.h"

#include <cairo.h>
#include <dirent.h>
#include <errno.h>

#define WHITE 0xffffffff
#define BLACK 0x000000ff

static const struct picture_style plain = {PICTURE_SANS, PICTURE_LEFT, false, 40, 0, BLACK};

static int setup(void **state) {
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static struct picture *canvas(void *ctx) {
    struct picture *picture = NULL;
    assert_int_equal(picture_open(ctx, 600, 200, WHITE, &picture), 0);
    return picture;
}

static struct picture_png png_of(void *ctx, struct picture *picture) {
    struct picture_png png;
    assert_int_equal(picture_png(ctx, picture, 200, &png), 0);
    return png;
}

struct source {
    const struct picture_png *png;
    size_t at;
};

static cairo_status_t give(void *closure, unsigned char *data, unsigned length) {
    struct source *source = closure;
    if (length > source->png->length - source->at)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, source->png->bytes + source->at, length);
    source->at += length;
    return CAIRO_STATUS_SUCCESS;
}

/* Pixels of a picture of 600 x 200, as others read the file: 0xRRGGBB. */
static uint32_t (*pixels_of(void *ctx, const struct picture_png *png))[600] {
    struct source source = {png, 0};
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(give, &source);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(surface), 600);
    assert_int_equal(cairo_image_surface_get_height(surface), 200);
    uint32_t(*pixels)[600] = talloc_size(ctx, sizeof(uint32_t[200][600]));
    for (int y = 0; y < 200; y++)
        memcpy(pixels[y],
               cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface),
               sizeof pixels[y]);
    cairo_surface_destroy(surface);
    for (int y = 0; y < 200; y++)
        for (int x = 0; x < 600; x++)
            pixels[y][x] &= 0xffffff;
    return pixels;
}

/* The columns that hold something. */
static void span(uint32_t (*pixels)[600], int *left, int *right) {
    *left = 600;
    *right = -1;
    for (int y = 0; y < 200; y++)
        for (int x = 0; x < 600; x++)
            if (pixels[y][x] != 0xffffff) {
                *left = x < *left ? x : *left;
                *right = x > *right ? x : *right;
            }
}

static void same_calls_give_the_same_bytes(void **state) {
    struct picture_png png[2];
    for (int i = 0; i < 2; i++) {
        struct picture *picture = canvas(*state);
        picture_box(picture, 10.5, 20, 300, 50, 12, 0xc8902fff, 0xc8902f2e);
        picture_ring(picture, 100, 100, 60, 8, BLACK);
        picture_text(picture, &plain, 0, 100, 600, "每日一课 🌱 Day 21 Œuvre");
        png[i] = png_of(*state, picture);
    }
    assert_int_equal(png[0].length, png[1].length);
    assert_memory_equal(png[0].bytes, png[1].bytes, png[0].length);
}

static void box_covers_its_pixels_and_no_others(void **state) {
    struct picture *picture = canvas(*state);
    picture_box(picture, 100, 50, 321, 10, 0, BLACK, BLACK);
    picture_box(picture, 0, 0, 0, 10, 5, BLACK, BLACK);
    picture_box(picture, 0, 0, 10, -1, 5, BLACK, BLACK);
    struct picture_png png = png_of(*state, picture);
    uint32_t(*pixels)[600] = pixels_of(*state, &png);
    for (int y = 0; y < 200; y++)
        for (int x = 0; x < 600; x++) {
            bool inside = x >= 100 && x < 421 && y >= 50 && y < 60;
            assert_int_equal(pixels[y][x], inside ? 0 : 0xffffff);
        }
}

static void text_stands_where_it_is_aligned(void **state) {
    static const struct {
        int align, least_left, most_left;
    } cases[] = {{PICTURE_LEFT, 100, 110}, {PICTURE_CENTRE, 255, 265}, {PICTURE_RIGHT, 415, 425}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct picture *picture = canvas(*state);
        struct picture_style style = plain;
        style.align = cases[i].align;
        double taken = picture_text(picture, &style, 100, 100, 400, "两字");
        assert_true(taken > 79 && taken < 81); /* a hanzi is as wide as the font is high */
        struct picture_png png = png_of(*state, picture);
        int left, right;
        span(pixels_of(*state, &png), &left, &right);
        assert_in_range(left, cases[i].least_left, cases[i].most_left);
        assert_in_range(right - left, 70, 80);
    }
}

static void text_too_wide_ends_with_an_ellipsis_within_its_width(void **state) {
    struct picture *picture = canvas(*state);
    double whole = picture_measure(picture, &plain, 600, "一二三四五六");
    assert_true(whole > 239 && whole < 241);
    double cut = picture_text(picture, &plain, 100, 100, 200, "一二三四五六七八九十");
    assert_true(cut > 160 && cut <= 200);
    double same = picture_measure(picture, &plain, 600, "一二三四…");
    assert_true(cut > same - 1 && cut < same + 1);
    struct picture_png png = png_of(*state, picture);
    int left, right;
    span(pixels_of(*state, &png), &left, &right);
    assert_in_range(left, 100, 110);
    assert_in_range(right, 260, 299);
}

static void text_is_never_markup(void **state) {
    struct picture *picture = canvas(*state);
    double bare = picture_measure(picture, &plain, 600, "x");
    assert_true(picture_measure(picture, &plain, 600, "<b>x</b>") > 4 * bare);
    assert_true(picture_measure(picture, &plain, 600, "&amp;x") > 4 * bare);
}

static void characters_of_many_kinds_are_known(void **state) {
    static const char *const texts[] = {
        "每日一课，一共 21 天。",
        "𠮷野家 䶮喆 㐂",
        "阿依古丽·买买提江",
        "Zoë Łukasz Ђорђе Ελένη",
        "🥇🥈🥉 👩‍👩‍👧‍👦 🐼 👍🏽 ❤️",
        "→ · — … 「」『』（）％①②③",
        "カタカナ 한국어",
    };
    struct picture *picture = canvas(*state);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        picture_text(picture, &plain, 0, 100, 600, texts[i]);
    assert_int_equal(png_of(*state, picture).unknown, 0);
}

static void unknown_character_becomes_a_geta_and_is_counted(void **state) {
    struct picture *picture = canvas(*state), *expected = canvas(*state);
    picture_text(picture, &plain, 0, 100, 600, "王\U000F8FFD\U000F8FFE明");
    picture_text(expected, &plain, 0, 100, 600, "王〓〓明");
    struct picture_png png = png_of(*state, picture), same = png_of(*state, expected);
    assert_int_equal(png.unknown, 2);
    assert_int_equal(same.unknown, 0);
    assert_int_equal(png.length, same.length);
    assert_memory_equal(png.bytes, same.bytes, png.length);
}

static void line_breaks_and_controls_are_spaces(void **state) {
    static const char *const texts[] = {"王\n明", "王\x01明", "王\u2028明", "王\xc2\x85明"};
    struct picture *expected = canvas(*state);
    picture_text(expected, &plain, 0, 100, 600, "王 明");
    struct picture_png same = png_of(*state, expected);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct picture *picture = canvas(*state);
        picture_text(picture, &plain, 0, 100, 600, texts[i]);
        struct picture_png png = png_of(*state, picture);
        assert_int_equal(png.length, same.length);
        assert_memory_equal(png.bytes, same.bytes, png.length);
    }
}

static void bytes_that_are_no_text_are_drawn(void **state) {
    struct picture *picture = canvas(*state);
    assert_true(picture_text(picture, &plain, 0, 100, 600, "王\xff\xc3\x28\xe4\xb8") > 80);
    assert_int_equal(png_of(*state, picture).unknown, 0);
}

static void paragraph_breaks_into_its_lines(void **state) {
    struct picture *picture = canvas(*state);
    assert_int_equal(picture_paragraph(picture, &plain, 0, 50, 200, 50, 3, "一二三"), 1);
    assert_int_equal(picture_paragraph(picture, &plain, 0, 50, 200, 50, 3, "一二三四五六七八"), 2);
    assert_int_equal(
        picture_paragraph(picture, &plain, 0, 50, 200, 50, 2, "一二三四五六七八九十一二三"), 2);
}

static void initial_is_what_is_seen_first(void **state) {
    static const char *const cases[][2] = {
        {"王小明", "王"},   {"Anna", "A"},
        {"", ""},           {"👩‍👩‍👧‍👦家", "👩‍👩‍👧‍👦"},
        {"𠮷野家", "𠮷"},   {"e\u0301t", "e\u0301"},
        {"\xff", "\uFFFD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(picture_initial(*state, cases[i][0]), cases[i][1]);
}

static void canvas_has_a_limit(void **state) {
    struct picture *picture = NULL;
    assert_int_equal(picture_open(*state, LIMIT_PICTURE_SIDE + 1, 10, WHITE, &picture), -1);
    assert_int_equal(picture_open(*state, 10, LIMIT_PICTURE_SIDE + 1, WHITE, &picture), -1);
    assert_int_equal(picture_open(*state, 0, 10, WHITE, &picture), -1);
    assert_null(picture);
}

static void only_what_is_on_the_canvas_becomes_a_file(void **state) {
    struct picture *picture = canvas(*state);
    struct picture_png png = {.length = 7};
    assert_int_equal(picture_png(*state, picture, 201, &png), -1);
    assert_int_equal(picture_png(*state, picture, 0, &png), -1);
    assert_int_equal(png.length, 7);
    assert_int_equal(picture_png(*state, picture, 120, &png), 0);
    assert_int_equal(png.height, 120);
    assert_int_equal(png.width, 600);
}

static void file_over_the_limit_is_refused(void **state) {
    struct picture *picture = NULL;
    assert_int_equal(picture_open(*state, 900, 900, WHITE, &picture), 0);
    uint32_t noise = 1;
    for (int y = 0; y < 900; y++)
        for (int x = 0; x < 900; x++) {
            noise = noise * 1664525 + 1013904223;
            picture_box(picture, x, y, 1, 1, 0, noise | 0xff, noise | 0xff);
        }
    size_t before = talloc_total_size(*state);
    struct picture_png png;
    assert_int_equal(picture_png(*state, picture, 900, &png), -1);
    assert_int_equal(talloc_total_size(*state), before);
    assert_int_equal(picture_png(*state, picture, 300, &png), 0);
}

static unsigned files_in(const char *directory) {
    unsigned count = 0;
    DIR *open = opendir(directory);
    assert_non_null(open);
    for (struct dirent *entry; (entry = readdir(open));)
        count += *entry->d_name != '.';
    closedir(open);
    return count;
}

static void saved_file_is_whole_and_alone(void **state) {
    struct pack *pack = pack_new(*state);
    char *path = talloc_asprintf(*state, "%s/report.png", pack->directory);
    struct picture_png first = png_of(*state, canvas(*state));
    struct picture_png second = {(uint8_t *)talloc_strdup(*state, "other"), 5, 1, 1, 0};
    assert_int_equal(picture_save(&second, path), 0);
    assert_int_equal(picture_save(&first, path), 0);
    assert_int_equal(files_in(pack->directory), 1);
    FILE *file = fopen(path, "r");
    uint8_t *read = talloc_array(*state, uint8_t, first.length + 1);
    assert_int_equal(fread(read, 1, first.length + 1, file), first.length);
    fclose(file);
    assert_memory_equal(read, first.bytes, first.length);
}

static void what_cannot_be_saved_leaves_nothing(void **state) {
    struct pack *pack = pack_new(*state);
    struct picture_png png = png_of(*state, canvas(*state));
    assert_int_equal(picture_save(&png, talloc_asprintf(*state, "%s/no/x.png", pack->directory)),
                     -1);
    assert_int_equal(errno, ENOENT);
    char *directory = talloc_asprintf(*state, "%s/x.png", pack->directory);
    assert_int_equal(mkdir(directory, 0700), 0);
    assert_int_equal(picture_save(&png, directory), -1);
    assert_int_equal(errno, EISDIR);
    assert_int_equal(files_in(pack->directory), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(same_calls_give_the_same_bytes),
        TEST(box_covers_its_pixels_and_no_others),
        TEST(text_stands_where_it_is_aligned),
        TEST(text_too_wide_ends_with_an_ellipsis_within_its_width),
        TEST(text_is_never_markup),
        TEST(characters_of_many_kinds_are_known),
        TEST(unknown_character_becomes_a_geta_and_is_counted),
        TEST(line_breaks_and_controls_are_spaces),
        TEST(bytes_that_are_no_text_are_drawn),
        TEST(paragraph_breaks_into_its_lines),
        TEST(initial_is_what_is_seen_first),
        TEST(canvas_has_a_limit),
        TEST(only_what_is_on_the_canvas_becomes_a_file),
        TEST(file_over_the_limit_is_refused),
        TEST(saved_file_is_whole_and_alone),
        TEST(what_cannot_be_saved_leaves_nothing),
    };
    return cmocka_run_group_tests_name("bot/picture", tests, NULL, NULL);
}
