#ifndef DAY21_STORE_HEALTH_H
#define DAY21_STORE_HEALTH_H

/* Whether Redis keeps what it is given: its settings, and how its last writes went. */

#include "store/store.h"

struct store_health {
    const char *version; /* "7.0.15" */
    bool appendonly;
    const char *fsync;  /* always, everysec, no; "" when it is not told (a hosted Redis may not) */
    bool written;       /* the last write of the append-only file went well */
    bool rewritten;     /* likewise its last rewrite */
    const char *policy; /* when memory is full: noeviction, … */
    int64_t memory, most_memory; /* bytes; most 0: all there is */
};

/* `health` is NULL on error, and lives until the callback returns. */
typedef void store_health_done(void *data, int error, const struct store_health *health);

void store_health(struct store *store, store_health_done *done, void *data);

#endif
