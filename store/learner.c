#include "store/learner.h"

#include "store/gain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell(redis_then *then, void *data, int error, const struct store_learner *learner) {
    ((store_learner_done *)then)(data, error, error ? NULL : learner);
}

static void on_followed(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_learner learner = {0};
    if (!error) {
        gain_read(answer, 0, &learner);
        learner.is_new = answer_integer(answer, GAIN_VALUES) != 0;
    }
    tell(then, data, error, &learner);
}

void store_follow(struct store *store, const struct store_turn *turn, const char *policy,
                  const char *welcome, unsigned minute, store_learner_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, policy);
    args_text(&args, welcome);
    args_integer(&args, minute);
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

/* "AT POINTS COINS RULE", AT in base 36, and WHY if there is one. */
static void parse_recent(struct store_learner *learner, const char *line) {
    long long points, coins;
    char rule[sizeof learner->recent[0].rule], why[16] = "";
    char *rest;
    int64_t at = strtoll(line, &rest, 36);
    if (learner->recent_count == STORE_RECENT ||
        sscanf(rest, " %lld %lld %63s %15s", &points, &coins, rule, why) < 3)
        return;
    unsigned i = learner->recent_count++;
    learner->recent[i].at = at;
    learner->recent[i].points = points;
    learner->recent[i].coins = coins;
    learner->recent[i].why = store_why(why);
    memcpy(learner->recent[i].rule, rule, sizeof rule);
}

static void on_standing(redis_then *then, void *data, int error, const struct answer *answer) {
    enum { HEAD = 15 };
    struct store_learner learner = {0};
    if (!error) {
        learner.number = answer_integer(answer, 0);
        learner.xp = answer_integer(answer, 1);
        learner.level = learner.level_before = (unsigned)answer_integer(answer, 2);
        learner.streak = answer_integer(answer, 3);
        learner.checkins = answer_integer(answer, 4);
        learner.checked_in = answer_integer(answer, 5) != 0;
        snprintf(learner.name, sizeof learner.name, "%s", answer_text(answer, 6));
        learner.coins = answer_integer(answer, 7);
        learner.freezes = (unsigned)answer_integer(answer, 8);
        learner.missed = (unsigned)answer_integer(answer, 9);
        learner.mended = answer_integer(answer, 10);
        learner.rest_day = answer_integer(answer, 11) == 0;
        learner.on_leave = answer_integer(answer, 12) != 0;
        learner.hidden = answer_integer(answer, 13) != 0;
        learner.finished = answer_integer(answer, 14);
        for (size_t i = HEAD; i < answer_count(answer); i++)
            parse_recent(&learner, answer_text(answer, i));
    }
    tell(then, data, error, &learner);
}

void store_standing(struct store *store, const struct store_turn *turn, const char *policy,
                    const char *work, store_learner_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, policy);
    args_text(&args, work);
    redis_run(store, "standing", turn->account, &args, on_standing, (redis_then *)done, data);
}
