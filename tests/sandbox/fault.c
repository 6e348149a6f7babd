#include "fault.h"

#include "bot/config.h"
#include "bot/fastcgi.h"

#include <string.h>

#define FAULTS_MOST 100

/* A number a fault may carry. */
static const struct {
    const char *name;
    json_int_t least, most, otherwise;
} numbers[] = {
    {"errcode", INT32_MIN, INT32_MAX, 0}, {"latency_ms", 0, 60000, 0}, {"times", 0, 1000000, 1},
    {"cut", -1, INT32_MAX, -1},           {"again", 0, 10, 0},         {"seed", 0, INT32_MAX, -1},
};

/* Reads them into *fault. Returns NULL or what is wrong. */
static const char *numbers_read(void *ctx, const json_t *request, json_t *fault) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_int_t value = value_integer(request, numbers[i].name, numbers[i].otherwise);
        if (value != numbers[i].otherwise && (value < numbers[i].least || value > numbers[i].most))
            return must(talloc_asprintf(ctx, "%s goes from %lld to %lld", numbers[i].name,
                                        (long long)numbers[i].least, (long long)numbers[i].most));
        if (json_object_set_new(fault, numbers[i].name, json_integer(value)))
            must(NULL);
    }
    return NULL;
}

/* Reads one that is not to disarm all. */
static const char *fault_read(void *ctx, struct world *world, const json_t *request,
                              json_t *fault) {
    const char *account = value_string(request, "account");
    const char *endpoint = value_string(request, "endpoint");
    const json_t *given = json_object_get(request, "rate");
    double rate = given ? json_number_value(given) : 1;
    if (*account && !world_account(world, account))
        return "no such account";
    if (!*endpoint)
        return "endpoint is missing";
    if (!(rate > 0 && rate <= 1))
        return "rate goes from 0 to 1";
    if (json_array_size(world->faults) >= FAULTS_MOST)
        return "too many faults are armed";
    json_t *rest =
        must(json_pack("{ss ss sf sb sb}", "account", account, "endpoint", endpoint, "rate", rate,
                       "drop", json_is_true(json_object_get(request, "drop")), "hold",
                       json_is_true(json_object_get(request, "hold"))));
    if (json_object_update_new(fault, rest))
        must(NULL);
    return numbers_read(ctx, request, fault);
}

const char *fault_arm(void *ctx, struct world *world, const json_t *request) {
    if (json_is_true(json_object_get(request, "clear"))) {
        json_array_clear(world->faults);
        return NULL;
    }
    json_t *fault = must(json_object());
    const char *wrong = fault_read(ctx, world, request, fault);
    if (wrong) {
        json_decref(fault);
        return wrong;
    }
    if (value_integer(fault, "seed", -1) >= 0)
        world->dice = (uint32_t)value_integer(fault, "seed", 0) * 2 + 1;
    if (json_array_append_new(world->faults, fault))
        must(NULL);
    return NULL;
}

/* "*" is every endpoint of the API, and not the callback. */
static bool concerns(const json_t *fault, const struct account *account, const char *endpoint) {
    const char *wanted = value_string(fault, "account"), *where = value_string(fault, "endpoint");
    bool here = !strcmp(where, endpoint) ||
                (!strcmp(where, "*") && *endpoint && strcmp(endpoint, "callback") != 0);
    return here && (!*wanted || (account && !strcmp(wanted, account->config->name)));
}

/* Whether it strikes this time: one throw of the dice for a fault by rate. */
static bool strikes(struct world *world, const json_t *fault) {
    double rate = json_number_value(json_object_get(fault, "rate"));
    if (rate >= 1)
        return true;
    uint32_t state = world->dice ? world->dice : 1; /* xorshift32: the same for the same seed */
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    world->dice = state;
    return state / 4294967296.0 < rate;
}

/* One time less; 0 from the start is for ever. */
static void use_up(struct world *world, size_t index, json_t *armed) {
    json_int_t times = value_integer(armed, "times", 1);
    if (times == 1)
        json_array_remove(world->faults, index);
    else if (times && json_object_set_new(armed, "times", must(json_integer(times - 1))))
        must(NULL);
}

struct fault fault_take(struct world *world, const struct account *account, const char *endpoint) {
    size_t index;
    json_t *armed;
    json_array_foreach(world->faults, index, armed) {
        if (!concerns(armed, account, endpoint) || !strikes(world, armed))
            continue;
        struct fault fault = {
            .errcode = (int)value_integer(armed, "errcode", 0),
            .latency_ms = (uint64_t)value_integer(armed, "latency_ms", 0),
            .drop = json_is_true(json_object_get(armed, "drop")),
            .cut = value_integer(armed, "cut", -1),
            .again = value_integer(armed, "again", 0),
            .hold = json_is_true(json_object_get(armed, "hold")),
        };
        use_up(world, index, armed);
        return fault;
    }
    return (struct fault){.cut = -1};
}

const char *fault_detail(const struct fcgi_request *request, int errcode) {
    const char *ip = fcgi_param(request, "REMOTE_ADDR");
    return errcode == 40164 ? must(talloc_asprintf(request->ctx,
                                                   "invalid ip %s ipv6 ::ffff:%s, not in whitelist",
                                                   ip ? ip : "127.0.0.1", ip ? ip : "127.0.0.1"))
                            : NULL;
}
