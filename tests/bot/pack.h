#ifndef DAY21_TESTS_BOT_PACK_H
#define DAY21_TESTS_BOT_PACK_H

/* Packs for tests of what is loaded from one: a copy of a file of the repository with one thing
 * changed, in a directory of its own. What goes wrong here fails the test. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include <cmocka.h>

struct pack {
    char *templates; /* "/tmp/…", the directory of packs */
    char *directory; /* "/tmp/…/starter" */
};

static inline char *pack_read(void *ctx, const char *path) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = talloc_zero_array(ctx, char, 1 << 20);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

static inline void pack_write(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
}

static inline int pack_remove(struct pack *pack) {
    char *command = talloc_asprintf(pack, "rm -rf '%s'", pack->templates);
    return system(command);
}

/* An empty pack "starter" beside the repository's h5 directory; gone with ctx. */
static inline struct pack *pack_new(void *ctx) {
    struct pack *pack = talloc_zero(ctx, struct pack);
    pack->templates = talloc_strdup(pack, "/tmp/day21-pack-XXXXXX");
    assert_non_null(mkdtemp(pack->templates));
    talloc_set_destructor(pack, pack_remove);
    pack->directory = talloc_asprintf(pack, "%s/starter", pack->templates);
    assert_int_equal(mkdir(pack->directory, 0700), 0);
    char *h5 = realpath("templates/h5", NULL);
    assert_non_null(h5);
    assert_int_equal(symlink(h5, talloc_asprintf(pack, "%s/h5", pack->templates)), 0);
    free(h5);
    return pack;
}

/* A pack with this one file. */
static inline struct pack *pack_of(void *ctx, const char *file, const char *text) {
    struct pack *pack = pack_new(ctx);
    pack_write(talloc_asprintf(pack, "%s/%s", pack->directory, file), text);
    return pack;
}

/* A pack with this file of the starter pack, the first `from` in it replaced. Returns in *line,
 * unless that is NULL, the line where that stood. */
static inline struct pack *pack_edit(void *ctx, const char *file, const char *from, const char *to,
                                     unsigned *line) {
    char *text = pack_read(ctx, talloc_asprintf(ctx, "templates/starter/%s", file));
    char *at = strstr(text, from);
    assert_non_null(at);
    if (line) {
        *line = 1;
        for (const char *p = text; p < at; p++)
            *line += *p == '\n';
    }
    *at = '\0';
    return pack_of(ctx, file, talloc_asprintf(ctx, "%s%s%s", text, to, at + strlen(from)));
}

#endif
