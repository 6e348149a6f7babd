/* day21 serve: answers WeChat's callbacks and learners' browsers, over FastCGI. One event loop a
 * process; with `processes` above 1 a parent holds the socket, keeps that many children and passes
 * signals on. */

#include "bot/command.h"
#include "bot/fastcgi.h"
#include "bot/log.h"
#include "bot/turn.h"
#include "config/limits.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#define REDIS_PATIENCE_MS 1000

struct server {
    uv_loop_t loop;
    uv_signal_t term, intr;
    uv_timer_t drain, patience;
    struct store *store;
    struct turns *turns;
    struct fcgi_server *fcgi; /* NULL until requests are taken */
    int fd;                   /* where they will be taken from */
    const char *address;
    const struct accounts *accounts;
    bool stopping;
    uint64_t stop_at; /* loop time at which late turns are given up */
};

/* ---- pages ---- */

static void answer(struct fcgi_request *request, int status, const char *type, const char *body) {
    struct fcgi_answer answer = {
        .status = status, .content_type = type, .body = body, .length = strlen(body)};
    fcgi_answer(request, &answer);
}

static void healthz(struct server *server, struct fcgi_request *request, const char *below) {
    (void)below;
    if (store_ready(server->store))
        answer(request, 200, NULL, "ok\n");
    else
        answer(request, 503, NULL, "no Redis\n");
}

static void callback(struct server *server, struct fcgi_request *request, const char *below) {
    (void)below;
    turns_begin(server->turns, request);
}

/* /h5/ACCOUNT/course/ID */
static void h5(struct server *server, struct fcgi_request *request, const char *below) {
    static const char course_path[] = "/course/";
    const char *slash = strchr(below, '/');
    const struct account *account =
        slash ? accounts_find(server->accounts, below, (size_t)(slash - below)) : NULL;
    const struct course *course = NULL;
    if (account && strncmp(slash, course_path, strlen(course_path)) == 0)
        course = courses_find(account->courses, slash + strlen(course_path));
    char *page = course ? courses_page(request->ctx, account->courses, course,
                                       account->config->title, account->installation->public_url)
                        : NULL;
    if (page)
        answer(request, 200, "text/html; charset=utf-8", page);
    else
        answer(request, course ? 500 : 404, NULL, "");
}

static const struct page {
    const char *path; /* ends with "/": whatever is below it */
    void (*serve)(struct server *server, struct fcgi_request *request, const char *below);
} pages[] = {
    {"/wx/", callback},
    {"/h5/", h5},
    {"/healthz", healthz},
};

static void on_request(void *data, struct fcgi_request *request) {
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        size_t length = strlen(pages[i].path);
        bool whole = pages[i].path[length - 1] != '/';
        if (strncmp(request->path, pages[i].path, length) == 0 &&
            (!whole || request->path[length] == '\0')) {
            pages[i].serve(data, request, request->path + length);
            return;
        }
    }
    answer(request, 404, NULL, "");
}

/* ---- stopping ---- */

/* What is in hand is answered; turns past their deadline still bring their replies to the outbox.
 */
static void on_drain(uv_timer_t *timer) {
    struct server *server = timer->data;
    if (turns_pending(server->turns) > 0 && uv_now(&server->loop) < server->stop_at)
        return;
    uv_close((uv_handle_t *)timer, NULL);
    uv_close((uv_handle_t *)&server->patience, NULL);
    uv_close((uv_handle_t *)&server->term, NULL);
    uv_close((uv_handle_t *)&server->intr, NULL);
    store_close(server->store);
    turns_close(server->turns);
}

static void on_stopped(void *data) {
    struct server *server = data;
    uv_timer_start(&server->drain, on_drain, 0, 20);
}

static void on_signal(uv_signal_t *signal, int number) {
    struct server *server = signal->data;
    if (server->stopping)
        return;
    server->stopping = true;
    server->stop_at = uv_now(&server->loop) + LIMIT_FCGI_STOP_MS;
    log_line(LOG_INFO, "%s: answering what is in hand", strsignal(number));
    if (server->fcgi)
        fcgi_stop(server->fcgi, on_stopped, server);
    else
        on_stopped(server);
}

/* ---- beginning ---- */

/* Requests wait in the socket's queue until Redis is there: answered in the first milliseconds of a
 * new process they would be told to come again. But they do not wait for long. */
static void take_requests(struct server *server) {
    if (server->fcgi || server->stopping)
        return;
    uv_timer_stop(&server->patience);
    int error =
        fcgi_open(server, &server->loop, server->fd, NULL, on_request, server, &server->fcgi);
    if (error) {
        log_line(LOG_ERROR, "cannot start: %s", uv_strerror(error));
        exit(1);
    }
    log_line(LOG_INFO, "ready on %s", server->address);
}

static void on_patience(uv_timer_t *timer) {
    take_requests(timer->data);
}

static void on_store_changed(void *data, bool ready, const char *sentence) {
    if (sentence)
        log_line(ready ? LOG_INFO : LOG_ERROR, "%s", sentence);
    if (ready)
        take_requests(data);
}

/* ---- one process ---- */

static void catch_signal(struct server *server, uv_signal_t *handle, int number) {
    uv_signal_init(&server->loop, handle);
    handle->data = server;
    uv_signal_start(handle, on_signal, number);
}

static int serve_loop(const struct config *config, const struct accounts *accounts, int fd) {
    void *ctx = talloc_named_const(NULL, 0, "serve");
    struct server *server = talloc_zero(ctx, struct server);
    if (!server)
        return 1;
    struct store_options options = {
        .address = config->redis,
        .password = config->redis_password,
        .changed = on_store_changed,
        .data = server,
    };
    uv_loop_init(&server->loop);
    server->accounts = accounts;
    server->fd = fd;
    server->address = config->listen;
    if (store_open(ctx, &server->loop, &options, &server->store) ||
        !(server->turns =
              turns_open(ctx, &server->loop, server->store, accounts, config->turn_deadline_ms))) {
        log_line(LOG_ERROR, "cannot start: out of memory or handles");
        return 1;
    }
    catch_signal(server, &server->term, SIGTERM);
    catch_signal(server, &server->intr, SIGINT);
    uv_timer_init(&server->loop, &server->drain);
    server->drain.data = server;
    uv_timer_init(&server->loop, &server->patience);
    server->patience.data = server;
    uv_timer_start(&server->patience, on_patience, REDIS_PATIENCE_MS, 0);
    uv_run(&server->loop, UV_RUN_DEFAULT);
    log_line(LOG_INFO, "stopped");
    uv_loop_close(&server->loop);
    talloc_free(ctx);
    return 0;
}

/* ---- several processes ---- */

/* The parent has its signals blocked and takes them one by one, so that none comes between looking
 * and waiting, nor to a child that is not ready for it. */
static sigset_t parent_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    return signals;
}

static pid_t spawn(const struct config *config, const struct accounts *accounts, int fd) {
    pid_t parent = getpid(), pid = fork();
    if (pid < 0)
        log_line(LOG_ERROR, "no process: %s", strerror(errno));
    if (pid != 0)
        return pid;
    sigset_t signals = parent_signals();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
    _exit(serve_loop(config, accounts, fd));
}

static void replace(const struct config *config, const struct accounts *accounts, int fd,
                    pid_t *children, pid_t dead, int status) {
    for (unsigned i = 0; i < config->processes; i++) {
        if (children[i] != dead)
            continue;
        log_line(LOG_ERROR, "process %d ended (%s %d), starting another", (int)dead,
                 WIFSIGNALED(status) ? "signal" : "status",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        sleep(1); /* whatever kills them at once shall not keep a core busy */
        children[i] = spawn(config, accounts, fd);
    }
}

static int serve_children(const struct config *config, const struct accounts *accounts, int fd) {
    pid_t *children = talloc_zero_array(NULL, pid_t, config->processes);
    sigset_t signals = parent_signals();
    int number = SIGCHLD;
    if (!children)
        return 1;
    sigprocmask(SIG_BLOCK, &signals, NULL);
    for (unsigned i = 0; i < config->processes; i++)
        children[i] = spawn(config, accounts, fd);
    while (number == SIGCHLD) {
        int status;
        pid_t dead;
        sigwait(&signals, &number);
        while (number == SIGCHLD && (dead = waitpid(-1, &status, WNOHANG)) > 0)
            replace(config, accounts, fd, children, dead, status);
    }
    close(fd); /* or who connects from now on would wait for the last child to end, for nothing */
    for (unsigned i = 0; i < config->processes; i++)
        if (children[i] > 0)
            kill(children[i], SIGTERM);
    while (wait(NULL) > 0 || errno == EINTR)
        continue;
    talloc_free(children);
    return 0;
}

/* Our own cap on connections shall be the one that counts: the usual soft limit of 1024 is below
 * it. */
static void allow_files(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static int serve(const struct config *config, const struct accounts *accounts, int argc,
                 char **argv) {
    (void)argc;
    (void)argv;
    const char *reason;
    log_role("serve");
    allow_files();
    void *ctx = talloc_new(NULL);
    int fd = fcgi_socket(ctx, config->listen, &reason);
    if (fd < 0)
        log_line(LOG_ERROR, "%s", reason);
    talloc_free(ctx);
    if (fd < 0)
        return 1;
    return config->processes > 1 ? serve_children(config, accounts, fd)
                                 : serve_loop(config, accounts, fd);
}

const struct command serve_command = {
    .name = "serve",
    .arguments = "",
    .purpose = "answer WeChat and browsers, over FastCGI",
    .redis = true,
    .run = serve,
};
