#ifndef DAY21_WX_FLOW_H
#define DAY21_WX_FLOW_H

/* How fast the calls of one endpoint may go: so many a minute (a bucket that fills at that rate),
 * so many in the air, and none at all while it rests after WeChat said that its quota is used up.
 * It knows no clock: times are milliseconds of whatever clock the caller keeps to. */

#include <stdint.h>

struct wx_flow {
    unsigned per_minute; /* 0: no limit */
    unsigned most;       /* in the air; 0: no limit */
    unsigned in_air;
    int64_t level; /* of the bucket, in 60000ths of a call; it holds a tenth of a minute's calls */
    int64_t level_at;
    int64_t rests_until;
};

void wx_flow_init(struct wx_flow *flow, unsigned per_minute, unsigned most, int64_t now);

enum { WX_FLOW_GO = 0, WX_FLOW_FULL = -1 };

/* WX_FLOW_GO: the call may go, and is counted until wx_flow_end(). WX_FLOW_FULL: not before another
 * has ended. Else: milliseconds until it is worth asking again. */
int64_t wx_flow_begin(struct wx_flow *flow, int64_t now);
void wx_flow_end(struct wx_flow *flow);

#endif
