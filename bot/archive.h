#ifndef DAY21_ARCHIVE_H
#define DAY21_ARCHIVE_H

/* The archive of the ledger: a directory an account, a file a day,
 * ARCHIVE/ACCOUNT/2026-11-20.ndjson.gz (zlib; `zcat` reads it), beside it
 * 2026-11-20.ndjson.gz.sha256 (`sha256sum -c` checks it).
 *
 * A file begins with a line that says which file comes before it and after which line of the ledger
 * it begins, and ends with one that says how many lines it has, the first and the last. So the
 * files are a chain: one that is missing, cut off or changed is noticed, and a day without lines
 * needs none.
 *
 * A file is written under another name, forced to the disk, read again whole, and only then given
 * its name; a file that has its name is never written again. The functions may be called in any
 * thread, for one writer or reader in one at a time. */

#include "store/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct archive_problem {
    char text[320];
};

#define ARCHIVE_DATE 11 /* "2026-11-20" with its NUL */

/* The date of a day number, and back. The latter returns 0 or -1: not a date in this form. */
void archive_date(int64_t day, char date[ARCHIVE_DATE]);
int archive_day(const char *date, int64_t *day);

/* One line of the ledger as a line of a file. */
void archive_write_line(FILE *out, const struct store_ledger_line *line);

/* How a file begins. */
struct archive_head {
    const char *account, *date;
    const char *before; /* date of the file before it, "" none */
    const char *after;  /* last line of that one, or STORE_LEDGER_FIRST */
};

/* How it ends. */
struct archive_foot {
    int64_t lines;
    const char *first, *last; /* "" when there are none */
};

/* ---- the files there are ---- */

struct archive_files {
    unsigned count;
    char (*dates)[ARCHIVE_DATE]; /* rising */
};

/* The files of an account, whose directory may not be there yet. Returns 0 or -1 with *problem. */
int archive_files(void *ctx, const char *archive, const char *account, struct archive_files **files,
                  struct archive_problem *problem);

/* Compares the files with what Redis knows of them: date and last line of the newest, "" none.
 * There may be one file more, which was finished by a process that did not live to tell. Returns 0,
 * or -1 with *problem: files are missing or others than expected. */
int archive_check(const char *archive, const char *account, const char *date, const char *last,
                  struct archive_problem *problem);

/* ---- reading ---- */

struct archive_reader;

/* Opens the file of a date and reads its head. The reader belongs to ctx. Returns 0 or -1 with
 * *problem. */
int archive_open(void *ctx, const char *archive, const char *account, const char *date,
                 struct archive_reader **reader, struct archive_problem *problem);

const struct archive_head *archive_head(const struct archive_reader *reader);

/* The next line, good until the next call. Returns 1, 0 at the end, when the whole file has been
 * found to be right (lines in their order, foot, checksum), or -1 with *problem. */
int archive_next(struct archive_reader *reader, struct store_ledger_line *line,
                 struct archive_problem *problem);

/* Of a reader at the end. */
const struct archive_foot *archive_foot(const struct archive_reader *reader);

/* ---- writing: all return 0, or -1 with *problem ---- */

struct archive_writer;

/* Begins the file. `fence`, of the right to archive, makes its other name unique. What was left by
 * processes that had the right before goes. The writer belongs to ctx. */
int archive_create(void *ctx, const char *archive, const struct archive_head *head, int64_t fence,
                   struct archive_writer **writer, struct archive_problem *problem);

/* Adds lines as archive_write_line() wrote them; `foot` says what they are. */
int archive_add(struct archive_writer *writer, const char *text, size_t length,
                const struct archive_foot *foot, struct archive_problem *problem);

/* Ends the file, reads it again, and gives it its name. If there is one of this name with the same
 * lines, that one stays; with others, that is a problem. */
int archive_finish(struct archive_writer *writer, struct archive_problem *problem);

#endif
