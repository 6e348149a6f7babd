/* day21 team VERB ACCOUNT …: teams, for operators. */

#include "bot/team_command.h"

#include "bot/keywords.h"
#include "bot/options.h"
#include "bot/team_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <talloc.h>

/* ---- answers ---- */

void team_answered(void *data, int error, enum store_team_result result, int64_t number) {
    struct team_answer *answer = data;
    answer->result = result;
    answer->number = number;
    session_done(answer->session, error);
}

const char *team_result_text(enum store_team_result result) {
    static const char *const texts[STORE_TEAM_RESULT_COUNT] = {
        [STORE_TEAM_done] = "done",
        [STORE_TEAM_taken] = "another team has that name",
        [STORE_TEAM_many] = "there are as many teams as there may be",
        [STORE_TEAM_unknown] = "there is no such team",
        [STORE_TEAM_stranger] = "nobody of this number is on the roster",
        [STORE_TEAM_gone] = "the employee has left",
    };
    return texts[result];
}

int team_finish(struct team_answer *answer) {
    if (session_wait(answer->session))
        return 1;
    if (answer->result == STORE_TEAM_done)
        return 0;
    fprintf(stderr, "day21: %s\n", team_result_text(answer->result));
    return 1;
}

/* ---- names ---- */

static char *fold(struct session *session, const char *text) {
    char *folded = keywords_fold(session, text);
    if (!folded)
        fprintf(stderr, "day21: out of memory\n");
    return folded;
}

static bool take_name(struct session *session, const char *text, const char **name,
                      const char **folded) {
    const char *wrong = team_name(session, text, name, folded);
    if (wrong)
        fprintf(stderr, "day21: team \"%s\": %s\n", text, wrong);
    return !wrong;
}

/* ---- list and show ---- */

struct listing {
    struct session *session;
    int64_t next; /* to be asked for: an id, or a place */
    bool any;     /* team, so far */
    unsigned got; /* people, with the last page */
};

static void show_team(const struct store_team *team) {
    printf("%s%s: %" PRId64 " people, %" PRId64 " not bound yet; %" PRId64
           " points this week, %" PRId64 " ever\n",
           team->name, team->open ? " (open)" : "", team->heads, team->awaiting, team->week,
           team->all);
}

static void on_list(void *data, int error, const struct store_team *list, unsigned count,
                    int64_t next) {
    struct listing *listing = data;
    for (unsigned i = 0; i < count; i++)
        show_team(&list[i]);
    listing->any |= count > 0;
    listing->next = next;
    session_done(listing->session, error);
}

static int list(struct session *session, int argc, char **argv) {
    (void)argc, (void)argv;
    struct listing listing = {.session = session};
    do {
        store_team_list(session->store, &session->turn, listing.next, on_list, &listing);
        if (session_wait(session))
            return 1;
    } while (listing.next);
    if (!listing.any)
        printf("no teams\n");
    return 0;
}

static void on_show(void *data, int error, const struct store_team *team,
                    const struct store_team_person *people, unsigned count, unsigned looked) {
    struct listing *listing = data;
    listing->any = team != NULL;
    if (team && listing->next == 0) {
        show_team(team);
        if (*team->captain)
            printf("captain: %s %s\n", team->captain, team->captain_name);
        if (*team->drawn)
            printf("drawn by lot: %s\n", team->drawn);
    }
    for (unsigned i = 0; i < count; i++) {
        if (people[i].bound)
            printf("  %s %s, %" PRId64 " points this week\n", people[i].number, people[i].name,
                   people[i].week);
        else
            printf("  %s %s, not bound yet\n", people[i].number, people[i].name);
    }
    listing->got = looked;
    listing->next += looked;
    session_done(listing->session, error);
}

static int show(struct session *session, int argc, char **argv) {
    (void)argc;
    struct listing listing = {.session = session};
    const char *folded = fold(session, argv[0]);
    if (!folded)
        return 1;
    do {
        store_team_show(session->store, &session->turn, folded, listing.next, on_show, &listing);
        if (session_wait(session))
            return 1;
    } while (listing.got > 0);
    if (listing.any)
        return 0;
    fprintf(stderr, "day21: %s\n", team_result_text(STORE_TEAM_unknown));
    return 1;
}

/* ---- one team ---- */

static int create(struct session *session, int argc, char **argv) {
    struct team_answer answer = {.session = session};
    const char *name, *folded;
    bool open = false;
    const struct options options[] = {{"--open", .given = &open}, {NULL}};
    if (options_take(options, argc, argv) != 1)
        return VERB_USAGE;
    if (!take_name(session, argv[0], &name, &folded))
        return 1;
    store_team_create(session->store, &session->turn, name, folded, open, "", team_answered,
                      &answer);
    return team_finish(&answer);
}

static int rename_team(struct session *session, int argc, char **argv) {
    (void)argc;
    struct team_answer answer = {.session = session};
    const char *name, *folded;
    const char *before = fold(session, argv[0]);
    if (!before || !take_name(session, argv[1], &name, &folded))
        return 1;
    store_team_rename(session->store, &session->turn, before, name, folded, team_answered, &answer);
    return team_finish(&answer);
}

static int set_open(struct session *session, const char *name, bool open) {
    struct team_answer answer = {.session = session};
    const char *folded = fold(session, name);
    if (!folded)
        return 1;
    store_team_open(session->store, &session->turn, folded, open, team_answered, &answer);
    return team_finish(&answer);
}

static int open_team(struct session *session, int argc, char **argv) {
    (void)argc;
    return set_open(session, argv[0], true);
}

static int close_team(struct session *session, int argc, char **argv) {
    (void)argc;
    return set_open(session, argv[0], false);
}

/* A word, and another or --none: that is *folded "". Returns 0 or the exit status. */
static int take_pair(struct session *session, int argc, char **argv, const char **first,
                     const char **folded) {
    bool none = false;
    const struct options options[] = {{"--none", .given = &none}, {NULL}};
    if (options_take(options, argc, argv) != (none ? 1 : 2))
        return VERB_USAGE;
    *first = fold(session, argv[0]);
    *folded = none ? "" : fold(session, argv[1]);
    return *first && *folded ? 0 : 1;
}

static int captain(struct session *session, int argc, char **argv) {
    struct team_answer answer = {.session = session};
    const char *folded, *key;
    int status = take_pair(session, argc, argv, &folded, &key);
    if (status)
        return status;
    store_team_captain(session->store, &session->turn, folded, key, team_answered, &answer);
    if (session_wait(session))
        return 1;
    if (answer.result == STORE_TEAM_done)
        return 0;
    fprintf(stderr, "day21: %s\n",
            answer.result == STORE_TEAM_stranger ? "nobody of this number plays for that team"
                                                 : team_result_text(answer.result));
    return 1;
}

static int dissolve(struct session *session, int argc, char **argv) {
    (void)argc;
    struct team_answer answer = {.session = session};
    const char *folded = fold(session, argv[0]);
    if (!folded)
        return 1;
    do {
        store_team_dissolve(session->store, &session->turn, folded, team_answered, &answer);
        if (team_finish(&answer))
            return 1;
    } while (answer.number > 0);
    return 0;
}

/* As a result like the others': its id, or that there is none of that name. */
static void on_found(void *data, int error, const struct store_team *team,
                     const struct store_team_person *people, unsigned count, unsigned looked) {
    (void)people, (void)count, (void)looked;
    team_answered(data, error, team ? STORE_TEAM_done : STORE_TEAM_unknown, team ? team->id : 0);
}

static int assign(struct session *session, int argc, char **argv) {
    struct team_answer answer = {.session = session};
    struct store_team_move move = {0};
    const char *folded;
    int status = take_pair(session, argc, argv, &move.key, &folded);
    if (status)
        return status;
    if (*folded) {
        store_team_show(session->store, &session->turn, folded, 0, on_found, &answer);
        if (team_finish(&answer))
            return 1;
        move.team = answer.number;
    }
    store_team_assign(session->store, &session->turn, &move, 1, team_answered, &answer);
    return team_finish(&answer);
}

static const struct verb verbs[] = {
    {"list", "", 0, 0, list},
    {"show", "TEAM", 1, 1, show},
    {"create", "NAME [--open]", 1, 2, create},
    {"open", "TEAM", 1, 1, open_team},
    {"close", "TEAM", 1, 1, close_team},
    {"draw",
     "--departments PATH [--depth N] [--apply] | --size N [--seed SEED] [--prefix TEXT] [--apply]",
     2, 7, team_draw},
    {"import", "FILE [--apply]", 1, 2, team_import},
    {"assign", "EMPLOYEE TEAM|--none", 2, 2, assign},
    {"captain", "TEAM EMPLOYEE|--none", 2, 2, captain},
    {"rename", "TEAM NAME", 2, 2, rename_team},
    {"dissolve", "TEAM", 1, 1, dissolve},
    {NULL},
};

const struct command team_command = {
    .name = "team",
    .purpose = "teams",
    .redis = true,
    .verbs = verbs,
};
