/* Bytes of a hostile web server, in pieces the fuzzer chooses, through the real intake: the first
 * byte says how large the pieces are, the second when requests at hand are answered. */

#include "bot/fcgi_intake.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARAMS_LIMIT = 700, BODY_LIMIT = 3000 };

static void must(bool is) {
    if (!is) {
        abort();
    }
}

static void check_whole(const struct fcgi_gathered *gathered) {
    const struct fcgi_request *request = &gathered->request;
    must(request->body_length <= BODY_LIMIT);
    must(((const char *)request->body)[request->body_length] == 0);
    must(strlen(request->method) + strlen(request->path) + strlen(request->query) <= PARAMS_LIMIT);
    must(gathered->params.length <= PARAMS_LIMIT);
    must(!fcgi_param(request, "no such name, as it is much too unusual"));
    if (fcgi_param(request, "QUERY_STRING")) {
        must(fcgi_param(request, "QUERY_STRING") == request->query);
    }
    must(!gathered->refusal || (!request->body_length && !gathered->params.length));
}

/* Does what the server does. Returns whether the connection lives on. */
static bool take(struct fcgi_intake *intake, const unsigned char *bytes, size_t size,
                 unsigned *answers) {
    const unsigned char *end = bytes + size;
    for (;;) {
        enum fcgi_event event = fcgi_intake_feed(intake, &bytes, end);
        must(bytes <= end);
        switch (event) {
        case FCGI_EVENT_MORE:
            must(bytes == end);
            return true;
        case FCGI_EVENT_BROKEN:
            return false;
        case FCGI_EVENT_BEGUN:
            must(intake->request && !intake->whole);
            break;
        case FCGI_EVENT_WHOLE:
            must(intake->whole);
            check_whole(intake->request);
            if ((*answers = *answers >> 1 | *answers << 7) & 1) {
                talloc_free(fcgi_intake_done(intake));
            }
            break;
        case FCGI_EVENT_HELD:
            must(intake->whole);
            talloc_free(fcgi_intake_done(intake));
            break;
        case FCGI_EVENT_ABORTED:
            talloc_free(fcgi_intake_done(intake));
            break;
        case FCGI_EVENT_REPLY:
            must(intake->reply_length >= FCGI_HEADER &&
                 intake->reply_length <= sizeof(intake->reply));
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fcgi_intake intake = {
        .params_limit = PARAMS_LIMIT, .body_limit = BODY_LIMIT, .connection_limit = UINT32_MAX};
    if (size < 2) {
        return 0;
    }
    size_t piece = data[0] ? data[0] : size;
    unsigned answers = data[1];
    bool lives = true;
    for (size_t at = 2; at < size && lives; at += piece) {
        size_t length = size - at < piece ? size - at : piece;
        unsigned char *copy = malloc(length); /* an overrun must show */
        memcpy(copy, data + at, length);
        lives = take(&intake, copy, length, &answers);
        free(copy);
    }
    if (intake.request) {
        talloc_free(fcgi_intake_done(&intake));
    }
    return 0;
}
