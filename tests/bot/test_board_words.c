/* bot/board_words.h */

#include "bot/board_words.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#define P STORE_BOARD_PERSON
#define D STORE_BOARD_DEPARTMENT
#define T STORE_BOARD_TEAM

static void a_text_says_which_board(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum store_board_kind kind;
        enum store_period period;
        unsigned back;
        int up;
        bool per_head;
    } cases[] = {
        {"", P, STORE_PERIOD_WEEK, 0, 0, false},
        {"排行榜", P, STORE_PERIOD_WEEK, 0, 0, false},
        {"个人排行", P, STORE_PERIOD_WEEK, 0, 0, false},
        {"本周排行", P, STORE_PERIOD_WEEK, 0, 0, false},
        {"今日排行榜", P, STORE_PERIOD_DAY, 0, 0, false},
        {"今天谁第几名", P, STORE_PERIOD_DAY, 0, 0, false},
        {"昨天的排名", P, STORE_PERIOD_DAY, 1, 0, false},
        {"前天的排名", P, STORE_PERIOD_DAY, 2, 0, false},
        {"本月排行榜", P, STORE_PERIOD_MONTH, 0, 0, false},
        {"上个月的榜单", P, STORE_PERIOD_MONTH, 1, 0, false},
        {"总榜", P, STORE_PERIOD_ALL, 0, 0, false},
        {"上周排行", P, STORE_PERIOD_WEEK, 1, 0, false},
        {"上上周排行", P, STORE_PERIOD_WEEK, 2, 0, false},
        {"战队月榜", T, STORE_PERIOD_MONTH, 0, 0, false},
        {"团队排行", T, STORE_PERIOD_WEEK, 0, 0, false},
        {"部门周榜", D, STORE_PERIOD_WEEK, 0, 0, false},
        {"本周部门排行", D, STORE_PERIOD_WEEK, 0, 0, false},
        {"部门人均月榜", D, STORE_PERIOD_MONTH, 0, 0, true},
        {"人均榜", D, STORE_PERIOD_WEEK, 0, 0, true},
        {"上级部门总榜", D, STORE_PERIOD_ALL, 0, 1, false},
        {"上上级部门上周榜", D, STORE_PERIOD_WEEK, 1, 2, false},
        {"下级部门排行榜", D, STORE_PERIOD_WEEK, 0, -1, false},
        {"个人人均榜", P, STORE_PERIOD_WEEK, 0, 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct store_board_query query = {.top = 5};
        board_words_read(cases[i].text, &query);
        if (query.kind != cases[i].kind || query.period != cases[i].period ||
            query.back != cases[i].back || query.up != cases[i].up ||
            query.per_head != cases[i].per_head || query.top != 5)
            fail_msg("%s: kind %d, period %d, back %u, up %d, per head %d", cases[i].text,
                     query.kind, query.period, query.back, query.up, query.per_head);
    }
}

static void a_board_is_found_by_its_name(void **state) {
    (void)state;
    for (int kind = P; kind <= T; kind++)
        for (int period = STORE_PERIOD_ALL; period <= STORE_PERIOD_MONTH; period++)
            for (unsigned back = 0; back <= (period == STORE_PERIOD_ALL ? 0 : 2); back++)
                for (int up = kind == D ? -1 : 0; up <= (kind == D ? 4 : 0); up++)
                    for (int per_head = 0; per_head <= (kind == D); per_head++) {
                        const struct store_board_query asked = {(enum store_board_kind)kind,
                                                                (enum store_period)period,
                                                                back,
                                                                0,
                                                                0,
                                                                up,
                                                                per_head};
                        struct store_board_query read = {.kind = P};
                        char name[BOARD_WORDS_NAME];
                        board_words_name(&asked, name);
                        board_words_read(name, &read);
                        if (read.kind != asked.kind || read.period != asked.period ||
                            read.back != asked.back || read.up != asked.up ||
                            read.per_head != asked.per_head)
                            fail_msg("%s is another board", name);
                    }
}

static void boards_are_called_what_people_call_them(void **state) {
    (void)state;
    char name[BOARD_WORDS_NAME];
    board_words_name(&(struct store_board_query){.period = STORE_PERIOD_WEEK}, name);
    assert_string_equal(name, "个人周榜");
    board_words_name(&(struct store_board_query){D, STORE_PERIOD_WEEK, 1, 0, 0, 1, true}, name);
    assert_string_equal(name, "上级部门人均上周榜");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_says_which_board),
        cmocka_unit_test(a_board_is_found_by_its_name),
        cmocka_unit_test(boards_are_called_what_people_call_them),
    };
    return cmocka_run_group_tests_name("bot/board_words", tests, NULL, NULL);
}
