#include "bot/board_words.h"

#include <stdio.h>
#include <string.h>

/* The first word of a table that stands in the text decides; so a word that is part of another
 * stands after it. The rows that have a name are what the board is called. */

static const struct {
    const char *word;
    enum store_board_kind kind;
    bool named;
} kinds[] = {
    {"部门", STORE_BOARD_DEPARTMENT, true},  {"部門", STORE_BOARD_DEPARTMENT, false},
    {"科室", STORE_BOARD_DEPARTMENT, false}, {"分公司", STORE_BOARD_DEPARTMENT, false},
    {"单位", STORE_BOARD_DEPARTMENT, false}, {"bumen", STORE_BOARD_DEPARTMENT, false},
    {"战队", STORE_BOARD_TEAM, true},        {"队", STORE_BOARD_TEAM, false},
    {"隊", STORE_BOARD_TEAM, false},         {"小组", STORE_BOARD_TEAM, false},
    {"team", STORE_BOARD_TEAM, false},       {"个人", STORE_BOARD_PERSON, true},
};

static const struct {
    const char *word;
    enum store_period period;
    unsigned back;
    bool named;
} periods[] = {
    {"前天", STORE_PERIOD_DAY, 2, false},       {"前日榜", STORE_PERIOD_DAY, 2, true},
    {"昨日榜", STORE_PERIOD_DAY, 1, true},      {"昨", STORE_PERIOD_DAY, 1, false},
    {"上上周榜", STORE_PERIOD_WEEK, 2, true},   {"上上周", STORE_PERIOD_WEEK, 2, false},
    {"上上星期", STORE_PERIOD_WEEK, 2, false},  {"上上个星期", STORE_PERIOD_WEEK, 2, false},
    {"上周榜", STORE_PERIOD_WEEK, 1, true},     {"上周", STORE_PERIOD_WEEK, 1, false},
    {"上週", STORE_PERIOD_WEEK, 1, false},      {"上星期", STORE_PERIOD_WEEK, 1, false},
    {"上个星期", STORE_PERIOD_WEEK, 1, false},  {"上礼拜", STORE_PERIOD_WEEK, 1, false},
    {"上一周", STORE_PERIOD_WEEK, 1, false},    {"上个周", STORE_PERIOD_WEEK, 1, false},
    {"上上月榜", STORE_PERIOD_MONTH, 2, true},  {"上上月", STORE_PERIOD_MONTH, 2, false},
    {"上上个月", STORE_PERIOD_MONTH, 2, false}, {"上月榜", STORE_PERIOD_MONTH, 1, true},
    {"上月", STORE_PERIOD_MONTH, 1, false},     {"上个月", STORE_PERIOD_MONTH, 1, false},
    {"总榜", STORE_PERIOD_ALL, 0, true},        {"總榜", STORE_PERIOD_ALL, 0, false},
    {"总排", STORE_PERIOD_ALL, 0, false},       {"总分", STORE_PERIOD_ALL, 0, false},
    {"总积分", STORE_PERIOD_ALL, 0, false},     {"总名次", STORE_PERIOD_ALL, 0, false},
    {"累计", STORE_PERIOD_ALL, 0, false},       {"历史", STORE_PERIOD_ALL, 0, false},
    {"全部", STORE_PERIOD_ALL, 0, false},       {"zongbang", STORE_PERIOD_ALL, 0, false},
    {"日榜", STORE_PERIOD_DAY, 0, true},        {"日排", STORE_PERIOD_DAY, 0, false},
    {"今日", STORE_PERIOD_DAY, 0, false},       {"今天", STORE_PERIOD_DAY, 0, false},
    {"当日", STORE_PERIOD_DAY, 0, false},       {"每日", STORE_PERIOD_DAY, 0, false},
    {"月榜", STORE_PERIOD_MONTH, 0, true},      {"本月", STORE_PERIOD_MONTH, 0, false},
    {"这个月", STORE_PERIOD_MONTH, 0, false},   {"当月", STORE_PERIOD_MONTH, 0, false},
    {"月", STORE_PERIOD_MONTH, 0, false},       {"周榜", STORE_PERIOD_WEEK, 0, true},
};

#define PER_HEAD "人均"
#define BELOW    "下级"
#define ABOVE    "上级"
#define FURTHER  "上" /* 上上级 is above 上级 */

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* How far up: 上级 1, 上上级 2 …; 下级 -1. */
static int read_level(const char *folded) {
    const char *at = strstr(folded, ABOVE);
    if (!at)
        return strstr(folded, BELOW) ? -1 : 0;
    int up = 1;
    for (size_t width = strlen(FURTHER); (size_t)(at - folded) >= width; up++) {
        at -= width;
        if (strncmp(at, FURTHER, width) != 0)
            break;
    }
    return up;
}

void board_words_read(const char *folded, struct store_board_query *query) {
    query->up = read_level(folded);
    query->per_head = strstr(folded, PER_HEAD) || strstr(folded, "平均");
    query->kind = query->up || query->per_head ? STORE_BOARD_DEPARTMENT : STORE_BOARD_PERSON;
    query->period = STORE_PERIOD_WEEK;
    query->back = 0;
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strstr(folded, kinds[i].word)) {
            query->kind = kinds[i].kind;
            break;
        }
    for (size_t i = 0; i < COUNT(periods); i++)
        if (strstr(folded, periods[i].word)) {
            query->period = periods[i].period;
            query->back = periods[i].back;
            break;
        }
    if (query->kind != STORE_BOARD_DEPARTMENT) {
        query->up = 0;
        query->per_head = false;
    }
}

static void append(char name[BOARD_WORDS_NAME], const char *word) {
    size_t used = strlen(name);
    snprintf(name + used, BOARD_WORDS_NAME - used, "%s", word);
}

const char *board_words_period(const struct store_board_query *query) {
    for (size_t i = 0; i < COUNT(periods); i++)
        if (periods[i].named && periods[i].period == query->period &&
            periods[i].back == query->back)
            return periods[i].word;
    return "";
}

void board_words_name(const struct store_board_query *query, char name[BOARD_WORDS_NAME]) {
    *name = '\0';
    for (int i = 1; i < query->up && i < 4; i++)
        append(name, FURTHER);
    if (query->up)
        append(name, query->up < 0 ? BELOW : ABOVE);
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (kinds[i].named && kinds[i].kind == query->kind)
            append(name, kinds[i].word);
    if (query->per_head)
        append(name, PER_HEAD);
    append(name, board_words_period(query));
}
