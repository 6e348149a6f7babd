#include "bot/war_report_files.h"

#include "bot/calendar.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

static const char *const kinds[] = {"day-", "week-", "month-"};

int war_report_files_name(enum war_report_period period, int64_t last,
                          char name[STORE_REPORT_PICTURE]) {
    uint64_t random[2];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return -1;
    struct calendar_date date = calendar_date(last);
    char when[40];
    int64_t year, week;
    if (period == WAR_REPORT_WEEK) {
        week = war_report_week(last, &year);
        snprintf(when, sizeof when, "%04" PRId64 "-%02" PRId64, year, week);
    } else if (period == WAR_REPORT_MONTH) {
        snprintf(when, sizeof when, "%04" PRId64 "-%02u", date.year, date.month);
    } else {
        snprintf(when, sizeof when, "%04" PRId64 "-%02u-%02u", date.year, date.month, date.day);
    }
    snprintf(name, STORE_REPORT_PICTURE, "%s%s-%016" PRIx64 "%016" PRIx64 ".png", kinds[period],
             when, random[0], random[1]);
    return 0;
}

/* Others may pass through, and not look around. */
static int make_directory(const char *path) {
    if (mkdir(path, 0711) == 0)
        return chmod(path, 0711); /* whatever the umask */
    return errno == EEXIST ? 0 : -1;
}

static int newest_first(const struct dirent **left, const struct dirent **right) {
    return strcmp((*right)->d_name, (*left)->d_name);
}

/* Of `kind`, unfinished ones included. */
static void keep_some(const char *directory, const char *kind) {
    struct dirent **list;
    int count = scandir(directory, &list, NULL, newest_first), kept = 0;
    for (int i = 0; i < count; i++) {
        bool is_one = strncmp(list[i]->d_name, kind, strlen(kind)) == 0;
        if (is_one && kept++ >= LIMIT_REPORT_PICTURES) {
            char *path = talloc_asprintf(NULL, "%s/%s", directory, list[i]->d_name);
            if (path)
                unlink(path);
            talloc_free(path);
        }
        free(list[i]);
    }
    if (count >= 0)
        free(list);
}

int war_report_files_save(const char *reports, const char *account, const char *name,
                          const struct picture_png *png) {
    void *own = talloc_new(NULL);
    char *directory = talloc_asprintf(own, "%s/%s", reports, account);
    char *path = talloc_asprintf(own, "%s/%s/%s", reports, account, name);
    int error = -1;
    if (!directory || !path)
        errno = ENOMEM;
    else
        error = make_directory(reports) || make_directory(directory) || picture_save(png, path) ? -1
                                                                                                : 0;
    char *kind = talloc_strndup(own, name, strcspn(name, "-") + 1);
    if (!error && kind)
        keep_some(directory, kind);
    int why = errno;
    talloc_free(own);
    errno = why;
    return error;
}

void war_report_files_remove(const char *reports, const char *account, const char *name) {
    char *path = talloc_asprintf(NULL, "%s/%s/%s", reports, account, name);
    if (path)
        unlink(path);
    talloc_free(path);
}
