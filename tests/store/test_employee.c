/* store/employee.h against a real Redis. */

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

static int64_t result;
static char text[200], page[4096];

static void on_result(void *data, int error, int64_t got, const char *said) {
    (void)data;
    fixture_done(error);
    result = got;
    snprintf(text, sizeof text, "%s", said);
}

static void on_page(void *data, int error, const struct store_employee *list, unsigned count) {
    (void)data;
    fixture_done(error);
    result = count;
    *page = '\0';
    for (unsigned i = 0; i < count; i++) {
        const struct store_employee *one = &list[i];
        size_t used = strlen(page);
        snprintf(page + used, sizeof page - used, "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%d|%d\n", one->key,
                 one->number, one->name, one->department, one->manager, one->tail, one->joined,
                 one->left, one->tags, one->quoting, one->gone, (int)one->place);
    }
}

static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)data;
    (void)learner;
    fixture_done(error);
}

static struct store_turn turn(void) {
    return fixture_turn("", "", DAY, 100);
}

static int64_t done(void) {
    fixture_well();
    return result;
}

static int64_t begin(const char *import) {
    struct store_turn who = turn();
    store_roster_begin(fixture.store, &who, import, on_result, NULL);
    return done();
}

static int64_t end(const char *import, const char *head) {
    struct store_turn who = turn();
    store_roster_end(fixture.store, &who, import, head, on_result, NULL);
    return done();
}

static struct store_employee employee(const char *key, const char *name, const char *department,
                                      int place) {
    return (struct store_employee){.key = key,
                                   .number = key,
                                   .name = name,
                                   .department = department,
                                   .manager = "",
                                   .tail = "",
                                   .joined = "",
                                   .left = "",
                                   .tags = "",
                                   .quoting = "",
                                   .place = place};
}

static int64_t put(const char *import, const struct store_employee *one) {
    struct store_turn who = turn();
    store_roster_put(fixture.store, &who, import, one, 1, on_result, NULL);
    return done();
}

static int64_t drop(const char *import, const char *key) {
    struct store_turn who = turn();
    store_roster_drop(fixture.store, &who, import, "2024-10-04", &key, 1, on_result, NULL);
    return done();
}

static const char *list(int64_t from) {
    struct store_turn who = turn();
    store_roster_page(fixture.store, &who, from, on_page, NULL);
    done();
    return page;
}

static void employees_come_back_in_the_order_of_the_file(void **state) {
    (void)state;
    struct store_employee one = employee("e-7", "张三", "公司/销售部", 2);
    one.number = "E-7";
    one.manager = "李四";
    one.tail = "0012";
    one.joined = "2020/1/2";
    one.tags = "a,b\nc";
    one.quoting = "3";
    put("i", &one);
    struct store_employee two = employee("8", "=1+1", "", 1);
    two.left = "2024-01-01";
    two.gone = true;
    put("i", &two);
    assert_string_equal(list(0),
                        "8|8|=1+1|||||2024-01-01|||1|1\n"
                        "e-7|E-7|张三|公司/销售部|李四|0012|2020/1/2||a,b\nc|3|0|2\n");
    assert_string_equal(list(1), "e-7|E-7|张三|公司/销售部|李四|0012|2020/1/2||a,b\nc|3|0|2\n");
    assert_string_equal(list(2), "");
}

static void what_is_put_again_is_as_the_last_says(void **state) {
    (void)state;
    struct store_employee one = employee("7", "张三", "公司/销售部", 1);
    one.tags = "讲师";
    put("i", &one);
    one.tags = "";
    one.department = "公司/市场部";
    put("i", &one);
    put("i", &one);
    assert_string_equal(list(0), "7|7|张三|公司/市场部|||||||0|1\n");
    assert_string_equal(redis_say(&fixture.redis, "HEXISTS {t}:employee:7 g"), "0");
}

static void departments_are_a_tree_and_keep_their_ids(void **state) {
    (void)state;
    struct store_employee one = employee("7", "张三", "公司/销售部/华东", 1);
    put("i", &one);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:departments 公司"), "1");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:departments 公司/销售部"), "2");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:department 3"), "公司/销售部/华东");

    const char *from[] = {"公司/销售部", "公司/销售部/华东", "公司/没有"};
    const char *to[] = {"公司/营销部", "公司/营销部/华东", "公司/也没有"};
    struct store_turn who = turn();
    store_roster_rename(fixture.store, &who, "i", from, to, 3, on_result, NULL);
    assert_int_equal(done(), 3);
    store_roster_rename(fixture.store, &who, "i", from, to, 3, on_result, NULL);
    assert_int_equal(done(), 3);
    assert_string_equal(list(0), "7|7|张三|公司/营销部/华东|||||||0|1\n");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:department 2"), "公司/营销部");
    assert_string_equal(redis_say(&fixture.redis, "HLEN {t}:department"), "3");
    assert_string_equal(redis_say(&fixture.redis, "HLEN {t}:departments"), "3");
    struct store_employee two = employee("8", "李四", "公司/销售部", 2);
    put("i", &two); /* a new one of the old name */
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:departments 公司/销售部"), "4");
}

/* A learner with points who is bound to that employee. */
static void enrol(const char *openid, const char *key) {
    struct store_turn who = fixture_turn(openid, openid, DAY, 0);
    redis_say(&fixture.redis, "HSET {t}:learner:%s e %s", openid, key);
    store_follow(fixture.store, &who, POLICY("0"), RULE("r", 5), 0, on_learner, NULL);
    done();
    redis_say(&fixture.redis, "HSET {t}:employee:%s u %s", key, openid);
}

static void who_is_dropped_is_unbound_and_off_the_board_and_keeps_the_ledger(void **state) {
    (void)state;
    struct store_employee one = employee("7", "张三", "公司", 1);
    one.tail = "1234";
    put("i", &one);
    enrol("o7", "7");
    assert_int_equal(drop("i", "7"), 1);
    assert_int_equal(drop("i", "7"), 1);
    assert_string_equal(list(0), "");
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:employee:7 u x l t"),
                        " 1 2024-10-04 ");
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:o7 e go xp"), " 1 5");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:all"), "0");
    assert_string_equal(redis_say(&fixture.redis, "XLEN {t}:ledger"), "1");
}

static void who_has_left_gets_on_no_board_again(void **state) {
    (void)state;
    struct store_employee one = employee("7", "张三", "公司", 1);
    put("i", &one);
    enrol("o7", "7");
    one.gone = true;
    one.left = "2024-10-04";
    put("i", &one);
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:o7 e go"), " 1");
    struct store_turn who = fixture_turn("o7", "again", DAY + 1, 0);
    store_follow(fixture.store, &who, POLICY("0"), RULE("s", 5), 0, on_learner, NULL);
    done();
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:o7 xp"), "10");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:all"), "0");
}

static void a_move_of_department_moves_the_person_and_not_what_was_earned(void **state) {
    (void)state;
    struct store_employee one = employee("7", "张三", "公司/销售部", 1);
    put("i", &one);
    enrol("o7", "7");
    put("i", &one);
    const char *sales = redis_say(&fixture.redis, "HGET {t}:departments 公司/销售部");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:o7 d"), sales);
    one.department = "公司/市场部";
    put("i", &one);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:o7 d"), "3");
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:heads d:2 d:3"), "0 1");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:employee:7 u"), "o7");
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:o7 e xp"), "7 5");
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:p:all"), "1");
}

static void one_import_has_the_roster_at_a_time(void **state) {
    (void)state;
    struct store_employee one = employee("7", "张三", "", 1);
    assert_int_equal(begin("a"), 1);
    assert_int_equal(begin("b"), 0);
    assert_int_equal(put("b", &one), -1);
    assert_int_equal(drop("b", "7"), -1);
    assert_int_equal(end("b", "head"), 0);
    assert_int_equal(begin("a"), 1); /* killed, and run again */
    assert_int_equal(put("a", &one), 1);
    assert_true(atoi(redis_say(&fixture.redis, "TTL {t}:roster_lock")) > 50);
    assert_int_equal(end("a", "head of a"), 1);
    assert_int_equal(begin("b"), 1);
    assert_int_equal(end("b", ""), 1); /* given up */
    struct store_turn who = turn();
    store_roster_head(fixture.store, &who, on_result, NULL);
    done();
    assert_string_equal(text, "head of a");
}

static void an_employee_is_small(void **state) {
    (void)state;
    struct store_employee one =
        employee("100086", "欧阳娜娜", "集团/销售中心/华东大区/上海一部", 1);
    one.manager = "李四";
    one.tail = "1234";
    one.joined = "2020-01-02";
    one.tags = "讲师;新员工";
    put("i", &one);
    assert_string_equal(redis_say(&fixture.redis, "OBJECT ENCODING {t}:employee:100086"),
                        "listpack");
    assert_true(atoi(redis_say(&fixture.redis, "MEMORY USAGE {t}:employee:100086")) < 256);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(employees_come_back_in_the_order_of_the_file, fixture_clear),
        cmocka_unit_test_setup(what_is_put_again_is_as_the_last_says, fixture_clear),
        cmocka_unit_test_setup(departments_are_a_tree_and_keep_their_ids, fixture_clear),
        cmocka_unit_test_setup(who_is_dropped_is_unbound_and_off_the_board_and_keeps_the_ledger,
                               fixture_clear),
        cmocka_unit_test_setup(who_has_left_gets_on_no_board_again, fixture_clear),
        cmocka_unit_test_setup(a_move_of_department_moves_the_person_and_not_what_was_earned,
                               fixture_clear),
        cmocka_unit_test_setup(one_import_has_the_roster_at_a_time, fixture_clear),
        cmocka_unit_test_setup(an_employee_is_small, fixture_clear),
    };
    return cmocka_run_group_tests_name("store/employee", tests, fixture_setup, fixture_teardown);
}
