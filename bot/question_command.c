/* day21 question VERB ACCOUNT …: questions to mentors, for operators. */

#include "bot/keywords.h"
#include "bot/options.h"
#include "bot/verb.h"
#include "store/question.h"

#include <inttypes.h>
#include <stdio.h>
#include <talloc.h>

/* ---- list and show ---- */

struct listing {
    struct session *session;
    bool whole;   /* with the answers */
    int64_t next; /* place to go on from */
    int64_t got;  /* places of the last page */
    bool any;
};

static void show_person(int64_t number, const char *name) {
    if (*name)
        printf("%s", name);
    else
        printf("learner %" PRId64, number);
}

/* "3  open, with 何以宁, asked 2026-11-21 08:05:30, to be answered by 2026-11-22 08:05:30" */
static void show_state(struct calendar *calendar, const struct store_question *question) {
    static const char *const states[] = {
        [STORE_QUESTION_OPEN] = "open",
        [STORE_QUESTION_ANSWERED] = "answered",
        [STORE_QUESTION_LEFT] = "closed, the asker has left",
    };
    char at[32];
    printf("%" PRId64 "  %s", question->id, states[question->state]);
    if (question->state == STORE_QUESTION_OPEN && !question->mentor)
        printf(", nobody's");
    if (question->mentor && question->state != STORE_QUESTION_LEFT) {
        printf(question->state == STORE_QUESTION_OPEN ? ", with " : " by ");
        show_person(question->mentor, question->mentor_name);
    }
    calendar_stamp(calendar, question->at, at);
    printf(", asked %s", at);
    if (question->state == STORE_QUESTION_OPEN) {
        calendar_stamp(calendar, question->by, at);
        printf(", to be answered by %s", at);
    } else if (question->state == STORE_QUESTION_ANSWERED) {
        calendar_stamp(calendar, question->answered, at);
        printf(", answered %s", at);
    }
    printf("\n");
}

static void on_list(void *data, int error, const struct store_question *list, unsigned listed,
                    int64_t count) {
    struct listing *listing = data;
    for (unsigned i = 0; i < listed; i++) {
        show_state(listing->session->account->calendar, &list[i]);
        printf("    ");
        show_person(list[i].asker, list[i].asker_name);
        printf(": %s\n", list[i].text);
        if (listing->whole && *list[i].answer)
            printf("    %s%s%s%s\n", list[i].answer, *list[i].course ? " [course " : "",
                   list[i].course, *list[i].course ? "]" : "");
    }
    listing->any |= listed > 0;
    listing->got = count;
    listing->next += count;
    session_done(listing->session, error);
}

/* Returns 0, or -1 having said why not. */
static int read_list(struct listing *listing, const char *which) {
    struct session *session = listing->session;
    do {
        store_question_list(session->store, &session->turn, which, listing->next, on_list, listing);
        if (session_wait(session))
            return -1;
    } while (listing->got > 0);
    return 0;
}

static int list(struct session *session, int argc, char **argv) {
    bool open = false, overdue = false, unassigned = false;
    const struct options options[] = {
        {"--open", .given = &open},
        {"--overdue", .given = &overdue},
        {"--unassigned", .given = &unassigned},
        {NULL},
    };
    struct listing listing = {.session = session};
    if (options_take(options, argc, argv) != 0 || open + overdue + unassigned > 1)
        return VERB_USAGE;
    if (read_list(&listing, open         ? "open"
                            : overdue    ? "overdue"
                            : unassigned ? "unassigned"
                                         : "all"))
        return 1;
    if (!listing.any)
        printf("no questions\n");
    return 0;
}

#define MOST_ID INT64_C(1000000000000)

static int show(struct session *session, int argc, char **argv) {
    struct listing listing = {.session = session, .whole = true};
    int64_t id;
    char which[24];
    (void)argc;
    if (options_number(argv[0], 1, MOST_ID, &id))
        return VERB_USAGE;
    snprintf(which, sizeof which, "%" PRId64, id);
    if (read_list(&listing, which))
        return 1;
    if (!listing.any)
        fprintf(stderr, "day21: there is no question %" PRId64 "\n", id);
    return listing.any ? 0 : 1;
}

/* ---- assign ---- */

struct assigning {
    struct session *session;
    enum store_question_result result;
};

static void on_assigned(void *data, int error, enum store_question_result result) {
    struct assigning *assigning = data;
    assigning->result = result;
    session_done(assigning->session, error);
}

static int assign(struct session *session, int argc, char **argv) {
    static const char *const texts[STORE_QUESTION_RESULT_COUNT] = {
        [STORE_QUESTION_done] = "done",
        [STORE_QUESTION_unknown] = "there is no such question",
        [STORE_QUESTION_closed] = "the question is not open any more",
        [STORE_QUESTION_stranger] = "nobody of this number is on the roster",
        [STORE_QUESTION_nobody] = "the employee is no mentor: tagged as one, bound, and following",
        [STORE_QUESTION_asker] = "the employee has asked it",
        [STORE_QUESTION_full] = "the employee has as many open questions as one may have",
    };
    struct assigning assigning = {.session = session};
    const char *key = keywords_fold(session, argv[1]);
    int64_t id;
    (void)argc;
    if (options_number(argv[0], 1, MOST_ID, &id))
        return VERB_USAGE;
    if (!key) {
        fprintf(stderr, "day21: out of memory\n");
        return 1;
    }
    store_question_assign(session->store, &session->turn, id, key, on_assigned, &assigning);
    if (session_wait(session))
        return 1;
    if (assigning.result != STORE_QUESTION_done)
        fprintf(stderr, "day21: %s\n", texts[assigning.result]);
    return assigning.result != STORE_QUESTION_done;
}

static const struct verb verbs[] = {
    {"list", "[--open|--overdue|--unassigned]", 0, 1, list},
    {"show", "ID", 1, 1, show},
    {"assign", "ID EMPLOYEE", 2, 2, assign},
    {NULL},
};

const struct command question_command = {
    .name = "question",
    .purpose = "questions to mentors",
    .redis = true,
    .verbs = verbs,
};
