/* day21 roster import ACCOUNT FILE …: the people as a file of the company has them. It first says
 * what would change. */

#include "bot/archive.h"
#include "bot/csv.h"
#include "bot/options.h"
#include "bot/roster_command.h"
#include "config/limits.h"
#include "store/employee.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define BATCH 100 /* employees written by one script: some milliseconds of Redis' time */
#define SHOWN 20  /* of each kind of change */

/* ---- what would change ---- */

static const char *department_of(const struct roster_person *person) {
    return *person->cells[ROSTER_DEPARTMENT] ? person->cells[ROSTER_DEPARTMENT] : "(none)";
}

static void show_person(const struct roster_person *person) {
    printf("  %s %s", person->cells[ROSTER_NUMBER], person->cells[ROSTER_NAME]);
}

static void show_rest(unsigned count) {
    if (count > SHOWN)
        printf("  and %u more\n", count - SHOWN);
}

static void show_bad(const struct roster *roster) {
    if (roster->bad_count)
        printf("bad rows: %u, not imported; whoever stands there stays as before\n",
               roster->bad_count);
    for (unsigned i = 0; i < roster->bad_count && i < SHOWN; i++)
        printf("  line %u: %s\n", roster->bad[i].line, roster->bad[i].reason);
    show_rest(roster->bad_count);
    for (unsigned i = 0; i < roster->ignored_count; i++)
        printf("column %s is not known and not kept\n", roster->ignored[i]);
}

static void show_renames(const struct roster_plan *plan) {
    unsigned count = 0, shown = 0;
    for (unsigned i = 0; i < plan->renames_count; i++)
        count += !plan->renames[i].follows;
    if (count)
        printf("renamed departments: %u\n", count);
    for (unsigned i = 0; i < plan->renames_count && shown < SHOWN; i++)
        if (!plan->renames[i].follows) {
            printf("  %s -> %s, %u of its people\n", plan->renames[i].from, plan->renames[i].to,
                   plan->renames[i].people);
            shown++;
        }
    show_rest(count);
}

static void show_leavers(const struct roster_plan *plan) {
    unsigned count = 0, shown = 0;
    for (unsigned i = 0; i < plan->leavers_count; i++)
        count += !plan->leavers[i].before->gone;
    if (count)
        printf("leavers: %u of %u\n", count, plan->active);
    for (unsigned i = 0; i < plan->leavers_count && shown < SHOWN; i++) {
        const struct roster_change *change = &plan->leavers[i];
        if (change->before->gone)
            continue;
        show_person(change->before);
        if (change->after)
            printf(", left %s\n", change->after->cells[ROSTER_LEFT]);
        else
            printf(", no longer in the file\n");
        shown++;
    }
    show_rest(count);
}

/* Which of their cells are others; not what is in them, as it may be a telephone's. */
static void show_columns(const struct roster_change *change) {
    const char *between = ": ";
    for (int i = 0; i < ROSTER_COLUMNS; i++) {
        if (strcmp(change->before->cells[i], change->after->cells[i]) == 0)
            continue;
        printf("%s%s", between, roster_column_name((enum roster_column)i));
        between = ", ";
    }
    if (change->before->mentor != change->after->mentor)
        printf("%s%s", between, change->after->mentor ? "a mentor now" : "no mentor any more");
    printf("\n");
}

static void show_plan(const struct roster *roster, const struct roster_plan *plan) {
    show_bad(roster);
    show_renames(plan);
    if (plan->joins_count)
        printf("joins: %u\n", plan->joins_count);
    for (unsigned i = 0; i < plan->joins_count && i < SHOWN; i++) {
        show_person(plan->joins[i].after);
        printf(", %s%s\n", department_of(plan->joins[i].after),
               plan->joins[i].after->gone ? ", has left already" : "");
    }
    show_rest(plan->joins_count);
    if (plan->moves_count)
        printf("moves: %u\n", plan->moves_count);
    for (unsigned i = 0; i < plan->moves_count && i < SHOWN; i++) {
        show_person(plan->moves[i].after);
        printf(": %s -> %s\n", department_of(plan->moves[i].before),
               department_of(plan->moves[i].after));
    }
    show_rest(plan->moves_count);
    if (plan->changes_count)
        printf("other changes: %u\n", plan->changes_count);
    for (unsigned i = 0; i < plan->changes_count && i < SHOWN; i++) {
        show_person(plan->changes[i].after);
        show_columns(&plan->changes[i]);
    }
    show_rest(plan->changes_count);
    show_leavers(plan);
    if (plan->spared)
        printf("%u are not in the file and stay because of the bad rows\n", plan->spared);
}

/* ---- applying ---- */

struct import {
    struct session *session;
    const struct roster *roster;
    const struct roster_plan *plan;
    char date[ARCHIVE_DATE]; /* of the account's day */
};

static void on_result(void *session, int error, int64_t result, const char *text) {
    (void)text;
    session_done_result(session, error, result);
}

/* Whether the step that was called has been done. */
static bool is_done(struct session *session, int64_t expected) {
    if (session_wait(session))
        return false;
    if (session->result == expected)
        return true;
    fprintf(stderr, "day21: another import has the roster; try again in a minute\n");
    return false;
}

static bool apply_renames(const struct import *import) {
    struct session *session = import->session;
    const struct roster_plan *plan = import->plan;
    for (unsigned i = 0; i < plan->renames_count; i++) {
        store_roster_rename(session->store, &session->turn, import->roster->import,
                            &plan->renames[i].from, &plan->renames[i].to, 1, on_result, session);
        if (!is_done(session, 1))
            return false;
    }
    return true;
}

static bool apply_puts(const struct import *import) {
    struct session *session = import->session;
    const struct roster_plan *plan = import->plan;
    for (unsigned at = 0, count; at < plan->puts_count; at += count) {
        struct store_employee batch[BATCH];
        for (count = 0; count < BATCH && at + count < plan->puts_count; count++) {
            const struct roster_person *person = plan->puts[at + count];
            batch[count] = (struct store_employee){
                .key = person->key,
                .number = person->cells[ROSTER_NUMBER],
                .name = person->cells[ROSTER_NAME],
                .department = person->cells[ROSTER_DEPARTMENT],
                .manager = person->cells[ROSTER_MANAGER],
                .tail = person->cells[ROSTER_TAIL],
                .joined = person->cells[ROSTER_JOINED],
                .left = person->cells[ROSTER_LEFT],
                .tags = person->cells[ROSTER_TAGS],
                .quoting = person->quoting,
                .mentor = person->mentor,
                .gone = person->gone,
                .place = person->place,
            };
        }
        store_roster_put(session->store, &session->turn, import->roster->import, batch, count,
                         on_result, session);
        if (!is_done(session, count))
            return false;
    }
    return true;
}

static bool apply_drops(const struct import *import) {
    struct session *session = import->session;
    const struct roster_plan *plan = import->plan;
    for (unsigned at = 0; at < plan->leavers_count;) {
        const char *keys[BATCH];
        unsigned count = 0;
        for (; at < plan->leavers_count && count < BATCH; at++)
            if (!plan->leavers[at].after)
                keys[count++] = plan->leavers[at].before->key;
        store_roster_drop(session->store, &session->turn, import->roster->import, import->date,
                          keys, count, on_result, session);
        if (!is_done(session, count))
            return false;
    }
    return true;
}

static bool end_import(const struct import *import, const char *head) {
    struct session *session = import->session;
    store_roster_end(session->store, &session->turn, import->roster->import, head, on_result,
                     session);
    return is_done(session, 1);
}

/* Those who are there first, so that what is dropped of them stays the smaller share at any moment
 * at which this may be killed. */
static bool apply(const struct import *import) {
    return apply_renames(import) && apply_puts(import) && apply_drops(import) &&
           end_import(import, import->roster->head);
}

/* ---- import ---- */

struct wanted {
    const char *file, *encoding; /* NULL: any */
    int64_t drop_share;
    bool apply;
};

static int decide(const struct import *import, const struct wanted *wanted) {
    const struct roster_plan *plan = import->plan;
    unsigned share = (unsigned)wanted->drop_share;
    show_plan(import->roster, plan);
    if (roster_drops_too_many(plan, share)) {
        fprintf(stderr,
                "day21: refused: more than %u %% of the people would be dropped; if that is "
                "right, say so with --drop-share\n",
                share);
        if (wanted->apply)
            end_import(import, "");
        return 1;
    }
    if (!wanted->apply) {
        printf("nothing has been changed; --apply does it\n");
        return 0;
    }
    if (!apply(import))
        return 1;
    printf("%u people, as in the file\n", import->roster->count);
    return 0;
}

/* Returns the roster the file has, or NULL having said why not. */
static struct roster *read_file(struct session *session, const struct wanted *wanted,
                                enum encoding encoding) {
    const struct calendar_date date = calendar_date(session->turn.day);
    int today = (int)date.year * 10000 + (int)date.month * 100 + (int)date.day;
    struct roster *roster;
    const char *problem;
    size_t length;
    char *bytes = csv_file(session, wanted->file, &length);
    if (!bytes)
        return NULL;
    int failed = roster_read(session, bytes, length, encoding, today, &roster, &problem);
    talloc_free(bytes);
    for (unsigned i = 0; !failed && i < roster->count; i++)
        roster->people[i].mentor =
            !roster->people[i].gone && roster_tagged(roster->people[i].cells[ROSTER_TAGS],
                                                     session->account->rules->questions.mentor_tag);
    if (!failed)
        return roster;
    fprintf(stderr, "day21: %s: %s\n", wanted->file, problem);
    return NULL;
}

static int import_file(struct session *session, const struct wanted *wanted,
                       enum encoding encoding) {
    struct import import = {.session = session};
    struct company company;
    struct roster_plan *plan;
    struct roster *roster = read_file(session, wanted, encoding);
    if (!roster)
        return 1;
    archive_date(session->turn.day, import.date);
    if (wanted->apply) {
        store_roster_begin(session->store, &session->turn, roster->import, on_result, session);
        if (!is_done(session, 1))
            return 1;
    }
    if (company_load(&company, session))
        return 1;
    if (roster_compare(session, company.people, company.count, roster, &plan)) {
        fprintf(stderr, "day21: out of memory\n");
        return 1;
    }
    import.roster = roster;
    import.plan = plan;
    return decide(&import, wanted);
}

static int encoding_of(const char *name, enum encoding *encoding) {
    *encoding = !name                        ? ENCODING_ANY
                : strcmp(name, "utf-8") == 0 ? ENCODING_UTF8
                                             : ENCODING_GB18030;
    return *encoding == ENCODING_GB18030 && strcmp(name, "gb18030") != 0 ? -1 : 0;
}

int roster_import(struct session *session, int argc, char **argv) {
    struct wanted wanted = {.drop_share = LIMIT_ROSTER_DROP};
    enum encoding encoding;
    const struct options options[] = {
        {"--apply", .given = &wanted.apply},
        {"--drop-share", .number = &wanted.drop_share, .least = 0, .most = 100},
        {"--encoding", .text = &wanted.encoding},
        {NULL},
    };
    if (options_take(options, argc, argv) != 1 || encoding_of(wanted.encoding, &encoding))
        return VERB_USAGE;
    wanted.file = argv[0];
    return import_file(session, &wanted, encoding);
}
