/* day21-sandbox: stands where WeChat stands, for trying and testing. Nothing of it is in day21. */

#include "alarm.h"
#include "article.h"
#include "bot/config.h"
#include "bot/fastcgi.h"
#include "bot/notices.h"
#include "feed.h"
#include "journal.h"
#include "media.h"
#include "page.h"
#include "wechat.h"
#include "world.h"
#include "wx/http.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static const char usage[] =
    "Usage: day21-sandbox -c CONFIG --listen SOCKET --state DIRECTORY\n"
    "                     [--callback URL] [--people N] [--wait-ms N] [--finish-ms N]\n"
    "\n"
    "Plays WeChat for the accounts of a Day21 configuration: FastCGI on SOCKET.\n"
    "  --callback URL   where the bot is; pushes go to URL/<account>. Default: public_url/wx\n"
    "  --people N       further people per account, besides the six with names\n"
    "  --wait-ms N      how long a push waits for its answer. Default: 5000, as WeChat\n"
    "  --finish-ms N    from a template message to the event that tells its end. Default: 300\n";

#define BODY_MOST (11 * 1024 * 1024) /* an upload of 10 MiB, and what is around it */

struct options {
    const char *config, *listen, *state, *callback;
    long people, wait_ms, finish_ms;
};

struct program {
    uv_loop_t loop;
    uv_signal_t signals[2];
    struct world *world;
    struct feed *feed;
    struct fcgi_server *server;
};

static int complain(const char *problem) {
    fprintf(stderr, "day21-sandbox: %s\n", problem);
    return -1;
}

/* ---- command line ---- */

static int number_read(const char *text, long least, long most, long *number) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < least || value > most) {
        fprintf(stderr, "day21-sandbox: %s: a number from %ld to %ld is expected\n", text, least,
                most);
        return -1;
    }
    *number = value;
    return 0;
}

static int options_read(int argc, char **argv, struct options *options) {
    static const struct option names[] = {
        {"config", required_argument, NULL, 'c'},
        {"listen", required_argument, NULL, 'l'},
        {"state", required_argument, NULL, 's'},
        {"callback", required_argument, NULL, 'b'},
        {"people", required_argument, NULL, 'p'},
        {"wait-ms", required_argument, NULL, 'w'},
        {"finish-ms", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    *options = (struct options){.wait_ms = 5000, .finish_ms = 300};
    for (int option, wrong; (option = getopt_long(argc, argv, "c:h", names, NULL)) != -1;) {
        wrong = 0;
        if (option == 'c')
            options->config = optarg;
        else if (option == 'l')
            options->listen = optarg;
        else if (option == 's')
            options->state = optarg;
        else if (option == 'b')
            options->callback = optarg;
        else if (option == 'p')
            wrong = number_read(optarg, 0, PEOPLE_MOST, &options->people);
        else if (option == 'w')
            wrong = number_read(optarg, 10, 60000, &options->wait_ms);
        else if (option == 'f')
            wrong = number_read(optarg, 0, 60000, &options->finish_ms);
        else if (option == 'h')
            return fputs(usage, stdout), exit(0), 0;
        else
            wrong = -1;
        if (wrong)
            return -1;
    }
    if (optind == argc && options->config && options->listen && options->state)
        return 0;
    fputs(usage, stderr);
    return -1;
}

/* ---- requests ---- */

static void handle(void *data, struct fcgi_request *request) {
    static const char api[] = "/sandbox/api/", wechat[] = "/sandbox/wechat/";
    static const char article[] = "/sandbox/wechat/s/", media[] = "/sandbox/wechat/mmbiz/";
    struct program *program = data;
    if (!strncmp(request->path, api, sizeof api - 1))
        page_call(program->world, program->feed, request, request->path + sizeof api - 1);
    else if (!strncmp(request->path, article, sizeof article - 1))
        article_page(program->world, request, request->path + sizeof article - 1);
    else if (!strncmp(request->path, media, sizeof media - 1))
        media_page(program->world, request, request->path + sizeof media - 1);
    else if (!strncmp(request->path, wechat, sizeof wechat - 1))
        wechat_call(program->world, request, request->path + sizeof wechat - 1);
    else
        page_refuse(request, 404, "no such page");
}

/* ---- beginning and end ---- */

static void stopped(void *data) {
    struct program *program = data;
    talloc_free(program->server);
    program->server = NULL;
}

/* Answers all who wait, calls nobody any more, and lets the loop run empty. */
static void stop(uv_signal_t *signal, int number) {
    struct program *program = signal->data;
    (void)number;
    program->world->stopping = true;
    for (int i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&program->signals[i], NULL);
    fcgi_stop(program->server, stopped, program);
    alarms_stop(program->world->alarms);
    wx_http_close(program->world->http);
}

static int signals_open(struct program *program) {
    static const int numbers[] = {SIGTERM, SIGINT};
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < 2; i++) {
        program->signals[i].data = program;
        if (uv_signal_init(&program->loop, &program->signals[i]) ||
            uv_signal_start(&program->signals[i], stop, numbers[i]))
            return complain("cannot wait for signals");
    }
    return 0;
}

/* What the operator chose in WeChat's template library: the pack repeats its titles and labels. The
 * phone does without where a pack cannot be read. */
static void notices_open(struct world *world) {
    for (unsigned i = 0; i < world->accounts_count; i++) {
        struct account *account = &world->accounts[i];
        struct notices *notices;
        struct yaml_problem problem;
        const char *pack =
            must(talloc_asprintf(world, "%s/%s", world->config->templates, account->config->pack));
        if (notices_load(world, pack, &notices, &problem))
            complain(problem.text);
        else
            account->notices = notices;
    }
}

static int world_make(struct program *program, const struct options *options) {
    struct yaml_problem problem;
    struct config *config;
    const char *reason = "out of memory";
    if (config_load(program, options->config, &config, &problem) ||
        config_secrets(config, &problem))
        return complain(problem.text);
    struct world *world = world_open(program, config, (unsigned)options->people);
    program->world = world;
    notices_open(world);
    world->loop = &program->loop;
    world->state = options->state;
    world->wait_ms = options->wait_ms;
    world->finish_ms = options->finish_ms;
    world->callback = options->callback ? options->callback
                                        : must(talloc_asprintf(world, "%s/wx", config->public_url));
    if (journal_open(world, options->state, world))
        return -1;
    if (wx_http_open(world, &program->loop, &world->http, &reason))
        return complain(reason);
    world->alarms = alarms_open(world, &program->loop);
    program->feed = feed_open(world);
    return 0;
}

static int listen_open(struct program *program, const struct options *options) {
    static const struct fcgi_options limits = {.body_limit = BODY_MOST};
    const char *reason = "out of memory";
    int fd = fcgi_socket(program, options->listen, &reason);
    if (fd < 0)
        return complain(reason);
    int result = fcgi_open(program, &program->loop, fd, &limits, handle, program, &program->server);
    return result ? complain(strerror(-result)) : 0;
}

int main(int argc, char **argv) {
    struct options options;
    if (options_read(argc, argv, &options))
        return 2;
    static struct program *program; /* what a failed start leaves behind stays in reach of it */
    program = must(talloc_zero(NULL, struct program));
    if (uv_loop_init(&program->loop))
        return complain("no event loop") ? 1 : 0;
    if (world_make(program, &options) || listen_open(program, &options) || signals_open(program))
        return 1;
    uv_run(&program->loop, UV_RUN_DEFAULT);
    uv_loop_close(&program->loop);
    talloc_free(program);
    return 0;
}
