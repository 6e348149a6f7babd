/* 绑定, 解绑: which employee a learner is; and the dialogue on the way, which is the only one there
 * is. What is typed never reaches the log. */

#include "store/binding.h"
#include "bot/handlers.h"
#include "config/limits.h"

#include <string.h>
#include <talloc.h>

/* ---- words ---- */

/* What people put between number and proof, and in front of them. */
static const char *const separators[] = {" ",  "\t", "\r", "\n", "\u3000", "\u00a0", ",",
                                         "，", "、", ";",  "；", ":",      "：",     "+"};
static const char *const labels[] = {"工号",   "员工号", "手机尾号", "手机后四位",
                                     "手机号", "手机",   "尾号",     "验证码"};

#define WORDS 2

struct words {
    unsigned count; /* more than WORDS when there were more */
    const char *list[WORDS];
};

static size_t separator(const char *text) {
    for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++)
        if (strncmp(text, separators[i], strlen(separators[i])) == 0)
            return strlen(separators[i]);
    return 0;
}

static const char *unlabelled(const char *word) {
    for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
        if (strncmp(word, labels[i], strlen(labels[i])) == 0)
            return word + strlen(labels[i]);
    return word;
}

static void add_word(struct words *words, const char *word) {
    word = unlabelled(word);
    if (!*word)
        return;
    if (words->count < WORDS)
        words->list[words->count] = strlen(word) <= LIMIT_ROSTER_NUMBER ? word : "";
    words->count++;
}

/* The words of a text, folded one by one, behind the keyword where there is one: 绑定 10086 1234,
 * 绑定10086，1234, 工号：10086 尾号：1234. */
static struct words words_of(struct turn *turn) {
    struct words words = {0};
    for (const char *at = turn->message->content; *at;) {
        size_t length = 0, width = separator(at);
        while (at[length] && !separator(at + length))
            length++;
        const char *raw = talloc_strndup(turn, at, length), *rest = NULL;
        const char *folded = raw ? keywords_fold(turn, raw) : NULL;
        at += width ? width : length;
        if (width || !folded)
            continue;
        const char *command = keywords_match(turn, turn->account->keywords, raw, &rest);
        if (command && strcmp(command, "bind") == 0) {
            words.count = 0;
            folded = rest;
        }
        add_word(&words, folded);
    }
    return words;
}

/* ---- what became of it ---- */

static const enum copy_entry copies[STORE_BINDING_COUNT] = {
    [STORE_BINDING_ask] = COPY_bind_ask,         [STORE_BINDING_proof] = COPY_bind_proof,
    [STORE_BINDING_bound] = COPY_bind_done,      [STORE_BINDING_moved] = COPY_bind_moved,
    [STORE_BINDING_already] = COPY_bind_already, [STORE_BINDING_wrong] = COPY_bind_wrong,
    [STORE_BINDING_code] = COPY_bind_code,       [STORE_BINDING_limited] = COPY_bind_limited,
    [STORE_BINDING_unbound] = COPY_unbind_none,  [STORE_BINDING_sure] = COPY_unbind_sure,
    [STORE_BINDING_done] = COPY_unbind_done,
};

static void on_binding(void *data, int error, const struct store_binding *binding) {
    struct turn *turn = data;
    if (error) {
        turn_fail(turn, error);
        return;
    }
    struct vars vars = {0};
    vars_text(&vars, "who", binding->name);
    turn_copy(turn, copies[binding->outcome], &vars);
}

static void tell_store(struct turn *turn, bool asked, store_binding_done *done) {
    struct words words = words_of(turn);
    if (words.count > WORDS)
        words.count = 0; /* a sentence */
    store_bind(turn->store, &turn->who, asked, words.count > 0 ? words.list[0] : "",
               words.count > 1 ? words.list[1] : "", done, turn);
}

void bind_employee(struct turn *turn) {
    tell_store(turn, true, on_binding);
}

void unbind(struct turn *turn) {
    store_unbind(turn->store, &turn->who, false, on_binding, turn);
}

void unbind_confirmed(struct turn *turn) {
    store_unbind(turn->store, &turn->who, true, on_binding, turn);
}

static void on_cancelled(void *data, int error, int64_t result) {
    struct turn *turn = data;
    if (error)
        turn_fail(turn, error);
    else
        turn_copy(turn, result ? COPY_cancelled : COPY_cancel_nothing, NULL);
}

void cancel(struct turn *turn) {
    store_cancel(turn->store, &turn->who, on_cancelled, turn);
}

/* ---- a text that no keyword took ---- */

static void on_answer(void *data, int error, const struct store_binding *binding) {
    if (error || binding->outcome == STORE_BINDING_none)
        unknown(data); /* that the store is away is no reason to keep the help from anyone */
    else
        on_binding(data, error, binding);
}

void answer(struct turn *turn) {
    tell_store(turn, false, on_answer);
}
