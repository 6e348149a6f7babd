#ifndef SANDBOX_ALARM_H
#define SANDBOX_ALARM_H

/* One-shot timers on the loop that own themselves. */

#include <stdint.h>

struct uv_loop_s;
struct alarms;
struct alarm;

typedef void alarm_rings(void *data);

struct alarms *alarms_open(void *ctx, struct uv_loop_s *loop);

/* Rings once, `ms` from now, never from within this call. The alarm is gone when it rings. */
struct alarm *alarm_set(struct alarms *alarms, uint64_t ms, alarm_rings *rings, void *data);

/* It will not ring. */
void alarm_cancel(struct alarm *alarm);

/* An orderly stop: all ring at once, and must set no other. The loop must run on until their
 * handles are closed. */
void alarms_stop(struct alarms *alarms);

#endif
