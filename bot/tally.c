#include "bot/tally.h"

#include "bot/calendar.h"
#include "config/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static int64_t week_of(int64_t day) {
    return (day + 3) / 7; /* Monday's weeks; days before 1970 earn nothing */
}

struct tallies *tallies_new(void *ctx, int64_t today) {
    struct tallies *tallies = talloc_zero(ctx, struct tallies);
    if (!tallies)
        return NULL;
    tallies->today = today;
    tallies->this_week = week_of(today);
    tallies->this_month = calendar_month(today);
    return tallies;
}

/* Room for the tally number `at`. */
static struct tally *reach(struct tallies *tallies, struct tally **list, int64_t *end, int64_t at) {
    if (at < 0 || at > LIMIT_LEDGER_NUMBER)
        return NULL;
    if (at >= *end) {
        int64_t room = (int64_t)talloc_array_length(*list);
        if (at >= room) {
            room = at < 512 ? 1024 : 2 * at;
            struct tally *more = talloc_realloc(tallies, *list, struct tally, (size_t)room);
            if (!more)
                return NULL;
            memset(more + *end, 0, (size_t)(room - *end) * sizeof *more);
            *list = more;
        }
        *end = at + 1;
    }
    return &(*list)[at];
}

/* board.credit() of store/lua/lib. */
static void credit(const struct tallies *tallies, struct tally *tally, int64_t give, uint32_t at) {
    int64_t day = tallies->day, week = tallies->week, month = tallies->month;
    bool on = day >= tally->day, same_week = week == tally->week,
         same_month = month == tally->month;
    tally->counted = true;
    tally->all += give;
    tally->since[STORE_AUDIT_ALL] = at;
    if (on) {
        tally->day_sum = (day == tally->day ? tally->day_sum : 0) + give;
        tally->since[STORE_AUDIT_DAY] = at;
        tally->day = (int32_t)day;
    }
    if (on || same_week) {
        tally->week_sum = (same_week ? tally->week_sum : 0) + give;
        tally->since[STORE_AUDIT_WEEK] = at;
        tally->week = (int32_t)week;
    }
    if (on || same_month) {
        tally->month_sum = (same_month ? tally->month_sum : 0) + give;
        tally->since[STORE_AUDIT_MONTH] = at;
        tally->month = (int32_t)month;
    }
    const bool before[] = {day == tallies->today - 1, week == tallies->this_week - 1,
                           month == tallies->this_month - 1};
    for (int i = 0; i < 3; i++)
        if (before[i]) {
            tally->before[i] += (int32_t)give;
            tally->since[STORE_AUDIT_GROUP_BOARDS + i] = at;
        }
}

static int credit_group(struct tallies *tallies, struct tally **list, int64_t *end, const char *id,
                        const struct store_ledger_line *line) {
    if (!*id)
        return 0;
    struct tally *tally = reach(tallies, list, end, strtoll(id, NULL, 10));
    if (!tally)
        return -1;
    credit(tallies, tally, line->points, (uint32_t)line->at);
    return 0;
}

int tallies_count(struct tallies *tallies, const struct store_ledger_line *line) {
    struct tally *tally = reach(tallies, &tallies->people, &tallies->people_end, line->number);
    if (!tally || line->number == 0)
        return -1;
    if (line->day != tallies->day) {
        tallies->day = line->day;
        tallies->week = week_of(line->day);
        tallies->month = calendar_month(line->day);
    }
    tally->co += line->coins;
    if (line->points) {
        credit(tallies, tally, line->points, (uint32_t)line->at);
        if (credit_group(tallies, &tallies->departments, &tallies->departments_end,
                         line->department, line) ||
            credit_group(tallies, &tallies->teams, &tallies->teams_end, line->team, line))
            return -1;
    }
    int32_t xp_off = (int32_t)(line->xp - tally->all), co_off = (int32_t)(line->co - tally->co);
    bool follows = xp_off == tally->xp_off && co_off == tally->co_off;
    tally->xp_off = xp_off;
    tally->co_off = co_off;
    return follows ? 0 : 1;
}

const struct tally *tallies_of(const struct tallies *tallies, int64_t number, const char *group) {
    const struct tally *list = tallies->people;
    int64_t end = tallies->people_end;
    if (*group) {
        bool team = *group == 't';
        list = team ? tallies->teams : tallies->departments;
        end = team ? tallies->teams_end : tallies->departments_end;
        number = strtoll(group + 2, NULL, 10);
    }
    return number >= 0 && number < end ? &list[number] : NULL;
}

void tally_text(const struct tally *tally, char text[TALLY_TEXT]) {
    *text = '\0';
    if (tally->counted)
        snprintf(text, TALLY_TEXT, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId32,
                 tally->all, tally->day_sum, tally->week_sum, tally->month_sum, tally->day);
}

int64_t tally_board(const struct tallies *tallies, const struct tally *tally, int board) {
    int64_t sum = 0;
    if (board == STORE_AUDIT_ALL)
        sum = tally->all;
    else if (board == STORE_AUDIT_DAY)
        sum = tally->day == tallies->today ? tally->day_sum : 0;
    else if (board == STORE_AUDIT_WEEK)
        sum = tally->week == tallies->this_week ? tally->week_sum : 0;
    else if (board == STORE_AUDIT_MONTH)
        sum = tally->month == tallies->this_month ? tally->month_sum : 0;
    else
        sum = tally->before[board - STORE_AUDIT_GROUP_BOARDS];
    return sum > 0 ? sum : STORE_AUDIT_OFF;
}
