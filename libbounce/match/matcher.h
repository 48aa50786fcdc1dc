/* SPDX-License-Identifier: MIT */
/*
 * matcher.h - one thread's scratch memory, and patterns in texts. Private to match/.
 */
#ifndef BOUNCE_MATCH_MATCHER_H
#define BOUNCE_MATCH_MATCHER_H

#include "match/match.h"
#include "match/row.h"
#include "text/mask.h"

struct matcher {
    bounce_rules *rules;
    bool jit, prefilter;
    struct match_undecided undecided; /* see matcher_undecided() */
    uint64_t text_steps;              /* what a text may cost at most */
    uint64_t *account;                /* of the current text: what it may still cost */
    struct span line_at_hand; /* the last one that match_pattern() searched for an expression, and its account */
    uint64_t line_account;
    struct regex_engine *engine;
    struct phrase_scratch phrases;
    struct arena rows;    /* of one search for a row */
    struct arena classes; /* of texts that are searched for a row once */
    struct arena scratch; /* holds line and line_norm */
    struct span line;     /* the last one that match_pattern() has folded; s NULL before the first */
    struct norm_text line_norm;
    const struct layer **layers; /* of rules */
    size_t layer_count;
    uint64_t *literals_seen; /* by literal of a layer: one bit for each kind of place; all 0 between calls */
};

/* Matches an expression, at the cost of m->account. If that is not enough, the id at `owner`, of a
 * rule or dialect, is noted for matcher_undecided(). found and captures may be NULL. */
bool matcher_regex(struct matcher *m, size_t layer, const struct pattern *p, string_at owner, struct span text,
                   struct span *found, struct match_captures *captures);
/* Matches a pattern in a text in normal form. *found is in text->text. classes:
 * those of the layer and the text; NULL: made for this call. */
bool matcher_pattern(struct matcher *m, size_t layer, const struct pattern *p, string_at owner,
                     const struct norm_text *text, struct text_classes *classes, struct match_range *found);
/* Likewise, in a part of the text, given by places in text->folded. */
bool matcher_pattern_within(struct matcher *m, size_t layer, const struct pattern *p, string_at owner,
                            const struct norm_text *text, struct text_classes *classes, struct match_range within,
                            struct match_range *found);
/* Widens a match in the masked version of a text, which has an x for each byte of a masked letter, so that it splits no
 * character of the text. */
void matcher_whole_characters(const struct norm_text *text, struct match_range *found);
/* Finds a token, which is a phrase, inside one of the masked spans of a text, but not in the name of a host that the
 * mail passed through anyway. */
bool matcher_token(struct matcher *m, const struct layer *layer, const struct pattern *p, const struct norm_text *text,
                   const struct mask_span *spans, size_t count, struct match_range *found);
/* The place in text->text of a place in text->folded. */
static inline size_t matcher_unfold(const struct norm_text *text, size_t folded_offset)
{
    return text->map ? text->map[folded_offset] : folded_offset;
}
/* The same for the end of a match. If it is inside what one character was folded to ("ss"), that character is part of
 * the match. */
static inline size_t matcher_unfold_end(const struct norm_text *text, size_t folded_offset)
{
    while (text->map && folded_offset && text->map[folded_offset] == text->map[folded_offset - 1])
        folded_offset++;
    return matcher_unfold(text, folded_offset);
}

#endif
