#include "bot/archive.h"

#include "bot/calendar.h"
#include "bot/gzip.h"
#include "bot/ndjson.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#define SUFFIX  ".ndjson.gz"
#define LINE_ID 48 /* room for a line's name */

/* ---- the form of its lines ---- */

#define LINE_TEXT(name, member)   NDJSON_TEXT(name, struct store_ledger_line, member)
#define LINE_NUMBER(name, member) NDJSON_NUMBER(name, struct store_ledger_line, member)

static const struct ndjson_field line_form[] = {
    LINE_TEXT("line", line),       LINE_NUMBER("n", number),      LINE_TEXT("rule", rule),
    LINE_TEXT("subject", subject), LINE_NUMBER("points", points), LINE_NUMBER("coins", coins),
    LINE_NUMBER("xp", xp),         LINE_NUMBER("co", co),         LINE_NUMBER("at", at),
    LINE_NUMBER("day", day),       LINE_TEXT("d", department),    LINE_TEXT("tm", team),
    LINE_TEXT("id", id),
};

static const struct ndjson_field head_form[] = {
    NDJSON_TEXT("account", struct archive_head, account),
    NDJSON_TEXT("date", struct archive_head, date),
    NDJSON_TEXT("before", struct archive_head, before),
    NDJSON_TEXT("after", struct archive_head, after),
};

static const struct ndjson_field foot_form[] = {
    NDJSON_NUMBER("lines", struct archive_foot, lines),
    NDJSON_TEXT("first", struct archive_foot, first),
    NDJSON_TEXT("last", struct archive_foot, last),
};

#define FORM(form) form, sizeof form / sizeof *form

void archive_write_line(FILE *out, const struct store_ledger_line *line) {
    ndjson_write(out, FORM(line_form), line);
}

/* ---- problems ---- */

static int refuse(struct archive_problem *problem, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(struct archive_problem *problem, const char *path, const char *format, ...) {
    char reason[160];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    snprintf(problem->text, sizeof problem->text, "%.140s: %s", path, reason);
    return -1;
}

static int no_memory(struct archive_problem *problem) {
    return refuse(problem, "archive", "out of memory");
}

/* ---- dates ---- */

void archive_date(int64_t day, char date[ARCHIVE_DATE]) {
    struct calendar_date of = calendar_date(day);
    snprintf(date, ARCHIVE_DATE, "%04u-%02u-%02u", (unsigned)of.year % 10000, of.month % 100,
             of.day % 100);
}

int archive_day(const char *date, int64_t *day) {
    static const char form[] = "0000-00-00";
    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '0' ? date[i] < '0' || date[i] > '9' : date[i] != form[i])
            return -1;
    return calendar_number(atoi(date), (unsigned)atoi(date + 5), (unsigned)atoi(date + 8), day);
}

/* ---- the files there are ---- */

static char *path_of(void *ctx, const char *archive, const char *account, const char *date) {
    return talloc_asprintf(ctx, "%s/%s/%s" SUFFIX, archive, account, date);
}

/* Whether it is a file of the archive, and of which date. */
static bool is_file(const char *name, char date[ARCHIVE_DATE]) {
    int64_t day;
    if (strlen(name) != ARCHIVE_DATE - 1 + strlen(SUFFIX) ||
        strcmp(name + ARCHIVE_DATE - 1, SUFFIX) != 0)
        return false;
    memcpy(date, name, ARCHIVE_DATE - 1);
    date[ARCHIVE_DATE - 1] = '\0';
    return archive_day(date, &day) == 0;
}

static int compare_dates(const void *left, const void *right) {
    return strcmp(left, right);
}

int archive_files(void *ctx, const char *archive, const char *account, struct archive_files **files,
                  struct archive_problem *problem) {
    struct archive_files *made = talloc_zero(ctx, struct archive_files);
    char *path = talloc_asprintf(made, "%s/%s", archive, account);
    if (!path)
        return no_memory(problem);
    DIR *directory = opendir(path);
    if (!directory && errno != ENOENT) {
        refuse(problem, path, "%s", strerror(errno));
        talloc_free(made);
        return -1;
    }
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char date[ARCHIVE_DATE];
        if (!is_file(entry->d_name, date))
            continue;
        if (made->count == talloc_array_length(made->dates)) {
            size_t room = made->count ? 2 * (size_t)made->count : 64;
            made->dates = talloc_realloc_size(made, made->dates, room * ARCHIVE_DATE);
        }
        if (!made->dates) {
            closedir(directory);
            talloc_free(made);
            return no_memory(problem);
        }
        memcpy(made->dates[made->count++], date, ARCHIVE_DATE);
    }
    if (directory)
        closedir(directory);
    if (made->count)
        qsort(made->dates, made->count, ARCHIVE_DATE, compare_dates);
    *files = made;
    return 0;
}

int archive_check(const char *archive, const char *account, const char *date, const char *last,
                  struct archive_problem *problem) {
    struct archive_files *files;
    struct archive_reader *reader;
    void *ctx = talloc_new(NULL);
    int result = archive_files(ctx, archive, account, &files, problem);
    const char *newest = !result && files->count ? files->dates[files->count - 1] : "";
    if (result || strcmp(newest, date) == 0) {
        talloc_free(ctx);
        return result;
    }
    char *path = talloc_asprintf(ctx, "%s/%s", archive, account);
    if (strcmp(newest, date) < 0)
        result = refuse(problem, path,
                        "the newest file is %s, but Redis knows of %s: an archive "
                        "has one place, on one machine",
                        *newest ? newest : "none", date);
    else if (!(result = archive_open(ctx, archive, account, newest, &reader, problem)) &&
             (strcmp(archive_head(reader)->before, date) != 0 ||
              strcmp(archive_head(reader)->after, *last ? last : STORE_LEDGER_FIRST) != 0))
        result = refuse(problem, path,
                        "there is %s, but Redis knows of %s: is this the archive of "
                        "another Redis, or has Redis lost something?",
                        newest, *date ? date : "none");
    talloc_free(ctx);
    return result;
}

/* ---- reading ---- */

struct archive_reader {
    char *path;
    struct gzip_in *in;
    char *head_line, *foot_line; /* what the texts of head and foot are in */
    struct archive_head head;
    struct archive_foot foot;
    int64_t lines; /* read so far */
    char first[LINE_ID], last[LINE_ID];
    const char *sums; /* the file of the checksum */
    bool ended;
};

static int read_head(struct archive_reader *reader, const char *account, const char *date,
                     struct archive_problem *problem) {
    char *line;
    int got = gzip_line(reader->in, &line);
    if (got <= 0)
        return refuse(problem, reader->path, "%s", gzip_error(got ? got : GZIP_BROKEN));
    reader->head_line = talloc_strdup(reader, line);
    if (!reader->head_line)
        return no_memory(problem);
    if (ndjson_read(reader->head_line, FORM(head_form), &reader->head))
        return refuse(problem, reader->path, "does not begin as a file of the archive");
    if (strcmp(reader->head.account, account) != 0 || strcmp(reader->head.date, date) != 0)
        return refuse(problem, reader->path, "is that of %.32s, %.10s", reader->head.account,
                      reader->head.date);
    snprintf(reader->last, LINE_ID, "%s", reader->head.after);
    return 0;
}

/* Opens a file that is, or will be, the one of this date, with its checksum in `sums`. */
static int open_file(void *ctx, const char *path, const char *sums, const char *account,
                     const char *date, struct archive_reader **reader,
                     struct archive_problem *problem) {
    struct archive_reader *made = talloc_zero(ctx, struct archive_reader);
    if (!made)
        return no_memory(problem);
    made->path = talloc_strdup(made, path);
    made->sums = talloc_strdup(made, sums);
    int error = made->path && made->sums ? gzip_open(made, path, &made->in) : -ENOMEM;
    if (error)
        refuse(problem, path, "%s", gzip_error(error));
    if (error || read_head(made, account, date, problem)) {
        talloc_free(made);
        return -1;
    }
    *reader = made;
    return 0;
}

int archive_open(void *ctx, const char *archive, const char *account, const char *date,
                 struct archive_reader **reader, struct archive_problem *problem) {
    void *own = talloc_new(NULL);
    char *path = path_of(own, archive, account, date);
    char *sums = path ? talloc_asprintf(own, "%s.sha256", path) : NULL;
    int result =
        sums ? open_file(ctx, path, sums, account, date, reader, problem) : no_memory(problem);
    talloc_free(own);
    return result;
}

const struct archive_head *archive_head(const struct archive_reader *reader) {
    return &reader->head;
}

const struct archive_foot *archive_foot(const struct archive_reader *reader) {
    return &reader->foot;
}

/* Whether the file's bytes are those of which the checksum was taken. */
static int check_sum(struct archive_reader *reader, struct archive_problem *problem) {
    char sha256[WX_SHA256_SIZE], noted[WX_SHA256_SIZE] = "";
    FILE *sums = fopen(reader->sums, "re");
    if (!sums)
        return refuse(problem, reader->sums, "%s", strerror(errno));
    size_t got = fread(noted, 1, sizeof noted - 1, sums);
    fclose(sums);
    noted[got] = '\0';
    gzip_digest(reader->in, sha256);
    return strcmp(sha256, noted) == 0
               ? 0
               : refuse(problem, reader->path, "is not the file of which the checksum was taken");
}

static int read_foot(struct archive_reader *reader, const char *line,
                     struct archive_problem *problem) {
    char *more;
    reader->foot_line = talloc_strdup(reader, line);
    if (!reader->foot_line)
        return no_memory(problem);
    if (ndjson_read(reader->foot_line, FORM(foot_form), &reader->foot) ||
        reader->foot.lines != reader->lines || strcmp(reader->foot.first, reader->first) != 0 ||
        strcmp(reader->foot.last, reader->lines ? reader->last : "") != 0)
        return refuse(problem, reader->path, "does not end as it should after %" PRId64 " lines",
                      reader->lines);
    int got = gzip_line(reader->in, &more);
    if (got)
        return refuse(problem, reader->path, "%s", gzip_error(got < 0 ? got : GZIP_BROKEN));
    reader->ended = true;
    return check_sum(reader, problem);
}

int archive_next(struct archive_reader *reader, struct store_ledger_line *line,
                 struct archive_problem *problem) {
    static const char foot[] = "{\"lines\":";
    char *text;
    if (reader->ended)
        return 0;
    int got = gzip_line(reader->in, &text);
    if (got <= 0)
        return refuse(problem, reader->path, "%s", gzip_error(got ? got : GZIP_BROKEN));
    if (strncmp(text, foot, strlen(foot)) == 0)
        return read_foot(reader, text, problem);
    if (ndjson_read(text, FORM(line_form), line) || strlen(line->line) >= LINE_ID ||
        store_ledger_order(reader->last, line->line) >= 0)
        return refuse(problem, reader->path,
                      "line %" PRId64
                      " of the ledger is not one, or not in "
                      "its place",
                      reader->lines + 1);
    if (reader->lines++ == 0)
        snprintf(reader->first, LINE_ID, "%s", line->line);
    snprintf(reader->last, LINE_ID, "%s", line->line);
    return 1;
}

/* ---- writing ---- */

struct archive_writer {
    struct gzip_out *out;
    char *directory, *path, *sums;      /* as they shall be named */
    char *unfinished, *unfinished_sums; /* as they are meanwhile */
    const char *account, *date;
    int64_t lines;
    char first[LINE_ID], last[LINE_ID];
};

static int make_directory(const char *path, struct archive_problem *problem) {
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return 0;
    return refuse(problem, path, "%s", strerror(errno));
}

/* Unfinished files: those that begin with a dot. */
static void clear(const char *path) {
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (entry->d_name[0] == '.' && strstr(entry->d_name, SUFFIX))
            unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory)
        closedir(directory);
}

static bool name_files(struct archive_writer *writer, const char *archive,
                       const struct archive_head *head, int64_t fence) {
    writer->account = talloc_strdup(writer, head->account);
    writer->date = talloc_strdup(writer, head->date);
    writer->directory = talloc_asprintf(writer, "%s/%s", archive, head->account);
    writer->path = path_of(writer, archive, head->account, head->date);
    writer->sums = talloc_asprintf(writer, "%s.sha256", writer->path);
    writer->unfinished =
        talloc_asprintf(writer, "%s/.%s" SUFFIX ".%" PRId64, writer->directory, head->date, fence);
    writer->unfinished_sums = talloc_asprintf(writer, "%s.sha256", writer->unfinished);
    return writer->account && writer->date && writer->directory && writer->path && writer->sums &&
           writer->unfinished && writer->unfinished_sums;
}

/* Writes a record of the form. */
static int add_record(struct archive_writer *writer, const struct ndjson_field *form, size_t count,
                      const void *record, struct archive_problem *problem) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return no_memory(problem);
    ndjson_write(out, form, count, record);
    int error = fclose(out) ? -ENOMEM : gzip_write(writer->out, text, length);
    free(text);
    return error ? refuse(problem, writer->unfinished, "%s", gzip_error(error)) : 0;
}

int archive_create(void *ctx, const char *archive, const struct archive_head *head, int64_t fence,
                   struct archive_writer **writer, struct archive_problem *problem) {
    struct archive_writer *made = talloc_zero(ctx, struct archive_writer);
    int result = -1;
    if (!made || !name_files(made, archive, head, fence)) {
        no_memory(problem);
    } else if (!make_directory(archive, problem) && !make_directory(made->directory, problem)) {
        clear(made->directory);
        int error = gzip_create(made, made->unfinished, &made->out);
        result = error ? refuse(problem, made->unfinished, "%s", gzip_error(error))
                       : add_record(made, FORM(head_form), head, problem);
    }
    if (result)
        talloc_free(made);
    else
        *writer = made;
    return result;
}

int archive_add(struct archive_writer *writer, const char *text, size_t length,
                const struct archive_foot *foot, struct archive_problem *problem) {
    int error = gzip_write(writer->out, text, length);
    if (error)
        return refuse(problem, writer->unfinished, "%s", gzip_error(error));
    if (writer->lines == 0)
        snprintf(writer->first, LINE_ID, "%s", foot->first);
    snprintf(writer->last, LINE_ID, "%s", foot->last);
    writer->lines += foot->lines;
    return 0;
}

static int write_sums(const struct archive_writer *writer, const char *sha256,
                      struct archive_problem *problem) {
    FILE *sums = fopen(writer->unfinished_sums, "we");
    if (!sums)
        return refuse(problem, writer->unfinished_sums, "%s", strerror(errno));
    bool failed = fprintf(sums, "%s  %s" SUFFIX "\n", sha256, writer->date) < 0 || fflush(sums) ||
                  fsync(fileno(sums));
    int error = failed ? errno : 0;
    if (fclose(sums) && !failed)
        error = errno;
    return error ? refuse(problem, writer->unfinished_sums, "%s", strerror(error)) : 0;
}

/* Reads a file whole; it must hold just what was written. */
static int read_again(const struct archive_writer *writer, const char *path, const char *sums,
                      struct archive_problem *problem) {
    struct archive_reader *reader;
    struct store_ledger_line line;
    int got;
    if (open_file(NULL, path, sums, writer->account, writer->date, &reader, problem))
        return -1;
    while ((got = archive_next(reader, &line, problem)) > 0)
        ;
    if (!got &&
        (reader->foot.lines != writer->lines || strcmp(reader->foot.first, writer->first) != 0 ||
         strcmp(reader->foot.last, writer->lines ? writer->last : "") != 0))
        got = refuse(problem, path,
                     "has %" PRId64 " lines, %s to %s, where the ledger has %" PRId64 ", %s to %s",
                     reader->foot.lines, reader->foot.first, reader->foot.last, writer->lines,
                     writer->first, writer->last);
    talloc_free(reader);
    return got;
}

/* The checksum first: a file that has its name has its checksum. */
static int give_names(const struct archive_writer *writer, struct archive_problem *problem) {
    if (rename(writer->unfinished_sums, writer->sums) < 0 ||
        rename(writer->unfinished, writer->path) < 0)
        return refuse(problem, writer->path, "%s", strerror(errno));
    int directory = open(writer->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = directory < 0 || fsync(directory) < 0 ? errno : 0;
    if (directory >= 0)
        close(directory);
    return error ? refuse(problem, writer->directory, "%s", strerror(error)) : 0;
}

int archive_finish(struct archive_writer *writer, struct archive_problem *problem) {
    struct archive_foot foot = {writer->lines, writer->first, writer->last};
    char sha256[WX_SHA256_SIZE];
    if (add_record(writer, FORM(foot_form), &foot, problem))
        return -1;
    int error = gzip_finish(writer->out, sha256);
    if (error)
        return refuse(problem, writer->unfinished, "%s", gzip_error(error));
    if (access(writer->path, F_OK) == 0) {
        unlink(writer->unfinished);
        return read_again(writer, writer->path, writer->sums, problem);
    }
    if (write_sums(writer, sha256, problem) ||
        read_again(writer, writer->unfinished, writer->unfinished_sums, problem))
        return -1;
    return give_names(writer, problem);
}
