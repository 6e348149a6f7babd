#ifndef DAY21_STORE_CORRECTION_H
#define DAY21_STORE_CORRECTION_H

/* What operators change by hand: each a line of the ledger, and once. */

#include "store/ledger.h"

enum store_corrected {
    STORE_CORRECTED_DONE,
    STORE_CORRECTED_AGAIN, /* it had been done before, and nothing has changed */
    STORE_CORRECTED_GONE,  /* there is no such learner */
    STORE_CORRECTED_SHORT, /* there is not so much to take */
};

/* `line` is the line of the ledger that does it, "" if there is none; xp and co are what is there
 * now. */
typedef void store_correction_done(void *data, int error, enum store_corrected corrected,
                                   const char *line, int64_t xp, int64_t co);

/* Takes back what a line gave: for the day, department and team it counted for. The level that was
 * reached stays, what may be earned once stays earned, and coins that are spent already are owed.
 * `reason` is kept with it; LIMIT_REASON bytes at most. */
void store_reverse(struct store *store, const struct store_turn *turn,
                   const struct store_ledger_line *line, const char *reason,
                   store_correction_done *done, void *data);

/* Gives points and coins, or takes them with less than 0. `id` makes it unique. `thresholds` as in
 * store/points.h. */
void store_grant(struct store *store, const struct store_turn *turn, const char *id, int64_t number,
                 int64_t points, int64_t coins, const char *reason, const char *thresholds,
                 store_correction_done *done, void *data);

#endif
