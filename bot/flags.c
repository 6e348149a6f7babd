/* day21 points flags ACCOUNT [--clear ID]: what looks like a game played with points. Nothing is
 * ever taken away for it by itself. */

#include "bot/options.h"
#include "bot/points_command.h"
#include "store/flag.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct flags {
    struct session *session;
    char before[48]; /* the flag that was shown last */
    unsigned got;
    int64_t shown;
};

static const char *kind_text(const char *kind) {
    static const struct {
        const char *kind, *text;
    } texts[] = {
        {"burst", "so many awards within so short a time"},
        {"night", "points at an impossible hour"},
        {"same_text", "the same words"},
        {"praise", "a ring of praise"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(kind, texts[i].kind) == 0)
            return texts[i].text;
    return "";
}

static void on_flags(void *data, int error, const struct store_flag *list, unsigned count) {
    struct flags *flags = data;
    struct calendar *calendar = flags->session->account->calendar;
    flags->got = count;
    for (unsigned i = 0; i < count; i++) {
        const struct store_flag *flag = &list[i];
        char when[32];
        calendar_stamp(calendar, flag->at, when);
        printf("  %.16s  %s (#%" PRId64 ")  %s: %s %s (%s, id %s)\n", when,
               *flag->name ? flag->name : "not bound", flag->number, flag->kind,
               kind_text(flag->kind), flag->detail, flag->rule, flag->id);
        snprintf(flags->before, sizeof flags->before, "%s", flag->id);
    }
    flags->shown += count;
    session_done(flags->session, error);
}

static int clear(struct session *session, const char *id) {
    store_flag_clear(session->store, &session->turn, id, session_done_result, session);
    if (session_wait(session))
        return 1;
    if (session->result == 1) {
        printf("cleared\n");
        return 0;
    }
    fprintf(stderr, "day21: there is no flag %s\n", id);
    return 1;
}

int points_flags(struct session *session, int argc, char **argv) {
    const char *id = NULL;
    const struct options options[] = {{"--clear", .text = &id}, {NULL}};
    if (options_take(options, argc, argv) != 0 || (id && (!*id || id[strspn(id, "0123456789-")])))
        return VERB_USAGE;
    if (id)
        return clear(session, id);
    struct flags flags = {.session = session};
    do {
        store_flags(session->store, &session->turn, flags.before, on_flags, &flags);
        if (session_wait(session))
            return 1;
    } while (flags.got == STORE_FLAGS);
    if (flags.shown)
        printf("%" PRId64 " flags; `--clear ID` forgets one that was looked at\n", flags.shown);
    else
        printf("nothing is flagged\n");
    return 0;
}
