#ifndef SANDBOX_SHELF_H
#define SANDBOX_SHELF_H

/* What an account has put into WeChat's keeping: things of a kind, each under its id, in the order
 * they were put. Written to the journal as it changes. Kinds are named where they are used. */

#include "world.h"

/* The thing, or NULL. Belongs to the shelf; who changes it puts it again. */
json_t *shelf_get(const struct account *account, const char *kind, const char *id);

/* Takes `value` over. What was under the id is replaced. */
void shelf_put(struct account *account, const char *kind, const char *id, json_t *value);

void shelf_remove(struct account *account, const char *kind, const char *id);

/* All of a kind: an object of id to thing, NULL if there is none. */
json_t *shelf_all(const struct account *account, const char *kind);
size_t shelf_count(const struct account *account, const char *kind);

/* Forgets the oldest of a kind beyond `most`. */
void shelf_cap(struct account *account, const char *kind, size_t most);

void shelf_replay(struct account *account, const json_t *record);
void shelf_record(struct account *account);

#endif
