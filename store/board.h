#ifndef DAY21_STORE_BOARD_H
#define DAY21_STORE_BOARD_H

/* Leaderboards: of persons, departments and teams; of a day, a week, a month and of all time. Who
 * was there first stands higher among equals. Persons who are not bound, have left or asked to be
 * left out stand on none. What was earned counts for the department and the team the earner was in
 * then.
 */

#include "store/store.h"

#define STORE_BOARD_ROWS 32

enum store_board_kind { STORE_BOARD_PERSON, STORE_BOARD_DEPARTMENT, STORE_BOARD_TEAM };
enum store_period { STORE_PERIOD_ALL, STORE_PERIOD_DAY, STORE_PERIOD_WEEK, STORE_PERIOD_MONTH };

/* Room for a name, or a department's path: one that is longer is cut. */
#define STORE_BOARD_NAME 160

struct store_board_query {
    enum store_board_kind kind;
    enum store_period period;
    unsigned back; /* 0: the period that is now; 1: the one before … (days 2, weeks 2, months 2) */
    unsigned top;  /* from the top */
    unsigned beside; /* on either side of the learner; top + 2 * beside + 1 rows at most, not more
                        than STORE_BOARD_ROWS */
    /* Of departments: */
    int up; /* 0: those beside the learner's own, 1: beside the one above it …, -1: below it */
    bool per_head; /* ranked by points per bound employee; without any, a department has no rank */
};

struct store_board {
    int64_t number; /* the learner's own */
    int64_t own;    /* the learner's number, team or department on this level; 0: none */
    bool bound, hidden;
    int64_t rank;       /* own, or own department's or team's, from 1; 0: not on the board */
    int64_t sum;        /* of those who are on the board */
    int64_t total;      /* how many are on it */
    unsigned top_count; /* the first rows are the top */
    unsigned count;
    bool above, below;            /* there is a level of departments above this one; the learner's
                                     department has others below it */
    char level[STORE_BOARD_NAME]; /* path of the department whose departments these are; or "" */
    struct {
        int64_t rank;
        int64_t id; /* the learner's number, or that of department or team */
        int64_t sum;
        int64_t heads;               /* bound employees in it; 1 of a person */
        char name[STORE_BOARD_NAME]; /* of a department the last part of its path */
    } rows[STORE_BOARD_ROWS];        /* the top, then those around the learner not among the top */
};

typedef void store_board_done(void *data, int error, const struct store_board *board);

/* The top of a board, and the learner's place on it with those around. Costs a logarithm of the
 * board. That of departments counts in each department what was earned in all below it; in a
 * company of more than 100 departments it may be some seconds old. */
void store_board(struct store *store, const struct store_turn *turn,
                 const struct store_board_query *query, store_board_done *done, void *data);

/* The learner stands on the boards, or is left out of them from now on, as they ask; points and
 * team go on. `changed`: it was otherwise before; only who is `bound` stands there at all. */
typedef void store_show_done(void *data, int error, bool changed, bool bound);
void store_show(struct store *store, const struct store_turn *turn, bool show,
                store_show_done *done, void *data);

/* Boards of persons whose day, week or month is over keep their first STORE_BOARD_KEPT, so that
 * they take no room to speak of. Result: how many places were given up. Costs the same whatever
 * the size. Of the turn only account and day count. */
#define STORE_BOARD_KEPT 100
void store_board_trim(struct store *store, const struct store_turn *turn, store_result_done *done,
                      void *data);

#endif
