#ifndef DAY21_CSV_H
#define DAY21_CSV_H

/* CSV as RFC 4180 has it and Excel writes it: cells separated by commas, a cell with a comma, a
 * quote or a line break in quotes, a quote within written twice; lines end with CRLF, LF or CR. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv;

/* A file an operator names, of LIMIT_ROSTER_FILE bytes at most and in any encoding, with a NUL
 * behind it; belongs to ctx. NULL after saying on stderr why not. */
char *csv_file(void *ctx, const char *path, size_t *length);

/* Reads `text`, UTF-8, which must outlive it. NULL only when out of memory. */
struct csv *csv_open(void *ctx, const char *text);

struct csv_row {
    unsigned line;      /* where it begins, from 1 */
    unsigned count;     /* of cells; 0 for an empty line */
    const char **cells; /* live until the next row */
    uint64_t quoted;    /* bit = the cell came in quotes */
    const char *wrong;  /* NULL, or what is wrong with the row, whose cells then are of no use */
    bool endless;       /* … namely a quote that is never closed: nothing can follow */
};

/* Returns 1 and the next row, 0 at the end, -1 when out of memory. */
int csv_next(struct csv *csv, struct csv_row *row);

/* Which of these cells cannot do without quotes. */
uint64_t csv_quotes(const char *const *cells, unsigned count);

/* Adds a row, quoted so, with the end of a line, to a text of talloc. NULL when out of memory. */
char *csv_append(char *text, const char *const *cells, unsigned count, uint64_t quoted,
                 const char *line_end);

#endif
