/* The load generator of tests/bench/callback: WeChat at a rush hour. Sends prepared messages over
 * kept HTTP/1.1 connections and says, as one JSON object, what came back and how fast.
 *
 *   closed loop   each connection sends its next message when the reply is there: throughput
 *   open loop     --rate: messages are due at fixed moments, whether or not earlier ones have been
 *                 answered, and latency counts from the moment a message was due: a stall is felt
 *                 by every message due in it, not only by those that were under way
 *
 * --watch PID adds the processor time that process used between the first message and the last
 * reply. */

#include "tests/bench/request.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS 256
#define WATCHED     16
#define REPLY_SIZE  8192
#define SAMPLES     1000          /* replies looked at closely */
#define STALL_NS    (10 * SECOND) /* no reply for so long: give up */
#define SECOND      UINT64_C(1000000000)

struct connection {
    int fd;
    size_t request; /* the one it waits for the reply of */
    bool busy;
    uint64_t due;
    size_t got;
    char in[REPLY_SIZE + 1];
};

struct sample {
    size_t request;
    int status;
    char *body;
    size_t length;
};

struct run {
    struct addressee to;
    int port;
    unsigned connections_count, repeat, rate;
    double seconds;
    size_t count;
    pid_t watched[WATCHED];
    unsigned watched_count;

    struct request *requests;
    struct connection *connections;
    int epoll;
    uint64_t begun, ended, progress;
    size_t sent, answered, right, sampled;
    size_t bad_status, bad_reply, lost;
    uint32_t *latency; /* µs, of each right reply */
    struct sample samples[SAMPLES];
};

static uint64_t clock_ns(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static uint64_t now_ns(void) {
    return clock_ns(CLOCK_MONOTONIC);
}

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(1);
}

/* ---- connections ---- */

static void open_connection(struct run *run, struct connection *connection) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)run->port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0 ||
        connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("cannot connect to port %d: %s", run->port, strerror(errno));
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(run->epoll, EPOLL_CTL_ADD, connection->fd, &event);
    connection->got = 0;
}

static void reopen(struct run *run, struct connection *connection) {
    close(connection->fd);
    open_connection(run, connection);
}

/* A request is far smaller than a socket's buffer, so that sending never waits. */
static void send_request(struct run *run, struct connection *connection, uint64_t due) {
    connection->request = run->sent++ / run->repeat;
    connection->due = due;
    connection->busy = true;
    const struct request *request = &run->requests[connection->request];
    ssize_t sent = send(connection->fd, request->bytes, request->length, MSG_NOSIGNAL);
    if (sent >= 0 && (size_t)sent == request->length)
        return;
    reopen(run, connection); /* nginx closed it in the meantime */
    sent = send(connection->fd, request->bytes, request->length, MSG_NOSIGNAL);
    if (sent < 0 || (size_t)sent != request->length)
        die("cannot send: %s", strerror(errno));
}

/* ---- replies ---- */

/* Chunks put together in place. Returns 1 when the last one is there, 0 when not, -1 if they make
 * no sense. */
static int join_chunks(char *body, size_t length, size_t *joined) {
    char *from = body, *end = body + length, *to = body;
    for (;;) {
        char *line = memmem(from, (size_t)(end - from), "\r\n", 2);
        if (!line)
            return 0;
        char *after;
        size_t size = strtoul(from, &after, 16);
        if (after != line || size > REPLY_SIZE)
            return -1;
        from = line + 2;
        if ((size_t)(end - from) < size + 2)
            return 0;
        if (size == 0)
            break;
        memmove(to, from, size);
        to += size;
        from += size + 2;
    }
    *joined = (size_t)(to - body);
    return 1;
}

/* The same without touching anything: whether the last chunk is there. */
static bool chunks_complete(const char *body, size_t length) {
    static const char last[] = "0\r\n\r\n";
    return length >= strlen(last) && memcmp(body + length - strlen(last), last, strlen(last)) == 0;
}

static const char *header(const char *head, const char *name) {
    const char *line = strcasestr(head, name);
    return line ? line + strlen(name) : NULL;
}

/* Returns 1 and the reply when it is whole, 0 when more must come, -1 if it is not HTTP. */
static int read_reply(struct connection *connection, struct reply *reply, bool *closes) {
    connection->in[connection->got] = '\0';
    char *body = memmem(connection->in, connection->got, "\r\n\r\n", 4);
    if (!body)
        return 0;
    body[2] = '\0';
    body += 4;
    reply->body = body;
    size_t here = connection->got - (size_t)(body - connection->in);
    const char *value = header(connection->in, "\r\nContent-Length:");
    int whole = -1;
    if (value) {
        reply->length = strtoul(value, NULL, 10);
        whole = here >= reply->length;
    } else if (header(connection->in, "\r\nTransfer-Encoding: chunked")) {
        whole = chunks_complete(body, here) ? join_chunks(body, here, &reply->length) : 0;
    }
    if (sscanf(connection->in, "HTTP/1.1 %d", &reply->status) != 1)
        return -1;
    value = header(connection->in, "\r\nConnection:");
    *closes = value && strncasecmp(value, " close", 6) == 0;
    body[-2] = '\r';
    return whole;
}

/* Every so many of the replies, so that SAMPLES are spread over the run. */
static void keep_sample(struct run *run, const struct connection *connection,
                        const struct reply *reply) {
    size_t step = run->count * run->repeat / SAMPLES + 1;
    if (run->answered % step != 0 || run->sampled == SAMPLES)
        return;
    run->samples[run->sampled++] = (struct sample){
        .request = connection->request,
        .status = reply->status,
        .body = talloc_strndup(run, reply->body, reply->length),
        .length = reply->length,
    };
}

static void take_reply(struct run *run, struct connection *connection, const struct reply *reply) {
    uint64_t now = now_ns();
    connection->busy = false;
    run->progress = now;
    keep_sample(run, connection, reply);
    run->answered++;
    if (reply_plausible(&run->to, &run->requests[connection->request], reply))
        run->latency[run->right++] = (uint32_t)((now - connection->due) / 1000);
    else if (reply->status == 200)
        run->bad_reply++;
    else
        run->bad_status++;
}

static void lose(struct run *run, struct connection *connection) {
    if (connection->busy) {
        run->lost++;
        run->answered++;
    }
    connection->busy = false;
    reopen(run, connection);
}

static void on_readable(struct run *run, struct connection *connection) {
    ssize_t got = recv(connection->fd, connection->in + connection->got,
                       REPLY_SIZE - connection->got, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return;
    struct reply reply;
    bool closes;
    int whole = -1;
    if (got > 0) {
        connection->got += (size_t)got;
        whole = connection->busy ? read_reply(connection, &reply, &closes) : -1;
    }
    if (whole < 0 || (whole == 0 && connection->got == REPLY_SIZE)) {
        lose(run, connection);
    } else if (whole > 0) {
        take_reply(run, connection, &reply);
        connection->got = 0;
        if (closes)
            reopen(run, connection);
    }
}

/* ---- the loop ---- */

static bool all_sent(const struct run *run) {
    uint64_t limit = (uint64_t)(run->seconds * (double)SECOND) * (run->rate ? 3 : 1);
    return run->sent == run->count * run->repeat || (limit && now_ns() - run->begun >= limit);
}

static uint64_t due_next(const struct run *run) {
    return run->rate ? run->begun + run->sent * SECOND / run->rate : now_ns();
}

/* Whatever is due goes out on whatever connection is free. */
static void dispatch(struct run *run) {
    for (unsigned i = 0; i < run->connections_count && !all_sent(run); i++) {
        uint64_t due = due_next(run);
        if (due > now_ns())
            return;
        if (!run->connections[i].busy)
            send_request(run, &run->connections[i], due);
    }
}

static void wait_for_events(struct run *run) {
    struct epoll_event events[64];
    uint64_t wait = SECOND / 10, now = now_ns();
    if (run->rate && !all_sent(run)) {
        uint64_t due = due_next(run);
        uint64_t until = due > now ? due - now : 0;
        /* Something due that cannot go out waits for a free connection. */
        wait = until > 0 && until < wait ? until : wait;
    }
    struct timespec timeout = {(time_t)(wait / SECOND), (long)(wait % SECOND)};
    int count = epoll_pwait2(run->epoll, events, 64, &timeout, NULL);
    for (int i = 0; i < count; i++)
        on_readable(run, events[i].data.ptr);
}

static uint64_t cpu_ns(pid_t pid) {
    clockid_t clock;
    if (clock_getcpuclockid(pid, &clock) != 0)
        die("there is no process %d", (int)pid);
    return clock_ns(clock);
}

static void measure(struct run *run, uint64_t cpu[WATCHED]) {
    for (unsigned i = 0; i < run->watched_count; i++)
        cpu[i] = cpu_ns(run->watched[i]);
    run->begun = run->progress = now_ns();
    for (;;) {
        dispatch(run);
        if (run->answered == run->sent && all_sent(run))
            break;
        if (now_ns() - run->progress > STALL_NS) {
            run->lost += run->sent - run->answered;
            break;
        }
        wait_for_events(run);
    }
    run->ended = now_ns();
    for (unsigned i = 0; i < run->watched_count; i++)
        cpu[i] = cpu_ns(run->watched[i]) - cpu[i];
}

/* ---- the result ---- */

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t percentile(const struct run *run, double share) {
    if (run->right == 0)
        return 0;
    size_t i = (size_t)(share * (double)run->right);
    return run->latency[i < run->right ? i : run->right - 1];
}

static size_t wrong_samples(const struct run *run) {
    size_t wrong = 0;
    for (size_t i = 0; i < run->sampled; i++) {
        const struct sample *sample = &run->samples[i];
        struct reply reply = {sample->status, sample->body, sample->length};
        wrong += !reply_right(&run->to, &run->requests[sample->request], &reply);
    }
    return wrong;
}

static void print_result(struct run *run, const uint64_t cpu[WATCHED]) {
    double seconds = (double)(run->ended - run->begun) / (double)SECOND;
    qsort(run->latency, run->right, sizeof run->latency[0], compare);
    printf(
        "{\"sent\": %zu, \"right\": %zu, \"distinct\": %zu, \"seconds\": %.4f, "
        "\"per_second\": %.1f, ",
        run->sent, run->right, (run->sent + run->repeat - 1) / run->repeat, seconds,
        (double)run->right / seconds);
    printf("\"p50_us\": %u, \"p99_us\": %u, \"max_us\": %u, ", percentile(run, 0.5),
           percentile(run, 0.99), percentile(run, 1));
    printf(
        "\"errors\": {\"status\": %zu, \"reply\": %zu, \"lost\": %zu, \"sampled\": %zu, "
        "\"wrong\": %zu}, \"cpu_us\": {",
        run->bad_status, run->bad_reply, run->lost, run->sampled, wrong_samples(run));
    for (unsigned i = 0; i < run->watched_count; i++)
        printf("%s\"%d\": %.1f", i ? ", " : "", (int)run->watched[i], (double)cpu[i] / 1000.0);
    puts("}}");
}

/* ---- options ---- */

static const char usage[] =
    "usage: load --port N --host NAME --path /wx/NAME --to GH --token TOKEN --count N\n"
    "            [--appid ID --key ENCODINGAESKEY]   safe mode\n"
    "            [--connections 32] [--seconds S] [--rate N] [--repeat N] [--forge]\n"
    "            [--watch PID]...";

static const struct option options[] = {
    {"port", required_argument, NULL, 'p'},
    {"host", required_argument, NULL, 'h'},
    {"path", required_argument, NULL, 'P'},
    {"to", required_argument, NULL, 't'},
    {"token", required_argument, NULL, 'T'},
    {"appid", required_argument, NULL, 'a'},
    {"key", required_argument, NULL, 'k'},
    {"count", required_argument, NULL, 'n'},
    {"connections", required_argument, NULL, 'c'},
    {"seconds", required_argument, NULL, 's'},
    {"rate", required_argument, NULL, 'r'},
    {"repeat", required_argument, NULL, 'R'},
    {"watch", required_argument, NULL, 'w'},
    {"forge", no_argument, NULL, 'f'},
    {0},
};

static unsigned number(const char *text, unsigned most) {
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*end || end == text || value == 0 || value > most)
        die("%s is not a number from 1 to %u", text, most);
    return (unsigned)value;
}

static void take_option(struct run *run, int option) {
    switch (option) {
    case 'p':
        run->port = (int)number(optarg, 65535);
        break;
    case 'h':
        run->to.host = optarg;
        break;
    case 'P':
        run->to.path = optarg;
        break;
    case 't':
        run->to.original_id = optarg;
        break;
    case 'T':
        run->to.token = optarg;
        break;
    case 'a':
        run->to.appid = optarg;
        break;
    case 'k':
        if (wx_aes_key_decode(optarg, run->to.key))
            die("that is no EncodingAESKey");
        run->to.safe = true;
        break;
    case 'n':
        run->count = number(optarg, 10000000);
        break;
    case 'c':
        run->connections_count = number(optarg, CONNECTIONS);
        break;
    case 's':
        run->seconds = atof(optarg);
        break;
    case 'r':
        run->rate = number(optarg, 1000000);
        break;
    case 'R':
        run->repeat = number(optarg, 100);
        break;
    case 'f':
        run->to.forge = true;
        break;
    case 'w':
        if (run->watched_count == WATCHED)
            die("too many processes to watch");
        run->watched[run->watched_count++] = (pid_t)number(optarg, 1 << 22);
        break;
    default:
        die("%s", usage);
    }
}

int main(int argc, char **argv) {
    struct run *run = talloc_zero(NULL, struct run);
    uint64_t cpu[WATCHED] = {0};
    int option;
    if (!run)
        die("out of memory");
    run->connections_count = 32;
    run->repeat = 1;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        take_option(run, option);
    if (optind < argc || !run->port || !run->to.host || !run->to.path || !run->to.original_id ||
        !run->to.token || !run->count || (run->to.safe && !run->to.appid))
        die("%s", usage);
    prctl(PR_SET_TIMERSLACK, 1000UL); /* else timers come up to 50 µs late */
    run->epoll = epoll_create1(EPOLL_CLOEXEC);
    run->requests = requests_make(run, &run->to, run->count);
    run->latency = talloc_array(run, uint32_t, run->count * run->repeat);
    run->connections = talloc_zero_array(run, struct connection, run->connections_count);
    if (!run->requests || !run->latency || !run->connections)
        die("out of memory");
    for (unsigned i = 0; i < run->connections_count; i++)
        open_connection(run, &run->connections[i]);
    measure(run, cpu);
    print_result(run, cpu);
    talloc_free(run);
    return 0;
}
