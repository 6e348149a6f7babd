#ifndef SANDBOX_TOKEN_H
#define SANDBOX_TOKEN_H

/* Access tokens. Rules: api.md §1: /token ends the one before it, which lives five minutes more;
 * stable_token gives the same again until its last five minutes; the two know nothing of each
 * other. Tokens are not kept over a restart. */

#include "world.h"

#define TOKEN_LIFE_S  7200
#define TOKEN_GRACE_S 300

enum token_state { TOKEN_VALID, TOKEN_MISSING, TOKEN_UNKNOWN, TOKEN_EXPIRED };

/* Both return the token and its remaining seconds. */
const char *token_fresh(struct account *account, int64_t *expires_in);
const char *token_stable(struct account *account, bool force, int64_t *expires_in);

/* Whose token it is, whatever its state; NULL if it never was one. */
struct account *token_owner(struct world *world, const char *token);

/* A call comes with this token. Returns whether it is any good. */
enum token_state token_use(struct world *world, const char *token);

/* Ends all tokens of the account at once. */
void token_expire(struct account *account);

/* Those given from now on die after so many seconds, whatever is said of them, or so many calls;
 * 0: as they should. */
void token_life(struct account *account, int64_t seconds, int64_t uses);

#endif
