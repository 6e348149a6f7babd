#include "store/question.h"

#include "config/limits.h"
#include "store/gain.h"

#include <string.h>

/* ---- in chat ---- */

static const char *const whats[] = {
    [STORE_QUESTION_ASK] = "ask",
    [STORE_QUESTION_ANSWER] = "answer",
    [STORE_QUESTION_HEARD] = "heard",
};

static const char *const outcomes[STORE_QUESTION_OUTCOME_COUNT] = {
#define X(name) [STORE_QUESTION_IS_##name] = #name,
    STORE_QUESTION_OUTCOMES(X)
#undef X
};

static const char *const states[] = {
    [STORE_QUESTION_OPEN] = "open",
    [STORE_QUESTION_ANSWERED] = "answered",
    [STORE_QUESTION_LEFT] = "left",
};

/* The place of a word among so many, 0 when it is none of them. */
static unsigned place_of(const char *word, const char *const words[], unsigned count) {
    for (unsigned i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return 0;
}

static void on_said(redis_then *then, void *data, int error, const struct answer *answer) {
    struct store_learner learner = {0};
    struct store_question_reply reply = {.learner = &learner};
    if (!error) {
        reply.outcome = (enum store_question_outcome)place_of(answer_text(answer, 0), outcomes,
                                                              STORE_QUESTION_OUTCOME_COUNT);
        reply.id = answer_integer(answer, 1);
        reply.number = answer_integer(answer, 2);
        reply.who = answer_text(answer, 3);
        reply.text = answer_text(answer, 4);
        reply.by = answer_integer(answer, 5);
        reply.course = answer_text(answer, 6);
        reply.open = answer_integer(answer, 7);
        gain_read(answer, 8, &learner);
        learner.why = store_why(answer_text(answer, 8 + GAIN_VALUES));
    }
    ((store_question_done *)then)(data, error, error ? NULL : &reply);
}

void store_question_say(struct store *store, const struct store_turn *turn,
                        const struct store_question_said *said, store_question_done *done,
                        void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, whats[said->what]);
    args_text(&args, said->text);
    args_integer(&args, said->id);
    args_text(&args, said->course);
    args_integer(&args, said->effort);
    args_text(&args, said->words);
    args_integer(&args, said->minute);
    args_text(&args, said->policy);
    args_text(&args, said->ask_rule);
    args_text(&args, said->answer_rule);
    args_integer(&args, said->most);
    args_integer(&args, said->by);
    args_integer(&args, said->remind);
    args_integer(&args, LIMIT_DIALOGUE_S);
    redis_run(store, "question_say", turn->account, &args, on_said, (redis_then *)done, data);
}

/* ---- lists ---- */

static struct store_question desk_row(const struct answer *row) {
    return (struct store_question){
        .id = answer_integer(row, 0),
        .by = answer_integer(row, 1),
        .asker = answer_integer(row, 2),
        .asker_name = answer_text(row, 3),
        .mentor_name = "",
        .course = "",
        .text = answer_text(row, 4),
        .answer = "",
    };
}

static struct store_question own_row(const struct answer *row) {
    return (struct store_question){
        .id = answer_integer(row, 0),
        .at = answer_integer(row, 1),
        .by = answer_integer(row, 2),
        .state = (enum store_question_state)place_of(answer_text(row, 3), states, 3),
        .asker_name = "",
        .mentor = answer_integer(row, 4),
        .mentor_name = answer_text(row, 5),
        .text = answer_text(row, 6),
        .answer = answer_text(row, 7),
        .course = answer_text(row, 8),
    };
}

static struct store_question full_row(const struct answer *row) {
    return (struct store_question){
        .id = answer_integer(row, 0),
        .at = answer_integer(row, 1),
        .by = answer_integer(row, 2),
        .answered = answer_integer(row, 3),
        .state = (enum store_question_state)place_of(answer_text(row, 4), states, 3),
        .asker = answer_integer(row, 5),
        .asker_name = answer_text(row, 6),
        .mentor = answer_integer(row, 7),
        .mentor_name = answer_text(row, 8),
        .course = answer_text(row, 9),
        .text = answer_text(row, 10),
        .answer = answer_text(row, 11),
    };
}

/* The answer is a number, then rows. */
static void tell_list(redis_then *then, void *data, int error, const struct answer *answer,
                      struct store_question (*row_of)(const struct answer *row)) {
    struct store_question list[STORE_QUESTION_PAGE];
    unsigned listed = 0;
    for (size_t i = 1; !error && i < answer_count(answer) && listed < STORE_QUESTION_PAGE; i++)
        if (answer_list(answer, i))
            list[listed++] = row_of(answer_list(answer, i));
    ((store_question_list_done *)then)(data, error, error ? NULL : list, listed,
                                       error ? 0 : answer_integer(answer, 0));
}

static void on_desk(redis_then *then, void *data, int error, const struct answer *answer) {
    tell_list(then, data, error, answer, desk_row);
}

void store_question_desk(struct store *store, const struct store_turn *turn, unsigned most,
                         store_question_list_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, most);
    redis_run(store, "question_desk", turn->account, &args, on_desk, (redis_then *)done, data);
}

static void on_mine(redis_then *then, void *data, int error, const struct answer *answer) {
    tell_list(then, data, error, answer, own_row);
}

void store_question_mine(struct store *store, const struct store_turn *turn, unsigned most,
                         store_question_list_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, most);
    redis_run(store, "question_mine", turn->account, &args, on_mine, (redis_then *)done, data);
}

static void on_list(redis_then *then, void *data, int error, const struct answer *answer) {
    tell_list(then, data, error, answer, full_row);
}

void store_question_list(struct store *store, const struct store_turn *turn, const char *which,
                         int64_t from, store_question_list_done *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_text(&args, which);
    args_integer(&args, from);
    args_integer(&args, STORE_QUESTION_PAGE);
    redis_run(store, "question_list", turn->account, &args, on_list, (redis_then *)done, data);
}

/* ---- an operator's ---- */

static const char *const results[STORE_QUESTION_RESULT_COUNT] = {
#define X(name) [STORE_QUESTION_##name] = #name,
    STORE_QUESTION_RESULTS(X)
#undef X
};

static void on_assigned(redis_then *then, void *data, int error, const struct answer *answer) {
    unsigned result =
        error ? 0 : place_of(answer_text(answer, 0), results, STORE_QUESTION_RESULT_COUNT);
    ((store_question_assigned *)then)(data, error, (enum store_question_result)result);
}

void store_question_assign(struct store *store, const struct store_turn *turn, int64_t id,
                           const char *key, store_question_assigned *done, void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, id);
    args_text(&args, key);
    redis_run(store, "question_assign", turn->account, &args, on_assigned, (redis_then *)done,
              data);
}
