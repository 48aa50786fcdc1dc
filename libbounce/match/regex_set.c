/* SPDX-License-Identifier: MIT */
/*
 * regex_set.c - the characters that a piece of a regular expression matches.
 *
 * In: an atom of an expression that PCRE2 accepts: a character, a dot, an escape, a class. Out: the set of its
 * characters. Properties and other escapes that are not listed here match all: a set may be too large, never too small,
 * except for the case of letters that have three forms. Nothing is refused.
 */
#include "match/regex_set.h"
#include "match/regex_token.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { LAST_CODE_POINT = 0x10ffff };

static void add_range(struct arena *a, struct regex_set *set, uint32_t from, uint32_t to)
{
    set->ranges = arena_grow(a, set->ranges, set->count, &set->capacity, sizeof *set->ranges);
    set->ranges[set->count++] = (struct regex_range){from, to};
}

static int compare_ranges(const void *left, const void *right)
{
    const struct regex_range *a = left, *b = right;
    return (a->from > b->from) - (a->from < b->from);
}

static void arrange(struct regex_set *set)
{
    size_t kept = 0;
    if (set->count)
        qsort(set->ranges, set->count, sizeof *set->ranges, compare_ranges);
    for (size_t i = 0; i < set->count; i++) {
        struct regex_range *last = kept ? &set->ranges[kept - 1] : NULL;
        if (last && set->ranges[i].from <= last->to + 1)
            last->to = MAX(last->to, set->ranges[i].to);
        else
            set->ranges[kept++] = set->ranges[i];
    }
    set->count = kept;
}

static void invert(struct arena *a, struct regex_set *set)
{
    struct regex_set out = {.count = 0};
    uint32_t next = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (set->ranges[i].from > next)
            add_range(a, &out, next, set->ranges[i].from - 1);
        next = set->ranges[i].to + 1;
    }
    if (next <= LAST_CODE_POINT)
        add_range(a, &out, next, LAST_CODE_POINT);
    *set = out;
}

/* Adds the characters in both cases; of a long range, only the beginning in the other case. */
static void add_chars(struct arena *a, struct regex_set *set, uint32_t from, uint32_t to)
{
    enum { FOLDED_MAX = 512 };
    add_range(a, set, from, to);
    for (uint32_t c = from; c <= to && c - from < FOLDED_MAX; c++) {
        uint32_t lower = g_unichar_tolower(c), upper = g_unichar_toupper(c);
        if (lower != c)
            add_range(a, set, lower, lower);
        if (upper != c)
            add_range(a, set, upper, upper);
    }
}

/* --------------------------------------------------------------- escapes */

static void add_named(struct arena *a, struct regex_set *set, char name)
{
    struct regex_set own = {.count = 0};
    switch (g_ascii_tolower(name)) {
    case 'd': add_range(a, &own, '0', '9'); break;
    case 'w':
        add_range(a, &own, '0', '9');
        add_chars(a, &own, 'a', 'z');
        add_range(a, &own, '_', '_');
        break;
    case 's':
        add_range(a, &own, '\t', '\r');
        add_range(a, &own, ' ', ' ');
        break;
    default: add_range(a, &own, 0, LAST_CODE_POINT);
    }
    arrange(&own);
    if (g_ascii_isupper(name) && strchr("DWS", name))
        invert(a, &own);
    for (size_t i = 0; i < own.count; i++)
        add_range(a, set, own.ranges[i].from, own.ranges[i].to);
}

static uint32_t number_of(const char *s, const char *end, int base)
{
    uint32_t n = 0;
    for (; s < end; s++)
        if (g_ascii_isxdigit(*s) && n < LAST_CODE_POINT)
            n = n * (uint32_t)base + (uint32_t)g_ascii_xdigit_value(*s);
    return MIN(n, (uint32_t)LAST_CODE_POINT);
}

/* The character of "\n", "\x41", "\."; false if it is not a character, or not a single one. */
static bool read_escape(const char *s, const char *end, uint32_t *c)
{
    static const char letters[] = "tnfrae", values[] = "\t\n\f\r\a\033";
    const char *known = s[1] ? strchr(letters, s[1]) : NULL;
    if (known) {
        *c = (unsigned char)values[known - letters];
    } else if (s[1] == 'x') {
        *c = number_of(s + 2, end, 16);
    } else if (s[1] == '0' || s[1] == 'o') {
        *c = number_of(s + 1, end, 8);
    } else if (s[1] && !g_ascii_isalnum(s[1])) {
        *c = g_utf8_get_char(s + 1);
    } else {
        return false;
    }
    return true;
}

/* --------------------------------------------------------------- classes */

/* The bytes of an item of a class: an escape may be longer, "\x{3000}". */
static size_t item_bytes(const char *s, const char *end)
{
    size_t n = regex_class_item(s);
    if (s[0] == '\\' && s[1] != 'Q')
        n = regex_next_token(s, 0).end;
    else if (n == 1)
        n = (size_t)(g_utf8_next_char(s) - s);
    return MIN(n, (size_t)(end - s));
}

static void add_posix(struct arena *a, struct regex_set *set, const char *s)
{
    if (g_str_has_prefix(s, "[:digit:]"))
        add_named(a, set, 'd');
    else if (g_str_has_prefix(s, "[:space:]"))
        add_named(a, set, 's');
    else if (g_str_has_prefix(s, "[:alnum:]") || g_str_has_prefix(s, "[:alpha:]"))
        add_named(a, set, 'w');
    else
        add_named(a, set, '.');
}

/* A single character of a class; false: the item is not one. */
static bool class_char(const char *s, const char *end, uint32_t *c)
{
    if (s[0] == '\\') {
        *c = s[1] == 'b' ? '\b' : 0;
        return s[1] == 'b' || read_escape(s, end, c);
    }
    *c = g_utf8_get_char(s);
    return true;
}

static void add_quoted(struct arena *a, struct regex_set *set, const char *s, const char *end)
{
    for (s += 2; s < end && strncmp(s, "\\E", 2) != 0; s = g_utf8_next_char(s))
        add_chars(a, set, g_utf8_get_char(s), g_utf8_get_char(s));
}

/* An item may be the start of a range: "a-z". */
static const char *add_item(struct arena *a, struct regex_set *set, const char *s, const char *end)
{
    uint32_t from, to;
    const char *next = s + item_bytes(s, end);
    if (s[0] == '[' && next > s + 1) {
        add_posix(a, set, s);
    } else if (s[0] == '\\' && s[1] == 'Q') {
        add_quoted(a, set, s, next);
    } else if (!class_char(s, next, &from)) {
        add_named(a, set, s[1]);
    } else if (next + 1 < end && *next == '-' && class_char(next + 1, next + 1 + item_bytes(next + 1, end), &to)) {
        add_chars(a, set, MIN(from, to), MAX(from, to));
        next += 1 + item_bytes(next + 1, end);
    } else {
        add_chars(a, set, from, from);
    }
    return next;
}

static void read_class(struct arena *a, struct regex_set *set, const char *s, const char *end)
{
    bool negated = s[1] == '^';
    s += negated ? 2 : 1;
    end--; /* ] */
    while (s < end)
        s = add_item(a, set, s, end);
    arrange(set);
    if (negated)
        invert(a, set);
}

/* ----------------------------------------------------------------- sets */

const struct regex_set *regex_set_of(struct arena *a, const char *source, const struct regex_piece *atom)
{
    const char *s = source + atom->start, *end = source + atom->end;
    struct regex_set *set = arena_calloc(a, 1, sizeof *set);
    uint32_t c;
    if (!atom->quoted && *s == '[')
        read_class(a, set, s, end);
    else if (!atom->quoted && *s == '.')
        add_named(a, set, '.');
    else if (atom->quoted || *s != '\\')
        add_chars(a, set, g_utf8_get_char(s), g_utf8_get_char(s));
    else if (read_escape(s, end, &c))
        add_chars(a, set, c, c);
    else
        add_named(a, set, s[1]);
    arrange(set);
    return set;
}

const struct regex_set *regex_set_union(struct arena *a, const struct regex_set *left, const struct regex_set *right)
{
    struct regex_set *set = arena_calloc(a, 1, sizeof *set);
    for (size_t i = 0; i < left->count; i++)
        add_range(a, set, left->ranges[i].from, left->ranges[i].to);
    for (size_t i = 0; i < right->count; i++)
        add_range(a, set, right->ranges[i].from, right->ranges[i].to);
    arrange(set);
    return set;
}

bool regex_sets_meet(const struct regex_set *left, const struct regex_set *right)
{
    size_t i = 0, j = 0;
    while (i < left->count && j < right->count) {
        if (left->ranges[i].to < right->ranges[j].from)
            i++;
        else if (right->ranges[j].to < left->ranges[i].from)
            j++;
        else
            return true;
    }
    return false;
}

uint32_t regex_set_letter(const struct regex_set *set)
{
    uint32_t c = set->count ? g_unichar_tolower(set->ranges[0].from) : 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->ranges[i].to - set->ranges[i].from > 1 || g_unichar_tolower(set->ranges[i].from) != c ||
            g_unichar_tolower(set->ranges[i].to) != c)
            return 0;
    return c;
}
