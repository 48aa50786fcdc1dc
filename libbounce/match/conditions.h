/* SPDX-License-Identifier: MIT */
/*
 * conditions.h - the conditions of dialects, each tested once for a mail.
 * Private to match/.
 */
#ifndef BOUNCE_MATCH_CONDITIONS_H
#define BOUNCE_MATCH_CONDITIONS_H

#include "match/matcher.h"

/* What is known so far about the mail at hand, for one layer. */
struct condition_state {
    uint8_t *known;   /* by condition: enum known_bit of conditions.c */
    uint32_t *tested; /* the conditions that were tested */
    size_t tested_count;
    uint64_t *groups;                 /* one bit for each group: its trigger was seen */
    uint64_t *signs;                  /* likewise */
    uint8_t *action_keys;             /* by action: bits 1 << enum know_key of the texts that have its literal */
    uint64_t *actions;                /* one bit for each action: it can match */
    uint64_t *patterns;               /* one bit for each line pattern: it can match in the body */
    const struct norm_text **headers; /* by slot, once it was looked up; NULL: not present */
    bool *header_read;                /* by slot */
};

/* One for each layer; for condition_states_free(). */
struct condition_state *condition_states_new(const bounce_rules *rules);
void condition_states_free(struct condition_state *states, size_t count);

/* The conditions of one layer while a mail is looked at. */
struct conditions {
    struct matcher *m;
    const struct know_facts *facts;
    const struct layer *layer;
    size_t layer_index;
    struct condition_state *state;
    const struct literals *literals; /* those that are searched */
    enum know_key key;               /* the text that they are searched in */
    uint32_t header_slot;            /* KNOW_HEADER: and the field */
};

struct conditions conditions_of(struct matcher *m, const struct know_facts *facts, size_t layer);

/* Forgets the mail before, and notes what the header shows. */
void conditions_begin(struct conditions *c);
/* Notes what the rest of the mail shows. */
void conditions_complete(struct conditions *c);
/* True if the conditions of a group hold. id: of the dialect, for matcher_abandoned(). */
bool conditions_hold(struct conditions *c, const struct know_groups *groups, const struct know_group *group,
                     string_at id);

/* The words of a set of so many bits, one at least. */
static inline size_t bits_words(size_t bits)
{
    return bits / 64 + 1;
}

static inline void bits_set(uint64_t *bits, size_t index)
{
    bits[index / 64] |= (uint64_t)1 << (index % 64);
}

static inline bool bits_have(const uint64_t *bits, size_t index)
{
    return bits[index / 64] >> (index % 64) & 1;
}

#endif
