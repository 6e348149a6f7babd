#include "bot/session.h"

#include <stdio.h>
#include <talloc.h>
#include <time.h>

#define WAIT_MS 15000

static void on_patience(uv_timer_t *timer) {
    (void)timer; /* only wakes the loop */
}

static void tell_trouble(const struct session *session) {
    const struct store_trouble *trouble = store_trouble(session->store);
    if (trouble)
        fprintf(stderr, "day21: %s; %s\n", trouble->what, trouble->todo);
    else
        fprintf(stderr, "day21: %s\n", store_error_text(STORE_E_AWAY));
}

static bool worth_waiting(const struct session *session) {
    const struct store_trouble *trouble = store_trouble(session->store);
    return !store_ready(session->store) && (!trouble || trouble->passing);
}

static bool await_ready(struct session *session) {
    uint64_t give_up_at = uv_now(&session->loop) + WAIT_MS;
    while (worth_waiting(session) && uv_now(&session->loop) < give_up_at)
        uv_run(&session->loop, UV_RUN_ONCE);
    return store_ready(session->store);
}

struct session *session_open(const struct config *config, struct account *account) {
    struct session *session = talloc_zero(NULL, struct session);
    struct store_options options = {.address = config->redis, .password = config->redis_password};
    if (!session)
        return NULL;
    int64_t now = time(NULL);
    session->account = account;
    session->turn = (struct store_turn){
        .account = account->config->name,
        .openid = "",
        .id = "",
        .now = now,
        .day = calendar_day(account->calendar, now)->number,
    };
    uv_loop_init(&session->loop);
    if (store_open(session, &session->loop, &options, &session->store)) {
        talloc_free(session);
        return NULL;
    }
    uv_timer_init(&session->loop, &session->patience);
    uv_timer_start(&session->patience, on_patience, 100, 100);
    if (await_ready(session))
        return session;
    tell_trouble(session);
    session_close(session);
    return NULL;
}

void session_close(struct session *session) {
    store_close(session->store);
    uv_close((uv_handle_t *)&session->patience, NULL);
    uv_run(&session->loop, UV_RUN_DEFAULT);
    uv_loop_close(&session->loop);
    talloc_free(session);
}

void session_done(struct session *session, int error) {
    session->called = true;
    session->error = error;
}

void session_done_result(void *data, int error, int64_t result) {
    struct session *session = data;
    session->result = result;
    session_done(session, error);
}

int session_wait(struct session *session) {
    while (!session->called)
        uv_run(&session->loop, UV_RUN_ONCE);
    session->called = false;
    if (session->error == STORE_E_AWAY)
        tell_trouble(session);
    else if (session->error)
        fprintf(stderr, "day21: %s %s\n", store_error_text(session->error),
                session->error == STORE_E_REFUSED ? store_refusal(session->store) : "");
    return session->error;
}
