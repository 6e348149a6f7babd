/* day21 roster VERB ACCOUNT …: the company's people. */

#include "bot/roster_command.h"

#include "bot/keywords.h"
#include "store/binding.h"
#include "store/employee.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <talloc.h>

/* ---- the people there are ---- */

static int add_person(struct company *company, const struct store_employee *one) {
    if (company->count == talloc_array_length(company->people))
        company->people = talloc_realloc(company->session, company->people, struct roster_person,
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
    *person = (struct roster_person){.key = kept[0],
                                     .quoting = kept[TEXTS - 1],
                                     .gone = one->gone,
                                     .mentor = one->mentor,
                                     .place = one->place};
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

int company_load(struct company *company, struct session *session) {
    *company = (struct company){.session = session};
    do {
        store_roster_page(session->store, &session->turn, company->count, on_page, company);
        if (session_wait(session))
            return -1;
    } while (company->got > 0);
    return 0;
}

/* ---- export ---- */

struct head {
    struct session *session;
    char *text; /* the first row of the file that was imported last, "" for none */
};

static void on_head(void *data, int error, int64_t result, const char *text) {
    struct head *head = data;
    (void)result;
    head->text = talloc_strdup(head->session, text);
    session_done(head->session, error);
}

static int export(struct session *session, int argc, char **argv) {
    (void)argc, (void)argv;
    struct head head = {.session = session};
    struct company company;
    store_roster_head(session->store, &session->turn, on_head, &head);
    if (session_wait(session) || company_load(&company, session))
        return 1;
    struct roster_form *form = head.text ? roster_form(session, head.text) : NULL;
    bool failed = !form || roster_write(form, stdout, NULL);
    for (unsigned i = 0; !failed && i < company.count; i++)
        failed = roster_write(form, stdout, &company.people[i]);
    if (failed || roster_write_end(form, stdout) || fflush(stdout)) {
        fprintf(stderr, "day21: the export cannot be written\n");
        return 1;
    }
    return 0;
}

/* ---- one-time code ---- */

#define CODE_DIGITS 8

static int code(struct session *session, int argc, char **argv) {
    (void)argc;
    unsigned char random[CODE_DIGITS * 2 + 16];
    char digits[CODE_DIGITS + 1], salt[33];
    char *key = keywords_fold(session, argv[0]);
    if (!key || getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return 1;
    for (int i = 0; i < CODE_DIGITS;
         i++) /* of 65536, so that no digit is any likelier to speak of */
        snprintf(digits + i, 2, "%u", (random[2 * i] * 256u + random[2 * i + 1]) % 10);
    for (int i = 0; i < 16; i++)
        snprintf(salt + 2 * i, 3, "%02x", random[2 * CODE_DIGITS + i]);
    store_code(session->store, &session->turn, key, salt, digits, session_done_result, session);
    if (session_wait(session))
        return 1;
    if (session->result != 1) {
        fprintf(stderr, "day21: %s\n",
                session->result == 0 ? "nobody of this number is on the roster"
                                     : "the employee has left");
        return 1;
    }
    printf("%s\n", digits);
    return 0;
}

static const struct verb verbs[] = {
    {"import", "FILE [--apply] [--drop-share 0…100] [--encoding utf-8|gb18030]", 1, 6,
     roster_import},
    {"export", "", 0, 0, export},
    {"code", "NUMBER", 1, 1, code},
    {NULL},
};

const struct command roster_command = {
    .name = "roster",
    .purpose = "the company's people",
    .redis = true,
    .verbs = verbs,
};
