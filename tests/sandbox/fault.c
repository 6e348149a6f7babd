#include "fault.h"

#include "bot/config.h"

#include <string.h>

#define FAULTS_MOST  100
#define LATENCY_MOST 60000

const char *fault_arm(struct world *world, const json_t *request) {
    if (json_is_true(json_object_get(request, "clear"))) {
        json_array_clear(world->faults);
        return NULL;
    }
    const char *account = value_string(request, "account");
    const char *endpoint = value_string(request, "endpoint");
    json_int_t latency = value_integer(request, "latency_ms", 0);
    json_int_t times = value_integer(request, "times", 1);
    if (*account && !world_account(world, account))
        return "no such account";
    if (!*endpoint)
        return "endpoint is missing";
    if (latency < 0 || latency > LATENCY_MOST)
        return "latency_ms goes from 0 to 60000";
    if (times < 1 || times > 1000000)
        return "times goes from 1 to 1000000";
    if (json_array_size(world->faults) >= FAULTS_MOST)
        return "too many faults are armed";
    json_t *fault =
        must(json_pack("{ss ss sI sI sb sI}", "account", account, "endpoint", endpoint, "errcode",
                       value_integer(request, "errcode", 0), "latency_ms", latency, "drop",
                       json_is_true(json_object_get(request, "drop")), "times", times));
    if (json_array_append_new(world->faults, fault))
        must(NULL);
    return NULL;
}

static bool concerns(const json_t *fault, const struct account *account, const char *endpoint) {
    const char *wanted = value_string(fault, "account");
    return !strcmp(value_string(fault, "endpoint"), endpoint) &&
           (!*wanted || (account && !strcmp(wanted, account->config->name)));
}

struct fault fault_take(struct world *world, const struct account *account, const char *endpoint) {
    size_t index;
    json_t *armed;
    json_array_foreach(world->faults, index, armed) {
        if (!concerns(armed, account, endpoint))
            continue;
        struct fault fault = {
            .errcode = (int)value_integer(armed, "errcode", 0),
            .latency_ms = (uint64_t)value_integer(armed, "latency_ms", 0),
            .drop = json_is_true(json_object_get(armed, "drop")),
        };
        json_int_t left = value_integer(armed, "times", 1) - 1;
        if (left == 0)
            json_array_remove(world->faults, index);
        else if (json_object_set_new(armed, "times", must(json_integer(left))))
            must(NULL);
        return fault;
    }
    return (struct fault){0};
}
