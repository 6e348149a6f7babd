#ifndef SANDBOX_LOGIN_H
#define SANDBOX_LOGIN_H

/* How web login (OAuth2) behaves for an account. Rules: api.md §12. */

#include "world.h"

/* What POST /sandbox/api/oauth asks for: `snapshot` (all visitors are virtual ones) and `domain`
 * (the only one that may be redirected to, besides that of public_url and this machine). Returns
 * what is set now. */
json_t *login_set(struct account *account, const json_t *request);

#endif
