#ifndef DAY21_KEYWORDS_H
#define DAY21_KEYWORDS_H

/* <pack>/keywords.yaml: which texts mean which command. Matched after folding (ICU): NFKC, so that
 * width does not matter; case; all white space taken out; punctuation and symbols at both ends
 * taken off, unless there is nothing else. `签到`, `签 到`, `签到！` and `Ｑ` / `q` meet. */

#include "bot/yaml.h"

#include <stdbool.h>
#include <stddef.h>

struct keywords;

/* The file is a list `keywords` of entries, each with at least one word:
 *   - command: checkin        # one of `commands` given to keywords_load()
 *     exact: [签到, 打卡, qd]  # the whole text
 *     prefix: [我要签到]       # what the text begins with
 *     contains: [打卡]         # what stands in it
 *     unoffered: true          # left out: false
 * A command may have several entries; the first word of its first one is what is suggested to
 * learners, unless that is unoffered.
 *
 * `commands` is a NULL-terminated list of names the routes know; another one in the file is an
 * error with its line, as is a word that folds to nothing, is longer than 60 bytes, or can never be
 * reached because an earlier entry of another command takes it. Returns 0 or -1 with *problem. */
int keywords_load(void *ctx, const char *directory, const char *const commands[],
                  struct keywords **keywords, struct yaml_problem *problem);

/* The command of the first entry, in file order, that matches, or NULL. It belongs to the keywords.
 * `rest`, if not NULL, gets what followed a prefix match (folded; belongs to ctx), else "". */
const char *keywords_match(void *ctx, const struct keywords *keywords, const char *text,
                           const char **rest);

/* Whether the whole text is one of the exact words. */
bool keywords_is_word(void *ctx, const struct keywords *keywords, const char *text);

/* Up to `max` words, nearest first, that the learner could have meant, each of another command: by
 * edit distance over folded characters and shared characters; the file's first entries fill up.
 * Returns how many. The words are as in the file and belong to the keywords. */
size_t keywords_nearest(const struct keywords *keywords, const char *text, const char *words[],
                        size_t max);

/* A text as it is compared; belongs to ctx. Invalid UTF-8 folds to "". NULL only when out of
 * memory.
 */
char *keywords_fold(void *ctx, const char *text);

#endif
