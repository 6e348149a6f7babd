#ifndef DAY21_STORE_LEAGUE_H
#define DAY21_STORE_LEAGUE_H

/* The weekly league, one kind of contest (store/contest.h), begun and ended as one. The rules:
 *
 * - Who earns in a week, and stands on boards, is put into a group of their tier with the others
 *   who do, in the order in which they first earn in it; a group that is full is followed by
 *   another. All begin in the lowest tier. Points are those of the week's board: all of the week.
 * - At the week's end, by the account's time, the first `up` of a group rise one tier, the last
 *   `down` fall one. In a group that is not full, as many as it is full, cut off: in one of 15 of
 *   30, 7 of which would rise, 3 do. Nobody rises from the highest tier or falls from the lowest.
 *   Ranks have no ties: among equals stands higher who reached the sum first.
 * - The new week begins with the first points that are earned in it; those that come later for the
 *   one before count for the learner and not in the league. So a week that is over cannot change,
 *   and what it leads to follows from it whenever the learner next earns: nothing has to be
 *   computed at the turn of the week.
 * - Who does not earn in a week stays where they are. Who stays away for more than two months
 *   neither rises nor falls for their last week.
 *
 * Costs a learner some ten bytes, and a place in a group. */

#include "store/store.h"

#define STORE_LEAGUE_ROWS 100 /* of a larger group only the first are told */

struct store_league {
    bool is_on;
    int64_t number;
    bool shown;    /* the learner stands on boards */
    unsigned tier; /* from 0; the one that waits when rank is 0 */
    int64_t rank;  /* in this week's group; 0: has not earned this week */
    int64_t points;
    int64_t total, up, down; /* in the group; those who rise and fall as it is now */
    int64_t last_rank;       /* in the week last played, when rank is 0; 0: there is none */
    unsigned last_tier;
    unsigned count;
    struct {
        int64_t number, points;
        const char *name; /* "" when not known */
    } rows[STORE_LEAGUE_ROWS];
};

/* How the learner stands in this week's league. */
typedef void store_league_done(void *data, int error, const struct store_league *league);
void store_league(struct store *store, const struct store_turn *turn, store_league_done *done,
                  void *data);

#endif
