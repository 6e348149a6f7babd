#ifndef DAY21_TURN_H
#define DAY21_TURN_H

/* A turn: one message of one learner, from the callback to the reply. It is opened (verified,
 * decrypted, parsed), routed, handled with at most a store call or two, and answered the way it
 * came. A handler ends its turn exactly once, now or from a callback of the store, with one of
 * turn_text(), turn_news(), turn_none(), turn_fail(), turn_again().
 *
 * Once: the store answers a repeated message as it did the first time and a reply depends on
 * nothing but the message and that answer, so a message delivered again gets the same reply and has
 * no second effect, also while the first is still being answered, also in another process.
 *
 * The deadline: WeChat cuts the socket after 5 s. At 4.5 s the turn answers `success`; when its
 * reply comes it goes through the outbox as a customer-service message. */

#include "bot/account.h"
#include "bot/vars.h"
#include "store/store.h"
#include "wx/callback.h"

struct fcgi_request;
struct uv_loop_s;
struct turns;

struct turn {
    struct account *account;
    struct store *store;
    const struct wx_message *message;
    struct store_turn who;                /* for the verbs of the store */
    uint32_t seed;                        /* picks wordings: the same for the same message */
    void (*otherwise)(struct turn *turn); /* handles a text that question_heard() had no use for */

    /* private to bot/turn.c */
    struct turns *turns;
    struct turn *next, *previous;
    struct fcgi_request *request; /* NULL once answered */
    struct wx_callback callback;
    uint64_t deadline;
};

typedef void turn_handler(struct turn *turn);

/* The reply is this text; it belongs to the turn or outlives it. NULL (out of memory) fails the
 * turn. */
void turn_text(struct turn *turn, const char *text);
void turn_news(struct turn *turn, const struct wx_article *articles, size_t count);
/* `success`: the learner sees nothing. */
void turn_none(struct turn *turn);
/* The store failed: the learner gets a courteous sentence, well before WeChat's own notice would
 * come. */
void turn_fail(struct turn *turn, int store_error);

/* Not answered: what nobody waits for has failed, and WeChat, which takes that for no answer, is to
 * deliver the message again. */
void turn_again(struct turn *turn);

/* Copy rendered for this turn; belongs to it. */
char *turn_render(struct turn *turn, enum copy_entry entry, const struct vars *vars);
/* … and replied with. */
void turn_copy(struct turn *turn, enum copy_entry entry, const struct vars *vars);

/* All turns of a process. `accounts`, `store` and the loop outlive it. */
struct turns *turns_open(void *ctx, struct uv_loop_s *loop, struct store *store,
                         const struct accounts *accounts, unsigned deadline_ms);

/* A request below /wx/: begins a turn. Answers the request, now or later. */
void turns_begin(struct turns *turns, struct fcgi_request *request);

/* Turns under way, those past their deadline included. */
unsigned turns_pending(const struct turns *turns);

/* Closes the timer; nothing may be pending. */
void turns_close(struct turns *turns);

#endif
