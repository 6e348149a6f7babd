#ifndef DAY21_DELIVER_H
#define DAY21_DELIVER_H

/* Delivers a stream to the store by processes that share nothing with it but Redis, and are killed
 * now and then. */

#include "tests/store/stream/model.h"

#include <stdatomic.h>

/* What the processes tell each other and the test: in shared memory. */
struct delivered {
    atomic_uint count;                   /* answers, repeated ones included */
    atomic_int at[STREAM_PROCESSES];     /* the oldest delivery each has not had answered */
    atomic_bool event[STREAM_EVENTS];    /* has been answered, at least once */
    atomic_bool done[STREAM_DELIVERIES]; /* … this delivery of it */
    struct answers answers[STREAM_DELIVERIES];
};

struct delivered *delivered_make(void);
void delivered_free(struct delivered *delivered);

/* Makes the roster that the stream begins with. */
void deliver_roster(const struct stream *stream);

/* Delivers from `from` to before `to`, and kills `kills` processes on the way. */
void deliver(const struct stream *stream, struct delivered *delivered, const char *address,
             int from, int to, int kills);

#endif
