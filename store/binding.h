#ifndef DAY21_STORE_BINDING_H
#define DAY21_STORE_BINDING_H

/* Which employee a learner is: one is bound to the other, and to nobody else. A learner proves to
 * be somebody with the employee number and either a one-time code or the last four digits of the
 * mobile number. Wrong tries are counted for the learner and for the number: LIMIT_BIND_TRIES
 * within LIMIT_BIND_WINDOW_S.
 *
 * A second phone, which is another WeChat and so another learner: with a one-time code the binding
 * moves to it, with all that was earned: the two learners change records. Who had it before is
 * unbound and off the boards. The tail of the mobile number, which colleagues may know, is not
 * enough for that.
 *
 * The questions asked on the way are remembered for LIMIT_DIALOGUE_S: a dialogue. */

#include "store/store.h"

#define STORE_BINDING_OUTCOMES(X)                                                                  \
    X(none)    /* no question was open: the text is for somebody else */                           \
    X(ask)     /* asks for the employee number */                                                  \
    X(proof)   /* … and for code or tail; also if there is no such number */                     \
    X(bound)   /* is `name` now */                                                                 \
    X(moved)   /* … and has moved here from another learner */                                   \
    X(already) /* was `name` before */                                                             \
    X(wrong)   /* number or proof; asks for the number again */                                    \
    X(code)    /* is bound to another learner: asks for a one-time code */                         \
    X(limited) /* too many wrong tries */                                                          \
    X(unbound) /* unbind: is not bound */                                                          \
    X(sure)    /* unbind: asks for a confirmation; is `name` */                                    \
    X(done)    /* unbind: was `name` */

enum store_binding_outcome {
#define X(name) STORE_BINDING_##name,
    STORE_BINDING_OUTCOMES(X)
#undef X
        STORE_BINDING_COUNT
};

struct store_binding {
    enum store_binding_outcome outcome;
    char name[STORE_NAME]; /* of the employee, where said above; else "" */
};

/* `binding` is NULL on error; lives until it returns. */
typedef void store_binding_done(void *data, int error, const struct store_binding *binding);

/* The learner wants to be bound (`asked`), or said something that may answer a question. Up to two
 * words, folded, at most LIMIT_ROSTER_NUMBER bytes each; "" for none. */
void store_bind(struct store *store, const struct store_turn *turn, bool asked, const char *first,
                const char *second, store_binding_done *done, void *data);

/* The learner wants to be bound no more; `confirmed` counts only while the question is open. */
void store_unbind(struct store *store, const struct store_turn *turn, bool confirmed,
                  store_binding_done *done, void *data);

/* Closes the question that is open. `result` is 1 if one was. */
void store_cancel(struct store *store, const struct store_turn *turn, store_result_done *done,
                  void *data);

/* Makes `code` the one-time code of an employee for LIMIT_BIND_CODE_S, in place of another;
 * what is kept is its hash with `salt`. `result` is 1, 0 no such employee, -1 who has left. */
void store_code(struct store *store, const struct store_turn *turn, const char *key,
                const char *salt, const char *code, store_result_done *done, void *data);

#endif
