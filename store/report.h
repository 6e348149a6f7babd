#ifndef DAY21_STORE_REPORT_H
#define DAY21_STORE_REPORT_H

/* What the boards of a period that is over, or not yet, say all together: for reports, which no
 * learner asked for. It is one moment's picture. */

#include "config/limits.h"
#include "store/board.h"

#define STORE_REPORT_DEPTH 200 /* who climbed is looked for among so many from the top */

struct store_report_row {
    int64_t id, sum;
    int64_t heads;               /* of a department or team */
    char name[STORE_BOARD_NAME]; /* of a person "" when not known, of a department its path */
};

struct store_report_mover {
    int64_t id;
    int64_t from; /* rank in the period before; 0: was not on its board */
    int64_t to;   /* less than from */
    char name[STORE_BOARD_NAME];
};

struct store_report {
    int64_t ever;   /* persons on the board of all time */
    int64_t total;  /* on the period's, those included who were cut off when it was over */
    int64_t before; /* likewise on that of the period before; 0 also when it is kept no more */

    /* Best first; row i has rank i + 1. */
    unsigned people_count, departments_count, teams_count, movers_count;
    struct store_report_row people[LIMIT_REPORT_PEOPLE], departments[LIMIT_REPORT_GROUPS],
        teams[LIMIT_REPORT_GROUPS];
    struct store_report_mover movers[LIMIT_REPORT_MOVERS]; /* who climbed most; who was not on the
                                                              board counts as from its end */
};

typedef void store_report_done(void *data, int error, const struct store_report *report);

/* `period` is not STORE_PERIOD_ALL; `number` is that of the day, week or month, as boards count
 * them (store/keys.h). Of the turn it uses the account. */
void store_report(struct store *store, const struct store_turn *turn, enum store_period period,
                  int64_t number, store_report_done *done, void *data);

#endif
