/* day21 nudge --now ACCOUNT OPENID: one reminder, at once, for trying. It takes the way of all
 * others, through the outbox and `day21 work`; of the gate it passes only "still following". */

#include "bot/command.h"
#include "bot/session.h"
#include "store/outbox.h"

#include <stdio.h>
#include <string.h>

#define WAIT_MS 15000
#define POLL_MS 100

struct nudge {
    struct session *session;
    char id[STORE_OUT_ID];
    char state[16], reason[256]; /* of the reminder, as it was seen last */
};

/* Returns 0, or 1 having said why there will be no reminder. */
static int put(struct nudge *nudge) {
    struct session *session = nudge->session;
    const struct store_put reminder = {
        .id = nudge->id,
        .kind = "notice",
        .name = notices_name(NOTICE_streak_at_risk),
        .body = "",
        .force = true,
    };
    store_put(session->store, &session->turn, &reminder, session_done_result, session);
    if (session_wait(session))
        return 1;
    if (session->result == STORE_PUT_STRANGER)
        fprintf(stderr, "day21: nobody of this openid has been seen by the account\n");
    else if (session->result == STORE_PUT_NOT_FOLLOWING)
        fprintf(stderr, "day21: the learner does not follow the account\n");
    else
        return 0;
    return 1;
}

static void on_state(void *data, int error, const struct store_out_state *out) {
    struct nudge *nudge = data;
    snprintf(nudge->state, sizeof nudge->state, "%s", out ? out->state : "");
    snprintf(nudge->reason, sizeof nudge->reason, "%s", out ? out->reason : "");
    session_done(nudge->session, error);
}

static bool is_under_way(const struct nudge *nudge) {
    return strcmp(nudge->state, "queued") == 0 || strcmp(nudge->state, "air") == 0;
}

/* Waits for what becomes of it, and says so. Returns the exit status. */
static int follow_up(struct nudge *nudge) {
    struct session *session = nudge->session;
    for (unsigned waited = 0;; waited += POLL_MS) {
        store_out(session->store, &session->turn, nudge->id, on_state, nudge);
        if (session_wait(session))
            return 1;
        if (!is_under_way(nudge) || waited >= WAIT_MS)
            break;
        uv_sleep(POLL_MS);
    }
    if (strcmp(nudge->state, "sent") == 0) {
        printf("sent\n");
        return 0;
    }
    if (is_under_way(nudge))
        fprintf(stderr, "day21: still %s%s%s: does day21 work run?\n", nudge->state,
                *nudge->reason ? ", " : "", nudge->reason);
    else
        fprintf(stderr, "day21: %s: %s\n", nudge->state, nudge->reason);
    return 1;
}

static int nudge_run(const struct config *config, const struct accounts *accounts, int argc,
                     char **argv) {
    (void)argc;
    const char *openid = argv[2];
    if (strcmp(argv[0], "--now") != 0) {
        fprintf(stderr, "day21: nudge sends --now; reminders in their own time are sent by work\n");
        return 2;
    }
    if (strlen(openid) > 64) {
        fprintf(stderr, "day21: that is no openid\n");
        return 2;
    }
    struct account *account = command_account(accounts, argv[1]);
    struct session *session = account ? session_open(config, account) : NULL;
    if (!session)
        return 1;
    struct nudge nudge = {.session = session};
    session->turn.openid = openid;
    snprintf(nudge.id, sizeof nudge.id, "nudge:%lld.%d:%s", (long long)session->turn.now,
             (int)getpid(), openid);
    int status = put(&nudge) ? 1 : follow_up(&nudge);
    session_close(session);
    return status;
}

const struct command nudge_command = {
    .name = "nudge",
    .arguments = "--now ACCOUNT OPENID",
    .purpose = "send one learner a reminder at once, for trying",
    .min = 3,
    .max = 3,
    .redis = true,
    .run = nudge_run,
};
