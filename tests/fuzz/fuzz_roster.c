/* Any bytes as HR's file: it is refused, or its people are sound, and what is exported of them
 * reads as the same people again, so that importing it changes nothing. */

#include "bot/encoding.h"
#include "bot/roster.h"

#include "config/limits.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds) {
    if (!holds)
        abort();
}

static void check_person(const struct roster_person *person, unsigned place) {
    expect(person->place == place);
    expect(*person->key && strlen(person->key) <= LIMIT_ROSTER_NUMBER);
    expect(*person->cells[ROSTER_NAME] && strlen(person->cells[ROSTER_NAME]) <= LIMIT_ROSTER_NAME);
    expect(strlen(person->cells[ROSTER_TAIL]) <= 4);
    for (int i = 0; i < ROSTER_COLUMNS; i++)
        expect(strlen(person->cells[i]) <= LIMIT_ROSTER_CELL &&
               !strpbrk(person->cells[i], "\x1e\x1f"));
}

static void write_all(const struct roster *roster, char **text, size_t *length) {
    FILE *out = open_memstream(text, length);
    struct roster_form *form = roster_form(NULL, roster->head);
    expect(out && form && roster_write(form, out, NULL) == 0);
    for (unsigned i = 0; i < roster->count; i++)
        expect(roster_write(form, out, &roster->people[i]) == 0);
    expect(roster_write_end(form, out) == 0);
    fclose(out);
    talloc_free(form);
}

/* The export of a small file could be either (bot/encoding.h): it is read as what it is. */
static enum encoding encoding_of(const struct roster *roster) {
    return strncmp(roster->head, "gb18030 ", 8) == 0 ? ENCODING_GB18030 : ENCODING_UTF8;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    void *ctx = talloc_new(NULL);
    struct roster *roster, *again;
    struct roster_plan *plan;
    const char *problem;
    char *text;
    size_t length;
    if (roster_read(ctx, (const char *)data, size, ENCODING_ANY, 20261121, &roster, &problem) ==
        0) {
        for (unsigned i = 0; i < roster->count; i++)
            check_person(&roster->people[i], i + 1);
        write_all(roster, &text, &length);
        expect(roster_read(ctx, text, length, encoding_of(roster), 20261121, &again, &problem) ==
               0);
        expect(again->bad_count == 0 && again->count == roster->count);
        expect(roster_compare(ctx, roster->people, roster->count, again, &plan) == 0);
        expect(plan->joins_count + plan->moves_count + plan->changes_count + plan->leavers_count +
                   plan->renames_count + plan->puts_count ==
               0);
        free(text);
    }
    talloc_free(ctx);
    return 0;
}
