#include "bot/standing.h"

void standing_for(struct turn *turn, store_learner_done *done, void *data) {
    char work[64];
    workdays_recent(turn->account->workdays, turn->who.day, work);
    store_standing(turn->store, &turn->who, turn->account->policy, work, done, data);
}

void standing(struct turn *turn, store_learner_done *done) {
    standing_for(turn, done, turn);
}
