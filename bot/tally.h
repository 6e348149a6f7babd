#ifndef DAY21_TALLY_H
#define DAY21_TALLY_H

/* What follows from the ledger, counted line by line in plain C: balances, tallies and boards of
 * learners, departments and teams, as store/lua/lib keeps them in Redis. */

#include "store/audit.h"

/* Of one learner, department or team. A tally's day, week and month are those it counted last. */
struct tally {
    int64_t all, co; /* `all` of a learner is also the experience */
    int64_t day_sum, week_sum, month_sum;
    int32_t day, week, month;
    int32_t xp_off, co_off;             /* by how much the balances in the lines differ from ours */
    bool counted;                       /* any points, ever */
    uint32_t since[STORE_AUDIT_BOARDS]; /* seconds when each sum was reached */
    int32_t before[STORE_AUDIT_BOARDS - STORE_AUDIT_GROUP_BOARDS]; /* sums of the day, week and
                                                                      month before those of today */
};

struct tallies {
    int64_t today, this_week, this_month;
    struct tally *people, *departments, *teams; /* by number or id */
    int64_t people_end, departments_end, teams_end;
    int64_t day, week, month; /* of the line counted last */
};

/* Belongs to ctx; NULL when out of memory. `today` is a day number. */
struct tallies *tallies_new(void *ctx, int64_t today);

/* Counts a line. Returns 0, 1 when the balances it says do not follow from the lines before it (it
 * is counted all the same), or -1: out of memory, or a number that cannot be one. */
int tallies_count(struct tallies *tallies, const struct store_ledger_line *line);

/* What has been counted for a learner, or for "d:ID" or "t:ID"; NULL for nothing. */
const struct tally *tallies_of(const struct tallies *tallies, int64_t number, const char *group);

/* As in Redis, see store/keys.h; "" before the first points. */
#define TALLY_TEXT 160
void tally_text(const struct tally *tally, char text[TALLY_TEXT]);

/* The sum with which it stands on a board of store/audit.h today, if it is shown; STORE_AUDIT_OFF
 * if it does not. */
int64_t tally_board(const struct tallies *tallies, const struct tally *tally, int board);

#endif
