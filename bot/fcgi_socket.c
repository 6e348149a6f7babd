#include "bot/fastcgi.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <talloc.h>
#include <unistd.h>

static const char out_of_memory[] = "out of memory";

static int refuse(void *ctx, const char **reason, const char *address, const char *why) {
    const char *text = talloc_asprintf(ctx, "cannot listen on %s: %s", address, why);
    *reason = text ? text : out_of_memory;
    return -1;
}

/* Makes room for a socket file. Only one that refuses connections is stale: one whose queue is full
 * or whose rights are not ours is somebody's. Returns 0, or -1 with *why. */
static int path_free(const struct sockaddr_un *address, const char **why) {
    struct stat status;
    if (lstat(address->sun_path, &status) < 0) {
        *why = strerror(errno);
        return errno == ENOENT ? 0 : -1;
    }
    if (!S_ISSOCK(status.st_mode)) {
        *why = "there is a file of that name that is not a socket";
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        *why = strerror(errno);
        return -1;
    }
    int result = connect(fd, (const struct sockaddr *)address, sizeof(*address));
    int error = errno;
    close(fd);
    if (!result || error == EAGAIN) {
        *why = "another process serves there";
        return -1;
    }
    if (error != ECONNREFUSED || unlink(address->sun_path) < 0) {
        *why = strerror(error != ECONNREFUSED ? error : errno);
        return -1;
    }
    return 0;
}

static int listen_path(void *ctx, const char *path, const char **reason) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *why = NULL;
    if (strlen(path) >= sizeof(address.sun_path)) {
        return refuse(ctx, reason, path, "the path is too long for a socket (107 bytes at most)");
    }
    strcpy(address.sun_path, path);
    if (path_free(&address, &why) < 0) {
        return refuse(ctx, reason, path, why);
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return refuse(ctx, reason, path, strerror(errno));
    }
    /* The first chmod counts at bind(): at no time may others connect. The second gives the group
     * what the umask took. */
    if (fchmod(fd, 0660) < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        chmod(path, 0660) < 0 || listen(fd, SOMAXCONN) < 0) {
        refuse(ctx, reason, path, strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}

static int listen_at(const struct addrinfo *at) {
    int one = 1, fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
        bind(fd, at->ai_addr, at->ai_addrlen) < 0 || listen(fd, SOMAXCONN) < 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static int listen_port(void *ctx, const char *address, const char **reason) {
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    const char *colon = strrchr(address, ':');
    if (!colon || colon == address || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        !colon[1] || strlen(colon + 1) > 5 || atoi(colon + 1) > 65535) {
        return refuse(ctx, reason, address, "expected /path/of.sock or host:port");
    }
    bool bracketed = address[0] == '[' && colon[-1] == ']'; /* [::1]:9000 */
    char *host =
        talloc_strndup(ctx, address + bracketed, (size_t)(colon - address) - (bracketed ? 2 : 0));
    if (!host) {
        *reason = out_of_memory;
        return -1;
    }
    int error = getaddrinfo(host, colon + 1, &hints, &found);
    talloc_free(host);
    if (error) {
        return refuse(ctx, reason, address, gai_strerror(error));
    }
    int fd = listen_at(found);
    error = errno;
    freeaddrinfo(found);
    return fd < 0 ? refuse(ctx, reason, address, strerror(error)) : fd;
}

/* That of day21-serve.socket, by systemd's protocol (sd_listen_fds(3)): the first one after stderr,
 * when it is this process that is meant. -1: there is none. */
static int inherited(void) {
    enum { FIRST = 3 };
    const char *process = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    if (!process || !count || atol(process) != getpid() || atoi(count) < 1)
        return -1;
    fcntl(FIRST, F_SETFD, FD_CLOEXEC);
    return FIRST;
}

/* Whether it listens where the configuration says, which is where nginx looks. */
static int take_inherited(void *ctx, int fd, const char *address, const char **reason) {
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof bound;
    const struct sockaddr_un *local = (const struct sockaddr_un *)&bound;
    if (getsockname(fd, (struct sockaddr *)&bound, &length) < 0 ||
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
        return refuse(ctx, reason, address, strerror(errno));
    bool path = strchr(address, '/') != NULL;
    if (path != (bound.ss_family == AF_UNIX) || (path && strcmp(local->sun_path, address) != 0))
        return refuse(ctx, reason, address, "the socket that systemd holds is another");
    return fd;
}

int fcgi_socket(void *ctx, const char *address, const char **reason) {
    int fd = inherited();
    if (fd >= 0)
        return take_inherited(ctx, fd, address, reason);
    return strchr(address, '/') ? listen_path(ctx, address, reason)
                                : listen_port(ctx, address, reason);
}
