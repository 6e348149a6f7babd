/* store/team.h against a real Redis. */

#include "store/team.h"

#include "config/limits.h"
#include "store/binding.h"
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

#define DAY 20000 /* a Thursday */

static struct store_team_card got;
static enum store_team_result result;
static int64_t number;
static struct store_binding binding;
static unsigned turns;
static int64_t today;

static void on_card(void *data, int error, const struct store_team_card *card) {
    (void)data;
    fixture_done(error);
    if (card)
        got = *card;
}

static void on_result(void *data, int error, enum store_team_result what, int64_t count) {
    (void)data;
    fixture_done(error);
    result = what;
    number = count;
}

static void on_binding(void *data, int error, const struct store_binding *answer) {
    (void)data;
    fixture_done(error);
    if (answer)
        binding = *answer;
}

static void on_number(void *data, int error, int64_t count) {
    (void)data;
    (void)count;
    fixture_done(error);
}

static void on_step(void *data, int error, int64_t count, const char *text) {
    (void)text;
    on_number(data, error, count);
}

static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)learner;
    on_number(data, error, 0);
}

static struct store_turn turn(const char *openid) {
    static char id[16];
    snprintf(id, sizeof id, "m%u", ++turns);
    return fixture_turn(openid, id, today, 1000);
}

/* ---- what an operator does ---- */

static enum store_team_result create(const char *name, bool open) {
    struct store_turn who = turn("");
    store_team_create(fixture.store, &who, name, name, open, "", on_result, NULL);
    fixture_well();
    return result;
}

static enum store_team_result assign(const char *key, int64_t team) {
    struct store_turn who = turn("");
    struct store_team_move move = {key, team};
    store_team_assign(fixture.store, &who, &move, 1, on_result, NULL);
    fixture_well();
    return result;
}

static enum store_team_result lead(const char *team, const char *key) {
    struct store_turn who = turn("");
    store_team_captain(fixture.store, &who, team, key, on_result, NULL);
    fixture_well();
    return result;
}

static void dissolve(const char *name) {
    do {
        struct store_turn who = turn("");
        store_team_dissolve(fixture.store, &who, name, on_result, NULL);
        fixture_well();
    } while (number > 0);
}

static void put(const char *key, bool gone) {
    struct store_employee one = {.key = key,
                                 .number = key,
                                 .name = key,
                                 .department = "公司",
                                 .manager = "",
                                 .tail = "1234",
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

/* ---- what learners do ---- */

static void become(const char *openid, const char *key) {
    struct store_turn who = turn(openid);
    store_bind(fixture.store, &who, true, key, "1234", on_binding, NULL);
    fixture_well();
    assert_int_equal(binding.outcome, STORE_BINDING_bound);
}

static void unbind(const char *openid) {
    for (int confirmed = 0; confirmed < 2; confirmed++) {
        struct store_turn who = turn(openid);
        store_unbind(fixture.store, &who, confirmed, on_binding, NULL);
        fixture_well();
    }
    assert_int_equal(binding.outcome, STORE_BINDING_done);
}

static void earn(const char *openid, const char *rule) {
    struct store_turn who = turn(openid);
    struct store_event event = {.subject = "", .words = ""};
    store_award(fixture.store, &who, POLICY("0"), rule, &event, on_learner, NULL);
    fixture_well();
}

static enum store_team_outcome join(const char *openid, const char *name) {
    struct store_turn who = turn(openid);
    store_team_join(fixture.store, &who, name, false, on_card, NULL);
    fixture_well();
    return got.outcome;
}

static enum store_team_outcome move(const char *openid) {
    struct store_turn who = turn(openid);
    store_team_join(fixture.store, &who, "", true, on_card, NULL);
    fixture_well();
    return got.outcome;
}

static enum store_team_outcome leave(const char *openid, bool confirmed) {
    struct store_turn who = turn(openid);
    store_team_leave(fixture.store, &who, confirmed, on_card, NULL);
    fixture_well();
    return got.outcome;
}

static enum store_team_outcome look(const char *openid) {
    struct store_turn who = turn(openid);
    store_team_mine(fixture.store, &who, on_card, NULL);
    fixture_well();
    return got.outcome;
}

/* ---- what there is ---- */

static int heads(int team) {
    int said = atoi(redis_say(&fixture.redis, "HGET {t}:heads t:%d", team));
    assert_int_equal(atoi(redis_say(&fixture.redis, "SCARD {t}:members:%d", team)), said);
    return said;
}

static int awaiting(int team) {
    return atoi(redis_say(&fixture.redis, "SCARD {t}:awaiting:%d", team));
}

/* Points on the board of all time. */
static int score(const char *kind, int id) {
    return (int)(atoll(redis_say(&fixture.redis, "ZSCORE {t}:board:%s:all %d", kind, id)) >> 31);
}

static const char *team_of(const char *openid) {
    return redis_say(&fixture.redis, "HGET {t}:learner:%s tm", openid);
}

/* Teams 1 红队 and 2 蓝队 are open, 3 黑队 is not; a, b, c are bound to employees of their name, d
 * is not. */
static int fresh(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    today = DAY;
    for (const char *one = "a\0b\0c\0d\0"; *one; one += 2)
        put(one, false);
    for (const char *one = "a\0b\0c\0"; *one; one += 2)
        become(one, one);
    assert_int_equal(create("红队", true), STORE_TEAM_done);
    assert_int_equal(create("蓝队", true), STORE_TEAM_done);
    assert_int_equal(create("黑队", false), STORE_TEAM_done);
    assert_int_equal(number, 3);
    return 0;
}

static void a_name_belongs_to_one_team(void **state) {
    (void)state;
    assert_int_equal(create("红队", false), STORE_TEAM_taken);
    struct store_turn who = turn("");
    store_team_rename(fixture.store, &who, "红队", "蓝队", "蓝队", on_result, NULL);
    fixture_well();
    assert_int_equal(result, STORE_TEAM_taken);
    store_team_rename(fixture.store, &who, "红队", "赤队", "赤队", on_result, NULL);
    fixture_well();
    assert_int_equal(result, STORE_TEAM_done);
    assert_int_equal(join("a", "红队"), STORE_TEAM_IS_missing);
    assert_int_equal(join("a", "赤队"), STORE_TEAM_IS_joined);
    assert_int_equal(create("红队", true), STORE_TEAM_done);
    assert_int_equal(number, 4);
}

static void opened(const char *name, bool open) {
    struct store_turn who = turn("");
    store_team_open(fixture.store, &who, name, open, on_result, NULL);
    fixture_well();
}

static void a_team_is_opened_and_closed_and_who_plays_for_it_stays(void **state) {
    (void)state;
    assert_int_equal(join("a", "红队"), STORE_TEAM_IS_joined);
    opened("红队", false);
    assert_int_equal(result, STORE_TEAM_done);
    assert_string_equal(team_of("a"), "1");
    assert_int_equal(join("b", "红队"), STORE_TEAM_IS_closed);
    assert_int_equal(join("a", "蓝队"), STORE_TEAM_IS_fixed);
    assert_string_equal(redis_say(&fixture.redis, "ZRANGE {t}:teams_open 0 -1"), "2");
    opened("红队", true);
    opened("红队", true);
    assert_int_equal(join("b", "红队"), STORE_TEAM_IS_joined);
    assert_string_equal(redis_say(&fixture.redis, "ZRANGE {t}:teams_open 0 -1"), "1 2");
    opened("绿队", true);
    assert_int_equal(result, STORE_TEAM_unknown);
}

static void there_is_an_end_of_teams(void **state) {
    (void)state;
    redis_say(&fixture.redis,
              "EVAL for\ti=4,%d\tdo\tredis.call('HSET','{t}:teams','n'..i,i)\tend 0", LIMIT_TEAMS);
    assert_int_equal(create("绿队", true), STORE_TEAM_many);
    assert_int_equal(create("红队", true), STORE_TEAM_taken);
}

static void joins_leaves_and_keeps_what_was_earned_where_it_was(void **state) {
    (void)state;
    assert_int_equal(join("a", "红队"), STORE_TEAM_IS_joined);
    assert_int_equal(got.heads, 1);
    earn("a", RULE("r", 5));
    assert_int_equal(join("a", "红队"), STORE_TEAM_IS_already);
    assert_int_equal(join("a", "蓝队"), STORE_TEAM_IS_sure);
    assert_string_equal(got.other, "红队");
    assert_int_equal(heads(1), 1);
    assert_int_equal(move("a"), STORE_TEAM_IS_joined);
    assert_string_equal(got.name, "蓝队");
    assert_string_equal(got.other, "红队");
    earn("a", RULE("r", 7));
    assert_int_equal(heads(1), 0);
    assert_int_equal(heads(2), 1);
    assert_int_equal(leave("a", false), STORE_TEAM_IS_leave);
    assert_int_equal(leave("a", true), STORE_TEAM_IS_left);
    earn("a", RULE("r", 11));
    assert_int_equal(heads(2), 0);
    assert_int_equal(awaiting(2), 0);
    assert_string_equal(team_of("a"), "");
    assert_int_equal(score("t", 1), 5);
    assert_int_equal(score("t", 2), 7);
    assert_int_equal(score("p", 1), 23);
}

static void a_confirmation_needs_its_question(void **state) {
    (void)state;
    join("a", "红队");
    assert_int_equal(move("a"), STORE_TEAM_IS_which);
    assert_int_equal(leave("a", true), STORE_TEAM_IS_leave);
    assert_int_equal(move("a"), STORE_TEAM_IS_which); /* that was another question */
    assert_int_equal(join("a", "蓝队"), STORE_TEAM_IS_sure);
    assert_int_equal(leave("a", true), STORE_TEAM_IS_leave);
    assert_int_equal(heads(1), 1);
    assert_in_range(atoi(redis_say(&fixture.redis, "TTL {t}:dialogue:a")), LIMIT_DIALOGUE_S - 5,
                    LIMIT_DIALOGUE_S);
}

static void in_and_out_of_a_closed_team_an_operator_helps(void **state) {
    (void)state;
    assert_int_equal(join("a", "黑队"), STORE_TEAM_IS_closed);
    assert_int_equal(got.offers_count, 2);
    assert_string_equal(got.offers[0].name, "蓝队");
    assert_int_equal(assign("a", 3), STORE_TEAM_done);
    assert_int_equal(leave("a", false), STORE_TEAM_IS_fixed);
    assert_int_equal(join("a", "红队"), STORE_TEAM_IS_fixed);
    assert_string_equal(got.name, "黑队");
    assert_int_equal(heads(3), 1);
}

static void who_is_not_bound_has_to_bind_first(void **state) {
    (void)state;
    assert_int_equal(join("z", "红队"), STORE_TEAM_IS_unbound);
    assert_int_equal(leave("z", false), STORE_TEAM_IS_unbound);
    assert_int_equal(look("z"), STORE_TEAM_IS_unbound);
    assert_int_equal(heads(1), 0);
}

static void who_is_assigned_before_binding_plays_from_then_on(void **state) {
    (void)state;
    assign("d", 3);
    assert_int_equal(heads(3), 0);
    assert_int_equal(awaiting(3), 1);
    become("d", "d");
    assert_int_equal(heads(3), 1);
    assert_int_equal(awaiting(3), 0);
    earn("d", RULE("r", 4));
    assert_int_equal(score("t", 3), 4);
    unbind("d");
    earn("d", RULE("r", 8));
    assert_int_equal(heads(3), 0);
    assert_int_equal(awaiting(3), 1);
    assert_string_equal(team_of("d"), "");
    assert_int_equal(score("t", 3), 4);
    assign("d", 1); /* while unbound */
    assert_int_equal(awaiting(3), 0);
    become("e", "d"); /* another learner */
    assert_int_equal(heads(1), 1);
    assert_string_equal(team_of("e"), "1");
}

static void a_leaver_leaves_the_team_and_its_points_stay(void **state) {
    (void)state;
    join("a", "红队");
    lead("红队", "a");
    assign("d", 1);
    earn("a", RULE("r", 6));
    put("a", true);
    put("d", true);
    assert_int_equal(heads(1), 0);
    assert_int_equal(awaiting(1), 0);
    assert_int_equal(score("t", 1), 6);
    assert_int_equal(score("p", 1), 0);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:team:1 cp"), "");
    assert_int_equal(assign("a", 1), STORE_TEAM_gone);
    put("a", false);
    become("a", "a");
    assert_string_equal(team_of("a"), "");
}

static void a_second_phone_takes_the_team_along(void **state) {
    (void)state;
    join("a", "红队");
    join("b", "蓝队");
    struct store_turn who = turn("");
    store_code(fixture.store, &who, "a", "salt", "12345678", on_number, NULL);
    fixture_well();
    who = turn("new");
    store_bind(fixture.store, &who, true, "a", "12345678", on_binding, NULL);
    fixture_well();
    assert_int_equal(binding.outcome, STORE_BINDING_moved);
    assert_string_equal(team_of("new"), "1");
    assert_string_equal(team_of("a"), "");
    assert_int_equal(heads(1), 1);
    earn("new", RULE("r", 3));
    earn("a", RULE("r", 100));
    assert_int_equal(score("t", 1), 3);
    assert_int_equal(look("new"), STORE_TEAM_IS_plays);
    assert_int_equal(got.best_count, 1);
    assert_string_equal(got.best[0].name, "a");
}

static void a_team_that_is_dissolved_is_nobodys_and_on_no_board(void **state) {
    (void)state;
    join("a", "红队");
    join("b", "红队");
    assign("d", 1);
    lead("红队", "a");
    earn("a", RULE("r", 6));
    redis_say(&fixture.redis, "HSET {t}:team:1 x 1"); /* killed after the first step */
    assert_int_equal(join("c", "红队"), STORE_TEAM_IS_missing);
    assert_int_equal(create("红队", true), STORE_TEAM_taken);
    dissolve("红队");
    assert_int_equal(heads(1), 0);
    assert_int_equal(awaiting(1), 0);
    assert_string_equal(team_of("a"), "");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:employee:d tm"), "");
    assert_int_equal(score("t", 1), 0);
    assert_string_equal(redis_say(&fixture.redis, "ZCARD {t}:board:t:w2857"), "0");
    assert_string_equal(redis_say(&fixture.redis, "HEXISTS {t}:heads t:1"), "0");
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:team:1 nm"), "红队");
    earn("a", RULE("r", 1));
    assert_int_equal(score("p", 1), 7);
    assert_int_equal(look("a"), STORE_TEAM_IS_none);
    assert_int_equal(create("红队", true), STORE_TEAM_done);
    assert_int_equal(number, 4);
    dissolve("红队");
    dissolve("红队");
    assert_int_equal(result, STORE_TEAM_unknown);
}

static void a_captain_plays_for_the_team(void **state) {
    (void)state;
    assert_int_equal(lead("红队", "a"), STORE_TEAM_stranger);
    assert_int_equal(lead("绿队", "a"), STORE_TEAM_unknown);
    join("a", "红队");
    assert_int_equal(lead("红队", "a"), STORE_TEAM_done);
    look("a");
    assert_string_equal(got.captain_name, "a");
    assert_int_equal(got.captain, got.number);
    assign("a", 2);
    join("b", "红队");
    look("b");
    assert_string_equal(got.captain_name, "");
    assert_int_equal(got.captain, 0);
}

static void one_message_joins_once_whatever_comes_between(void **state) {
    (void)state;
    struct store_turn who = fixture_turn("a", "once", today, 1000);
    store_team_join(fixture.store, &who, "红队", false, on_card, NULL);
    fixture_well();
    struct store_team_card first = got;
    join("b", "红队");
    leave("a", false);
    leave("a", true);
    store_team_join(fixture.store, &who, "红队", false, on_card, NULL);
    fixture_well();
    assert_memory_equal(&first, &got, sizeof got);
    assert_int_equal(heads(1), 1);
}

static unsigned outcomes_seen[STORE_TEAM_OUTCOME_COUNT], calls_left;

static void on_one_of_many(void *data, int error, const struct store_team_card *card) {
    (void)data;
    assert_int_equal(error, 0);
    outcomes_seen[card->outcome]++;
    fixture.called = --calls_left == 0;
    fixture.error = 0;
}

static void of_two_joins_at_once_one_is_first(void **state) {
    (void)state;
    struct store_turn red = fixture_turn("a", "red", today, 1000);
    struct store_turn blue = fixture_turn("a", "blue", today, 1000);
    memset(outcomes_seen, 0, sizeof outcomes_seen);
    calls_left = 4;
    for (int i = 0; i < 2; i++) { /* and each of them delivered twice */
        store_team_join(fixture.store, &red, "红队", false, on_one_of_many, NULL);
        store_team_join(fixture.store, &blue, "蓝队", false, on_one_of_many, NULL);
    }
    fixture_well();
    assert_int_equal(outcomes_seen[STORE_TEAM_IS_joined], 2);
    assert_int_equal(outcomes_seen[STORE_TEAM_IS_sure], 2);
    assert_int_equal(heads(1) + heads(2), 1);
}

static void mine_shows_place_best_and_who_is_missing(void **state) {
    (void)state;
    join("a", "红队");
    join("b", "红队");
    join("c", "蓝队");
    assert_int_equal(look("a"), STORE_TEAM_IS_plays);
    assert_int_equal(got.rank, 0);
    assert_int_equal(got.absent, 0);
    today = DAY + 1; /* the same week */
    earn("c", RULE("r", 20));
    earn("a", RULE("r", 6));
    look("a");
    assert_string_equal(got.name, "红队");
    assert_int_equal(got.heads, 2);
    assert_int_equal(got.rank, 2);
    assert_int_equal(got.total, 2);
    assert_int_equal(got.points, 6);
    assert_int_equal(got.gap, 15);
    assert_string_equal(got.other, "蓝队");
    assert_int_equal(got.absent, 1);
    assert_int_equal(got.best_count, 1);
    earn("b", RULE("r", 30));
    look("a");
    assert_int_equal(got.rank, 1);
    assert_int_equal(got.absent, 0);
    assert_string_equal(got.other, "");
    assert_int_equal(got.best_count, 2);
    assert_string_equal(got.best[0].name, "b");
    assert_int_equal(got.best[0].points, 30);
    assert_int_equal(got.best[1].number, got.number);
    redis_say(&fixture.redis, "ZREM {t}:board:p:w2857 2"); /* b asks to be left out of the boards */
    look("a");
    assert_int_equal(got.best_count, 1);
    assert_int_equal(got.points, 36);
    today = DAY + 7;
    look("a");
    assert_int_equal(got.points, 0);
    assert_int_equal(got.best_count, 0);
}

static void of_many_members_the_best_and_the_missing_are_found(void **state) {
    (void)state;
    enum { MANY = 2500 };
    redis_say(&fixture.redis,
              "EVAL for\tn=1000,999+%d\tdo"
              "\tredis.call('SADD','{t}:members:1',n)"
              "\tredis.call('ZADD','{t}:board:p:w2857',n*7919%%100003*2^31+9,n)"
              "\tredis.call('ZADD','{t}:board:p:w2857',(200000+n)*2^31,10000+n)"
              "\tif\tn%%3==0\tthen\tredis.call('SETBIT','{t}:active:%d',n,1)\tend\tend 0",
              MANY, DAY);
    join("a", "红队");
    look("a");
    assert_int_equal(got.absent, MANY - 833);
    assert_int_equal(got.best_count, LIMIT_TEAM_BEST);
    for (int64_t i = 0, last = 100003; i < LIMIT_TEAM_BEST; i++) {
        int64_t next = 0;
        for (int64_t n = 1000; n < 1000 + MANY; n++)
            if (n * 7919 % 100003 < last && n * 7919 % 100003 > next)
                next = n * 7919 % 100003;
        assert_int_equal(got.best[i].points, next);
        last = next;
    }
}

/* ---- lists ---- */

static unsigned listed, people;
static struct store_team team;
static char seen[200];

static void on_list(void *data, int error, const struct store_team *list, unsigned count,
                    int64_t next) {
    (void)data;
    on_number(NULL, error, next);
    number = next;
    for (unsigned i = 0; i < count; i++, listed++)
        team = list[i];
}

static void on_people(void *data, int error, const struct store_team *head,
                      const struct store_team_person *list, unsigned count, unsigned looked) {
    (void)data;
    on_number(NULL, error, 0);
    number = looked;
    people = count;
    if (head)
        team = *head;
    for (unsigned i = 0; i < count; i++)
        snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s%s%d%d:%d ", list[i].number,
                 list[i].department, list[i].bound, (int)list[i].team, (int)list[i].week);
}

static void lists_teams_and_people(void **state) {
    (void)state;
    join("b", "红队");
    assign("d", 1);
    earn("b", RULE("r", 9));
    dissolve("蓝队");
    struct store_turn who = turn("");
    listed = 0;
    store_team_list(fixture.store, &who, 0, on_list, NULL);
    fixture_well();
    assert_int_equal(listed, 2);
    assert_int_equal(number, 0);
    assert_int_equal(team.id, 3);
    *seen = '\0';
    store_team_show(fixture.store, &who, "红队", 0, on_people, NULL);
    fixture_well();
    assert_string_equal(seen, "b10:9 d00:0 ");
    assert_int_equal(team.heads, 1);
    assert_int_equal(team.awaiting, 1);
    assert_int_equal(team.week, 9);
    assert_true(team.open);
    *seen = '\0';
    store_team_show(fixture.store, &who, "红队", 1, on_people, NULL);
    fixture_well();
    assert_string_equal(seen, "d00:0 ");
    team.id = 0;
    store_team_show(fixture.store, &who, "蓝队", 0, on_people, NULL);
    fixture_well();
    assert_int_equal(team.id, 0);
    put("c", true);
    *seen = '\0';
    store_team_people(fixture.store, &who, 0, on_people, NULL);
    fixture_well();
    assert_int_equal(number, 4);
    assert_int_equal(people, 3);
    assert_string_equal(seen, "a公司10:0 b公司11:0 d公司01:0 ");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
    const struct CMUnitTest tests[] = {
        TEST(a_name_belongs_to_one_team),
        TEST(a_team_is_opened_and_closed_and_who_plays_for_it_stays),
        TEST(there_is_an_end_of_teams),
        TEST(joins_leaves_and_keeps_what_was_earned_where_it_was),
        TEST(a_confirmation_needs_its_question),
        TEST(in_and_out_of_a_closed_team_an_operator_helps),
        TEST(who_is_not_bound_has_to_bind_first),
        TEST(who_is_assigned_before_binding_plays_from_then_on),
        TEST(a_leaver_leaves_the_team_and_its_points_stay),
        TEST(a_second_phone_takes_the_team_along),
        TEST(a_team_that_is_dissolved_is_nobodys_and_on_no_board),
        TEST(a_captain_plays_for_the_team),
        TEST(one_message_joins_once_whatever_comes_between),
        TEST(of_two_joins_at_once_one_is_first),
        TEST(mine_shows_place_best_and_who_is_missing),
        TEST(of_many_members_the_best_and_the_missing_are_found),
        TEST(lists_teams_and_people),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
