#include "journal.h"

#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct journal {
    const char *path;
    int lock;
    bool failed; /* said once: the chats of this run may be lost */
    FILE *file;
};

static int journal_end(struct journal *journal) {
    if (journal->file)
        fclose(journal->file);
    if (journal->lock >= 0)
        close(journal->lock);
    return 0;
}

static int complain(const char *path, const char *problem) {
    fprintf(stderr, "day21-sandbox: %s: %s\n", path, problem);
    return -1;
}

/* mkdir -p */
static int directory_make(void *ctx, const char *directory) {
    char *path = must(talloc_strdup(ctx, directory));
    for (char *at = path + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(path, 0777) && errno != EEXIST)
            return complain(path, strerror(errno));
        *at = '/';
    }
    if (mkdir(path, 0777) && errno != EEXIST)
        return complain(path, strerror(errno));
    return 0;
}

/* Two sandboxes in one directory would overwrite each other's chats. */
static int directory_lock(struct journal *journal, const char *directory) {
    const char *path = must(talloc_asprintf(journal, "%s/lock", directory));
    journal->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (journal->lock < 0)
        return complain(path, strerror(errno));
    if (flock(journal->lock, LOCK_EX | LOCK_NB))
        return complain(directory, "another sandbox keeps its state here");
    return 0;
}

static int replay_line(struct world *world, const char *path, const char *line, size_t length,
                       unsigned number) {
    json_t *record = json_loadb(line, length, 0, NULL);
    bool known = record && world_replay(world, record);
    json_decref(record);
    if (known)
        return 0;
    char problem[64];
    snprintf(problem, sizeof problem, "line %u is no record of a sandbox", number);
    return complain(path, problem);
}

static int replay(struct journal *journal, struct world *world) {
    FILE *file = fopen(journal->path, "re");
    if (!file)
        return errno == ENOENT ? 0 : complain(journal->path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int result = 0;
    for (unsigned number = 1; !result && (length = getline(&line, &room, file)) > 0; number++)
        if (line[length - 1] == '\n') /* else it is torn, and the last */
            result = replay_line(world, journal->path, line, (size_t)length, number);
    free(line);
    fclose(file);
    return result;
}

/* The new journal takes the old one's place only when it is whole. */
static int begin(struct journal *journal, struct world *world) {
    const char *fresh = must(talloc_asprintf(journal, "%s.new", journal->path));
    journal->file = fopen(fresh, "we");
    if (!journal->file)
        return complain(fresh, strerror(errno));
    world->journal = journal;
    world_record(world);
    if (fflush(journal->file) || ferror(journal->file) || rename(fresh, journal->path))
        return complain(journal->path, strerror(errno));
    return 0;
}

int journal_open(void *ctx, const char *directory, struct world *world) {
    struct journal *journal = must(talloc_zero(ctx, struct journal));
    journal->lock = -1;
    talloc_set_destructor(journal, journal_end);
    journal->path = must(talloc_asprintf(journal, "%s/journal.ndjson", directory));
    if (directory_make(journal, directory) || directory_lock(journal, directory) ||
        replay(journal, world))
        return -1;
    return begin(journal, world);
}

void journal_write(struct journal *journal, json_t *record) {
    if (journal) {
        char *line = must(json_dumps(record, JSON_COMPACT));
        fprintf(journal->file, "%s\n", line);
        free(line);
        if (fflush(journal->file) && !journal->failed) {
            complain(journal->path, strerror(errno));
            journal->failed = true;
        }
    }
    json_decref(record);
}
