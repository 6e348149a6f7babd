#ifndef DAY21_OPTIONS_H
#define DAY21_OPTIONS_H

/* The options among a command's arguments: a table of them, ended by one without a name. */

#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *name;  /* "--name" */
    bool *given;       /* one of these three: it stands alone, … */
    const char **text; /* … a text follows, … */
    int64_t *number;   /* … or a whole number from least to most */
    int64_t least, most;
};

/* Takes the options out of argv, wherever they stand, and leaves the words in front, in order. A
 * number less than 0 is a word. What is not said keeps its value. Returns how many words are left,
 * or -1: an option that is not among these, or has not what should follow. */
int options_take(const struct options *options, int argc, char **argv);

/* A whole number from least to most. Returns 0, or -1 when the text is none. */
int options_number(const char *text, int64_t least, int64_t most, int64_t *number);

#endif
