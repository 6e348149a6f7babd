/* store/outbox.h against a real Redis: the life of a message that goes out. */

#include "store/outbox.h"

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

#define DAY     20000
#define EVENING (20 * 3600)
#define NEVER   3600000 /* claim_after_ms: nobody is taken for dead */
#define AT_ONCE 0

static size_t taken;
static bool more;
static struct {
    char entry[32], id[STORE_OUT_ID], kind[16], name[32], to[32], body[64];
    unsigned tries;
    int64_t streak;
} outs[64];
static char state[16], reason[64], delivered[32];

static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)data;
    (void)learner;
    fixture_done(error);
}

static void on_taken(void *data, int error, const struct store_out *list, size_t count,
                     bool more_waits) {
    (void)data;
    fixture_done(error);
    taken = count;
    more = more_waits;
    for (size_t i = 0; i < count; i++) {
        snprintf(outs[i].entry, sizeof outs[i].entry, "%s", list[i].entry);
        snprintf(outs[i].id, sizeof outs[i].id, "%s", list[i].id);
        snprintf(outs[i].kind, sizeof outs[i].kind, "%s", list[i].kind);
        snprintf(outs[i].name, sizeof outs[i].name, "%s", list[i].name);
        snprintf(outs[i].to, sizeof outs[i].to, "%s", list[i].to);
        snprintf(outs[i].body, sizeof outs[i].body, "%s", list[i].body);
        outs[i].tries = list[i].tries;
        outs[i].streak = list[i].streak;
    }
}

static void on_state(void *data, int error, const struct store_out_state *out) {
    (void)data;
    fixture_done(error);
    if (out) {
        snprintf(state, sizeof state, "%s", out->state);
        snprintf(reason, sizeof reason, "%s", out->reason);
        snprintf(delivered, sizeof delivered, "%s", out->delivered);
    }
}

static void checkin(const char *openid, int64_t day) {
    char id[64];
    snprintf(id, sizeof id, "c-%s-%d", openid, (int)day);
    struct store_turn turn = fixture_turn(openid, id, day, EVENING);
    struct store_checkin checkin = {
        .policy = POLICY("0"),
        .rule = RULE("checkin", 10),
        .minute = EVENING / 60,
        .next = (day + 1) * 86400,
        .remind_to = 1439,
        .plan_days = 21,
        .milestones = "",
        .work = WORK_ALL,
    };
    store_checkin(fixture.store, &turn, &checkin, on_learner, NULL);
    fixture_well();
}

static const char *work = WORK_ALL;

static void take_quiet(int64_t day, int64_t second, unsigned claim_after_ms, int64_t quiet_until) {
    struct store_turn turn = fixture_turn("", "", day, second);
    struct store_take take = {
        .most = 16,
        .daily_cap = 1,
        .quiet_until = quiet_until,
        .claim_after_ms = claim_after_ms,
        .work = work,
    };
    store_take(fixture.store, &turn, &take, on_taken, NULL);
    fixture_well();
}

static void take(int64_t day, int64_t second, unsigned claim_after_ms) {
    take_quiet(day, second, claim_after_ms, 0);
}

static void settle(int64_t day, int64_t second, enum store_outcome outcome, int64_t msgid,
                   int64_t again_in) {
    struct store_turn turn = fixture_turn(outs[0].to, "", day, second);
    struct store_settle settle = {
        .entry = outs[0].entry,
        .id = outs[0].id,
        .outcome = outcome,
        .reason = "because",
        .msgid = msgid,
        .again = turn.now + again_in,
    };
    store_settle(fixture.store, &turn, &settle, fixture_result, NULL);
    fixture_well();
}

static void ask(const char *id) {
    struct store_turn turn = fixture_turn("", "", DAY, 0);
    store_out(fixture.store, &turn, id, on_state, NULL);
    fixture_well();
}

static void put_named(const char *openid, const char *id, const char *kind, const char *name,
                      bool force) {
    struct store_turn turn = fixture_turn(openid, "", DAY + 1, EVENING);
    struct store_put put = {.id = id, .kind = kind, .name = name, .body = "{}", .force = force};
    store_put(fixture.store, &turn, &put, fixture_result, NULL);
    fixture_well();
}

static void put(const char *openid, const char *id, const char *kind, bool force) {
    put_named(openid, id, kind, "streak_at_risk", force);
}

static void outbox_is_empty(void) {
    assert_string_equal(redis_say(&fixture.redis, "XLEN {t}:outbox"), "0");
}

/* ---- */

static void reminder_goes_out_once_when_due(void **unused) {
    (void)unused;
    checkin("a", DAY);
    take(DAY + 1, EVENING - 1, NEVER);
    assert_int_equal(taken, 0);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 1);
    assert_string_equal(outs[0].kind, "notice");
    assert_string_equal(outs[0].name, "streak_at_risk");
    assert_string_equal(outs[0].to, "a");
    assert_int_equal(outs[0].tries, 1);
    assert_int_equal(outs[0].streak, 1);
    settle(DAY + 1, EVENING + 1, STORE_SENT, 1001, 0);
    ask(outs[0].id);
    assert_string_equal(state, "sent");
    outbox_is_empty();
    take(DAY + 1, EVENING + 2, AT_ONCE);
    assert_int_equal(taken, 0);
}

/* So that the worker need not wait for its tick when nothing of a whole batch may be sent. */
static void what_waits_behind_a_batch_is_told(void **unused) {
    (void)unused;
    checkin("more", DAY);
    for (int i = 0; i < 16; i++)
        redis_say(&fixture.redis, "SADD {t}:reminder:streak_at_risk:%d:0 %d", DAY, 9000 + i);
    redis_say(&fixture.redis, "ZADD {t}:reminders 0 streak_at_risk:%d:0", DAY);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 0);
    assert_true(more);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 1);
    assert_false(more);
    settle(DAY + 1, EVENING + 1, STORE_SENT, 1099, 0);
    outbox_is_empty();
    take(DAY + 1, EVENING + 2, NEVER);
    assert_false(more);
}

static void checking_in_first_cancels_it(void **unused) {
    (void)unused;
    checkin("b", DAY);
    checkin("b", DAY + 1);
    take(DAY + 1, EVENING + 60, NEVER);
    assert_int_equal(taken, 0);
    assert_string_equal(redis_say(&fixture.redis, "EXISTS {t}:out:streak_at_risk:20001:b"), "0");
}

/* Yesterday's reminder, which nobody looked at, is not one of today: that comes at its own time. */
static void after_a_night_without_worker_none_comes_too_early(void **unused) {
    (void)unused;
    checkin("night", DAY);
    checkin("night", DAY + 1);
    take(DAY + 2, 60, NEVER);
    assert_int_equal(taken, 0);
    take(DAY + 2, EVENING, NEVER);
    assert_int_equal(taken, 1);
    settle(DAY + 2, EVENING + 1, STORE_SENT, 1098, 0);
}

static void checking_in_while_it_is_queued_skips_it(void **unused) {
    (void)unused;
    checkin("b2", DAY);
    put("b2", "streak_at_risk:20001:b2", "notice", false);
    checkin("b2", DAY + 1);
    take(DAY + 1, EVENING + 60, NEVER);
    assert_int_equal(taken, 0);
    ask("streak_at_risk:20001:b2");
    assert_string_equal(state, "skipped");
    assert_string_equal(reason, "checked in");
}

static void leaver_gets_none(void **unused) {
    (void)unused;
    checkin("c", DAY);
    struct store_turn turn = fixture_turn("c", "c-leaves", DAY, EVENING + 5);
    store_unfollow(fixture.store, &turn, on_learner, NULL);
    fixture_well();
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 0);
}

static void on_a_rest_day_or_on_leave_nobody_is_reminded(void **unused) {
    (void)unused;
    checkin("r1", DAY);
    work = WORK_ALL "0";
    take(DAY + 1, EVENING, NEVER);
    work = WORK_ALL;
    assert_int_equal(taken, 0);
    ask("streak_at_risk:20001:r1");
    assert_string_equal(reason, "a rest day");
    checkin("r2", DAY);
    redis_say(&fixture.redis, "HSET {t}:learner:r2 va %d-%d", DAY + 1, DAY + 2);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 0);
    ask("streak_at_risk:20001:r2");
    assert_string_equal(reason, "on leave");
}

/* Otherwise who comes back would hear nothing on the very day on which the streak is at risk. */
static void after_a_rest_day_or_leave_the_reminder_comes(void **unused) {
    (void)unused;
    checkin("r3", DAY);
    redis_say(&fixture.redis, "HSET {t}:learner:r3 va %d-%d", DAY + 1, DAY + 1);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 0);
    assert_int_equal(fixture_reminded_at("r3"), (int64_t)(DAY + 2) * 86400 + EVENING);
    work = WORK_ALL "0";
    take(DAY + 2, EVENING, NEVER);
    assert_int_equal(taken, 0);
    work = WORK_ALL "01";
    take(DAY + 3, EVENING, NEVER);
    work = WORK_ALL;
    assert_int_equal(taken, 1);
    assert_int_equal(fixture_reminded_at("r3"), 0);
}

static void a_day_late_there_is_no_streak_to_lose(void **unused) {
    (void)unused;
    checkin("d", DAY);
    take(DAY + 2, 60, NEVER);
    assert_int_equal(taken, 0);
    ask("streak_at_risk:20002:d");
    assert_string_equal(state, "skipped");
    assert_string_equal(reason, "no streak to lose");
}

static void quiet_hours_put_it_off(void **unused) {
    (void)unused;
    checkin("e", DAY);
    int64_t quiet_until = (DAY + 1) * 86400LL + EVENING + 600;
    take_quiet(DAY + 1, EVENING, NEVER, quiet_until);
    assert_int_equal(taken, 0);
    take(DAY + 1, EVENING + 600, NEVER);
    assert_int_equal(taken, 1);
    settle(DAY + 1, EVENING + 601, STORE_SENT, 1002, 0);
}

/* Who asked is awake; a contest may end at midnight. */
static void an_answer_comes_at_any_hour_and_the_result_of_a_contest_in_the_morning(void **unused) {
    (void)unused;
    checkin("night", DAY);
    int64_t quiet_until = (DAY + 1) * 86400LL + EVENING + 600;
    put_named("night", "night-1", "reply", "", false);
    put_named("night", "night-2", "reply", "contest", false);
    take_quiet(DAY + 1, EVENING - 1, NEVER, quiet_until);
    assert_int_equal(taken, 1);
    settle(DAY + 1, EVENING - 1, STORE_SENT, 1003, 0);
    take(DAY + 1, EVENING + 600, NEVER);
    ask("night-2");
    assert_string_equal(state, "air");
    settle(DAY + 1, EVENING + 601, STORE_SENT, 1004, 0);
}

static void no_more_than_the_daily_cap(void **unused) {
    (void)unused;
    checkin("f", DAY);
    put("f", "another", "notice", false);
    take(DAY + 1, EVENING, NEVER); /* the cap is 1: whichever came first */
    assert_int_equal(taken, 1);
    settle(DAY + 1, EVENING + 1, STORE_SENT, 1003, 0);
    take(DAY + 1, EVENING + 2, NEVER);
    assert_int_equal(taken, 0);
    outbox_is_empty();
}

static void worker_that_died_is_taken_over_under_the_same_name(void **unused) {
    (void)unused;
    checkin("g", DAY);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 1);
    char id[STORE_OUT_ID];
    snprintf(id, sizeof id, "%s", outs[0].id);
    take(DAY + 1, EVENING + 60, AT_ONCE); /* WeChat would suppress the double */
    assert_int_equal(taken, 1);
    assert_string_equal(outs[0].id, id);
    assert_int_equal(outs[0].tries, 2);
    settle(DAY + 1, EVENING + 61, STORE_SENT, 1004, 0);
    outbox_is_empty();
}

static void beyond_the_guard_it_is_unknown_and_stays_so(void **unused) {
    (void)unused;
    checkin("h", DAY);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 1);
    char id[STORE_OUT_ID];
    snprintf(id, sizeof id, "%s", outs[0].id);
    take(DAY + 1, EVENING + STORE_GUARD_S + 1, AT_ONCE);
    assert_int_equal(taken, 0);
    ask(id);
    assert_string_equal(state, "unknown");
    outbox_is_empty();
}

static void reply_in_the_air_at_a_crash_is_never_sent_again(void **unused) {
    (void)unused;
    checkin("i", DAY);
    put("i", "late:i", "reply", false);
    take(DAY + 1, EVENING - 60, NEVER);
    assert_int_equal(taken, 1);
    assert_string_equal(outs[0].body, "{}");
    take(DAY + 1, EVENING - 59, AT_ONCE);
    assert_int_equal(taken, 0);
    ask("late:i");
    assert_string_equal(state, "unknown");
}

static void refused_for_now_is_tried_again_later(void **unused) {
    (void)unused;
    checkin("j", DAY);
    take(DAY + 1, EVENING, NEVER);
    settle(DAY + 1, EVENING + 1, STORE_BUSY, 0, 900);
    take(DAY + 1, EVENING + 900, NEVER);
    assert_int_equal(taken, 0);
    take(DAY + 1, EVENING + 901, NEVER);
    assert_int_equal(taken, 1);
    assert_int_equal(outs[0].tries, 2);
    settle(DAY + 1, EVENING + 902, STORE_SENT, 1005, 0);
}

static void uncertain_is_tried_again_only_inside_the_guard(void **unused) {
    (void)unused;
    checkin("k", DAY);
    take(DAY + 1, EVENING, NEVER);
    settle(DAY + 1, EVENING + 5, STORE_UNCERTAIN, 0, 10);
    take(DAY + 1, EVENING + 15, NEVER);
    assert_int_equal(taken, 1);
    settle(DAY + 1, EVENING + 20, STORE_UNCERTAIN, 0, STORE_GUARD_S);
    ask(outs[0].id);
    assert_string_equal(state, "unknown");
    take(DAY + 1, EVENING + 20 + STORE_GUARD_S, AT_ONCE);
    assert_int_equal(taken, 0);
}

static void wechat_tells_what_we_never_learnt(void **unused) {
    (void)unused;
    checkin("l", DAY);
    take(DAY + 1, EVENING, NEVER);
    struct store_turn turn = fixture_turn("l", "event", DAY + 1, EVENING + 3);
    store_delivered(fixture.store, &turn, "777", "success", fixture_result, NULL);
    fixture_well();
    assert_int_equal(fixture.result, 1);
    ask(outs[0].id);
    assert_string_equal(state, "sent");
    assert_string_equal(delivered, "success");
    take(DAY + 1, EVENING + 60,
         AT_ONCE); /* the worker that took it is dead; nothing is sent again */
    assert_int_equal(taken, 0);
    outbox_is_empty();
}

static void report_of_a_foreign_message_changes_nothing(void **unused) {
    (void)unused;
    struct store_turn turn = fixture_turn("nobody", "event2", DAY + 1, EVENING);
    store_delivered(fixture.store, &turn, "778", "success", fixture_result, NULL);
    fixture_well();
    assert_int_equal(fixture.result, 0);
    assert_string_equal(redis_say(&fixture.redis, "EXISTS {t}:learner:nobody"), "0");
}

static void put_tells_strangers_and_leavers_apart(void **unused) {
    (void)unused;
    put("m", "n1", "notice", true);
    assert_int_equal(fixture.result, STORE_PUT_STRANGER);
    checkin("m", DAY);
    put("m", "n1", "notice", true);
    assert_int_equal(fixture.result, STORE_PUT);
    put("m", "n1", "notice", true);
    assert_int_equal(fixture.result, STORE_PUT_BEFORE);
    struct store_turn turn = fixture_turn("m", "m-leaves", DAY, EVENING + 5);
    store_unfollow(fixture.store, &turn, on_learner, NULL);
    fixture_well();
    put("m", "n2", "notice", true);
    assert_int_equal(fixture.result, STORE_PUT_NOT_FOLLOWING);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 0);
    ask("n1");
    assert_string_equal(state, "skipped");
}

static void forced_passes_all_but_following(void **unused) {
    (void)unused;
    checkin("n", DAY + 1);
    put("n", "forced", "notice", true);
    take_quiet(DAY + 1, EVENING, NEVER, (DAY + 2) * 86400LL);
    assert_int_equal(taken, 1);
    assert_string_equal(outs[0].id, "forced");
    settle(DAY + 1, EVENING, STORE_SENT, 1006, 0);
}

static void what_was_taken_survives_a_killed_redis(void **unused) {
    (void)unused;
    checkin("o", DAY);
    take(DAY + 1, EVENING, NEVER);
    assert_int_equal(taken, 1);
    redis_server_kill(&fixture.redis);
    fixture_wait_ready(false);
    redis_server_start(&fixture.redis);
    fixture_wait_ready(true);
    ask(outs[0].id);
    assert_string_equal(state, "air");
    take(DAY + 1, EVENING + 1, AT_ONCE);
    assert_int_equal(taken, 1);
    settle(DAY + 1, EVENING + 2, STORE_SENT, 1007, 0);
}

/* Each on an empty Redis: what one leaves due must not be another's. */
int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, fixture_clear)
    const struct CMUnitTest tests[] = {
        TEST(reminder_goes_out_once_when_due),
        TEST(what_waits_behind_a_batch_is_told),
        TEST(checking_in_first_cancels_it),
        TEST(after_a_night_without_worker_none_comes_too_early),
        TEST(checking_in_while_it_is_queued_skips_it),
        TEST(leaver_gets_none),
        TEST(on_a_rest_day_or_on_leave_nobody_is_reminded),
        TEST(after_a_rest_day_or_leave_the_reminder_comes),
        TEST(a_day_late_there_is_no_streak_to_lose),
        TEST(quiet_hours_put_it_off),
        TEST(an_answer_comes_at_any_hour_and_the_result_of_a_contest_in_the_morning),
        TEST(no_more_than_the_daily_cap),
        TEST(worker_that_died_is_taken_over_under_the_same_name),
        TEST(beyond_the_guard_it_is_unknown_and_stays_so),
        TEST(reply_in_the_air_at_a_crash_is_never_sent_again),
        TEST(refused_for_now_is_tried_again_later),
        TEST(uncertain_is_tried_again_only_inside_the_guard),
        TEST(wechat_tells_what_we_never_learnt),
        TEST(report_of_a_foreign_message_changes_nothing),
        TEST(put_tells_strangers_and_leavers_apart),
        TEST(forced_passes_all_but_following),
        TEST(what_was_taken_survives_a_killed_redis),
    };
    return cmocka_run_group_tests_name("store/outbox", tests, fixture_setup, fixture_teardown);
}
