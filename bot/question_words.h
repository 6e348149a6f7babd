#ifndef DAY21_QUESTION_WORDS_H
#define DAY21_QUESTION_WORDS_H

/* What people read about questions to mentors, put together from copy. All belongs to ctx; NULL
 * only when out of memory. */

#include "bot/account.h"
#include "bot/vars.h"
#include "store/question.h"

struct question_words {
    void *ctx;
    const struct account *account;
    uint32_t seed;
    int64_t now;
};

/* A text as it is kept: in one line, of at most so many bytes; what was cut ends with "…". */
char *question_words_text(void *ctx, const char *text, size_t most);

/* … so many of its characters. */
char *question_words_clip(void *ctx, const char *text, unsigned most);

/* How a mentor is called, and an asker: without a name where boards are anonymous. */
char *question_words_mentor(const struct question_words *words, const char *name);
char *question_words_asker(const struct question_words *words, int64_t number, const char *name);

/* How much time is left until `by`, or how much it is too late. */
char *question_words_left(const struct question_words *words, int64_t by);

/* A text below an empty line; "" when there is none. */
char *question_words_below(void *ctx, const char *text);

/* The course that goes with an answer, as a link below an empty line; "" for none, or one that is
 * no more. */
char *question_words_course(const struct question_words *words, const char *course);

/* Whether there are such notices as this one. */
bool question_words_is(const char *notice);

/* The variables of such a notice, `told` as store/question.h writes it; texts belong to ctx.
 * Returns 0, or -1: it is not right, or out of memory. */
int question_words_notice(const struct question_words *words, const char *notice, const char *told,
                          struct vars *vars);

/* … in words of the account's own. NULL also when it is not right. */
char *question_words_plain(const struct question_words *words, const char *notice,
                           const char *told);

#endif
