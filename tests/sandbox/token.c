#include "token.h"

#include "bot/config.h"
#include "endpoint.h"
#include "query.h"
#include "wx/crypto.h"

#include <stdlib.h>
#include <string.h>

#define TOKENS_KEPT    64 /* dead ones too: whose they were decides how a call is answered */
#define TOKEN_LENGTH   136
#define FORCE_EVERY_MS 30000
#define FORCE_A_DAY    20

struct token {
    char text[TOKEN_LENGTH + 1];
    int64_t until; /* ms */
    int64_t dies;  /* before that, as a test has asked for */
    int64_t uses;  /* so many more, likewise; 0: no matter how many */
    bool dead;     /* ended before its time */
};

struct tokens {
    struct token kept[TOKENS_KEPT]; /* a ring */
    unsigned next;
    struct token *fresh, *stable; /* the newest of each kind */
    int64_t forced_at;
    int64_t forced_day;
    int forced;     /* so often on that day */
    int64_t life_s; /* real life of a token, 0: TOKEN_LIFE_S */
    int64_t uses;   /* after which a token dies, 0: after none */
};

static struct tokens *tokens_of(struct account *account) {
    if (!account->tokens)
        account->tokens = must(talloc_zero(account->world, struct tokens));
    return account->tokens;
}

static struct token *token_make(struct account *account) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct tokens *tokens = tokens_of(account);
    struct token *token;
    uint8_t bytes[TOKEN_LENGTH];
    do {
        token = &tokens->kept[tokens->next];
        tokens->next = (tokens->next + 1) % TOKENS_KEPT;
    } while (token == tokens->stable || token == tokens->fresh);
    if (wx_random(bytes, sizeof bytes))
        must(NULL);
    for (int i = 0; i < TOKEN_LENGTH; i++)
        token->text[i] = alphabet[bytes[i] & 63];
    memcpy(token->text, "99_", 3); /* as WeChat's begin */
    token->until = world_now_ms(account->world) + TOKEN_LIFE_S * 1000;
    token->dies = tokens->life_s ? world_now_ms(account->world) + tokens->life_s * 1000 : INT64_MAX;
    token->uses = tokens->uses;
    token->dead = false;
    return token;
}

static void end_by(struct token *token, int64_t until) {
    if (token && token->until > until)
        token->until = until;
}

const char *token_fresh(struct account *account, int64_t *expires_in) {
    struct tokens *tokens = tokens_of(account);
    end_by(tokens->fresh, world_now_ms(account->world) + TOKEN_GRACE_S * 1000);
    tokens->fresh = token_make(account);
    *expires_in = TOKEN_LIFE_S;
    return tokens->fresh->text;
}

/* Counts a refresh by force. One too soon or too many gets the token there is. */
static bool may_force(struct tokens *tokens, int64_t now) {
    int64_t day = (now / 1000 + 8 * 3600) / 86400; /* Beijing's */
    if (day != tokens->forced_day)
        tokens->forced = 0;
    if (tokens->forced >= FORCE_A_DAY || llabs(now - tokens->forced_at) < FORCE_EVERY_MS)
        return false;
    tokens->forced_day = day;
    tokens->forced_at = now;
    tokens->forced++;
    return true;
}

const char *token_stable(struct account *account, bool force, int64_t *expires_in) {
    struct tokens *tokens = tokens_of(account);
    int64_t now = world_now_ms(account->world);
    struct token *last = tokens->stable;
    if (force && last && may_force(tokens, now))
        last->dead = true; /* what leaked must not live on */
    if (!last || last->dead || last->dies <= now || last->until - now <= TOKEN_GRACE_S * 1000)
        tokens->stable = token_make(account);
    *expires_in = (tokens->stable->until - now) / 1000;
    return tokens->stable->text;
}

static struct token *token_find(struct world *world, const char *text, struct account **owner) {
    for (unsigned i = 0; *text && i < world->accounts_count; i++) {
        *owner = &world->accounts[i];
        for (int n = 0; n < TOKENS_KEPT; n++)
            if (!strcmp(tokens_of(*owner)->kept[n].text, text))
                return &tokens_of(*owner)->kept[n];
    }
    *owner = NULL;
    return NULL;
}

static enum token_state state_of(const struct token *token, int64_t now) {
    return token->dead || token->dies <= now ? TOKEN_UNKNOWN
           : token->until <= now             ? TOKEN_EXPIRED
                                             : TOKEN_VALID;
}

struct account *token_owner(struct world *world, const char *text) {
    struct account *owner;
    token_find(world, text, &owner);
    return owner;
}

enum token_state token_use(struct world *world, const char *text) {
    struct account *owner;
    struct token *token = token_find(world, text, &owner);
    if (!token)
        return *text ? TOKEN_UNKNOWN : TOKEN_MISSING;
    enum token_state state = state_of(token, world_now_ms(world));
    if (state == TOKEN_VALID && token->uses && !--token->uses)
        token->dead = true;
    return state;
}

void token_life(struct account *account, int64_t seconds, int64_t uses) {
    tokens_of(account)->life_s = seconds;
    tokens_of(account)->uses = uses;
}

void token_expire(struct account *account) {
    struct tokens *tokens = tokens_of(account);
    for (int n = 0; n < TOKENS_KEPT; n++)
        tokens->kept[n].dead = true;
}

/* ---- the two endpoints ---- */

static void give(struct call *call, const char *token, int64_t expires_in) {
    call->answer = value_keep(call->request->ctx, json_pack("{ss sI}", "access_token", token,
                                                            "expires_in", (json_int_t)expires_in));
}

/* 0, or why no token is given. call->account is who has this AppID. */
static int credentials_errcode(const struct call *call, const char *grant_type, const char *appid,
                               const char *secret) {
    if (strcmp(grant_type, "client_credential"))
        return 40002;
    if (!*appid)
        return 41002;
    if (!*secret)
        return 41004;
    if (!call->account)
        return 40013;
    const char *right = call->account->config->secret;
    return right && !strcmp(right, secret) ? 0 : 40125;
}

void token_call(struct call *call) {
    void *ctx = call->request->ctx;
    const char *query = call->request->query;
    int64_t expires_in = 0;
    int errcode =
        credentials_errcode(call, query_get(ctx, query, "grant_type"),
                            query_get(ctx, query, "appid"), query_get(ctx, query, "secret"));
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    const char *token = token_fresh(call->account, &expires_in);
    give(call, token, expires_in);
}

void stable_token_call(struct call *call) {
    int64_t expires_in = 0;
    int errcode =
        credentials_errcode(call, value_string(call->body, "grant_type"),
                            value_string(call->body, "appid"), value_string(call->body, "secret"));
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    bool force = json_is_true(json_object_get(call->body, "force_refresh"));
    const char *token = token_stable(call->account, force, &expires_in);
    give(call, token, expires_in);
}
