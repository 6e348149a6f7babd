#include "bot/fcgi_record.h"

#include <string.h>

int fcgi_record_read(const unsigned char bytes[FCGI_HEADER], struct fcgi_record *record) {
    if (bytes[0] != FCGI_VERSION) {
        return -1;
    }
    record->type = bytes[1];
    record->id = (uint16_t)(bytes[2] << 8 | bytes[3]);
    record->content = (uint16_t)(bytes[4] << 8 | bytes[5]);
    record->padding = bytes[6];
    return 0;
}

unsigned char *fcgi_record_write(unsigned char *to, enum fcgi_type type, uint16_t id,
                                 uint16_t content) {
    to[0] = FCGI_VERSION;
    to[1] = (unsigned char)type;
    to[2] = (unsigned char)(id >> 8);
    to[3] = (unsigned char)id;
    to[4] = (unsigned char)(content >> 8);
    to[5] = (unsigned char)content;
    to[6] = 0;
    to[7] = 0;
    return to + FCGI_HEADER;
}

unsigned char *fcgi_end_write(unsigned char *to, uint16_t id, enum fcgi_protocol_status status) {
    to = fcgi_record_write(to, FCGI_END_REQUEST, id, FCGI_END_RECORD - FCGI_HEADER);
    memset(to, 0, FCGI_END_RECORD - FCGI_HEADER); /* four bytes of exit status, three reserved */
    to[4] = (unsigned char)status;
    return to + FCGI_END_RECORD - FCGI_HEADER;
}

/* One byte below 128, or four with the top bit set. Returns 0 or -1. */
static int length_read(const unsigned char **bytes, const unsigned char *end, size_t *length) {
    const unsigned char *at = *bytes;
    if (at == end) {
        return -1;
    }
    if (*at < 128) {
        *length = *at;
        *bytes = at + 1;
        return 0;
    }
    if (end - at < 4) {
        return -1;
    }
    *length = (size_t)(at[0] & 127) << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    *bytes = at + 4;
    return 0;
}

int fcgi_pair_read(const unsigned char **bytes, const unsigned char *end, struct fcgi_pair *pair) {
    const unsigned char *at = *bytes;
    size_t name, value;
    if (at == end) {
        return 0;
    }
    if (length_read(&at, end, &name) < 0 || length_read(&at, end, &value) < 0 ||
        name > (size_t)(end - at) || value > (size_t)(end - at) - name) {
        return -1;
    }
    *pair = (struct fcgi_pair){at, at + name, name, value};
    *bytes = at + name + value;
    return 1;
}

unsigned char *fcgi_pair_write(unsigned char *to, const char *name, const char *value) {
    size_t name_length = strlen(name), value_length = strlen(value);
    *to++ = (unsigned char)name_length;
    *to++ = (unsigned char)value_length;
    memcpy(to, name, name_length);
    memcpy(to + name_length, value, value_length);
    return to + name_length + value_length;
}
