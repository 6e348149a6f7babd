#include "bot/question_words.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <string.h>
#include <talloc.h>

static struct account account;
static struct question_words words = {.account = &account};

static int setup(void **state) {
    static struct config installation = {.public_url = "http://here"};
    static struct config_account config = {.name = "demo"};
    struct yaml_problem problem;
    void *ctx = talloc_new(NULL);
    *state = ctx;
    account = (struct account){.installation = &installation, .config = &config};
    words.ctx = ctx;
    return copy_load(ctx, "templates/starter", "T", &account.copy, &problem) ||
           rules_load(ctx, "templates/starter", &account.rules, &problem) ||
           courses_load(ctx, "templates", "starter", &account.courses, &problem);
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static void a_text_is_kept_in_one_line_and_within_its_room(void **state) {
    static const struct {
        const char *text, *kept;
        size_t most;
    } cases[] = {
        {"how", "how", 10},
        {" \n how\r\n\tmany ", "how   many", 20},
        {"一二三四", "一二三四", 12},
        {"一二三四", "一二…", 11}, /* never a part of a character */
        {"一二三四", "一二…", 9},
        {"a\x01\x7f"
         "b\xc2\x9f"
         "c",
         "a  b  c", 20},
        {"", "", 10},
        {"   ", "", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(question_words_text(*state, cases[i].text, cases[i].most),
                            cases[i].kept);
}

static void a_list_shows_the_beginning(void **state) {
    assert_string_equal(question_words_clip(*state, "一二三", 3), "一二三");
    assert_string_equal(question_words_clip(*state, "一二三四", 3), "一二三…");
    assert_string_equal(question_words_clip(*state, "", 3), "");
}

static void the_time_that_is_left_is_said_in_hours(void **state) {
    (void)state;
    static const struct {
        int64_t by;
        const char *said;
    } cases[] = {
        {86400, "还剩 24 小时"}, {86399, "还剩 24 小时"}, {5399, "还剩 1 小时"},
        {3600, "还剩 1 小时"},   {3599, "剩不到 1 小时"}, {0, "剩不到 1 小时"},
        {-1, "刚过时限"},        {-3599, "刚过时限"},     {-7200, "已超 2 小时"},
    };
    words.now = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(question_words_left(&words, cases[i].by), cases[i].said);
}

static void an_asker_has_no_name_where_boards_are_anonymous(void **state) {
    (void)state;
    assert_string_equal(question_words_asker(&words, 7, "何以宁"), "何以宁");
    assert_string_equal(question_words_asker(&words, 7, ""), "学友 0007");
    account.rules->boards.anonymous = true;
    assert_string_equal(question_words_asker(&words, 7, "何以宁"), "学友 0007");
    assert_string_equal(question_words_mentor(&words, "何以宁"), "何以宁");
    account.rules->boards.anonymous = false;
}

static void a_course_that_is_no_more_is_not_shown(void **state) {
    (void)state;
    assert_string_equal(question_words_course(&words, ""), "");
    assert_string_equal(question_words_course(&words, "gone"), "");
    assert_non_null(
        strstr(question_words_course(&words, "hook"), "http://here/h5/demo/course/hook"));
}

static void a_notice_says_what_the_store_told(void **state) {
    (void)state;
    char *text = question_words_plain(&words, "question_answered",
                                      "12\n何以宁\nhook\n怎么<回>\n先听，再问 <a>");
    assert_non_null(
        strstr(text, "何以宁回答了你的问题\n第 12 号「怎么＜回＞」\n\n先听，再问 ＜a＞"));
    assert_non_null(strstr(text, "/h5/demo/course/hook"));
    text = question_words_plain(&words, "question_waiting", "3\n12\n7200\n怎么回");
    assert_non_null(strstr(text, "还有 3 个问题"));
    assert_non_null(strstr(text, "还剩 2 小时"));
    assert_null(question_words_plain(&words, "question_waiting", "3\n12"));
    assert_null(question_words_plain(&words, "question_waiting", ""));
    assert_null(question_words_plain(&words, "war_report", "3\n12\n7200\n怎么回"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_kept_in_one_line_and_within_its_room),
        cmocka_unit_test(a_list_shows_the_beginning),
        cmocka_unit_test(the_time_that_is_left_is_said_in_hours),
        cmocka_unit_test(an_asker_has_no_name_where_boards_are_anonymous),
        cmocka_unit_test(a_course_that_is_no_more_is_not_shown),
        cmocka_unit_test(a_notice_says_what_the_store_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
