#include "bot/standing.h"

void standing(struct turn *turn, store_learner_done *done) {
    char work[64];
    workdays_recent(turn->account->workdays, turn->who.day, work);
    store_standing(turn->store, &turn->who, turn->account->policy, work, done, turn);
}
