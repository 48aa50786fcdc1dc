/* SPDX-License-Identifier: MIT */
/*
 * conditions.h - the conditions of dialects and signs, each tested once for a mail.
 * Private to match/.
 */
#ifndef BOUNCE_MATCH_CONDITIONS_H
#define BOUNCE_MATCH_CONDITIONS_H

#include "match/matcher.h"
#include "match/text_classes.h"

/* What is known about one mail, for one layer. No answer depends on whether a
 * condition was tested yet. */
struct condition_state {
    uint64_t *groups;                      /* one bit for each group of dialects: its trigger was seen */
    uint64_t *sign_groups, *header_groups; /* likewise */
    uint64_t *has_literal;                 /* one bit for each condition: a literal of it is in its text */
    uint64_t *was_tested, *holds;          /* likewise: its result is known, and that result */
    uint8_t *signs;                        /* by sign: enum sign_answer */
    uint8_t *action_keys; /* by action: bits 1 << enum know_key of subject and body, if they have its literal */
    uint64_t *actions;    /* one bit for each action: it can match in either */
    uint64_t *patterns;   /* one bit for each line pattern: it can match in the body; NULL: no body yet */
    const struct norm_text **headers; /* by slot, once it was looked up; NULL: not present */
    uint8_t *header_read;             /* by slot: 1 if it was looked up */
    struct text_classes *classes;     /* by key, of the text of that key; KNOW_HEADER: none; NULL: not needed yet */
};

enum sign_answer { SIGN_NOT_ASKED, SIGN_NONE, SIGN_SEEN, SIGN_UNDECIDED /* neither seen nor missing */ };

/* All of it is in one arena, that of recognition_new(). */
struct recognition {
    struct matcher *m;
    struct arena *arena;
    struct header_facts header;
    struct body_facts body; /* empty until has_body */
    bool has_body;
    const struct know_group *by; /* the group by which the dialect was recognised; NULL: none was */
    size_t by_layer;
    fact_fn *fact; /* decides a fact; NULL: no fact is known */
    void *fact_data;
    bool ordinary_header;            /* FACT_ORDINARY_HEADER, and */
    int header_for;                  /* the sum of the header's signs that speak for a report, */
    bool header_weighed;             /* ... once they were tested */
    enum sign_answer report;         /* whether the header shows a report */
    uint64_t accounts[KNOW_SIGN];    /* by key: what expressions may still cost in its text, in steps */
    struct condition_state states[]; /* by layer */
};

/* The conditions of one layer while a mail is looked at. */
struct conditions {
    struct recognition *r;
    const struct layer *layer;
    size_t layer_index;
    struct condition_state *state;
    const struct literals *literals; /* the ones being searched */
    enum know_key key;               /* the text in which they are searched */
    uint32_t header_slot;            /* KNOW_HEADER: and the field */
};

struct conditions conditions_of(struct recognition *r, size_t layer);

/* Creates the state of a layer, and notes what the header shows. */
void conditions_begin(struct conditions *c);
/* Notes what the rest of the mail shows, once r->body is set. */
void conditions_complete(struct conditions *c);
/* Whether a sign of the layer holds, given by its index. */
bool conditions_sign(struct conditions *c, uint32_t index);
/* Tests a condition, given by its index. id: of the dialect, for matcher_undecided(). */
bool condition_holds(struct conditions *c, uint32_t index, string_at id);
/* Matches a pattern in the text of a key, which is not NULL. */
bool conditions_match(struct conditions *c, const struct pattern *p, enum know_key key, string_at id,
                      const struct norm_text *text);
/* True if all conditions of a group hold. */
bool conditions_hold(struct conditions *c, const struct know_groups *groups, const struct know_group *group,
                     string_at id);

/* The first bit that is set from `from` on; end if there is none before it. */
static inline size_t bits_next(const uint64_t *bits, size_t from, size_t end)
{
    while (from < end) {
        uint64_t word = bits[from / 64] >> (from % 64);
        if (word) {
            from += (size_t)__builtin_ctzll(word);
            break;
        }
        from = (from | 63) + 1;
    }
    return from < end ? from : end;
}

/* How many words a set of this many bits needs, at least one. */
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
