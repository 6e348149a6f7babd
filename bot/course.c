/* 今日课程: the course of the learner's day of the plan, as a news card. */

#include "bot/handlers.h"
#include "bot/standing.h"

#include <talloc.h>

static void on_standing(void *data, int error, const struct store_learner *learner) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    if (!turn->account->rules->unbound.courses && !*learner->name) {
        turn_copy(turn, COPY_course_bind, NULL);
        return;
    }
    /* Before today's check-in, the day it will be. */
    unsigned day = account_plan_day(learner->checkins + (learner->checked_in ? 0 : 1));
    const struct course *course = courses_of_day(turn->account->courses, day);
    const char *url = turn->account->installation->public_url;
    struct wx_article article = {
        .title = course->title,
        .description = course->digest,
        .pic_url = talloc_asprintf(turn, "%s/h5/static/covers/%s", url, course->cover),
        .url = account_course_url(turn, turn->account, course),
    };
    turn_news(turn, &article, 1);
}

void course(struct turn *turn) {
    standing(turn, on_standing);
}
