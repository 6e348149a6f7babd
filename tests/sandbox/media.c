#include "media.h"

#include "bot/config.h"
#include "bot/fastcgi.h"
#include "page.h"
#include "shelf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID_LENGTH 64
#define KEPT      2000 /* per account; then the oldest are forgotten */

static const char shelf[] = "media";

static const char *path_of(void *ctx, const struct world *world, const char *id) {
    return must(talloc_asprintf(ctx, "%s/media/%s", world->state, id));
}

const json_t *media_find(const struct account *account, const char *id) {
    const json_t *media = shelf_get(account, shelf, id);
    int64_t until = value_integer(media, "until", 0);
    return media && until && until <= world_now_ms(account->world) ? NULL : media;
}

bool media_is(const struct account *account, const char *id, const char *type) {
    const char *is = value_string(media_find(account, id), "type");
    return !strcmp(is, type) || (!strcmp(type, "thumb") && !strcmp(is, "image"));
}

static bool file_write(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "we");
    bool written = file && fwrite(bytes, 1, length, file) == length;
    return file && !fclose(file) && written;
}

void media_forget(struct account *account, const char *id) {
    void *ctx = must(talloc_new(NULL));
    unlink(path_of(ctx, account->world, id));
    shelf_remove(account, shelf, talloc_strdup(ctx, id));
    talloc_free(ctx);
}

const char *media_keep(void *ctx, struct account *account, const void *bytes, size_t length,
                       int64_t until, json_t *about) {
    const struct world *world = account->world;
    const char *id = world_random(ctx, ID_LENGTH);
    const char *directory = must(talloc_asprintf(ctx, "%s/media", world->state));
    json_t *media =
        must(json_pack("{sI sI sI}", "size", (json_int_t)length, "created_at",
                       (json_int_t)(world_now_ms(world) / 1000), "until", (json_int_t)until));
    if (json_object_update_new(media, must(about)))
        must(NULL);
    if ((mkdir(directory, 0777) && errno != EEXIST) ||
        !file_write(path_of(ctx, world, id), bytes, length)) {
        json_decref(media);
        return NULL;
    }
    while (shelf_count(account, shelf) >= KEPT)
        media_forget(account, json_object_iter_key(json_object_iter(shelf_all(account, shelf))));
    shelf_put(account, shelf, id, media);
    return id;
}

const void *media_read(void *ctx, const struct account *account, const char *id, size_t *length) {
    size_t size = (size_t)value_integer(media_find(account, id), "size", 0);
    FILE *file = size ? fopen(path_of(ctx, account->world, id), "re") : NULL;
    if (!file)
        return NULL;
    char *bytes = must(talloc_array(ctx, char, size));
    size_t got = fread(bytes, 1, size, file);
    fclose(file);
    *length = got;
    return got == size ? bytes : NULL;
}

const char *media_url(void *ctx, const struct account *account, const char *id) {
    return must(
        talloc_asprintf(ctx, "%s/sandbox/wechat/mmbiz/%s", account->world->config->public_url, id));
}

void media_page(struct world *world, struct fcgi_request *request, const char *id) {
    size_t length = 0;
    const void *bytes = NULL;
    const json_t *media = NULL;
    for (unsigned i = 0; i < world->accounts_count && !bytes; i++) {
        media = media_find(&world->accounts[i], id);
        bytes = media ? media_read(request->ctx, &world->accounts[i], id, &length) : NULL;
    }
    if (!bytes)
        page_refuse(request, 404, "no such media");
    else
        fcgi_answer(request, &(struct fcgi_answer){
                                 .status = 200,
                                 .content_type = value_string(media, "content_type"),
                                 .headers = "Cache-Control: max-age=3600\r\n",
                                 .body = bytes,
                                 .length = length,
                             });
}
