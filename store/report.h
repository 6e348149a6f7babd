#ifndef DAY21_STORE_REPORT_H
#define DAY21_STORE_REPORT_H

/* What the boards of a period that is over, or not yet, say all together: for reports. It is one
 * moment's picture. And the reports themselves: each is made once, by one process, and told once to
 * everybody who stands on the board of all time, through the outbox. */

#include "config/limits.h"
#include "store/board.h"

#include <stdbool.h>

#define STORE_REPORT_DEPTH   200 /* who climbed is looked for among so many from the top */
#define STORE_REPORT_PICTURE 80  /* bytes of a picture's name, with its NUL */

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

    /* The newest report of such a period that was made: */
    int64_t picture_number;             /* of its period */
    char picture[STORE_REPORT_PICTURE]; /* "" when there is none */
};

typedef void store_report_done(void *data, int error, const struct store_report *report);

/* `period` is not STORE_PERIOD_ALL; `number` is that of the day, week or month, as boards count
 * them (store/keys.h). Of the turn it uses the account, and the id, when a learner has asked: then
 * the same turn is answered the same again. */
void store_report(struct store *store, const struct store_turn *turn, enum store_period period,
                  int64_t number, store_report_done *done, void *data);

/* ---- made and told ---- */

/* One that is due; `picture` names the file that this process would make, unlike that of any
 * other. */
struct store_report_due {
    enum store_period period; /* STORE_PERIOD_ALL: none is due */
    int64_t number;
    const char *picture;
};

enum store_report_state {
    STORE_REPORT_DONE,
    STORE_REPORT_WAIT, /* another process makes it, or has been killed; ask again */
    STORE_REPORT_MAKE, /* this one has the right to, for LIMIT_REPORT_RIGHT_MS */
};

/* `telling` names a report whose readers are being told, or is "". */
typedef void store_report_is_due(void *data, int error, enum store_report_state state,
                                 const char *telling);
void store_report_due(struct store *store, const struct store_turn *turn,
                      const struct store_report_due *due, store_report_is_due *done, void *data);

/* How readers are told: as a notice; as a text, where that is allowed; or there is nobody to report
 * of, and nobody is told. */
enum store_report_how { STORE_REPORT_NOBODY, STORE_REPORT_NOTICE, STORE_REPORT_TEXT };

/* `words` come back with each message as body of struct store_out (store/outbox.h), whose kind is
 * notice or text, name is war_report. Result 1; 0: the right has run out, and the report is not
 * this process's. */
void store_report_made(struct store *store, const struct store_turn *turn,
                       const struct store_report_due *due, enum store_report_how how,
                       const char *words, store_result_done *done, void *data);

/* Puts the report of this name into the outbox for some more readers. Any number of processes may
 * do so at once. Result: how many were put; `more` to be told, now, or when the outbox is not so
 * `full`. */
typedef void store_report_told(void *data, int error, bool more, bool full, int64_t put);
void store_report_tell(struct store *store, const struct store_turn *turn, const char *name,
                       store_report_told *done, void *data);

#endif
