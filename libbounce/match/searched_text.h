/* SPDX-License-Identifier: MIT */
/* searched_text.h - which rules may match a text (searched_text.c), for match.c to try. Private to match*.c. */
#ifndef BOUNCE_MATCH_SEARCHED_TEXT_H
#define BOUNCE_MATCH_SEARCHED_TEXT_H

#include "match/matcher.h"

enum verdict_of_text { NOT_TRIED = 0, NO_MATCH, MATCHES };

struct rule_candidate {
    uint32_t place;        /* in the order over all layers */
    uint32_t first, count; /* its hits */
    uint8_t state;         /* enum verdict_of_text */
    struct chain_end found;
};

/* A literal that was found of a phrase, or of the needs of a rule. key: the
 * place of the rule, then the number of the pattern in it, behind which stand
 * its needs. */
struct pattern_hit {
    uint64_t key;
    uint32_t start; /* where the phrase stands that the literal is all of; or ANYWHERE */
};

/* A literal that was found; the same one more than once only if what stands
 * around it differs. Asked for what decides nothing by itself: expressions, and
 * the exceptions (unless) of a rule that matches. */
struct found_literal {
    uint32_t literal;
    uint16_t layer;
    uint8_t offence; /* of enum owner_flag: those of whom it is none */
    uint8_t flags;   /* of its owners: OWNER_REGEX, OWNER_UNLESS */
};
enum { ANYWHERE = -1 };

static inline uint32_t hit_place(const struct pattern_hit *hit)
{
    return (uint32_t)(hit->key >> 32);
}

static inline uint32_t hit_number(const struct pattern_hit *hit)
{
    return (uint32_t)hit->key;
}

struct searched_text {
    const struct norm_text *text;
    const struct pattern_hit *hits; /* sorted */
    const struct found_literal *literals;
    size_t literal_count;
    struct rule_candidate *candidates; /* sorted by place */
    size_t count;
};

#endif
