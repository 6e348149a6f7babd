#ifndef DAY21_CONTEST_WORDS_H
#define DAY21_CONTEST_WORDS_H

/* What learners read about contests, put together from copy. All belongs to ctx; NULL only when out
 * of memory. */

#include "bot/account.h"
#include "store/contest.h"

struct contest_words {
    void *ctx;
    const struct account *account;
    uint32_t seed;
    int64_t reader; /* number of who reads it */
};

/* How the one of this id and name is called: a person without a name, and others than the reader
 * where boards are anonymous, as 学友. */
char *contest_words_who(const struct contest_words *words, const struct store_contest *contest,
                        int64_t id, const char *name);

/* A value as the contest scores it: "120 分", "人均 4.5 分". */
char *contest_words_value(const struct contest_words *words, const struct store_contest *contest,
                          int64_t value);

/* The first places of one that is over, and the prizes: `rank` and `value` are of whom the reader
 * plays for, called `who`; 0, 0: not on the board. */
char *contest_words_result(const struct contest_words *words, const struct store_contest *contest,
                           const char *who, int64_t rank, int64_t value);

#endif
