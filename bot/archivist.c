#include "bot/archivist.h"

#include "bot/archive.h"
#include "bot/log.h"
#include "config/limits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

#define PAUSE_MS 60000
#define LINE_ID  48

/* One round: right, then for each day that is over check, pages, finish, note; then trim. Each step
 * calls the next from its callback; end() ends the round wherever it is. */
struct archivist {
    uv_loop_t *loop;
    struct store *store;
    struct account *account;
    const char *archive;
    bool busy, stopping;
    uint64_t next;                             /* loop time of the next round */
    int64_t fence;                             /* of the right, 0 none */
    char told[sizeof(struct archive_problem)]; /* the problem that was logged last */

    /* what Redis notes: the newest file and its last line */
    char noted_date[ARCHIVE_DATE], noted_last[LINE_ID];

    /* the file that is being written */
    uv_work_t job;
    struct archive_writer *writer;
    char date[ARCHIVE_DATE];
    int64_t ends;  /* when its day does, in seconds */
    int64_t lines; /* in it so far, the last of which is: */
    char last[LINE_ID];
    char *text; /* the page that is being added */
    size_t length;
    struct archive_foot page;
    char page_first[LINE_ID];
    bool is_last_page;
    int result;
    struct archive_problem problem;
};

static struct store_turn turn_of(const struct archivist *archivist) {
    int64_t now = time(NULL);
    return (struct store_turn){
        .account = archivist->account->config->name,
        .openid = "",
        .id = "",
        .now = now,
        .day = calendar_day(archivist->account->calendar, now)->number,
    };
}

static void end(struct archivist *archivist) {
    talloc_free(archivist->writer);
    archivist->writer = NULL;
    archivist->busy = false;
    archivist->next = uv_now(archivist->loop) + PAUSE_MS;
}

/* Says what is wrong, once, and ends the round. The right is let go: where the files are another
 * place, another process may do better. */
static void fail(struct archivist *archivist, const char *problem) {
    if (strcmp(archivist->told, problem) != 0)
        log_line(LOG_ERROR, "account=%s the ledger is not archived, and not trimmed: %s",
                 archivist->account->config->name, problem);
    snprintf(archivist->told, sizeof archivist->told, "%s", problem);
    archivist->fence = 0;
    end(archivist);
}

/* Whether the round is over: on an error of the store, which tells the log when Redis is away, and
 * when the program ends. */
static bool is_over(struct archivist *archivist, int error) {
    if (!error && !archivist->stopping)
        return false;
    if (error == STORE_E_REFUSED)
        fail(archivist, store_refusal(archivist->store));
    else
        end(archivist);
    return true;
}

/* The same, after a job in another thread. */
static bool has_failed(struct archivist *archivist, int status) {
    if (is_over(archivist, status))
        return true;
    if (archivist->result)
        fail(archivist, archivist->problem.text);
    return archivist->result != 0;
}

static void look(struct archivist *archivist);
static void read_page(struct archivist *archivist);

/* ---- forgetting ---- */

static void trim(struct archivist *archivist);

static void on_trimmed(void *data, int error, int64_t result) {
    struct archivist *archivist = data;
    if (is_over(archivist, error))
        return;
    if (result > 0)
        trim(archivist);
    else
        end(archivist);
}

static void trim(struct archivist *archivist) {
    struct store_turn turn = turn_of(archivist);
    int64_t days = archivist->account->installation->work.ledger_days;
    store_ledger_trim(archivist->store, &turn,
                      calendar_at(archivist->account->calendar, turn.day - days, 0), on_trimmed,
                      archivist);
}

/* ---- a file ---- */

static void on_noted(void *data, int error, int64_t result) {
    struct archivist *archivist = data;
    if (is_over(archivist, error))
        return;
    if (result != 1) {
        end(archivist);
        return;
    }
    log_line(LOG_INFO, "account=%s archived %s: %" PRId64 " lines of the ledger",
             archivist->account->config->name, archivist->date, archivist->lines);
    *archivist->told = '\0';
    memcpy(archivist->noted_date, archivist->date, ARCHIVE_DATE);
    memcpy(archivist->noted_last, archivist->last, LINE_ID);
    look(archivist);
}

static void finish(uv_work_t *job) {
    struct archivist *archivist = job->data;
    archivist->result = archive_finish(archivist->writer, &archivist->problem);
}

static void on_finished(uv_work_t *job, int status) {
    struct archivist *archivist = job->data;
    if (has_failed(archivist, status))
        return;
    talloc_free(archivist->writer);
    archivist->writer = NULL;
    struct store_turn turn = turn_of(archivist);
    store_ledger_archived(archivist->store, &turn, archivist->fence, archivist->date,
                          archivist->last, on_noted, archivist);
}

static void add_page(uv_work_t *job) {
    struct archivist *archivist = job->data;
    archivist->result = 0;
    if (!archivist->writer) {
        struct archive_head head = {
            archivist->account->config->name, archivist->date, archivist->noted_date,
            *archivist->noted_last ? archivist->noted_last : STORE_LEDGER_FIRST};
        archivist->result = archive_create(NULL, archivist->archive, &head, archivist->fence,
                                           &archivist->writer, &archivist->problem);
    }
    if (!archivist->result && archivist->page.lines)
        archivist->result = archive_add(archivist->writer, archivist->text, archivist->length,
                                        &archivist->page, &archivist->problem);
}

static void on_added(uv_work_t *job, int status) {
    struct archivist *archivist = job->data;
    free(archivist->text);
    archivist->text = NULL;
    if (has_failed(archivist, status))
        return;
    if (archivist->is_last_page)
        uv_queue_work(archivist->loop, job, finish, on_finished);
    else
        read_page(archivist);
}

/* The page as text, and what it is. Returns 0 or -1: out of memory. */
static int take_page(struct archivist *archivist, const struct store_ledger_line *lines,
                     unsigned count) {
    FILE *out = open_memstream(&archivist->text, &archivist->length);
    if (!out)
        return -1;
    for (unsigned i = 0; i < count; i++)
        archive_write_line(out, &lines[i]);
    if (fclose(out))
        return -1;
    archivist->page = (struct archive_foot){count, archivist->page_first, archivist->last};
    archivist->is_last_page = count < LIMIT_ARCHIVE_PAGE;
    if (count == 0)
        return 0;
    snprintf(archivist->page_first, LINE_ID, "%s", lines[0].line);
    snprintf(archivist->last, LINE_ID, "%s", lines[count - 1].line);
    archivist->lines += count;
    return 0;
}

static void on_page(void *data, int error, const struct store_ledger_line *lines, unsigned count) {
    struct archivist *archivist = data;
    if (is_over(archivist, error))
        return;
    if (take_page(archivist, lines, count))
        fail(archivist, "out of memory");
    else
        uv_queue_work(archivist->loop, &archivist->job, add_page, on_added);
}

/* Goes on only while the right is ours. */
static void on_held(void *data, int error, int64_t fence, const char *date, const char *last) {
    (void)date;
    (void)last;
    struct archivist *archivist = data;
    if (is_over(archivist, error))
        return;
    if (fence != archivist->fence) {
        archivist->fence = fence;
        end(archivist);
        return;
    }
    struct store_turn turn = turn_of(archivist);
    struct store_ledger_range range = {
        .after = *archivist->last ? archivist->last : STORE_LEDGER_FIRST,
        .before = archivist->ends,
        .most = LIMIT_ARCHIVE_PAGE,
    };
    store_ledger_page(archivist->store, &turn, &range, on_page, archivist);
}

static void read_page(struct archivist *archivist) {
    struct store_turn turn = turn_of(archivist);
    store_ledger_right(archivist->store, &turn, archivist->fence, on_held, archivist);
}

/* ---- which file ---- */

static void check(uv_work_t *job) {
    struct archivist *archivist = job->data;
    archivist->result =
        archive_check(archivist->archive, archivist->account->config->name, archivist->noted_date,
                      archivist->noted_last, &archivist->problem);
}

static void on_checked(uv_work_t *job, int status) {
    struct archivist *archivist = job->data;
    if (has_failed(archivist, status))
        return;
    archivist->lines = 0;
    memcpy(archivist->last, archivist->noted_last, LINE_ID);
    read_page(archivist);
}

/* The first line that is in no file says which day is next. A line whose clock went back behind the
 * newest file is one of the day after that. */
static void on_first(void *data, int error, const struct store_ledger_line *lines, unsigned count) {
    struct archivist *archivist = data;
    if (is_over(archivist, error))
        return;
    if (count == 0) {
        trim(archivist);
        return;
    }
    struct calendar *calendar = archivist->account->calendar;
    int64_t noted, day = calendar_day(calendar, strtoll(lines[0].line, NULL, 10) / 1000)->number;
    if (archive_day(archivist->noted_date, &noted) == 0 && day <= noted)
        day = noted + 1;
    archive_date(day, archivist->date);
    archivist->ends = calendar_at(calendar, day + 1, 0);
    if (time(NULL) < archivist->ends + LIMIT_ARCHIVE_MARGIN_S)
        trim(archivist);
    else
        uv_queue_work(archivist->loop, &archivist->job, check, on_checked);
}

static void look(struct archivist *archivist) {
    struct store_turn turn = turn_of(archivist);
    struct store_ledger_range range = {
        .after = *archivist->noted_last ? archivist->noted_last : STORE_LEDGER_FIRST,
        .most = 1,
    };
    store_ledger_page(archivist->store, &turn, &range, on_first, archivist);
}

static void on_right(void *data, int error, int64_t fence, const char *date, const char *last) {
    struct archivist *archivist = data;
    archivist->fence = error ? 0 : fence;
    if (is_over(archivist, error))
        return;
    if (fence == 0) {
        end(archivist);
        return;
    }
    snprintf(archivist->noted_date, ARCHIVE_DATE, "%s", date);
    snprintf(archivist->noted_last, LINE_ID, "%s", last);
    look(archivist);
}

/* ---- the archivist ---- */

void archivist_tick(struct archivist *archivist) {
    if (archivist->busy || archivist->stopping || uv_now(archivist->loop) < archivist->next ||
        !store_ready(archivist->store))
        return;
    archivist->busy = true;
    struct store_turn turn = turn_of(archivist);
    store_ledger_right(archivist->store, &turn, archivist->fence, on_right, archivist);
}

void archivist_stop(struct archivist *archivist) {
    archivist->stopping = true;
}

bool archivist_busy(const struct archivist *archivist) {
    return archivist->busy;
}

struct archivist *archivist_open(void *ctx, uv_loop_t *loop, struct store *store,
                                 struct account *account) {
    struct archivist *archivist = talloc_zero(ctx, struct archivist);
    if (!archivist)
        return NULL;
    archivist->loop = loop;
    archivist->store = store;
    archivist->account = account;
    archivist->archive = account->installation->archive;
    archivist->job.data = archivist;
    return archivist;
}
