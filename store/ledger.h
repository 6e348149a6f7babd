#ifndef DAY21_STORE_LEDGER_H
#define DAY21_STORE_LEDGER_H

/* The ledger: every change of points and coins, a line each, in the order in which they happened.
 * Lines are read in pages; those that are in the archive are forgotten after some days. Of a turn
 * these verbs use the account. */

#include "store/store.h"

struct store_ledger_line {
    /* Texts are never NULL. */
    const char *line; /* "1763712000000-0": milliseconds of Redis' clock, then a number */
    int64_t number;   /* of the learner */
    const char *rule, *subject;
    int64_t points, coins;  /* given, or taken: less than 0 */
    int64_t xp, co;         /* the balances after it */
    int64_t at;             /* seconds */
    int64_t day;            /* it counts for */
    const char *department; /* id, "" none: where the learner was then */
    const char *team, *id;  /* likewise; what made it unique */
};

/* Compares two lines' names: less than 0 when `left` came first. */
int store_ledger_order(const char *left, const char *right);

#define STORE_LEDGER_FIRST "0-0" /* comes before the first line */

struct store_ledger_range {
    const char *after; /* line after which it begins */
    int64_t before;    /* only what was written before, in seconds; 0: up to now */
    unsigned most;     /* lines */
};

/* `lines` live until it returns. */
typedef void store_ledger_page_done(void *data, int error, const struct store_ledger_line *lines,
                                    unsigned count);

void store_ledger_page(struct store *store, const struct store_turn *turn,
                       const struct store_ledger_range *range, store_ledger_page_done *done,
                       void *data);

/* `fence` is 0 when somebody else has the right. `date` and `last`: the newest file of the archive
 * and its last line, "" before there is one; they live until it returns. */
typedef void store_ledger_right_done(void *data, int error, int64_t fence, const char *date,
                                     const char *last);

/* Takes the right to archive the account's ledger for LIMIT_ARCHIVE_RIGHT_MS, or goes on with it:
 * `fence` is that of a right one may still have, or 0. Where it has run out meanwhile, the new one
 * has another fence. */
void store_ledger_right(struct store *store, const struct store_turn *turn, int64_t fence,
                        store_ledger_right_done *done, void *data);

/* `date` and `last`: the newest file of the archive and its last line, as noted in Redis; "" none.
 */
typedef void store_ledger_noted_done(void *data, int error, const char *date, const char *last);
void store_ledger_noted(struct store *store, const struct store_turn *turn,
                        store_ledger_noted_done *done, void *data);

/* The archive has the file of `date`, which ends with line `last`. The result is 1, or 0 when the
 * right has gone to somebody else. */
void store_ledger_archived(struct store *store, const struct store_turn *turn, int64_t fence,
                           const char *date, const char *last, store_result_done *done, void *data);

/* Forgets some lines that were written before `before`, in seconds; never one that is not in the
 * archive. The result is how many; once it is 0 none is left. */
void store_ledger_trim(struct store *store, const struct store_turn *turn, int64_t before,
                       store_result_done *done, void *data);

#endif
