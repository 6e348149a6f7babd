#ifndef DAY21_STORE_TROUBLE_H
#define DAY21_STORE_TROUBLE_H

/* Inside store/ only: what an error of Redis' means, when it says more of Redis than of the call.
 */

#include "store/store.h"

/* One that ends what can be done with the connection: the next call would be told the same. NULL
 * for any other error. Lives for ever. */
const struct store_trouble *trouble_of(const char *error);

#endif
