/* SPDX-License-Identifier: MIT */
/*
 * phrase.c - phrases in folded texts.
 *
 * In: a phrase and a folded text. Out: where the phrase is. A phrase of several parts is found part by part: for each
 * part, the places that a chain of the parts before it reaches are kept. Each place is tried once, so the cost is
 * linear in the length of the text. Nothing is refused.
 */
#include "match/phrase.h"
#include "base/limits.h"

#include <glib.h>

struct part {
    struct span literal;
    bool whole_words, open_start, open_end; /* as in struct pattern */
};

static struct part part_of(const struct layer *layer, const struct pattern *p, uint32_t i)
{
    return (struct part){.literal = pattern_segment(layer, p, i),
                         .whole_words = p->whole_words,
                         .open_start = p->open_start && i == 0,
                         .open_end = p->open_end && i + 1 == p->segment_count};
}

/* A part of format 2 consists of whole words; any other must begin or end a word where it begins or ends with an ASCII
 * letter or digit. */
static inline bool at_boundaries(struct span text, const struct part *part, size_t at)
{
    struct span s = part->literal;
    size_t end = at + s.n;
    if (part->whole_words)
        return (part->open_start || word_can_begin(text, at)) && (part->open_end || word_can_end(text, end));
    if (ascii_is_alnum(s.s[0]) && at && is_word_char(text.s[at - 1]))
        return false;
    return part->open_end || !ascii_is_alnum(s.s[s.n - 1]) || end == text.n || !is_word_char(text.s[end]);
}

/* Moves *at to the next place of the part at or after it. */
static inline bool next_place(struct span text, const struct part *part, size_t *at)
{
    const char *s;
    for (; *at <= text.n && (s = span_find_bytes(span_of(text.s + *at, text.n - *at), part->literal)); ++*at) {
        *at = (size_t)(s - text.s);
        if (at_boundaries(text, part, *at))
            return true;
    }
    return false;
}

void phrase_scratch_free(struct phrase_scratch *s)
{
    g_free(s->ends[0]);
    g_free(s->ends[1]);
}

static void keep_chain(struct phrase_scratch *s, int side, size_t n, struct match_range chain)
{
    if (n == s->capacity[side]) {
        s->capacity[side] = n ? n * 2 : 64;
        s->ends[side] = g_renew(struct match_range, s->ends[side], s->capacity[side]);
    }
    s->ends[side][n] = chain;
}

/* Makes one chain for each place of the first part. */
static size_t begin_chains(struct phrase_scratch *s, struct span text, const struct part *part)
{
    size_t n = 0;
    for (size_t at = 0; next_place(text, part, &at); at++)
        keep_chain(s, 0, n++, (struct match_range){at, at + part->literal.n});
    return n;
}

/* Makes one chain for each place of the next part that is at most a gap after a chain of this side; of several such
 * chains, extends the one that ends last. */
static size_t extend_chains(struct phrase_scratch *s, int side, size_t count, struct span text, const struct part *part,
                            bool only_first)
{
    size_t n = 0, next = 0;
    for (size_t at = count ? s->ends[side][0].end : text.n; next_place(text, part, &at); at++) {
        while (next < count && s->ends[side][next].end <= at)
            next++;
        /* ends[next - 1] is the last one that ends at or before this place */
        if (next && at - s->ends[side][next - 1].end <= LIMIT_PHRASE_GAP_BYTES)
            keep_chain(s, !side, n++, (struct match_range){s->ends[side][next - 1].start, at + part->literal.n});
        else if (next == count)
            break;
        if (n && only_first)
            break;
    }
    return n;
}

/* A phrase of several parts. */
static bool find_parts(struct phrase_scratch *scratch, const struct layer *layer, const struct pattern *p,
                       struct span folded, struct match_range *found)
{
    struct part part = part_of(layer, p, 0);
    size_t count = begin_chains(scratch, folded, &part);
    int side = 0;
    for (uint32_t i = 1; i < p->segment_count && count; i++, side = !side) {
        part = part_of(layer, p, i);
        count = extend_chains(scratch, side, count, folded, &part, i + 1 == p->segment_count);
    }
    if (count)
        *found = scratch->ends[side][0];
    return count > 0;
}

bool phrase_find(struct phrase_scratch *scratch, const struct layer *layer, const struct pattern *p, struct span folded,
                 struct match_range *found)
{
    if (p->segment_count > 1)
        return find_parts(scratch, layer, p, folded, found);
    struct part part = part_of(layer, p, 0);
    size_t at = 0;
    if (!next_place(folded, &part, &at))
        return false;
    *found = (struct match_range){at, at + part.literal.n};
    return true;
}
