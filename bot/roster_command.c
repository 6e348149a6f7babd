/* day21 roster import ACCOUNT FILE [--apply] [--drop-share N] | export ACCOUNT | code ACCOUNT
 * NUMBER: the company's people. An import first says what it would change. */

#include "bot/command.h"
#include "bot/csv.h"
#include "bot/keywords.h"
#include "bot/roster.h"
#include "bot/session.h"
#include "config/limits.h"
#include "store/binding.h"
#include "store/employee.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <talloc.h>
#include <time.h>

#define BATCH 100 /* employees written by one script: some milliseconds of Redis' time */
#define SHOWN 20  /* of each kind of change */

/* ---- the store ---- */

struct company {
    struct session *session;
    char date[16]; /* of the account's day: 2026-11-21 */
    int today;     /* 20261121 */
    char *text;    /* of the last call; belongs to the company */

    /* the roster as it is */
    struct roster_person *people;
    unsigned count;
    unsigned got; /* by the last page */
};

static void on_result(void *data, int error, int64_t result, const char *text) {
    struct company *company = data;
    session_done_result(company->session, error, result);
    talloc_free(company->text);
    company->text = talloc_strdup(company, text);
}

/* The account's date at its moment: the day number, counted back into a date. */
static void date_company(struct company *company) {
    time_t noon = (time_t)company->session->turn.day * 86400 + 43200;
    struct tm date;
    gmtime_r(&noon, &date);
    company->today = (date.tm_year + 1900) * 10000 + (date.tm_mon + 1) * 100 + date.tm_mday;
    snprintf(company->date, sizeof company->date, "%04d-%02d-%02d", company->today / 10000,
             company->today / 100 % 100, company->today % 100);
}

static int add_person(struct company *company, const struct store_employee *one) {
    if (company->count == talloc_array_length(company->people))
        company->people = talloc_realloc(company, company->people, struct roster_person,
                                         company->count ? 2 * company->count : 1024);
    if (!company->people)
        return -1;
    const char *const texts[] = {one->key,  one->number, one->name, one->department, one->manager,
                                 one->tail, one->joined, one->left, one->tags,       one->quoting};
    enum { TEXTS = sizeof texts / sizeof *texts };
    size_t length = 0;
    for (int i = 0; i < TEXTS; i++)
        length += strlen(texts[i]) + 1;
    char *room = talloc_size(company->people, length);
    const char *kept[TEXTS];
    if (!room)
        return -1;
    for (int i = 0; i < TEXTS; i++) {
        kept[i] = room;
        room = stpcpy(room, texts[i]) + 1;
    }
    struct roster_person *person = &company->people[company->count++];
    *person = (struct roster_person){
        .key = kept[0], .quoting = kept[TEXTS - 1], .gone = one->gone, .place = one->place};
    for (int i = 0; i < ROSTER_COLUMNS; i++)
        person->cells[i] = kept[1 + i];
    return 0;
}

static void on_page(void *data, int error, const struct store_employee *list, unsigned count) {
    struct company *company = data;
    company->got = count;
    for (unsigned i = 0; !error && i < count; i++)
        if (add_person(company, &list[i]))
            error = STORE_E_NOMEM;
    session_done(company->session, error);
}

/* Loads the people there are. */
static int load_people(struct company *company) {
    do {
        store_roster_page(company->session->store, &company->session->turn, company->count, on_page,
                          company);
        if (session_wait(company->session))
            return -1;
    } while (company->got > 0);
    return 0;
}

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
        printf("\n");
    }
    show_rest(plan->changes_count);
    show_leavers(plan);
    if (plan->spared)
        printf("%u are not in the file and stay because of the bad rows\n", plan->spared);
}

/* ---- applying ---- */

struct import {
    struct company *company;
    const struct roster *roster;
    const struct roster_plan *plan;
};

/* Whether the step that was called has been done. */
static bool is_done(struct company *company, int64_t expected) {
    if (session_wait(company->session))
        return false;
    if (company->session->result == expected)
        return true;
    fprintf(stderr, "day21: another import has the roster; try again in a minute\n");
    return false;
}

static bool apply_renames(const struct import *import) {
    struct company *company = import->company;
    const struct roster_plan *plan = import->plan;
    for (unsigned i = 0; i < plan->renames_count; i++) {
        store_roster_rename(company->session->store, &company->session->turn,
                            import->roster->import, &plan->renames[i].from, &plan->renames[i].to, 1,
                            on_result, company);
        if (!is_done(company, 1))
            return false;
    }
    return true;
}

static bool apply_puts(const struct import *import) {
    struct company *company = import->company;
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
                .gone = person->gone,
                .place = person->place,
            };
        }
        store_roster_put(company->session->store, &company->session->turn, import->roster->import,
                         batch, count, on_result, company);
        if (!is_done(company, count))
            return false;
    }
    return true;
}

static bool apply_drops(const struct import *import) {
    struct company *company = import->company;
    const struct roster_plan *plan = import->plan;
    for (unsigned at = 0; at < plan->leavers_count;) {
        const char *keys[BATCH];
        unsigned count = 0;
        for (; at < plan->leavers_count && count < BATCH; at++)
            if (!plan->leavers[at].after)
                keys[count++] = plan->leavers[at].before->key;
        store_roster_drop(company->session->store, &company->session->turn, import->roster->import,
                          company->date, keys, count, on_result, company);
        if (!is_done(company, count))
            return false;
    }
    return true;
}

static bool end_import(const struct import *import, const char *head) {
    struct company *company = import->company;
    store_roster_end(company->session->store, &company->session->turn, import->roster->import, head,
                     on_result, company);
    return is_done(company, 1);
}

/* Those who are there first, so that what is dropped of them stays the smaller share at any moment
 * at which this may be killed. */
static bool apply(const struct import *import) {
    return apply_renames(import) && apply_puts(import) && apply_drops(import) &&
           end_import(import, import->roster->head);
}

/* ---- import ---- */

struct import_options {
    const char *file;
    bool apply;
    unsigned drop_share;
    enum encoding encoding;
};

static int decide(const struct import *import, const struct import_options *options) {
    const struct roster_plan *plan = import->plan;
    show_plan(import->roster, plan);
    if (roster_drops_too_many(plan, options->drop_share)) {
        fprintf(stderr,
                "day21: refused: more than %u %% of the people would be dropped; if that is "
                "right, say so with --drop-share\n",
                options->drop_share);
        if (options->apply)
            end_import(import, "");
        return 1;
    }
    if (!options->apply) {
        printf("nothing has been changed; --apply does it\n");
        return 0;
    }
    if (!apply(import))
        return 1;
    printf("%u people, as in the file\n", import->roster->count);
    return 0;
}

static int import_file(struct company *company, const struct import_options *options) {
    struct import import = {.company = company};
    struct roster *roster;
    struct roster_plan *plan;
    size_t length;
    const char *problem;
    char *bytes = csv_file(company, options->file, &length);
    if (!bytes)
        return 1;
    if (roster_read(company, bytes, length, options->encoding, company->today, &roster, &problem)) {
        fprintf(stderr, "day21: %s: %s\n", options->file, problem);
        return 1;
    }
    talloc_free(bytes);
    if (options->apply) {
        store_roster_begin(company->session->store, &company->session->turn, roster->import,
                           on_result, company);
        if (!is_done(company, 1))
            return 1;
    }
    if (load_people(company))
        return 1;
    if (roster_compare(company, company->people, company->count, roster, &plan)) {
        fprintf(stderr, "day21: out of memory\n");
        return 1;
    }
    import.roster = roster;
    import.plan = plan;
    return decide(&import, options);
}

static int parse_encoding(const char *text, enum encoding *encoding) {
    if (strcmp(text, "utf-8") == 0)
        *encoding = ENCODING_UTF8;
    else if (strcmp(text, "gb18030") == 0)
        *encoding = ENCODING_GB18030;
    else
        return -1;
    return 0;
}

static int parse_import(int argc, char **argv, struct import_options *options) {
    for (int i = 0; i < argc; i++) {
        char *end;
        if (strcmp(argv[i], "--apply") == 0) {
            options->apply = true;
        } else if (strcmp(argv[i], "--drop-share") == 0 && i + 1 < argc) {
            unsigned long share = strtoul(argv[++i], &end, 10);
            if (*end || end == argv[i] || share > 100)
                return -1;
            options->drop_share = (unsigned)share;
        } else if (strcmp(argv[i], "--encoding") == 0 && i + 1 < argc) {
            if (parse_encoding(argv[++i], &options->encoding))
                return -1;
        } else if (argv[i][0] != '-' && !options->file) {
            options->file = argv[i];
        } else {
            return -1;
        }
    }
    return options->file ? 0 : -1;
}

static int import_run(struct company *company, int argc, char **argv) {
    struct import_options options = {.drop_share = LIMIT_ROSTER_DROP, .encoding = ENCODING_ANY};
    if (parse_import(argc, argv, &options)) {
        fprintf(stderr,
                "usage: day21 roster import ACCOUNT FILE [--apply] [--drop-share 0…100] "
                "[--encoding utf-8|gb18030]\n");
        return 2;
    }
    return import_file(company, &options);
}

/* ---- export ---- */

static int export_run(struct company *company, int argc, char **argv) {
    (void)argv;
    if (argc != 0) {
        fprintf(stderr, "usage: day21 roster export ACCOUNT\n");
        return 2;
    }
    store_roster_head(company->session->store, &company->session->turn, on_result, company);
    if (session_wait(company->session) || load_people(company))
        return 1;
    struct roster_form *form = roster_form(company, company->text ? company->text : "");
    bool failed = !form || roster_write(form, stdout, NULL);
    for (unsigned i = 0; !failed && i < company->count; i++)
        failed = roster_write(form, stdout, &company->people[i]);
    if (failed || roster_write_end(form, stdout) || fflush(stdout)) {
        fprintf(stderr, "day21: the export cannot be written\n");
        return 1;
    }
    return 0;
}

/* ---- one-time code ---- */

#define CODE_DIGITS 8

static int code_run(struct company *company, int argc, char **argv) {
    unsigned char random[CODE_DIGITS * 2 + 16];
    char code[CODE_DIGITS + 1], salt[33];
    if (argc != 1) {
        fprintf(stderr, "usage: day21 roster code ACCOUNT NUMBER\n");
        return 2;
    }
    char *key = keywords_fold(company, argv[0]);
    if (!key || getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return 1;
    for (int i = 0; i < CODE_DIGITS;
         i++) /* of 65536, so that no digit is any likelier to speak of */
        snprintf(code + i, 2, "%u", (random[2 * i] * 256u + random[2 * i + 1]) % 10);
    for (int i = 0; i < 16; i++)
        snprintf(salt + 2 * i, 3, "%02x", random[2 * CODE_DIGITS + i]);
    store_code(company->session->store, &company->session->turn, key, salt, code,
               session_done_result, company->session);
    if (session_wait(company->session))
        return 1;
    if (company->session->result != 1) {
        fprintf(stderr, "day21: %s\n",
                company->session->result == 0 ? "nobody of this number is on the roster"
                                              : "the employee has left");
        return 1;
    }
    printf("%s\n", code);
    return 0;
}

static int roster_run(const struct config *config, const struct accounts *accounts, int argc,
                      char **argv) {
    static const struct {
        const char *name;
        int (*run)(struct company *company, int argc, char **argv);
    } verbs[] = {{"import", import_run}, {"export", export_run}, {"code", code_run}};
    int status = 1;
    size_t verb = 0;
    while (verb < sizeof verbs / sizeof *verbs && strcmp(argv[0], verbs[verb].name) != 0)
        verb++;
    if (verb == sizeof verbs / sizeof *verbs) {
        fprintf(stderr, "day21: roster can import, export and code, not %s\n", argv[0]);
        return 2;
    }
    struct account *account = command_account(accounts, argv[1]);
    struct session *session = account ? session_open(config, account) : NULL;
    if (!session)
        return 1;
    struct company *company = talloc_zero(session, struct company);
    if (company) {
        company->session = session;
        date_company(company);
        status = verbs[verb].run(company, argc - 2, argv + 2);
    }
    session_close(session);
    return status;
}

const struct command roster_command = {
    .name = "roster",
    .arguments = "import|export|code ACCOUNT …",
    .purpose =
        "the company's people: import FILE [--apply] [--drop-share N] [--encoding E], export, code "
        "NUMBER",
    .min = 2,
    .max = 8,
    .redis = true,
    .run = roster_run,
};
