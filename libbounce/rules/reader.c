/* SPDX-License-Identifier: MIT */
/*
 * reader.c - values of keywords: ids, words, numbers, lists.
 *
 * What comes in: spans of the line that is being read. What goes out: values in
 * the arena, and errors at their places. Refused, with an error: what does not
 * have the form that doc/rules.md states.
 */
#include "rules/reader.h"
#include "base/utf8.h"
#include "rules/arrays.h"

enum { WORD_BYTES_MAX = 40 };

/* ---------------------------------------------------------------- errors */

/* Columns are those of an editor: characters, from 1. */
static uint32_t column_of(const struct reader *r, const char *at)
{
    uint32_t column = 1;
    for (const char *s = r->line.s; s < at && s < r->line.s + r->line.n; s++)
        column += ((unsigned char)*s & 0xc0) != 0x80;
    return column;
}

static void error_at(struct reader *r, uint32_t line, uint32_t column, const char *format, va_list args)
{
    struct rule_error where = {
        .path = r->path, .file = r->file, .status = BOUNCE_ERROR_RULES, .line = line, .column = column};
    rule_entries_error_va(r->out, &where, format, args);
}

void reader_error(struct reader *r, const char *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_at(r, r->line_number, column_of(r, at), format, args);
    va_end(args);
}

void reader_warning(struct reader *r, const char *at, const char *format, ...)
{
    struct rule_error where = {.path = r->path, .file = r->file, .line = r->line_number, .column = column_of(r, at)};
    va_list args;
    va_start(args, format);
    rule_entries_warning_va(r->out, &where, format, args);
    va_end(args);
}

struct rule_place reader_place(const struct reader *r, const char *at)
{
    return (struct rule_place){r->path, r->file, r->line_number, column_of(r, at)};
}

void reader_entry_error(struct reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_at(r, r->entry->rule.line, 1, format, args);
    va_end(args);
}

void reader_line_error(struct reader *r, uint32_t line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_at(r, line, line > 0, format, args);
    va_end(args);
}

/* ----------------------------------------------------------------- lists */

void *reader_add(struct reader *r, enum reader_list list, size_t size)
{
    r->lists[list].items =
        arena_grow(r->out->arena, r->lists[list].items, r->lists[list].n, &r->lists[list].capacity, size);
    return memset(r->lists[list].items + r->lists[list].n++ * size, 0, size);
}

void reader_add_string(struct reader *r, enum reader_list list, const char *s)
{
    *(const char **)reader_add(r, list, sizeof(const char *)) = s;
}

const char *const *reader_strings(struct reader *r, enum reader_list list)
{
    if (!r->lists[list].n)
        return NULL;
    reader_add_string(r, list, NULL);
    return (const char *const *)(const void *)r->lists[list].items;
}

void *reader_items(struct reader *r, enum reader_list list, size_t *count)
{
    *count = r->lists[list].n;
    return r->lists[list].items;
}

bool reader_saw(const struct reader *r, size_t keyword)
{
    return r->seen >> keyword & 1;
}

/* ----------------------------------------------------------------- words */

struct span reader_word(struct span *rest)
{
    *rest = span_trim(*rest);
    size_t n = 0;
    while (n < rest->n && !ascii_is_space(rest->s[n]))
        n++;
    struct span word = span_of(rest->s, n);
    *rest = span_trim(span_of(rest->s + n, rest->n - n));
    return word;
}

const char *reader_show(struct reader *r, struct span word)
{
    char *shown = arena_strndup(r->out->arena, word.s, utf8_cut(word.s, word.n, WORD_BYTES_MAX));
    for (char *c = shown; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    return shown;
}

/* How many letters must be added, left out, changed or swapped with their
 * neighbour to make b from a (restricted Damerau-Levenshtein). */
static size_t edits(struct span a, const char *b)
{
    size_t rows[3][WORD_BYTES_MAX + 1], n = strlen(b);
    if (a.n > WORD_BYTES_MAX || n > WORD_BYTES_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = rows[i % 3], *above = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t change = ascii_lower(a.s[i - 1]) != b[j - 1];
            now[j] = MIN(MIN(above[j], now[j - 1]) + 1, above[j - 1] + change);
            if (i > 1 && j > 1 && a.s[i - 1] == b[j - 2] && a.s[i - 2] == b[j - 1])
                now[j] = MIN(now[j], before[j - 2] + 1);
        }
    }
    return rows[a.n % 3][n];
}

/* NULL if no name is close. */
static const char *closest_name(struct span word, const char *(*name)(size_t i))
{
    const char *best = NULL, *candidate;
    size_t least = MIN(word.n / 3 + 1, 3);
    for (size_t i = 0; (candidate = name(i)); i++) {
        size_t distance = edits(word, candidate);
        if (distance < least || (distance == least && !best)) {
            best = candidate;
            least = distance;
        }
    }
    return best;
}

const char *reader_hint(struct reader *r, struct span word, const char *(*name)(size_t i))
{
    const char *meant = closest_name(word, name);
    return meant ? arena_printf(r->out->arena, ", did you mean \"%s\"?", meant) : "";
}

/* ---------------------------------------------------------------- values */

static bool is_id_char(char c)
{
    return (c >= 'a' && c <= 'z') || ascii_is_digit(c);
}

bool reader_id(struct reader *r, struct span value)
{
    if (!value.n) {
        reader_error(r, r->line.s, "an id is missing");
        return false;
    }
    for (size_t i = 0; i < value.n; i++) {
        if (is_id_char(value.s[i]) || (i && value.s[i] && strchr("/._-", value.s[i])))
            continue;
        reader_error(r, value.s + i,
                     i ? "an id may contain only a-z, 0-9 and / . _ -"
                       : "an id must begin with a lower-case letter or a digit");
        return false;
    }
    return true;
}

static void add_statements(struct reader *r, struct span value, bool yields)
{
    for (struct span word; (word = reader_word(&value)).n;) {
        struct parsed_statement *s = reader_add(r, LIST_STATEMENTS, sizeof *s);
        *s = (struct parsed_statement){reader_copy(r, word), r->line_number, column_of(r, word.s), yields};
    }
}

void reader_add_yields(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    add_statements(r, value, true);
}

void reader_add_beats(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    add_statements(r, value, false);
}

bool reader_priority(struct reader *r, struct span value, int8_t *priority)
{
    if (r->format > 1) {
        reader_error(r, r->line.s, "format 2 has no priorities: write yields, beats or last");
        return false;
    }
    size_t i = value.n && (value.s[0] == '-' || value.s[0] == '+') ? 1 : 0;
    int number = 0;
    bool good = i < value.n && value.n - i <= 3;
    for (; good && i < value.n; i++) {
        good = ascii_is_digit(value.s[i]);
        number = number * 10 + (value.s[i] - '0');
    }
    if (!good || number > 100) {
        reader_error(r, value.s, "a priority is a number from -100 to 100");
        return false;
    }
    *priority = (int8_t)(value.s[0] == '-' ? -number : number);
    return true;
}

static const char *command_name(size_t i)
{
    static const bounce_command last = BOUNCE_COMMAND_DATA;
    return i < (size_t)last ? bounce_command_name((bounce_command)(i + 1)) : NULL;
}

bounce_command reader_command(struct reader *r, struct span value)
{
    for (size_t i = 0; command_name(i); i++)
        if (span_equal_nocase(value, command_name(i)))
            return (bounce_command)(i + 1);
    reader_error(r, value.s, "a command is one of EHLO STARTTLS AUTH MAIL RCPT DATA");
    return BOUNCE_COMMAND_NONE;
}

char *reader_copy(struct reader *r, struct span value)
{
    return arena_strndup(r->out->arena, value.s, value.n);
}

char *reader_lower(struct reader *r, struct span value)
{
    char *s = reader_copy(r, value);
    bytes_lower(s, s, value.n);
    return s;
}
