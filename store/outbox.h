#ifndef DAY21_STORE_OUTBOX_H
#define DAY21_STORE_OUTBOX_H

/* What goes out by itself. A message is put once (by its name, the OUT), becomes due, passes the
 * one gate (following, still true, quiet hours, daily cap), is written down as in the air before it
 * is sent, and settled afterwards. Life of an OUT:
 *
 *   queued -> air -> sent | failed | unknown        queued -> skipped
 *             air -> queued (refused for now; or uncertain, while WeChat would suppress the double)
 *
 * What was in the air when a worker died is taken over by another after claim_after_ms: a reminder
 * is sent again under the same client_msg_id while WeChat suppresses doubles of it; anything else
 * is unknown until WeChat's own TEMPLATESENDJOBFINISH tells, and is never blindly sent again. */

#include "store/store.h"

#include <stddef.h>

#define STORE_OUT_ID 160 /* bytes of an OUT, with its NUL */

/* Seconds for which WeChat suppresses a double of one client_msg_id: about 10 minutes; with a
 * margin for the time a send takes. */
#define STORE_GUARD_S 480

struct store_out {
    const char *entry; /* of the stream, for store_settle() */
    const char *id;    /* the OUT */
    const char *kind;  /* "notice", "reply", or "text": a notice, but not as a template message */
    const char *name;  /* of the notice; of a reply "contest": its result, which nobody asked for */
    const char *to;
    const char *body; /* JSON of a reply; words of a report (store/report.h) or about questions */
    unsigned tries;   /* this one included */
    int64_t streak, checkins; /* of the learner, now */
};

struct store_take {
    unsigned most;
    unsigned daily_cap;
    int64_t quiet_until; /* 0, or when the quiet hours that are now will end */
    unsigned claim_after_ms;
    const char *work; /* the working days, as in struct store_checkin of store/points.h */
    /* Names of notices the account has no template for, a comma between two (NULL: none): those
     * about questions then go as text while WeChat takes that. */
    const char *plain;
};

/* `outs` live until it returns. `more`: as much was looked at as one call does, whatever the gate
 * then said; there may be more. */
typedef void store_take_done(void *data, int error, const struct store_out *outs, size_t count,
                             bool more);

/* Gives out questions that wait for a mentor (store/question.h), moves what is due to the outbox
 * and takes what may be sent now, intent written. turn->id and openid are "". STORE_E_ALARM while
 * the account has an alarm (store/alarm.h). */
void store_take(struct store *store, const struct store_turn *turn, const struct store_take *take,
                store_take_done *done, void *data);

enum store_outcome {
    STORE_SENT,
    STORE_FAILED,    /* refused for good */
    STORE_BUSY,      /* refused for now: again at `again` */
    STORE_REST,      /* the same, for a reason that is not the message's: this try does not count */
    STORE_UNCERTAIN, /* no answer: may have been sent */
};

struct store_settle {
    const char *entry, *id;
    enum store_outcome outcome;
    int errcode;
    const char *reason;
    int64_t msgid;      /* 0: none */
    int64_t again;      /* seconds since 1970 */
    bool not_following; /* WeChat says the learner does not follow */
};

/* Writes the outcome; the entry leaves the stream. */
void store_settle(struct store *store, const struct store_turn *turn,
                  const struct store_settle *settle, store_result_done *done, void *data);

struct store_put {
    const char *id; /* the OUT */
    const char *kind, *name, *body;
    bool force; /* the gate asks for nothing but "still following" */
};

enum { STORE_PUT = 1, STORE_PUT_BEFORE = 0, STORE_PUT_STRANGER = -1, STORE_PUT_NOT_FOLLOWING = -2 };

/* Puts a message for turn->openid; result is one of the above. */
void store_put(struct store *store, const struct store_turn *turn, const struct store_put *put,
               store_result_done *done, void *data);

/* WeChat's TEMPLATESENDJOBFINISH for turn->openid; result 1 if it was one of ours. */
void store_delivered(struct store *store, const struct store_turn *turn, const char *msgid,
                     const char *status, store_result_done *done, void *data);

struct store_out_state {
    const char *state; /* "" when there is no such OUT */
    const char *reason, *delivered;
    int64_t errcode, tries;
};

typedef void store_out_done(void *data, int error, const struct store_out_state *state);

/* What became of an OUT. */
void store_out(struct store *store, const struct store_turn *turn, const char *id,
               store_out_done *done, void *data);

#endif
