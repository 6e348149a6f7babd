#include "bot/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

#define TODAY 20261121

static int setup(void **state) {
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static struct roster *read_bytes(void *ctx, const char *bytes, size_t length) {
    struct roster *roster = NULL;
    const char *problem = "";
    if (roster_read(ctx, bytes, length, ENCODING_ANY, TODAY, &roster, &problem))
        fail_msg("%s", problem);
    return roster;
}

static struct roster *read(void *ctx, const char *text) {
    return read_bytes(ctx, text, strlen(text));
}

/* --- Reading --- */

static void columns_come_in_any_order_in_chinese_or_english(void **state) {
    static const char *const texts[] = {
        "工号,姓名,部门,上级,手机尾号,入职日期,离职日期,标签\nE7,张三,公司,李四,1234,2020-01-02,,"
        "a\n",
        "标签,部门,姓名,工号,离职日期,手机尾号,上级,入职日期\na,公司,张三,E7,,1234,李四,2020-01-"
        "02\n",
        "Number,Name,Department,Manager,Mobile,Joined,Left,Tags\n"
        "E7,张三,公司,李四,1234,2020-01-02,,a\n",
        " 员工编号 ,姓　名,所属部门,直属上级,手机号,入职时间,离职时间,TAGS\n"
        "E7,张三,公司,李四,13800001234,2020-01-02,,a\n",
        "工号,邮箱,姓名,部门,上级,手机,入职,离职,标签,备注\n"
        "E7,x@y,张三,公司,李四,138-0000-1234,2020-01-02,,a,b\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct roster *roster = read(*state, texts[i]);
        assert_int_equal(roster->count, 1);
        assert_int_equal(roster->bad_count, 0);
        const struct roster_person *person = &roster->people[0];
        assert_string_equal(person->key, "e7");
        static const char *const cells[] = {"E7",   "张三",       "公司", "李四",
                                            "1234", "2020-01-02", "",     "a"};
        for (int c = 0; c < ROSTER_COLUMNS; c++)
            assert_string_equal(person->cells[c], cells[c]);
    }
    struct roster *roster = read(*state, texts[4]);
    assert_int_equal(roster->ignored_count, 2);
    assert_string_equal(roster->ignored[0], "邮箱");
    assert_string_equal(roster->ignored[1], "备注");
}

static void files_that_cannot_be_used_are_refused(void **state) {
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"", "the file is empty"},
        {"\n\n", "the file is empty"},
        {"10086,张三,公司\n", "工号"},
        {"工号,姓名\n", "部门"},
        {"工号,姓名,部门,编号\n", "two columns are 工号"},
        {"工号,姓名,部门\n1,张三,\"公司\n2,李四,公司\n", "line 2: a quote"},
        {"\"工号\"x,姓名,部门\n", "closing quote"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct roster *roster = NULL;
        const char *problem = "";
        assert_int_equal(roster_read(*state, cases[i].text, strlen(cases[i].text), ENCODING_ANY,
                                     TODAY, &roster, &problem),
                         -1);
        if (!strstr(problem, cases[i].problem))
            fail_msg("%s: %s", cases[i].text, problem);
    }
}

static void bad_rows_are_told_by_line_and_reason(void **state) {
    static const struct {
        const char *row, *reason;
    } cases[] = {
        {",张三,公司,1234,,", "no employee number"},
        {"\u200b,张三,公司,1234,,", "no employee number"},
        {"7,,公司,1234,,", "no name"},
        {"7,\"　 \",公司,1234,,", "no name"},
        {"123456789012345678901234567890123,张三,公司,,,", "longer than 32"},
        {"7,一二三四五六七八九十一二三四五六七八九十一,公司,,,", "longer than 60"},
        {"7,张三,公司//销售部,,,", "an empty part"},
        {"7,张三,/公司,,,", "an empty part"},
        {"7,张三,公司/,,,", "an empty part"},
        {"7,张三,公司,12a4,,", "other characters than digits"},
        {"7,张三,公司,-,,", "other characters than digits"},
        {"7,张三,公司,1234,昨天,", "入职日期: \"昨天\" is no date"},
        {"7,张三,公司,1234,,2026-02-30", "离职日期: \"2026-02-30\" is no date"},
        {"7,张三,公司,1234,2026-02-02,2026-02-01", "left before"},
        {"7,张三,公司,1234,,,多", "more cells"},
        {"7,张\x01三,公司,1234,,", "a control character"},
        {"7,张三,\"公司\"x,1234,,", "closing quote"},
        {"8,李四,公司,,,", "8 stands in line 2 already"},
        {"８,李四,公司,,,", "８ stands in line 2 already"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char *text =
            talloc_asprintf(*state,
                            "工号,姓名,部门,手机尾号,入职日期,离职日期\n8,\"王\n五\",公司,,,\n%s\n"
                            "9,赵六,公司,,,\n",
                            cases[i].row);
        struct roster *roster = read(*state, text);
        assert_int_equal(roster->count, 2);
        assert_string_equal(roster->people[1].key, "9");
        assert_int_equal(roster->people[1].place, 2);
        if (roster->bad_count != 1)
            fail_msg("%s: %u bad rows", cases[i].row, roster->bad_count);
        assert_int_equal(roster->bad[0].line, 4);
        if (!strstr(roster->bad[0].reason, cases[i].reason))
            fail_msg("%s: %s", cases[i].row, roster->bad[0].reason);
    }
}

static void rows_that_are_short_or_padded_are_fine(void **state) {
    struct roster *roster =
        read(*state, "工号,姓名,部门,标签\n7, 张三　\n\n,,,\n8,李四,公司,,,,\n");
    assert_int_equal(roster->count, 2);
    assert_int_equal(roster->bad_count, 0);
    assert_string_equal(roster->people[0].cells[ROSTER_NAME], "张三");
    assert_string_equal(roster->people[0].cells[ROSTER_DEPARTMENT], "");
    assert_int_equal(roster->people[1].line, 5);
}

static void a_formula_is_data(void **state) {
    struct roster *roster =
        read(*state,
             "工号,姓名,部门,标签\n7,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",公司,+1\n"
             "\"=\"\"00123\"\"\",@李,公司,-2\n");
    assert_string_equal(roster->people[0].cells[ROSTER_NAME], "=HYPERLINK(\"http://x\",\"y\")");
    assert_string_equal(roster->people[1].key, "00123"); /* what Excel makes of it */
    assert_string_equal(roster->people[1].cells[ROSTER_NUMBER], "=\"00123\"");
    assert_string_equal(roster->people[1].cells[ROSTER_NAME], "@李");
}

static void one_is_gone_from_the_day_after_the_last(void **state) {
    struct roster *roster = read(*state,
                                 "工号,姓名,部门,离职日期\n1,a,公司,2026-11-20\n"
                                 "2,b,公司,2026/11/21\n3,c,公司,\n4,d,公司,2027年1月1日\n");
    assert_true(roster->people[0].gone);
    assert_false(roster->people[1].gone);
    assert_false(roster->people[2].gone);
    assert_false(roster->people[3].gone);
}

static void dates_are_read_as_people_write_them(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int date;
    } cases[] = {
        {"2026-11-21", 20261121},
        {"2026/1/2", 20260102},
        {"2026.01.02", 20260102},
        {"20260102", 20260102},
        {"2026年1月2日", 20260102},
        {"2024-02-29", 20240229},
        {"2026/1/2 0:00:00", 20260102},
        {"2026-1/2", 0},
        {"2026-13-01", 0},
        {"2026-00-01", 0},
        {"2025-02-29", 0},
        {"26-01-02", 0},
        {"2026-01", 0},
        {"2026-01-02x", 0},
        {"", 0},
        {"2026年1月", 0},
        {"202601021", 0},
        {"2026-01-02T00:00", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (roster_date(cases[i].text) != cases[i].date)
            fail_msg("%s is %d", cases[i].text, roster_date(cases[i].text));
}

static void a_tag_is_found_among_others_and_only_whole(void **state) {
    (void)state;
    static const char *const has[] = {"导师",    "骨干、导师", "导师；骨干", "a,导师,b",
                                      " 导师\n", "骨干　导师", "a/导师|b"};
    static const char *const has_not[] = {"", "导师生", "准导师", "骨干、副导师", "导 师", "导"};
    for (size_t i = 0; i < sizeof(has) / sizeof(*has); i++)
        if (!roster_tagged(has[i], "导师"))
            fail_msg("not in %s", has[i]);
    for (size_t i = 0; i < sizeof(has_not) / sizeof(*has_not); i++)
        if (roster_tagged(has_not[i], "导师"))
            fail_msg("in %s", has_not[i]);
}

#define MENTORS "工号,姓名,部门\n"

static void who_becomes_a_mentor_is_a_change(void **state) {
    struct roster *before = read(*state, MENTORS "1,a,公司\n2,b,公司\n");
    struct roster *after = read(*state, MENTORS "1,a,公司\n2,b,公司\n");
    struct roster_plan *plan;
    after->people[1].mentor = true; /* by another mentor_tag, say */
    assert_int_equal(roster_compare(*state, before->people, before->count, after, &plan), 0);
    assert_int_equal(plan->changes_count, 1);
    assert_int_equal(plan->puts_count, 1);
}

static void tails_keep_no_more_than_four_digits(void **state) {
    static const char *const cases[][2] = {
        {"1234", "1234"}, {"13800001234", "1234"}, {"+86 138-0000-1234", "1234"},
        {"12", "12"},     {"１２３４", "1234"},    {"", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct roster *roster =
            read(*state, talloc_asprintf(*state, "工号,姓名,部门,手机\n7,a,b,%s\n", cases[i][0]));
        assert_string_equal(roster->people[0].cells[ROSTER_TAIL], cases[i][1]);
    }
}

/* --- Writing --- */

static void export_is(const struct roster *roster, const char *head, const char *bytes,
                      size_t length) {
    char *text;
    size_t written;
    FILE *out = open_memstream(&text, &written);
    struct roster_form *form = roster_form(NULL, head);
    assert_non_null(form);
    assert_int_equal(roster_write(form, out, NULL), 0);
    for (unsigned i = 0; i < roster->count; i++)
        assert_int_equal(roster_write(form, out, &roster->people[i]), 0);
    assert_int_equal(roster_write_end(form, out), 0);
    fclose(out);
    talloc_free(form);
    if (written != length || memcmp(text, bytes, length) != 0)
        fail_msg("expected %zu:\n%s\ngot %zu:\n%s", length, bytes, written, text);
    free(text);
}

static void what_came_is_given_back_to_the_byte(void **state) {
    static const char *const texts[] = {
        "工号,姓名,部门,上级,手机尾号,入职日期,离职日期,标签\r\n7,张三,公司/"
        "销售部,李四,1234,2020-01-02,,a\r\n",
        "\xef\xbb\xbf工号,姓名,部门\r\n7,张三,公司\r\n",
        "工号,姓名,部门\n7,张三,公司",
        "工号,姓名,部门\r7,张三,公司\r",
        "部门,工号,name\n公司,E 7,张三\n,８,李四\n",
        "\"工号\",\"姓名\",部门\n\"7\",\"张三\",\"公司\"\n8,李四,\"\"\n",
        "工号,姓名,部门,标签\n7,\"张\n三\",\"公,司\",\"a\"\"b\"\n8,=1+1,\"@x\",-\n",
        "\xb9\xa4\xba\xc5,\xd0\xd5\xc3\xfb,\xb2\xbf\xc3\xc5\r\n"
        "7,\xd5\xc5\xc8\xfd,\xb9\xab\xcb\xbe\r\n",
        "工号,姓名,部门\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct roster *roster = read(*state, texts[i]);
        assert_int_equal(roster->bad_count, 0);
        export_is(roster, roster->head, texts[i], strlen(texts[i]));
    }
}

static void quotes_that_were_missing_are_written(void **state) {
    static const char came[] = "工号,姓名\",部门\n7,张\"三,公司\n";
    static const char given[] = "工号,\"姓名\"\"\",部门\n7,\"张\"\"三\",公司\n";
    struct roster *roster = read(*state, came);
    export_is(roster, roster->head, given, sizeof given - 1);
}

static void without_a_head_the_form_is_ours(void **state) {
    static const char text[] =
        "\xef\xbb\xbf工号,姓名,部门,上级,手机尾号,入职日期,离职日期,标签\r\n7,张三,公司,,,,,\r\n";
    struct roster *roster = read(*state, text);
    export_is(roster, "", text, sizeof text - 1);
    assert_null(roster_form(*state, "what is that"));
}

/* --- Comparing --- */

#define HEADINGS "工号,姓名,部门,离职日期\n"

static struct roster_plan *compare(void *ctx, const char *before, const char *after) {
    struct roster *old = read(ctx, before), *new = read(ctx, after);
    struct roster_plan *plan = NULL;
    assert_int_equal(roster_compare(ctx, old->people, old->count, new, &plan), 0);
    return plan;
}

/* "joins moves changes leavers renames puts" */
static void plan_is(const struct roster_plan *plan, const char *expected) {
    char text[96];
    snprintf(text, sizeof text, "%u %u %u %u %u %u", plan->joins_count, plan->moves_count,
             plan->changes_count, plan->leavers_count, plan->renames_count, plan->puts_count);
    assert_string_equal(text, expected);
}

static void each_kind_of_change_is_told_apart(void **state) {
    static const struct {
        const char *before, *after, *plan;
    } cases[] = {
        {"", "", "0 0 0 0 0 0"},
        {"", "1,a,公司\n2,b,公司\n", "2 0 0 0 0 2"},
        {"1,a,公司\n2,b,公司\n", "1,a,公司\n2,b,公司\n", "0 0 0 0 0 0"},
        {"1,a,公司\n2,b,公司\n", "2,b,公司\n1,a,公司\n", "0 0 0 0 0 2"}, /* order only */
        {"1,a,公司\n2,b,公司\n", "1,a,公司\n", "0 0 0 1 0 0"},
        {"1,a,公司\n", "1,a,公司,2026-01-01\n", "0 0 0 1 0 1"},
        {"1,a,公司,2026-01-01\n", "1,a,公司,2026-01-01\n", "0 0 0 0 0 0"},
        {"1,a,公司,2026-01-01\n", "1,a,公司\n", "0 0 1 0 0 1"}, /* is back */
        {"1,a,公司\n", "1,a2,公司\n", "0 0 1 0 0 1"},
        {"1,a,公司/销售部\n2,b,公司/市场部\n", "1,a,公司/市场部\n2,b,公司/市场部\n", "0 1 0 0 0 1"},
        {"E1,a,公司\n", "e1,a,公司\n", "0 0 1 0 0 1"},
        {"1,a,公司\n", "\"1\",a,公司\n", "0 0 0 0 0 1"}, /* quotes only */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        plan_is(compare(*state, talloc_asprintf(*state, HEADINGS "%s", cases[i].before),
                        talloc_asprintf(*state, HEADINGS "%s", cases[i].after)),
                cases[i].plan);
}

static void a_renamed_department_moves_nobody(void **state) {
    struct roster_plan *plan = compare(
        *state,
        HEADINGS "1,a,公司/销售部/华东\n2,b,公司/销售部/华北\n3,c,公司/销售部\n4,d,公司/市场部\n",
        HEADINGS "1,a,公司/营销部/华东\n2,b,公司/营销部/华北\n3,c,公司/营销部\n4,d,公司/市场部\n");
    plan_is(plan, "0 0 0 0 3 3");
    assert_string_equal(plan->renames[0].from, "公司/销售部");
    assert_string_equal(plan->renames[0].to, "公司/营销部");
    assert_int_equal(plan->renames[0].people, 3);
    assert_false(plan->renames[0].follows);
    assert_true(plan->renames[1].follows);
    assert_true(plan->renames[2].follows);
}

static void a_department_is_renamed_only_by_most_of_its_people(void **state) {
    /* Half go to a new department, half to another new one: the old one is no more. */
    plan_is(compare(*state, HEADINGS "1,a,公司/甲\n2,b,公司/甲\n",
                    HEADINGS "1,a,公司/乙\n2,b,公司/丙\n"),
            "0 2 0 0 0 2");
    /* Two of three, and one to a department that was there. */
    plan_is(compare(*state, HEADINGS "1,a,公司/甲\n2,b,公司/甲\n3,c,公司/甲\n4,d,公司/丁\n",
                    HEADINGS "1,a,公司/乙\n2,b,公司/乙\n3,c,公司/丁\n4,d,公司/丁\n"),
            "0 1 0 0 1 3");
    /* The old one is still there: they have moved. */
    plan_is(compare(*state, HEADINGS "1,a,公司/甲\n2,b,公司/甲\n3,c,公司/甲\n",
                    HEADINGS "1,a,公司/乙\n2,b,公司/乙\n3,c,公司/甲\n"),
            "0 2 0 0 0 2");
    /* Two become one: the larger gives its place, the people of the other move. */
    plan_is(compare(*state, HEADINGS "1,a,公司/甲\n2,b,公司/甲\n3,c,公司/乙\n",
                    HEADINGS "1,a,公司/丙\n2,b,公司/丙\n3,c,公司/丙\n"),
            "0 1 0 0 1 3");
}

static void a_department_that_goes_elsewhere_is_the_same(void **state) {
    struct roster_plan *plan = compare(*state, HEADINGS "1,a,甲/组\n2,b,甲\n3,c,乙\n",
                                       HEADINGS "1,a,乙/组\n2,b,甲\n3,c,乙\n");
    plan_is(plan, "0 0 0 0 1 1");
    assert_string_equal(plan->renames[0].to, "乙/组");
    assert_false(plan->renames[0].follows);
}

static void who_stands_in_a_bad_row_is_no_leaver(void **state) {
    struct roster_plan *plan =
        compare(*state, HEADINGS "1,a,公司\n2,b,公司\n3,c,公司\n", HEADINGS "1,a,公司\n2,,公司\n");
    plan_is(plan, "0 0 0 1 0 0");
    assert_string_equal(plan->leavers[0].before->key, "3");
    assert_int_equal(plan->spared, 1);
    /* It cannot even be told who it is. */
    plan =
        compare(*state, HEADINGS "1,a,公司\n2,b,公司\n3,c,公司\n", HEADINGS "1,a,公司\n,b,公司\n");
    plan_is(plan, "0 0 0 0 0 0");
    assert_int_equal(plan->spared, 2);
}

/* So many people, of whom so many are no longer in the file. */
static struct roster_plan *dropping(void *ctx, unsigned people, unsigned dropped) {
    char *before = talloc_strdup(ctx, HEADINGS), *after = talloc_strdup(ctx, HEADINGS);
    for (unsigned i = 0; i < people; i++) {
        before = talloc_asprintf_append(before, "%u,a,公司\n", i);
        if (i >= dropped)
            after = talloc_asprintf_append(after, "%u,a,公司\n", i);
    }
    return compare(ctx, before, after);
}

static void no_more_than_a_share_is_dropped_at_once(void **state) {
    static const struct {
        unsigned people, dropped, percent;
        bool too_many;
    } cases[] = {
        {100, 5, 5, false},   {100, 6, 5, true},  {100, 1, 0, true},  {100, 0, 0, false},
        {3, 1, 5, false},     {3, 2, 5, true},    {119, 5, 5, false}, {119, 6, 5, true},
        {10, 10, 100, false}, {10, 10, 99, true}, {1, 1, 5, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (roster_drops_too_many(dropping(*state, cases[i].people, cases[i].dropped),
                                  cases[i].percent) != cases[i].too_many)
            fail_msg("%u of %u at %u %%", cases[i].dropped, cases[i].people, cases[i].percent);
}

static void who_had_left_before_is_not_dropped_again(void **state) {
    struct roster_plan *plan =
        compare(*state, HEADINGS "1,a,公司,2026-01-01\n2,b,公司,2026-01-01\n3,c,公司\n",
                HEADINGS "3,c,公司\n");
    assert_int_equal(plan->leavers_count, 2);
    assert_int_equal(plan->active, 1);
    assert_false(roster_drops_too_many(plan, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_come_in_any_order_in_chinese_or_english),
        cmocka_unit_test(files_that_cannot_be_used_are_refused),
        cmocka_unit_test(bad_rows_are_told_by_line_and_reason),
        cmocka_unit_test(rows_that_are_short_or_padded_are_fine),
        cmocka_unit_test(a_formula_is_data),
        cmocka_unit_test(one_is_gone_from_the_day_after_the_last),
        cmocka_unit_test(dates_are_read_as_people_write_them),
        cmocka_unit_test(a_tag_is_found_among_others_and_only_whole),
        cmocka_unit_test(who_becomes_a_mentor_is_a_change),
        cmocka_unit_test(tails_keep_no_more_than_four_digits),
        cmocka_unit_test(what_came_is_given_back_to_the_byte),
        cmocka_unit_test(quotes_that_were_missing_are_written),
        cmocka_unit_test(without_a_head_the_form_is_ours),
        cmocka_unit_test(each_kind_of_change_is_told_apart),
        cmocka_unit_test(a_renamed_department_moves_nobody),
        cmocka_unit_test(a_department_is_renamed_only_by_most_of_its_people),
        cmocka_unit_test(a_department_that_goes_elsewhere_is_the_same),
        cmocka_unit_test(who_stands_in_a_bad_row_is_no_leaver),
        cmocka_unit_test(no_more_than_a_share_is_dropped_at_once),
        cmocka_unit_test(who_had_left_before_is_not_dropped_again),
    };
    return cmocka_run_group_tests_name("bot/roster", tests, setup, teardown);
}
