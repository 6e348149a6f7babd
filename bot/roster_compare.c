/* What a roster would change: people by their numbers, departments by who is in them. */

#include "bot/roster.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* ---- people ---- */

struct pair {
    const struct roster_person *before, *after; /* either may be NULL, not both */
};

struct comparing {
    struct roster_plan *plan;
    void *scratch;
    struct pair *pairs; /* in the order of the keys */
    unsigned pairs_count;
    const struct roster *roster;
};

static int pair_up(struct comparing *comparing, const struct roster_person *people,
                   unsigned count) {
    unsigned others = comparing->roster->count;
    const struct roster_person **before = roster_by_key(comparing->scratch, people, count);
    const struct roster_person **after =
        roster_by_key(comparing->scratch, comparing->roster->people, others);
    comparing->pairs = talloc_array(comparing->scratch, struct pair, count + others + 1);
    if (!before || !after || !comparing->pairs)
        return -1;
    for (unsigned i = 0, j = 0; i < count || j < others;) {
        int order = i == count ? 1 : j == others ? -1 : strcmp(before[i]->key, after[j]->key);
        comparing->pairs[comparing->pairs_count++] =
            (struct pair){order <= 0 ? before[i] : NULL, order >= 0 ? after[j] : NULL};
        i += order <= 0;
        j += order >= 0;
    }
    return 0;
}

/* ---- departments ---- */

struct names {
    const char **list; /* sorted, each once */
    unsigned count;
};

static int by_text(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The name as it stands among them, or NULL. */
static const char *find(const struct names *names, const char *name) {
    const char **found = bsearch(&name, names->list, names->count, sizeof(*names->list), by_text);
    return found ? *found : NULL;
}

static void settle(struct names *names) {
    unsigned kept = 0;
    qsort(names->list, names->count, sizeof(*names->list), by_text);
    for (unsigned i = 0; i < names->count; i++)
        if (kept == 0 || strcmp(names->list[kept - 1], names->list[i]) != 0)
            names->list[kept++] = names->list[i];
    names->count = kept;
}

/* The path of the first `depth` parts, or NULL when there are not so many. */
static char *part_of(void *ctx, const char *path, unsigned depth) {
    const char *end = path;
    for (unsigned i = 0; i < depth; i++) {
        if (i > 0 && *end++ != '/')
            return NULL;
        end += strcspn(end, "/");
    }
    return talloc_strndup(ctx, path, (size_t)(end - path));
}

static unsigned depth_of(const char *path) {
    unsigned depth = *path ? 1 : 0;
    for (; *path; path++)
        depth += *path == '/';
    return depth;
}

/* All departments of these people, and those above. */
static int departments(void *ctx, const struct pair *pairs, unsigned count, bool after,
                       struct names *names) {
    struct names leaves = {.list = talloc_array(ctx, const char *, count + 1)};
    unsigned nodes = 0;
    if (!leaves.list)
        return -1;
    for (unsigned i = 0; i < count; i++) {
        const struct roster_person *person = after ? pairs[i].after : pairs[i].before;
        if (person && *person->cells[ROSTER_DEPARTMENT])
            leaves.list[leaves.count++] = person->cells[ROSTER_DEPARTMENT];
    }
    settle(&leaves);
    for (unsigned i = 0; i < leaves.count; i++)
        nodes += depth_of(leaves.list[i]);
    *names = (struct names){.list = talloc_array(ctx, const char *, nodes + 1)};
    for (unsigned i = 0; names->list && i < leaves.count; i++)
        for (unsigned depth = depth_of(leaves.list[i]); depth > 0; depth--)
            if (!(names->list[names->count++] = part_of(ctx, leaves.list[i], depth)))
                return -1;
    if (!names->list)
        return -1;
    settle(names);
    return 0;
}

/* So many people went from one department to another. */
struct flow {
    const char *from, *to;
    unsigned people;
};

static int by_ends(const void *left, const void *right) {
    const struct flow *one = left, *two = right;
    int order = strcmp(one->from, two->from);
    return order ? order : strcmp(one->to, two->to);
}

static int by_size(const void *left, const void *right) {
    const struct flow *one = left, *two = right;
    return one->people != two->people ? (one->people < two->people) - (one->people > two->people)
                                      : by_ends(left, right);
}

static bool is_in(const char *path, const char *department) {
    size_t length = strlen(department);
    return strncmp(path, department, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* People who are in both and were in this department or below. */
static unsigned staying(const struct comparing *comparing, const char *department) {
    unsigned people = 0;
    for (unsigned i = 0; i < comparing->pairs_count; i++) {
        const struct pair *pair = &comparing->pairs[i];
        people += pair->before && pair->after &&
                  is_in(pair->before->cells[ROSTER_DEPARTMENT], department);
    }
    return people;
}

struct nodes {
    struct names before, after;
};

/* The flow between the departments `depth` parts down two paths, if the one is gone and the other
 * is new. Returns 1, 0 if not so, -1 when out of memory. */
static int flow_at(void *ctx, const struct nodes *nodes, const char *from, const char *to,
                   unsigned depth, struct flow *flow) {
    char *above = part_of(ctx, from, depth), *above_to = part_of(ctx, to, depth);
    if (!above || !above_to)
        return -1;
    bool is_flow = !find(&nodes->after, above) && !find(&nodes->before, above_to);
    *flow = (struct flow){find(&nodes->before, above), find(&nodes->after, above_to), 1};
    talloc_free(above);
    talloc_free(above_to);
    return is_flow;
}

/* Where people went, from departments that are gone to new ones, level by level. */
static int flows(struct comparing *comparing, struct flow **list, unsigned *count) {
    struct nodes nodes;
    void *scratch = comparing->scratch;
    unsigned room = 256, used = 0, kept = 0, pairs = comparing->pairs_count;
    struct flow *found = talloc_array(scratch, struct flow, room);
    if (!found || departments(scratch, comparing->pairs, pairs, false, &nodes.before) ||
        departments(scratch, comparing->pairs, pairs, true, &nodes.after))
        return -1;
    for (unsigned i = 0; i < pairs; i++) {
        const struct pair *pair = &comparing->pairs[i];
        const char *from = pair->before ? pair->before->cells[ROSTER_DEPARTMENT] : "";
        const char *to = pair->after ? pair->after->cells[ROSTER_DEPARTMENT] : "";
        unsigned depth = depth_of(from);
        if (strcmp(from, to) == 0 || depth != depth_of(to))
            continue;
        for (; depth > 0; depth--) {
            if (used == room && !(found = talloc_realloc(scratch, found, struct flow, room *= 2)))
                return -1;
            int got = flow_at(scratch, &nodes, from, to, depth, &found[used]);
            if (got < 0)
                return -1;
            used += (unsigned)got;
        }
    }
    qsort(found, used, sizeof(*found), by_ends);
    for (unsigned i = 0; i < used; i++) {
        if (kept > 0 && by_ends(&found[kept - 1], &found[i]) == 0)
            found[kept - 1].people++;
        else
            found[kept++] = found[i];
    }
    qsort(found, kept, sizeof(*found), by_size);
    *list = found;
    *count = kept;
    return 0;
}

static const struct roster_rename *renamed(const struct roster_plan *plan, const char *from,
                                           const char *to) {
    for (unsigned i = 0; i < plan->renames_count; i++)
        if ((from && strcmp(plan->renames[i].from, from) == 0) ||
            (to && strcmp(plan->renames[i].to, to) == 0))
            return &plan->renames[i];
    return NULL;
}

static int by_depth(const void *left, const void *right) {
    const struct roster_rename *one = left, *two = right;
    unsigned depth = depth_of(one->from), other = depth_of(two->from);
    return depth != other ? (depth > other) - (depth < other) : strcmp(one->from, two->from);
}

/* Whether the department only has another path because the one above it has. */
static bool follows(const struct roster_plan *plan, const struct roster_rename *rename) {
    const char *from = strrchr(rename->from, '/'), *to = strrchr(rename->to, '/');
    if (!from || !to || strcmp(from, to) != 0)
        return false;
    size_t above = (size_t)(from - rename->from), above_to = (size_t)(to - rename->to);
    for (unsigned i = 0; i < plan->renames_count; i++) {
        const struct roster_rename *other = &plan->renames[i];
        if (strlen(other->from) == above && strncmp(other->from, rename->from, above) == 0 &&
            strlen(other->to) == above_to && strncmp(other->to, rename->to, above_to) == 0)
            return true;
    }
    return false;
}

static int find_renames(struct comparing *comparing) {
    struct roster_plan *plan = comparing->plan;
    struct flow *list;
    unsigned count;
    if (flows(comparing, &list, &count))
        return -1;
    plan->renames = talloc_array(plan, struct roster_rename, count + 1);
    if (!plan->renames)
        return -1;
    for (unsigned i = 0; i < count; i++) {
        if (renamed(plan, list[i].from, list[i].to) ||
            2 * list[i].people <= staying(comparing, list[i].from))
            continue;
        plan->renames[plan->renames_count++] =
            (struct roster_rename){talloc_strdup(plan, list[i].from),
                                   talloc_strdup(plan, list[i].to), list[i].people, false};
    }
    qsort(plan->renames, plan->renames_count, sizeof(*plan->renames), by_depth);
    for (unsigned i = 0; i < plan->renames_count; i++)
        plan->renames[i].follows = follows(plan, &plan->renames[i]);
    return 0;
}

/* ---- the plan ---- */

static bool has_moved(const struct roster_plan *plan, const char *from, const char *to) {
    if (strcmp(from, to) == 0)
        return false;
    const struct roster_rename *rename = renamed(plan, from, NULL);
    return !rename || strcmp(rename->to, to) != 0;
}

static bool has_changed(const struct roster_person *before, const struct roster_person *after) {
    if (before->gone != after->gone || before->mentor != after->mentor)
        return true;
    for (int i = 0; i < ROSTER_COLUMNS; i++)
        if (i != ROSTER_DEPARTMENT && strcmp(before->cells[i], after->cells[i]) != 0)
            return true;
    return false;
}

static bool is_spared(const struct roster *roster, const char *key) {
    for (unsigned i = 0; i < roster->spared_count; i++)
        if (strcmp(roster->spared[i], key) == 0)
            return true;
    return roster->anybody_spared;
}

static void weigh(struct comparing *comparing, const struct pair *pair) {
    struct roster_plan *plan = comparing->plan;
    const struct roster_person *before = pair->before, *after = pair->after;
    struct roster_change change = {before, after};
    plan->active += before && !before->gone;
    if (!after) {
        if (is_spared(comparing->roster, before->key))
            plan->spared++;
        else
            plan->leavers[plan->leavers_count++] = change;
        return;
    }
    if (!before) {
        plan->joins[plan->joins_count++] = change;
        return;
    }
    if (after->gone && !before->gone) {
        plan->leavers[plan->leavers_count++] = change;
        return;
    }
    const char *from = before->cells[ROSTER_DEPARTMENT], *to = after->cells[ROSTER_DEPARTMENT];
    if (has_moved(plan, from, to))
        plan->moves[plan->moves_count++] = change;
    else if (has_changed(before, after))
        plan->changes[plan->changes_count++] = change;
}

static int by_place(const void *left, const void *right) {
    const struct roster_person *one = *(const struct roster_person *const *)left;
    const struct roster_person *two = *(const struct roster_person *const *)right;
    return (one->place > two->place) - (one->place < two->place);
}

static bool is_new(const struct pair *pair) {
    const struct roster_person *before = pair->before, *after = pair->after;
    return after &&
           (!before || has_changed(before, after) || before->place != after->place ||
            strcmp(before->quoting, after->quoting) != 0 ||
            strcmp(before->cells[ROSTER_DEPARTMENT], after->cells[ROSTER_DEPARTMENT]) != 0);
}

static int compare(struct comparing *comparing, const struct roster_person *before,
                   unsigned before_count) {
    struct roster_plan *plan = comparing->plan;
    if (pair_up(comparing, before, before_count) || find_renames(comparing))
        return -1;
    unsigned count = comparing->pairs_count;
    plan->joins = talloc_array(plan, struct roster_change, count + 1);
    plan->moves = talloc_array(plan, struct roster_change, count + 1);
    plan->changes = talloc_array(plan, struct roster_change, count + 1);
    plan->leavers = talloc_array(plan, struct roster_change, count + 1);
    plan->puts = talloc_array(plan, const struct roster_person *, count + 1);
    if (!plan->joins || !plan->moves || !plan->changes || !plan->leavers || !plan->puts)
        return -1;
    for (unsigned i = 0; i < count; i++) {
        weigh(comparing, &comparing->pairs[i]);
        if (is_new(&comparing->pairs[i]))
            plan->puts[plan->puts_count++] = comparing->pairs[i].after;
    }
    qsort(plan->puts, plan->puts_count, sizeof(*plan->puts), by_place);
    return 0;
}

int roster_compare(void *ctx, const struct roster_person *before, unsigned before_count,
                   const struct roster *roster, struct roster_plan **result) {
    struct roster_plan *plan = talloc_zero(ctx, struct roster_plan);
    struct comparing comparing = {.plan = plan, .scratch = talloc_new(plan), .roster = roster};
    if (!plan || !comparing.scratch || compare(&comparing, before, before_count)) {
        talloc_free(plan);
        return -1;
    }
    talloc_free(comparing.scratch);
    *result = plan;
    return 0;
}

bool roster_drops_too_many(const struct roster_plan *plan, unsigned percent) {
    unsigned dropped = 0;
    for (unsigned i = 0; i < plan->leavers_count; i++)
        dropped += !plan->leavers[i].before->gone;
    uint64_t allowed = (uint64_t)plan->active * percent / 100;
    if (percent > 0 && allowed == 0)
        allowed = 1;
    return dropped > allowed;
}
