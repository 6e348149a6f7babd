#include "bot/herald.h"

#include "bot/contest_words.h"
#include "bot/log.h"
#include "config/limits.h"
#include "wx/custom.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <uv.h>

#define PAUSE_MS 1000

/* One round: end what is due; then a page of players of one contest whose result is told, each put
 * into the outbox; then the page is noted. end_round() ends it wherever it is. */
struct herald {
    uv_loop_t *loop;
    struct store *store;
    struct account *account;
    bool busy, stopping;
    uint64_t next; /* loop time of the next round */
    char name[STORE_CONTEST_NAME];
    char page_end[24];
    unsigned under_way;
    int error; /* of one of those */
};

static struct store_turn turn_of(const struct herald *herald, const char *openid) {
    int64_t now = time(NULL);
    return (struct store_turn){
        .account = herald->account->config->name,
        .openid = openid,
        .id = "",
        .now = now,
        .day = calendar_day(herald->account->calendar, now)->number,
    };
}

/* What fails is begun again with the next round. */
static void end_round(struct herald *herald, int error) {
    if (error == STORE_E_REFUSED)
        log_line(LOG_ERROR, "account=%s contests: %s", herald->account->config->name,
                 store_refusal(herald->store));
    herald->busy = false;
    herald->next = uv_now(herald->loop) + PAUSE_MS;
}

static void read_page(struct herald *herald);

static void on_noted(void *data, int error, int64_t result) {
    struct herald *herald = data;
    (void)result;
    if (error || herald->stopping || !*herald->page_end)
        end_round(herald, error);
    else
        read_page(herald);
}

static void note_page(struct herald *herald) {
    struct store_turn turn = turn_of(herald, "");
    store_contest_told(herald->store, &turn, herald->name, herald->page_end, on_noted, herald);
}

static void on_told(void *data, int error, int64_t result) {
    struct herald *herald = data;
    (void)result;
    if (error)
        herald->error = error;
    if (--herald->under_way > 0)
        return;
    if (herald->error)
        end_round(herald, herald->error);
    else
        note_page(herald);
}

static void tell(struct herald *herald, const struct store_contest *contest,
                 const struct store_contest_player *player) {
    void *ctx = talloc_new(NULL);
    const struct contest_words words = {
        .ctx = ctx, .account = herald->account, .seed = 0, .reader = player->number};
    const struct wx_custom message = {
        .touser = player->openid,
        .type = WX_CUSTOM_TEXT,
        .text = contest_words_result(&words, contest, player->party, player->rank, player->value),
    };
    char *body = message.text ? wx_custom_write(ctx, &message) : NULL;
    if (body) {
        struct store_turn turn = turn_of(herald, player->openid);
        herald->under_way++;
        store_contest_tell(herald->store, &turn, herald->name, player->number, body, on_told,
                           herald);
    } else {
        herald->error = STORE_E_NOMEM;
    }
    talloc_free(ctx);
}

static void on_page(void *data, int error, const struct store_contest *contest,
                    const struct store_contest_player *players, unsigned count, const char *next) {
    struct herald *herald = data;
    if (error || !contest || herald->stopping) {
        end_round(herald, error);
        return;
    }
    snprintf(herald->page_end, sizeof herald->page_end, "%s", next);
    herald->error = 0;
    herald->under_way = 1; /* this, so that nothing ends before all have been put */
    for (unsigned i = 0; i < count; i++)
        tell(herald, contest, &players[i]);
    on_told(herald, 0, 0);
}

static void read_page(struct herald *herald) {
    struct store_turn turn = turn_of(herald, "");
    store_contest_page(herald->store, &turn, herald->name, LIMIT_CONTEST_TELL, on_page, herald);
}

static void on_due(void *data, int error, int64_t ended, const char *telling) {
    struct herald *herald = data;
    if (!error && ended > 0)
        log_line(LOG_INFO, "account=%s contests that are over: %" PRId64,
                 herald->account->config->name, ended);
    if (error || herald->stopping || !*telling) {
        end_round(herald, error);
        return;
    }
    snprintf(herald->name, sizeof herald->name, "%s", telling);
    read_page(herald);
}

void herald_tick(struct herald *herald) {
    if (herald->busy || herald->stopping || uv_now(herald->loop) < herald->next ||
        !store_ready(herald->store))
        return;
    herald->busy = true;
    struct store_turn turn = turn_of(herald, "");
    store_contest_due(herald->store, &turn, on_due, herald);
}

void herald_stop(struct herald *herald) {
    herald->stopping = true;
}

bool herald_busy(const struct herald *herald) {
    return herald->busy;
}

struct herald *herald_open(void *ctx, struct uv_loop_s *loop, struct store *store,
                           struct account *account) {
    struct herald *herald = talloc_zero(ctx, struct herald);
    if (!herald)
        return NULL;
    herald->loop = loop;
    herald->store = store;
    herald->account = account;
    return herald;
}
