#ifndef DAY21_ROUTES_H
#define DAY21_ROUTES_H

/* What a message means: one table of events and commands (bot/routes.c); which words mean which
 * command is data (<pack>/keywords.yaml), and so is the menu, whose keys are commands, too. */

#include "bot/turn.h"

/* The handler of a message; never NULL. */
turn_handler *routes_find(struct turn *turn);

/* The commands keywords and menu keys may name; NULL-terminated. */
const char *const *routes_commands(void);

#endif
