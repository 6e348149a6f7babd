/* 证书: a small text that looks well on a screenshot, for who has walked the 21 days. */

#include "bot/certificate.h"

#include "bot/handlers.h"
#include "bot/level.h"
#include "bot/standing.h"

#include <stdio.h>
#include <talloc.h>

char *certificate_text(struct turn *turn, const struct store_learner *learner, const char *name) {
    char digits[24];
    /* Who finished before that day was kept has the day of asking. */
    struct calendar_date date =
        calendar_date(learner->finished ? learner->finished : turn->who.day);
    struct vars number = {0}, vars = {0};
    snprintf(digits, sizeof digits, "%04lld", (long long)learner->number);
    vars_text(&number, "number", digits);
    if (*name)
        vars_text(&vars, "who", name);
    else
        vars_copy(&vars, "who", turn_render(turn, COPY_anonymous, &number));
    vars_number(&vars, "days", learner->checkins);
    vars_number(&vars, "xp", learner->xp);
    vars_text(&vars, "title", level_title(turn, learner->level));
    vars_number(&vars, "year", date.year);
    vars_number(&vars, "month", date.month);
    vars_number(&vars, "day", date.day);
    return turn_render(turn, COPY_certificate, &vars);
}

static void on_standing(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    struct vars vars = {0};
    if (learner->checkins < PLAN_DAYS) {
        vars_number(&vars, "days", learner->checkins);
        vars_number(&vars, "days_left", PLAN_DAYS - learner->checkins);
        turn_copy(turn, COPY_certificate_later, &vars);
        return;
    }
    vars_copy(&vars, "certificate", certificate_text(turn, learner, learner->name));
    turn_copy(turn, COPY_certificate_shown, &vars);
}

void certificate(struct turn *turn) {
    standing(turn, on_standing);
}
