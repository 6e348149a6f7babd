#ifndef DAY21_STORE_AUDIT_H
#define DAY21_STORE_AUDIT_H

/* What Redis holds that follows from the ledger alone: balances, tallies, boards. To be compared
 * with the ledger while learners go on earning, each answer is of one moment: with it come the
 * lines that have been written since the last one the caller knows, and only when these are all of
 * them, the rows. Of a turn these verbs use account and day. */

#include "store/ledger.h"

/* The boards of a row: of all time; the day, week and month that is now; those before. */
enum {
    STORE_AUDIT_ALL,
    STORE_AUDIT_DAY,
    STORE_AUDIT_WEEK,
    STORE_AUDIT_MONTH,
    STORE_AUDIT_GROUP_BOARDS, /* of a group the first four */
    STORE_AUDIT_DAY_BEFORE = STORE_AUDIT_GROUP_BOARDS,
    STORE_AUDIT_WEEK_BEFORE,
    STORE_AUDIT_MONTH_BEFORE,
    STORE_AUDIT_BOARDS,
};

#define STORE_AUDIT_OFF INT64_MIN /* not on that board */

/* Learners: 100 a shard, and some shards at once. */
#define STORE_AUDIT_SHARD  100
#define STORE_AUDIT_SHARDS 5

struct store_audit_row {
    int64_t number;    /* of a learner; 0 of a group */
    const char *group; /* "d:ID", a department, or "t:ID", a team; "" of a learner */
    bool known;        /* a learner, who has not been erased */
    bool shown;        /* stands on boards */
    int64_t xp, co;
    const char *tally; /* see store/keys.h; "" none yet */
    int64_t boards[STORE_AUDIT_BOARDS];
};

struct store_audit_answer {
    const struct store_ledger_line *lines;
    unsigned lines_count;
    bool more; /* lines; there are no rows */
    const struct store_audit_row *rows;
    unsigned rows_count;
};

typedef void store_audit_done(void *data, int error, const struct store_audit_answer *answer);

/* The learners of STORE_AUDIT_SHARDS shards from `shard` (from 0) on. */
void store_audit_people(struct store *store, const struct store_turn *turn, const char *after,
                        int64_t shard, store_audit_done *done, void *data);

/* All departments and teams. */
void store_audit_groups(struct store *store, const struct store_turn *turn, const char *after,
                        store_audit_done *done, void *data);

/* How it should be. */
struct store_audit_mend {
    int64_t number;    /* likewise */
    const char *group; /* likewise */
    int64_t xp, co;
    const char *tally;
    struct {
        int64_t sum, since; /* seconds when it was reached: who was first stands higher */
    } boards[STORE_AUDIT_BOARDS];
};

/* Makes it so, all of it, if `after` still is the last line of the ledger: `result` 1, else 0 and
 * nothing has changed. */
void store_audit_mend(struct store *store, const struct store_turn *turn, const char *after,
                      const struct store_audit_mend *mends, unsigned count, store_result_done *done,
                      void *data);

/* How many numbers have been given to learners. */
void store_audit_count(struct store *store, const struct store_turn *turn, store_result_done *done,
                       void *data);

#endif
