/* day21 roster import ACCOUNT FILE [--apply] [--drop-share N] | export ACCOUNT | code ACCOUNT
 * NUMBER: the company's people. An import first says what it would change. */

#include "bot/command.h"
#include "bot/keywords.h"
#include "bot/roster.h"
#include "config/limits.h"
#include "store/binding.h"
#include "store/employee.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <talloc.h>
#include <time.h>
#include <uv.h>

#define WAIT_MS 15000
#define BATCH   100 /* employees written by one script: some milliseconds of Redis' time */
#define SHOWN   20  /* of each kind of change */

/* ---- the store, one call after the other ---- */

struct session {
    struct account *account;
    uv_loop_t loop;
    uv_timer_t patience;
    struct store *store;
    struct store_turn turn;
    char date[16]; /* of the account's day: 2026-11-21 */
    int today;     /* 20261121 */
    bool called;
    int error;
    int64_t result;
    char *text; /* belongs to the session */

    /* the roster as it is */
    struct roster_person *people;
    unsigned count;
    unsigned got; /* by the last page */
};

static void on_patience(uv_timer_t *timer) {
    (void)timer; /* only wakes the loop */
}

static bool await_ready(struct session *session) {
    uint64_t give_up_at = uv_now(&session->loop) + WAIT_MS;
    while (!store_ready(session->store) && uv_now(&session->loop) < give_up_at)
        uv_run(&session->loop, UV_RUN_ONCE);
    return store_ready(session->store);
}

static void begin_call(struct session *session) {
    session->called = false;
}

/* Waits for the call that was made. Returns 0 or the store's error, having said so. */
static int end_call(struct session *session) {
    while (!session->called)
        uv_run(&session->loop, UV_RUN_ONCE);
    if (session->error)
        fprintf(stderr, "day21: %s %s\n", store_error_text(session->error),
                session->error == STORE_E_REFUSED ? store_refusal(session->store) : "");
    return session->error;
}

static void on_result(void *data, int error, int64_t result, const char *text) {
    struct session *session = data;
    session->called = true;
    session->error = error;
    session->result = result;
    talloc_free(session->text);
    session->text = talloc_strdup(session, text);
}

static void on_code(void *data, int error, int64_t result) {
    on_result(data, error, result, "");
}

/* The account's date at its moment: the day number, counted back into a date. */
static void date_session(struct session *session) {
    time_t noon = (time_t)session->turn.day * 86400 + 43200;
    struct tm date;
    gmtime_r(&noon, &date);
    session->today = (date.tm_year + 1900) * 10000 + (date.tm_mon + 1) * 100 + date.tm_mday;
    snprintf(session->date, sizeof session->date, "%04d-%02d-%02d", session->today / 10000,
             session->today / 100 % 100, session->today % 100);
}

static struct session *session_open(const struct config *config, struct account *account) {
    struct session *session = talloc_zero(NULL, struct session);
    struct store_options options = {.address = config->redis, .password = config->redis_password};
    if (!session)
        return NULL;
    int64_t now = time(NULL);
    session->account = account;
    session->turn = (struct store_turn){
        .account = account->config->name,
        .openid = "",
        .id = "",
        .now = now,
        .day = calendar_day(account->calendar, now)->number,
    };
    date_session(session);
    uv_loop_init(&session->loop);
    if (store_open(session, &session->loop, &options, &session->store)) {
        talloc_free(session);
        return NULL;
    }
    uv_timer_init(&session->loop, &session->patience);
    uv_timer_start(&session->patience, on_patience, 100, 100);
    return session;
}

static void session_close(struct session *session) {
    store_close(session->store);
    uv_close((uv_handle_t *)&session->patience, NULL);
    uv_run(&session->loop, UV_RUN_DEFAULT);
    uv_loop_close(&session->loop);
    talloc_free(session);
}

static int add_person(struct session *session, const struct store_employee *one) {
    if (session->count == talloc_array_length(session->people))
        session->people = talloc_realloc(session, session->people, struct roster_person,
                                         session->count ? 2 * session->count : 1024);
    if (!session->people)
        return -1;
    const char *const texts[] = {one->key,  one->number, one->name, one->department, one->manager,
                                 one->tail, one->joined, one->left, one->tags,       one->quoting};
    enum { TEXTS = sizeof texts / sizeof *texts };
    size_t length = 0;
    for (int i = 0; i < TEXTS; i++)
        length += strlen(texts[i]) + 1;
    char *room = talloc_size(session->people, length);
    const char *kept[TEXTS];
    if (!room)
        return -1;
    for (int i = 0; i < TEXTS; i++) {
        kept[i] = room;
        room = stpcpy(room, texts[i]) + 1;
    }
    struct roster_person *person = &session->people[session->count++];
    *person = (struct roster_person){
        .key = kept[0], .quoting = kept[TEXTS - 1], .gone = one->gone, .place = one->place};
    for (int i = 0; i < ROSTER_COLUMNS; i++)
        person->cells[i] = kept[1 + i];
    return 0;
}

static void on_page(void *data, int error, const struct store_employee *list, unsigned count) {
    struct session *session = data;
    session->called = true;
    session->error = error;
    session->got = count;
    for (unsigned i = 0; !session->error && i < count; i++)
        if (add_person(session, &list[i]))
            session->error = STORE_E_NOMEM;
}

/* Loads the people there are. */
static int load_people(struct session *session) {
    do {
        begin_call(session);
        store_roster_page(session->store, &session->turn, session->count, on_page, session);
        if (end_call(session))
            return -1;
    } while (session->got > 0);
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
    struct session *session;
    const struct roster *roster;
    const struct roster_plan *plan;
};

/* Whether the step that was called has been done. */
static bool is_done(struct session *session, int64_t expected) {
    if (end_call(session))
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
        begin_call(session);
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
                .gone = person->gone,
                .place = person->place,
            };
        }
        begin_call(session);
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
        begin_call(session);
        store_roster_drop(session->store, &session->turn, import->roster->import, session->date,
                          keys, count, on_result, session);
        if (!is_done(session, count))
            return false;
    }
    return true;
}

static bool end_import(const struct import *import, const char *head) {
    struct session *session = import->session;
    begin_call(session);
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

struct import_options {
    const char *file;
    bool apply;
    unsigned drop_share;
    enum encoding encoding;
};

static char *read_file(void *ctx, const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    struct stat status;
    char *bytes = NULL;
    if (!file || fstat(fileno(file), &status) || !S_ISREG(status.st_mode)) {
        fprintf(stderr, "day21: %s: there is no such file that can be read\n", path);
    } else if (status.st_size > LIMIT_ROSTER_FILE) {
        fprintf(stderr, "day21: %s: larger than %d MB\n", path, LIMIT_ROSTER_FILE >> 20);
    } else if ((bytes = talloc_size(ctx, (size_t)status.st_size + 1))) {
        *length = fread(bytes, 1, (size_t)status.st_size, file);
        bytes[*length] = '\0';
    }
    if (file)
        fclose(file);
    return bytes;
}

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

static int import_file(struct session *session, const struct import_options *options) {
    struct import import = {.session = session};
    struct roster *roster;
    struct roster_plan *plan;
    size_t length;
    const char *problem;
    char *bytes = read_file(session, options->file, &length);
    if (!bytes)
        return 1;
    if (roster_read(session, bytes, length, options->encoding, session->today, &roster, &problem)) {
        fprintf(stderr, "day21: %s: %s\n", options->file, problem);
        return 1;
    }
    talloc_free(bytes);
    if (options->apply) {
        begin_call(session);
        store_roster_begin(session->store, &session->turn, roster->import, on_result, session);
        if (!is_done(session, 1))
            return 1;
    }
    if (load_people(session))
        return 1;
    if (roster_compare(session, session->people, session->count, roster, &plan)) {
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

static int import_run(struct session *session, int argc, char **argv) {
    struct import_options options = {.drop_share = LIMIT_ROSTER_DROP, .encoding = ENCODING_ANY};
    if (parse_import(argc, argv, &options)) {
        fprintf(stderr,
                "usage: day21 roster import ACCOUNT FILE [--apply] [--drop-share 0…100] "
                "[--encoding utf-8|gb18030]\n");
        return 2;
    }
    return import_file(session, &options);
}

/* ---- export ---- */

static int export_run(struct session *session, int argc, char **argv) {
    (void)argv;
    if (argc != 0) {
        fprintf(stderr, "usage: day21 roster export ACCOUNT\n");
        return 2;
    }
    begin_call(session);
    store_roster_head(session->store, &session->turn, on_result, session);
    if (end_call(session) || load_people(session))
        return 1;
    struct roster_form *form = roster_form(session, session->text ? session->text : "");
    bool failed = !form || roster_write(form, stdout, NULL);
    for (unsigned i = 0; !failed && i < session->count; i++)
        failed = roster_write(form, stdout, &session->people[i]);
    if (failed || roster_write_end(form, stdout) || fflush(stdout)) {
        fprintf(stderr, "day21: the export cannot be written\n");
        return 1;
    }
    return 0;
}

/* ---- one-time code ---- */

#define CODE_DIGITS 8

static int code_run(struct session *session, int argc, char **argv) {
    unsigned char random[CODE_DIGITS * 2 + 16];
    char code[CODE_DIGITS + 1], salt[33];
    if (argc != 1) {
        fprintf(stderr, "usage: day21 roster code ACCOUNT NUMBER\n");
        return 2;
    }
    char *key = keywords_fold(session, argv[0]);
    if (!key || getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return 1;
    for (int i = 0; i < CODE_DIGITS;
         i++) /* of 65536, so that no digit is any likelier to speak of */
        snprintf(code + i, 2, "%u", (random[2 * i] * 256u + random[2 * i + 1]) % 10);
    for (int i = 0; i < 16; i++)
        snprintf(salt + 2 * i, 3, "%02x", random[2 * CODE_DIGITS + i]);
    begin_call(session);
    store_code(session->store, &session->turn, key, salt, code, on_code, session);
    if (end_call(session))
        return 1;
    if (session->result != 1) {
        fprintf(stderr, "day21: %s\n",
                session->result == 0 ? "nobody of this number is on the roster"
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
        int (*run)(struct session *session, int argc, char **argv);
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
    if (await_ready(session))
        status = verbs[verb].run(session, argc - 2, argv + 2);
    else
        fprintf(stderr, "day21: Redis is not there\n");
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
