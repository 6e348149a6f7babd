/* store/league.h against a real Redis. Each test has an account of its own: groups of 5, of which
 * the first rises and the last two fall, in three tiers. */

#include "store/league.h"

#include "store/board.h"
#include "store/contest.h"
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
#include <string.h>

#define MONDAY INT64_C(20003)
#define WEEK   (7 * INT64_C(86400))
#define NOW    (MONDAY * 86400)

static char account[16];
static struct store_league got;
static char names[STORE_LEAGUE_ROWS][32];

static int another_account(void **state) {
    static int number;
    (void)state;
    snprintf(account, sizeof account, "t%d", ++number);
    return 0;
}

static void called(int error) {
    fixture_done(error);
}

static struct store_turn at(const char *openid, const char *id, int64_t now) {
    struct store_turn turn = fixture_turn(openid, id, now / 86400, now % 86400);
    turn.account = account;
    return turn;
}

static void on_created(void *data, int error, int64_t result, const char *detail) {
    (void)data;
    (void)detail;
    assert_int_equal(result, STORE_CONTEST_CREATED);
    called(error);
}

static void begin(void) {
    const struct store_contest_plan plan = {
        .name = "league",
        .title = "联赛",
        .prizes = "",
        .from = NOW,
        .to = NOW + 100 * WEEK,
        .kind = STORE_CONTEST_LEAGUE,
        .scoring = STORE_CONTEST_WEEKLY,
        .k = 5,
        .counts = ",1,2,3",
        .only = "*",
        .most = 3,
    };
    struct store_turn turn = at("", "", NOW - 1);
    store_contest_create(fixture.store, &turn, &plan, on_created, NULL);
    fixture_well();
}

static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)data;
    (void)learner;
    called(error);
}

static const char *person(int i) {
    static char openid[16];
    snprintf(openid, sizeof openid, "o%d", i);
    return openid;
}

static void earn(int i, int points, int64_t now) {
    static int number;
    char id[32], rule[64];
    snprintf(id, sizeof id, "a%d", ++number);
    snprintf(rule, sizeof rule, "watch;%d;0;0;0;0;0;0;0;0;0;0;0;a", points);
    redis_say(&fixture.redis, "HSET {%s}:employee:%s nm %s", account, person(i), person(i));
    redis_say(&fixture.redis, "HSET {%s}:learner:%s e %s", account, person(i), person(i));
    struct store_turn turn = at(person(i), id, now);
    const struct store_event event = {.subject = "", .words = ""};
    store_award(fixture.store, &turn, POLICY("0"), rule, &event, on_learner, NULL);
    fixture_well();
}

static void on_league(void *data, int error, const struct store_league *league) {
    (void)data;
    if (league) {
        got = *league;
        for (unsigned i = 0; i < league->count; i++)
            snprintf(names[i], sizeof names[i], "%s", league->rows[i].name);
    }
    called(error);
}

static void look(int i, int64_t now) {
    static int number;
    char id[32];
    snprintf(id, sizeof id, "l%d", ++number);
    struct store_turn turn = at(person(i), id, now);
    store_league(fixture.store, &turn, on_league, NULL);
    fixture_well();
}

/* "1 2 3": the numbers of a group from its first. */
static const char *group(void) {
    static char text[128];
    *text = '\0';
    for (unsigned i = 0; i < got.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%" PRId64, i ? " " : "",
                 got.rows[i].number);
    return text;
}

static void there_is_none_before_it_is_turned_on(void **state) {
    (void)state;
    earn(1, 5, NOW);
    look(1, NOW);
    assert_false(got.is_on);
    assert_string_equal(redis_say(&fixture.redis, "HEXISTS {%s}:learner:o1 lg", account), "0");
}

static void a_group_that_is_full_is_followed_by_another(void **state) {
    (void)state;
    begin();
    for (int i = 1; i <= 6; i++)
        earn(i, i, NOW + i);
    earn(1, 9, NOW + 10);
    look(1, NOW + 20);
    assert_true(got.is_on);
    assert_string_equal(group(), "1 5 4 3 2");
    assert_string_equal(names[1], "o5");
    assert_int_equal(got.rank, 1);
    assert_int_equal(got.points, 10);
    assert_int_equal(got.up, 1);
    assert_int_equal(got.down, 0); /* from the lowest tier nobody falls */
    look(6, NOW + 20);
    assert_string_equal(group(), "6");
    assert_int_equal(got.up, 0); /* one of five, a fifth of whom rises */
}

static void five_earn(int64_t week, int first) {
    for (int i = 1; i <= 5; i++)
        earn(i, i == first ? 9 : i, NOW + week * WEEK + i);
}

static void the_first_rise_and_the_last_fall(void **state) {
    (void)state;
    begin();
    for (int i = 1; i <= 5; i++) /* of the second tier, in a group that is long forgotten */
        redis_say(&fixture.redis, "HSET {%s}:learner:%s lg 2800.1.1", account, person(i));
    five_earn(5, 2);
    look(2, NOW + 5 * WEEK + 10);
    assert_int_equal(got.tier, 1);
    assert_string_equal(group(), "2 5 4 3 1");
    assert_int_equal(got.up, 1);
    assert_int_equal(got.down, 2);
    const unsigned leads_to[] = {0, 2, 0, 1, 1};
    for (int i = 1; i <= 5; i++) {
        look(i, NOW + 6 * WEEK);
        assert_int_equal(got.rank, 0);
        assert_int_equal(got.last_tier, 1);
        assert_int_equal(got.tier, leads_to[i - 1]);
        earn(i, 1, NOW + 6 * WEEK + i);
        look(i, NOW + 6 * WEEK + i);
        assert_int_equal(got.tier, leads_to[i - 1]); /* what was foretold */
        assert_int_equal(got.rank != 0, 1);
    }
}

static void among_equals_at_the_border_the_first_rises(void **state) {
    (void)state;
    begin();
    for (int i = 1; i <= 5; i++)
        earn(6 - i, 5, NOW);
    look(5, NOW + WEEK);
    assert_int_equal(got.last_rank, 1);
    assert_int_equal(got.tier, 1);
    look(4, NOW + WEEK);
    assert_int_equal(got.last_rank, 2);
    assert_int_equal(got.tier, 0);
}

static void the_week_turns_while_somebody_earns(void **state) {
    (void)state;
    begin();
    five_earn(0, 1);
    earn(1, 5, NOW + WEEK - 1);
    earn(2, 1, NOW + WEEK);      /* the first second of the next */
    earn(3, 90, NOW + WEEK - 1); /* late, or by a clock that is behind */
    earn(6, 90, NOW + WEEK - 1);
    look(3, NOW + WEEK);
    assert_int_equal(got.last_rank, 4);
    look(1, NOW + WEEK);
    assert_int_equal(got.last_rank, 1);
    assert_int_equal(got.tier, 1);
    look(6, NOW + WEEK);
    assert_int_equal(got.last_rank, 0);
    assert_int_equal(got.tier, 0);
    assert_string_equal(redis_say(&fixture.redis, "HGET {%s}:learner:o3 xp", account), "93");
    earn(3, 1, NOW + WEEK + 5);
    look(3, NOW + WEEK + 5);
    assert_int_equal(got.points, 1);
    assert_string_equal(group(), "2 3");
}

static void on_shown(void *data, int error, bool changed, bool bound) {
    (void)data;
    (void)changed;
    (void)bound;
    called(error);
}

static void who_hides_leaves_the_group_and_keeps_the_tier(void **state) {
    (void)state;
    begin();
    for (int i = 1; i <= 3; i++)
        earn(i, i, NOW + i);
    struct store_turn turn = at("o3", "hide", NOW + 5);
    store_show(fixture.store, &turn, false, on_shown, NULL);
    fixture_wait();
    look(1, NOW + 6);
    assert_string_equal(group(), "2 1");
    look(3, NOW + 6);
    assert_false(got.shown);
    assert_int_equal(got.rank, 0);
    turn.id = "show";
    store_show(fixture.store, &turn, true, on_shown, NULL);
    fixture_wait();
    earn(3, 1, NOW + 7);
    look(1, NOW + 8);
    assert_string_equal(group(), "3 2 1");
    assert_int_equal(got.rows[0].points, 4);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, another_account)
    const struct CMUnitTest tests[] = {
        TEST(there_is_none_before_it_is_turned_on),
        TEST(a_group_that_is_full_is_followed_by_another),
        TEST(the_first_rise_and_the_last_fall),
        TEST(among_equals_at_the_border_the_first_rises),
        TEST(the_week_turns_while_somebody_earns),
        TEST(who_hides_leaves_the_group_and_keeps_the_tier),
    };
    return cmocka_run_group_tests_name("store/league", tests, fixture_setup, fixture_teardown);
}
