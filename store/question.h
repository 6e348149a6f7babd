#ifndef DAY21_STORE_QUESTION_H
#define DAY21_STORE_QUESTION_H

/* Questions to mentors. A mentor is an employee tagged as one (store/employee.h) who is bound and
 * follows. A question goes to the nearest: of the asker's department, else of one above it, else
 * anybody; among these to who has the fewest open, then to who was told of one longest ago; never
 * to the asker, nor to who is on leave. Where there is nobody it waits, and the worker gives it out
 * (store_take()) as soon as there is. So it also hands on what a mentor leaves who leaves the
 * company, unbinds, unfollows, or is no mentor any more. Who asked and leaves the company: their
 * open questions are closed.
 *
 * Notices, through the outbox: question_asked to a mentor, question_waiting when it is time to
 * remind one, question_answered to the asker. */

#include "store/points.h"

#include <stddef.h>

#define STORE_COURSE 48 /* bytes of a course's id, with its NUL */

enum store_question_what {
    STORE_QUESTION_ASK,    /* `text` is asked; "": the learner wants to ask */
    STORE_QUESTION_ANSWER, /* `text` answers `id`; "": the learner wants to */
    STORE_QUESTION_HEARD,  /* `text` is one of them, if it was waited for */
};

struct store_question_said {
    enum store_question_what what;
    const char *text; /* in one line */
    int64_t id;
    const char *course; /* id of the one that goes with the answer; "" */

    /* As in store/points.h: */
    const char *policy;
    const char *ask_rule, *answer_rule; /* earned by it; "" */
    int64_t effort;
    const char *words;
    unsigned minute;

    unsigned most;  /* open questions a learner may have */
    int64_t by;     /* a question of now is to be answered by then */
    int64_t remind; /* … and its mentor reminded then */
};

#define STORE_QUESTION_OUTCOMES(X)                                                                 \
    X(none)      /* nothing was waited for: the text is for somebody else */                       \
    X(ask)       /* the question is waited for now */                                              \
    X(bind)      /* has to bind first */                                                           \
    X(many)      /* has `open` open questions: no more for now */                                  \
    X(asked)     /* is question `id`, and `open` are; `who` has it, "" nobody yet */               \
    X(reply)     /* the answer to `id`, which is `text` by `who`, is waited for now */             \
    X(answered)  /* `text` of `who` is answered; `open` are left */                                \
    X(unknown)   /* there is no question `id` */                                                   \
    X(elsewhere) /* … it is not this learner's to answer */                                      \
    X(before)    /* … it has been answered */                                                    \
    X(left)      /* … its asker has left the company */

enum store_question_outcome {
#define X(name) STORE_QUESTION_IS_##name,
    STORE_QUESTION_OUTCOMES(X)
#undef X
        STORE_QUESTION_OUTCOME_COUNT
};

struct store_question_reply {
    enum store_question_outcome outcome;
    int64_t id, number; /* number: of the other, whose name is `who`; 0 for nobody */
    const char *who;    /* "" of one who is not bound */
    const char *text;   /* the question */
    const char *course;
    int64_t by;
    int64_t open; /* of an asker: what is not answered yet; of a mentor: what is to be answered */
    /* what it earned: number, xp, level, level_before, given, coins, coins_given, why */
    const struct store_learner *learner;
};

/* `reply` is NULL on error; lives until it returns. */
typedef void store_question_done(void *data, int error, const struct store_question_reply *reply);

void store_question_say(struct store *store, const struct store_turn *turn,
                        const struct store_question_said *said, store_question_done *done,
                        void *data);

enum store_question_state {
    STORE_QUESTION_OPEN,
    STORE_QUESTION_ANSWERED,
    STORE_QUESTION_LEFT, /* closed: its asker has left the company */
};

/* Texts are never NULL. What a list does not tell is 0 or "". */
struct store_question {
    int64_t id;
    int64_t at, by, answered; /* asked, to be answered by, and when it was; seconds */
    enum store_question_state state;
    int64_t asker, mentor; /* numbers; mentor 0 of an open one that is nobody's */
    const char *asker_name, *mentor_name;
    const char *course, *text, *answer;
};

/* `list` is NULL on error; lives until it returns. `count` as said at each. */
typedef void store_question_list_done(void *data, int error, const struct store_question *list,
                                      unsigned listed, int64_t count);

#define STORE_QUESTION_PAGE 100

/* What the learner has to answer, the oldest first, `most` of them: id, by, asker, text. `count`:
 * how many there are, -1 of who is no mentor and has none. */
void store_question_desk(struct store *store, const struct store_turn *turn, unsigned most,
                         store_question_list_done *done, void *data);

/* What the learner asked last, the newest first: all but the asker and when it was answered. */
void store_question_mine(struct store *store, const struct store_turn *turn, unsigned most,
                         store_question_list_done *done, void *data);

/* ---- an operator's; of a turn they use account, now and day ---- */

/* `which` is all, open, overdue, unassigned, or an id in digits; from place `from` (counted from 0)
 * on. `count`: how many places were looked at, 0 at the end. */
void store_question_list(struct store *store, const struct store_turn *turn, const char *which,
                         int64_t from, store_question_list_done *done, void *data);

#define STORE_QUESTION_RESULTS(X)                                                                  \
    X(done)     /* it is that mentor's */                                                          \
    X(unknown)  /* there is no such question */                                                    \
    X(closed)   /* it is not open */                                                               \
    X(stranger) /* there is no such employee */                                                    \
    X(nobody)   /* … who is no mentor: tagged, bound, following */                               \
    X(asker)    /* … who asked it */                                                             \
    X(full)     /* … who has as many as one may have */

enum store_question_result {
#define X(name) STORE_QUESTION_##name,
    STORE_QUESTION_RESULTS(X)
#undef X
        STORE_QUESTION_RESULT_COUNT
};

typedef void store_question_assigned(void *data, int error, enum store_question_result result);

/* Gives question `id` to the employee of KEY. */
void store_question_assign(struct store *store, const struct store_turn *turn, int64_t id,
                           const char *key, store_question_assigned *done, void *data);

#endif
