#include "bot/keywords.h"

#include "config/limits.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#define WORD_BYTES 60 /* of a word, folded */
#define NEAR_CHARS 40 /* of a text that was not understood; the rest is not looked at */

enum kind { EXACT, PREFIX, CONTAINS, KINDS };

static const char *const kind_names[KINDS] = {"exact", "prefix", "contains"};

struct word {
    const char *text; /* folded */
    uint64_t mask;    /* which characters are in it: see mask_of() */
    uint16_t length;
    uint16_t entry;
    uint16_t index; /* in its list of the file */
    uint8_t kind;
};

struct keywords {
    uint16_t *command_of; /* by entry */
    struct command {
        char *name;
        char *suggestion; /* the first word of its first entry; NULL: none is offered */
    } * commands;         /* in the order in which the file names them */
    size_t commands_count;
    struct word *exact; /* sorted */
    size_t exact_count;
    struct word *loose; /* prefix and contains, in file order */
    size_t loose_count;
};

/* --- Folding --- */

#define TRIMMED (U_GC_P_MASK | U_GC_S_MASK | U_GC_Z_MASK | U_GC_C_MASK | U_GC_ME_MASK)

static bool is_trimmed(UChar32 character) {
    return U_GET_GC_MASK(character) & TRIMMED;
}

static bool is_mark(UChar32 character) {
    return U_GET_GC_MASK(character) & (U_GC_MN_MASK | U_GC_MC_MASK);
}

static int32_t remove_white_space(UChar *text, int32_t length) {
    int32_t kept = 0;
    for (int32_t i = 0; i < length; i++) /* none lies outside the BMP */
        if (!u_isUWhiteSpace(text[i]))
            text[kept++] = text[i];
    return kept;
}

/* Where the text begins and ends when what is around it is taken off: a mark goes with the
 * character it stands on. */
static void trim(const UChar *text, int32_t *start, int32_t *end) {
    int32_t from = *start, to = *end;
    for (int32_t next = from; next < to; from = next) {
        UChar32 character;
        U16_NEXT(text, next, to, character);
        if (!is_trimmed(character) && !is_mark(character))
            break;
    }
    for (int32_t before = to; before > from;) {
        UChar32 character;
        U16_PREV(text, from, before, character);
        if (is_mark(character))
            continue;
        if (!is_trimmed(character))
            break;
        to = before;
    }
    if (from < to) {
        *start = from;
        *end = to;
    }
}

static char *fold_ascii(void *ctx, const char *text, size_t length) {
    char *folded = talloc_size(ctx, length + 1);
    if (!folded)
        return NULL;
    size_t kept = 0;
    for (size_t i = 0; i < length; i++)
        if (!u_isUWhiteSpace((unsigned char)text[i]))
            folded[kept++] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
    size_t from = 0, to = kept;
    while (from < to && is_trimmed((unsigned char)folded[from]))
        from++;
    while (to > from && is_trimmed((unsigned char)folded[to - 1]))
        to--;
    if (from < to) {
        memmove(folded, folded + from, to - from);
        kept = to - from;
    }
    folded[kept] = '\0';
    return folded;
}

/* UTF-16 to folded UTF-8. */
static char *fold_wide(void *ctx, const UChar *wide, int32_t length) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&status);
    UChar small[256], *folded = small;
    int32_t capacity = sizeof(small) / sizeof(*small);
    int32_t needed = unorm2_normalize(normalizer, wide, length, folded, capacity, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
        status = U_ZERO_ERROR;
        folded = talloc_array(ctx, UChar, (size_t)needed);
        if (!folded)
            return NULL;
        needed = unorm2_normalize(normalizer, wide, length, folded, needed, &status);
    }
    char *text = NULL;
    if (U_SUCCESS(status)) {
        int32_t start = 0, end = remove_white_space(folded, needed), bytes = 0;
        trim(folded, &start, &end);
        int32_t room = 3 * (end - start);
        text = talloc_size(ctx, (size_t)room + 1);
        if (text)
            u_strToUTF8(text, room + 1, &bytes, folded + start, end - start, &status);
    }
    if (folded != small)
        talloc_free(folded);
    return text;
}

char *keywords_fold(void *ctx, const char *text) {
    size_t length = strlen(text), ascii = 0;
    while (ascii < length && !(text[ascii] & 0x80))
        ascii++;
    if (ascii == length)
        return fold_ascii(ctx, text, length);

    UErrorCode status = U_ZERO_ERROR;
    UChar small[256], *wide = small;
    int32_t needed = 0;
    if (length > sizeof(small) / sizeof(*small))
        wide = talloc_array(ctx, UChar, length);
    if (!wide)
        return NULL;
    u_strFromUTF8(wide, (int32_t)(wide == small ? sizeof(small) / sizeof(*small) : length), &needed,
                  text, (int32_t)length, &status);
    char *folded = U_FAILURE(status) ? talloc_strdup(ctx, "") : fold_wide(ctx, wide, needed);
    if (wide != small)
        talloc_free(wide);
    return folded;
}

/* --- Loading --- */

struct file_entry {
    const char *command;
    bool unoffered;
    struct file_list {
        const char **words;
        unsigned count;
    } lists[KINDS];
};

struct file {
    struct file_entry *entries;
    unsigned entries_count;
};

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED),
};

#define LIST(key, kind)                                                                            \
    CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_entry,   \
                               lists[kind].words, lists[kind].count, &text_value, 1,               \
                               LIMIT_KEYWORDS)

static const cyaml_schema_field_t entry_fields[] = {
    CYAML_FIELD_STRING_PTR("command", CYAML_FLAG_POINTER, struct file_entry, command, 1, 60),
    CYAML_FIELD_BOOL("unoffered", CYAML_FLAG_OPTIONAL, struct file_entry, unoffered),
    LIST("exact", EXACT),
    LIST("prefix", PREFIX),
    LIST("contains", CONTAINS),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t entry_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_entry, entry_fields),
};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE_COUNT("keywords", CYAML_FLAG_POINTER, struct file, entries, entries_count,
                               &entry_value, 1, LIMIT_KEYWORDS),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields),
};

struct loading {
    const char *path;
    struct yaml_problem *problem;
    const struct file *file;
    const char *const *commands;
    struct keywords *keywords;
    struct word *words; /* so far, in file order */
    size_t words_count, bytes;
};

/* Characters that are not in both masks are not in both texts. */
static uint64_t mask_of(const char *text) {
    uint64_t mask = 0;
    int32_t length = (int32_t)strlen(text);
    for (int32_t i = 0; i < length;) {
        UChar32 character;
        U8_NEXT_UNSAFE(text, i, character);
        mask |= UINT64_C(1) << ((uint32_t)character * UINT32_C(2654435761) >> 26);
    }
    return mask;
}

/* Whether no text that `later` matches gets past `earlier`. */
static bool takes(const struct word *earlier, const struct word *later) {
    switch (earlier->kind) {
    case EXACT:
        return later->kind == EXACT && strcmp(earlier->text, later->text) == 0;
    case PREFIX:
        return later->kind != CONTAINS && strncmp(later->text, earlier->text, earlier->length) == 0;
    default:
        return strstr(later->text, earlier->text) != NULL;
    }
}

static int refuse_word(const struct loading *loading, const struct word *word, const char *reason,
                       const struct word *other) {
    char where[64], taker[64] = "";
    snprintf(where, sizeof(where), "keywords[%u].%s[%u]", word->entry, kind_names[word->kind],
             word->index);
    if (other)
        snprintf(taker, sizeof(taker), "keywords[%u].%s[%u] ", other->entry,
                 kind_names[other->kind], other->index);
    return yaml_refuse(loading->path, loading->problem, where, "%s%s", taker, reason);
}

static int add_word(struct loading *loading, const char *text, const struct word *place) {
    char *folded = keywords_fold(loading->words, text);
    if (!folded)
        return yaml_refuse(loading->path, loading->problem, "", "out of memory");
    struct word word = *place;
    size_t length = strlen(folded);
    if (length == 0)
        return refuse_word(loading, &word, "nothing is left of it to compare", NULL);
    if (length > WORD_BYTES)
        return refuse_word(loading, &word, "longer than 60 bytes", NULL);
    word.text = folded;
    word.length = (uint16_t)length;
    word.mask = mask_of(folded);

    for (size_t i = 0; i < loading->words_count; i++) {
        const struct word *earlier = &loading->words[i];
        if (!takes(earlier, &word))
            continue;
        if (loading->keywords->command_of[earlier->entry] ==
            loading->keywords->command_of[word.entry])
            return 0; /* said twice: "QD" and "qd" */
        return refuse_word(loading, &word, "takes it first", earlier);
    }
    loading->words[loading->words_count++] = word;
    loading->bytes += length + 1;
    return 0;
}

/* The number of the entry's command; a new one is named and gets its suggestion. */
static int add_command(struct loading *loading, unsigned index) {
    struct keywords *keywords = loading->keywords;
    const struct file_entry *entry = &loading->file->entries[index];
    char where[48];
    size_t known = 0, number = 0;
    while (loading->commands[known] && strcmp(loading->commands[known], entry->command) != 0)
        known++;
    snprintf(where, sizeof(where), "keywords[%u].command", index);
    if (!loading->commands[known])
        return yaml_refuse(loading->path, loading->problem, where, "there is no command \"%s\"",
                           entry->command);

    unsigned kind = EXACT;
    while (kind < KINDS && entry->lists[kind].count == 0)
        kind++;
    snprintf(where, sizeof(where), "keywords[%u]", index);
    if (kind == KINDS)
        return yaml_refuse(loading->path, loading->problem, where,
                           "expected exact, prefix or contains");

    while (number < keywords->commands_count &&
           strcmp(keywords->commands[number].name, entry->command) != 0)
        number++;
    keywords->command_of[index] = (uint16_t)number;
    if (number < keywords->commands_count)
        return 0;
    struct command *command = &keywords->commands[keywords->commands_count++];
    command->name = talloc_strdup(keywords, entry->command);
    if (!entry->unoffered)
        command->suggestion = talloc_strdup(keywords, entry->lists[kind].words[0]);
    return command->name && (command->suggestion || entry->unoffered)
               ? 0
               : yaml_refuse(loading->path, loading->problem, "", "out of memory");
}

static int add_entries(struct loading *loading) {
    for (unsigned i = 0; i < loading->file->entries_count; i++) {
        if (add_command(loading, i))
            return -1;
        for (unsigned kind = 0; kind < KINDS; kind++) {
            const struct file_list *list = &loading->file->entries[i].lists[kind];
            for (unsigned j = 0; j < list->count; j++) {
                struct word place = {
                    .entry = (uint16_t)i, .index = (uint16_t)j, .kind = (uint8_t)kind};
                if (add_word(loading, list->words[j], &place))
                    return -1;
            }
        }
    }
    return 0;
}

static int compare_words(const void *left, const void *right) {
    return strcmp(((const struct word *)left)->text, ((const struct word *)right)->text);
}

/* Moves the words to where they stay: their texts in one block, as there are thousands of them. */
static int settle(struct loading *loading) {
    struct keywords *keywords = loading->keywords;
    char *texts = talloc_size(keywords, loading->bytes);
    size_t exact = 0;
    for (size_t i = 0; i < loading->words_count; i++)
        exact += loading->words[i].kind == EXACT;
    keywords->exact = talloc_array(keywords, struct word, exact);
    keywords->loose = talloc_array(keywords, struct word, loading->words_count - exact);
    if (!texts || !keywords->exact || !keywords->loose)
        return yaml_refuse(loading->path, loading->problem, "", "out of memory");
    for (size_t i = 0; i < loading->words_count; i++) {
        struct word word = loading->words[i];
        word.text = memcpy(texts, word.text, word.length + 1u);
        texts += word.length + 1u;
        if (word.kind == EXACT)
            keywords->exact[keywords->exact_count++] = word;
        else
            keywords->loose[keywords->loose_count++] = word;
    }
    qsort(keywords->exact, keywords->exact_count, sizeof(struct word), compare_words);
    return 0;
}

static int build(struct loading *loading, void *scratch) {
    size_t words = 0;
    for (unsigned i = 0; i < loading->file->entries_count; i++)
        for (unsigned kind = 0; kind < KINDS; kind++)
            words += loading->file->entries[i].lists[kind].count;
    if (words > LIMIT_KEYWORDS)
        return yaml_refuse(loading->path, loading->problem, "keywords",
                           "%zu words, expected at most %d", words, LIMIT_KEYWORDS);

    struct keywords *keywords = loading->keywords;
    keywords->command_of = talloc_zero_array(keywords, uint16_t, loading->file->entries_count);
    keywords->commands = talloc_zero_array(keywords, struct command, loading->file->entries_count);
    loading->words = talloc_array(scratch, struct word, words);
    if (!keywords->command_of || !keywords->commands || !loading->words)
        return yaml_refuse(loading->path, loading->problem, "", "out of memory");
    return add_entries(loading) ? -1 : settle(loading);
}

int keywords_load(void *ctx, const char *directory, const char *const commands[],
                  struct keywords **keywords, struct yaml_problem *problem) {
    void *scratch = talloc_new(ctx), *file;
    struct keywords *made = talloc_zero(ctx, struct keywords);
    char *path = talloc_asprintf(scratch, "%s/keywords.yaml", directory);
    int result = -1;
    if (!made || !path) {
        yaml_refuse(directory, problem, "", "out of memory");
    } else if (yaml_load(scratch, path, &file_value, &file, problem) == 0) {
        struct loading loading = {
            .path = path, .problem = problem, .file = file, .commands = commands, .keywords = made};
        result = build(&loading, scratch);
    }
    talloc_free(scratch);
    if (result)
        talloc_free(made);
    else
        *keywords = made;
    return result;
}

/* --- Matching --- */

const char *keywords_match(void *ctx, const struct keywords *keywords, const char *text,
                           const char **rest) {
    const struct word key = {.text = keywords_fold(ctx, text)};
    if (rest)
        *rest = "";
    if (!key.text || !key.text[0])
        return NULL;
    const struct word *found =
        bsearch(&key, keywords->exact, keywords->exact_count, sizeof(struct word), compare_words);
    for (size_t i = 0; i < keywords->loose_count; i++) {
        const struct word *word = &keywords->loose[i];
        if (found && word->entry >= found->entry)
            break;
        if (word->kind == CONTAINS ? !strstr(key.text, word->text)
                                   : strncmp(key.text, word->text, word->length) != 0)
            continue;
        found = word;
        if (rest && word->kind == PREFIX)
            *rest = key.text + word->length;
        break;
    }
    return found ? keywords->commands[keywords->command_of[found->entry]].name : NULL;
}

bool keywords_is_word(void *ctx, const struct keywords *keywords, const char *text) {
    const struct word key = {.text = keywords_fold(ctx, text)};
    return key.text && bsearch(&key, keywords->exact, keywords->exact_count, sizeof(struct word),
                               compare_words);
}

/* --- Guessing --- */

struct characters {
    UChar32 at[WORD_BYTES];
    unsigned count;
};

static void spell(const char *text, unsigned most, struct characters *characters) {
    int32_t length = (int32_t)strlen(text);
    characters->count = 0;
    for (int32_t i = 0; i < length && characters->count < most;) {
        UChar32 character;
        U8_NEXT_UNSAFE(text, i, character);
        characters->at[characters->count++] = character;
    }
}

static unsigned least(unsigned left, unsigned right) {
    return left < right ? left : right;
}

/* Insertions, deletions, substitutions and swaps of neighbours that make one the other
 * (Damerau-Levenshtein, no swapped pair touched again). */
static unsigned distance(const struct characters *left, const struct characters *right) {
    unsigned rows[3][WORD_BYTES + 1];
    for (unsigned j = 0; j <= right->count; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= left->count; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= right->count; j++) {
            bool same = left->at[i - 1] == right->at[j - 1];
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + !same);
            if (i > 1 && j > 1 && left->at[i - 1] == right->at[j - 2] &&
                left->at[i - 2] == right->at[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[left->count % 3][right->count];
}

/* How many characters stand next to each other in both, at most. */
static unsigned common_run(const struct characters *left, const struct characters *right) {
    unsigned longest = 0;
    for (unsigned i = 0; i < left->count; i++)
        for (unsigned j = 0; j < right->count; j++) {
            unsigned run = 0;
            while (i + run < left->count && j + run < right->count &&
                   left->at[i + run] == right->at[j + run])
                run++;
            longest = run > longest ? run : longest;
        }
    return longest;
}

/* 0 to 200: half for how little has to be changed, half for how much of the word stands in the
 * text, so that a word in a long sentence is found too. */
static unsigned nearness(const struct characters *text, const struct characters *word) {
    unsigned run = common_run(text, word);
    if (run == 0)
        return 0;
    unsigned longer = text->count > word->count ? text->count : word->count;
    return 100 * (longer - distance(text, word)) / longer + 100 * run / word->count;
}

static void rate(const struct keywords *keywords, const struct word *words, size_t count,
                 const struct characters *text, uint64_t mask, unsigned nearest[]) {
    for (size_t i = 0; i < count; i++) {
        if (!(words[i].mask & mask))
            continue;
        struct characters word;
        spell(words[i].text, WORD_BYTES, &word);
        unsigned near = nearness(text, &word);
        unsigned *best = &nearest[keywords->command_of[words[i].entry]];
        *best = near > *best ? near : *best;
    }
}

size_t keywords_nearest(const struct keywords *keywords, const char *text, const char *words[],
                        size_t max) {
    void *scratch = talloc_new(NULL);
    unsigned *nearest = talloc_zero_array(scratch, unsigned, keywords->commands_count);
    char *folded = keywords_fold(scratch, text);
    size_t count = 0;
    if (nearest && folded) {
        struct characters characters;
        spell(folded, NEAR_CHARS, &characters);
        uint64_t mask = mask_of(folded);
        rate(keywords, keywords->exact, keywords->exact_count, &characters, mask, nearest);
        rate(keywords, keywords->loose, keywords->loose_count, &characters, mask, nearest);
        for (; count < max; count++) {
            size_t best = SIZE_MAX;
            for (size_t i = 0; i < keywords->commands_count; i++)
                if (nearest[i] != UINT32_MAX && keywords->commands[i].suggestion &&
                    (best == SIZE_MAX || nearest[i] > nearest[best]))
                    best = i;
            if (best == SIZE_MAX)
                break;
            words[count] = keywords->commands[best].suggestion;
            nearest[best] = UINT32_MAX; /* taken */
        }
    }
    talloc_free(scratch);
    return count;
}
