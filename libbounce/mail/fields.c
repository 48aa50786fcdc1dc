/* SPDX-License-Identifier: MIT */
/*
 * fields.c - header fields and groups of fields; see fields.h.
 *
 * In: the bytes of a header, or of a delivery-status part. Out: slices of them;
 * nothing is copied. Refused: a line without a name of printable ASCII and a
 * colon (RFC 5322 2.2; white space before the colon is tolerated, 4.5.8), and the
 * lines folded below it.
 */
#include "mail/fields.h"

#include "base/chunk.h"

#include <string.h>

/* Bytes in which a line end is looked for: mail has no longer lines (RFC 5322 2.1.1: 998). */
enum { LINE_END_BYTES = 1024 };

char fields_line_end(struct span s)
{
    size_t n = s.n < LINE_END_BYTES ? s.n : LINE_END_BYTES;
    return n && !memchr(s.s, '\n', n) && memchr(s.s, '\r', n) ? '\r' : '\n';
}

/* How many bytes at the front may be the name of a field: printable ASCII except space
 * and colon. */
static size_t name_run(struct span line)
{
    size_t n = 0;
    for (; n + CHUNK <= line.n; n += CHUNK) {
        const chunk c = chunk_load(line.s + n);
        const unsigned ends = chunk_bits(chunk_unprintable(c) | chunk_equal(c, ' ') | chunk_equal(c, ':'));
        if (ends)
            return n + chunk_first(ends);
    }
    while (n < line.n && line.s[n] > ' ' && line.s[n] < 0x7f && line.s[n] != ':')
        n++;
    return n;
}

/* Length of the name at the start of the line; *colon gets its colon. 0: no field. */
static size_t name_length(struct span line, const char **colon)
{
    const size_t n = name_run(line);
    const char *q = line.s + n, *end = line.s + line.n;
    while (q < end && (*q == ' ' || *q == '\t'))
        q++;
    *colon = q;
    return q < end && *q == ':' ? n : 0;
}

bool fields_is_field(struct span line)
{
    const char *colon;
    return line.n && name_length(line, &colon) > 0;
}

/* True for "boundary=…" at the start of a line, below a MIME field that ends in ';':
 * some gateways remove the white space of folded lines. */
static bool continues_parameters(const struct field *last, struct span line)
{
    struct span value = span_trim(last->value);
    return value.n && value.s[value.n - 1] == ';' && span_starts_nocase(last->name, "content-") &&
           memchr(line.s, '=', line.n);
}

static void mark_name(struct field_group *g, struct span name)
{
    size_t bit = fields_name_bit(name);
    g->name_bits[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static struct field *add_field(struct arena *a, struct field_group *g, size_t *capacity)
{
    g->fields = arena_grow(a, g->fields, g->count, capacity, sizeof *g->fields);
    return &g->fields[g->count++];
}

/* A header that is being read. */
struct header_reader {
    struct arena *arena;
    struct field_group *group;
    struct field *last; /* to which folded lines belong; NULL: to no field */
    size_t capacity, bad_lines;
};

static inline void read_header_line(struct header_reader *r, struct span line)
{
    const char *colon, *end = line.s + line.n;
    struct field *last = r->last;
    size_t n = 0;
    const bool folded = last && (line.s[0] == ' ' || line.s[0] == '\t');
    if (!folded && (n = name_length(line, &colon)) > 0) {
        r->last = add_field(r->arena, r->group, &r->capacity);
        r->last->name = span_of(line.s, n);
        r->last->value = span_of(colon + 1, (size_t)(end - colon - 1));
        mark_name(r->group, r->last->name);
    } else if (folded || (last && continues_parameters(last, line))) {
        last->value.n = (size_t)(end - last->value.s);
    } else {
        r->last = NULL;
        r->bad_lines++;
    }
}

void fields_read_header(struct arena *a, struct span *rest, char line_end, size_t max_lines, struct field_group *out,
                        size_t *bad, bool *truncated)
{
    const char *p = rest->n ? rest->s : "", *end = p + rest->n;
    struct header_reader r = {.arena = a, .group = out};
    size_t lines = 0;
    *out = (struct field_group){0};
    while (p < end) {
        struct span line = fields_take_line(&p, end, line_end);
        if (!line.n)
            break;
        if (++lines <= max_lines)
            read_header_line(&r, line);
    }
    if (lines > max_lines && truncated)
        *truncated = true;
    if (bad)
        *bad = r.bad_lines;
    *rest = span_of(p, (size_t)(end - p));
}

/* Moves *rest after the lines of white space that separate groups. */
static void skip_separator(struct span *rest)
{
    const char *p = rest->n ? rest->s : "", *end = p + rest->n, *start = p;
    while (p < end && ascii_is_space(*p)) {
        char c = *p++;
        if (c == '\n' || c == '\r')
            start = p;
    }
    if (p == end)
        start = end;
    *rest = span_of(start, (size_t)(end - start));
}

bool fields_read_group(struct arena *a, struct span *rest, size_t max_lines, struct field_group *out, size_t *bad,
                       bool *truncated)
{
    *out = (struct field_group){0};
    if (bad)
        *bad = 0;
    skip_separator(rest);
    if (!rest->n)
        return false;
    fields_read_header(a, rest, fields_line_end(*rest), max_lines, out, bad, truncated);
    skip_separator(rest);
    return true;
}

struct span fields_find(const struct field_group *g, struct span name)
{
    size_t count = fields_may_have(g, name) ? g->count : 0;
    for (size_t i = 0; i < count; i++)
        if (span_same_nocase(g->fields[i].name, name))
            return g->fields[i].value;
    return (struct span){0};
}

struct span fields_find_last(const struct field_group *g, struct span name)
{
    for (size_t i = fields_may_have(g, name) ? g->count : 0; i-- > 0;)
        if (span_same_nocase(g->fields[i].name, name))
            return g->fields[i].value;
    return (struct span){0};
}
