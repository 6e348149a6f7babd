/* The war report as a text for chat. */

#include "bot/war_report.h"

#include "bot/calendar.h"
#include "bot/vars.h"
#include "config/limits.h"

#include <string.h>
#include <talloc.h>

static unsigned at_most(unsigned count, unsigned most) {
    return count < most ? count : most;
}

/* ---- what text and picture share ---- */

const struct war_report_person *war_report_ahead(const struct war_report *report, unsigned i) {
    const struct war_report_person *own = &report->people[i], *above = own;
    while (above > report->people)
        if ((--above)->rank < own->rank)
            return above->points >= own->points ? above : NULL;
    return NULL;
}

int64_t war_report_each(const struct war_report_group *group) {
    int64_t heads = group->heads, half = heads / 2;
    return heads ? (group->points + (group->points < 0 ? -half : half)) / heads : 0;
}

char *war_report_kind(void *ctx, const struct copy *copy, const struct war_report *report) {
    static const enum copy_entry kinds[] = {COPY_report_day, COPY_report_week, COPY_report_month};
    return copy_render(ctx, copy, kinds[report->period], 0, NULL, 0);
}

char *war_report_change(void *ctx, const struct copy *copy, uint32_t seed,
                        const struct war_report *report) {
    static const enum copy_entry befores[] = {COPY_report_before_day, COPY_report_before_week,
                                              COPY_report_before_month};
    if (!report->has_before)
        return talloc_strdup(ctx, "");
    int64_t change = (int64_t)report->active - report->active_before;
    struct vars vars = {0};
    char *before = copy_render(ctx, copy, befores[report->period], 0, NULL, 0);
    vars_copy(&vars, "before", before);
    vars_number(&vars, "count", change < 0 ? -change : change);
    char *text = copy_render(ctx, copy,
                             change > 0   ? COPY_report_more
                             : change < 0 ? COPY_report_fewer
                                          : COPY_report_same,
                             seed, vars.list, vars.count);
    talloc_free(before);
    return text;
}

static int64_t monday_of(int64_t day) {
    return day - ((day + 3) % 7 + 7) % 7; /* day 0 was a Thursday */
}

int64_t war_report_week(int64_t day, int64_t *year) {
    int64_t thursday = monday_of(day) + 3, january_1 = 0;
    *year = calendar_date(thursday).year;
    calendar_number(*year, 1, 1, &january_1);
    return (thursday - january_1) / 7 + 1;
}

char *war_report_when(void *ctx, const struct copy *copy, enum war_report_period period,
                      int64_t day) {
    static const enum copy_entry whens[] = {COPY_report_when_day, COPY_report_when_week,
                                            COPY_report_when_month};
    const struct calendar_date date = calendar_date(day);
    int64_t monday = monday_of(day), of_year;
    bool week = period == WAR_REPORT_WEEK;
    char from[32], to[32];
    calendar_date_text(week ? monday : day, from);
    calendar_date_text(monday + 6, to);
    struct vars vars = {0};
    vars_text(&vars, "from", from);
    vars_text(&vars, "to", to);
    vars_number(&vars, "week", war_report_week(day, &of_year));
    vars_number(&vars, "year", date.year);
    vars_number(&vars, "month", date.month);
    return copy_render(ctx, copy, whens[period], 0, vars.list, vars.count);
}

/* ---- the text, section by section ---- */

struct text {
    const struct copy *copy;
    uint32_t seed;
    const struct war_report *report;
    const struct war_report_reader *reader;
    unsigned people, teams, departments, movers; /* rows of each */
    bool drop;    /* sections that are too long: a pack's own words may be */
    void *pieces; /* parent of all */
    char *out;    /* NULL: out of memory */
};

static char *render(struct text *text, enum copy_entry entry, const struct vars *vars) {
    return copy_render(text->pieces, text->copy, entry, text->seed, vars ? vars->list : NULL,
                       vars ? vars->count : 0);
}

/* Appends `piece` to *to with `between` before it, unless it is the first. */
static void append(char **to, const char *between, const char *piece) {
    if (*to && piece)
        *to = talloc_asprintf_append(*to, "%s%s", **to ? between : "", piece);
    else
        *to = NULL;
}

static void add(struct text *text, const char *section) {
    if (text->drop && text->out && section &&
        strlen(text->out) + 2 + strlen(section) > LIMIT_REPLY_TEXT)
        return;
    append(&text->out, "\n\n", section);
}

static char *place(struct text *text, unsigned rank) {
    static const enum copy_entry medals[] = {COPY_report_first, COPY_report_second,
                                             COPY_report_third};
    if (rank >= 1 && rank <= 3)
        return render(text, medals[rank - 1], NULL);
    struct vars vars = {0};
    vars_number(&vars, "rank", rank);
    return render(text, COPY_report_place, &vars);
}

static void add_lines(struct text *text, enum copy_entry entry, const char *lines) {
    struct vars vars = {0};
    vars_copy(&vars, "lines", lines);
    add(text, render(text, entry, &vars));
}

static void add_numbers(struct text *text) {
    const struct war_report *report = text->report;
    struct vars vars = {0};
    vars_number(&vars, "active", report->active);
    vars_number(&vars, "total", report->participants);
    vars_copy(&vars, "change", war_report_change(text->pieces, text->copy, text->seed, report));
    add(text, render(text, COPY_report_numbers, &vars));
}

static void add_people(struct text *text) {
    char *lines = talloc_strdup(text->pieces, "");
    for (unsigned i = 0; i < text->people; i++) {
        const struct war_report_person *person = &text->report->people[i];
        struct vars vars = {0};
        vars_copy(&vars, "place", place(text, person->rank));
        vars_text(&vars, "who", person->name);
        vars_number(&vars, "points", person->points);
        append(&lines, "\n", render(text, COPY_report_line, &vars));
    }
    if (text->people > 0)
        add_lines(text, COPY_report_people, lines);
}

static void add_groups(struct text *text, enum copy_entry entry,
                       const struct war_report_group *groups, unsigned count) {
    char *lines = talloc_strdup(text->pieces, "");
    for (unsigned i = 0; i < count; i++) {
        const struct war_report_group *group = &groups[i];
        struct vars vars = {0};
        vars_copy(&vars, "place", place(text, group->rank));
        vars_text(&vars, "who", group->name);
        vars_number(&vars, "points", group->points);
        vars_number(&vars, "heads", group->heads);
        vars_number(&vars, "each", war_report_each(group));
        append(&lines, "\n",
               render(text, group->heads ? COPY_report_group : COPY_report_line, &vars));
    }
    if (count > 0)
        add_lines(text, entry, lines);
}

static void add_movers(struct text *text) {
    char *lines = talloc_strdup(text->pieces, "");
    for (unsigned i = 0; i < text->movers; i++) {
        const struct war_report_mover *mover = &text->report->movers[i];
        struct vars vars = {0};
        vars_text(&vars, "who", mover->name);
        vars_number(&vars, "from", mover->from);
        vars_number(&vars, "to", mover->to);
        vars_number(&vars, "count", (int64_t)mover->from - mover->to);
        append(&lines, "\n",
               render(text, mover->from ? COPY_report_mover : COPY_report_mover_new, &vars));
    }
    if (text->movers > 0)
        add_lines(text, COPY_report_movers, lines);
}

/* The two below the first who are closest to each other. */
static void add_chase(struct text *text) {
    const struct war_report_person *people = text->report->people, *who = NULL, *before = NULL;
    for (unsigned i = 1; i < text->people; i++) {
        const struct war_report_person *ahead = war_report_ahead(text->report, i);
        if (ahead && (!who || ahead->points - people[i].points < before->points - who->points)) {
            who = &people[i];
            before = ahead;
        }
    }
    if (!who)
        return;
    struct vars vars = {0};
    vars_text(&vars, "who", who->name);
    vars_text(&vars, "ahead", before->name);
    vars_number(&vars, "points", before->points - who->points + 1);
    add(text, render(text, COPY_report_chase, &vars));
}

static void add_reader(struct text *text) {
    const struct war_report_reader *reader = text->reader;
    struct vars vars = {0};
    if (reader->why) {
        add(text, reader->why);
        return;
    }
    vars_number(&vars, "xp", reader->points);
    if (!reader->ahead) {
        add(text, render(text, COPY_report_reader_top, &vars));
        return;
    }
    vars_number(&vars, "rank", reader->rank);
    vars_number(&vars, "points", reader->ahead_points - reader->points + 1);
    vars_text(&vars, "ahead", reader->ahead);
    add(text, render(text, reader->over ? COPY_report_reader_over : COPY_report_reader, &vars));
}

static void add_picture(struct text *text) {
    struct vars vars = {0};
    vars_text(&vars, "when", text->report->picture_when);
    vars_text(&vars, "url", text->report->picture);
    add(text, render(text, COPY_report_picture, &vars));
}

static void compose(struct text *text) {
    const struct war_report *report = text->report;
    text->out = talloc_strdup(text->pieces, "");
    struct vars vars = {0};
    vars_copy(&vars, "kind", war_report_kind(text->pieces, text->copy, report));
    vars_copy(&vars, "when", report->when);
    add(text, render(text, COPY_report_head, &vars));
    if (report->participants > 0)
        add_numbers(text);
    if (report->people_count == 0)
        add(text, render(text, COPY_report_nobody, NULL));
    add_people(text);
    add_groups(text, COPY_report_teams, report->teams, text->teams);
    add_groups(text, COPY_report_departments, report->departments, text->departments);
    add_movers(text);
    if (text->reader)
        add_reader(text);
    else
        add_chase(text);
    if (text->reader && text->report->picture)
        add_picture(text);
    add(text, render(text, COPY_report_close, NULL));
    if (text->reader && text->out)
        append(&text->out, "\n", render(text, COPY_report_others, NULL));
}

/* Takes a row from the longest list, the last of equals. Returns false when there is none. */
static bool shorten(struct text *text) {
    unsigned *const lists[] = {&text->movers, &text->departments, &text->teams, &text->people};
    unsigned *longest = lists[0];
    for (size_t i = 1; i < sizeof lists / sizeof lists[0]; i++)
        if (*lists[i] > *longest)
            longest = lists[i];
    if (*longest == 0)
        return false;
    --*longest;
    return true;
}

char *war_report_text(void *ctx, const struct copy *copy, uint32_t seed,
                      const struct war_report *report, const struct war_report_reader *reader) {
    struct text text = {
        .copy = copy,
        .seed = seed,
        .report = report,
        .reader = reader,
        .people = at_most(report->people_count, LIMIT_REPORT_PEOPLE),
        .teams = at_most(report->teams_count, LIMIT_REPORT_GROUPS),
        .departments = at_most(report->departments_count, LIMIT_REPORT_GROUPS),
        .movers = at_most(report->movers_count, LIMIT_REPORT_MOVERS),
    };
    for (;;) {
        text.pieces = talloc_new(ctx);
        if (!text.pieces)
            return NULL;
        compose(&text);
        if (!text.out || strlen(text.out) <= LIMIT_REPLY_TEXT)
            break;
        text.drop = !shorten(&text);
        talloc_free(text.pieces);
    }
    char *whole = talloc_steal(ctx, text.out);
    talloc_free(text.pieces);
    return whole;
}
