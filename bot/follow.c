/* Follow and unfollow: the first thing a learner reads, and what happens when they leave. */

#include "bot/handlers.h"
#include "store/learner.h"

static void on_followed(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    struct vars vars = {0};
    vars_copy(&vars, "menu", turn_render(turn, COPY_menu, NULL));
    if (learner->is_new && learner->given == 0) {
        turn_copy(turn, COPY_welcome_bind, &vars); /* only who is bound earns anything */
    } else if (learner->given > 0) {
        vars_number(&vars, "points", learner->given);
        turn_copy(turn, COPY_welcome, &vars);
    } else {
        vars_number(&vars, "xp", learner->xp);
        turn_copy(turn, COPY_welcome_back, &vars);
    }
}

void follow(struct turn *turn) {
    const struct account *account = turn->account;
    store_follow(turn->store, &turn->who, account->policy, account->follow,
                 calendar_minute(account->calendar, turn->who.now), on_followed, turn);
}

static void on_unfollowed(void *data, int error, const struct store_learner *learner) {
    (void)learner;
    struct turn *turn = data;
    if (error)
        turn_fail(turn, error);
    else
        turn_none(turn); /* nobody is there to read anything */
}

void unfollow(struct turn *turn) {
    store_unfollow(turn->store, &turn->who, on_unfollowed, turn);
}
