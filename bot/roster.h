#ifndef DAY21_ROSTER_H
#define DAY21_ROSTER_H

/* HR's file of the company's people, and what it would change. Nothing here knows the store: the
 * file is read, compared with the people there were, and the difference is a plan. */

#include "bot/encoding.h"

#include <stdint.h>
#include <stdio.h>

enum roster_column {
    ROSTER_NUMBER,
    ROSTER_NAME,
    ROSTER_DEPARTMENT, /* a path: "公司/销售部/华东" */
    ROSTER_MANAGER,
    ROSTER_TAIL, /* of a mobile number: its last four digits; of a whole number no more is kept */
    ROSTER_JOINED,
    ROSTER_LEFT, /* the last day; gone from the day after */
    ROSTER_TAGS,
    ROSTER_COLUMNS,
};

/* What a column is called by us: 工号. */
const char *roster_column_name(enum roster_column column);

struct roster_person {
    const char *key;                   /* the number, folded */
    const char *cells[ROSTER_COLUMNS]; /* as written, without white space around; "" if empty */
    const char *quoting; /* which cells came in quotes without need: "" or a hexadecimal number */
    bool gone;
    bool mentor;   /* whoever reads a file says so, by roster_tagged() */
    int64_t place; /* among the file's people, from 1 */
    unsigned line;
};

struct roster_bad {
    unsigned line;
    const char *reason;
};

struct roster {
    struct roster_person *people; /* in the order of the file */
    unsigned count;
    struct roster_bad *bad;
    unsigned bad_count;
    /* Keys of bad rows, whose people stay as they are; some bad rows do not even tell whose. */
    const char **spared;
    unsigned spared_count;
    bool anybody_spared;
    const char **ignored; /* headings of columns that are not known and not kept */
    unsigned ignored_count;
    const char *head; /* how the file is written, for roster_form() */
    char import[17];  /* names its content */
};

/* The file's first row names the columns, in Chinese or English, in any order; number, name and
 * department must be there. `said` is how it is encoded, or ENCODING_ANY; `today` is 20261121. Rows
 * that cannot be right are told in `bad` and are not among the people. Returns 0 or -1 with
 * *problem (the file cannot be used at all). */
int roster_read(void *ctx, const char *bytes, size_t length, enum encoding said, int today,
                struct roster **roster, const char **problem);

/* Pointers to the people, in the order of their keys; of one key, in that of their places. They
 * belong to ctx. NULL when out of memory. */
const struct roster_person **roster_by_key(void *ctx, const struct roster_person *people,
                                           unsigned count);

struct roster_change {
    const struct roster_person *before, *after; /* before: NULL for one who joins */
};

struct roster_rename {
    const char *from, *to;
    unsigned people;
    bool follows; /* because the department above it is renamed */
};

struct roster_plan {
    struct roster_change *joins, *moves, *changes; /* changes: anything else about a person */
    struct roster_change *leavers;                 /* after: NULL when the file has them no more */
    unsigned joins_count, moves_count, changes_count, leavers_count;
    struct roster_rename *renames; /* the department above before those below */
    unsigned renames_count;
    const struct roster_person **puts; /* to be written, in the order of the file */
    unsigned puts_count;
    unsigned active; /* people there were who had not left */
    unsigned spared; /* who are not in the file and stay because of bad rows */
};

/* What would change. `before` are the people there were, in their order. A department whose path
 * is gone, and most of whose people are now together in one whose path is new, is renamed: that
 * moves nobody. Returns 0, -1 when out of memory. The plan belongs to ctx and points into both. */
int roster_compare(void *ctx, const struct roster_person *before, unsigned before_count,
                   const struct roster *roster, struct roster_plan **plan);

/* Whether the plan drops more than so many per cent of the people. One may always go, unless it is
 * 0. */
bool roster_drops_too_many(const struct roster_plan *plan, unsigned percent);

/* The file again, as it came: encoding, mark, line ends, order and headings of columns, quotes. A
 * cell that Excel takes for a formula (=, +, -, @) is data here and given back as it is: what reads
 * the export is what wrote the import. First the form of `head` ("": our order and headings, UTF-8
 * with mark, CRLF), then its headings (person NULL), each person, and the end. */
struct roster_form;

/* Belongs to ctx. NULL: out of memory, or no such head. */
struct roster_form *roster_form(void *ctx, const char *head);

/* Return 0, or -1: out of memory, or it cannot be written. */
int roster_write(const struct roster_form *form, FILE *out, const struct roster_person *person);
int roster_write_end(const struct roster_form *form, FILE *out);

/* Whether `tag` stands in a cell of tags, which are parted by white space or one of ,;、，；/| */
bool roster_tagged(const char *tags, const char *tag);

/* 20261121 of "2026-11-21", "2026/11/21", "2026.11.21", "2026年11月21日" or "20261121", with or
 * without a time of the day behind it; 0 if it is none of these. */
int roster_date(const char *text);

#endif
