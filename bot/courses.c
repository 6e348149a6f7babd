#include "bot/courses.h"

#include "bot/html.h"
#include "config/limits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#define TITLE_CHARACTERS  32 /* WeChat's, for an article */
#define DIGEST_CHARACTERS 128
#define ID_ALPHABET       "abcdefghijklmnopqrstuvwxyz0123456789-"
#define EXAMPLE           "例："

static const char *const page_vars[] = {"title",   "digest",     "cover",    "day",
                                        "days",    "paragraphs", "question", "steps",
                                        "account", "public_url", NULL};

static const cyaml_schema_value_t paragraph_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t course_fields[] = {
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_DEFAULT, struct course, id, 1, 40),
    CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_DEFAULT, struct course, title, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("digest", CYAML_FLAG_DEFAULT, struct course, digest, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("cover", CYAML_FLAG_DEFAULT, struct course, cover, 1, 64),
    CYAML_FIELD_SEQUENCE("paragraphs", CYAML_FLAG_POINTER, struct course, paragraphs,
                         &paragraph_schema, 1, 40),
    CYAML_FIELD_STRING_PTR("question", CYAML_FLAG_DEFAULT, struct course, question, 1,
                           CYAML_UNLIMITED),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t course_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct course, course_fields),
};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("courses", CYAML_FLAG_POINTER, struct courses, courses, &course_schema, 1,
                         366),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct courses, file_fields),
};

/* What is being loaded. */
struct load {
    const char *templates;
    const char *path; /* of courses.yaml */
    struct courses *courses;
    struct yaml_problem *problem;
};

static int check_line(struct load *load, unsigned index, const char *field, const char *text,
                      size_t characters) {
    char where[64];
    snprintf(where, sizeof(where), "courses[%u].%s", index, field);
    if (strpbrk(text, "\n\t"))
        return yaml_refuse(load->path, load->problem, where, "more than one line");
    if (wording_characters(text) > characters)
        return yaml_refuse(load->path, load->problem, where, "%zu characters, WeChat shows %zu",
                           wording_characters(text), characters);
    return 0;
}

static int check_id(struct load *load, unsigned index) {
    const char *id = load->courses->courses[index].id;
    char where[64];
    snprintf(where, sizeof(where), "courses[%u].id", index);
    if (id[strspn(id, ID_ALPHABET)])
        return yaml_refuse(load->path, load->problem, where, "\"%s\": only a-z, 0-9 and -", id);
    for (unsigned i = 0; i < index; i++)
        if (strcmp(load->courses->courses[i].id, id) == 0)
            return yaml_refuse(load->path, load->problem, where, "a second course \"%s\"", id);
    return 0;
}

static int check_cover(struct load *load, unsigned index) {
    const char *cover = load->courses->courses[index].cover;
    char where[64];
    snprintf(where, sizeof(where), "courses[%u].cover", index);
    if (cover[strspn(cover, ID_ALPHABET "_.")] || cover[0] == '.' || strstr(cover, ".."))
        return yaml_refuse(load->path, load->problem, where,
                           "\"%s\": a file name of a-z, 0-9, - _ and . only", cover);
    char *file = talloc_asprintf(NULL, "%s/h5/covers/%s", load->templates, cover);
    int error = file && access(file, R_OK) == 0 ? 0 : -1;
    if (error)
        yaml_refuse(load->path, load->problem, where, "no %s: %s", file ? file : cover,
                    strerror(errno));
    talloc_free(file);
    return error;
}

static int check_course(struct load *load, unsigned index) {
    const struct course *course = &load->courses->courses[index];
    if (check_id(load, index) ||
        check_line(load, index, "title", course->title, TITLE_CHARACTERS) ||
        check_line(load, index, "digest", course->digest, DIGEST_CHARACTERS))
        return -1;
    return check_cover(load, index);
}

/* A file as text that belongs to ctx, or NULL with *problem. */
static char *read_text(void *ctx, const char *path, struct yaml_problem *problem) {
    FILE *file = fopen(path, "re");
    char *text = file ? talloc_array(ctx, char, LIMIT_YAML + 1) : NULL;
    size_t length = text ? fread(text, 1, LIMIT_YAML + 1, file) : 0;
    const char *reason = !file || (text && ferror(file)) ? strerror(errno)
                         : !text                         ? "out of memory"
                         : length > LIMIT_YAML           ? "too large"
                         : memchr(text, '\0', length)    ? "not a text"
                                                         : NULL;
    if (file)
        fclose(file);
    if (reason) {
        snprintf(problem->text, sizeof(problem->text), "%s: %s", path, reason);
        talloc_free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}

static int load_page(void *ctx, struct load *load) {
    void *scratch = talloc_new(ctx);
    char *path = talloc_asprintf(scratch, "%s/h5/course.html", load->templates);
    char *text = path ? read_text(scratch, path, load->problem) : NULL;
    struct wording_fault fault;
    int error =
        text ? wording_compile(ctx, text, page_vars, NULL, 0, &load->courses->page, &fault) : -1;
    if (text && error) {
        unsigned line = 1;
        for (size_t i = 0; i < fault.at; i++)
            line += text[i] == '\n';
        snprintf(load->problem->text, sizeof(load->problem->text), "%s:%u: %s", path, line,
                 fault.text);
    }
    talloc_free(scratch);
    return error;
}

int courses_load(void *ctx, const char *templates, const char *pack, struct courses **courses,
                 struct yaml_problem *problem) {
    void *own = talloc_new(ctx), *loaded;
    char *path = talloc_asprintf(own, "%s/%s/courses.yaml", templates, pack);
    struct load load = {.templates = templates, .path = path, .problem = problem};
    if (!path)
        yaml_refuse("courses.yaml", problem, "", "out of memory");
    if (!path || yaml_load(own, path, &file_schema, &loaded, problem))
        goto refused;
    load.courses = loaded;
    for (unsigned i = 0; i < load.courses->courses_count; i++)
        if (check_course(&load, i))
            goto refused;
    if (load_page(own, &load))
        goto refused;
    *courses = load.courses;
    return 0;
refused:
    talloc_free(own);
    return -1;
}

const struct course *courses_find(const struct courses *courses, const char *id) {
    for (unsigned i = 0; i < courses->courses_count; i++)
        if (strcmp(courses->courses[i].id, id) == 0)
            return &courses->courses[i];
    return NULL;
}

const struct course *courses_of_day(const struct courses *courses, unsigned day) {
    return &courses->courses[(day > 0 ? day - 1 : 0) % courses->courses_count];
}

/* ---- what a text is about ---- */

#define PAIRS      80  /* of a text are looked at */
#define PAIR_BYTES 9   /* two characters, with a NUL */
#define WEIGHT     840 /* of a pair that is in one course alone; of one in n of them, 1/n of it */
#define LEAST      (WEIGHT / 2)

struct pairs {
    unsigned count;
    char list[PAIRS][PAIR_BYTES]; /* each once */
};

/* Bytes of the character that begins here; 0 at the end, and of one that is ASCII. */
static size_t character(const char *text) {
    size_t length = (unsigned char)*text >= 0xc0 ? 1 : 0;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length++;
    return length < PAIR_BYTES / 2 + 1 ? length : 0;
}

static void add_pair(struct pairs *pairs, const char *text, size_t length) {
    char *pair = pairs->list[pairs->count];
    memcpy(pair, text, length);
    pair[length] = '\0';
    for (unsigned i = 0; i < pairs->count; i++)
        if (strcmp(pairs->list[i], pair) == 0)
            return;
    pairs->count++;
}

static void pair_up(struct pairs *pairs, const char *text) {
    for (size_t length; *text && pairs->count < PAIRS; text += length ? length : 1) {
        length = character(text);
        size_t next = length ? character(text + length) : 0;
        if (next)
            add_pair(pairs, text, length + next);
    }
}

static bool has_pair(const struct course *course, const char *pair) {
    if (strstr(course->title, pair) || strstr(course->digest, pair) ||
        strstr(course->question, pair))
        return true;
    for (unsigned i = 0; i < course->paragraphs_count; i++)
        if (strstr(course->paragraphs[i], pair))
            return true;
    return false;
}

/* Adds to the score of each course that has the pair; twice of one that has it in the title. */
static void score_pair(const struct courses *courses, const char *pair, unsigned scores[]) {
    unsigned having = 0;
    for (unsigned i = 0; i < courses->courses_count; i++)
        having += has_pair(&courses->courses[i], pair);
    for (unsigned i = 0; having && i < courses->courses_count; i++)
        if (has_pair(&courses->courses[i], pair))
            scores[i] += WEIGHT / having * (strstr(courses->courses[i].title, pair) ? 2 : 1);
}

unsigned courses_nearest(const struct courses *courses, const char *text,
                         const struct course *nearest[], unsigned most) {
    unsigned *scores = talloc_zero_array(NULL, unsigned, courses->courses_count), count = 0;
    struct pairs pairs = {0};
    pair_up(&pairs, text);
    for (unsigned i = 0; scores && i < pairs.count; i++)
        score_pair(courses, pairs.list[i], scores);
    while (scores && count < most) {
        unsigned best = 0;
        for (unsigned i = 1; i < courses->courses_count; i++)
            if (scores[i] > scores[best])
                best = i;
        if (scores[best] < LEAST)
            break;
        nearest[count++] = &courses->courses[best];
        scores[best] = 0; /* taken */
    }
    talloc_free(scores);
    return count;
}

/* ---- the page ---- */

/* Lines of a paragraph stay lines. */
static char *paragraphs_html(void *ctx, const struct course *course) {
    char *html = talloc_strdup(ctx, "");
    for (unsigned i = 0; html && i < course->paragraphs_count; i++) {
        const char *text = course->paragraphs[i];
        bool example = strncmp(text, EXAMPLE, strlen(EXAMPLE)) == 0;
        char *escaped = html_escape(ctx, text);
        html =
            escaped ? talloc_strdup_append(html, example ? "<p class=\"example\">" : "<p>") : NULL;
        char *rest = escaped;
        for (char *line; html && (line = strsep(&rest, "\n"));)
            html = talloc_asprintf_append(html, "%s%s", line, rest ? "<br>" : "</p>\n");
    }
    return html;
}

/* A dot for each day of the plan. */
static char *steps_html(void *ctx, unsigned day, unsigned days) {
    char *html = talloc_strdup(ctx, "");
    for (unsigned i = 1; html && i <= days; i++)
        html = talloc_strdup_append(html, i < day    ? "<i class=\"done\"></i>"
                                          : i == day ? "<i class=\"today\"></i>"
                                                     : "<i></i>");
    return html;
}

char *courses_page(void *ctx, const struct courses *courses, const struct course *course,
                   const char *account_title, const char *public_url) {
    void *scratch = talloc_new(ctx);
    unsigned day = (unsigned)(course - courses->courses) + 1;
    const struct copy_var vars[] = {
        {"title", html_escape(scratch, course->title), true},
        {"digest", html_escape(scratch, course->digest), true},
        {"cover", html_escape(scratch, course->cover), true},
        {"day", talloc_asprintf(scratch, "%u", day), true},
        {"days", talloc_asprintf(scratch, "%u", courses->courses_count), true},
        {"paragraphs", paragraphs_html(scratch, course), true},
        {"question", html_escape(scratch, course->question), true},
        {"steps", steps_html(scratch, day, courses->courses_count), true},
        {"account", html_escape(scratch, account_title), true},
        {"public_url", html_escape(scratch, public_url), true},
    };
    size_t count = sizeof(vars) / sizeof(vars[0]);
    bool whole = true;
    for (size_t i = 0; i < count; i++)
        whole = whole && vars[i].value;
    char *page = whole ? wording_render(ctx, courses->page, vars, count) : NULL;
    talloc_free(scratch);
    return page;
}
