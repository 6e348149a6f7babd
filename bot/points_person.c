#include "bot/points_person.h"

#include "bot/keywords.h"

#include <stdio.h>
#include <talloc.h>

struct finding {
    struct session *session;
    struct store_person *person;
};

static void on_person(void *data, int error, const struct store_person *person) {
    struct finding *finding = data;
    struct session *session = finding->session;
    if (!error) {
        struct store_person *kept = finding->person;
        *kept = *person;
        const char **texts[] = {&kept->openid, &kept->employee, &kept->name,  &kept->department,
                                &kept->team,   &kept->tally,    &kept->recent};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            if (!(*texts[i] = talloc_strdup(session, *texts[i])))
                error = STORE_E_NOMEM;
    }
    session_done(session, error);
}

int points_person(struct session *session, const char *who, struct store_person *person) {
    char *folded = keywords_fold(session, who);
    struct finding finding = {session, person};
    store_person(session->store, &session->turn, who, folded ? folded : who, on_person, &finding);
    if (session_wait(session))
        return -1;
    if (person->number > 0)
        return 0;
    fprintf(stderr,
            "day21: %s is no learner: say an employee number that is bound, an openid, or #12 "
            "for learner number 12\n",
            who);
    return -1;
}

struct naming {
    struct session *session;
    const char **names;
};

static void on_names(void *data, int error, const char *const *names, unsigned count) {
    struct naming *naming = data;
    struct session *session = naming->session;
    for (unsigned i = 0; i < count; i++) {
        naming->names[i] = talloc_strdup(session, *names[i] ? names[i] : "not bound");
        if (!naming->names[i])
            error = STORE_E_NOMEM;
    }
    session_done(session, error);
}

int points_names(struct session *session, const int64_t *numbers, unsigned count,
                 const char **names) {
    for (unsigned at = 0; at < count; at += STORE_NAMES) {
        unsigned some = count - at < STORE_NAMES ? count - at : STORE_NAMES;
        struct naming naming = {session, names + at};
        store_names(session->store, &session->turn, numbers + at, some, on_names, &naming);
        if (session_wait(session))
            return -1;
    }
    return 0;
}
