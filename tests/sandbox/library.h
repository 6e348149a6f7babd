#ifndef SANDBOX_LIBRARY_H
#define SANDBOX_LIBRARY_H

/* The templates an account has: those its configuration names, and those it has added from WeChat's
 * library. Rules: api.md §3. */

#include "world.h"

struct template {
    const struct account *account;
    const char *id, *title;
    const char *content; /* lines like 时间：{{time2.DATA}}; "" where every field may be sent */
    int notice;          /* of bot/notices.h, -1: none */
};

/* False if the account has no such template. Strings live as long as ctx. */
bool template_find(void *ctx, const struct account *account, const char *id,
                   struct template *found);

/* What stands before a field of this template. */
const char *template_label(const void *template, const char *field);

#endif
