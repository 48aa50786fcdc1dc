/* SPDX-License-Identifier: MIT */
/*
 * phrase.c - phrases in folded texts.
 *
 * What comes in: the folded parts of a phrase, and a folded text. What goes
 * out: where it stands. A phrase of several parts is found part by part: of
 * each, those places are kept that some chain of the parts before it reaches.
 * Nothing is ever tried twice, so the cost is linear in the text.
 */
#include "base/limits.h"
#include "match/matcher.h"

#include <glib.h>
#include <string.h>

/* The next place of part at or behind *at; *at moves there. */
static inline bool next_place(struct span text, struct span part, bool open_end, size_t *at)
{
    const char *s;
    for (; *at <= text.n && (s = span_find_bytes(span_of(text.s + *at, text.n - *at), part)); ++*at) {
        *at = (size_t)(s - text.s);
        if (at_boundaries(text, part, *at, open_end))
            return true;
    }
    return false;
}

void phrase_scratch_free(struct phrase_scratch *s)
{
    g_free(s->ends[0]);
    g_free(s->ends[1]);
}

static void keep(struct phrase_scratch *s, int side, size_t n, struct chain_end end)
{
    if (n == s->capacity[side]) {
        s->capacity[side] = n ? n * 2 : 64;
        s->ends[side] = g_renew(struct chain_end, s->ends[side], s->capacity[side]);
    }
    s->ends[side][n] = end;
}

/* All places of the first part. */
static size_t begin_chains(struct phrase_scratch *s, struct span text, struct span part)
{
    size_t n = 0;
    for (size_t at = 0; next_place(text, part, false, &at); at++)
        keep(s, 0, n++, (struct chain_end){at, at + part.n});
    return n;
}

/* Those places of the next part that lie at most a gap behind one of the
 * chains of side. Of several such chains the one that ends last is taken. */
static size_t extend_chains(struct phrase_scratch *s, int side, size_t count, struct span text, struct span part,
                            bool open_end, bool only_first)
{
    size_t n = 0, next = 0;
    for (size_t at = count ? s->ends[side][0].end : text.n; next_place(text, part, open_end, &at); at++) {
        while (next < count && s->ends[side][next].end <= at)
            next++;
        /* ends[next - 1] is the last one that ends at or before this place */
        if (next && at - s->ends[side][next - 1].end <= LIMIT_PHRASE_GAP_BYTES)
            keep(s, !side, n++, (struct chain_end){s->ends[side][next - 1].start, at + part.n});
        else if (next == count)
            break;
        if (n && only_first)
            break;
    }
    return n;
}

/* A phrase of several parts. */
static bool find_chain(struct phrase_scratch *scratch, const struct layer *layer, const struct pattern *p,
                       struct span folded, struct chain_end *found)
{
    size_t count = begin_chains(scratch, folded, pattern_segment(layer, p, 0));
    int side = 0;
    for (size_t i = 1; i < p->segment_count && count; i++, side = !side) {
        bool last = i + 1 == p->segment_count;
        count = extend_chains(scratch, side, count, folded, pattern_segment(layer, p, i), last && p->open_end, last);
    }
    if (count)
        *found = scratch->ends[side][0];
    return count > 0;
}

bool phrase_find(struct phrase_scratch *scratch, const struct layer *layer, const struct pattern *p, struct span folded,
                 struct chain_end *found)
{
    if (p->segment_count > 1)
        return find_chain(scratch, layer, p, folded, found);
    struct span part = pattern_segment(layer, p, 0);
    size_t at = 0;
    if (!next_place(folded, part, p->open_end, &at))
        return false;
    *found = (struct chain_end){at, at + part.n};
    return true;
}
