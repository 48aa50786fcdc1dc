/* SPDX-License-Identifier: MIT */
/*
 * fields.h - header fields and groups of fields (RFC 5322 2.2, RFC 3464 2.1). Values stay
 * raw: folded, and not decoded. Lines end with LF, CRLF, or the CR CR LF of broken
 * gateways; in text without any LF, with CR.
 */
#ifndef BOUNCE_MAIL_FIELDS_H
#define BOUNCE_MAIL_FIELDS_H

#include "base/arena.h"
#include "base/limits.h"

struct field {
    struct span name;  /* as written, without the colon and the space before it */
    struct span value; /* raw: what follows the colon, folded lines included */
};

/* Most names that are looked up are not there: a bit for the hash of each name that is
 * rules out nearly all others. */
enum { FIELD_NAME_BITS = 256 };

struct field_group {
    struct field *fields;
    size_t count;
    uint64_t name_bits[FIELD_NAME_BITS / 64];
};

/* Reads one group: the fields up to a blank line or the end. Skips blank lines before it, and lines that are not a
 * field, which are counted in *bad (may be NULL). Moves *rest after the group and the blank lines that follow it. Of
 * more than max_lines lines the others are not read, and *truncated is set (may be NULL; never cleared). False at the
 * end. */
bool fields_read_group(struct arena *a, struct span *rest, size_t max_lines, struct field_group *out, size_t *bad,
                       bool *truncated);

/* Likewise for the header of a mail or part: a blank line at the start means an empty
 * header, and *rest moves after one blank line only, to the body. */
void fields_read_header(struct arena *a, struct span *rest, char line_end, size_t max_lines, struct field_group *out,
                        size_t *bad, bool *truncated);

/* The bit of a name; name.n > 0. */
static inline size_t fields_name_bit(struct span name)
{
    unsigned first = (unsigned char)(name.s[0] | CASE_BIT), last = (unsigned char)(name.s[name.n - 1] | CASE_BIT);
    return (first * 7 + last * 31 + name.n * 13) % FIELD_NAME_BITS;
}

/* False if the group certainly has no field of that name. */
static inline bool fields_may_have(const struct field_group *g, struct span name)
{
    size_t bit = name.n ? fields_name_bit(name) : 0;
    return name.n && g->name_bits[bit / 64] >> (bit % 64) & 1;
}

/* The value of the first or last field of that name, ignoring ASCII case; s is NULL if
 * there is none. */
struct span fields_find(const struct field_group *g, struct span name);
struct span fields_find_last(const struct field_group *g, struct span name);
static inline struct span fields_get(const struct field_group *g, const char *name)
{
    return fields_may_have(g, span_z(name)) ? fields_find(g, span_z(name)) : span_of(NULL, 0);
}

/* True if the raw value of a field is longer than is decoded. */
static inline bool field_is_long(struct span raw)
{
    return raw.n > LIMIT_HEADER_BYTES && span_trim(raw).n > LIMIT_HEADER_BYTES;
}

/* True if a line begins like "Name: value". */
bool fields_is_field(struct span line);

/* The byte that ends the lines of s: '\n', or '\r' in text without any LF. */
char fields_line_end(struct span s);
/* The line at *p without its end; *p moves to the next one, or to end. */
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
