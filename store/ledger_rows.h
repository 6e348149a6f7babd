#ifndef DAY21_STORE_LEDGER_ROWS_H
#define DAY21_STORE_LEDGER_ROWS_H

/* Inside store/ only: lines of the ledger in an answer. */

#include "store/ledger.h"
#include "store/redis.h"

/* `rows` is what XRANGE gave, or NULL. The lines belong to ctx, their texts to the answer. NULL
 * when out of memory. */
struct store_ledger_line *ledger_rows(void *ctx, const struct answer *rows, unsigned *count);

#endif
