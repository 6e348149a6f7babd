#include "store/gain.h"

void gain_read(const struct answer *answer, size_t at, struct store_learner *learner) {
    learner->number = answer_integer(answer, at);
    learner->xp = answer_integer(answer, at + 1);
    learner->level = (unsigned)answer_integer(answer, at + 2);
    learner->level_before = (unsigned)answer_integer(answer, at + 3);
    learner->given = answer_integer(answer, at + 4);
    learner->coins = answer_integer(answer, at + 5);
    learner->coins_given = answer_integer(answer, at + 6);
}
