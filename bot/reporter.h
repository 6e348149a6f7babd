#ifndef DAY21_REPORTER_H
#define DAY21_REPORTER_H

/* The part of the worker that makes the war reports of an account when it is time, with their
 * pictures, and puts them into the outbox for whoever stands on the boards. What it does can be
 * done by any number of workers at once, and begun again after a crash: store/report.h sees that a
 * report is made once and nobody is told twice. It draws in libuv's threads. */

#include "bot/account.h"
#include "store/store.h"

#include <stdbool.h>

struct reporter;
struct uv_loop_s;

/* Belongs to ctx; NULL when out of memory. */
struct reporter *reporter_open(void *ctx, struct uv_loop_s *loop, struct store *store,
                               struct account *account);

/* To be called often; looks every few seconds. */
void reporter_tick(struct reporter *reporter);

/* Begins nothing more. */
void reporter_stop(struct reporter *reporter);

/* Something is under way: it must not be freed. */
bool reporter_busy(const struct reporter *reporter);

#endif
