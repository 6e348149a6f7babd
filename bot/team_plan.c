#include "bot/team_plan.h"

#include "bot/csv.h"
#include "bot/encoding.h"
#include "bot/keywords.h"
#include "bot/wording.h"
#include "config/limits.h"
#include "wx/crypto.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const char out_of_memory[] = "out of memory";

/* ---- names ---- */

static const char *const spaces[] = {" ", "\t", "\r", "\n", "\u3000", "\u00a0"};

static char *trimmed(void *ctx, const char *text) {
    size_t count = sizeof spaces / sizeof *spaces;
    for (size_t i = 0; i < count; i++)
        if (strncmp(text, spaces[i], strlen(spaces[i])) == 0) {
            text += strlen(spaces[i]);
            i = (size_t)-1;
        }
    size_t length = strlen(text);
    for (size_t i = 0; i < count; i++) {
        size_t width = strlen(spaces[i]);
        if (length >= width && memcmp(text + length - width, spaces[i], width) == 0) {
            length -= width;
            i = (size_t)-1;
        }
    }
    return talloc_strndup(ctx, text, length);
}

/* What would break the link by which a team is joined. */
static const struct {
    char plain;
    const char *wide;
} unfit[] = {{'&', "＆"}, {'<', "＜"}, {'>', "＞"}, {'"', "＂"}, {'#', "＃"}, {'%', "％"}};

#define UNFIT (sizeof unfit / sizeof *unfit)

const char *team_name(void *ctx, const char *text, const char **name, const char **folded) {
    char *kept = trimmed(ctx, text), *fold = kept ? keywords_fold(ctx, kept) : NULL;
    if (!fold)
        return out_of_memory;
    size_t characters = wording_characters(kept);
    if (*kept && !*fold)
        return "the name is not UTF-8";
    if (characters < 1 || characters > LIMIT_TEAM_NAME)
        return "a name has 1 to 20 characters";
    for (const char *at = kept; *at; at++) {
        bool second = at > kept && (unsigned char)at[-1] == 0xc2 && (unsigned char)*at < 0xa0 &&
                      (unsigned char)*at >= 0x80; /* U+0080 to U+009F */
        if ((unsigned char)*at < 0x20 || *at == 0x7f || second)
            return "a name has no control characters";
        for (size_t i = 0; i < UNFIT; i++)
            if (*at == unfit[i].plain)
                return "a name has none of & < > \" # %, as it stands in a link";
    }
    *name = kept;
    *folded = fold;
    return NULL;
}

/* A department's name as one of a team: what is unfit becomes wide, what is too long is cut. */
static char *fitted(void *ctx, const char *text) {
    char *fit = talloc_strdup(ctx, "");
    unsigned characters = 0;
    for (; fit && *text; text++) {
        const char *wide = NULL;
        for (size_t i = 0; i < UNFIT; i++)
            if (*text == unfit[i].plain)
                wide = unfit[i].wide;
        if ((*text & 0xc0) != 0x80 && ++characters > LIMIT_TEAM_NAME)
            break;
        fit = wide ? talloc_strdup_append_buffer(fit, wide)
                   : talloc_strndup_append_buffer(fit, text, 1);
    }
    return fit;
}

/* ---- people and teams by what they are called ---- */

static int by_key(const void *a, const void *b) {
    return strcmp(((const struct team_person *)a)->key, ((const struct team_person *)b)->key);
}

void team_sort(struct team_world *world) {
    if (world->people_count)
        qsort(world->people, world->people_count, sizeof *world->people, by_key);
}

/* A name, and the team it is of: of the world, or of the plan by its number. */
struct called {
    const char *folded;
    const struct team_known *known; /* NULL: none */
    int number;                     /* in the plan; -1: not yet */
};

struct making {
    struct team_world *world;
    struct team_plan *plan;
    void *scratch;
    void *names; /* a tree of struct called */
    const char *problem;
};

static int by_folded(const void *a, const void *b) {
    return strcmp(((const struct called *)a)->folded, ((const struct called *)b)->folded);
}

static struct called *find_entry(struct making *making, const char *folded) {
    const struct called sought = {.folded = folded};
    struct called **found = tfind(&sought, &making->names, by_folded);
    return found ? *found : NULL;
}

static struct called *add_entry(struct making *making, const char *folded,
                                const struct team_known *known) {
    struct called *entry = talloc(making->scratch, struct called);
    if (!entry)
        return NULL;
    *entry = (struct called){folded, known, -1};
    return tsearch(entry, &making->names, by_folded) ? entry : NULL;
}

static void forget(void *entry) {
    (void)entry; /* belongs to scratch */
}

static int begin(void *ctx, struct team_world *world, struct making *making) {
    *making = (struct making){.world = world, .problem = out_of_memory};
    making->plan = talloc_zero(ctx, struct team_plan);
    making->scratch = talloc_new(making->plan);
    if (!making->scratch)
        return -1;
    for (unsigned i = 0; i < world->teams_count; i++)
        if (!add_entry(making, world->teams[i].folded, &world->teams[i]))
            return -1;
    for (unsigned i = 0; i < world->people_count; i++)
        world->people[i].to = -1;
    return 0;
}

static int end(struct making *making, int result, struct team_plan **plan, const char **problem) {
    tdestroy(making->names, forget);
    if (result) {
        *problem = making->problem;
        return -1;
    }
    talloc_free(making->scratch);
    *plan = making->plan;
    return 0;
}

/* The number of a team in the plan, which is put there, or -1. */
static int plan_team(struct making *making, const char *name, const char *folded,
                     const char *drawn) {
    struct team_plan *plan = making->plan;
    struct called *entry = find_entry(making, folded);
    if (!entry)
        entry = add_entry(making, folded, NULL);
    if (!entry || entry->number >= 0)
        return entry ? entry->number : -1;
    if (plan->count == talloc_array_length(plan->teams))
        plan->teams = talloc_realloc(plan, plan->teams, struct team_known,
                                     plan->count ? 2 * plan->count : 16);
    if (!plan->teams)
        return -1;
    struct team_known *team = &plan->teams[plan->count];
    *team = (struct team_known){.drawn = drawn};
    team->id = entry->known ? entry->known->id : 0;
    team->name = talloc_strdup(plan, entry->known ? entry->known->name : name);
    team->folded = talloc_strdup(plan, folded);
    if (!team->name || !team->folded)
        return -1;
    entry->number = (int)plan->count++;
    return entry->number;
}

static void send_person(struct making *making, struct team_person *person, int team) {
    person->to = team;
    making->plan->teams[team].people++;
    making->plan->people++;
}

/* ---- departments ---- */

/* The first `depth` parts of what stands below `path`; NULL if there are not as many, or it is
 * elsewhere (*below false). */
static char *part_below(void *ctx, const char *department, const char *path, unsigned depth,
                        bool *below) {
    size_t length = strlen(path);
    *below = *department && strncmp(department, path, length) == 0 &&
             (length == 0 || department[length] == '/' || !department[length]);
    if (!*below)
        return NULL;
    const char *from = department + length;
    from += *from == '/';
    const char *end = from;
    for (unsigned parts = 0; parts < depth; parts++) {
        if (!*end)
            return NULL;
        end += *end == '/';
        end += strcspn(end, "/");
    }
    return talloc_strndup(ctx, from, (size_t)(end - from));
}

static const char *last_part(const char *part) {
    const char *slash = strrchr(part, '/');
    return slash ? slash + 1 : part;
}

struct part {
    const char *path;
    const char *short_fold; /* of its last part */
    int team;
};

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct part *)a)->path, ((const struct part *)b)->path);
}

static int by_short(const void *a, const void *b) {
    const struct part *x = *(struct part *const *)a, *y = *(struct part *const *)b;
    return strcmp(x->short_fold, y->short_fold);
}

/* A team for the department: by its last part, or by all of them when that is another's too. */
static int name_part(struct making *making, struct part *part, bool whole) {
    const char *name, *folded;
    char *text = fitted(making->scratch, whole ? part->path : last_part(part->path));
    for (char *at = text; at && (at = strchr(at, '/'));)
        *at = ' ';
    const char *wrong = text ? team_name(making->scratch, text, &name, &folded) : out_of_memory;
    if (wrong) {
        making->problem = talloc_asprintf(making->plan, "department %s: %s", part->path, wrong);
        return -1;
    }
    struct called *entry = find_entry(making, folded);
    if (entry && entry->number >= 0) {
        making->problem = talloc_asprintf(
            making->plan, "two departments would both be the team %s; give one another name", name);
        return -1;
    }
    part->team = plan_team(making, name, folded, "");
    return part->team < 0 ? -1 : 0;
}

static int name_parts(struct making *making, struct part *parts, unsigned count) {
    struct part **sorted = talloc_array(making->scratch, struct part *, count + 1);
    bool *whole = talloc_zero_array(making->scratch, bool, count + 1);
    if (!sorted || !whole)
        return -1;
    for (unsigned i = 0; i < count; i++) {
        sorted[i] = &parts[i];
        parts[i].short_fold = keywords_fold(making->scratch, last_part(parts[i].path));
        if (!parts[i].short_fold)
            return -1;
    }
    qsort(sorted, count, sizeof *sorted, by_short);
    for (unsigned i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->short_fold, sorted[i]->short_fold) == 0)
            whole[sorted[i - 1] - parts] = whole[sorted[i] - parts] = true;
    for (unsigned i = 0; i < count; i++)
        if (name_part(making, &parts[i], whole[i]))
            return -1;
    return 0;
}

static int plan_departments(struct making *making, const char *path, unsigned depth) {
    struct team_world *world = making->world;
    struct part *parts = talloc_array(making->scratch, struct part, world->people_count + 1);
    char **of = talloc_zero_array(making->scratch, char *, world->people_count + 1);
    unsigned count = 0, distinct = 0;
    if (!parts || !of)
        return -1;
    for (unsigned i = 0; i < world->people_count; i++) {
        bool below;
        of[i] = part_below(making->scratch, world->people[i].department, path, depth, &below);
        making->plan->left_over += below && !of[i];
        if (of[i])
            parts[count++] = (struct part){.path = of[i]};
    }
    if (count == 0) {
        making->problem = "nobody is in a department so deep below that path";
        return -1;
    }
    qsort(parts, count, sizeof *parts, by_path);
    for (unsigned i = 0; i < count; i++)
        if (i == 0 || strcmp(parts[i].path, parts[distinct - 1].path) != 0)
            parts[distinct++] = parts[i];
    if (name_parts(making, parts, distinct))
        return -1;
    for (unsigned i = 0; i < world->people_count; i++) {
        const struct part sought = {.path = of[i]};
        if (of[i]) {
            const struct part *part = bsearch(&sought, parts, distinct, sizeof *parts, by_path);
            send_person(making, &world->people[i], part->team);
        }
    }
    return 0;
}

int team_plan_departments(void *ctx, struct team_world *world, const char *path, unsigned depth,
                          struct team_plan **plan, const char **problem) {
    struct making making;
    int result = begin(ctx, world, &making) || plan_departments(&making, path, depth) ? -1 : 0;
    return end(&making, result, plan, problem);
}

/* ---- the lot ---- */

struct ticket {
    char hash[WX_SHA256_SIZE];
    struct team_person *person;
};

static int by_hash(const void *a, const void *b) {
    return strcmp(((const struct ticket *)a)->hash, ((const struct ticket *)b)->hash);
}

static int draw_ticket(void *scratch, const char *seed, struct ticket *ticket) {
    struct wx_digest *digest;
    if (wx_digest_open(scratch, &digest))
        return -1;
    wx_digest_add(digest, seed, strlen(seed));
    wx_digest_add(digest, ":", 1);
    wx_digest_add(digest, ticket->person->key, strlen(ticket->person->key));
    wx_digest_end(digest, ticket->hash);
    talloc_free(digest);
    return 0;
}

static int name_lot(struct making *making, unsigned teams, const char *drawn, const char *prefix) {
    for (unsigned i = 0; i < teams; i++) {
        const char *name, *folded;
        char *text = talloc_asprintf(making->scratch, "%s第 %u 队", prefix, i + 1);
        const char *wrong = text ? team_name(making->scratch, text, &name, &folded) : out_of_memory;
        if (wrong) {
            making->problem = talloc_asprintf(making->plan, "team %s: %s", text, wrong);
            return -1;
        }
        const struct called *entry = find_entry(making, folded);
        if (entry && entry->known && strcmp(entry->known->drawn, drawn) != 0) {
            making->problem = talloc_asprintf(
                making->plan, "there is another team %s: dissolve it, or give a --prefix", name);
            return -1;
        }
        if (plan_team(making, name, folded, drawn) < 0)
            return -1;
    }
    return 0;
}

static int plan_lot(struct making *making, unsigned size, const char *seed, const char *prefix) {
    struct team_world *world = making->world;
    struct ticket *tickets = talloc_array(making->scratch, struct ticket, world->people_count + 1);
    char *drawn = talloc_asprintf(making->plan, "seed %s, teams of %u", seed, size);
    unsigned count = 0;
    for (unsigned i = 0; tickets && i < world->people_count; i++)
        if (world->people[i].bound) {
            tickets[count].person = &world->people[i];
            if (draw_ticket(making->scratch, seed, &tickets[count++]))
                return -1;
        }
    if (!tickets || !drawn)
        return -1;
    unsigned teams = (count + size - 1) / size;
    if (teams == 0 || teams > LIMIT_TEAMS) {
        making->problem = teams ? "that would be more than 5000 teams" : "nobody is bound yet";
        return -1;
    }
    qsort(tickets, count, sizeof *tickets, by_hash);
    if (name_lot(making, teams, drawn, prefix))
        return -1;
    for (unsigned i = 0; i < count; i++)
        send_person(making, tickets[i].person, (int)(i % teams));
    return 0;
}

int team_plan_lot(void *ctx, struct team_world *world, unsigned size, const char *seed,
                  const char *prefix, struct team_plan **plan, const char **problem) {
    struct making making;
    int result = begin(ctx, world, &making) || plan_lot(&making, size, seed, prefix) ? -1 : 0;
    return end(&making, result, plan, problem);
}

/* ---- a file ---- */

static const char *const number_headings[] = {
    "工号", "员工号",         "员工编号",        "员工工号", "人员编号",
    "编号", "employeenumber", "employee_number", "number",   NULL};
static const char *const team_headings[] = {"战队",     "队伍", "团队",     "小组",      "队名",
                                            "战队名称", "team", "teamname", "team_name", NULL};

static bool is_one_of(const char *const *headings, const char *text) {
    while (*headings && strcmp(*headings, text) != 0)
        headings++;
    return *headings;
}

static int add_bad(struct making *making, unsigned line, const char *reason) {
    struct team_plan *plan = making->plan;
    if (plan->bad_count == talloc_array_length(plan->bad))
        plan->bad = talloc_realloc(plan, plan->bad, struct team_bad,
                                   plan->bad_count ? 2 * plan->bad_count : 16);
    reason = talloc_strdup(plan, reason);
    if (!plan->bad || !reason)
        return -1;
    plan->bad[plan->bad_count++] = (struct team_bad){line, reason};
    return 0;
}

/* Which cells are which. */
static int read_headings(struct making *making, const struct csv_row *row, unsigned columns[2]) {
    bool seen[2] = {false};
    for (unsigned i = 0; i < row->count; i++) {
        const char *heading = keywords_fold(making->scratch, row->cells[i]);
        if (!heading)
            return -1;
        for (int c = 0; c < 2; c++)
            if (!seen[c] && is_one_of(c ? team_headings : number_headings, heading)) {
                seen[c] = true;
                columns[c] = i;
            }
    }
    if (seen[0] && seen[1])
        return 0;
    making->problem =
        seen[0] ? "the first row names no column 战队" : "the first row names no column 工号";
    return -1;
}

/* Returns 0, or -1 when out of memory. */
static int read_row(struct making *making, const struct csv_row *row, const unsigned columns[2]) {
    const char *cells[2] = {"", ""}, *name, *folded, *wrong = row->wrong;
    for (int c = 0; !wrong && c < 2; c++)
        if (columns[c] < row->count)
            cells[c] = row->cells[columns[c]];
    char *key = keywords_fold(making->scratch, cells[0]);
    if (!key)
        return -1;
    if (!wrong && !*key)
        wrong = "no employee number";
    if (!wrong && !*cells[1])
        wrong = "no team";
    if (!wrong)
        wrong = team_name(making->scratch, cells[1], &name, &folded);
    if (wrong == out_of_memory)
        return -1;
    if (wrong)
        return add_bad(making, row->line, wrong);
    const struct team_world *world = making->world;
    const struct team_person sought = {.key = key};
    struct team_person *person =
        world->people_count
            ? bsearch(&sought, world->people, world->people_count, sizeof *world->people, by_key)
            : NULL;
    if (!person || person->to >= 0) {
        wrong = talloc_asprintf(making->scratch, "employee number %s %s", key,
                                person ? "is there twice" : "is not on the roster, or has left");
        return wrong ? add_bad(making, row->line, wrong) : -1;
    }
    int team = plan_team(making, name, folded, "");
    if (team < 0)
        return -1;
    send_person(making, person, team);
    return 0;
}

static int plan_file(struct making *making, const char *bytes, size_t length) {
    char *text;
    enum encoding encoding;
    bool marked, headed = false;
    unsigned columns[2];
    int more;
    struct csv_row row;
    if (encoding_decode(making->scratch, bytes, length, ENCODING_ANY, &text, &encoding, &marked,
                        &making->problem))
        return -1;
    struct csv *csv = csv_open(making->scratch, text);
    if (!csv)
        return -1;
    while ((more = csv_next(csv, &row)) > 0) {
        if (row.endless) {
            making->problem = talloc_asprintf(making->plan, "line %u: %s", row.line, row.wrong);
            return -1;
        }
        if (row.count == 0)
            continue;
        if (!headed && read_headings(making, &row, columns))
            return -1;
        if (headed && read_row(making, &row, columns))
            return -1;
        headed = true;
    }
    if (more == 0 && !headed)
        making->problem = "the file is empty";
    return more == 0 && headed ? 0 : -1;
}

int team_plan_file(void *ctx, struct team_world *world, const char *bytes, size_t length,
                   struct team_plan **plan, const char **problem) {
    struct making making;
    int result = begin(ctx, world, &making) || plan_file(&making, bytes, length) ? -1 : 0;
    return end(&making, result, plan, problem);
}
