#ifndef DAY21_WAR_REPORT_H
#define DAY21_WAR_REPORT_H

/* 战报: who and which teams led in a day, a week or a month, as a text for chat and as a picture to
 * be shared. What stands in it is given; every word around it comes from copy (report_*), which
 * knows the account's title. What is not given is left out, with its heading. */

#include "bot/copy.h"
#include "bot/picture.h"

#include <stdbool.h>
#include <stdint.h>

enum war_report_period { WAR_REPORT_DAY, WAR_REPORT_WEEK, WAR_REPORT_MONTH };

struct war_report_person {
    unsigned rank; /* from 1; equal for a tie */
    const char *name;
    int64_t points;
};

struct war_report_group { /* a team, or a department */
    unsigned rank;
    const char *name;
    int64_t points;
    unsigned heads; /* people in it; 0: not known */
};

struct war_report_mover { /* climbed, since the period before */
    const char *name;
    unsigned from; /* rank; 0: was not on the board */
    unsigned to;   /* less than from */
};

/* Names belong to the caller and are anybody's text. Lists are best first; of one that is longer
 * than LIMIT_REPORT_… the first are taken. */
struct war_report {
    enum war_report_period period;
    const char *when; /* war_report_when() */

    unsigned people_count, teams_count, departments_count, movers_count;
    const struct war_report_person *people;
    const struct war_report_group *teams, *departments;
    const struct war_report_mover *movers;

    unsigned participants; /* who could take part; 0: not known, and the numbers are left out */
    unsigned active;       /* of them, who did something in the period */
    bool has_before;       /* the next is known: */
    unsigned active_before;

    /* The newest picture there is of such a period, perhaps of one before: its address, and
     * war_report_when(); NULL when there is none. For who reads the text in chat. */
    const char *picture, *picture_when;
};

/* The one a text is for, below the top or in it, whom it then also offers other reports. */
struct war_report_reader {
    unsigned rank;
    int64_t points;
    const char *ahead;    /* who has the next place up; NULL: nobody */
    int64_t ahead_points; /* at least points */
    bool over;            /* the period is */
    const char *why;      /* instead of all that: why the reader has no place; NULL: has one */
};

/* The week of its year that a day is in, as ISO 8601 counts, which is that of the week's Thursday.
 */
int64_t war_report_week(int64_t day, int64_t *year);

/* "第 47 周 · 11月16日—11月22日": the period that day number `day` (see bot/calendar.h) lies in.
 * Belongs to ctx; NULL only when out of memory. */
char *war_report_when(void *ctx, const struct copy *copy, enum war_report_period period,
                      int64_t day);

/* The report as a text reply, at most LIMIT_REPLY_TEXT: with long names, lists lose their last
 * rows. `reader` may be NULL. `seed` chooses among wordings. Belongs to ctx; NULL only when out of
 * memory. */
char *war_report_text(void *ctx, const struct copy *copy, uint32_t seed,
                      const struct war_report *report, const struct war_report_reader *reader);

/* The report as a picture, WAR_REPORT_WIDTH wide; its bytes belong to ctx. Takes 0.1
 * to 0.4 s of a processor: not for a loop that others wait for. Returns 0 or -1: out of memory or
 * too big. */
int war_report_picture(void *ctx, const struct copy *copy, uint32_t seed,
                       const struct war_report *report, struct picture_png *png);

#define WAR_REPORT_WIDTH 1080

/* What text and picture share; texts belong to ctx, NULL only when out of memory. */

/* Who stands one place above row `i` of the people, not beside it; NULL: nobody. One point more
 * than what is between the two overtakes, as ties go to who was first. */
const struct war_report_person *war_report_ahead(const struct war_report *report, unsigned i);

/* A group's points by its heads, rounded; 0 when these are not known. */
int64_t war_report_each(const struct war_report_group *group);

/* "周战报". */
char *war_report_kind(void *ctx, const struct copy *copy, const struct war_report *report);

/* "比上周多 12 人…", or "" when the period before is not known. */
char *war_report_change(void *ctx, const struct copy *copy, uint32_t seed,
                        const struct war_report *report);

#endif
