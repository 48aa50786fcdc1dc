/* SPDX-License-Identifier: MIT */
/*
 * reader.c - small values of rule files: ids, numbers, names, and which
 * known word a misspelt one was meant to be.
 *
 * What comes in: a span of the line that is being read. Refused, with an error
 * at its place: whatever is not of the form that doc/rules.md states.
 */
#include "rules/reader.h"
#include "base/utf8.h"

#include <string.h>

enum { WORD_BYTES_MAX = 40 };

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* How many letters must be added, left out, changed or swapped with their
 * neighbour to make b of a (restricted Damerau-Levenshtein). */
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
            now[j] = smallest(above[j] + 1, now[j - 1] + 1, above[j - 1] + change);
            if (i > 1 && j > 1 && a.s[i - 1] == b[j - 2] && a.s[i - 2] == b[j - 1] && before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
    }
    return rows[a.n % 3][n];
}

/* The one of the names that word was probably meant to be, or NULL. */
static const char *guess(struct span word, const char *(*name)(size_t i))
{
    const char *best = NULL, *candidate;
    size_t least = word.n / 3 + 1 < 3 ? word.n / 3 + 1 : 3;
    for (size_t i = 0; (candidate = name(i)); i++) {
        size_t distance = edits(word, candidate);
        if (distance < least || (distance == least && !best)) {
            best = candidate;
            least = distance;
        }
    }
    return best;
}

const char *reader_show(struct reader *r, struct span word)
{
    char *shown = arena_strndup(r->out->arena, word.s, utf8_cut(word.s, word.n, WORD_BYTES_MAX));
    for (char *c = shown; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    return shown;
}

const char *reader_hint(struct reader *r, struct span word, const char *(*name)(size_t i))
{
    const char *meant = guess(word, name);
    return meant ? arena_printf(r->out->arena, ", did you mean \"%s\"?", meant) : "";
}

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
                     i ? "an id is made of a-z, 0-9 and / . _ -" : "an id begins with a small letter or a digit");
        return false;
    }
    return true;
}

bool reader_priority(struct reader *r, struct span value, int8_t *priority)
{
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

char *reader_lower(struct reader *r, struct span value)
{
    char *s = arena_strndup(r->out->arena, value.s, value.n);
    for (char *c = s; *c; c++)
        *c = ascii_lower(*c);
    return s;
}
