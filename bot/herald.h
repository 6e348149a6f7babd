#ifndef DAY21_HERALD_H
#define DAY21_HERALD_H

/* The part of the worker that ends the contests of an account in their second, and tells the
 * players of those that are to be announced the result, through the outbox. What it does can be
 * done by any number of workers at once, and begun again after a crash: store/contest.h sees that a
 * contest ends once and that nobody is told twice. */

#include "bot/account.h"

#include <stdbool.h>

struct herald;
struct uv_loop_s;

/* Belongs to ctx; NULL when out of memory. */
struct herald *herald_open(void *ctx, struct uv_loop_s *loop, struct store *store,
                           struct account *account);

/* To be called often; looks once a second. */
void herald_tick(struct herald *herald);

/* Begins nothing more. */
void herald_stop(struct herald *herald);

/* A call to the store is under way: it must not be freed. */
bool herald_busy(const struct herald *herald);

#endif
