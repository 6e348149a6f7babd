#include "bot/contest_plan.h"

#include "config/limits.h"
#include "tests/bot/pack.h"

static struct account account;

static int setup(void **state) {
    void *ctx = talloc_new(NULL);
    struct yaml_problem problem = {""};
    *state = ctx;
    return calendar_open(ctx, "Asia/Shanghai", &account.calendar) ||
           rules_load(ctx, "templates/starter", &account.rules, &problem);
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

#define HEAD   "name: spring\ntitle: 春季学习赛\n"
#define TIME   "from: \"2026-11-23 09:00\"\nto: \"2026-12-01 00:00:30\"\n"
#define PEOPLE "plays: persons\nscoring: sum\n"

static int load(void *ctx, const char *text, struct store_contest_plan **plan,
                struct yaml_problem *problem) {
    struct pack *pack = pack_of(ctx, "contest.yaml", text);
    return contest_plan_load(ctx, talloc_asprintf(ctx, "%s/contest.yaml", pack->directory),
                             &account, plan, problem);
}

static struct store_contest_plan *loaded(void *ctx, const char *text) {
    struct store_contest_plan *plan = NULL;
    struct yaml_problem problem = {""};
    if (load(ctx, text, &plan, &problem))
        fail_msg("%s", problem.text);
    return plan;
}

static void refused(void *ctx, const char *text, const char *reason) {
    struct store_contest_plan *plan = NULL;
    struct yaml_problem problem = {""};
    assert_int_equal(load(ctx, text, &plan, &problem), -1);
    assert_null(plan);
    if (!strstr(problem.text, reason))
        fail_msg("expected \"%s\": %s", reason, problem.text);
}

static void the_least_there_must_be(void **state) {
    const struct store_contest_plan *plan = loaded(*state, HEAD TIME PEOPLE);
    assert_string_equal(plan->name, "spring");
    assert_int_equal(plan->from, 1795395600); /* 2026-11-23T09:00+08:00 */
    assert_int_equal(plan->to, 1795395600 + 7 * 86400 + 15 * 3600 + 30);
    assert_int_equal(plan->kind, STORE_CONTEST_PERSONS);
    assert_int_equal(plan->scoring, STORE_CONTEST_SUM);
    assert_string_equal(plan->counts, "*");
    assert_string_equal(plan->only, "*");
    assert_string_equal(plan->prizes, "");
    assert_false(plan->announce);
    assert_int_equal(plan->most, LIMIT_CONTESTS);
}

static void all_there_can_be(void **state) {
    const struct store_contest_plan *plan =
        loaded(*state, HEAD TIME
               "plays: departments\nonly: [公司/销售部, 公司/市场部]\n"
               "counts: [checkin]\nscoring: best\nbest: 5\nprizes: 奶茶\n"
               "announce: true\n");
    assert_string_equal(plan->only, "公司/销售部\037公司/市场部\037");
    assert_string_equal(plan->counts, ",checkin,");
    assert_int_equal(plan->scoring, STORE_CONTEST_BEST);
    assert_int_equal(plan->k, 5);
    assert_string_equal(plan->prizes, "奶茶");
    assert_true(plan->announce);
}

static void the_example_is_right(void **state) {
    struct store_contest_plan *plan = NULL;
    struct yaml_problem problem = {""};
    if (contest_plan_load(*state, "templates/starter/contest.yaml", &account, &plan, &problem))
        fail_msg("%s", problem.text);
    assert_string_equal(plan->name, "spring");
    assert_int_equal(plan->scoring, STORE_CONTEST_PER_HEAD);
}

static void a_kind_stands_for_all_its_rules(void **state) {
    const struct store_contest_plan *plan = loaded(*state, HEAD TIME PEOPLE "counts: [activity]\n");
    assert_non_null(strstr(plan->counts, ",checkin,"));
    assert_null(strstr(plan->counts, ",comment,"));
}

static void teams_go_by_their_names_folded(void **state) {
    const struct store_contest_plan *plan =
        loaded(*state, HEAD TIME "plays: teams\nscoring: per_head\nonly: [Ａ 队]\n");
    assert_string_equal(plan->only, "a队\037");
}

static void a_league_takes_its_rules_from_the_pack(void **state) {
    const struct store_contest_plan *plan =
        loaded(*state, HEAD "from: \"2026-11-23 00:00\"\nplays: persons\nscoring: league\n");
    assert_int_equal(plan->kind, STORE_CONTEST_LEAGUE);
    assert_int_equal(plan->k, 30);
    assert_string_equal(plan->counts, ",7,7,5");
}

static void what_cannot_be_is_refused_with_its_line(void **state) {
    static const struct {
        const char *text, *reason;
    } files[] = {
        {HEAD TIME PEOPLE "nonsense: 1\n", "contest.yaml:7: "},
        {HEAD PEOPLE "from: \"2026-11-23 09:00\"\n", "to is missing"},
        {HEAD PEOPLE "from: \"2026-11-31 09:00\"\nto: \"2026-12-01 00:00\"\n",
         ":5: from: expected"},
        {HEAD PEOPLE "from: \"2026-11-23 24:00\"\nto: \"2026-12-01 00:00\"\n",
         ":5: from: expected"},
        {HEAD PEOPLE "from: \"tomorrow\"\nto: \"2026-12-01 00:00\"\n", ":5: from: expected"},
        {HEAD PEOPLE "from: \"2026-12-01 00:00\"\nto: \"2026-12-01 00:00\"\n", ":6: to: is not"},
        {HEAD PEOPLE "from: \"2026-12-01 00:00\"\nto: \"2027-12-03 00:00\"\n", "366 days"},
        {"name: Spring\ntitle: a\n" TIME PEOPLE, ":1: name: expected a-z"},
        {HEAD TIME PEOPLE "only: [公司]\n", ":7: only: is for"},
        {HEAD TIME PEOPLE "counts: [checkin, nothing]\n", ":7: counts[1]: no rule"},
        {HEAD TIME PEOPLE "best: 3\n", ":7: best: goes with"},
        {HEAD TIME "plays: persons\nscoring: per_head\n", ":6: scoring: persons"},
        {HEAD TIME "plays: teams\nscoring: best\n", "expected 1 to 100"},
        {HEAD TIME "plays: teams\nscoring: league\n", "persons play in a league"},
        {HEAD TIME "plays: persons\nscoring: league\nannounce: true\n", "no result"},
        {HEAD TIME "plays: everybody\nscoring: sum\n", "plays"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        refused(*state, files[i].text, files[i].reason);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_least_there_must_be, setup, teardown),
        cmocka_unit_test_setup_teardown(all_there_can_be, setup, teardown),
        cmocka_unit_test_setup_teardown(the_example_is_right, setup, teardown),
        cmocka_unit_test_setup_teardown(a_kind_stands_for_all_its_rules, setup, teardown),
        cmocka_unit_test_setup_teardown(teams_go_by_their_names_folded, setup, teardown),
        cmocka_unit_test_setup_teardown(a_league_takes_its_rules_from_the_pack, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_refused_with_its_line, setup, teardown),
    };
    return cmocka_run_group_tests_name("bot/contest_plan", tests, NULL, NULL);
}
