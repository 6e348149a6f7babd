#include "tests/store/stream/model.h"

#include "config/limits.h"
#include "store/binding.h"
#include "store/streak.h"
#include "store/team.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const answer_names[ANSWERS] = {
    "number", "xp",       "level",    "level before", "given",    "coins",  "coins given",
    "why",    "streak",   "checkins", "checked in",   "freezes",  "freeze", "missed",
    "mended", "rest day", "new",      "outcome",      "leave to",
};

int model_week(int64_t day) {
    return (int)((day - STREAM_FIRST) / 7); /* it is a Monday */
}

int model_month(int64_t day) {
    static int months[MODEL_DAYS]; /* + 1; 0: not asked before */
    time_t first = (time_t)STREAM_FIRST * 86400, at = (time_t)day * 86400;
    int *month = &months[day - STREAM_FIRST];
    if (*month == 0) {
        struct tm from, then;
        gmtime_r(&first, &from);
        gmtime_r(&at, &then);
        *month = (then.tm_year - from.tm_year) * 12 + then.tm_mon - from.tm_mon + 1;
    }
    return *month - 1;
}

static int since_first(int64_t day) {
    return (int)(day - STREAM_FIRST);
}

/* ---- boards ---- */

int64_t model_sum(const struct person *person, int day, int week, int month) {
    int64_t sum = 0;
    for (int i = 0; i < person->count; i++) {
        const struct change *change = &person->changes[i];
        if ((day < 0 || since_first(change->day) == day) &&
            (week < 0 || model_week(change->day) == week) &&
            (month < 0 || model_month(change->day) == month))
            sum += change->points;
    }
    return sum;
}

int64_t model_newest(const struct person *person) {
    int64_t newest = 0;
    for (int i = 0; i < person->count; i++)
        if (person->changes[i].day > newest)
            newest = person->changes[i].day;
    return newest;
}

static bool is_shown(const struct phone *phone) {
    const struct person *person = phone->person;
    return person->bound && phone->following && !person->gone && !person->hidden;
}

/* A sum and the place for it: nobody stands anywhere for nothing. */
static void settle(int64_t *since, int64_t now, int64_t sum) {
    *since = sum > 0 ? now : 0;
}

/* When the person's points changed last, as far as is remembered; else now. */
static int64_t last_change(const struct person *person, int64_t now) {
    for (int i = 0; i < person->recent_count; i++)
        if (person->recent[i].points)
            return person->recent[i].at;
    return now;
}

/* On the boards stands who is bound, follows, has not left and has not asked to be left out. Who
 * comes (back) takes the places of the periods that are now, among equals by when they came to
 * their sum; who is there already stays there. */
static void stand(const struct phone *phone, const struct event *event) {
    struct person *person = phone->person;
    struct places *places = &person->places;
    if (!is_shown(phone)) {
        *places = (struct places){0};
        return;
    }
    int64_t newest = model_newest(person), today = event->day > newest ? event->day : newest;
    if (places->all || person->xp == 0)
        return;
    int day = since_first(newest), week = model_week(newest), month = model_month(newest);
    int64_t since = last_change(person, event->now);
    places->all = since;
    if (newest == today)
        settle(&places->day[day], since, model_sum(person, day, -1, -1));
    if (week == model_week(today))
        settle(&places->week[week], since, model_sum(person, -1, week, -1));
    if (month == model_month(today))
        settle(&places->month[month], since, model_sum(person, -1, -1, month));
}

/* A change moves who is shown: in the periods that the person's newest points count for, it is what
 * they came to their sum by. In those that are over only what is taken back comes. */
static void climb(const struct phone *phone, const struct change *change) {
    struct person *person = phone->person;
    struct places *places = &person->places;
    int64_t newest = model_newest(person);
    int day = since_first(change->day), week = model_week(change->day);
    int month = model_month(change->day);
    if (!is_shown(phone))
        return;
    const struct {
        int64_t *since, sum;
        bool now;
    } boards[] = {
        {&places->all, person->xp, true},
        {&places->day[day], model_sum(person, day, -1, -1), change->day == newest},
        {&places->week[week], model_sum(person, -1, week, -1), week == model_week(newest)},
        {&places->month[month], model_sum(person, -1, -1, month), month == model_month(newest)},
    };
    for (unsigned i = 0; i < sizeof boards / sizeof boards[0]; i++)
        if (boards[i].now || *boards[i].since)
            settle(boards[i].since, boards[i].now ? change->at : *boards[i].since, boards[i].sum);
}

/* ---- points ---- */

/* The newest; a refusal like the one before takes its place. */
static void remember(struct person *person, const struct recent *recent) {
    const struct recent *newest = &person->recent[0];
    bool again = person->recent_count && !recent->points && !newest->points &&
                 newest->rule == recent->rule && newest->why == recent->why;
    if (!again) {
        if (person->recent_count < STORE_RECENT)
            person->recent_count++;
        memmove(&person->recent[1], &person->recent[0],
                sizeof person->recent[0] * (size_t)(person->recent_count - 1));
    }
    person->recent[0] = *recent;
}

struct earned {
    int64_t rule_day, rule_week, subject_day, subject_week, subject, day, last;
};

/* What the person has had from this rule, on this subject and in this day and week. */
static struct earned add_up(const struct person *person, unsigned rule, int subject, int64_t day) {
    struct earned earned = {0};
    for (int i = 0; i < person->count; i++) {
        const struct change *change = &person->changes[i];
        bool same_day = change->day == day, same_week = model_week(change->day) == model_week(day);
        if (change->rule == REVERSED)
            continue; /* what was taken back is not to be earned again */
        if (!rules[change->rule].beyond_cap && same_day)
            earned.day += change->points;
        if (change->rule != rule)
            continue;
        earned.last = change->at;
        earned.rule_day += same_day ? change->points : 0;
        earned.rule_week += same_week ? change->points : 0;
        if (change->subject != subject)
            continue;
        earned.subject += change->points;
        earned.subject_day += same_day ? change->points : 0;
        earned.subject_week += same_week ? change->points : 0;
    }
    return earned;
}

/* How many points, and why not all of them. */
static int64_t worth(const struct person *person, const struct store_policy *policy,
                     const struct event *event, unsigned number, int subject, int64_t day,
                     enum store_why *why) {
    const struct store_rule *rule = &rules[number];
    struct earned earned = add_up(person, number, subject, day);
    *why = STORE_WHY_none;
    if (!person->bound && (rule->bound || !policy->unbound_earn))
        *why = STORE_WHY_unbound;
    else if (event->effort < rule->least)
        *why = STORE_WHY_short;
    else if (rule->cooldown_s && earned.last && event->now < earned.last + rule->cooldown_s)
        *why = STORE_WHY_cool;
    else if (rule->once && earned.subject)
        *why = STORE_WHY_once;
    if (*why != STORE_WHY_none)
        return 0;
    const struct {
        int64_t most, had;
        enum store_why why;
    } caps[] = {
        {rule->cap.subject, earned.subject, STORE_WHY_subject},
        {rule->cap.subject_week, earned.subject_week, STORE_WHY_subject},
        {rule->cap.subject_day, earned.subject_day, STORE_WHY_subject},
        {rule->cap.day, earned.rule_day, STORE_WHY_day},
        {rule->cap.week, earned.rule_week, STORE_WHY_week},
        {rule->beyond_cap ? 0 : policy->daily_cap, earned.day, STORE_WHY_total},
    };
    int64_t give = rule->points;
    for (unsigned i = 0; i < sizeof caps / sizeof caps[0]; i++)
        if (caps[i].most && caps[i].most - caps[i].had < give) {
            give = caps[i].most > caps[i].had ? caps[i].most - caps[i].had : 0;
            *why = caps[i].why;
        }
    return give;
}

static int64_t level_of(const char *thresholds, int64_t xp) {
    int64_t level = 0;
    for (char *rest = (char *)thresholds; rest; rest = strchr(rest, ',')) {
        rest += *rest == ',';
        if (xp >= atoi(rest))
            level++;
    }
    return level;
}

static void note_activity(struct person *person, unsigned rule, int day) {
    person->watched[day] |= rules[rule].activity == STORE_ACTIVITY_WATCHED;
    person->interacted[day] |= rules[rule].activity == STORE_ACTIVITY_INTERACTED;
    person->discussed[day] |= rules[rule].activity == STORE_ACTIVITY_DISCUSSED;
}

static struct change *next_change(struct person *person) {
    if (person->count == person->room) {
        person->room = person->room ? person->room * 2 : 64;
        person->changes = realloc(person->changes, sizeof(struct change) * (size_t)person->room);
        if (!person->changes)
            abort();
    }
    return &person->changes[person->count++];
}

/* Gives what the rule gives, and adds it to the answer. */
static void award(const struct model *model, const struct phone *phone, int number, unsigned rule,
                  struct answers *answers) {
    const struct event *event = &model->stream->event[number];
    const struct family *family = &model->families[event->household];
    struct person *person = phone->person;
    const struct store_policy *policy =
        &policies[model->stream->households[event->household].policy];
    int64_t day = event->day > model_newest(person) ? event->day : model_newest(person);
    int subject = event->verb == AWARD ? event->subject : -1;
    note_activity(person, rule, since_first(event->day));
    enum store_why why;
    int64_t give = worth(person, policy, event, rule, subject, day, &why);
    int64_t coins = rules[rule].coins * give / rules[rule].points;
    remember(person, &(struct recent){event->now, give, coins, rule, why});
    answers->of[A_GIVEN] += give;
    answers->of[A_COINS_GIVEN] += coins;
    answers->of[A_WHY] = why;
    if (give == 0)
        return;
    person->xp += give;
    person->coins += coins;
    int64_t level = level_of(policy->thresholds, person->xp);
    if (level > person->level)
        person->level = level;
    struct change *change = next_change(person);
    *change = (struct change){
        .event = number,
        .rule = rule,
        .subject = subject,
        .points = give,
        .coins = coins,
        .xp = person->xp,
        .co = person->coins,
        .at = event->now,
        .day = day,
        .department = person->bound ? family->department : -1,
        .team = person->bound ? family->team : 0,
    };
    climb(phone, change);
}

void model_reverse(struct model *model, struct person *person, int number, const char *line,
                   int64_t now) {
    struct family *family = &model->families[person->household];
    const struct phone *phone = &family->phones[family->phones[0].person == person ? 0 : 1];
    struct change *change = next_change(person);
    *change = person->changes[number];
    change->event = -1;
    change->rule = REVERSED;
    change->points = -change->points;
    change->coins = -change->coins;
    change->xp = person->xp += change->points;
    change->co = person->coins += change->coins;
    change->at = now;
    memcpy(change->reversed, line, strlen(line) + 1);
    remember(person,
             &(struct recent){now, change->points, change->coins, REVERSED, STORE_WHY_none});
    climb(phone, change);
}

/* ---- streaks ---- */

/* Days that a streak passes over: nobody works, or this one does not have to. */
static bool passes(const struct person *person, int day) {
    return !is_working_day(STREAM_FIRST + day) || person->leave[day] || person->mended[day];
}

static int64_t streak_at(const struct person *person, int day) {
    int64_t streak = 0;
    for (int d = day; d >= 0; d--) {
        if (person->counted[d])
            streak++;
        else if (d != day && !passes(person, d))
            break;
    }
    return streak;
}

/* The newest day before this one on which a check-in counted, or that was mended; -1. */
static int last_good(const struct person *person, int day) {
    int d = day - 1;
    while (d >= 0 && !person->counted[d] && !person->mended[d])
        d--;
    return d;
}

int64_t model_last_streak(const struct person *person) {
    return streak_at(person, last_good(person, MODEL_DAYS));
}

static int64_t missed_before(const struct person *person, int day) {
    int64_t missed = 0;
    int good = last_good(person, day);
    for (int d = day - 1; good >= 0 && d > good; d--)
        missed += !passes(person, d);
    return missed;
}

/* What could be mended on this day, and to which length. */
static int64_t broken(const struct person *person, const struct store_policy *policy, int day,
                      int64_t *length) {
    int64_t streak = streak_at(person, day), most = policy->makeup_days;
    int64_t missed = person->counted[day] ? 0 : missed_before(person, day);
    *length = 0;
    if (missed > most)
        return 0;
    if (missed > 0) {
        *length = streak_at(person, last_good(person, day));
        return missed;
    }
    if (streak == 0 || person->broken_missed == 0 || person->broken_missed > most || streak > most)
        return 0;
    *length = person->broken + streak;
    return person->broken_missed;
}

/* Returns 1 if it earned a freeze. */
static int64_t count_day(struct person *person, const struct store_policy *policy, int day) {
    if (!is_working_day(STREAM_FIRST + day))
        return 0;
    int64_t missed = missed_before(person, day);
    if (missed) {
        int good = last_good(person, day);
        person->broken = streak_at(person, good);
        person->broken_missed = missed;
        person->broken_from = good + 1, person->broken_to = day - 1;
    }
    person->counted[day] = true;
    if (!policy->freeze_every || streak_at(person, day) % policy->freeze_every ||
        person->freezes >= policy->freezes)
        return 0;
    person->freezes++;
    return 1;
}

static void checkin(const struct model *model, const struct phone *phone, int number,
                    struct answers *answers) {
    const struct event *event = &model->stream->event[number];
    const struct store_policy *policy =
        &policies[model->stream->households[event->household].policy];
    struct person *person = phone->person;
    int day = since_first(event->day);
    if (person->last_checkin < day) {
        answers->of[A_FREEZE_EARNED] = count_day(person, policy, day);
        answers->of[A_CHECKED_IN] = 1;
        person->last_checkin = day;
        int64_t plan = person->checkins++ % PLAN_DAYS + 1;
        award(model, phone, number, CHECKIN_RULE, answers);
        if (plan == MILESTONE_DAY)
            award(model, phone, number, MILESTONE, answers);
        if (plan == MILESTONE_AGAIN_DAY)
            award(model, phone, number, MILESTONE_AGAIN, answers);
    }
    answers->of[A_WHY] = 0; /* it does not tell */
    for (int later = day; later < MODEL_DAYS; later++)
        if (person->counted[later])
            day = later; /* a message of the day before is told how things stand now */
    answers->of[A_STREAK] = streak_at(person, day);
    answers->of[A_CHECKINS] = person->checkins;
    answers->of[A_FREEZES] = person->freezes;
    answers->of[A_MISSED] = broken(person, policy, day, &answers->of[A_MENDED]);
    answers->of[A_REST_DAY] = !is_working_day(event->day);
}

static void makeup(const struct model *model, struct person *person, const struct event *event,
                   struct answers *answers) {
    const struct store_policy *policy =
        &policies[model->stream->households[event->household].policy];
    int day = since_first(event->day);
    bool now = !person->counted[day] && missed_before(person, day) > 0;
    int64_t length, missed = broken(person, policy, day, &length);
    if (missed > 0 && missed <= person->freezes) {
        int from = now ? last_good(person, day) + 1 : person->broken_from;
        int to = now ? day - 1 : person->broken_to;
        for (int d = from; d <= to; d++)
            person->mended[d] = true;
        person->broken = person->broken_missed = 0;
        person->freezes -= missed;
        answers->of[A_OUTCOME] = STORE_MAKEUP_mended;
    } else {
        answers->of[A_OUTCOME] = missed ? STORE_MAKEUP_few : STORE_MAKEUP_whole;
    }
    answers->of[A_MISSED] = missed;
    answers->of[A_STREAK] = missed ? length : streak_at(person, day);
    answers->of[A_FREEZES] = person->freezes;
}

static bool passes_by_leave(const struct person *person, int day) {
    return !is_working_day(STREAM_FIRST + day) || person->leave[day];
}

static void take_leave(struct person *person, const struct event *event, struct answers *answers) {
    if (event->verb == LEAVE_BACK) {
        for (int d = since_first(event->day); d < MODEL_DAYS; d++)
            person->leave[d] = false;
        return;
    }
    int to = since_first(event->to);
    for (int d = since_first(event->from); d <= to; d++)
        person->leave[d] = true;
    for (int d = to + 1; d < MODEL_DAYS && passes_by_leave(person, d); d++)
        to = person->leave[d] ? d : to; /* with no working day in between, they are one */
    answers->of[A_TO] = STREAM_FIRST + to;
}

/* ---- who is who ---- */

static void unbind(struct phone *phone, const struct event *event) {
    phone->person->bound = false;
    stand(phone, event);
}

static struct phone *holder_of(struct family *family) {
    for (int i = 0; i < PHONES; i++)
        if (family->phones[i].person->bound)
            return &family->phones[i];
    return NULL;
}

static enum store_binding_outcome attempt(struct family *family, struct phone *phone,
                                          const struct event *event) {
    struct phone *holder = holder_of(family);
    phone->question = NO_QUESTION;
    if (holder == phone)
        return STORE_BINDING_already;
    if (phone->tries >= LIMIT_BIND_TRIES || family->tries >= LIMIT_BIND_TRIES)
        return STORE_BINDING_limited;
    if (family->gone || (event->verb == BIND_CODE && !family->code)) {
        phone->tries++, family->tries++;
        phone->question = ASKED_NUMBER;
        return STORE_BINDING_wrong;
    }
    if (holder && event->verb == BIND_TAIL) {
        phone->question = ASKED_PROOF;
        return STORE_BINDING_code;
    }
    phone->tries = family->tries = 0;
    family->code = false;
    if (!holder) {
        phone->person->bound = true;
        phone->person->gone = false;
        stand(phone, event);
        return STORE_BINDING_bound;
    }
    struct person *person = holder->person;
    holder->person = phone->person;
    phone->person = person;
    stand(phone, event);
    return STORE_BINDING_moved;
}

static enum store_binding_outcome end_binding(struct phone *phone, const struct event *event) {
    if (!phone->person->bound)
        return STORE_BINDING_unbound;
    if (event->verb != UNBIND_SURE || phone->question != ASKED_SURE) {
        phone->question = ASKED_SURE;
        return STORE_BINDING_sure;
    }
    unbind(phone, event);
    phone->question = NO_QUESTION;
    return STORE_BINDING_done;
}

static void put(struct family *family, const struct event *event) {
    struct phone *holder = holder_of(family);
    family->department = event->department;
    family->gone = event->gone;
    if (!event->gone)
        return;
    family->code = false;
    family->team = 0;
    if (holder) {
        unbind(holder, event);
        holder->person->gone = true;
        holder->question = NO_QUESTION;
    }
}

static enum store_team_result assign(struct family *family, const struct event *event) {
    if (family->gone)
        return STORE_TEAM_gone;
    family->team = event->team;
    return STORE_TEAM_done;
}

static bool give_code(struct family *family) {
    if (family->gone)
        return false;
    family->code = true;
    family->tries = 0;
    return true;
}

/* ---- events ---- */

static void greet(struct phone *phone, const struct event *event, struct answers *answers) {
    answers->of[A_IS_NEW] = !phone->known;
    if (!phone->known)
        phone->known = phone->following = true;
    phone->person->active[since_first(event->day)] = true;
}

static void show(const struct phone *phone, const struct event *event, struct answers *answers) {
    bool hidden = event->verb == HIDE;
    answers->of[A_OUTCOME] = phone->person->hidden != hidden;
    phone->person->hidden = hidden;
    stand(phone, event);
}

/* What a learner does, of whom the store knows from then on. */
static void act(const struct model *model, struct family *family, struct phone *phone, int number,
                struct answers *answers) {
    const struct event *event = &model->stream->event[number];
    greet(phone, event, answers);
    bool is_new = answers->of[A_IS_NEW];
    answers->of[A_IS_NEW] = 0;
    answers->of[A_BEFORE] = phone->person->level;
    switch (event->verb) {
    case FOLLOW:
        answers->of[A_IS_NEW] = is_new;
        phone->following = true;
        stand(phone, event);
        award(model, phone, number, WELCOME, answers);
        answers->of[A_WHY] = 0; /* it does not tell */
        break;
    case AWARD:
        award(model, phone, number, event->rule, answers);
        break;
    case CHECKIN:
        checkin(model, phone, number, answers);
        break;
    case MAKEUP:
        makeup(model, phone->person, event, answers);
        break;
    case LEAVE:
    case LEAVE_BACK:
        take_leave(phone->person, event, answers);
        break;
    case SHOW:
    case HIDE:
        show(phone, event, answers);
        break;
    case BIND_TAIL:
    case BIND_CODE:
        answers->of[A_OUTCOME] = attempt(family, phone, event);
        break;
    case UNBIND:
    case UNBIND_SURE:
        answers->of[A_OUTCOME] = end_binding(phone, event);
        break;
    default:
        break;
    }
}

struct answers model_apply(struct model *model, int number, struct person **who) {
    const struct event *event = &model->stream->event[number];
    struct family *family = &model->families[event->household];
    struct phone *phone = &family->phones[event->phone];
    struct person *person = phone->person;
    struct answers answers = {0};
    *who = person;
    if (event->verb == PUT) {
        put(family, event);
        answers.of[A_OUTCOME] = 1;
    } else if (event->verb == CODE) {
        answers.of[A_OUTCOME] = give_code(family) ? 1 : -1;
    } else if (event->verb == ASSIGN) {
        answers.of[A_OUTCOME] = assign(family, event);
    } else if (event->verb == UNFOLLOW) {
        phone->following = false;
        stand(phone, event);
    } else {
        act(model, family, phone, number, &answers);
    }
    bool tells = event->verb == FOLLOW || event->verb == AWARD || event->verb == CHECKIN;
    answers.of[A_BEFORE] = tells ? answers.of[A_BEFORE] : 0;
    answers.of[A_XP] = tells ? person->xp : 0;
    answers.of[A_LEVEL] = tells ? person->level : 0;
    answers.of[A_COINS] = tells ? person->coins : 0;
    return answers;
}

struct model *model_make(const struct stream *stream) {
    struct model *model = calloc(1, sizeof *model);
    if (!model)
        return NULL;
    model->stream = stream;
    for (unsigned i = 0; i < HOUSEHOLDS; i++) {
        struct family *family = &model->families[i];
        family->department = stream->households[i].department;
        family->team = stream->households[i].team;
        for (int k = 0; k < PHONES; k++) {
            struct person *person = &family->persons[k];
            family->phones[k].person = person;
            person->household = i;
            person->level = 1;
            person->last_checkin = -1;
        }
    }
    return model;
}

void model_free(struct model *model) {
    for (unsigned i = 0; model && i < HOUSEHOLDS; i++)
        for (int k = 0; k < PHONES; k++)
            free(model->families[i].persons[k].changes);
    free(model);
}
