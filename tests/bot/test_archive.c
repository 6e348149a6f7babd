/* bot/archive.h: files of the ledger, and whatever may have become of them. */

#include "bot/archive.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#define ACCOUNT "demo"

static struct archive_problem problem;

static int remove_place(char **place) {
    char *command = talloc_asprintf(place, "rm -rf '%s'", *place);
    return system(command);
}

static void *ctx;
static char *place; /* the archive */

static int set_up(void **state) {
    (void)state;
    ctx = talloc_new(NULL);
    char **own = talloc(ctx, char *);
    *own = place = talloc_strdup(own, "/tmp/day21-archive-XXXXXX");
    assert_non_null(mkdtemp(place));
    talloc_set_destructor(own, remove_place);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    talloc_free(ctx);
    return 0;
}

/* Whether the shell command succeeds there, where the account's files are. */
static bool shell(const char *command) {
    char *line =
        talloc_asprintf(ctx, "{ cd '%s/" ACCOUNT "' && %s; } >/dev/null 2>&1", place, command);
    return system(line) == 0;
}

static const char *id(unsigned i) {
    return talloc_asprintf(ctx, "%u-%u", 1728000000 + i / 3, i % 3);
}

static struct store_ledger_line line_of(unsigned i) {
    return (struct store_ledger_line){
        .line = id(i),
        .number = i % 7 + 1,
        .rule = "comment",
        .subject = i % 2 ? "课程 \"一\"\\\t\x01\x7f😀" : "",
        .points = i % 5 ? 4 : -4,
        .coins = 1,
        .xp = 4 * (int64_t)i,
        .co = INT64_MAX,
        .at = 1728000000,
        .day = 20000,
        .department = "3",
        .team = "",
        .id = "m1",
    };
}

static void add(struct archive_writer *writer, unsigned from, unsigned to) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (unsigned i = from; i < to; i++) {
        struct store_ledger_line line = line_of(i);
        archive_write_line(out, &line);
    }
    fclose(out);
    struct archive_foot foot = {to - from, id(from), id(to - 1)};
    assert_int_equal(archive_add(writer, text, length, &foot, &problem), 0);
    free(text);
}

static struct archive_writer *begin(const char *date, const char *before, const char *after,
                                    int64_t fence) {
    struct archive_head head = {ACCOUNT, date, before, after};
    struct archive_writer *writer;
    assert_int_equal(archive_create(ctx, place, &head, fence, &writer, &problem), 0);
    return writer;
}

/* Writes the file of a date; returns what archive_finish() does. */
static int keep(const char *date, const char *before, const char *after, unsigned from,
                unsigned to) {
    struct archive_writer *writer = begin(date, before, after, 1);
    for (unsigned at = from; at < to; at += 1000)
        add(writer, at, at + 1000 < to ? at + 1000 : to);
    int result = archive_finish(writer, &problem);
    talloc_free(writer);
    return result;
}

/* Reads the file of a date to its end. Returns how many lines it has, or -1. */
static int64_t count(const char *date) {
    struct archive_reader *reader;
    struct store_ledger_line line;
    int64_t lines = 0;
    int got;
    if (archive_open(ctx, place, ACCOUNT, date, &reader, &problem))
        return -1;
    while ((got = archive_next(reader, &line, &problem)) > 0)
        lines++;
    talloc_free(reader);
    return got ? -1 : lines;
}

static void what_is_written_is_read(void **state) {
    (void)state;
    enum { LINES = 2500 };
    assert_int_equal(keep("2024-10-04", "2024-10-02", "1727900000-0", 0, LINES), 0);
    struct archive_reader *reader;
    struct store_ledger_line line;
    assert_int_equal(archive_open(ctx, place, ACCOUNT, "2024-10-04", &reader, &problem), 0);
    assert_string_equal(archive_head(reader)->before, "2024-10-02");
    assert_string_equal(archive_head(reader)->after, "1727900000-0");
    for (unsigned i = 0; i < LINES; i++) {
        struct store_ledger_line expected = line_of(i);
        assert_int_equal(archive_next(reader, &line, &problem), 1);
        assert_string_equal(line.line, expected.line);
        assert_string_equal(line.rule, expected.rule);
        assert_string_equal(line.subject, expected.subject);
        assert_string_equal(line.department, expected.department);
        assert_string_equal(line.team, expected.team);
        assert_string_equal(line.id, expected.id);
        assert_int_equal(line.number, expected.number);
        assert_int_equal(line.points, expected.points);
        assert_int_equal(line.coins, expected.coins);
        assert_int_equal(line.xp, expected.xp);
        assert_true(line.co == INT64_MAX);
        assert_int_equal(line.at, expected.at);
        assert_int_equal(line.day, expected.day);
    }
    assert_int_equal(archive_next(reader, &line, &problem), 0);
    assert_int_equal(archive_next(reader, &line, &problem), 0);
    assert_int_equal(archive_foot(reader)->lines, LINES);
    assert_string_equal(archive_foot(reader)->first, id(0));
    assert_string_equal(archive_foot(reader)->last, id(LINES - 1));
}

static void tools_of_others_read_and_check_it(void **state) {
    (void)state;
    assert_int_equal(keep("2024-10-04", "", STORE_LEDGER_FIRST, 0, 3), 0);
    assert_true(shell("sha256sum -c 2024-10-04.ndjson.gz.sha256"));
    assert_true(shell("zcat 2024-10-04.ndjson.gz | grep -c 课程 | grep -x 1"));
    assert_true(
        shell("zcat 2024-10-04.ndjson.gz | head -n 1 | grep -xF "
              "'{\"account\":\"demo\",\"date\":\"2024-10-04\",\"before\":\"\","
              "\"after\":\"0-0\"}'"));
    assert_true(
        shell("zcat 2024-10-04.ndjson.gz | tail -n 1 | grep -xF "
              "'{\"lines\":3,\"first\":\"1728000000-0\",\"last\":\"1728000000-2\"}'"));
    assert_true(shell("test -z \"$(find . -perm /077 -name '*.gz')\""));
}

static void what_is_no_text_does_not_spoil_the_file(void **state) {
    (void)state;
    static const char *const texts[][2] = {
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xe8\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"é课😀", "é课😀"},
    };
    struct archive_reader *reader;
    struct store_ledger_line line = line_of(0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *text = NULL, date[ARCHIVE_DATE];
        size_t length;
        line.subject = texts[i][0];
        FILE *out = open_memstream(&text, &length);
        archive_write_line(out, &line);
        fclose(out);
        archive_date(20000 + (int64_t)i, date);
        struct archive_writer *writer = begin(date, "", STORE_LEDGER_FIRST, 1);
        struct archive_foot foot = {1, id(0), id(0)};
        assert_int_equal(archive_add(writer, text, length, &foot, &problem), 0);
        assert_int_equal(archive_finish(writer, &problem), 0);
        free(text);
        struct store_ledger_line got;
        assert_int_equal(archive_open(ctx, place, ACCOUNT, date, &reader, &problem), 0);
        assert_int_equal(archive_next(reader, &got, &problem), 1);
        assert_string_equal(got.subject, texts[i][1]);
    }
}

static void whatever_is_wrong_with_a_file_is_noticed(void **state) {
    (void)state;
    static const char *const wrongs[] = {
        "truncate -s -1 $f",
        "truncate -s 20 $f",
        "truncate -s 0 $f",
        "printf x >>$f",
        "printf x | dd of=$f bs=1 seek=60 conv=notrunc",
        "rm $f",
        "rm $f.sha256",
        "sed -i s/^./g/ $f.sha256",
        "truncate -s 63 $f.sha256",
        /* the rest are files in which the checksum is right */
        "zcat $f | sed 5d | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed 1d | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed '$d' | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed '$p' | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed 5p | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed '5s/\"n\"/\"m\"/' | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed '5s/}$//' | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed '5s/:4,/:,/' | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed '1s/demo/dem0/' | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed '1s/-04/-05/' | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "zcat $f | sed '1s/0-0/1728000000-0/' | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "(zcat $f; echo) | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "(zcat $f; printf x) | gzip >x && mv x $f && sha256sum $f >$f.sha256",
        "(zcat $f | sed 5q; head -c 200000 /dev/zero | tr '\\0' a) | gzip >x && mv x $f",
    };
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        shell("rm -f *");
        assert_int_equal(keep("2024-10-04", "", STORE_LEDGER_FIRST, 0, 100), 0);
        assert_int_equal(count("2024-10-04"), 100);
        assert_true(shell(talloc_asprintf(ctx, "f=2024-10-04.ndjson.gz; %s", wrongs[i])));
        *problem.text = '\0';
        if (count("2024-10-04") != -1 || !strstr(problem.text, "2024-10-04.ndjson.gz"))
            fail_msg("%s: %s", wrongs[i], problem.text);
    }
}

static void a_file_has_its_name_only_when_it_is_whole(void **state) {
    (void)state;
    struct archive_writer *writer = begin("2024-10-04", "", STORE_LEDGER_FIRST, 1);
    add(writer, 0, 100);
    assert_int_equal(count("2024-10-04"), -1);
    assert_false(shell("ls *.gz*"));
    talloc_free(writer); /* killed here */
    assert_true(shell("test $(ls -A | wc -l) = 1"));
    writer = begin("2024-10-04", "", STORE_LEDGER_FIRST, 2); /* what was left is gone */
    assert_true(shell("test $(ls -A | wc -l) = 1"));
    add(writer, 0, 50);
    assert_int_equal(archive_finish(writer, &problem), 0);
    assert_int_equal(count("2024-10-04"), 50);
    assert_true(shell("test $(ls -A | wc -l) = 2"));
}

/* Between any two steps of archive_finish(): what a process leaves that is killed there. */
static void a_process_killed_while_it_finishes_is_followed_up(void **state) {
    (void)state;
    static const char *const left[] = {
        "mv $f .$f.1; mv $f.sha256 .$f.1.sha256", /* before the first rename */
        "mv $f .$f.1; rm $f.sha256",              /* before the checksum */
        "truncate -s 30 $f; mv $f .$f.1; rm $f.sha256",
        "mv $f .$f.1", /* between the renames */
        "true",        /* before anybody was told */
    };
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        shell("rm -f * .2*");
        assert_int_equal(keep("2024-10-04", "", STORE_LEDGER_FIRST, 0, 2100), 0);
        assert_true(shell(talloc_asprintf(ctx, "f=2024-10-04.ndjson.gz; %s", left[i])));
        assert_int_equal(keep("2024-10-04", "", STORE_LEDGER_FIRST, 0, 2100), 0);
        assert_int_equal(count("2024-10-04"), 2100);
        assert_true(shell("sha256sum -c *.sha256 && test $(ls -A | wc -l) = 2"));
    }
}

static void a_file_that_is_there_is_never_replaced(void **state) {
    (void)state;
    assert_int_equal(keep("2024-10-04", "", STORE_LEDGER_FIRST, 0, 100), 0);
    assert_int_equal(keep("2024-10-04", "", STORE_LEDGER_FIRST, 0, 99), -1);
    assert_non_null(strstr(problem.text, "has 100 lines"));
    assert_int_equal(count("2024-10-04"), 100);
    assert_true(shell("test $(ls -A | wc -l) = 2"));
}

static void who_has_lost_the_right_cannot_finish(void **state) {
    (void)state;
    struct archive_writer *slow = begin("2024-10-04", "", STORE_LEDGER_FIRST, 1);
    add(slow, 0, 10);
    struct archive_writer *other = begin("2024-10-04", "", STORE_LEDGER_FIRST, 2);
    assert_int_equal(archive_finish(slow, &problem), -1);
    add(other, 0, 100);
    assert_int_equal(archive_finish(other, &problem), 0);
    assert_int_equal(count("2024-10-04"), 100);
    talloc_free(slow);
    talloc_free(other);
}

static void the_files_are_told_by_date(void **state) {
    (void)state;
    struct archive_files *files;
    assert_int_equal(archive_files(ctx, place, ACCOUNT, &files, &problem), 0);
    assert_int_equal(files->count, 0);
    for (int day = 20100; day >= 20000; day -= 2) {
        char date[ARCHIVE_DATE];
        archive_date(day, date);
        assert_int_equal(keep(date, "", STORE_LEDGER_FIRST, 0, 1), 0);
    }
    assert_true(shell("touch x .2024-01-01.ndjson.gz.7 2024-02-30.ndjson.gz 2024-1-1.ndjson.gz"));
    assert_int_equal(archive_files(ctx, place, ACCOUNT, &files, &problem), 0);
    assert_int_equal(files->count, 51);
    assert_string_equal(files->dates[0], "2024-10-04");
    assert_string_equal(files->dates[1], "2024-10-06");
    assert_string_equal(files->dates[50], "2025-01-12");
}

static void an_archive_that_is_not_ours_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *date, *last;
        int expected;
    } known[] = {
        {"2024-10-06", "1728000010-0", 0},  /* as it is */
        {"2024-10-04", "1728000000-0", 0},  /* one file more */
        {"2024-10-04", "1728000000-1", -1}, /* … but not after that line */
        {"2024-10-03", "1728000000-0", -1}, /* … nor after that file */
        {"", "", -1},                       /* Redis has forgotten */
        {"2024-10-07", "1728000010-0", -1}, /* the newest is gone, or elsewhere */
    };
    assert_int_equal(archive_check(place, ACCOUNT, "", "", &problem), 0);
    assert_int_equal(archive_check(place, ACCOUNT, "2024-10-04", "1-0", &problem), -1);
    assert_int_equal(keep("2024-10-04", "", STORE_LEDGER_FIRST, 0, 1), 0);
    assert_int_equal(archive_check(place, ACCOUNT, "", "", &problem), 0);
    assert_int_equal(keep("2024-10-06", "2024-10-04", "1728000000-0", 1, 31), 0);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(archive_check(place, ACCOUNT, known[i].date, known[i].last, &problem),
                         known[i].expected);
}

static void a_disk_that_does_not_take_it_is_told(void **state) {
    (void)state;
    struct archive_head head = {ACCOUNT, "2024-10-04", "", STORE_LEDGER_FIRST};
    struct archive_writer *writer;
    assert_int_equal(archive_create(ctx, "/proc/none", &head, 1, &writer, &problem), -1);
    assert_non_null(strstr(problem.text, "/proc/none: "));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read),
        TEST(tools_of_others_read_and_check_it),
        TEST(what_is_no_text_does_not_spoil_the_file),
        TEST(whatever_is_wrong_with_a_file_is_noticed),
        TEST(a_file_has_its_name_only_when_it_is_whole),
        TEST(a_process_killed_while_it_finishes_is_followed_up),
        TEST(a_file_that_is_there_is_never_replaced),
        TEST(who_has_lost_the_right_cannot_finish),
        TEST(the_files_are_told_by_date),
        TEST(an_archive_that_is_not_ours_is_refused),
        TEST(a_disk_that_does_not_take_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
