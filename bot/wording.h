#ifndef DAY21_WORDING_H
#define DAY21_WORDING_H

/* A text with variables in {braces}, compiled when its file is loaded so that nothing can go wrong
 * when it is rendered. `{{` and `}}` stand for one brace each. Chat copy, notices and the course
 * page are made of wordings. */

#include <stdbool.h>
#include <stddef.h>

#define WORDING_VARS 16 /* names one wording can know at most */

struct copy_var {
    const char *name;
    const char *value;
    bool trusted; /* rendered from copy itself: tags in it stay. Otherwise "<" and ">" in the
                     value become their full-width forms, so that nobody can plant a link, and
                     line breaks, control characters and direction marks become spaces. */
};

struct wording;

struct wording_fault {
    size_t at; /* offset in the text */
    char text[300];
};

/* Compiles `text`, which may use the variables `names` (NULL-terminated, at most WORDING_VARS;
 * must outlive the wording) and those of `fixed`, whose values are known already. The wording
 * belongs to ctx. Returns 0 or -1 with *fault. */
int wording_compile(void *ctx, const char *text, const char *const names[],
                    const struct copy_var *fixed, size_t fixed_count, struct wording **wording,
                    struct wording_fault *fault);

/* The text with its variables filled in, in one allocation that belongs to ctx; one that is not
 * given reads as "". NULL only when out of memory. */
char *wording_render(void *ctx, const struct wording *wording, const struct copy_var *vars,
                     size_t var_count);

/* Characters (code points) in a text. */
size_t wording_characters(const char *text);

#endif
