#include "bot/question_words.h"

#include "config/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define HOUR 3600

static char *render(const struct question_words *words, enum copy_entry entry,
                    const struct vars *vars) {
    return copy_render(words->ctx, words->account->copy, entry, words->seed, vars->list,
                       vars->count);
}

/* ---- texts ---- */

static bool continues(char byte) {
    return ((unsigned char)byte & 0xc0) == 0x80;
}

char *question_words_text(void *ctx, const char *text, size_t most) {
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    bool cut = length > most;
    if (cut)
        for (length = most - strlen("…"); length > 0 && continues(text[length]);)
            length--;
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        length--;
    char *line = talloc_asprintf(ctx, "%.*s%s", (int)length, text, cut ? "…" : "");
    for (char *at = line; at && *at; at++) {
        unsigned char byte = (unsigned char)*at, next = (unsigned char)at[1];
        if (byte < ' ' || byte == 0x7f)
            *at = ' ';
        else if (byte == 0xc2 && next < 0xa0) /* other controls, of two bytes */
            at[0] = at[1] = ' ';
    }
    return line;
}

char *question_words_clip(void *ctx, const char *text, unsigned most) {
    size_t length = 0;
    for (unsigned count = 0; text[length]; length++)
        if (!continues(text[length]) && count++ == most)
            return talloc_asprintf(ctx, "%.*s…", (int)length, text);
    return talloc_strdup(ctx, text);
}

/* ---- people, time, courses ---- */

char *question_words_mentor(const struct question_words *words, const char *name) {
    struct vars vars = {0};
    return *name ? talloc_strdup(words->ctx, name) : render(words, COPY_question_mentor, &vars);
}

char *question_words_asker(const struct question_words *words, int64_t number, const char *name) {
    char digits[24];
    struct vars vars = {0};
    if (*name && !words->account->rules->boards.anonymous)
        return talloc_strdup(words->ctx, name);
    snprintf(digits, sizeof digits, "%04" PRId64, number);
    vars_text(&vars, "number", digits);
    return render(words, COPY_anonymous, &vars);
}

char *question_words_left(const struct question_words *words, int64_t by) {
    int64_t left = by - words->now;
    int64_t hours = left < 0 ? -left / HOUR : (left + HOUR / 2) / HOUR;
    struct vars vars = {0};
    vars_number(&vars, "hours", hours);
    enum copy_entry entry = left >= HOUR ? COPY_question_left_hours : COPY_question_left_soon;
    if (left < 0)
        entry = hours > 0 ? COPY_question_late : COPY_question_just_late;
    return render(words, entry, &vars);
}

char *question_words_below(void *ctx, const char *text) {
    return text ? talloc_asprintf(ctx, "%s%s", *text ? "\n\n" : "", text) : NULL;
}

char *question_words_course(const struct question_words *words, const char *id) {
    const struct course *course = *id ? courses_find(words->account->courses, id) : NULL;
    if (!course)
        return talloc_strdup(words->ctx, "");
    struct vars vars = {0};
    vars_text(&vars, "title", course->title);
    vars_text(&vars, "url", account_course_url(words->ctx, words->account, course));
    return question_words_below(words->ctx, render(words, COPY_question_course, &vars));
}

/* ---- notices ---- */

#define LINES 5

/* The lines of what was told, as many as there are variables for them. Returns 0 or -1. */
static int split(void *ctx, const char *told, unsigned count, char *lines[LINES]) {
    for (unsigned i = 0; i < count; i++) {
        const char *end = told ? strchrnul(told, '\n') : NULL;
        lines[i] = end ? talloc_strndup(ctx, told, (size_t)(end - told)) : NULL;
        if (!lines[i])
            return -1;
        told = *end ? end + 1 : NULL;
    }
    return 0;
}

/* question_asked and question_waiting: count, id, by, text */
static int waiting_vars(const struct question_words *words, const char *told, struct vars *vars) {
    char *lines[LINES];
    if (split(words->ctx, told, 4, lines))
        return -1;
    vars_text(vars, "count", lines[0]);
    vars_text(vars, "number", lines[1]);
    vars_copy(vars, "left", question_words_left(words, strtoll(lines[2], NULL, 10)));
    vars_text(vars, "text", question_words_clip(words->ctx, lines[3], LIMIT_QUESTION_CLIP));
    return 0;
}

/* question_answered: id, mentor, course, text, answer */
static int answered_vars(const struct question_words *words, const char *told, struct vars *vars) {
    char *lines[LINES];
    if (split(words->ctx, told, 5, lines))
        return -1;
    const struct course *course =
        *lines[2] ? courses_find(words->account->courses, lines[2]) : NULL;
    vars_text(vars, "number", lines[0]);
    vars_text(vars, "who", question_words_mentor(words, lines[1]));
    vars_copy(vars, "course", question_words_course(words, lines[2]));
    vars_text(vars, "url", course ? account_course_url(words->ctx, words->account, course) : "");
    vars_text(vars, "text", question_words_clip(words->ctx, lines[3], LIMIT_QUESTION_CLIP));
    vars_text(vars, "answer", lines[4]);
    return 0;
}

static const struct kind {
    enum notice notice;
    enum copy_entry plain;
    int (*vars)(const struct question_words *words, const char *told, struct vars *vars);
} kinds[] = {
    {NOTICE_question_asked, COPY_question_asked_notice, waiting_vars},
    {NOTICE_question_waiting, COPY_question_waiting_notice, waiting_vars},
    {NOTICE_question_answered, COPY_question_answered_notice, answered_vars},
};

static const struct kind *kind_of(const char *notice) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(notices_name(kinds[i].notice), notice) == 0)
            return &kinds[i];
    return NULL;
}

bool question_words_is(const char *notice) {
    return kind_of(notice) != NULL;
}

int question_words_notice(const struct question_words *words, const char *notice, const char *told,
                          struct vars *vars) {
    const struct kind *kind = kind_of(notice);
    return kind ? kind->vars(words, told, vars) : -1;
}

char *question_words_plain(const struct question_words *words, const char *notice,
                           const char *told) {
    const struct kind *kind = kind_of(notice);
    struct vars vars = {0};
    if (!kind || kind->vars(words, told, &vars))
        return NULL;
    return render(words, kind->plain, &vars);
}
