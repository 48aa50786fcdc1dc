/* SPDX-License-Identifier: MIT */
/*
 * headings.c - lists of recipients under headings of their own.
 *
 * In: the blocks of a report, in the order of their lines. Out: which lines
 * are above each as a heading: "The following recipients are unknown:",
 * "Over quota:". It is about the names below it, not about the list above.
 * Also: where a list ends, and a session about all of it begins. Refused:
 * lines in which no rule finds a reason.
 */
#include "reading/headings.h"
#include "base/limits.h"
#include "match/word_lists.h"
#include "reading/lines.h"
#include "reading/paragraphs.h"

enum { HEADING_LINES = 3 };

static bool is_indented(const struct text_line *l)
{
    return l->s.n && ascii_is_space(l->s.s[0]);
}

/* Whether line i can continue a heading, or begin it. */
static bool can_be_heading(const struct reading *rd, size_t i)
{
    return !rd->lines[i].blank && !rd->lines[i].boilerplate && !rd->lines[i].has_at;
}

/* The lines of a heading right above line i, and not above `limit`; first == last: none. */
static struct line_range lines_above(const struct reading *rd, size_t i, size_t limit)
{
    size_t last = i;
    while (last > limit && rd->lines[last - 1].blank)
        last--;
    size_t first = last;
    while (first > limit && last - first < HEADING_LINES && can_be_heading(rd, first - 1))
        first--;
    if (first == last || rd->lines[last - 1].trimmed.s[rd->lines[last - 1].trimmed.n - 1] != ':')
        first = last;
    return (struct line_range){first, last};
}

/* A blank line, or less indentation, tells a heading from what is said about the recipient above it. */
static bool stands_apart(const struct reading *rd, const struct line_range *h, const struct block *above)
{
    if (!above || h->first > above->body)
        return true;
    return is_indented(&rd->lines[above->first]) && !is_indented(&rd->lines[h->first]);
}

static bool reason_in(struct reading *rd, const struct norm_text *norm)
{
    struct searched_text *s = searched_text_new(rd->matcher, rd->scratch, norm);
    struct match_scope scope = {.origin = ORIGIN_BESIDE};
    struct match_hit hit;
    return match_best(rd->matcher, s, &scope, TIER_TOKEN, TIER_VAGUE, BOUNCE_REASON_UNKNOWN, &hit) &&
           hit.rule->reason != BOUNCE_REASON_UNKNOWN;
}

bool headings_reason_in(struct reading *rd, struct span text)
{
    struct norm_text norm;
    text_normalise(rd->scratch, text, LIMIT_SEARCHED_BYTES, &norm);
    return reason_in(rd, &norm);
}

/* Whether a rule finds a reason in the heading. "Not delivered to:" gives none. *some_of: it is true of one of those
 * below it, and nobody can tell which. */
static bool says_why(struct reading *rd, const struct line_range *h, bool *some_of)
{
    struct norm_text norm;
    text_normalise(rd->scratch, paragraphs_text(rd, h->first, h->last)->raw, LIMIT_SEARCHED_BYTES, &norm);
    *some_of = word_search(rd->words->of[WORDS_SOME_OF], span_of(norm.folded, norm.folded_length), UINT64_MAX);
    return reason_in(rd, &norm);
}

bool headings_give_reason(struct reading *rd, const struct line_range *lines)
{
    bool some_of;
    return says_why(rd, lines, &some_of);
}

void headings_find(struct reading *rd, struct block *blocks, size_t count)
{
    for (size_t k = 0; count > 1 && k < count; k++) {
        struct block *above = k ? &blocks[k - 1] : NULL;
        const struct line_range h = lines_above(rd, blocks[k].first, above ? above->body : rd->region_first);
        bool some_of = false;
        const bool is = h.first < h.last && stands_apart(rd, &h, above) && says_why(rd, &h, &some_of);
        blocks[k].heading = some_of ? (struct line_range){0, 0}
                            : is    ? h
                            : above ? above->heading
                                    : (struct line_range){0, 0};
        if (is && above && above->last > h.first)
            above->last = h.first;
    }
}

/* "----- Transcript of session follows -----", "Transcript of session:". */
static bool begins_section(const struct reading *rd, size_t i)
{
    enum { SHORTEST = 8 };
    const struct span t = rd->lines[i].trimmed;
    return t.n > SHORTEST && rd->lines[i - 1].blank &&
           (span_starts_nocase(t, "---") ||
            (t.s[t.n - 1] == ':' && word_at_start(rd->words->of[WORDS_SESSION_FOLLOWS], t)));
}

size_t headings_section_end(const struct reading *rd, size_t i, size_t last)
{
    for (i++; i < last; i++)
        if (begins_section(rd, i))
            return i;
    return last;
}
