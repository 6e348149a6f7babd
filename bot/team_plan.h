#ifndef DAY21_TEAM_PLAN_H
#define DAY21_TEAM_PLAN_H

/* Who is to play for which team: drawn from departments or by lot, or as a file says. Nothing here
 * knows the store: a plan is made from the people and teams there are, shown, and then carried out
 * or not. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct team_person {
    const char *key;        /* the employee number, folded */
    const char *number;     /* as it is written */
    const char *name;       /* of the person */
    const char *department; /* path; "" for none */
    bool bound;             /* to a learner */
    int64_t team;           /* plays for it; 0: for none */
    int to;                 /* made by the plan: number in its teams, -1: stays as it is */
};

struct team_known {
    int64_t id; /* 0: of a plan, has to be made */
    const char *name, *folded;
    const char *drawn; /* how it was drawn, "" if it was not */
    unsigned people;   /* of a plan: how many it is to get */
};

struct team_bad {
    unsigned line;
    const char *reason;
};

struct team_plan {
    struct team_known *teams;
    unsigned count;
    unsigned people;      /* who are to play for one of them */
    unsigned left_over;   /* of the departments: who stand above the depth asked for */
    struct team_bad *bad; /* of a file */
    unsigned bad_count;
};

/* What the plans are made from; `people` get their `to`. */
struct team_world {
    struct team_person *people; /* in the order of their keys, see team_sort() */
    unsigned people_count;
    const struct team_known *teams; /* in any order */
    unsigned teams_count;
};

void team_sort(struct team_world *world);

/* A name as it is kept, white space around taken off, and folded; both belong to ctx. Returns NULL,
 * or why it can be none. */
const char *team_name(void *ctx, const char *text, const char **name, const char **folded);

/* All below return 0, or -1 with *problem; the plan belongs to ctx. */

/* A team for each department `depth` levels below `path` ("": the top), of all people in it and
 * below, bound or not. A team of the department's name is used if there is one. */
int team_plan_departments(void *ctx, struct team_world *world, const char *path, unsigned depth,
                          struct team_plan **plan, const char **problem);

/* The bound people in teams of at most `size`, whose sizes differ by one at most. Anybody can check
 * the lot: people stand in the order of the SHA-256 of "SEED:KEY", and go to the teams in turn. The
 * teams are new, or were drawn by the same lot. */
int team_plan_lot(void *ctx, struct team_world *world, unsigned size, const char *seed,
                  const char *prefix, struct team_plan **plan, const char **problem);

/* What a file in CSV says: employee number, team; the first row names the columns. */
int team_plan_file(void *ctx, struct team_world *world, const char *bytes, size_t length,
                   struct team_plan **plan, const char **problem);

#endif
