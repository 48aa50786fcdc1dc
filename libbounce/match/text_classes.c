/* SPDX-License-Identifier: MIT */
/*
 * text_classes.c - where the members of classes of words are in a text.
 *
 * In: a text in normal form, and the classes of a layer. Out: all places of the members of a class, including
 * overlapping ones; and what ends a sentence or must not be in a gap. A class is searched once in a text, and only if a
 * row needs it. Nothing is refused.
 */
#include "match/text_classes.h"
#include "base/chunk.h"
#include "base/utf8.h"
#include "match/word_heads.h"
#include "text/word.h"

#include <glib.h>
#include <stdlib.h>

struct class_found {
    struct class_found *next; /* of the bucket */
    uint32_t index;           /* of the class; the number of classes, for the ends of sentences alone */
    struct row_places places;
    struct row_barriers barriers;
    bool has_places, has_barriers;
};

struct place_list {
    struct arena *arena;
    struct row_place *items;
    size_t count, capacity;
};

/* -------------------------------------------------------------- members */

/* The rest of a text, and its class_member_head(); zeros follow each text. */
struct rest {
    struct span text;
    uint64_t head;
};

static inline struct rest rest_of(struct span text, size_t at)
{
    return (struct rest){span_of(text.s + at, text.n - at), class_member_head(text.s + at)};
}

/* Whether a member sorts after a text with the same head; false if the text begins with the member. */
static bool comes_after(const struct layer *layer, const struct class_member *member, struct span text)
{
    size_t n = MIN(member->length, text.n);
    if (member->length <= CLASS_MEMBER_HEAD_BYTES)
        return false;
    int order = memcmp(layer->strings + member->text, text.s, n);
    return order > 0 || (!order && member->length > n);
}

/* The last member that does not come after the text; NULL: there is none. */
static inline const struct class_member *last_before(const struct layer *layer, const struct word_class *class,
                                                     const struct rest *rest)
{
    const struct class_member *first = layer->class_members + class->members.first, *at = first;
    for (size_t n = class->members.count; n;) {
        size_t half = n / 2;
        bool before = at[half].head <= rest->head;
        at += before ? half + 1 : 0;
        n = before ? n - half - 1 : half;
    }
    while (at > first && at[-1].head == rest->head && comes_after(layer, &at[-1], rest->text))
        at--;
    return at == first ? NULL : at - 1;
}

static inline bool begins_with(const struct layer *layer, const struct rest *rest, const struct class_member *member)
{
    size_t n = MIN(member->length, CLASS_MEMBER_HEAD_BYTES);
    if ((member->head ^ rest->head) >> (8 * (CLASS_MEMBER_HEAD_BYTES - n)))
        return false;
    return member->length <= CLASS_MEMBER_HEAD_BYTES ||
           (member->length <= rest->text.n && memcmp(layer->strings + member->text, rest->text.s, member->length) == 0);
}

static void add_place(struct place_list *list, struct span text, size_t at, const struct class_member *member)
{
    struct row_place place = {.start = (uint32_t)at, .end = (uint32_t)(at + member->length)};
    place.begins = member->open_start || word_can_begin(text, at);
    place.ends = member->open_end || word_can_end(text, place.end);
    list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = place;
}

/* The members that the text has at one place, the long ones first. A prefix of the text sorts before it, and everything
 * between them begins with that prefix, too: so `shorter` leads to it. */
static void add_members(struct place_list *list, const struct layer *layer, const struct word_class *class,
                        struct span text, size_t at)
{
    const struct rest rest = rest_of(text, at);
    const struct class_member *member = last_before(layer, class, &rest);
    while (member) {
        if (begins_with(layer, &rest, member))
            add_place(list, text, at, member);
        member = member->shorter ? &layer->class_members[member->shorter - 1] : NULL;
    }
}

bool text_class_begins(const struct text_classes *t, uint32_t class_index)
{
    struct span text = span_of(t->text->folded, t->text->folded_length);
    const struct rest rest = rest_of(text, 0);
    const struct class_member *member = last_before(t->layer, &t->layer->classes[class_index], &rest);
    while (member && !begins_with(t->layer, &rest, member))
        member = member->shorter ? &t->layer->class_members[member->shorter - 1] : NULL;
    return member != NULL;
}

/* Whether a member may have this key; false is certain. */
static inline bool has_key(const struct word_class *class, unsigned key)
{
    return class->first[key / 64] >> (key % 64) & 1;
}

struct head_list {
    const struct word_heads *table;
    uint64_t *slots;
    struct text_heads *found;
};

static inline void add_head(struct head_list *list, uint32_t bytes, size_t at)
{
    const struct word_heads *table = list->table;
    const uint32_t head = word_head_find(table, bytes);
    if (head == table->count)
        return;
    list->found->items[list->found->count++] = (struct text_head){(uint32_t)at, word_head_key(bytes)};
    const struct head_block *block = table->blocks + table->items[head].first;
    const struct head_block *end = table->blocks + table->items[head + 1].first;
    uint64_t *slots = list->slots;
    for (; block < end; block++)
        slots[block->word] |= block->bits;
}

/* Zeros follow the text. */
void text_classes_find_heads(struct text_classes *t)
{
    struct span text = span_of(t->text->folded, t->text->folded_length);
    struct head_list list = {.table = t->table};
    list.found = arena_alloc(t->arena, sizeof *list.found + text.n * sizeof *list.found->items);
    list.slots = arena_calloc(t->arena, t->table->slot_count / WORD_SLOT_BITS + 1, sizeof *list.slots);
    list.found->slots = list.slots;
    list.found->count = 0;
    unsigned before = 0, words = word_ascii_bits(text.s); /* with those of the next chunk, into which words continue */
    for (size_t base = 0; base < text.n; base += CHUNK, before = words >> (CHUNK - 1) & 1, words >>= CHUNK) {
        const unsigned starts = word_start_bits(text.s + base, words, before);
        words |= word_ascii_bits(text.s + base + CHUNK) << CHUNK;
        for (unsigned bits = starts; bits; bits &= bits - 1) {
            const unsigned i = chunk_first(bits);
            const unsigned length = chunk_first(~(words >> i) | 1u << WORD_HEAD_BYTES); /* 0: not an ASCII word */
            const char *s = text.s + base + i;
            add_head(&list, length ? word_head_of(s, length) : word_head_bytes(s), base + i);
        }
    }
    t->heads = list.found;
}

static void add_by_heads(struct place_list *list, struct text_classes *t, const struct word_class *class,
                         struct span text)
{
    if (!t->heads)
        text_classes_find_heads(t);
    const struct text_heads *heads = t->heads;
    for (size_t i = 0; i < heads->count; i++)
        if (has_key(class, heads->items[i].key))
            add_members(list, t->layer, class, text, heads->items[i].at);
}

static struct row_places find_places(struct text_classes *t, const struct word_class *class)
{
    struct place_list list = {.arena = t->arena};
    struct span text = span_of(t->text->folded, t->text->folded_length);
    if (class->by_heads)
        add_by_heads(&list, t, class, text);
    else
        for (size_t at = 0; at < text.n; at++)
            if (has_key(class, class_member_key(text.s + at)))
                add_members(&list, t->layer, class, text, at);
    return (struct row_places){list.items, list.count};
}

static struct class_found *found_of(struct text_classes *t, uint32_t index)
{
    struct class_found **at = &t->found[index % TEXT_CLASSES_BUCKETS];
    while (*at && (*at)->index != index)
        at = &(*at)->next;
    if (!*at) {
        *at = arena_calloc(t->arena, 1, sizeof **at);
        (*at)->index = index;
    }
    return *at;
}

struct row_places text_class_places(struct text_classes *t, uint32_t class_index)
{
    struct class_found *found = found_of(t, class_index);
    if (!found->has_places) {
        found->places = find_places(t, &t->layer->classes[class_index]);
        found->has_places = true;
    }
    return found->places;
}

/* ------------------------------------------------------------- sentences */

/* True if what follows an end of sentence makes it one: a space, a capital or a
 * letter of a script that has none, or the end. Capitals are seen in the text that
 * is not folded. */
static bool begins_sentence(const struct norm_text *text, size_t at)
{
    size_t size, place = text->map ? text->map[at] : at;
    if (at >= text->folded_length || text->folded[at] == ' ')
        return true;
    gunichar c = utf8_get(text->text + place, &size);
    return g_unichar_isalpha(c) && !g_unichar_islower(c);
}

static bool is_capital_at(const struct norm_text *text, size_t at)
{
    const char c = at < text->folded_length ? text->text[text->map ? text->map[at] : at] : '\0';
    return c >= 'A' && c <= 'Z';
}

/* "EXAMPLE.NET": in a text that is all capitals, they do not begin a sentence. */
static bool is_in_capitals(const struct norm_text *text, size_t at)
{
    return at && is_capital_at(text, at - 1) && is_capital_at(text, at + 1) && is_capital_at(text, at + 2);
}

/* Where in the chunk at a place a sentence may end, as bits. */
static unsigned may_end_sentence(struct span text, size_t at)
{
    size_t n = text.n - at;
    chunk c = n >= CHUNK ? chunk_load(text.s + at) : chunk_load_part(text.s + at, n);
    return chunk_bits(chunk_equal(c, '.') | chunk_equal(c, '!') | chunk_equal(c, '?') | chunk_equal(c, ';') |
                      chunk_equal(c, '\xe3'));
}

/* Length of the end of sentence at a place of the folded text; 0: there is none. */
static size_t sentence_end(const struct norm_text *text, size_t at)
{
    static const char full_stop[] = "\xe3\x80\x82"; /* U+3002 */
    char c = text->folded[at];
    size_t n = c == '.' || c == '!' || c == '?' || c == ';';
    if (!n && text->folded_length - at >= sizeof full_stop - 1 &&
        memcmp(text->folded + at, full_stop, sizeof full_stop - 1) == 0)
        return sizeof full_stop - 1;
    return n && begins_sentence(text, at + n) && !(c == '.' && is_in_capitals(text, at)) ? n : 0;
}

/* -------------------------------------------------------------- barriers */

struct barrier_list {
    struct arena *arena;
    struct row_barrier *items;
    size_t count, capacity;
};

static void add_barrier(struct barrier_list *list, size_t start, size_t end)
{
    list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = (struct row_barrier){(uint32_t)start, (uint32_t)end};
}

static int compare_barriers(const void *left, const void *right)
{
    const struct row_barrier *a = left, *b = right;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return (a->start > b->start) - (a->start < b->start);
}

static struct row_barriers find_sentence_ends(struct text_classes *t)
{
    struct barrier_list list = {.arena = t->arena};
    struct span text = span_of(t->text->folded, t->text->folded_length);
    for (size_t base = 0; base < text.n; base += CHUNK)
        for (unsigned bits = may_end_sentence(text, base); bits; bits &= bits - 1) {
            size_t at = base + chunk_first(bits), n = sentence_end(t->text, at);
            if (n)
                add_barrier(&list, at, at + n);
        }
    return (struct row_barriers){list.items, list.count};
}

/* class_after: 1 + the index of a class. */
static struct row_barriers find_barriers(struct text_classes *t, uint32_t class_after)
{
    struct barrier_list list = {.arena = t->arena};
    struct row_barriers ends = text_class_barriers(t, 0);
    for (size_t i = 0; i < ends.count; i++)
        add_barrier(&list, ends.items[i].start, ends.items[i].end);
    struct row_places places = text_class_places(t, class_after - 1);
    for (size_t i = 0; i < places.count; i++)
        if (places.items[i].begins && places.items[i].ends)
            add_barrier(&list, places.items[i].start, places.items[i].end);
    if (list.count > 1)
        qsort(list.items, list.count, sizeof *list.items, compare_barriers);
    return (struct row_barriers){list.items, list.count};
}

struct row_barriers text_class_barriers(struct text_classes *t, uint32_t class_after)
{
    struct class_found *found = found_of(t, class_after ? class_after - 1 : (uint32_t)t->layer->class_count);
    if (!found->has_barriers) {
        found->barriers = class_after ? find_barriers(t, class_after) : find_sentence_ends(t);
        found->has_barriers = true;
    }
    return found->barriers;
}

void text_sentence(struct text_classes *t, size_t from, size_t to, size_t *start, size_t *end)
{
    struct row_barriers ends = text_class_barriers(t, 0);
    *start = 0;
    *end = t->text->folded_length;
    for (size_t i = 0; i < ends.count; i++) {
        if (ends.items[i].end <= from)
            *start = ends.items[i].end;
        if (ends.items[i].start >= to) {
            *end = ends.items[i].start;
            break;
        }
    }
}
