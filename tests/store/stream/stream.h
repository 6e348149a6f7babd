#ifndef DAY21_STREAM_H
#define DAY21_STREAM_H

/* A random stream of what learners do in six weeks, and how it is delivered: made from a seed, the
 * same each time. */

#include "store/points.h"

#define STREAM_FIRST      20003 /* a Monday, 2024-10-07; a month ends within the stream */
#define STREAM_DAYS       42
#define STREAM_DELIVERIES 100000
#define STREAM_EVENTS     64000 /* at most; the rest are repeated */
#define STREAM_ROUNDS     14    /* of three days, whose boards still stand at the end of each */
#define STREAM_PROCESSES  4

#define HOUSEHOLDS  160
#define PHONES      2
#define DEPARTMENTS 9
#define TEAMS       4

/* One employee and the one or two telephones that may show them: what happens in it happens one
 * after the other. */
struct household {
    unsigned phones;
    unsigned policy; /* of policies[] */
    int department;  /* at the beginning */
    int team;        /* 0: none */
    bool quiet;      /* does little */
};

enum verb {
    CHECKIN,
    AWARD,
    FOLLOW,
    UNFOLLOW,
    NOTE,
    BIND_TAIL,
    BIND_CODE,
    CODE,
    UNBIND,
    UNBIND_SURE,
    PUT,
    ASSIGN,
    MAKEUP,
    LEAVE,
    LEAVE_BACK,
    SHOW,
    HIDE,
    VERBS
};

extern const char *const verb_names[VERBS];

struct event {
    unsigned household, phone;
    enum verb verb;
    unsigned rule; /* of rules[] */
    int subject;   /* -1: none */
    int64_t effort;
    int64_t now, day; /* what the message says; its place in the stream is when it arrives */
    int64_t from, to; /* leave */
    int department;   /* PUT */
    bool gone;        /* PUT */
    int team;         /* ASSIGN; 0: none */
    int64_t arrival;
    int before; /* the household's event before it, -1: none */
};

struct delivery {
    int event;
    int process;
    double place;
};

struct stream {
    unsigned long seed;
    int events, deliveries;
    struct household households[HOUSEHOLDS];
    struct event event[STREAM_EVENTS];
    struct delivery delivery[STREAM_DELIVERIES];
};

/* The rules; WELCOME, CHECKIN_RULE and the milestones are given by verbs of their own. */
enum { CHECKIN_RULE, MILESTONE, MILESTONE_AGAIN, WELCOME, FIRST_AWARD, RULES = 10 };
extern const struct store_rule rules[RULES];

#define PLAN_DAYS           21
#define MILESTONE_DAY       3
#define MILESTONE_AGAIN_DAY 7

#define POLICIES 3
extern const struct store_policy policies[POLICIES];

bool is_working_day(int64_t day);

/* The event's subject as the store has it: "" or "s7". */
const char *subject_text(const struct event *event);

/* A number from 0 to below `below`, the next of the seed's. */
unsigned stream_random(unsigned long *seed, unsigned below);

struct stream *stream_make(unsigned long seed); /* freed by free() */

#endif
