/* SPDX-License-Identifier: MIT */
/*
 * searched_text.c - which rules may match a text.
 *
 * What comes in: a text in normal form. What goes out: the rules that have a
 * literal in it, in the order in which they are tried, and the literals that were
 * found. Each layer takes one pass over the text; where something in it is masked, one
 * over each face that its rules see, and of the plain one only over what is masked in
 * the other if no rule but those with tokens sees it. Nothing is refused.
 */
#include "match/searched_text.h"
#include "base/literals.h"
#include "match/matcher.h"
#include "text/word.h"

#include <stdlib.h>

struct collector {
    struct matcher *m;
    const struct layer *layer;
    size_t layer_index;
    const uint32_t *places; /* see ruleset_places() */
    const struct masked_text *masked;
    struct span typed;    /* all that is masked, as it was: each span folded, and a NUL; s NULL: not yet made */
    size_t *typed_starts; /* where each begins in it */
    struct span folded;   /* what this pass is over */
    uint32_t other_faces; /* owners with one of these flags are not found by it */
    bool over_typed;      /* it is over `typed` */
    struct pattern_hit *hits;
    struct found_literal *literals;
    size_t count, capacity, literal_count, literal_capacity;
    struct arena *arena;
};

/* Does nothing if the rule is off. */
static inline void add_pattern_hit(struct collector *c, const struct rule_owner *owner, size_t start)
{
    uint32_t place = c->places ? c->places[owner->rank] : owner->rank;
    if (place == UINT32_MAX)
        return;
    c->hits = arena_grow(c->arena, c->hits, c->count, &c->capacity, sizeof *c->hits);
    c->hits[c->count++] = (struct pattern_hit){(uint64_t)place << 32 | owner->number,
                                               owner->flags & OWNER_PLACED ? (uint32_t)start : (uint32_t)ANYWHERE};
}

static inline bool is_ascii(char c)
{
    return (signed char)c >= 0;
}

/* Which of OWNER_OFFENCES the characters around a literal are. A NUL ends the text. */
static inline uint32_t offends(struct span folded, size_t start, size_t end)
{
    const char *s = folded.s;
    uint32_t left = is_word_char(s[start - (start > 0)]) & (start > 0), right = is_word_char(s[end]);
    uint32_t left_whole = left & is_word_char(s[start]), right_whole = right & is_word_char(s[end - 1]);
    if (start && !(is_ascii(s[start - 1]) && is_ascii(s[start])))
        left_whole = !word_can_begin(folded, start);
    if (!(is_ascii(s[end - 1]) && is_ascii(s[end])))
        right_whole = !word_can_end(folded, end);
    return left * OWNER_LEFT | right * OWNER_RIGHT | left_whole * OWNER_LEFT_WHOLE | right_whole * OWNER_RIGHT_WHOLE;
}

/* The phrases that are found by a class of which a member was found. */
static void add_class_hits(struct collector *c, const struct rule_owner *owner)
{
    const struct range phrases = c->layer->classes[owner->rank].phrases;
    for (uint32_t i = 0; i < phrases.count; i++) {
        const struct class_phrase *phrase = &c->layer->class_phrases[phrases.first + i];
        add_pattern_hit(c, &(struct rule_owner){.rank = phrase->rank, .number = phrase->number}, 0);
    }
}

/* Adds the hits of a literal at this place, except for owners that its
 * surroundings offend. Returns the flags of all owners that were looked at: of
 * exceptions, which come last, one is enough. */
static uint32_t collect_owners(struct collector *c, const struct literal *item, uint32_t offence, size_t start)
{
    const struct rule_owner *owner = c->layer->owners + item->first_owner, *end = owner + item->owner_count;
    uint32_t flags = 0;
    for (; owner < end && !(flags & OWNER_UNLESS); owner++) {
        flags |= owner->flags;
        if (owner->flags & (offence | OWNER_REGEX | OWNER_UNLESS))
            continue;
        if (owner->flags & OWNER_CLASS)
            add_class_hits(c, owner);
        else
            add_pattern_hit(c, owner, start);
    }
    return flags;
}

/* True if all of a place in the folded text is inside of one masked span. */
static bool is_masked(const struct collector *c, size_t start, size_t end)
{
    const struct mask_span *span = c->masked->spans;
    size_t n = c->masked->count;
    while (n > 1) { /* the last one that begins at or before the place, if one does */
        size_t half = n / 2;
        bool is_after = span[half].folded_start > start;
        span += is_after ? 0 : half;
        n = is_after ? half : n - half;
    }
    return n && span->folded_start <= start && end <= span->folded_end;
}

/* Where a place in `typed` is in the folded text. */
static size_t place_of_typed(const struct collector *c, size_t start)
{
    size_t first = 0, n = c->masked->count;
    while (n > 1) { /* the last span that begins at or before it */
        size_t half = n / 2;
        bool is_after = c->typed_starts[first + half] > start;
        first += is_after ? 0 : half;
        n = is_after ? half : n - half;
    }
    return c->masked->spans[first].folded_start + start - c->typed_starts[first];
}

/* A literal counts once for each offence. */
static inline void collect_literal(struct collector *c, uint32_t literal, size_t start)
{
    const struct literal *item = &c->layer->literals->items[literal];
    uint32_t offence = offends(c->folded, start, start + item->length), kind = offence;
    offence |= c->other_faces;
    if (!(offence & OWNER_TOKEN) && !c->over_typed) {
        bool masked = is_masked(c, start, start + item->length);
        offence |= masked ? 0 : OWNER_TOKEN;
        kind |= masked ? OWNER_OFFENCES + 1 : 0;
    }
    uint32_t *seen = &c->m->literals_seen[literal];
    if (*seen >> kind & 1)
        return;
    *seen |= (uint32_t)1 << kind;
    start = c->over_typed ? place_of_typed(c, start) : start;
    c->literals = arena_grow(c->arena, c->literals, c->literal_count, &c->literal_capacity, sizeof *c->literals);
    uint32_t flags = collect_owners(c, item, offence, start);
    c->literals[c->literal_count++] =
        (struct found_literal){literal, (uint16_t)c->layer_index, (uint16_t)offence, (uint16_t)flags};
}

static void collect_literals(void *data, const struct literal_hit *hits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        collect_literal(data, hits[i].literal, hits[i].start);
}

/* Every phrase and need: without the pre-filter, all rules are candidates. */
static void collect_all(struct collector *c)
{
    for (size_t i = 0; i < c->layer->rule_count; i++) {
        const struct bounce_rule *rule = &c->layer->rules[i];
        const struct pattern *patterns = rule_patterns(c->layer, rule);
        for (uint32_t k = 0; k <= rule->pattern_count; k++)
            if (k == rule->pattern_count || !patterns[k].is_regex)
                add_pattern_hit(c, &(struct rule_owner){.rank = rule->rank, .number = k}, (size_t)ANYWHERE);
    }
}

/* One pass over a folded text. */
static void collect_pass(struct collector *c, struct span folded, uint32_t other_faces, bool over_typed)
{
    size_t first_found = c->literal_count;
    c->folded = folded;
    c->other_faces = other_faces;
    c->over_typed = over_typed;
    literals_scan(c->layer->literals, folded.s, folded.n, collect_literals, c);
    for (size_t i = first_found; i < c->literal_count; i++)
        c->m->literals_seen[c->literals[i].literal] = 0;
}

static struct span folded_of(const struct norm_text *text)
{
    return span_of(text->folded, text->folded_length);
}

static void join_typed(struct collector *c, const struct norm_text *text)
{
    const struct mask_span *spans = c->masked->spans;
    size_t bytes = 0, n = 0;
    for (size_t i = 0; i < c->masked->count; i++)
        bytes += spans[i].folded_end - spans[i].folded_start + 1;
    char *typed = arena_calloc(c->arena, bytes + NORM_PADDING_BYTES, 1);
    c->typed_starts = arena_alloc(c->arena, c->masked->count * sizeof *c->typed_starts);
    for (size_t i = 0; i < c->masked->count; i++) {
        size_t length = spans[i].folded_end - spans[i].folded_start;
        c->typed_starts[i] = n;
        memcpy(typed + n, text->folded + spans[i].folded_start, length);
        n += length + 1;
    }
    c->typed = span_of(typed, bytes);
}

static void collect_layer(struct collector *c, const struct norm_text *text)
{
    uint32_t faces = c->layer->owner_faces;
    if (!c->m->prefilter) {
        collect_all(c);
        return;
    }
    if (!c->masked->count) {
        collect_pass(c, folded_of(text), OWNER_TOKEN, false);
        return;
    }
    if (faces & OWNER_MASKED)
        collect_pass(c, folded_of(c->masked->face), OWNER_PLAIN | OWNER_TOKEN, false);
    if (faces & OWNER_PLAIN) {
        collect_pass(c, folded_of(text), OWNER_MASKED | (faces & OWNER_TOKEN ? 0 : OWNER_TOKEN), false);
    } else if (faces & OWNER_TOKEN) {
        if (!c->typed.s)
            join_typed(c, text);
        collect_pass(c, c->typed, OWNER_MASKED | OWNER_PLAIN, true);
    }
}

static int compare_hits(const void *a, const void *b)
{
    const struct pattern_hit *left = a, *right = b;
    int order = (left->key > right->key) - (left->key < right->key);
    return order ? order : (left->start > right->start) - (left->start < right->start);
}

/* Usually there are few. */
static void sort_hits(struct pattern_hit *hits, size_t count)
{
    enum { FEW = 32 };
    if (count > FEW) {
        qsort(hits, count, sizeof *hits, compare_hits);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct pattern_hit hit = hits[i];
        size_t k = i;
        for (; k && hits[k - 1].key > hit.key; k--)
            hits[k] = hits[k - 1];
        hits[k] = hit;
    }
}

/* The hits of one rule make one candidate. The first hit of a pattern is enough:
 * the others are of other literals, or further on in the text. */
static void fill_candidates(struct searched_text *s, struct pattern_hit *hits, size_t hit_count)
{
    uint64_t last = UINT64_MAX;
    uint32_t kept = 0;
    size_t count = 0;
    for (size_t i = 0; i < hit_count; i++) {
        if (hits[i].key == last)
            continue;
        if (hit_place(&hits[i]) != last >> 32)
            s->candidates[count++] = (struct rule_candidate){.place = hit_place(&hits[i]), .first = kept};
        last = hits[i].key;
        hits[kept++] = hits[i];
        s->candidates[count - 1].count++;
    }
    s->count = count;
    s->hits = hits;
}

bool matcher_masks(const struct matcher *m)
{
    uint32_t faces = 0;
    for (size_t i = 0; i < m->layer_count; i++)
        faces |= m->layers[i]->owner_faces;
    return (faces & (OWNER_MASKED | OWNER_TOKEN)) != 0;
}

struct searched_text *searched_text_of(struct matcher *m, struct arena *a, const struct norm_text *text,
                                       const struct mask_facts *facts)
{
    struct searched_text *s = arena_alloc(a, sizeof *s);
    struct collector c = {.m = m, .arena = a, .masked = &s->masked};
    *s = (struct searched_text){.text = text, .masked.face = text};
    if (matcher_masks(m))
        text_mask(a, text, facts, &s->masked);
    for (c.layer_index = 0; c.layer_index < m->layer_count; c.layer_index++) {
        c.layer = m->layers[c.layer_index];
        c.places = m->layer_count > 1 ? ruleset_places(m->rules, c.layer_index) : NULL;
        collect_layer(&c, text);
    }
    sort_hits(c.hits, c.count);
    s->literals = c.literals;
    s->literal_count = c.literal_count;
    s->classes = arena_alloc(a, m->layer_count * sizeof *s->classes);
    for (size_t i = 0; i < m->layer_count; i++)
        s->classes[i] = text_classes_of(a, m->layers[i], s->masked.face);
    s->candidates = arena_alloc(a, c.count * sizeof *s->candidates);
    fill_candidates(s, c.hits, c.count);
    return s;
}

struct searched_text *searched_text_new(struct matcher *m, struct arena *a, const struct norm_text *text)
{
    return searched_text_of(m, a, text, NULL);
}
