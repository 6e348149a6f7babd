#ifndef SANDBOX_PERSON_H
#define SANDBOX_PERSON_H

/* The people an account could have. There may be a hundred thousand of them, of whom most do
 * nothing: what few have is kept in `file`, and chats begin when something is said. */

#include "value.h"

#include <stdbool.h>
#include <stdint.h>

#define PEOPLE_NAMED  6
#define PEOPLE_MOST   200000 /* besides those with names */
#define PEOPLE_CHUNK  1024
#define PERSON_OPENID 29 /* 28 characters and NUL */

struct account;
struct item;

/* How many customer-service messages may still be sent, and until when (ms). */
struct window {
    int left;
    int64_t until;
};

struct person {
    struct account *account;
    json_t *file;        /* what the account has on file, an object; NULL: nothing */
    struct item **items; /* the chat, oldest first; NULL while nothing was said */
    uint64_t seen;       /* newest item the person has read */
    int64_t since;       /* of following, seconds since 1970 */
    struct window message, tap;
    unsigned count;  /* of items */
    unsigned number; /* among the account's people, from 0 */
    int16_t month;   /* of `massed`: months since 2000 */
    uint8_t massed;  /* mass messages received in that month */
    bool following, blocked;
    bool typing; /* the account seems to be writing */
    char openid[PERSON_OPENID];
};

/* Sees to it that the account has at least `count` people. Pointers to people stay valid. */
void people_grow(struct account *account, unsigned count);

struct person *people_at(const struct account *account, unsigned number);

/* NULL if the account has nobody with this openid. */
struct person *person_find(const struct account *account, const char *openid);

/* The openid of person `number`: 28 characters, the same every time. */
void person_openid(const char *account, unsigned number, char openid[PERSON_OPENID]);

/* How they call themselves, below ctx, and the colour of their picture. */
const char *person_name(void *ctx, const struct person *person);
const char *person_color(const struct person *person);

/* Begins or ends following, now. */
void person_follow(struct person *person, bool following);

/* What the account has on file, to be changed; person_changed() afterwards. */
json_t *person_file(struct person *person);

/* Something of the person other than the chat has changed: the journal is told. */
void person_changed(const struct person *person);

/* Whether the person carries this tag. */
bool person_tagged(const struct person *person, int64_t tag);

json_t *person_record(const struct person *person);
void person_replay(struct person *person, const json_t *record);

#endif
