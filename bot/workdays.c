#include "bot/workdays.h"

#include "bot/calendar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

/* A day that is named: most are not as their weekday says. */
struct day {
    int64_t number;
    const char *name;
    bool works, company;
};

struct year {
    int number;
    enum workdays_status status;
    struct workdays_span *rest, *work;
    unsigned rest_count, work_count;
};

struct file {
    int *week; /* the days of an ordinary week that are worked, 1 Monday to 7 Sunday */
    unsigned week_count;
    struct year *years;
    unsigned years_count;
};

struct workdays {
    const char *path; /* of the file */
    const struct file *file;
    bool week[7];     /* worked, from Monday */
    int week_sums[8]; /* how many of the days before */
    struct day *days; /* rising */
    unsigned count;
};

static const cyaml_strval_t statuses[] = {
    {"announced", WORKDAYS_ANNOUNCED},
    {"statutory", WORKDAYS_STATUTORY},
};

static const cyaml_schema_field_t span_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_DEFAULT, struct workdays_span, name, 1,
                           WORKDAYS_NAME),
    CYAML_FIELD_STRING_PTR("date", CYAML_FLAG_DEFAULT, struct workdays_span, date, 1, 32),
    CYAML_FIELD_STRING_PTR("to", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct workdays_span, to,
                           1, 32),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t span_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct workdays_span, span_fields),
};

static const cyaml_schema_field_t year_fields[] = {
    CYAML_FIELD_INT("year", CYAML_FLAG_DEFAULT, struct year, number),
    CYAML_FIELD_ENUM("status", CYAML_FLAG_STRICT, struct year, status, statuses, 2),
    CYAML_FIELD_SEQUENCE("rest", CYAML_FLAG_POINTER, struct year, rest, &span_schema, 1,
                         WORKDAYS_SPANS),
    CYAML_FIELD_SEQUENCE("work", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct year, work,
                         &span_schema, 0, WORKDAYS_SPANS),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t year_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct year, year_fields),
};

static const cyaml_schema_value_t weekday_schema = {
    CYAML_VALUE_INT(CYAML_FLAG_DEFAULT, int),
};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("week", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file, week,
                         &weekday_schema, 1, 7),
    CYAML_FIELD_SEQUENCE("years", CYAML_FLAG_POINTER, struct file, years, &year_schema, 0, 100),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields),
};

/* ---- What is not in the file ---- */

/* Monday is 0; 1970-01-01 was a Thursday. */
static int weekday(int64_t day) {
    return (int)((day % 7 + 7 + 3) % 7);
}

static bool in_week(const struct workdays *workdays, int64_t day) {
    return workdays->week[weekday(day)];
}

/* Days of the ordinary week before `day`, counted from a Monday long ago. */
static int64_t weekdays_before(const struct workdays *workdays, int64_t day) {
    int into = weekday(day);
    return (day - into + 3) / 7 * workdays->week_sums[7] + workdays->week_sums[into];
}

static int read_week(struct workdays *workdays, struct yaml_problem *problem) {
    static const int ordinary[] = {1, 2, 3, 4, 5};
    const struct file *file = workdays->file;
    const int *week = file->week_count ? file->week : ordinary;
    unsigned count = file->week_count ? file->week_count : 5;
    for (unsigned i = 0; i < count; i++) {
        char where[32];
        snprintf(where, sizeof where, "week[%u]", i);
        if (week[i] < 1 || week[i] > 7)
            return yaml_refuse(workdays->path, problem, where,
                               "%d, expected 1 (Monday) to 7 (Sunday)", week[i]);
        if (workdays->week[week[i] - 1])
            return yaml_refuse(workdays->path, problem, where, "%d stands there twice", week[i]);
        workdays->week[week[i] - 1] = true;
    }
    for (int i = 0; i < 7; i++)
        workdays->week_sums[i + 1] = workdays->week_sums[i] + workdays->week[i];
    return 0;
}

/* The first named day that is `day` or later, as an index. */
static unsigned place_of(const struct workdays *workdays, int64_t day) {
    unsigned low = 0, high = workdays->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (workdays->days[middle].number < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct day *find_day(const struct workdays *workdays, int64_t number) {
    unsigned place = place_of(workdays, number);
    return place < workdays->count && workdays->days[place].number == number
               ? &workdays->days[place]
               : NULL;
}

/* ---- Loading ---- */

/* One list of spans, and where it stands. */
struct list {
    const char *path, *where, *key; /* "config/day21.yaml", "accounts[0]", "rest_days" */
    const struct workdays_span *spans;
    unsigned count;
    bool works, company;
    int year; /* that its days must belong to; 0: any */
    struct yaml_problem *problem;
};

__attribute__((format(printf, 4, 5))) static int
refuse(const struct list *list, unsigned index, const char *field, const char *format, ...) {
    char where[128], reason[300];
    snprintf(where, sizeof where, "%s.%s[%u].%s", list->where, list->key, index, field);
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return yaml_refuse(list->path, list->problem, where, "%s", reason);
}

/* "2026-10-01" */
struct written {
    char text[40];
};

static struct written written(int64_t day) {
    struct calendar_date date = calendar_date(day);
    struct written written;
    snprintf(written.text, sizeof written.text, "%04" PRId64 "-%02u-%02u", date.year, date.month,
             date.day);
    return written;
}

static int read_date(const struct list *list, unsigned index, const char *field, const char *text,
                     int64_t *number) {
    static const char form[] = "dddd-dd-dd";
    bool right = strlen(text) == sizeof form - 1;
    for (size_t i = 0; right && form[i]; i++)
        right = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
    int year;
    unsigned month, day;
    if (!right || sscanf(text, "%4d-%2u-%2u", &year, &month, &day) != 3)
        return refuse(list, index, field, "\"%s\", expected a date such as 2026-10-01", text);
    if (calendar_number(year, month, day, number))
        return refuse(list, index, field, "there is no %s", text);
    bool before = year == list->year - 1 && month == 12;
    if (list->year && year != list->year && !before)
        return refuse(list, index, field, "%s is not in %d nor the December before", text,
                      list->year);
    return 0;
}

static int check_day(const struct workdays *workdays, const struct list *list, unsigned index,
                     int64_t number, const struct day *known) {
    struct written date = written(number);
    if (known && known->company == list->company)
        return known->works == list->works
                   ? refuse(list, index, "date", "%s stands twice", date.text)
                   : refuse(list, index, "date", "%s is both a working day and a day of rest",
                            date.text);
    if (list->works && in_week(workdays, number) && !known)
        return refuse(list, index, "date", "%s is a working day anyway", date.text);
    return 0;
}

static int add_day(struct workdays *workdays, const struct list *list, unsigned index,
                   int64_t number) {
    struct day *known = find_day(workdays, number);
    struct day day = {number, list->spans[index].name, list->works, list->company};
    if (check_day(workdays, list, index, number, known))
        return -1;
    if (known) {
        *known = day;
        return 0;
    }
    struct day *grown = talloc_realloc(workdays, workdays->days, struct day, workdays->count + 1);
    if (!grown)
        return yaml_refuse(list->path, list->problem, "", "out of memory");
    workdays->days = grown;
    unsigned place = place_of(workdays, number);
    memmove(&grown[place + 1], &grown[place], (workdays->count - place) * sizeof *grown);
    grown[place] = day;
    workdays->count++;
    return 0;
}

static int add_span(struct workdays *workdays, const struct list *list, unsigned index) {
    const struct workdays_span *span = &list->spans[index];
    int64_t from, to;
    if (strpbrk(span->name, "\n\t"))
        return refuse(list, index, list->company ? "reason" : "name", "more than one line");
    if (read_date(list, index, "date", span->date, &from))
        return -1;
    to = from;
    if (span->to && read_date(list, index, "to", span->to, &to))
        return -1;
    if (to < from)
        return refuse(list, index, "to", "%s is before %s", span->to, span->date);
    if (to - from >= WORKDAYS_SPANS)
        return refuse(list, index, "to", "%" PRId64 " days, expected at most %d", to - from + 1,
                      WORKDAYS_SPANS);
    for (int64_t day = from; day <= to; day++)
        if (add_day(workdays, list, index, day))
            return -1;
    return 0;
}

static int add_list(struct workdays *workdays, const struct list *list) {
    for (unsigned i = 0; i < list->count; i++)
        if (add_span(workdays, list, i))
            return -1;
    return 0;
}

static int add_year(struct workdays *workdays, unsigned index, struct yaml_problem *problem) {
    const struct year *year = &workdays->file->years[index];
    char where[32], number[48];
    snprintf(where, sizeof where, "years[%u]", index);
    snprintf(number, sizeof number, "%s.year", where);
    if (year->number < 2000 || year->number > 2100)
        return yaml_refuse(workdays->path, problem, number, "%d, expected 2000 to 2100",
                           year->number);
    if (index > 0 && year->number == year[-1].number)
        return yaml_refuse(workdays->path, problem, number, "a second %d", year->number);
    if (index > 0 && year->number != year[-1].number + 1)
        return yaml_refuse(workdays->path, problem, number, "%d follows %d, expected %d",
                           year->number, year[-1].number, year[-1].number + 1);

    struct list list = {.path = workdays->path,
                        .where = where,
                        .key = "rest",
                        .spans = year->rest,
                        .count = year->rest_count,
                        .year = year->number,
                        .problem = problem};
    if (add_list(workdays, &list))
        return -1;
    list.key = "work";
    list.spans = year->work;
    list.count = year->work_count;
    list.works = true;
    return add_list(workdays, &list);
}

static int add_company(struct workdays *workdays, const char *path, const char *where,
                       const struct workdays_company *company, struct yaml_problem *problem) {
    struct list list = {.path = path,
                        .where = where,
                        .key = "rest_days",
                        .spans = company->rest,
                        .count = company->rest_count,
                        .company = true,
                        .problem = problem};
    if (add_list(workdays, &list))
        return -1;
    list.key = "work_days";
    list.spans = company->work;
    list.count = company->work_count;
    list.works = true;
    return add_list(workdays, &list);
}

int workdays_load(void *ctx, const char *templates, const char *name, const char *path,
                  const char *where, const struct workdays_company *company,
                  struct workdays **workdays, struct yaml_problem *problem) {
    struct workdays *made = talloc_zero(ctx, struct workdays);
    void *file;
    if (made)
        made->path = talloc_asprintf(made, "%s/calendar/%s.yaml", templates, name);
    if (!made || !made->path) {
        talloc_free(made);
        return yaml_refuse(path, problem, "", "out of memory");
    }
    if (yaml_load(made, made->path, &file_schema, &file, problem))
        goto fail;
    made->file = file;
    if (read_week(made, problem))
        goto fail;
    for (unsigned i = 0; i < made->file->years_count; i++)
        if (add_year(made, i, problem))
            goto fail;
    if (add_company(made, path, where, company, problem))
        goto fail;
    *workdays = made;
    return 0;
fail:
    talloc_free(made);
    return -1;
}

/* ---- Answers ---- */

bool workdays_is(const struct workdays *workdays, int64_t day) {
    const struct day *known = find_day(workdays, day);
    return known ? known->works : in_week(workdays, day);
}

int64_t workdays_add(const struct workdays *workdays, int64_t day, int n) {
    int step = n < 0 ? -1 : 1;
    while (n != 0) {
        day += step;
        if (workdays_is(workdays, day))
            n -= step;
    }
    return day;
}

int64_t workdays_next(const struct workdays *workdays, int64_t day) {
    return workdays_add(workdays, day, 1);
}

int64_t workdays_count(const struct workdays *workdays, int64_t from, int64_t to) {
    if (to < from)
        return 0;
    int64_t count = weekdays_before(workdays, to + 1) - weekdays_before(workdays, from);
    for (unsigned i = place_of(workdays, from);
         i < workdays->count && workdays->days[i].number <= to; i++)
        count += workdays->days[i].works - in_week(workdays, workdays->days[i].number);
    return count;
}

void workdays_recent(const struct workdays *workdays, int64_t day, char text[64]) {
    for (int i = 0; i < 63; i++)
        text[i] = workdays_is(workdays, day - 62 + i) ? '1' : '0';
    text[63] = '\0';
}

const char *workdays_name(const struct workdays *workdays, int64_t day) {
    const struct day *known = find_day(workdays, day);
    return known ? known->name : NULL;
}

enum workdays_status workdays_status(const struct workdays *workdays, int64_t year) {
    for (unsigned i = 0; i < workdays->file->years_count; i++)
        if (workdays->file->years[i].number == year)
            return workdays->file->years[i].status;
    return WORKDAYS_MISSING;
}

char *workdays_warning(void *ctx, const struct workdays *workdays, int64_t today) {
    if (workdays->file->years_count == 0) /* it means to have none */
        return NULL;
    struct calendar_date date = calendar_date(today);
    int64_t last = date.year + (date.month >= 11); /* when the next year's notice is out */
    for (int64_t year = date.year; year <= last; year++) {
        enum workdays_status status = workdays_status(workdays, year);
        if (status == WORKDAYS_MISSING)
            return talloc_asprintf(ctx,
                                   "%s does not have %" PRId64
                                   ": its holidays count as "
                                   "working days",
                                   workdays->path, year);
        if (status == WORKDAYS_STATUTORY)
            return talloc_asprintf(ctx,
                                   "%s has %" PRId64
                                   " by law only, not yet as announced: "
                                   "no make-up days",
                                   workdays->path, year);
    }
    return NULL;
}
