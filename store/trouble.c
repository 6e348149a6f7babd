#include "store/trouble.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *error; /* begins so */
    struct store_trouble trouble;
} known[] = {
    {"LOADING",
     {.what = "Redis is still reading its data",
      .todo = "it answers when it has read them",
      .passing = true}},
    {"OOM",
     {.what = "Redis has no memory left (maxmemory)",
      .todo = "raise maxmemory, or give it a larger machine"}},
    {"MISCONF",
     {.what = "Redis cannot write to its disk",
      .todo = "look into its log and at the space left on its disk"}},
    {"READONLY",
     {.what = "Redis is a replica, which may only be read",
      .todo = "`redis` in the config must name the primary"}},
    {"MASTERDOWN",
     {.what = "Redis is a replica, and has lost its primary",
      .todo = "`redis` in the config must name the primary"}},
    {"NOREPLICAS",
     {.what = "Redis has fewer replicas than it is told to have",
      .todo = "look to its replicas, or lower min-replicas-to-write"}},
    {"NOAUTH",
     {.what = "Redis wants a password",
      .todo = "redis_password_file in the config must name a file with it"}},
    {"WRONGPASS",
     {.what = "Redis does not take our password",
      .todo = "what the file of redis_password_file holds must be its requirepass"}},
    {"DENIED",
     {.what = "Redis takes nobody from another machine without a password (protected-mode)",
      .todo = "give it a requirepass, and us a redis_password_file"}},
    {"ERR max number of clients",
     {.what = "Redis has as many clients as it takes", .todo = "raise maxclients"}},
    {"ERR unknown command",
     {.what = "Redis has no functions",
      .todo = "it must be Redis 7 or newer, and FUNCTION and FCALL not be renamed"}},
};

const struct store_trouble *trouble_of(const char *error) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(error, known[i].error, strlen(known[i].error)) == 0)
            return &known[i].trouble;
    return NULL;
}
