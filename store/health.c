#include "store/health.h"

#include "store/redis.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* Two questions, one after the other. */
struct asked {
    struct store *store;
    store_health_done *done;
    void *data;
    struct store_health health;
};

static void finish(struct asked *asked, int error) {
    asked->done(asked->data, error, error ? NULL : &asked->health);
    talloc_free(asked);
}

/* The value of a line "name:value" of INFO; "" if there is none. */
static const char *value_of(void *ctx, const char *info, const char *name) {
    size_t length = strlen(name);
    for (const char *line = info; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ':') {
            const char *value = line + length + 1;
            char *copy = talloc_strndup(ctx, value, strcspn(value, "\r\n"));
            return copy ? copy : "";
        }
    }
    return "";
}

static const char *const packed[] = {
#define X(name, advised) name,
    STORE_PACKED(X)
#undef X
};

/* Names and values in turn. Refused is an answer, too: the settings are not told. */
static void on_settings(redis_then *then, void *data, int error, const struct answer *answer) {
    (void)then;
    struct asked *asked = data;
    struct store_health *health = &asked->health;
    health->fsync = "";
    for (size_t i = 0; !error && i + 1 < answer_count(answer); i += 2) {
        const char *name = answer_text(answer, i);
        if (strcmp(name, "appendfsync") == 0)
            health->fsync = answer_text(answer, i + 1);
        if (strcmp(name, "no-appendfsync-on-rewrite") == 0)
            health->lax = strcmp(answer_text(answer, i + 1), "yes") == 0;
        for (int j = 0; j < STORE_PACKED_COUNT; j++)
            if (strcmp(name, packed[j]) == 0)
                health->packed[j] = answer_integer(answer, i + 1);
    }
    finish(asked, error == STORE_E_REFUSED ? 0 : error);
}

static void on_info(redis_then *then, void *data, int error, const struct answer *answer) {
    struct asked *asked = data;
    struct store_health *health = &asked->health;
    if (error) {
        finish(asked, error);
        return;
    }
    const char *info = answer_text(answer, 0);
    health->version = value_of(asked, info, "redis_version");
    health->appendonly = strcmp(value_of(asked, info, "aof_enabled"), "1") == 0;
    health->written = strcmp(value_of(asked, info, "aof_last_write_status"), "ok") == 0;
    health->rewritten = strcmp(value_of(asked, info, "aof_last_bgrewrite_status"), "ok") == 0;
    health->saved = strcmp(value_of(asked, info, "rdb_last_bgsave_status"), "err") != 0;
    health->policy = value_of(asked, info, "maxmemory_policy");
    health->memory = strtoll(value_of(asked, info, "used_memory"), NULL, 10);
    health->most_memory = strtoll(value_of(asked, info, "maxmemory"), NULL, 10);
    health->machine = strtoll(value_of(asked, info, "total_system_memory"), NULL, 10);
    const char *words[4 + STORE_PACKED_COUNT] = {"CONFIG", "GET", "appendfsync",
                                                 "no-appendfsync-on-rewrite"};
    memcpy(words + 4, packed, sizeof packed);
    redis_ask(asked->store, words, 4 + STORE_PACKED_COUNT, on_settings, then, asked);
}

void store_health(struct store *store, store_health_done *done, void *data) {
    struct asked *asked = talloc_zero(NULL, struct asked);
    if (!asked) {
        done(data, STORE_E_NOMEM, NULL);
        return;
    }
    asked->store = store;
    asked->done = done;
    asked->data = data;
    const char *const words[] = {"INFO"};
    redis_ask(store, words, 1, on_info, NULL, asked);
}
