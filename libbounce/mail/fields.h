/* SPDX-License-Identifier: MIT */
/*
 * fields.h - header fields and groups of fields (RFC 5322 2.2, RFC 3464 2.1).
 * Input is bytes; a value stays raw (folded, undecoded) until it is asked for.
 * Lines end with LF, CRLF, or the CR CR LF of broken gateways; with CR in text
 * that knows no LF.
 */
#ifndef BOUNCE_MAIL_FIELDS_H
#define BOUNCE_MAIL_FIELDS_H

#include "base/arena.h"

struct field {
    struct span name;  /* as written, without colon and space before it */
    struct span value; /* raw, from behind the colon, folded lines included */
};

/* A header is asked for many names that it does not have: one bit for each
 * name's hash tells that of most. */
enum { FIELD_NAME_BITS = 256 };

struct field_group {
    struct field *fields;
    size_t count;
    uint64_t name_bits[FIELD_NAME_BITS / 64];
};

/* Reads one group: up to a blank line or the end. Blank lines in front are
 * skipped. Skips (does not stop at) lines that are no field, counts them in
 * *bad (may be NULL). *rest moves behind the group and the blank lines that
 * follow it. False at the end. Stops adding at max_lines lines and sets
 * *truncated (which may be NULL; never cleared). */
bool fields_read_group(struct arena *a, struct span *rest, size_t max_lines, struct field_group *out, size_t *bad,
                       bool *truncated);

/* Likewise for the header of a mail or part: a blank line in front means an
 * empty header, and *rest moves behind one blank line only, to the body. */
void fields_read_header(struct arena *a, struct span *rest, char line_end, size_t max_lines, struct field_group *out,
                        size_t *bad, bool *truncated);

/* Which of the bits stands for a name. name.n > 0. */
static inline size_t fields_name_bit(struct span name)
{
    unsigned first = (unsigned char)(name.s[0] | 0x20), last = (unsigned char)(name.s[name.n - 1] | 0x20);
    return (first * 7 + last * 31 + name.n * 13) % FIELD_NAME_BITS;
}

/* False: the group has no field of that name. */
static inline bool fields_may_have(const struct field_group *g, struct span name)
{
    size_t bit = name.n ? fields_name_bit(name) : 0;
    return name.n && g->name_bits[bit / 64] >> (bit % 64) & 1;
}

/* The first or last field of that name, ASCII case ignored; empty span with
 * s == NULL if there is none. */
struct span fields_find(const struct field_group *g, struct span name);
struct span fields_find_last(const struct field_group *g, struct span name);
static inline struct span fields_get(const struct field_group *g, const char *name)
{
    return fields_may_have(g, span_z(name)) ? fields_find(g, span_z(name)) : span_of(NULL, 0);
}

/* True if the line begins like "Name: value". */
bool fields_is_field(struct span line);

/* What ends the lines of s: '\n', or '\r' in text that knows no LF. */
char fields_line_end(struct span s);
/* Takes the line at *p, without its end; *p moves to the next one or to end. */
static inline struct span fields_take_line(const char **p, const char *end, char line_end)
{
    const char *start = *p, *stop = memchr(start, line_end, (size_t)(end - start));
    *p = stop ? stop + 1 : end;
    if (!stop)
        stop = end;
    if (line_end == '\r') {
        if (*p < end && **p == '\n')
            ++*p;
    } else {
        for (int i = 0; i < 2 && stop > start && stop[-1] == '\r'; i++)
            stop--;
    }
    return span_of(start, (size_t)(stop - start));
}

#endif
