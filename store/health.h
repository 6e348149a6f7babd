#ifndef DAY21_STORE_HEALTH_H
#define DAY21_STORE_HEALTH_H

/* Whether Redis keeps what it is given: its settings, and how its last writes went. */

#include "store/store.h"

/* Up to which size Redis keeps what is small packed, as in config/redis.conf: people and teams take
 * several times the memory when it is much less, and boards longer to read when it is much more.
 */
#define STORE_PACKED(X)                                                                            \
    X("hash-max-listpack-entries", 128)                                                            \
    X("hash-max-listpack-value", 1024)                                                             \
    X("zset-max-listpack-entries", 32)                                                             \
    X("set-max-intset-entries", 8192)

enum {
    STORE_PACKED_COUNT = 0
#define X(name, advised) +1
    STORE_PACKED(X)
#undef X
};

struct store_health {
    const char *version; /* "7.0.15" */
    bool appendonly;
    const char *fsync; /* always, everysec, no; "" when it is not told (a hosted Redis may not) */
    bool lax;          /* it is not synced while it is rewritten (no-appendfsync-on-rewrite) */
    bool written;      /* the last write of the append-only file went well */
    bool rewritten;    /* likewise its last rewrite */
    bool saved;        /* and the last snapshot: once one fails, nothing is written any more */
    int64_t packed[STORE_PACKED_COUNT]; /* in that order; 0 when it is not told */
    const char *policy;                 /* when memory is full: noeviction, … */
    int64_t memory, most_memory;        /* bytes; most 0: all that the machine has */
    int64_t machine;                    /* bytes, of its machine's memory; 0: not told */
};

/* `health` is NULL on error, and lives until the callback returns. */
typedef void store_health_done(void *data, int error, const struct store_health *health);

void store_health(struct store *store, store_health_done *done, void *data);

#endif
