/* SPDX-License-Identifier: MIT */
/*
 * span.h - the main header of base: bytes that somebody else owns, compared,
 * searched and cut.
 *
 * In: bytes of any kind. Out: positions, slices and answers; nothing is copied
 * or changed. base sees no other room. Case is that of ASCII, in every locale.
 *
 * Most of these functions run millions of times and mostly say no, so whatever a
 * length or a first byte can decide is decided here, without a call. Where z is
 * a constant, so is its length.
 */
#ifndef BOUNCE_BASE_SPAN_H
#define BOUNCE_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Not NUL-terminated. s may be NULL if n is 0. */
struct span {
    const char *s;
    size_t n;
};

enum { CASE_BIT = 0x20 }; /* set in the small letters of ASCII, not in its capitals */

/* A constant string in the initialiser of a table of spans. */
// clang-format off
#define SPAN(literal) {(literal), sizeof(literal) - 1}
// clang-format on
/* The number of items of an array, such as a table. */
#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline struct span span_of(const char *s, size_t n)
{
    return (struct span){s, n};
}
/* NULL gives an empty span. */
static inline struct span span_z(const char *z)
{
    return (struct span){z, z ? strlen(z) : 0};
}

/* These know ASCII only: other bytes belong to no class and stay as they are. */
static inline bool ascii_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool ascii_is_alpha(char c)
{
    return (unsigned char)((c | CASE_BIT) - 'a') < 26;
}
static inline bool ascii_is_alnum(char c)
{
    return ascii_is_digit(c) || ascii_is_alpha(c);
}
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
static inline char ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

/* Whether n bytes are equal, ignoring case. */
bool bytes_equal_nocase(const char *a, const char *b, size_t n);
/* Copies n bytes in lower case; to and s may be the same. */
void bytes_lower(char *to, const char *s, size_t n);
/* How many bytes at the start are ASCII. */
size_t bytes_ascii(const char *s, size_t n);

/* False if the two are certainly not the same letter. */
static inline bool ascii_may_equal(char a, char b)
{
    return ((a ^ b) & ~CASE_BIT) == 0;
}

/* These ignore case. */
static inline bool span_starts_with(struct span a, struct span start)
{
    return a.n >= start.n &&
           (!start.n || (ascii_may_equal(a.s[0], start.s[0]) && bytes_equal_nocase(a.s, start.s, start.n)));
}

static inline bool span_same_nocase(struct span a, struct span b)
{
    return a.n == b.n && span_starts_with(a, b);
}
static inline bool span_ends_with(struct span a, struct span end)
{
    return a.n >= end.n && span_same_nocase(span_of(a.s + a.n - end.n, end.n), end);
}

static inline bool span_starts_nocase(struct span a, const char *z)
{
    return span_starts_with(a, span_z(z));
}
static inline bool span_equal_nocase(struct span a, const char *z)
{
    return span_same_nocase(a, span_z(z));
}

/* The first place of the needle, exact or ignoring case; NULL if there is none. An
 * empty needle is found nowhere. */
const char *span_find_bytes(struct span hay, struct span needle);
const char *span_find_word(struct span hay, struct span word);
static inline const char *span_find(struct span hay, const char *z)
{
    return span_find_bytes(hay, span_z(z));
}
static inline const char *span_find_nocase(struct span hay, const char *z)
{
    return span_find_word(hay, span_z(z));
}

/* The span without the white space at both ends. */
static inline struct span span_trim(struct span a)
{
    while (a.n && ascii_is_space(a.s[0]))
        a.s++, a.n--;
    while (a.n && ascii_is_space(a.s[a.n - 1]))
        a.n--;
    return a;
}

/* Takes the next line off *rest; *line lacks its LF, CRLF or CR. False at the end. */
bool span_next_line(struct span *rest, struct span *line);

#endif
