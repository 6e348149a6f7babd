#include "bot/war_report.h"

#include "bot/calendar.h"
#include "config/limits.h"
#include "tests/bot/pack.h"

#include <cairo.h>

static struct copy *starter; /* of the account 每日一课 */

static int load(void **state) {
    (void)state;
    struct yaml_problem problem;
    return copy_load(NULL, "templates/starter", "每日一课", &starter, &problem);
}

static int unload(void **state) {
    (void)state;
    return talloc_free(starter);
}

static int setup(void **state) {
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static const struct war_report_person people[] = {
    {1, "王小明", 400}, {2, "李雷", 300}, {3, "韩梅梅", 280}, {4, "张三", 200},
    {5, "李四", 150},   {6, "王五", 100}, {7, "赵六", 77},    {8, "孙七", 40},
    {9, "周八", 12},    {10, "吴九", 1},  {11, "郑十", 1},    {12, "多余的", 1},
};

static const struct war_report_group teams[] = {
    {1, "追光者", 2180, 12}, {2, "早起鸟", 1090, 0}, {3, "一点点", 545, 10},
    {4, "慢慢来", 20, 3},    {5, "后来者", 10, 2},   {6, "多余的", 9, 1},
};

static const struct war_report_mover movers[] = {{"孙七", 48, 8}, {"周八", 0, 9}, {"甲", 9, 7},
                                                 {"乙", 8, 7},    {"丙", 7, 6},   {"多余的", 3, 2}};

/* The first week of people who are there, nothing more. */
static struct war_report bare(unsigned count) {
    return (struct war_report){.period = WAR_REPORT_WEEK,
                               .when = "11月16日—11月22日",
                               .people = people,
                               .people_count = count};
}

static struct war_report full(void) {
    struct war_report report = bare(12);
    report.teams = report.departments = teams;
    report.teams_count = report.departments_count = 6;
    report.movers = movers;
    report.movers_count = 6;
    report.participants = 268;
    report.active = 197;
    report.has_before = true;
    report.active_before = 185;
    return report;
}

/* ---- when ---- */

static void period_is_named_by_its_days(void **state) {
    static const struct {
        enum war_report_period period;
        int year;
        unsigned month, day;
        const char *when;
    } cases[] = {
        {WAR_REPORT_DAY, 2026, 11, 21, "11月21日"},
        {WAR_REPORT_WEEK, 2026, 11, 16, "11月16日—11月22日"},
        {WAR_REPORT_WEEK, 2026, 11, 22, "11月16日—11月22日"},
        {WAR_REPORT_WEEK, 2026, 11, 23, "11月23日—11月29日"},
        {WAR_REPORT_WEEK, 2027, 1, 1, "12月28日—1月3日"}, /* of 2026 */
        {WAR_REPORT_WEEK, 2027, 1, 4, "1月4日—1月10日"},
        {WAR_REPORT_WEEK, 2024, 12, 31, "12月30日—1月5日"}, /* of 2025 */
        {WAR_REPORT_MONTH, 2026, 11, 30, "2026 年 11 月"},
        {WAR_REPORT_MONTH, 2028, 2, 29, "2028 年 2 月"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t day = 0;
        assert_int_equal(calendar_number(cases[i].year, cases[i].month, cases[i].day, &day), 0);
        assert_string_equal(war_report_when(*state, starter, cases[i].period, day), cases[i].when);
    }
}

/* ---- text ---- */

static char *text_of(void *ctx, const struct war_report *report) {
    char *text = war_report_text(ctx, starter, 0, report, NULL);
    assert_non_null(text);
    return text;
}

static void text_says_all_that_is_given(void **state) {
    struct war_report report = full();
    report.people_count = 4;
    report.teams_count = 2;
    report.departments_count = 1;
    report.movers_count = 2;
    assert_string_equal(
        text_of(*state, &report),
        "📣「每日一课」周战报\n11月16日—11月22日\n\n"
        "一共 268 人，来了 197 人。比上周多 12 人，越来越热闹了。\n\n"
        "走在前面的：\n🥇 王小明　400 分\n🥈 李雷　300 分\n🥉 韩梅梅　280 "
        "分\n4. "
        "张三　200 "
        "分\n\n"
        "战队：\n🥇 追光者　2180 分，人均 182\n🥈 早起鸟　1090 "
        "分\n\n"
        "部门：\n🥇 追光者　2180 分，人均 182\n\n"
        "往前冲得最猛的：\n孙七　第 48 名 → 第 8 名\n周八　榜外 → 第 9 名\n\n"
        "咬得最紧的是韩梅梅：再得 21 分，就超过李雷。\n\n"
        "名次天天在变，今天记了吗？\n"
        "<a href=\"weixin://bizmsgmenu?msgmenucontent=签到&msgmenuid=1\">签到</a>　"
        "<a href=\"weixin://bizmsgmenu?msgmenucontent=排行榜&msgmenuid=4\">排行榜</a>");
}

static void what_is_not_given_is_left_out_with_its_heading(void **state) {
    struct war_report report = bare(1);
    char *text = text_of(*state, &report);
    static const char *const headings[] = {"战队", "部门", "往前冲", "咬得", "一共", "比上"};
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
        assert_null(strstr(text, headings[i]));
    assert_null(strstr(text, "\n\n\n"));
    assert_non_null(strstr(text, "🥇 王小明　400 分\n\n"));
}

static void nobody_on_the_board_is_said_kindly(void **state) {
    struct war_report report = bare(0);
    char *text = text_of(*state, &report);
    assert_non_null(strstr(text, "这一期的榜还空着"));
    assert_null(strstr(text, "走在前面的"));
}

static void tie_shares_its_place_and_is_not_chased(void **state) {
    static const struct war_report_person tied[] = {
        {1, "甲", 90}, {1, "乙", 90}, {3, "丙", 50}, {3, "丁", 50}};
    struct war_report report = bare(4);
    report.people = tied;
    char *text = text_of(*state, &report);
    assert_non_null(strstr(
        text, "🥇 甲　90 分\n🥇 乙　90 分\n🥉 丙　50 分\n🥉 丁　50 分\n"));
    assert_non_null(strstr(text, "咬得最紧的是丙：再得 41 分，就超过乙"));
    assert_null(war_report_ahead(&report, 0));
    assert_null(war_report_ahead(&report, 1));
    assert_ptr_equal(war_report_ahead(&report, 2), &tied[1]);
    assert_ptr_equal(war_report_ahead(&report, 3), &tied[1]);
}

static void change_against_the_period_before_is_told(void **state) {
    static const struct {
        enum war_report_period period;
        unsigned before;
        const char *says;
    } cases[] = {
        {WAR_REPORT_DAY, 10, "比前一天多 10 人"},
        {WAR_REPORT_WEEK, 19, "比上周多 1 人"},
        {WAR_REPORT_WEEK, 20, "和上周一样多"},
        {WAR_REPORT_MONTH, 33, "比上个月少 13 人"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct war_report report = bare(1);
        report.period = cases[i].period;
        report.participants = 40;
        report.active = 20;
        report.has_before = true;
        report.active_before = cases[i].before;
        assert_non_null(strstr(text_of(*state, &report), cases[i].says));
    }
}

static void reader_is_told_what_is_missing_to_the_next_place(void **state) {
    static const struct {
        struct war_report_reader reader;
        const char *says;
    } cases[] = {
        {{23, 88, "学友 0042", 99, false, NULL},
         "你在第 23 名，88 分。\n再得 12 分，就超过学友 0042。"},
        {{24, 88, "李雷", 88, false, NULL}, "再得 1 分，就超过李雷。"},
        {{24, 88, "<a href=x>", 88, false, NULL}, "就超过＜a href=x＞。"},
        {{1, 500, NULL, 0, false, NULL}, "你在第 1 名，500 分。"},
    };
    struct war_report report = bare(4);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = war_report_text(*state, starter, 0, &report, &cases[i].reader);
        assert_non_null(strstr(text, cases[i].says));
        assert_null(strstr(text, "咬得最紧")); /* the reader's own race is the one that counts */
    }
}

static void nobody_s_name_plants_a_link_or_a_line(void **state) {
    struct war_report report = full();
    const char *name = "<a href=\"x\">点我</a>\n9. 假的";
    const struct war_report_person person = {1, name, 5};
    const struct war_report_group group = {1, name, 5, 1};
    const struct war_report_mover mover = {name, 5, 1};
    report.people = &person;
    report.teams = report.departments = &group;
    report.movers = &mover;
    report.people_count = report.teams_count = report.departments_count = report.movers_count = 1;
    char *text = text_of(*state, &report);
    assert_null(strstr(text, "<a href=\"x\""));
    assert_null(strstr(text, "\n9."));
    assert_non_null(strstr(text, "🥇 ＜a href=\"x\"＞点我＜/a＞ 9. 假的　5 分"));
}

static void lists_are_no_longer_than_their_limits(void **state) {
    struct war_report report = full();
    char *text = text_of(*state, &report);
    assert_non_null(strstr(text, "10. 吴九"));
    assert_non_null(strstr(text, "5. 后来者"));
    assert_non_null(strstr(text, "丙　第 7"));
    assert_null(strstr(text, "郑十"));
    assert_null(strstr(text, "多余的"));
}

static void long_names_cost_rows_but_no_section(void **state) {
    struct war_report report = full();
    struct war_report_person person[10];
    struct war_report_group group[5];
    struct war_report_mover mover[5];
    const char *name = "一二三四五六七八九十一二三四五六七八九十"; /* LIMIT_ROSTER_NAME bytes */
    assert_int_equal(strlen(name), LIMIT_ROSTER_NAME);
    for (unsigned i = 0; i < 10; i++)
        person[i] = (struct war_report_person){i + 1, name, 1000000000 - i};
    for (unsigned i = 0; i < 5; i++) {
        group[i] = (struct war_report_group){i + 1, name, 1000000000 - i, 1000000};
        mover[i] = (struct war_report_mover){name, 1000000, i + 1};
    }
    report.people = person;
    report.teams = report.departments = group;
    report.movers = mover;
    char *text = text_of(*state, &report);
    assert_in_range(strlen(text), LIMIT_REPLY_TEXT - 120, LIMIT_REPLY_TEXT);
    static const char *const sections[] = {
        "走在前面的：\n🥇", "战队：\n🥇", "部门：\n🥇",
        "往前冲得最猛的：\n一二",   "就超过",          "签到</a>"};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        assert_non_null(strstr(text, sections[i]));
}

static void words_of_a_pack_that_are_too_long_cost_whole_sections(void **state) {
    char *words = talloc_strdup(*state, "");
    for (int i = 0; i < 600; i++)
        words = talloc_strdup_append(words, "长");
    struct pack *pack = pack_edit(*state, "copy.yaml", "这一期的榜还空着。", words, NULL);
    struct copy *copy;
    struct yaml_problem problem;
    if (copy_load(*state, pack->directory, "每日一课", &copy, &problem))
        fail_msg("%s", problem.text);
    struct war_report report = bare(0);
    char *text = war_report_text(*state, copy, 0, &report, NULL);
    assert_true(strlen(text) <= LIMIT_REPLY_TEXT);
    assert_non_null(strstr(text, "📣「每日一课」周战报"));
    assert_non_null(strstr(text, "会是谁？"));
    assert_null(strstr(text, "<a")); /* not half a link */
}

/* ---- picture ---- */

struct source {
    const struct picture_png *png;
    size_t at;
};

static cairo_status_t give(void *closure, unsigned char *data, unsigned length) {
    struct source *source = closure;
    if (length > source->png->length - source->at)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, source->png->bytes + source->at, length);
    source->at += length;
    return CAIRO_STATUS_SUCCESS;
}

static struct picture_png picture_of(void *ctx, const struct war_report *report) {
    struct picture_png png;
    assert_int_equal(war_report_picture(ctx, starter, 0, report, &png), 0);
    assert_int_equal(png.width, WAR_REPORT_WIDTH);
    return png;
}

/* The lengths of bars of one colour from top to bottom. A bar is 12 pixels high; it is measured in
 * its middle, where it begins at the left of all bars. */
static unsigned bars(const struct picture_png *png, uint32_t colour, unsigned *lengths,
                     unsigned room) {
    struct source source = {png, 0};
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(give, &source);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    const unsigned left = 172;
    unsigned count = 0;
    bool before = false;
    for (unsigned y = 700; y < png->height; y++) { /* below the header */
        const uint32_t *line = (const uint32_t *)(cairo_image_surface_get_data(surface) +
                                                  y * cairo_image_surface_get_stride(surface));
        unsigned length = 0;
        while (left + 6 + length < png->width && (line[left + 6 + length] & 0xffffff) == colour)
            length++;
        if (length > 0 && !before) {
            assert_true(count < room);
            lengths[count++] = 0;
        }
        if (length > 0 && length + 6 > lengths[count - 1])
            lengths[count - 1] = length + 6;
        before = length > 0;
    }
    cairo_surface_destroy(surface);
    return count;
}

static void bars_are_as_long_as_their_points(void **state) {
    struct war_report report = full();
    struct picture_png png = picture_of(*state, &report);
    unsigned lengths[10];
    assert_int_equal(bars(&png, 0xb9542f, lengths, 10), 6); /* 1 of 400 points: not seen */
    static const unsigned of_people[] = {250, 188, 125, 96, 50, 15};
    for (int i = 0; i < 6; i++)
        assert_in_range(lengths[i], of_people[i] - 2, of_people[i] + 1);
    static const unsigned of_teams[] = {500, 250, 125};
    assert_int_equal(bars(&png, 0x2f6b55, lengths, 10), 3);
    for (int i = 0; i < 3; i++)
        assert_in_range(lengths[i], of_teams[i] - 2, of_teams[i] + 1);
}

static void same_report_gives_the_same_bytes(void **state) {
    struct war_report report = full();
    struct picture_png one = picture_of(*state, &report), two = picture_of(*state, &report);
    assert_int_equal(one.length, two.length);
    assert_memory_equal(one.bytes, two.bytes, one.length);
    report.active++;
    struct picture_png other = picture_of(*state, &report);
    assert_true(one.length != other.length || memcmp(one.bytes, other.bytes, one.length) != 0);
}

static void fullest_report_fits_the_limits(void **state) {
    struct war_report report = full();
    struct war_report_person person[10];
    for (unsigned i = 0; i < 10; i++)
        person[i] = (struct war_report_person){
            i + 1,
            "👩‍👩‍👧‍👦 阿依古丽·买买提江 <b>Christopher &amp; Œuvre 𠮷",
            INT64_MAX - i};
    report.people = person;
    struct picture_png png = picture_of(*state, &report);
    assert_true(png.height < LIMIT_PICTURE_SIDE);
    assert_true(png.length < LIMIT_PICTURE_PNG);
    assert_int_equal(png.unknown, 0);
}

static void each_section_takes_its_room_and_none_without(void **state) {
    struct war_report report = bare(0);
    unsigned height = picture_of(*state, &report).height;
    report.people_count = 3;
    unsigned three = picture_of(*state, &report).height;
    assert_true(three > height);
    report.people_count = 1;
    assert_int_equal(picture_of(*state, &report).height, three);
    report.people_count = 4;
    height = picture_of(*state, &report).height;
    assert_true(height > three);
    report.people_count = 5;
    assert_int_equal(picture_of(*state, &report).height, height + 108);
    report.movers = movers;
    report.movers_count = 1;
    assert_true(picture_of(*state, &report).height > height + 108);
}

static void a_character_no_font_has_is_counted(void **state) {
    static const struct war_report_person strange[] = {{1, "王\U000F8FFD明", 5}};
    struct war_report report = bare(1);
    report.people = strange;
    assert_int_equal(picture_of(*state, &report).unknown, 1);
}

static void points_below_nothing_are_drawn(void **state) {
    static const struct war_report_person below[] = {
        {1, "甲", 0}, {2, "乙", -1}, {3, "丙", -2}, {4, "丁", -30}};
    struct war_report report = bare(4);
    report.people = below;
    struct picture_png png = picture_of(*state, &report);
    unsigned lengths[1];
    assert_int_equal(bars(&png, 0xb9542f, lengths, 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(period_is_named_by_its_days),
        TEST(text_says_all_that_is_given),
        TEST(what_is_not_given_is_left_out_with_its_heading),
        TEST(nobody_on_the_board_is_said_kindly),
        TEST(tie_shares_its_place_and_is_not_chased),
        TEST(change_against_the_period_before_is_told),
        TEST(reader_is_told_what_is_missing_to_the_next_place),
        TEST(nobody_s_name_plants_a_link_or_a_line),
        TEST(lists_are_no_longer_than_their_limits),
        TEST(long_names_cost_rows_but_no_section),
        TEST(words_of_a_pack_that_are_too_long_cost_whole_sections),
        TEST(bars_are_as_long_as_their_points),
        TEST(same_report_gives_the_same_bytes),
        TEST(fullest_report_fits_the_limits),
        TEST(each_section_takes_its_room_and_none_without),
        TEST(a_character_no_font_has_is_counted),
        TEST(points_below_nothing_are_drawn),
    };
    return cmocka_run_group_tests_name("bot/war_report", tests, load, unload);
}
