#ifndef DAY21_STORE_PRIVACY_H
#define DAY21_STORE_PRIVACY_H

/* What a person may take back. All that WeChat's authorisations (a login with a consent page, a
 * form that asks for an address …) ever give us of a learner is kept in one hash, `profile`, under
 * fields that begin with the number by which WeChat names the authorisation when it is revoked
 * ("205:nickname"), and nowhere else: so that what is revoked can be erased for certain. */

#include "store/store.h"

/* The result of both counts the fields, lines and keys that were there; 0 when there was nothing.
 */

/* turn->openid took back what the authorisation of this number (decimal digits) gave; "" for all of
 * them. Points, level and streak are not of that kind, and stay. */
void store_revoke(struct store *store, const struct store_turn *turn, const char *number,
                  store_result_done *done, void *data);

/* turn->openid is no more at WeChat: all that is kept of them goes, points and reminders too. What
 * stays is named in store/lua/erase.lua, with its reason. */
void store_forget(struct store *store, const struct store_turn *turn, store_result_done *done,
                  void *data);

#endif
