#include "bot/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

/* Points carry meaning by their order: what asks more of a learner earns more. Kinds of the same
 * rank may earn what they like; those of rank 0 are outside of the order. */
static const struct kind {
    const char *name;
    int rank;
} kinds[] = {
    {"activity", 0}, {"watch", 1}, {"comment", 2}, {"question", 2}, {"answer", 2}, {"case", 3},
};

static const cyaml_schema_field_t rule_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_DEFAULT, struct rule, name, 1, 32),
    CYAML_FIELD_STRING_PTR("kind", CYAML_FLAG_DEFAULT, struct rule, kind, 1, 32),
    CYAML_FIELD_STRING_PTR("reason", CYAML_FLAG_DEFAULT, struct rule, reason, 1, 96),
    CYAML_FIELD_INT("points", CYAML_FLAG_DEFAULT, struct rule, points),
    CYAML_FIELD_INT("daily_cap", CYAML_FLAG_OPTIONAL, struct rule, daily_cap),
    CYAML_FIELD_BOOL("once", CYAML_FLAG_OPTIONAL, struct rule, once),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t rule_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct rule, rule_fields),
};

static const cyaml_schema_field_t level_fields[] = {
    CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_DEFAULT, struct level, title, 1, 48),
    CYAML_FIELD_INT("xp", CYAML_FLAG_DEFAULT, struct level, xp),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t level_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct level, level_fields),
};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("rules", CYAML_FLAG_POINTER, struct rules, rules, &rule_schema, 1, 200),
    CYAML_FIELD_SEQUENCE("levels", CYAML_FLAG_POINTER, struct rules, levels, &level_schema, 1, 100),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct rules, file_fields),
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

static int check_rule(const char *path, const struct rules *rules, unsigned index,
                      struct yaml_problem *problem) {
    const struct rule *rule = &rules->rules[index];
    struct place name = place("rules", index, "name"), cap = place("rules", index, "daily_cap");
    if (rule->name[strspn(rule->name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
        return yaml_refuse(path, problem, name.text, "\"%s\": only a-z, 0-9 and _", rule->name);
    for (unsigned i = 0; i < index; i++)
        if (strcmp(rules->rules[i].name, rule->name) == 0)
            return yaml_refuse(path, problem, name.text, "a second rule \"%s\"", rule->name);
    if (!find_kind(rule->kind))
        return yaml_refuse(path, problem, place("rules", index, "kind").text,
                           "unknown kind \"%s\"; there are activity, watch, comment, question, "
                           "answer and case",
                           rule->kind);
    if (strpbrk(rule->reason, "\n\t"))
        return yaml_refuse(path, problem, place("rules", index, "reason").text,
                           "more than one line");
    if (rule->points < 1 || rule->points > 1000)
        return yaml_refuse(path, problem, place("rules", index, "points").text,
                           "%d, expected 1 to 1000", rule->points);
    if (rule->daily_cap < 0)
        return yaml_refuse(path, problem, cap.text, "%d, expected 0 or more", rule->daily_cap);
    if (rule->daily_cap > 0 && rule->daily_cap < rule->points)
        return yaml_refuse(path, problem, cap.text,
                           "%d is less than the rule's points (%d), which could never be earned",
                           rule->daily_cap, rule->points);
    return 0;
}

/* `low` asks less of a learner than `high` and must earn less. */
static int check_pair(const char *path, const struct rules *rules, unsigned low_index,
                      const struct rule *high, struct yaml_problem *problem) {
    const struct rule *low = &rules->rules[low_index];
    if (low->points >= high->points)
        return yaml_refuse(path, problem, place("rules", low_index, "points").text,
                           "\"%s\" (%s, %d points) must earn less than \"%s\" (%s, %d points): "
                           "points carry meaning by their order",
                           low->name, low->kind, low->points, high->name, high->kind, high->points);
    if (low->daily_cap > 0 && high->daily_cap > 0 && low->daily_cap >= high->daily_cap)
        return yaml_refuse(path, problem, place("rules", low_index, "daily_cap").text,
                           "\"%s\" (%s, %d points a day) must earn less than \"%s\" (%s, %d points "
                           "a day): points carry meaning by their order",
                           low->name, low->kind, low->daily_cap, high->name, high->kind,
                           high->daily_cap);
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

static int check(const char *path, const struct rules *rules, struct yaml_problem *problem) {
    for (unsigned i = 0; i < rules->rules_count; i++)
        if (check_rule(path, rules, i, problem))
            return -1;
    for (unsigned i = 0; i < rules->levels_count; i++)
        if (check_level(path, rules, i, problem))
            return -1;
    return check_order(path, rules, problem);
}

static char *join_thresholds(void *ctx, const struct rules *rules) {
    char *text = talloc_strdup(ctx, "");
    for (unsigned i = 0; text && i < rules->levels_count; i++)
        text = talloc_asprintf_append(text, "%s%" PRId64, i ? "," : "", rules->levels[i].xp);
    return text;
}

int rules_load(void *ctx, const char *directory, struct rules **rules,
               struct yaml_problem *problem) {
    void *own = talloc_new(ctx);
    char *path = talloc_asprintf(own, "%s/rules.yaml", directory);
    void *loaded;
    if (!path)
        yaml_refuse("rules.yaml", problem, "", "out of memory");
    else if (yaml_load(own, path, &file_schema, &loaded, problem) == 0 &&
             check(path, loaded, problem) == 0) {
        struct rules *made = loaded;
        made->thresholds = join_thresholds(own, made);
        if (made->thresholds) {
            *rules = made;
            return 0;
        }
        yaml_refuse(path, problem, "", "out of memory");
    }
    talloc_free(own);
    return -1;
}

const struct rule *rules_find(const struct rules *rules, const char *name) {
    for (unsigned i = 0; i < rules->rules_count; i++)
        if (strcmp(rules->rules[i].name, name) == 0)
            return &rules->rules[i];
    return NULL;
}

unsigned rules_level(const struct rules *rules, int64_t xp) {
    unsigned level = 1;
    while (level < rules->levels_count && rules->levels[level].xp <= xp)
        level++;
    return level;
}
