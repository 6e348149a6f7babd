/* getcallbackip, get_api_domain_ip, callback/check: who reaches whom. Rules: api.md §14. */

#include "bot/config.h"
#include "endpoint.h"
#include "wx/crypto.h"
#include "wx/http.h"

#include <string.h>
#include <uv.h>

#define ECHO_LENGTH 19

void network_callback_ips(struct call *call) {
    call_give(call, json_pack("{s[sss]}", "ip_list", "127.0.0.1", "101.226.103.0/25",
                              "101.226.233.128/25"));
}

void network_api_ips(struct call *call) {
    call_give(call, json_pack("{s[ss]}", "ip_list", "127.0.0.1", "101.226.212.27"));
}

/* ---- callback/check ---- */

struct check {
    struct call *call;
    const char *echo, *ip;
    bool dns, ping;
    uint64_t began;
};

static bool one_of(const char *text, const char *const list[]) {
    for (; *list; list++)
        if (!strcmp(*list, text))
            return true;
    return false;
}

/* The GET of WeChat's console: what it answers is the echostr, or the callback is not there. */
static const char *url_make(void *ctx, const struct account *account, const char *echo) {
    const struct config_account *config = account->config;
    const char *time =
        must(talloc_asprintf(ctx, "%lld", (long long)(world_now_ms(account->world) / 1000)));
    const char *nonce = must(talloc_asprintf(ctx, "%.9s", echo));
    const char *parts[] = {config->token, time, nonce};
    char signature[WX_SIGNATURE_SIZE];
    wx_sign(parts, 3, signature);
    return must(talloc_asprintf(ctx, "%s/%s?signature=%s&timestamp=%s&nonce=%s&echostr=%s",
                                account->world->callback, config->name, signature, time, nonce,
                                echo));
}

static void answered(void *data, const struct wx_http_response *response) {
    struct check *check = data;
    bool well = !response->error && response->status == 200 && !strcmp(response->body, check->echo);
    const char *time =
        must(talloc_asprintf(check, "%.3fms", (double)(uv_hrtime() - check->began) / 1e6));
    json_t *answer = must(json_object());
    if (check->dns &&
        json_object_set_new(answer, "dns",
                            json_pack("[{ss ss}]", "ip", check->ip, "real_operator", "UNICOM")))
        must(NULL);
    if (check->ping &&
        json_object_set_new(answer, "ping",
                            json_pack("[{ss ss ss ss}]", "ip", check->ip, "from_operator", "CAP",
                                      "package_loss", well ? "0%" : "100%", "time",
                                      well ? time : "0ms")))
        must(NULL);
    call_give(check->call, answer);
    call_finish(check->call);
}

static const char *host_of(void *ctx, const char *url) {
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    return must(talloc_strndup(ctx, host, strcspn(host, ":/")));
}

void network_check(struct call *call) {
    static const char *const actions[] = {"all", "dns", "ping", NULL};
    static const char *const operators[] = {"DEFAULT", "CHINANET", "UNICOM", "CAP", NULL};
    const char *action = value_string(call->body, "action");
    void *ctx = call->request->ctx;
    if (!one_of(action, actions) ||
        !one_of(value_string(call->body, "check_operator"), operators)) {
        call_refuse(call, 40201, "invalid action or check_operator");
        return;
    }
    struct check *check = must(talloc_zero(ctx, struct check));
    char *echo = world_random(check, ECHO_LENGTH);
    for (char *at = echo; *at; at++) /* digits, as WeChat's are */
        *at = (char)('1' + (unsigned char)*at % 9);
    *check = (struct check){call,
                            echo,
                            host_of(check, call->world->callback),
                            strcmp(action, "ping") != 0,
                            strcmp(action, "dns") != 0,
                            uv_hrtime()};
    call->later = true;
    const struct wx_http_request request = {
        .method = "GET", .url = url_make(check, call->account, echo), .timeout_ms = 5000};
    if (wx_http_send(call->world->http, &request, answered, check)) {
        call->later = false;
        call_refuse(call, 40202, "the callback URL is none");
    }
}
