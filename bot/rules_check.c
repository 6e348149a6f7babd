#include "bot/rules_check.h"

#include "bot/roster.h"

#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define MOST_CAP 1000000

/* Points carry meaning by their order: what asks more of a learner earns more. Kinds of the same
 * rank may earn what they like; those of rank 0 are outside of the order. `most` is the greatest
 * effort there can be. */
static const struct kind {
    const char *name;
    int rank, most;
} kinds[] = {
    {"activity", 0, 0},     {"watch", 1, 100},    {"comment", 2, 10000},
    {"question", 2, 10000}, {"answer", 2, 10000}, {"case", 3, 10000},
};

static const struct kind *find_kind(const char *name) {
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

struct place {
    char text[64];
};

/* "rules[3].points" */
static struct place place(const char *list, unsigned index, const char *field) {
    struct place place;
    snprintf(place.text, sizeof(place.text), "%s[%u].%s", list, index, field);
    return place;
}

static int member(const struct rule *rule, size_t offset) {
    return *(const int *)(const void *)((const char *)rule + offset);
}

#define CAP(name) "cap." #name, offsetof(struct rule, cap.name)

static int check_name(const char *path, const struct rules *rules, unsigned index,
                      struct yaml_problem *problem) {
    static const char *const reserved[] = {RULES_REVERSE, RULES_GRANT, "spend"};
    const char *name = rules->rules[index].name;
    struct place at = place("rules", index, "name");
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
        return yaml_refuse(path, problem, at.text, "\"%s\": only a-z, 0-9 and _", name);
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (strcmp(name, reserved[i]) == 0)
            return yaml_refuse(path, problem, at.text,
                               "\"%s\" is what the program calls ledger lines of its own", name);
    for (unsigned i = 0; i < index; i++)
        if (strcmp(rules->rules[i].name, name) == 0)
            return yaml_refuse(path, problem, at.text, "a second rule \"%s\"", name);
    return 0;
}

static int check_numbers(const char *path, const struct rule *rule, unsigned index,
                         struct yaml_problem *problem) {
    static const struct {
        const char *field;
        size_t offset;
        int least, most;
    } numbers[] = {
        {"points", offsetof(struct rule, points), 1, 1000},
        {"coins", offsetof(struct rule, coins), 0, 1000},
        {CAP(day), 0, MOST_CAP},
        {CAP(week), 0, MOST_CAP},
        {CAP(subject_day), 0, MOST_CAP},
        {CAP(subject_week), 0, MOST_CAP},
        {CAP(subject), 0, MOST_CAP},
        {"cooldown_s", offsetof(struct rule, cooldown_s), 0, 86400},
        {"least", offsetof(struct rule, least), 0, 10000},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        int value = member(rule, numbers[i].offset);
        if (value < numbers[i].least || value > numbers[i].most)
            return yaml_refuse(path, problem, place("rules", index, numbers[i].field).text,
                               "%d, expected %d to %d", value, numbers[i].least, numbers[i].most);
    }
    return 0;
}

/* A cap below the rule's points, or above another that holds whenever it does, says something its
 * author did not mean. */
static int check_caps(const char *path, const struct rules *rules, unsigned index,
                      struct yaml_problem *problem) {
    static const struct cap {
        const char *field;
        size_t offset;
    } caps[] = {
        {CAP(day)}, {CAP(week)}, {CAP(subject_day)}, {CAP(subject_week)}, {CAP(subject)},
    };
    static const struct {
        struct cap narrow, wide;
    } pairs[] = {
        {{CAP(day)}, {CAP(week)}},
        {{CAP(subject_day)}, {CAP(day)}},
        {{CAP(subject_day)}, {CAP(week)}},
        {{CAP(subject_day)}, {CAP(subject_week)}},
        {{CAP(subject_day)}, {CAP(subject)}},
        {{CAP(subject_week)}, {CAP(week)}},
        {{CAP(subject_week)}, {CAP(subject)}},
    };
    const struct rule *rule = &rules->rules[index];
    for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
        int cap = member(rule, caps[i].offset);
        if (cap > 0 && cap < rule->points)
            return yaml_refuse(path, problem, place("rules", index, caps[i].field).text,
                               "%d is less than the rule's points (%d), which could never be "
                               "earned",
                               cap, rule->points);
    }
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        int narrow = member(rule, pairs[i].narrow.offset),
            wide = member(rule, pairs[i].wide.offset);
        if (wide > 0 && narrow > wide)
            return yaml_refuse(path, problem, place("rules", index, pairs[i].narrow.field).text,
                               "%d is more than %s (%d), and could never be reached", narrow,
                               pairs[i].wide.field, wide);
    }
    if (!rule->beyond_cap && rules->daily_cap > 0 && rules->daily_cap < rule->points)
        return yaml_refuse(path, problem, place("rules", index, "points").text,
                           "%d is more than the daily_cap (%d), and could never be earned: lower "
                           "it, or say beyond_cap: true",
                           rule->points, rules->daily_cap);
    return 0;
}

static int check_rule(const char *path, const struct rules *rules, unsigned index,
                      struct yaml_problem *problem) {
    const struct rule *rule = &rules->rules[index];
    const struct kind *kind = find_kind(rule->kind);
    if (check_name(path, rules, index, problem))
        return -1;
    if (!kind)
        return yaml_refuse(path, problem, place("rules", index, "kind").text,
                           "unknown kind \"%s\"; there are activity, watch, comment, question, "
                           "answer and case",
                           rule->kind);
    if (strpbrk(rule->reason, "\n\t"))
        return yaml_refuse(path, problem, place("rules", index, "reason").text,
                           "more than one line");
    if (check_numbers(path, rule, index, problem))
        return -1;
    if (rule->least > kind->most)
        return yaml_refuse(path, problem, place("rules", index, "least").text,
                           kind->most ? "%d, a watch is at most %d per cent"
                                      : "%d, but an activity has no effort to be measured",
                           rule->least, kind->most);
    return check_caps(path, rules, index, problem);
}

#define NO_END INT_MAX

/* What a rule gives in a day at most: a week's points may all be earned on one day of it. */
static int daily_most(const struct rules *rules, const struct rule *rule) {
    const int caps[] = {rule->cap.day, rule->cap.week, rule->beyond_cap ? 0 : rules->daily_cap};
    int most = NO_END;
    for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++)
        if (caps[i] > 0 && caps[i] < most)
            most = caps[i];
    return most;
}

struct figure {
    char text[16];
};

static struct figure figure(int points) {
    struct figure figure = {"any number of"};
    if (points != NO_END)
        snprintf(figure.text, sizeof(figure.text), "%d", points);
    return figure;
}

#define BY_ORDER ": points carry meaning by their order"

/* `low` asks less of a learner than `high` and must earn less. */
static int check_pair(const char *path, const struct rules *rules, unsigned low_index,
                      const struct rule *high, struct yaml_problem *problem) {
    const struct rule *low = &rules->rules[low_index];
    if (low->points >= high->points)
        return yaml_refuse(
            path, problem, place("rules", low_index, "points").text,
            "\"%s\" (%s, %d points) must earn less than \"%s\" (%s, %d points)" BY_ORDER, low->name,
            low->kind, low->points, high->name, high->kind, high->points);
    if (low->coins > high->coins)
        return yaml_refuse(
            path, problem, place("rules", low_index, "coins").text,
            "\"%s\" (%s, %d coins) may not earn more than \"%s\" (%s, %d coins)" BY_ORDER,
            low->name, low->kind, low->coins, high->name, high->kind, high->coins);
    int low_most = daily_most(rules, low), high_most = daily_most(rules, high);
    if (low_most >= high_most && high_most != NO_END)
        return yaml_refuse(path, problem, place("rules", low_index, "cap.day").text,
                           "\"%s\" (%s, %s points a day) must earn less than \"%s\" (%s, %s points "
                           "a day)" BY_ORDER,
                           low->name, low->kind, figure(low_most).text, high->name, high->kind,
                           figure(high_most).text);
    return 0;
}

static int check_order(const char *path, const struct rules *rules, struct yaml_problem *problem) {
    for (unsigned low = 0; low < rules->rules_count; low++) {
        int rank = find_kind(rules->rules[low].kind)->rank;
        for (unsigned high = 0; rank > 0 && high < rules->rules_count; high++)
            if (find_kind(rules->rules[high].kind)->rank > rank &&
                check_pair(path, rules, low, &rules->rules[high], problem))
                return -1;
    }
    return 0;
}

static int check_level(const char *path, const struct rules *rules, unsigned index,
                       struct yaml_problem *problem) {
    const struct level *level = &rules->levels[index];
    struct place xp = place("levels", index, "xp");
    if (strpbrk(level->title, "\n\t"))
        return yaml_refuse(path, problem, place("levels", index, "title").text,
                           "more than one line");
    if (index == 0 && level->xp != 0)
        return yaml_refuse(path, problem, xp.text, "%" PRId64 ": the first level begins at 0",
                           level->xp);
    if (index > 0 && level->xp <= level[-1].xp)
        return yaml_refuse(path, problem, xp.text,
                           "\"%s\" begins at %" PRId64 ", no later than \"%s\" before it (%" PRId64
                           ")",
                           level->title, level->xp, level[-1].title, level[-1].xp);
    return 0;
}

static int check_league(const char *path, const struct rules_league *league,
                        struct yaml_problem *problem) {
    if (league->up + league->down >= league->size)
        return yaml_refuse(path, problem, "league",
                           "%d go up and %d down of %d: somebody must be able to stay", league->up,
                           league->down, league->size);
    for (unsigned i = 0; i < league->tiers_count; i++) {
        char where[32];
        snprintf(where, sizeof(where), "league.tiers[%u]", i);
        if (strpbrk(league->tiers[i], "\n\t"))
            return yaml_refuse(path, problem, where, "more than one line");
        for (unsigned before = 0; before < i; before++)
            if (strcmp(league->tiers[before], league->tiers[i]) == 0)
                return yaml_refuse(path, problem, where, "a second tier \"%s\"", league->tiers[i]);
    }
    return 0;
}

static int check_questions(const char *path, const struct rules_questions *questions,
                           struct yaml_problem *problem) {
    if (!roster_tagged(questions->mentor_tag, questions->mentor_tag))
        return yaml_refuse(path, problem, "questions.mentor_tag",
                           "\"%s\": one tag, without what parts tags", questions->mentor_tag);
    if (questions->remind_hours >= questions->hours)
        return yaml_refuse(path, problem, "questions.remind_hours",
                           "%d, expected less than hours (%d): a reminder comes before the end",
                           questions->remind_hours, questions->hours);
    return 0;
}

int rules_check(const char *path, const struct rules *rules, struct yaml_problem *problem) {
    for (unsigned i = 0; i < rules->rules_count; i++)
        if (check_rule(path, rules, i, problem))
            return -1;
    for (unsigned i = 0; i < rules->levels_count; i++)
        if (check_level(path, rules, i, problem))
            return -1;
    if (check_league(path, &rules->league, problem) ||
        check_questions(path, &rules->questions, problem))
        return -1;
    return check_order(path, rules, problem);
}
