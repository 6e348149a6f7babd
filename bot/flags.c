/* day21 points flags ACCOUNT [--clear ID]: what looks like a game played with points. Nothing is
 * ever taken away for it by itself. */

#include "bot/archive.h"
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
        char date[ARCHIVE_DATE], time[16];
        archive_date(calendar_day(calendar, flag->at)->number, date);
        calendar_time(calendar, flag->at, time);
        printf("  %s %s  %s (#%" PRId64 ")  %s: %s %s (%s, id %s)\n", date, time,
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
    if (argc == 2 && strcmp(argv[0], "--clear") == 0 && *argv[1] &&
        !argv[1][strspn(argv[1], "0123456789-")])
        return clear(session, argv[1]);
    if (argc != 0) {
        fprintf(stderr, "usage: day21 points flags ACCOUNT [--clear ID]\n");
        return 2;
    }
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
