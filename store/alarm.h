#ifndef DAY21_STORE_ALARM_H
#define DAY21_STORE_ALARM_H

/* The alarm of an account: WeChat refuses its credentials or our address, so that no send can work
 * and each would cost a call. While there is one, store_take() gives nothing (STORE_E_ALARM), to
 * any process. It ends when a probe succeeds or an operator clears it. */

#include "store/store.h"

struct store_alarm {
    const char *klass; /* of the error; "" when there is no alarm */
    int64_t errcode;
    const char *reason; /* what WeChat said last */
    int64_t since;      /* seconds since 1970 */
    int64_t count;      /* how often WeChat has refused since then */
    bool probe;         /* it is the caller's to try one call now, and nobody else's */
};

/* WeChat refused. `result` is 1 when this is new: no alarm before, or another errcode; else 0, and
 * it is counted. The first probe is due after `probe_s`. */
void store_alarm_raise(struct store *store, const struct store_turn *turn, const char *klass,
                       int errcode, const char *reason, unsigned probe_s, store_result_done *done,
                       void *data);

/* `alarm` is NULL on error; lives until it returns. */
typedef void store_alarm_done(void *data, int error, const struct store_alarm *alarm);

/* The alarm. With `probe_s`, it is probed once in that many seconds by all processes together; 0
 * only looks. */
void store_alarm_see(struct store *store, const struct store_turn *turn, unsigned probe_s,
                     store_alarm_done *done, void *data);

/* It is mended: sends go on. `result` is 1 if there was an alarm. */
void store_alarm_clear(struct store *store, const struct store_turn *turn, store_result_done *done,
                       void *data);

#endif
