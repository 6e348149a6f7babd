/* 战报: the war report of a week, a month or a day, as it stands now or ended, with the learner's
 * own place in it, and a link to the last picture. */

#include "bot/board_words.h"
#include "bot/handlers.h"
#include "bot/war_report_gather.h"

#include <string.h>
#include <talloc.h>

struct page {
    struct turn *turn;
    struct store_board_query query;
    bool named; /* the text says which */
    const struct war_report *report;
};

/* Which report a text asks for: in the words that ask for boards. Without them this week's. */
static struct page *page_of(struct turn *turn) {
    static const char *const this_week[] = {"本周", "这周", "本星期", "这星期"};
    struct page *page = talloc_zero(turn, struct page);
    const char *folded = keywords_fold(turn, turn->message->content);
    if (!page || !folded)
        return NULL;
    page->turn = turn;
    board_words_read(folded, &page->query);
    if (strstr(folded, "日战报") && page->query.period == STORE_PERIOD_WEEK)
        page->query.period = STORE_PERIOD_DAY;
    if (page->query.period == STORE_PERIOD_ALL)
        page->query.period = STORE_PERIOD_WEEK;
    page->named = page->query.period != STORE_PERIOD_WEEK || page->query.back > 0;
    for (size_t i = 0; i < sizeof this_week / sizeof *this_week; i++)
        page->named = page->named || strstr(folded, this_week[i]);
    page->query = (struct store_board_query){
        .kind = STORE_BOARD_PERSON,
        .period = page->query.period,
        .back = page->query.back,
        .beside = 1,
    };
    return page;
}

/* ---- the learner in it ---- */

/* Why they have no place, and what to do about that. */
static enum copy_entry why(const struct page *page, const struct store_board *board) {
    if (!board->bound)
        return COPY_board_unbound;
    if (board->hidden)
        return COPY_board_hidden;
    if (page->query.back == 0)
        return COPY_board_none;
    return board->total >= STORE_BOARD_KEPT ? COPY_board_over_kept : COPY_board_over_none;
}

static struct war_report_reader reader_of(const struct page *page,
                                          const struct store_board *board) {
    struct war_report_reader reader = {
        .rank = (unsigned)board->rank, .points = board->sum, .over = page->query.back > 0};
    if (board->rank == 0)
        reader.why = turn_render(page->turn, why(page, board), NULL);
    for (unsigned i = 0; i < board->count; i++)
        if (board->rows[i].rank == board->rank - 1) {
            reader.ahead = war_report_name(page->turn, page->turn->account, board->rows[i].id,
                                           board->rows[i].name);
            reader.ahead_points = board->rows[i].sum;
        }
    return reader;
}

static void on_board(void *data, int error, const struct store_board *board) {
    struct page *page = data;
    struct turn *turn = page->turn;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (!board->bound && !turn->account->rules->unbound.boards) {
        turn_copy(turn, COPY_board_closed, NULL);
        return;
    }
    const struct war_report_reader reader = reader_of(page, board);
    turn_text(turn, war_report_text(turn, turn->account->copy, turn->seed, page->report, &reader));
}

/* ---- the report ---- */

static void gather(struct page *page);

static void on_gathered(void *data, int error, const struct war_report *report) {
    struct page *page = data;
    if (error) {
        turn_fail(page->turn, error);
        return;
    }
    if (report->people_count == 0 && !page->named) { /* the week has only begun */
        page->named = true;
        page->query.back = 1;
        gather(page);
        return;
    }
    page->report = report;
    store_board(page->turn->store, &page->turn->who, &page->query, on_board, page);
}

static void gather(struct page *page) {
    static const enum war_report_period periods[] = {
        [STORE_PERIOD_DAY] = WAR_REPORT_DAY,
        [STORE_PERIOD_WEEK] = WAR_REPORT_WEEK,
        [STORE_PERIOD_MONTH] = WAR_REPORT_MONTH,
    };
    struct turn *turn = page->turn;
    struct war_report_query query = {periods[page->query.period], turn->who.day, &turn->who};
    for (unsigned i = 0; i < page->query.back; i++)
        query.day = war_report_last_day(query.period, query.day);
    war_report_gather(page, turn->store, turn->account, &query, on_gathered, page);
}

void report(struct turn *turn) {
    struct page *page = page_of(turn);
    if (page)
        gather(page);
    else
        turn_fail(turn, STORE_E_NOMEM);
}
