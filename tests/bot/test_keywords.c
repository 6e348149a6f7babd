#include "bot/keywords.h"

#include "bot/routes.h"

#include "config/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const commands[] = {
    "checkin", "points",           "board",  "hide", "show", "course", "bind",
    "unbind",  "unbind_confirmed", "cancel", "help", "menu", NULL};

static char directory[64], path[96];

static int make_directory(void **state) {
    (void)state;
    snprintf(directory, sizeof(directory), "/tmp/day21-keywords-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof(path), "%s/keywords.yaml", directory);
    return 0;
}

static int remove_directory(void **state) {
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static void write_file(const char *content) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static struct keywords *load_for(const char *const known[], const char *from) {
    struct keywords *keywords;
    struct yaml_problem problem = {""};
    if (keywords_load(NULL, from, known, &keywords, &problem))
        fail_msg("%s", problem.text);
    return keywords;
}

static struct keywords *load(const char *from) {
    return load_for(commands, from);
}

/* text, folded */
static const char *const folds[][2] = {
    {"签到", "签到"},
    {"签 到", "签到"},
    {"　签　到　", "签到"},
    {"签\u00a0到\u2003\n", "签到"},
    {"签\u200b到\ufeff", "签到"}, /* zero width */
    {"签到！", "签到"},
    {"签到!!~~", "签到"},
    {"「签到」。", "签到"},
    {"【签到】", "签到"},
    {"#签到#", "签到"},
    {"签，到", "签,到"}, /* within stays */
    {"Ｑ", "q"},
    {"q", "q"},
    {"Q!", "q"},
    {"ＱＤ", "qd"},
    {" Check  In ", "checkin"},
    {"１２３", "123"},
    {"①", "1"},
    {"签到🎉", "签到"},
    {"🎉🎉签到", "签到"},
    {"👍🏽签到👨‍👩‍👧", "签到"}, /* skin tone, joined */
    {"🇨🇳签到❤️", "签到"},             /* regional indicators, variation selector */
    {"签到[强]", "签到[强"},                      /* WeChat's own: the name stays */
    {"Straße", "strasse"},
    {"e\u0301tude", "étude"},
    {"étude", "étude"},
    {"étude\u0301!", "étudé"}, /* the mark is the letter's */
    {"q!\u0301", "q"},         /* the mark is the point's */
    {"\u0301q", "q"},
    {"ｶﾞ", "ガ"},
    {"幫助", "幫助"},
    {"?", "?"},
    {"？", "?"},
    {" ！ ", "!"},
    {"👍", "👍"},
    {"", ""},
    {" \u3000\n", ""},
    {"\xff", ""},
    {"签到\xe7", ""},
    {"\xed\xa0\x80", ""}, /* a surrogate */
    {"\xc0\xaf", ""},     /* overlong */
};

static void folds_what_makes_no_difference(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    for (size_t i = 0; i < sizeof(folds) / sizeof(*folds); i++)
        assert_string_equal(keywords_fold(ctx, folds[i][0]), folds[i][1]);
    talloc_free(ctx);
}

static void folds_long_texts_like_short_ones(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    char *text = talloc_strdup(ctx, "！"), *expected = talloc_strdup(ctx, "");
    for (int i = 0; i < 3000; i++) {
        text = talloc_strdup_append_buffer(text, "㍿ Ａ"); /* one character that becomes four */
        expected = talloc_strdup_append_buffer(expected, "株式会社a");
    }
    assert_string_equal(keywords_fold(ctx, text), expected);
    talloc_free(ctx);
}

/* text, command, rest */
static const char *const matches[][3] = {
    {"签到", "checkin", ""},
    {"签 到！", "checkin", ""},
    {"ｑｄ", "checkin", ""},
    {"CHECKIN", "checkin", ""},
    {"？", "help", ""},
    {"怎么签到", "help", "签到"},     /* prefix, before the exact and prefix of later entries */
    {"怎么看排行", "help", "看排行"}, /* before contains */
    {"积分排行", "board", ""},        /* the earlier entry, though the later one's prefix fits */
    {"积分", "points", ""},
    {"查一下", "points", "一下"},
    {"查分", "points", ""}, /* exact before the same entry's prefix */
    {"看看积分", "points", ""},
    {"打卡 第3天！", "checkin", "第3天"},
    {"签到排行", "board", ""},
    {"签到啦", "checkin", "啦"},
    {"我要打卡", NULL, ""}, /* no prefix */
    {"签", NULL, ""},
    {"天气", NULL, ""},
    {"", NULL, ""},
    {"签到\xff", NULL, ""},
};

static void takes_the_first_match_in_file_order(void **state) {
    (void)state;
    struct keywords *keywords = load("tests/bot/data/keywords");
    void *ctx = talloc_new(NULL);
    for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++) {
        const char *rest = NULL;
        const char *command = keywords_match(ctx, keywords, matches[i][0], &rest);
        if (matches[i][1])
            assert_string_equal(command, matches[i][1]);
        else
            assert_null(command);
        assert_string_equal(rest, matches[i][2]);
    }
    assert_string_equal(keywords_match(ctx, keywords, "打卡1", NULL), "checkin");
    talloc_free(ctx);
    talloc_free(keywords);
}

/* text, what is suggested */
static const struct guess {
    const char *text, *words[3];
} guesses[] = {
    {"签倒", {"签到", "?", "排行"}},
    {"到签", {"签到", "?", "排行"}},
    {"积份", {"积分", "签到", "?"}},
    {"帮", {"?", "签到", "排行"}},
    {"我想看看排名", {"排行", "积分", "签到"}},
    {"xyz", {"签到", "?", "排行"}}, /* nothing is near: as in the file */
    {"\xff", {"签到", "?", "排行"}},
};

static void suggests_the_nearest_each_of_another_command(void **state) {
    (void)state;
    struct keywords *keywords = load("tests/bot/data/keywords");
    for (size_t i = 0; i < sizeof(guesses) / sizeof(*guesses); i++) {
        const char *words[3];
        assert_int_equal(keywords_nearest(keywords, guesses[i].text, words, 3), 3);
        for (size_t j = 0; j < 3; j++)
            assert_string_equal(words[j], guesses[i].words[j]);
    }
    const char *words[9];
    assert_int_equal(keywords_nearest(keywords, "签", words, 9), 4); /* there are no more */
    assert_int_equal(keywords_nearest(keywords, "签", words, 0), 0);
    talloc_free(keywords);
}

static void what_is_unoffered_is_understood_and_never_suggested(void **state) {
    (void)state;
    write_file(
        "keywords:\n"
        "  - {command: help, unoffered: true, exact: [abc]}\n"
        "  - {command: menu, exact: [xyz]}\n"
        "  - {command: help, exact: [abd]}\n");
    struct keywords *keywords = load(directory);
    const char *words[3];
    assert_string_equal(keywords_match(keywords, keywords, "abc", NULL), "help");
    assert_int_equal(keywords_nearest(keywords, "abb", words, 3), 1);
    assert_string_equal(words[0], "xyz");
    talloc_free(keywords);
}

static void counts_a_swap_as_one_change(void **state) {
    (void)state;
    write_file(
        "keywords:\n"
        "  - {command: help, exact: [abxy]}\n"
        "  - {command: menu, exact: [abdc]}\n");
    struct keywords *keywords = load(directory);
    const char *words[1];
    assert_int_equal(keywords_nearest(keywords, "abcd", words, 1), 1);
    assert_string_equal(words[0], "abdc");
    talloc_free(keywords);
}

static void guesses_at_texts_of_any_length(void **state) {
    (void)state;
    struct keywords *keywords = load("tests/bot/data/keywords");
    const char *words[3];
    char *text = talloc_strdup(NULL, "排行");
    for (int i = 0; i < 1000; i++)
        text = talloc_strdup_append_buffer(text, "好");
    assert_int_equal(keywords_nearest(keywords, text, words, 3), 3);
    assert_string_equal(words[0], "排行");
    talloc_free(text);
    talloc_free(keywords);
}

/* content, the complaint after the file's name */
static const char *const mistakes[][2] = {
    {"keywords:\n  - command: checkout\n    exact: [a]\n",
     ":2: keywords[0].command: there is no command \"checkout\""},
    {"keywords:\n  - command: help\n", ":2: keywords[0]: expected exact, prefix or contains"},
    {"keywords:\n  - command: help\n    exact: []\n",
     ":3: keywords[0].exact: 0 entries, expected at least 1"},
    {"keywords:\n  - command: help\n    exakt: [a]\n", ":3: keywords[0].exakt: unknown key"},
    {"keywords:\n  - command: help\n    exact:\n      - a\n      - \" \"\n",
     ":5: keywords[0].exact[1]: nothing is left of it to compare"},
    {"keywords:\n  - command: help\n    prefix:\n      - "
     "一二三四五六七八九十一二三四五六七八九十一\n",
     ":4: keywords[0].prefix[0]: longer than 60 bytes"},
    {"keywords:\n  - command: help\n    exact: [a]\n  - command: menu\n    exact:\n"
     "      - b\n      - Ａ!\n",
     ":7: keywords[1].exact[1]: keywords[0].exact[0] takes it first"},
    {"keywords:\n  - command: help\n    contains: [a]\n  - command: menu\n    exact: [bar]\n",
     ":5: keywords[1].exact[0]: keywords[0].contains[0] takes it first"},
    {"keywords:\n  - command: help\n    prefix: [b]\n  - command: menu\n    prefix: [bar]\n",
     ":5: keywords[1].prefix[0]: keywords[0].prefix[0] takes it first"},
    {"keywords:\n  - command: help\n    contains: [a]\n  - command: menu\n    contains: [bar]\n",
     ":5: keywords[1].contains[0]: keywords[0].contains[0] takes it first"},
    {"keywords: []\n", ":1: keywords: 0 entries, expected at least 1"},
};

static void refuses_what_cannot_be_meant(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
        void *ctx = talloc_new(NULL);
        struct keywords *keywords;
        struct yaml_problem problem = {""};
        char expected[512];
        write_file(mistakes[i][0]);
        snprintf(expected, sizeof(expected), "%s%s", path, mistakes[i][1]);
        assert_int_equal(keywords_load(ctx, directory, commands, &keywords, &problem), -1);
        assert_string_equal(problem.text, expected);
        assert_int_equal(talloc_total_blocks(ctx), 1);
        talloc_free(ctx);
    }
}

static void allows_what_can_still_be_reached(void **state) {
    (void)state;
    void *ctx = talloc_new(NULL);
    write_file(
        "keywords:\n"
        "  - command: help\n    exact: [a, Ａ]\n    prefix: [bc]\n"
        "  - command: menu\n    prefix: [a]\n    contains: [bc]\n"
        "  - command: menu\n    prefix: [ax]\n");
    struct keywords *keywords = load(directory);
    assert_string_equal(keywords_match(ctx, keywords, "a", NULL), "help");
    assert_string_equal(keywords_match(ctx, keywords, "ax", NULL), "menu");
    assert_string_equal(keywords_match(ctx, keywords, "bcd", NULL), "help");
    assert_string_equal(keywords_match(ctx, keywords, "xbcd", NULL), "menu");
    assert_true(keywords_is_word(ctx, keywords, " Ａ！"));
    assert_false(keywords_is_word(ctx, keywords, "ax"));
    assert_false(keywords_is_word(ctx, keywords, "bc"));
    assert_false(keywords_is_word(ctx, keywords, ""));
    talloc_free(keywords);
    talloc_free(ctx);
}

static void caps_the_words_of_a_file(void **state) {
    (void)state;
    for (int extra = 0; extra < 2; extra++) {
        struct keywords *keywords;
        struct yaml_problem problem = {""};
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "keywords:\n  - command: help\n    prefix: [a]\n");
        fprintf(file, "  - command: menu\n    exact:\n");
        for (int i = 1; i < LIMIT_KEYWORDS + extra; i++)
            fprintf(file, "      - 词%d\n", i);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(keywords_load(NULL, directory, commands, &keywords, &problem), -extra);
        if (extra) {
            assert_non_null(
                strstr(problem.text, ":1: keywords: 2001 words, expected at most 2000"));
        } else {
            void *ctx = talloc_new(NULL);
            assert_string_equal(keywords_match(ctx, keywords, "词 1999", NULL), "menu");
            assert_in_range(talloc_total_size(keywords), 0, 100 * 1000);
            talloc_free(ctx);
            talloc_free(keywords);
        }
    }
}

static void knows_the_starter_packs_words(void **state) {
    (void)state;
    static const char *const texts[][2] = {
        {"签到", "checkin"},
        {"打卡！", "checkin"},
        {"早安~", "checkin"},
        {"今日课程", "course"},
        {"学习", "course"},
        {"我的积分", "points"},
        {"积分", "points"},
        {"排行榜", "board"},
        {"排名", "board"},
        {"部门周榜", "board"},
        {"上级部门人均总榜", "board"},
        {"退出排行", "hide"},
        {"我不想在榜上了，怎么退出排行？", "help"},
        {"我要退出排行榜", "hide"},
        {"参加排行", "show"},
        {"帮助", "help"},
        {"？", "help"},
        {"Ｈｅｌｐ", "help"},
        {"怎么玩", "help"},
        {"菜单", "menu"},
        {"功能", "menu"},
        {"怎么签到", "help"},
        {"签到第3天", "checkin"},
        {"看看我的积分有多少", "points"},
        {"积分怎么算", "help"},
        {"我的排名第几", "board"},
        {"我的战队", "team"},
        {"加入战队", "team_join"},
        {"加入战队 红队", "team_join"},
        {"确认换队", "team_move_confirmed"},
        {"我想退出战队", "team_leave"},
        {"确认退队", "team_leave_confirmed"},
        {"战队怎么玩", "help"},
        {"战队排行", "board"},
        {"今天有什么课程", "course"},
        {"不想打卡了", NULL},
        {"忘记签到", "makeup"},
        {"昨天忘签到了", "makeup"},
        {"补签", "makeup"},
        {"怎么补签", "help"},
        {"积分明细", "ledger"},
        {"为什么没加分", "ledger"},
        {"为什么要签到", "help"},
        {"我的积分明细", "ledger"},
        {"等级", "levels"},
        {"我几级了", "levels"},
        {"证书", "certificate"},
        {"请假", "leave"},
        {"请假 3", "leave"},
        {"请假　１１月２５日 到 11月27日", "leave"},
        {"明天请假", "leave"},
        {"请三天假", "leave"},
        {"请问", "help"},
        {"销假", "leave_back"},
        {"取消请假", "leave_back"},
        {"我不请假了", "leave_back"},
        {"取消", "cancel"},
        {"我想换个队", "team_join"},
    };
    static const struct guess near[] = {
        {"签倒", {"签到", NULL, NULL}},
        {"积芬", {"我的积分", NULL, NULL}},
        {"排各", {"排行榜", NULL, NULL}},
        {"菜弹", {"菜单", NULL, NULL}},
        {"今日颗程", {"今日课程", NULL, NULL}},
        {"天气", {NULL, NULL, NULL}},
        {"哈哈哈", {"签到", "今日课程", "我的积分"}},
    };
    struct keywords *keywords = load_for(routes_commands(), "templates/starter");
    void *ctx = talloc_new(NULL);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const char *command = keywords_match(ctx, keywords, texts[i][0], NULL);
        if (texts[i][1])
            assert_string_equal(command, texts[i][1]);
        else
            assert_null(command);
    }
    for (size_t i = 0; i < sizeof(near) / sizeof(*near); i++) {
        const char *words[3];
        assert_int_equal(keywords_nearest(keywords, near[i].text, words, 3), 3);
        for (size_t j = 0; j < 3 && near[i].words[j]; j++)
            assert_string_equal(words[j], near[i].words[j]);
    }
    talloc_free(ctx);
    talloc_free(keywords);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_what_makes_no_difference),
        cmocka_unit_test(folds_long_texts_like_short_ones),
        cmocka_unit_test(takes_the_first_match_in_file_order),
        cmocka_unit_test(suggests_the_nearest_each_of_another_command),
        cmocka_unit_test(what_is_unoffered_is_understood_and_never_suggested),
        cmocka_unit_test(counts_a_swap_as_one_change),
        cmocka_unit_test(guesses_at_texts_of_any_length),
        cmocka_unit_test(refuses_what_cannot_be_meant),
        cmocka_unit_test(allows_what_can_still_be_reached),
        cmocka_unit_test(caps_the_words_of_a_file),
        cmocka_unit_test(knows_the_starter_packs_words),
    };
    return cmocka_run_group_tests_name("keywords", tests, make_directory, remove_directory);
}
