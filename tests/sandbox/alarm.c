#include "alarm.h"

#include "value.h"

#include <stdlib.h>
#include <uv.h>

struct alarm {
    uv_timer_t timer;
    struct alarm *next, **link;
    alarm_rings *rings;
    void *data;
};

struct alarms {
    uv_loop_t *loop;
    struct alarm *first;
};

struct alarms *alarms_open(void *ctx, uv_loop_t *loop) {
    struct alarms *alarms = must(talloc_zero(ctx, struct alarms));
    alarms->loop = loop;
    return alarms;
}

static void closed(uv_handle_t *handle) {
    free(handle->data);
}

void alarm_cancel(struct alarm *alarm) {
    *alarm->link = alarm->next;
    if (alarm->next)
        alarm->next->link = alarm->link;
    uv_close((uv_handle_t *)&alarm->timer, closed);
}

static void ring(struct alarm *alarm) {
    alarm_rings *rings = alarm->rings;
    void *data = alarm->data;
    alarm_cancel(alarm);
    rings(data);
}

static void rang(uv_timer_t *timer) {
    ring(timer->data);
}

struct alarm *alarm_set(struct alarms *alarms, uint64_t ms, alarm_rings *rings, void *data) {
    struct alarm *alarm = must(calloc(1, sizeof *alarm)); /* outlives `alarms` until closed */
    alarm->rings = rings;
    alarm->data = data;
    alarm->next = alarms->first;
    alarm->link = &alarms->first;
    if (alarm->next)
        alarm->next->link = &alarm->next;
    alarms->first = alarm;
    uv_timer_init(alarms->loop, &alarm->timer);
    alarm->timer.data = alarm;
    uv_update_time(alarms->loop);
    uv_timer_start(&alarm->timer, rang, ms, 0);
    return alarm;
}

void alarms_stop(struct alarms *alarms) {
    while (alarms->first)
        ring(alarms->first);
}
