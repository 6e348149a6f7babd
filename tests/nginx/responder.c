/* What stands behind nginx in tests/nginx/fastcgi: `fastcgi_responder SOCKET PROCESSES [LOG]`.
 * Each process answers with what it was asked, and writes a line into LOG:
 * "up PID", "handled PID QUERY", "answered PID QUERY", "down PID". */

#include "bot/fastcgi.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>
#include <uv.h>

struct responder {
    uv_loop_t loop;
    struct fcgi_server *server;
    uv_signal_t term;
    int log;
};

struct late {
    uv_timer_t timer;
    struct responder *responder;
    struct fcgi_request *request;
};

static void note(const struct responder *responder, const char *what, const char *about) {
    char line[256];
    int length = snprintf(line, sizeof(line), "%s %d %s\n", what, (int)getpid(), about);
    if (responder->log >= 0 && write(responder->log, line, (size_t)length) < 0) {
        perror("log");
    }
}

/* "METHOD path?query\n", then the body. */
static void answer(struct responder *responder, struct fcgi_request *request) {
    char *head =
        talloc_asprintf(request->ctx, "%s %s?%s\n", request->method, request->path, request->query);
    size_t head_length = strlen(head), length = head_length + request->body_length;
    char *body = talloc_realloc(request->ctx, head, char, length);
    memcpy(body + head_length, request->body, request->body_length);
    note(responder, "answered", request->query);
    fcgi_answer(request, &(struct fcgi_answer){.status = 200,
                                               .content_type = "application/octet-stream",
                                               .headers = "X-Responder: yes\r\n",
                                               .body = body,
                                               .length = length});
}

static void answer_big(struct fcgi_request *request) {
    size_t length = 3 * 1024 * 1024;
    char *body = talloc_array(request->ctx, char, length);
    memset(body, 'B', length);
    fcgi_answer(request, &(struct fcgi_answer){.status = 200, .body = body, .length = length});
}

static void late_closed(uv_handle_t *handle) {
    free(handle);
}

static void on_late(uv_timer_t *timer) {
    struct late *late = timer->data;
    answer(late->responder, late->request);
    uv_close((uv_handle_t *)timer, late_closed);
}

static void answer_late(struct responder *responder, struct fcgi_request *request,
                        unsigned milliseconds) {
    struct late *late = malloc(sizeof(*late));
    late->responder = responder;
    late->request = request;
    late->timer.data = late;
    uv_timer_init(&responder->loop, &late->timer);
    uv_timer_start(&late->timer, on_late, milliseconds, 0);
}

static void on_request(void *data, struct fcgi_request *request) {
    struct responder *responder = data;
    note(responder, "handled", request->query);
    if (!strcmp(request->path, "/big")) {
        answer_big(request);
    } else if (!strcmp(request->path, "/late")) {
        answer_late(responder, request, 600);
    } else if (!strcmp(request->path, "/soon")) {
        answer_late(responder, request, 3);
    } else {
        answer(responder, request);
    }
}

static void on_stopped(void *data) {
    note(data, "down", "");
}

static void on_term(uv_signal_t *term, int number) {
    struct responder *responder = term->data;
    (void)number;
    fcgi_stop(responder->server, on_stopped, responder);
    uv_close((uv_handle_t *)term, NULL);
}

static int serve(int fd, int log) {
    struct responder responder = {.log = log};
    void *ctx = talloc_new(NULL);
    uv_loop_init(&responder.loop);
    uv_signal_init(&responder.loop, &responder.term);
    responder.term.data = &responder;
    uv_signal_start(&responder.term, on_term, SIGTERM);
    if (fcgi_open(ctx, &responder.loop, fd, NULL, on_request, &responder, &responder.server) < 0) {
        return 1;
    }
    note(&responder, "up", "");
    uv_run(&responder.loop, UV_RUN_DEFAULT);
    talloc_free(ctx);
    return uv_loop_close(&responder.loop) ? 1 : 0;
}

static pid_t children[16];

/* Who started us ends all by ending us, and leaves none behind by dying. */
static void pass_on(int number) {
    for (size_t i = 0; i < sizeof(children) / sizeof(*children); i++) {
        if (children[i]) {
            kill(children[i], number);
        }
    }
}

int main(int count, char *arguments[]) {
    const char *reason;
    int result = 0, status;
    pid_t ended;
    if (count < 3) {
        fprintf(stderr, "usage: fastcgi_responder SOCKET PROCESSES [LOG]\n");
        return 2;
    }
    int log = count > 3 ? open(arguments[3], O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    int fd = fcgi_socket(NULL, arguments[1], &reason);
    if (fd < 0) {
        fprintf(stderr, "%s\n", reason);
        return 1;
    }
    signal(SIGTERM, pass_on);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    for (int i = 0; i < atoi(arguments[2]) && i < 16; i++) {
        if ((children[i] = fork()) == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            return serve(fd, log);
        }
    }
    close(fd);
    while ((ended = wait(&status)) > 0) {
        for (size_t i = 0; i < 16; i++) {
            children[i] = children[i] == ended ? 0 : children[i];
        }
        result |= status;
    }
    return result ? 1 : 0;
}
