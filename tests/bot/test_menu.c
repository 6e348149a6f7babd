#include "bot/menu.h"

#include "bot/routes.h"

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

static const char *const commands[] = {"checkin", "points", "board", "course",
                                       "bind",    "help",   "menu",  NULL};

static char directory[64], path[96];

static int make_directory(void **state) {
    (void)state;
    snprintf(directory, sizeof(directory), "/tmp/day21-menu-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof(path), "%s/menu.yaml", directory);
    return 0;
}

static int remove_directory(void **state) {
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static int load(void *ctx, const char *content, struct menu **menu, struct yaml_problem *problem) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return menu_load(ctx, directory, commands, "https://learn.example.com", "demo", menu, problem);
}

static void writes_the_body_of_menu_create(void **state) {
    (void)state;
    struct menu *menu;
    struct yaml_problem problem = {"untouched"};
    void *ctx = talloc_new(NULL);
    assert_int_equal(load(ctx,
                          "menu:\n"
                          "  - name: 今日\n"
                          "    buttons:\n"
                          "      - {name: 签到, key: checkin}\n"
                          "      - name: 课程 \"新\"\n"
                          "        url: \"{public_url}/h5/{account}/today?a={account}&b=1\"\n"
                          "  - {name: 帮助, key: help}\n",
                          &menu, &problem),
                     0);
    assert_string_equal(menu_json(menu),
                        "{\"button\":[{\"name\":\"今日\",\"sub_button\":["
                        "{\"type\":\"click\",\"name\":\"签到\",\"key\":\"checkin\"},"
                        "{\"type\":\"view\",\"name\":\"课程 \\\"新\\\"\","
                        "\"url\":\"https://learn.example.com/h5/demo/today?a=demo&b=1\"}]},"
                        "{\"type\":\"click\",\"name\":\"帮助\",\"key\":\"help\"}]}");
    assert_string_equal(problem.text, "untouched");
    talloc_free(menu);
    assert_int_equal(talloc_total_blocks(ctx), 1);
    talloc_free(ctx);
}

/* content, the complaint after the file's name */
static const char *const mistakes[][2] = {
    {"menu: []\n", ":1: menu: 0 entries, expected at least 1"},
    {"menu: [{name: a, key: help}, {name: b, key: help}, {name: c, key: help}, "
     "{name: d, key: help}]\n",
     ":1: menu: 4 entries, expected at most 3"},
    {"menu:\n  - name: a\n    buttons: [{name: a, key: help}, {name: b, key: help}, "
     "{name: c, key: help}, {name: d, key: help}, {name: e, key: help}, {name: f, key: help}]\n",
     ":3: menu[0].buttons: 6 entries, expected at most 5"},
    {"menu:\n  - name: 一二三四五六\n    key: help\n",
     ":2: menu[0].name: 18 bytes, expected at most 16"},
    {"menu:\n  - name: 一二\n    buttons:\n"
     "      - name: 一二三四五六七八九十一二三四五六七八九十一\n        key: help\n",
     ":4: menu[0].buttons[0].name: 63 bytes, expected at most 60"},
    {"menu:\n  - name: \"a\\nb\"\n    key: help\n", ":2: menu[0]: expected a name of one line"},
    {"menu:\n  - name: a\n", ":2: menu[0]: expected one of key, url, buttons"},
    {"menu:\n  - name: a\n    key: help\n    url: https://a\n",
     ":2: menu[0]: expected one of key, url, buttons"},
    {"menu:\n  - name: a\n    key: halp\n", ":3: menu[0].key: there is no command \"halp\""},
    {"menu:\n  - name: a\n    buttons:\n      - name: b\n        key: halp\n",
     ":5: menu[0].buttons[0].key: there is no command \"halp\""},
    {"menu:\n  - name: a\n    buttons:\n      - name: b\n        buttons: []\n",
     ":5: menu[0].buttons[0].buttons: unknown key"},
    {"menu:\n  - name: a\n    url: /today\n",
     ":3: menu[0].url: expected a URL with http:// or https://"},
    {"menu:\n  - name: a\n    url: \"{public_url}/{openid}\"\n",
     ":3: menu[0].url: only {public_url} and {account} are known here"},
    {"menu:\n  - name: a\n    url: \"{public_url}/}\"\n",
     ":3: menu[0].url: only {public_url} and {account} are known here"},
    {"menu:\n  - name: a\n    url: \"{public_url\"\n",
     ":3: menu[0].url: only {public_url} and {account} are known here"},
    {"menu:\n  - name: a\n    url: https://a/b c\n",
     ":3: menu[0].url: a character that no URL has"},
};

static void refuses_what_wechat_would_refuse(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
        void *ctx = talloc_new(NULL);
        struct menu *menu;
        struct yaml_problem problem = {""};
        char expected[512];
        snprintf(expected, sizeof(expected), "%s%s", path, mistakes[i][1]);
        assert_int_equal(load(ctx, mistakes[i][0], &menu, &problem), -1);
        assert_string_equal(problem.text, expected);
        assert_int_equal(talloc_total_blocks(ctx), 1);
        talloc_free(ctx);
    }
}

static void refuses_a_url_that_grows_too_long(void **state) {
    (void)state;
    struct menu *menu;
    struct yaml_problem problem = {""};
    for (int extra = 0; extra < 2; extra++) {
        /* 25 bytes of https://learn.example.com, one of "/" */
        char *content = talloc_asprintf(
            NULL, "menu:\n  - name: a\n    url: \"{public_url}/%0*d\"\n", 1024 - 26 + extra, 0);
        assert_int_equal(load(NULL, content, &menu, &problem), -extra);
        if (extra)
            assert_non_null(strstr(problem.text, ":3: menu[0].url: longer than 1024 bytes"));
        else
            talloc_free(menu);
        talloc_free(content);
    }
}

static void loads_the_starter_packs_menu(void **state) {
    (void)state;
    struct menu *menu;
    struct yaml_problem problem = {""};
    if (menu_load(NULL, "templates/starter", routes_commands(), "http://127.0.0.1:8021", "demo",
                  &menu, &problem))
        fail_msg("%s", problem.text);
    assert_non_null(strstr(menu_json(menu), "\"name\":\"签到\",\"key\":\"checkin\""));
    talloc_free(menu);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_body_of_menu_create),
        cmocka_unit_test(refuses_what_wechat_would_refuse),
        cmocka_unit_test(refuses_a_url_that_grows_too_long),
        cmocka_unit_test(loads_the_starter_packs_menu),
    };
    return cmocka_run_group_tests_name("menu", tests, make_directory, remove_directory);
}
