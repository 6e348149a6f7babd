#ifndef DAY21_STORE_STREAK_H
#define DAY21_STORE_STREAK_H

/* The streak: working days in a row with a check-in. Rest days and days of leave neither count nor
 * break it. A working day that was missed breaks it; a freeze (补签卡), of which the streak itself
 * earns some, mends one such day. */

#include "store/points.h"

#define STORE_MAKEUP_OUTCOMES(X)                                                                   \
    X(whole) /* nothing to mend, or it was too long ago */                                         \
    X(few)   /* too few freezes in hand */                                                         \
    X(mended)

enum store_makeup_outcome {
#define X(name) STORE_MAKEUP_##name,
    STORE_MAKEUP_OUTCOMES(X)
#undef X
        STORE_MAKEUP_COUNT
};

struct store_makeup {
    enum store_makeup_outcome outcome;
    unsigned missed;  /* working days */
    int64_t streak;   /* as it is now; `few`: as it would be */
    unsigned freezes; /* in hand now */
};

typedef void store_makeup_done(void *data, int error, const struct store_makeup *makeup);

/* Mends the streak with freezes in hand, one for each day missed. `policy` as in store/points.h,
 * `work` as in struct store_checkin. */
void store_makeup(struct store *store, const struct store_turn *turn, const char *policy,
                  const char *work, store_makeup_done *done, void *data);

/* Leaves with no working day in between are one leave: nobody gets round the limit by taking it in
 * pieces. */
struct store_wish {
    int64_t from, to; /* day numbers, both included; 0, 0: takes back today and what is to come */
    unsigned most;    /* working days */
    const char *work; /* '1' a working day, '0' not, for each day from `first` on: more than `most`
                         working days before `from`, and as many after `to` */
    int64_t first;
};

struct store_leave {
    bool taken;       /* false: nothing has changed, as it is longer than `most` with what is
                         there, or as there is none to take back */
    int64_t from, to; /* all of the leave, as it is or would be; 0, 0 when there is none */
};

typedef void store_leave_done(void *data, int error, const struct store_leave *leave);

/* Takes leave, or takes it back. */
void store_leave(struct store *store, const struct store_turn *turn, const struct store_wish *wish,
                 store_leave_done *done, void *data);

#endif
