/* SPDX-License-Identifier: MIT */
/*
 * clauses.c - a line that tells of several recipients, of each something else.
 *
 * In: a line of a report that names several recipients. Out: the clause about one of
 * them. It ends between two addresses, at the last full stop, semicolon, comma or
 * "and" that has words in front. Refused: lists of addresses, and lines in which
 * a clause gives no reason: what they say is said of all.
 */
#include "reading/clauses.h"
#include "base/limits.h"
#include "reading/headings.h"
#include "reading/mentions.h"

#include <string.h>

enum { CLAUSES_MAX = 8 };

struct clauses {
    size_t count, begin[CLAUSES_MAX], end[CLAUSES_MAX]; /* in the line */
    size_t id[CLAUSES_MAX];
};

/* Where the first letter or digit is; t.n: nowhere. */
static size_t first_letter(struct span t)
{
    size_t i = 0;
    while (i < t.n && !ascii_is_alnum(t.s[i]) && (unsigned char)t.s[i] < 0x80)
        i++;
    return i;
}

/* Where the clause ends that begins in front of the address that ends at `from`; the next one begins at `to`. 0: it
 * does not end there. */
static size_t boundary(struct span line, size_t from, size_t to)
{
    static const struct span marks[] = {SPAN(". "), SPAN("; "),    SPAN("), "),  SPAN(") "),
                                        SPAN(", "), SPAN(" and "), SPAN(" but ")};
    const struct span between = span_of(line.s + from, to > from ? to - from : 0);
    const size_t words = first_letter(between);
    for (size_t k = 0; k < COUNT(marks); k++)
        for (size_t i = between.n > marks[k].n ? between.n - marks[k].n : 0; i > words; i--)
            if (!memcmp(between.s + i, marks[k].s, marks[k].n))
                return from + i + 1;
    return 0;
}

/* False if the line is not made of such clauses. */
static bool find_clauses(struct reading *rd, const unsigned char *has_block, size_t i, struct clauses *c)
{
    const struct span line = rd->lines[i].s;
    size_t count, last_end = 0;
    const struct mention *m = mentions_of_line(rd, i, &count);
    c->count = 0;
    for (size_t k = 0; k < count; k++) {
        if (!has_block[m[k].id])
            continue;
        if (c->count == CLAUSES_MAX)
            return false;
        const size_t cut = c->count ? boundary(line, last_end, m[k].found.start) : 0;
        if (c->count && !cut)
            return false;
        if (c->count)
            c->end[c->count - 1] = cut;
        c->begin[c->count] = cut;
        c->id[c->count] = m[k].id;
        c->end[c->count++] = line.n;
        last_end = m[k].found.end;
    }
    return c->count > 1;
}

/* Clause k; the last one goes on in the lines below. */
static struct span text_of_clause(struct reading *rd, const struct block *block, const struct clauses *c, size_t k)
{
    const struct span line = rd->lines[block->first].s;
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    strbuf_add(&b, line.s + c->begin[k], c->end[k] - c->begin[k]);
    for (size_t i = block->first + 1; k + 1 == c->count && i < rd->region_last && b.n < LIMIT_SEARCHED_BYTES; i++) {
        if (rd->lines[i].blank || rd->lines[i].has_at || rd->lines[i].boilerplate)
            break;
        strbuf_putc(&b, ' ');
        strbuf_add(&b, rd->lines[i].trimmed.s, rd->lines[i].trimmed.n);
    }
    return span_trim(span_of(b.s, b.n));
}

struct span clause_of_block(struct reading *rd, const unsigned char *has_block, const struct block *block)
{
    struct clauses c;
    struct span mine = span_of(NULL, 0);
    const size_t id = mentions_find(rd, block->address);
    if (id == MENTIONS_NONE || !rd->lines[block->first].has_at || !find_clauses(rd, has_block, block->first, &c))
        return mine;
    for (size_t k = 0; k < c.count; k++) {
        const struct span text = text_of_clause(rd, block, &c, k);
        if (!headings_reason_in(rd, text))
            return span_of(NULL, 0);
        if (c.id[k] == id)
            mine = text;
    }
    return mine;
}
