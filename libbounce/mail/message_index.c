/* SPDX-License-Identifier: MIT */
/*
 * message_index.c - the structure of a mail in one pass over its "--" lines.
 *
 * What comes in: a header, and the body below it. What goes out: the leaves in
 * order, as spans of the mail (RFC 2046 5.1). A returned message is a leaf:
 * its bytes are searched for the boundaries of the multiparts around it and
 * for nothing else. Broken multiparts give what is there: one that never ends
 * ends where one around it goes on; one without a boundary, or whose boundary
 * never shows, is one text. The caps of base/limits.h bound the work: each "--"
 * line is compared with at most LIMIT_NESTING boundaries.
 *
 * Leaves are those that GMime 3.2.13 finds, with the differences that
 * tests/unit/test_message_gmime.c lists; it is not asked because its parse of
 * a whole mail costs ten times as much, without a bound on memory.
 */
#include "mail/message_index.h"

#include "base/limits.h"

#include <string.h>

/* An open multipart. */
struct level {
    struct span boundary;
    const char *path;
    const char *encoding;
    const char *body; /* where its body begins */
    struct span preamble;
    unsigned children;
    bool in_alternative, is_digest;
};

struct index {
    struct message *m;
    const char *end;
    char line_end;
    struct level *levels; /* LIMIT_NESTING */
    size_t depth;
    size_t boundary_lines;
    size_t capacity;
    bool stopped; /* at the cap of parts */
};

struct delimiter {
    size_t level;
    bool closing;
    const char *line, *next; /* its line, and the one behind it */
};

/* ------------------------------------------------------------------ lines */

static const char *next_line(const struct index *x, const char *p)
{
    p = memchr(p, x->line_end, (size_t)(x->end - p));
    if (!p)
        return x->end;
    p++;
    return x->line_end == '\r' && p < x->end && *p == '\n' ? p + 1 : p;
}

static bool starts_dashes(const struct index *x, const char *p)
{
    return x->end - p >= 2 && p[0] == '-' && p[1] == '-';
}

/* Is this "--" line a delimiter of an open multipart? The innermost wins. */
static bool match_delimiter(const struct index *x, const char *p, struct delimiter *d)
{
    d->line = p;
    d->next = next_line(x, p);
    p += 2;
    size_t n = (size_t)(d->next - p);
    while (n && ascii_is_space(p[n - 1]))
        n--;
    for (size_t i = x->depth; i-- > 0;) {
        struct span b = x->levels[i].boundary;
        if ((n != b.n && n != b.n + 2) || memcmp(p, b.s, b.n) != 0)
            continue;
        if (n == b.n || (p[n - 2] == '-' && p[n - 1] == '-')) {
            d->level = i;
            d->closing = n > b.n;
            return true;
        }
    }
    return false;
}

/* The next line that begins with "--", behind p, which starts another one. */
static const char *next_dashes(const struct index *x, const char *p)
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

/* The next delimiter at or behind p, which starts a line. */
static bool find_delimiter(struct index *x, const char *p, bool counted, struct delimiter *d)
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

/* The line end before a delimiter belongs to it (RFC 2046 5.1.1). */
static struct span region(const char *start, const char *stop)
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

/* Room for one more part, at the end; NULL at the cap. */
static struct part *new_part(struct index *x)
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

static bool in_alternative(const struct index *x)
{
    return x->depth && x->levels[x->depth - 1].in_alternative;
}

/* A leaf; its raw bytes are known when the next delimiter is. */
static struct part *add_leaf(struct index *x, const struct entity *e, const char *path)
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

/* ----------------------------------------------------------- nested levels */

/* Opens a multipart if that is what it is; else adds the leaf (*leaf may be
 * NULL at the cap). */
static void enter_entity(struct index *x, const struct entity *e, const char *path, const char *body,
                         struct part **leaf)
{
    const char *type = e->type.type;
    *leaf = NULL;
    bool multipart = !strncmp(type, "multipart/", 10);
    if (multipart && !x->m->report_type && !strcmp(type, "multipart/report"))
        x->m->report_type = e->type.report_type;
    if (multipart && e->type.boundary.n && x->depth < LIMIT_NESTING) {
        x->levels[x->depth] = (struct level){
            .boundary = e->type.boundary,
            .path = path,
            .encoding = e->encoding,
            .body = body,
            .in_alternative = in_alternative(x) || !strcmp(type, "multipart/alternative"),
            .is_digest = !strcmp(type, "multipart/digest"),
        };
        x->depth++;
        return;
    }
    *leaf = add_leaf(x, e, path);
    if (!multipart)
        return;
    if (e->type.boundary.n) {
        x->m->flags |= MESSAGE_TOO_DEEP;
    } else {
        x->m->flags |= MESSAGE_BROKEN_MULTIPART;
        if (*leaf) {
            (*leaf)->role = PART_TEXT;
            (*leaf)->type = "text/plain";
        }
    }
}

static bool is_blank(struct span s)
{
    return span_trim(s).n == 0;
}

/* Leaves the innermost multipart. If no part was in it, its body is a text. */
static void leave_level(struct index *x, const char *stop, bool closed)
{
    struct level *l = &x->levels[--x->depth];
    if (l->children)
        return;
    struct span body = region(l->body, stop);
    if (!closed)
        x->m->flags |= MESSAGE_BROKEN_MULTIPART;
    else if (is_blank(body))
        return;
    struct part *p = x->stopped ? NULL : new_part(x);
    if (!p)
        return;
    p->path = l->path;
    p->encoding = l->encoding;
    p->depth = (int)x->depth;
    p->in_alternative = in_alternative(x);
    p->raw = stop == x->end ? span_of(l->body, (size_t)(stop - l->body)) : body;
}

/* Where the header of a part ends: at a blank line, or at a delimiter. */
static const char *header_end(const struct index *x, const char *p)
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

/* Reads a part's header; what does not even start like one is body already. */
static const char *read_part_header(struct index *x, const char *p, const char *stop, struct field_group *header)
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

/* The part behind a delimiter of the innermost level; gives where its body
 * begins. Two delimiters in a row, or one at the end, have no part between them. */
static const char *enter_part(struct index *x, const char *start, struct part **leaf)
{
    struct level *l = &x->levels[x->depth - 1];
    struct field_group header;
    struct entity e;
    const char *body = header_end(x, start);
    if (body == start)
        return body;
    body = read_part_header(x, start, body, &header);
    entity_read(x->m->arena, &header, l->is_digest ? "message/rfc822" : "text/plain", &e);
    enter_entity(x, &e, child_path(x->m->arena, l->path, ++l->children), body, leaf);
    return body;
}

/* ------------------------------------------------------------ the whole mail */

/* What stood between the last delimiter and stop. */
static void finish_region(struct index *x, struct part *leaf, const char *start, const char *stop)
{
    if (leaf)
        leaf->raw = stop == x->end ? span_of(start, (size_t)(stop - start)) : region(start, stop);
    else if (x->depth && !x->levels[x->depth - 1].children)
        x->levels[x->depth - 1].preamble = region(start, stop);
}

static void read_levels(struct index *x, const char *start, struct part *leaf)
{
    struct delimiter d;
    while (x->depth && !x->stopped) {
        bool counted = !leaf || leaf->role != PART_ORIGINAL;
        if (!find_delimiter(x, start, counted, &d))
            break;
        finish_region(x, leaf, start, d.line);
        leaf = NULL;
        while (x->depth > d.level + 1)
            leave_level(x, d.line, false);
        if (d.closing) {
            leave_level(x, d.line, true);
            start = d.next;
        } else if (!x->stopped) {
            start = enter_part(x, d.next, &leaf);
        }
    }
    if (!x->stopped && (x->depth || leaf))
        finish_region(x, leaf, start, x->end);
    while (x->depth)
        leave_level(x, x->end, false);
}

/* Some writers put the report in front of the first boundary. Such a text is
 * offered as part "0" of a mail that has no text otherwise. */
static void add_preamble(struct index *x, struct span preamble)
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

/* The boundary of a broken multipart, judged by its body: a "--" line with a
 * Content- field right below it. */
static struct span guess_boundary(const struct index *x, struct span body)
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

/* Reads the body below the mail's own header. */
static void read_body(struct index *x, struct entity *e, struct span body)
{
    struct part *leaf;
    x->m->part_count = 0;
    enter_entity(x, e, "", body.s, &leaf);
    read_levels(x, body.s, leaf);
}

void message_index(struct message *m, struct span body)
{
    struct level levels[LIMIT_NESTING];
    struct index x = {.m = m, .end = body.s + body.n, .line_end = fields_line_end(m->bytes), .levels = levels};
    struct entity e;
    levels[0] = (struct level){0};
    entity_read(m->arena, &m->header, "text/plain", &e);
    m->content_type = e.type.type;
    m->is_multipart = !strncmp(e.type.type, "multipart/", 10);
    m->report_type = e.type.report_type;
    read_body(&x, &e, body);
    /* Without a part, it is the mail itself whose boundary never showed. */
    if (m->is_multipart && !levels[0].children && (m->flags & MESSAGE_BROKEN_MULTIPART)) {
        e.type.boundary = guess_boundary(&x, body);
        if (e.type.boundary.n)
            read_body(&x, &e, body);
    }
    if (!m->part_count)
        new_part(&x)->raw = body;
    if (m->is_multipart && levels[0].preamble.n)
        add_preamble(&x, levels[0].preamble);
}
