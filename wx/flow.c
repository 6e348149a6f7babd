#include "wx/flow.h"

enum { MINUTE = 60000 };

/* Ten thousand a minute are to come as a thousand and then one every 6 ms, not all at once. */
static int64_t capacity(const struct wx_flow *flow) {
    return (int64_t)(flow->per_minute < 10 ? 1 : flow->per_minute / 10) * MINUTE;
}

void wx_flow_init(struct wx_flow *flow, unsigned per_minute, unsigned most, int64_t now) {
    unsigned in_air = flow->in_air;
    *flow = (struct wx_flow){.per_minute = per_minute, .most = most, .in_air = in_air};
    flow->level = capacity(flow);
    flow->level_at = now;
}

static void fill(struct wx_flow *flow, int64_t now) {
    int64_t passed = now - flow->level_at;
    if (passed > MINUTE) /* it is full by then */
        passed = MINUTE;
    flow->level_at = now;
    flow->level += passed * flow->per_minute;
    if (flow->level > capacity(flow))
        flow->level = capacity(flow);
}

int64_t wx_flow_begin(struct wx_flow *flow, int64_t now) {
    if (flow->most && flow->in_air >= flow->most)
        return WX_FLOW_FULL;
    if (flow->per_minute) {
        fill(flow, now);
        if (flow->level < MINUTE)
            return (MINUTE - flow->level + flow->per_minute - 1) / flow->per_minute;
        flow->level -= MINUTE;
    }
    flow->in_air++;
    return WX_FLOW_GO;
}

void wx_flow_end(struct wx_flow *flow) {
    flow->in_air--;
}
