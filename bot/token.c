#include "bot/token.h"

#include "config/limits.h"
#include "store/token.h"
#include "wx/token.h"

#include <talloc.h>
#include <time.h>
#include <uv.h>

#define POLL_MS 50

struct token_share {
    struct wx_token_share wx;
    uv_timer_t timer;
    struct store *store; /* NULL: closed */
    const char *account, *appid;
    wx_token_taken *taken; /* NULL: nobody asks */
    void *reply;
    uint64_t wait_until;
    bool asking, failed; /* within the call of the store, which failed at once */
};

static struct store_turn turn_of(const struct token_share *share) {
    return (struct store_turn){
        .account = share->account, .openid = "", .id = "", .now = time(NULL)};
}

static void tell(struct token_share *share, const struct wx_token_turned *turned) {
    wx_token_taken *taken = share->taken;
    share->taken = NULL;
    if (taken)
        taken(share->reply, turned);
}

static void on_poll(uv_timer_t *timer);

static void on_turn(void *data, int error, const struct store_token *token) {
    struct token_share *share = data;
    struct wx_token_turned turned = {.turn = WX_TOKEN_ALONE};
    share->failed = error && share->asking;
    if (share->failed || !share->taken)
        return;
    if (!error && token->turn == STORE_TOKEN_WAIT) {
        if (uv_now(share->timer.loop) < share->wait_until) {
            uv_timer_start(&share->timer, on_poll, POLL_MS, 0);
            return;
        }
        turned.turn = WX_TOKEN_LATER;
    } else if (!error) {
        turned.turn = token->turn == STORE_TOKEN_HAVE ? WX_TOKEN_HAVE : WX_TOKEN_FETCH;
        turned.value = token->value;
        turned.left_ms = token->left_ms;
        turned.fence = token->fence;
    }
    tell(share, &turned);
}

/* Whether it could be asked. */
static bool ask(struct token_share *share, const char *refused) {
    struct store_turn turn = turn_of(share);
    share->asking = true;
    share->failed = false;
    store_token_take(share->store, &turn, share->appid, refused, LIMIT_TOKEN_RIGHT_MS,
                     WX_TOKEN_RENEW_MS, on_turn, share);
    share->asking = false;
    return !share->failed;
}

static void on_poll(uv_timer_t *timer) {
    struct token_share *share = timer->data;
    if (!ask(share, ""))
        tell(share, &(struct wx_token_turned){.turn = WX_TOKEN_ALONE});
}

static int take(void *data, const char *refused, wx_token_taken *taken, void *reply) {
    struct token_share *share = data;
    if (!share->store)
        return -1;
    share->taken = taken;
    share->reply = reply;
    share->wait_until = uv_now(share->timer.loop) + LIMIT_TOKEN_WAIT_MS;
    if (ask(share, refused))
        return 0;
    share->taken = NULL;
    return -1;
}

/* What is not kept, the next process fetches. */
static void on_kept(void *data, int error, int64_t result) {
    (void)data;
    (void)error;
    (void)result;
}

static void keep(void *data, int64_t fence, const char *value, int64_t life_s) {
    struct token_share *share = data;
    struct store_turn turn = turn_of(share);
    if (share->store)
        store_token_keep(share->store, &turn, share->appid, fence, value, life_s * 1000, on_kept,
                         NULL);
}

static void give_up(void *data, int64_t fence) {
    struct token_share *share = data;
    struct store_turn turn = turn_of(share);
    if (share->store)
        store_token_give_up(share->store, &turn, share->appid, fence, on_kept, NULL);
}

int token_share_open(void *ctx, struct uv_loop_s *loop, struct store *store, const char *account,
                     const char *appid, struct token_share **share) {
    struct token_share *made = talloc_zero(ctx, struct token_share);
    if (!made)
        return -1;
    made->wx =
        (struct wx_token_share){.data = made, .take = take, .keep = keep, .give_up = give_up};
    made->store = store;
    made->account = account;
    made->appid = appid;
    uv_timer_init(loop, &made->timer);
    made->timer.data = made;
    *share = made;
    return 0;
}

const struct wx_token_share *token_share_wx(const struct token_share *share) {
    return &share->wx;
}

void token_share_close(struct token_share *share) {
    share->store = NULL;
    tell(share, &(struct wx_token_turned){.turn = WX_TOKEN_LATER});
    uv_close((uv_handle_t *)&share->timer, NULL);
}
