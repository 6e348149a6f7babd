#include "bot/options.h"

#include <stdlib.h>
#include <string.h>

int options_number(const char *text, int64_t least, int64_t most, int64_t *number) {
    const char *digits = text + (*text == '-');
    char *end;
    int64_t value = strtoll(text, &end, 10);
    if (*digits < '0' || *digits > '9' || *end || value < least || value > most)
        return -1;
    *number = value;
    return 0;
}

/* Takes the one that argv begins with. Returns how many of argv it is, or -1. */
static int take(const struct options *options, int argc, char **argv) {
    while (options->name && strcmp(options->name, argv[0]) != 0)
        options++;
    if (options->given) {
        *options->given = true;
        return 1;
    }
    if (!options->name || argc < 2)
        return -1;
    if (options->text)
        *options->text = argv[1];
    else if (options_number(argv[1], options->least, options->most, options->number))
        return -1;
    return 2;
}

int options_take(const struct options *options, int argc, char **argv) {
    int words = 0;
    for (int at = 0, taken; at < argc; at += taken) {
        bool is_word = argv[at][0] != '-' || (argv[at][1] >= '0' && argv[at][1] <= '9');
        taken = is_word ? 1 : take(options, argc - at, argv + at);
        if (taken < 0)
            return -1;
        if (is_word)
            argv[words++] = argv[at];
    }
    return words;
}
