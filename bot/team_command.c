/* day21 team VERB ACCOUNT …: teams, for operators. Who is to play for which is shown first. */

#include "bot/command.h"
#include "bot/csv.h"
#include "bot/keywords.h"
#include "bot/session.h"
#include "bot/team_plan.h"
#include "config/limits.h"
#include "store/team.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <talloc.h>

#define BATCH 100 /* people assigned by one script: some milliseconds of Redis' time */
#define SHOWN 20  /* of each kind of change */
#define DEPTH 20  /* of departments */

/* ---- the store ---- */

struct teams {
    struct session *session;
    enum store_team_result result; /* of the last call … */
    int64_t number;
    unsigned got;
    bool found;
    int64_t next;

    struct team_world world; /* loaded for a plan */
    struct team_known *known;
};

static void on_result(void *data, int error, enum store_team_result result, int64_t number) {
    struct teams *teams = data;
    teams->result = result;
    teams->number = number;
    session_done(teams->session, error);
}

static const char *const results[STORE_TEAM_RESULT_COUNT] = {
    [STORE_TEAM_done] = "done",
    [STORE_TEAM_taken] = "another team has that name",
    [STORE_TEAM_many] = "there are as many teams as there may be",
    [STORE_TEAM_unknown] = "there is no such team",
    [STORE_TEAM_stranger] = "nobody of this number is on the roster",
    [STORE_TEAM_gone] = "the employee has left",
};

/* Waits for a call that answers with a result. Returns 0, or 1 having said why it was not done. */
static int finish(struct teams *teams) {
    if (session_wait(teams->session))
        return 1;
    if (teams->result == STORE_TEAM_done)
        return 0;
    fprintf(stderr, "day21: %s\n", results[teams->result]);
    return 1;
}

static char *fold(struct teams *teams, const char *text) {
    char *folded = keywords_fold(teams->session, text);
    if (!folded)
        fprintf(stderr, "day21: out of memory\n");
    return folded;
}

static bool take_name(struct teams *teams, const char *text, const char **name,
                      const char **folded) {
    const char *wrong = team_name(teams->session, text, name, folded);
    if (wrong)
        fprintf(stderr, "day21: team \"%s\": %s\n", text, wrong);
    return !wrong;
}

/* ---- list and show ---- */

static void on_list(void *data, int error, const struct store_team *list, unsigned count,
                    int64_t next) {
    struct teams *teams = data;
    for (unsigned i = 0; i < count; i++)
        printf("%s%s: %" PRId64 " people, %" PRId64 " not bound yet; %" PRId64
               " points this week, %" PRId64 " ever\n",
               list[i].name, list[i].open ? " (open)" : "", list[i].heads, list[i].awaiting,
               list[i].week, list[i].all);
    teams->got += count;
    teams->next = next;
    session_done(teams->session, error);
}

static int list_run(struct teams *teams, int argc, char **argv) {
    (void)argv;
    if (argc != 0)
        return 2;
    do {
        store_team_list(teams->session->store, &teams->session->turn, teams->next, on_list, teams);
        if (session_wait(teams->session))
            return 1;
    } while (teams->next);
    if (teams->got == 0)
        printf("no teams\n");
    return 0;
}

static void on_show(void *data, int error, const struct store_team *team,
                    const struct store_team_person *list, unsigned count, unsigned looked) {
    struct teams *teams = data;
    teams->found = team != NULL;
    if (team && teams->next == 0) {
        printf("%s%s: %" PRId64 " people, %" PRId64 " not bound yet; %" PRId64
               " points this week, %" PRId64 " ever\n",
               team->name, team->open ? " (open)" : "", team->heads, team->awaiting, team->week,
               team->all);
        if (*team->captain)
            printf("captain: %s %s\n", team->captain, team->captain_name);
        if (*team->drawn)
            printf("drawn by lot: %s\n", team->drawn);
    }
    for (unsigned i = 0; i < count; i++) {
        if (list[i].bound)
            printf("  %s %s, %" PRId64 " points this week\n", list[i].number, list[i].name,
                   list[i].week);
        else
            printf("  %s %s, not bound yet\n", list[i].number, list[i].name);
    }
    teams->got = looked;
    teams->next += looked;
    session_done(teams->session, error);
}

static int show_run(struct teams *teams, int argc, char **argv) {
    const char *folded = argc == 1 ? fold(teams, argv[0]) : NULL;
    if (!folded)
        return argc == 1 ? 1 : 2;
    do {
        store_team_show(teams->session->store, &teams->session->turn, folded, teams->next, on_show,
                        teams);
        if (session_wait(teams->session))
            return 1;
    } while (teams->got > 0);
    if (!teams->found)
        fprintf(stderr, "day21: %s\n", results[STORE_TEAM_unknown]);
    return teams->found ? 0 : 1;
}

/* ---- one team ---- */

static int create_run(struct teams *teams, int argc, char **argv) {
    const char *name, *folded;
    bool open = argc == 2 && strcmp(argv[1], "--open") == 0;
    if (argc != 1 + open || argv[0][0] == '-')
        return 2;
    if (!take_name(teams, argv[0], &name, &folded))
        return 1;
    store_team_create(teams->session->store, &teams->session->turn, name, folded, open, "",
                      on_result, teams);
    return finish(teams);
}

static int rename_run(struct teams *teams, int argc, char **argv) {
    const char *name, *folded;
    if (argc != 2)
        return 2;
    const char *before = fold(teams, argv[0]);
    if (!before || !take_name(teams, argv[1], &name, &folded))
        return 1;
    store_team_rename(teams->session->store, &teams->session->turn, before, name, folded, on_result,
                      teams);
    return finish(teams);
}

static int set_open(struct teams *teams, int argc, char **argv, bool open) {
    if (argc != 1)
        return 2;
    const char *folded = fold(teams, argv[0]);
    if (!folded)
        return 1;
    store_team_open(teams->session->store, &teams->session->turn, folded, open, on_result, teams);
    return finish(teams);
}

static int open_run(struct teams *teams, int argc, char **argv) {
    return set_open(teams, argc, argv, true);
}

static int close_run(struct teams *teams, int argc, char **argv) {
    return set_open(teams, argc, argv, false);
}

static int captain_run(struct teams *teams, int argc, char **argv) {
    if (argc != 2)
        return 2;
    const char *folded = fold(teams, argv[0]);
    const char *key = strcmp(argv[1], "--none") == 0 ? "" : fold(teams, argv[1]);
    if (!folded || !key)
        return 1;
    store_team_captain(teams->session->store, &teams->session->turn, folded, key, on_result, teams);
    if (session_wait(teams->session))
        return 1;
    if (teams->result == STORE_TEAM_stranger)
        fprintf(stderr, "day21: nobody of this number plays for that team\n");
    else if (teams->result != STORE_TEAM_done)
        fprintf(stderr, "day21: %s\n", results[teams->result]);
    return teams->result != STORE_TEAM_done;
}

static int dissolve_run(struct teams *teams, int argc, char **argv) {
    if (argc != 1)
        return 2;
    const char *folded = fold(teams, argv[0]);
    if (!folded)
        return 1;
    do {
        store_team_dissolve(teams->session->store, &teams->session->turn, folded, on_result, teams);
        if (finish(teams))
            return 1;
    } while (teams->number > 0);
    return 0;
}

static void on_find(void *data, int error, const struct store_team *team,
                    const struct store_team_person *list, unsigned count, unsigned looked) {
    (void)list, (void)count, (void)looked;
    struct teams *teams = data;
    teams->found = team != NULL;
    if (team)
        teams->number = team->id;
    session_done(teams->session, error);
}

static int assign_run(struct teams *teams, int argc, char **argv) {
    if (argc != 2)
        return 2;
    struct store_team_move move = {.key = fold(teams, argv[0])};
    bool none = strcmp(argv[1], "--none") == 0;
    const char *folded = none ? "" : fold(teams, argv[1]);
    if (!move.key || !folded)
        return 1;
    if (!none) {
        store_team_show(teams->session->store, &teams->session->turn, folded, 0, on_find, teams);
        if (session_wait(teams->session))
            return 1;
        if (!teams->found) {
            fprintf(stderr, "day21: %s\n", results[STORE_TEAM_unknown]);
            return 1;
        }
        move.team = teams->number;
    }
    store_team_assign(teams->session->store, &teams->session->turn, &move, 1, on_result, teams);
    return finish(teams);
}

/* ---- the people and teams there are ---- */

static void on_known(void *data, int error, const struct store_team *list, unsigned count,
                     int64_t next) {
    struct teams *teams = data;
    unsigned room = teams->world.teams_count + count;
    teams->known = talloc_realloc(teams->session, teams->known, struct team_known, room + 1);
    teams->world.teams = teams->known;
    if (!error && !teams->known)
        error = STORE_E_NOMEM;
    for (unsigned i = 0; !error && i < count; i++) {
        struct team_known *known = &teams->known[teams->world.teams_count++];
        *known = (struct team_known){
            .id = list[i].id,
            .name = talloc_strdup(teams->session, list[i].name),
            .folded = talloc_strdup(teams->session, list[i].folded),
            .drawn = talloc_strdup(teams->session, list[i].drawn),
        };
        if (!known->name || !known->folded || !known->drawn)
            error = STORE_E_NOMEM;
    }
    teams->next = next;
    session_done(teams->session, error);
}

static int keep_person(struct teams *teams, const struct store_team_person *one) {
    struct team_world *world = &teams->world;
    if (world->people_count == talloc_array_length(world->people))
        world->people = talloc_realloc(teams->session, world->people, struct team_person,
                                       world->people_count ? 2 * world->people_count : 1024);
    const char *const texts[] = {one->key, one->number, one->name, one->department};
    const char *kept[4];
    size_t length = 0;
    for (int i = 0; i < 4; i++)
        length += strlen(texts[i]) + 1;
    char *room = talloc_size(teams->session, length);
    if (!world->people || !room)
        return -1;
    for (int i = 0; i < 4; i++) {
        kept[i] = room;
        room = stpcpy(room, texts[i]) + 1;
    }
    world->people[world->people_count++] =
        (struct team_person){kept[0], kept[1], kept[2], kept[3], one->bound, one->team, -1};
    return 0;
}

static void on_people(void *data, int error, const struct store_team *team,
                      const struct store_team_person *list, unsigned count, unsigned looked) {
    (void)team;
    struct teams *teams = data;
    for (unsigned i = 0; !error && i < count; i++)
        if (keep_person(teams, &list[i]))
            error = STORE_E_NOMEM;
    teams->got = looked;
    teams->next += looked;
    session_done(teams->session, error);
}

static int load_world(struct teams *teams) {
    struct session *session = teams->session;
    do {
        store_team_list(session->store, &session->turn, teams->next, on_known, teams);
        if (session_wait(session))
            return -1;
    } while (teams->next);
    do {
        store_team_people(session->store, &session->turn, teams->next, on_people, teams);
        if (session_wait(session))
            return -1;
    } while (teams->got > 0);
    team_sort(&teams->world);
    return 0;
}

/* ---- a plan ---- */

static const char *team_called(const struct teams *teams, int64_t id) {
    for (unsigned i = 0; i < teams->world.teams_count; i++)
        if (teams->known[i].id == id)
            return teams->known[i].name;
    return "(none)";
}

static bool stays(const struct team_plan *plan, const struct team_person *person) {
    int64_t to = person->to < 0 ? 0 : plan->teams[person->to].id;
    return person->to < 0 || (to && person->team == to);
}

static void show_rest(unsigned count) {
    if (count > SHOWN)
        printf("  and %u more\n", count - SHOWN);
}

/* Those who play for another team, or for none yet. */
static void show_moves(const struct teams *teams, const struct team_plan *plan, bool leave) {
    unsigned count = 0;
    for (unsigned i = 0; i < teams->world.people_count; i++) {
        const struct team_person *person = &teams->world.people[i];
        if (stays(plan, person) || (person->team != 0) != leave)
            continue;
        if (count++ == 0)
            printf("%s:\n", leave ? "leave another team" : "play for none yet");
        if (count > SHOWN)
            continue;
        printf("  %s %s: ", person->number, person->name);
        if (leave)
            printf("%s -> ", team_called(teams, person->team));
        printf("%s\n", plan->teams[person->to].name);
    }
    show_rest(count);
}

static void show_plan(const struct teams *teams, const struct team_plan *plan) {
    if (plan->bad_count)
        printf("bad rows: %u, not imported\n", plan->bad_count);
    for (unsigned i = 0; i < plan->bad_count && i < SHOWN; i++)
        printf("  line %u: %s\n", plan->bad[i].line, plan->bad[i].reason);
    show_rest(plan->bad_count);
    printf("teams: %u\n", plan->count);
    for (unsigned i = 0; i < plan->count; i++)
        printf("  %s%s: %u people\n", plan->teams[i].name, plan->teams[i].id ? "" : " (new)",
               plan->teams[i].people);
    show_moves(teams, plan, false);
    show_moves(teams, plan, true);
    if (plan->left_over)
        printf("%u people are in no department that deep, and stay as they are\n", plan->left_over);
}

static int make_teams(struct teams *teams, struct team_plan *plan) {
    struct session *session = teams->session;
    for (unsigned i = 0; i < plan->count; i++) {
        struct team_known *team = &plan->teams[i];
        if (team->id)
            continue;
        store_team_create(session->store, &session->turn, team->name, team->folded, false,
                          team->drawn, on_result, teams);
        if (finish(teams))
            return -1;
        team->id = teams->number;
    }
    return 0;
}

static int apply(struct teams *teams, struct team_plan *plan) {
    struct session *session = teams->session;
    struct store_team_move moves[BATCH];
    unsigned count = 0, done = 0;
    if (make_teams(teams, plan))
        return 1;
    for (unsigned i = 0; i < teams->world.people_count; i++) {
        const struct team_person *person = &teams->world.people[i];
        if (!stays(plan, person))
            moves[count++] = (struct store_team_move){person->key, plan->teams[person->to].id};
        if (count < (i + 1 < teams->world.people_count ? BATCH : 1))
            continue;
        store_team_assign(session->store, &session->turn, moves, count, on_result, teams);
        if (session_wait(session))
            return 1;
        done += (unsigned)teams->number;
        if (teams->number < count) /* has left, or the team was dissolved, meanwhile */
            fprintf(stderr, "day21: %u not assigned: %s\n", count - (unsigned)teams->number,
                    results[teams->result]);
        count = 0;
    }
    printf("%u people assigned\n", done);
    return 0;
}

static int decide(struct teams *teams, struct team_plan *plan, bool applied) {
    show_plan(teams, plan);
    if (applied)
        return apply(teams, plan);
    printf("nothing has been changed; --apply does it\n");
    return 0;
}

/* ---- draw ---- */

struct draw {
    const char *departments; /* path; NULL: by lot */
    unsigned depth, size;
    const char *seed, *prefix;
    bool apply;
};

static int number_of(const char *text, unsigned most, unsigned *number) {
    char *rest;
    unsigned long value = strtoul(text, &rest, 10);
    if (*text < '0' || *text > '9' || *rest || value < 1 || value > most)
        return -1;
    *number = (unsigned)value;
    return 0;
}

static bool is_seed(const char *text) {
    size_t length = strspn(text,
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                           "0123456789._-");
    return length >= 1 && length <= 32 && !text[length];
}

static int parse_draw(int argc, char **argv, struct draw *draw) {
    for (int i = 0; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--apply") == 0) {
            draw->apply = true;
            continue;
        }
        if (!value)
            return -1;
        if (strcmp(argv[i], "--departments") == 0)
            draw->departments = value;
        else if (strcmp(argv[i], "--seed") == 0 && is_seed(value))
            draw->seed = value;
        else if (strcmp(argv[i], "--prefix") == 0)
            draw->prefix = value;
        else if (strcmp(argv[i], "--depth") != 0 || number_of(value, DEPTH, &draw->depth))
            if (strcmp(argv[i], "--size") != 0 || number_of(value, LIMIT_ROSTER_ROWS, &draw->size))
                return -1;
        i++;
    }
    if (draw->departments)
        return draw->size || draw->seed || draw->prefix ? -1 : 0;
    return draw->size && !draw->depth ? 0 : -1;
}

static int draw_run(struct teams *teams, int argc, char **argv) {
    struct draw draw = {0};
    struct team_plan *plan;
    const char *problem;
    char seed[20];
    uint64_t random;
    if (parse_draw(argc, argv, &draw))
        return 2;
    if (!draw.departments && !draw.seed) {
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
            return 1;
        snprintf(seed, sizeof seed, "%016" PRIx64, random);
        draw.seed = seed;
    }
    if (load_world(teams))
        return 1;
    int failed = draw.departments
                     ? team_plan_departments(teams->session, &teams->world, draw.departments,
                                             draw.depth ? draw.depth : 1, &plan, &problem)
                     : team_plan_lot(teams->session, &teams->world, draw.size, draw.seed,
                                     draw.prefix ? draw.prefix : "", &plan, &problem);
    if (failed) {
        fprintf(stderr, "day21: %s\n", problem);
        return 1;
    }
    if (draw.seed)
        printf("seed: %s\n", draw.seed);
    return decide(teams, plan, draw.apply);
}

/* ---- import ---- */

static int import_run(struct teams *teams, int argc, char **argv) {
    struct team_plan *plan;
    const char *problem;
    size_t length;
    bool applied = argc == 2 && strcmp(argv[1], "--apply") == 0;
    if (argc != 1 + applied || argv[0][0] == '-')
        return 2;
    char *bytes = csv_file(teams->session, argv[0], &length);
    if (!bytes || load_world(teams))
        return 1;
    if (team_plan_file(teams->session, &teams->world, bytes, length, &plan, &problem)) {
        fprintf(stderr, "day21: %s: %s\n", argv[0], problem);
        return 1;
    }
    return decide(teams, plan, applied);
}

/* ---- the verbs ---- */

static const struct verb {
    const char *name, *arguments;
    int (*run)(struct teams *teams, int argc, char **argv);
} verbs[] = {
    {"list", "", list_run},
    {"show", " TEAM", show_run},
    {"create", " NAME [--open]", create_run},
    {"open", " TEAM", open_run},
    {"close", " TEAM", close_run},
    {"draw",
     " --departments PATH [--depth N] [--apply] | --size N [--seed SEED] [--prefix TEXT] [--apply]",
     draw_run},
    {"import", " FILE [--apply]", import_run},
    {"assign", " EMPLOYEE TEAM|--none", assign_run},
    {"captain", " TEAM EMPLOYEE|--none", captain_run},
    {"rename", " TEAM NAME", rename_run},
    {"dissolve", " TEAM", dissolve_run},
};

static int team_run(const struct config *config, const struct accounts *accounts, int argc,
                    char **argv) {
    const struct verb *verb = verbs, *end = verbs + sizeof verbs / sizeof *verbs;
    while (verb < end && strcmp(argv[0], verb->name) != 0)
        verb++;
    if (verb == end) {
        fprintf(stderr, "day21: team can");
        for (verb = verbs; verb < end; verb++)
            fprintf(stderr, "%s %s", verb > verbs ? "," : "", verb->name);
        fprintf(stderr, "; not %s\n", argv[0]);
        return 2;
    }
    struct account *account = command_account(accounts, argv[1]);
    struct session *session = account ? session_open(config, account) : NULL;
    if (!session)
        return 1;
    struct teams teams = {.session = session};
    int status = verb->run(&teams, argc - 2, argv + 2);
    if (status == 2)
        fprintf(stderr, "usage: day21 team %s ACCOUNT%s\n", verb->name, verb->arguments);
    session_close(session);
    return status;
}

const struct command team_command = {
    .name = "team",
    .arguments = "VERB ACCOUNT …",
    .purpose =
        "teams: list, show, create, open, close, draw, import, assign, captain, rename, dissolve",
    .min = 2,
    .max = 12,
    .redis = true,
    .run = team_run,
};
