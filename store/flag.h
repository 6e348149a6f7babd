#ifndef DAY21_STORE_FLAG_H
#define DAY21_STORE_FLAG_H

/* What the guard of points has flagged: it looks like a game played with them. Nothing is taken
 * away for it; an operator looks at it. Of a turn these verbs use the account. */

#include "store/store.h"

struct store_flag {
    const char *id;   /* "MILLISECONDS-NUMBER" */
    int64_t number;   /* of the learner */
    const char *name; /* "" when not bound */
    const char *kind; /* burst, night, same_text, praise */
    const char *rule;
    int64_t at; /* seconds */
    const char *detail;
};

#define STORE_FLAGS 100 /* a page */

typedef void store_flags_done(void *data, int error, const struct store_flag *flags,
                              unsigned count);

/* A page of them, the newest first, from before the flag `before` on, "" from the newest. */
void store_flags(struct store *store, const struct store_turn *turn, const char *before,
                 store_flags_done *done, void *data);

/* Forgets a flag. `result` is 1, 0 when there is none of this id. */
void store_flag_clear(struct store *store, const struct store_turn *turn, const char *id,
                      store_result_done *done, void *data);

#endif
