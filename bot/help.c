/* What can be said, and what is said to those who said something else. The store only notes that
 * the learner was here: that it is away is no reason to keep the help from anyone. */

#include "bot/handlers.h"
#include "store/learner.h"

#include <talloc.h>

#define SUGGESTIONS 3

static void on_note(void *data, int error, const struct store_learner *learner) {
    (void)error;
    (void)learner;
    turn_none(data);
}

void note(struct turn *turn) {
    store_note(turn->store, &turn->who, on_note, turn);
}

static void on_help(void *data, int error, const struct store_learner *learner) {
    (void)error;
    (void)learner;
    struct turn *turn = data;
    struct vars vars = {0};
    vars_copy(&vars, "menu", turn_render(turn, COPY_menu, NULL));
    turn_copy(turn, COPY_help, &vars);
}

void help(struct turn *turn) {
    store_note(turn->store, &turn->who, on_help, turn);
}

static void on_menu(void *data, int error, const struct store_learner *learner) {
    (void)error;
    (void)learner;
    turn_copy(data, COPY_menu, NULL);
}

void menu(struct turn *turn) {
    store_note(turn->store, &turn->who, on_menu, turn);
}

static void on_thanks(void *data, int error, const struct store_learner *learner) {
    (void)error;
    (void)learner;
    turn_copy(data, COPY_thanks, NULL);
}

void thanks(struct turn *turn) {
    store_note(turn->store, &turn->who, on_thanks, turn);
}

void unknown(struct turn *turn) {
    const char *words[SUGGESTIONS];
    size_t count =
        keywords_nearest(turn->account->keywords, turn->message->content, words, SUGGESTIONS);
    char *suggestions = talloc_strdup(turn, "");
    for (size_t i = 0; suggestions && i < count; i++) {
        struct vars vars = {0};
        vars_text(&vars, "keyword", words[i]);
        suggestions = talloc_asprintf_append(suggestions, "%s%s", i ? "\n" : "",
                                             turn_render(turn, COPY_suggestion, &vars));
    }
    struct vars vars = {0};
    vars_copy(&vars, "suggestions", suggestions);
    turn_copy(turn, COPY_unknown, &vars);
}

static void on_not_text(void *data, int error, const struct store_learner *learner) {
    (void)error;
    (void)learner;
    turn_copy(data, COPY_not_text, NULL);
}

void not_text(struct turn *turn) {
    store_note(turn->store, &turn->who, on_not_text, turn);
}
