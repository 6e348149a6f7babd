#include "bot/copy.h"

#include "tests/bot/pack.h"

#include "config/limits.h"

static int setup(void **state) {
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static struct copy *starter(void *ctx) {
    struct copy *copy = NULL;
    struct yaml_problem problem = {""};
    if (copy_load(ctx, "templates/starter", "每日一课", &copy, &problem))
        fail_msg("%s", problem.text);
    return copy;
}

/* A value for every variable there is, as long as any will be. */
static const struct copy_var all_vars[] = {
    {"points", "1000", false},       {"xp", "1234567", false},
    {"streak", "365", false},        {"day", "20", false},
    {"days_left", "1", false},       {"level", "10", false},
    {"title", "初来乍到", false},    {"rank", "12345", false},
    {"who", "王小明", false},        {"total", "123456", false},
    {"number", "0042", false},       {"keyword", "今日课程", false},
    {"reason", "每日签到", false},   {"when", "11月21日 08:05", false},
    {"next", "再攒 5 分。", true},   {"menu", "·菜单", true},
    {"lines", "一行", true},         {"top", "前三", true},
    {"around", "前后", true},        {"suggestions", "建议", true},
    {"hello", "王小明，", true},     {"kind", "周战报", true},
    {"from", "11月16日", true},      {"to", "11月22日", true},
    {"week", "47", false},           {"year", "2026", false},
    {"month", "11", false},          {"before", "上周", true},
    {"count", "12", false},          {"active", "123456", false},
    {"change", "一样多。", true},    {"place", "12.", true},
    {"heads", "1234", false},        {"each", "123", false},
    {"ahead", "李雷", false},        {"gain", "+100 分", true},
    {"amount", "+100 分", true},     {"coins", "+1000", false},
    {"also", "\n\n满三天", true},    {"mend", "\n\n能补", true},
    {"going", "连续 9 天。", true},  {"freezes", "2", false},
    {"every", "7", false},           {"missed", "3", false},
    {"most", "120", false},          {"rest", "今天休息", true},
    {"festival", "国庆节", false},   {"days", "21", false},
    {"why", "满了", true},           {"date", "11月25日（周三）", false},
    {"certificate", "证书", true},   {"nth", "第 2 轮第 20 天", true},
    {"round", "2", false},           {"name", "周榜", false},
    {"tomorrow", "11月25日", false},
};
#define ALL_VARS (sizeof(all_vars) / sizeof(all_vars[0]))

static void starter_renders_every_wording_whole(void **state) {
    struct copy *copy = starter(*state);
    for (int entry = 0; entry < COPY_COUNT; entry++) {
        for (uint32_t seed = 0; seed < 32; seed++) {
            char *text =
                copy_render(*state, copy, (enum copy_entry)entry, seed, all_vars, ALL_VARS);
            assert_non_null(text);
            assert_true(strlen(text) > 0 && strlen(text) <= LIMIT_COPY_TEXT);
            assert_null(strpbrk(text, "{}"));
            assert_null(strstr(text, "&amp;"));
            assert_int_equal(talloc_get_size(text), strlen(text) + 1);
        }
    }
}

static void longest_board_fits_a_text_reply(void **state) {
    struct copy *copy = starter(*state);
    char *lines = talloc_strdup(*state, "");
    for (int i = 0; i < 10; i++) {
        char *line = copy_render(*state, copy, COPY_board_me, 0, all_vars, ALL_VARS);
        lines = talloc_asprintf_append(lines, "%s\n", line);
    }
    const struct copy_var vars[] = {{"rank", "12345", false},
                                    {"xp", "1234567", false},
                                    {"total", "123456", false},
                                    {"top", lines, true},
                                    {"around", lines, true}};
    for (uint32_t seed = 0; seed < 4; seed++)
        assert_true(strlen(copy_render(*state, copy, COPY_board, seed, vars, 5)) <=
                    LIMIT_REPLY_TEXT);
}

static void seed_chooses_the_wording_and_repeats_it(void **state) {
    struct pack *pack = pack_edit(*state, "copy.yaml", "next_none:\n",
                                  "next_none:\n  - 第零句\n  - 第一句\n", NULL);
    struct copy *copy;
    struct yaml_problem problem;
    assert_int_equal(copy_load(*state, pack->directory, "x", &copy, &problem), 0);
    assert_string_equal(copy_render(*state, copy, COPY_next_none, 0, NULL, 0), "第零句");
    assert_string_equal(copy_render(*state, copy, COPY_next_none, 1, NULL, 0), "第一句");
    assert_string_equal(copy_render(*state, copy, COPY_next_none, 4, NULL, 0), "第零句");
    assert_string_equal(copy_render(*state, copy, COPY_next_none, 4000000001u, NULL, 0), "第一句");
}

/* Renders `wording`, put in the place of board_line, for somebody called `who`. */
static char *line(void *ctx, const char *wording, const char *who, bool trusted) {
    char *to = talloc_asprintf(ctx, "  - \"%s\"", wording);
    struct pack *pack = pack_edit(ctx, "copy.yaml", "  - \"{rank}. {who}　{xp} 分\"", to, NULL);
    struct copy *copy;
    struct yaml_problem problem;
    if (copy_load(ctx, pack->directory, "A<B>", &copy, &problem))
        fail_msg("%s", problem.text);
    const struct copy_var vars[] = {{"rank", "3", false}, {"who", who, trusted}};
    return copy_render(ctx, copy, COPY_board_line, 7, vars, 2);
}

static void variables_are_filled_in(void **state) {
    static const struct {
        const char *wording, *who, *text;
        bool trusted;
    } cases[] = {
        {"{rank}. {who}", "小王", "3. 小王", false},
        {"{who}{who}{rank}", "a", "aa3", false},
        {"{{who}} is {who}", "a", "{who} is a", false},
        {"{{{who}}}", "a", "{a}", false},
        {"{xp}!", "a", "!", false}, /* one that is not given */
        {"{account}/{who}", "", "A＜B＞/", false},
        {"{who}", "<a href='x'>b</a>", "＜a href='x'＞b＜/a＞", false},
        {"{who}", "<a href='x'>b</a>", "<a href='x'>b</a>", true},
        {"{who}", "a\r\nb\tc\x7f\x01", "a  b c  ", false},
        {"{who}", "a\nb", "a\nb", true},
        {"{who}",
         "a\u202eb\u2028c\xc2\x85"
         "d\u2066e\u200ef",
         "a b c d e f", false},
        {"{who}", "{rank}", "{rank}", false}, /* a value is not a wording */
        {"{who}", "\xe2\x80", "\xe2\x80", false},
        {"{who}", "— … ＜ é 👍", "— … ＜ é 👍", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(line(*state, cases[i].wording, cases[i].who, cases[i].trusted),
                            cases[i].text);
}

static void a_wrong_file_is_refused_with_place_and_reason(void **state) {
    static const struct {
        const char *from, *to, *reason;
    } cases[] = {
        {"  - 离「{title}」还差 {points} 分。", "  - 离{titel}还差",
         "next_level[1]: unknown variable {titel}; it may use {points}, {title}, {account}"},
        {"  - 最高一级了，大家看着你呢。", "  - 最高{xp}",
         "next_none[0]: unknown variable {xp}; it may use {account}"},
        {"  - 学友 {number}", "  - 学友 {number", "anonymous[0]: a { without its }"},
        {"  - 学友 {number}", "  - 学友 number}", "anonymous[0]: a } without its {"},
        {"  - 学友 {number}", "  - \"学友 {\\nnumber}\"", "anonymous[0]: a { without its }"},
        {"  - 来晚了一步，别见怪。", "  - 来晚了<a href=x>", "late[1]: every <a …> needs its </a>"},
        {"  - 来晚了一步，别见怪。", "  - \"\"", "late[1]: is empty"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        unsigned at;
        struct pack *pack = pack_edit(*state, "copy.yaml", cases[i].from, cases[i].to, &at);
        struct copy *copy = NULL;
        struct yaml_problem problem = {""};
        assert_int_equal(copy_load(*state, pack->directory, "x", &copy, &problem), -1);
        assert_null(copy);
        char *start =
            talloc_asprintf(*state, "%s/copy.yaml:%u: %s", pack->directory, at, cases[i].reason);
        if (strncmp(problem.text, start, strlen(start)) != 0)
            fail_msg("%s\n  instead of %s", problem.text, start);
    }
}

static void entries_are_those_of_the_table(void **state) {
    static const char *const edits[][3] = {
        {"board_empty:", "board_emtpy:", "board_emtpy"},
        {"late:\n  - 久等了，刚才路上有点堵。\n  - 来晚了一步，别见怪。\n", "", "late"},
        {"late:\n  - 久等了，刚才路上有点堵。\n  - 来晚了一步，别见怪。\n", "late: []\n", "late"},
    };
    for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
        struct pack *pack = pack_edit(*state, "copy.yaml", edits[i][0], edits[i][1], NULL);
        struct copy *copy = NULL;
        struct yaml_problem problem = {""};
        assert_int_equal(copy_load(*state, pack->directory, "x", &copy, &problem), -1);
        assert_non_null(strstr(problem.text, edits[i][2]));
    }
}

static void a_wording_longer_than_a_reply_is_refused(void **state) {
    char *to = talloc_strdup(*state, "  - 学友");
    for (int i = 0; i < LIMIT_COPY_TEXT / 3; i++)
        to = talloc_strdup_append(to, "长");
    struct pack *pack = pack_edit(*state, "copy.yaml", "  - 学友 {number}", to, NULL);
    struct copy *copy = NULL;
    struct yaml_problem problem = {""};
    assert_int_equal(copy_load(*state, pack->directory, "x", &copy, &problem), -1);
    assert_non_null(strstr(problem.text, "anonymous[0]: 2052 bytes, WeChat shows 2048 at most"));
}

static void a_name_stays_the_same(void **state) {
    struct copy *copy = starter(*state);
    const struct copy_var number = {"number", "0042", false};
    for (uint32_t seed = 0; seed < 32; seed++)
        assert_string_equal(copy_render(*state, copy, COPY_anonymous, seed, &number, 1),
                            "学友 0042");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(starter_renders_every_wording_whole),           TEST(longest_board_fits_a_text_reply),
        TEST(seed_chooses_the_wording_and_repeats_it),       TEST(variables_are_filled_in),
        TEST(a_wrong_file_is_refused_with_place_and_reason), TEST(entries_are_those_of_the_table),
        TEST(a_wording_longer_than_a_reply_is_refused),      TEST(a_name_stays_the_same),
    };
    return cmocka_run_group_tests_name("bot/copy", tests, NULL, NULL);
}
