#ifndef DAY21_HISTORY_H
#define DAY21_HISTORY_H

/* The whole ledger of an account, line by line: first the archive's files, then what Redis has
 * besides. Each line comes once, in order; a million take seconds, and no more memory than a page.
 */

#include "bot/archive.h"
#include "bot/session.h"

#define HISTORY_DAYS 100000 /* back, the most that may be asked for */

/* Looks at a line, which lives until it returns. Another value than 0 ends the reading. */
typedef int history_visit(void *data, const struct store_ledger_line *line);

struct history {
    struct session *session;
    char after[48];          /* the last line there has been */
    char date[ARCHIVE_DATE]; /* of the archive's newest file, as Redis has it */
    unsigned files;          /* of the archive that were read */
    int64_t lines;           /* there have been */
    history_visit *visit;
    void *data;
    int stopped;  /* what `visit` returned */
    unsigned got; /* lines of the last page */
};

/* Reads all lines written on day `from` or later, INT64_MIN for all. Returns 0, what `visit`
 * returned, or -1 having said on stderr what is wrong: a file is missing or not right, Redis is
 * away. */
int history_read(struct history *history, struct session *session, int64_t from,
                 history_visit *visit, void *data);

/* What has come since. */
int history_go_on(struct history *history);

#endif
