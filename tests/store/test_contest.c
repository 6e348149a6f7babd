/* store/contest.h against a real Redis. Each test has an account of its own. */

#include "store/contest.h"

#include "store/board.h"
#include "store/correction.h"
#include "store/employee.h"
#include "store/learner.h"
#include "tests/fixture/redis.h"
#include "tests/fixture/rules.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY  20000
#define FROM (DAY * INT64_C(86400) + 1000)
#define TO   (FROM + 1000)
#define ROWS 8

static char account[16];

/* What the last verb answered; texts are kept. */
static struct {
    int64_t result;
    char detail[64];
    bool is_there;
    struct store_contest contest;
    char names[ROWS][64];
    struct store_contest_mine mine;
    unsigned count;
    bool shown;
    char text[64];
    int64_t ended; /* summed up */
    unsigned answers;
    int64_t given;
} got;

static int another_account(void **state) {
    static int number;
    (void)state;
    snprintf(account, sizeof account, "t%d", ++number);
    return 0;
}

static void called(int error) {
    fixture_done(error);
    got.answers++;
}

static struct store_turn at(const char *openid, const char *id, int64_t now) {
    struct store_turn turn = fixture_turn(openid, id, now / 86400, now % 86400);
    turn.account = account;
    return turn;
}

/* ---- verbs ---- */

static void on_created(void *data, int error, int64_t result, const char *detail) {
    (void)data;
    got.result = result;
    snprintf(got.detail, sizeof got.detail, "%s", detail);
    called(error);
}

static const struct store_contest_plan persons = {
    .name = "spring",
    .title = "春天",
    .prizes = "",
    .from = FROM,
    .to = TO,
    .kind = STORE_CONTEST_PERSONS,
    .scoring = STORE_CONTEST_SUM,
    .counts = "*",
    .only = "*",
    .most = 3,
};

static int64_t create(const struct store_contest_plan *plan, int64_t now) {
    struct store_turn turn = at("", "", now);
    store_contest_create(fixture.store, &turn, plan, on_created, NULL);
    fixture_well();
    return got.result;
}

static void begin(enum store_contest_kind kind, enum store_contest_scoring scoring, int64_t k,
                  const char *only) {
    struct store_contest_plan plan = persons;
    plan.kind = kind;
    plan.scoring = (char)scoring;
    plan.k = k;
    plan.only = only;
    assert_int_equal(create(&plan, FROM - 10), STORE_CONTEST_CREATED);
}

static void on_contest(void *data, int error, const struct store_contest *contest) {
    (void)data;
    got.is_there = contest != NULL;
    if (contest) {
        got.contest = *contest;
        for (unsigned i = 0; i < contest->count && i < ROWS; i++)
            snprintf(got.names[i], sizeof got.names[i], "%s", contest->rows[i].name);
    }
    called(error);
}

static void show(int64_t now) {
    struct store_turn turn = at("", "", now);
    store_contest_show(fixture.store, &turn, "spring", ROWS, on_contest, NULL);
    fixture_well();
    assert_true(got.is_there);
}

/* The board as "ID:VALUE ID:VALUE", the first first. */
static const char *board(int64_t now) {
    static char text[256];
    *text = '\0';
    show(now);
    for (unsigned i = 0; i < got.contest.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%" PRId64 ":%" PRId64,
                 i ? " " : "", got.contest.rows[i].id, got.contest.rows[i].value);
    return text;
}

static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)data;
    if (learner)
        got.given = learner->given;
    called(error);
}

static void award_as(const char *openid, const char *id, const char *rule, int64_t now) {
    struct store_turn turn = at(openid, id, now);
    const struct store_event event = {.subject = "", .words = ""};
    store_award(fixture.store, &turn, POLICY("0"), rule, &event, on_learner, NULL);
    fixture_well();
}

static void award(const char *openid, int points, int64_t now) {
    static int number;
    char id[32], rule[64];
    snprintf(id, sizeof id, "a%d", ++number);
    snprintf(rule, sizeof rule, "watch;%d;0;0;0;0;0;0;0;0;0;0;0;a", points);
    award_as(openid, id, rule, now);
}

/* Somebody of the roster, bound, in department d and team t; "0" for none. */
static void enrol(const char *openid, const char *d, const char *t) {
    redis_say(&fixture.redis, "HSET {%s}:employee:%s nm %s u %s", account, openid, openid, openid);
    redis_say(&fixture.redis, "HSET {%s}:learner:%s e %s", account, openid, openid);
    if (*d != '0') {
        redis_say(&fixture.redis, "HSET {%s}:learner:%s d %s", account, openid, d);
        redis_say(&fixture.redis, "HINCRBY {%s}:heads d:%s 1", account, d);
    }
    if (*t != '0') {
        redis_say(&fixture.redis, "HSET {%s}:learner:%s tm %s", account, openid, t);
        redis_say(&fixture.redis, "HINCRBY {%s}:heads t:%s 1", account, t);
    }
}

static void department(const char *id, const char *path) {
    redis_say(&fixture.redis, "HSET {%s}:department %s %s", account, id, path);
    redis_say(&fixture.redis, "HSET {%s}:departments %s %s", account, path, id);
}

static void on_due(void *data, int error, int64_t ended, const char *telling) {
    (void)data;
    got.ended += ended;
    snprintf(got.text, sizeof got.text, "%s", telling);
    called(error);
}

static int64_t due(int64_t now) {
    struct store_turn turn = at("", "", now);
    got.ended = 0;
    store_contest_due(fixture.store, &turn, on_due, NULL);
    fixture_well();
    return got.ended;
}

static void on_ended(void *data, int error, int64_t result) {
    (void)data;
    got.result = result;
    called(error);
}

static int64_t end(const char *verb, int64_t now) {
    struct store_turn turn = at("", "", now);
    store_contest_end(fixture.store, &turn, "spring", verb, on_ended, NULL);
    fixture_well();
    return got.result;
}

static void on_shown(void *data, int error, bool changed, bool bound) {
    (void)data;
    (void)changed;
    (void)bound;
    called(error);
}

static void stand(const char *openid, const char *id, bool shown, int64_t now) {
    struct store_turn turn = at(openid, id, now);
    store_show(fixture.store, &turn, shown, on_shown, NULL);
    fixture_well();
}

/* ---- when ---- */

static void what_is_earned_from_the_first_second_to_before_the_last_counts(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    begin(STORE_CONTEST_PERSONS, STORE_CONTEST_SUM, 0, "*");
    award("o1", 1, FROM - 1);
    assert_string_equal(board(FROM - 1), "");
    award("o1", 2, FROM);
    award("o1", 4, TO - 1);
    assert_string_equal(board(TO - 1), "1:6");
    award("o1", 8, TO); /* before anybody has ended it */
    assert_int_equal(due(TO - 1), 0);
    assert_int_equal(due(TO), 1);
    assert_string_equal(board(TO), "1:6");
    assert_true(got.contest.over);
    assert_int_equal(got.contest.ended, TO);
}

static void whoever_looks_first_ends_it(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    begin(STORE_CONTEST_PERSONS, STORE_CONTEST_SUM, 0, "*");
    award("o1", 2, FROM);
    show(TO - 1);
    assert_false(got.contest.over);
    show(TO);
    assert_true(got.contest.over);
    assert_int_equal(due(TO), 0);
}

static void a_result_does_not_change_by_what_comes_late_or_twice(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    enrol("o2", "0", "0");
    begin(STORE_CONTEST_PERSONS, STORE_CONTEST_SUM, 0, "*");
    award_as("o1", "x", RULE("watch", 5), FROM + 1);
    award_as("o1", "x", RULE("watch", 5), FROM + 1); /* delivered again */
    assert_string_equal(board(TO - 1), "1:5");
    assert_int_equal(due(TO), 1);
    award("o2", 50,
          TO - 500); /* a process whose clock is behind, or a message that was long under way */
    award_as("o1", "x", RULE("watch", 5), FROM + 1);
    stand("o1", "h", false, TO - 400);
    assert_int_equal(due(TO - 1), 0);
    assert_string_equal(board(TO - 1), "1:5");
    assert_string_equal(got.names[0], ""); /* who hides is not named any more */
    stand("o1", "s", true, TO + 5);
    assert_string_equal(board(TO + 10), "1:5");
    assert_string_equal(got.names[0], "o1");
}

static void two_workers_end_it_once(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    begin(STORE_CONTEST_PERSONS, STORE_CONTEST_SUM, 0, "*");
    award("o1", 5, FROM);
    struct store_turn turn = at("", "", TO);
    got.ended = 0;
    got.answers = 0;
    for (int i = 0; i < 4; i++)
        store_contest_due(fixture.store, &turn, on_due, NULL);
    while (got.answers < 4)
        fixture_well();
    assert_int_equal(got.ended, 1);
}

static void crash(void) {
    redis_server_kill(&fixture.redis);
    fixture_wait_ready(false);
    redis_server_start(&fixture.redis);
    fixture_wait_ready(true);
}

static void a_result_outlives_a_crash(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    begin(STORE_CONTEST_PERSONS, STORE_CONTEST_SUM, 0, "*");
    award("o1", 5, FROM);
    crash(); /* after the last points, before the end */
    assert_int_equal(due(TO), 1);
    crash();
    assert_int_equal(due(TO + 1), 0);
    award("o1", 5, TO - 1);
    assert_string_equal(board(TO + 1), "1:5");
    assert_true(got.contest.over);
}

static void an_operator_ends_it_early_or_altogether(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    assert_int_equal(end("close", FROM), STORE_CONTEST_GONE);
    begin(STORE_CONTEST_PERSONS, STORE_CONTEST_SUM, 0, "*");
    assert_int_equal(end("close", FROM - 1), STORE_CONTEST_TO_COME);
    award("o1", 5, FROM);
    assert_int_equal(end("announce", FROM + 5), STORE_CONTEST_ON);
    assert_int_equal(end("close", FROM + 5), 1);
    assert_int_equal(end("close", FROM + 5), 0);
    award("o1", 5, FROM + 6);
    assert_string_equal(board(FROM + 6), "1:5");
    assert_int_equal(got.contest.ended, FROM + 5);
    assert_int_equal(end("cancel", FROM + 7), STORE_CONTEST_OVER);

    struct store_contest_plan plan = persons;
    plan.name = "other";
    assert_int_equal(create(&plan, FROM - 1), STORE_CONTEST_CREATED);
    award("o1", 5, FROM + 8);
    struct store_turn turn = at("", "", FROM + 9);
    store_contest_end(fixture.store, &turn, "other", "cancel", on_ended, NULL);
    fixture_well();
    assert_int_equal(got.result, 1);
    const char *left = redis_say(&fixture.redis, "KEYS {%s}:contest*other*", account);
    assert_string_equal(left, "");
    assert_string_equal(redis_say(&fixture.redis, "EXISTS {%s}:contests", account), "0");
}

/* ---- what counts ---- */

static void only_the_rules_named_count(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    struct store_contest_plan plan = persons;
    plan.counts = ",comment,case,";
    assert_int_equal(create(&plan, FROM - 1), STORE_CONTEST_CREATED);
    award("o1", 1, FROM);
    award_as("o1", "c", RULE("comment", 2), FROM);
    award_as("o1", "d", RULE("case", 4), FROM);
    award_as("o1", "e", RULE("cas", 8), FROM);
    assert_string_equal(board(FROM), "1:6");
}

static void on_corrected(void *data, int error, enum store_corrected corrected, const char *line,
                         int64_t xp, int64_t co) {
    (void)data;
    (void)line;
    (void)xp;
    (void)co;
    got.result = corrected;
    called(error);
}

/* The learner's last line of the ledger. */
static void remember_line(char line[32]) {
    snprintf(line, 32, "%s",
             redis_say(&fixture.redis, "XREVRANGE {%s}:ledger + - COUNT 1", account));
    line[strcspn(line, " ")] = '\0';
}

static void reverse(const char *line, int64_t points, int64_t now) {
    const struct store_ledger_line what = {
        .line = line, .number = 1, .points = points, .day = DAY, .department = "", .team = ""};
    struct store_turn turn = at("", "", now);
    store_reverse(fixture.store, &turn, &what, "a mistake", on_corrected, NULL);
    fixture_well();
    assert_int_equal(got.result, STORE_CORRECTED_DONE);
}

static void a_reversal_takes_back_what_counted_while_it_runs(void **state) {
    (void)state;
    char before[32], other[32], counted[32], late[32];
    enrol("o1", "0", "0");
    award_as("o1", "w", RULE("comment", 1), FROM - 20);
    remember_line(before);
    struct store_contest_plan plan = persons;
    plan.counts = ",comment,";
    assert_int_equal(create(&plan, FROM - 10), STORE_CONTEST_CREATED);
    award_as("o1", "x", RULE("watch", 2), FROM);
    remember_line(other);
    award_as("o1", "y", RULE("comment", 4), FROM);
    remember_line(counted);
    award_as("o1", "z", RULE("comment", 8), FROM);
    remember_line(late);
    assert_string_equal(board(FROM + 1), "1:12");
    reverse(before, 1, FROM + 1);
    reverse(other, 2, FROM + 1);
    assert_string_equal(board(FROM + 1), "1:12");
    reverse(counted, 4, TO - 1);
    assert_string_equal(board(TO - 1), "1:8");
    reverse(late, 8, TO); /* before anybody has ended it */
    assert_string_equal(board(TO), "1:8");
}

static void an_account_without_a_contest_pays_one_read(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    award("o1", 1, FROM);
    redis_say(&fixture.redis, "CONFIG RESETSTAT");
    award("o1", 1, FROM + 1);
    const char *gets = strstr(redis_say(&fixture.redis, "INFO commandstats"), "cmdstat_get:calls=");
    assert_non_null(gets);
    assert_int_equal(atoi(gets + strlen("cmdstat_get:calls=")), 2); /* the other: done before? */
}

static void who_was_first_stands_higher_among_equals(void **state) {
    (void)state;
    for (int i = 1; i <= 3; i++) {
        char openid[8];
        snprintf(openid, sizeof openid, "o%d", i);
        enrol(openid, "0", "0");
    }
    begin(STORE_CONTEST_PERSONS, STORE_CONTEST_SUM, 0, "*");
    award("o1", 3, FROM);
    award("o2", 5, FROM + 2);
    award("o3", 5, FROM + 2);
    award("o1", 2, FROM + 2); /* all in one second */
    assert_string_equal(board(FROM + 4), "2:5 3:5 1:5");
}

static void who_hides_leaves_the_board_and_comes_back_with_the_points(void **state) {
    (void)state;
    enrol("o1", "0", "0");
    enrol("o2", "0", "0");
    begin(STORE_CONTEST_PERSONS, STORE_CONTEST_SUM, 0, "*");
    award("o1", 5, FROM);
    award("o2", 3, FROM);
    award("unbound", 9, FROM);
    stand("o1", "h", false, FROM + 1);
    assert_string_equal(board(FROM + 1), "2:3");
    award("o1", 5, FROM + 2);
    assert_string_equal(board(FROM + 2), "2:3");
    stand("o1", "s", true, FROM + 3);
    assert_string_equal(board(FROM + 3), "1:10 2:3");
}

/* ---- departments and teams ---- */

static void points_stay_where_they_were_earned(void **state) {
    (void)state;
    enrol("o1", "1", "0");
    enrol("o2", "2", "0");
    department("1", "甲");
    department("2", "乙");
    begin(STORE_CONTEST_DEPARTMENTS, STORE_CONTEST_SUM, 0, "*");
    award("o1", 5, FROM);
    award("o2", 2, FROM);
    redis_say(&fixture.redis, "HSET {%s}:learner:o1 d 2", account); /* moves */
    award("o1", 4, FROM + 1);
    assert_string_equal(board(FROM + 2), "2:6 1:5");
    assert_string_equal(got.names[0], "乙");
    assert_int_equal(due(TO), 1);
    department("2", "丙"); /* what it is called later does not matter */
    assert_string_equal(board(TO), "2:6 1:5");
    assert_string_equal(got.names[0], "乙");
}

static void a_listed_department_plays_with_all_below_it(void **state) {
    (void)state;
    department("1", "公司");
    department("2", "公司/销售");
    department("3", "公司/销售/华东");
    department("4", "公司/市场");
    department("5", "公司/市场/品牌/一组");
    department("6", "公司/后勤");
    enrol("o1", "3", "0");
    enrol("o2", "2", "0");
    enrol("o3", "5", "0");
    enrol("o4", "6", "0");
    begin(STORE_CONTEST_DEPARTMENTS, STORE_CONTEST_PER_HEAD, 0, "公司/销售\037公司/市场\037");
    award("o1", 6, FROM);
    award("o2", 3, FROM);
    award("o3", 4, FROM);
    award("o4", 100, FROM);
    award("nobody", 100, FROM);
    assert_string_equal(board(FROM + 2), "2:450 4:400"); /* hundredths */
}

static void to_drop_idle_members_does_not_help(void **state) {
    (void)state;
    redis_say(&fixture.redis, "HSET {%s}:team:1 nm 甲队", account);
    redis_say(&fixture.redis, "HSET {%s}:team:2 nm 乙队", account);
    for (int i = 1; i <= 6; i++) {
        char openid[8];
        snprintf(openid, sizeof openid, "o%d", i);
        enrol(openid, "0", i <= 4 ? "1" : "2");
    }
    begin(STORE_CONTEST_TEAMS, STORE_CONTEST_PER_HEAD, 0, "*");
    award("o1", 8, FROM);
    award("o2", 4, FROM);
    award("o5", 5, FROM);
    assert_string_equal(board(FROM), "1:300 2:250");
    /* three leave, one of whom had earned: two are counted on for ever */
    redis_say(&fixture.redis, "HSET {%s}:heads t:1 1", account);
    award("o1", 1, FROM + 1);
    assert_string_equal(board(FROM + 1), "1:650 2:250");
}

static void on_roster(void *data, int error, int64_t result, const char *text) {
    (void)text;
    on_ended(data, error, result);
}

static void roster_says(const char *key, const char *path, int64_t now) {
    const struct store_employee one = {
        .key = key,
        .number = key,
        .name = key,
        .department = path,
        .manager = "",
        .tail = "",
        .joined = "",
        .left = "",
        .tags = "",
        .quoting = "",
        .place = 1,
    };
    struct store_turn turn = at("", "", now);
    store_roster_put(fixture.store, &turn, "import", &one, 1, on_roster, NULL);
    fixture_well();
    assert_int_equal(got.result, 1);
}

static void heads_change_the_value_at_once(void **state) {
    (void)state;
    department("1", "甲");
    enrol("o1", "1", "0");
    enrol("o2", "0", "0");
    enrol("o3", "1", "0");
    begin(STORE_CONTEST_DEPARTMENTS, STORE_CONTEST_PER_HEAD, 0, "甲\037");
    award("o1", 6, FROM);
    assert_string_equal(board(FROM), "1:300");
    roster_says("o2", "甲/新组", FROM + 1);
    assert_string_equal(board(FROM + 1), "1:200");
    roster_says("o2", "乙", FROM + 2);
    roster_says("o1", "乙", FROM + 2);
    assert_string_equal(board(FROM + 2), "1:600");
    award("o3", 3, FROM + 3); /* two have earned for it, one of whom is still there */
    assert_string_equal(board(FROM + 3), "1:450");
    roster_says("o1", "甲/新组", TO); /* nobody has ended it yet */
    roster_says("o2", "甲/新组", TO);
    assert_string_equal(board(TO), "1:450");
}

static void a_department_that_moves_below_a_listed_one_counts_there(void **state) {
    (void)state;
    department("1", "甲");
    department("2", "乙");
    enrol("o1", "1", "0");
    enrol("o2", "2", "0");
    begin(STORE_CONTEST_DEPARTMENTS, STORE_CONTEST_PER_HEAD, 0, "甲\037");
    award("o1", 6, FROM);
    award("o2", 6, FROM);
    assert_string_equal(board(FROM), "1:600");
    const char *const from = "乙", *const to = "甲/乙";
    struct store_turn turn = at("", "", FROM + 1);
    store_roster_rename(fixture.store, &turn, "import", &from, &to, 1, on_roster, NULL);
    fixture_well();
    assert_string_equal(board(FROM + 1), "1:300");
    award("o2", 6, FROM + 2);
    assert_string_equal(board(FROM + 2), "1:600");
}

static void the_best_count_and_small_teams_can_win(void **state) {
    (void)state;
    redis_say(&fixture.redis, "HSET {%s}:team:1 nm 大队", account);
    redis_say(&fixture.redis, "HSET {%s}:team:2 nm 小队", account);
    for (int i = 1; i <= 6; i++) {
        char openid[8];
        snprintf(openid, sizeof openid, "o%d", i);
        enrol(openid, "0", i <= 4 ? "1" : "2");
        award(openid, 1, FROM - 5);
    }
    begin(STORE_CONTEST_TEAMS, STORE_CONTEST_BEST, 2, "*");
    for (int i = 1; i <= 4; i++) {
        char openid[8];
        snprintf(openid, sizeof openid, "o%d", i);
        award(openid, 5, FROM);
    }
    award("o5", 7, FROM + 1);
    award("o6", 4, FROM + 1);
    assert_string_equal(board(FROM + 2), "2:11 1:10");
    award("o3", 2, FROM + 3); /* 7 and 5 */
    assert_string_equal(board(FROM + 4), "1:12 2:11");
}

/* ---- the ledger says the same ---- */

enum { PEOPLE = 12, DEPARTMENTS = 3, EVENTS = 400 };

static struct past {
    char line[32], reverses[32];
    int64_t number, department, points, at;
} past[2 * EVENTS];
static unsigned past_count;

static void on_page_of_ledger(void *data, int error, const struct store_ledger_line *lines,
                              unsigned count) {
    (void)data;
    for (unsigned i = 0; i < count && past_count < 2 * EVENTS; i++) {
        struct past *one = &past[past_count++];
        bool reverses = strcmp(lines[i].rule, "reverse") == 0;
        snprintf(one->line, sizeof one->line, "%s", lines[i].line);
        snprintf(one->reverses, sizeof one->reverses, "%s", reverses ? lines[i].subject : "");
        one->number = lines[i].number;
        one->department = atoi(lines[i].department);
        one->points = lines[i].points;
        one->at = lines[i].at;
    }
    called(error);
}

static void read_ledger(void) {
    struct store_turn turn = at("", "", TO);
    const struct store_ledger_range range = {.after = STORE_LEDGER_FIRST, .most = 1000};
    past_count = 0;
    store_ledger_page(fixture.store, &turn, &range, on_page_of_ledger, NULL);
    fixture_well();
}

static bool counts(const struct past *one) {
    if (one->at >= TO || one->at < FROM - 10)
        return false;
    if (!*one->reverses)
        return one->at >= FROM;
    for (unsigned i = 0; i < past_count; i++)
        if (strcmp(past[i].line, one->reverses) == 0)
            return counts(&past[i]);
    return false;
}

/* The two best of a department together, by the ledger alone. */
static int64_t best_two(int64_t department) {
    int64_t sums[PEOPLE + 1] = {0}, best = 0, second = 0;
    for (unsigned i = 0; i < past_count; i++)
        if (past[i].department == department && counts(&past[i]))
            sums[past[i].number] += past[i].points;
    for (int i = 1; i <= PEOPLE; i++) {
        int64_t lower = sums[i] < best ? sums[i] : best;
        best = sums[i] > best ? sums[i] : best;
        second = lower > second ? lower : second;
    }
    return best + second;
}

/* One of: an award, perhaps delivered twice, a move, a reversal of something earlier. */
static void something_happens(int number) {
    char openid[8], id[16], rule[64];
    snprintf(openid, sizeof openid, "o%d", 1 + rand() % PEOPLE);
    snprintf(id, sizeof id, "e%d", number);
    snprintf(rule, sizeof rule, "watch;%d;0;0;0;0;0;0;0;0;0;0;0;a", 1 + rand() % 9);
    int64_t now = FROM - 100 + rand() % (TO - FROM + 200);
    int what = rand() % 10;
    if (what == 0) {
        redis_say(&fixture.redis, "HSET {%s}:learner:%s d %d", account, openid,
                  1 + rand() % DEPARTMENTS);
    } else if (what == 1 && past_count > 0) {
        const struct past *one = &past[(unsigned)rand() % past_count];
        char d[8];
        snprintf(d, sizeof d, "%d", (int)one->department);
        const struct store_ledger_line line = {.line = one->line,
                                               .number = one->number,
                                               .points = one->points,
                                               .day = DAY,
                                               .department = d,
                                               .team = ""};
        struct store_turn turn = at("", "", now < FROM ? FROM : now);
        if (!*one->reverses)
            store_reverse(fixture.store, &turn, &line, "a mistake", on_corrected, NULL);
        if (!*one->reverses)
            fixture_well();
    } else {
        award_as(openid, id, rule, now);
        if (what > 7)
            award_as(openid, id, rule, now);
    }
}

static void the_ledger_says_what_the_board_says(void **state) {
    (void)state;
    for (int i = 1; i <= PEOPLE; i++) {
        char openid[8], d[8];
        snprintf(openid, sizeof openid, "o%d", i);
        snprintf(d, sizeof d, "%d", 1 + i % DEPARTMENTS);
        enrol(openid, d, "0");
    }
    begin(STORE_CONTEST_DEPARTMENTS, STORE_CONTEST_BEST, 2, "*");
    srand(21);
    for (int i = 0; i < EVENTS; i++) {
        if (i % 40 == 0)
            read_ledger(); /* what can be reversed */
        something_happens(i);
    }
    read_ledger();
    show(TO - 1);
    assert_int_equal(got.contest.count, DEPARTMENTS);
    for (unsigned i = 0; i < got.contest.count; i++)
        assert_int_equal(got.contest.rows[i].value, best_two(got.contest.rows[i].id));
    assert_true(got.contest.rows[0].value >= got.contest.rows[1].value);
    assert_true(got.contest.rows[1].value >= got.contest.rows[2].value);
}

/* ---- creating ---- */

static void creating_says_what_is_wrong(void **state) {
    (void)state;
    struct store_contest_plan plan = persons;
    assert_int_equal(create(&plan, FROM + 1), STORE_CONTEST_PAST);
    assert_int_equal(create(&plan, FROM), STORE_CONTEST_CREATED);
    assert_int_equal(create(&plan, FROM), STORE_CONTEST_BEFORE);
    assert_int_equal(create(&plan, FROM + 1), STORE_CONTEST_BEFORE);
    plan.title = "秋天";
    assert_int_equal(create(&plan, FROM), STORE_CONTEST_TAKEN);
    assert_string_equal(got.detail, "春天");
    plan.name = "autumn";
    plan.kind = STORE_CONTEST_DEPARTMENTS;
    plan.only = "公司/没有\037";
    assert_int_equal(create(&plan, FROM), STORE_CONTEST_NONE);
    assert_string_equal(got.detail, "公司/没有");
    plan.only = "*";
    assert_int_equal(create(&plan, FROM), STORE_CONTEST_CREATED);
    plan.name = "winter";
    assert_int_equal(create(&plan, FROM), STORE_CONTEST_CREATED);
    plan.name = "one-more";
    assert_int_equal(create(&plan, FROM), STORE_CONTEST_MANY);
    assert_int_equal(due(TO), 3);
    plan.from = TO;
    plan.to = TO + 10;
    assert_int_equal(create(&plan, TO), STORE_CONTEST_CREATED);
}

static void on_each(void *data, int error, const struct store_contest *contest) {
    (void)data;
    if (contest) {
        strncat(got.text, contest->name, sizeof got.text - strlen(got.text) - 1);
        strncat(got.text, contest->over ? "- " : "+ ", sizeof got.text - strlen(got.text) - 1);
        return;
    }
    called(error);
}

static void the_list_has_the_newest_first(void **state) {
    (void)state;
    struct store_contest_plan plan = persons;
    create(&plan, FROM);
    plan.name = "later";
    plan.from = TO;
    plan.to = TO + 10;
    create(&plan, FROM);
    struct store_turn turn = at("", "", TO);
    *got.text = '\0';
    store_contest_list(fixture.store, &turn, 10, on_each, NULL);
    fixture_well();
    assert_string_equal(got.text, "later+ spring- ");
}

/* ---- chat ---- */

static void on_mine(void *data, int error, int64_t number, bool shown,
                    const struct store_contest_mine *list, unsigned count) {
    (void)data;
    (void)number;
    got.count = count;
    got.shown = shown;
    if (count) {
        got.mine = list[count - 1];
        snprintf(got.names[0], sizeof got.names[0], "%s", list[count - 1].party_name);
        snprintf(got.names[1], sizeof got.names[1], "%s", list[count - 1].ahead_name);
    }
    called(error);
}

static void mine(const char *openid, const char *id, int64_t now) {
    struct store_turn turn = at(openid, id, now);
    store_contest_mine(fixture.store, &turn, on_mine, NULL);
    fixture_well();
}

static void a_learner_sees_rank_and_gap(void **state) {
    (void)state;
    department("1", "甲");
    department("2", "乙");
    enrol("o1", "1", "0");
    enrol("o2", "2", "0");
    enrol("o3", "2", "0");
    mine("o1", "m0", FROM);
    assert_int_equal(got.count, 0);
    begin(STORE_CONTEST_DEPARTMENTS, STORE_CONTEST_PER_HEAD, 0, "*");
    award("o1", 5, FROM);
    award("o2", 7, FROM);
    mine("o3", "m1", FROM + 1);
    assert_int_equal(got.count, 1);
    assert_string_equal(got.names[0], "乙");
    assert_string_equal(got.names[1], "甲");
    assert_int_equal(got.mine.rank, 2);
    assert_int_equal(got.mine.value, 350);
    assert_int_equal(got.mine.points, 0);
    assert_int_equal(got.mine.gap, 4); /* 11 of 2: 5.50 */
    mine("nobody", "m2", FROM + 1);
    assert_int_equal(got.count, 0);
    mine("o2", "m3", TO);
    assert_int_equal(got.count, 1);
    assert_true(got.mine.contest.over);
    assert_int_equal(got.mine.contest.count, 2);
}

/* ---- telling ---- */

static void on_page(void *data, int error, const struct store_contest *contest,
                    const struct store_contest_player *players, unsigned count, const char *next) {
    (void)data;
    (void)contest;
    got.count = count;
    snprintf(got.text, sizeof got.text, "%s", next);
    snprintf(got.detail, sizeof got.detail, "%s", count ? players[0].openid : "");
    called(error);
}

static void page(unsigned most, int64_t now) {
    struct store_turn turn = at("", "", now);
    store_contest_page(fixture.store, &turn, "spring", most, on_page, NULL);
    fixture_well();
}

static int64_t tell(const char *openid, int64_t number, int64_t now) {
    struct store_turn turn = at(openid, "", now);
    store_contest_tell(fixture.store, &turn, "spring", number, "{}", on_ended, NULL);
    fixture_well();
    return got.result;
}

static void players_who_may_be_written_to_are_told_once(void **state) {
    (void)state;
    struct store_contest_plan plan = persons;
    plan.announce = true;
    plan.to = FROM + 10 * 86400;
    enrol("o1", "0", "0");
    enrol("o2", "0", "0");
    assert_int_equal(create(&plan, FROM), STORE_CONTEST_CREATED);
    award("o1", 5, FROM);
    award("o2", 5, plan.to - 86400);
    assert_int_equal(due(plan.to), 1);
    assert_string_equal(got.text, "spring");
    page(1, plan.to); /* o1 was active ten days ago */
    assert_int_equal(got.count, 0);
    assert_string_equal(got.text, "1");
    struct store_turn turn = at("", "", plan.to);
    store_contest_told(fixture.store, &turn, "spring", "1", on_ended, NULL);
    fixture_well();
    page(1, plan.to);
    assert_int_equal(got.count, 1);
    assert_string_equal(got.detail, "o2");
    assert_int_equal(tell("o2", 2, plan.to), 1);
    assert_int_equal(tell("o2", 2, plan.to), 0); /* the other worker, or after a crash */
    page(1, plan.to);
    assert_int_equal(got.count, 0);
    assert_string_equal(redis_say(&fixture.redis, "XLEN {%s}:outbox", account), "1");
    store_contest_told(fixture.store, &turn, "spring", "", on_ended, NULL);
    fixture_well();
    due(plan.to);
    assert_string_equal(got.text, "");
    assert_int_equal(end("announce", plan.to), 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, another_account)
    const struct CMUnitTest tests[] = {
        TEST(what_is_earned_from_the_first_second_to_before_the_last_counts),
        TEST(whoever_looks_first_ends_it),
        TEST(a_result_does_not_change_by_what_comes_late_or_twice),
        TEST(two_workers_end_it_once),
        TEST(a_result_outlives_a_crash),
        TEST(an_operator_ends_it_early_or_altogether),
        TEST(only_the_rules_named_count),
        TEST(a_reversal_takes_back_what_counted_while_it_runs),
        TEST(an_account_without_a_contest_pays_one_read),
        TEST(who_was_first_stands_higher_among_equals),
        TEST(who_hides_leaves_the_board_and_comes_back_with_the_points),
        TEST(points_stay_where_they_were_earned),
        TEST(a_listed_department_plays_with_all_below_it),
        TEST(to_drop_idle_members_does_not_help),
        TEST(heads_change_the_value_at_once),
        TEST(a_department_that_moves_below_a_listed_one_counts_there),
        TEST(the_best_count_and_small_teams_can_win),
        TEST(the_ledger_says_what_the_board_says),
        TEST(creating_says_what_is_wrong),
        TEST(the_list_has_the_newest_first),
        TEST(a_learner_sees_rank_and_gap),
        TEST(players_who_may_be_written_to_are_told_once),
    };
    return cmocka_run_group_tests_name("store/contest", tests, fixture_setup, fixture_teardown);
}
