/* day21 points reverse ACCOUNT LINE [--reason TEXT] and grant ACCOUNT LEARNER POINTS [COINS]
 * --reason TEXT [--id ID]: what operators change by hand, each once. */

#include "bot/history.h"
#include "bot/options.h"
#include "bot/points_command.h"
#include "bot/points_person.h"
#include "config/limits.h"
#include "store/correction.h"
#include "wx/crypto.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* Whether it can stand in a line of the ledger. */
static bool is_text(const char *text, size_t most, const char *without) {
    return strlen(text) <= most && !strpbrk(text, without);
}

/* ---- outcome ---- */

static void on_corrected(void *data, int error, enum store_corrected corrected, const char *line,
                         int64_t xp, int64_t co) {
    struct session *session = data;
    session->result = corrected;
    if (error)
        ;
    else if (corrected == STORE_CORRECTED_GONE)
        fprintf(stderr, "day21: there is no such learner any more\n");
    else if (corrected == STORE_CORRECTED_SHORT)
        fprintf(stderr,
                "day21: there are %" PRId64 " points and %" PRId64 " coins, not so much to take\n",
                xp, co);
    else
        printf("%s by line %s: %" PRId64 " points, %" PRId64 " coins now\n",
               corrected == STORE_CORRECTED_AGAIN ? "had been done" : "done", line, xp, co);
    session_done(session, error);
}

static int status(struct session *session) {
    if (session_wait(session))
        return 1;
    return session->result == STORE_CORRECTED_DONE || session->result == STORE_CORRECTED_AGAIN ? 0
                                                                                               : 1;
}

/* ---- reverse ---- */

struct reverse {
    struct session *session;
    const char *wanted;
    struct store_ledger_line line; /* its texts belong to the session */
};

static int find(void *data, const struct store_ledger_line *line) {
    struct reverse *reverse = data;
    if (strcmp(line->line, reverse->wanted) != 0)
        return 0;
    reverse->line = *line;
    reverse->line.line = reverse->wanted;
    reverse->line.rule = talloc_strdup(reverse->session, line->rule);
    reverse->line.department = talloc_strdup(reverse->session, line->department);
    reverse->line.team = talloc_strdup(reverse->session, line->team);
    return 1;
}

int points_reverse(struct session *session, int argc, char **argv) {
    const char *why = "";
    const struct options options[] = {{"--reason", .text = &why}, {NULL}};
    if (options_take(options, argc, argv) != 1 || !is_text(why, LIMIT_REASON, "\r\n"))
        return VERB_USAGE;
    struct reverse reverse = {.session = session, .wanted = argv[0]};
    struct history history;
    int64_t ms = strtoll(reverse.wanted, NULL, 10);
    int found =
        history_read(&history, session, calendar_day(session->account->calendar, ms / 1000)->number,
                     find, &reverse);
    if (found < 0)
        return 1;
    const struct store_ledger_line *line = &reverse.line;
    if (!found || !line->rule || !line->department || !line->team) {
        fprintf(stderr, "day21: the ledger has no line %s; `points explain` tells a learner's\n",
                reverse.wanted);
        return 1;
    }
    if (strcmp(line->rule, RULES_REVERSE) == 0) {
        fprintf(stderr, "day21: line %s is a reversal itself: give again with `points grant`\n",
                line->line);
        return 1;
    }
    printf("learner %" PRId64 ", %s: %" PRId64 " points and %" PRId64 " coins are taken back\n",
           line->number, line->rule, line->points, line->coins);
    store_reverse(session->store, &session->turn, line, why, on_corrected, session);
    return status(session);
}

/* ---- grant ---- */

static const char *new_id(char id[17]) {
    unsigned char bytes[8];
    if (wx_random(bytes, sizeof bytes))
        return NULL;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    return id;
}

int points_grant(struct session *session, int argc, char **argv) {
    const char *why = "", *id = NULL;
    const struct options options[] = {{"--reason", .text = &why}, {"--id", .text = &id}, {NULL}};
    int64_t points = 0, coins = 0;
    char unlike_others[17];
    int words = options_take(options, argc, argv);
    if (words < 2 || words > 3 || options_number(argv[1], -LIMIT_GRANT, LIMIT_GRANT, &points) ||
        (words == 3 && options_number(argv[2], -LIMIT_GRANT, LIMIT_GRANT, &coins)) ||
        (!points && !coins) || !*why || !is_text(why, LIMIT_REASON, "\r\n") ||
        (id && (!*id || !is_text(id, 64, " \r\n"))))
        return VERB_USAGE;
    struct store_person person;
    if (!id)
        id = new_id(unlike_others);
    if (!id || points_person(session, argv[0], &person))
        return 1;
    store_grant(session->store, &session->turn, id, person.number, points, coins, why,
                session->account->rules->thresholds, on_corrected, session);
    return status(session);
}
