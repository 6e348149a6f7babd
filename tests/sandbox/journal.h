#ifndef SANDBOX_JOURNAL_H
#define SANDBOX_JOURNAL_H

/* <state>/journal.ndjson: what happened, a JSON object a line, only ever appended to while the
 * sandbox runs. On start it is replayed, then written anew with what is still kept. A last line
 * that a crash has torn is dropped. Lines are written at once, without fsync: they survive the
 * program, and need not survive the machine. */

#include "value.h"

struct world;
struct journal;

/* Makes the directory if it is missing, replays into the world, sets world->journal. Returns 0 or
 * -1 with one sentence on standard error: no right, another sandbox runs there, a broken line. */
int journal_open(void *ctx, const char *directory, struct world *world);

/* Appends a record, taking it over. Nothing when journal is NULL. */
void journal_write(struct journal *journal, json_t *record);

#endif
