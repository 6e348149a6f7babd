/* day21 menu push ACCOUNT: gives WeChat the account's menu (<pack>/menu.yaml). */

#include "bot/command.h"
#include "wx/api.h"
#include "wx/http.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <uv.h>

struct push {
    struct wx_http *http;
    int status;
};

static void on_pushed(void *data, const struct wx_result *result) {
    struct push *push = data;
    push->status = result->error ? 1 : 0;
    if (result->error)
        fprintf(stderr, "day21: menu not accepted: %s (%s)\n", result->reason,
                wx_class_name(result->klass));
    wx_http_close(push->http);
}

static int push_menu(const struct config *config, struct account *account) {
    uv_loop_t loop;
    struct push push = {.status = 1};
    struct wx_api *api;
    const char *reason = "out of memory";
    void *ctx = talloc_named_const(NULL, 0, "menu push");
    struct wx_api_options options = {
        .base = config->api_base,
        .appid = account->config->appid,
        .secret = account->config->secret,
    };
    uv_loop_init(&loop);
    if (wx_http_open(ctx, &loop, &push.http, &reason) ||
        wx_api_open(ctx, push.http, &options, &api) ||
        wx_api_call(api, WX_API_MENU_CREATE, menu_json(account->menu), on_pushed, &push)) {
        fprintf(stderr, "day21: %s\n", reason);
        return 1;
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    talloc_free(ctx);
    if (push.status == 0)
        printf("%s: menu accepted\n", account->config->name);
    return push.status;
}

static int menu_run(const struct config *config, const struct accounts *accounts, int argc,
                    char **argv) {
    (void)argc;
    if (strcmp(argv[0], "push") != 0) {
        fprintf(stderr, "day21: menu knows push, not %s\n", argv[0]);
        return 2;
    }
    struct account *account = command_account(accounts, argv[1]);
    return account ? push_menu(config, account) : 1;
}

const struct command menu_command = {
    .name = "menu",
    .arguments = "push ACCOUNT",
    .purpose = "give WeChat the account's menu",
    .min = 2,
    .max = 2,
    .secrets = true,
    .run = menu_run,
};
