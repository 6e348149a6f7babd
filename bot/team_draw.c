/* day21 team draw ACCOUNT … and import ACCOUNT FILE: who is to play for which team. It is shown
 * first. */

#include "bot/csv.h"
#include "bot/options.h"
#include "bot/team_command.h"
#include "bot/team_plan.h"
#include "config/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <talloc.h>

#define BATCH 100 /* people assigned by one script: some milliseconds of Redis' time */
#define SHOWN 20  /* of each kind of change */
#define DEPTH 20  /* of departments */

struct drawing {
    struct team_answer answer; /* with the session */
    struct team_world world;
    struct team_known *known; /* the world's teams */
    int64_t next;             /* to be asked for: an id, or a place */
    unsigned got;             /* people, with the last page */
};

/* ---- the people and teams there are ---- */

static void on_known(void *data, int error, const struct store_team *list, unsigned count,
                     int64_t next) {
    struct drawing *drawing = data;
    unsigned room = drawing->world.teams_count + count;
    drawing->known =
        talloc_realloc(drawing->answer.session, drawing->known, struct team_known, room + 1);
    drawing->world.teams = drawing->known;
    if (!error && !drawing->known)
        error = STORE_E_NOMEM;
    for (unsigned i = 0; !error && i < count; i++) {
        struct team_known *known = &drawing->known[drawing->world.teams_count++];
        *known = (struct team_known){
            .id = list[i].id,
            .name = talloc_strdup(drawing->answer.session, list[i].name),
            .folded = talloc_strdup(drawing->answer.session, list[i].folded),
            .drawn = talloc_strdup(drawing->answer.session, list[i].drawn),
        };
        if (!known->name || !known->folded || !known->drawn)
            error = STORE_E_NOMEM;
    }
    drawing->next = next;
    session_done(drawing->answer.session, error);
}

static int keep_person(struct drawing *drawing, const struct store_team_person *one) {
    struct team_world *world = &drawing->world;
    if (world->people_count == talloc_array_length(world->people))
        world->people = talloc_realloc(drawing->answer.session, world->people, struct team_person,
                                       world->people_count ? 2 * world->people_count : 1024);
    const char *const texts[] = {one->key, one->number, one->name, one->department};
    const char *kept[4];
    size_t length = 0;
    for (int i = 0; i < 4; i++)
        length += strlen(texts[i]) + 1;
    char *room = talloc_size(drawing->answer.session, length);
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
    struct drawing *drawing = data;
    for (unsigned i = 0; !error && i < count; i++)
        if (keep_person(drawing, &list[i]))
            error = STORE_E_NOMEM;
    drawing->got = looked;
    drawing->next += looked;
    session_done(drawing->answer.session, error);
}

static int load_world(struct drawing *drawing) {
    struct session *session = drawing->answer.session;
    do {
        store_team_list(session->store, &session->turn, drawing->next, on_known, drawing);
        if (session_wait(session))
            return -1;
    } while (drawing->next);
    do {
        store_team_people(session->store, &session->turn, drawing->next, on_people, drawing);
        if (session_wait(session))
            return -1;
    } while (drawing->got > 0);
    team_sort(&drawing->world);
    return 0;
}

/* ---- a plan ---- */

static const char *team_called(const struct drawing *drawing, int64_t id) {
    for (unsigned i = 0; i < drawing->world.teams_count; i++)
        if (drawing->known[i].id == id)
            return drawing->known[i].name;
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
static void show_moves(const struct drawing *drawing, const struct team_plan *plan, bool leave) {
    unsigned count = 0;
    for (unsigned i = 0; i < drawing->world.people_count; i++) {
        const struct team_person *person = &drawing->world.people[i];
        if (stays(plan, person) || (person->team != 0) != leave)
            continue;
        if (count++ == 0)
            printf("%s:\n", leave ? "leave another team" : "play for none yet");
        if (count > SHOWN)
            continue;
        printf("  %s %s: ", person->number, person->name);
        if (leave)
            printf("%s -> ", team_called(drawing, person->team));
        printf("%s\n", plan->teams[person->to].name);
    }
    show_rest(count);
}

static void show_plan(const struct drawing *drawing, const struct team_plan *plan) {
    if (plan->bad_count)
        printf("bad rows: %u, not imported\n", plan->bad_count);
    for (unsigned i = 0; i < plan->bad_count && i < SHOWN; i++)
        printf("  line %u: %s\n", plan->bad[i].line, plan->bad[i].reason);
    show_rest(plan->bad_count);
    printf("teams: %u\n", plan->count);
    for (unsigned i = 0; i < plan->count; i++)
        printf("  %s%s: %u people\n", plan->teams[i].name, plan->teams[i].id ? "" : " (new)",
               plan->teams[i].people);
    show_moves(drawing, plan, false);
    show_moves(drawing, plan, true);
    if (plan->left_over)
        printf("%u people are in no department that deep, and stay as they are\n", plan->left_over);
}

static int make_teams(struct drawing *drawing, struct team_plan *plan) {
    struct session *session = drawing->answer.session;
    for (unsigned i = 0; i < plan->count; i++) {
        struct team_known *team = &plan->teams[i];
        if (team->id)
            continue;
        store_team_create(session->store, &session->turn, team->name, team->folded, false,
                          team->drawn, team_answered, &drawing->answer);
        if (team_finish(&drawing->answer))
            return -1;
        team->id = drawing->answer.number;
    }
    return 0;
}

static int apply(struct drawing *drawing, struct team_plan *plan) {
    struct session *session = drawing->answer.session;
    struct store_team_move moves[BATCH];
    unsigned count = 0, done = 0;
    if (make_teams(drawing, plan))
        return 1;
    for (unsigned i = 0; i < drawing->world.people_count; i++) {
        const struct team_person *person = &drawing->world.people[i];
        if (!stays(plan, person))
            moves[count++] = (struct store_team_move){person->key, plan->teams[person->to].id};
        if (count < (i + 1 < drawing->world.people_count ? BATCH : 1))
            continue;
        store_team_assign(session->store, &session->turn, moves, count, team_answered,
                          &drawing->answer);
        if (session_wait(session))
            return 1;
        done += (unsigned)drawing->answer.number;
        if (drawing->answer.number < count) /* has left, or the team was dissolved, meanwhile */
            fprintf(stderr, "day21: %u not assigned: %s\n",
                    count - (unsigned)drawing->answer.number,
                    team_result_text(drawing->answer.result));
        count = 0;
    }
    printf("%u people assigned\n", done);
    return 0;
}

static int decide(struct drawing *drawing, struct team_plan *plan, bool applied) {
    show_plan(drawing, plan);
    if (applied)
        return apply(drawing, plan);
    printf("nothing has been changed; --apply does it\n");
    return 0;
}

/* ---- draw ---- */

struct lot {
    const char *departments; /* path; NULL: by lot */
    const char *seed, *prefix;
    int64_t depth, size; /* 0: not said */
    bool apply;
};

static bool is_seed(const char *text) {
    size_t length = strspn(text,
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                           "0123456789._-");
    return length >= 1 && length <= 32 && !text[length];
}

static int parse(int argc, char **argv, struct lot *lot) {
    const struct options options[] = {
        {"--departments", .text = &lot->departments},
        {"--depth", .number = &lot->depth, .least = 1, .most = DEPTH},
        {"--size", .number = &lot->size, .least = 1, .most = LIMIT_ROSTER_ROWS},
        {"--seed", .text = &lot->seed},
        {"--prefix", .text = &lot->prefix},
        {"--apply", .given = &lot->apply},
        {NULL},
    };
    if (options_take(options, argc, argv) != 0 || (lot->seed && !is_seed(lot->seed)))
        return -1;
    if (lot->departments)
        return lot->size || lot->seed || lot->prefix ? -1 : 0;
    return lot->size && !lot->depth ? 0 : -1;
}

static int new_seed(char seed[20]) {
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return -1;
    snprintf(seed, 20, "%016" PRIx64, random);
    return 0;
}

int team_draw(struct session *session, int argc, char **argv) {
    struct drawing drawing = {.answer.session = session};
    struct lot lot = {0};
    struct team_plan *plan;
    const char *problem;
    char seed[20];
    if (parse(argc, argv, &lot))
        return VERB_USAGE;
    if (!lot.departments && !lot.seed) {
        if (new_seed(seed))
            return 1;
        lot.seed = seed;
    }
    if (load_world(&drawing))
        return 1;
    int failed = lot.departments
                     ? team_plan_departments(session, &drawing.world, lot.departments,
                                             lot.depth ? (unsigned)lot.depth : 1, &plan, &problem)
                     : team_plan_lot(session, &drawing.world, (unsigned)lot.size, lot.seed,
                                     lot.prefix ? lot.prefix : "", &plan, &problem);
    if (failed) {
        fprintf(stderr, "day21: %s\n", problem);
        return 1;
    }
    if (lot.seed)
        printf("seed: %s\n", lot.seed);
    return decide(&drawing, plan, lot.apply);
}

/* ---- import ---- */

int team_import(struct session *session, int argc, char **argv) {
    struct drawing drawing = {.answer.session = session};
    struct team_plan *plan;
    const char *problem;
    size_t length;
    bool applied = false;
    const struct options options[] = {{"--apply", .given = &applied}, {NULL}};
    if (options_take(options, argc, argv) != 1)
        return VERB_USAGE;
    char *bytes = csv_file(session, argv[0], &length);
    if (!bytes || load_world(&drawing))
        return 1;
    if (team_plan_file(session, &drawing.world, bytes, length, &plan, &problem)) {
        fprintf(stderr, "day21: %s: %s\n", argv[0], problem);
        return 1;
    }
    return decide(&drawing, plan, applied);
}
