/* SPDX-License-Identifier: MIT */
/*
 * searched_text.c - which rules may match a text.
 *
 * In: a text in normal form. Out: the rules that have a literal in it, in the order in which they are tried, and the
 * literals that were found. Each layer takes one pass over the text, even if parts of it are masked: the place of a
 * literal decides which owners see it. Nothing is refused.
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
    const struct norm_text *text;
    const struct masked_text *masked;
    struct text_classes *classes;
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
                                               owner->flags & OWNER_PLACED ? (uint32_t)start : (uint32_t)ANYWHERE, 0};
}

static inline bool is_ascii(char c)
{
    return (signed char)c >= 0;
}

/* Which of OWNER_OFFENCES apply to a literal, by the characters around it. A NUL ends the text. */
static inline uint32_t offends(const struct norm_text *text, size_t start, size_t end)
{
    const char *s = text->folded;
    const struct span folded = {s, text->folded_length};
    uint32_t left = is_word_char(s[start - (start > 0)]) & (start > 0), right = is_word_char(s[end]);
    uint32_t left_whole = left & is_word_char(s[start]), right_whole = right & is_word_char(s[end - 1]);
    if (start && !(is_ascii(s[start - 1]) && is_ascii(s[start])))
        left_whole = !word_can_begin(folded, start);
    if (!(is_ascii(s[end - 1]) && is_ascii(s[end])))
        right_whole = !word_can_end(folded, end);
    return left * OWNER_LEFT | right * OWNER_RIGHT | left_whole * OWNER_LEFT_WHOLE | right_whole * OWNER_RIGHT_WHOLE;
}

/* Adds the phrases that are found by a class, of which a member was found. */
static void add_class_hits(struct collector *c, const struct rule_owner *owner)
{
    const struct range phrases = c->layer->classes[owner->rank].phrases;
    for (uint32_t i = 0; i < phrases.count; i++) {
        const struct class_phrase *phrase = &c->layer->class_phrases[phrases.first + i];
        if (text_class_possible(c->classes, phrase->slot))
            add_pattern_hit(c, &(struct rule_owner){.rank = phrase->rank, .number = phrase->number}, 0);
    }
}

/* Adds the hits of a literal at this place, except for owners that do not allow what is around it. Returns the flags of
 * all owners that were looked at: of exceptions, which come last, one is enough. */
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
        else if (text_class_possible(c->classes, owner->slot))
            add_pattern_hit(c, owner, start);
    }
    return flags;
}

/* Where a literal is: outside of masked text, inside, or at its edge. */
enum literal_place {
    PLACE_WORDS,
    PLACE_TYPED,
    PLACE_EDGE, /* or in the name of a known host, where there is no token */
    PLACE_SIGNS /* inside, but without a letter that is masked */
};

static bool has_letter(const char *folded, size_t start, size_t end)
{
    while (start < end && !(ascii_is_alnum(folded[start]) || (unsigned char)folded[start] >= 0x80))
        start++;
    return start < end;
}

static enum literal_place place_of(const struct collector *c, size_t start, size_t end)
{
    const struct mask_span *span = c->masked->spans, *last = span + c->masked->count;
    for (size_t n = c->masked->count; n;) { /* to the first span that ends after its start */
        size_t half = (n - 1) / 2;
        bool is_before = span[half].folded_end <= start;
        span += is_before ? half + 1 : 0;
        n = is_before ? n - half - 1 : half;
    }
    if (span == last || span->folded_start >= end)
        return PLACE_WORDS;
    if (span->folded_start <= start && end <= span->folded_end) {
        enum literal_place place = span->is_known_host ? PLACE_EDGE : PLACE_TYPED;
        return has_letter(c->text->folded, start, end) ? place : PLACE_SIGNS;
    }
    for (; span < last && span->folded_start < end; span++) {
        size_t from = span->folded_start > start ? span->folded_start : start;
        if (has_letter(c->text->folded, from, span->folded_end < end ? span->folded_end : end))
            return PLACE_EDGE;
    }
    return PLACE_WORDS;
}

/* A literal counts once for each offence and kind of place. */
static inline void collect_literal(struct collector *c, uint32_t literal, size_t start)
{
    static const uint16_t other_faces[] = {[PLACE_WORDS] = OWNER_TOKEN,
                                           [PLACE_TYPED] = OWNER_MASKED,
                                           [PLACE_EDGE] = OWNER_TOKEN | OWNER_MASKED,
                                           [PLACE_SIGNS] = 0};
    const struct literal *item = &c->layer->literals->items[literal];
    uint32_t offence = offends(c->text, start, start + item->length);
    enum literal_place place = c->masked->count ? place_of(c, start, start + item->length) : PLACE_WORDS;
    uint64_t *seen = &c->m->literals_seen[literal], sort = (uint64_t)1 << (offence + (OWNER_OFFENCES + 1) * place);
    if (*seen & sort)
        return;
    *seen |= sort;
    offence |= other_faces[place];
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

/* Only format 2 has rows, so that all of them see the same version of the text. */
static void collect_layer(struct collector *c, struct searched_text *s)
{
    const struct norm_text *face = s->masked.count ? masked_face(s->arena, &s->masked) : s->text;
    s->classes[c->layer_index] = text_classes_of(s->arena, c->layer, &c->layer->rule_heads, face);
    c->classes = &s->classes[c->layer_index];

    size_t first_found = c->literal_count;
    if (c->m->prefilter)
        literals_scan(c->layer->literals, c->text->folded, c->text->folded_length, collect_literals, c);
    else
        collect_all(c);
    for (size_t i = first_found; i < c->literal_count; i++)
        c->m->literals_seen[c->literals[i].literal] = 0;
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
    enum { FEW = 64 };
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
    struct collector c = {.m = m, .arena = a, .text = text, .masked = &s->masked};
    *s = (struct searched_text){.text = text, .account = m->text_steps, .arena = a};
    s->classes = arena_alloc(a, m->layer_count * sizeof *s->classes);
    if (matcher_masks(m))
        text_mask(a, text, facts, &s->masked);
    for (c.layer_index = 0; c.layer_index < m->layer_count; c.layer_index++) {
        c.layer = m->layers[c.layer_index];
        c.places = m->layer_count > 1 ? ruleset_places(m->rules, c.layer_index) : NULL;
        collect_layer(&c, s);
    }
    sort_hits(c.hits, c.count);
    s->literals = c.literals;
    s->literal_count = c.literal_count;
    s->candidates = arena_alloc(a, c.count * sizeof *s->candidates);
    fill_candidates(s, c.hits, c.count);
    return s;
}

struct searched_text *searched_text_new(struct matcher *m, struct arena *a, const struct norm_text *text)
{
    return searched_text_of(m, a, text, NULL);
}

static void note_any(void *data, const struct literal_hit *hits, size_t count)
{
    bool *any = data;
    (void)hits;
    *any = *any || count;
}

bool match_may_expire(const struct matcher *m, const struct norm_text *text)
{
    bool any = !m->prefilter;
    for (size_t i = 0; i < m->layer_count && !any; i++)
        literals_scan(m->layers[i]->expiry, text->folded, text->folded_length, note_any, &any);
    return any;
}
