/* SPDX-License-Identifier: MIT */
/*
 * message_index.c - the structure of a mail, in one pass over its "--" lines.
 *
 * In: a header, and the body below it. Out: the leaves in order, as spans of the
 * mail (RFC 2046 5.1). A returned message is a leaf: its bytes are searched for
 * the boundaries of the multiparts around it, and for nothing else. Nothing is
 * refused: a multipart that is never closed ends where an outer one continues;
 * one without a boundary, or whose boundary never occurs, is one text. A header without
 * MIME fields over a body that begins with parts is that of a multipart. The caps
 * of base/limits.h bound the work: each "--" line is compared with at most
 * LIMIT_NESTING boundaries.
 *
 * The leaves are those that GMime 3.2.13 finds, except for the differences that
 * tests/fuzz/gmime_parts.c lists.
 */
#include "mail/message_index.h"

#include "base/limits.h"
#include "mail/message_entity.h"

#include <string.h>

/* An open multipart. */
struct multipart {
    struct span boundary;
    const char *path;
    const char *encoding;
    const char *body; /* where its body begins */
    struct span preamble;
    unsigned children;
    bool in_alternative, is_digest;
};

/* A mail whose structure is being read. */
struct indexer {
    struct message *m;
    const char *end; /* of the body */
    char line_end;
    struct multipart *open; /* LIMIT_NESTING of them, depth in use; the last one is the innermost */
    size_t depth;
    size_t boundary_lines;
    size_t capacity; /* of m->parts */
    bool stopped;    /* at the cap of parts */
};

struct delimiter {
    size_t depth; /* index of its multipart in open */
    bool closing;
    const char *line, *next; /* its line, and the one after it */
};

/* ------------------------------------------------------------------ lines */

static const char *next_line(const struct indexer *x, const char *p)
{
    p = memchr(p, x->line_end, (size_t)(x->end - p));
    if (!p)
        return x->end;
    p++;
    return x->line_end == '\r' && p < x->end && *p == '\n' ? p + 1 : p;
}

static bool starts_dashes(const struct indexer *x, const char *p)
{
    return x->end - p >= 2 && p[0] == '-' && p[1] == '-';
}

/* True if a "--" line is a delimiter of an open multipart; the innermost one wins. */
static bool match_delimiter(const struct indexer *x, const char *p, struct delimiter *d)
{
    d->line = p;
    d->next = next_line(x, p);
    p += 2;
    size_t n = (size_t)(d->next - p);
    while (n && ascii_is_space(p[n - 1]))
        n--;
    for (size_t i = x->depth; i-- > 0;) {
        struct span b = x->open[i].boundary;
        if ((n != b.n && n != b.n + 2) || memcmp(p, b.s, b.n) != 0)
            continue;
        if (n == b.n || (p[n - 2] == '-' && p[n - 1] == '-')) {
            d->depth = i;
            d->closing = n > b.n;
            return true;
        }
    }
    return false;
}

/* The next line that begins with "--" after the line that starts at p. */
static const char *next_dashes(const struct indexer *x, const char *p)
{
    static const struct span dashes = SPAN("\n--");
    if (x->line_end == '\n') {
        p = span_find_bytes(span_of(p, (size_t)(x->end - p)), dashes);
        return p ? p + 1 : x->end;
    }
    do
        p = next_line(x, p);
    while (p < x->end && !starts_dashes(x, p));
    return p;
}

/* Finds the next delimiter at or after p, which must be the start of a line. */
static bool find_delimiter(struct indexer *x, const char *p, bool counted, struct delimiter *d)
{
    for (p = starts_dashes(x, p) ? p : next_dashes(x, p); p < x->end; p = next_dashes(x, p)) {
        if (counted && ++x->boundary_lines > LIMIT_BOUNDARY_LINES) {
            x->m->flags |= MESSAGE_TOO_MANY_BOUNDARIES;
            return false;
        }
        if (match_delimiter(x, p, d))
            return true;
    }
    return false;
}

/* The bytes between, without the line end before stop: it belongs to the delimiter there
 * (RFC 2046 5.1.1). */
static struct span before_delimiter(const char *start, const char *stop)
{
    size_t n = start < stop ? (size_t)(stop - start) : 0;
    bool line_feed = n && start[n - 1] == '\n';
    n -= line_feed;
    for (int cr = line_feed ? 2 : 1; cr && n && start[n - 1] == '\r'; cr--)
        n--;
    return span_of(start, n);
}

/* ------------------------------------------------------------------ leaves */

static const char *child_path(struct arena *a, const char *parent, unsigned number)
{
    char digits[16];
    size_t at = sizeof digits, n = strlen(parent);
    for (unsigned left = number; left; left /= 10)
        digits[--at] = (char)('0' + left % 10);
    char *path = arena_alloc(a, n + 1 + sizeof digits - at + 1), *p = path;
    if (n) {
        memcpy(p, parent, n);
        p += n;
        *p++ = '.';
    }
    memcpy(p, digits + at, sizeof digits - at);
    p[sizeof digits - at] = '\0';
    return path;
}

/* Adds a part, a text as yet; NULL at the cap. */
static struct part *new_part(struct indexer *x)
{
    struct message *m = x->m;
    if (m->part_count == LIMIT_PARTS) {
        m->flags |= MESSAGE_TOO_MANY_PARTS;
        x->stopped = true;
        return NULL;
    }
    m->parts = arena_grow(m->arena, m->parts, m->part_count, &x->capacity, sizeof *m->parts);
    struct part *p = &m->parts[m->part_count++];
    *p = (struct part){.role = PART_TEXT, .path = "", .type = "text/plain"};
    return p;
}

static bool in_alternative(const struct indexer *x)
{
    return x->depth && x->open[x->depth - 1].in_alternative;
}

/* Adds a leaf. Its raw bytes are known once the next delimiter is found. */
static struct part *add_leaf(struct indexer *x, const struct entity *e, const char *path)
{
    struct part *p = new_part(x);
    if (!p)
        return NULL;
    p->role = entity_role(e->type.type);
    p->path = path;
    p->type = e->type.type;
    p->charset = e->type.charset;
    p->encoding = e->encoding;
    p->name = e->name;
    p->description = e->description;
    p->attachment = e->attachment;
    p->depth = (int)x->depth;
    p->in_alternative = in_alternative(x);
    return p;
}

/* -------------------------------------------------------------- multiparts */

static void open_multipart(struct indexer *x, const struct entity *e, const char *path, const char *body)
{
    const char *type = e->type.type;
    x->open[x->depth] = (struct multipart){
        .boundary = e->type.boundary,
        .path = path,
        .encoding = e->encoding,
        .body = body,
        .in_alternative = in_alternative(x) || !strcmp(type, "multipart/alternative"),
        .is_digest = !strcmp(type, "multipart/digest"),
    };
    x->depth++;
}

/* Adds a multipart that cannot be opened: as a text, if it has no boundary. */
static struct part *add_closed_multipart(struct indexer *x, const struct entity *e, const char *path)
{
    struct part *leaf = add_leaf(x, e, path);
    if (e->type.boundary.n) {
        x->m->flags |= MESSAGE_TOO_DEEP;
        return leaf;
    }
    x->m->flags |= MESSAGE_BROKEN_MULTIPART;
    if (leaf) {
        leaf->role = PART_TEXT;
        leaf->type = "text/plain";
    }
    return leaf;
}

/* Opens an entity that is a multipart, else adds it as a leaf, and returns that; NULL if
 * there is none, or at the cap. */
static struct part *add_entity(struct indexer *x, const struct entity *e, const char *path, const char *body)
{
    const char *type = e->type.type;
    if (strncmp(type, "multipart/", 10) != 0)
        return add_leaf(x, e, path);
    if (!x->m->report_type && !strcmp(type, "multipart/report"))
        x->m->report_type = e->type.report_type;
    if (!e->type.boundary.n || x->depth == LIMIT_NESTING)
        return add_closed_multipart(x, e, path);
    open_multipart(x, e, path, body);
    return NULL;
}

static bool is_blank(struct span s)
{
    return span_trim(s).n == 0;
}

/* Closes the innermost multipart. If it has no part, its body is a text. */
static void close_multipart(struct indexer *x, const char *stop, bool closed)
{
    const struct multipart *closing = &x->open[--x->depth];
    if (closing->children)
        return;
    struct span body = before_delimiter(closing->body, stop);
    if (!closed)
        x->m->flags |= MESSAGE_BROKEN_MULTIPART;
    else if (is_blank(body))
        return;
    struct part *p = x->stopped ? NULL : new_part(x);
    if (!p)
        return;
    p->path = closing->path;
    p->encoding = closing->encoding;
    p->depth = (int)x->depth;
    p->in_alternative = in_alternative(x);
    p->raw = stop == x->end ? span_of(closing->body, (size_t)(stop - closing->body)) : body;
}

/* Where the header of a part ends: after a blank line, or at a delimiter. */
static const char *header_end(const struct indexer *x, const char *p)
{
    struct delimiter d;
    while (p < x->end) {
        if (starts_dashes(x, p) && match_delimiter(x, p, &d))
            return p;
        if (!fields_take_line(&p, x->end, x->line_end).n)
            return p;
    }
    return p;
}

/* Reads the header of a part, up to stop, and returns where the body begins: at once, if the first line is not a
 * header. */
static const char *read_part_header(struct indexer *x, const char *p, const char *stop, struct field_group *header)
{
    const char *next = p;
    struct span rest = span_of(p, (size_t)(stop - p)), line = fields_take_line(&next, stop, x->line_end);
    bool truncated = false;
    fields_read_header(x->m->arena, &rest, x->line_end, LIMIT_HEADER_LINES, header, NULL, &truncated);
    if (truncated)
        x->m->flags |= MESSAGE_TOO_MANY_HEADERS;
    if (!line.n || fields_is_field(line))
        return stop;
    for (size_t i = 0; i < header->count; i++)
        if (span_starts_nocase(header->fields[i].name, "content-"))
            return stop;
    *header = (struct field_group){0};
    return p;
}

/* Adds the part after a delimiter of the innermost multipart, and returns where its body
 * begins. *leaf gets it, or NULL. There is no part between two delimiters in a row, or
 * after one at the end. */
static const char *add_part(struct indexer *x, const char *start, struct part **leaf)
{
    struct multipart *around = &x->open[x->depth - 1];
    struct field_group header;
    struct entity e;
    const char *body = header_end(x, start);
    *leaf = NULL;
    if (body == start)
        return body;
    body = read_part_header(x, start, body, &header);
    entity_read(x->m->arena, &header, around->is_digest ? "message/rfc822" : "text/plain", &e, &x->m->flags);
    *leaf = add_entity(x, &e, child_path(x->m->arena, around->path, ++around->children), body);
    return body;
}

/* ------------------------------------------------------------ the whole mail */

/* Ends what began after the last delimiter: a leaf, or a preamble. */
static void finish_region(struct indexer *x, struct part *leaf, const char *start, const char *stop)
{
    if (leaf)
        leaf->raw = stop == x->end ? span_of(start, (size_t)(stop - start)) : before_delimiter(start, stop);
    else if (x->depth && !x->open[x->depth - 1].children)
        x->open[x->depth - 1].preamble = before_delimiter(start, stop);
}

/* Reads everything from start on, where the body of leaf begins, if there is one. */
static void read_multiparts(struct indexer *x, const char *start, struct part *leaf)
{
    struct delimiter d;
    while (x->depth && !x->stopped) {
        bool counted = !leaf || leaf->role != PART_ORIGINAL;
        if (!find_delimiter(x, start, counted, &d))
            break;
        finish_region(x, leaf, start, d.line);
        leaf = NULL;
        while (x->depth > d.depth + 1)
            close_multipart(x, d.line, false);
        if (d.closing) {
            close_multipart(x, d.line, true);
            start = d.next;
        } else if (!x->stopped) {
            start = add_part(x, d.next, &leaf);
        }
    }
    if (!x->stopped && (x->depth || leaf))
        finish_region(x, leaf, start, x->end);
    while (x->depth)
        close_multipart(x, x->end, false);
}

/* Some writers put the report before the first boundary. Such a text becomes part "0"
 * of a mail that has no other text. */
static void add_preamble(struct indexer *x, struct span preamble)
{
    struct message *m = x->m;
    if (is_blank(preamble) || m->part_count == LIMIT_PARTS)
        return;
    for (size_t i = 0; i < m->part_count; i++)
        if (m->parts[i].role == PART_TEXT || m->parts[i].role == PART_HTML)
            return;
    if (!new_part(x))
        return;
    memmove(m->parts + 1, m->parts, (m->part_count - 1) * sizeof *m->parts);
    m->parts[0] = (struct part){.role = PART_TEXT, .path = "0", .type = "text/plain", .depth = 1, .raw = preamble};
}

/* The boundary of a broken multipart, as its body suggests: a "--" line with a Content-
 * field right below it. */
static struct span guess_boundary(const struct indexer *x, struct span body)
{
    const char *p = body.s;
    while (p < x->end) {
        struct span line = fields_take_line(&p, x->end, x->line_end);
        if (line.n < 3 || line.s[0] != '-' || line.s[1] != '-')
            continue;
        if (span_starts_nocase(span_of(p, (size_t)(x->end - p)), "content-"))
            return span_trim(span_of(line.s + 2, line.n - 2));
    }
    return (struct span){0};
}

/* Whether text is only a preamble that says what the mail is: "This is a MIME-encapsulated message." Its length is the
 * same whether lines end with LF or CRLF. */
static bool is_mime_preamble(struct span text)
{
    enum { PREAMBLE_BYTES = 240 };
    text = span_trim(text);
    if (!text.n || text.n > 2 * PREAMBLE_BYTES)
        return !text.n;
    size_t n = text.n;
    for (size_t i = 0; i < text.n; i++)
        n -= text.s[i] == '\r';
    return n <= PREAMBLE_BYTES && span_find(text, "MIME");
}

/* A gateway lost the MIME fields of the header, and the parts are in the text. */
static void guess_multipart(const struct indexer *x, struct entity *e, struct span body)
{
    if (fields_get(&x->m->header, "Content-Type").s || fields_get(&x->m->header, "MIME-Version").s)
        return;
    const struct span boundary = guess_boundary(x, body);
    if (!boundary.n || !is_mime_preamble(span_of(body.s, (size_t)(boundary.s - 2 - body.s))))
        return;
    e->type.type = "multipart/mixed";
    e->type.boundary = boundary;
}

/* Reads the body of the mail itself, which e describes. */
static void read_body(struct indexer *x, struct entity *e, struct span body)
{
    x->m->part_count = 0;
    struct part *leaf = add_entity(x, e, "", body.s);
    read_multiparts(x, body.s, leaf);
}

void message_index(struct message *m, struct span body)
{
    struct multipart open[LIMIT_NESTING];
    struct indexer x = {.m = m, .end = body.s + body.n, .line_end = fields_line_end(m->bytes), .open = open};
    struct entity e;
    open[0] = (struct multipart){0};
    entity_read(m->arena, &m->header, "text/plain", &e, &m->flags);
    guess_multipart(&x, &e, body);
    m->is_multipart = !strncmp(e.type.type, "multipart/", 10);
    m->report_type = e.type.report_type;
    read_body(&x, &e, body);
    /* If it has no part, it is the mail's own boundary that never occurred. */
    if (m->is_multipart && !open[0].children && (m->flags & MESSAGE_BROKEN_MULTIPART)) {
        e.type.boundary = guess_boundary(&x, body);
        if (e.type.boundary.n)
            read_body(&x, &e, body);
    }
    if (!m->part_count)
        new_part(&x)->raw = body;
    if (m->is_multipart && open[0].preamble.n)
        add_preamble(&x, open[0].preamble);
}
