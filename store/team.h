#ifndef DAY21_STORE_TEAM_H
#define DAY21_STORE_TEAM_H

/* Teams. A person plays for one at most, as the employee they are: who is assigned before they are
 * bound plays from when they bind. What was earned for a team stays with it, whoever leaves. Heads
 * are its bound people. A team is found by its name, folded, which no other has.
 *
 * An open team anybody may join in chat, and leave; in and out of the others an operator helps. */

#include "store/store.h"

/* Room for a name of LIMIT_TEAM_NAME characters. */
#define STORE_TEAM_NAME 84

/* ---- an operator's; of a turn they use account, now and day, and they may be said again ---- */

#define STORE_TEAM_RESULTS(X)                                                                      \
    X(done)     /* is as it was asked for */                                                       \
    X(taken)    /* another team has that name */                                                   \
    X(many)     /* there are LIMIT_TEAMS */                                                        \
    X(unknown)  /* there is no such team */                                                        \
    X(stranger) /* no such employee; of a captain: none of that team */                            \
    X(gone)     /* the employee has left the company */

enum store_team_result {
#define X(name) STORE_TEAM_##name,
    STORE_TEAM_RESULTS(X)
#undef X
        STORE_TEAM_RESULT_COUNT
};

/* `number` as said at each. */
typedef void store_team_done(void *data, int error, enum store_team_result result, int64_t number);

/* A new team; number: its id. `drawn` says how it was drawn, "" if it was not: for the same one, a
 * team that is there is as good as a new one. */
void store_team_create(struct store *store, const struct store_turn *turn, const char *name,
                       const char *folded, bool open, const char *drawn, store_team_done *done,
                       void *data);

void store_team_rename(struct store *store, const struct store_turn *turn, const char *folded,
                       const char *name, const char *name_folded, store_team_done *done,
                       void *data);

/* Anybody may join it, and leave it, from now on, or no more; who plays for it stays. */
void store_team_open(struct store *store, const struct store_turn *turn, const char *folded,
                     bool open, store_team_done *done, void *data);

/* KEY of one who plays for the team, or "" for no captain. */
void store_team_captain(struct store *store, const struct store_turn *turn, const char *folded,
                        const char *key, store_team_done *done, void *data);

struct store_team_move {
    const char *key; /* of the employee */
    int64_t team;    /* its id; 0: none */
};

/* At most some hundred at a time. Number: how many were done; `result` is why the last one that was
 * not was not. */
void store_team_assign(struct store *store, const struct store_turn *turn,
                       const struct store_team_move *moves, unsigned count, store_team_done *done,
                       void *data);

/* Lets go some of its people; number: how many are left. With the last the team is no more, and its
 * name is free. */
void store_team_dissolve(struct store *store, const struct store_turn *turn, const char *folded,
                         store_team_done *done, void *data);

struct store_team {
    int64_t id; /* from 1 */
    const char *name, *folded;
    bool open;
    const char *captain, *captain_name; /* KEY; "" for none */
    int64_t heads;                      /* bound people */
    int64_t awaiting;                   /* people who are not bound yet */
    int64_t week, all;                  /* points */
    const char *drawn;
};

#define STORE_TEAM_PAGE 200

/* `list` is NULL on error; lives until it returns. `next`: the id to go on from, 0 at the end. */
typedef void store_team_list_done(void *data, int error, const struct store_team *list,
                                  unsigned count, int64_t next);

/* Teams in the order of their ids, those after `from`, STORE_TEAM_PAGE at most. */
void store_team_list(struct store *store, const struct store_turn *turn, int64_t from,
                     store_team_list_done *done, void *data);

struct store_team_person {
    const char *key, *number, *name; /* of the employee; number as it is written */
    const char *department;          /* path; only of store_team_people() */
    bool bound;
    int64_t team; /* id, 0 for none; only of store_team_people() */
    int64_t week; /* points; only of store_team_show() */
};

/* `team` is NULL if there is none of that name, and of store_team_people(); `looked`: how many
 * there were to look at, 0 at the end. All lives until it returns. */
typedef void store_team_people_done(void *data, int error, const struct store_team *team,
                                    const struct store_team_person *list, unsigned count,
                                    unsigned looked);

/* The team and its people from place `from` on, counted from 0, STORE_TEAM_PAGE at most. */
void store_team_show(struct store *store, const struct store_turn *turn, const char *folded,
                     int64_t from, store_team_people_done *done, void *data);

/* Whom a team can be made of: the roster from place `from` on, without those who have left. */
void store_team_people(struct store *store, const struct store_turn *turn, int64_t from,
                       store_team_people_done *done, void *data);

/* ---- a learner's, in chat ---- */

#define STORE_TEAM_OUTCOMES(X)                                                                     \
    X(unbound) /* has to bind first */                                                             \
    X(none)    /* plays for no team; offers */                                                     \
    X(plays)   /* for `name`; the card */                                                          \
    X(which)   /* named no team; offers */                                                         \
    X(missing) /* there is none of that name; offers */                                            \
    X(closed)  /* `name` is not open; offers */                                                    \
    X(fixed)   /* plays for `name`, which is not open */                                           \
    X(already) /* plays for `name` */                                                              \
    X(joined)  /* plays for `name` now, and no more for `other` ("" for none) */                   \
    X(sure)    /* asks whether to leave `other` for `name` */                                      \
    X(leave)   /* asks whether to leave `name` */                                                  \
    X(left)    /* played for `name`; offers */

enum store_team_outcome {
#define X(name) STORE_TEAM_IS_##name,
    STORE_TEAM_OUTCOMES(X)
#undef X
        STORE_TEAM_OUTCOME_COUNT
};

#define STORE_TEAM_OFFERS 8
#define STORE_TEAM_BEST   8

struct store_team_card {
    enum store_team_outcome outcome;
    char name[STORE_TEAM_NAME];
    char other[STORE_TEAM_NAME]; /* of the card: who stands a place higher this week */
    int64_t heads;               /* of `name` */
    unsigned offers_count;
    struct {
        char name[STORE_TEAM_NAME];
        int64_t heads;
    } offers[STORE_TEAM_OFFERS]; /* open teams, the newest first */

    /* The card: */
    int64_t number;  /* the learner's own */
    int64_t rank;    /* this week, from 1; 0: no points yet */
    int64_t total;   /* teams that have some */
    int64_t points;  /* this week */
    int64_t gap;     /* points that it takes to overtake `other` */
    int64_t captain; /* learner's number; 0 if there is none, or not bound */
    char captain_name[STORE_NAME];
    int64_t absent; /* members who have not written or tapped today; -1: too many to count */
    unsigned best_count;
    struct {
        int64_t number, points;
        char name[STORE_NAME];
    } best[STORE_TEAM_BEST]; /* of this week, those who stand on the board of persons */
};

/* `card` is NULL on error; lives until it returns. */
typedef void store_team_card_done(void *data, int error, const struct store_team_card *card);

/* Costs a look at each member, up to LIMIT_TEAM_LOOK of them; of a larger team nobody is counted as
 * absent. Of more than a thousand its best are looked for among the first 5,000 of the board. */
void store_team_mine(struct store *store, const struct store_turn *turn, store_team_card_done *done,
                     void *data);

/* `confirmed`: joins the team that was asked about, while that question is open. */
void store_team_join(struct store *store, const struct store_turn *turn, const char *folded,
                     bool confirmed, store_team_card_done *done, void *data);

void store_team_leave(struct store *store, const struct store_turn *turn, bool confirmed,
                      store_team_card_done *done, void *data);

#endif
