/* day21 points explain ACCOUNT LEARNER [--days N]: why somebody has the points they have, and why
 * not more. */

#include "bot/history.h"
#include "bot/options.h"
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
    calendar_stamp(explain->session->account->calendar, line->at, when);
    printf("  %.16s  %+" PRId64 " points, %+" PRId64 " coins: %" PRId64 ", %" PRId64
           "  %s (%s)%s%s\n"
           "      line %s, once by %s\n",
           when, line->points, line->coins, line->xp, line->co,
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
        calendar_stamp(session->account->calendar, at, when);
        printf("  %.16s  %s (%s): %" PRId64 " points, as %s\n", when, reason(session, rule), rule,
               points, why_text(store_why(why)));
    }
    if (!any)
        printf("nothing was refused among the last five\n");
}

int points_explain(struct session *session, int argc, char **argv) {
    struct explain explain = {.session = session};
    struct history history;
    int64_t days = DAYS;
    const struct options options[] = {{"--days", .number = &days, .least = 1, .most = HISTORY_DAYS},
                                      {NULL}};
    if (options_take(options, argc, argv) != 1)
        return VERB_USAGE;
    if (points_person(session, argv[0], &explain.person))
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
