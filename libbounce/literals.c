/* SPDX-License-Identifier: MIT */
/*
 * literals.c - see literals.h.
 *
 * What comes in: literals and texts, both folded. What goes out: the owners
 * of the literals that stand in a text. Grams are numbers put together from
 * bytes by shifting, so that an index made on one machine fits another.
 */
#include "literals.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { GRAM_BYTES = 4, GRAM_BYTES_MIN = 2, SHORT_MASK = 0xffff };

static inline uint32_t load_gram(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Of 2 or 3 bytes. */
static inline uint32_t load_short_gram(const char *s, size_t bytes)
{
    const unsigned char *b = (const unsigned char *)s;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (bytes > 2 ? (uint32_t)b[2] << 16 : 0);
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

/* A literal on its way into the index. */
struct choice {
    struct span text;
    struct literal item;
};

/* Enters the text under its rarest gram if that is rarer than *least. A short
 * text is the last choice, and the longer of two. */
static void consider(GHashTable *counts, struct span text, guint *least, struct choice *choice)
{
    struct literal found = {.owner = choice->item.owner, .length = (uint16_t)text.n};
    found.tail = text.n < GRAM_BYTES ? 0 : load_gram(text.s + text.n - GRAM_BYTES);
    if (text.n < GRAM_BYTES && text.n >= GRAM_BYTES_MIN && *least == G_MAXUINT && text.n > choice->text.n) {
        found.gram = load_short_gram(text.s, text.n);
        *choice = (struct choice){text, found};
    }
    for (size_t i = 0; i + GRAM_BYTES <= text.n; i++) {
        found.gram = load_gram(text.s + i);
        found.gram_at = (uint16_t)i;
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, GUINT_TO_POINTER(found.gram)));
        if (n < *least) {
            *least = n;
            *choice = (struct choice){text, found};
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

/* Equal texts one after the other, so that they are compared once. */
static int compare_choices(const void *left, const void *right)
{
    const struct choice *a = left, *b = right;
    int order = strcmp(a->text.s, b->text.s);
    if (order == 0)
        order = (a->item.owner > b->item.owner) - (a->item.owner < b->item.owner);
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
        choices[i].item.owner = sources[i].owner;
        for (size_t j = 0; j < sources[i].text_count; j++)
            consider(counts, span_z(sources[i].texts[j]), &least, &choices[i]);
    }
    g_hash_table_destroy(counts);
    if (count)
        qsort(choices, count, sizeof *choices, compare_choices);
    return choices;
}

/* Puts the different texts one behind the other, with a NUL behind each. */
static const char *join_texts(struct arena *a, struct choice *choices, size_t count)
{
    struct strbuf texts;
    strbuf_init(&texts, a);
    for (size_t i = 0; i < count; i++) {
        bool again = i && strcmp(choices[i].text.s, choices[i - 1].text.s) == 0;
        choices[i].item.text = again ? choices[i - 1].item.text : (uint32_t)texts.n;
        if (!again)
            strbuf_add(&texts, choices[i].text.s, choices[i].text.n + 1);
    }
    return texts.s;
}

/* Counting sort into buckets; keeps the order of the literals in each. */
static const struct literal *sort_into_buckets(struct arena *a, const struct choice *choices, size_t count,
                                               uint32_t bits, uint32_t *buckets)
{
    struct literal *sorted = arena_calloc(a, count, sizeof *sorted);
    size_t bucket_count = (size_t)1 << bits;
    for (size_t i = 0; i < count; i++)
        buckets[hash_gram(choices[i].item.gram, bits) + 1]++;
    for (size_t i = 0; i < bucket_count; i++)
        buckets[i + 1] += buckets[i];
    uint32_t *next = g_memdup2(buckets, bucket_count * sizeof *next);
    for (size_t i = 0; i < count; i++)
        sorted[next[hash_gram(choices[i].item.gram, bits)]++] = choices[i].item;
    g_free(next);
    return sorted;
}

/* What the bitmap knows of a literal: its gram, or the first two bytes of a short one. */
static uint32_t bitmap_gram(const struct literal *item)
{
    return item->length < GRAM_BYTES ? item->gram & SHORT_MASK : item->gram;
}

const struct literals *literals_build(struct arena *a, const struct literal_source *sources, size_t count)
{
    struct literals *l = arena_calloc(a, 1, sizeof *l);
    struct choice *choices = choose_grams(sources, count);
    l->count = (uint32_t)count;
    l->shortest = GRAM_BYTES;
    l->bucket_bits = bits_for(count, 4, 20);
    l->bitmap_bits = bits_for(count * 32, 10, 23);
    uint32_t *buckets = arena_calloc(a, ((size_t)1 << l->bucket_bits) + 1, sizeof *buckets);
    uint64_t *bitmap = arena_calloc(a, (size_t)1 << (l->bitmap_bits - 6), sizeof *bitmap);
    for (size_t i = 0; i < count; i++) {
        uint32_t h = hash_gram(bitmap_gram(&choices[i].item), l->bitmap_bits);
        l->shortest = MIN(l->shortest, choices[i].item.length);
        bitmap[h >> 6] |= (uint64_t)1 << (h & 63);
    }
    l->texts = join_texts(a, choices, count);
    l->items = sort_into_buckets(a, choices, count, l->bucket_bits, buckets);
    l->buckets = buckets;
    l->bitmap = bitmap;
    g_free(choices);
    return l;
}

/* ------------------------------------------------------------------ scan */

/* The bitmap knows the gram at this place: which literals stand around it? */
static void verify(const struct literals *l, const char *text, size_t length, size_t at, uint32_t gram,
                   literal_hit_fn *hit, void *data)
{
    uint32_t bucket = hash_gram(gram, l->bucket_bits), compared = UINT32_MAX;
    bool stands = false;
    for (uint32_t i = l->buckets[bucket]; i < l->buckets[bucket + 1]; i++) {
        const struct literal *item = &l->items[i];
        if (item->gram != gram || item->gram_at > at || item->length > length - (at - item->gram_at))
            continue;
        if (item->text != compared) {
            const char *start = text + at - item->gram_at;
            compared = item->text;
            stands = (item->length < GRAM_BYTES || load_gram(start + item->length - GRAM_BYTES) == item->tail) &&
                     memcmp(start, l->texts + item->text, item->length) == 0;
        }
        if (stands)
            hit(data, item->owner);
    }
}

static inline bool in_bitmap(const struct literals *l, uint32_t gram)
{
    uint32_t h = hash_gram(gram, l->bitmap_bits);
    return l->bitmap[h >> 6] >> (h & 63) & 1;
}

/* Literals of 2 and 3 bytes that may begin at this place. */
static void verify_short(const struct literals *l, const char *text, size_t length, size_t at, literal_hit_fn *hit,
                         void *data)
{
    for (size_t bytes = GRAM_BYTES_MIN; bytes < GRAM_BYTES && at + bytes <= length; bytes++)
        verify(l, text, length, at, load_short_gram(text + at, bytes), hit, data);
}

/* With literals of 2 and 3 bytes, too. */
static void scan_all(const struct literals *l, const char *text, size_t length, literal_hit_fn *hit, void *data)
{
    size_t i = 0;
    for (; i + GRAM_BYTES <= length; i++) {
        uint32_t gram = load_gram(text + i);
        if (in_bitmap(l, gram))
            verify(l, text, length, i, gram, hit, data);
        if (in_bitmap(l, gram & SHORT_MASK))
            verify_short(l, text, length, i, hit, data);
    }
    for (; i + GRAM_BYTES_MIN <= length; i++)
        verify_short(l, text, length, i, hit, data);
}

void literals_scan(const struct literals *l, const char *text, size_t length, literal_hit_fn *hit, void *data)
{
    if (!l->count)
        return;
    if (l->shortest < GRAM_BYTES) {
        scan_all(l, text, length, hit, data);
        return;
    }
    for (size_t i = 0; i + GRAM_BYTES <= length; i++) {
        uint32_t gram = load_gram(text + i);
        if (in_bitmap(l, gram))
            verify(l, text, length, i, gram, hit, data);
    }
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
