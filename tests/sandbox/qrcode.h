#ifndef SANDBOX_QRCODE_H
#define SANDBOX_QRCODE_H

/* QR codes that carry a scene. Rules: api.md §9. */

#include "world.h"

/* What the code of this ticket carries: {"scene" (number or string), "until", …}; NULL when there
 * is none, or it has expired. Belongs to the shelf. */
const json_t *qrcode_find(const struct account *account, const char *ticket);

/* The ticket of a code that was made for this scene and lives, or NULL. */
const char *qrcode_ticket(const struct account *account, const char *scene);

/* The scene as an event writes it, below ctx. */
const char *qrcode_scene(void *ctx, const json_t *code);

/* The newest living codes, newest first: an array of {"ticket","scene" (as an event writes it),
 * "until" (ms, 0: for ever)}. */
json_t *qrcode_list(const struct account *account);

#endif
