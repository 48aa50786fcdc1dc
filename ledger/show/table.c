/* SPDX-License-Identifier: MIT */
/*
 * table.c - rows of an answer, as text, JSON or CSV.
 *
 * In: columns and cells. Out: a line for each row, one JSON object per line, or one row of CSV (RFC 4180). On a
 * terminal, what does not fit into a line goes on in the next one; only words for people are cut. Times are in UTC;
 * JSON is UTF-8 whatever the text is in. Terminal control characters and spreadsheet formulas are made harmless, except
 * in the addresses of a service's list. Nothing is refused.
 */
#include "show/table.h"

#include "lines/value.h"
#include "output/escape.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* WORDS_LEAST: with fewer columns, words get a line of their own. */
enum { TIME_BYTES = 32, MAX_COLUMNS = 32, CONTINUED_INDENT = 4, WORDS_LEAST = 30 };

void show_number(struct output *o, int64_t number)
{
    if (number < 0)
        output_putc(o, '-');
    output_number(o, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void show_time(struct output *o, int64_t seconds)
{
    char text[TIME_BYTES];
    time_t t = (time_t)seconds;
    struct tm utc;
    if (gmtime_r(&t, &utc) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc))
        output_puts(o, text);
}

void show_json_string(struct output *o, const char *s)
{
    static const char digits[] = "0123456789abcdef";
    output_putc(o, '"');
    for (int bytes; *s; s += bytes ? bytes : 1) {
        unsigned char c = (unsigned char)*s;
        bytes = value_utf8_bytes(s);
        if (c == '"' || c == '\\')
            output_putc(o, '\\');
        if (bytes == 0) {
            output_puts(o, "\xef\xbf\xbd");
        } else if (c >= 0x20) {
            output_add(o, s, (size_t)bytes);
        } else {
            output_puts(o, "\\u00");
            output_putc(o, digits[c >> 4]);
            output_putc(o, digits[c & 15]);
        }
    }
    output_putc(o, '"');
}

static void value(struct output *o, const struct row_column *column, const struct cell *cell)
{
    if (column->kind == COLUMN_NUMBER)
        show_number(o, cell->number);
    else if (column->kind == COLUMN_TIME)
        show_time(o, cell->number);
    else if (column->kind == COLUMN_FLAG)
        output_puts(o, cell->number ? "true" : "false");
}

static bool is_text(const struct row_column *column)
{
    return column->kind == COLUMN_TEXT || column->kind == COLUMN_WORDS || column->kind == COLUMN_ADDRESS;
}

static void json_row(const struct row_table *t, const struct cell *cells)
{
    for (int i = 0, shown = 0; i < t->count; i++) {
        const struct row_column *column = &t->columns[i];
        if (!column->name)
            continue;
        output_puts(t->out, shown++ ? ",\"" : "{\"");
        output_puts(t->out, column->name);
        output_puts(t->out, "\":");
        if (cells[i].is_null)
            output_puts(t->out, "null");
        else if (is_text(column))
            show_json_string(t->out, cells[i].text);
        else if (column->kind == COLUMN_TIME) {
            output_putc(t->out, '"');
            show_time(t->out, cells[i].number);
            output_putc(t->out, '"');
        } else
            value(t->out, column, &cells[i]);
    }
    output_puts(t->out, t->is_inside ? "}" : "}\n");
}

static void csv_text(struct output *o, enum column_kind kind, const char *text)
{
    bool is_formula = kind != COLUMN_ADDRESS && *text && strchr("=+-@\t", *text);
    if (!text[strcspn(text, ",\"\r\n")] && !is_formula) {
        output_escaped(o, text, ESCAPE_QUOTED, 0);
        return;
    }
    output_putc(o, '"');
    if (is_formula)
        output_putc(o, '\'');
    output_escaped(o, text, ESCAPE_QUOTED, 0);
    output_putc(o, '"');
}

static void csv_row(const struct row_table *t, const struct cell *cells)
{
    for (int i = 0, shown = 0; i < t->count; i++) {
        if (!t->columns[i].name)
            continue;
        if (shown++)
            output_putc(t->out, ',');
        if (cells[i].is_null)
            continue;
        if (is_text(&t->columns[i]))
            csv_text(t->out, t->columns[i].kind, cells[i].text);
        else
            value(t->out, &t->columns[i], &cells[i]);
    }
    output_putc(t->out, '\n');
}

/* Where a row of text is: the columns of the line so far, and the blanks due before the next cell. */
struct pen {
    size_t column, blanks;
    bool begun; /* the line has a cell */
};

/* A cell as it is shown; bytes: room for what is not text. */
static const char *shown(const struct row_column *column, const struct cell *cell, char bytes[OUTPUT_SPARE_BYTES])
{
    struct output one = {.fd = -1, .bytes = bytes, .capacity = OUTPUT_SPARE_BYTES};
    if (cell->is_null)
        return "-";
    if (is_text(column))
        return cell->text;
    value(&one, column, cell);
    bytes[one.n] = '\0';
    return bytes;
}

static bool needs_line(const struct row_table *t, const struct pen *p, const struct row_column *column,
                       const char *text)
{
    size_t room = t->line_columns > p->column + p->blanks ? t->line_columns - p->column - p->blanks : 0;
    if (!t->line_columns || !p->begun)
        return false;
    return !escaped_fits(text, room) && (column->kind != COLUMN_WORDS || room < WORDS_LEAST);
}

static void text_cell(const struct row_table *t, struct pen *p, int i, const struct cell *cell)
{
    char bytes[OUTPUT_SPARE_BYTES];
    const struct row_column *column = &t->columns[i];
    const char *text = shown(column, cell, bytes);
    if (needs_line(t, p, column, text)) {
        if (cell->is_null)
            return;
        output_putc(t->out, '\n');
        *p = (struct pen){.blanks = CONTINUED_INDENT};
    }
    bool is_cut = t->line_columns && column->kind == COLUMN_WORDS;
    size_t width = (size_t)column->width;
    output_spaces(t->out, p->blanks);
    p->column += p->blanks;
    size_t columns = output_escaped(t->out, text, ESCAPE_ONE_LINE, is_cut ? t->line_columns - p->column : 0);
    *p = (struct pen){p->column + columns, columns < width ? width - columns + 1 : 1, true};
}

static void text_row(const struct row_table *t, const struct cell *cells)
{
    struct pen p = {.column = t->indent};
    int last = t->count - 1;
    while (last > 0 && (!t->columns[last].width || cells[last].is_null))
        last--;
    for (int i = 0; i <= last; i++)
        if (t->columns[i].width)
            text_cell(t, &p, i, &cells[i]);
    output_putc(t->out, '\n');
}

void table_begin(const struct row_table *t)
{
    if (t->format != LEDGER_CSV)
        return;
    for (int i = 0, shown = 0; i < t->count; i++)
        if (t->columns[i].name) {
            if (shown++)
                output_putc(t->out, ',');
            output_puts(t->out, t->columns[i].name);
        }
    output_putc(t->out, '\n');
}

void table_row(const struct row_table *t, const struct cell *cells)
{
    switch (t->format) {
    case LEDGER_TEXT: text_row(t, cells); break;
    case LEDGER_JSON: json_row(t, cells); break;
    case LEDGER_CSV: csv_row(t, cells); break;
    }
}

void table_db_row(const struct row_table *t, const struct db_rows *rows)
{
    struct cell cells[MAX_COLUMNS];
    for (int i = 0; i < t->count; i++) {
        cells[i] = (struct cell){.is_null = db_is_null(rows, i)};
        if (is_text(&t->columns[i]))
            cells[i].text = db_text(rows, i);
        else
            cells[i].number = db_int(rows, i);
    }
    table_row(t, cells);
}

int64_t table_db_rows(const struct row_table *t, struct db_rows *rows)
{
    int64_t count = 0;
    table_begin(t);
    for (; db_next(rows); count++)
        table_db_row(t, rows);
    return count;
}
