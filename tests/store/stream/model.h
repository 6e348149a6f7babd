#ifndef DAY21_MODEL_H
#define DAY21_MODEL_H

/* The rules of points, streaks, boards and bindings once more, as plainly as can be: one event
 * after the other, every sum added up from the list of all changes whenever it is asked for. */

#include "store/learner.h"
#include "tests/store/stream/stream.h"

#define MODEL_DAYS   (STREAM_DAYS + 8)
#define MODEL_WEEKS  8
#define MODEL_MONTHS 3

#define REVERSED RULES /* the rule of a change that takes another one back */

/* A ledger line. */
struct change {
    int event; /* -1: it takes back line `reversed` */
    char reversed[32];
    unsigned rule;
    int subject;
    int64_t points, coins, xp, co, at, day;
    int department, team; /* -1, 0: none */
};

/* When somebody came to where they stand on a board; 0: not there. */
struct places {
    int64_t all, day[MODEL_DAYS], week[MODEL_WEEKS], month[MODEL_MONTHS];
};

struct recent {
    int64_t at, points, coins;
    unsigned rule;
    enum store_why why;
};

/* By day, counted from STREAM_FIRST. */
struct person {
    unsigned household;
    int64_t number; /* as the store told it first; 0: nobody has asked */
    int64_t xp, coins, level;
    struct change *changes;
    int count, room;
    struct recent recent[STORE_RECENT];
    int recent_count;
    int64_t checkins;
    int last_checkin; /* day; -1 */
    bool counted[MODEL_DAYS], mended[MODEL_DAYS], leave[MODEL_DAYS];
    int64_t broken, broken_missed;
    int broken_from, broken_to; /* days between */
    int64_t freezes;
    bool bound, gone, hidden;
    struct places places;
    bool active[MODEL_DAYS], watched[MODEL_DAYS], interacted[MODEL_DAYS], discussed[MODEL_DAYS];
};

enum question { NO_QUESTION, ASKED_NUMBER, ASKED_PROOF, ASKED_SURE };

struct phone {
    struct person *person;
    bool known, following;
    enum question question;
    int tries;
};

struct family {
    struct phone phones[PHONES];
    struct person persons[PHONES];
    int department, team, tries;
    bool gone, code;
};

struct model {
    const struct stream *stream;
    struct family families[HOUSEHOLDS];
};

/* What a verb answers, whichever it is; what it does not fill is 0. */
enum {
    A_NUMBER,
    A_XP,
    A_LEVEL,
    A_BEFORE,
    A_GIVEN,
    A_COINS,
    A_COINS_GIVEN,
    A_WHY,
    A_STREAK,
    A_CHECKINS,
    A_CHECKED_IN,
    A_FREEZES,
    A_FREEZE_EARNED,
    A_MISSED,
    A_MENDED,
    A_REST_DAY,
    A_IS_NEW,
    A_OUTCOME,
    A_TO,
    ANSWERS
};
extern const char *const answer_names[ANSWERS];
struct answers {
    int64_t of[ANSWERS];
};

struct model *model_make(const struct stream *stream);
void model_free(struct model *model);

/* Lets an event happen, and says what the store must answer, but for A_NUMBER. `*who` is the person
 * it happened to, before. */
struct answers model_apply(struct model *model, int event, struct person **who);

/* Takes back a change of a person, of whom no event is under way, that the ledger calls `line`. */
void model_reverse(struct model *model, struct person *person, int change, const char *line,
                   int64_t now);

/* Weeks from the one of STREAM_FIRST, months from that of STREAM_FIRST, by day number. */
int model_week(int64_t day);
int model_month(int64_t day);

/* The day that the newest points count for; 0. */
int64_t model_newest(const struct person *person);

/* The streak as it was when it counted last, and the experience of a period: of all times, if each
 * is -1. */
int64_t model_last_streak(const struct person *person);
int64_t model_sum(const struct person *person, int day, int week, int month);

#endif
