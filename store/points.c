#include "store/points.h"

#include "store/learner.h"
#include "store/redis.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void args_rule(struct redis_args *args, const struct store_rule *rule) {
    args_text(args, rule->name);
    args_integer(args, rule->points);
    args_integer(args, rule->daily_cap);
    args_text(args, rule->once ? "1" : "0");
    args_text(args, rule->subject);
}

int store_milestone(unsigned day, const struct store_rule *rule, char text[STORE_MILESTONE]) {
    if (rule->name[strcspn(rule->name, ": ")] != '\0')
        return -1;
    int length = snprintf(text, STORE_MILESTONE, " %u:%s:%" PRId64 ":%" PRId64 ":%d", day,
                          rule->name, rule->points, rule->daily_cap, rule->once);
    return length < STORE_MILESTONE ? 0 : -1;
}

static void on_checked_in(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_learner learner = {0};
    if (!error) {
        learner.number = answer_integer(answer, 0);
        learner.xp = answer_integer(answer, 1);
        learner.level = (unsigned)answer_integer(answer, 2);
        learner.level_before = (unsigned)answer_integer(answer, 3);
        learner.given = answer_integer(answer, 4);
        learner.streak = answer_integer(answer, 5);
        learner.checkins = answer_integer(answer, 6);
        learner.checked_in = answer_integer(answer, 7) != 0;
    }
    ((store_learner_done *)then)(data, error, error ? NULL : &learner);
}

void store_checkin(struct store *store, const struct store_turn *turn,
                   const struct store_checkin *checkin, store_learner_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, checkin->thresholds);
    args_rule(&args, &checkin->rule);
    args_integer(&args, checkin->minute);
    args_integer(&args, checkin->tomorrow);
    args_integer(&args, checkin->remind_from);
    args_integer(&args, checkin->remind_to);
    args_integer(&args, checkin->plan_days);
    args_text(&args, checkin->milestones);
    redis_run(store, "checkin", turn->account, &args, on_checked_in, (redis_then *)done, data);
}
