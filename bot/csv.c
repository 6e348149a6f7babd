#include "bot/csv.h"

#include "config/limits.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>

struct csv {
    const char *at;
    unsigned line;
    char *room; /* the cells of a row, one after the other */
    size_t used;
    size_t starts[LIMIT_CSV_COLUMNS];
    const char *cells[LIMIT_CSV_COLUMNS];
};

char *csv_file(void *ctx, const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    struct stat status;
    char *bytes = NULL;
    if (!file || fstat(fileno(file), &status) || !S_ISREG(status.st_mode)) {
        fprintf(stderr, "day21: %s: there is no such file that can be read\n", path);
    } else if (status.st_size > LIMIT_ROSTER_FILE) {
        fprintf(stderr, "day21: %s: larger than %d MB\n", path, LIMIT_ROSTER_FILE >> 20);
    } else if ((bytes = talloc_size(ctx, (size_t)status.st_size + 1))) {
        *length = fread(bytes, 1, (size_t)status.st_size, file);
        bytes[*length] = '\0';
    }
    if (file)
        fclose(file);
    return bytes;
}

struct csv *csv_open(void *ctx, const char *text) {
    struct csv *csv = talloc_zero(ctx, struct csv);
    if (csv) {
        csv->at = text;
        csv->line = 1;
        csv->room = talloc_array(csv, char, 4096);
    }
    if (csv && !csv->room)
        TALLOC_FREE(csv);
    return csv;
}

static int put(struct csv *csv, char character) {
    if (csv->used == talloc_get_size(csv->room)) {
        char *larger = talloc_realloc(csv, csv->room, char, 2 * csv->used);
        if (!larger)
            return -1;
        csv->room = larger;
    }
    csv->room[csv->used++] = character;
    return 0;
}

static bool at_line_end(const struct csv *csv) {
    return *csv->at == '\n' || *csv->at == '\r' || *csv->at == '\0';
}

/* Over one end of a line. */
static void end_line(struct csv *csv) {
    if (*csv->at == '\0')
        return;
    csv->at += csv->at[0] == '\r' && csv->at[1] == '\n' ? 2 : 1;
    csv->line++;
}

/* A row that is wrong ends with its line. */
static void give_up(struct csv *csv, struct csv_row *row, const char *wrong) {
    row->wrong = wrong;
    while (!at_line_end(csv))
        csv->at++;
}

static int quoted_cell(struct csv *csv, struct csv_row *row) {
    csv->at++;
    while (*csv->at) {
        if (csv->at[0] == '"' && csv->at[1] != '"')
            break;
        if (csv->at[0] == '"')
            csv->at++;
        else if (*csv->at == '\n' || (csv->at[0] == '\r' && csv->at[1] != '\n'))
            csv->line++;
        if (put(csv, *csv->at++))
            return -1;
    }
    if (*csv->at == '\0') {
        row->endless = true;
        row->wrong = "a quote is opened and never closed";
        return 0;
    }
    csv->at++;
    if (*csv->at != ',' && !at_line_end(csv))
        give_up(csv, row, "text follows a closing quote");
    return 0;
}

static int cell(struct csv *csv, struct csv_row *row) {
    if (row->count == LIMIT_CSV_COLUMNS) {
        give_up(csv, row, "more than 64 cells");
        return 0;
    }
    csv->starts[row->count] = csv->used;
    if (*csv->at == '"') {
        row->quoted |= UINT64_C(1) << row->count;
        if (quoted_cell(csv, row))
            return -1;
    } else {
        while (*csv->at != ',' && !at_line_end(csv))
            if (put(csv, *csv->at++))
                return -1;
    }
    row->count++;
    return put(csv, '\0');
}

int csv_next(struct csv *csv, struct csv_row *row) {
    if (*csv->at == '\0')
        return 0;
    *row = (struct csv_row){.line = csv->line, .cells = csv->cells};
    csv->used = 0;
    if (!at_line_end(csv)) {
        if (cell(csv, row))
            return -1;
        while (!row->wrong && *csv->at == ',') {
            csv->at++;
            if (cell(csv, row))
                return -1;
        }
    }
    end_line(csv);
    for (unsigned i = 0; i < row->count; i++)
        csv->cells[i] = csv->room + csv->starts[i];
    return 1;
}

uint64_t csv_quotes(const char *const *cells, unsigned count) {
    uint64_t quoted = 0;
    for (unsigned i = 0; i < count; i++)
        if (strpbrk(cells[i], ",\"\r\n"))
            quoted |= UINT64_C(1) << i;
    return quoted;
}

static char *append_quoted(char *text, const char *value) {
    text = talloc_strdup_append_buffer(text, "\"");
    while (text && *value) {
        size_t plain = strcspn(value, "\"");
        text = talloc_strndup_append_buffer(text, value, plain);
        value += plain;
        if (text && *value == '"') {
            text = talloc_strdup_append_buffer(text, "\"\"");
            value++;
        }
    }
    return text ? talloc_strdup_append_buffer(text, "\"") : NULL;
}

char *csv_append(char *text, const char *const *cells, unsigned count, uint64_t quoted,
                 const char *line_end) {
    for (unsigned i = 0; text && i < count; i++) {
        if (i > 0)
            text = talloc_strdup_append_buffer(text, ",");
        if (text)
            text = quoted >> i & 1 ? append_quoted(text, cells[i])
                                   : talloc_strdup_append_buffer(text, cells[i]);
    }
    return text ? talloc_strdup_append_buffer(text, line_end) : NULL;
}
