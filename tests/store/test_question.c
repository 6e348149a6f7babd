/* store/question.h against a real Redis. */

#include "store/question.h"

#include "store/binding.h"
#include "store/employee.h"
#include "store/learner.h"
#include "store/outbox.h"
#include "store/privacy.h"
#include "store/streak.h"
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

#define DAY      20000
#define HOUR     3600
#define SAY(...) redis_say(&fixture.redis, __VA_ARGS__)

static int64_t clock_at; /* seconds since the beginning of DAY */
static unsigned turns;

/* ---- the last answer ---- */

static struct {
    enum store_question_outcome outcome;
    int64_t id, number, open, given;
    char who[STORE_NAME], text[200], course[STORE_COURSE];
    enum store_why why;
} got;
static struct {
    int64_t id, mentor, by;
    enum store_question_state state;
    char mentor_name[STORE_NAME], asker_name[STORE_NAME], text[64], answer[64], course[48];
} list[STORE_QUESTION_PAGE];
static unsigned listed;
static int64_t count;
static enum store_question_result result;
static struct { char id[STORE_OUT_ID], kind[16], name[32], to[32], body[256]; } outs[64];
static size_t taken;

static void answered(int error) {
    fixture.called = true;
    fixture.error = error;
}

static void on_said(void *data, int error, const struct store_question_reply *reply) {
    (void)data;
    answered(error);
    if (!reply)
        return;
    got.outcome = reply->outcome;
    got.id = reply->id;
    got.number = reply->number;
    got.open = reply->open;
    got.given = reply->learner->given;
    got.why = reply->learner->why;
    snprintf(got.who, sizeof got.who, "%s", reply->who);
    snprintf(got.text, sizeof got.text, "%s", reply->text);
    snprintf(got.course, sizeof got.course, "%s", reply->course);
}

static void on_list(void *data, int error, const struct store_question *rows, unsigned rows_count,
                    int64_t all) {
    (void)data;
    answered(error);
    listed = rows_count;
    count = all;
    for (unsigned i = 0; i < rows_count; i++) {
        list[i].id = rows[i].id;
        list[i].mentor = rows[i].mentor;
        list[i].by = rows[i].by;
        list[i].state = rows[i].state;
        snprintf(list[i].mentor_name, sizeof list[i].mentor_name, "%s", rows[i].mentor_name);
        snprintf(list[i].asker_name, sizeof list[i].asker_name, "%s", rows[i].asker_name);
        snprintf(list[i].text, sizeof list[i].text, "%s", rows[i].text);
        snprintf(list[i].answer, sizeof list[i].answer, "%s", rows[i].answer);
        snprintf(list[i].course, sizeof list[i].course, "%s", rows[i].course);
    }
}

static void on_assigned(void *data, int error, enum store_question_result what) {
    (void)data;
    answered(error);
    result = what;
}

static void on_taken(void *data, int error, const struct store_out *rows, size_t rows_count,
                     bool more) {
    (void)data;
    (void)more;
    answered(error);
    for (size_t i = 0; i < rows_count; i++, taken++) {
        snprintf(outs[taken].id, sizeof outs[taken].id, "%s", rows[i].id);
        snprintf(outs[taken].kind, sizeof outs[taken].kind, "%s", rows[i].kind);
        snprintf(outs[taken].name, sizeof outs[taken].name, "%s", rows[i].name);
        snprintf(outs[taken].to, sizeof outs[taken].to, "%s", rows[i].to);
        snprintf(outs[taken].body, sizeof outs[taken].body, "%s", rows[i].body);
    }
}

static void on_binding(void *data, int error, const struct store_binding *binding) {
    (void)data;
    (void)binding;
    answered(error);
}

static void on_number(void *data, int error, int64_t number) {
    (void)data;
    (void)number;
    answered(error);
}

static void on_step(void *data, int error, int64_t number, const char *text) {
    (void)text;
    on_number(data, error, number);
}

static void on_learner(void *data, int error, const struct store_learner *learner) {
    (void)learner;
    on_number(data, error, 0);
}

static void on_leave(void *data, int error, const struct store_leave *leave) {
    (void)leave;
    on_number(data, error, 0);
}

static void done(void) {
    fixture_wait();
    assert_int_equal(fixture.error, 0);
}

static struct store_turn turn_of(const char *openid, const char *id) {
    return fixture_turn(openid, id, DAY + clock_at / 86400, clock_at % 86400);
}

static struct store_turn turn(const char *openid) {
    static char id[16];
    snprintf(id, sizeof id, "m%u", ++turns);
    return turn_of(openid, id);
}

/* ---- the roster ---- */

static void put_as(const char *key, const char *department, bool mentor, bool gone) {
    struct store_employee one = {.key = key,
                                 .number = key,
                                 .name = key,
                                 .department = department,
                                 .manager = "",
                                 .tail = "1234",
                                 .joined = "",
                                 .left = "",
                                 .tags = mentor ? "导师" : "",
                                 .quoting = "",
                                 .mentor = mentor,
                                 .gone = gone,
                                 .place = 1};
    struct store_turn who = turn("");
    store_roster_put(fixture.store, &who, "i", &one, 1, on_step, NULL);
    done();
}

static void put(const char *key, const char *department, bool mentor) {
    put_as(key, department, mentor, false);
}

static void drop(const char *const *keys, unsigned keys_count) {
    struct store_turn who = turn("");
    store_roster_drop(fixture.store, &who, "i", "2026-11-21", keys, keys_count, on_step, NULL);
    done();
}

/* ---- what learners do ---- */

static void follow(const char *openid) {
    struct store_turn who = turn(openid);
    store_follow(fixture.store, &who, POLICY("0"), RULE("follow", 5), 0, on_learner, NULL);
    done();
}

static void unfollow(const char *openid) {
    struct store_turn who = turn(openid);
    store_unfollow(fixture.store, &who, on_learner, NULL);
    done();
}

static void become(const char *openid, const char *key, const char *proof) {
    struct store_turn who = turn(openid);
    store_bind(fixture.store, &who, true, key, proof, on_binding, NULL);
    done();
}

/* Employee and learner of one name: there is somebody. */
static void person(const char *name, const char *department, bool mentor) {
    put(name, department, mentor);
    follow(name);
    become(name, name, "1234");
}

static void unbind(const char *openid) {
    for (int confirmed = 0; confirmed < 2; confirmed++) {
        struct store_turn who = turn(openid);
        store_unbind(fixture.store, &who, confirmed, on_binding, NULL);
        done();
    }
}

static void go_on_leave(const char *openid, int64_t days) {
    struct store_turn who = turn(openid);
    struct store_wish wish = {.from = who.day,
                              .to = who.day + days - 1,
                              .most = 30,
                              .work = WORK_ALL,
                              .first = who.day - 30};
    store_leave(fixture.store, &who, &wish, on_leave, NULL);
    done();
}

#define RULES                                                                                      \
    .policy = POLICY("0"), .ask_rule = "question;5;0;0;0;0;0;8;0;0;0;0;0;i",                       \
    .answer_rule = "answer;6;2;1;0;0;0;0;0;0;6;0;0;i", .words = "", .most = 3

static struct store_question_said said(enum store_question_what what, int64_t id,
                                       const char *course, const char *text) {
    int64_t now = turn_of("", "").now;
    return (struct store_question_said){.what = what,
                                        .text = text,
                                        .id = id,
                                        .course = course,
                                        RULES,
                                        .effort = (int64_t)strlen(text),
                                        .by = now + 24 * HOUR,
                                        .remind = now + 20 * HOUR};
}

static enum store_question_outcome say(const char *openid, enum store_question_what what,
                                       int64_t id, const char *course, const char *text) {
    struct store_turn who = turn(openid);
    const struct store_question_said words = said(what, id, course, text);
    store_question_say(fixture.store, &who, &words, on_said, NULL);
    done();
    return got.outcome;
}

static int64_t ask(const char *openid) {
    assert_int_equal(say(openid, STORE_QUESTION_ASK, 0, "", "how does it work"),
                     STORE_QUESTION_IS_asked);
    return got.id;
}

static enum store_question_outcome reply(const char *openid, int64_t id) {
    return say(openid, STORE_QUESTION_ANSWER, id, "", "like this");
}

static int64_t desk(const char *openid) {
    struct store_turn who = turn(openid);
    store_question_desk(fixture.store, &who, 10, on_list, NULL);
    done();
    return count;
}

static unsigned mine(const char *openid) {
    struct store_turn who = turn(openid);
    store_question_mine(fixture.store, &who, 5, on_list, NULL);
    done();
    return listed;
}

static unsigned show(const char *which) {
    struct store_turn who = turn("");
    store_question_list(fixture.store, &who, which, 0, on_list, NULL);
    done();
    return listed;
}

static enum store_question_result assign(int64_t id, const char *key) {
    struct store_turn who = turn("");
    store_question_assign(fixture.store, &who, id, key, on_assigned, NULL);
    done();
    return result;
}

/* The worker looks, until there is nothing; all it sends is settled. */
static void work_as(const char *plain) {
    size_t before;
    taken = 0;
    do {
        before = taken;
        struct store_turn who = turn("");
        const struct store_take take = {.most = 10,
                                        .daily_cap = 100,
                                        .claim_after_ms = 60000,
                                        .work = WORK_ALL,
                                        .plain = plain};
        store_take(fixture.store, &who, &take, on_taken, NULL);
        done();
    } while (taken > before);
}

static void work(void) {
    work_as("");
}

/* What of all that was taken went to somebody under that name. */
static unsigned told(const char *to, const char *name) {
    unsigned found = 0;
    for (size_t i = 0; i < taken; i++)
        found += strcmp(outs[i].to, to) == 0 && strcmp(outs[i].name, name) == 0;
    return found;
}

static void later(int64_t seconds) {
    clock_at += seconds;
}

static int begin(void **state) {
    (void)state;
    SAY("FLUSHALL");
    clock_at = 9 * HOUR;
    return 0;
}

/* ---- asking and answering ---- */

static void is_asked_answered_and_told(void **state) {
    (void)state;
    person("asker", "c/shop", false);
    person("mentor", "c/shop", true);
    int64_t id = ask("asker");
    assert_string_equal(got.who, "mentor");
    assert_int_equal(got.given, 5);
    assert_int_equal(got.open, 1);
    work();
    assert_int_equal(told("mentor", "question_asked"), 1);
    assert_int_equal(desk("mentor"), 1);
    assert_int_equal(list[0].id, id);
    assert_string_equal(list[0].asker_name, "asker");
    assert_int_equal(say("mentor", STORE_QUESTION_ANSWER, id, "hook", "like this"),
                     STORE_QUESTION_IS_answered);
    assert_int_equal(got.given, 6);
    assert_string_equal(got.who, "asker");
    assert_int_equal(got.open, 0);
    work();
    assert_int_equal(told("asker", "question_answered"), 1);
    assert_string_equal(outs[0].kind, "text"); /* was here today */
    assert_string_equal(outs[0].body, "1\nmentor\nhook\nhow does it work\nlike this");
    assert_int_equal(mine("asker"), 1);
    assert_int_equal(list[0].state, STORE_QUESTION_ANSWERED);
    assert_string_equal(list[0].answer, "like this");
    assert_string_equal(list[0].mentor_name, "mentor");
    assert_string_equal(list[0].course, "hook");
    assert_string_equal(SAY("KEYS {t}:desk:*"), "");
    assert_string_equal(SAY("KEYS {t}:waiting:*"), "");
    assert_string_equal(SAY("KEYS {t}:questions"), "");
}

static void points_cost_no_memory_for_each_question(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    for (int i = 0; i < 3; i++)
        assert_int_equal(reply("mentor", ask("asker")), STORE_QUESTION_IS_answered);
    assert_int_equal(got.given, 6); /* the rule says once and a cap per subject */
    assert_string_equal(SAY("KEYS {t}:done:*"), "");
    assert_string_equal(SAY("KEYS {t}:subject:*"), "");
}

static void a_short_question_is_one_and_earns_nothing(void **state) {
    (void)state;
    person("asker", "c", false);
    assert_int_equal(say("asker", STORE_QUESTION_ASK, 0, "", "why"), STORE_QUESTION_IS_asked);
    assert_int_equal(got.given, 0);
    assert_int_equal(got.why, STORE_WHY_short);
}

static void the_same_message_again_asks_and_answers_once(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    struct store_turn who = turn_of("asker", "same");
    const struct store_question_said words = said(STORE_QUESTION_ASK, 0, "", "how is it done");
    for (int i = 0; i < 2; i++) /* at once: both are on their way before the first is answered */
        store_question_say(fixture.store, &who, &words, on_said, NULL);
    done();
    store_question_say(fixture.store, &who, &words, on_said, NULL);
    done();
    assert_int_equal(got.id, 1);
    assert_int_equal(got.given, 5);
    assert_string_equal(SAY("GET {t}:question_last"), "1");
    assert_string_equal(SAY("HGET {t}:learner:asker xp"), "10"); /* follow and question */
    who = turn_of("mentor", "same too");
    const struct store_question_said answer = said(STORE_QUESTION_ANSWER, 1, "", "like this");
    for (int i = 0; i < 2; i++) {
        store_question_say(fixture.store, &who, &answer, on_said, NULL);
        done();
        assert_int_equal(got.outcome, STORE_QUESTION_IS_answered);
        assert_int_equal(got.given, 6);
    }
    assert_string_equal(SAY("HGET {t}:learner:mentor xp"), "11");
    work();
    assert_int_equal(told("asker", "question_answered"), 1);
}

static void the_next_text_is_the_question_and_only_that(void **state) {
    (void)state;
    person("asker", "c", false);
    assert_int_equal(say("asker", STORE_QUESTION_HEARD, 0, "", "how is it done"),
                     STORE_QUESTION_IS_none);
    assert_int_equal(say("asker", STORE_QUESTION_ASK, 0, "", ""), STORE_QUESTION_IS_ask);
    assert_int_equal(say("asker", STORE_QUESTION_HEARD, 0, "", ""), STORE_QUESTION_IS_none);
    struct store_turn who = turn_of("asker", "heard");
    const struct store_question_said words = said(STORE_QUESTION_HEARD, 0, "", "how is it done");
    for (int i = 0; i < 2; i++) {
        store_question_say(fixture.store, &who, &words, on_said, NULL);
        done();
        assert_int_equal(got.outcome, STORE_QUESTION_IS_asked);
        assert_int_equal(got.id, 1);
    }
    assert_int_equal(say("asker", STORE_QUESTION_HEARD, 0, "", "and this"), STORE_QUESTION_IS_none);
}

static void the_next_text_is_the_answer_with_the_course_that_was_chosen(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    int64_t id = ask("asker");
    assert_int_equal(say("mentor", STORE_QUESTION_ANSWER, id, "hook", ""), STORE_QUESTION_IS_reply);
    assert_string_equal(got.text, "how does it work");
    assert_string_equal(got.who, "asker");
    assert_string_equal(got.course, "hook");
    assert_int_equal(say("mentor", STORE_QUESTION_HEARD, 0, "", "so"), STORE_QUESTION_IS_answered);
    mine("asker");
    assert_string_equal(list[0].course, "hook");
    assert_string_equal(list[0].answer, "so");
}

static void who_cannot_answer_is_told_why(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    int64_t id = ask("asker");
    assert_int_equal(reply("mentor", 99), STORE_QUESTION_IS_unknown);
    assert_int_equal(reply("asker", id), STORE_QUESTION_IS_elsewhere);
    assert_int_equal(reply("mentor", id), STORE_QUESTION_IS_answered);
    assert_int_equal(reply("mentor", id), STORE_QUESTION_IS_before);
    assert_int_equal(got.given, 0);
    assert_int_equal(say("mentor", STORE_QUESTION_ANSWER, id, "", ""), STORE_QUESTION_IS_before);
    assert_int_equal(desk("asker"), -1);
    assert_int_equal(desk("mentor"), 0);
}

static void so_many_may_be_open_and_no_more(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    int64_t id = ask("asker");
    ask("asker");
    ask("asker");
    assert_int_equal(got.open, 3);
    assert_int_equal(say("asker", STORE_QUESTION_ASK, 0, "", "one more of it"),
                     STORE_QUESTION_IS_many);
    assert_int_equal(got.open, 3);
    assert_string_equal(SAY("GET {t}:question_last"), "3");
    reply("mentor", id);
    assert_int_equal(ask("asker"), 4);
}

static void who_may_not_earn_unbound_has_to_bind(void **state) {
    (void)state;
    follow("guest");
    assert_int_equal(ask("guest"), 1);
    struct store_turn who = turn("guest");
    struct store_question_said words = said(STORE_QUESTION_ASK, 0, "", "how is it done");
    words.policy = "0;0;0;0,0,0;0,0;0,0;0;0";
    store_question_say(fixture.store, &who, &words, on_said, NULL);
    done();
    assert_int_equal(got.outcome, STORE_QUESTION_IS_bind);
}

/* ---- whose it is ---- */

static void goes_to_the_nearest_mentor(void **state) {
    (void)state;
    static const struct {
        const char *department, *mentor;
    } cases[] = {
        {"c/shop/east", "east"},
        {"c/shop/west", "shop"},
        {"c/shop", "shop"},
        {"c/garden", "top"},
        {"c", "top"},
        {"c/shop/east/till", "east"},
    };
    person("east", "c/shop/east", true);
    person("shop", "c/shop", true);
    person("top", "c", true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[16];
        snprintf(name, sizeof name, "asker%zu", i);
        person(name, cases[i].department, false);
        int64_t id = ask(name);
        assert_string_equal(got.who, cases[i].mentor);
        reply(cases[i].mentor, id);
    }
    unbind("top"); /* nobody above: then anybody */
    ask("asker3");
    assert_string_not_equal(got.who, "");
}

static void goes_to_who_has_the_fewest_then_to_who_was_told_longest_ago(void **state) {
    (void)state;
    person("asker", "c", false);
    person("a", "c", true);
    person("b", "c", true);
    ask("asker");
    assert_string_equal(got.who, "a");
    later(1);
    int64_t second = ask("asker");
    assert_string_equal(got.who, "b");
    later(1);
    reply("b", second);
    ask("asker");
    assert_string_equal(got.who, "b"); /* has none */
    SAY("FLUSHALL");
    person("asker", "c", false);
    person("a", "c", true);
    person("b", "c", true);
    for (int i = 0; i < 4; i++) { /* both idle: by turns */
        later(1);
        int64_t id = ask("asker");
        assert_string_equal(got.who, i % 2 ? "b" : "a");
        reply(got.who[0] == 'a' ? "a" : "b", id);
    }
}

static void never_goes_to_the_asker_nor_to_who_is_on_leave(void **state) {
    (void)state;
    person("asker", "c", true);
    ask("asker");
    assert_string_equal(got.who, "");
    person("other", "c", true);
    work();
    assert_int_equal(desk("other"), 1);
    person("third", "c", false);
    go_on_leave("other", 3);
    ask("third");
    assert_string_equal(got.who, "asker");
    ask("asker");
    assert_string_equal(got.who, "");
    assert_int_equal(show("unassigned"), 1);
    later(3 * 86400); /* back */
    work();
    assert_int_equal(show("unassigned"), 0);
    assert_int_equal(desk("other"), 2);
}

static void without_a_mentor_it_waits_for_the_first_who_becomes_one(void **state) {
    (void)state;
    person("asker", "c", false);
    ask("asker");
    assert_int_equal(got.number, 0);
    assert_int_equal(show("unassigned"), 1);
    assert_int_equal(list[0].mentor, 0);
    mine("asker");
    assert_int_equal(list[0].mentor, 0);
    put("late", "c", true);
    work();
    assert_int_equal(show("unassigned"), 1); /* not bound yet */
    follow("late");
    become("late", "late", "1234");
    work();
    assert_int_equal(show("unassigned"), 0);
    assert_int_equal(desk("late"), 1);
    assert_int_equal(told("late", "question_asked"), 1);

    ask("asker");
    unbind("late");
    person("tagged", "c", false);
    work();
    assert_int_equal(show("unassigned"), 2);
    put("tagged", "c", true);
    work();
    assert_int_equal(desk("tagged"), 2);
    assert_int_equal(told("tagged", "question_asked"), 1);
}

/* Each of these ends being a mentor. */
static void leaves_the_company(void) {
    static const char *const keys[] = {"mentor"};
    drop(keys, 1);
}
static void has_left_by_the_file(void) {
    put_as("mentor", "c", true, true);
}
static void unbinds(void) {
    unbind("mentor");
}
static void unfollows(void) {
    unfollow("mentor");
}
static void loses_the_tag(void) {
    put("mentor", "c", false);
}
static void is_erased(void) {
    struct store_turn who = turn("mentor");
    store_forget(fixture.store, &who, on_number, NULL);
    done();
}

static void what_a_mentor_leaves_is_handed_on_and_told_once(void **state) {
    (void)state;
    static void (*const ends[])(void) = {leaves_the_company, has_left_by_the_file, unbinds,
                                         unfollows,          loses_the_tag,        is_erased};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        begin(NULL);
        person("one", "c", false);
        person("two", "c", false);
        person("mentor", "c", true);
        ask("one");
        ask("one");
        int64_t answered_one = ask("one");
        ask("two");
        reply("mentor", answered_one);
        work();
        ends[i]();
        work();
        assert_int_equal(show("unassigned"), 3);
        assert_string_equal(SAY("KEYS {t}:desk:*"), "");
        assert_string_equal(SAY("KEYS {t}:mentors*"), "");
        person("next", "c", true);
        work();
        assert_int_equal(show("unassigned"), 0);
        assert_int_equal(desk("next"), 3);
        assert_int_equal(told("next", "question_asked"), 1);
        assert_int_equal(told("mentor", "question_asked"), 0);
        assert_int_equal(reply("next", list[0].id), STORE_QUESTION_IS_answered);
    }
}

static void a_mentor_who_moves_takes_the_questions_along(void **state) {
    (void)state;
    person("asker", "c/a", false);
    person("mentor", "c/a", true);
    int64_t id = ask("asker");
    put("mentor", "c/b", true);
    person("near", "c/a", true);
    assert_int_equal(desk("mentor"), 1);
    ask("asker");
    assert_string_equal(got.who, "near");
    assert_int_equal(reply("mentor", id), STORE_QUESTION_IS_answered);
    assert_string_equal(SAY("ZCARD {t}:mentors"), "2");
}

static void code(const char *key) {
    struct store_turn who = turn("");
    store_code(fixture.store, &who, key, "s", "87654321", on_number, NULL);
    done();
}

static void both_go_on_on_a_second_phone(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    int64_t id = ask("asker");
    follow("asker2");
    code("asker");
    become("asker2", "asker", "87654321");
    follow("mentor2");
    code("mentor");
    become("mentor2", "mentor", "87654321");
    assert_int_equal(desk("mentor"), -1);
    assert_int_equal(desk("mentor2"), 1);
    assert_int_equal(reply("mentor", id), STORE_QUESTION_IS_elsewhere);
    assert_int_equal(reply("mentor2", id), STORE_QUESTION_IS_answered);
    work();
    assert_int_equal(told("asker2", "question_answered"), 1);
    assert_int_equal(told("asker", "question_answered"), 0);
    assert_int_equal(mine("asker2"), 1);
    assert_int_equal(mine("asker"), 0);
}

static void a_mentor_on_a_phone_that_does_not_follow_is_none(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    ask("asker");
    follow("mentor2");
    unfollow("mentor2");
    code("mentor");
    become("mentor2", "mentor", "87654321");
    assert_int_equal(show("unassigned"), 1);
    follow("mentor2");
    work();
    assert_int_equal(desk("mentor2"), 1);
}

static void a_leavers_own_questions_are_closed(void **state) {
    (void)state;
    static const char *const keys[] = {"asker"};
    person("asker", "c", false);
    person("mentor", "c", true);
    int64_t id = ask("asker");
    ask("asker");
    reply("mentor", id);
    ask("asker");
    drop(keys, 1);
    assert_int_equal(desk("mentor"), 0);
    assert_int_equal(reply("mentor", 2), STORE_QUESTION_IS_left);
    assert_int_equal(show("open"), 0);
    assert_int_equal(show("all"), 3);
    assert_int_equal(list[0].state, STORE_QUESTION_ANSWERED);
    assert_int_equal(list[2].state, STORE_QUESTION_LEFT);
    assert_string_equal(SAY("KEYS {t}:waiting:*"), "");
}

static void many_are_handed_on_in_steps(void **state) {
    (void)state;
    char name[16];
    const char *keys[10];
    char names[10][16];
    for (int i = 0; i < 10; i++) {
        snprintf(names[i], sizeof names[i], "mentor%d", i);
        keys[i] = names[i];
        person(names[i], "c", true);
    }
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "asker%d", i);
        person(name, "c", false);
        for (int n = 0; n < 3; n++)
            ask(name);
    }
    assert_int_equal(show("open"), 60);
    drop(keys, 10);
    person("next", "c", true);
    struct store_turn who = turn("");
    const struct store_take take = {
        .most = 10, .daily_cap = 100, .claim_after_ms = 60000, .work = WORK_ALL};
    taken = 0;
    store_take(fixture.store, &who, &take, on_taken, NULL);
    done();
    assert_int_equal(desk("next"), 20); /* of one call */
    for (int i = 0; i < 4; i++)
        work();
    assert_int_equal(desk("next"), 50); /* as many as one may have */
    assert_int_equal(show("unassigned"), 10);
}

/* ---- the clock ---- */

static void a_mentor_is_reminded_once_of_all_that_is_open(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    ask("asker");
    later(30);
    ask("asker");
    work();
    later(20 * HOUR - 60);
    work();
    assert_int_equal(told("mentor", "question_waiting"), 0);
    later(120);
    work();
    assert_int_equal(told("mentor", "question_waiting"), 1);
    assert_int_equal(strncmp(outs[0].body, "2\n1\n", 4), 0);
    later(60);
    work();
    assert_int_equal(taken, 0);
    assert_int_equal(show("overdue"), 0);
    later(10 * HOUR);
    work();
    assert_int_equal(taken, 0);
    assert_int_equal(show("overdue"), 2);
}

static void answering_first_cancels_it(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    reply("mentor", ask("asker"));
    work();
    later(20 * HOUR + 60);
    work();
    assert_int_equal(taken, 0);
    ask("asker");
    later(10 * HOUR);
    ask("asker");
    work();
    reply("mentor", 2);
    later(10 * HOUR + 60); /* the answered one's moment */
    work();
    assert_int_equal(told("mentor", "question_waiting"), 0);
    later(10 * HOUR);
    work();
    assert_int_equal(told("mentor", "question_waiting"), 1);
}

static void on_leave_a_mentor_is_reminded_afterwards(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    ask("asker");
    work();
    go_on_leave("mentor", 2);
    later(20 * HOUR + 60);
    work();
    assert_int_equal(taken, 0);
    later(86400);
    work();
    assert_int_equal(told("mentor", "question_waiting"), 1);
}

static void what_was_handed_on_is_reminded_of_as_well(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    ask("asker");
    work();
    later(HOUR);
    person("next", "c", true);
    unbind("mentor");
    work();
    later(19 * HOUR + 60);
    work();
    assert_int_equal(told("next", "question_waiting"), 1);
    assert_int_equal(told("mentor", "question_waiting"), 0);
}

static void a_mentor_is_not_told_of_each_of_many(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    int64_t id = ask("asker");
    ask("asker");
    work();
    assert_int_equal(told("mentor", "question_asked"), 1);
    later(1800);
    ask("asker");
    work();
    assert_int_equal(told("mentor", "question_asked"), 1);
    reply("mentor", id);
    reply("mentor", 2);
    reply("mentor", 3);
    later(60);
    ask("asker"); /* the desk was empty */
    work();
    assert_int_equal(told("mentor", "question_asked"), 1);
}

/* ---- which way it goes ---- */

static void an_answer_goes_as_a_message_while_wechat_takes_that(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    int64_t id = ask("asker");
    work();
    later(2 * 86400); /* the asker has not been here since */
    reply("mentor", id);
    work();
    assert_int_equal(told("asker", "question_answered"), 1);
    assert_string_equal(outs[0].kind, "notice");
    id = ask("asker");
    work();
    later(2 * 86400);
    reply("mentor", id);
    work_as("question_asked,question_answered");
    assert_int_equal(taken, 0);
    assert_string_equal(SAY("HMGET {t}:out:question_answered:2:asker state reason"),
                        "skipped no template, and not here lately");
}

static void without_a_template_a_mentor_gets_a_message(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    ask("asker");
    work_as("war_report,question_asked");
    assert_int_equal(told("mentor", "question_asked"), 1);
    assert_string_equal(outs[0].kind, "text");
    assert_string_equal(SAY("HGET {t}:out:question_asked:1:mentor kind"), "text");
}

/* ---- privacy ---- */

static void erased_the_texts_are_gone(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    int64_t id = ask("asker");
    ask("asker");
    reply("mentor", id);
    struct store_turn who = turn("asker");
    store_forget(fixture.store, &who, on_number, NULL);
    done();
    assert_string_equal(SAY("KEYS {t}:question:*"), "");
    assert_string_equal(SAY("KEYS {t}:asked:*"), "");
    assert_string_equal(SAY("KEYS {t}:waiting:*"), "");
    assert_string_equal(SAY("KEYS {t}:out:question_answered:*"), "");
    assert_int_equal(desk("mentor"), 0);
    assert_int_equal(reply("mentor", 2), STORE_QUESTION_IS_unknown);
    assert_int_equal(show("all"), 0);
    work(); /* what was in the outbox is passed over */
    assert_int_equal(taken, 0);
}

static void an_erased_mentors_answers_name_nobody(void **state) {
    (void)state;
    person("asker", "c", false);
    person("mentor", "c", true);
    reply("mentor", ask("asker"));
    ask("asker");
    is_erased();
    assert_string_equal(SAY("KEYS {t}:out:question_asked:2:*"), "");
    assert_int_equal(mine("asker"), 2);
    assert_string_equal(list[1].answer, "like this");
    assert_string_equal(list[1].mentor_name, "");
    assert_int_equal(list[0].mentor, 0);
}

/* ---- an operator's ---- */

static void an_operator_gives_it_to_another(void **state) {
    (void)state;
    person("asker", "c", true);
    person("mentor", "c", true);
    person("other", "c", true);
    person("nobody", "c", false);
    int64_t id = ask("asker");
    assert_string_equal(got.who, "mentor");
    work();
    assert_int_equal(assign(99, "other"), STORE_QUESTION_unknown);
    assert_int_equal(assign(id, "stranger"), STORE_QUESTION_stranger);
    assert_int_equal(assign(id, "nobody"), STORE_QUESTION_nobody);
    assert_int_equal(assign(id, "asker"), STORE_QUESTION_asker);
    assert_int_equal(assign(id, "other"), STORE_QUESTION_done);
    assert_int_equal(assign(id, "other"), STORE_QUESTION_done);
    work();
    assert_int_equal(told("other", "question_asked"), 1);
    assert_int_equal(desk("mentor"), 0);
    assert_int_equal(reply("other", id), STORE_QUESTION_IS_answered);
    assert_int_equal(assign(id, "mentor"), STORE_QUESTION_closed);
}

static void who_never_asks_costs_nothing(void **state) {
    (void)state;
    person("somebody", "c", false);
    assert_string_equal(SAY("KEYS {t}:*question*"), "");
    assert_string_equal(SAY("KEYS {t}:mentors*"), "");
    assert_string_equal(SAY("HEXISTS {t}:learner:somebody mt"), "0");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(is_asked_answered_and_told),
        TEST(points_cost_no_memory_for_each_question),
        TEST(a_short_question_is_one_and_earns_nothing),
        TEST(the_same_message_again_asks_and_answers_once),
        TEST(the_next_text_is_the_question_and_only_that),
        TEST(the_next_text_is_the_answer_with_the_course_that_was_chosen),
        TEST(who_cannot_answer_is_told_why),
        TEST(so_many_may_be_open_and_no_more),
        TEST(who_may_not_earn_unbound_has_to_bind),
        TEST(goes_to_the_nearest_mentor),
        TEST(goes_to_who_has_the_fewest_then_to_who_was_told_longest_ago),
        TEST(never_goes_to_the_asker_nor_to_who_is_on_leave),
        TEST(without_a_mentor_it_waits_for_the_first_who_becomes_one),
        TEST(what_a_mentor_leaves_is_handed_on_and_told_once),
        TEST(a_mentor_who_moves_takes_the_questions_along),
        TEST(both_go_on_on_a_second_phone),
        TEST(a_mentor_on_a_phone_that_does_not_follow_is_none),
        TEST(a_leavers_own_questions_are_closed),
        TEST(many_are_handed_on_in_steps),
        TEST(a_mentor_is_reminded_once_of_all_that_is_open),
        TEST(answering_first_cancels_it),
        TEST(on_leave_a_mentor_is_reminded_afterwards),
        TEST(what_was_handed_on_is_reminded_of_as_well),
        TEST(a_mentor_is_not_told_of_each_of_many),
        TEST(an_answer_goes_as_a_message_while_wechat_takes_that),
        TEST(without_a_template_a_mentor_gets_a_message),
        TEST(erased_the_texts_are_gone),
        TEST(an_erased_mentors_answers_name_nobody),
        TEST(an_operator_gives_it_to_another),
        TEST(who_never_asks_costs_nothing),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
