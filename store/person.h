#ifndef DAY21_STORE_PERSON_H
#define DAY21_STORE_PERSON_H

/* Learners as operators look at them. Of a turn these verbs use the account. */

#include "store/store.h"

struct store_person {
    int64_t number; /* 0: there is nobody like that */
    const char *openid;
    const char *employee; /* KEY, "" when not bound */
    const char *name, *department, *team;
    int64_t xp, co;
    unsigned level;
    int64_t streak, streak_day; /* up to that day */
    int64_t checkins, freezes;
    bool shown; /* stands on boards */
    const char *tally;
    const char *recent; /* as `rc` in store/keys.h */
};

typedef void store_person_done(void *data, int error, const struct store_person *person);

/* Finds one: `who` is "#" and a learner's number, an openid, or an employee number; `folded` the
 * same as employee numbers are compared. */
void store_person(struct store *store, const struct store_turn *turn, const char *who,
                  const char *folded, store_person_done *done, void *data);

/* One name for each number that was asked for, "" of who is not bound. */
typedef void store_names_done(void *data, int error, const char *const *names, unsigned count);

#define STORE_NAMES 100 /* at once */

/* The names of `count` learners, STORE_NAMES at most. */
void store_names(struct store *store, const struct store_turn *turn, const int64_t *numbers,
                 unsigned count, store_names_done *done, void *data);

#endif
