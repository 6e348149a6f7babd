#include "bot/log.h"

#include "config/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *role = "day21";

void log_role(const char *name) {
    role = name;
}

const char *log_openid(const char *openid) {
    size_t length = strlen(openid);
    return length > 6 ? openid + length - 6 : openid;
}

static size_t stamp(char *line, size_t size) {
    struct timeval now;
    struct tm local;
    gettimeofday(&now, NULL);
    localtime_r(&now.tv_sec, &local);
    size_t length = strftime(line, size, "%Y-%m-%dT%H:%M:%S", &local);
    return length +
           (size_t)snprintf(line + length, size - length, ".%03d", (int)(now.tv_usec / 1000));
}

void log_line(enum log_level level, const char *format, ...) {
    static const char *const names[] = {"info", "warn", "error"};
    char line[1024];
    size_t room = sizeof line - 1; /* for the newline */
    size_t length = stamp(line, room);
    length += (size_t)snprintf(line + length, room - length, " %s %s: ", names[level], role);
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(line + length, room - length, format, args);
    va_end(args);
    if (wanted > 0)
        length += (size_t)wanted < room - length ? (size_t)wanted : room - length - 1;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[length++] = '\n';
    if (write(STDERR_FILENO, line, length) < 0)
        return; /* nowhere left to say it */
}

bool log_share_take(struct log_share *share, uint64_t now, unsigned *more) {
    *more = 0;
    if (now >= share->since + 60 * 1000) {
        *more = share->more;
        *share = (struct log_share){.since = now};
    }
    if (share->said == LIMIT_LOG_SHARE) {
        share->more++;
        return false;
    }
    share->said++;
    return true;
}
