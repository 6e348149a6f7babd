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

/* The least there must be. */
#define PLAIN                                                                                      \
    "rules:\n"                                                                                     \
    "  - {name: a, kind: activity, reason: r, points: 1}\n"                                        \
    "levels: [{title: one, xp: 0}]\n"

static struct rules *load(void *ctx, const char *text) {
    struct pack *pack = pack_of(ctx, "rules.yaml", text);
    struct rules *rules = NULL;
    struct yaml_problem problem = {""};
    if (rules_load(ctx, pack->directory, &rules, &problem))
        fail_msg("%s", problem.text);
    return rules;
}

static void starter_has_what_the_program_calls_by_name(void **state) {
    static const struct rule expected[] = {
        {.name = "follow", .points = 5, .once = true, .beyond_cap = true},
        {.name = "checkin", .points = 10, .coins = 1},
        {.name = "checkin_3", .points = 5, .coins = 2, .once = true, .beyond_cap = true},
        {.name = "checkin_7", .points = 20, .coins = 5, .once = true, .beyond_cap = true},
        {.name = "checkin_14", .points = 30, .coins = 10, .once = true, .beyond_cap = true},
        {.name = "checkin_21", .points = 60, .coins = 20, .once = true, .beyond_cap = true},
    };
    struct rules *rules = starter(*state);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        const struct rule *rule = rules_find(rules, expected[i].name);
        assert_non_null(rule);
        assert_string_equal(rule->kind, "activity");
        assert_int_equal(rule->points, expected[i].points);
        assert_int_equal(rule->coins, expected[i].coins);
        assert_int_equal(rule->cap.day, expected[i].cap.day);
        assert_int_equal(rule->once, expected[i].once);
        assert_int_equal(rule->beyond_cap, expected[i].beyond_cap);
    }
    assert_null(rules_find(rules, "chekin"));
}

/* What its comments say is what is there when it is left out. */
static void starter_shows_the_defaults(void **state) {
    struct rules *starts = starter(*state), *plain = load(*state, PLAIN);
    assert_memory_equal(&starts->streak, &plain->streak, sizeof(plain->streak));
    assert_memory_equal(&starts->unbound, &plain->unbound, sizeof(plain->unbound));
    assert_memory_equal(&starts->guard, &plain->guard, sizeof(plain->guard));
    assert_int_equal(starts->boards.anonymous, plain->boards.anonymous);
    assert_string_equal(starts->questions.mentor_tag, plain->questions.mentor_tag);
    assert_int_equal(starts->questions.open, plain->questions.open);
    assert_int_equal(starts->questions.hours, plain->questions.hours);
    assert_int_equal(starts->questions.remind_hours, plain->questions.remind_hours);
    const struct rules_league *shown = &starts->league, *standard = &plain->league;
    assert_int_equal(shown->size, standard->size);
    assert_int_equal(shown->up, standard->up);
    assert_int_equal(shown->down, standard->down);
    assert_int_equal(shown->tiers_count, standard->tiers_count);
    for (unsigned i = 0; i < shown->tiers_count; i++)
        assert_string_equal(shown->tiers[i], standard->tiers[i]);
}

/* All that one can earn in a day without the welcome and the milestones. */
static void starter_caps_a_day_above_what_its_rules_give(void **state) {
    struct rules *rules = starter(*state);
    int day = 0;
    for (unsigned i = 0; i < rules->rules_count; i++)
        if (!rules->rules[i].beyond_cap) {
            const struct rule *rule = &rules->rules[i];
            bool daily = strcmp(rule->name, "checkin") == 0; /* by itself */
            assert_true(daily || rule->cap.day > 0);
            day += daily ? rule->points : rule->cap.day;
        }
    assert_true(rules->daily_cap >= day);
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

static void what_is_left_out_has_its_default(void **state) {
    const struct rules *rules = load(*state, PLAIN);
    assert_int_equal(rules->daily_cap, 0);
    assert_int_equal(rules->streak.freeze_every, 7);
    assert_int_equal(rules->streak.freezes, 2);
    assert_int_equal(rules->streak.makeup_days, 3);
    assert_int_equal(rules->streak.leave_days, 10);
    assert_false(rules->boards.anonymous);
    assert_true(rules->unbound.earn && rules->unbound.courses && rules->unbound.boards);
    assert_int_equal(rules->league.size, 30);
    assert_int_equal(rules->league.up, 7);
    assert_int_equal(rules->league.down, 7);
    assert_int_equal(rules->league.tiers_count, 5);
    assert_string_equal(rules->league.tiers[0], "青铜");
    assert_string_equal(rules->league.tiers[4], "钻石");
    assert_string_equal(rules->questions.mentor_tag, "导师");
    assert_int_equal(rules->questions.open, 3);
    assert_int_equal(rules->questions.hours, 24);
    assert_int_equal(rules->questions.remind_hours, 20);
    assert_int_equal(rules->guard.burst, 10);
    assert_int_equal(rules->guard.burst_s, 60);
    assert_int_equal(rules->guard.night_from, 60);
    assert_int_equal(rules->guard.night_to, 300);
    assert_int_equal(rules->guard.same_text, 3);
    assert_int_equal(rules->guard.praise, 3);
    const struct rule bare = {.points = 1}, *rule = rules_find(rules, "a");
    assert_memory_equal(&rule->cap, &bare.cap, sizeof(bare.cap));
    assert_int_equal(rule->coins, 0);
    assert_int_equal(rule->cooldown_s, 0);
    assert_int_equal(rule->least, 0);
    assert_false(rule->once || rule->bound || rule->beyond_cap);
}

static void what_is_given_is_read(void **state) {
    const struct rules *rules = load(*state,
                                     "daily_cap: 99\n"
                                     "streak: {freeze_every: 5, freezes: 0, leave_days: 8}\n"
                                     "boards: {names: anonymous}\n"
                                     "unbound: {earn: false, boards: true}\n"
                                     "league: {size: 9, up: 2, down: 0, tiers: [low, high]}\n"
                                     "questions: {mentor_tag: coach, open: 1, hours: 48, "
                                     "remind_hours: 47}\n"
                                     "guard: {burst: 0, burst_s: 5, night_from: \"23:30\", "
                                     "night_to: \"04:15\", same_text: 4, praise: 6}\n"
                                     "rules:\n"
                                     "  - name: a\n"
                                     "    kind: answer\n"
                                     "    reason: r\n"
                                     "    points: 2\n"
                                     "    coins: 3\n"
                                     "    cap: {day: 20, week: 30, subject_day: 4, "
                                     "subject_week: 5, subject: 6}\n"
                                     "    once: true\n"
                                     "    cooldown_s: 86400\n"
                                     "    least: 10000\n"
                                     "    who: bound\n"
                                     "    beyond_cap: true\n"
                                     "  - {name: b, kind: activity, reason: r, points: 1, "
                                     "who: everybody}\n"
                                     "levels: [{title: one, xp: 0}]\n");
    assert_int_equal(rules->daily_cap, 99);
    assert_int_equal(rules->streak.freeze_every, 5);
    assert_int_equal(rules->streak.freezes, 0);
    assert_int_equal(rules->streak.makeup_days, 3); /* left out */
    assert_int_equal(rules->streak.leave_days, 8);
    assert_true(rules->boards.anonymous);
    assert_false(rules->unbound.earn);
    assert_true(rules->unbound.courses && rules->unbound.boards);
    assert_int_equal(rules->league.size, 9);
    assert_int_equal(rules->league.up, 2);
    assert_int_equal(rules->league.down, 0);
    assert_int_equal(rules->league.tiers_count, 2);
    assert_string_equal(rules->league.tiers[1], "high");
    assert_string_equal(rules->questions.mentor_tag, "coach");
    assert_int_equal(rules->questions.open, 1);
    assert_int_equal(rules->questions.hours, 48);
    assert_int_equal(rules->questions.remind_hours, 47);
    assert_int_equal(rules->guard.burst, 0);
    assert_int_equal(rules->guard.burst_s, 5);
    assert_int_equal(rules->guard.night_from, 23 * 60 + 30);
    assert_int_equal(rules->guard.night_to, 4 * 60 + 15);
    assert_int_equal(rules->guard.same_text, 4);
    assert_int_equal(rules->guard.praise, 6);
    const struct rule *rule = rules_find(rules, "a");
    const struct rule_cap cap = {20, 30, 4, 5, 6};
    assert_memory_equal(&rule->cap, &cap, sizeof(cap));
    assert_int_equal(rule->coins, 3);
    assert_int_equal(rule->cooldown_s, 86400);
    assert_int_equal(rule->least, 10000);
    assert_true(rule->once && rule->bound && rule->beyond_cap);
    assert_false(rules_find(rules, "b")->bound);
}

struct change {
    const char *from, *to, *reason;
};

/* Each changes one thing of a file that is right. */
static void refused(void *ctx, const char *right, const struct change *cases, size_t count) {
    load(ctx, right);
    for (size_t i = 0; i < count; i++) {
        const char *at = strstr(right, cases[i].from);
        assert_non_null(at);
        struct pack *pack = pack_of(ctx, "rules.yaml",
                                    talloc_asprintf(ctx, "%.*s%s%s", (int)(at - right), right,
                                                    cases[i].to, at + strlen(cases[i].from)));
        struct rules *rules = NULL;
        struct yaml_problem problem = {""};
        assert_int_equal(rules_load(ctx, pack->directory, &rules, &problem), -1);
        assert_null(rules);
        char *start = talloc_asprintf(ctx, "%s/rules.yaml:%s", pack->directory, cases[i].reason);
        if (strncmp(problem.text, start, strlen(start)) != 0)
            fail_msg("%s\n  instead of %s", problem.text, start);
    }
}

#define REFUSED(right, cases) refused(*state, right, cases, sizeof(cases) / sizeof(cases[0]))

static const char three[] =
    "rules:\n"
    "  - {name: watch, kind: watch, reason: r, points: 2}\n"
    "  - {name: comment, kind: comment, reason: r, points: 4}\n"
    "  - {name: case, kind: case, reason: r, points: 10}\n"
    "levels:\n"
    "  - {title: one, xp: 0}\n"
    "  - {title: two, xp: 60}\n";

static void a_wrong_rule_is_refused_with_line_and_reason(void **state) {
    static const struct change cases[] = {
        {"name: comment", "name: watch", "3: rules[1].name: a second rule \"watch\""},
        {"name: comment", "name: Comment", "3: rules[1].name: \"Comment\": only a-z, 0-9 and _"},
        {"name: comment", "name: \"spend:tea\"",
         "3: rules[1].name: \"spend:tea\": only a-z, 0-9 and _"},
        {"name: comment", "name: reverse",
         "3: rules[1].name: \"reverse\" is what the program calls ledger lines of its own"},
        {"name: comment", "name: grant", "3: rules[1].name: \"grant\" is what"},
        {"name: comment", "name: spend", "3: rules[1].name: \"spend\" is what"},
        {"kind: comment", "kind: coment",
         "3: rules[1].kind: unknown kind \"coment\"; there are "
         "activity, watch, comment, question, answer and case"},
        {"reason: r", "reason: \"r\\ns\"", "2: rules[0].reason: more than one line"},
        {"points: 4", "points: 0", "3: rules[1].points: 0, expected 1 to 1000"},
        {"points: 10", "points: 1001", "4: rules[2].points: 1001, expected 1 to 1000"},
        {"points: 10", "points: ten", "4: rules[2].points: "},
        {"points: 10", "points: 10, coins: -1", "4: rules[2].coins: -1, expected 0 to 1000"},
        {"points: 10", "points: 10, coins: 1001", "4: rules[2].coins: 1001, expected 0 to 1000"},
        {"points: 10", "points: 10, cooldown_s: -1",
         "4: rules[2].cooldown_s: -1, expected 0 to 86400"},
        {"points: 10", "points: 10, cooldown_s: 86401",
         "4: rules[2].cooldown_s: 86401, expected 0 to 86400"},
        {"points: 10", "points: 10, least: -1", "4: rules[2].least: -1, expected 0 to 10000"},
        {"points: 10", "points: 10, least: 10001", "4: rules[2].least: 10001, expected 0 to 10000"},
        {"points: 2", "points: 2, least: 101",
         "2: rules[0].least: 101, a watch is at most 100 per cent"},
        {"kind: comment", "least: 1, kind: activity",
         "3: rules[1].least: 1, but an activity has no effort to be measured"},
        {"points: 10", "points: 10, who: nobody",
         "4: rules[2].who: expected one of: everybody, bound"},
        {"points: 10", "points: 10, beyond_cap: yes",
         "4: rules[2].beyond_cap: expected true or false"},
        {"points: 10", "points: 10, daily_cap: 10", "4: rules[2].daily_cap: unknown key"},
        {"points: 10", "points: 10, cap: 10", "4: rules[2].cap: expected a mapping"},
        {"points: 10", "points: 10, cap: {month: 10}", "4: rules[2].cap.month: unknown key"},
        {"xp: 0", "xp: 1", "6: levels[0].xp: 1: the first level begins at 0"},
        {"xp: 60", "xp: 0",
         "7: levels[1].xp: \"two\" begins at 0, no later than \"one\" before it (0)"},
        {"title: two", "title: \"t\\nwo\"", "7: levels[1].title: more than one line"},
    };
    REFUSED(three, cases);
}

static void what_could_never_be_earned_is_refused(void **state) {
    static const struct change cases[] = {
        {"points: 10", "points: 10, cap: {day: -1}",
         "4: rules[2].cap.day: -1, expected 0 to 1000000"},
        {"points: 10", "points: 10, cap: {subject: 1000001}",
         "4: rules[2].cap.subject: 1000001, expected 0 to 1000000"},
        {"points: 10", "points: 10, cap: {day: 9}",
         "4: rules[2].cap.day: 9 is less than the rule's points (10), which could never be earned"},
        {"points: 10", "points: 10, cap: {week: 9}", "4: rules[2].cap.week: 9 is less than"},
        {"points: 10", "points: 10, cap: {subject_day: 9}",
         "4: rules[2].cap.subject_day: 9 is less than"},
        {"points: 10", "points: 10, cap: {subject_week: 9}",
         "4: rules[2].cap.subject_week: 9 is less than"},
        {"points: 10", "points: 10, cap: {subject: 9}", "4: rules[2].cap.subject: 9 is less than"},
        {"points: 10", "points: 10, cap: {day: 21, week: 20}",
         "4: rules[2].cap.day: 21 is more than cap.week (20), and could never be reached"},
        {"points: 10", "points: 10, cap: {subject_day: 21, day: 20}",
         "4: rules[2].cap.subject_day: 21 is more than cap.day (20)"},
        {"points: 10", "points: 10, cap: {subject_day: 21, week: 20}",
         "4: rules[2].cap.subject_day: 21 is more than cap.week (20)"},
        {"points: 10", "points: 10, cap: {subject_day: 21, subject_week: 20}",
         "4: rules[2].cap.subject_day: 21 is more than cap.subject_week (20)"},
        {"points: 10", "points: 10, cap: {subject_day: 21, subject: 20}",
         "4: rules[2].cap.subject_day: 21 is more than cap.subject (20)"},
        {"points: 10", "points: 10, cap: {subject_week: 21, week: 20}",
         "4: rules[2].cap.subject_week: 21 is more than cap.week (20)"},
        {"points: 10", "points: 10, cap: {subject_week: 21, subject: 20}",
         "4: rules[2].cap.subject_week: 21 is more than cap.subject (20)"},
        {"rules:\n", "daily_cap: 9\nrules:\n  - {name: a, kind: activity, reason: r, points: 10}\n",
         "3: rules[0].points: 10 is more than the daily_cap (9), and could never be earned: lower "
         "it, or say beyond_cap: true"},
    };
    REFUSED(three, cases);
    load(*state,
         "daily_cap: 9\n"
         "rules:\n"
         "  - {name: a, kind: activity, reason: r, points: 10, beyond_cap: true}\n"
         "  - name: b\n"
         "    kind: activity\n"
         "    reason: r\n"
         "    points: 9\n"
         "    cap: {day: 9, week: 9, subject_day: 9, subject_week: 9, subject: 9}\n"
         "levels: [{title: one, xp: 0}]\n");
}

static void points_and_coins_that_contradict_the_order_are_refused(void **state) {
    static const struct change cases[] = {
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
        {"points: 2", "points: 2, coins: 1",
         "2: rules[0].coins: \"watch\" (watch, 1 coins) may not earn more than \"comment\" "
         "(comment, 0 coins): points carry meaning by their order"},
        {"points: 4}", "points: 4, coins: 3}\n  - {name: q, kind: question, reason: r, points: 5}",
         "3: rules[1].coins: \"comment\" (comment, 3 coins) may not earn more than \"case\" (case, "
         "0 coins)"},
    };
    REFUSED(three, cases);
}

/* Ordered by points as they should be, so that only what a day can give is at issue. %s are what
 * each adds, and what stands before them. */
static char *by_day(void *ctx, const char *before, const char *watch, const char *comment,
                    const char *of_case) {
    return talloc_asprintf(ctx,
                           "%s"
                           "rules:\n"
                           "  - {name: w, kind: watch, reason: r, points: 2%s}\n"
                           "  - {name: c, kind: comment, reason: r, points: 4%s}\n"
                           "  - {name: u, kind: case, reason: r, points: 10%s}\n"
                           "levels: [{title: one, xp: 0}]\n",
                           before, watch, comment, of_case);
}

static void days_that_contradict_the_order_are_refused(void **state) {
    static const struct {
        const char *before, *watch, *comment, *of_case, *reason;
    } cases[] = {
        {"", ", cap: {day: 20}", ", cap: {day: 20}", "",
         "2: rules[0].cap.day: \"w\" (watch, 20 points a day) must earn less than \"c\" (comment, "
         "20 points a day): points carry meaning by their order"},
        {"", "", ", cap: {day: 16}", "",
         "2: rules[0].cap.day: \"w\" (watch, any number of points a day) must earn less than \"c\" "
         "(comment, 16 points a day)"},
        {"", ", cap: {day: 6}", "", ", cap: {day: 40}",
         "3: rules[1].cap.day: \"c\" (comment, any number of points a day) must earn less than "
         "\"u\" (case, 40 points a day)"},
        /* A week's points may all be earned on one day of it, and no more than these. */
        {"", ", cap: {week: 30}", ", cap: {day: 16}", "",
         "2: rules[0].cap.day: \"w\" (watch, 30 points a day) must earn less than \"c\" (comment, "
         "16 points a day)"},
        {"", ", cap: {day: 16}", ", cap: {week: 16}", "",
         "2: rules[0].cap.day: \"w\" (watch, 16 points a day) must earn less than \"c\" (comment, "
         "16 points a day)"},
        /* Once and caps per subject leave open how many subjects there are. */
        {"", ", once: true, cap: {subject: 2}", ", cap: {day: 400}", "",
         "2: rules[0].cap.day: \"w\" (watch, any number of points a day) must earn less than \"c\" "
         "(comment, 400 points a day)"},
        {"daily_cap: 50\n", "", "", "",
         "3: rules[0].cap.day: \"w\" (watch, 50 points a day) must earn less than \"c\" (comment, "
         "50 points a day)"},
        {"daily_cap: 50\n", ", cap: {day: 6}", ", cap: {day: 60}", ", cap: {day: 90}",
         "4: rules[1].cap.day: \"c\" (comment, 50 points a day) must earn less than \"u\" (case, "
         "50 "
         "points a day)"},
        {"daily_cap: 50\n", ", cap: {day: 6}, beyond_cap: true",
         ", cap: {day: 70}, beyond_cap: true", "",
         "4: rules[1].cap.day: \"c\" (comment, 70 points a day) must earn less than \"u\" (case, "
         "50 "
         "points a day)"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pack *pack = pack_of(
            *state, "rules.yaml",
            by_day(*state, cases[i].before, cases[i].watch, cases[i].comment, cases[i].of_case));
        struct rules *rules = NULL;
        struct yaml_problem problem = {""};
        assert_int_equal(rules_load(*state, pack->directory, &rules, &problem), -1);
        char *start = talloc_asprintf(*state, "%s/rules.yaml:%s", pack->directory, cases[i].reason);
        if (strncmp(problem.text, start, strlen(start)) != 0)
            fail_msg("%s\n  instead of %s", problem.text, start);
    }
}

static void days_in_order_are_accepted(void **state) {
    static const struct {
        const char *before, *watch, *comment, *of_case;
    } cases[] = {
        {"", "", "", ""}, /* none has an end */
        {"", ", cap: {day: 50}", "", ""},
        {"", ", cap: {day: 15}", ", cap: {day: 16}", ", cap: {day: 17}"},
        {"", ", cap: {day: 15}", ", cap: {week: 16}", ", cap: {day: 20, week: 30}"},
        {"daily_cap: 50\n", ", cap: {day: 15}", ", cap: {day: 49}", ""},
        {"daily_cap: 50\n", ", cap: {day: 15}", "", ", beyond_cap: true"},
        {"", ", coins: 1", ", coins: 1", ", coins: 1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        load(*state,
             by_day(*state, cases[i].before, cases[i].watch, cases[i].comment, cases[i].of_case));
}

static void being_there_is_outside_of_the_order(void **state) {
    load(*state,
         "rules:\n"
         "  - {name: s, kind: activity, reason: r, points: 500, coins: 500}\n"
         "  - {name: c, kind: case, reason: r, points: 4, cap: {day: 8}}\n"
         "  - {name: q, kind: question, reason: r, points: 1, cap: {day: 4}}\n"
         "  - {name: a, kind: answer, reason: r, points: 1, cap: {day: 7}}\n"
         "levels: [{title: one, xp: 0}]\n");
}

static void a_wrong_setting_is_refused_with_line_and_reason(void **state) {
    static const char right[] =
        "daily_cap: 100\n"
        "streak: {freeze_every: 7, freezes: 2, makeup_days: 3, "
        "leave_days: 10}\n"
        "boards: {names: real}\n"
        "unbound: {earn: true}\n"
        "league: {size: 20, up: 5, down: 4, tiers: [low, mid, high]}\n"
        "guard: {burst: 10, burst_s: 60, night_from: \"01:00\", night_to: "
        "\"05:00\", same_text: 3, praise: 3}\n"
        "questions: {mentor_tag: coach, open: 3, hours: 24, remind_hours: 20}\n" PLAIN;
    static const struct change cases[] = {
        {"daily_cap: 100", "daily_cap: -1", "1: daily_cap: -1, expected 0 to 1000000"},
        {"daily_cap: 100", "daily_cap: 1000001", "1: daily_cap: 1000001, expected 0 to 1000000"},
        {"freeze_every: 7", "freeze_every: 0", "2: streak.freeze_every: 0, expected 1 to 365"},
        {"freeze_every: 7", "freeze_every: 366", "2: streak.freeze_every: 366, expected 1 to 365"},
        {"freezes: 2", "freezes: 31", "2: streak.freezes: 31, expected 0 to 30"},
        {"makeup_days: 3", "makeup_days: 31", "2: streak.makeup_days: 31, expected 0 to 30"},
        {"leave_days: 10", "leave_days: 61", "2: streak.leave_days: 61, expected 0 to 60"},
        {"freezes: 2", "freeze: 2", "2: streak.freeze: unknown key"},
        {"names: real", "names: hidden", "3: boards.names: expected one of: real, anonymous"},
        {"earn: true", "earn: 1", "4: unbound.earn: expected true or false"},
        {"size: 20", "size: 2", "5: league.size: 2, expected 3 to 1000"},
        {"up: 5", "up: 0", "5: league.up: 0, expected 1 to 1000"},
        {"down: 4", "down: -1", "5: league.down: -1, expected 0 to 1000"},
        {"size: 20", "size: 9",
         "5: league: 5 go up and 4 down of 9: somebody must be able to stay"},
        {"[low, mid, high]", "[low]", "5: league.tiers: 1 entries, expected at least 2"},
        {"[low, mid, high]", "[a, b, c, d, e, f, g, h, i, j, k]",
         "5: league.tiers: 11 entries, expected at most 10"},
        {"high", "low", "5: league.tiers[2]: a second tier \"low\""},
        {"high", "\"\"", "5: league.tiers[2]: is empty"},
        {"high", "\"hi\\ngh\"", "5: league.tiers[2]: more than one line"},
        {"burst: 10", "burst: 1001", "6: guard.burst: 1001, expected 0 to 1000"},
        {"burst_s: 60", "burst_s: 0", "6: guard.burst_s: 0, expected 1 to 3600"},
        {"same_text: 3", "same_text: -1", "6: guard.same_text: -1, expected 0 to 1000"},
        {"praise: 3", "praise: 1001", "6: guard.praise: 1001, expected 0 to 1000"},
        {"01:00", "1:00", "6: guard.night_from: expected a time of the day as HH:MM"},
        {"coach", "a coach",
         "7: questions.mentor_tag: \"a coach\": one tag, without what parts tags"},
        {"open: 3", "open: 0", "7: questions.open: 0, expected 1 to 20"},
        {"hours: 24", "hours: 241", "7: questions.hours: 241, expected 2 to 240"},
        {"hours: 24", "hours: 20",
         "7: questions.remind_hours: 20, expected less than hours (20): a reminder comes before "
         "the end"},
        {"remind_hours: 20", "remind_hours: 0", "7: questions.remind_hours: 0, expected 1 to 239"},
        {"05:00", "24:00", "6: guard.night_to: expected a time of the day as HH:MM"},
    };
    REFUSED(right, cases);
}

static void rules_load_from_a_file_of_any_name(void **state) {
    struct pack *pack = pack_of(*state, "new.yaml", PLAIN);
    char *path = talloc_asprintf(*state, "%s/new.yaml", pack->directory);
    struct rules *rules = NULL;
    struct yaml_problem problem = {""};
    assert_int_equal(rules_load_file(*state, path, &rules, &problem), 0);
    assert_non_null(rules_find(rules, "a"));
    talloc_free(rules); /* and all that hangs on it */
    rules = NULL;
    assert_int_equal(rules_load_file(*state, "no/such.yaml", &rules, &problem), -1);
    assert_null(rules);
    assert_string_equal(problem.text, "no/such.yaml: No such file or directory");
}

static void every_ledger_line_has_a_reason(void **state) {
    struct rules *rules = starter(*state);
    struct copy *copy;
    struct yaml_problem problem = {""};
    if (copy_load(*state, "templates/starter", "每日一课", &copy, &problem))
        fail_msg("%s", problem.text);
    static const struct {
        const char *name, *reason;
    } cases[] = {
        {"checkin", "每日签到"},    {"reverse", "更正先前的一笔"}, {"grant", "管理员补发"},
        {"spend:gift", "用掉金币"}, {"spend:", "用掉金币"},        {"checkin_9", "以前的一项活动"},
        {"", "以前的一项活动"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(rules_reason(*state, rules, copy, cases[i].name), cases[i].reason);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(starter_has_what_the_program_calls_by_name),
        TEST(starter_shows_the_defaults),
        TEST(starter_caps_a_day_above_what_its_rules_give),
        TEST(starter_lifts_a_beginner_on_the_second_day),
        TEST(levels_begin_at_their_threshold),
        TEST(what_is_left_out_has_its_default),
        TEST(what_is_given_is_read),
        TEST(a_wrong_rule_is_refused_with_line_and_reason),
        TEST(what_could_never_be_earned_is_refused),
        TEST(points_and_coins_that_contradict_the_order_are_refused),
        TEST(days_that_contradict_the_order_are_refused),
        TEST(days_in_order_are_accepted),
        TEST(being_there_is_outside_of_the_order),
        TEST(a_wrong_setting_is_refused_with_line_and_reason),
        TEST(rules_load_from_a_file_of_any_name),
        TEST(every_ledger_line_has_a_reason),
    };
    return cmocka_run_group_tests_name("bot/rules", tests, NULL, NULL);
}
