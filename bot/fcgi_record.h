#ifndef DAY21_FCGI_RECORD_H
#define DAY21_FCGI_RECORD_H

/* The wire format of FastCGI 1.0: records and name-value pairs. Pure functions over bytes. */

#include <stddef.h>
#include <stdint.h>

enum {
    FCGI_VERSION = 1,
    FCGI_HEADER = 8, /* bytes of a record's header */
    FCGI_CONTENT_MAX = 65535,
    FCGI_BEGIN_BODY = 8,
    FCGI_END_RECORD = FCGI_HEADER + 8,
    FCGI_ROLE_RESPONDER = 1,
    FCGI_FLAG_KEEP_CONN = 1,
};

enum fcgi_type {
    FCGI_BEGIN_REQUEST = 1,
    FCGI_ABORT_REQUEST,
    FCGI_END_REQUEST,
    FCGI_PARAMS,
    FCGI_STDIN,
    FCGI_STDOUT,
    FCGI_STDERR,
    FCGI_DATA,
    FCGI_GET_VALUES,
    FCGI_GET_VALUES_RESULT,
    FCGI_UNKNOWN_TYPE,
    FCGI_TYPES /* how many, with the 0 nobody uses */
};

enum fcgi_protocol_status {
    FCGI_REQUEST_COMPLETE,
    FCGI_CANT_MPX_CONN,
    FCGI_OVERLOADED,
    FCGI_UNKNOWN_ROLE,
};

struct fcgi_record {
    uint8_t type;
    uint16_t id; /* 0: about the connection, not about a request */
    uint16_t content;
    uint8_t padding;
};

/* Returns 0, or -1 for another version: whatever it is, its lengths cannot be believed. */
int fcgi_record_read(const unsigned char bytes[FCGI_HEADER], struct fcgi_record *record);

/* Writes a header without padding; returns what follows it. */
unsigned char *fcgi_record_write(unsigned char *to, enum fcgi_type type, uint16_t id,
                                 uint16_t content);

/* Writes a whole END_REQUEST record, FCGI_END_RECORD bytes; returns what follows it. */
unsigned char *fcgi_end_write(unsigned char *to, uint16_t id, enum fcgi_protocol_status status);

struct fcgi_pair {
    const unsigned char *name, *value; /* not terminated */
    size_t name_length, value_length;
};

/* Takes the pair at *bytes and moves on. Returns 1, 0 at the end, -1 when the lengths say more than
 * there is. */
int fcgi_pair_read(const unsigned char **bytes, const unsigned char *end, struct fcgi_pair *pair);

/* Writes a pair of two strings, each shorter than 128; returns what follows it. */
unsigned char *fcgi_pair_write(unsigned char *to, const char *name, const char *value);

#endif
