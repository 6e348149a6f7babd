#include "feed.h"

#include "alarm.h"
#include "bot/fastcgi.h"
#include "buttons.h"
#include "page.h"

#include <stdlib.h>

/* Someone who waits. Belongs to its request. */
struct waiter {
    struct feed *feed;
    struct fcgi_request *request;
    struct person *person;
    uint64_t after;
    struct alarm *alarm; /* NULL when it does not wait */
    struct waiter *next, **link;
};

struct feed {
    struct world *world;
    struct waiter *first;
};

/* Who has waited for an answer may have put the phone away meanwhile: such an answer has been read
 * when the next question starts behind it. */
static void seen(struct person *person, uint64_t seq) {
    if (person->count && seq <= person->items[person->count - 1]->seq && seq > person->seen)
        person->seen = seq;
}

static void answer(struct waiter *waiter) {
    struct person *person = waiter->person;
    json_t *items = must(json_array());
    uint64_t seq = waiter->after;
    for (unsigned i = 0; i < person->count; i++) {
        if (person->items[i]->seq <= waiter->after)
            continue;
        seq = person->items[i]->seq;
        if (json_array_append(items, person->items[i]->json))
            must(NULL);
    }
    if (!waiter->alarm)
        seen(person, seq);
    page_answer(waiter->request, 200,
                json_pack("{sI sb sb sO? so}", "seq", (json_int_t)seq, "following",
                          person->following, "typing", person->typing, "menu", menu_of(person),
                          "items", items));
}

static void leave(struct waiter *waiter) {
    *waiter->link = waiter->next;
    if (waiter->next)
        waiter->next->link = waiter->link;
}

static void waited(void *data) {
    struct waiter *waiter = data;
    leave(waiter);
    answer(waiter);
}

static void changed(void *data, struct person *person) {
    struct feed *feed = data;
    for (struct waiter *waiter = feed->first, *next; waiter; waiter = next) {
        next = waiter->next;
        if (waiter->person != person)
            continue;
        alarm_cancel(waiter->alarm);
        waited(waiter);
    }
}

struct feed *feed_open(struct world *world) {
    struct feed *feed = must(talloc_zero(world, struct feed));
    feed->world = world;
    world->changed = changed;
    world->changed_data = feed;
    return feed;
}

void feed_ask(struct feed *feed, struct fcgi_request *request, struct person *person,
              uint64_t after, int64_t wait_s) {
    struct waiter *waiter = must(talloc_zero(request->ctx, struct waiter));
    bool has_news = person->count && person->items[person->count - 1]->seq > after;
    waiter->feed = feed;
    waiter->request = request;
    waiter->person = person;
    waiter->after = after;
    seen(person, after);
    if (has_news || wait_s <= 0 || feed->world->stopping) {
        answer(waiter);
        return;
    }
    waiter->alarm = alarm_set(feed->world->alarms, (uint64_t)wait_s * 1000, waited, waiter);
    waiter->next = feed->first;
    waiter->link = &feed->first;
    if (waiter->next)
        waiter->next->link = &waiter->next;
    feed->first = waiter;
}
