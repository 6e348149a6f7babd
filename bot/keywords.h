#ifndef DAY21_KEYWORDS_H
#define DAY21_KEYWORDS_H

/* <pack>/keywords.yaml: which texts mean which command. Matched after folding (ICU): NFKC, so that
 * width does not matter; case; all white space taken out; punctuation and symbols at both ends
 * taken off. `签到`, `签 到`, `签到！` and `Ｑ` / `q` meet. */

#include "bot/yaml.h"

#include <stddef.h>

struct keywords;

/* An entry of the file:
 *   - command: checkin        # one of `commands` given to keywords_load()
 *     exact: [签到, 打卡, qd]  # the first word of the entry's lists is what is suggested to
 * learners prefix: [...] contains: [...]
 */

/* `commands` is a NULL-terminated list of names the routes know; another one in the file is an
 * error with its line, as is a word that folds to nothing or one that an earlier entry already
 * takes (exact). Returns 0 or -1 with *problem. */
int keywords_load(void *ctx, const char *directory, const char *const commands[],
                  struct keywords **keywords, struct yaml_problem *problem);

/* The command of the first entry, in file order, that matches, or NULL. `rest`, if not NULL, gets
 * what followed a prefix match (folded; belongs to ctx), else "". */
const char *keywords_match(void *ctx, const struct keywords *keywords, const char *text,
                           const char **rest);

/* Up to `max` words, nearest first, that the learner could have meant, each of another command: by
 * edit distance over folded characters and shared characters; the file's first entries fill up.
 * Returns how many. */
size_t keywords_nearest(const struct keywords *keywords, const char *text, const char *words[],
                        size_t max);

/* A text as it is compared; belongs to ctx. Invalid UTF-8 folds to "". */
char *keywords_fold(void *ctx, const char *text);

#endif
