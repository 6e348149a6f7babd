#include "tests/store/stream/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const verb_names[VERBS] = {
    "checkin",      "award", "follow",     "unfollow", "note",   "bind by tail",
    "bind by code", "code",  "unbind",     "unbind!",  "roster", "team",
    "make up",      "leave", "leave back", "show",     "hide",
};

/* Every kind of cap, some that cut an award, some that meet. */
const struct store_rule rules[RULES] = {
    {.name = "checkin", .points = 10, .coins = 1, .cap = {.day = 10}},
    {.name = "checkin_3", .points = 20, .coins = 2, .once = true},
    {.name = "checkin_7", .points = 25, .beyond_cap = true},
    {.name = "welcome", .points = 5, .once = true},
    {.name = "watch",
     .points = 7,
     .coins = 3,
     .least = 60,
     .cap = {.day = 30, .subject_day = 14, .subject = 24},
     .activity = STORE_ACTIVITY_WATCHED},
    {.name = "comment",
     .points = 4,
     .coins = 1,
     .cooldown_s = 30,
     .least = 10,
     .cap = {.day = 14, .week = 37, .subject_day = 8, .subject_week = 10},
     .activity = STORE_ACTIVITY_INTERACTED},
    {.name = "case",
     .points = 15,
     .coins = 5,
     .once = true,
     .bound = true,
     .activity = STORE_ACTIVITY_DISCUSSED},
    {.name = "praise",
     .points = 3,
     .coins = 2,
     .beyond_cap = true,
     .cooldown_s = 3600,
     .cap = {.week = 25}},
    {.name = "exam", .points = 11, .beyond_cap = true, .cap = {.subject_week = 22, .subject = 30}},
    {.name = "answer",
     .points = 6,
     .coins = 4,
     .cap = {.day = 20},
     .activity = STORE_ACTIVITY_INTERACTED},
};

const struct store_policy policies[POLICIES] = {
    {.thresholds = "0,60,150,300,600,1000",
     .daily_cap = 60,
     .unbound_earn = true,
     .freeze_every = 5,
     .freezes = 2,
     .makeup_days = 3,
     .burst = 10,
     .burst_s = 60,
     .night_from = 60,
     .night_to = 300},
    {.thresholds = "0,100,200,400,800,1600", .freeze_every = 3, .freezes = 3, .makeup_days = 2},
    {.thresholds = "0,20,400,900",
     .daily_cap = 33,
     .unbound_earn = true,
     .freeze_every = 4,
     .freezes = 1,
     .makeup_days = 1},
};

/* Monday to Friday, a holiday in the first week, and the Saturday after it instead. */
bool is_working_day(int64_t day) {
    int64_t at = day - STREAM_FIRST;
    if (at == 2 || at == 5)
        return at == 5;
    return (at + 700) % 7 < 5;
}

const char *subject_text(const struct event *event) {
    static char text[16];
    snprintf(text, sizeof text, event->subject < 0 ? "" : "s%d", event->subject);
    return text;
}

/* https://prng.di.unimi.it/splitmix64.c */
unsigned stream_random(unsigned long *seed, unsigned below) {
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (unsigned)((z ^ (z >> 31)) % below);
}

#define BUSY    (DEPARTMENTS - 2) /* departments; in the others are the quiet ones */
#define LATE_S  900 /* a message arrives so much later, or earlier, than others of its time */
#define LEAVES  4   /* that a household takes: what the store keeps of leave that is not over */
#define NEAR_S  1200
#define EVENING (24 * 3600)

struct maker {
    struct stream *stream;
    unsigned long seed;
    unsigned leaves; /* of the household */
};

static unsigned draw(struct maker *maker, unsigned below) {
    return stream_random(&maker->seed, below);
}

/* Seconds of the day; one message in four is sent around midnight. */
static int64_t some_time(struct maker *maker) {
    switch (draw(maker, 8)) {
    case 0:
        return draw(maker, NEAR_S);
    case 1:
        return EVENING - 1 - draw(maker, NEAR_S);
    default:
        return 6 * 3600 + draw(maker, 17 * 3600);
    }
}

static struct event *add(struct maker *maker, const struct event *like, int64_t seconds) {
    struct stream *stream = maker->stream;
    if (stream->events == STREAM_EVENTS)
        return NULL;
    struct event *event = &stream->event[stream->events++];
    *event = *like;
    event->now = event->day * 86400 + seconds;
    event->arrival = event->now - LATE_S + draw(maker, 2 * LATE_S);
    return event;
}

/* A second step that comes right after the first. */
static void add_next(struct maker *maker, const struct event *first, enum verb verb) {
    struct event like = *first;
    like.verb = verb;
    struct event *event = add(maker, &like, first->now - first->day * 86400);
    if (event)
        event->arrival = first->arrival + 1;
}

static void add_award(struct maker *maker, struct event *like) {
    like->verb = AWARD;
    like->rule = FIRST_AWARD + draw(maker, RULES - FIRST_AWARD);
    like->subject = (int)draw(maker, 6) - 1;
    like->effort = draw(maker, 4) ? 60 + draw(maker, 40) : draw(maker, 70);
    int64_t cooldown = rules[like->rule].cooldown_s, seconds = some_time(maker);
    struct event *event = add(maker, like, seconds);
    if (!event || !cooldown || draw(maker, 2) || seconds + cooldown + 1 >= EVENING)
        return;
    int64_t arrival = event->arrival + 1;
    event = add(maker, like, seconds + cooldown - 1 + draw(maker, 3)); /* on its edge */
    if (event)
        event->arrival = arrival;
}

static void add_leave(struct maker *maker, struct event *like) {
    /* By day, as leave and making up look at what was checked in: after a midnight's disorder. */
    int64_t noon = 10 * 3600 + draw(maker, 10 * 3600);
    like->verb = draw(maker, 3) ? LEAVE : LEAVE_BACK;
    if (like->verb == LEAVE && maker->leaves == LEAVES)
        return;
    if (like->verb == LEAVE) {
        maker->leaves++;
        like->from = like->day + draw(maker, 3);
        like->to = like->from + draw(maker, 4);
    }
    add(maker, like, noon);
}

static void add_binding(struct maker *maker, struct event *like) {
    static const enum verb choice[] = {BIND_TAIL, BIND_TAIL, BIND_TAIL, CODE,
                                       CODE,      UNBIND,    BIND_CODE};
    like->verb = choice[draw(maker, sizeof choice / sizeof choice[0])];
    struct event *event = add(maker, like, some_time(maker));
    if (event && like->verb == CODE)
        add_next(maker, event, BIND_CODE);
    if (event && like->verb == UNBIND && draw(maker, 2))
        add_next(maker, event, UNBIND_SURE);
}

static void add_roster(struct maker *maker, struct event *like) {
    like->verb = PUT;
    like->department = (int)draw(maker, draw(maker, 8) ? 3 : BUSY); /* some stay small */
    like->gone = draw(maker, 4) == 0;
    struct event *event = add(maker, like, some_time(maker));
    if (event && like->gone) { /* and comes back, if the company finds out that it was a mistake */
        like->gone = false;
        event = add(maker, like, event->now - event->day * 86400);
        if (event)
            event->arrival = event[-1].arrival + 3600;
    }
}

/* Something of the new day, and then, late, of the day before: hides or shows who has earned points
 * in between. */
static void add_midnight(struct maker *maker, const struct event *like) {
    struct event step = *like;
    int64_t arrival = (like->day + 1) * 86400 + draw(maker, NEAR_S);
    if (like->day + 1 == STREAM_FIRST + STREAM_DAYS)
        return;
    for (int i = 0; i < 3; i++) {
        step.day = like->day + (i == 1);
        step.verb = i == 1 ? AWARD : draw(maker, 2) ? HIDE : SHOW;
        step.rule = RULES - 1;
        struct event *event = add(maker, &step, i == 1 ? 60 : EVENING - 60 + i);
        if (event)
            event->arrival = arrival + i;
    }
}

static void add_any(struct maker *maker, struct event *like) {
    unsigned what = draw(maker, 200);
    if (what < 160) {
        add_award(maker, like);
    } else if (what < 168) {
        add_binding(maker, like);
    } else if (what < 170) {
        like->verb = ASSIGN;
        like->team = (int)draw(maker, TEAMS + 1);
        add(maker, like, some_time(maker));
    } else if (what < 173) {
        add_roster(maker, like);
    } else if (what < 180) {
        like->verb = draw(maker, 2) ? FOLLOW : UNFOLLOW;
        struct event *event = add(maker, like, some_time(maker));
        if (event && like->verb == UNFOLLOW && draw(maker, 4))
            add_next(maker, event, FOLLOW);
    } else if (what < 186) {
        like->verb = draw(maker, 3) ? SHOW : HIDE;
        add(maker, like, some_time(maker));
    } else if (what < 191) {
        like->verb = MAKEUP;
        add(maker, like, 10 * 3600 + draw(maker, 10 * 3600));
    } else if (what < 194) {
        add_leave(maker, like);
    } else if (what < 198) {
        add_midnight(maker, like);
    } else {
        like->verb = NOTE;
        add(maker, like, some_time(maker));
    }
}

/* Little, around midnight: so that a department's first points of a day may come after those of the
 * next. */
static void add_quiet(struct maker *maker, struct event *like) {
    like->verb = AWARD;
    like->rule = RULES - 1;
    int64_t near = draw(maker, NEAR_S / 4);
    if (draw(maker, 4) == 0)
        add(maker, like, draw(maker, 2) ? near : EVENING - 1 - near);
}

static void add_day(struct maker *maker, unsigned number, int64_t day) {
    const struct household *household = &maker->stream->households[number];
    struct event like = {.household = number, .day = day, .subject = -1};
    unsigned at = (unsigned)(day - STREAM_FIRST);
    if (at == 0) {
        like.verb = BIND_TAIL;
        if (number % 8)
            add(maker, &like, 3600 + draw(maker, EVENING / 2));
        like.verb = FOLLOW;
        add(maker, &like, draw(maker, EVENING));
    }
    if (household->quiet) {
        add_quiet(maker, &like);
        return;
    }
    for (unsigned phone = 0; phone < household->phones; phone++) {
        like.verb = CHECKIN;
        like.phone = phone;
        for (unsigned i = draw(maker, 10) < 8; i; i = draw(maker, 8) == 0)
            add(maker, &like, some_time(maker));
    }
    unsigned most = is_working_day(day) ? 13 : 7;
    for (unsigned i = draw(maker, most + 1); i; i--) {
        struct event any = like;
        any.phone = draw(maker, household->phones + 1) % household->phones;
        add_any(maker, &any);
    }
}

static int by_arrival(const void *left, const void *right) {
    const struct event *a = left, *b = right;
    if (a->arrival != b->arrival)
        return a->arrival < b->arrival ? -1 : 1;
    if (a->household != b->household)
        return a->household < b->household ? -1 : 1;
    return a->before - b->before;
}

static int by_place(const void *left, const void *right) {
    const struct delivery *a = left, *b = right;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return a->event - b->event;
}

/* What an operator does is not repeated by WeChat, and a note may be repeated on the same telephone
 * only: these verbs have no memo. */
static bool may_repeat(const struct event *event) {
    return event->verb != NOTE && event->verb != CODE && event->verb != PUT &&
           event->verb != ASSIGN;
}

/* Each event is delivered in its turn; up to two times more at once with it, or up to two weeks
 * later. */
static void deliver(struct maker *maker) {
    struct stream *stream = maker->stream;
    unsigned char times[STREAM_EVENTS] = {0};
    for (int i = 0; i < stream->events; i++)
        stream->delivery[stream->deliveries++] = (struct delivery){.event = i, .place = i};
    while (stream->deliveries < STREAM_DELIVERIES) {
        int event = (int)draw(maker, (unsigned)stream->events);
        if (times[event] == 2 || !may_repeat(&stream->event[event]))
            continue;
        times[event]++;
        unsigned later = draw(maker, 2) ? draw(maker, 4) : draw(maker, 20000);
        stream->delivery[stream->deliveries++] =
            (struct delivery){.event = event, .place = event + 0.5 + later};
    }
    qsort(stream->delivery, STREAM_DELIVERIES, sizeof stream->delivery[0], by_place);
    for (int i = 0; i < STREAM_DELIVERIES; i++)
        stream->delivery[i].process = (int)draw(maker, STREAM_PROCESSES);
}

struct stream *stream_make(unsigned long seed) {
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    struct maker maker = {.stream = stream, .seed = seed};
    stream->seed = seed;
    for (unsigned i = 0; i < HOUSEHOLDS; i++) {
        struct household *household = &stream->households[i];
        household->phones = i % 5 < 2 ? 1 : 2;
        household->policy = i % POLICIES;
        household->quiet = i % 16 == 5;
        household->department = household->quiet ? BUSY + (int)(i / 16 % 2)
                                : i % 10         ? (int)(i % 3)
                                                 : (int)(i / 10 % BUSY);
        household->team = i % 3 == 0 ? 0 : 1 + (int)(i % TEAMS);
        maker.leaves = 0;
        for (int64_t day = STREAM_FIRST; day < STREAM_FIRST + STREAM_DAYS; day++)
            add_day(&maker, i, day);
    }
    for (int i = 0; i < stream->events; i++)
        stream->event[i].before = i; /* keeps the order of what arrives together */
    qsort(stream->event, (size_t)stream->events, sizeof stream->event[0], by_arrival);
    int last[HOUSEHOLDS];
    memset(last, -1, sizeof last);
    for (int i = 0; i < stream->events; i++) {
        stream->event[i].before = last[stream->event[i].household];
        last[stream->event[i].household] = i;
    }
    deliver(&maker);
    return stream;
}
