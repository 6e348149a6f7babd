#include "bot/config.h"

#include "config/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64], path[96], secret_path[96];

static int make_directory(void **state) {
    (void)state;
    snprintf(directory, sizeof(directory), "/tmp/day21-config-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof(path), "%s/day21.yaml", directory);
    snprintf(secret_path, sizeof(secret_path), "%s/secret", directory);
    return 0;
}

static int remove_directory(void **state) {
    (void)state;
    unlink(path);
    unlink(secret_path);
    return rmdir(directory);
}

static void write_file(const char *name, const char *content) {
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static char *replace(void *ctx, const char *content, const char *old, const char *new) {
    const char *at = strstr(content, old);
    assert_non_null(at);
    return talloc_asprintf(ctx, "%.*s%s%s", (int)(at - content), content, new, at + strlen(old));
}

/* tests/bot/data/config.yaml with `old` replaced by `new`. */
static void write_config(const char *old, const char *new) {
    void *ctx = talloc_new(NULL);
    FILE *file = fopen("tests/bot/data/config.yaml", "r");
    assert_non_null(file);
    char content[4096];
    content[fread(content, 1, sizeof(content) - 1, file)] = '\0';
    fclose(file);
    char *text = replace(ctx, content, "SECRET", secret_path);
    if (old)
        text = replace(ctx, text, old, new);
    write_file(path, text);
    talloc_free(ctx);
}

static struct config *load(void) {
    struct config *config;
    struct yaml_problem problem = {""};
    if (config_load(NULL, path, &config, &problem))
        fail_msg("%s", problem.text);
    return config;
}

static void loads_the_example_as_it_is(void **state) {
    (void)state;
    struct config *config;
    struct yaml_problem problem = {""};
    if (config_load(NULL, "config/day21.yaml", &config, &problem))
        fail_msg("%s", problem.text);
    assert_string_equal(config->public_url, "http://127.0.0.1:8021");
    assert_string_equal(config->api_base, "http://127.0.0.1:8021/sandbox/wechat");
    assert_int_equal(config->accounts_count, 2);
    const struct config_account *demo = config_account(config, "demo", 4);
    assert_string_equal(demo->wx.appid, "wxd21d21d21d21d21d");
    assert_string_equal(demo->wx.original_id, "gh_day21demo");
    assert_string_equal(demo->wx.token, "day21demotoken");
    assert_int_equal(demo->wx.mode, WX_MODE_SAFE);
    const struct config_account *plain = config_account(config, "plain", 5);
    assert_string_equal(plain->wx.appid, "wxd21d21d21d21d210");
    assert_string_equal(plain->wx.original_id, "gh_day21plain");
    assert_string_equal(plain->wx.token, "day21plaintoken");
    assert_int_equal(plain->wx.mode, WX_MODE_PLAIN);
    assert_non_null(config_template_id(demo, "streak_at_risk"));
    assert_non_null(config_template_id(plain, "streak_at_risk"));
    talloc_free(config);
}

/* What the example says is a default is one. */
static void takes_the_defaults_the_example_names(void **state) {
    (void)state;
    struct config *example;
    struct yaml_problem problem;
    assert_int_equal(config_load(NULL, "config/day21.yaml", &example, &problem), 0);
    write_config(NULL, NULL);
    struct config *config = load();
    assert_string_equal(config->path, path);
    assert_string_equal(config->listen, example->listen);
    assert_int_equal(config->processes, example->processes);
    assert_string_equal(config->redis, example->redis);
    assert_null(config->redis_password_file);
    assert_string_equal(config->api_base, "https://api.weixin.qq.com");
    assert_null(config->api_base_fallback);
    assert_string_equal(config->templates, example->templates);
    assert_string_equal(config->archive, example->archive);
    assert_string_equal(config->reports, example->reports);
    assert_string_equal(config->accounts[0].war_report.week, example->accounts[0].war_report.week);
    assert_true(config->accounts[0].war_report.at[WAR_REPORT_WEEK].on);
    assert_false(config->accounts[0].war_report.at[WAR_REPORT_DAY].on);
    assert_false(config->accounts[0].war_report.at[WAR_REPORT_MONTH].on);
    assert_int_equal(config->timestamp_window, example->timestamp_window);
    assert_int_equal(config->turn_deadline_ms, example->turn_deadline_ms);
    assert_int_equal(config->work.tick_ms, example->work.tick_ms);
    assert_int_equal(config->work.claim_after_s, example->work.claim_after_s);
    assert_int_equal(config->work.concurrency, example->work.concurrency);
    assert_int_equal(config->work.daily_cap, example->work.daily_cap);
    assert_int_equal(config->work.ledger_days, example->work.ledger_days);
    assert_string_equal(config->work.quiet_from, example->work.quiet_from);
    assert_int_equal(config->work.quiet_from_minute, 21 * 60 + 30);
    assert_int_equal(config->work.quiet_to_minute, 8 * 60 + 30);
    assert_string_equal(config->accounts[0].time_zone, "Asia/Shanghai");
    assert_string_equal(config->accounts[0].calendar, "cn");
    assert_int_equal(config->accounts[0].company_days.rest_count, 0);
    assert_int_equal(config->accounts[0].company_days.work_count, 0);
    talloc_free(config);
    talloc_free(example);
}

static void derives_what_the_callback_needs(void **state) {
    (void)state;
    write_config("    aes_key: abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG\n",
                 "    aes_key: abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG\n"
                 "    previous_aes_key: 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n"
                 "    previous_token: before\n");
    struct config *config = load();
    const struct wx_account *wx = &config->accounts[0].wx;
    uint8_t key[WX_AES_KEY_SIZE];
    assert_string_equal(wx->name, "demo");
    assert_string_equal(wx->previous_token, "before");
    assert_int_equal(wx_aes_key_decode("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", key), 0);
    assert_memory_equal(wx->key, key, sizeof(key));
    assert_true(wx->has_previous_key);
    assert_int_equal(wx_aes_key_decode("0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", key), 0);
    assert_memory_equal(wx->previous_key, key, sizeof(key));
    assert_int_equal(wx->window, LIMIT_TIMESTAMP_WINDOW);
    assert_false(config->accounts[1].wx.has_previous_key);
    talloc_free(config);
}

static void takes_the_format_of_an_account(void **state) {
    (void)state;
    write_config(NULL, NULL);
    struct config *config = load();
    assert_int_equal(config->accounts[0].wx.format, WX_FORMAT_XML);
    talloc_free(config);
    write_config("    mode: safe\n", "    mode: safe\n    format: json\n");
    config = load();
    assert_int_equal(config->accounts[0].wx.format, WX_FORMAT_JSON);
    assert_int_equal(config->accounts[1].wx.format, WX_FORMAT_XML);
    talloc_free(config);
}

static void takes_the_days_of_a_company(void **state) {
    (void)state;
    write_config("pack: starter\n",
                 "pack: starter\n"
                 "    calendar: cn-2\n"
                 "    rest_days:\n"
                 "      - {date: 2026-11-18, reason: 厂庆}\n"
                 "      - {date: 2026-12-28, to: 2026-12-31, reason: 休假}\n"
                 "    work_days:\n"
                 "      - {date: 2026-11-22, reason: 补班}\n");
    struct config *config = load();
    assert_string_equal(config->accounts[0].calendar, "cn-2");
    const struct workdays_company *company = &config->accounts[0].company_days;
    assert_int_equal(company->rest_count, 2);
    assert_string_equal(company->rest[0].date, "2026-11-18");
    assert_null(company->rest[0].to);
    assert_string_equal(company->rest[1].to, "2026-12-31");
    assert_string_equal(company->rest[1].name, "休假");
    assert_int_equal(company->work_count, 1);
    assert_string_equal(company->work[0].name, "补班");
    assert_int_equal(config->accounts[1].company_days.rest_count, 0);
    talloc_free(config);
}

static void finds_an_account_by_its_whole_name(void **state) {
    (void)state;
    write_config(NULL, NULL);
    struct config *config = load();
    assert_ptr_equal(config_account(config, "demo/more", 4), &config->accounts[0]);
    assert_ptr_equal(config_account(config, "plain", 5), &config->accounts[1]);
    assert_null(config_account(config, "dem", 3));
    assert_null(config_account(config, "demos", 5));
    assert_null(config_account(config, "demo\0x", 6));
    assert_null(config_account(config, "", 0));
    assert_null(config_account(config, "zz", 2));
    assert_null(config_template_id(&config->accounts[1], "streak_at_risk"));
    talloc_free(config);

    write_config("name: demo", "name: zebra"); /* in whatever order they stand */
    config = load();
    assert_ptr_equal(config_account(config, "zebra", 5), &config->accounts[0]);
    assert_ptr_equal(config_account(config, "plain", 5), &config->accounts[1]);
    talloc_free(config);
}

/* Replacing the first text by the second gives the complaint. */
static const char *const mistakes[][3] = {
    {"public_url: https://learn.example.com", "", ":2: key \"public_url\" is missing"},
    {"https://learn.example.com", "https://learn.example.com/",
     ":1: public_url: expected a URL without a / at its end"},
    {"https://learn.example.com", "learn.example.com",
     ":1: public_url: expected a URL with http:// or https://"},
    {"https://learn.example.com", "https://",
     ":1: public_url: expected a URL with http:// or https://"},
    {"https://learn.example.com", "https://learn.example.com?a=b",
     ":1: public_url: expected a URL of host, port and path only"},
    {"https://learn.example.com", "https://me@learn.example.com",
     ":1: public_url: expected a URL of host, port and path only"},
    {"accounts:", "api_base_fallback: api2.weixin.qq.com\naccounts:",
     ":2: api_base_fallback: expected a URL with http:// or https://"},
    {"accounts:", "api_base: ftp://x\naccounts:",
     ":2: api_base: expected a URL with http:// or https://"},
    {"accounts:", "processes: 0\naccounts:", ":2: processes: 0, expected 1 to 64"},
    {"accounts:", "processes: 65\naccounts:", ":2: processes: 65, expected 1 to 64"},
    {"accounts:", "processes: many\naccounts:", ":2: processes: expected a whole number"},
    {"accounts:", "timestamp_window: 9\naccounts:", ":2: timestamp_window: 9, expected 10 to 3600"},
    {"accounts:", "turn_deadline_ms: 4801\naccounts:",
     ":2: turn_deadline_ms: 4801, expected 100 to 4800"},
    {"accounts:", "work:\n  tick_ms: 9\naccounts:", ":3: work.tick_ms: 9, expected 10 to 60000"},
    {"accounts:", "work:\n  claim_after_s: 541\naccounts:",
     ":3: work.claim_after_s: 541, expected 1 to 540"},
    {"accounts:", "work:\n  ledger_days: 0\naccounts:",
     ":3: work.ledger_days: 0, expected 1 to 90"},
    {"accounts:", "work:\n  quiet_from: \"24:00\"\naccounts:",
     ":3: work.quiet_from: expected a time of the day as HH:MM"},
    {"accounts:", "work:\n  quiet_to: \"8:30\"\naccounts:",
     ":3: work.quiet_to: expected a time of the day as HH:MM"},
    {"accounts:", "work:\n  quiet_to: \"08:60\"\naccounts:",
     ":3: work.quiet_to: expected a time of the day as HH:MM"},
    {"accounts:", "work:\n  quiet_to: \"08:300\"\naccounts:",
     ":3: work.quiet_to: expected a time of the day as HH:MM"},
    {"accounts:", "work:\n  quite_to: \"08:30\"\naccounts:", ":3: work.quite_to: unknown key"},
    {"accounts:", "listen: serve.sock\naccounts:",
     ":2: listen: expected a socket's path with a / in it, or host:port"},
    {"accounts:", "redis: 127.0.0.1:65536\naccounts:",
     ":2: redis: expected a socket's path with a / in it, or host:port"},
    {"accounts:", "redis: :6379\naccounts:",
     ":2: redis: expected a socket's path with a / in it, or host:port"},
    {"accounts:",
     "redis: /12345678901234567890123456789012345678901234567890123456789012345678901234567890"
     "123456789012345678901234567\naccounts:",
     ":2: redis: expected a socket's path, at most 107 bytes"},
    {"accounts:", "templates: no/templates\naccounts:",
     ":2: templates: expected a directory that is there"},
    {"name: demo", "name: Demo", ":3: accounts[0].name: expected a-z, 0-9 and - only"},
    {"name: demo", "name: demo-demo-demo-demo-demo-demo-demo",
     ":3: accounts[0].name: 34 characters, expected 1 to 32"},
    {"name: plain", "name: demo", ":15: accounts[1].name: accounts[0] has the same"},
    {"appid: wxd21d21d21d21d210", "appid: wxd21d21d21d21d21d",
     ":17: accounts[1].appid: accounts[0] has the same"},
    {"original_id: gh_day21plain", "original_id: gh_day21demo",
     ":18: accounts[1].original_id: accounts[0] has the same"},
    {"title: 学习", "title: \"学\\n习\"",
     ":4: accounts[0].title: expected one line of up to 90 bytes"},
    {"appid: wxd21d21d21d21d21d", "appid: wxd21d21d21d21d21",
     ":5: accounts[0].appid: 17 characters, expected 18"},
    {"appid: wxd21d21d21d21d21d", "appid: wxD21D21D21D21D21D",
     ":5: accounts[0].appid: expected wx and 16 of 0-9 and a-f"},
    {"appid: wxd21d21d21d21d21d", "appid: qyd21d21d21d21d21d",
     ":5: accounts[0].appid: expected wx and 16 of 0-9 and a-f"},
    {"gh_day21demo", "day21demo",
     ":6: accounts[0].original_id: expected gh_ and letters, digits, _ or -"},
    {"mode: safe", "mode: Safe", ":7: accounts[0].mode: expected plain, compatible or safe"},
    {"mode: safe", "mode: safe\n    format: JSON", ":8: accounts[0].format: expected xml or json"},
    {"mode: safe", "mode: plain", ":9: accounts[0].aes_key: mode plain has none"},
    {"mode: plain", "mode: compatible",
     ":15: accounts[1].aes_key: missing: mode compatible needs the EncodingAESKey"},
    {"day21demotoken", "ab", ":8: accounts[0].token: 2 characters, expected 3 to 32"},
    {"day21demotoken", "day21-token", ":8: accounts[0].token: expected letters and digits only"},
    {"456789ABCDEFG", "456789ABCDE", ":9: accounts[0].aes_key: 41 characters, expected 43"},
    {"456789ABCDEFG", "456789ABCDE+=", ":9: accounts[0].aes_key: expected letters and digits only"},
    {"    token: day21plaintoken\n",
     "    token: day21plaintoken\n"
     "    previous_aes_key: abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG\n",
     ":21: accounts[1].previous_aes_key: mode plain has none"},
    {"    secret_env: DAY21_TEST_SECRET\n", "",
     ":15: accounts[1]: expected either secret_file or secret_env"},
    {"    secret_env:", "    secret_file: var/a\n    secret_env:",
     ":15: accounts[1]: expected either secret_file or secret_env"},
    {"DAY21_TEST_SECRET", "DAY21-SECRET",
     ":21: accounts[1].secret_env: expected letters, digits and _ only"},
    {"pack: starter", "pack: nopack",
     ":11: accounts[0].pack: there is no directory templates/nopack"},
    {"pack: starter", "pack: ../templates",
     ":11: accounts[0].pack: expected the name of a directory in templates"},
    {"pack: starter", "pack: starter\n    time_zone: Asia/Beijing2",
     ":12: accounts[0].time_zone: expected a name such as Asia/Shanghai"},
    {"pack: starter", "pack: starter\n    calendar: ../cn",
     ":12: accounts[0].calendar: expected the name of a file in templates/calendar"},
    {"pack: starter", "pack: starter\n    rest_days:\n      - {date: 2026-11-18}",
     ":13: accounts[0].rest_days[0]: key \"reason\" is missing"},
    {"pack: starter", "pack: starter\n    war_report: {week: 09:00}",
     ":12: accounts[0].war_report.week: expected off, or one of mon, tue, wed, thu, fri, sat, sun "
     "and a "
     "time: mon 09:00"},
    {"pack: starter", "pack: starter\n    war_report: {month: 29 09:00}",
     ":12: accounts[0].war_report.month: expected off, or a day of the month from 1 to 28 and a "
     "time: 1 09:00"},
    {"pack: starter", "pack: starter\n    war_report: {year: 09:00}",
     ":12: accounts[0].war_report.year: unknown key"},
    {"notice: streak_at_risk", "notice: streak_at_rest",
     ":13: accounts[0].templates[0].notice: there is no notice of this name"},
    {"      - notice", "      - {notice: streak_at_risk, id: a}\n      - notice",
     ":14: accounts[0].templates[1].notice: has a template already"},
    {"Jx3kR8vQm2TzW7LbYc5", "0123456789012345678901234567890123456789a",
     ":14: accounts[0].templates[0].id: expected up to 64 letters, digits, _ or -"},
    {"NfHs0PdUa9GeVi4KoXn6Mt1E", "NfHs0 PdUa9GeVi4KoXn6Mt1E",
     ":14: accounts[0].templates[0].id: expected up to 64 letters, digits, _ or -"},
};

static void refuses_what_cannot_be_right(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
        void *ctx = talloc_new(NULL);
        struct config *config;
        struct yaml_problem problem = {""};
        char expected[512];
        write_config(mistakes[i][0], mistakes[i][1]);
        snprintf(expected, sizeof(expected), "%s%s", path, mistakes[i][2]);
        assert_int_equal(config_load(ctx, path, &config, &problem), -1);
        assert_string_equal(problem.text, expected);
        assert_int_equal(talloc_total_blocks(ctx), 1);
        talloc_free(ctx);
    }
}

static void reads_secrets_from_file_and_environment(void **state) {
    (void)state;
    write_config(NULL, NULL);
    write_file(secret_path, "0123456789abcdef0123456789abcdef\n");
    assert_int_equal(chmod(secret_path, 0600), 0);
    assert_int_equal(setenv("DAY21_TEST_SECRET", "fedcba9876543210fedcba9876543210", 1), 0);
    struct config *config = load();
    struct yaml_problem problem = {""};
    assert_null(config->accounts[0].secret);
    if (config_secrets(config, &problem))
        fail_msg("%s", problem.text);
    assert_string_equal(config->accounts[0].secret, "0123456789abcdef0123456789abcdef");
    assert_string_equal(config->accounts[1].secret, "fedcba9876543210fedcba9876543210");
    talloc_free(config);
}

static void refuses_secrets_without_showing_them(void **state) {
    (void)state;
    static const struct {
        const char *content, *environment; /* NULL: not there */
        mode_t mode;
        const char *expected; /* %s: the file */
    } cases[] = {
        {NULL, "0123456789abcdef", 0,
         ":10: accounts[0].secret_file: %s: No such file or directory"},
        {"0123456789abcdef\n", NULL, 0600,
         ":21: accounts[1].secret_env: DAY21_TEST_SECRET: not in the environment"},
        {"0123456789abcdef\n", "0123456789abcdef", 0640,
         ":10: accounts[0].secret_file: %s: others than its owner may read it: chmod 600"},
        {"0123456789abcdef\n", "0123456789abcdef", 0604,
         ":10: accounts[0].secret_file: %s: others than its owner may read it: chmod 600"},
        {"0123456789abcde\n", "0123456789abcdef", 0600,
         ":10: accounts[0].secret_file: %s: does not hold an AppSecret: 16 to 64 printable "
         "characters"},
        {"0123456789 abcdef\n", "0123456789abcdef", 0600,
         ":10: accounts[0].secret_file: %s: does not hold an AppSecret: 16 to 64 printable "
         "characters"},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0\n", "0123456789abcdef",
         0600,
         ":10: accounts[0].secret_file: %s: does not hold an AppSecret: 16 to 64 printable "
         "characters"},
        {"", "0123456789abcdef", 0600,
         ":10: accounts[0].secret_file: %s: does not hold an AppSecret: 16 to 64 printable "
         "characters"},
        {"0123456789abcdef\n", "", 0600,
         ":21: accounts[1].secret_env: DAY21_TEST_SECRET: does not hold an AppSecret: 16 to 64 "
         "printable characters"},
    };
    write_config(NULL, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        unlink(secret_path);
        if (cases[i].content) {
            write_file(secret_path, cases[i].content);
            assert_int_equal(chmod(secret_path, cases[i].mode), 0);
        }
        if (cases[i].environment)
            setenv("DAY21_TEST_SECRET", cases[i].environment, 1);
        else
            unsetenv("DAY21_TEST_SECRET");
        struct config *config = load();
        struct yaml_problem problem = {""};
        assert_int_equal(config_secrets(config, &problem), -1);
        assert_null(strstr(problem.text, "0123456789"));

        const char *file = strstr(cases[i].expected, "%s");
        char *expected =
            file ? talloc_asprintf(config, "%s%.*s%s%s", path, (int)(file - cases[i].expected),
                                   cases[i].expected, secret_path, file + 2)
                 : talloc_asprintf(config, "%s%s", path, cases[i].expected);
        assert_string_equal(problem.text, expected);
        talloc_free(config);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_the_example_as_it_is),
        cmocka_unit_test(takes_the_defaults_the_example_names),
        cmocka_unit_test(derives_what_the_callback_needs),
        cmocka_unit_test(takes_the_format_of_an_account),
        cmocka_unit_test(takes_the_days_of_a_company),
        cmocka_unit_test(finds_an_account_by_its_whole_name),
        cmocka_unit_test(refuses_what_cannot_be_right),
        cmocka_unit_test(reads_secrets_from_file_and_environment),
        cmocka_unit_test(refuses_secrets_without_showing_them),
    };
    return cmocka_run_group_tests_name("config", tests, make_directory, remove_directory);
}
