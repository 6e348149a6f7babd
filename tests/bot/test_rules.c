#include "bot/rules.h"

#include "tests/bot/pack.h"

static int setup(void **state) {
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static struct rules *starter(void *ctx) {
    struct rules *rules = NULL;
    struct yaml_problem problem = {""};
    if (rules_load(ctx, "templates/starter", &rules, &problem))
        fail_msg("%s", problem.text);
    return rules;
}

static void starter_has_what_the_program_calls_by_name(void **state) {
    static const struct rule expected[] = {
        {.name = "follow", .kind = "activity", .points = 5, .once = true},
        {.name = "checkin", .kind = "activity", .points = 10, .daily_cap = 10},
        {.name = "checkin_7", .kind = "activity", .points = 20, .once = true},
        {.name = "checkin_14", .kind = "activity", .points = 30, .once = true},
        {.name = "checkin_21", .kind = "activity", .points = 60, .once = true},
    };
    struct rules *rules = starter(*state);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        const struct rule *rule = rules_find(rules, expected[i].name);
        assert_non_null(rule);
        assert_string_equal(rule->kind, expected[i].kind);
        assert_int_equal(rule->points, expected[i].points);
        assert_int_equal(rule->daily_cap, expected[i].daily_cap);
        assert_int_equal(rule->once, expected[i].once);
    }
    assert_null(rules_find(rules, "chekin"));
}

static void starter_lifts_a_beginner_on_the_second_day(void **state) {
    struct rules *rules = starter(*state);
    int follow = rules_find(rules, "follow")->points, day = rules_find(rules, "checkin")->points;
    assert_int_equal(rules_level(rules, follow + day), 1);
    assert_int_equal(rules_level(rules, follow + 2 * day), 2);
    assert_true(rules->levels[rules->levels_count - 1].xp > 90 * day);
}

static void levels_begin_at_their_threshold(void **state) {
    struct pack *pack = pack_of(*state, "rules.yaml",
                                "rules:\n"
                                "  - {name: a, kind: activity, reason: r, points: 1}\n"
                                "levels:\n"
                                "  - {title: one, xp: 0}\n"
                                "  - {title: two, xp: 60}\n"
                                "  - {title: three, xp: 150}\n");
    struct rules *rules;
    struct yaml_problem problem;
    assert_int_equal(rules_load(*state, pack->directory, &rules, &problem), 0);
    assert_string_equal(rules->thresholds, "0,60,150");
    static const struct {
        int64_t xp;
        unsigned level;
    } cases[] = {{-5, 1}, {0, 1}, {59, 1}, {60, 2}, {149, 2}, {150, 3}, {INT64_MAX, 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(rules_level(rules, cases[i].xp), cases[i].level);
}

static void left_out_means_no_cap_and_any_number_of_times(void **state) {
    struct pack *pack = pack_of(*state, "rules.yaml",
                                "rules:\n"
                                "  - {name: b, kind: activity, reason: r, points: 1, daily_cap: 9, "
                                "once: true}\n"
                                "  - {name: a, kind: activity, reason: r, points: 1}\n"
                                "levels: [{title: one, xp: 0}]\n");
    struct rules *rules;
    struct yaml_problem problem;
    assert_int_equal(rules_load(*state, pack->directory, &rules, &problem), 0);
    assert_int_equal(rules_find(rules, "a")->daily_cap, 0);
    assert_false(rules_find(rules, "a")->once);
}

/* Each changes one thing of a file that is right. */
static void a_wrong_file_is_refused_with_line_and_reason(void **state) {
    static const char right[] =
        "rules:\n"
        "  - {name: watch, kind: watch, reason: r, points: 2}\n"
        "  - {name: comment, kind: comment, reason: r, points: 4}\n"
        "  - {name: case, kind: case, reason: r, points: 10}\n"
        "levels:\n"
        "  - {title: one, xp: 0}\n"
        "  - {title: two, xp: 60}\n";
    static const struct {
        const char *from, *to, *reason;
    } cases[] = {
        {"points: 2", "points: 4",
         "2: rules[0].points: \"watch\" (watch, 4 points) must earn less than \"comment\" "
         "(comment, 4 points): points carry meaning by their order"},
        {"points: 4", "points: 10",
         "3: rules[1].points: \"comment\" (comment, 10 points) must earn less than \"case\" (case, "
         "10 points)"},
        {"kind: comment, reason: r, points: 4", "kind: question, reason: r, points: 2",
         "2: rules[0].points: \"watch\" (watch, 2 points) must earn less than \"comment\" "
         "(question, 2 points)"},
        {"kind: comment, reason: r, points: 4", "kind: answer, reason: r, points: 11",
         "3: rules[1].points: \"comment\" (answer, 11 points) must earn less than \"case\""},
        {"kind: comment, reason: r, points: 4",
         "kind: activity, reason: r, points: 4}\n"
         "  - {name: w, kind: watch, reason: r, points: 10",
         "4: rules[2].points: \"w\" (watch, 10 points) must earn less than \"case\""},
        {"points: 2}\n  - {name: comment, kind: comment, reason: r, points: 4",
         "points: 2, daily_cap: 20}\n  - {name: comment, kind: comment, reason: r, points: 4, "
         "daily_cap: 20",
         "2: rules[0].daily_cap: \"watch\" (watch, 20 points a day) must earn less than "
         "\"comment\" (comment, 20 points a day)"},
        {"name: comment", "name: watch", "3: rules[1].name: a second rule \"watch\""},
        {"name: comment", "name: Comment", "3: rules[1].name: \"Comment\": only a-z, 0-9 and _"},
        {"kind: comment", "kind: coment",
         "3: rules[1].kind: unknown kind \"coment\"; there are "
         "activity, watch, comment, question, answer and case"},
        {"points: 4", "points: 0", "3: rules[1].points: 0, expected 1 to 1000"},
        {"points: 10", "points: 1001", "4: rules[2].points: 1001, expected 1 to 1000"},
        {"points: 10", "points: ten", "4: rules[2].points: "},
        {"points: 4", "points: 4, daily_cap: -1", "3: rules[1].daily_cap: -1, expected 0 or more"},
        {"points: 4", "points: 4, daily_cap: 3",
         "3: rules[1].daily_cap: 3 is less than the rule's points (4)"},
        {"reason: r", "reason: \"r\\ns\"", "2: rules[0].reason: more than one line"},
        {"xp: 0", "xp: 1", "6: levels[0].xp: 1: the first level begins at 0"},
        {"xp: 60", "xp: 0",
         "7: levels[1].xp: \"two\" begins at 0, no later than \"one\" before it (0)"},
        {"title: two", "title: \"t\\nwo\"", "7: levels[1].title: more than one line"},
        {"points: 10", "points: 10, cap: 3", "4: rules[2]"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *at = strstr(right, cases[i].from);
        assert_non_null(at);
        struct pack *pack = pack_of(*state, "rules.yaml",
                                    talloc_asprintf(*state, "%.*s%s%s", (int)(at - right), right,
                                                    cases[i].to, at + strlen(cases[i].from)));
        struct rules *rules = NULL;
        struct yaml_problem problem = {""};
        assert_int_equal(rules_load(*state, pack->directory, &rules, &problem), -1);
        assert_null(rules);
        char *start = talloc_asprintf(*state, "%s/rules.yaml:%s", pack->directory, cases[i].reason);
        if (strncmp(problem.text, start, strlen(start)) != 0)
            fail_msg("%s\n  instead of %s", problem.text, start);
    }
}

/* A cap orders only where both have one, and being there is outside of the order. */
static void what_is_not_ordered_is_accepted(void **state) {
    static const char *const accepted[] = {
        "rules:\n"
        "  - {name: w, kind: watch, reason: r, points: 2}\n"
        "  - {name: c, kind: comment, reason: r, points: 4, daily_cap: 4}\n"
        "levels: [{title: one, xp: 0}]\n",
        "rules:\n"
        "  - {name: w, kind: watch, reason: r, points: 2, daily_cap: 50}\n"
        "  - {name: c, kind: comment, reason: r, points: 4}\n"
        "levels: [{title: one, xp: 0}]\n",
        "rules:\n"
        "  - {name: s, kind: activity, reason: r, points: 500}\n"
        "  - {name: c, kind: case, reason: r, points: 4}\n"
        "  - {name: q, kind: question, reason: r, points: 1}\n"
        "  - {name: a, kind: answer, reason: r, points: 1}\n"
        "levels: [{title: one, xp: 0}]\n",
    };
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        struct pack *pack = pack_of(*state, "rules.yaml", accepted[i]);
        struct rules *rules;
        struct yaml_problem problem = {""};
        if (rules_load(*state, pack->directory, &rules, &problem))
            fail_msg("%s", problem.text);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(starter_has_what_the_program_calls_by_name),
        TEST(starter_lifts_a_beginner_on_the_second_day),
        TEST(levels_begin_at_their_threshold),
        TEST(left_out_means_no_cap_and_any_number_of_times),
        TEST(a_wrong_file_is_refused_with_line_and_reason),
        TEST(what_is_not_ordered_is_accepted),
    };
    return cmocka_run_group_tests_name("bot/rules", tests, NULL, NULL);
}
