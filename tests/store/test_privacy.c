/* store/privacy.h against a real Redis. */

#include "store/privacy.h"

#include "store/learner.h"
#include "store/outbox.h"
#include "tests/fixture/redis.h"
#include "tests/fixture/rules.h"

#include <string.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on

#define DAY 20000

static int64_t erased;
static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)data;
    (void)learner;
    fixture_done(error);
}

static void on_outbox(void *data, int error, int64_t result) {
    (void)data;
    (void)result;
    fixture_done(error);
}

static void on_erased(void *data, int error, int64_t count) {
    (void)data;
    fixture_done(error);
    erased = count;
}

static void follow(const char *openid, const char *id) {
    struct store_turn turn = fixture_turn(openid, id, DAY, 0);
    store_follow(fixture.store, &turn, POLICY("0,10,30"), RULE_ONCE("follow", 5), 0, on_learner,
                 NULL);
    fixture_well();
}

static int64_t take_back(const char *openid, const char *id, const char *number) {
    struct store_turn turn = fixture_turn(openid, id, DAY, 0);
    store_revoke(fixture.store, &turn, number, on_erased, NULL);
    fixture_well();
    return erased;
}

static int64_t forget(const char *openid, const char *id) {
    struct store_turn turn = fixture_turn(openid, id, DAY, 0);
    store_forget(fixture.store, &turn, on_erased, NULL);
    fixture_well();
    return erased;
}

#define SAY(...) redis_say(&fixture.redis, __VA_ARGS__)

static void what_was_revoked_goes_and_the_rest_stays(void **state) {
    (void)state;
    follow("o1", "m1");
    SAY("HSET {t}:profile:o1 205:nickname N 205:picture P 206:place X 2050:other Y");
    assert_int_equal(take_back("o1", "p1", "205"), 2);
    assert_string_equal(SAY("HLEN {t}:profile:o1"), "2");
    assert_string_equal(SAY("HMGET {t}:profile:o1 206:place 2050:other"), "X Y");
    assert_string_equal(SAY("HGET {t}:learner:o1 xp"), "5");
    assert_int_equal(take_back("o1", "p2", ""), 2);
    assert_string_equal(SAY("EXISTS {t}:profile:o1"), "0");
    assert_string_equal(SAY("HGET {t}:learner:o1 xp"), "5");
}

static void a_stranger_has_nothing_to_erase_and_does_not_become_one_of_ours(void **state) {
    (void)state;
    assert_int_equal(take_back("o-stranger", "p3", "201"), 0);
    assert_int_equal(forget("o-stranger", "p4"), 0);
    assert_string_equal(SAY("EXISTS {t}:learner:o-stranger"), "0");
    assert_string_equal(SAY("EXISTS {t}:profile:o-stranger"), "0");
}

static void the_same_message_again_erases_nothing_that_came_since(void **state) {
    (void)state;
    SAY("HSET {t}:profile:o2 205:nickname N");
    assert_int_equal(take_back("o2", "p5", "205"), 1);
    SAY("HSET {t}:profile:o2 205:nickname M");
    assert_int_equal(take_back("o2", "p5", "205"), 1);
    assert_string_equal(SAY("HGET {t}:profile:o2 205:nickname"), "M");
    follow("o2", "m2");
    assert_true(forget("o2", "p6") > 0);
    follow("o2", "m3");
    forget("o2", "p6");
    assert_string_equal(SAY("EXISTS {t}:learner:o2"), "1");
}

/* Everything that can be kept of somebody, and then nothing but what erase.lua names. */
static void of_a_person_who_is_no_more_nothing_stays_but_the_ledger(void **state) {
    (void)state;
    struct store_turn turn = fixture_turn("o3", "m4", DAY, 0);
    SAY("HSET {t}:learner:o3 e 1001");
    SAY("HSET {t}:learner:o4 e 1002");
    follow("o3", "m4");
    follow("o4", "m5");
    const char *number = SAY("HGET {t}:learner:o3 n");
    char n[16];
    snprintf(n, sizeof n, "%s", number);
    assert_string_not_equal(SAY("ZSCORE {t}:board:p:all %s", n), "");
    SAY("HSET {t}:subject:%s comment:hook 1", n);
    SAY("HSET {t}:profile:o3 201:address A");
    SAY("HSET {t}:employee:1001 nm N u o3");
    SAY("SET {t}:dialogue:o3 unbind");
    SAY("SET {t}:tries:learner:o3 2");
    SAY("HSET {t}:out:streak_at_risk:%d:o3 to o3 msgid 77", DAY - 3);
    SAY("HSET {t}:reports w 2858");
    SAY("HSET {t}:out:war_report:w2857:o3 to o3");
    SAY("SET {t}:job:77 streak_at_risk:%d:o3", DAY - 3);
    const struct store_put put = {
        .id = "late:1", .kind = "reply", .name = "", .body = "{\"touser\":\"o3\"}"};
    store_put(fixture.store, &turn, &put, on_outbox, NULL);
    fixture_well();
    SAY("HSET {t}:learner:o3 air late:1");

    assert_true(forget("o3", "p7") >= 8);
    assert_string_equal(SAY("KEYS {t}:*o3*"), "");
    assert_string_equal(SAY("HGETALL {t}:employee:1001"), "nm N");
    assert_string_equal(SAY("EXISTS {t}:out:late:1"), "0");
    assert_string_equal(SAY("EXISTS {t}:job:77"), "0");
    assert_string_equal(SAY("KEYS {t}:subject:*"), "");
    assert_string_equal(SAY("HEXISTS {t}:who:0 %s", n), "0");
    assert_string_equal(SAY("ZSCORE {t}:board:p:all %s", n), "");
    assert_string_equal(SAY("ZCARD {t}:board:p:all"), "1");
    assert_string_equal(SAY("HGET {t}:learner:o4 xp"), "5");
    char line[32];
    snprintf(line, sizeof line, "n %s rule follow", n);
    assert_non_null(strstr(SAY("XRANGE {t}:ledger - +"), line));
}

static size_t taken;

static void on_taken(void *data, int error, const struct store_out *outs, size_t count, bool more) {
    (void)data;
    (void)more;
    (void)outs;
    fixture_done(error);
    taken = count;
}

static void nothing_is_sent_to_them_any_more(void **state) {
    (void)state;
    struct store_turn turn = fixture_turn("o5", "m6", DAY, 0);
    follow("o5", "m6");
    const struct store_put put = {
        .id = "late:2", .kind = "reply", .name = "", .body = "{\"touser\":\"o5\"}"};
    store_put(fixture.store, &turn, &put, on_outbox, NULL);
    fixture_well();
    forget("o5", "p8");
    const struct store_take take = {
        .most = 10, .daily_cap = 2, .claim_after_ms = 60000, .work = WORK_ALL};
    turn = fixture_turn("", "", DAY, 60);
    store_take(fixture.store, &turn, &take, on_taken, NULL);
    fixture_well();
    assert_int_equal(taken, 0);
}

/* WeChat's answer, "does not follow", comes when the person is forgotten. */
static void a_send_that_was_in_the_air_does_not_bring_them_back(void **state) {
    (void)state;
    struct store_turn turn = fixture_turn("o6", "m7", DAY, 0);
    follow("o6", "m7");
    const struct store_put put = {
        .id = "late:3", .kind = "reply", .name = "", .body = "{\"touser\":\"o6\"}"};
    store_put(fixture.store, &turn, &put, on_outbox, NULL);
    fixture_well();
    forget("o6", "p9");
    const struct store_settle settle = {.entry = "1-1",
                                        .id = "late:3",
                                        .outcome = STORE_FAILED,
                                        .reason = "require subscribe",
                                        .not_following = true};
    store_settle(fixture.store, &turn, &settle, on_outbox, NULL);
    fixture_well();
    assert_string_equal(SAY("EXISTS {t}:learner:o6"), "0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_revoked_goes_and_the_rest_stays),
        cmocka_unit_test(a_stranger_has_nothing_to_erase_and_does_not_become_one_of_ours),
        cmocka_unit_test(the_same_message_again_erases_nothing_that_came_since),
        cmocka_unit_test(of_a_person_who_is_no_more_nothing_stays_but_the_ledger),
        cmocka_unit_test(nothing_is_sent_to_them_any_more),
        cmocka_unit_test(a_send_that_was_in_the_air_does_not_bring_them_back),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
