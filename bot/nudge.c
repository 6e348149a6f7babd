/* day21 nudge --now ACCOUNT OPENID: one reminder, at once, for trying. It takes the way of all
 * others, through the outbox and `day21 work`; of the gate it passes only "still following". */

#include "bot/command.h"
#include "store/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <uv.h>

#define WAIT_MS 15000
#define POLL_MS 100

struct nudge {
    uv_loop_t loop;
    uv_timer_t timer;
    struct store *store;
    struct store_turn turn;
    char id[STORE_OUT_ID];
    bool put, asking;
    uint64_t give_up_at;
    int status;
};

static void end(struct nudge *nudge, int status, const char *sentence) {
    nudge->status = status;
    fprintf(status ? stderr : stdout, "%s%s\n", status ? "day21: " : "", sentence);
    uv_close((uv_handle_t *)&nudge->timer, NULL);
    store_close(nudge->store);
}

static void on_state(void *data, int error, const struct store_out_state *out) {
    struct nudge *nudge = data;
    nudge->asking = false;
    if (error || uv_is_closing((uv_handle_t *)&nudge->timer))
        return;
    char sentence[512];
    if (strcmp(out->state, "sent") == 0) {
        end(nudge, 0, "sent");
    } else if (strcmp(out->state, "queued") != 0 && strcmp(out->state, "air") != 0) {
        snprintf(sentence, sizeof sentence, "%s: %s", out->state, out->reason);
        end(nudge, 1, sentence);
    } else if (uv_now(&nudge->loop) >= nudge->give_up_at) {
        snprintf(sentence, sizeof sentence, "still %s%s%s: does day21 work run?", out->state,
                 *out->reason ? ", " : "", out->reason);
        end(nudge, 1, sentence);
    }
}

static void on_put(void *data, int error, int64_t result) {
    struct nudge *nudge = data;
    nudge->asking = false;
    if (error)
        end(nudge, 1, store_error_text(error));
    else if (result == STORE_PUT_STRANGER)
        end(nudge, 1, "nobody of this openid has been seen by the account");
    else if (result == STORE_PUT_NOT_FOLLOWING)
        end(nudge, 1, "the learner does not follow the account");
    else
        nudge->put = true;
}

static void on_poll(uv_timer_t *timer) {
    struct nudge *nudge = timer->data;
    if (nudge->asking)
        return;
    if (!store_ready(nudge->store)) {
        const struct store_trouble *trouble = store_trouble(nudge->store);
        if (uv_now(&nudge->loop) >= nudge->give_up_at)
            end(nudge, 1, trouble ? trouble->what : store_error_text(STORE_E_AWAY));
        return;
    }
    nudge->asking = true;
    struct store_put put = {
        .id = nudge->id,
        .kind = "notice",
        .name = notices_name(NOTICE_streak_at_risk),
        .body = "",
        .force = true,
    };
    if (nudge->put)
        store_out(nudge->store, &nudge->turn, nudge->id, on_state, nudge);
    else
        store_put(nudge->store, &nudge->turn, &put, on_put, nudge);
}

static int send_nudge(const struct config *config, struct account *account, const char *openid) {
    struct nudge *nudge = talloc_zero(NULL, struct nudge);
    if (!nudge)
        return 1;
    int64_t now = time(NULL);
    nudge->turn = (struct store_turn){
        .account = account->config->name,
        .openid = openid,
        .id = "",
        .now = now,
        .day = calendar_day(account->calendar, now)->number,
    };
    snprintf(nudge->id, sizeof nudge->id, "nudge:%lld.%d:%s", (long long)now, (int)getpid(),
             openid);
    uv_loop_init(&nudge->loop);
    struct store_options options = {.address = config->redis, .password = config->redis_password};
    if (store_open(nudge, &nudge->loop, &options, &nudge->store))
        return 1;
    uv_timer_init(&nudge->loop, &nudge->timer);
    nudge->timer.data = nudge;
    nudge->give_up_at = uv_now(&nudge->loop) + WAIT_MS;
    uv_timer_start(&nudge->timer, on_poll, 0, POLL_MS);
    uv_run(&nudge->loop, UV_RUN_DEFAULT);
    uv_loop_close(&nudge->loop);
    int status = nudge->status;
    talloc_free(nudge);
    return status;
}

static int nudge_run(const struct config *config, const struct accounts *accounts, int argc,
                     char **argv) {
    (void)argc;
    if (strcmp(argv[0], "--now") != 0) {
        fprintf(stderr, "day21: nudge sends --now; reminders in their own time are sent by work\n");
        return 2;
    }
    struct account *account = command_account(accounts, argv[1]);
    if (!account)
        return 1;
    if (strlen(argv[2]) > 64) {
        fprintf(stderr, "day21: that is no openid\n");
        return 2;
    }
    return send_nudge(config, account, argv[2]);
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
