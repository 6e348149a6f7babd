#include "store/learner.h"

#include "store/redis.h"

#include <stdio.h>
#include <string.h>

static void tell(redis_then *then, void *data, int error, const struct store_learner *learner) {
    ((store_learner_done *)then)(data, error, error ? NULL : learner);
}

static void on_followed(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_learner learner = {0};
    if (!error) {
        learner.number = answer_integer(answer, 0);
        learner.xp = answer_integer(answer, 1);
        learner.level = (unsigned)answer_integer(answer, 2);
        learner.level_before = (unsigned)answer_integer(answer, 3);
        learner.given = answer_integer(answer, 4);
        learner.is_new = answer_integer(answer, 5) != 0;
    }
    tell(then, data, error, &learner);
}

void store_follow(struct store *store, const struct store_turn *turn, const char *thresholds,
                  const struct store_rule *welcome, store_learner_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, thresholds);
    args_rule(&args, welcome);
    redis_run(store, "follow", turn->account, &args, on_followed, (redis_then *)done, data);
}

static void on_done(redis_then *then, void *data, int error, const struct answer *answer) {
    (void)answer;
    struct store_learner learner = {0};
    tell(then, data, error, &learner);
}

static void run(struct store *store, const char *script, const struct store_turn *turn,
                redis_done *parse, store_learner_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    redis_run(store, script, turn->account, &args, parse, (redis_then *)done, data);
}

void store_unfollow(struct store *store, const struct store_turn *turn, store_learner_done *done,
                    void *data) {
    run(store, "unfollow", turn, on_done, done, data);
}

void store_note(struct store *store, const struct store_turn *turn, store_learner_done *done,
                void *data) {
    run(store, "note", turn, on_done, done, data);
}

static void on_standing(redis_then *then, void *data, int error, const struct answer *answer) {
    enum { HEAD = 7 };
    struct store_learner learner = {0};
    if (!error) {
        learner.number = answer_integer(answer, 0);
        learner.xp = answer_integer(answer, 1);
        learner.level = learner.level_before = (unsigned)answer_integer(answer, 2);
        learner.streak = answer_integer(answer, 3);
        learner.checkins = answer_integer(answer, 4);
        learner.checked_in = answer_integer(answer, 5) != 0;
        snprintf(learner.name, sizeof learner.name, "%s", answer_text(answer, 6));
        for (size_t i = HEAD; i < answer_count(answer) && learner.recent_count < STORE_RECENT;
             i++) {
            long long at, points;
            char rule[sizeof learner.recent[0].rule];
            if (sscanf(answer_text(answer, i), "%lld %lld %63s", &at, &points, rule) != 3)
                continue;
            learner.recent[learner.recent_count].at = at;
            learner.recent[learner.recent_count].points = points;
            memcpy(learner.recent[learner.recent_count].rule, rule, sizeof rule);
            learner.recent_count++;
        }
    }
    tell(then, data, error, &learner);
}

void store_standing(struct store *store, const struct store_turn *turn, store_learner_done *done,
                    void *data) {
    run(store, "standing", turn, on_standing, done, data);
}
