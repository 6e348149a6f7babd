#ifndef SANDBOX_CROWD_H
#define SANDBOX_CROWD_H

/* Many people at once, who follow, chat and tap by a script: for load and for demonstrations. An
 * account has one crowd at a time. The same seed, people and script act in the same order. */

#include "world.h"

/* Begins what `request` (the body of POST /sandbox/api/crowd) asks for. Returns NULL, or what is
 * wrong with it. */
const char *crowd_begin(struct account *account, const json_t *request);

/* Nobody of it does anything more; what is under way is still answered. */
void crowd_stop(struct account *account);

/* How far it is, as API.md shows it; a reference of the caller's. */
json_t *crowd_json(const struct account *account);

#endif
