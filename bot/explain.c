/* day21 points explain ACCOUNT LEARNER [--days N]: why somebody has the points they have, and why
 * not more. */

#include "bot/history.h"
#include "bot/points_command.h"
#include "bot/points_person.h"
#include "store/points.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define DAYS 30

struct explain {
    struct session *session;
    struct store_person person;
    int64_t lines;
};

/* "2026-11-20 08:31" */
static const char *moment(struct session *session, int64_t at, char text[32]) {
    struct calendar *calendar = session->account->calendar;
    char date[ARCHIVE_DATE], time[16];
    archive_date(calendar_day(calendar, at)->number, date);
    calendar_time(calendar, at, time);
    snprintf(text, 32, "%s %s", date, time);
    return text;
}

static const char *reason(struct session *session, const char *rule) {
    const char *words =
        rules_reason(session, session->account->rules, session->account->copy, rule);
    return words ? words : rule;
}

static void show_person(struct session *session, const struct store_person *person) {
    const struct rules *rules = session->account->rules;
    unsigned level = person->level ? person->level : 1;
    char date[ARCHIVE_DATE];
    printf("learner %" PRId64, person->number);
    if (*person->employee)
        printf(", %s, employee %s%s%s%s%s", person->name, person->employee,
               *person->department ? ", " : "", person->department, *person->team ? ", team " : "",
               person->team);
    else
        printf(", not bound");
    printf("\n%" PRId64 " points, level %u %s; %" PRId64 " coins\n", person->xp, level,
           level <= rules->levels_count ? rules->levels[level - 1].title : "", person->co);
    printf("%" PRId64 " days checked in", person->checkins);
    if (person->streak > 0) {
        archive_date(person->streak_day, date);
        printf(", a streak of %" PRId64 " up to %s, %" PRId64 " freezes in hand", person->streak,
               date, person->freezes);
    }
    printf("; %s\n", person->shown ? "on the boards" : "not on the boards");
}

static int show_line(void *data, const struct store_ledger_line *line) {
    struct explain *explain = data;
    char when[32];
    if (line->number != explain->person.number)
        return 0;
    explain->lines++;
    printf("  %s  %+" PRId64 " points, %+" PRId64 " coins: %" PRId64 ", %" PRId64
           "  %s (%s)%s%s\n"
           "      line %s, once by %s\n",
           moment(explain->session, line->at, when), line->points, line->coins, line->xp, line->co,
           reason(explain->session, line->rule), line->rule, *line->subject ? " " : "",
           line->subject, line->line, line->id);
    return 0;
}

static const char *why_text(enum store_why why) {
    static const char *const texts[STORE_WHY_COUNT] = {
        [STORE_WHY_none] = "",
        [STORE_WHY_once] = "it has been given for this already",
        [STORE_WHY_day] = "the rule's points of the day had been given",
        [STORE_WHY_week] = "the rule's points of the week had been given",
        [STORE_WHY_subject] = "the rule's points for this subject had been given",
        [STORE_WHY_total] = "the points of the day from all rules had been given",
        [STORE_WHY_cool] = "it was too soon after the last time",
        [STORE_WHY_short] = "it was too short, or too little was watched",
        [STORE_WHY_unbound] = "it is for who is bound only",
    };
    return texts[why];
}

/* What the learner's own newest entries say about points that were not given. */
static void show_refusals(struct session *session, const struct store_person *person) {
    char *entries = talloc_strdup(session, person->recent), *rest = entries;
    bool any = false;
    for (char *entry; (entry = strsep(&rest, "\n"));) {
        int64_t points, coins;
        char rule[64], why[16] = "", when[32];
        int64_t at = strtoll(entry, &entry, 36);
        if (sscanf(entry, " %" SCNd64 " %" SCNd64 " %63s %15s", &points, &coins, rule, why) != 4 ||
            store_why(why) == STORE_WHY_none)
            continue;
        if (!any)
            printf("not given, or not all of it, among the last five:\n");
        any = true;
        printf("  %s  %s (%s): %" PRId64 " points, as %s\n", moment(session, at, when),
               reason(session, rule), rule, points, why_text(store_why(why)));
    }
    if (!any)
        printf("nothing was refused among the last five\n");
}

static int parse(int argc, char **argv, const char **who, int64_t *days) {
    for (int i = 0; i < argc; i++) {
        char *end;
        if (strcmp(argv[i], "--days") == 0 && i + 1 < argc) {
            *days = strtoll(argv[++i], &end, 10);
            if (*end || end == argv[i] || *days < 1 || *days > 100000)
                return -1;
        } else if (*argv[i] != '-' && !*who) {
            *who = argv[i];
        } else {
            return -1;
        }
    }
    return *who ? 0 : -1;
}

int points_explain(struct session *session, int argc, char **argv) {
    struct explain explain = {.session = session};
    struct history history;
    const char *who = NULL;
    int64_t days = DAYS;
    if (parse(argc, argv, &who, &days)) {
        fprintf(stderr, "usage: day21 points explain ACCOUNT LEARNER [--days N]\n");
        return 2;
    }
    if (points_person(session, who, &explain.person))
        return 1;
    show_person(session, &explain.person);
    printf("the ledger's lines of the last %" PRId64 " days:\n", days);
    if (history_read(&history, session, session->turn.day - days + 1, show_line, &explain))
        return 1;
    if (explain.lines == 0)
        printf("  none\n");
    show_refusals(session, &explain.person);
    return 0;
}
