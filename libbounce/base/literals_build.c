/* SPDX-License-Identifier: MIT */
/*
 * literals_build.c - builds an index of literals; see literals_build.h.
 *
 * In: folded literals, and a sample of the texts that will be searched for them. Out: the index. The bytes under which
 * a literal is indexed are chosen literal by literal, those with the least choice first: a gram at which the search
 * already stops costs little to use again.
 */
#include "base/literals_build.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------- rare or common */

/* The ordinary words of reports, which say nothing about a failure. A gram that
 * occurs here occurs in most texts. */
static const char ordinary[] =
    " this is the mail system at host. i'm sorry to have to inform you that your message could not be delivered to one "
    "or more recipients. it's attached below. for further assistance, please send mail to postmaster. if you do so, "
    "please include this problem report. you can delete your own text from the attached returned message. this message "
    "was created automatically by mail delivery software. a message that you sent could not be delivered to all of its "
    "recipients. the following address failed: this is a permanent error. the error that the other server returned "
    "was: said: 550 5.1.1 554 5.7.1 550 5.7.1 421 4.7.0 in reply to rcpt to command (in reply to end of data command) "
    "delivery has failed to these recipients or groups: diagnostic information for administrators: generating server: "
    "remote server returned reporting-mta: dns; final-recipient: rfc822; action: failed status: 5.0.0 remote-mta: "
    "diagnostic-code: smtp; last-attempt-date: mon, 12 jan 2026 10:00:00 +0000 user email account address domain "
    "recipient sender server rejected because with from been has have which than that when will your are and not "
    "contact administrator please try again later see https://www.google.com http:// support help more information "
    ".example.com .example.net .example.org <user@example.com> mx.mail. smtp. .com .net .org service connection "
    "from: mailer-daemon@ postmaster@ mail delivery system subsystem content-type: multipart/report "
    "the email account that you tried to reach the recipient's e-mail address was not found. check the ";

/* How often a gram or window occurs in the sample, and how often it was chosen. */
struct key_count {
    uint64_t key; /* 0: free */
    uint32_t in_sample, chosen;
};

struct key_counts {
    struct key_count *slots;
    uint32_t bits;
    size_t used;
};

static struct key_count *find_slot(const struct key_counts *c, uint64_t key)
{
    uint32_t i = literal_hash_window(key, c->bits), last = (1u << c->bits) - 1;
    while (c->slots[i].key && c->slots[i].key != key)
        i = (i + 1) & last;
    return &c->slots[i];
}

static void grow_counts(struct key_counts *c)
{
    struct key_counts larger = {g_new0(struct key_count, (size_t)2 << c->bits), c->bits + 1, c->used};
    for (size_t i = 0; i < (size_t)1 << c->bits; i++)
        if (c->slots[i].key)
            *find_slot(&larger, c->slots[i].key) = c->slots[i];
    g_free(c->slots);
    *c = larger;
}

static struct key_count *add_key(struct key_counts *c, uint64_t key)
{
    if (c->used * 2 >= (size_t)1 << c->bits)
        grow_counts(c);
    struct key_count *slot = find_slot(c, key);
    c->used += !slot->key;
    slot->key = key;
    return slot;
}

static void count_sample(struct key_counts *c, struct span text)
{
    for (size_t i = 0; i + LITERAL_GRAM_BYTES <= text.n; i++)
        add_key(c, literal_gram(text.s + i))->in_sample++;
    for (size_t i = 0; i + LITERAL_WINDOW_BYTES <= text.n; i++)
        add_key(c, literal_window(text.s + i))->in_sample++;
}

/* ----------------------------------------------------------------- choose */

static enum literal_kind kind_of(size_t length)
{
    return length > LITERAL_WINDOW_BYTES ? LITERAL_LONG : length > LITERAL_GRAM_BYTES ? LITERAL_MIDDLE : LITERAL_SHORT;
}

/* What a literal of this kind would be indexed under if the bytes at s were chosen. */
static uint64_t key_at(enum literal_kind kind, const char *s)
{
    return kind == LITERAL_LONG     ? literal_window(s)
           : kind == LITERAL_MIDDLE ? literal_gram(s)
                                    : literal_short(literal_gram(s));
}

/* The position in a literal at which its grams or windows are best taken, and in
 * *least what that costs the search: for stopping at a position, for reading its
 * bucket, and for each entry in it. */
static size_t cheapest_place(const struct key_counts *c, struct span text, uint64_t *least)
{
    enum { COST_OF_STOP = 8, COST_OF_ENTRY = 8 };
    enum literal_kind kind = kind_of(text.n);
    size_t best = 0, bytes = kind == LITERAL_LONG ? LITERAL_WINDOW_BYTES : LITERAL_GRAM_BYTES;
    *least = UINT64_MAX;
    for (size_t i = 0; i + bytes < text.n; i++) {
        uint64_t cost = 0;
        for (const char *s = text.s + i; s <= text.s + i + 1; s++) {
            const struct key_count *gram = find_slot(c, literal_gram(s)), *entry = find_slot(c, key_at(kind, s));
            cost += (gram->chosen ? 0 : COST_OF_STOP * (uint64_t)gram->in_sample) +
                    COST_OF_ENTRY * (uint64_t)entry->in_sample + entry->chosen;
        }
        if (cost < *least) {
            *least = cost;
            best = i;
        }
    }
    return best;
}

/* The text that was chosen from a source. */
struct choice {
    struct span text;
    uint32_t owner;
};

/* The cheapest of the texts; if all are too short to have a cost, the longest. */
static struct span choose_text(const struct key_counts *c, const struct literal_source *source)
{
    struct span best = {NULL, 0};
    uint64_t least = UINT64_MAX, cost;
    for (size_t i = 0; i < source->text_count; i++) {
        struct span text = span_z(source->texts[i]);
        cheapest_place(c, text, &cost);
        if (cost < least || (least == UINT64_MAX && text.n > best.n)) {
            best = text;
            least = cost;
        }
    }
    return best;
}

/* Puts equal texts next to each other: they become one literal. */
static int compare_choices(const void *left, const void *right)
{
    const struct choice *a = left, *b = right;
    int order = strcmp(a->text.s, b->text.s);
    if (order == 0)
        order = (a->owner > b->owner) - (a->owner < b->owner);
    return order;
}

static struct choice *choose_texts(const struct key_counts *c, const struct literal_source *sources, size_t count)
{
    struct choice *choices = g_new0(struct choice, count);
    for (size_t i = 0; i < count; i++)
        choices[i] = (struct choice){choose_text(c, &sources[i]), sources[i].owner};
    if (count)
        qsort(choices, count, sizeof *choices, compare_choices);
    return choices;
}

/* Fills in the distinct texts and their owners. */
static void fill_items(struct arena *a, struct literals *l, const struct choice *choices, size_t count)
{
    struct literal *items = arena_calloc(a, count, sizeof *items), *last = items;
    uint32_t *owners = arena_calloc(a, count, sizeof *owners);
    struct strbuf texts;
    strbuf_init(&texts, a);
    for (size_t i = 0; i < count; i++) {
        if (!i || strcmp(choices[i].text.s, choices[i - 1].text.s) != 0) {
            last = &items[l->count++];
            *last = (struct literal){
                .text = (uint32_t)texts.n, .first_owner = (uint32_t)i, .length = (uint32_t)choices[i].text.n};
            strbuf_add(&texts, choices[i].text.s, choices[i].text.n + 1);
        }
        last->owner_count++;
        owners[i] = choices[i].owner;
    }
    l->texts = texts.s;
    l->items = items;
    l->owners = owners;
    l->owner_count = (uint32_t)count;
}

/* ----------------------------------------------------------------- tables */

/* The index while it is being built: its entries are not yet sorted. */
struct building {
    struct arena *arena;
    struct literals *l;
    struct key_counts counts;
    struct literal_entry *entries[LITERAL_KINDS];
    uint32_t *pairs;
};

static struct span literal_text(const struct literals *l, uint32_t literal)
{
    return span_of(l->texts + l->items[literal].text, l->items[literal].length);
}

static void add_entry(struct building *b, uint32_t literal, size_t at)
{
    struct span text = literal_text(b->l, literal);
    enum literal_kind kind = kind_of(text.n);
    char bytes[LITERAL_WINDOW_BYTES] = {0};
    memcpy(bytes, kind == LITERAL_LONG ? text.s + at : text.s, MIN(text.n, sizeof bytes));
    struct literal_entry entry = {
        .window = literal_window(bytes), .literal = literal, .at = (uint16_t)at, .length = (uint16_t)text.n};
    entry.tail =
        kind == LITERAL_LONG ? literal_window(text.s + text.n - LITERAL_WINDOW_BYTES) : UINT64_MAX >> (64 - 8 * text.n);
    b->entries[kind][b->l->tables[kind].count++] = entry;
    add_key(&b->counts, literal_gram(text.s + at))->chosen++;
    if (kind == LITERAL_LONG)
        add_key(&b->counts, literal_window(text.s + at))->chosen++;
}

/* Adds both entries of a literal, or the only one of a short one; a pair has none. */
static void enter_literal(struct building *b, uint32_t literal)
{
    struct span text = literal_text(b->l, literal);
    uint64_t cost;
    if (text.n < LITERAL_SHORT_BYTES) {
        b->pairs[b->l->pair_count++] = literal;
    } else if (kind_of(text.n) == LITERAL_SHORT) {
        add_entry(b, literal, 0);
    } else {
        size_t at = cheapest_place(&b->counts, text, &cost);
        add_entry(b, literal, at + 1); /* both of "aaaaa" are found at one position: the first one first */
        add_entry(b, literal, at);
    }
}

static int compare_numbers(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Shorter literals, which have the least choice, come first. */
static void enter_all(struct building *b)
{
    uint32_t count = b->l->count;
    uint64_t *order = g_new(uint64_t, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++)
        order[i] = (uint64_t)b->l->items[i].length << 32 | i;
    qsort(order, count, sizeof *order, compare_numbers);
    for (uint32_t i = 0; i < count; i++)
        enter_literal(b, (uint32_t)order[i]);
    g_free(order);
}

static uint32_t bits_for(size_t count, uint32_t least, uint32_t most)
{
    uint32_t bits = least;
    while (bits < most && ((size_t)1 << bits) < count)
        bits++;
    return bits;
}

/* What a middle or short literal is indexed under. */
static uint32_t gram_of(enum literal_kind kind, const struct literal_entry *e)
{
    uint32_t gram = (uint32_t)(e->window >> 8 * e->at);
    return kind == LITERAL_SHORT ? literal_short(gram) : gram;
}

static uint32_t bucket_of(enum literal_kind kind, const struct literal_entry *e, uint32_t bits)
{
    return kind == LITERAL_LONG ? literal_hash_window(e->window, bits) : literal_hash_gram(gram_of(kind, e), bits);
}

/* Sorts the entries into buckets by counting, and keeps their order in each. Long
 * literals need fewer buckets: a bitmap has ruled out most other windows. */
static void fill_table(struct building *b, enum literal_kind kind)
{
    struct literal_table *t = &b->l->tables[kind];
    const struct literal_entry *entries = b->entries[kind];
    enum { BUCKET_BITS_MIN = 4, BUCKET_BITS_MAX = 20 };
    const size_t wanted = kind == LITERAL_LONG ? t->count : (size_t)t->count * 2;
    t->bucket_bits = bits_for(wanted, BUCKET_BITS_MIN, BUCKET_BITS_MAX);
    struct literal_entry *sorted = arena_calloc(b->arena, t->count, sizeof *sorted);
    size_t bucket_count = (size_t)1 << t->bucket_bits;
    uint32_t *buckets = arena_calloc(b->arena, bucket_count + 1, sizeof *buckets);
    for (size_t i = 0; i < t->count; i++)
        buckets[bucket_of(kind, &entries[i], t->bucket_bits) + 1]++;
    for (size_t i = 0; i < bucket_count; i++)
        buckets[i + 1] += buckets[i];
    uint32_t *next = g_memdup2(buckets, bucket_count * sizeof *next);
    for (size_t i = 0; i < t->count; i++)
        sorted[next[bucket_of(kind, &entries[i], t->bucket_bits)]++] = entries[i];
    g_free(next);
    t->entries = sorted;
    t->buckets = buckets;
}

/* ---------------------------------------------------------------- bitmaps */

/* Bits for each mark, enough that few are set; the most marks that a short literal sets. */
enum { BITS_OF_MARK = 16, MARKS_OF_SHORT = 2 * 256, BITMAP_BITS_MIN = 10, BITMAP_BITS_MAX = 24 };

static uint64_t *new_bitmap(struct building *b, struct literal_bitmap *bitmap, size_t marks)
{
    bitmap->bits = bits_for(marks * BITS_OF_MARK, BITMAP_BITS_MIN, BITMAP_BITS_MAX);
    uint64_t *words = arena_calloc(b->arena, (size_t)1 << (bitmap->bits - 6), sizeof *words);
    bitmap->words = words;
    return words;
}

static void set_bit(uint64_t *words, uint32_t i)
{
    words[i >> 6] |= (uint64_t)1 << (i & 63);
}

/* Whether a folded text may have this byte next to a short literal; 0 is its end. */
static bool is_text_byte(uint32_t byte)
{
    return byte < 'A' || byte > 'Z';
}

typedef uint32_t hash_fn(uint32_t gram, uint32_t bits);

/* A literal of 3 or 4 bytes shows at an even position with any byte after its
 * first 3 bytes, at an odd one with any byte before them. */
static void mark_short(uint64_t *words, uint32_t bits, hash_fn *hash, const struct literal_entry *e)
{
    uint32_t gram = (uint32_t)e->window;
    for (uint32_t byte = 0; byte < 256; byte++) {
        if (!is_text_byte(byte))
            continue;
        if (e->length < LITERAL_GRAM_BYTES)
            set_bit(words, hash(gram | byte << 24, bits));
        set_bit(words, hash(gram << 8 | byte, bits));
    }
    if (e->length == LITERAL_GRAM_BYTES)
        set_bit(words, hash(gram, bits));
}

/* Marks the grams of all literals except the long ones. */
static void mark_others(const struct building *b, uint64_t *words, uint32_t bits, hash_fn *hash)
{
    const struct literal_table *middle = &b->l->tables[LITERAL_MIDDLE], *shorts = &b->l->tables[LITERAL_SHORT];
    for (size_t i = 0; i < middle->count; i++)
        set_bit(words, hash(gram_of(LITERAL_MIDDLE, &middle->entries[i]), bits));
    for (size_t i = 0; i < shorts->count; i++)
        mark_short(words, bits, hash, &shorts->entries[i]);
}

static void fill_bitmaps(struct building *b)
{
    struct literals *l = b->l;
    const struct literal_table *longs = &l->tables[LITERAL_LONG], *shorts = &l->tables[LITERAL_SHORT];
    size_t other_marks = l->tables[LITERAL_MIDDLE].count + (size_t)shorts->count * MARKS_OF_SHORT;
    uint64_t *places = new_bitmap(b, &l->places, longs->count + other_marks);
    uint64_t *windows = new_bitmap(b, &l->windows, longs->count);
    for (size_t i = 0; i < longs->count; i++) {
        set_bit(places, literal_hash_gram((uint32_t)longs->entries[i].window, l->places.bits));
        set_bit(windows, literal_hash_window(longs->entries[i].window, l->windows.bits));
    }
    uint64_t *others = new_bitmap(b, &l->others, other_marks), *beginnings = new_bitmap(b, &l->shorts, shorts->count);
    mark_others(b, places, l->places.bits, literal_hash_gram);
    mark_others(b, others, l->others.bits, literal_hash_other);
    for (size_t i = 0; i < shorts->count; i++)
        set_bit(beginnings, literal_hash_gram(gram_of(LITERAL_SHORT, &shorts->entries[i]), l->shorts.bits));
}

const struct literals *literals_build(struct arena *a, const struct literal_source *sources, size_t count,
                                      struct span sample)
{
    enum { FIRST_SLOT_BITS = 10 };
    struct building b = {.arena = a,
                         .l = arena_calloc(a, 1, sizeof *b.l),
                         .counts = {g_new0(struct key_count, 1 << FIRST_SLOT_BITS), FIRST_SLOT_BITS, 0}};
    count_sample(&b.counts, span_z(ordinary));
    count_sample(&b.counts, sample);
    struct choice *choices = choose_texts(&b.counts, sources, count);
    fill_items(a, b.l, choices, count);
    for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
        b.entries[kind] = g_new0(struct literal_entry, 2 * count + 1);
    b.pairs = arena_calloc(a, count, sizeof *b.pairs);
    b.l->pairs = b.pairs;
    enter_all(&b);
    for (size_t kind = 0; kind < LITERAL_KINDS; kind++) {
        fill_table(&b, (enum literal_kind)kind);
        g_free(b.entries[kind]);
    }
    fill_bitmaps(&b);
    g_free(choices);
    g_free(b.counts.slots);
    return b.l;
}

bool literal_is_ordinary(struct span text)
{
    return span_find_word(span_of(ordinary, sizeof ordinary - 1), text) != NULL;
}
