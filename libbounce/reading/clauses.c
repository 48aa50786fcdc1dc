/* SPDX-License-Identifier: MIT */
/*
 * clauses.c - a line that says something different about each of several recipients.
 *
 * In: a line of a report that names several recipients. Out: the clause about one of
 * them. It ends between two addresses, at the last full stop, semicolon, bracket or comma
 * with words before it, else at such a word (`words clause-join`). Refused: lists of addresses, and lines in which
 * a clause gives no reason: what they say is about all.
 */
#include "reading/clauses.h"
#include "base/limits.h"
#include "reading/headings.h"
#include "reading/mentions.h"

#include <string.h>

/* Where the first letter or digit is; t.n: nowhere. */
static size_t first_letter(struct span t)
{
    size_t i = 0;
    while (i < t.n && !ascii_is_alnum(t.s[i]) && (unsigned char)t.s[i] < 0x80)
        i++;
    return i;
}

/* The last place of the mark after `words`; 0: nowhere. */
static size_t last_place(struct span t, struct span mark, size_t words)
{
    for (size_t i = t.n > mark.n ? t.n - mark.n : 0; i > words; i--)
        if (span_starts_with(span_of(t.s + i, t.n - i), mark))
            return i;
    return 0;
}

/* The last place after `words` where one of these words is between spaces; 0: nowhere. */
static size_t last_join(const struct search_word *joins, struct span t, size_t words)
{
    for (size_t i = t.n; i-- > words + 1;) {
        const struct search_word *w = t.s[i - 1] == ' ' ? word_at_start(joins, span_of(t.s + i, t.n - i)) : NULL;
        for (; w; w = word_at_start(w + 1, span_of(t.s + i, t.n - i)))
            if (i + w->text.n < t.n && t.s[i + w->text.n] == ' ')
                return i;
    }
    return 0;
}

/* Where the clause of the address that ends at `from` ends, before the next address, which begins at `to`. 0: it
 * does not end there. */
static size_t boundary(const struct reading *rd, struct span line, size_t from, size_t to)
{
    static const struct span marks[] = {SPAN(". "), SPAN("; "), SPAN("), "), SPAN(") "), SPAN(", ")};
    const struct span between = span_of(line.s + from, to > from ? to - from : 0);
    const size_t words = first_letter(between);
    size_t i = 0;
    for (size_t k = 0; k < COUNT(marks) && !i; k++)
        if ((i = last_place(between, marks[k], words)))
            i++;
    i = i ? i : last_join(rd->words->of[WORDS_CLAUSE_JOIN], between, words);
    return i ? from + i : 0;
}

/* The last clause of a line with the lines below that continue it. */
static struct span with_rest(struct reading *rd, size_t line, struct span clause)
{
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    strbuf_add(&b, clause.s, clause.n);
    for (size_t i = line + 1; i < rd->region_last && b.n < LIMIT_SEARCHED_BYTES; i++) {
        if (rd->lines[i].blank || rd->lines[i].has_at || rd->lines[i].boilerplate)
            break;
        strbuf_putc(&b, ' ');
        strbuf_add(&b, rd->lines[i].trimmed.s, rd->lines[i].trimmed.n);
    }
    return span_of(b.s, b.n);
}

/* Adds the clauses of the line that name recipients; none if it does not consist of such clauses. */
static void find_clauses(struct reading *rd, const unsigned char *has_block, struct line_clauses *c)
{
    const struct span line = rd->lines[c->line].s;
    size_t count, begin = 0, last_end = 0;
    const struct mention *m = mentions_of_line(rd, c->line, &count);
    for (size_t k = 0; k < count; k++) {
        if (!has_block[m[k].id])
            continue;
        const size_t cut = c->count ? boundary(rd, line, last_end, m[k].found.start) : 0;
        if (c->count == CLAUSES_MAX || (c->count && !cut)) {
            c->count = 0;
            return;
        }
        if (c->count)
            c->text[c->count - 1].n = cut - begin;
        begin = cut;
        c->id[c->count] = m[k].id;
        c->text[c->count++] = span_of(line.s + begin, line.n - begin);
        last_end = m[k].found.end;
    }
}

static void read_line(struct reading *rd, const unsigned char *has_block, size_t line, struct line_clauses *c)
{
    *c = (struct line_clauses){.line = line};
    find_clauses(rd, has_block, c);
    if (c->count > 1)
        c->text[c->count - 1] = with_rest(rd, line, c->text[c->count - 1]);
    for (size_t k = 0; k < c->count; k++) {
        c->text[k] = span_trim(c->text[k]);
        if (c->count == 1 || !headings_reason_in(rd, c->text[k]))
            c->count = 0;
    }
}

struct span clause_of_block(struct reading *rd, const unsigned char *has_block, const struct block *block,
                            struct line_clauses *last)
{
    struct span mine = span_of(NULL, 0);
    const size_t id = mentions_find(rd, block->address);
    if (id == MENTIONS_NONE || !rd->lines[block->first].has_at)
        return mine;
    if (last->line != block->first)
        read_line(rd, has_block, block->first, last);
    for (size_t k = 0; k < last->count; k++)
        if (last->id[k] == id)
            mine = last->text[k];
    return mine;
}
