#ifndef DAY21_WX_ARGUMENTS_H
#define DAY21_WX_ARGUMENTS_H

/* Inside wx/ only: the arguments of a call, as the typed calls write them with jansson. */

#include "wx/api.h"

#include <jansson.h>

/* `root` as text, which belongs to ctx: raw UTF-8, as WeChat shows \uXXXX literally. Takes `root`
 * over. NULL: out of memory, or `root` is NULL. */
char *wx_arguments_text(void *ctx, json_t *root);

/* Makes the call with `root`, which it takes over. A NULL, as json_pack() gives for a text that is
 * not UTF-8 or missing, is WX_E_FIELD. Else returns as wx_api_call(). */
int wx_arguments_call(struct wx_api *api, enum wx_endpoint endpoint, json_t *root,
                      wx_api_done *done, void *data);

/* Characters of a UTF-8 text. */
size_t wx_arguments_characters(const char *text);

#endif
