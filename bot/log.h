#ifndef DAY21_LOG_H
#define DAY21_LOG_H

/* The log: lines on stderr, "2026-11-21T20:15:03.123 warn serve: …" in the machine's local time.
 * One line an event; control characters of what is logged become "?", so that nobody can forge a
 * line. Secrets are never given to it, an openid only as log_openid(). */

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

/* Names the role that logs: "serve", "work". A static string. */
void log_role(const char *role);

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An openid, shortened to its last six characters: enough to find the learner, not to be one. Lives
 * in `openid`. */
const char *log_openid(const char *openid);

/* Of lines that may come by the hundred LIMIT_LOG_SHARE a minute are said, and how many more there
 * were. Begins as zeroes. */
struct log_share {
    uint64_t since; /* in milliseconds: when its minute began */
    unsigned said, more;
};

/* Whether one more may be said at `now`, a time in milliseconds that only grows. `more` then tells
 * how many there were in the minute that is over and were not said. */
bool log_share_take(struct log_share *share, uint64_t now, unsigned *more);

#endif
