#ifndef DAY21_TESTS_WX_TYPED_H
#define DAY21_TESTS_WX_TYPED_H

/* For tests of typed calls: an api whose WeChat answers everything with {} and notes the last
 * call. */

#include "tests/wx/peer.h"
#include "wx/api.h"
#include "wx/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <talloc.h>

#include <cmocka.h>

struct typed {
    uv_loop_t loop;
    struct peer peer;
    struct wx_http *http;
    struct wx_api *api;
    unsigned results;
    char target[512], body[8192];
};

static inline void typed_answer(struct peer *peer, struct peer_connection *connection,
                                const struct peer_request *request) {
    struct typed *typed = peer->data;
    if (strcmp(request->target, "/cgi-bin/stable_token") == 0) {
        peer_reply(connection, 200, "{\"access_token\":\"T\",\"expires_in\":7200}");
        return;
    }
    snprintf(typed->target, sizeof typed->target, "%s", request->target);
    snprintf(typed->body, sizeof typed->body, "%s", request->body);
    peer_reply(connection, 200, "{}");
}

static inline void typed_done(void *data, const struct wx_result *result) {
    struct typed *typed = data;
    assert_int_equal(result->error, 0);
    typed->results++;
    uv_stop(&typed->loop);
}

static inline void typed_open(struct typed *typed) {
    memset(typed, 0, sizeof *typed);
    assert_int_equal(uv_loop_init(&typed->loop), 0);
    assert_int_equal(peer_open(&typed->peer, &typed->loop, typed_answer, typed), 0);
    assert_int_equal(wx_http_open(NULL, &typed->loop, &typed->http, NULL), 0);
    struct wx_api_options options = {
        .base = typed->peer.base, .appid = "wxd21d21d21d21d21d", .secret = "SECRETSECRETSECRET"};
    assert_int_equal(wx_api_open(NULL, typed->http, &options, &typed->api), 0);
}

static inline void typed_close(struct typed *typed) {
    talloc_free(typed->api);
    wx_http_close(typed->http);
    peer_close(&typed->peer);
    while (uv_run(&typed->loop, UV_RUN_DEFAULT))
        ;
    assert_int_equal(uv_loop_close(&typed->loop), 0);
}

/* What a typed call returned was 0, and this is what WeChat saw of it. */
static inline void typed_sent(struct typed *typed, int error, const char *path, const char *body) {
    unsigned before = typed->results;
    char target[512];
    assert_int_equal(error, 0);
    while (typed->results == before)
        uv_run(&typed->loop, UV_RUN_DEFAULT);
    snprintf(target, sizeof target, "%s?access_token=T", path);
    assert_string_equal(typed->target, target);
    assert_string_equal(typed->body, body);
}

#endif
