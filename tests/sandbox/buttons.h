#ifndef SANDBOX_BUTTONS_H
#define SANDBOX_BUTTONS_H

/* Menus: the one for all, and those for some. Rules: api.md §7. */

#include "world.h"

/* The menu this person sees: an object with "button", or NULL. Belongs to the account. */
json_t *menu_of(const struct person *person);

#endif
