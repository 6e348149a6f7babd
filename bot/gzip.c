#include "bot/gzip.h"

#include "config/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>
#include <zlib.h>

#define CHUNK  (64 * 1024)
#define WINDOW (15 + 16) /* zlib: the largest, and a gzip file around it */

const char *gzip_error(int error) {
    return error == GZIP_BROKEN ? "not whole, or not one of ours" : strerror(-error);
}

/* ---- writing ---- */

struct gzip_out {
    int fd;
    z_stream zlib;
    struct wx_digest *digest;
    unsigned char bytes[CHUNK];
};

static int close_out(struct gzip_out *out) {
    if (out->fd >= 0)
        close(out->fd);
    deflateEnd(&out->zlib);
    return 0;
}

int gzip_create(void *ctx, const char *path, struct gzip_out **out) {
    struct gzip_out *made = talloc_zero(ctx, struct gzip_out);
    if (!made)
        return -ENOMEM;
    if (wx_digest_open(made, &made->digest) ||
        deflateInit2(&made->zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        talloc_free(made);
        return -ENOMEM;
    }
    made->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int error = made->fd < 0 ? -errno : 0;
    talloc_set_destructor(made, close_out);
    if (error)
        talloc_free(made);
    else
        *out = made;
    return error;
}

static int write_all(struct gzip_out *out, size_t length) {
    wx_digest_add(out->digest, out->bytes, length);
    for (size_t done = 0; done < length;) {
        ssize_t written = write(out->fd, out->bytes + done, length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        done += (size_t)written;
    }
    return 0;
}

static int pump(struct gzip_out *out, int flush) {
    do {
        out->zlib.next_out = out->bytes;
        out->zlib.avail_out = CHUNK;
        deflate(&out->zlib, flush);
        int error = write_all(out, CHUNK - out->zlib.avail_out);
        if (error)
            return error;
    } while (out->zlib.avail_out == 0);
    return 0;
}

int gzip_write(struct gzip_out *out, const void *data, size_t length) {
    const unsigned char *at = data;
    for (size_t piece; length > 0; at += piece, length -= piece) {
        piece = length < CHUNK ? length : CHUNK;
        out->zlib.next_in = (unsigned char *)(size_t)at; /* zlib only reads it */
        out->zlib.avail_in = (unsigned)piece;
        int error = pump(out, Z_NO_FLUSH);
        if (error)
            return error;
    }
    return 0;
}

int gzip_finish(struct gzip_out *out, char sha256[WX_SHA256_SIZE]) {
    out->zlib.next_in = NULL;
    out->zlib.avail_in = 0;
    int error = pump(out, Z_FINISH);
    if (!error && fsync(out->fd) < 0)
        error = -errno;
    int fd = out->fd;
    out->fd = -1;
    if (close(fd) < 0 && !error)
        error = -errno;
    wx_digest_end(out->digest, sha256);
    return error;
}

/* ---- reading ---- */

struct gzip_in {
    int fd;
    z_stream zlib;
    struct wx_digest *digest;
    bool ended; /* the compressed stream has; nothing may follow it */
    unsigned char bytes[CHUNK];
    size_t from, to; /* of the lines that are not read yet */
    char lines[2 * LIMIT_ARCHIVE_LINE];
};

static int close_in(struct gzip_in *in) {
    if (in->fd >= 0)
        close(in->fd);
    inflateEnd(&in->zlib);
    return 0;
}

int gzip_open(void *ctx, const char *path, struct gzip_in **in) {
    struct gzip_in *made = talloc_zero(ctx, struct gzip_in);
    if (!made)
        return -ENOMEM;
    if (wx_digest_open(made, &made->digest) || inflateInit2(&made->zlib, WINDOW) != Z_OK) {
        talloc_free(made);
        return -ENOMEM;
    }
    made->fd = open(path, O_RDONLY | O_CLOEXEC);
    int error = made->fd < 0 ? -errno : 0;
    talloc_set_destructor(made, close_in);
    if (error)
        talloc_free(made);
    else
        *in = made;
    return error;
}

/* More of the file's bytes. Returns how many, 0 at its end, or -errno. */
static int fill(struct gzip_in *in) {
    ssize_t got;
    do
        got = read(in->fd, in->bytes, CHUNK);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    wx_digest_add(in->digest, in->bytes, (size_t)got);
    in->zlib.next_in = in->bytes;
    in->zlib.avail_in = (unsigned)got;
    return (int)got;
}

/* More lines into the room behind those that are there. */
static int inflate_some(struct gzip_in *in) {
    if (in->zlib.avail_in == 0) {
        int got = fill(in);
        if (got <= 0)
            return got ? got : GZIP_BROKEN;
    }
    in->zlib.next_out = (unsigned char *)in->lines + in->to;
    in->zlib.avail_out = (unsigned)(sizeof in->lines - in->to);
    int result = inflate(&in->zlib, Z_NO_FLUSH);
    in->to = sizeof in->lines - in->zlib.avail_out;
    in->ended = result == Z_STREAM_END;
    return result == Z_OK || in->ended ? 0 : GZIP_BROKEN;
}

/* Whether the file is over where its compressed stream is. */
static int at_end(struct gzip_in *in) {
    if (in->zlib.avail_in > 0 || in->from != in->to)
        return GZIP_BROKEN;
    int got = fill(in);
    return got > 0 ? GZIP_BROKEN : got;
}

int gzip_line(struct gzip_in *in, char **line) {
    size_t looked = in->from;
    for (;;) {
        char *end = memchr(in->lines + looked, '\n', in->to - looked);
        if (end) {
            *end = '\0';
            *line = in->lines + in->from;
            in->from = (size_t)(end - in->lines) + 1;
            return strlen(*line) == (size_t)(end - *line) ? 1 : GZIP_BROKEN;
        }
        if (in->ended)
            return at_end(in);
        if (in->from > 0) {
            memmove(in->lines, in->lines + in->from, in->to - in->from);
            in->to -= in->from;
            in->from = 0;
        }
        if (in->to == sizeof in->lines)
            return GZIP_BROKEN;
        looked = in->to;
        int error = inflate_some(in);
        if (error)
            return error;
    }
}

void gzip_digest(struct gzip_in *in, char sha256[WX_SHA256_SIZE]) {
    wx_digest_end(in->digest, sha256);
}
