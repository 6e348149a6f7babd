#ifndef DAY21_BOARD_TRIM_H
#define DAY21_BOARD_TRIM_H

/* A part of `day21 work`: boards whose day, week or month is over are cut down to their first
 * (store_board_trim()). Several workers may do it side by side. */

#include "bot/account.h"
#include "store/store.h"

#include <uv.h>

struct board_trim;

/* Belongs to ctx; NULL when out of memory. */
struct board_trim *board_trim_open(void *ctx, uv_loop_t *loop, struct store *store,
                                   struct account *account);

/* Does something once an hour at most. To be called often. */
void board_trim_tick(struct board_trim *trim);

/* A call to the store is under way: it must not be freed. */
bool board_trim_busy(const struct board_trim *trim);

#endif
