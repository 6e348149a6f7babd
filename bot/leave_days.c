#include "bot/leave_days.h"

#include "bot/calendar.h"

#include <string.h>

#define COUNT(table) (sizeof table / sizeof table[0])
#define RECENTLY     7 /* a day of the month so few days ago is meant as such, not next month's */
#define NONE         INT64_MIN

struct reading {
    const char *at;
    int64_t today;
    int64_t first, last; /* days named, or NONE */
    int64_t count;       /* working days asked for; 0: none */
    int64_t weeks;
    bool until;  /* a word that leads the last day was read */
    bool broken; /* something that looked like a day is none */
};

static bool eat(struct reading *reading, const char *word) {
    if (strncmp(reading->at, word, strlen(word)) != 0)
        return false;
    reading->at += strlen(word);
    return true;
}

static bool eat_any(struct reading *reading, const char *const words[], size_t count) {
    for (size_t i = 0; i < count; i++)
        if (eat(reading, words[i]))
            return true;
    return false;
}

static bool eat_until(struct reading *reading) {
    static const char *const words[] = {"到", "至", "-", "~", "–", "—", "〜", "―"};
    return eat_any(reading, words, COUNT(words));
}

static bool eat_day_sign(struct reading *reading) {
    return eat(reading, "日") || eat(reading, "号") || eat(reading, "號");
}

static void add(struct reading *reading, int64_t day) {
    if (reading->first == NONE && reading->until)
        reading->first = reading->today; /* 请到周五 */
    if (reading->first == NONE)
        reading->first = day;
    else
        reading->last = day;
}

/* ---- numbers ---- */

static int64_t digit(const char *at) {
    static const char *const digits[] = {"零", "一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "两"};
    for (size_t i = 0; i < COUNT(digits); i++)
        if (strncmp(at, digits[i], strlen(digits[i])) == 0)
            return i == 10 ? 2 : (int64_t)i;
    return -1;
}

#define HANZI 3 /* bytes of each of them */

/* 三, 十, 十二, 二十五: below a hundred. */
static int64_t hanzi_number(struct reading *reading) {
    int64_t number = digit(reading->at);
    if (number >= 0)
        reading->at += HANZI;
    if (!eat(reading, "十"))
        return number;
    number = number > 0 ? number * 10 : 10;
    int64_t unit = digit(reading->at);
    if (unit > 0) {
        number += unit;
        reading->at += HANZI;
    }
    return number;
}

/* -1 when there is none. */
static int64_t number(struct reading *reading) {
    size_t length = strspn(reading->at, "0123456789");
    if (length == 0)
        return hanzi_number(reading);
    int64_t value = 0;
    for (size_t i = 0; i < length; i++)
        value = value < 100000 ? value * 10 + (reading->at[i] - '0') : value;
    reading->at += length;
    return value;
}

/* ---- dates ---- */

static void add_date(struct reading *reading, int64_t year, int64_t month, int64_t day) {
    int64_t number;
    if (month < 1 || month > 12 || day < 1 || day > 31 || year > 9999 ||
        calendar_number(year, (unsigned)month, (unsigned)day, &number))
        reading->broken = true;
    else
        add(reading, number);
}

static bool is_date(int64_t month, int64_t day) {
    int64_t number; /* of a leap year */
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
           calendar_number(2024, (unsigned)month, (unsigned)day, &number) == 0;
}

static int64_t distance(int64_t a, int64_t b) {
    return a > b ? a - b : b - a;
}

/* Of the year that brings it nearest to today. */
static void add_month_day(struct reading *reading, int64_t month, int64_t day) {
    int64_t year = calendar_date(reading->today).year, nearest = NONE;
    for (int64_t y = year - 1; is_date(month, day) && y <= year + 1; y++) {
        int64_t n;
        if (calendar_number(y, (unsigned)month, (unsigned)day, &n) == 0 &&
            (nearest == NONE || distance(n, reading->today) < distance(nearest, reading->today)))
            nearest = n;
    }
    if (nearest == NONE)
        reading->broken = true;
    else
        add(reading, nearest);
}

/* The next such day of a month, of the last day asked for from the first one on. */
static void add_day_of_month(struct reading *reading, int64_t day) {
    int64_t since = reading->first != NONE ? reading->first : reading->today - RECENTLY;
    for (int64_t n = since; day >= 1 && day <= 31 && n < since + 62; n++)
        if (calendar_date(n).day == (unsigned)day) {
            add(reading, n);
            return;
        }
    reading->broken = true;
}

/* The number `month` has been read, and what parts it from the day is next: 25 of 11.25. */
static bool read_dotted(struct reading *reading, int64_t first) {
    const char *before = reading->at;
    bool dashed = eat(reading, "-");
    if (!dashed && !eat(reading, "/") && !eat(reading, "."))
        return false;
    int64_t second = number(reading);
    if (first >= 1000) {
        bool parted = eat(reading, "-") || eat(reading, "/") || eat(reading, ".");
        add_date(reading, first, second, parted ? number(reading) : -1);
    } else if (is_date(first, second) && !(dashed && eat_day_sign(reading))) {
        add_month_day(reading, first, second);
    } else {
        reading->at = before; /* 25-27, 3-5号: two days of a month */
        return false;
    }
    eat_day_sign(reading);
    return true;
}

static bool read_month(struct reading *reading, int64_t first) {
    int64_t year = 0;
    if (eat(reading, "年")) {
        year = first < 100 ? 2000 + first : first;
        first = number(reading);
    }
    if (!eat(reading, "月")) {
        reading->broken = reading->broken || year > 0;
        return year > 0;
    }
    int64_t day = number(reading);
    eat_day_sign(reading);
    if (year > 0)
        add_date(reading, year, first, day);
    else
        add_month_day(reading, first, day);
    return true;
}

/* ---- how long ---- */

static bool read_length(struct reading *reading, int64_t first) {
    static const char *const days[] = {"个工作日", "工作日", "个整天", "整天", "天"};
    static const char *const weeks[] = {"个星期", "星期", "个礼拜", "礼拜", "周"};
    if (eat_any(reading, days, COUNT(days)))
        reading->count = first;
    else if (eat_any(reading, weeks, COUNT(weeks)))
        reading->weeks = first;
    else
        return false;
    reading->broken = reading->broken || first == 0;
    return true;
}

/* A number that nothing follows: a day of the month beside others, else how many days. */
static void read_bare(struct reading *reading, int64_t first) {
    struct reading ahead = *reading;
    if (reading->until || eat_until(&ahead))
        add_day_of_month(reading, first);
    else
        reading->count = first;
    reading->broken = reading->broken || first == 0;
}

static bool ends(const struct reading *reading) {
    static const char *const after[] = {"到", "至", "请", "休", "吧", "、", "和"};
    if (!*reading->at || strchr(" -~,.!?;:)", *reading->at))
        return true;
    for (size_t i = 0; i < COUNT(after); i++)
        if (strncmp(reading->at, after[i], strlen(after[i])) == 0)
            return true;
    return false;
}

static bool read_number(struct reading *reading) {
    const char *before = reading->at;
    bool in_digits = strchr("0123456789", *before), alone = reading->first == NONE;
    int64_t first = number(reading);
    if (first < 0)
        return false;
    if (read_dotted(reading, first) || read_month(reading, first) || read_length(reading, first))
        return true;
    bool is_day = strncmp(reading->at, "日", HANZI) == 0;
    if (eat_day_sign(reading)) {
        if (is_day && alone && !reading->until && !*reading->at)
            reading->count = first; /* 请假3日 */
        else
            add_day_of_month(reading, first);
    } else if (ends(reading)) {
        read_bare(reading, first);
    } else if (in_digits) {
        reading->broken = true; /* 2小时; but 一起 is a word */
    }
    return true;
}

/* ---- days by name ---- */

static int64_t monday(int64_t day) {
    return day - ((day + 3) % 7 + 7) % 7; /* day 0 was a Thursday */
}

static bool read_relative(struct reading *reading) {
    static const struct {
        const char *word;
        int from, to;
    } words[] = {
        {"大后天", 3, 3}, {"大前天", -3, -3}, {"今明后", 0, 2}, {"今明", 0, 1}, {"明后天", 1, 2},
        {"明后", 1, 2},   {"后天", 2, 2},     {"前天", -2, -2}, {"今天", 0, 0}, {"今日", 0, 0},
        {"今儿", 0, 0},   {"明天", 1, 1},     {"明日", 1, 1},   {"明儿", 1, 1}, {"昨天", -1, -1},
        {"昨日", -1, -1}, {"今早", 0, 0},     {"明早", 1, 1},   {"今晚", 0, 0}, {"明晚", 1, 1},
    };
    for (size_t i = 0; i < COUNT(words); i++)
        if (eat(reading, words[i].word)) {
            add(reading, reading->today + words[i].from);
            if (words[i].to > words[i].from)
                add(reading, reading->today + words[i].to);
            return true;
        }
    return false;
}

/* 周三, 下周三, 本周, 下周 …: `week` how many weeks ahead, -1 for the next such day there is. */
static bool read_weekday(struct reading *reading, int week) {
    static const char *const weekdays[] = {"一", "二", "三", "四", "五", "六", "日", "天",
                                           "1",  "2",  "3",  "4",  "5",  "6",  "7"};
    static const int numbers[] = {0, 1, 2, 3, 4, 5, 6, 6, 0, 1, 2, 3, 4, 5, 6};
    int64_t from = reading->first != NONE ? reading->first : reading->today;
    int64_t start = monday(week < 0 ? from : reading->today) + 7 * (week < 0 ? 0 : week);
    if (eat(reading, "末")) {
        add(reading, start + 5);
        add(reading, start + 6);
        return true;
    }
    for (size_t i = 0; i < COUNT(weekdays); i++)
        if (eat(reading, weekdays[i])) {
            int64_t day = start + numbers[i];
            bool earlier = day < from && (week < 0 || reading->first != NONE);
            add(reading, earlier ? day + 7 : day);
            return true;
        }
    if (week < 0)
        return false;
    add(reading, week == 0 ? reading->today : start);
    add(reading, start + 6);
    return true;
}

static bool read_week(struct reading *reading) {
    static const struct {
        const char *word;
        int week;
    } leads[] = {{"下下", 2}, {"下一", 1}, {"下个", 1}, {"下", 1},
                 {"这个", 0}, {"这", 0},   {"本", 0},   {"", -1}};
    static const char *const names[] = {"星期", "礼拜", "周"};
    for (size_t i = 0; i < COUNT(leads); i++) {
        const char *before = reading->at;
        if (eat(reading, leads[i].word) && eat_any(reading, names, COUNT(names)) &&
            read_weekday(reading, leads[i].week))
            return true;
        reading->at = before;
    }
    return false;
}

/* ---- the whole ---- */

static void pass(struct reading *reading) {
    do
        reading->at++;
    while ((*reading->at & 0xc0) == 0x80);
}

static void read_all(struct reading *reading) {
    while (*reading->at && !reading->broken) {
        if (eat(reading, "半天"))
            reading->count = 1;
        else if (read_relative(reading) || read_week(reading) || read_number(reading))
            continue;
        else if (eat_until(reading))
            reading->until = true;
        else
            pass(reading);
    }
}

/* From the first named day to the last, whatever they are. False when it says nothing. */
static bool span(const struct reading *reading, const struct workdays *workdays,
                 struct leave_days *days) {
    int64_t first = reading->first != NONE ? reading->first : reading->today;
    if (reading->broken || (reading->first == NONE && !reading->count && !reading->weeks))
        return false;
    days->from = days->to = first;
    if (reading->last != NONE)
        days->to = reading->last;
    else if (reading->weeks)
        days->to = first + 7 * (reading->weeks < 100 ? reading->weeks : 100) - 1;
    else if (reading->count)
        days->to =
            workdays_add(workdays, first - 1, (int)(reading->count < 1000 ? reading->count : 1000));
    return days->to >= days->from;
}

enum leave_days_verdict leave_days_parse(const char *text, int64_t today,
                                         const struct workdays *workdays, int64_t most,
                                         struct leave_days *days) {
    struct reading reading = {.at = text, .today = today, .first = NONE, .last = NONE};
    read_all(&reading);
    if (!span(&reading, workdays, days))
        return LEAVE_DAYS_UNCLEAR;
    if (days->from < today)
        return LEAVE_DAYS_PAST;
    if (days->from > today + LEAVE_DAYS_AHEAD)
        return LEAVE_DAYS_FAR;
    if (days->to > days->from + 2000)
        return LEAVE_DAYS_LONG;
    days->count = workdays_count(workdays, days->from, days->to);
    if (days->count == 0)
        return LEAVE_DAYS_REST;
    days->from = workdays_next(workdays, days->from - 1);
    days->to = workdays_add(workdays, days->to + 1, -1);
    return days->count > most ? LEAVE_DAYS_LONG : LEAVE_DAYS_GOOD;
}
