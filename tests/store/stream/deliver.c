#include "tests/store/stream/deliver.h"

#include "store/binding.h"
#include "store/board.h"
#include "store/employee.h"
#include "store/learner.h"
#include "store/streak.h"
#include "store/team.h"
#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#define IN_FLIGHT 24
#define AHEAD     96   /* how far a process looks past deliveries that have to wait */
#define APART     400  /* no process is further ahead of another: some hours of the stream */
#define MEMO_S    3600 /* longer than the test */

struct delivered *delivered_make(void) {
    void *memory = mmap(NULL, sizeof(struct delivered), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void delivered_free(struct delivered *delivered) {
    if (delivered)
        munmap(delivered, sizeof *delivered);
}

/* ---- one process ---- */

static struct {
    const struct stream *stream;
    struct delivered *delivered;
    int process, to;
    int at; /* the oldest delivery of its own that has not been answered */
    int in_flight;
    bool sent[STREAM_DELIVERIES];
    uv_loop_t loop;
    struct store *store;
    char *policies[POLICIES], *rules[RULES], *milestones;
} worker;

static void answered(void *data, int error, const struct answers *answers) {
    int number = (int)(intptr_t)data;
    worker.in_flight--;
    if (error == STORE_E_REFUSED) {
        fprintf(stderr, "refused: %s\n", store_refusal(worker.store));
        _exit(1);
    }
    if (error) { /* too slow, or not there: said again, as WeChat would */
        worker.sent[number] = false;
        return;
    }
    worker.delivered->answers[number] = *answers;
    worker.delivered->event[worker.stream->delivery[number].event] = true;
    worker.delivered->done[number] = true;
    worker.delivered->count++;
}

static void on_learner(void *data, int error, const struct store_learner *learner) {
    struct answers answers = {0};
    if (learner)
        answers = (struct answers){{
            learner->number,
            learner->xp,
            learner->level,
            learner->level_before,
            learner->given,
            learner->coins,
            learner->coins_given,
            learner->why,
            learner->streak,
            learner->checkins,
            learner->checked_in,
            learner->freezes,
            learner->freeze_earned,
            learner->missed,
            learner->mended,
            learner->rest_day,
            learner->is_new,
        }};
    answered(data, error, &answers);
}

static void on_outcome(void *data, int error, int64_t outcome) {
    struct answers answers = {0};
    answers.of[A_OUTCOME] = outcome;
    answered(data, error, &answers);
}

static void on_roster(void *data, int error, int64_t result, const char *text) {
    (void)text;
    on_outcome(data, error, result);
}

static void on_team(void *data, int error, enum store_team_result result, int64_t number) {
    (void)number;
    on_outcome(data, error, result);
}

static void on_shown(void *data, int error, bool changed, bool bound) {
    (void)bound;
    on_outcome(data, error, changed);
}

static void on_binding(void *data, int error, const struct store_binding *binding) {
    on_outcome(data, error, binding ? binding->outcome : 0);
}

static void on_makeup(void *data, int error, const struct store_makeup *makeup) {
    struct answers answers = {0};
    if (makeup) {
        answers.of[A_OUTCOME] = makeup->outcome;
        answers.of[A_MISSED] = makeup->missed;
        answers.of[A_STREAK] = makeup->streak;
        answers.of[A_FREEZES] = makeup->freezes;
    }
    answered(data, error, &answers);
}

static void on_leave(void *data, int error, const struct store_leave *leave) {
    struct answers answers = {0};
    if (leave)
        answers.of[A_TO] = leave->to;
    answered(data, error, &answers);
}

static const char *working_days(int64_t day) {
    static char text[64];
    for (int i = 0; i < 63; i++)
        text[i] = is_working_day(day - 62 + i) ? '1' : '0';
    return text;
}

static void send_checkin(const struct store_turn *turn, const char *policy, void *data) {
    struct store_checkin checkin = {
        .policy = policy,
        .rule = worker.rules[CHECKIN_RULE],
        .minute = (unsigned)(turn->now / 60 % 1440),
        .next = (turn->day + 1) * 86400,
        .remind_from = 8 * 60,
        .remind_to = 22 * 60,
        .plan_days = PLAN_DAYS,
        .milestones = worker.milestones,
        .work = working_days(turn->day),
    };
    store_checkin(worker.store, turn, &checkin, on_learner, data);
}

/* However long it is: the model has no limit. */
static void send_leave(const struct store_turn *turn, const struct event *event, void *data) {
    struct store_wish wish = {
        .from = event->from,
        .to = event->to,
        .most = 1000,
        .work = working_days(event->to + 20),
        .first = event->to + 20 - 62,
    };
    store_leave(worker.store, turn, &wish, on_leave, data);
}

static void send_award(const struct store_turn *turn, const char *policy, const struct event *event,
                       void *data) {
    struct store_event one = {
        .subject = subject_text(event),
        .effort = event->effort,
        .words = event->effort % 8 ? "" : "the same again",
        .minute = (unsigned)(turn->now / 60 % 1440),
    };
    store_award(worker.store, turn, policy, worker.rules[event->rule], &one, on_learner, data);
}

#define CODE_TEXT "c0de"

static struct store_employee employee(unsigned household, int department, bool gone) {
    static char key[16], tail[16], path[32];
    snprintf(key, sizeof key, "7%03u", household);
    snprintf(tail, sizeof tail, "%04u", household);
    snprintf(path, sizeof path, "co/d%d", department);
    return (struct store_employee){
        .key = key,
        .number = key,
        .name = key,
        .department = path,
        .manager = "",
        .tail = tail,
        .joined = "",
        .left = "",
        .tags = "",
        .quoting = "",
        .gone = gone,
        .place = household + 1,
    };
}

static void say(int number) {
    const struct event *event = &worker.stream->event[worker.stream->delivery[number].event];
    const char *policy = worker.policies[worker.stream->households[event->household].policy];
    void *data = (void *)(intptr_t)number;
    char openid[32], id[32];
    snprintf(openid, sizeof openid, "h%u-%u", event->household, event->phone);
    snprintf(id, sizeof id, "e%d", worker.stream->delivery[number].event);
    struct store_turn turn = {"t", openid, id, event->now, event->day, MEMO_S};
    struct store_employee who = employee(event->household, event->department, event->gone);
    switch (event->verb) {
    case CHECKIN:
        return send_checkin(&turn, policy, data);
    case AWARD:
        return send_award(&turn, policy, event, data);
    case FOLLOW:
        return store_follow(worker.store, &turn, policy, worker.rules[WELCOME],
                            (unsigned)(event->now / 60 % 1440), on_learner, data);
    case UNFOLLOW:
        return store_unfollow(worker.store, &turn, on_learner, data);
    case NOTE:
        return store_note(worker.store, &turn, on_learner, data);
    case BIND_TAIL:
    case BIND_CODE:
        return store_bind(worker.store, &turn, true, who.key,
                          event->verb == BIND_CODE ? CODE_TEXT : who.tail, on_binding, data);
    case CODE:
        return store_code(worker.store, &turn, who.key, "salt", CODE_TEXT, on_outcome, data);
    case UNBIND:
    case UNBIND_SURE:
        return store_unbind(worker.store, &turn, event->verb == UNBIND_SURE, on_binding, data);
    case PUT:
        return store_roster_put(worker.store, &turn, "import", &who, 1, on_roster, data);
    case ASSIGN:
        return store_team_assign(worker.store, &turn,
                                 &(struct store_team_move){who.key, event->team}, 1, on_team, data);
    case MAKEUP:
        return store_makeup(worker.store, &turn, policy, working_days(turn.day), on_makeup, data);
    case LEAVE:
    case LEAVE_BACK:
        return send_leave(&turn, event, data);
    default:
        return store_show(worker.store, &turn, event->verb == SHOW, on_shown, data);
    }
}

/* The oldest delivery that some process has not had answered. */
static int oldest(void) {
    int least = STREAM_DELIVERIES;
    for (int i = 0; i < STREAM_PROCESSES; i++) {
        int at = worker.delivered->at[i];
        least = at < least ? at : least;
    }
    return least;
}

static bool is_mine(int number) {
    return worker.stream->delivery[number].process == worker.process;
}

/* Sends what may be sent: not before the event that went before in its household was answered. */
static void pump(uv_check_t *check) {
    (void)check;
    while (worker.at < worker.to && (!is_mine(worker.at) || worker.delivered->done[worker.at]))
        worker.at++;
    worker.delivered->at[worker.process] = worker.at;
    if (worker.at == worker.to)
        _exit(0);
    int end = oldest() + APART, looked = 0;
    end = end < worker.to ? end : worker.to;
    for (int i = worker.at; store_ready(worker.store) && i < end && looked < AHEAD; i++) {
        if (worker.in_flight == IN_FLIGHT)
            break;
        if (!is_mine(i) || worker.sent[i] || worker.delivered->done[i])
            continue;
        looked++;
        int before = worker.stream->event[worker.stream->delivery[i].event].before;
        if (before >= 0 && !worker.delivered->event[before])
            continue;
        worker.sent[i] = true;
        worker.in_flight++;
        say(i);
    }
}

static void on_tick(uv_timer_t *timer) {
    (void)timer; /* looks again for what others may have had answered */
}

static void make_texts(void) {
    for (int i = 0; i < POLICIES; i++)
        worker.policies[i] = store_policy_text(NULL, &policies[i]);
    for (int i = 0; i < RULES; i++)
        worker.rules[i] = store_rule_text(NULL, &rules[i]);
    worker.milestones =
        talloc_asprintf(NULL, " %d:%s %d:%s", MILESTONE_DAY, worker.rules[MILESTONE],
                        MILESTONE_AGAIN_DAY, worker.rules[MILESTONE_AGAIN]);
}

static void work(const char *address) {
    uv_timer_t timer;
    uv_check_t check;
    struct store_options options = {.address = address};
    make_texts();
    if (uv_loop_init(&worker.loop) || store_open(NULL, &worker.loop, &options, &worker.store))
        _exit(1);
    uv_timer_init(&worker.loop, &timer);
    uv_timer_start(&timer, on_tick, 1, 1);
    uv_check_init(&worker.loop, &check);
    uv_check_start(&check, pump);
    uv_run(&worker.loop, UV_RUN_DEFAULT);
    _exit(1);
}

/* ---- all of them ---- */

static pid_t start(const char *address, int process) {
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that crashes leaves nothing behind */
        worker.process = process;
        work(address);
    }
    return pid;
}

/* Another one has taken its place when this returns, and what it left undone. */
static void replace(pid_t *pid, const char *address, int process) {
    kill(*pid, SIGKILL);
    waitpid(*pid, NULL, 0);
    *pid = start(address, process);
}

void deliver(const struct stream *stream, struct delivered *delivered, const char *address,
             int from, int to, int kills) {
    pid_t pids[STREAM_PROCESSES];
    unsigned long seed = stream->seed + (unsigned long)from;
    unsigned begun = delivered->count;
    worker.stream = stream;
    worker.delivered = delivered;
    worker.at = from;
    worker.to = to;
    for (int i = 0; i < STREAM_PROCESSES; i++) {
        delivered->at[i] = from;
        pids[i] = start(address, i);
    }
    for (int left = STREAM_PROCESSES, killed = 0; left;) {
        unsigned share = (unsigned)(to - from) / (unsigned)(kills + 1);
        int victim = (int)stream_random(&seed, STREAM_PROCESSES);
        if (killed < kills && pids[victim] &&
            delivered->count - begun > share * (unsigned)(killed + 1)) {
            killed++;
            replace(&pids[victim], address, victim);
        }
        for (int i = 0; i < STREAM_PROCESSES; i++) {
            int status = 0;
            if (!pids[i] || waitpid(pids[i], &status, WNOHANG) != pids[i])
                continue;
            assert_int_equal(status, 0);
            pids[i] = 0;
            left--;
        }
        usleep(1000);
    }
}

/* ---- the beginning ---- */

static void on_put(void *data, int error, int64_t result, const char *text) {
    (void)data, (void)text;
    fixture.called = true;
    fixture.error = error || result != 1;
}

static void on_team_there(void *data, int error, enum store_team_result result, int64_t number) {
    (void)data, (void)number;
    fixture.called = true;
    fixture.error = error || result != STORE_TEAM_done;
}

void deliver_roster(const struct stream *stream) {
    struct store_turn turn = fixture_turn("operator", "roster", STREAM_FIRST, 0);
    for (int team = 1; team <= TEAMS; team++) {
        char name[16];
        snprintf(name, sizeof name, "t%d", team);
        store_team_create(fixture.store, &turn, name, name, true, "", on_team_there, NULL);
        fixture_well();
    }
    for (int i = -DEPARTMENTS; i < HOUSEHOLDS; i++) { /* departments in order, then everybody */
        const struct household *household = &stream->households[i < 0 ? 0 : i];
        int department = i < 0 ? i + DEPARTMENTS : household->department;
        struct store_employee one = employee(i < 0 ? 0 : (unsigned)i, department, false);
        store_roster_put(fixture.store, &turn, "import", &one, 1, on_put, NULL);
        fixture_well();
        struct store_team_move move = {one.key, household->team};
        store_team_assign(fixture.store, &turn, &move, 1, on_team_there, NULL);
        fixture_well();
    }
}
