/* store/board.h against a real Redis. */

#include "store/board.h"

#include "store/binding.h"
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY 20000

static struct store_board got;

static void on_board(void *data, int error, const struct store_board *board) {
    (void)data;
    fixture_done(error);
    if (board)
        got = *board;
}

static void on_followed(void *data, int error, const struct store_learner *learner) {
    (void)data;
    (void)learner;
    fixture_done(error);
}

static void ask(const char *openid, const char *id, unsigned top, unsigned beside) {
    struct store_turn turn = fixture_turn(openid, id, DAY, 100000);
    const struct store_board_query query = {.top = top, .beside = beside};
    store_board(fixture.store, &turn, &query, on_board, NULL);
    fixture_well();
}

/* A learner with so many points since that second of the day. */
static void enrol(const char *openid, int points, int second) {
    char id[32], rule[64];
    snprintf(rule, sizeof rule, "r;%d;0;0;0;0;0;0;0;0;0;0;0;a", points);
    redis_say(&fixture.redis, "HSET {t}:learner:%s e %s", openid, openid); /* bound */
    snprintf(id, sizeof id, "enrol-%s", openid);
    struct store_turn turn = fixture_turn(openid, id, DAY, second);
    store_follow(fixture.store, &turn, POLICY("0"), rule, 0, on_followed, NULL);
    fixture_well();
}

static void nobody_is_ranked_at_first(void **state) {
    (void)state;
    ask("o-early", "q0", 3, 2);
    assert_int_equal(got.rank, 0);
    assert_int_equal(got.total, 0);
    assert_int_equal(got.count, 0);
}

static void top_and_neighbours_without_repeating_anyone(void **state) {
    (void)state;
    char openid[16];
    for (int i = 1; i <= 20; i++) {
        snprintf(openid, sizeof openid, "o%d", i);
        enrol(openid, i, i);
    }
    ask("o10", "q1", 3, 2);
    assert_int_equal(got.rank, 11);
    assert_int_equal(got.sum, 10);
    assert_int_equal(got.total, 20);
    assert_int_equal(got.top_count, 3);
    assert_int_equal(got.count, 8);
    const int64_t ranks[] = {1, 2, 3, 9, 10, 11, 12, 13};
    for (unsigned i = 0; i < got.count; i++) {
        assert_int_equal(got.rows[i].rank, ranks[i]);
        assert_int_equal(got.rows[i].sum, 21 - ranks[i]);
    }
    ask("o19", "q2", 3, 2); /* second: its upper neighbours are the top */
    assert_int_equal(got.rank, 2);
    assert_int_equal(got.count, 4);
    assert_int_equal(got.rows[3].rank, 4);
}

static void last_one_has_nobody_below(void **state) {
    (void)state;
    ask("o1", "q3", 3, 2);
    assert_int_equal(got.rank, 20);
    assert_int_equal(got.count, 6);
    assert_int_equal(got.rows[5].rank, 20);
}

static void who_has_no_points_sees_the_top(void **state) {
    (void)state;
    ask("o-none", "q4", 3, 2);
    assert_int_equal(got.rank, 0);
    assert_int_equal(got.count, 3);
}

static void among_equals_who_was_first_stands_higher(void **state) {
    (void)state;
    enrol("late", 500, 3000);
    enrol("early", 500, 2999);
    ask("early", "q5", 3, 0);
    assert_int_equal(got.rank, 1);
    ask("late", "q6", 3, 0);
    assert_int_equal(got.rank, 2);
    assert_int_equal(got.rows[0].sum, 500);
    assert_int_equal(got.rows[1].sum, 500);
}

/* ---- a company ---- */

static int64_t result;
static bool changed, bound;
static unsigned turns;

static void on_binding(void *data, int error, const struct store_binding *binding) {
    (void)data;
    fixture_done(error);
    result = binding ? (int64_t)binding->outcome : -1;
}

static void on_step(void *data, int error, int64_t number, const char *text) {
    (void)data;
    (void)text;
    fixture_done(error);
    result = number;
}

static void on_number(void *data, int error, int64_t number) {
    on_step(data, error, number, "");
}

static void on_shown(void *data, int error, bool is_changed, bool is_bound) {
    (void)data;
    fixture_done(error);
    changed = is_changed;
    bound = is_bound;
}

static struct store_turn at(const char *openid, int64_t day, int64_t second) {
    static char id[16];
    snprintf(id, sizeof id, "m%u", ++turns);
    return fixture_turn(openid, id, day, second);
}

static int forget_all(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    return 0;
}

/* An employee is who the roster says: there, elsewhere, or gone. */
static void put(const char *number, const char *department, bool gone) {
    struct store_turn who = at("", DAY, 0);
    struct store_employee one = {number, number, number, department, "",   "1234",      "",
                                 "",     "",     "",     false,      gone, atoi(number)};
    store_roster_begin(fixture.store, &who, "i", on_step, NULL);
    fixture_well();
    store_roster_put(fixture.store, &who, "i", &one, 1, on_step, NULL);
    fixture_well();
    store_roster_end(fixture.store, &who, "i", "", on_step, NULL);
    fixture_well();
}

/* The learner o… binds number …, and earns. */
static void bind_to(const char *openid, const char *number) {
    struct store_turn who = at(openid, DAY, 9000);
    store_bind(fixture.store, &who, true, number, "1234", on_binding, NULL);
    fixture_well();
    assert_int_equal(result, STORE_BINDING_bound);
}

static void unbind(const char *openid) {
    for (unsigned i = 0; i < 2; i++) {
        struct store_turn who = at(openid, DAY, 0);
        store_unbind(fixture.store, &who, i > 0, on_binding, NULL);
        fixture_well();
    }
    assert_int_equal(result, STORE_BINDING_done);
}

static void join(const char *number, const char *department) {
    char openid[16];
    snprintf(openid, sizeof openid, "o%s", number);
    struct store_turn who = at(openid, DAY, 0);
    put(number, department, false);
    store_follow(fixture.store, &who, POLICY("0"), RULE("follow", 1), 0, on_followed, NULL);
    fixture_well();
    redis_say(&fixture.redis, "DEL {t}:board:p:all {t}:board:p:d20000 {t}:tally"); /* not that 1 */
    redis_say(&fixture.redis, "HDEL {t}:learner:%s tl xp", openid);
    bind_to(openid, number);
}

static void earn(const char *openid, int points, int64_t day, int64_t second) {
    char rule[64];
    struct store_turn who = at(openid, day, second);
    struct store_event event = {.subject = "", .words = ""};
    snprintf(rule, sizeof rule, "r;%d;0;0;0;0;0;0;0;0;0;0;0;a", points);
    store_award(fixture.store, &who, POLICY("0"), rule, &event, on_followed, NULL);
    fixture_well();
}

static void look(const char *openid, int64_t day, struct store_board_query query) {
    struct store_turn who = at(openid, day, 86399);
    query.top = 5;
    query.beside = 2;
    store_board(fixture.store, &who, &query, on_board, NULL);
    fixture_well();
}

/* "name sum/heads, …" of what was got. */
static const char *listed(void) {
    static char text[1000];
    *text = '\0';
    for (unsigned i = 0; i < got.count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %d/%d", i ? ", " : "", got.rows[i].name,
                 (int)got.rows[i].sum, (int)got.rows[i].heads);
    }
    return text;
}

static void show_at(const char *openid, int64_t day, int64_t second, bool shown) {
    struct store_turn who = at(openid, day, second);
    store_show(fixture.store, &who, shown, on_shown, NULL);
    fixture_well();
}

static void show(const char *openid, bool shown) {
    show_at(openid, DAY, 9000, shown);
}

static void company(void) {
    join("1", "公司/销售部/华东");
    join("2", "公司/销售部/华东");
    join("3", "公司/销售部/华南");
    join("4", "公司/市场部");
    join("5", "公司");
}

static void who_stands_there_keeps_the_place_when_asking_to_stand_there(void **state) {
    (void)state;
    enrol("first", 600, 4000);
    enrol("second", 600, 4001);
    show("first", true);
    ask("first", "q7", 1, 0);
    assert_int_equal(got.rank, 1);
}

static void award(const char *openid, const char *id, int64_t day, int64_t second) {
    static const struct store_event event = {.subject = "", .words = ""};
    struct store_turn turn = fixture_turn(openid, id, day, second);
    store_award(fixture.store, &turn, POLICY("0"), RULE("late", 7), &event, on_followed, NULL);
    fixture_well();
}

static int sum_on(const char *board, const char *member) {
    return (int)(atoll(redis_say(&fixture.redis, "ZSCORE {t}:board:%s %s", board, member)) >> 31);
}

static void points_that_come_late_are_on_the_department_s_board_of_the_day_before(void **state) {
    (void)state;
    redis_say(&fixture.redis, "HSET {t}:learner:quick e quick d 9");
    redis_say(&fixture.redis, "HSET {t}:learner:slow e slow d 9");
    award("quick", "l1", DAY + 3, 1); /* a Monday */
    award("slow", "l2", DAY + 2, 86399);
    assert_int_equal(sum_on("d:d20003", "9"), 7);
    assert_int_equal(sum_on("d:d20002", "9"), 7);
    assert_int_equal(sum_on("d:w2858", "9"), 7);
    assert_int_equal(sum_on("d:w2857", "9"), 7);
    assert_int_equal(sum_on("d:all", "9"), 14);
    assert_in_range(atoi(redis_say(&fixture.redis, "TTL {t}:board:d:d20002")), 1, 3 * 86400);
    award("slow", "l3", DAY + 2, 86399);
    assert_int_equal(sum_on("d:d20002", "9"), 14);
}

static void who_leaves_and_comes_by_a_late_message_does_so_on_todays_boards(void **state) {
    (void)state;
    char number[24];
    redis_say(&fixture.redis, "HSET {t}:learner:shy e shy");
    award("shy", "l4", DAY + 3, 1);
    snprintf(number, sizeof number, "%s", redis_say(&fixture.redis, "HGET {t}:learner:shy n"));
    static const char *const boards[] = {"p:all", "p:d20003", "p:w2858"};
    for (int shown = 0; shown < 2; shown++) {
        show_at("shy", DAY + 2, 86399, shown);
        for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++)
            assert_int_equal(sum_on(boards[i], number), shown ? 7 : 0);
    }
}

/* ---- periods ---- */

static void a_period_ends_with_its_last_day(void **state) {
    (void)state;
    static const struct {
        int64_t earned, seen;
        enum store_period period;
        unsigned back;
        bool there;
    } cases[] = {
        {20779, 20779, STORE_PERIOD_WEEK, 0, true},   /* Sunday, 2026-11-22, */
        {20779, 20780, STORE_PERIOD_WEEK, 0, false},  /* on Monday, */
        {20779, 20780, STORE_PERIOD_WEEK, 1, true},   /* last week's */
        {20773, 20779, STORE_PERIOD_WEEK, 0, true},   /* Monday, on Sunday */
        {20772, 20779, STORE_PERIOD_WEEK, 1, true},   /* Sunday, on the next Sunday */
        {20765, 20779, STORE_PERIOD_WEEK, 2, true},   /* and the one after that */
        {20779, 20779, STORE_PERIOD_DAY, 0, true},    /**/
        {20779, 20780, STORE_PERIOD_DAY, 0, false},   /**/
        {20779, 20780, STORE_PERIOD_DAY, 1, true},    /**/
        {20787, 20787, STORE_PERIOD_MONTH, 0, true},  /* 30 November */
        {20787, 20788, STORE_PERIOD_MONTH, 0, false}, /* 1 December */
        {20787, 20788, STORE_PERIOD_MONTH, 1, true},  /**/
        {20818, 20819, STORE_PERIOD_MONTH, 0, false}, /* 31 December, 1 January 2027 */
        {20818, 20819, STORE_PERIOD_MONTH, 1, true},  /**/
        {20877, 20878, STORE_PERIOD_MONTH, 1, true},  /* 28 February, 1 March 2027 */
        {21243, 21243, STORE_PERIOD_MONTH, 0, true},  /* 29 February 2028 */
        {21242, 21243, STORE_PERIOD_MONTH, 0, true},  /**/
        {21243, 21244, STORE_PERIOD_MONTH, 1, true},  /**/
        {20779, 20999, STORE_PERIOD_ALL, 0, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        forget_all(NULL);
        join("1", "公司");
        earn("o1", 7, cases[i].earned, 86399);
        look("o1", cases[i].seen,
             (struct store_board_query){.period = cases[i].period, .back = cases[i].back});
        if (got.total != cases[i].there)
            fail_msg("case %zu: %d on the board", i, (int)got.total);
        assert_int_equal(got.rank, cases[i].there);
    }
}

static void a_new_week_begins_at_nothing(void **state) {
    (void)state;
    join("1", "公司");
    earn("o1", 7, 20779, 86399);
    earn("o1", 5, 20780, 0);
    look("o1", 20780, (struct store_board_query){.period = STORE_PERIOD_WEEK});
    assert_int_equal(got.sum, 5);
    look("o1", 20780, (struct store_board_query){.period = STORE_PERIOD_WEEK, .back = 1});
    assert_int_equal(got.sum, 7);
    look("o1", 20780, (struct store_board_query){.period = STORE_PERIOD_MONTH});
    assert_int_equal(got.sum, 12);
}

static void a_period_board_does_not_stay_for_ever(void **state) {
    (void)state;
    join("1", "公司");
    earn("o1", 7, DAY, 0);
    assert_int_equal(atoi(redis_say(&fixture.redis, "TTL {t}:board:p:d20000")) > 2 * 86400, 1);
    assert_int_equal(atoi(redis_say(&fixture.redis, "TTL {t}:board:p:w2857")) > 14 * 86400, 1);
    assert_string_equal(redis_say(&fixture.redis, "TTL {t}:board:p:all"), "-1");
}

static void what_is_over_keeps_its_first_hundred(void **state) {
    (void)state;
    join("1", "公司");
    redis_say(
        &fixture.redis, "EVAL %s 0", /* a blank ends an argument */
        "for\ti=1,6000\tdo\t"
        "for\t_,board\tin\tipairs({'p:d19999','p:w2856','p:d20000','p:w2857','d:d19999'})\tdo\t"
        "redis.call('ZADD','{t}:board:'..board,i,i)\t"
        "end\tend");
    redis_say(&fixture.redis, "EXPIRE {t}:board:p:w2856 1000");
    struct store_turn who = at("", DAY, 0);
    store_board_trim(fixture.store, &who, on_number, NULL);
    fixture_well();
    assert_int_equal(result, 2 * (6000 - STORE_BOARD_KEPT));
    store_board_trim(fixture.store, &who, on_number, NULL);
    fixture_well();
    assert_int_equal(result, 0);
    assert_string_equal(redis_say(&fixture.redis, "GET {t}:ranked:w2856"), "6000");
    int left = atoi(redis_say(&fixture.redis, "TTL {t}:board:p:w2856"));
    assert_true(left > 900 && left <= 1000);
    assert_string_equal(redis_say(&fixture.redis, "TTL {t}:board:p:d19999"), "-1");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:d19999"), "100");
    assert_string_equal(redis_say(&fixture.redis, "ZRANGE {t}:board:p:w2856 0 0"), "5901");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:d20000"), "6000");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:w2857"), "6000");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:d:d19999"), "6000");
}

/* ---- who stands there ---- */

static void only_who_is_bound_and_wants_to_is_shown(void **state) {
    (void)state;
    static const enum store_period periods[] = {STORE_PERIOD_ALL, STORE_PERIOD_DAY,
                                                STORE_PERIOD_WEEK, STORE_PERIOD_MONTH};
    company();
    for (const char *openid = "12345"; *openid; openid++)
        earn((char[]){'o', *openid, '\0'}, 10, DAY, *openid);
    show("o1", false);
    assert_true(changed && bound);
    unbind("o2");
    put("3", "公司/销售部/华南", true);
    earn("o1", 1, DAY, 200); /* whatever they earn now */
    earn("o2", 1, DAY, 200);
    earn("o3", 1, DAY, 200);
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        look("o1", DAY, (struct store_board_query){.period = periods[i]});
        assert_string_equal(listed(), "4 10/1, 5 10/1");
        assert_true(got.hidden && got.bound && got.rank == 0);
    }
    show("o1", false);
    assert_false(changed);
    show("o1", true);
    assert_true(changed);
    put("3", "公司/销售部/华南", false);
    bind_to("o2", "2");
    bind_to("o3", "3");
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        look("o2", DAY, (struct store_board_query){.period = periods[i]});
        assert_int_equal(got.total, 5);
        assert_int_equal(got.sum, 11);
    }
    show("o-nobody", true);
    assert_false(bound);
}

static void who_comes_back_stands_where_they_stood_among_equals(void **state) {
    (void)state;
    const struct store_board_query query = {.period = STORE_PERIOD_WEEK};
    company();
    earn("o1", 10, DAY, 1);
    earn("o2", 10, DAY, 2);
    earn("o3", 10, DAY, 3);
    show("o1", false);
    show("o1", true);
    unbind("o2");
    bind_to("o2", "2");
    look("o2", DAY, query);
    assert_string_equal(listed(), "1 10/1, 2 10/1, 3 10/1");
}

/* ---- departments ---- */

static void departments_count_what_is_below_them(void **state) {
    (void)state;
    const struct store_board_query beside = {STORE_BOARD_DEPARTMENT, STORE_PERIOD_WEEK, .up = 0};
    struct store_board_query query = beside;
    company();
    earn("o1", 10, DAY, 1);
    earn("o2", 20, DAY, 2);
    earn("o3", 25, DAY, 3);
    earn("o4", 40, DAY, 4);
    earn("o5", 99, DAY, 5); /* in none of the departments below 公司 */
    look("o1", DAY, beside);
    assert_string_equal(listed(), "华东 30/2, 华南 25/1");
    assert_string_equal(got.level, "公司/销售部");
    assert_true(got.rank == 1 && got.sum == 30 && got.above && !got.below);
    query.up = 1;
    look("o1", DAY, query);
    assert_string_equal(listed(), "销售部 55/3, 市场部 40/1");
    assert_string_equal(got.level, "公司");
    assert_true(got.rank == 1 && !got.above);
    query.up = 9; /* there is nothing but 公司 above */
    look("o1", DAY, query);
    assert_string_equal(got.level, "公司");
    look("o4", DAY, beside);
    assert_string_equal(listed(), "销售部 55/3, 市场部 40/1");
    assert_true(got.rank == 2 && got.sum == 40 && !got.above && !got.below);
    look("o5", DAY, beside); /* the only one of its level: those below */
    assert_string_equal(got.level, "公司");
    assert_int_equal(got.rank, 0);
    look("o-unbound", DAY, beside);
    assert_string_equal(listed(), "销售部 55/3, 市场部 40/1");
    assert_true(got.own == 0 && !got.bound);
    query.per_head = true;
    look("o4", DAY, query);
    assert_string_equal(listed(), "市场部 40/1, 销售部 55/3");
    assert_int_equal(got.rank, 1);
}

static void who_heads_departments_sees_those_below(void **state) {
    (void)state;
    struct store_board_query query = {STORE_BOARD_DEPARTMENT, STORE_PERIOD_ALL, .up = 0};
    company();
    join("6", "公司/销售部");
    earn("o1", 10, DAY, 1);
    earn("o6", 5, DAY, 1);
    look("o6", DAY, query);
    assert_string_equal(listed(), "销售部 15/4");
    assert_true(got.below && got.rank == 1);
    query.up = -1;
    look("o6", DAY, query);
    assert_string_equal(listed(), "华东 10/2");
    assert_string_equal(got.level, "公司/销售部");
    assert_true(got.rank == 0 && got.own == 0 && got.above);
}

static void among_equal_departments_who_was_first_stands_higher(void **state) {
    (void)state;
    const struct store_board_query query = {STORE_BOARD_DEPARTMENT, STORE_PERIOD_WEEK, .up = 1};
    company();
    earn("o1", 10, DAY, 10);
    earn("o4", 30, DAY, 20);
    earn("o3", 20, DAY, 30); /* 销售部 has its 30 only now */
    look("o1", DAY, query);
    assert_string_equal(listed(), "市场部 30/1, 销售部 30/3");
    earn("o2", 30, DAY, 40);
    earn("o4", 30, DAY, 50);
    look("o1", DAY, query);
    assert_string_equal(listed(), "销售部 60/3, 市场部 60/1");
}

static void points_stay_in_the_department_they_were_earned_in(void **state) {
    (void)state;
    const struct store_board_query query = {STORE_BOARD_DEPARTMENT, STORE_PERIOD_WEEK, .up = 1};
    company();
    earn("o1", 10, DAY, 1);
    earn("o4", 5, DAY, 1);
    put("1", "公司/市场部", false);
    earn("o1", 7, DAY, 2);
    look("o1", DAY, query);
    assert_string_equal(listed(), "市场部 12/2, 销售部 10/2");
    assert_int_equal(got.rank, 1);
    look("o1", DAY, (struct store_board_query){.period = STORE_PERIOD_WEEK});
    assert_int_equal(got.sum, 17);
}

static void a_department_nobody_is_left_in_has_no_points_per_head(void **state) {
    (void)state;
    struct store_board_query query = {STORE_BOARD_DEPARTMENT, STORE_PERIOD_WEEK, .per_head = true};
    company();
    earn("o4", 5, DAY, 1);
    earn("o1", 5, DAY, 2);
    unbind("o4");
    look("o-unbound", DAY, query);
    assert_string_equal(listed(), "销售部 5/3");
    query.per_head = false;
    look("o-unbound", DAY, query);
    assert_string_equal(listed(), "市场部 5/0, 销售部 5/3");
}

static void of_many_departments_the_sums_are_kept_for_a_moment(void **state) {
    (void)state;
    struct store_board_query query = {STORE_BOARD_DEPARTMENT, STORE_PERIOD_WEEK, .up = 0};
    company();
    redis_say(&fixture.redis, "EVAL %s 0",
              "for\ti=1,5000\tdo\t"
              "redis.call('HSET','{t}:department',100+i,'公司/研发部'..(i>1\tand\t'/"
              "'..i..'组'\tor\t''))\t"
              "end");
    earn("o4", 5, DAY, 1);
    look("o4", DAY, query);
    assert_string_equal(listed(), "市场部 5/1");
    assert_string_equal(redis_say(&fixture.redis, "PERSIST {t}:rolled:w2857"), "1"); /* hurry not */
    earn("o4", 2, DAY, 2);
    earn("o1", 3, DAY, 2);
    look("o4", DAY, query);
    assert_string_equal(listed(), "市场部 5/1");
    put("7", "公司/市场部/新的", false); /* below a department that had nothing below it */
    redis_say(&fixture.redis, "HSET {t}:learner:o7 n 70 d 5006 on 1");
    look("o7", DAY, query);
    assert_string_equal(got.level, "公司");
    redis_say(&fixture.redis, "DEL {t}:rolled:w2857");
    look("o4", DAY, query);
    assert_string_equal(listed(), "市场部 7/1, 销售部 3/3");
}

static void a_company_without_departments_has_no_such_board(void **state) {
    (void)state;
    join("1", "");
    earn("o1", 5, DAY, 1);
    look("o1", DAY, (struct store_board_query){.kind = STORE_BOARD_DEPARTMENT});
    assert_true(got.total == 0 && got.own == 0 && *got.level == '\0');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_ranked_at_first),
        cmocka_unit_test(top_and_neighbours_without_repeating_anyone),
        cmocka_unit_test(last_one_has_nobody_below),
        cmocka_unit_test(who_has_no_points_sees_the_top),
        cmocka_unit_test(among_equals_who_was_first_stands_higher),
        cmocka_unit_test(who_stands_there_keeps_the_place_when_asking_to_stand_there),
        cmocka_unit_test(points_that_come_late_are_on_the_department_s_board_of_the_day_before),
        cmocka_unit_test(who_leaves_and_comes_by_a_late_message_does_so_on_todays_boards),
        cmocka_unit_test_setup(a_period_ends_with_its_last_day, forget_all),
        cmocka_unit_test_setup(a_new_week_begins_at_nothing, forget_all),
        cmocka_unit_test_setup(a_period_board_does_not_stay_for_ever, forget_all),
        cmocka_unit_test_setup(what_is_over_keeps_its_first_hundred, forget_all),
        cmocka_unit_test_setup(only_who_is_bound_and_wants_to_is_shown, forget_all),
        cmocka_unit_test_setup(who_comes_back_stands_where_they_stood_among_equals, forget_all),
        cmocka_unit_test_setup(departments_count_what_is_below_them, forget_all),
        cmocka_unit_test_setup(who_heads_departments_sees_those_below, forget_all),
        cmocka_unit_test_setup(among_equal_departments_who_was_first_stands_higher, forget_all),
        cmocka_unit_test_setup(points_stay_in_the_department_they_were_earned_in, forget_all),
        cmocka_unit_test_setup(a_department_nobody_is_left_in_has_no_points_per_head, forget_all),
        cmocka_unit_test_setup(of_many_departments_the_sums_are_kept_for_a_moment, forget_all),
        cmocka_unit_test_setup(a_company_without_departments_has_no_such_board, forget_all),
    };
    return cmocka_run_group_tests_name("store/board", tests, fixture_setup, fixture_teardown);
}
