/* SPDX-License-Identifier: MIT */
/*
 * cutter.c - see cutter.h.
 *
 * In: bytes of JSON, in pieces of any size. Out: its top-level objects, unchanged: jansson checks whether they are JSON
 * inside. Refused: objects that are longer or deeper than is read, unfinished ones, and values that are not objects.
 */
#include "events/cutter.h"

#include "base/limits.h"

#include <glib.h>

enum { FIRST_BYTES = 65536, OTHER_BYTES = 4096 };

void cutter_begin(struct cutter *c)
{
    *c = (struct cutter){.line = 1};
}

void cutter_free(struct cutter *c)
{
    g_free(c->bytes);
    c->bytes = NULL;
}

/* Forgets what was cut or left out. */
static void drop_front(struct cutter *c)
{
    size_t done = c->depth ? c->start : c->at;
    memmove(c->bytes, c->bytes + done, c->n - done);
    c->n -= done;
    c->at -= done;
    c->start -= c->depth ? done : c->start;
    c->offset += done;
}

void cutter_add(struct cutter *c, const char *bytes, size_t n)
{
    if (c->n)
        drop_front(c);
    if (c->n + n > c->capacity) {
        c->capacity = c->n + n > FIRST_BYTES ? (c->n + n) * 2 : FIRST_BYTES;
        c->bytes = g_realloc(c->bytes, c->capacity);
    }
    if (n)
        memcpy(c->bytes + c->n, bytes, n);
    c->n += n;
}

void cutter_finish(struct cutter *c)
{
    c->finished = true;
}

static void step(struct cutter *c)
{
    c->line_begins = c->bytes[c->at++] == '\n';
    c->line += c->line_begins;
}

static enum cut give(struct cutter *c, struct cut_piece *piece, enum cut what)
{
    *piece = (struct cut_piece){span_of(c->bytes + c->start, c->at - c->start), c->offset + c->start, c->start_line};
    c->whole = what == CUT_DOCUMENT && !c->in_string;
    c->depth = 0;
    c->in_string = c->escaped = false;
    return what;
}

static void open_piece(struct cutter *c)
{
    c->start = c->at;
    c->start_line = c->line;
}

/* Up to the next line that begins with "{". */
static void skip_broken(struct cutter *c)
{
    while (c->at < c->n && c->skipping) {
        if (c->bytes[c->at] == '{' && c->line_begins)
            c->skipping = false;
        else
            step(c);
    }
}

/* A number, word or string in the place of an object: up to the next separator. */
static enum cut cut_other(struct cutter *c, struct cut_piece *piece)
{
    size_t end = c->at + 1;
    while (end < c->n && end - c->at < OTHER_BYTES && (!c->bytes[end] || !strchr(",\n[]{", c->bytes[end])))
        end++;
    if (end == c->n && end - c->at < OTHER_BYTES && !c->finished)
        return CUT_MORE;
    open_piece(c);
    while (c->at < end)
        step(c);
    return give(c, piece, CUT_NO_OBJECT);
}

/* White space, commas, the byte order mark, and the separator of RFC 7464. */
static bool is_between(char b)
{
    return b && strchr(" \t\r\n,\xef\xbb\xbf\x1e", b);
}

/* Between documents. CUT_MORE: one begins here, or nothing is left. */
static enum cut cut_between(struct cutter *c, struct cut_piece *piece)
{
    while (c->at < c->n) {
        char b = c->bytes[c->at];
        if (b == '{') {
            open_piece(c);
            c->depth = 1;
            step(c);
            return CUT_MORE;
        }
        if (b == '[' && c->arrays++ >= LIMIT_EVENT_WRAPS && !c->deep) {
            open_piece(c);
            c->deep = true;
            step(c);
            return give(c, piece, CUT_TOO_DEEP);
        }
        if (b == ']' && c->arrays)
            c->arrays--;
        else if (b != '[' && !is_between(b))
            return cut_other(c, piece);
        step(c);
    }
    return CUT_MORE;
}

/* One byte of a document. */
static void take_byte(struct cutter *c, char b)
{
    if (c->escaped)
        c->escaped = false;
    else if (c->in_string && b == '\\')
        c->escaped = true;
    else if (b == '"')
        c->in_string = !c->in_string;
    else if (!c->in_string && (b == '{' || b == '['))
        c->depth++;
    else if (!c->in_string && (b == '}' || b == ']'))
        c->depth--;
}

static enum cut cut_document(struct cutter *c, struct cut_piece *piece)
{
    while (c->at < c->n) {
        char b = c->bytes[c->at];
        if (c->in_string && b == '\n') /* not JSON: the line has no end */
            return give(c, piece, CUT_DOCUMENT);
        take_byte(c, b);
        step(c);
        if (c->depth > LIMIT_EVENT_DEPTH || c->at - c->start > LIMIT_EVENT_BYTES) {
            c->skipping = true;
            return give(c, piece, c->depth > LIMIT_EVENT_DEPTH ? CUT_TOO_DEEP : CUT_TOO_LONG);
        }
        if (!c->depth)
            return give(c, piece, CUT_DOCUMENT);
    }
    return CUT_MORE;
}

/* The input ended. */
static enum cut cut_end(struct cutter *c, struct cut_piece *piece)
{
    if (c->depth || (c->arrays && !c->deep)) {
        if (!c->depth)
            open_piece(c);
        c->arrays = 0;
        return give(c, piece, CUT_UNFINISHED);
    }
    char *bytes = c->bytes;
    size_t capacity = c->capacity;
    cutter_begin(c);
    c->bytes = bytes;
    c->capacity = capacity;
    return CUT_END;
}

enum cut cutter_next(struct cutter *c, struct cut_piece *piece)
{
    enum cut cut = CUT_MORE;
    skip_broken(c);
    if (!c->depth)
        cut = cut_between(c, piece);
    if (cut == CUT_MORE && c->depth)
        cut = cut_document(c, piece);
    return cut == CUT_MORE && c->finished ? cut_end(c, piece) : cut;
}

void cutter_retry(struct cutter *c)
{
    struct span rest = span_of(c->bytes + c->start, c->at - c->start);
    const char *next = span_find(rest, "\n{");
    if (next) {
        c->at = c->start;
        c->line = c->start_line;
        while (c->bytes + c->at <= next)
            step(c);
        c->skipping = false;
    } else if (!c->whole) {
        c->skipping = true;
    }
}
