/* store/binding.h against a real Redis. */

#include "store/binding.h"

#include "config/limits.h"
#include "store/board.h"
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

static struct store_binding got;
static struct store_board board;
static unsigned turns;

static void on_binding(void *data, int error, const struct store_binding *binding) {
    (void)data;
    fixture_done(error);
    if (binding)
        got = *binding;
}

static void on_step(void *data, int error, int64_t number, const char *text) {
    (void)text;
    fixture_result(data, error, number);
}

static void on_board(void *data, int error, const struct store_board *answer) {
    (void)data;
    fixture_done(error);
    if (answer)
        board = *answer;
}

static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)data;
    (void)learner;
    fixture_done(error);
}

static struct store_turn turn(const char *openid) {
    static char id[16];
    snprintf(id, sizeof id, "m%u", ++turns);
    return fixture_turn(openid, id, DAY, 1000);
}

static enum store_binding_outcome bind_by(const struct store_turn *who, bool asked,
                                          const char *first, const char *second) {
    store_bind(fixture.store, who, asked, first, second, on_binding, NULL);
    fixture_well();
    return got.outcome;
}

/* 绑定 with what follows it */
static enum store_binding_outcome ask(const char *openid, const char *first, const char *second) {
    struct store_turn who = turn(openid);
    return bind_by(&who, true, first, second);
}

/* any text */
static enum store_binding_outcome say(const char *openid, const char *first, const char *second) {
    struct store_turn who = turn(openid);
    return bind_by(&who, false, first, second);
}

static enum store_binding_outcome unbind(const char *openid, bool confirmed) {
    struct store_turn who = turn(openid);
    store_unbind(fixture.store, &who, confirmed, on_binding, NULL);
    fixture_well();
    return got.outcome;
}

static int64_t make_code(const char *key, const char *code) {
    struct store_turn who = turn("");
    store_code(fixture.store, &who, key, "salt", code, fixture_result, NULL);
    fixture_well();
    return fixture.result;
}

static void put(const char *key, const char *name, const char *tail, bool gone) {
    struct store_employee one = {.key = key,
                                 .number = key,
                                 .name = name,
                                 .department = "",
                                 .manager = "",
                                 .tail = tail,
                                 .joined = "",
                                 .left = "",
                                 .tags = "",
                                 .quoting = "",
                                 .gone = gone,
                                 .place = 1};
    struct store_turn who = turn("");
    store_roster_put(fixture.store, &who, "i", &one, 1, on_step, NULL);
    fixture_well();
}

/* A learner with points, on the board. */
static void enrol(const char *openid) {
    struct store_turn who = turn(openid);
    store_follow(fixture.store, &who, POLICY("0"), RULE("r", 5), 0, on_learner, NULL);
    fixture_well();
}

static const char *bound_to(const char *openid) {
    return redis_say(&fixture.redis, "HGET {t}:learner:%s e", openid);
}

static int fresh(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    put("10086", "张三", "1234", false);
    put("10087", "李四", "12", false); /* Excel took the zeros off 0012 */
    put("10088", "王五", "", false);
    put("10089", "赵六", "1234", true);
    return 0;
}

static void binds_by_number_and_tail_asked_one_by_one(void **state) {
    (void)state;
    assert_int_equal(ask("o1", "", ""), STORE_BINDING_ask);
    assert_int_equal(say("o1", "10086", ""), STORE_BINDING_proof);
    assert_int_equal(say("o1", "1234", ""), STORE_BINDING_bound);
    assert_string_equal(got.name, "张三");
    assert_string_equal(bound_to("o1"), "10086");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:employee:10086 u"), "o1");
    assert_int_equal(say("o1", "1234", ""), STORE_BINDING_none); /* the dialogue is over */
}

static void binds_in_one_go(void **state) {
    (void)state;
    assert_int_equal(ask("o1", "10086", "1234"), STORE_BINDING_bound);
    assert_int_equal(ask("o2", "10087", "0012"), STORE_BINDING_bound);
    assert_int_equal(ask("o3", "", ""), STORE_BINDING_ask);
    make_code("10088", "12345678");
    assert_int_equal(say("o3", "10088", "12345678"), STORE_BINDING_bound);
}

static void a_text_without_a_question_is_for_somebody_else(void **state) {
    (void)state;
    assert_int_equal(say("o1", "10086", "1234"), STORE_BINDING_none);
    assert_string_equal(bound_to("o1"), "");
    unbind("o1", false);
    assert_int_equal(ask("o1", "", ""), STORE_BINDING_ask);
    assert_int_equal(say("o1", "", ""), STORE_BINDING_none); /* not even a word */
    struct store_turn who = turn("o1");
    store_cancel(fixture.store, &who, fixture_result, NULL);
    fixture_well();
    assert_int_equal(fixture.result, 1);
    assert_int_equal(say("o1", "10086", ""), STORE_BINDING_none);
}

static void a_question_is_open_for_ten_minutes(void **state) {
    (void)state;
    ask("o1", "", "");
    int left = atoi(redis_say(&fixture.redis, "TTL {t}:dialogue:o1"));
    assert_in_range(left, LIMIT_DIALOGUE_S - 5, LIMIT_DIALOGUE_S);
}

static void nothing_tells_which_half_was_wrong(void **state) {
    (void)state;
    static const char *const tries[][2] = {
        {"10086", "4321"}, /* wrong tail */
        {"99999", "1234"}, /* no such number */
        {"10088", ""},     /* asked for the proof of one who has none … */
        {"10089", "1234"}, /* has left */
        {"10088", "0000"}, /* has no tail */
    };
    char openid[8];
    for (int i = 0; i < 5; i++) {
        snprintf(openid, sizeof openid, "o%d", i);
        enum store_binding_outcome outcome = ask(openid, tries[i][0], tries[i][1]);
        assert_int_equal(outcome, *tries[i][1] ? STORE_BINDING_wrong : STORE_BINDING_proof);
        assert_string_equal(got.name, "");
        assert_string_equal(bound_to(openid), "");
    }
    assert_int_equal(ask("o9", "99998", ""), STORE_BINDING_proof); /* … or does not exist */
}

static void a_learner_has_five_wrong_tries_an_hour(void **state) {
    (void)state;
    char number[8];
    for (int i = 0; i < LIMIT_BIND_TRIES; i++) {
        snprintf(number, sizeof number, "9%d", i);
        assert_int_equal(ask("o1", number, "0000"), STORE_BINDING_wrong);
    }
    assert_int_equal(ask("o1", "10086", "1234"), STORE_BINDING_limited); /* though it is right */
    assert_string_equal(bound_to("o1"), "");
    int left = atoi(redis_say(&fixture.redis, "TTL {t}:tries:learner:o1"));
    assert_in_range(left, LIMIT_BIND_WINDOW_S - 5, LIMIT_BIND_WINDOW_S);
    assert_int_equal(ask("o2", "10086", "1234"), STORE_BINDING_bound);
}

static void an_employee_has_five_wrong_tries_an_hour_by_anybody(void **state) {
    (void)state;
    char openid[8];
    for (int i = 0; i < LIMIT_BIND_TRIES; i++) {
        snprintf(openid, sizeof openid, "x%d", i);
        assert_int_equal(ask(openid, "10086", "0000"), STORE_BINDING_wrong);
    }
    assert_int_equal(ask("o1", "10086", "1234"), STORE_BINDING_limited);
    assert_int_equal(make_code("10086", "11112222"), 1); /* an operator lends a hand */
    assert_int_equal(ask("o1", "10086", "11112222"), STORE_BINDING_bound);
}

static void five_at_once_are_not_more(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++) {
        char proof[8];
        snprintf(proof, sizeof proof, "%04d", i);
        ask("o1", "10086", proof);
    }
    assert_string_equal(redis_say(&fixture.redis, "GET {t}:tries:learner:o1"), "5");
}

static void a_repeated_message_is_one_try_and_gets_the_same_answer(void **state) {
    (void)state;
    struct store_turn wrong = turn("o1");
    char id[16];
    snprintf(id, sizeof id, "%s", wrong.id);
    wrong.id = id;
    for (int i = 0; i < 3; i++)
        assert_int_equal(bind_by(&wrong, true, "10086", "0000"), STORE_BINDING_wrong);
    assert_string_equal(redis_say(&fixture.redis, "GET {t}:tries:learner:o1"), "1");
    struct store_turn right = turn("o1");
    for (int i = 0; i < 3; i++)
        assert_int_equal(bind_by(&right, true, "10086", "1234"), STORE_BINDING_bound);
}

static void one_person_is_one_employee(void **state) {
    (void)state;
    ask("o1", "10086", "1234");
    assert_int_equal(ask("o1", "10087", "0012"), STORE_BINDING_already);
    assert_string_equal(got.name, "张三");
    assert_string_equal(bound_to("o1"), "10086");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:employee:10087 u"), "");
}

static void another_phone_takes_the_binding_over_by_a_code_only(void **state) {
    (void)state;
    enrol("o1");
    ask("o1", "10086", "1234");
    assert_int_equal(ask("o2", "10086", "1234"), STORE_BINDING_code);
    assert_string_equal(bound_to("o1"), "10086");
    make_code("10086", "12345678");
    assert_int_equal(say("o2", "12345678", ""), STORE_BINDING_moved);
    assert_string_equal(got.name, "张三");
    assert_string_equal(bound_to("o1"), "");
    assert_string_equal(bound_to("o2"), "10086");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:employee:10086 u"), "o2");
    assert_string_equal(redis_say(&fixture.redis, "ZRANGE {t}:board:p:all 0 -1"), "1");
}

static void who_moves_takes_all_that_was_earned_along(void **state) {
    (void)state;
    struct store_turn who = turn("o1");
    store_follow(fixture.store, &who, POLICY("0,50"), RULE_ONCE("once", 100), 0, on_learner, NULL);
    fixture_well();
    ask("o1", "10086", "1234");
    redis_say(&fixture.redis, "HSET {t}:learner:o1 on 0 air x st 9");
    enrol("o2");
    make_code("10086", "12345678");
    who = turn("o2");
    for (int i = 0; i < 3; i++) /* delivered again, it is moved once */
        assert_int_equal(bind_by(&who, true, "10086", "12345678"), STORE_BINDING_moved);

    const char *fields = "n xp lv st on air e go";
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:o2 %s", fields),
                        "1 100 2 9 1  10086 ");
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:o1 %s", fields),
                        "2 5 1  0 x  ");
    assert_non_null(strstr(redis_say(&fixture.redis, "HGET {t}:learner:o2 rc"), "100 0 once"));
    assert_non_null(strstr(redis_say(&fixture.redis, "HGET {t}:learner:o1 rc"), "5 0 r"));
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:who:0 1 2"), "o2 o1");
    assert_string_equal(redis_say(&fixture.redis, "ZRANGE {t}:board:p:all 0 -1"), "1");

    /* The ledger goes by the person and needs no line for it. */
    assert_string_equal(redis_say(&fixture.redis, "XLEN {t}:ledger"), "2");

    /* Once stays once. */
    who = turn("o2");
    store_follow(fixture.store, &who, POLICY("0,50"), RULE_ONCE("once", 100), 0, on_learner, NULL);
    fixture_well();
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:o2 xp"), "100");
}

static void who_moves_to_a_telephone_that_follows_no_more_stands_on_no_board(void **state) {
    (void)state;
    enrol("o1");
    ask("o1", "10086", "1234");
    enrol("o2");
    redis_say(&fixture.redis, "HSET {t}:learner:o2 on 0");
    make_code("10086", "12345678");
    assert_int_equal(ask("o2", "10086", "12345678"), STORE_BINDING_moved);
    assert_string_equal(redis_say(&fixture.redis, "ZRANGE {t}:board:p:all 0 -1"), "");
}

static void a_code_is_good_once_and_kept_as_a_hash(void **state) {
    (void)state;
    assert_int_equal(make_code("77", "12345678"), 0);
    assert_int_equal(make_code("10089", "12345678"), -1);
    assert_int_equal(make_code("10086", "12345678"), 1);
    assert_null(strstr(redis_say(&fixture.redis, "GET {t}:code:10086"), "12345678"));
    int left = atoi(redis_say(&fixture.redis, "TTL {t}:code:10086"));
    assert_in_range(left, LIMIT_BIND_CODE_S - 5, LIMIT_BIND_CODE_S);
    assert_int_equal(ask("o1", "10086", "12345678"), STORE_BINDING_bound);
    assert_int_equal(ask("o2", "10086", "12345678"), STORE_BINDING_wrong);
    make_code("10088", "11111111");
    make_code("10088", "22222222"); /* in place of the first */
    assert_int_equal(ask("o3", "10088", "11111111"), STORE_BINDING_wrong);
    assert_int_equal(ask("o3", "10088", "22222222"), STORE_BINDING_bound);
}

static void unbinds_after_a_confirmation(void **state) {
    (void)state;
    assert_int_equal(unbind("o1", false), STORE_BINDING_unbound);
    ask("o1", "10086", "1234");
    assert_int_equal(unbind("o1", true), STORE_BINDING_sure); /* nobody had asked */
    assert_string_equal(got.name, "张三");
    assert_int_equal(unbind("o1", true), STORE_BINDING_done);
    assert_string_equal(bound_to("o1"), "");
    assert_string_equal(redis_say(&fixture.redis, "HEXISTS {t}:employee:10086 u"), "0");
    assert_int_equal(ask("o2", "10086", "1234"), STORE_BINDING_bound);
}

static const char *name_on_the_board(const char *openid) {
    struct store_turn who = turn(openid);
    const struct store_board_query query = {.top = 5, .beside = 2};
    store_board(fixture.store, &who, &query, on_board, NULL);
    fixture_well();
    assert_int_equal(board.count, 1); /* who is not bound does not show */
    assert_int_equal(board.rank, 1);
    return board.rows[0].name;
}

static void the_board_knows_the_name(void **state) {
    (void)state;
    enrol("o1");
    enrol("o2");
    ask("o2", "10086", "1234");
    assert_string_equal(name_on_the_board("o2"), "张三");
    put("10086", "张三丰", "1234", false);
    assert_string_equal(name_on_the_board("o2"), "张三丰");
    make_code("10086", "12345678");
    assert_int_equal(ask("o1", "10086", "12345678"), STORE_BINDING_moved);
    assert_string_equal(name_on_the_board("o1"), "张三丰");
    unbind("o1", false);
    unbind("o1", true);
    assert_string_equal(redis_say(&fixture.redis, "EXISTS {t}:called:0"), "0");
}

static void who_comes_back_to_the_company_is_on_the_board_again(void **state) {
    (void)state;
    enrol("o1");
    ask("o1", "10086", "1234");
    put("10086", "张三", "1234", true);
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:all"), "0");
    assert_int_equal(ask("o1", "10086", "1234"), STORE_BINDING_wrong);
    put("10086", "张三", "1234", false);
    assert_int_equal(ask("o1", "10086", "1234"), STORE_BINDING_bound);
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:all"), "1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(binds_by_number_and_tail_asked_one_by_one, fresh),
        cmocka_unit_test_setup(binds_in_one_go, fresh),
        cmocka_unit_test_setup(a_text_without_a_question_is_for_somebody_else, fresh),
        cmocka_unit_test_setup(a_question_is_open_for_ten_minutes, fresh),
        cmocka_unit_test_setup(nothing_tells_which_half_was_wrong, fresh),
        cmocka_unit_test_setup(a_learner_has_five_wrong_tries_an_hour, fresh),
        cmocka_unit_test_setup(an_employee_has_five_wrong_tries_an_hour_by_anybody, fresh),
        cmocka_unit_test_setup(five_at_once_are_not_more, fresh),
        cmocka_unit_test_setup(a_repeated_message_is_one_try_and_gets_the_same_answer, fresh),
        cmocka_unit_test_setup(one_person_is_one_employee, fresh),
        cmocka_unit_test_setup(another_phone_takes_the_binding_over_by_a_code_only, fresh),
        cmocka_unit_test_setup(who_moves_takes_all_that_was_earned_along, fresh),
        cmocka_unit_test_setup(who_moves_to_a_telephone_that_follows_no_more_stands_on_no_board,
                               fresh),
        cmocka_unit_test_setup(a_code_is_good_once_and_kept_as_a_hash, fresh),
        cmocka_unit_test_setup(unbinds_after_a_confirmation, fresh),
        cmocka_unit_test_setup(the_board_knows_the_name, fresh),
        cmocka_unit_test_setup(who_comes_back_to_the_company_is_on_the_board_again, fresh),
    };
    return cmocka_run_group_tests_name("store/binding", tests, fixture_setup, fixture_teardown);
}
