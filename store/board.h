#ifndef DAY21_STORE_BOARD_H
#define DAY21_STORE_BOARD_H

/* The leaderboard of all time. */

#include "store/store.h"

#define STORE_BOARD_ROWS 16

struct store_board {
    int64_t rank; /* own, from 1; 0: not on the board */
    int64_t xp;
    int64_t total;      /* how many are on it */
    unsigned top_count; /* the first rows are the top */
    unsigned count;
    struct {
        int64_t rank, number, xp;
        char name[STORE_NAME]; /* "" when not bound */
    } rows[STORE_BOARD_ROWS];  /* the top, then those around the learner not among the top */
};

typedef void store_board_done(void *data, int error, const struct store_board *board);

/* `top` from the top and `beside` on either side of the learner: top + 2 * beside + 1 rows at most,
 * not more than STORE_BOARD_ROWS. Costs a logarithm of the board. */
void store_board(struct store *store, const struct store_turn *turn, unsigned top, unsigned beside,
                 store_board_done *done, void *data);

#endif
