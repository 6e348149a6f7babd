#include "bot/roster.h"

#include "bot/csv.h"
#include "bot/keywords.h"
#include "config/limits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* What the columns may be called, folded; the first is what we call them. */
static const struct column {
    const char *names[9];
    bool required;
} columns[ROSTER_COLUMNS] = {
    [ROSTER_NUMBER] = {{"工号", "员工号", "员工编号", "员工工号", "人员编号", "编号",
                        "employeenumber", "employee_number", "number"},
                       true},
    [ROSTER_NAME] = {{"姓名", "名字", "员工姓名", "name", "fullname", "full_name"}, true},
    [ROSTER_DEPARTMENT] = {{"部门", "部门路径", "所属部门", "组织", "department", "departmentpath",
                            "department_path"},
                           true},
    [ROSTER_MANAGER] = {{"上级", "直属上级", "直接上级", "汇报对象", "经理", "主管", "manager"},
                        false},
    [ROSTER_TAIL] = {{"手机尾号", "手机后四位", "手机", "手机号", "手机号码", "mobiletail",
                      "mobile_tail", "mobile", "phone"},
                     false},
    [ROSTER_JOINED] = {{"入职日期", "入职时间", "入职", "入职日", "joined", "joindate", "hiredate",
                        "hire_date"},
                       false},
    [ROSTER_LEFT] = {{"离职日期", "离职时间", "离职", "离职日", "left", "leavedate", "leave_date"},
                     false},
    [ROSTER_TAGS] = {{"标签", "标记", "tags", "tag"}, false},
};

const char *roster_column_name(enum roster_column column) {
    return columns[column].names[0];
}

/* ---- texts that live as long as the roster ---- */

/* A roster has a million short texts: they stand one after the other in blocks. */
#define BLOCK (64 * 1024)

struct texts {
    void *ctx;
    char *block;
    size_t used;
};

static const char *keep(struct texts *texts, const char *text, size_t length) {
    if (length == 0)
        return "";
    if (!texts->block || texts->used + length + 1 > BLOCK) {
        texts->block = talloc_size(texts->ctx, length + 1 > BLOCK ? length + 1 : BLOCK);
        texts->used = 0;
    }
    if (!texts->block)
        return NULL;
    char *kept = texts->block + texts->used;
    memcpy(kept, text, length);
    kept[length] = '\0';
    texts->used += length + 1;
    if (texts->used > BLOCK)
        texts->block = NULL;
    return kept;
}

/* ---- reading ---- */

struct reading {
    struct roster *roster;
    struct texts texts;
    void *scratch; /* of one row */
    int today;
    unsigned columns_count;                  /* of the file */
    int column_of[LIMIT_CSV_COLUMNS];        /* enum roster_column, or -1 */
    unsigned order[ROSTER_COLUMNS];          /* the file's cell of each column that is kept … */
    enum roster_column kept[ROSTER_COLUMNS]; /* … and which it is */
    unsigned kept_count;
    const char *problem;
};

static const char *const spaces[] = {" ", "\t", "\r", "\n", "\u3000", "\u00a0"};

static size_t leading_space(const char *text) {
    for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++)
        if (strncmp(text, spaces[i], strlen(spaces[i])) == 0)
            return strlen(spaces[i]);
    return 0;
}

static size_t trailing_space(const char *text, size_t length) {
    for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
        size_t width = strlen(spaces[i]);
        if (length >= width && memcmp(text + length - width, spaces[i], width) == 0)
            return width;
    }
    return 0;
}

static const char *trim(const char *text, size_t *length) {
    for (size_t width; (width = leading_space(text));)
        text += width;
    *length = strlen(text);
    for (size_t width; (width = trailing_space(text, *length));)
        *length -= width;
    return text;
}

static bool is_blank(const struct csv_row *row, unsigned from) {
    size_t length;
    for (unsigned i = from; i < row->count; i++)
        if (trim(row->cells[i], &length), length > 0)
            return false;
    return true;
}

static int column_named(void *scratch, const char *heading) {
    const char *folded = keywords_fold(scratch, heading);
    for (int i = 0; folded && i < ROSTER_COLUMNS; i++)
        for (unsigned n = 0; n < 9 && columns[i].names[n]; n++)
            if (strcmp(folded, columns[i].names[n]) == 0)
                return i;
    return -1;
}

static const char *const encodings[] = {[ENCODING_UTF8] = "utf-8", [ENCODING_GB18030] = "gb18030"};
static const char *const line_ends[][2] = {{"crlf", "\r\n"}, {"lf", "\n"}, {"cr", "\r"}};

/* How the text ends its lines: as it ends the first. */
static unsigned line_end_of(const char *text) {
    const char *end = text + strcspn(text, "\r\n");
    return *end == '\n' ? 1 : end[0] == '\r' && end[1] != '\n' ? 2 : 0;
}

static int read_headings(struct reading *reading, const struct csv_row *row, const char *text,
                         enum encoding encoding, bool marked) {
    struct roster *roster = reading->roster;
    const char *headings[LIMIT_CSV_COLUMNS];
    char order[ROSTER_COLUMNS + 1];
    bool seen[ROSTER_COLUMNS] = {false};
    uint64_t quoted = 0;
    roster->ignored = talloc_array(roster, const char *, row->count);
    for (unsigned i = 0; roster->ignored && i < row->count; i++) {
        int column = column_named(reading->scratch, row->cells[i]);
        reading->column_of[i] = column;
        if (column < 0) {
            if (*row->cells[i])
                roster->ignored[roster->ignored_count++] =
                    keep(&reading->texts, row->cells[i], strlen(row->cells[i]));
            continue;
        }
        if (seen[column]) {
            reading->problem =
                talloc_asprintf(roster, "two columns are %s", columns[column].names[0]);
            return -1;
        }
        seen[column] = true;
        quoted |= (row->quoted >> i & 1) << reading->kept_count;
        headings[reading->kept_count] = row->cells[i];
        order[reading->kept_count] = (char)('0' + column);
        reading->order[reading->kept_count] = i;
        reading->kept[reading->kept_count++] = (enum roster_column)column;
    }
    order[reading->kept_count] = '\0';
    for (int i = 0; i < ROSTER_COLUMNS; i++)
        if (columns[i].required && !seen[i]) {
            reading->problem = talloc_asprintf(
                roster, "the first row names no column %s: it says how the columns are called",
                columns[i].names[0]);
            return -1;
        }
    reading->columns_count = row->count;
    size_t length = strlen(text);
    bool ended = length > 0 && strchr("\r\n", text[length - 1]);
    char *head = talloc_asprintf(roster, "%s %d %s %d %s ", encodings[encoding], marked,
                                 line_ends[line_end_of(text)][0], ended, order);
    quoted |= csv_quotes(headings, reading->kept_count);
    roster->head = head ? csv_append(head, headings, reading->kept_count, quoted, "") : NULL;
    return roster->head && roster->ignored ? 0 : -1;
}

static int add_bad(struct reading *reading, unsigned line, const char *key, const char *reason) {
    struct roster *roster = reading->roster;
    unsigned room = (unsigned)talloc_array_length(roster->bad);
    if (roster->bad_count == room) {
        room = room ? 2 * room : 16;
        roster->bad = talloc_realloc(roster, roster->bad, struct roster_bad, room);
        roster->spared = talloc_realloc(roster, roster->spared, const char *, room);
        if (!roster->bad || !roster->spared)
            return -1;
    }
    roster->bad[roster->bad_count++] = (struct roster_bad){line, reason};
    if (key && *key)
        roster->spared[roster->spared_count++] = key;
    else
        roster->anybody_spared = true;
    return reason ? 0 : -1;
}

int roster_date(const char *text) {
    int year, month, day, width = 0;
    char first = 0, second = 0;
    if (sscanf(text, "%4d年%2d月%2d日%n", &year, &month, &day, &width) < 3 || width == 0) {
        width = 0;
        if (sscanf(text, "%4d%c%2d%c%2d%n", &year, &first, &month, &second, &day, &width) == 5 &&
            first == second && strchr("-/.", first)) {
        } else if (strspn(text, "0123456789") == 8) {
            sscanf(text, "%4d%2d%2d%n", &year, &month, &day, &width);
        } else {
            return 0;
        }
    }
    const char *rest = text + width;
    if (*rest && (*rest != ' ' || rest[1 + strspn(rest + 1, "0123456789:")]))
        return 0;
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1900 || month < 1 || month > 12 || day < 1 ||
        day > days[month - 1] + (month == 2 && leap))
        return 0;
    return year * 10000 + month * 100 + day;
}

/* A mobile number's last four digits; of fewer, all of them (Excel takes zeros off). NULL if it is
 * none. */
static const char *tail_of(struct reading *reading, const char *text) {
    char *folded = keywords_fold(reading->scratch, text);
    size_t digits = 0;
    for (const char *from = folded; folded && *from; from++) {
        if (*from >= '0' && *from <= '9')
            folded[digits++] = *from;
        else if (!strchr("-+()", *from))
            return NULL;
    }
    if (digits == 0)
        return NULL;
    size_t kept = digits < 4 ? digits : 4;
    return keep(&reading->texts, folded + digits - kept, kept);
}

static bool has_empty_part(const char *path) {
    size_t length = strlen(path);
    return path[0] == '/' || strstr(path, "//") || (length > 0 && path[length - 1] == '/');
}

/* What is wrong with a person, or NULL. Puts tail and dates in order on the way. */
static const char *judge(struct reading *reading, struct roster_person *person) {
    void *roster = reading->roster;
    const char **cells = person->cells;
    if (!*person->key)
        return "no employee number";
    if (strlen(cells[ROSTER_NUMBER]) > LIMIT_ROSTER_NUMBER ||
        strlen(person->key) > LIMIT_ROSTER_NUMBER)
        return "the employee number is longer than 32 bytes";
    if (!*cells[ROSTER_NAME])
        return "no name";
    if (strlen(cells[ROSTER_NAME]) > LIMIT_ROSTER_NAME)
        return "the name is longer than 60 bytes";
    if (has_empty_part(cells[ROSTER_DEPARTMENT]))
        return talloc_asprintf(roster, "department \"%s\": an empty part in the path",
                               cells[ROSTER_DEPARTMENT]);
    if (*cells[ROSTER_TAIL]) {
        const char *tail = tail_of(reading, cells[ROSTER_TAIL]);
        if (!tail)
            return "the mobile tail has other characters than digits";
        cells[ROSTER_TAIL] = tail;
    }
    int left = *cells[ROSTER_LEFT] ? roster_date(cells[ROSTER_LEFT]) : 0;
    int joined = *cells[ROSTER_JOINED] ? roster_date(cells[ROSTER_JOINED]) : 0;
    for (int i = ROSTER_JOINED; i <= ROSTER_LEFT; i++)
        if (*cells[i] && !(i == ROSTER_JOINED ? joined : left))
            return talloc_asprintf(roster, "%s: \"%s\" is no date, such as 2026-11-21",
                                   columns[i].names[0], cells[i]);
    if (left && left < joined)
        return "left before having joined";
    person->gone = left && left < reading->today;
    return NULL;
}

static bool has_controls(const char *text) {
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && !strchr("\t\r\n", *text)) || *text == 0x7f)
            return true;
    return false;
}

/* How the kept cells came quoted, unless they came as they would be written anyway. */
static const char *quoting_of(struct reading *reading, const struct csv_row *row,
                              const struct roster_person *person) {
    const char *cells[ROSTER_COLUMNS];
    char digits[20];
    uint64_t quoted = 0;
    for (unsigned i = 0; i < reading->kept_count; i++) {
        quoted |= (row->quoted >> reading->order[i] & 1) << i;
        cells[i] = person->cells[reading->kept[i]];
    }
    uint64_t needed = csv_quotes(cells, reading->kept_count);
    quoted |= needed;
    if (quoted == needed)
        return "";
    snprintf(digits, sizeof digits, "%" PRIx64, quoted);
    return keep(&reading->texts, digits, strlen(digits));
}

static int read_person(struct reading *reading, const struct csv_row *row) {
    struct roster *roster = reading->roster;
    struct roster_person person = {.line = row->line, .place = roster->count + 1};
    const char *wrong = row->wrong;
    if (!wrong && row->count > reading->columns_count && !is_blank(row, reading->columns_count))
        wrong = "more cells than the first row";
    for (int i = 0; i < ROSTER_COLUMNS; i++)
        person.cells[i] = "";
    for (unsigned i = 0; !row->wrong && i < reading->kept_count; i++) {
        size_t length = 0;
        unsigned at = reading->order[i];
        const char *cell = at < row->count ? trim(row->cells[at], &length) : "";
        if (!wrong && has_controls(cell))
            wrong = "a control character";
        if (!wrong && length > LIMIT_ROSTER_CELL)
            wrong = "a cell of more than 1000 bytes";
        if (length > LIMIT_ROSTER_CELL || !(cell = keep(&reading->texts, cell, length)))
            cell = "";
        person.cells[reading->kept[i]] = cell;
    }
    char *key = keywords_fold(reading->scratch, person.cells[ROSTER_NUMBER]);
    if (!key)
        return -1;
    person.key = strcmp(key, person.cells[ROSTER_NUMBER]) == 0
                     ? person.cells[ROSTER_NUMBER]
                     : keep(&reading->texts, key, strlen(key));
    if (!wrong)
        wrong = judge(reading, &person);
    if (wrong)
        return add_bad(reading, row->line, person.key, wrong);
    if (roster->count == talloc_array_length(roster->people))
        roster->people = talloc_realloc(roster, roster->people, struct roster_person,
                                        roster->count ? 2 * roster->count : 1024);
    if (!roster->people)
        return -1;
    person.quoting = quoting_of(reading, row, &person);
    roster->people[roster->count++] = person;
    return 0;
}

static int by_key(const void *left, const void *right) {
    const struct roster_person *one = *(const struct roster_person *const *)left;
    const struct roster_person *two = *(const struct roster_person *const *)right;
    int order = strcmp(one->key, two->key);
    return order ? order : one->place < two->place ? -1 : one->place > two->place;
}

const struct roster_person **roster_by_key(void *ctx, const struct roster_person *people,
                                           unsigned count) {
    const struct roster_person **list = talloc_array(ctx, const struct roster_person *, count + 1);
    for (unsigned i = 0; list && i < count; i++)
        list[i] = &people[i];
    if (list)
        qsort(list, count, sizeof(*list), by_key);
    return list;
}

/* Of people with one number the first counts; the others are bad rows. */
static int refuse_doubles(struct reading *reading) {
    struct roster *roster = reading->roster;
    const struct roster_person **list =
        roster_by_key(reading->scratch, roster->people, roster->count);
    if (!list)
        return -1;
    for (unsigned i = 1, first = 0; i < roster->count; i++) {
        if (strcmp(list[i]->key, list[first]->key) != 0) {
            first = i;
            continue;
        }
        struct roster_person *again = &roster->people[list[i] - roster->people];
        if (add_bad(reading, again->line, again->key,
                    talloc_asprintf(roster, "employee number %s stands in line %u already",
                                    again->cells[ROSTER_NUMBER], list[first]->line)))
            return -1;
        again->line = 0;
    }
    unsigned kept = 0;
    for (unsigned i = 0; i < roster->count; i++)
        if (roster->people[i].line) {
            roster->people[kept] = roster->people[i];
            roster->people[kept].place = kept + 1;
            kept++;
        }
    roster->count = kept;
    return 0;
}

static int by_line(const void *left, const void *right) {
    const struct roster_bad *one = left, *two = right;
    return one->line < two->line ? -1 : one->line > two->line;
}

static int read_rows(struct reading *reading, const char *text, enum encoding encoding,
                     bool marked) {
    struct csv *csv = csv_open(reading->roster, text);
    struct csv_row row;
    bool headed = false;
    int got = csv ? 0 : -1;
    while (csv && (got = csv_next(csv, &row)) == 1) {
        if (row.endless) {
            reading->problem =
                talloc_asprintf(reading->roster, "line %u: %s, and takes the rest of the file",
                                row.line, row.wrong);
            return -1;
        }
        if (!row.wrong && is_blank(&row, 0))
            continue;
        if (!headed && row.wrong)
            reading->problem = row.wrong;
        else if (reading->roster->count + reading->roster->bad_count == LIMIT_ROSTER_ROWS)
            reading->problem = "more than 500000 rows";
        if (reading->problem || (headed ? read_person(reading, &row)
                                        : read_headings(reading, &row, text, encoding, marked)))
            return -1;
        headed = true;
        talloc_free_children(reading->scratch);
    }
    if (!headed)
        reading->problem = "the file is empty";
    return got || !headed ? -1 : refuse_doubles(reading);
}

/* FNV-1a: tells one file from another, no more. */
static void name_import(char name[17], const char *bytes, size_t length) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    snprintf(name, 17, "%016" PRIx64, hash);
}

int roster_read(void *ctx, const char *bytes, size_t length, enum encoding said, int today,
                struct roster **result, const char **problem) {
    struct roster *roster = talloc_zero(ctx, struct roster);
    struct reading reading = {.roster = roster, .today = today, .scratch = talloc_new(ctx)};
    char *text = NULL;
    enum encoding encoding;
    bool marked;
    *problem = "out of memory";
    if (!roster || !reading.scratch ||
        encoding_decode(reading.scratch, bytes, length, said, &text, &encoding, &marked, problem)) {
        talloc_free(roster);
        talloc_free(reading.scratch);
        return -1;
    }
    reading.texts.ctx = roster;
    talloc_steal(roster, text);
    int failed = read_rows(&reading, text, encoding, marked);
    talloc_free(text);
    talloc_free(reading.scratch);
    if (failed) {
        if (reading.problem)
            *problem = talloc_steal(ctx, talloc_strdup(ctx, reading.problem));
        talloc_free(roster);
        return -1;
    }
    if (roster->bad)
        qsort(roster->bad, roster->bad_count, sizeof(*roster->bad), by_line);
    name_import(roster->import, bytes, length);
    *result = roster;
    return 0;
}

/* ---- writing ---- */

struct roster_form {
    enum encoding encoding;
    bool marked, ended;
    const char *line_end;
    enum roster_column kept[ROSTER_COLUMNS];
    unsigned kept_count;
    const char *headings; /* as CSV, without the end of the line */
};

static int parse_head(struct roster_form *form, const char *head) {
    char encoding[16], line_end[8], order[ROSTER_COLUMNS + 1];
    int marked, ended, width = 0;
    if (sscanf(head, "%15s %d %7s %d %8s %n", encoding, &marked, line_end, &ended, order, &width) <
            5 ||
        width == 0)
        return -1;
    form->encoding =
        strcmp(encoding, encodings[ENCODING_GB18030]) == 0 ? ENCODING_GB18030 : ENCODING_UTF8;
    form->marked = marked;
    form->ended = ended;
    for (size_t i = 0; i < sizeof(line_ends) / sizeof(*line_ends); i++)
        if (strcmp(line_end, line_ends[i][0]) == 0)
            form->line_end = line_ends[i][1];
    for (const char *at = order; *at; at++) {
        if (*at < '0' || *at >= '0' + ROSTER_COLUMNS)
            return -1;
        form->kept[form->kept_count++] = (enum roster_column)(*at - '0');
    }
    form->headings = talloc_strdup(form, head + width);
    return form->line_end && form->headings ? 0 : -1;
}

static int standard_form(struct roster_form *form) {
    const char *headings[ROSTER_COLUMNS];
    form->marked = form->ended = true;
    form->line_end = line_ends[0][1];
    for (int i = 0; i < ROSTER_COLUMNS; i++) {
        headings[i] = columns[i].names[0];
        form->kept[form->kept_count++] = (enum roster_column)i;
    }
    char *text = talloc_strdup(form, "");
    form->headings = text ? csv_append(text, headings, ROSTER_COLUMNS, 0, "") : NULL;
    return form->headings ? 0 : -1;
}

struct roster_form *roster_form(void *ctx, const char *head) {
    struct roster_form *form = talloc_zero(ctx, struct roster_form);
    if (form && (*head ? parse_head(form, head) : standard_form(form)))
        TALLOC_FREE(form);
    return form;
}

static int write_text(const struct roster_form *form, FILE *out, const char *text) {
    char *bytes;
    size_t length;
    if (encoding_encode(NULL, text, form->encoding, &bytes, &length))
        return -1;
    bool written = fwrite(bytes, 1, length, out) == length;
    talloc_free(bytes);
    return written ? 0 : -1;
}

int roster_write(const struct roster_form *form, FILE *out, const struct roster_person *person) {
    if (!person) {
        if (form->marked && fputs("\xef\xbb\xbf", out) < 0)
            return -1;
        return write_text(form, out, form->headings);
    }
    const char *cells[ROSTER_COLUMNS];
    for (unsigned i = 0; i < form->kept_count; i++)
        cells[i] = person->cells[form->kept[i]];
    uint64_t quoted = csv_quotes(cells, form->kept_count);
    if (*person->quoting)
        quoted |= strtoull(person->quoting, NULL, 16);
    char *text = talloc_strdup(NULL, form->line_end);
    text = text ? csv_append(text, cells, form->kept_count, quoted, "") : NULL;
    int failed = text ? write_text(form, out, text) : -1;
    talloc_free(text);
    return failed;
}

int roster_write_end(const struct roster_form *form, FILE *out) {
    return form->ended && fputs(form->line_end, out) < 0 ? -1 : 0;
}

/* Bytes of the separator that stands here, 0 for none. */
static size_t tags_separator(const char *text) {
    static const char *const separators[] = {" ", "\t", "\n", "\r", ",",  ";",
                                             "/", "|",  "、", "，", "；", "\u3000"};
    for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++)
        if (strncmp(text, separators[i], strlen(separators[i])) == 0)
            return strlen(separators[i]);
    return 0;
}

bool roster_tagged(const char *tags, const char *tag) {
    while (*tags) {
        size_t length = 0, separator = tags_separator(tags);
        while (tags[length] && !tags_separator(tags + length))
            length++;
        if (length == strlen(tag) && strncmp(tags, tag, length) == 0)
            return true;
        tags += separator ? separator : length;
    }
    return false;
}
