/* day21 points rebuild ACCOUNT [--apply]: what Redis holds of points, compared with what follows
 * from the ledger, archive and stream. Learners may go on earning meanwhile.
 *
 * Balances, tallies and boards follow from the ledger alone. What does not is left as it is:
 * - the highest level reached (`lv`): it goes by the thresholds of then, which no line tells. One
 *   that is above what today's give is a promise kept, one below is raised by the next points, and
 *   congratulated then; put right here it would never be.
 * - what caps, cool-downs and `once` count: by the rules of then, and a reversal leaves it.
 * - contests and the league: their results are final, whatever the ledger says later. */

#include "bot/history.h"
#include "bot/options.h"
#include "bot/points_command.h"
#include "bot/tally.h"
#include "store/audit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct rebuild {
    struct session *session;
    struct history history;
    struct tallies *tallies;
    bool apply;
    int64_t breaks; /* lines whose balances do not follow */
    int64_t differences, mended;
    /* of the answer that came last: */
    bool more, failed;
    char *text; /* its differences, to be printed once they are final */
    int64_t found;
    struct store_audit_mend *mends;
    unsigned mends_count;
};

static int count(void *data, const struct store_ledger_line *line) {
    struct rebuild *rebuild = data;
    int result = tallies_count(rebuild->tallies, line);
    if (result < 0) {
        fprintf(stderr,
                "day21: line %s of the ledger: out of memory, or learner %" PRId64 " cannot be\n",
                line->line, line->number);
        return -1;
    }
    if (result > 0) {
        rebuild->breaks++;
        printf("line %s, learner %" PRId64 ": after it %" PRId64 " points and %" PRId64
               " coins, which does not follow from the lines before\n",
               line->line, line->number, line->xp, line->co);
    }
    return 0;
}

/* ---- comparing ---- */

static void add_text(struct rebuild *rebuild, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_text(struct rebuild *rebuild, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = talloc_vasprintf_append_buffer(rebuild->text, format, args);
    va_end(args);
    rebuild->failed |= !text;
    if (text)
        rebuild->text = text;
    rebuild->found++;
}

static const char *of_whom(const struct store_audit_row *row, char whom[64]) {
    if (!*row->group)
        snprintf(whom, 64, "learner %" PRId64, row->number);
    else
        snprintf(whom, 64, "%s %.40s", *row->group == 't' ? "team" : "department", row->group + 2);
    return whom;
}

static const char *points_text(int64_t points, char text[32]) {
    if (points == STORE_AUDIT_OFF)
        return "not on it";
    snprintf(text, 32, "%" PRId64, points);
    return text;
}

static void compare_numbers(struct rebuild *rebuild, const struct store_audit_row *row,
                            const char *what, int64_t is, int64_t should) {
    char whom[64], left[32], right[32];
    if (is != should)
        add_text(rebuild, "%s: %s is %s, should be %s\n", of_whom(row, whom), what,
                 points_text(is, left), points_text(should, right));
}

static void compare_boards(struct rebuild *rebuild, const struct store_audit_row *row,
                           const struct tally *tally) {
    static const char *const names[] = {
        "the board of all time",
        "the day's board",
        "the week's board",
        "the month's board",
        "the board of the day before",
        "the board of the week before",
        "the board of the month before",
    };
    int boards = *row->group ? STORE_AUDIT_GROUP_BOARDS : STORE_AUDIT_BOARDS;
    for (int i = 0; i < boards; i++) {
        int64_t should = row->shown ? tally_board(rebuild->tallies, tally, i) : STORE_AUDIT_OFF;
        /* Who came onto the boards later stands on none of a time that is over. */
        if (i >= STORE_AUDIT_GROUP_BOARDS && row->boards[i] == STORE_AUDIT_OFF)
            continue;
        compare_numbers(rebuild, row, names[i], row->boards[i], should);
    }
}

static void add_mend(struct rebuild *rebuild, const struct store_audit_row *row,
                     const struct tally *tally) {
    struct store_audit_mend *mends =
        talloc_realloc(rebuild, rebuild->mends, struct store_audit_mend, rebuild->mends_count + 1);
    char text[TALLY_TEXT];
    tally_text(tally, text);
    rebuild->failed |= !mends;
    if (!mends)
        return;
    rebuild->mends = mends;
    struct store_audit_mend *mend = &mends[rebuild->mends_count++];
    *mend = (struct store_audit_mend){
        .number = row->number,
        .group = talloc_strdup(mends, row->group),
        .xp = tally->all,
        .co = tally->co,
        .tally = talloc_strdup(mends, text),
    };
    rebuild->failed |= !mend->group || !mend->tally;
    for (int i = 0; i < STORE_AUDIT_BOARDS; i++) {
        int64_t sum = tally_board(rebuild->tallies, tally, i);
        bool past = i >= STORE_AUDIT_GROUP_BOARDS && row->boards[i] == STORE_AUDIT_OFF;
        mend->boards[i].sum = sum == STORE_AUDIT_OFF || past ? 0 : sum;
        mend->boards[i].since = tally->since[i];
    }
}

static void compare(struct rebuild *rebuild, const struct store_audit_row *row) {
    static const struct tally none;
    const struct tally *tally = tallies_of(rebuild->tallies, row->number, row->group);
    int64_t before = rebuild->found;
    char whom[64], text[TALLY_TEXT];
    if (!tally)
        tally = &none;
    tally_text(tally, text);
    if (row->known && !*row->group) {
        compare_numbers(rebuild, row, "points", row->xp, tally->all);
        compare_numbers(rebuild, row, "coins", row->co, tally->co);
    }
    if (row->known && strcmp(row->tally, text) != 0)
        add_text(rebuild, "%s: tally is \"%s\", should be \"%s\"\n", of_whom(row, whom), row->tally,
                 text);
    compare_boards(rebuild, row, tally);
    if (rebuild->found > before)
        add_mend(rebuild, row, tally);
}

static void on_answer(void *data, int error, const struct store_audit_answer *answer) {
    struct rebuild *rebuild = data;
    session_done(rebuild->session, error);
    if (error)
        return;
    struct history *history = &rebuild->history;
    for (unsigned i = 0; i < answer->lines_count && !rebuild->failed; i++) {
        history->lines++;
        snprintf(history->after, sizeof history->after, "%s", answer->lines[i].line);
        rebuild->failed = count(rebuild, &answer->lines[i]) != 0;
    }
    rebuild->more = answer->more;
    for (unsigned i = 0; i < answer->rows_count && !rebuild->failed; i++)
        compare(rebuild, &answer->rows[i]);
}

/* ---- asking ---- */

/* Asks for the learners from a shard on, or with -1 for the groups. */
static int ask(struct rebuild *rebuild, int64_t shard) {
    struct session *session = rebuild->session;
    do {
        talloc_free(rebuild->mends);
        talloc_free(rebuild->text);
        rebuild->mends = NULL;
        rebuild->mends_count = 0;
        rebuild->found = 0;
        rebuild->text = talloc_strdup(rebuild, "");
        if (!rebuild->text)
            return -1;
        if (shard < 0)
            store_audit_groups(session->store, &session->turn, rebuild->history.after, on_answer,
                               rebuild);
        else
            store_audit_people(session->store, &session->turn, rebuild->history.after, shard,
                               on_answer, rebuild);
        if (session_wait(session) || rebuild->failed)
            return -1;
    } while (rebuild->more);
    return 0;
}

/* The same, and puts right what is wrong, if that is asked for: again, when the ledger has gone on
 * in between. */
static int audit(struct rebuild *rebuild, int64_t shard) {
    struct session *session = rebuild->session;
    do {
        if (ask(rebuild, shard))
            return -1;
        if (!rebuild->apply || rebuild->mends_count == 0)
            break;
        store_audit_mend(session->store, &session->turn, rebuild->history.after, rebuild->mends,
                         rebuild->mends_count, session_done_result, session);
        if (session_wait(session))
            return -1;
    } while (session->result != 1);
    fputs(rebuild->text, stdout);
    rebuild->differences += rebuild->found;
    if (rebuild->apply)
        rebuild->mended += rebuild->found;
    return 0;
}

static int audit_all(struct rebuild *rebuild) {
    struct session *session = rebuild->session;
    store_audit_count(session->store, &session->turn, session_done_result, session);
    if (session_wait(session))
        return -1;
    int64_t last = session->result;
    for (int64_t n = last + 1; n < rebuild->tallies->people_end; n++)
        if (tallies_of(rebuild->tallies, n, "")->counted) {
            printf("learner %" PRId64 ": has lines in the ledger, and is unknown to Redis\n", n);
            rebuild->differences++;
        }
    for (int64_t shard = 0; shard * STORE_AUDIT_SHARD <= last; shard += STORE_AUDIT_SHARDS)
        if (audit(rebuild, shard))
            return -1;
    return audit(rebuild, -1);
}

int points_rebuild(struct session *session, int argc, char **argv) {
    bool apply = false;
    const struct options options[] = {{"--apply", .given = &apply}, {NULL}};
    if (options_take(options, argc, argv) != 0)
        return VERB_USAGE;
    struct rebuild *rebuild = talloc_zero(session, struct rebuild);
    if (!rebuild)
        return 1;
    rebuild->session = session;
    rebuild->apply = apply;
    rebuild->tallies = tallies_new(rebuild, session->turn.day);
    if (!rebuild->tallies || history_read(&rebuild->history, session, INT64_MIN, count, rebuild) ||
        audit_all(rebuild)) {
        fprintf(stderr, "day21: not finished\n");
        return 1;
    }
    printf("%" PRId64 " lines of the ledger, %u files of the archive; ", rebuild->history.lines,
           rebuild->history.files);
    if (rebuild->breaks)
        printf("%" PRId64
               " of them do not follow from those before: a line is missing, or a balance "
               "was wrong then; ",
               rebuild->breaks);
    if (rebuild->differences == 0)
        printf("all is as it should be\n");
    else if (apply)
        printf("%" PRId64 " differences, %" PRId64 " put right\n", rebuild->differences,
               rebuild->mended);
    else
        printf("%" PRId64 " differences; --apply puts them right\n", rebuild->differences);
    return rebuild->differences > rebuild->mended ? 1 : 0;
}
