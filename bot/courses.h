#ifndef DAY21_COURSES_H
#define DAY21_COURSES_H

/* <pack>/courses.yaml: the 21-day plan, one course a day, and the page a course is read on. */

#include "bot/wording.h"
#include "bot/yaml.h"

struct course {
    const char *id;                /* [a-z0-9-]{1,40} */
    const char *title;             /* up to 32 characters, as WeChat's articles */
    const char *digest;            /* up to 128 characters */
    const char *cover;             /* file in <templates>/h5/covers/ */
    const char *const *paragraphs; /* plain text; one that begins with "例：" is an example */
    unsigned paragraphs_count;
    const char *question; /* something to think about, at the page's end */
};

struct courses {
    const struct course *courses; /* in the order of the plan's days */
    unsigned courses_count;
    struct wording *page; /* <templates>/h5/course.html */
};

/* Refuses, besides what cannot be right by itself: two courses of one id, a cover that is not
 * there, a page with an unknown {variable}. Returns 0 or -1 with *problem. */
int courses_load(void *ctx, const char *templates, const char *pack, struct courses **courses,
                 struct yaml_problem *problem);

const struct course *courses_find(const struct courses *courses, const char *id);

/* The course of day 1, 2, …; after the plan's end it begins anew. */
const struct course *courses_of_day(const struct courses *courses, unsigned day);

/* Up to `most` courses that a text seems to be about, the nearest first: by the pairs of characters
 * (not of ASCII) they share, those that are in few courses before those that are in many. Returns
 * how many, none when they share next to nothing. */
unsigned courses_nearest(const struct courses *courses, const char *text,
                         const struct course *nearest[], unsigned most);

/* The HTML page of a course, everything escaped, to be served at /h5/<account>/course/<id>; its
 * style and cover are below /h5/static/, which is <templates>/h5/. Belongs to ctx; NULL only when
 * out of memory. */
char *courses_page(void *ctx, const struct courses *courses, const struct course *course,
                   const char *account_title, const char *public_url);

#endif
