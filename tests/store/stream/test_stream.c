/* Points, streaks and boards against a plain model of their rules (model.h): a random stream of six
 * weeks (stream.h), 100,000 deliveries by four processes (deliver.h), against one real Redis.
 *
 * What holds, and is checked: whatever the processes do at the same time, however often a message
 * is delivered, at once or two weeks later, whichever process is killed, and however far the places
 * of messages in the stream are from the times they were sent at, every answer, every balance and
 * every ledger line is that of the model, which has seen every event once, in the order of the
 * stream. The order in which two events of one person took effect decides what they give, and is
 * not known from outside; so an event is delivered for the first time once the one before it in its
 * household (an employee with one or two telephones) has been answered. Nothing orders what is
 * repeated, nor events of different households, but that no process is more than some hours of the
 * stream ahead of another. Every three days all rest: then everything is compared, and some lines
 * of the ledger are reversed.
 *
 * Of departments and teams the order of the ledger decides who was first; their boards are compared
 * with sums of the ledger, once that has been compared with the model.
 *
 * DAY21_SEED=NUMBER takes another road than the one that is always the same. */

#include "store/correction.h"
#include "tests/fixture/redis.h"
#include "tests/store/stream/deliver.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED      21
#define KILLS     1          /* in each round */
#define REVERSALS 40         /* after each */
#define EPOCH     1577836800 /* a score is the sum, times SECONDS, and the seconds left since then */
#define SECONDS   2147483648.0
#define KEPT_BACK 2 /* periods that are over and whose boards still stand */

static struct stream *stream;
static struct model *model;
static struct delivered *delivered;
static int applied;   /* events the model has seen */
static int64_t today; /* the latest day a message has told of */
static int department_ids[DEPARTMENTS];

static const char *rule_name(unsigned rule) {
    return rule == REVERSED ? "reverse" : rules[rule].name;
}

/* ---- what to say when it is not as it should be ---- */

static void tell_event(int number) {
    const struct event *event = &stream->event[number];
    print_error("  e%d telephone %u, day %d %02d:%02d:%02d: %s", number, event->phone,
                (int)(event->day - STREAM_FIRST), (int)(event->now / 3600 % 24),
                (int)(event->now / 60 % 60), (int)(event->now % 60), verb_names[event->verb]);
    if (event->verb == AWARD)
        print_error(" %s '%s' effort %d", rules[event->rule].name, subject_text(event),
                    (int)event->effort);
    if (event->verb == LEAVE)
        print_error(" %d to %d", (int)(event->from - STREAM_FIRST),
                    (int)(event->to - STREAM_FIRST));
    if (event->verb == PUT)
        print_error(" department %d%s", event->department, event->gone ? ", gone" : "");
    if (event->verb == ASSIGN)
        print_error(" %d", event->team);
    print_error("\n");
}

static void tell_household(unsigned household, int last) {
    print_error("household %u, policy %u:\n", household, stream->households[household].policy);
    for (int i = 0; i <= last; i++)
        if (stream->event[i].household == household)
            tell_event(i);
}

/* Fails, with what happened in the household up to event `last`. */
static void differ(unsigned household, int last, const char *format, ...)
    __attribute__((format(printf, 3, 4), noreturn));

static void differ(unsigned household, int last, const char *format, ...) {
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    tell_household(household, last);
    fail_msg("DAY21_SEED=%lu, household %u: %s", stream->seed, household, text);
    abort();
}

static struct person *person_of(int64_t number) {
    for (unsigned i = 0; i < HOUSEHOLDS; i++)
        for (int k = 0; k < PHONES; k++)
            if (model->families[i].persons[k].number == number)
                return &model->families[i].persons[k];
    fail_msg("DAY21_SEED=%lu: the store knows a learner %" PRId64 ", the model does not",
             stream->seed, number);
    return NULL;
}

/* ---- answers ---- */

static void compare_answers(int event, const struct person *person, const struct answers *expected,
                            const struct answers *got, const char *which) {
    for (int i = 0; i < ANSWERS; i++) {
        int64_t want = i == A_NUMBER && got->of[i] ? person->number : expected->of[i];
        if (want != got->of[i])
            differ(person->household, event,
                   "the %s answer to e%d: %s is %" PRId64 ", by the model %" PRId64, which, event,
                   answer_names[i], got->of[i], want);
    }
}

/* The deliveries before `to`: the model sees each event once, and what it answers is the answer to
 * all deliveries of it. */
static void check_answers(int from, int to) {
    static struct answers expected[STREAM_EVENTS];
    static struct person *who[STREAM_EVENTS];
    for (int i = from; i < to; i++) {
        int event = stream->delivery[i].event;
        const struct answers *got = &delivered->answers[i];
        bool first = event == applied;
        if (first) {
            expected[event] = model_apply(model, event, &who[event]);
            if (who[event]->number == 0)
                who[event]->number = got->of[A_NUMBER];
            if (stream->event[event].day > today)
                today = stream->event[event].day;
            applied++;
        }
        compare_answers(event, who[event], &expected[event], got, first ? "first" : "repeated");
    }
}

/* ---- learners ---- */

/* "ALL DAY WEEK MONTH D" */
static void write_tally(char *text, size_t size, const struct person *person) {
    *text = '\0';
    if (!person->count)
        return;
    int64_t day = model_newest(person);
    snprintf(text, size, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %d",
             model_sum(person, -1, -1, -1), model_sum(person, (int)(day - STREAM_FIRST), -1, -1),
             model_sum(person, -1, model_week(day), -1),
             model_sum(person, -1, -1, model_month(day)), (int)day);
}

static const char *base_36(int64_t number) {
    static char text[16];
    char *digit = text + sizeof text - 1;
    for (*digit = '\0'; number; number /= 36)
        *--digit = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
    return digit;
}

static void write_recent(char *text, size_t size, const struct person *person) {
    static const char *const whys[] = {
#define X(name, word) word,
        STORE_WHYS(X)
#undef X
    };
    *text = '\0';
    for (int i = 0; i < person->recent_count; i++) {
        const struct recent *one = &person->recent[i];
        size_t length = strlen(text);
        snprintf(text + length, size - length, "%s%s %" PRId64 " %" PRId64 " %s%s%s", i ? "\n" : "",
                 base_36(one->at), one->points, one->coins, rule_name(one->rule),
                 one->why ? " " : "", whys[one->why]);
    }
}

static const char *number_or_none(int64_t number) {
    static char text[8][24];
    static int turn;
    char *one = text[turn++ % 8];
    *one = '\0';
    if (number)
        snprintf(one, sizeof text[0], "%" PRId64, number);
    return one;
}

/* "0" where the field is there, "" where it never was, are the same. */
static void without_zeros(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        bool zero =
            *from == '0' && (from[1] == ' ' || !from[1]) && (from == text || from[-1] == ' ');
        if (!zero)
            *to++ = *from;
    }
    *to = '\0';
}

/* The fields of a telephone as redis_say() writes them. */
static void write_fields(char *text, size_t size, unsigned household, unsigned number) {
    const struct family *family = &model->families[household];
    const struct phone *phone = &family->phones[number];
    const struct person *person = phone->person;
    char key[16], tally[160], recent[600];
    snprintf(key, sizeof key, "7%03u", household);
    write_tally(tally, sizeof tally, person);
    write_recent(recent, sizeof recent, person);
    snprintf(text, size,
             "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %s %s %s %s %s %s %s %s %s %s %s %s",
             person->xp, person->coins, person->level, person->number,
             number_or_none(person->checkins), number_or_none(model_last_streak(person)),
             number_or_none(person->freezes),
             person->last_checkin < 0 ? "" : number_or_none(STREAM_FIRST + person->last_checkin),
             person->bound ? key : "", person->gone ? "1" : "", person->hidden ? "1" : "",
             phone->following ? "1" : "",
             person->bound ? number_or_none(department_ids[family->department]) : "",
             person->bound ? number_or_none(family->team) : "", tally, recent);
    without_zeros(text);
}

static void check_phone(unsigned household, unsigned number) {
    struct person *person = model->families[household].phones[number].person;
    if (person->number == 0) /* has done nothing yet that tells it */
        person->number =
            atoi(redis_say(&fixture.redis, "HGET {t}:learner:h%u-%u n", household, number));
    char expected[1024], got[1024];
    static const char fields[] = "xp co lv n ci st fz ld e go hd on d tm tl rc";
    write_fields(expected, sizeof expected, household, number);
    snprintf(got, sizeof got, "%s",
             redis_say(&fixture.redis, "HMGET {t}:learner:h%u-%u %s", household, number, fields));
    without_zeros(got);
    if (strcmp(got, expected) != 0)
        differ(household, applied - 1, "telephone %u: %s is\n%s\nby the model\n%s", number, fields,
               got, expected);
}

/* ---- the ledger ---- */

struct line {
    int64_t day, at, points;
    int department, team; /* ids; 0: none */
    struct person *person;
    int change;    /* of the person's */
    bool reversed; /* or a reversal */
    char name[32];
};

static struct {
    struct line *lines;
    int count, room;
    bool seen[STREAM_EVENTS][RULES];
    int of[HOUSEHOLDS * PHONES + 1]; /* lines of a number */
    int64_t xp[HOUSEHOLDS * PHONES + 1], coins[HOUSEHOLDS * PHONES + 1];
} ledger;
static unsigned page_count;

static void compare_line(const struct store_ledger_line *line, const struct person *person) {
    int at = ledger.of[line->number]++;
    if (at >= person->count)
        differ(person->household, applied - 1, "ledger line %s (%s, %s) is not in the model",
               line->line, line->rule, line->id);
    const struct change *change = &person->changes[at];
    char subject[32], id[48], expected[512], got[512];
    snprintf(subject, sizeof subject, change->subject < 0 ? "" : "s%d", change->subject);
    snprintf(id, sizeof id, "e%d", change->event);
    if (change->rule == REVERSED) {
        snprintf(subject, sizeof subject, "%s", change->reversed);
        snprintf(id, sizeof id, "reverse:%s", change->reversed);
    }
#define LINE                                                                                       \
    "%s '%s' %" PRId64 " %" PRId64 " -> %" PRId64 " %" PRId64 " at %" PRId64 " day %" PRId64       \
    " d %s tm %s id %s"
    snprintf(expected, sizeof expected, LINE, rule_name(change->rule), subject, change->points,
             change->coins, change->xp, change->co, change->at, change->day,
             change->department < 0 ? "" : number_or_none(department_ids[change->department]),
             number_or_none(change->team), id);
    snprintf(got, sizeof got, LINE, line->rule, line->subject, line->points, line->coins, line->xp,
             line->co, line->at, line->day, line->department, line->team, line->id);
#undef LINE
    if (strcmp(got, expected) != 0)
        differ(person->household, change->event < 0 ? applied - 1 : change->event,
               "line %d of the ledger is\n%s\nby the model\n%s", at, got, expected);
    if (change->rule == REVERSED)
        return;
    bool *seen = &ledger.seen[change->event][change->rule];
    assert_false(*seen); /* an event gives by a rule once */
    *seen = true;
}

static void on_page(void *data, int error, const struct store_ledger_line *lines, unsigned count) {
    (void)data;
    fixture_done(error);
    page_count = count;
    for (unsigned i = 0; i < count; i++) {
        struct person *person = person_of(lines[i].number);
        int change = ledger.of[lines[i].number];
        compare_line(&lines[i], person);
        if (ledger.count == ledger.room) {
            ledger.room = ledger.room ? ledger.room * 2 : 1024;
            ledger.lines = realloc(ledger.lines, sizeof *ledger.lines * (size_t)ledger.room);
            assert_non_null(ledger.lines);
        }
        struct line *line = &ledger.lines[ledger.count++];
        *line = (struct line){
            .day = lines[i].day,
            .at = lines[i].at,
            .points = lines[i].points,
            .department = atoi(lines[i].department),
            .team = atoi(lines[i].team),
            .person = person,
            .change = change,
            .reversed = strcmp(lines[i].rule, "reverse") == 0, /* not again */
        };
        snprintf(line->name, sizeof line->name, "%s", lines[i].line);
        ledger.xp[lines[i].number] += lines[i].points;
        ledger.coins[lines[i].number] += lines[i].coins;
    }
}

static void check_ledger(void) {
    struct store_turn turn = fixture_turn("operator", "ledger", today, 0);
    do {
        uv_update_time(&fixture.loop); /* it has stood still meanwhile, and calls have deadlines */
        char after[32];
        snprintf(after, sizeof after, "%s",
                 ledger.count ? ledger.lines[ledger.count - 1].name : STORE_LEDGER_FIRST);
        struct store_ledger_range range = {.after = after, .most = 500};
        store_ledger_page(fixture.store, &turn, &range, on_page, NULL);
        fixture_wait();
        assert_int_equal(fixture.error, 0);
    } while (page_count);
    for (unsigned i = 0; i < HOUSEHOLDS; i++)
        for (int k = 0; k < PHONES; k++) {
            const struct person *person = &model->families[i].persons[k];
            if (ledger.of[person->number] != person->count)
                differ(i, applied - 1, "learner %" PRId64 " has %d ledger lines, by the model %d",
                       person->number, ledger.of[person->number], person->count);
            if (ledger.xp[person->number] != person->xp ||
                ledger.coins[person->number] != person->coins)
                differ(i, applied - 1,
                       "the ledger does not add up to learner %" PRId64 "'s balances",
                       person->number);
        }
}

/* ---- what an operator takes back ---- */

static void on_corrected(void *data, int error, enum store_corrected corrected, const char *line,
                         int64_t xp, int64_t co) {
    (void)line, (void)xp, (void)co;
    fixture_done(error);
    *(enum store_corrected *)data = corrected;
}

/* Between two rounds, of any day so far; and once more, which changes nothing. */
static void take_back(unsigned long *seed) {
    static const enum store_corrected expected[] = {STORE_CORRECTED_DONE, STORE_CORRECTED_AGAIN};
    for (int i = 0; i < REVERSALS; i++) {
        struct line *line = &ledger.lines[stream_random(seed, (unsigned)ledger.count)];
        const struct change *change = &line->person->changes[line->change];
        if (line->reversed)
            continue;
        char department[16], team[16];
        snprintf(department, sizeof department, "%s", number_or_none(line->department));
        snprintf(team, sizeof team, "%s", number_or_none(line->team));
        struct store_ledger_line which = {
            .line = line->name,
            .number = line->person->number,
            .rule = rule_name(change->rule),
            .subject = "",
            .points = change->points,
            .coins = change->coins,
            .day = line->day,
            .department = department,
            .team = team,
            .id = "",
        };
        struct store_turn turn = fixture_turn("operator", line->name, today, 43200 + i);
        for (int again = 0; again < 2; again++) {
            enum store_corrected got;
            uv_update_time(&fixture.loop);
            store_reverse(fixture.store, &turn, &which, "a mistake", on_corrected, &got);
            fixture_wait();
            assert_int_equal(fixture.error, 0);
            assert_int_equal(got, expected[again]);
        }
        line->reversed = true;
        model_reverse(model, line->person, line->change, line->name, turn.now);
    }
}

/* ---- boards ---- */

struct place {
    int64_t member, sum, at;
};

static int by_rank(const void *left, const void *right) {
    const struct place *a = left, *b = right;
    if (a->sum != b->sum)
        return a->sum > b->sum ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return 0;
}

/* Who stands on the board, or does not, unlike in the model. */
static void tell_odd_ones(const char *name, const struct place *places, int count) {
    for (int64_t member = 1; member <= HOUSEHOLDS * PHONES; member++) {
        bool expected = false;
        for (int i = 0; i < count; i++)
            expected |= places[i].member == member;
        bool there = *redis_say(&fixture.redis, "ZSCORE {t}:board:%s %d", name, (int)member);
        if (there == expected)
            continue;
        if (*name == 'p')
            tell_household(person_of(member)->household, applied - 1);
        print_error("%d is %s the board\n", (int)member, there ? "on" : "not on");
        return;
    }
}

/* The board has these places, in their order, and no others. */
static void check_board(const char *name, struct place *places, int count) {
    enum { SLICE = 100 };
    qsort(places, (size_t)count, sizeof *places, by_rank);
    int on_it = atoi(redis_say(&fixture.redis, "ZCARD {t}:board:%s", name));
    if (on_it != count) {
        tell_odd_ones(name, places, count);
        fail_msg("DAY21_SEED=%lu: %d stand on board %s, by the model %d", stream->seed, on_it, name,
                 count);
    }
    for (int from = 0; from < count; from += SLICE) {
        const char *rest = redis_say(&fixture.redis, "ZREVRANGE {t}:board:%s %d %d WITHSCORES",
                                     name, from, from + SLICE - 1);
        for (int i = from; i < count && i < from + SLICE; i++) {
            char *end;
            long member = strtol(rest, &end, 10);
            double score = strtod(end, &end);
            rest = end;
            double expected =
                (double)places[i].sum * SECONDS + SECONDS - 1 - (double)(places[i].at - EPOCH);
            bool tied = (i > 0 && by_rank(&places[i - 1], &places[i]) == 0) ||
                        (i + 1 < count && by_rank(&places[i + 1], &places[i]) == 0);
            if (score == expected && (tied || member == places[i].member))
                continue;
            if (*name == 'p')
                tell_household(person_of(places[i].member)->household, applied - 1);
            fail_msg(
                "DAY21_SEED=%lu: place %d of board %s has %ld with %.0f, by the model %d with "
                "%.0f",
                stream->seed, i + 1, name, member, score, (int)places[i].member, expected);
        }
    }
}

enum period { ALL, DAY, WEEK, MONTH, PERIODS };

static const char *period_name(char kind, enum period period, int at) {
    static char text[32];
    switch (period) {
    case DAY:
        snprintf(text, sizeof text, "%c:d%d", kind, STREAM_FIRST + at);
        break;
    case WEEK:
        snprintf(text, sizeof text, "%c:w%d", kind, (STREAM_FIRST + 3) / 7 + at);
        break;
    case MONTH:
        snprintf(text, sizeof text, "%c:m%d", kind, 2024 * 12 + 9 + at);
        break;
    default:
        snprintf(text, sizeof text, "%c:all", kind);
    }
    return text;
}

static int period_of(enum period period, int64_t day) {
    switch (period) {
    case DAY:
        return (int)(day - STREAM_FIRST);
    case WEEK:
        return model_week(day);
    case MONTH:
        return model_month(day);
    default:
        return 0;
    }
}

static int64_t stands_since(const struct person *person, enum period period, int at) {
    switch (period) {
    case DAY:
        return person->places.day[at];
    case WEEK:
        return person->places.week[at];
    case MONTH:
        return person->places.month[at];
    default:
        return person->places.all;
    }
}

static void check_persons(enum period period, int at) {
    struct place places[HOUSEHOLDS * PHONES];
    int count = 0;
    for (unsigned i = 0; i < HOUSEHOLDS; i++)
        for (int k = 0; k < PHONES; k++) {
            const struct person *person = &model->families[i].persons[k];
            int64_t since = stands_since(person, period, at);
            if (since)
                places[count++] =
                    (struct place){person->number,
                                   model_sum(person, period == DAY ? at : -1,
                                             period == WEEK ? at : -1, period == MONTH ? at : -1),
                                   since};
        }
    check_board(period_name('p', period, at), places, count);
}

/* What the ledger says of departments or teams. Who brought it to its sum, was the last line; but
 * what comes late, for a day that is over, does not change when that day's sum was reached. */
static void check_groups(char kind, enum period period, int at) {
    enum { MOST = DEPARTMENTS + TEAMS + 8 };
    struct place places[MOST] = {0};
    int64_t newest[MOST] = {0};
    int count = 0;
    for (int i = 0; i < ledger.count; i++) {
        const struct line *line = &ledger.lines[i];
        int id = kind == 'd' ? line->department : line->team;
        assert_in_range(id, 0, MOST - 1);
        if (line->day > newest[id])
            newest[id] = line->day;
        if (id == 0 || period_of(period, line->day) != at)
            continue;
        bool late = period_of(period, newest[id]) != at;
        if (!late || !places[id].sum)
            places[id].at = line->at;
        places[id].member = id;
        places[id].sum += line->points;
    }
    for (int i = 0; i < MOST; i++)
        if (places[i].sum)
            places[count++] = places[i];
    check_board(period_name(kind, period, at), places, count);
}

static void check_boards(void) {
    for (enum period period = ALL; period < PERIODS; period++) {
        int now = period_of(period, today);
        for (int at = now; at >= 0 && at >= now - KEPT_BACK; at--) {
            check_persons(period, at);
            check_groups('d', period, at);
            check_groups('t', period, at);
        }
    }
}

/* ---- departments, teams and activity ---- */

/* "ALL DAY WEEK MONTH D" of what the ledger says. */
static void check_tally(char kind, int id) {
    int64_t all = 0, sums[PERIODS] = {0}, newest = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < ledger.count; i++) {
            const struct line *line = &ledger.lines[i];
            if ((kind == 'd' ? line->department : line->team) != id)
                continue;
            if (pass == 0 && line->day > newest)
                newest = line->day;
            for (enum period period = ALL; pass == 1 && period < PERIODS; period++)
                if (period_of(period, line->day) == period_of(period, newest))
                    sums[period] += line->points;
            all++;
        }
    char text[160] = "";
    if (all)
        snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %d", sums[ALL],
                 sums[DAY], sums[WEEK], sums[MONTH], (int)newest);
    assert_string_equal(redis_say(&fixture.redis, "HGET {t}:tally %c:%d", kind, id), text);
}

static void check_groups_themselves(void) {
    int departments[DEPARTMENTS] = {0}, teams[TEAMS + 1] = {0};
    for (unsigned i = 0; i < HOUSEHOLDS; i++)
        for (int k = 0; k < PHONES; k++) {
            const struct family *family = &model->families[i];
            departments[family->department] += family->persons[k].bound;
            teams[family->team] += family->persons[k].bound;
        }
    for (int i = 0; i < DEPARTMENTS; i++)
        assert_int_equal(atoi(redis_say(&fixture.redis, "HGET {t}:heads d:%d", department_ids[i])),
                         departments[i]);
    for (int i = 0; i < DEPARTMENTS; i++)
        check_tally('d', department_ids[i]);
    for (int i = 1; i <= TEAMS; i++)
        check_tally('t', i);
    for (int i = 1; i <= TEAMS; i++)
        assert_int_equal(atoi(redis_say(&fixture.redis, "HGET {t}:heads t:%d", i)), teams[i]);
}

/* Bits of a day, 32 at a time. */
static void check_bitmap(const char *noun, int day, size_t offset) {
    enum { WORDS = HOUSEHOLDS * PHONES / 32 + 1 };
    unsigned expected[WORDS] = {0};
    for (unsigned i = 0; i < HOUSEHOLDS; i++)
        for (int k = 0; k < PHONES; k++) {
            const struct person *person = &model->families[i].persons[k];
            const bool *did = (const bool *)((const char *)person + offset);
            if (did[day])
                expected[person->number / 32] |= 1u << (31 - person->number % 32);
        }
    char command[1024];
    size_t length =
        (size_t)snprintf(command, sizeof command, "BITFIELD {t}:%s:%d", noun, STREAM_FIRST + day);
    for (int i = 0; i < WORDS; i++)
        length += (size_t)snprintf(command + length, sizeof command - length, " GET u32 #%d", i);
    const char *rest = redis_say(&fixture.redis, "%s", command);
    for (int i = 0; i < WORDS; i++) {
        char *end;
        unsigned got = (unsigned)strtoul(rest, &end, 10);
        rest = end;
        if (got != expected[i])
            fail_msg("DAY21_SEED=%lu: %s on day %d, learners from %d: %08x, by the model %08x",
                     stream->seed, noun, day, i * 32, got, expected[i]);
    }
}

static void check_activity(void) {
    for (int day = 0; day <= (int)(today - STREAM_FIRST); day++) {
        check_bitmap("active", day, offsetof(struct person, active));
        check_bitmap("watched", day, offsetof(struct person, watched));
        check_bitmap("interacted", day, offsetof(struct person, interacted));
        check_bitmap("discussed", day, offsetof(struct person, discussed));
    }
}

/* ---- all of it ---- */

static void stream_gives_what_the_model_gives(void **state) {
    (void)state;
    unsigned long seed = stream->seed;
    deliver_roster(stream);
    for (int i = 0; i < DEPARTMENTS; i++)
        department_ids[i] = atoi(redis_say(&fixture.redis, "HGET {t}:departments co/d%d", i));
    for (int round = 0; round < STREAM_ROUNDS; round++) {
        int from = STREAM_DELIVERIES * round / STREAM_ROUNDS;
        int to = STREAM_DELIVERIES * (round + 1) / STREAM_ROUNDS;
        deliver(stream, delivered, fixture.redis.socket, from, to, KILLS);
        check_answers(from, to);
        for (unsigned i = 0; i < HOUSEHOLDS; i++)
            for (unsigned k = 0; k < stream->households[i].phones; k++)
                if (model->families[i].phones[k].known)
                    check_phone(i, k);
        check_ledger();
        check_boards();
        check_groups_themselves();
        check_activity();
        take_back(&seed);
    }
    assert_int_equal(applied, stream->events);
}

static int setup(void **state) {
    const char *seed = getenv("DAY21_SEED");
    stream = stream_make(seed ? strtoul(seed, NULL, 10) : SEED);
    model = stream ? model_make(stream) : NULL;
    delivered = delivered_make();
    if (!model || !delivered || fixture_setup(state))
        return -1;
    print_message("DAY21_SEED=%lu: %d events, %d deliveries\n", stream->seed, stream->events,
                  stream->deliveries);
    redis_say(&fixture.redis, "CONFIG SET appendonly no"); /* it is not Redis that is killed here */
    return 0;
}

static int teardown(void **state) {
    free(ledger.lines);
    delivered_free(delivered);
    model_free(model);
    free(stream);
    return fixture_teardown(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(stream_gives_what_the_model_gives)};
    return cmocka_run_group_tests_name("store/stream", tests, setup, teardown);
}
