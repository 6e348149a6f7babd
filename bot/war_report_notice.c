#include "bot/war_report_notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

/* Words are lines, in this order. */
static const char *const names[] = {"kind", "when", "who", "points", "active", "url"};

#define NAMES (sizeof names / sizeof *names)

char *war_report_notice_url(void *ctx, const struct account *account, const char *picture) {
    return talloc_asprintf(ctx, "%s/h5/report/%s/%s", account->installation->public_url,
                           account->config->name, picture);
}

/* The report's own is too long for a field of a template where it is that of a week. */
static char *when(void *ctx, const struct war_report *report, int64_t last) {
    char from[32], to[32];
    if (report->period != WAR_REPORT_WEEK)
        return talloc_strdup(ctx, report->when);
    calendar_date_text(last - 6, from);
    calendar_date_text(last, to);
    return talloc_asprintf(ctx, "%s—%s", from, to);
}

char *war_report_notice_words(void *ctx, const struct account *account,
                              const struct war_report *report, int64_t last, const char *picture) {
    void *own = talloc_new(ctx);
    char points[24], active[24];
    snprintf(points, sizeof points, "%" PRId64, report->people[0].points);
    snprintf(active, sizeof active, "%u", report->active);
    const char *values[NAMES] = {war_report_kind(own, account->copy, report),
                                 when(own, report, last),
                                 report->people[0].name,
                                 points,
                                 active,
                                 war_report_notice_url(own, account, picture)};
    char *words = talloc_strdup(ctx, "");
    for (size_t i = 0; words && i < NAMES; i++) {
        char *value = values[i] ? talloc_strdup(own, values[i]) : NULL;
        for (char *c = value; c && *c; c++)
            if (*c == '\n')
                *c = ' ';
        words = value ? talloc_asprintf_append(words, "%s%s", i ? "\n" : "", value) : NULL;
    }
    talloc_free(own);
    return words;
}

int war_report_notice_vars(void *ctx, const char *words, struct vars *vars) {
    for (size_t i = 0; i < NAMES; i++) {
        const char *end = words ? strchrnul(words, '\n') : NULL;
        char *value = end ? talloc_strndup(ctx, words, (size_t)(end - words)) : NULL;
        if (!value)
            return -1;
        vars_text(vars, names[i], value);
        words = *end ? end + 1 : NULL;
    }
    return 0;
}

char *war_report_notice_text(void *ctx, const struct account *account, const char *words) {
    struct vars vars = {0};
    if (war_report_notice_vars(ctx, words, &vars))
        return NULL;
    return copy_render(ctx, account->copy, COPY_report_notice, 0, vars.list, vars.count);
}
