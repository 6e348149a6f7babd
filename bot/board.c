/* 排行榜: of persons, teams and departments; of a day, a week, a month and all time. The top, me
 * and those around me, how far it is to the next place, and the boards beside this one. */

#include "store/board.h"
#include "bot/board_words.h"
#include "bot/handlers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define TOP    5
#define BESIDE 2
#define NAME   36 /* bytes of a name in a row: ten rows and the links must fit a reply */

struct page {
    struct turn *turn;
    struct store_board_query query;
    const struct store_board *board;
};

/* Entries that differ by what stands on the board. */
static const struct {
    enum copy_entry count, own, gap, no_points, nowhere;
} words[] = {
    [STORE_BOARD_PERSON] = {COPY_board_count, COPY_board_own, COPY_board_gap, COPY_board_none,
                            COPY_board_none},
    [STORE_BOARD_TEAM] = {COPY_board_team_count, COPY_board_team_own, COPY_board_team_gap,
                          COPY_board_team_none, COPY_board_team_nowhere},
    [STORE_BOARD_DEPARTMENT] = {COPY_board_department_count, COPY_board_department_own,
                                COPY_board_department_gap, COPY_board_department_none,
                                COPY_board_department_nowhere},
};

/* ---- rows ---- */

/* A name that would make the list too long ends in "…". */
static void short_name(char to[NAME + sizeof "…"], const char *name) {
    size_t length = strlen(name);
    if (length <= NAME) {
        snprintf(to, NAME + sizeof "…", "%s", name);
        return;
    }
    for (length = NAME; ((unsigned char)name[length] & 0xC0) == 0x80;)
        length--;
    snprintf(to, NAME + sizeof "…", "%.*s…", (int)length, name);
}

static char *stranger(struct turn *turn, int64_t number) {
    char digits[24];
    struct vars vars = {0};
    snprintf(digits, sizeof digits, "%04" PRId64, number);
    vars_text(&vars, "number", digits);
    return turn_render(turn, COPY_anonymous, &vars);
}

static bool is_own(const struct page *page, unsigned i) {
    return page->board->rank > 0 && page->board->rows[i].rank == page->board->rank;
}

static enum copy_entry row_entry(const struct page *page, bool own) {
    if (page->query.kind == STORE_BOARD_PERSON)
        return own ? COPY_board_me : COPY_board_line;
    if (page->query.per_head)
        return own ? COPY_board_each_us : COPY_board_each_line;
    return own ? COPY_board_group_us : COPY_board_group_line;
}

/* Tenths, of which a round number shows none. */
#define PER_HEAD 32
static void per_head(char text[PER_HEAD], int64_t tenths) {
    if (tenths % 10 == 0)
        snprintf(text, PER_HEAD, "%" PRId64, tenths / 10);
    else
        snprintf(text, PER_HEAD, "%" PRId64 ".%d", tenths / 10, (int)(tenths % 10));
}

static char *row(const struct page *page, unsigned i) {
    struct turn *turn = page->turn;
    int64_t sum = page->board->rows[i].sum, heads = page->board->rows[i].heads;
    char each[PER_HEAD], name[NAME + sizeof "…"];
    struct vars vars = {0};
    bool own = is_own(page, i), person = page->query.kind == STORE_BOARD_PERSON;
    short_name(name, page->board->rows[i].name);
    vars_number(&vars, "rank", page->board->rows[i].rank);
    if (person && (!*name || (turn->account->rules->boards.anonymous && !own)))
        vars_copy(&vars, "who", stranger(turn, page->board->rows[i].id));
    else if (!*name)
        vars_copy(&vars, "who", turn_render(turn, COPY_board_nameless, NULL));
    else
        vars_text(&vars, "who", name);
    vars_number(&vars, "xp", sum);
    if (!person) {
        per_head(each, heads ? (sum * 10 + heads / 2) / heads : 0);
        vars_number(&vars, "heads", heads);
        vars_text(&vars, "each", each);
    }
    return turn_render(turn, row_entry(page, own), &vars);
}

static char *rows(const struct page *page, unsigned from, unsigned to) {
    char *text = talloc_strdup(page->turn, "");
    for (unsigned i = from; text && i < to; i++)
        text = talloc_asprintf_append(text, "%s%s", i > from ? "\n" : "", row(page, i));
    return text;
}

/* ---- the boards beside this one ---- */

struct links {
    const struct page *page;
    char *text;
    bool begins; /* a line */
};

/* `called`: how the link reads; NULL: as the board. */
static void link_to(struct links *links, struct store_board_query to, const char *called) {
    const struct store_board_query *here = &links->page->query;
    if (to.kind == here->kind && to.period == here->period && to.back == here->back &&
        to.up == here->up && to.per_head == here->per_head)
        return;
    char name[BOARD_WORDS_NAME];
    struct vars vars = {0};
    board_words_name(&to, name);
    vars_text(&vars, "keyword", name);
    vars_text(&vars, "name", called ? called : name);
    const char *between = !*links->text ? "" : links->begins ? "\n" : "　";
    if (links->text)
        links->text = talloc_asprintf_append(
            links->text, "%s%s", between, turn_render(links->page->turn, COPY_board_link, &vars));
    links->begins = false;
}

static char *links(const struct page *page) {
    static const enum store_period periods[] = {STORE_PERIOD_DAY, STORE_PERIOD_WEEK,
                                                STORE_PERIOD_MONTH, STORE_PERIOD_ALL};
    static const enum store_board_kind kinds[] = {STORE_BOARD_PERSON, STORE_BOARD_TEAM,
                                                  STORE_BOARD_DEPARTMENT};
    struct links links = {page, talloc_strdup(page->turn, ""), false};
    struct store_board_query to = page->query;
    if (to.kind == STORE_BOARD_DEPARTMENT) {
        to.per_head = !to.per_head;
        link_to(&links, to, NULL);
        to.per_head = page->query.per_head;
        to.up = page->query.up + 1;
        if (page->board->above)
            link_to(&links, to, NULL);
        to.up = -1;
        if (page->board->below)
            link_to(&links, to, NULL);
        links.begins = true;
    }
    to = page->query;
    to.back = 0;
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        to.period = periods[i];
        link_to(&links, to, board_words_period(&to));
    }
    links.begins = true;
    to = (struct store_board_query){.period = page->query.period, .back = page->query.back};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        to.kind = kinds[i];
        if (to.kind != page->query.kind)
            link_to(&links, to, NULL);
    }
    return links.text;
}

/* ---- me ---- */

/* Points it takes to overtake who is one place higher, who was there first. */
static int64_t missing(const struct page *page) {
    const struct store_board *board = page->board;
    int64_t heads = 1;
    for (unsigned i = 0; i < board->count; i++)
        if (is_own(page, i))
            heads = board->rows[i].heads;
    for (unsigned i = 0; i < board->count; i++)
        if (board->rows[i].rank == board->rank - 1)
            return (page->query.per_head ? board->rows[i].sum * heads / board->rows[i].heads
                                         : board->rows[i].sum) -
                   board->sum + 1;
    return 0;
}

static char *gap(const struct page *page) {
    struct vars vars = {0};
    if (page->query.back > 0)
        return turn_render(page->turn, COPY_board_over, NULL);
    if (page->board->rank == 1)
        return turn_render(page->turn, COPY_board_first, NULL);
    vars_number(&vars, "points", missing(page));
    return turn_render(page->turn, words[page->query.kind].gap, &vars);
}

static char *own(const struct page *page) {
    struct vars vars = {0};
    vars_number(&vars, "rank", page->board->rank);
    vars_number(&vars, "xp", page->board->sum);
    vars_copy(&vars, "gap", gap(page));
    return turn_render(page->turn, words[page->query.kind].own, &vars);
}

/* Why the learner, or what they belong to, is not on it, and what to do about that. */
static enum copy_entry why(const struct page *page) {
    const struct store_board *board = page->board;
    bool person = page->query.kind == STORE_BOARD_PERSON;
    if (!board->bound)
        return COPY_board_unbound;
    if (person && board->hidden)
        return COPY_board_hidden;
    if (page->query.kind == STORE_BOARD_DEPARTMENT && page->query.up < 0 && board->total > 0)
        return COPY_board_department_below;
    if (board->own == 0)
        return words[page->query.kind].nowhere;
    if (page->query.back > 0)
        return person && board->total >= STORE_BOARD_KEPT ? COPY_board_over_kept
                                                          : COPY_board_over_none;
    return words[page->query.kind].no_points;
}

/* ---- the page ---- */

/* "部门周榜", and of departments whose departments they are. */
static char *title(const struct page *page) {
    char name[BOARD_WORDS_NAME], whose[NAME + sizeof "…"];
    const char *level = page->board->level, *last = strrchr(level, '/');
    board_words_name(&page->query, name);
    if (!*level)
        return talloc_strdup(page->turn, name);
    short_name(whose, last ? last + 1 : level);
    struct vars vars = {0};
    vars_text(&vars, "board", name);
    vars_text(&vars, "who", whose);
    return turn_render(page->turn, COPY_board_inside, &vars);
}

static char *count(const struct page *page) {
    struct vars vars = {0};
    vars_number(&vars, "total", page->board->total);
    return turn_render(page->turn, words[page->query.kind].count, &vars);
}

/* How many rows follow each other from the first on: all of them, for one who is not far from the
 * top. */
static unsigned first_of_all(const struct store_board *board) {
    unsigned top = board->top_count;
    bool gapless = top < board->count && board->rows[top].rank == board->rows[top - 1].rank + 1;
    return gapless ? board->count : top;
}

static void reply(const struct page *page) {
    const struct store_board *board = page->board;
    struct turn *turn = page->turn;
    struct vars vars = {0};
    vars_copy(&vars, "board", title(page));
    vars_copy(&vars, "links", links(page));
    if (board->rank == 0)
        vars_copy(&vars, "why", turn_render(turn, why(page), NULL));
    if (board->total == 0) {
        turn_copy(turn, COPY_board_empty, &vars);
        return;
    }
    unsigned top = first_of_all(board);
    vars_copy(&vars, "count", count(page));
    vars_copy(&vars, "top", rows(page, 0, top));
    if (board->rank == 0) {
        turn_copy(turn, COPY_board_unranked, &vars);
        return;
    }
    vars_copy(&vars, "own", own(page));
    if (top == board->count) {
        turn_copy(turn, COPY_board_top, &vars);
        return;
    }
    vars_copy(&vars, "around", rows(page, top, board->count));
    turn_copy(turn, COPY_board, &vars);
}

/* What was asked is read again when the answer is there, so that nothing need be kept meanwhile. */
static struct store_board_query query_of(struct turn *turn) {
    struct store_board_query query = {.top = TOP, .beside = BESIDE};
    const char *folded = keywords_fold(turn, turn->message->content);
    board_words_read(folded ? folded : "", &query);
    return query;
}

static void on_board(void *data, int error, const struct store_board *board) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (!board->bound && !turn->account->rules->unbound.boards) {
        turn_copy(turn, COPY_board_closed, NULL);
        return;
    }
    reply(&(struct page){turn, query_of(turn), board});
}

void board(struct turn *turn) {
    const struct store_board_query query = query_of(turn);
    store_board(turn->store, &turn->who, &query, on_board, turn);
}
