/* day21 contest create ACCOUNT FILE | list ACCOUNT | show ACCOUNT NAME [--top N] | close, cancel,
 * announce ACCOUNT NAME: contests and the league, for operators. */

#include "bot/contest_plan.h"
#include "bot/options.h"
#include "bot/verb.h"
#include "config/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define TOP 10

/* ---- how things are said ---- */

static const char *kind_of(const struct store_contest *contest) {
    switch (contest->kind) {
    case STORE_CONTEST_PERSONS:
        return "persons";
    case STORE_CONTEST_DEPARTMENTS:
        return "departments";
    case STORE_CONTEST_TEAMS:
        return "teams";
    case STORE_CONTEST_LEAGUE:
        break;
    }
    return "league";
}

static const char *state_of(const struct session *session, const struct store_contest *contest) {
    if (contest->over)
        return "over";
    return session->turn.now < contest->from ? "to come" : "running";
}

static void show_head(struct session *session, const struct store_contest *contest) {
    struct calendar *calendar = session->account->calendar;
    char from[32], to[32] = "it is closed";
    calendar_stamp(calendar, contest->from, from);
    if (contest->over)
        calendar_stamp(calendar, contest->ended, to);
    else if (contest->kind != STORE_CONTEST_LEAGUE)
        calendar_stamp(calendar, contest->to, to);
    printf("%s  %s, %s, %s to %s  %s\n", contest->name, state_of(session, contest),
           kind_of(contest), from, to, contest->title);
}

/* ---- create ---- */

struct created {
    struct session *session;
    int64_t result;
    char detail[256];
};

static void on_created(void *data, int error, int64_t result, const char *detail) {
    struct created *created = data;
    created->result = result;
    snprintf(created->detail, sizeof created->detail, "%s", detail);
    session_done(created->session, error);
}

static int say_created(const struct store_contest_plan *plan, const struct created *created) {
    switch (created->result) {
    case STORE_CONTEST_CREATED:
        printf("%s: created\n", plan->name);
        return 0;
    case STORE_CONTEST_BEFORE:
        printf("%s: is there, just so\n", plan->name);
        return 0;
    case STORE_CONTEST_TAKEN:
        fprintf(stderr, "day21: another contest has the name %s: %s\n", plan->name,
                created->detail);
        return 1;
    case STORE_CONTEST_MANY:
        fprintf(stderr, "day21: %s contests run or will, more cannot; close or cancel one\n",
                created->detail);
        return 1;
    case STORE_CONTEST_NONE:
        fprintf(stderr, "day21: there is no %s %s\n",
                plan->kind == STORE_CONTEST_TEAMS ? "team" : "department", created->detail);
        return 1;
    case STORE_CONTEST_PAST:
        fprintf(stderr,
                "day21: it would have begun already, and what was earned since would not count\n");
        return 1;
    default:
        fprintf(stderr, "day21: there is a league; close it first\n");
        return 1;
    }
}

static int create(struct session *session, int argc, char **argv) {
    struct created created = {.session = session};
    struct store_contest_plan *plan;
    struct yaml_problem problem = {""};
    (void)argc;
    if (contest_plan_load(session, argv[0], session->account, &plan, &problem)) {
        fprintf(stderr, "day21: %s\n", problem.text);
        return 1;
    }
    store_contest_create(session->store, &session->turn, plan, on_created, &created);
    if (session_wait(session))
        return 1;
    return say_created(plan, &created);
}

/* ---- list ---- */

static void on_listed(void *data, int error, const struct store_contest *contest) {
    struct session *session = data;
    if (contest) {
        session->result++;
        show_head(session, contest);
    } else {
        session_done(session, error);
    }
}

static int list(struct session *session, int argc, char **argv) {
    (void)argc;
    (void)argv;
    session->result = 0;
    store_contest_list(session->store, &session->turn, LIMIT_CONTEST_LIST, on_listed, session);
    if (session_wait(session))
        return 1;
    if (session->result == 0)
        printf("no contests\n");
    return 0;
}

/* ---- show ---- */

static void show_row(const struct store_contest *contest, unsigned i) {
    const struct store_contest_row *row = &contest->rows[i];
    char value[32];
    if (contest->scoring == STORE_CONTEST_PER_HEAD)
        snprintf(value, sizeof value, "%" PRId64 ".%02d", row->value / 100,
                 (int)(row->value % 100));
    else
        snprintf(value, sizeof value, "%" PRId64, row->value);
    printf("%5" PRId64 "  %10s  %s", row->rank, value, row->name);
    printf(*row->name ? "\n" : "(%" PRId64 ")\n", row->id);
}

static void on_contest(void *data, int error, const struct store_contest *contest) {
    struct session *session = data;
    session->result = contest != NULL;
    if (contest) {
        show_head(session, contest);
        if (contest->scoring == STORE_CONTEST_BEST)
            printf("scored by the best %" PRId64 "\n", contest->k);
        if (contest->scoring == STORE_CONTEST_PER_HEAD)
            printf("scored per head\n");
        if (*contest->prizes)
            printf("prizes: %s\n", contest->prizes);
        if (contest->announced)
            printf("its players are told the result\n");
        if (contest->kind != STORE_CONTEST_LEAGUE)
            printf("%" PRId64 " have earned, %" PRId64 " on the board\n", contest->players,
                   contest->total);
        for (unsigned i = 0; i < contest->count; i++)
            show_row(contest, i);
    }
    session_done(session, error);
}

static int say_none(const char *name) {
    fprintf(stderr, "day21: there is no contest %s\n", name);
    return 1;
}

static int show(struct session *session, int argc, char **argv) {
    int64_t top = TOP;
    const struct options options[] = {
        {"--top", .number = &top, .least = 0, .most = STORE_CONTEST_ROWS}, {NULL}};
    if (options_take(options, argc, argv) != 1)
        return VERB_USAGE;
    store_contest_show(session->store, &session->turn, argv[0], (unsigned)top, on_contest, session);
    if (session_wait(session))
        return 1;
    return session->result ? 0 : say_none(argv[0]);
}

/* ---- close, cancel, announce ---- */

/* `done` and `before`: what is said when it has been done now, and before. */
static int end(struct session *session, const char *name, const char *verb, const char *done,
               const char *before) {
    store_contest_end(session->store, &session->turn, name, verb, session_done_result, session);
    if (session_wait(session))
        return 1;
    switch (session->result) {
    case STORE_CONTEST_GONE:
        return say_none(name);
    case STORE_CONTEST_OVER:
        fprintf(stderr, "day21: %s is over, and its result stays\n", name);
        return 1;
    case STORE_CONTEST_ON:
        fprintf(stderr, "day21: %s is not over yet\n", name);
        return 1;
    case STORE_CONTEST_TO_COME:
        fprintf(stderr, "day21: %s has not begun; cancel it\n", name);
        return 1;
    case STORE_CONTEST_NO_RESULT:
        fprintf(stderr, "day21: a league has no result to announce\n");
        return 1;
    default:
        printf("%s: %s\n", name, session->result ? done : before);
        return 0;
    }
}

static int close_early(struct session *session, int argc, char **argv) {
    (void)argc;
    return end(session, argv[0], "close", "closed; as it stands now it stays", "was over");
}

static int cancel(struct session *session, int argc, char **argv) {
    (void)argc;
    return end(session, argv[0], "cancel", "cancelled, as if it had never been", "");
}

static int announce(struct session *session, int argc, char **argv) {
    (void)argc;
    return end(session, argv[0], "announce",
               "its players are told by day21 work, if they may still be written to",
               "its players have been told, or are being told");
}

static const struct verb verbs[] = {
    {"create", "FILE", 1, 1, create},
    {"list", "", 0, 0, list},
    {"show", "NAME [--top N]", 1, 3, show},
    {"close", "NAME", 1, 1, close_early},
    {"announce", "NAME", 1, 1, announce},
    {"cancel", "NAME", 1, 1, cancel},
    {NULL},
};

const struct command contest_command = {
    .name = "contest",
    .purpose = "contests and the league",
    .redis = true,
    .verbs = verbs,
};
