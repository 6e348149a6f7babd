#include "bot/rules.h"

#include "bot/clock.h"
#include "bot/rules_check.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <talloc.h>

/* The file as it is written. What may be left out and then is not 0 is a pointer here; the rest is
 * read in place. */
struct file {
    struct rules rules; /* first, as this is what is handed out */
    int *daily_cap;
    struct file_streak {
        int *freeze_every, *freezes, *makeup_days, *leave_days;
    } streak;
    struct file_unbound {
        bool *earn, *courses, *boards;
    } unbound;
    struct file_league {
        int *size, *up, *down;
        const char **tiers;
        unsigned tiers_count;
    } league;
    struct file_questions {
        const char *mentor_tag;
        int *open, *hours, *remind_hours;
    } questions;
    struct file_guard {
        int *burst, *burst_s, *same_text, *praise;
        const char *night_from, *night_to;
    } guard;
};

#define NUMBER(type, member)                                                                       \
    CYAML_FIELD_INT_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member)
#define YES_OR_NO(type, member)                                                                    \
    CYAML_FIELD_BOOL_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member)
#define ONE_OF(name, type, member, words)                                                          \
    CYAML_FIELD_ENUM(name, CYAML_FLAG_OPTIONAL, type, member, words,                               \
                     sizeof(words) / sizeof(words[0]))

static const cyaml_schema_field_t cap_fields[] = {
    CYAML_FIELD_INT("day", CYAML_FLAG_OPTIONAL, struct rule_cap, day),
    CYAML_FIELD_INT("week", CYAML_FLAG_OPTIONAL, struct rule_cap, week),
    CYAML_FIELD_INT("subject_day", CYAML_FLAG_OPTIONAL, struct rule_cap, subject_day),
    CYAML_FIELD_INT("subject_week", CYAML_FLAG_OPTIONAL, struct rule_cap, subject_week),
    CYAML_FIELD_INT("subject", CYAML_FLAG_OPTIONAL, struct rule_cap, subject),
    CYAML_FIELD_END,
};

static const cyaml_strval_t who[] = {{"everybody", false}, {"bound", true}};

static const cyaml_schema_field_t rule_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_DEFAULT, struct rule, name, 1, 32),
    CYAML_FIELD_STRING_PTR("kind", CYAML_FLAG_DEFAULT, struct rule, kind, 1, 32),
    CYAML_FIELD_STRING_PTR("reason", CYAML_FLAG_DEFAULT, struct rule, reason, 1, 96),
    CYAML_FIELD_INT("points", CYAML_FLAG_DEFAULT, struct rule, points),
    CYAML_FIELD_INT("coins", CYAML_FLAG_OPTIONAL, struct rule, coins),
    CYAML_FIELD_MAPPING("cap", CYAML_FLAG_OPTIONAL, struct rule, cap, cap_fields),
    CYAML_FIELD_BOOL("once", CYAML_FLAG_OPTIONAL, struct rule, once),
    CYAML_FIELD_INT("cooldown_s", CYAML_FLAG_OPTIONAL, struct rule, cooldown_s),
    CYAML_FIELD_INT("least", CYAML_FLAG_OPTIONAL, struct rule, least),
    ONE_OF("who", struct rule, bound, who),
    CYAML_FIELD_BOOL("beyond_cap", CYAML_FLAG_OPTIONAL, struct rule, beyond_cap),
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

static const cyaml_schema_field_t streak_fields[] = {
    NUMBER(struct file_streak, freeze_every),
    NUMBER(struct file_streak, freezes),
    NUMBER(struct file_streak, makeup_days),
    NUMBER(struct file_streak, leave_days),
    CYAML_FIELD_END,
};

static const cyaml_strval_t names[] = {{"real", false}, {"anonymous", true}};

static const cyaml_schema_field_t boards_fields[] = {
    ONE_OF("names", struct rules_boards, anonymous, names),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t unbound_fields[] = {
    YES_OR_NO(struct file_unbound, earn),
    YES_OR_NO(struct file_unbound, courses),
    YES_OR_NO(struct file_unbound, boards),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t tier_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 30),
};

static const cyaml_schema_field_t league_fields[] = {
    NUMBER(struct file_league, size),
    NUMBER(struct file_league, up),
    NUMBER(struct file_league, down),
    CYAML_FIELD_SEQUENCE("tiers", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_league,
                         tiers, &tier_schema, 2, RULES_TIERS),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t guard_fields[] = {
    NUMBER(struct file_guard, burst),
    NUMBER(struct file_guard, burst_s),
    CYAML_FIELD_STRING_PTR("night_from", CYAML_FLAG_OPTIONAL, struct file_guard, night_from, 1, 32),
    CYAML_FIELD_STRING_PTR("night_to", CYAML_FLAG_OPTIONAL, struct file_guard, night_to, 1, 32),
    NUMBER(struct file_guard, same_text),
    NUMBER(struct file_guard, praise),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t questions_fields[] = {
    CYAML_FIELD_STRING_PTR("mentor_tag", CYAML_FLAG_OPTIONAL, struct file_questions, mentor_tag, 1,
                           60),
    NUMBER(struct file_questions, open),
    NUMBER(struct file_questions, hours),
    NUMBER(struct file_questions, remind_hours),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t file_fields[] = {
    NUMBER(struct file, daily_cap),
    CYAML_FIELD_MAPPING("streak", CYAML_FLAG_OPTIONAL, struct file, streak, streak_fields),
    CYAML_FIELD_MAPPING("boards", CYAML_FLAG_OPTIONAL, struct file, rules.boards, boards_fields),
    CYAML_FIELD_MAPPING("unbound", CYAML_FLAG_OPTIONAL, struct file, unbound, unbound_fields),
    CYAML_FIELD_MAPPING("league", CYAML_FLAG_OPTIONAL, struct file, league, league_fields),
    CYAML_FIELD_MAPPING("questions", CYAML_FLAG_OPTIONAL, struct file, questions, questions_fields),
    CYAML_FIELD_MAPPING("guard", CYAML_FLAG_OPTIONAL, struct file, guard, guard_fields),
    CYAML_FIELD_SEQUENCE("rules", CYAML_FLAG_POINTER, struct file, rules.rules, &rule_schema, 1,
                         200),
    CYAML_FIELD_SEQUENCE("levels", CYAML_FLAG_POINTER, struct file, rules.levels, &level_schema, 1,
                         100),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields),
};

#define MEMBER(type, structure, offset) (*(type *)(void *)((char *)(structure) + (offset)))

static const struct number {
    const char *where;
    size_t given, member; /* of an int * in struct file, of an int in struct rules */
    int least, most, standard;
} numbers[] = {
#define SETTING(name, least, most, standard)                                                       \
    { #name, offsetof(struct file, name), offsetof(struct rules, name), least, most, standard }
    SETTING(daily_cap, 0, 1000000, 0),
    SETTING(streak.freeze_every, 1, 365, 7),
    SETTING(streak.freezes, 0, 30, 2),
    SETTING(streak.makeup_days, 0, 30, 3),
    SETTING(streak.leave_days, 0, 60, 10),
    SETTING(league.size, 3, 1000, 30),
    SETTING(league.up, 1, 1000, 7),
    SETTING(league.down, 0, 1000, 7),
    SETTING(guard.burst, 0, 1000, 10),
    SETTING(guard.burst_s, 1, 3600, 60),
    SETTING(guard.same_text, 0, 1000, 3),
    SETTING(guard.praise, 0, 1000, 3),
    SETTING(questions.open, 1, 20, 3),
    SETTING(questions.hours, 2, 240, 24),
    SETTING(questions.remind_hours, 1, 239, 20),
#undef SETTING
};

static int take_numbers(const char *path, struct file *file, struct yaml_problem *problem) {
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const struct number *number = &numbers[i];
        const int *given = MEMBER(int *const, file, number->given);
        int value = given ? *given : number->standard;
        if (value < number->least || value > number->most)
            return yaml_refuse(path, problem, number->where, "%d, expected %d to %d", value,
                               number->least, number->most);
        MEMBER(int, &file->rules, number->member) = value;
    }
    return 0;
}

static int take_time(const char *path, const char *where, const char *given, unsigned *minute,
                     struct yaml_problem *problem) {
    int value = clock_minute(given);
    if (value < 0)
        return yaml_refuse(path, problem, where, "expected %s", CLOCK_EXPECTED);
    *minute = (unsigned)value;
    return 0;
}

static void take_tiers(struct rules_league *league, const struct file_league *given) {
    static const char *const standard[] = {"青铜", "白银", "黄金", "铂金", "钻石"};
    league->tiers = given->tiers ? given->tiers : standard;
    league->tiers_count =
        given->tiers ? given->tiers_count : sizeof(standard) / sizeof(standard[0]);
}

static int take(const char *path, struct file *file, struct yaml_problem *problem) {
    const struct file_unbound *unbound = &file->unbound;
    const char *from = file->guard.night_from, *to = file->guard.night_to;
    struct rules *rules = &file->rules;
    rules->unbound = (struct rules_unbound){
        .earn = !unbound->earn || *unbound->earn,
        .courses = !unbound->courses || *unbound->courses,
        .boards = !unbound->boards || *unbound->boards,
    };
    take_tiers(&rules->league, &file->league);
    rules->questions.mentor_tag = file->questions.mentor_tag ? file->questions.mentor_tag : "导师";
    if (take_numbers(path, file, problem) ||
        take_time(path, "guard.night_from", from ? from : "01:00", &rules->guard.night_from,
                  problem) ||
        take_time(path, "guard.night_to", to ? to : "05:00", &rules->guard.night_to, problem))
        return -1;
    return rules_check(path, rules, problem);
}

static char *join_thresholds(void *ctx, const struct rules *rules) {
    char *text = talloc_strdup(ctx, "");
    for (unsigned i = 0; text && i < rules->levels_count; i++)
        text = talloc_asprintf_append(text, "%s%" PRId64, i ? "," : "", rules->levels[i].xp);
    return text;
}

int rules_load_file(void *ctx, const char *path, struct rules **rules,
                    struct yaml_problem *problem) {
    void *loaded;
    if (yaml_load(ctx, path, &file_schema, &loaded, problem))
        return -1;
    struct file *file = loaded;
    int error = take(path, file, problem);
    if (error == 0 && !(file->rules.thresholds = join_thresholds(file, &file->rules)))
        error = yaml_refuse(path, problem, "", "out of memory");
    if (error)
        talloc_free(file);
    else
        *rules = &file->rules;
    return error;
}

int rules_load(void *ctx, const char *directory, struct rules **rules,
               struct yaml_problem *problem) {
    char *path = talloc_asprintf(ctx, "%s/rules.yaml", directory);
    int error = path ? rules_load_file(ctx, path, rules, problem)
                     : yaml_refuse("rules.yaml", problem, "", "out of memory");
    talloc_free(path);
    return error;
}

const struct rule *rules_find(const struct rules *rules, const char *name) {
    for (unsigned i = 0; i < rules->rules_count; i++)
        if (strcmp(rules->rules[i].name, name) == 0)
            return &rules->rules[i];
    return NULL;
}

const char *rules_reason(void *ctx, const struct rules *rules, const struct copy *copy,
                         const char *name) {
    static const struct {
        const char *name;
        enum copy_entry entry;
    } own[] = {{RULES_REVERSE, COPY_reason_reverse}, {RULES_GRANT, COPY_reason_grant}};
    const struct rule *rule = rules_find(rules, name);
    if (rule)
        return rule->reason;
    enum copy_entry entry =
        strncmp(name, RULES_SPEND, strlen(RULES_SPEND)) == 0 ? COPY_reason_spend : COPY_reason_gone;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (strcmp(own[i].name, name) == 0)
            entry = own[i].entry;
    return copy_render(ctx, copy, entry, 0, NULL, 0);
}

unsigned rules_level(const struct rules *rules, int64_t xp) {
    unsigned level = 1;
    while (level < rules->levels_count && rules->levels[level].xp <= xp)
        level++;
    return level;
}
