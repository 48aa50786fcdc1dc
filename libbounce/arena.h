/* SPDX-License-Identifier: MIT */
/*
 * arena.h - memory that is given back all at once, spans, and growing strings.
 *
 * What comes in: sizes. What goes out: aligned memory that lives until
 * arena_reset() or arena_free(). There is no failure to handle: like GLib,
 * the process ends when memory runs out (see bounce.h, Silence).
 */
#ifndef BOUNCE_ARENA_H
#define BOUNCE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that somebody else owns; not NUL-ended. s may be NULL if n is 0. */
struct span {
    const char *s;
    size_t n;
};

struct arena_block;
struct arena {
    struct arena_block *first, *current;
    size_t used; /* of the current block */
};

void arena_init(struct arena *a);
/* Gives back all that was allocated but keeps a block for reuse. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);
/* size bytes, aligned for any type, not cleared. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_calloc(struct arena *a, size_t count, size_t size);
/* A NUL-ended copy of n bytes. */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s); /* NULL gives NULL */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A string that grows inside an arena; always NUL-ended behind n bytes. */
struct strbuf {
    struct arena *arena;
    char *s;
    size_t n, capacity;
};
void strbuf_init(struct strbuf *b, struct arena *a);
void strbuf_reserve(struct strbuf *b, size_t more);
void strbuf_add(struct strbuf *b, const char *s, size_t n);
void strbuf_puts(struct strbuf *b, const char *s);
void strbuf_putc(struct strbuf *b, char c);
void strbuf_putu(struct strbuf *b, uint32_t code_point); /* as UTF-8 */

/* ASCII only, whatever the locale says. */
static inline bool ascii_is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline bool ascii_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool ascii_is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool ascii_is_alnum(char c) { return ascii_is_digit(c) || ascii_is_alpha(c); }
static inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }
static inline char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c; }
bool span_equal_nocase(struct span a, const char *z);             /* ASCII case */
bool span_starts_nocase(struct span a, const char *z);
const char *span_find(struct span hay, const char *z);            /* NULL: not there */
const char *span_find_bytes(struct span hay, struct span needle);
const char *span_find_nocase(struct span hay, const char *z);
struct span span_trim(struct span a);
static inline struct span span_of(const char *s, size_t n) { return (struct span){s, n}; }
struct span span_z(const char *z); /* NULL gives an empty span */
/* Takes the next line off *rest (without its LF, CRLF or CR); false at the end. */
bool span_next_line(struct span *rest, struct span *line);

#endif
