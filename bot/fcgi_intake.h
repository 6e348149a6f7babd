#ifndef DAY21_FCGI_INTAKE_H
#define DAY21_FCGI_INTAKE_H

/* The incoming half of one FastCGI connection: bytes in, events out. It knows no socket and no
 * clock, so that it can be fed anything, cut anywhere. */

#include "bot/fastcgi.h"
#include "bot/fcgi_record.h"

#include <stdbool.h>
#include <sys/queue.h>

struct fcgi_bytes {
    char *data; /* NULL as long as there is nothing */
    size_t length, size;
};

/* A request as it is gathered, and until it is answered: a talloc pool of its own, without a
 * parent, as it may outlive its connection. */
struct fcgi_gathered {
    struct fcgi_request request; /* first: what the handler sees */
    uint16_t wire_id;
    bool keep; /* the connection is to be kept */
    bool params_ended, stdin_ended;
    int refusal;              /* 0, or the HTTP status it is refused with */
    struct fcgi_bytes params; /* name NUL value NUL … once they are whole */
    struct fcgi_bytes body;

    /* Of the server, once the handler has it: */
    struct fcgi_connection *connection; /* NULL: the peer does not wait for the answer any more */
    struct fcgi_server *server;         /* NULL: an orderly stop did not wait for it */
    TAILQ_ENTRY(fcgi_gathered) in_hand;
};

struct fcgi_intake {
    size_t params_limit, body_limit;
    unsigned connection_limit; /* told to those who ask (GET_VALUES) */

    struct fcgi_gathered *request; /* at hand: being gathered, or whole and not yet answered */
    bool whole;

    unsigned char reply[96]; /* what FCGI_EVENT_REPLY wants written */
    size_t reply_length;
    bool reply_is_last; /* and then the connection closed */

    /* The record at hand. */
    unsigned char header[FCGI_HEADER];
    unsigned header_length;
    struct fcgi_record record;
    size_t content_left, padding_left;
    bool begun, ended;        /* its header, its content have been acted on */
    unsigned char small[256]; /* content of a record that is no stream, as far as it fits */
    size_t small_length;
};

enum fcgi_event {
    FCGI_EVENT_MORE,    /* all bytes are taken, nothing to do */
    FCGI_EVENT_BEGUN,   /* a request began: intake->request */
    FCGI_EVENT_WHOLE,   /* intake->request is whole; refuse it when it has a refusal */
    FCGI_EVENT_ABORTED, /* nobody waits for intake->request any more */
    FCGI_EVENT_REPLY,   /* intake->reply is to be written */
    FCGI_EVENT_HELD,    /* the peer began its next request before the answer to this one:
                           feed the rest after fcgi_intake_done() */
    FCGI_EVENT_BROKEN,  /* not FastCGI, or out of memory: close the connection */
};

/* Takes bytes up to the next event: call it again (also without bytes) until it says MORE, HELD or
 * BROKEN.
 * A request over a cap is still taken to its end, its bytes thrown away: only then does the web
 * server read the refusal, and the connection stays good.
 * Refusals: 431 params over the cap; 413 STDIN over the cap; 400 pairs that lie about their length
 * or hold a NUL, a CONTENT_LENGTH that is no number or not what came. */
enum fcgi_event fcgi_intake_feed(struct fcgi_intake *intake, const unsigned char **bytes,
                                 const unsigned char *end);

/* The request at hand is over; it belongs to the caller now. */
struct fcgi_gathered *fcgi_intake_done(struct fcgi_intake *intake);

#endif
