/* The war report as a picture: a header with the numbers, the first three on their steps, a card
 * for each list, a sentence to close. One column, drawn from top to bottom. */

#include "bot/vars.h"
#include "bot/war_report.h"
#include "config/limits.h"

#include <math.h>
#include <talloc.h>

/* Colours are those of the course page (templates/h5/style.css). */
#define GROUND   0xf3efe7ff
#define PAPER    0xfffdf9ff
#define INK      0x2b2926ff
#define SOFT     0x7d766cff
#define LINE     0xe7e0d4ff
#define ACCENT   0xb9542fff
#define EMBER    0x8f3a1fff /* the accent by night */
#define GREEN    0x2f6b55ff
#define GREENISH 0xeaf1eaff
#define OCHRE    0x9a7430ff
#define TRACK    0xf0e9ddff
#define CREAM    0xfffdf9ff
#define HAZE     0xfffdf9c8 /* cream, less of it */
#define VEIL     0xfffdf926
#define RIPPLE   0xfffdf912

#define WIDTH  WAR_REPORT_WIDTH
#define MARGIN 56
#define INNER  40 /* of a card */
#define LEFT   (MARGIN + INNER)
#define RIGHT  (WIDTH - LEFT)

/* Of a row. */
#define ROW      108
#define NAME_X   (LEFT + 76)
#define BAR_WIDE 500
#define BAR_HIGH 12

struct page {
    struct picture *picture;
    const struct copy *copy;
    uint32_t seed;
    const struct war_report *report;
    void *pieces; /* parent of the words */
    double y;     /* where the next thing begins */
};

static const char *word(struct page *page, enum copy_entry entry, const struct vars *vars) {
    const char *text = copy_render(page->pieces, page->copy, entry, page->seed,
                                   vars ? vars->list : NULL, vars ? vars->count : 0);
    return text ? text : "";
}

static const char *number_word(struct page *page, enum copy_entry entry, const char *name,
                               int64_t value) {
    struct vars vars = {0};
    vars_number(&vars, name, value);
    return word(page, entry, &vars);
}

static const char *digits(struct page *page, int64_t value) {
    const char *text = talloc_asprintf(page->pieces, "%lld", (long long)value);
    return text ? text : "";
}

static unsigned at_most(unsigned count, unsigned most) {
    return count < most ? count : most;
}

/* ---- header ---- */

static void figure(struct page *page, double x, double width, const char *value,
                   const char *caption) {
    struct picture_style big = {PICTURE_SERIF, PICTURE_CENTRE, true, 76, 0, CREAM};
    static const struct picture_style small = {PICTURE_SANS, PICTURE_CENTRE, false, 26, 2, HAZE};
    double wide = picture_measure(page->picture, &big, WIDTH, value);
    if (wide > width - 56) /* a million */
        big.size *= (width - 56) / wide;
    picture_text(page->picture, &big, x, page->y + 76, width, value);
    picture_text(page->picture, &small, x, page->y + 126, width, caption);
}

static void figures(struct page *page) {
    const struct war_report *report = page->report;
    const double third = (WIDTH - 2 * MARGIN) / 3.0;
    unsigned share =
        (unsigned)((100ull * report->active + report->participants / 2) / report->participants);
    figure(page, MARGIN, third, digits(page, report->active),
           word(page, COPY_picture_active, NULL));
    figure(page, MARGIN + third, third, digits(page, report->participants),
           word(page, COPY_picture_total, NULL));
    figure(page, MARGIN + 2 * third, third, number_word(page, COPY_picture_percent, "count", share),
           word(page, COPY_picture_share, NULL));
    for (int i = 1; i < 3; i++)
        picture_box(page->picture, MARGIN + i * third - 1, page->y + 24, 2, 92, 0, VEIL, VEIL);
    page->y += 164;
}

static void change(struct page *page) {
    static const struct picture_style style = {PICTURE_SANS, PICTURE_CENTRE, false, 28, 1, CREAM};
    const char *text = war_report_change(page->pieces, page->copy, page->seed, page->report);
    if (!text || !*text)
        return;
    const double most = WIDTH - 2 * LEFT;
    double wide = picture_measure(page->picture, &style, most, text) + 64;
    picture_box(page->picture, (WIDTH - wide) / 2, page->y, wide, 60, 30, VEIL, VEIL);
    picture_text(page->picture, &style, LEFT, page->y + 40, most, text);
    page->y += 84;
}

static void header(struct page *page) {
    static const struct picture_style account = {PICTURE_SANS, PICTURE_LEFT, false, 34, 4, HAZE};
    static const struct picture_style title = {PICTURE_SERIF, PICTURE_LEFT, true, 124, 8, CREAM};
    static const struct picture_style when = {PICTURE_SANS, PICTURE_LEFT, false, 34, 1, HAZE};
    const struct war_report *report = page->report;
    bool numbers = report->participants > 0;
    double high = 388 + (numbers ? 28 + 164 + (report->has_before ? 84 : 0) + 28 : 0);
    picture_box(page->picture, 0, 0, WIDTH, high, 0, ACCENT, EMBER);
    for (int i = 0; i < 4; i++) /* a drop in water, cut by the edges */
        picture_ring(page->picture, 900, 116, 110 + i * 92, 46, RIPPLE);
    picture_box(page->picture, 0, high, WIDTH, 600, 0, GROUND, GROUND);
    picture_text(page->picture, &account, MARGIN + 8, 112, WIDTH - 2 * MARGIN - 16,
                 word(page, COPY_picture_account, NULL));
    const char *kind = war_report_kind(page->pieces, page->copy, report);
    picture_text(page->picture, &title, MARGIN, 258, WIDTH - 2 * MARGIN, kind ? kind : "");
    picture_text(page->picture, &when, MARGIN + 8, 326, WIDTH - 2 * MARGIN - 16, report->when);
    page->y = 400;
    if (numbers) {
        figures(page);
        change(page);
    }
    page->y = high + 64;
}

/* ---- the first three ---- */

static void heading(struct page *page, double x, enum copy_entry entry) {
    static const struct picture_style style = {PICTURE_SERIF, PICTURE_LEFT, true, 42, 2, INK};
    picture_box(page->picture, x, page->y + 5, 8, 40, 4, ACCENT, ACCENT);
    picture_text(page->picture, &style, x + 28, page->y + 40, WIDTH - 2 * x - 28,
                 word(page, entry, NULL));
    page->y += 72;
}

static const struct step {
    double high;
    uint32_t colour, pale; /* of the medal; of the step's foot */
} steps[] = {
    {250, 0xc8902fff, 0xc8902f2e}, {190, 0x8e979cff, 0x8e979c2e}, {140, 0xb0714aff, 0xb0714a2e}};

#define STEP_WIDE 288
#define STEP_GAP  28
#define STEP_HEAD 268 /* of who stands on it: monogram, name, points */

static void stand(struct page *page, double x, const struct war_report_person *person) {
    const struct step *step = &steps[person->rank < 1 ? 0 : at_most(person->rank, 3) - 1];
    const struct picture_style monogram = {PICTURE_SERIF, PICTURE_CENTRE, true, 64, 0,
                                           step->colour};
    static const struct picture_style name = {PICTURE_SANS, PICTURE_CENTRE, true, 36, 0, INK};
    static const struct picture_style points = {PICTURE_SANS, PICTURE_CENTRE, false, 30, 0, SOFT};
    static const struct picture_style rank = {PICTURE_SERIF, PICTURE_CENTRE, true, 88, 0, CREAM};
    struct picture *picture = page->picture;
    double top = page->y + STEP_HEAD + steps[0].high - step->high, centre = x + STEP_WIDE / 2.0;
    picture_box(picture, x, top, STEP_WIDE, step->high, 24, step->colour, step->pale);
    picture_text(picture, &rank, x, top + 100, STEP_WIDE, digits(page, person->rank));
    picture_ring(picture, centre, top - 186, 70, 70, PAPER);
    picture_ring(picture, centre, top - 186, 76, 6, step->colour);
    const char *initial = picture_initial(page->pieces, person->name);
    picture_text(picture, &monogram, centre - 60, top - 163, 120, initial ? initial : "");
    picture_text(picture, &name, x, top - 66, STEP_WIDE, person->name);
    picture_text(picture, &points, x, top - 22, STEP_WIDE,
                 number_word(page, COPY_picture_points, "points", person->points));
}

/* The first in the middle, the second on their right hand. */
static void podium(struct page *page) {
    static const int order[][3] = {{0}, {0, 1}, {1, 0, 2}};
    unsigned count = at_most(page->report->people_count, 3);
    heading(page, MARGIN, COPY_picture_people);
    double x = (WIDTH - count * STEP_WIDE - (count - 1) * STEP_GAP) / 2.0;
    for (unsigned i = 0; i < count; i++, x += STEP_WIDE + STEP_GAP)
        stand(page, x, &page->report->people[order[count - 1][i]]);
    page->y += STEP_HEAD + steps[0].high + 48;
}

/* ---- lists ---- */

/* A card that holds its heading and `rows` of `high`. */
static void card(struct page *page, enum copy_entry entry, unsigned rows, double high) {
    double height = 40 + 72 + 20 + rows * high + 24;
    picture_box(page->picture, MARGIN, page->y, WIDTH - 2 * MARGIN, height, 28, LINE, LINE);
    picture_box(page->picture, MARGIN + 2, page->y + 2, WIDTH - 2 * MARGIN - 4, height - 4, 26,
                PAPER, PAPER);
    page->y += 40;
    heading(page, LEFT, entry);
    page->y += 20;
}

static void close_card(struct page *page) {
    page->y += 24 + 36;
}

struct row {
    unsigned rank;
    const char *name, *note;
    int64_t points, of; /* the bar is points / of long */
    uint32_t colour;
};

/* Name and points, below them the bar and a note. */
static void row(struct page *page, const struct row *row) {
    const struct picture_style rank = {
        PICTURE_SERIF, PICTURE_CENTRE, true, 40, 0, row->rank <= 3 ? row->colour : SOFT};
    static const struct picture_style name = {PICTURE_SANS, PICTURE_LEFT, false, 36, 0, INK};
    static const struct picture_style points = {PICTURE_SANS, PICTURE_RIGHT, true, 38, 0, INK};
    static const struct picture_style small = {PICTURE_SANS, PICTURE_RIGHT, false, 24, 0, SOFT};
    struct picture *picture = page->picture;
    double y = page->y, wide = 0;
    picture_text(picture, &rank, LEFT - 8, y + 50, 64, digits(page, row->rank));
    double unit = picture_text(picture, &small, RIGHT - 100, y + 48, 100,
                               word(page, COPY_picture_unit, NULL));
    double value = picture_text(picture, &points, RIGHT - unit - 8 - 260, y + 48, 260,
                                digits(page, row->points));
    picture_text(picture, &name, NAME_X, y + 48, RIGHT - unit - 8 - value - 32 - NAME_X, row->name);
    if (row->points > 0 && row->of > 0)
        wide = round(BAR_WIDE * fmin(1, (double)row->points / (double)row->of));
    picture_box(picture, NAME_X, y + 74, BAR_WIDE, BAR_HIGH, BAR_HIGH / 2.0, TRACK, TRACK);
    picture_box(picture, NAME_X, y + 74, wide, BAR_HIGH, BAR_HIGH / 2.0, row->colour, row->colour);
    picture_text(picture, &small, NAME_X + BAR_WIDE + 20, y + 89, RIGHT - NAME_X - BAR_WIDE - 20,
                 row->note);
    page->y += ROW;
}

static void followers(struct page *page) {
    const struct war_report *report = page->report;
    unsigned count = at_most(report->people_count, LIMIT_REPORT_PEOPLE);
    if (count <= 3)
        return;
    card(page, COPY_picture_more, count - 3, ROW);
    for (unsigned i = 3; i < count; i++) {
        const struct war_report_person *person = &report->people[i];
        const struct war_report_person *ahead = war_report_ahead(report, i);
        const char *note = "";
        if (ahead)
            note =
                number_word(page, COPY_picture_gap, "points", ahead->points - person->points + 1);
        row(page, &(struct row){person->rank, person->name, note, person->points,
                                report->people[0].points, ACCENT});
    }
    close_card(page);
}

static void groups(struct page *page, enum copy_entry entry, const struct war_report_group *groups,
                   unsigned count, uint32_t colour) {
    count = at_most(count, LIMIT_REPORT_GROUPS);
    if (count == 0)
        return;
    card(page, entry, count, ROW);
    for (unsigned i = 0; i < count; i++) {
        const struct war_report_group *group = &groups[i];
        struct vars vars = {0};
        vars_number(&vars, "heads", group->heads);
        vars_number(&vars, "each", war_report_each(group));
        const char *note = group->heads ? word(page, COPY_picture_heads, &vars) : "";
        row(page,
            &(struct row){group->rank, group->name, note, group->points, groups[0].points, colour});
    }
    close_card(page);
}

#define MOVER 92

static void mover(struct page *page, const struct war_report_mover *mover) {
    static const struct picture_style name = {PICTURE_SANS, PICTURE_LEFT, false, 36, 0, INK};
    static const struct picture_style way = {PICTURE_SANS, PICTURE_RIGHT, false, 26, 0, SOFT};
    static const struct picture_style pill = {PICTURE_SANS, PICTURE_CENTRE, true, 28, 0, GREEN};
    struct picture *picture = page->picture;
    double x = RIGHT - 176, y = page->y;
    struct vars vars = {0};
    vars_number(&vars, "to", mover->to);
    vars_number(&vars, "from", mover->from);
    double taken =
        picture_text(picture, &way, x - 28 - 330, y + 52, 330,
                     word(page, mover->from ? COPY_picture_from_to : COPY_picture_new, &vars));
    picture_text(picture, &name, LEFT, y + 54, x - 28 - taken - 32 - LEFT, mover->name);
    picture_box(picture, x, y + 12, 176, 60, 30, GREENISH, GREENISH);
    picture_text(picture, &pill, x + 12, y + 52, 152,
                 mover->from ? number_word(page, COPY_picture_climb, "count",
                                           (int64_t)mover->from - mover->to)
                             : word(page, COPY_picture_climb_new, NULL));
    page->y += MOVER;
}

static void movers(struct page *page) {
    unsigned count = at_most(page->report->movers_count, LIMIT_REPORT_MOVERS);
    if (count == 0)
        return;
    card(page, COPY_picture_movers, count, MOVER);
    for (unsigned i = 0; i < count; i++)
        mover(page, &page->report->movers[i]);
    close_card(page);
}

/* ---- the end ---- */

static void nobody(struct page *page) {
    static const struct picture_style style = {PICTURE_SANS, PICTURE_CENTRE, false, 36, 0, SOFT};
    picture_box(page->picture, MARGIN, page->y, WIDTH - 2 * MARGIN, 220, 28, LINE, LINE);
    picture_box(page->picture, MARGIN + 2, page->y + 2, WIDTH - 2 * MARGIN - 4, 216, 26, PAPER,
                PAPER);
    picture_text(page->picture, &style, LEFT, page->y + 122, RIGHT - LEFT,
                 word(page, COPY_picture_nobody, NULL));
    page->y += 220 + 36;
}

static void closing(struct page *page) {
    static const struct picture_style sentence = {PICTURE_SERIF, PICTURE_CENTRE, true, 42, 2, INK};
    static const struct picture_style from = {PICTURE_SANS, PICTURE_CENTRE, false, 26, 2, SOFT};
    page->y += 72;
    unsigned lines = picture_paragraph(page->picture, &sentence, LEFT, page->y, RIGHT - LEFT, 68, 2,
                                       word(page, COPY_picture_close, NULL));
    page->y += (lines - 1) * 68 + 56;
    for (int i = -1; i <= 1; i++)
        picture_ring(page->picture, WIDTH / 2.0 + i * 28, page->y, 5, 5, i ? LINE : ACCENT);
    page->y += 60;
    picture_text(page->picture, &from, MARGIN, page->y, WIDTH - 2 * MARGIN,
                 word(page, COPY_picture_from, NULL));
    page->y += 64;
}

static void draw(struct page *page) {
    const struct war_report *report = page->report;
    header(page);
    if (report->people_count > 0)
        podium(page);
    else
        nobody(page);
    followers(page);
    groups(page, COPY_picture_teams, report->teams, report->teams_count, GREEN);
    groups(page, COPY_picture_departments, report->departments, report->departments_count, OCHRE);
    movers(page);
    closing(page);
}

int war_report_picture(void *ctx, const struct copy *copy, uint32_t seed,
                       const struct war_report *report, struct picture_png *png) {
    struct page page = {.copy = copy, .seed = seed, .report = report};
    page.pieces = talloc_new(ctx);
    int error = -1;
    if (page.pieces &&
        picture_open(page.pieces, WIDTH, LIMIT_PICTURE_SIDE, GROUND, &page.picture) == 0) {
        draw(&page);
        error = picture_png(ctx, page.picture, (unsigned)page.y, png);
    }
    talloc_free(page.pieces);
    return error;
}
