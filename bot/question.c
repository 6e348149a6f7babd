/* 提问, 我的提问, and a mentor's 待答 and 回答. */

#include "store/question.h"
#include "bot/handlers.h"
#include "bot/ledger.h"
#include "bot/level.h"
#include "bot/question_words.h"
#include "config/limits.h"
#include "store/learner.h"
#include "wx/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define FRAME  512 /* bytes of a reply that are kept for what stands around the lines */
#define OFFERS 3   /* courses that may fit */

static struct question_words words_of(struct turn *turn) {
    return (struct question_words){turn, turn->account, turn->seed, turn->who.now};
}

/* ---- what was said ---- */

/* The bytes of what parts a keyword from its words, where that stands; 0: it does not. */
static size_t separator(const char *text) {
    static const char *const separators[] = {" ", "\t", "\r", "\n", ":",  ",",  ".", "-",
                                             "!", "，", "：", "。", "、", "！", "—", "\u3000"};
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        if (strncmp(text, separators[i], strlen(separators[i])) == 0)
            return strlen(separators[i]);
    return 0;
}

static const char *past_separators(const char *text) {
    for (size_t length; (length = separator(text)) > 0;)
        text += length;
    return text;
}

/* The words behind the keyword of `command`, as they were written. */
static const char *behind_keyword(struct turn *turn, const char *command) {
    const char *text = turn->message->content, *rest = "";
    for (size_t length = 1; text[length - 1]; length++) {
        if (((unsigned char)text[length] & 0xc0) == 0x80)
            continue; /* within a character */
        const char *begins = talloc_strndup(turn, text, length);
        const char *meant =
            begins ? keywords_match(turn, turn->account->keywords, begins, &rest) : NULL;
        if (meant && strcmp(meant, command) == 0)
            return past_separators(text + length);
    }
    return "";
}

/* Takes a digit, half or full width, off the front of a text; -1 when there is none. */
static int take_digit(const char **text) {
    static const char wide[] = "\xef\xbc"; /* of ０ to ９, then 90 to 99 */
    const unsigned char *at = (const unsigned char *)*text;
    if (*at >= '0' && *at <= '9') {
        *text += 1;
        return *at - '0';
    }
    if (strncmp(*text, wide, strlen(wide)) != 0 || at[2] < 0x90 || at[2] > 0x99)
        return -1;
    *text += 3;
    return at[2] - 0x90;
}

/* A number in front of a text, which goes on behind it; -1 for none, or one that is too long. */
static int64_t take_number(const char **text) {
    const char *at = *text;
    int64_t number = take_digit(&at);
    for (unsigned digits = 1; number >= 0; digits++) {
        int digit = take_digit(&at);
        if (digit < 0)
            break;
        if (digits == 12)
            return -1;
        number = number * 10 + digit;
    }
    *text = at;
    return number;
}

/* The number of a course, where one stands: "#7", "第7课" ("第7步" is the answer's). 0 for none. */
static int64_t take_course(const char **text) {
    static const struct {
        const char *before, *behind;
    } forms[] = {{"#", ""}, {"＃", ""}, {"第", "课"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *at = *text, *behind = forms[i].behind;
        if (strncmp(at, forms[i].before, strlen(forms[i].before)) != 0)
            continue;
        at = past_separators(at + strlen(forms[i].before));
        int64_t number = take_number(&at);
        if (number <= 0 || strncmp(at, behind, strlen(behind)) != 0)
            return 0;
        *text = past_separators(at + strlen(behind));
        return number;
    }
    return 0;
}

/* ---- the clock ---- */

/* When the mentor of a question of now is reminded: before the quiet hours when it would be within
 * them, so that it is not too late. */
static int64_t remind_at(const struct account *account, int64_t now) {
    int64_t at = now + (int64_t)account->rules->questions.remind_hours * 3600;
    int64_t day = calendar_day(account->calendar, at)->number;
    unsigned from, to, minute = calendar_minute(account->calendar, at);
    account_reminder_hours(account, &from, &to);
    if (minute >= from && minute <= to)
        return at;
    int64_t before = calendar_at(account->calendar, minute < from ? day - 1 : day, to);
    return before > now ? before : at;
}

/* ---- what became of it ---- */

static const enum copy_entry copies[STORE_QUESTION_OUTCOME_COUNT] = {
    [STORE_QUESTION_IS_none] = COPY_unknown, /* told otherwise */
    [STORE_QUESTION_IS_ask] = COPY_question_ask,
    [STORE_QUESTION_IS_bind] = COPY_question_bind,
    [STORE_QUESTION_IS_many] = COPY_question_many,
    [STORE_QUESTION_IS_asked] = COPY_question_asked,
    [STORE_QUESTION_IS_reply] = COPY_question_reply,
    [STORE_QUESTION_IS_answered] = COPY_question_answered,
    [STORE_QUESTION_IS_unknown] = COPY_question_unknown,
    [STORE_QUESTION_IS_elsewhere] = COPY_question_elsewhere,
    [STORE_QUESTION_IS_before] = COPY_question_before,
    [STORE_QUESTION_IS_left] = COPY_question_left,
};

/* What it earned, or why it did not: a line, "" where nothing is to be earned. */
static const char *gain(struct turn *turn, const struct store_learner *learner, const char *rule) {
    struct vars vars = {0};
    if (learner->given || learner->coins_given) {
        vars_copy(&vars, "gain", ledger_amount(turn, learner->given, learner->coins_given));
        return turn_render(turn, COPY_question_gain, &vars);
    }
    if (learner->why == STORE_WHY_none)
        return "";
    vars_copy(&vars, "why", ledger_why(turn, rule, learner->why, true));
    return turn_render(turn, COPY_question_no_gain, &vars);
}

/* Courses that may fit the question, to be tapped. */
static const char *offers(struct turn *turn, const struct store_question_reply *reply) {
    const struct courses *courses = turn->account->courses;
    const struct course *nearest[OFFERS];
    if (reply->outcome != STORE_QUESTION_IS_reply || *reply->course)
        return "";
    unsigned count = courses_nearest(courses, reply->text, nearest, OFFERS);
    char *lines = talloc_strdup(turn, "");
    for (unsigned i = 0; lines && i < count; i++) {
        struct vars vars = {0};
        vars_number(&vars, "number", reply->id);
        vars_number(&vars, "course", nearest[i] - courses->courses + 1);
        vars_text(&vars, "title", nearest[i]->title);
        lines = talloc_asprintf_append(lines, "%s%s", i ? "\n" : "",
                                       turn_render(turn, COPY_question_offer, &vars));
    }
    struct vars vars = {0};
    vars_copy(&vars, "lines", lines);
    return count ? turn_render(turn, COPY_question_offers, &vars) : "";
}

static const char *rest_of_desk(struct turn *turn, int64_t open) {
    struct vars vars = {0};
    vars_number(&vars, "count", open);
    return turn_render(turn, open > 0 ? COPY_question_more : COPY_question_no_more, &vars);
}

static void tell(struct turn *turn, const struct store_question_reply *reply) {
    const struct question_words words = words_of(turn);
    enum copy_entry entry = copies[reply->outcome];
    struct vars vars = {0};
    bool asked = reply->outcome == STORE_QUESTION_IS_asked;
    if (asked && !reply->number)
        entry = COPY_question_asked_nobody;
    vars_number(&vars, "number", reply->id);
    vars_number(&vars, "hours", turn->account->rules->questions.hours);
    vars_number(&vars, "count", reply->open);
    vars_text(&vars, "text", reply->text);
    vars_copy(&vars, "course", question_words_course(&words, reply->course));
    vars_copy(&vars, "left", question_words_left(&words, reply->by));
    vars_text(&vars, "who",
              asked ? question_words_mentor(&words, reply->who)
                    : question_words_asker(&words, reply->number, reply->who));
    const char *earned = gain(turn, reply->learner, asked ? "question" : "answer");
    vars_copy(&vars, "gain", question_words_below(turn, earned));
    vars_copy(&vars, "offers", question_words_below(turn, offers(turn, reply)));
    vars_copy(&vars, "more", rest_of_desk(turn, reply->open));
    char *text = turn_render(turn, entry, &vars);
    turn_text(turn, level_congratulate(turn, reply->learner, text));
}

static void on_said(void *data, int error, const struct store_question_reply *reply) {
    struct turn *turn = data;
    if (error)
        turn_fail(turn, error);
    else
        tell(turn, reply);
}

static void say(struct turn *turn, struct store_question_said said, store_question_done *done) {
    struct account *account = turn->account;
    const struct rules_questions *rules = &account->rules->questions;
    const char *ask = account_rule(account, "question"), *reply = account_rule(account, "answer");
    char *folded = keywords_fold(turn, said.text), hash[WX_FINGERPRINT_SIZE];
    said.text = question_words_text(turn, said.text, LIMIT_QUESTION);
    if (!folded || !said.text) {
        turn_text(turn, NULL);
        return;
    }
    wx_fingerprint(folded, strlen(folded), hash);
    said.policy = account->policy;
    said.ask_rule = ask ? ask : "";
    said.answer_rule = reply ? reply : "";
    said.effort = (int64_t)wording_characters(folded);
    said.words = hash;
    said.minute = calendar_minute(account->calendar, turn->who.now);
    said.most = (unsigned)rules->open;
    said.by = turn->who.now + (int64_t)rules->hours * 3600;
    said.remind = remind_at(account, turn->who.now);
    store_question_say(turn->store, &turn->who, &said, done, turn);
}

/* ---- asking ---- */

void question(struct turn *turn) {
    const char *text =
        turn->message->event == WX_EVENT_CLICK ? "" : behind_keyword(turn, "question");
    say(turn, (struct store_question_said){STORE_QUESTION_ASK, .text = text, .course = ""},
        on_said);
}

static void on_heard(void *data, int error, const struct store_question_reply *reply) {
    struct turn *turn = data;
    if (error ==
        STORE_E_AWAY) /* that the store is away is no reason to keep the help from anyone */
        turn->otherwise(turn);
    else if (!error && reply->outcome == STORE_QUESTION_IS_none)
        turn->otherwise(turn);
    else
        on_said(data, error, reply);
}

void question_heard(struct turn *turn) {
    const char *text = turn->message->content;
    say(turn, (struct store_question_said){STORE_QUESTION_HEARD, .text = text, .course = ""},
        on_heard);
}

/* ---- answering ---- */

void question_answer(struct turn *turn) {
    const struct courses *courses = turn->account->courses;
    const char *text = behind_keyword(turn, "question_answer");
    struct vars vars = {0};
    int64_t id = take_number(&text);
    text = past_separators(text);
    int64_t course = id < 0 ? 0 : take_course(&text);
    vars_number(&vars, "count", courses->courses_count);
    if (id < 0)
        turn_copy(turn, COPY_question_which, &vars);
    else if (course > courses->courses_count)
        turn_copy(turn, COPY_question_no_course, &vars);
    else
        say(turn,
            (struct store_question_said){
                STORE_QUESTION_ANSWER,
                .text = text,
                .id = id,
                .course = course ? courses->courses[course - 1].id : "",
            },
            on_said);
}

/* ---- lists ---- */

/* As many lines as a reply holds. */
static char *lines_of(struct turn *turn, const struct store_question *list, unsigned count,
                      char *(*line)(struct turn *turn, const struct store_question *one)) {
    char *text = talloc_strdup(turn, "");
    for (unsigned i = 0; text && i < count; i++) {
        const char *next = line(turn, &list[i]);
        if (!next || strlen(text) + strlen(next) + FRAME > LIMIT_REPLY_TEXT)
            break;
        text = talloc_asprintf_append(text, "%s%s", i > 0 ? "\n\n" : "", next);
    }
    return text;
}

static char *desk_line(struct turn *turn, const struct store_question *one) {
    const struct question_words words = words_of(turn);
    struct vars vars = {0};
    vars_number(&vars, "number", one->id);
    vars_text(&vars, "who", question_words_asker(&words, one->asker, one->asker_name));
    vars_text(&vars, "text", question_words_clip(turn, one->text, LIMIT_QUESTION_CLIP));
    vars_copy(&vars, "left", question_words_left(&words, one->by));
    return turn_render(turn, COPY_question_desk_line, &vars);
}

static void on_desk(void *data, int error, const struct store_question *list, unsigned listed,
                    int64_t count) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    struct vars vars = {0};
    vars_number(&vars, "count", count);
    vars_copy(&vars, "lines", lines_of(turn, list, listed, desk_line));
    turn_copy(turn,
              count < 0    ? COPY_question_desk_stranger
              : count == 0 ? COPY_question_desk_empty
                           : COPY_question_desk,
              &vars);
}

void question_desk(struct turn *turn) {
    store_question_desk(turn->store, &turn->who, LIMIT_QUESTION_LIST, on_desk, turn);
}

static char *own_line(struct turn *turn, const struct store_question *one) {
    static const enum copy_entry entries[] = {
        [STORE_QUESTION_OPEN] = COPY_question_mine_open,
        [STORE_QUESTION_ANSWERED] = COPY_question_mine_answered,
        [STORE_QUESTION_LEFT] = COPY_question_mine_closed,
    };
    const struct question_words words = words_of(turn);
    bool nobody = one->state == STORE_QUESTION_OPEN && !one->mentor;
    struct vars vars = {0};
    vars_number(&vars, "number", one->id);
    vars_text(&vars, "who", question_words_mentor(&words, one->mentor_name));
    vars_text(&vars, "text", question_words_clip(turn, one->text, LIMIT_QUESTION_CLIP));
    vars_text(&vars, "answer", one->answer);
    vars_copy(&vars, "course", question_words_course(&words, one->course));
    vars_copy(&vars, "left", question_words_left(&words, one->by));
    return turn_render(turn, nobody ? COPY_question_mine_nobody : entries[one->state], &vars);
}

static void on_mine(void *data, int error, const struct store_question *list, unsigned listed,
                    int64_t count) {
    struct turn *turn = data;
    (void)count;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    struct vars vars = {0};
    vars_copy(&vars, "lines", lines_of(turn, list, listed, own_line));
    turn_copy(turn, listed ? COPY_question_mine : COPY_question_mine_none, &vars);
}

void question_mine(struct turn *turn) {
    store_question_mine(turn->store, &turn->who, LIMIT_QUESTION_LIST, on_mine, turn);
}
