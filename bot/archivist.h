#ifndef DAY21_ARCHIVIST_H
#define DAY21_ARCHIVIST_H

/* The archivist of an account, a part of `day21 work`: when a day is over its lines of the ledger
 * go into a file of the archive (bot/archive.h), and the stream forgets what has been there for
 * some days.
 *
 * Any number of workers may run; one of them archives an account at a time (store/ledger.h). It
 * notes in Redis which file is the newest, and nothing is forgotten that is not in a file so noted.
 * Wherever it is killed, the next one begins the day's file anew, or finds it finished. What it
 * writes and reads, it does in libuv's threads. */

#include "bot/account.h"
#include "store/store.h"

#include <uv.h>

struct archivist;

/* Belongs to ctx; NULL when out of memory. */
struct archivist *archivist_open(void *ctx, uv_loop_t *loop, struct store *store,
                                 struct account *account);

/* Looks whether there is something to do, once a minute at most. To be called often. */
void archivist_tick(struct archivist *archivist);

/* Begins nothing any more. */
void archivist_stop(struct archivist *archivist);

/* Something is under way: it must not be freed. */
bool archivist_busy(const struct archivist *archivist);

#endif
