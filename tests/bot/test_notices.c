#include "bot/notices.h"

#include "tests/bot/pack.h"

static int setup(void **state) {
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static struct notices *load(void *ctx, const char *directory) {
    struct notices *notices = NULL;
    struct yaml_problem problem = {""};
    if (notices_load(ctx, directory, &notices, &problem))
        fail_msg("%s", problem.text);
    return notices;
}

static const struct copy_var vars[] = {
    {"streak", "12", false},
    {"day", "13", false},
    {"days_left", "8", false},
    {"time", "20:30", false},
    {"url", "https://learn.example.com/h5/demo/course/listening", false},
};

static void starter_reminds_whole(void **state) {
    struct notices *notices = load(*state, "templates/starter");
    struct wx_template_message message = {.touser = "o1", .template_id = "T"};
    assert_int_equal(notices_render(*state, notices, NOTICE_streak_at_risk, vars, 5, &message), 0);
    static const char *const expected[][3] = {
        {"thing1", "今天还没签到，来一下就好", "温馨提示"},
        {"number2", "12", "已连续天数"},
        {"time3", "23:59", "今日截止"},
        {"thing4", "21 天走到第 13 天，别断", "学习进度"},
    };
    assert_int_equal(message.field_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(message.fields[i].name, expected[i][0]);
        assert_string_equal(message.fields[i].value, expected[i][1]);
        assert_string_equal(notices_label(notices, NOTICE_streak_at_risk, message.fields[i].name),
                            expected[i][2]);
    }
    assert_string_equal(message.url, "https://learn.example.com/h5/demo/course/listening");
    assert_string_equal(message.touser, "o1");
    assert_string_equal(message.template_id, "T");
    assert_string_equal(notices_title(notices, NOTICE_streak_at_risk), "学习打卡提醒");
    assert_string_equal(notices_label(notices, NOTICE_streak_at_risk, "thing9"), "");
}

static void starter_tells_of_a_war_report(void **state) {
    static const struct copy_var report[] = {
        {"kind", "周战报", false},
        {"when", "11月16日—11月22日", false},
        {"who", "欧阳娜娜", false},
        {"points", "120", false},
        {"active", "3000", false},
        {"url", "https://learn.example.com/h5/report/demo/x.png", false},
    };
    struct notices *notices = load(*state, "templates/starter");
    struct wx_template_message message = {.touser = "o1", .template_id = "T"};
    assert_true(notices_has(notices, NOTICE_war_report));
    assert_int_equal(notices_render(*state, notices, NOTICE_war_report, report, 6, &message), 0);
    assert_int_equal(message.field_count, 4);
    assert_string_equal(message.fields[0].value, "周战报来了，点开看看谁在前面"); /* whole */
    assert_string_equal(message.fields[1].value, "11月16日—11月22日");
    assert_string_equal(message.fields[3].value, "3000");
    assert_string_equal(message.url, report[5].value);
}

static void notices_have_names(void **state) {
    (void)state;
    assert_int_equal(notices_find("streak_at_risk"), NOTICE_streak_at_risk);
    assert_int_equal(notices_find("streak"), -1);
    assert_string_equal(notices_name(NOTICE_streak_at_risk), "streak_at_risk");
}

static struct pack *pack_with(void *ctx, const char *url, const char *name, const char *value) {
    return pack_of(ctx, "notices.yaml",
                   talloc_asprintf(ctx,
                                   "streak_at_risk:\n"
                                   "  title: T\n"
                                   "%s"
                                   "  fields:\n"
                                   "    - name: %s\n"
                                   "      label: L\n"
                                   "      value: \"%s\"\n",
                                   url, name, value));
}

static void a_pack_may_leave_the_war_report_out(void **state) {
    struct notices *notices = load(*state, pack_with(*state, "", "thing1", "x")->directory);
    assert_true(notices_has(notices, NOTICE_streak_at_risk));
    assert_false(notices_has(notices, NOTICE_war_report));
}

static void a_value_is_cut_to_its_kind(void **state) {
    static const struct {
        const char *name, *value, *text;
    } cases[] = {
        {"thing1", "一二三四五六七八九十一二三四五六七八九十",
         "一二三四五六七八九十一二三四五六七八九十"},
        {"thing1", "一二三四五六七八九十一二三四五六七八九十一",
         "一二三四五六七八九十一二三四五六七八九…"},
        {"thing20", "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍", "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍…"},
        {"phrase1", "一二三四五六", "一二三四五"},
        {"name1", "一二三四五六七八九十", "一二三四五六七八九十"},
        {"name1", "一二三四五六七八九十一", "一二三四五六七八九十"},
        {"name1", "abcdefghijklmnopqrstu", "abcdefghijklmnopqrst"},
        {"name1", "abc一二三四五六七八九十", "abc一二三四五六七八"},
        {"number1", "123456789012345678901234567890123", "12345678901234567890123456789012"},
        {"character_string1", "12345678901234567890123456789012",
         "12345678901234567890123456789012"},
        {"symbol1", "!!!!!!", "!!!!!"},
        {"car_number1", "粤A12345678", "粤A123456"},
        {"thing1", "a\nb", "a b"},
        {"thing1", "<a>", "＜a＞"},
        {"time1", "2019年10月1日 15:01~2019年10月1日 16:01",
         "2019年10月1日 15:01~2019年10月1日 16:01"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pack *pack = pack_with(*state, "", cases[i].name, "{time}");
        struct notices *notices = load(*state, pack->directory);
        const struct copy_var time = {"time", cases[i].value, false};
        struct wx_template_message message;
        assert_int_equal(notices_render(*state, notices, NOTICE_streak_at_risk, &time, 1, &message),
                         0);
        assert_string_equal(message.fields[0].value, cases[i].text);
    }
}

static void without_a_url_nothing_jumps(void **state) {
    static const char *const urls[] = {"", "  url: \"\"\n", "  url: \"{url}\"\n"};
    for (size_t i = 0; i < 3; i++) {
        struct pack *pack = pack_with(*state, urls[i], "thing1", "{day}");
        struct wx_template_message message = {.url = "old"};
        assert_int_equal(notices_render(*state, load(*state, pack->directory),
                                        NOTICE_streak_at_risk, vars, 4, &message),
                         0);
        assert_null(message.url);
    }
}

static void a_wrong_file_is_refused_with_line_and_reason(void **state) {
    static const struct {
        const char *url, *name, *value, *reason;
    } cases[] = {
        {"", "thing", "x", "4: streak_at_risk.fields[0].name: \"thing\" is no field of WeChat's"},
        {"", "thing123", "x", "4: streak_at_risk.fields[0].name: "},
        {"", "thin1", "x", "4: streak_at_risk.fields[0].name: "},
        {"", "things1", "x", "4: streak_at_risk.fields[0].name: "},
        {"", "thing1x", "x", "4: streak_at_risk.fields[0].name: "},
        {"", "first", "x", "4: streak_at_risk.fields[0].name: "},
        {"", "thing1", "一二三四五六七八九十一二三四五六七八九十{day}一",
         "6: streak_at_risk.fields[0].value: longer than WeChat takes in thing1: 20 characters at "
         "most"},
        {"", "name1", "一二三四五六七八九十一",
         "6: streak_at_risk.fields[0].value: longer than WeChat takes in name1: 20 letters (a "
         "hanzi "
         "counts two) at most"},
        {"", "number1", "第{day}天",
         "6: streak_at_risk.fields[0].value: WeChat takes only 0123456789.- in number1, besides "
         "variables"},
        {"", "character_string1", "第{day}",
         "6: streak_at_risk.fields[0].value: WeChat takes only ASCII letters, digits and signs in "
         "character_string1"},
        {"", "thing1", "a\\nb", "6: streak_at_risk.fields[0].value: more than one line"},
        {"", "thing1", "{strek}",
         "6: streak_at_risk.fields[0].value: unknown variable {strek}; it may use {streak}, {day}, "
         "{days_left}, {time}, {url}"},
        {"", "thing1", "", "6: streak_at_risk.fields[0].value: is empty"},
        {"  url: \"{link}\"\n", "thing1", "x", "3: streak_at_risk.url: unknown variable {link}"},
        {"  jump: x\n", "thing1", "x", "3: streak_at_risk"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pack *pack = pack_with(*state, cases[i].url, cases[i].name, cases[i].value);
        struct notices *notices = NULL;
        struct yaml_problem problem = {""};
        assert_int_equal(notices_load(*state, pack->directory, &notices, &problem), -1);
        assert_null(notices);
        char *start =
            talloc_asprintf(*state, "%s/notices.yaml:%s", pack->directory, cases[i].reason);
        if (strncmp(problem.text, start, strlen(start)) != 0)
            fail_msg("%s\n  instead of %s", problem.text, start);
    }
}

static void a_field_stands_once(void **state) {
    struct pack *pack = pack_edit(*state, "notices.yaml", "name: thing4", "name: thing1", NULL);
    struct notices *notices = NULL;
    struct yaml_problem problem = {""};
    assert_int_equal(notices_load(*state, pack->directory, &notices, &problem), -1);
    assert_non_null(strstr(problem.text, "fields[3].name: a second field \"thing1\""));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(starter_reminds_whole),
        TEST(starter_tells_of_a_war_report),
        TEST(a_pack_may_leave_the_war_report_out),
        TEST(notices_have_names),
        TEST(a_value_is_cut_to_its_kind),
        TEST(without_a_url_nothing_jumps),
        TEST(a_wrong_file_is_refused_with_line_and_reason),
        TEST(a_field_stands_once),
    };
    return cmocka_run_group_tests_name("bot/notices", tests, NULL, NULL);
}
