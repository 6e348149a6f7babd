#include "crowd.h"

#include "act.h"
#include "alarm.h"

#include <string.h>
#include <uv.h>

#define TICK_MS        10
#define RATE_MOST      100000
#define SECONDS_MOST   86400
#define SCRIPT_MOST    50
#define WEIGHT_MOST    1000
#define IN_FLIGHT_MOST 2000 /* more waiting for the bot would only wait longer */
#define IN_FLIGHT_FAST 64   /* without a rate: so many always */
#define MS_KNOWN       15000

struct crowd {
    struct account *account;
    json_t *script; /* acts, each with its weight */
    json_t *follow; /* the act that comes first */
    unsigned weights;
    unsigned people;
    uint64_t dice;
    int64_t rate, seconds; /* rate 0: as fast as it is answered */
    bool shown, running;
    uint64_t began, ended; /* uv_hrtime() */
    struct alarm *tick;
    unsigned in_flight;
    uint64_t done, follows, answered, failed, refused;
    uint32_t ms[MS_KNOWN + 1]; /* how many were answered after so many; the last: or more */
};

/* One push under way. */
struct sent {
    struct crowd *crowd;
    uint64_t at;
};

/* Without a script of its own a crowd does what people do. */
static const char usual[] =
    "[{\"type\":\"text\",\"content\":\"签到\",\"weight\":6},"
    "{\"type\":\"text\",\"content\":\"积分\",\"weight\":3},"
    "{\"type\":\"text\",\"content\":\"排行榜\",\"weight\":2},"
    "{\"type\":\"text\",\"content\":\"今日课程\",\"weight\":2},"
    "{\"type\":\"text\",\"content\":\"这个怎么学呀？\",\"weight\":1},"
    "{\"type\":\"click\",\"key\":\"checkin\",\"weight\":2}]";

/* ---- chance ---- */

/* splitmix64: the same numbers for the same seed, on every machine. */
static uint64_t throw_dice(struct crowd *crowd) {
    uint64_t z = crowd->dice += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static const json_t *act_choose(struct crowd *crowd) {
    unsigned left = (unsigned)(throw_dice(crowd) % crowd->weights);
    size_t index;
    const json_t *entry;
    json_array_foreach(crowd->script, index, entry) {
        unsigned weight = (unsigned)value_integer(entry, "weight", 1);
        if (left < weight)
            return entry;
        left -= weight;
    }
    return json_array_get(crowd->script, 0);
}

/* ---- doing ---- */

static void somebody(struct crowd *crowd);

static void answered(void *data, int status, const char *body, size_t length, const char *plain) {
    struct sent *sent = data;
    struct crowd *crowd = sent->crowd;
    uint64_t ms = (uv_hrtime() - sent->at) / 1000000;
    (void)body, (void)length, (void)plain;
    crowd->in_flight--;
    if (status >= 200 && status < 300) {
        crowd->answered++;
        crowd->ms[ms < MS_KNOWN ? ms : MS_KNOWN]++;
    } else {
        crowd->failed++;
    }
    talloc_free(sent);
    if (!crowd->rate && crowd->running)
        somebody(crowd);
}

/* Somebody does something: follows first, and then by the script. */
static void somebody(struct crowd *crowd) {
    unsigned number = (unsigned)(throw_dice(crowd) % crowd->people);
    struct person *person = people_at(crowd->account, PEOPLE_NAMED + number);
    const json_t *chosen = act_choose(crowd); /* also of who follows: the dice go on alike */
    struct sent *sent = must(talloc(crowd, struct sent));
    *sent = (struct sent){crowd, uv_hrtime()};
    const struct act order = {.person = person,
                              .request = person->following ? chosen : crowd->follow,
                              .unseen = !crowd->shown,
                              .done = answered,
                              .data = sent};
    uint64_t seq;
    const char *reason;
    bool follows = !person->following;
    crowd->done++;
    if (act(sent, &order, &seq, &reason)) {
        crowd->refused++;
        talloc_free(sent);
        return;
    }
    crowd->follows += follows;
    crowd->in_flight++;
}

static void end(struct crowd *crowd) {
    if (!crowd->running)
        return;
    crowd->running = false;
    crowd->ended = uv_hrtime();
}

/* How many are to act now. */
static int64_t due(const struct crowd *crowd, uint64_t elapsed_ms) {
    int64_t room = (int64_t)(crowd->rate ? IN_FLIGHT_MOST : IN_FLIGHT_FAST) - crowd->in_flight;
    int64_t wanted =
        crowd->rate ? (int64_t)elapsed_ms * crowd->rate / 1000 - (int64_t)crowd->done : room;
    return wanted < room ? wanted : room;
}

static void tick(void *data) {
    struct crowd *crowd = data;
    struct world *world = crowd->account->world;
    uint64_t elapsed_ms = (uv_hrtime() - crowd->began) / 1000000;
    int64_t limit_ms = crowd->seconds * 1000;
    crowd->tick = NULL;
    bool over = (int64_t)elapsed_ms >= limit_ms || world->stopping;
    if (crowd->rate && (int64_t)elapsed_ms > limit_ms) /* what was due is still done */
        elapsed_ms = (uint64_t)limit_ms;
    for (int64_t n = world->stopping ? 0 : due(crowd, elapsed_ms); n > 0; n--)
        somebody(crowd);
    if (over)
        end(crowd);
    else
        crowd->tick = alarm_set(world->alarms, TICK_MS, tick, crowd);
}

/* ---- beginning and end ---- */

static int crowd_end(struct crowd *crowd) {
    json_decref(crowd->script);
    json_decref(crowd->follow);
    return 0;
}

/* The sum of the weights, 0 when the script is none. */
static unsigned weigh(const json_t *script) {
    unsigned sum = 0;
    size_t index;
    const json_t *entry;
    if (!json_array_size(script) || json_array_size(script) > SCRIPT_MOST)
        return 0;
    json_array_foreach(script, index, entry) {
        json_int_t weight = value_integer(entry, "weight", 1);
        if (!*value_string(entry, "type") || weight < 1 || weight > WEIGHT_MOST)
            return 0;
        sum += (unsigned)weight;
    }
    return sum;
}

const char *crowd_begin(struct account *account, const json_t *request) {
    json_t *given = json_object_get(request, "script");
    json_int_t people = value_integer(request, "people", account->people_count - PEOPLE_NAMED);
    json_int_t rate = value_integer(request, "rate", 0);
    json_int_t seconds = value_integer(request, "seconds", 60);
    struct crowd *before = account->crowd;
    if (before && (before->running || before->in_flight))
        return "a crowd is there already";
    if (people < 1 || people > PEOPLE_MOST)
        return "people goes from 1 to 200000";
    if (rate < 0 || rate > RATE_MOST || seconds < 1 || seconds > SECONDS_MOST)
        return "rate goes from 0 to 100000, seconds from 1 to 86400";
    json_t *script = given ? json_incref(given) : must(json_loads(usual, 0, NULL));
    unsigned weights = weigh(script);
    if (!weights) {
        json_decref(script);
        return "script is a list of 1 to 50 acts, each with a type and perhaps a weight";
    }
    people_grow(account, PEOPLE_NAMED + (unsigned)people);
    talloc_free(before);
    struct crowd *crowd = account->crowd = must(talloc_zero(account->world, struct crowd));
    talloc_set_destructor(crowd, crowd_end);
    crowd->account = account;
    crowd->script = script;
    crowd->follow = must(json_pack("{ss}", "type", "follow"));
    crowd->weights = weights;
    crowd->people = (unsigned)people;
    crowd->dice = (uint64_t)value_integer(request, "seed", 1);
    crowd->rate = rate;
    crowd->seconds = seconds;
    crowd->shown = json_is_true(json_object_get(request, "shown"));
    crowd->running = true;
    crowd->began = uv_hrtime();
    crowd->tick = alarm_set(account->world->alarms, 0, tick, crowd);
    return NULL;
}

void crowd_stop(struct account *account) {
    struct crowd *crowd = account->crowd;
    if (!crowd || !crowd->running)
        return;
    if (crowd->tick)
        alarm_cancel(crowd->tick);
    crowd->tick = NULL;
    end(crowd);
}

/* ---- progress ---- */

/* After how many ms this share of the answers had come. */
static json_int_t percentile(const struct crowd *crowd, double share) {
    uint64_t count = 0;
    int at = 0;
    while (at < MS_KNOWN && (count += crowd->ms[at]) < share * (double)crowd->answered)
        at++;
    return at;
}

json_t *crowd_json(const struct account *account) {
    const struct crowd *crowd = account->crowd;
    if (!crowd)
        return must(json_pack("{sb sI}", "running", false, "done", (json_int_t)0));
    uint64_t until = crowd->running ? uv_hrtime() : crowd->ended;
    return must(json_pack(
        "{sb sI sI sI sI sI sI sI sI s{sI sI sI}}", "running", crowd->running, "people",
        (json_int_t)crowd->people, "done", (json_int_t)crowd->done, "follows",
        (json_int_t)crowd->follows, "answered", (json_int_t)crowd->answered, "failed",
        (json_int_t)crowd->failed, "refused", (json_int_t)crowd->refused, "in_flight",
        (json_int_t)crowd->in_flight, "elapsed_ms", (json_int_t)((until - crowd->began) / 1000000),
        "answer_ms", "p50", percentile(crowd, 0.5), "p99", percentile(crowd, 0.99), "max",
        percentile(crowd, 1)));
}
