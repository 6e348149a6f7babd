#ifndef SANDBOX_NOTICE_H
#define SANDBOX_NOTICE_H

/* Subscription notices: what an account may ask people for, and what they answer. */

#include "world.h"

bool notice_exists(const struct account *account, const char *id);
const char *notice_title(const struct account *account, const char *id);

/* What the account may ask for: an array of {"template_id","title"}. */
json_t *notice_offers(const struct account *account);

/* The person accepts one more, or refuses them until further notice. */
void notice_answer(struct person *person, const char *id, bool accepted);

#endif
