/* store/points.h against a real Redis. */

#include "store/points.h"

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
#include <string.h>
#include <talloc.h>

#define DAY     20000
#define MORNING (8 * 3600)

static struct store_learner got;
static int calls_left;

#define MILESTONES " 2:" RULE_ONCE("checkin_2", 20) " 21:" RULE_ONCE("checkin_21", 50)

static void on_done(void *data, int error, const struct store_learner *learner) {
    (void)data;
    fixture_done(error);
    if (learner)
        got = *learner;
}

static void start(const char *openid, const char *id, int64_t day, int64_t seconds) {
    struct store_turn turn = fixture_turn(openid, id, day, seconds);
    struct store_checkin checkin = {
        .policy = POLICY("0,10,30,100"),
        .rule = RULE_DAILY("checkin", 10, 10),
        .minute = (unsigned)(seconds / 60),
        .next = (day + 1) * 86400,
        .remind_from = 8 * 60 + 30,
        .remind_to = 21 * 60 + 29,
        .plan_days = 21,
        .milestones = MILESTONES,
        .work = WORK_ALL,
    };
    store_checkin(fixture.store, &turn, &checkin, on_done, NULL);
}

static void checkin(const char *openid, const char *id, int64_t day, int64_t seconds) {
    start(openid, id, day, seconds);
    fixture_well();
}

static int64_t number_of(const char *openid) {
    long long n = 0;
    sscanf(redis_say(&fixture.redis, "HGET {t}:learner:%s n", openid), "%lld", &n);
    return n;
}

/* When the learner's next reminder is due, as the minute of `day`. */
static int due_minute(const char *openid, int64_t day) {
    return (int)((fixture_reminded_at(openid) - day * 86400) / 60);
}

static void first_checkin_gives_points_level_and_streak(void **state) {
    (void)state;
    checkin("a", "a1", DAY, MORNING);
    assert_true(got.checked_in);
    assert_int_equal(got.given, 10);
    assert_int_equal(got.xp, 10);
    assert_int_equal(got.level_before, 1);
    assert_int_equal(got.level, 2);
    assert_int_equal(got.streak, 1);
    assert_int_equal(got.checkins, 1);
}

static void second_checkin_of_a_day_changes_nothing(void **state) {
    (void)state;
    checkin("b", "b1", DAY, MORNING);
    checkin("b", "b2", DAY, MORNING + 60);
    assert_false(got.checked_in);
    assert_int_equal(got.given, 0);
    assert_int_equal(got.xp, 10);
    assert_int_equal(got.streak, 1);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:b ci"), "1");
}

static void same_message_again_tells_the_same(void **state) {
    (void)state;
    checkin("c", "c1", DAY, MORNING);
    checkin("c", "c1", DAY, MORNING);
    assert_true(got.checked_in);
    assert_int_equal(got.given, 10);
    assert_int_equal(got.xp, 10);
    assert_null(strchr(redis_say(&fixture.redis, "HGET {t}:learner:c rc"), '\n'));
}

static void memo_ends_after_its_time(void **state) {
    (void)state;
    checkin("c2", "c2-1", DAY, MORNING);
    assert_string_equal(redis_say(&fixture.redis, "TTL {t}:turn:c2-1:checkin"), "1200");
}

static void streak_grows_by_days_and_breaks_by_a_gap(void **state) {
    (void)state;
    checkin("d", "d1", DAY, MORNING);
    checkin("d", "d2", DAY + 1, MORNING);
    assert_int_equal(got.streak, 2);
    checkin("d", "d3", DAY + 3, MORNING);
    assert_int_equal(got.streak, 1);
    assert_int_equal(got.checkins, 3);
}

static void midnight_makes_a_new_day(void **state) {
    (void)state;
    checkin("e", "e1", DAY, 86399);
    checkin("e", "e2", DAY + 1, 0);
    assert_true(got.checked_in);
    assert_int_equal(got.streak, 2);
    assert_int_equal(got.xp, 10 + 10 + 20);
}

static void a_message_of_yesterday_that_comes_late_is_not_a_second_day(void **state) {
    (void)state;
    checkin("e3", "e3-1", DAY + 1, 5);
    checkin("e3", "e3-2", DAY, 86399);
    assert_false(got.checked_in);
    assert_int_equal(got.checkins, 1);
}

static void milestone_is_given_on_its_day_once(void **state) {
    (void)state;
    checkin("f", "f1", DAY, MORNING);
    assert_int_equal(got.given, 10);
    checkin("f", "f2", DAY + 1, MORNING);
    assert_int_equal(got.given, 30);
    for (int i = 2; i < 23; i++) {
        char id[16];
        snprintf(id, sizeof id, "f%d", i + 1);
        checkin("f", id, DAY + i, MORNING);
    }
    /* Day 23 is day 2 of the second round: its milestone has been had. */
    assert_int_equal(got.checkins, 23);
    assert_int_equal(got.given, 10);
    assert_int_equal(got.xp, 23 * 10 + 20 + 50);
}

static void the_day_on_which_the_plan_was_finished_is_kept(void **state) {
    (void)state;
    for (int i = 0; i < 43; i++) {
        char id[16];
        snprintf(id, sizeof id, "fin%d", i);
        checkin("fin", id, DAY + i, MORNING);
        assert_int_equal(got.finished, i < 20 ? 0 : i < 41 ? DAY + 20 : DAY + 41);
        if (i == 19)
            assert_string_equal(redis_say(&fixture.redis, "HEXISTS {t}:learner:fin f"), "0");
    }
    struct store_turn turn = fixture_turn("fin", "fin", DAY + 50, MORNING);
    store_standing(fixture.store, &turn, POLICY("0"), WORK_ALL, on_done, NULL);
    fixture_wait();
    assert_int_equal(got.finished, DAY + 41);
}

static void ledger_balance_and_board_agree(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FLUSHALL");
    redis_say(&fixture.redis, "HSET {t}:learner:g e 7 d 3 tm 5");
    checkin("g", "g1", DAY, MORNING);
    checkin("g", "g2", DAY + 1, MORNING);
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:g n xp"), "1 40");
    const char *last = redis_say(&fixture.redis, "XREVRANGE {t}:ledger + - COUNT 1");
    char line[256];
    snprintf(line, sizeof line,
             "n 1 rule checkin_2 subject  points 20 coins 0 xp 40 co 0 at %d day %d d 3 tm 5 id g2",
             (DAY + 1) * 86400 + MORNING, DAY + 1);
    assert_string_equal(strstr(last, "n 1"), line);
    static const struct {
        const char *board;
        int sum;
    } boards[] = {
        {"p:all 1", 40},    {"p:d20000 1", 10}, {"p:d20001 1", 30}, {"p:w2857 1", 40},
        {"p:m24297 1", 40}, {"d:all 3", 40},    {"d:d20001 3", 30}, {"t:w2857 5", 40},
    };
    for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++) {
        double score = 0;
        sscanf(redis_say(&fixture.redis, "ZSCORE {t}:board:%s", boards[i].board), "%lf", &score);
        assert_int_equal((int64_t)score >> 31, boards[i].sum);
    }
}

static int award_named(const char *openid, const char *id, int64_t day, int64_t seconds,
                       const char *policy, const char *rule, const struct store_event *event) {
    struct store_turn turn = fixture_turn(openid, id, day, seconds);
    store_award(fixture.store, &turn, policy, rule, event, on_done, NULL);
    fixture_well();
    return (int)got.given;
}

/* An award under a name of its own; returns the points given. */
static int award(const char *openid, int64_t day, int64_t seconds, const char *policy,
                 const struct store_rule *rule, struct store_event event) {
    static int count;
    char id[32];
    snprintf(id, sizeof id, "award-%d", ++count);
    event.subject = event.subject ? event.subject : "";
    event.words = event.words ? event.words : "";
    char *text = store_rule_text(NULL, rule);
    int given = award_named(openid, id, day, seconds, policy, text, &event);
    talloc_free(text);
    return given;
}

#define NOTHING ((struct store_event){0})
#define FREE    POLICY("0,10,30,100")

static void texts_are_what_the_scripts_read(void **state) {
    (void)state;
    static const struct store_rule plain = {.name = "r", .points = 7},
                                   full = {
                                       .name = "full_1",
                                       .points = 1,
                                       .coins = 2,
                                       .once = true,
                                       .bound = true,
                                       .beyond_cap = true,
                                       .cooldown_s = 3,
                                       .least = 4,
                                       .cap = {5, 6, 7, 8, 9},
                                       .activity = STORE_ACTIVITY_DISCUSSED,
                                   };
    static const struct store_rule bad[] = {{.name = "a;b"}, {.name = ""}, {.name = "a b"}};
    static const struct store_policy policy = {"0,60", 1, true, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    static const struct store_policy none = {.thresholds = "0", .unbound_earn = true};
    void *ctx = talloc_new(NULL);
    assert_string_equal(store_rule_text(ctx, &plain), RULE("r", 7));
    assert_string_equal(store_rule_text(ctx, &full), "full_1;1;2;1;1;1;3;4;5;6;7;8;9;d");
    assert_string_equal(store_policy_text(ctx, &policy), "0,60;1;1;2,3,4;5,6;7,8;9;10");
    assert_string_equal(store_policy_text(ctx, &none), POLICY("0"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(store_rule_text(ctx, &bad[i]));
    talloc_free(ctx);
}

static void a_cap_of_the_day_is_given_to_the_last_point_and_no_further(void **state) {
    (void)state;
    static const struct store_rule rule = {
        .name = "q", .points = 4, .coins = 2, .cap = {.day = 10}};
    assert_int_equal(award("cap1", DAY, 10, FREE, &rule, NOTHING), 4);
    assert_int_equal(got.coins_given, 2);
    assert_int_equal(got.why, STORE_WHY_none);
    assert_int_equal(award("cap1", DAY, 20, FREE, &rule, NOTHING), 4);
    assert_int_equal(award("cap1", DAY, 30, FREE, &rule, NOTHING), 2);
    assert_int_equal(got.coins_given, 1);
    assert_int_equal(got.why, STORE_WHY_day);
    assert_int_equal(award("cap1", DAY, 86399, FREE, &rule, NOTHING), 0);
    assert_int_equal(got.why, STORE_WHY_day);
    assert_int_equal(award("cap1", DAY + 1, 0, FREE, &rule, NOTHING), 4);
    assert_int_equal(got.coins, 7);
}

static void a_cap_of_the_week_ends_on_monday(void **state) {
    (void)state;
    static const struct store_rule rule = {.name = "q", .points = 4, .cap = {.week = 8}};
    const int64_t friday = 20000, monday = 20003; /* 2024-10-04 and -07 */
    assert_int_equal(award("week", friday, 0, FREE, &rule, NOTHING), 4);
    assert_int_equal(award("week", friday + 1, 0, FREE, &rule, NOTHING), 4);
    assert_int_equal(award("week", monday - 1, 86399, FREE, &rule, NOTHING), 0);
    assert_int_equal(got.why, STORE_WHY_week);
    assert_int_equal(award("week", monday, 0, FREE, &rule, NOTHING), 4);
}

static void caps_of_a_subject_are_each_subjects_own(void **state) {
    (void)state;
    static const struct store_rule rule = {
        .name = "c", .points = 2, .cap = {.subject_day = 2, .subject_week = 4, .subject = 5}};
    const struct store_event hook = {.subject = "hook"}, other = {.subject = "other"};
    assert_int_equal(award("subj", 20003, 0, FREE, &rule, hook), 2); /* a Monday */
    assert_int_equal(award("subj", 20003, 1, FREE, &rule, hook), 0);
    assert_int_equal(got.why, STORE_WHY_subject);
    assert_int_equal(award("subj", 20003, 2, FREE, &rule, other), 2);
    assert_int_equal(award("subj", 20004, 0, FREE, &rule, hook), 2);
    assert_int_equal(award("subj", 20005, 0, FREE, &rule, hook), 0);
    assert_int_equal(award("subj", 20010, 0, FREE, &rule, hook), 1);
    assert_int_equal(award("subj", 20017, 0, FREE, &rule, hook), 0);
}

static void the_daily_cap_is_over_all_rules_but_those_beyond_it(void **state) {
    (void)state;
    static const struct store_rule a = {.name = "a", .points = 6}, b = {.name = "b", .points = 6},
                                   beyond = {.name = "m", .points = 50, .beyond_cap = true};
    static const char policy[] = "0;10;1;0,0,0;0,0;0,0;0;0";
    assert_int_equal(award("total", DAY, 0, policy, &a, NOTHING), 6);
    assert_int_equal(award("total", DAY, 1, policy, &b, NOTHING), 4);
    assert_int_equal(got.why, STORE_WHY_total);
    assert_int_equal(award("total", DAY, 2, policy, &a, NOTHING), 0);
    assert_int_equal(award("total", DAY, 3, policy, &beyond, NOTHING), 50);
    assert_int_equal(award("total", DAY + 1, 0, policy, &beyond, NOTHING), 50);
    assert_int_equal(award("total", DAY + 1, 1, policy, &a, NOTHING), 6); /* nor counted in it */
}

static void cool_down_effort_and_binding_are_asked_for(void **state) {
    (void)state;
    static const struct store_rule cool = {.name = "cool", .points = 1, .cooldown_s = 60},
                                   least = {.name = "least", .points = 1, .least = 10},
                                   bound = {.name = "bound", .points = 1, .bound = true},
                                   plain = {.name = "plain", .points = 1};
    assert_int_equal(award("cool", DAY, 0, FREE, &cool, NOTHING), 1);
    assert_int_equal(award("cool", DAY, 59, FREE, &cool, NOTHING), 0);
    assert_int_equal(got.why, STORE_WHY_cool);
    assert_int_equal(award("cool", DAY, 60, FREE, &cool, NOTHING), 1);
    assert_int_equal(award("least", DAY, 0, FREE, &least, (struct store_event){.effort = 9}), 0);
    assert_int_equal(got.why, STORE_WHY_short);
    assert_int_equal(award("least", DAY, 0, FREE, &least, (struct store_event){.effort = 10}), 1);
    assert_int_equal(award("bound", DAY, 0, FREE, &bound, NOTHING), 0);
    assert_int_equal(got.why, STORE_WHY_unbound);
    assert_int_equal(award("bound", DAY, 0, "0;0;0;0,0,0;0,0;0,0;0;0", &plain, NOTHING), 0);
    redis_say(&fixture.redis, "HSET {t}:learner:bound e 7");
    assert_int_equal(award("bound", DAY, 0, FREE, &bound, NOTHING), 1);
}

static void once_is_once_for_a_subject_and_not_used_up_by_a_refusal(void **state) {
    (void)state;
    static const struct store_rule rule = {
        .name = "w", .points = 2, .once = true, .cap = {.day = 2}};
    const struct store_event hook = {.subject = "hook"}, other = {.subject = "other"};
    assert_int_equal(award("once", DAY, 0, FREE, &rule, hook), 2);
    assert_int_equal(award("once", DAY, 1, FREE, &rule, hook), 0);
    assert_int_equal(got.why, STORE_WHY_once);
    assert_int_equal(award("once", DAY, 2, FREE, &rule, other), 0);
    assert_int_equal(got.why, STORE_WHY_day);
    assert_int_equal(award("once", DAY + 1, 0, FREE, &rule, other), 2);
}

static void on_cap_reached(void *data, int error, const struct store_learner *learner) {
    (void)data;
    assert_int_equal(error, 0);
    got.xp = learner->xp;
    got.given += learner->given;
    if (--calls_left == 0)
        fixture.called = true;
}

static void a_cap_reached_by_many_at_once_holds(void **state) {
    (void)state;
    struct store_event event = {.subject = "", .words = ""};
    char ids[40][16];
    got.given = 0;
    calls_left = 40;
    for (int i = 0; i < 40; i++) {
        snprintf(ids[i], sizeof ids[i], "many-%d", i / 2); /* each comes twice */
        struct store_turn turn = fixture_turn("many", ids[i], DAY, i);
        store_award(fixture.store, &turn, FREE, RULE_DAILY("q", 3, 10), &event, on_cap_reached,
                    NULL);
    }
    fixture_wait();
    assert_int_equal(got.xp, 10);
    assert_int_equal(got.given, 20); /* what each was told: the doubles the same */
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:learner:many xp"), "10");
}

static void a_day_that_began_is_not_ended_by_a_late_message_of_the_day_before(void **state) {
    (void)state;
    static const struct store_rule rule = {.name = "q", .points = 4, .cap = {.day = 4}};
    assert_int_equal(award("late", DAY + 1, 0, FREE, &rule, NOTHING), 4);
    assert_int_equal(award("late", DAY, 86399, FREE, &rule, NOTHING), 0);
    assert_int_equal(award("late", DAY + 1, 5, FREE, &rule, NOTHING), 0);
}

static void activity_is_noted_by_kind_and_day(void **state) {
    (void)state;
    static const struct store_rule rules[] = {
        {.name = "w", .points = 1, .activity = STORE_ACTIVITY_WATCHED},
        {.name = "i", .points = 1, .activity = STORE_ACTIVITY_INTERACTED},
        {.name = "d", .points = 1, .activity = STORE_ACTIVITY_DISCUSSED, .least = 5},
    };
    for (int i = 0; i < 3; i++)
        award("bits", DAY + 100, 0, FREE, &rules[i], NOTHING);
    char n[16];
    snprintf(n, sizeof n, "%s", redis_say(&fixture.redis, "HGET {t}:learner:bits n"));
    static const char *const kinds[] = {"active", "watched", "interacted", "discussed"};
    for (int i = 0; i < 4; i++)
        assert_string_equal(
            redis_say(&fixture.redis, "GETBIT {t}:%s:%d %s", kinds[i], DAY + 100, n), "1");
}

static void a_refusal_is_remembered_with_its_reason_once_in_a_row(void **state) {
    (void)state;
    static const struct store_rule rule = {.name = "q", .points = 4, .cap = {.day = 6}};
    for (int i = 0; i < 5; i++)
        award("why", DAY, i, FREE, &rule, NOTHING);
    struct store_turn turn = fixture_turn("why", "why-standing", DAY, 100);
    store_standing(fixture.store, &turn, FREE, WORK_ALL, on_done, NULL);
    fixture_wait();
    assert_int_equal(got.recent_count, 3);
    assert_int_equal(got.recent[0].points, 0);
    assert_int_equal(got.recent[0].why, STORE_WHY_day);
    assert_int_equal(got.recent[0].at, (int64_t)DAY * 86400 + 4);
    assert_int_equal(got.recent[1].points, 2);
    assert_int_equal(got.recent[1].why, STORE_WHY_day);
    assert_int_equal(got.recent[2].points, 4);
    assert_int_equal(got.recent[2].why, STORE_WHY_none);
}

static void a_level_is_reached_once(void **state) {
    (void)state;
    static const struct store_rule rule = {.name = "q", .points = 9};
    award("lv", DAY, 0, FREE, &rule, NOTHING);
    assert_int_equal(got.level, 1);
    award("lv", DAY, 1, FREE, &rule, NOTHING);
    assert_int_equal(got.level_before, 1);
    assert_int_equal(got.level, 2);
    award("lv", DAY, 2, FREE, &rule, NOTHING);
    assert_int_equal(got.level_before, 2);
    assert_int_equal(got.level, 2);
}

/* ---- the guard ---- */

static const char *flags_of(const char *kind) {
    static char found[512];
    const char *all = redis_say(&fixture.redis, "XRANGE {t}:flags - +");
    char wanted[32];
    snprintf(wanted, sizeof wanted, "kind %s", kind);
    const char *at = strstr(all, wanted);
    snprintf(found, sizeof found, "%s", at ? at : "");
    return found;
}

static void what_looks_like_a_game_is_flagged_once_a_day_and_still_given(void **state) {
    (void)state;
    static const struct store_rule rule = {.name = "q", .points = 1};
    static const char policy[] = "0;0;1;0,0,0;3,60;60,300;2;2";
    redis_say(&fixture.redis, "DEL {t}:flags");
    for (int i = 0; i < 6; i++)
        assert_int_equal(award("burst", DAY, i, policy, &rule, NOTHING), 1);
    assert_non_null(strstr(flags_of("burst"), "rule q"));
    assert_string_equal(redis_say(&fixture.redis, "XLEN {t}:flags"), "1");

    award("night", DAY, 0, policy, &rule, (struct store_event){.minute = 59});
    award("night", DAY, 90, policy, &rule, (struct store_event){.minute = 300});
    assert_string_equal(flags_of("night"), "");
    award("night", DAY, 180, policy, &rule, (struct store_event){.minute = 299});
    assert_non_null(strstr(flags_of("night"), "detail 04:59"));

    award("same", DAY, 0, policy, &rule, (struct store_event){.words = "one"});
    award("same", DAY, 90, policy, &rule, (struct store_event){.words = "two"});
    assert_string_equal(flags_of("same_text"), "");
    award("same", DAY, 180, policy, &rule, (struct store_event){.words = "one"});
    assert_non_null(strstr(flags_of("same_text"), "detail x2"));
}

static void praise_that_comes_round_is_flagged_and_one_way_praise_is_not(void **state) {
    (void)state;
    static const struct store_rule rule = {.name = "p", .points = 1};
    static const char policy[] = "0;0;1;0,0,0;0,0;0,0;0;2";
    static const char *const ring[] = {"ra", "rb", "rc"};
    redis_say(&fixture.redis, "DEL {t}:flags");
    int64_t n[3];
    for (int i = 0; i < 3; i++) {
        award(ring[i], DAY, i, policy, &rule, NOTHING);
        n[i] = number_of(ring[i]);
    }
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 3; i++) {
            assert_string_equal(flags_of("praise"), "");
            award(ring[i], DAY, 100 * round + i, policy, &rule,
                  (struct store_event){.peer = n[(i + 1) % 3]});
        }
    char detail[64];
    snprintf(detail, sizeof detail, "detail %lld>%lld>%lld", (long long)n[2], (long long)n[0],
             (long long)n[1]);
    assert_non_null(strstr(flags_of("praise"), detail));
}

static void reminder_is_due_tomorrow_at_the_usual_minute(void **state) {
    (void)state;
    checkin("h", "h1", DAY, 9 * 3600);
    assert_int_equal(due_minute("h", DAY + 1), 9 * 60);
    checkin("h", "h2", DAY + 1, 20 * 3600);
    checkin("h", "h3", DAY + 2, 20 * 3600 + 600);
    assert_int_equal(due_minute("h", DAY + 3), 20 * 60); /* the middle one of 9:00, 20:00, 20:10 */
}

static void reminder_keeps_out_of_the_quiet_hours(void **state) {
    (void)state;
    checkin("i", "i1", DAY, 5 * 3600);
    assert_int_equal(due_minute("i", DAY + 1), 8 * 60 + 30);
    checkin("j", "j1", DAY, 23 * 3600);
    assert_int_equal(due_minute("j", DAY + 1), 21 * 60 + 29);
}

static void count_down(void *data, int error, const struct store_learner *learner) {
    (void)data;
    assert_int_equal(error, 0);
    got = *learner;
    assert_int_equal(learner->given, 10);
    if (--calls_left == 0)
        fixture.called = true;
}

static void two_at_once_are_one(void **state) {
    (void)state;
    struct store_turn turn = fixture_turn("k", "k1", DAY, MORNING);
    struct store_checkin checkin = {
        .policy = POLICY("0,10"),
        .rule = RULE("checkin", 10),
        .plan_days = 21,
        .milestones = "",
        .work = WORK_ALL,
        .remind_to = 1000,
    };
    calls_left = 50;
    for (int i = 0; i < 50; i++)
        store_checkin(fixture.store, &turn, &checkin, count_down, NULL);
    fixture_wait();
    assert_string_equal(redis_say(&fixture.redis, "HMGET {t}:learner:k xp ci"), "10 1");
}

static void a_flush_of_the_functions_is_not_noticed(void **state) {
    (void)state;
    redis_say(&fixture.redis, "FUNCTION FLUSH");
    checkin("l", "l1", DAY, MORNING);
    assert_int_equal(got.xp, 10);
    checkin("l", "l2", DAY + 1, MORNING);
    assert_int_equal(got.xp, 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_checkin_gives_points_level_and_streak),
        cmocka_unit_test(second_checkin_of_a_day_changes_nothing),
        cmocka_unit_test(same_message_again_tells_the_same),
        cmocka_unit_test(memo_ends_after_its_time),
        cmocka_unit_test(streak_grows_by_days_and_breaks_by_a_gap),
        cmocka_unit_test(midnight_makes_a_new_day),
        cmocka_unit_test(a_message_of_yesterday_that_comes_late_is_not_a_second_day),
        cmocka_unit_test(milestone_is_given_on_its_day_once),
        cmocka_unit_test(the_day_on_which_the_plan_was_finished_is_kept),
        cmocka_unit_test(ledger_balance_and_board_agree),
        cmocka_unit_test(texts_are_what_the_scripts_read),
        cmocka_unit_test(a_cap_of_the_day_is_given_to_the_last_point_and_no_further),
        cmocka_unit_test(a_cap_of_the_week_ends_on_monday),
        cmocka_unit_test(caps_of_a_subject_are_each_subjects_own),
        cmocka_unit_test(the_daily_cap_is_over_all_rules_but_those_beyond_it),
        cmocka_unit_test(cool_down_effort_and_binding_are_asked_for),
        cmocka_unit_test(once_is_once_for_a_subject_and_not_used_up_by_a_refusal),
        cmocka_unit_test(a_cap_reached_by_many_at_once_holds),
        cmocka_unit_test(a_day_that_began_is_not_ended_by_a_late_message_of_the_day_before),
        cmocka_unit_test(activity_is_noted_by_kind_and_day),
        cmocka_unit_test(a_refusal_is_remembered_with_its_reason_once_in_a_row),
        cmocka_unit_test(a_level_is_reached_once),
        cmocka_unit_test(what_looks_like_a_game_is_flagged_once_a_day_and_still_given),
        cmocka_unit_test(praise_that_comes_round_is_flagged_and_one_way_praise_is_not),
        cmocka_unit_test(reminder_is_due_tomorrow_at_the_usual_minute),
        cmocka_unit_test(reminder_keeps_out_of_the_quiet_hours),
        cmocka_unit_test(two_at_once_are_one),
        cmocka_unit_test(a_flush_of_the_functions_is_not_noticed),
    };
    return cmocka_run_group_tests_name("store/points", tests, fixture_setup, fixture_teardown);
}
