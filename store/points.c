#include "store/points.h"

#include "store/gain.h"

#include <inttypes.h>
#include <string.h>
#include <talloc.h>

char *store_rule_text(void *ctx, const struct store_rule *rule) {
    if (rule->name[strspn(rule->name, "abcdefghijklmnopqrstuvwxyz0123456789_")] || !*rule->name)
        return NULL;
    return talloc_asprintf(ctx,
                           "%s;%" PRId64 ";%" PRId64 ";%d;%d;%d;%" PRId64 ";%" PRId64 ";%" PRId64
                           ";%" PRId64 ";%" PRId64 ";%" PRId64 ";%" PRId64 ";%c",
                           rule->name, rule->points, rule->coins, rule->once, rule->bound,
                           rule->beyond_cap, rule->cooldown_s, rule->least, rule->cap.day,
                           rule->cap.week, rule->cap.subject_day, rule->cap.subject_week,
                           rule->cap.subject, rule->activity ? rule->activity : 'a');
}

char *store_policy_text(void *ctx, const struct store_policy *policy) {
    return talloc_asprintf(ctx, "%s;%" PRId64 ";%d;%u,%u,%u;%u,%u;%u,%u;%u;%u", policy->thresholds,
                           policy->daily_cap, policy->unbound_earn, policy->freeze_every,
                           policy->freezes, policy->makeup_days, policy->burst, policy->burst_s,
                           policy->night_from, policy->night_to, policy->same_text, policy->praise);
}

enum store_why store_why(const char *word) {
    static const char *const words[] = {
#define X(name, word) word,
        STORE_WHYS(X)
#undef X
    };
    for (int why = 0; why < STORE_WHY_COUNT; why++)
        if (strcmp(words[why], word) == 0)
            return (enum store_why)why;
    return STORE_WHY_none;
}

static void on_awarded(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_learner learner = {0};
    if (!error) {
        gain_read(answer, 0, &learner);
        learner.why = store_why(answer_text(answer, GAIN_VALUES));
    }
    ((store_learner_done *)then)(data, error, error ? NULL : &learner);
}

void store_award(struct store *store, const struct store_turn *turn, const char *policy,
                 const char *rule, const struct store_event *event, store_learner_done *done,
                 void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, policy);
    args_text(&args, rule);
    args_text(&args, event->subject);
    args_integer(&args, event->effort);
    args_text(&args, event->words);
    if (event->peer)
        args_integer(&args, event->peer);
    else
        args_text(&args, "");
    args_integer(&args, event->minute);
    redis_run(store, "award", turn->account, &args, on_awarded, (redis_then *)done, data);
}

static void on_checked_in(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_learner learner = {0};
    if (!error) {
        gain_read(answer, 0, &learner);
        learner.streak = answer_integer(answer, 7);
        learner.checkins = answer_integer(answer, 8);
        learner.checked_in = answer_integer(answer, 9) != 0;
        learner.freezes = (unsigned)answer_integer(answer, 10);
        learner.freeze_earned = answer_integer(answer, 11) != 0;
        learner.missed = (unsigned)answer_integer(answer, 12);
        learner.mended = answer_integer(answer, 13);
        learner.rest_day = answer_integer(answer, 14) == 0;
        learner.finished = answer_integer(answer, 15);
    }
    ((store_learner_done *)then)(data, error, error ? NULL : &learner);
}

void store_checkin(struct store *store, const struct store_turn *turn,
                   const struct store_checkin *checkin, store_learner_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, checkin->policy);
    args_text(&args, checkin->rule);
    args_integer(&args, checkin->minute);
    args_integer(&args, checkin->next);
    args_integer(&args, checkin->remind_from);
    args_integer(&args, checkin->remind_to);
    args_integer(&args, checkin->plan_days);
    args_text(&args, checkin->milestones);
    args_text(&args, checkin->work);
    redis_run(store, "checkin", turn->account, &args, on_checked_in, (redis_then *)done, data);
}
