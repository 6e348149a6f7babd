#include "bot/history.h"

#include "config/limits.h"

#include <inttypes.h>
#include <string.h>
#include <talloc.h>

static int complain(const char *problem) {
    fprintf(stderr, "day21: %s\n", problem);
    return -1;
}

/* ---- the archive ---- */

static int read_file(struct history *history, struct archive_reader *reader) {
    struct archive_problem problem;
    struct store_ledger_line line;
    int got;
    while ((got = archive_next(reader, &line, &problem)) > 0) {
        history->lines++;
        history->stopped = history->visit(history->data, &line);
        if (history->stopped)
            return history->stopped;
    }
    if (got)
        return complain(problem.text);
    history->files++;
    if (archive_foot(reader)->lines)
        snprintf(history->after, sizeof history->after, "%s", archive_foot(reader)->last);
    return 0;
}

/* Each file says which is before it. */
static int check_chain(const struct archive_reader *reader, const char *before) {
    const struct archive_head *head = archive_head(reader);
    if (strcmp(head->before, before) == 0)
        return 0;
    fprintf(stderr, "day21: the archive has no file of %s, which comes before that of %s\n",
            *head->before ? head->before : "(none)", head->date);
    return -1;
}

static int read_archive(struct history *history, int64_t from) {
    const struct session *session = history->session;
    const char *archive = session->account->installation->archive;
    const char *account = session->account->config->name;
    struct archive_files *files;
    struct archive_problem problem;
    if (archive_check(archive, account, history->date, history->after, &problem) ||
        archive_files(NULL, archive, account, &files, &problem))
        return complain(problem.text);
    snprintf(history->after, sizeof history->after, STORE_LEDGER_FIRST);
    int result = 0;
    const char *before = "";
    for (unsigned i = 0; !result && i < files->count; before = files->dates[i++]) {
        struct archive_reader *reader;
        int64_t day;
        if (archive_day(files->dates[i], &day) || day < from)
            continue;
        if (archive_open(files, archive, account, files->dates[i], &reader, &problem)) {
            result = complain(problem.text);
            break;
        }
        if (history->files == 0)
            snprintf(history->after, sizeof history->after, "%s", archive_head(reader)->after);
        result = check_chain(reader, before) ? -1 : read_file(history, reader);
        talloc_free(reader);
    }
    talloc_free(files);
    return result;
}

static void on_noted(void *data, int error, const char *date, const char *last) {
    struct history *history = data;
    snprintf(history->date, sizeof history->date, "%s", date);
    snprintf(history->after, sizeof history->after, "%s", last);
    session_done(history->session, error);
}

int history_read(struct history *history, struct session *session, int64_t from,
                 history_visit *visit, void *data) {
    *history = (struct history){.session = session, .visit = visit, .data = data};
    store_ledger_noted(session->store, &session->turn, on_noted, history);
    if (session_wait(session))
        return -1;
    int result = read_archive(history, from);
    return result ? result : history_go_on(history);
}

/* ---- the stream ---- */

static void on_page(void *data, int error, const struct store_ledger_line *lines, unsigned count) {
    struct history *history = data;
    history->got = count;
    for (unsigned i = 0; i < count && !history->stopped; i++) {
        history->lines++;
        snprintf(history->after, sizeof history->after, "%s", lines[i].line);
        history->stopped = history->visit(history->data, &lines[i]);
    }
    session_done(history->session, error);
}

int history_go_on(struct history *history) {
    struct session *session = history->session;
    do {
        struct store_ledger_range range = {.after = history->after, .most = LIMIT_ARCHIVE_PAGE};
        store_ledger_page(session->store, &session->turn, &range, on_page, history);
        if (session_wait(session))
            return -1;
    } while (history->got == LIMIT_ARCHIVE_PAGE && !history->stopped);
    return history->stopped;
}
