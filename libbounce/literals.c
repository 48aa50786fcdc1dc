/* SPDX-License-Identifier: MIT */
/*
 * literals.c - see literals.h.
 *
 * What comes in: literals and texts, both folded. What goes out: the literals
 * that stand in a text. Grams are numbers put together from bytes by shifting,
 * so that an index made on one machine fits another.
 */
#include "literals.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRAM_BYTES = 4,
    SHORT_BYTES = 3, /* what is compared of literals that are no longer than a gram */
    SHORT_MASK = 0xffffff,
    BITS_OF_GRAM = 32, /* of the bitmap, for each gram; and for each short literal */
    BITS_OF_SHORT = 8 * 256,
    SHORT_BITS = 8 /* 1 << SHORT_BITS bits of short_bits */
};

static inline uint32_t load_gram(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint32_t load_short(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16;
}

/* Fibonacci hashing: the upper bits are the good ones. */
static inline uint32_t hash_gram(uint32_t gram, uint32_t bits)
{
    return (gram * 0x9e3779b1u) >> (32 - bits);
}

/* ---------------------------------------------------------- rare or common */

/* Ordinary words of reports that are no failure by themselves: a gram that
 * stands here stands in most texts. */
static const char ordinary[] =
    " this is the mail system at host. i'm sorry to have to inform you that your message could not be delivered to one "
    "or more recipients. it's attached below. for further assistance, please send mail to postmaster. if you do so, "
    "please include this problem report. you can delete your own text from the attached returned message. this message "
    "was created automatically by mail delivery software. a message that you sent could not be delivered to all of its "
    "recipients. the following address failed: this is a permanent error. the error that the other server returned "
    "was: "
    "said: 550 5.1.1 554 5.7.1 550 5.7.1 421 4.7.0 in reply to rcpt to command (in reply to end of data command) "
    "delivery has failed to these recipients or groups: diagnostic information for administrators: generating server: "
    "remote server returned reporting-mta: dns; final-recipient: rfc822; action: failed status: 5.0.0 remote-mta: "
    "diagnostic-code: smtp; last-attempt-date: mon, 12 jan 2026 10:00:00 +0000 user email account address domain "
    "recipient sender server rejected because with from been has have which than that when will your are and not "
    "contact administrator please try again later see https://www.google.com http:// support help more information "
    ".example.com .example.net .example.org <user@example.com> mx.mail. smtp. .com .net .org service connection "
    "from: mailer-daemon@ postmaster@ mail delivery system subsystem content-type: multipart/report "
    "the email account that you tried to reach the recipient's e-mail address was not found. check the ";

/* How often each gram stands in the ordinary text and in the literals. */
static void count_grams(GHashTable *counts, struct span text, guint weight)
{
    for (size_t i = 0; i + GRAM_BYTES <= text.n; i++) {
        gpointer gram = GUINT_TO_POINTER(load_gram(text.s + i));
        g_hash_table_insert(counts, gram,
                            GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, gram)) + weight));
    }
}

enum { ORDINARY_WEIGHT = 8 };

/* A literal on its way into the index: the text of one source. */
struct choice {
    struct span text;
    uint32_t owner;
    uint16_t at; /* of its first gram */
};

/* How common the two grams at this place are: the sum, so that both count. */
static guint weight_at(GHashTable *counts, const char *s)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(counts, GUINT_TO_POINTER(load_gram(s)))) +
           GPOINTER_TO_UINT(g_hash_table_lookup(counts, GUINT_TO_POINTER(load_gram(s + 1))));
}

/* Enters the text under its rarest grams if they are rarer than *least. A
 * short text is the last choice, and the longer of two. */
static void consider(GHashTable *counts, struct span text, guint *least, struct choice *choice)
{
    if (text.n <= GRAM_BYTES && *least == G_MAXUINT && text.n > choice->text.n) {
        choice->text = text;
        choice->at = 0;
    }
    for (size_t i = 0; i + GRAM_BYTES + 1 <= text.n; i++) {
        guint n = weight_at(counts, text.s + i);
        if (n < *least) {
            *least = n;
            choice->text = text;
            choice->at = (uint16_t)i;
        }
    }
}

/* ----------------------------------------------------------------- build */

static uint32_t bits_for(size_t count, uint32_t least, uint32_t most)
{
    uint32_t bits = least;
    while (bits < most && ((size_t)1 << bits) < count)
        bits++;
    return bits;
}

/* Equal texts one after the other: they are one literal. */
static int compare_choices(const void *left, const void *right)
{
    const struct choice *a = left, *b = right;
    int order = strcmp(a->text.s, b->text.s);
    if (order == 0)
        order = (a->owner > b->owner) - (a->owner < b->owner);
    return order;
}

/* Chooses the text and the gram of each source. */
static struct choice *choose_grams(const struct literal_source *sources, size_t count)
{
    GHashTable *counts = g_hash_table_new(NULL, NULL);
    count_grams(counts, span_z(ordinary), ORDINARY_WEIGHT);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < sources[i].text_count; j++)
            count_grams(counts, span_z(sources[i].texts[j]), 1);
    struct choice *choices = g_new0(struct choice, count);
    for (size_t i = 0; i < count; i++) {
        guint least = G_MAXUINT;
        choices[i].owner = sources[i].owner;
        for (size_t j = 0; j < sources[i].text_count; j++)
            consider(counts, span_z(sources[i].texts[j]), &least, &choices[i]);
    }
    g_hash_table_destroy(counts);
    if (count)
        qsort(choices, count, sizeof *choices, compare_choices);
    return choices;
}

/* The different texts, and whose they are. */
static void fill_items(struct arena *a, struct literals *l, const struct choice *choices, size_t count)
{
    struct literal *items = arena_calloc(a, count, sizeof *items), *last = items;
    uint32_t *owners = arena_calloc(a, count, sizeof *owners);
    struct strbuf texts;
    strbuf_init(&texts, a);
    l->shortest = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        if (!i || strcmp(choices[i].text.s, choices[i - 1].text.s) != 0) {
            last = &items[l->count++];
            *last = (struct literal){
                .text = (uint32_t)texts.n, .first_owner = (uint32_t)i, .length = (uint16_t)choices[i].text.n};
            strbuf_add(&texts, choices[i].text.s, choices[i].text.n + 1);
            l->shortest = MIN(l->shortest, last->length);
        }
        last->owner_count++;
        owners[i] = choices[i].owner;
    }
    l->texts = texts.s;
    l->items = items;
    l->owners = owners;
    l->owner_count = (uint32_t)count;
}

/* Both grams of a literal, or the one entry of a short one; none of a pair. */
static void add_grams(struct literals *l, uint32_t literal, uint16_t at, struct literal_gram *grams, uint32_t *pairs)
{
    const struct literal *item = &l->items[literal];
    const char *text = l->texts + item->text;
    if (item->length < SHORT_BYTES) {
        pairs[l->pair_count++] = literal;
        return;
    }
    struct literal_gram gram = {.literal = literal, .length = item->length};
    if (item->length <= GRAM_BYTES) {
        gram.gram = load_short(text);
        grams[l->gram_count++] = gram;
        return;
    }
    gram.tail = load_gram(text + item->length - GRAM_BYTES);
    for (int k = 1; k >= 0; k--) { /* of "aaaaa" both are found at one place: the front one first */
        gram.at = (uint16_t)(at + k);
        gram.gram = load_gram(text + gram.at);
        grams[l->gram_count++] = gram;
    }
}

/* Counting sort into buckets; keeps the order of the literals in each. */
static void sort_into_buckets(struct arena *a, struct literals *l, const struct literal_gram *grams)
{
    struct literal_gram *sorted = arena_calloc(a, l->gram_count, sizeof *sorted);
    size_t bucket_count = (size_t)1 << l->bucket_bits;
    uint32_t *buckets = arena_calloc(a, bucket_count + 1, sizeof *buckets);
    for (size_t i = 0; i < l->gram_count; i++)
        buckets[hash_gram(grams[i].gram, l->bucket_bits) + 1]++;
    for (size_t i = 0; i < bucket_count; i++)
        buckets[i + 1] += buckets[i];
    uint32_t *next = g_memdup2(buckets, bucket_count * sizeof *next);
    for (size_t i = 0; i < l->gram_count; i++)
        sorted[next[hash_gram(grams[i].gram, l->bucket_bits)]++] = grams[i];
    g_free(next);
    l->grams = sorted;
    l->buckets = buckets;
}

static void mark(uint64_t *bitmap, uint32_t bits, uint32_t gram)
{
    uint32_t h = hash_gram(gram, bits);
    bitmap[h >> 6] |= (uint64_t)1 << (h & 63);
}

/* What may stand in a folded text beside a short literal; 0 is the end. */
static bool is_text_byte(uint32_t byte)
{
    return byte < 'A' || byte > 'Z';
}

/* A literal of 3 or 4 bytes is seen at an even place with any byte behind its
 * first 3 bytes, at an odd one with any byte before them. */
static void mark_short(uint64_t *bitmap, uint32_t bits, uint32_t gram, size_t length, const char *text)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        if (!is_text_byte(byte))
            continue;
        if (length < GRAM_BYTES)
            mark(bitmap, bits, gram | byte << 24);
        mark(bitmap, bits, gram << 8 | byte);
    }
    if (length == GRAM_BYTES)
        mark(bitmap, bits, load_gram(text));
}

static void mark_beginning(struct literals *l, uint32_t gram)
{
    uint32_t h = hash_gram(gram, SHORT_BITS);
    l->short_bits[h / 32] |= (uint32_t)1 << (h % 32);
}

static void fill_bitmap(struct arena *a, struct literals *l)
{
    size_t marks = 0;
    for (size_t i = 0; i < l->gram_count; i++)
        marks += l->grams[i].length > GRAM_BYTES ? BITS_OF_GRAM : BITS_OF_SHORT;
    l->bitmap_bits = bits_for(marks, 10, 23);
    uint64_t *bitmap = arena_calloc(a, (size_t)1 << (l->bitmap_bits - 6), sizeof *bitmap);
    for (size_t i = 0; i < l->gram_count; i++) {
        const struct literal_gram *g = &l->grams[i];
        if (g->length > GRAM_BYTES)
            mark(bitmap, l->bitmap_bits, g->gram);
        else
            mark_short(bitmap, l->bitmap_bits, g->gram, g->length, l->texts + l->items[g->literal].text);
        if (g->length <= GRAM_BYTES)
            mark_beginning(l, g->gram);
    }
    l->bitmap = bitmap;
}

const struct literals *literals_build(struct arena *a, const struct literal_source *sources, size_t count)
{
    struct literals *l = arena_calloc(a, 1, sizeof *l);
    struct choice *choices = choose_grams(sources, count);
    struct literal_gram *grams = g_new0(struct literal_gram, 2 * count);
    uint32_t *pairs = arena_calloc(a, count, sizeof *pairs);
    fill_items(a, l, choices, count);
    for (uint32_t i = 0; i < l->count; i++)
        add_grams(l, i, choices[l->items[i].first_owner].at, grams, pairs);
    l->pairs = pairs;
    l->bucket_bits = bits_for(l->gram_count, 4, 20);
    sort_into_buckets(a, l, grams);
    fill_bitmap(a, l);
    g_free(grams);
    g_free(choices);
    return l;
}

/* ------------------------------------------------------------------ scan */

struct scan {
    const struct literals *l;
    const char *text;
    size_t length;
    literal_hit_fn *hit;
    void *data;
};

/* The next even place at or behind at whose gram the bitmap knows, or one from
 * which on there is no whole gram. What the loop needs is in registers. */
static inline size_t next_place(const struct literals *l, const char *text, size_t at, size_t length)
{
    const uint64_t *bitmap = l->bitmap;
    const uint32_t bits = l->bitmap_bits;
    for (; at + GRAM_BYTES <= length; at += 2) {
        uint32_t h = hash_gram(load_gram(text + at), bits);
        if (bitmap[h >> 6] >> (h & 63) & 1)
            break;
    }
    return at;
}

/* The bitmap knows the gram at this place: which literals stand around it? */
static void verify(const struct scan *s, size_t at, uint32_t gram)
{
    const struct literals *l = s->l;
    const uint32_t *bucket = l->buckets + hash_gram(gram, l->bucket_bits);
    const struct literal_gram *end = l->grams + bucket[1];
    for (const struct literal_gram *g = l->grams + bucket[0]; g < end; g++) {
        if (g->gram != gram || g->length <= GRAM_BYTES || g->at > at || g->length > s->length - (at - g->at))
            continue;
        const char *start = s->text + at - g->at;
        if (load_gram(start + g->length - GRAM_BYTES) == g->tail &&
            memcmp(start, l->texts + l->items[g->literal].text, g->length) == 0)
            s->hit(s->data, g->literal, at - g->at);
    }
}

/* Literals of up to GRAM_BYTES bytes, of which the first ones are gram. */
static void verify_short(const struct scan *s, size_t at, uint32_t gram)
{
    const struct literals *l = s->l;
    uint32_t bucket = hash_gram(gram, l->bucket_bits), end = l->buckets[bucket + 1];
    for (uint32_t i = l->buckets[bucket]; i < end; i++) {
        const struct literal_gram *g = &l->grams[i];
        if (g->gram == gram && g->length <= GRAM_BYTES && g->length <= s->length - at &&
            memcmp(s->text + at, l->texts + l->items[g->literal].text, g->length) == 0)
            s->hit(s->data, g->literal, at);
    }
}

static inline bool may_be_short(const struct literals *l, uint32_t gram)
{
    uint32_t h = hash_gram(gram, SHORT_BITS);
    return l->short_bits[h / 32] >> (h % 32) & 1;
}

static __attribute__((noinline)) void verify_place(const struct scan *s, size_t at)
{
    uint32_t gram = load_gram(s->text + at);
    verify(s, at, gram);
    if (may_be_short(s->l, gram & SHORT_MASK))
        verify_short(s, at, gram & SHORT_MASK);
    if (may_be_short(s->l, gram >> 8))
        verify_short(s, at + 1, gram >> 8);
}

/* A literal of 2 bytes: no gram can tell it, and there are few of them. */
static void scan_pair(const struct scan *s, uint32_t literal)
{
    const char *pair = s->l->texts + s->l->items[literal].text, *end = s->text + s->length;
    for (const char *at = s->text; end - at >= LITERAL_BYTES_MIN && (at = memchr(at, pair[0], (size_t)(end - at - 1))); at++)
        if (at[1] == pair[1])
            s->hit(s->data, literal, (size_t)(at - s->text));
}

void literals_scan(const struct literals *l, const char *text, size_t length, literal_hit_fn *hit, void *data)
{
    const struct scan s = {l, text, length, hit, data};
    if (!l->count)
        return;
    size_t at;
    for (at = 0; (at = next_place(l, text, at, length)) + GRAM_BYTES <= length; at += 2)
        verify_place(&s, at);
    if (l->shortest > GRAM_BYTES)
        return;
    if (at + SHORT_BYTES == length)
        verify_short(&s, at, load_short(text + at));
    for (uint32_t i = 0; i < l->pair_count; i++)
        scan_pair(&s, l->pairs[i]);
}

/* ------------------------------------------------------------- for regexes */

bool literal_is_ordinary(struct span text)
{
    struct span rest = span_of(ordinary, sizeof ordinary - 1);
    for (; text.n && rest.n >= text.n; rest.s++, rest.n--)
        if (g_ascii_strncasecmp(rest.s, text.s, text.n) == 0)
            return true;
    return false;
}
