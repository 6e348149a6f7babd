#include "bot/team_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

/* The keys are not in order: team_sort() is to see to that. */
static struct team_person people[] = {
    {"c", "C", "丙", "公司/华东/销售", true, 0, 0},
    {"a", "A", "甲", "公司/华东/销售/一组", true, 7, 0},
    {"b", "B", "乙", "公司/华北/销售", false, 0, 0},
    {"d", "D", "丁", "公司/华北", true, 0, 0},
    {"e", "E", "戊", "公司", true, 0, 0},
    {"f", "F", "己", "公司二/R&D", true, 0, 0},
    {"g", "G", "庚", "", true, 0, 0},
};
static struct team_known teams[] = {{7, "华东", "华东", "", 0}, {8, "第 1 队", "第1队", "", 0}};

#define PEOPLE (sizeof people / sizeof *people)

static struct team_world world;
static struct team_plan *plan;
static const char *problem;
static void *ctx;

static int setup(void **state) {
    (void)state;
    ctx = talloc_new(NULL);
    world = (struct team_world){people, PEOPLE, teams, 2};
    team_sort(&world);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    talloc_free(ctx);
    return 0;
}

/* "a:华东 b:华北 c:- …" */
static const char *drawn(void) {
    static char text[400];
    *text = '\0';
    for (unsigned i = 0; i < PEOPLE; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s:%s", i ? " " : "",
                 people[i].key, people[i].to < 0 ? "-" : plan->teams[people[i].to].name);
    return text;
}

static void departments(const char *path, unsigned depth, const char *expected) {
    assert_int_equal(team_plan_departments(ctx, &world, path, depth, &plan, &problem), 0);
    assert_string_equal(drawn(), expected);
}

static void departments_become_teams(void **state) {
    (void)state;
    departments("公司", 1, "a:华东 b:华北 c:华东 d:华北 e:- f:- g:-");
    assert_int_equal(plan->count, 2);
    assert_int_equal(plan->people, 4);
    assert_int_equal(plan->left_over, 1);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(plan->teams[i].id, strcmp(plan->teams[i].name, "华东") == 0 ? 7 : 0);
    departments("公司/华东", 1, "a:销售 b:- c:销售 d:- e:- f:- g:-");
    departments("", 1, "a:公司 b:公司 c:公司 d:公司 e:公司 f:公司二 g:-");
}

static void departments_of_one_name_are_told_apart(void **state) {
    (void)state;
    departments("公司", 2, "a:华东 销售 b:华北 销售 c:华东 销售 d:- e:- f:- g:-");
    assert_int_equal(plan->left_over, 2);
}

static void a_departments_name_is_made_to_fit(void **state) {
    (void)state;
    departments("公司二", 1, "a:- b:- c:- d:- e:- f:R＆D g:-");
    struct team_person one = {"k", "K", "k", "公司/一二三四五六七八九十一二三四五六七八九十一",
                              0,   0,   0};
    struct team_world small = {&one, 1, NULL, 0};
    assert_int_equal(team_plan_departments(ctx, &small, "公司", 1, &plan, &problem), 0);
    assert_string_equal(plan->teams[0].name, "一二三四五六七八九十一二三四五六七八九十");
}

static void nobody_below_a_path_is_a_problem(void **state) {
    (void)state;
    assert_int_equal(team_plan_departments(ctx, &world, "公", 1, &plan, &problem), -1);
    assert_int_equal(team_plan_departments(ctx, &world, "公司/华东/销售/一组", 1, &plan, &problem),
                     -1);
}

/* for k in a c d e f g; do echo $(printf 2026:$k | sha256sum) $k; done | sort
 * says a f c g d e; b is not bound. */
static void a_lot_is_even_and_can_be_checked(void **state) {
    (void)state;
    assert_int_equal(team_plan_lot(ctx, &world, 4, "2026", "秋", &plan, &problem), 0);
    char first[400];
    snprintf(first, sizeof first, "%s", drawn());
    assert_string_equal(
        first, "a:秋第 1 队 b:- c:秋第 1 队 d:秋第 1 队 e:秋第 2 队 f:秋第 2 队 g:秋第 2 队");
    assert_int_equal(plan->count, 2);
    assert_int_equal(plan->teams[0].people, 3);
    assert_int_equal(plan->teams[1].people, 3);
    assert_int_equal(team_plan_lot(ctx, &world, 4, "2026", "秋", &plan, &problem), 0);
    assert_string_equal(drawn(), first);
    assert_int_equal(team_plan_lot(ctx, &world, 4, "2027", "秋", &plan, &problem), 0);
    assert_string_not_equal(drawn(), first);
    assert_int_equal(team_plan_lot(ctx, &world, 5, "2026", "秋", &plan, &problem), 0);
    assert_int_equal(plan->count, 2);
    assert_int_equal(team_plan_lot(ctx, &world, 6, "2026", "秋", &plan, &problem), 0);
    assert_int_equal(plan->count, 1);
}

static void a_lot_leaves_other_teams_alone(void **state) {
    (void)state;
    assert_int_equal(team_plan_lot(ctx, &world, 4, "2026", "", &plan, &problem), -1);
    assert_non_null(strstr(problem, "第 1 队"));
    teams[1].drawn = "seed 2026, teams of 4"; /* was killed half way */
    assert_int_equal(team_plan_lot(ctx, &world, 4, "2026", "", &plan, &problem), 0);
    assert_int_equal(plan->teams[0].id, 8);
    assert_int_equal(plan->teams[1].id, 0);
    teams[1].drawn = "";
}

static int file(const char *text) {
    return team_plan_file(ctx, &world, text, strlen(text), &plan, &problem);
}

static void a_file_says_who_plays_where(void **state) {
    (void)state;
    assert_int_equal(
        file("\xef\xbb\xbf姓名,战队,工号\r\n甲, 红队 ,Ａ\r\n,\"红 队\",b\r\n\r\n丙,华东,c\r\n"), 0);
    assert_string_equal(drawn(), "a:红队 b:红队 c:华东 d:- e:- f:- g:-");
    assert_int_equal(plan->bad_count, 0);
    assert_int_equal(plan->count, 2);
    assert_int_equal(plan->teams[0].id, 0);
    assert_int_equal(plan->teams[1].id, 7);
    assert_int_equal(plan->teams[0].people, 2);
}

static void bad_rows_are_told_with_line_and_reason(void **state) {
    (void)state;
    assert_int_equal(file("number,team\na,红队\n,红队\nb,\nx,红队\na,蓝队\nc,R&D\nd,\"a\x01\"\n"
                          "e,一二三四五六七八九十一二三四五六七八九十一\n\"f\"x,红队\ng,红队\n"),
                     0);
    static const struct team_bad expected[] = {
        {3, "no employee number"},
        {4, "no team"},
        {5, "employee number x is not on the roster, or has left"},
        {6, "employee number a is there twice"},
        {7, "a name has none of & < > \" # %, as it stands in a link"},
        {8, "a name has no control characters"},
        {9, "a name has 1 to 20 characters"},
        {10, NULL},
    };
    assert_int_equal(plan->bad_count, sizeof expected / sizeof *expected);
    for (unsigned i = 0; i < plan->bad_count; i++) {
        assert_int_equal(plan->bad[i].line, expected[i].line);
        if (expected[i].reason)
            assert_string_equal(plan->bad[i].reason, expected[i].reason);
    }
    assert_string_equal(drawn(), "a:红队 b:- c:- d:- e:- f:- g:红队");
}

static void a_file_that_is_none_is_a_problem(void **state) {
    (void)state;
    static const char *const files[] = {"",
                                        "\n",
                                        "工号\na\n",
                                        "战队\nb\n",
                                        "工号,战队\na,\"红队\n",
                                        "\xff\xfe"
                                        "1"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        problem = NULL;
        assert_int_equal(file(files[i]), -1);
        assert_non_null(problem);
    }
}

static void a_name_is_short_and_fits_a_link(void **state) {
    (void)state;
    static const struct {
        const char *text, *name, *folded; /* NULL: refused */
    } names[] = {
        {"红队", "红队", "红队"},
        {" \u3000A 队　", "A 队", "a队"},
        {"一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十一二三四五六七八九十",
         "一二三四五六七八九十一二三四五六七八九十"},
        {"一二三四五六七八九十一二三四五六七八九十一", NULL, NULL},
        {"", NULL, NULL},
        {" ", NULL, NULL},
        {"a\tb", NULL, NULL},
        {"a\xc2\x85"
         "b",
         NULL, NULL},
        {"a\x7f"
         "b",
         NULL, NULL},
        {"<b>", NULL, NULL},
        {"\xff", NULL, NULL},
        {"Ａ＆Ｂ", "Ａ＆Ｂ", "a&b"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name, *folded, *wrong = team_name(ctx, names[i].text, &name, &folded);
        if (!names[i].name) {
            assert_non_null(wrong);
            continue;
        }
        assert_null(wrong);
        assert_string_equal(name, names[i].name);
        assert_string_equal(folded, names[i].folded);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(departments_become_teams),
        cmocka_unit_test(departments_of_one_name_are_told_apart),
        cmocka_unit_test(a_departments_name_is_made_to_fit),
        cmocka_unit_test(nobody_below_a_path_is_a_problem),
        cmocka_unit_test(a_lot_is_even_and_can_be_checked),
        cmocka_unit_test(a_lot_leaves_other_teams_alone),
        cmocka_unit_test(a_file_says_who_plays_where),
        cmocka_unit_test(bad_rows_are_told_with_line_and_reason),
        cmocka_unit_test(a_file_that_is_none_is_a_problem),
        cmocka_unit_test(a_name_is_short_and_fits_a_link),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
