/* day21 points replay ACCOUNT --rules FILE [--days N]: who would have what, had other rules held.
 */

#include "bot/history.h"
#include "bot/options.h"
#include "bot/points_command.h"
#include "bot/points_person.h"
#include "bot/retrial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define DAYS  30
#define SHOWN 10 /* gainers, losers */
#define TOP   20

struct by_rule {
    char name[64];
    int64_t lines, is, would;
};

struct replay {
    struct session *session;
    struct history history;
    struct retrial *retrial;
    int64_t from;         /* day */
    char (*reversed)[48]; /* lines that were taken back, sorted */
    unsigned reversed_count;
    int64_t lines;
    struct by_rule *rules;
    unsigned rules_count;
};

static int no_memory(void) {
    fprintf(stderr, "day21: out of memory, or the ledger names a learner who cannot be\n");
    return -1;
}

/* ---- what was taken back: neither it nor its reversal are tried again ---- */

static int note_reversal(void *data, const struct store_ledger_line *line) {
    struct replay *replay = data;
    if (strcmp(line->rule, RULES_REVERSE) != 0)
        return 0;
    unsigned room = (unsigned)talloc_array_length(replay->reversed);
    if (replay->reversed_count == room) {
        replay->reversed =
            talloc_realloc_size(replay, replay->reversed, (size_t)(room ? 2 * room : 64) * 48);
        if (!replay->reversed)
            return no_memory();
    }
    snprintf(replay->reversed[replay->reversed_count++], 48, "%s", line->subject);
    return 0;
}

static int compare_lines(const void *left, const void *right) {
    return strcmp(left, right);
}

static bool is_reversed(const struct replay *replay, const char *line) {
    return replay->reversed_count &&
           bsearch(line, replay->reversed, replay->reversed_count, 48, compare_lines);
}

/* ---- trying again ---- */

static struct by_rule *of_rule(struct replay *replay, const char *name) {
    for (unsigned i = 0; i < replay->rules_count; i++)
        if (strcmp(replay->rules[i].name, name) == 0)
            return &replay->rules[i];
    struct by_rule *rules =
        talloc_realloc(replay, replay->rules, struct by_rule, replay->rules_count + 1);
    if (!rules)
        return NULL;
    replay->rules = rules;
    struct by_rule *rule = &rules[replay->rules_count++];
    *rule = (struct by_rule){0};
    snprintf(rule->name, sizeof rule->name, "%s", name);
    return rule;
}

static int try_again(void *data, const struct store_ledger_line *line) {
    struct replay *replay = data;
    int64_t would;
    if (is_reversed(replay, line->line) ||
        (strcmp(line->rule, RULES_REVERSE) == 0 && is_reversed(replay, line->subject)))
        return 0;
    if (line->day < replay->from)
        return retrial_remember(replay->retrial, line) ? no_memory() : 0;
    struct by_rule *rule = of_rule(replay, line->rule);
    if (!rule || retrial_try(replay->retrial, line, &would))
        return no_memory();
    replay->lines++;
    rule->lines++;
    rule->is += line->points;
    rule->would += would;
    return 0;
}

/* ---- telling ---- */

struct place {
    int64_t number;
    int64_t is, would;
    int64_t rank_is, rank_would;
};

static int down(int64_t left, int64_t right, const struct place *l, const struct place *r) {
    if (left != right)
        return left > right ? -1 : 1;
    return l->number < r->number ? -1 : l->number > r->number;
}

static int by_is(const void *left, const void *right) {
    const struct place *l = left, *r = right;
    return down(l->is, r->is, l, r);
}

static int by_would(const void *left, const void *right) {
    const struct place *l = left, *r = right;
    return down(l->would, r->would, l, r);
}

static int by_gain(const void *left, const void *right) {
    const struct place *l = left, *r = right;
    return down(l->would - l->is, r->would - r->is, l, r);
}

static void show_rules(const struct replay *replay) {
    for (unsigned i = 0; i < replay->rules_count; i++) {
        const struct by_rule *rule = &replay->rules[i];
        bool known = rules_find(replay->retrial->rules, rule->name) != NULL;
        bool by_hand = strcmp(rule->name, RULES_GRANT) == 0 ||
                       strcmp(rule->name, RULES_REVERSE) == 0 || strchr(rule->name, ':');
        printf("  %-20s %9" PRId64 " times  %10" PRId64 " -> %10" PRId64 "%s\n", rule->name,
               rule->lines, rule->is, rule->would,
               by_hand ? "  as it was"
               : known ? ""
                       : "  not among these rules");
    }
}

/* Some of them, from `first` on and in steps of `step`, as long as they gain (or lose). */
static int show_movers(struct replay *replay, const struct place *first, int step, unsigned most,
                       const char *title) {
    int64_t numbers[SHOWN];
    const char *names[SHOWN];
    unsigned count = 0;
    for (; count < most && count < SHOWN; count++) {
        const struct place *place = first + (int)count * step;
        if ((place->would - place->is) * step <= 0)
            break;
        numbers[count] = place->number;
    }
    if (count == 0)
        return 0;
    if (points_names(replay->session, numbers, count, names))
        return -1;
    printf("%s:\n", title);
    for (unsigned i = 0; i < count; i++) {
        const struct place *place = first + (int)i * step;
        printf("  %+" PRId64 "  %s (#%" PRId64 "): %" PRId64 " -> %" PRId64 "\n",
               place->would - place->is, names[i], place->number, place->is, place->would);
    }
    return 0;
}

static int show_top(struct replay *replay, const struct place *places, unsigned count) {
    int64_t numbers[TOP];
    const char *names[TOP];
    count = count < TOP ? count : TOP;
    for (unsigned i = 0; i < count; i++)
        numbers[i] = places[i].number;
    if (points_names(replay->session, numbers, count, names))
        return -1;
    printf("the first %u would be:\n", count);
    for (unsigned i = 0; i < count; i++)
        printf("  %2u (was %" PRId64 ")  %s (#%" PRId64 "): %" PRId64 " -> %" PRId64 "\n", i + 1,
               places[i].rank_is, names[i], places[i].number, places[i].is, places[i].would);
    return 0;
}

static int show(struct replay *replay) {
    const struct retrial *retrial = replay->retrial;
    struct place *places = talloc_array(replay, struct place, (size_t)retrial->learners_end);
    int64_t is = 0, would = 0, is_coins = 0, would_coins = 0;
    unsigned count = 0, gain = 0, lose = 0;
    if (!places)
        return no_memory();
    for (int64_t n = 0; n < retrial->learners_end; n++) {
        const struct retrial_learner *who = &retrial->learners[n];
        if (!who->any)
            continue;
        places[count++] = (struct place){.number = n, .is = who->is, .would = who->would};
        is += who->is, would += who->would;
        is_coins += who->is_coins, would_coins += who->would_coins;
        gain += who->would > who->is;
        lose += who->would < who->is;
    }
    printf("%" PRId64 " changes of %u learners; points, as they were -> as they would be:\n",
           replay->lines, count);
    show_rules(replay);
    printf("all points %" PRId64 " -> %" PRId64 ", all coins %" PRId64 " -> %" PRId64
           "\n"
           "%u learners would have more, %u less, %u the same\n",
           is, would, is_coins, would_coins, gain, lose, count - gain - lose);
    if (count == 0)
        return 0;
    qsort(places, count, sizeof *places, by_gain);
    if (show_movers(replay, places, 1, count, "they would gain most") ||
        show_movers(replay, places + count - 1, -1, count, "they would lose most"))
        return -1;
    qsort(places, count, sizeof *places, by_is);
    for (unsigned i = 0; i < count; i++)
        places[i].rank_is = i + 1;
    qsort(places, count, sizeof *places, by_would);
    return show_top(replay, places, count);
}

int points_replay(struct session *session, int argc, char **argv) {
    const char *path = NULL;
    int64_t days = DAYS;
    struct yaml_problem problem;
    struct rules *rules;
    char from[ARCHIVE_DATE], to[ARCHIVE_DATE];
    const struct options options[] = {
        {"--rules", .text = &path},
        {"--days", .number = &days, .least = 1, .most = HISTORY_DAYS},
        {NULL},
    };
    if (options_take(options, argc, argv) != 0 || !path)
        return VERB_USAGE;
    struct replay *replay = talloc_zero(session, struct replay);
    if (!replay)
        return 1;
    if (rules_load_file(replay, path, &rules, &problem)) {
        fprintf(stderr, "day21: %s\n", problem.text);
        return 1;
    }
    replay->session = session;
    replay->from = session->turn.day - days + 1;
    replay->retrial = retrial_new(replay, rules);
    if (!replay->retrial ||
        history_read(&replay->history, session, replay->from, note_reversal, replay))
        return 1;
    if (replay->reversed_count)
        qsort(replay->reversed, replay->reversed_count, 48, compare_lines);
    archive_date(replay->from, from);
    archive_date(session->turn.day, to);
    printf("the ledger from %s to %s under %s\n", from, to, path);
    if (history_read(&replay->history, session, INT64_MIN, try_again, replay) || show(replay))
        return 1;
    printf(
        "Not tried again, as the ledger does not tell: what was refused then and would count now, "
        "effort (`least`), who was bound (`who`, `unbound`). What happened before counts for "
        "caps as it was; what was taken back counts for nothing.\n");
    return 0;
}
