#include "store/person.h"

#include "store/redis.h"

#include <inttypes.h>
#include <stdio.h>

static void on_person(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_person person = {0};
    if (!error)
        person = (struct store_person){
            .number = answer_integer(answer, 0),
            .openid = answer_text(answer, 1),
            .employee = answer_text(answer, 2),
            .name = answer_text(answer, 3),
            .department = answer_text(answer, 4),
            .team = answer_text(answer, 5),
            .xp = answer_integer(answer, 6),
            .co = answer_integer(answer, 7),
            .level = (unsigned)answer_integer(answer, 8),
            .streak = answer_integer(answer, 9),
            .streak_day = answer_integer(answer, 10),
            .checkins = answer_integer(answer, 11),
            .freezes = answer_integer(answer, 12),
            .shown = answer_integer(answer, 13) == 1,
            .tally = answer_text(answer, 14),
            .recent = answer_text(answer, 15),
        };
    ((store_person_done *)then)(data, error, error ? NULL : &person);
}

void store_person(struct store *store, const struct store_turn *turn, const char *who,
                  const char *folded, store_person_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, who);
    args_text(&args, folded);
    redis_run(store, "person", turn->account, &args, on_person, (redis_then *)done, data);
}

static void on_names(redis_then *then, void *data, int error, const struct answer *answer) {
    const char *names[STORE_NAMES];
    unsigned count = 0;
    for (; !error && count < answer_count(answer) && count < STORE_NAMES; count++)
        names[count] = answer_text(answer, count);
    ((store_names_done *)then)(data, error, names, count);
}

void store_names(struct store *store, const struct store_turn *turn, const int64_t *numbers,
                 unsigned count, store_names_done *done, void *data) {
    struct redis_args args;
    char list[STORE_NAMES * 21 + 1] = "";
    for (unsigned i = 0, length = 0; i < count && i < STORE_NAMES; i++)
        length +=
            (unsigned)snprintf(list + length, sizeof list - length, "%" PRId64 ",", numbers[i]);
    args_begin(&args, turn);
    args_text(&args, list);
    redis_run(store, "names", turn->account, &args, on_names, (redis_then *)done, data);
}
