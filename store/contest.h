#ifndef DAY21_STORE_CONTEST_H
#define DAY21_STORE_CONTEST_H

/* Contests: between persons, departments or teams, from one second to another. The rules:
 *
 * - A change of points counts when it is made in [from, to) by turn.now, by a rule that counts,
 *   after the contest was created. A reversal takes back what it reverses had it counted, as long
 *   as the contest runs and the line reversed is still in the stream; afterwards it changes no
 *   result. What was earned before the contest was created never counts.
 * - Points go to the department or team in which they were earned, and stay there. Who moves plays
 *   on for the new one. Of listed departments one plays for the nearest above one's own; when none
 *   are listed, for one's own.
 * - Value: the sum; or the sum per head, in hundredths, cut off; or the sum of the k members who
 *   earned most for it.
 * - Heads are the bound employees in it now (and so, in the end, at the close) or all who have
 *   earned for it in the contest, whichever are more: to drop idle members does not help, and
 *   neither does it to bring in somebody for a day.
 * - Among equals stands higher who reached the value first.
 * - Persons stand on the board who stand on other boards (store/board.h); who hides, leaves or is
 *   no longer bound leaves it while the contest runs, keeps the points, and comes back with them.
 *   All earn for department and team. In a result a person is no longer named who does not stand on
 *   boards now; the place stays.
 * - At turn.now >= to nothing counts any more, and whoever looks first, usually the worker, ends
 *   the contest: it is struck off the list of those that run, in one script, and its board, from
 *   then on touched by nobody, is the result. So it cannot change, whatever comes late, twice, or
 *   from a process whose clock is behind; a message of before `to` that comes after the end earns
 *   its points and does not count. What a result calls departments and teams is kept with it.
 *
 * A board costs the logarithm of its size, an award that of those it counts for. An account without
 * a contest pays one GET an award. */

#include "store/store.h"

#define STORE_CONTEST_NAME  33 /* of a contest: a-z, 0-9, - and _; with its NUL */
#define STORE_CONTEST_PARTY 160

enum store_contest_kind {
    STORE_CONTEST_PERSONS = 'p',
    STORE_CONTEST_DEPARTMENTS = 'd',
    STORE_CONTEST_TEAMS = 't',
    STORE_CONTEST_LEAGUE = 'l', /* see store/league.h */
};

enum store_contest_scoring {
    STORE_CONTEST_SUM = 's',
    STORE_CONTEST_PER_HEAD = 'h', /* not of persons; values are hundredths */
    STORE_CONTEST_BEST = 'b',     /* not of persons */
    STORE_CONTEST_WEEKLY = 'l',   /* a league's */
};

struct store_contest_plan {
    const char *name, *title, *prizes; /* prizes: "" for none */
    int64_t from, to;                  /* seconds; to is excluded */
    enum store_contest_kind kind;
    char scoring;       /* enum store_contest_scoring */
    int64_t k;          /* best: how many; league: size of a group */
    const char *counts; /* ",rule,rule,", or "*" for all rules; league: ",UP,DOWN,TIERS" */
    const char *only;   /* paths of departments or folded names of teams, 0x1f after each; "*" */
    bool announce;      /* the players are told the result */
    unsigned most;      /* contests that may run at once */
};

enum {
    STORE_CONTEST_CREATED = 1,
    STORE_CONTEST_BEFORE = 0, /* had been, just so */
    STORE_CONTEST_TAKEN = -1, /* another one has the name; detail: its title */
    STORE_CONTEST_MANY = -2,  /* detail: how many run */
    STORE_CONTEST_NONE = -3,  /* detail: the department or team there is not */
    STORE_CONTEST_PAST = -4,  /* it would have begun already */
    STORE_CONTEST_SECOND_LEAGUE = -5,
};

/* `result` is one of the above. */
typedef void store_contest_created(void *data, int error, int64_t result, const char *detail);
void store_contest_create(struct store *store, const struct store_turn *turn,
                          const struct store_contest_plan *plan, store_contest_created *done,
                          void *data);

struct store_contest_row {
    int64_t rank, id; /* learner's number, or that of department or team */
    int64_t value;    /* points, or hundredths of them per head */
    const char *name; /* "" of somebody who is not to be named */
};

#define STORE_CONTEST_ROWS 100

struct store_contest {
    const char *name, *title, *prizes;
    int64_t from, to, ended; /* ended: 0 while it is on */
    enum store_contest_kind kind;
    char scoring;
    int64_t k;
    bool over;
    bool announced;  /* its players are told the result, or have been */
    int64_t total;   /* on its board */
    int64_t players; /* who have earned in it */
    unsigned count;
    struct store_contest_row rows[STORE_CONTEST_ROWS];
};

/* Called once for each contest, the newest first, and at the end with NULL. */
typedef void store_contest_each(void *data, int error, const struct store_contest *contest);
void store_contest_list(struct store *store, const struct store_turn *turn, unsigned most,
                        store_contest_each *each, void *data);

/* One, with the first `top` of its board; NULL: there is none. */
typedef void store_contest_done(void *data, int error, const struct store_contest *contest);
void store_contest_show(struct store *store, const struct store_turn *turn, const char *name,
                        unsigned top, store_contest_done *done, void *data);

enum {
    STORE_CONTEST_GONE = -1,      /* there is none of that name */
    STORE_CONTEST_OVER = -2,      /* its result cannot be cancelled */
    STORE_CONTEST_ON = -3,        /* there is no result yet to be announced */
    STORE_CONTEST_NO_RESULT = -4, /* a league never has one */
    STORE_CONTEST_TO_COME = -5,   /* what has not begun cannot be closed */
};

/* An operator's: `verb` is close (now, early), cancel (as if it had never been), announce (the
 * players are told the result by the worker). 1: done, 0: had been done; or one of the above. */
void store_contest_end(struct store *store, const struct store_turn *turn, const char *name,
                       const char *verb, store_result_done *done, void *data);

/* What the worker does. Ends the contests whose end has come: `ended` of them; `telling` is the
 * name of one whose players are being told its result, or "". */
typedef void store_contest_is_due(void *data, int error, int64_t ended, const char *telling);
void store_contest_due(struct store *store, const struct store_turn *turn,
                       store_contest_is_due *done, void *data);

struct store_contest_player {
    int64_t number;
    const char *openid;
    const char *party;   /* department or team they play for; "" for none, or for themselves */
    int64_t rank, value; /* of that one, or their own; 0, 0: not on the board */
    int64_t points;      /* their own in the contest */
};

/* The next players who follow, may be written to by WeChat's rule of 48 hours and have not been
 * told; `next` is for store_contest_told(). Of `most` that are looked at. */
typedef void store_contest_page_done(void *data, int error, const struct store_contest *contest,
                                     const struct store_contest_player *players, unsigned count,
                                     const char *next);
void store_contest_page(struct store *store, const struct store_turn *turn, const char *name,
                        unsigned most, store_contest_page_done *done, void *data);

/* Puts the reply for player `number`, turn->openid, into the outbox, once for ever. `result` is 1,
 * 0 when it had been. */
void store_contest_tell(struct store *store, const struct store_turn *turn, const char *name,
                        int64_t number, const char *body, store_result_done *done, void *data);

/* All of a page have been told. No result. */
void store_contest_told(struct store *store, const struct store_turn *turn, const char *name,
                        const char *next, store_result_done *done, void *data);

/* How the learner stands in one contest. */
struct store_contest_mine {
    struct store_contest contest; /* of one that is over, rows are its first three */
    int64_t party;                /* own number, department's or team's id */
    const char *party_name;
    int64_t rank, value; /* 0, 0: not on the board */
    int64_t gap;         /* points that are missing to overtake who stands before */
    int64_t ahead;       /* that one's id, and … */
    const char *ahead_name;
    int64_t points; /* the learner's own in it */
};

#define STORE_CONTEST_MINE 9 /* LIMIT_CONTESTS, and the last that is over */

typedef void store_contest_mine_done(void *data, int error, int64_t number, bool shown,
                                     const struct store_contest_mine *list, unsigned count);

/* The contests in which the learner plays, and the last that is over, if they could play there. */
void store_contest_mine(struct store *store, const struct store_turn *turn,
                        store_contest_mine_done *done, void *data);

#endif
