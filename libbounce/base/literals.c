/* SPDX-License-Identifier: MIT */
/*
 * literals.c - searches with an index of literals; see literals.h.
 *
 * In: an index, and a folded text. Out: the literals that occur in it, and where.
 * The text is searched block by block. Each block yields lists of positions at
 * which a literal almost certainly is (literal_places.c), before any is compared.
 */
#include "base/literals.h"
#include "base/literal_places.h"

#include <string.h>

enum { HITS_AT_ONCE = 64 };

struct literal_search {
    const struct literals *l;
    const char *text;
    size_t length;
    literal_hits_fn *take;
    void *data;
    size_t count; /* of hits */
    struct literal_hit hits[HITS_AT_ONCE];
};

static inline void push_hit(struct literal_search *s, uint32_t literal, size_t start)
{
    s->hits[s->count++] = (struct literal_hit){literal, (uint32_t)start};
    if (s->count == HITS_AT_ONCE) {
        s->take(s->data, s->hits, s->count);
        s->count = 0;
    }
}

/* --------------------------------------------------------------- compare */

/* Compares a long literal whose window and tail have been found, 8 bytes at a time. */
static inline bool rest_matches(const struct literals *l, const struct literal_entry *e, const char *text)
{
    const char *literal = l->texts + l->items[e->literal].text;
    for (size_t i = 0; i + LITERAL_WINDOW_BYTES < e->length; i += LITERAL_WINDOW_BYTES)
        if (memcmp(text + i, literal + i, LITERAL_WINDOW_BYTES) != 0)
            return false;
    return true;
}

/* The entries of a bucket. */
struct bucket {
    const struct literal_entry *at, *end;
};

static inline struct bucket find_bucket(const struct literal_table *t, uint32_t hash)
{
    return (struct bucket){t->entries + t->buckets[hash], t->entries + t->buckets[hash + 1]};
}

static inline void verify_long(struct literal_search *s, struct bucket b, size_t at)
{
    const uint64_t window = literal_window(s->text + at);
    for (const struct literal_entry *e = b.at; e < b.end; e++) {
        const size_t start = at - e->at;
        if (e->window == window && e->at <= at && e->length <= s->length - start &&
            literal_window(s->text + start + e->length - LITERAL_WINDOW_BYTES) == e->tail &&
            rest_matches(s->l, e, s->text + start))
            push_hit(s, e->literal, start);
    }
}

/* Looks up all buckets before it reads the first, so that the waits for memory overlap. */
static void verify_windows(struct literal_search *s, size_t block, const struct place_list *windows)
{
    enum { AT_ONCE = 16 };
    const struct literal_table *t = &s->l->tables[LITERAL_LONG];
    struct bucket buckets[AT_ONCE];
    for (size_t first = 0, n; first < windows->count; first += n) {
        const uint16_t *at = windows->at + first;
        n = windows->count - first < AT_ONCE ? windows->count - first : AT_ONCE;
        for (size_t i = 0; i < n; i++) {
            buckets[i] = find_bucket(t, literal_hash_window(literal_window(s->text + block + at[i]), t->bucket_bits));
            __builtin_prefetch(buckets[i].at);
        }
        for (size_t i = 0; i < n; i++)
            verify_long(s, buckets[i], block + at[i]);
    }
}

/* Passes on the literals of up to 8 bytes that have this gram, or these 3 bytes, at `at`. */
static inline void verify_other(struct literal_search *s, const struct literal_table *t, uint32_t gram, size_t at)
{
    const struct bucket b = find_bucket(t, literal_hash_gram(gram, t->bucket_bits));
    for (const struct literal_entry *e = b.at; e < b.end; e++) {
        const size_t start = at - e->at;
        if (e->at <= at && ((literal_window(s->text + start) ^ e->window) & e->tail) == 0)
            push_hit(s, e->literal, start);
    }
}

static void verify_others(struct literal_search *s, size_t at)
{
    const struct literals *l = s->l;
    const uint32_t gram = literal_gram(s->text + at), first = literal_short(gram), second = gram >> 8;
    verify_other(s, &l->tables[LITERAL_MIDDLE], gram, at);
    if (literal_has_gram(l->shorts, first))
        verify_other(s, &l->tables[LITERAL_SHORT], first, at);
    if (literal_has_gram(l->shorts, second))
        verify_other(s, &l->tables[LITERAL_SHORT], second, at + 1);
}

/* ---------------------------------------------------------------- search */

/* Finds a literal of 2 bytes, too short for a gram. There are few of these. */
static void scan_pair(struct literal_search *s, uint32_t literal)
{
    const char *pair = s->l->texts + s->l->items[literal].text, *end = s->text + s->length;
    for (const char *at = s->text; end - at >= LITERAL_BYTES_MIN && (at = memchr(at, pair[0], (size_t)(end - at - 1)));
         at++)
        if (at[1] == pair[1])
            push_hit(s, literal, (size_t)(at - s->text));
}

static void scan_block(struct literal_search *s, literal_places_fn *find, size_t start, size_t n)
{
    struct literal_places places;
#ifdef __clang_analyzer__ /* does not see that all positions below count are written, since no branch writes them */
    memset(&places, 0, sizeof places);
#endif
    find(s->l, s->text + start, n, &places);
    verify_windows(s, start, &places.windows);
    for (size_t i = 0; i < places.others.count; i++)
        verify_others(s, start + places.others.at[i]);
}

void literals_scan(const struct literals *l, const char *text, size_t length, literal_hits_fn *take, void *data)
{
    struct literal_search s;
    if (!l->count)
        return;
    literal_places_fn *find = literal_places_finder();
    s.l = l, s.text = text, s.length = length, s.take = take, s.data = data, s.count = 0;
    for (size_t start = 0; start < length; start += LITERAL_BLOCK_BYTES)
        scan_block(&s, find, start, length - start < LITERAL_BLOCK_BYTES ? length - start : LITERAL_BLOCK_BYTES);
    for (uint32_t i = 0; i < l->pair_count; i++)
        scan_pair(&s, l->pairs[i]);
    if (s.count)
        take(data, s.hits, s.count);
}
