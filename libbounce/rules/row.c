/* SPDX-License-Identifier: MIT */
/*
 * row.c - the phrases of format 2, as rows of literals and classes.
 *
 * What comes in: the value of a keyword. What goes out: the elements of the row,
 * each with its link to the one before it; classes by name, for classes.c to find.
 * Refused, with an error: a '{' without a class, a class that may be missing at
 * either end, a gap at either end, too many elements, and a literal of which
 * nothing can be searched.
 */
#include "rules/row.h"
#include "base/limits.h"
#include "rules/arrays.h"
#include "text/normal.h"

enum { LITERAL_BYTES_MIN = 3 };

struct row_reader {
    struct reader *r;
    struct span rest;
    enum row_link link; /* between the previous element and the next one */
    struct parsed_element elements[LIMIT_PHRASE_SEGMENTS];
    size_t count;
};

/* ------------------------------------------------------------- elements */

static bool is_name_char(char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
}

struct span row_class_name(struct reader *r, struct span *rest)
{
    size_t n = 1;
    while (n < rest->n && is_name_char(rest->s[n]))
        n++;
    if (n == 1 || n == rest->n || rest->s[n] != '}') {
        reader_error(r, rest->s, "\"{\" begins the name of a class of words, as in {name}");
        return span_of(NULL, 0);
    }
    struct span name = span_of(rest->s + 1, n - 1);
    *rest = span_of(rest->s + n + 1, rest->n - n - 1);
    return name;
}

/* A '*' alone, not one of several. */
static bool has_star(struct span s, size_t at, size_t inside)
{
    return s.n > 1 && s.s[at] == '*' && s.s[inside] != '*' && !ascii_is_space(s.s[inside]);
}

const char *row_literal(struct reader *r, struct span value, bool *open_start, bool *open_end)
{
    struct span text = value;
    if ((*open_start = has_star(text, 0, 1)))
        text = span_of(text.s + 1, text.n - 1);
    if ((*open_end = has_star(text, text.n - 1, text.n - 2)))
        text.n--;
    const char *folded = text_fold(r->out->arena, text);
    if (*folded)
        return folded;
    reader_error(r, value.s, "nothing of this part of the phrase can be searched");
    return NULL;
}

static struct parsed_element *add_element(struct row_reader *row)
{
    if (row->count == LIMIT_PHRASE_SEGMENTS) {
        reader_error(row->r, row->rest.s, "a phrase may have at most %d elements", LIMIT_PHRASE_SEGMENTS);
        return NULL;
    }
    struct parsed_element *e = &row->elements[row->count];
    *e = (struct parsed_element){.link = row->count ? row->link : LINK_TOUCH,
                                 .place = reader_place(row->r, row->rest.s)};
    row->count++;
    row->link = LINK_TOUCH;
    return e;
}

static bool read_class(struct row_reader *row)
{
    struct parsed_element *e = add_element(row);
    if (!e)
        return false;
    struct span name = row_class_name(row->r, &row->rest);
    if (!name.s)
        return false;
    e->class_name = reader_copy(row->r, name);
    e->optional = row->rest.n && row->rest.s[0] == '?';
    if (e->optional)
        row->rest = span_of(row->rest.s + 1, row->rest.n - 1);
    return true;
}

/* The link that begins at a space, or TOUCH; *n: its bytes. */
static enum row_link link_at(struct span s, size_t at, size_t *n)
{
    size_t dots = at, end;
    while (dots < s.n && ascii_is_space(s.s[dots]))
        dots++;
    for (end = dots; end < s.n && s.s[end] == '.';)
        end++;
    bool is_gap = end < s.n && ascii_is_space(s.s[end]) && dots > at;
    enum row_link link = dots > at ? LINK_SPACE : LINK_TOUCH;
    if (is_gap && (end - dots == 2 || end - dots == 3)) {
        link = end - dots == 2 ? LINK_SENTENCE : LINK_GAP;
        for (dots = end; dots < s.n && ascii_is_space(s.s[dots]);)
            dots++;
    }
    *n = dots - at;
    return link;
}

/* Bytes of the literal at the front: up to a class or a gap. */
static size_t literal_bytes(struct span s)
{
    for (size_t i = 0, n; i < s.n; i += n ? n : 1) {
        enum row_link link = link_at(s, i, &n);
        if (s.s[i] == '{' || link > LINK_SPACE || (link == LINK_SPACE && i + n < s.n && s.s[i + n] == '{'))
            return i;
    }
    return s.n;
}

static bool read_literal(struct row_reader *row)
{
    struct parsed_element *e = add_element(row);
    if (!e)
        return false;
    size_t n = literal_bytes(row->rest);
    e->text = row_literal(row->r, span_of(row->rest.s, n), &e->open_start, &e->open_end);
    row->rest = span_of(row->rest.s + n, row->rest.n - n);
    return e->text != NULL;
}

static bool read_element(struct row_reader *row)
{
    size_t n;
    bool good = row->rest.s[0] == '{' ? read_class(row) : read_literal(row);
    if (!good)
        return false;
    row->link = link_at(row->rest, 0, &n);
    row->rest = span_of(row->rest.s + n, row->rest.n - n);
    return true;
}

/* ------------------------------------------------------------------ rows */

static bool check_row(struct row_reader *row, struct span value)
{
    const struct parsed_element *last = &row->elements[row->count - 1];
    if (row->elements[0].optional || last->optional) {
        reader_error(row->r, value.s, "the first and the last element of a phrase cannot be optional");
        return false;
    }
    return true;
}

static void keep_row(struct row_reader *row, struct parsed_pattern *out, bool at_start, bool at_end)
{
    struct parsed_row *kept = arena_calloc(row->r->out->arena, 1, sizeof *kept);
    kept->elements = array_copy(row->r->out->arena, row->elements, row->count * sizeof *row->elements);
    kept->count = row->count;
    kept->at_start = at_start;
    kept->at_end = at_end;
    kept->language = row->r->language;
    kept->of_dialect = row->r->entry->kind == ENTRY_DIALECT || row->r->entry->kind == ENTRY_SIGN;
    kept->next = row->r->out->rows;
    row->r->out->rows = kept;
    out->row = kept;
}

/* A phrase of one literal is found faster than a row. */
static bool keep_literal(struct row_reader *row, struct span value, struct parsed_pattern *out)
{
    const struct parsed_element *e = &row->elements[0];
    if (strlen(e->text) < LITERAL_BYTES_MIN) {
        reader_error(row->r, value.s, "a phrase needs a part of at least %d bytes", LITERAL_BYTES_MIN);
        return false;
    }
    out->segments = array_copy(row->r->out->arena, &e->text, sizeof e->text);
    out->segment_count = 1;
    out->open_start = e->open_start;
    out->open_end = e->open_end;
    return true;
}

bool row_read(struct reader *r, struct span value, struct parsed_pattern *out)
{
    struct row_reader row = {.r = r, .rest = value};
    bool at_start = value.n > 1 && value.s[0] == '^', at_end = value.n > 1 && value.s[value.n - 1] == '$';
    row.rest = span_trim(span_of(value.s + at_start, value.n - at_start - at_end));
    out->whole_words = true;
    while (row.rest.n)
        if (!read_element(&row))
            return false;
    if (!row.count) {
        reader_error(r, value.s, "nothing of this part of the phrase can be searched");
        return false;
    }
    if (row.count == 1 && row.elements[0].text && !at_start && !at_end)
        return keep_literal(&row, value, out);
    if (!check_row(&row, value))
        return false;
    keep_row(&row, out, at_start, at_end);
    return true;
}
