#include "bot/fcgi_intake.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

/* A request's params, its body, what the handler makes of them and the answer: usual ones fit, and
 * a request costs one malloc. */
enum { POOL = 16 * 1024, POOL_OBJECTS = 64 };

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER
#endif
#endif

static struct fcgi_gathered *request_new(void) {
#ifdef ADDRESS_SANITIZER
    struct fcgi_gathered *request = talloc(NULL, struct fcgi_gathered); /* overruns must show */
#else
    struct fcgi_gathered *request =
        talloc_pooled_object(NULL, struct fcgi_gathered, POOL_OBJECTS, POOL);
#endif
    if (request) {
        memset(request, 0, sizeof(*request));
    }
    return request;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static size_t most(size_t a, size_t b) {
    return a > b ? a : b;
}

/* Appends, with room for a NUL; `expected` is how long it will probably become. */
static int append(void *ctx, struct fcgi_bytes *to, const void *bytes, size_t length,
                  size_t expected) {
    size_t needed = to->length + length + 1;
    if (needed > to->size) {
        size_t size = most(most(needed, expected + 1), 2 * to->size);
        char *data = talloc_realloc(ctx, to->data, char, size);
        if (!data) {
            return -1;
        }
        to->data = data;
        to->size = size;
    }
    memcpy(to->data + to->length, bytes, length);
    to->length += length;
    return 0;
}

/* The first reason stands. What is refused needs no memory. */
static void refuse(struct fcgi_gathered *request, int status) {
    if (!request->refusal) {
        request->refusal = status;
    }
    TALLOC_FREE(request->params.data);
    TALLOC_FREE(request->body.data);
    request->params = request->body = (struct fcgi_bytes){0};
}

/* Turns encoded pairs into "name NUL value NUL …" in place: the two lengths of a pair take at least
 * the room of its two NULs, so the writing never overtakes the reading. */
static int params_decode(struct fcgi_bytes *params) {
    if (!params->data) {
        return 0;
    }
    const unsigned char *at = (const unsigned char *)params->data, *end = at + params->length;
    char *to = params->data;
    struct fcgi_pair pair;
    int more;
    while ((more = fcgi_pair_read(&at, end, &pair)) > 0) {
        if (memchr(pair.name, 0, pair.name_length + pair.value_length)) {
            return -1;
        }
        memmove(to, pair.name, pair.name_length);
        to += pair.name_length;
        *to++ = 0;
        memmove(to, pair.value, pair.value_length);
        to += pair.value_length;
        *to++ = 0;
    }
    params->length = (size_t)(to - params->data);
    return more;
}

const char *fcgi_param(const struct fcgi_request *request, const char *name) {
    const struct fcgi_bytes *params = &((const struct fcgi_gathered *)request)->params;
    if (!params->data) {
        return NULL;
    }
    const char *at = params->data, *end = at + params->length;
    while (at < end) {
        const char *value = at + strlen(at) + 1;
        if (!strcmp(at, name)) {
            return value;
        }
        at = value + strlen(value) + 1;
    }
    return NULL;
}

static const char *param_or_empty(const struct fcgi_request *request, const char *name) {
    const char *value = fcgi_param(request, name);
    return value ? value : "";
}

/* CONTENT_LENGTH. Returns 1, 0 when it is not known before (chunked, unbuffered), -1 when it is no
 * number; one too large to hold is SIZE_MAX. */
static int content_length(const struct fcgi_request *request, size_t *length) {
    const char *text = param_or_empty(request, "CONTENT_LENGTH");
    size_t value = 0;
    if (!*text) {
        return 0;
    }
    for (; *text; text++) {
        if (*text < '0' || *text > '9') {
            return -1;
        }
        value = value > SIZE_MAX / 10 - 1 ? SIZE_MAX : value * 10 + (size_t)(*text - '0');
    }
    *length = value;
    return 1;
}

/* All of the request is there: is it what it said, and where is what the handler wants to see? */
static enum fcgi_event whole(struct fcgi_intake *intake) {
    struct fcgi_gathered *gathered = intake->request;
    struct fcgi_request *request = &gathered->request;
    size_t expected;
    if (!gathered->params_ended || !gathered->stdin_ended) {
        return FCGI_EVENT_MORE;
    }
    if (!gathered->refusal && content_length(request, &expected) > 0 &&
        expected != gathered->body.length) {
        refuse(gathered, 400);
    }
    request->method = param_or_empty(request, "REQUEST_METHOD");
    request->path = param_or_empty(request, "DOCUMENT_URI");
    request->query = param_or_empty(request, "QUERY_STRING");
    request->body = "";
    request->body_length = gathered->body.length;
    if (gathered->body.data) {
        gathered->body.data[gathered->body.length] = 0;
        request->body = gathered->body.data;
    }
    intake->whole = true;
    return FCGI_EVENT_WHOLE;
}

/* ---- What each type of record does with a piece of its content. */

static int content_skip(struct fcgi_intake *intake, const unsigned char *bytes, size_t length) {
    (void)intake, (void)bytes, (void)length;
    return 0;
}

static int content_small(struct fcgi_intake *intake, const unsigned char *bytes, size_t length) {
    length = least(length, sizeof(intake->small) - intake->small_length);
    memcpy(intake->small + intake->small_length, bytes, length);
    intake->small_length += length;
    return 0;
}

static int content_params(struct fcgi_intake *intake, const unsigned char *bytes, size_t length) {
    struct fcgi_gathered *request = intake->request;
    if (request->refusal || request->params_ended) {
        return 0;
    }
    if (length > intake->params_limit - request->params.length) {
        refuse(request, 431);
        return 0;
    }
    return append(request, &request->params, bytes, length,
                  least(intake->params_limit, intake->record.content));
}

static int content_stdin(struct fcgi_intake *intake, const unsigned char *bytes, size_t length) {
    struct fcgi_gathered *request = intake->request;
    size_t expected = 0;
    if (request->refusal || request->stdin_ended) {
        return 0;
    }
    if (length > intake->body_limit - request->body.length) {
        refuse(request, 413);
        return 0;
    }
    if (request->params_ended && !request->body.data) {
        content_length(&request->request, &expected);
    }
    return append(request, &request->body, bytes, length, least(intake->body_limit, expected));
}

/* ---- What each type of record does when its content is whole. */

static enum fcgi_event end_ignored(struct fcgi_intake *intake) {
    (void)intake;
    return FCGI_EVENT_MORE;
}

static enum fcgi_event reply(struct fcgi_intake *intake, const unsigned char *end, bool last) {
    intake->reply_length = (size_t)(end - intake->reply);
    intake->reply_is_last = last;
    return FCGI_EVENT_REPLY;
}

static enum fcgi_event end_begin(struct fcgi_intake *intake) {
    static uint64_t last_id;
    const struct fcgi_record *record = &intake->record;
    const unsigned char *body = intake->small;
    if (!record->id || record->content != FCGI_BEGIN_BODY) {
        return FCGI_EVENT_BROKEN;
    }
    if (intake->request) {
        return reply(intake, fcgi_end_write(intake->reply, record->id, FCGI_CANT_MPX_CONN), false);
    }
    bool keep = body[2] & FCGI_FLAG_KEEP_CONN;
    if ((body[0] << 8 | body[1]) != FCGI_ROLE_RESPONDER) {
        return reply(intake, fcgi_end_write(intake->reply, record->id, FCGI_UNKNOWN_ROLE), !keep);
    }
    if (!(intake->request = request_new())) {
        return FCGI_EVENT_BROKEN;
    }
    intake->request->request.id = ++last_id;
    intake->request->request.ctx = intake->request;
    intake->request->wire_id = record->id;
    intake->request->keep = keep;
    return FCGI_EVENT_BEGUN;
}

static enum fcgi_event end_abort(struct fcgi_intake *intake) {
    (void)intake;
    return FCGI_EVENT_ABORTED;
}

static enum fcgi_event end_params(struct fcgi_intake *intake) {
    struct fcgi_gathered *request = intake->request;
    size_t expected = 0;
    if (intake->record.content || request->params_ended) {
        return FCGI_EVENT_MORE;
    }
    request->params_ended = true;
    if (!request->refusal && params_decode(&request->params) < 0) {
        refuse(request, 400);
    }
    if (!request->refusal && content_length(&request->request, &expected) < 0) {
        refuse(request, 400);
    }
    if (expected > intake->body_limit) {
        refuse(request, 413);
    }
    return whole(intake);
}

static enum fcgi_event end_stdin(struct fcgi_intake *intake) {
    if (intake->record.content) {
        return FCGI_EVENT_MORE;
    }
    intake->request->stdin_ended = true;
    return whole(intake);
}

/* Names nobody knows, and pairs beyond what fits, are left out, as the specification wants. */
static enum fcgi_event end_get_values(struct fcgi_intake *intake) {
    static const char *const names[] = {"FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS"};
    const unsigned char *at = intake->small, *end = at + intake->small_length;
    unsigned char *to = intake->reply + FCGI_HEADER;
    bool wanted[3] = {false};
    char values[3][16] = {"", "", "0"};
    struct fcgi_pair pair;
    snprintf(values[0], sizeof(values[0]), "%u", intake->connection_limit);
    snprintf(values[1], sizeof(values[1]), "%u", intake->connection_limit);
    while (fcgi_pair_read(&at, end, &pair) > 0) {
        for (size_t i = 0; i < 3; i++) {
            if (pair.name_length == strlen(names[i]) &&
                !memcmp(pair.name, names[i], pair.name_length)) {
                wanted[i] = true;
            }
        }
    }
    for (size_t i = 0; i < 3; i++) {
        to = wanted[i] ? fcgi_pair_write(to, names[i], values[i]) : to;
    }
    fcgi_record_write(intake->reply, FCGI_GET_VALUES_RESULT, 0,
                      (uint16_t)(to - intake->reply - FCGI_HEADER));
    return reply(intake, to, false);
}

static enum fcgi_event end_unknown(struct fcgi_intake *intake) {
    unsigned char *to = fcgi_record_write(intake->reply, FCGI_UNKNOWN_TYPE, 0, 8);
    memset(to, 0, 8);
    to[0] = intake->record.type;
    return reply(intake, to + 8, false);
}

/* Records of a request that is not (or no longer) at hand are ignored, as the specification wants:
 * those of a request that was refused are still on their way. So are types only we may send, and
 * DATA, which no responder gets. */
static const struct kind {
    int (*content)(struct fcgi_intake *intake, const unsigned char *bytes, size_t length);
    enum fcgi_event (*end)(struct fcgi_intake *intake);
    enum { ANY_TIME, AT_HAND, GATHERING } when;
} kinds[FCGI_TYPES] = {
    [0] = {content_skip, end_unknown, ANY_TIME},
    [FCGI_BEGIN_REQUEST] = {content_small, end_begin, ANY_TIME},
    [FCGI_ABORT_REQUEST] = {content_skip, end_abort, AT_HAND},
    [FCGI_END_REQUEST] = {content_skip, end_ignored, ANY_TIME},
    [FCGI_PARAMS] = {content_params, end_params, GATHERING},
    [FCGI_STDIN] = {content_stdin, end_stdin, GATHERING},
    [FCGI_STDOUT] = {content_skip, end_ignored, ANY_TIME},
    [FCGI_STDERR] = {content_skip, end_ignored, ANY_TIME},
    [FCGI_DATA] = {content_skip, end_ignored, ANY_TIME},
    [FCGI_GET_VALUES] = {content_small, end_get_values, ANY_TIME},
    [FCGI_GET_VALUES_RESULT] = {content_skip, end_ignored, ANY_TIME},
    [FCGI_UNKNOWN_TYPE] = {content_skip, end_ignored, ANY_TIME},
};

static const struct kind *kind_now(const struct fcgi_intake *intake) {
    static const struct kind ignored = {content_skip, end_ignored, ANY_TIME};
    const struct fcgi_record *record = &intake->record;
    const struct kind *kind = &kinds[record->type < FCGI_TYPES ? record->type : 0];
    bool at_hand = intake->request && intake->request->wire_id == record->id;
    bool now = kind->when == ANY_TIME || (at_hand && (kind->when == AT_HAND || !intake->whole));
    return now ? kind : &ignored;
}

/* A header is complete. */
static enum fcgi_event record_begin(struct fcgi_intake *intake) {
    struct fcgi_record *record = &intake->record;
    if (fcgi_record_read(intake->header, record) < 0) {
        return FCGI_EVENT_BROKEN;
    }
    if (record->type == FCGI_BEGIN_REQUEST && intake->request &&
        intake->request->wire_id == record->id) {
        return intake->whole ? FCGI_EVENT_HELD : FCGI_EVENT_BROKEN;
    }
    intake->begun = true;
    intake->ended = false;
    intake->content_left = record->content;
    intake->padding_left = record->padding;
    intake->small_length = 0;
    return FCGI_EVENT_MORE;
}

/* Takes what there is of the record's content, and acts when that is all. */
static enum fcgi_event record_content(struct fcgi_intake *intake, const unsigned char **bytes,
                                      const unsigned char *end) {
    const struct kind *kind = kind_now(intake);
    size_t length = least(intake->content_left, (size_t)(end - *bytes));
    if (length) {
        if (kind->content(intake, *bytes, length) < 0) {
            return FCGI_EVENT_BROKEN;
        }
        *bytes += length;
        intake->content_left -= length;
    }
    if (intake->content_left) {
        return FCGI_EVENT_MORE;
    }
    intake->ended = true;
    return kind->end(intake);
}

enum fcgi_event fcgi_intake_feed(struct fcgi_intake *intake, const unsigned char **bytes,
                                 const unsigned char *end) {
    for (;;) {
        enum fcgi_event event = FCGI_EVENT_MORE;
        while (intake->header_length < FCGI_HEADER && *bytes < end) {
            intake->header[intake->header_length++] = *(*bytes)++;
        }
        if (intake->header_length < FCGI_HEADER) {
            return FCGI_EVENT_MORE;
        }
        if (!intake->begun) {
            event = record_begin(intake);
        }
        if (intake->begun && !intake->ended) {
            event = record_content(intake, bytes, end);
        }
        if (event != FCGI_EVENT_MORE) {
            return event;
        }
        size_t skipped = intake->ended ? least(intake->padding_left, (size_t)(end - *bytes)) : 0;
        *bytes += skipped;
        intake->padding_left -= skipped;
        if (!intake->ended || intake->padding_left) {
            return FCGI_EVENT_MORE;
        }
        intake->header_length = 0;
        intake->begun = intake->ended = false;
    }
}

struct fcgi_gathered *fcgi_intake_done(struct fcgi_intake *intake) {
    struct fcgi_gathered *request = intake->request;
    intake->request = NULL;
    intake->whole = false;
    return request;
}
