#ifndef SANDBOX_FOLLOWER_H
#define SANDBOX_FOLLOWER_H

/* Lists of followers, as WeChat gives them: 10,000 at a time. */

#include "endpoint.h"

/* Besides the ids of tags: */
#define FOLLOWER_ANY     (-1)
#define FOLLOWER_BLOCKED (-2) /* who is on the blacklist, following or not */

bool follower_is(const struct person *person, int64_t which);
size_t follower_count(const struct account *account, int64_t which);

/* Answers with those behind the openid `after`, from the first when it is "". */
void follower_list(struct call *call, int64_t which, const char *after, bool with_total);

#endif
