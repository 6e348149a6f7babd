#include "bot/courses.h"

#include "tests/bot/pack.h"

static int setup(void **state) {
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

static struct courses *load(void *ctx, const char *templates) {
    struct courses *courses = NULL;
    struct yaml_problem problem = {""};
    if (courses_load(ctx, templates, "starter", &courses, &problem))
        fail_msg("%s", problem.text);
    return courses;
}

static void starter_has_a_course_for_each_of_21_days(void **state) {
    struct courses *courses = load(*state, "templates");
    assert_int_equal(courses->courses_count, 21);
    for (unsigned day = 1; day <= 21; day++) {
        const struct course *course = courses_of_day(courses, day);
        assert_ptr_equal(course, &courses->courses[day - 1]);
        assert_ptr_equal(courses_find(courses, course->id), course);
        assert_in_range(course->paragraphs_count, 4, 6);
        struct stat cover;
        assert_int_equal(
            stat(talloc_asprintf(*state, "templates/h5/covers/%s", course->cover), &cover), 0);
        assert_in_range(cover.st_size, 1, 60 * 1024);
    }
    assert_null(courses_find(courses, "nothing"));
}

static void the_plan_begins_anew_after_its_end(void **state) {
    struct courses *courses = load(*state, "templates");
    assert_ptr_equal(courses_of_day(courses, 22), &courses->courses[0]);
    assert_ptr_equal(courses_of_day(courses, 42), &courses->courses[20]);
    assert_ptr_equal(courses_of_day(courses, 0), &courses->courses[0]);
}

#define COURSE(id, title)                                                                          \
    "  - id: " id                                                                                  \
    "\n"                                                                                           \
    "    title: " title                                                                            \
    "\n"                                                                                           \
    "    digest: D\n"                                                                              \
    "    cover: time.png\n"                                                                        \
    "    paragraphs: [P]\n"                                                                        \
    "    question: Q\n"

static void a_page_is_escaped_whole(void **state) {
    struct pack *pack = pack_of(*state, "courses.yaml",
                                "courses:\n" COURSE("first", "T")
                                "  - id: evil\n"
                                "    title: \"<T>&\\\"'{x}\"\n"
                                "    digest: <D>\n"
                                "    cover: time.png\n"
                                "    paragraphs: [\"<script>\", \"例：a\\nb & c\"]\n"
                                "    question: <Q>\n");
    struct courses *courses = load(*state, pack->templates);
    char *page = courses_page(*state, courses, courses_find(courses, "evil"), "<Account>",
                              "https://example.com/\"><script>");
    static const char *const parts[] = {
        "<h1>&lt;T&gt;&amp;&quot;&#39;{x}</h1>",
        "content=\"&lt;D&gt;\"",
        "<p>&lt;script&gt;</p>\n<p class=\"example\">例：a<br>b &amp; c</p>",
        "<p>&lt;Q&gt;</p>",
        "「&lt;Account&gt;」",
        "第 2 天",
        "<i class=\"done\"></i><i class=\"today\"></i>",
        "src=\"../../static/covers/time.png\"",
        "https://example.com/&quot;&gt;&lt;script&gt;/h5/static/covers/time.png",
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (!strstr(page, parts[i]))
            fail_msg("no %s in\n%s", parts[i], page);
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "<T>"));
}

static void a_wrong_file_is_refused_with_line_and_reason(void **state) {
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {COURSE("A", "T"), "2: courses[0].id: \"A\": only a-z, 0-9 and -"},
        {COURSE("../x", "T"), "2: courses[0].id: \"../x\": only a-z, 0-9 and -"},
        {COURSE("a", "T") COURSE("a", "T"), "8: courses[1].id: a second course \"a\""},
        {COURSE("a", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三"),
         "3: courses[0].title: 33 characters, WeChat shows 32"},
        {COURSE("a", "\"a\\nb\""), "3: courses[0].title: more than one line"},
        {COURSE("a", "T") "    colour: red\n", "8: courses[0]"},
        {"  - {id: a, title: T, digest: D, cover: ../covers/time.png, paragraphs: [P], question: "
         "Q}\n",
         "2: courses[0].cover: \"../covers/time.png\": a file name"},
        {"  - {id: a, title: T, digest: D, cover: .., paragraphs: [P], question: Q}\n",
         "2: courses[0].cover: \"..\": a file name"},
        {"  - {id: a, title: T, digest: D, cover: none.png, paragraphs: [P], question: Q}\n",
         "2: courses[0].cover: no "},
        {"  - {id: a, title: T, digest: D, cover: time.png, paragraphs: [], question: Q}\n",
         "2: courses[0].paragraphs"},
        {"  - {id: a, title: T, digest: D, cover: time.png, paragraphs: [P]}\n", "2: courses[0]"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pack *pack =
            pack_of(*state, "courses.yaml", talloc_asprintf(*state, "courses:\n%s", cases[i].text));
        struct courses *courses = NULL;
        struct yaml_problem problem = {""};
        assert_int_equal(courses_load(*state, pack->templates, "starter", &courses, &problem), -1);
        assert_null(courses);
        char *start =
            talloc_asprintf(*state, "%s/courses.yaml:%s", pack->directory, cases[i].reason);
        if (strncmp(problem.text, start, strlen(start)) != 0)
            fail_msg("%s\n  instead of %s", problem.text, start);
    }
}

/* The pack's own h5 directory with this course.html, or none. */
static struct pack *pack_with_page(void *ctx, const char *page) {
    struct pack *pack = pack_of(ctx, "courses.yaml", "courses:\n" COURSE("a", "T"));
    char *h5 = talloc_asprintf(ctx, "%s/h5", pack->templates);
    assert_int_equal(unlink(h5), 0);
    assert_int_equal(mkdir(h5, 0700), 0);
    assert_int_equal(mkdir(talloc_asprintf(ctx, "%s/covers", h5), 0700), 0);
    pack_write(talloc_asprintf(ctx, "%s/covers/time.png", h5), "png");
    if (page)
        pack_write(talloc_asprintf(ctx, "%s/course.html", h5), page);
    return pack;
}

static void a_wrong_page_is_refused_with_its_line(void **state) {
    static const struct {
        const char *page, *reason;
    } cases[] = {
        {"<html>\n<h1>{titel}</h1>\n", ":2: unknown variable {titel}; it may use {title}, "},
        {"<html>\n\n<style>p {\n}</style>", ":3: a { without its }"},
        {NULL, ": No such file"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pack *pack = pack_with_page(*state, cases[i].page);
        struct courses *courses = NULL;
        struct yaml_problem problem = {""};
        assert_int_equal(courses_load(*state, pack->templates, "starter", &courses, &problem), -1);
        char *start =
            talloc_asprintf(*state, "%s/h5/course.html%s", pack->templates, cases[i].reason);
        if (strncmp(problem.text, start, strlen(start)) != 0)
            fail_msg("%s\n  instead of %s", problem.text, start);
    }
    struct pack *pack = pack_with_page(*state, "<b>{title}</b>{{}}");
    struct courses *courses = load(*state, pack->templates);
    assert_string_equal(courses_page(*state, courses, courses->courses, "", ""), "<b>T</b>{}");
}

static void a_text_is_near_the_courses_it_shares_rare_words_with(void **state) {
    struct courses *courses = load(*state, "templates");
    const struct course *nearest[3];
    static const struct {
        const char *text, *id; /* "": near none */
    } cases[] = {
        {"每天都忘了打卡，怎么养成新习惯？", "hook"},
        {"我每天排的事情清单太长，做不完三件事", "three-things"},
        {"", ""},
        {"hello, how are you", ""},
        {"齉龘靐", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        unsigned count = courses_nearest(courses, cases[i].text, nearest, 3);
        assert_true(count <= 3);
        assert_string_equal(count ? nearest[0]->id : "", cases[i].id);
    }
    assert_int_equal(courses_nearest(courses, cases[0].text, nearest, 1), 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(starter_has_a_course_for_each_of_21_days),
        TEST(the_plan_begins_anew_after_its_end),
        TEST(a_page_is_escaped_whole),
        TEST(a_wrong_file_is_refused_with_line_and_reason),
        TEST(a_text_is_near_the_courses_it_shares_rare_words_with),
        TEST(a_wrong_page_is_refused_with_its_line),
    };
    return cmocka_run_group_tests_name("bot/courses", tests, NULL, NULL);
}
