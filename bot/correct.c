/* day21 points reverse ACCOUNT LINE [--reason TEXT] and grant ACCOUNT LEARNER POINTS [COINS]
 * --reason TEXT [--id ID]: what operators change by hand, each once. */

#include "bot/history.h"
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

/* ---- words ---- */

struct words {
    const char *plain[3]; /* what is no option */
    int count;
    const char *reason, *id;
};

static int parse(int argc, char **argv, int most, struct words *words) {
    for (int i = 0; i < argc; i++) {
        bool is_number = *argv[i] == '-' && argv[i][1] >= '0' && argv[i][1] <= '9';
        if (strcmp(argv[i], "--reason") == 0 && i + 1 < argc)
            words->reason = argv[++i];
        else if (strcmp(argv[i], "--id") == 0 && i + 1 < argc)
            words->id = argv[++i];
        else if ((*argv[i] != '-' || is_number) && words->count < most)
            words->plain[words->count++] = argv[i];
        else
            return -1;
    }
    if (words->reason && (strlen(words->reason) > LIMIT_REASON || strpbrk(words->reason, "\n\r")))
        return -1;
    if (words->id && (strlen(words->id) > 64 || !*words->id || strpbrk(words->id, " \n\r")))
        return -1;
    return 0;
}

static int take_number(const char *text, int64_t *number) {
    char *end;
    *number = strtoll(text, &end, 10);
    return *end || end == text || *number < -LIMIT_GRANT || *number > LIMIT_GRANT ? -1 : 0;
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
    struct words words = {.reason = ""};
    if (parse(argc, argv, 1, &words) || words.count != 1 || words.id) {
        fprintf(stderr, "usage: day21 points reverse ACCOUNT LINE [--reason TEXT]\n");
        return 2;
    }
    struct reverse reverse = {.session = session, .wanted = words.plain[0]};
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
    store_reverse(session->store, &session->turn, line, words.reason, on_corrected, session);
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
    struct words words = {0};
    int64_t points = 0, coins = 0;
    char id[17];
    if (parse(argc, argv, 3, &words) || words.count < 2 || !words.reason || !*words.reason ||
        take_number(words.plain[1], &points) ||
        (words.count == 3 && take_number(words.plain[2], &coins)) || (!points && !coins)) {
        fprintf(stderr,
                "usage: day21 points grant ACCOUNT LEARNER POINTS [COINS] --reason TEXT "
                "[--id ID]\n"
                "       up to %d each, less than 0 to take; the same ID is done once\n",
                LIMIT_GRANT);
        return 2;
    }
    struct store_person person;
    if (!words.id)
        words.id = new_id(id);
    if (!words.id || points_person(session, words.plain[0], &person))
        return 1;
    store_grant(session->store, &session->turn, words.id, person.number, points, coins,
                words.reason, session->account->rules->thresholds, on_corrected, session);
    return status(session);
}
