/* SPDX-License-Identifier: MIT */
/* searched_text.h - the rules that may match a text. Private to match/. */
#ifndef BOUNCE_MATCH_SEARCHED_TEXT_H
#define BOUNCE_MATCH_SEARCHED_TEXT_H

#include "match/row.h"
#include "text/mask.h"

enum { ANYWHERE = -1, NOWHERE = -2 };

/* A literal that was found, of a phrase or of the needs of a rule. A phrase is searched only once. */
struct pattern_hit {
    uint64_t key;   /* place of the rule, then number of the pattern in it; its needs come after its patterns */
    uint32_t start; /* NOWHERE: the phrase is not there; else, while end is 0, where its literal is in the folded text,
                       if that is the whole phrase, or ANYWHERE; then where the phrase is in the text */
    uint32_t end;   /* of the phrase in the text; 0: not looked for yet */
};

static inline uint32_t hit_place(const struct pattern_hit *hit)
{
    return (uint32_t)(hit->key >> 32);
}

static inline uint32_t hit_number(const struct pattern_hit *hit)
{
    return (uint32_t)hit->key;
}

/* A literal that was found, for patterns that do not make a candidate by themselves: expressions, and exceptions. A
 * literal is listed again only if its surroundings exclude other owners. */
struct found_literal {
    uint32_t literal;
    uint16_t layer;
    uint16_t offence; /* of OWNER_OFFENCES and OWNER_FACES: owners with one of these flags do not have it here */
    uint16_t flags;   /* of all its owners */
};

enum candidate_state { NOT_TRIED = 0, NO_MATCH, MATCHES };
struct rule_candidate {
    uint32_t place;        /* in the order of the set: see ruleset_at() */
    uint32_t first, count; /* its hits */
    uint8_t state;         /* enum candidate_state */
    struct match_range found;
};

struct searched_text {
    const struct norm_text *text;
    uint64_t account;             /* what expressions may still cost in it, in steps */
    struct masked_text masked;    /* nothing is masked if no rule needs it */
    struct text_classes *classes; /* by layer, in the version of the text that its rows see */
    struct arena *arena;          /* of the masked version and the classes */
    struct pattern_hit *hits;     /* by key */
    const struct found_literal *literals;
    size_t literal_count;
    struct rule_candidate *candidates; /* by place */
    size_t count;
};

#endif
