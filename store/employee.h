#ifndef DAY21_STORE_EMPLOYEE_H
#define DAY21_STORE_EMPLOYEE_H

/* The roster: the company's employees as HR's last file lists them, in its order, and its
 * departments. An import is begun, writes in steps, and is ended. Each step says how things shall
 * be and not how they change, so that an import that was killed is simply run again. Of a turn the
 * steps use account, now and day. */

#include "store/store.h"

struct store_employee {
    /* Texts are never NULL; they hold no control characters but tabs and line breaks. */
    const char *key;        /* the number as it is compared: folded */
    const char *number;     /* as it is written, likewise the following */
    const char *name;       /* shorter than STORE_NAME */
    const char *department; /* path: "公司/销售部/华东"; "" for none */
    const char *manager, *tail, *joined, *left, *tags;
    const char *quoting; /* how the cells were quoted, for the export; a matter of the caller's */
    bool mentor;         /* tagged as one: see store/question.h */
    bool gone;           /* has left: unbound, off the boards, not to be bound again */
    int64_t place;       /* in the file, from 1 */
};

/* `list` is NULL on error; lives until it returns. */
typedef void store_roster_page_done(void *data, int error, const struct store_employee *list,
                                    unsigned count);

#define STORE_ROSTER_PAGE 200

/* Employees of the roster from place `from` (counted from 0) on, STORE_ROSTER_PAGE at most; none at
 * the end. */
void store_roster_page(struct store *store, const struct store_turn *turn, int64_t from,
                       store_roster_page_done *done, void *data);

/* `result` as said at each; `text` lives until it returns. */
typedef void store_roster_done(void *data, int error, int64_t result, const char *text);

/* Begins an import, or goes on with it. `import` names the file's content: the same one may begin
 * again at any time, another gets 0 while one is under way, until 60 s after its last step. */
void store_roster_begin(struct store *store, const struct store_turn *turn, const char *import,
                        store_roster_done *done, void *data);

/* The steps: their result is how many were written, or -1 when another import has the roster. */

void store_roster_put(struct store *store, const struct store_turn *turn, const char *import,
                      const struct store_employee *list, unsigned count, store_roster_done *done,
                      void *data);

/* Those of these keys have left as of `date`, and are on the roster no more. */
void store_roster_drop(struct store *store, const struct store_turn *turn, const char *import,
                       const char *date, const char *const *keys, unsigned count,
                       store_roster_done *done, void *data);

/* Department `from[i]`, and it alone, becomes `to[i]`, which must be new; it stays the same
 * department with another path. */
void store_roster_rename(struct store *store, const struct store_turn *turn, const char *import,
                         const char *const *from, const char *const *to, unsigned count,
                         store_roster_done *done, void *data);

/* Ends the import; the result is 1, 0 when another has the roster. `head` says how the file was
 * written, for store_roster_head(); "" gives up an import that has done no step. */
void store_roster_end(struct store *store, const struct store_turn *turn, const char *import,
                      const char *head, store_roster_done *done, void *data);

/* `text` is the head of the last import, "" before the first. */
void store_roster_head(struct store *store, const struct store_turn *turn, store_roster_done *done,
                       void *data);

#endif
