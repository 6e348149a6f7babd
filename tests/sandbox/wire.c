#include "wire.h"

#include "world.h"

#include <string.h>

static void plain_add(json_t *part, const char *plain) {
    if (plain && json_object_set_new(part, "plain", value_bytes(plain, strlen(plain))))
        must(NULL);
}

json_t *wire_request(const char *direction, int64_t at, const char *method, const char *url,
                     const char *body, size_t length, const char *plain) {
    json_t *request =
        must(json_pack("{ss so so}", "method", method, "url", value_bytes(url, strlen(url)), "body",
                       value_bytes(body, length)));
    plain_add(request, plain);
    return must(
        json_pack("{ss sI so}", "direction", direction, "at", (json_int_t)at, "request", request));
}

void wire_response(json_t *exchange, int status, const char *body, size_t length, const char *plain,
                   int64_t ms, const char *note) {
    json_t *response =
        must(json_pack("{si so}", "status", status, "body", value_bytes(body, length)));
    plain_add(response, plain);
    if (json_object_set_new(exchange, "response", response) ||
        json_object_set_new(exchange, "ms", json_integer(ms)) ||
        json_object_set_new(exchange, "note", value_bytes(note, strlen(note))))
        must(NULL);
}

void wire_add(json_t *wire, json_t *exchange) {
    if (wire && json_array_size(wire) < EXCHANGES_KEPT) {
        if (json_array_append(wire, exchange))
            must(NULL);
    }
    json_decref(exchange);
}
