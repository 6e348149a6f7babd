#include "bot/contest_plan.h"

#include "config/limits.h"

#include <string.h>
#include <talloc.h>

#define LEAGUE_DAYS 36500 /* until it is closed */

struct file {
    const char *name, *title, *from, *to, *prizes;
    enum store_contest_kind plays;
    enum store_contest_scoring scoring;
    const char **only, **counts;
    unsigned only_count, counts_count;
    int best;
    bool announce;
};

static const cyaml_strval_t kinds[] = {
    {"persons", STORE_CONTEST_PERSONS},
    {"departments", STORE_CONTEST_DEPARTMENTS},
    {"teams", STORE_CONTEST_TEAMS},
};

static const cyaml_strval_t scorings[] = {
    {"sum", STORE_CONTEST_SUM},
    {"per_head", STORE_CONTEST_PER_HEAD},
    {"best", STORE_CONTEST_BEST},
    {"league", STORE_CONTEST_WEEKLY},
};

static const cyaml_schema_value_t text_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 1000),
};

#define TEXT(member, flags, least, most)                                                           \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER | (flags), struct file, member, least, most)
#define ONE_OF(member, words)                                                                      \
    CYAML_FIELD_ENUM(#member, CYAML_FLAG_DEFAULT, struct file, member, words,                      \
                     sizeof(words) / sizeof(words[0]))

static const cyaml_schema_field_t fields[] = {
    TEXT(name, 0, 1, STORE_CONTEST_NAME - 1),
    TEXT(title, 0, 1, 90),
    TEXT(from, 0, 1, 32),
    TEXT(to, CYAML_FLAG_OPTIONAL, 1, 32),
    TEXT(prizes, CYAML_FLAG_OPTIONAL, 1, 300),
    ONE_OF(plays, kinds),
    ONE_OF(scoring, scorings),
    CYAML_FIELD_SEQUENCE_COUNT("only", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file, only,
                               only_count, &text_schema, 1, LIMIT_CONTEST_ONLY),
    CYAML_FIELD_SEQUENCE_COUNT("counts", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file,
                               counts, counts_count, &text_schema, 1, 200),
    CYAML_FIELD_INT("best", CYAML_FLAG_OPTIONAL, struct file, best),
    CYAML_FIELD_BOOL("announce", CYAML_FLAG_OPTIONAL, struct file, announce),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, fields),
};

/* ---- moments ---- */

/* Two digits, or -1. */
static int two(const char *text) {
    for (int i = 0; i < 2; i++)
        if (text[i] < '0' || text[i] > '9')
            return -1;
    return (text[0] - '0') * 10 + text[1] - '0';
}

int contest_plan_moment(struct calendar *calendar, const char *text, int64_t *seconds) {
    static const char form[] = "0000-00-00 00:00:00";
    size_t length = strlen(text);
    if (length != strlen(form) && length != strlen(form) - 3)
        return -1;
    for (size_t i = 0; i < length; i++)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return -1;
    int64_t day;
    int hour = two(text + 11), minute = two(text + 14), second = text[16] ? two(text + 17) : 0;
    if (hour > 23 || minute > 59 || second > 59 ||
        calendar_number(two(text) * 100 + two(text + 2), (unsigned)two(text + 5),
                        (unsigned)two(text + 8), &day))
        return -1;
    *seconds = calendar_at(calendar, day, (unsigned)(hour * 60 + minute)) + second;
    return 0;
}

static int take_moment(const char *path, const char *where, const char *text,
                       const struct account *account, int64_t *seconds,
                       struct yaml_problem *problem) {
    if (contest_plan_moment(account->calendar, text, seconds) == 0)
        return 0;
    return yaml_refuse(path, problem, where,
                       "expected date and time as YYYY-MM-DD HH:MM or YYYY-MM-DD HH:MM:SS");
}

static int take_time(const char *path, const struct file *file, const struct account *account,
                     struct store_contest_plan *plan, struct yaml_problem *problem) {
    bool is_league = file->scoring == STORE_CONTEST_WEEKLY;
    if (!file->to && !is_league)
        return yaml_refuse(path, problem, "", "to is missing");
    if (take_moment(path, "from", file->from, account, &plan->from, problem))
        return -1;
    plan->to = plan->from + LEAGUE_DAYS * INT64_C(86400);
    if (file->to && take_moment(path, "to", file->to, account, &plan->to, problem))
        return -1;
    if (plan->to <= plan->from)
        return yaml_refuse(path, problem, "to", "is not after from");
    if (!is_league && plan->to - plan->from > LIMIT_CONTEST_DAYS * INT64_C(86400))
        return yaml_refuse(path, problem, "to", "a contest lasts %d days at most",
                           LIMIT_CONTEST_DAYS);
    return 0;
}

/* ---- what counts, and who plays ---- */

/* The rules that a word names, put behind the list. Returns how many; -1: out of memory. */
static int add_rules(char **list, const struct rules *rules, const char *word) {
    int count = 0;
    for (unsigned i = 0; i < rules->rules_count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (strcmp(rule->name, word) != 0 && strcmp(rule->kind, word) != 0)
            continue;
        count++;
        *list = talloc_asprintf_append(*list, "%s,", rule->name);
        if (!*list)
            return -1;
    }
    return count;
}

static int take_counts(const char *path, const struct file *file, const struct rules *rules,
                       struct store_contest_plan *plan, struct yaml_problem *problem) {
    plan->counts = "*";
    if (!file->counts)
        return 0;
    char *list = talloc_strdup(plan, ",");
    for (unsigned i = 0; list && i < file->counts_count; i++) {
        char where[32];
        snprintf(where, sizeof where, "counts[%u]", i);
        if (add_rules(&list, rules, file->counts[i]) == 0)
            return yaml_refuse(path, problem, where, "no rule and no kind is called \"%s\"",
                               file->counts[i]);
    }
    plan->counts = list;
    return list ? 0 : yaml_refuse(path, problem, "counts", "out of memory");
}

static int take_only(const char *path, const struct file *file, struct store_contest_plan *plan,
                     struct yaml_problem *problem) {
    plan->only = "*";
    if (!file->only)
        return 0;
    if (file->plays == STORE_CONTEST_PERSONS)
        return yaml_refuse(path, problem, "only", "is for departments and teams");
    char *list = talloc_strdup(plan, "");
    for (unsigned i = 0; list && i < file->only_count; i++) {
        const char *one =
            file->plays == STORE_CONTEST_TEAMS ? keywords_fold(plan, file->only[i]) : file->only[i];
        list = one ? talloc_asprintf_append(list, "%s\037", one) : NULL;
    }
    plan->only = list;
    return list ? 0 : yaml_refuse(path, problem, "only", "out of memory");
}

static int take_scoring(const char *path, const struct file *file, struct store_contest_plan *plan,
                        struct yaml_problem *problem) {
    bool is_best = file->scoring == STORE_CONTEST_BEST;
    if (file->plays == STORE_CONTEST_PERSONS &&
        (is_best || file->scoring == STORE_CONTEST_PER_HEAD))
        return yaml_refuse(path, problem, "scoring", "persons are scored by sum");
    if (!is_best && file->best)
        return yaml_refuse(path, problem, "best", "goes with scoring: best");
    if (is_best && (file->best < 1 || file->best > LIMIT_CONTEST_BEST))
        return yaml_refuse(path, problem, file->best ? "best" : "scoring",
                           "best is %d, expected 1 to %d", file->best, LIMIT_CONTEST_BEST);
    plan->k = file->best;
    return 0;
}

static int take_league(const char *path, const struct file *file, const struct rules *rules,
                       struct store_contest_plan *plan, struct yaml_problem *problem) {
    const struct rules_league *league = &rules->league;
    if (file->plays != STORE_CONTEST_PERSONS)
        return yaml_refuse(path, problem, "plays", "persons play in a league");
    if (file->counts)
        return yaml_refuse(path, problem, "counts", "in a league the points of the week count");
    if (file->announce)
        return yaml_refuse(path, problem, "announce", "a league has no result to announce");
    plan->kind = STORE_CONTEST_LEAGUE;
    plan->k = league->size;
    plan->counts =
        talloc_asprintf(plan, ",%d,%d,%u", league->up, league->down, league->tiers_count);
    return plan->counts ? 0 : yaml_refuse(path, problem, "", "out of memory");
}

static int take(const char *path, const struct file *file, const struct account *account,
                struct store_contest_plan *plan, struct yaml_problem *problem) {
    *plan = (struct store_contest_plan){
        .name = file->name,
        .title = file->title,
        .prizes = file->prizes ? file->prizes : "",
        .kind = file->plays,
        .scoring = (char)file->scoring,
        .announce = file->announce,
        .most = LIMIT_CONTESTS,
    };
    if (file->name[strspn(file->name, "abcdefghijklmnopqrstuvwxyz0123456789_-")])
        return yaml_refuse(path, problem, "name", "expected a-z, 0-9, - and _");
    if (take_time(path, file, account, plan, problem) || take_only(path, file, plan, problem) ||
        take_scoring(path, file, plan, problem))
        return -1;
    if (file->scoring == STORE_CONTEST_WEEKLY)
        return take_league(path, file, account->rules, plan, problem);
    return take_counts(path, file, account->rules, plan, problem);
}

int contest_plan_load(void *ctx, const char *path, const struct account *account,
                      struct store_contest_plan **plan, struct yaml_problem *problem) {
    struct store_contest_plan *made = talloc_zero(ctx, struct store_contest_plan);
    void *file;
    if (!made)
        return yaml_refuse(path, problem, "", "out of memory");
    if (yaml_load(made, path, &file_schema, &file, problem) ||
        take(path, file, account, made, problem)) {
        talloc_free(made);
        return -1;
    }
    *plan = made;
    return 0;
}
