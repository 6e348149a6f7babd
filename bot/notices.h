#ifndef DAY21_NOTICES_H
#define DAY21_NOTICES_H

/* <pack>/notices.yaml: template messages. For each notice the fields of the account's WeChat
 * template and what stands in them. */

#include "bot/copy.h"
#include "wx/template.h"

#include <stdbool.h>

/* name, whether a pack may leave it out, variables it may use */
#define NOTICES(X)                                                                                 \
    /* it ends today; `url` is the page of today's course */                                       \
    X(streak_at_risk, DEFAULT, "streak", "day", "days_left", "time", "url")                        \
    /* there is a new one; `who` leads with `points`, `url` is its picture */                      \
    X(war_report, OPTIONAL, "kind", "when", "who", "points", "active", "url")                      \
    /* to a mentor: there is a new question; of the oldest that waits */                           \
    X(question_asked, OPTIONAL, "count", "number", "text", "left")                                 \
    /* … it is time to answer */                                                                 \
    X(question_waiting, OPTIONAL, "count", "number", "text", "left")                               \
    /* to the asker; `url` is the page of the course that came with it, if one did */              \
    X(question_answered, OPTIONAL, "number", "who", "text", "answer", "course", "url")

enum notice {
#define X(name, ...) NOTICE_##name,
    NOTICES(X)
#undef X
        NOTICE_COUNT
};

struct notices;

/* Each field's name must be one WeChat has (thing1, time2, phrase3, number4, character_string5, …)
 * and the fixed part of its value within that kind's length and alphabet; the value is cut to the
 * kind's length when rendered. `url` may be left out. Returns 0 or -1 with *problem. */
int notices_load(void *ctx, const char *directory, struct notices **notices,
                 struct yaml_problem *problem);

/* The notice of this name, or -1. */
int notices_find(const char *name);
const char *notices_name(enum notice notice);

/* Whether the pack has it. */
bool notices_has(const struct notices *notices, enum notice notice);

/* How WeChat calls the notice's template, and what it shows before a field ("" for one it does not
 * have): set in WeChat's console, repeated here for whoever shows a card as WeChat does. */
const char *notices_title(const struct notices *notices, enum notice notice);
const char *notices_label(const struct notices *notices, enum notice notice, const char *field);

/* Fills fields and url of *message (not its recipient, template and id); they belong to ctx.
 * Without a url in the end, message->url is NULL. Returns 0, or -1 when out of memory. */
int notices_render(void *ctx, const struct notices *notices, enum notice notice,
                   const struct copy_var *vars, size_t var_count,
                   struct wx_template_message *message);

#endif
