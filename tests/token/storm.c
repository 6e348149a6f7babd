/* storm CONFIG ACCOUNT NUMBER CALLS OPENID...: one of several processes that call WeChat at once
 * while their token dies again and again (tests/e2e/token-storm.mjs). Makes CALLS template sends,
 * AT_ONCE of them in the air, each under a client_msg_id of its own, "storm-NUMBER-N". A send that
 * met two dead tokens, or got no answer in time, is handed up by wx/api and sent again here under
 * the same id, as day21 work would from its outbox. Prints one line of JSON at the end.
 */

#include "bot/account.h"
#include "bot/token.h"
#include "bot/vars.h"
#include "store/store.h"
#include "wx/http.h"
#include "wx/template.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <uv.h>

#define AT_ONCE     250
#define TRIES       20
#define START_MS    10    /* how often it looks whether Redis is there */
#define PATIENCE_MS 60000 /* with an answer: how fast this machine is, is not the question */

struct storm {
    uv_loop_t loop;
    uv_timer_t timer;
    struct store *store;
    struct wx_http *http;
    struct wx_api *api;
    struct token_share *token;
    struct wx_template_message message;
    char *const *people;
    int people_count, number;
    unsigned calls, begun, in_air, sent, twice, again;
    bool started;
};

struct send {
    struct storm *storm;
    unsigned number, tries;
};

static void end(struct storm *storm) {
    printf("{\"calls\":%u,\"sent\":%u,\"twice\":%u,\"again\":%u,\"fetches\":%u}\n", storm->begun,
           storm->sent, storm->twice, storm->again, wx_api_token_fetches(storm->api));
    uv_close((uv_handle_t *)&storm->timer, NULL);
    wx_http_close(storm->http);
    token_share_close(storm->token);
    store_close(storm->store);
}

static void begin(struct storm *storm, struct send *send);

static void on_sent(void *data, const struct wx_result *result) {
    struct send *send = data;
    struct storm *storm = send->storm;
    const struct wx_policy *policy = wx_class_policy(result->klass);
    storm->in_air--;
    if (policy->next == WX_NEXT_AGAIN && ++send->tries < TRIES) {
        storm->twice += result->klass == WX_CLASS_TOKEN;
        storm->again += result->klass != WX_CLASS_TOKEN;
        begin(storm, send);
        return;
    }
    if (policy->next == WX_NEXT_DONE)
        storm->sent++;
    else
        fprintf(stderr, "storm %d: lost number %u: %s: %s\n", storm->number, send->number,
                wx_class_name(result->klass), result->reason);
    if (storm->begun < storm->calls) {
        *send = (struct send){storm, storm->begun++, 0};
        begin(storm, send);
        return;
    }
    talloc_free(send);
    if (storm->in_air == 0)
        end(storm);
}

static void begin(struct storm *storm, struct send *send) {
    char id[64];
    struct wx_template_message message = storm->message;
    snprintf(id, sizeof id, "storm-%d-%u", storm->number, send->number);
    message.client_msg_id = id;
    message.touser = storm->people[send->number % (unsigned)storm->people_count];
    storm->in_air++;
    if (wx_template_send(storm->api, &message, on_sent, send))
        abort(); /* no memory, or a mistake of this program */
}

/* The storm breaks as soon as the token can be shared. */
static void on_tick(uv_timer_t *timer) {
    struct storm *storm = timer->data;
    if (storm->started || !store_ready(storm->store))
        return;
    storm->started = true;
    while (storm->begun < AT_ONCE && storm->begun < storm->calls) {
        struct send *send = talloc_zero(storm, struct send);
        if (!send)
            abort();
        *send = (struct send){storm, storm->begun++, 0};
        begin(storm, send);
    }
}

static int write_message(struct storm *storm, const struct account *account) {
    struct vars vars = {0};
    vars_number(&vars, "streak", 3);
    vars_number(&vars, "day", 4);
    vars_number(&vars, "days_left", 18);
    vars_text(&vars, "time", "2026年11月21日 20:15");
    vars_text(&vars, "url", "https://learn.example.com/");
    storm->message.template_id = config_template_id(account->config, "streak_at_risk");
    return storm->message.template_id
               ? notices_render(storm, account->notices, NOTICE_streak_at_risk, vars.list,
                                vars.count, &storm->message)
               : -1;
}

static int open_storm(struct storm *storm, const struct account *account) {
    const struct config *config = account->installation;
    struct store_options store = {.address = config->redis, .password = config->redis_password};
    uv_loop_init(&storm->loop);
    if (store_open(storm, &storm->loop, &store, &storm->store) ||
        wx_http_open(storm, &storm->loop, &storm->http, NULL) ||
        token_share_open(storm, &storm->loop, storm->store, account->config->name,
                         account->config->appid, &storm->token))
        return -1;
    struct wx_api_options api = {
        .base = config->api_base,
        .appid = account->config->appid,
        .secret = account->config->secret,
        .share = token_share_wx(storm->token),
        .timeout_ms = PATIENCE_MS,
    };
    return wx_api_open(storm, storm->http, &api, &storm->api);
}

int main(int argc, char **argv) {
    struct config *config;
    struct accounts *accounts;
    struct yaml_problem problem;
    signal(SIGPIPE, SIG_IGN);
    struct storm *storm = talloc_zero(NULL, struct storm);
    if (argc < 6 || !storm)
        return 2;
    if (config_load(storm, argv[1], &config, &problem) || config_secrets(config, &problem) ||
        config_redis_password(config, &problem) ||
        accounts_load(storm, config, &accounts, &problem)) {
        fprintf(stderr, "storm: %s\n", problem.text);
        return 1;
    }
    struct account *account = accounts_find(accounts, argv[2], strlen(argv[2]));
    storm->number = atoi(argv[3]);
    storm->calls = (unsigned)atoi(argv[4]);
    storm->people = argv + 5;
    storm->people_count = argc - 5;
    if (!account || write_message(storm, account) || open_storm(storm, account)) {
        fprintf(stderr, "storm: cannot start\n");
        return 1;
    }
    uv_timer_init(&storm->loop, &storm->timer);
    storm->timer.data = storm;
    uv_timer_start(&storm->timer, on_tick, 0, START_MS);
    uv_run(&storm->loop, UV_RUN_DEFAULT);
    uv_loop_close(&storm->loop);
    talloc_free(storm);
    return 0;
}
