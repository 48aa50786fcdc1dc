/* SPDX-License-Identifier: MIT */
/*
 * word_heads.c - the table of how the words of rows begin.
 *
 * What comes in: the rows of all files, with their classes. What goes out: a slot for each class and for each head of a
 * literal, and for each head of a word the slots of what begins with it. Without a slot: what may begin inside a word,
 * or may end inside one before its head is complete, since the text then has a longer head there. Nothing is refused.
 */
#include "rules/word_heads.h"
#include "match/word_heads.h"
#include "rules/arrays.h"

/* A head and what begins with it; slot NO_SLOT: something that is looked for, but is known to be there already. */
struct head_slot {
    uint32_t bytes, slot;
};
enum { NO_SLOT = UINT32_MAX };

struct table {
    GArray *pairs;        /* of struct head_slot */
    GHashTable *literals; /* head of a literal -> its slot + 1 */
    uint32_t slots;
};

static bool begins_with_sign(const char *text)
{
    return (signed char)*text >= 0 && !is_word_char(*text) && *text != '\'';
}

/* False if it has none, or a text may have a longer one where it has this, because the word may go on. */
static bool head_of(const char *text, bool ends_inside, uint32_t *bytes)
{
    char padded[WORD_HEAD_BYTES + 1] = "";
    size_t n = strlen(text);
    memcpy(padded, text, MIN(n, WORD_HEAD_BYTES));
    *bytes = word_head_bytes(padded);
    if (begins_with_sign(text))
        return false;
    return !ends_inside || n >= WORD_HEAD_BYTES || word_head_length(padded) < n ||
           !(is_word_char(*text) || is_cyrillic(*text));
}

/* --------------------------------------------------------------- elements */

/* An element by which a row is found needs no slot. Nor does one that may be missing. */
static bool is_asked_for(const struct parsed_row *row, size_t index)
{
    bool is_found = !row->of_dialect && !row->is_exception && index == row->found_by;
    return !is_found && !row->elements[index].optional;
}

static bool is_touched(const struct parsed_row *row, size_t index)
{
    return index + 1 < row->count && row->elements[index + 1].link == LINK_TOUCH;
}

static void add_members(struct table *t, const struct parsed_class *class, uint32_t slot)
{
    struct head_slot pair = {.slot = slot};
    for (size_t i = 0; i < class->member_count; i++) {
        head_of(class->members[i].text, false, &pair.bytes);
        g_array_append_val(t->pairs, pair);
    }
}

static uint32_t add_class(struct table *t, struct parsed_class *class, bool asked)
{
    if (!class->by_heads)
        return 0;
    if (!class->in_heads)
        add_members(t, class, NO_SLOT);
    class->in_heads = true;
    if (asked && !class->slot) {
        add_members(t, class, t->slots++);
        class->slot = t->slots;
    }
    return asked ? class->slot : 0;
}

/* Literals with the same head share a slot. */
static uint32_t add_literal(struct table *t, const struct parsed_row *row, size_t index)
{
    const struct parsed_element *e = &row->elements[index];
    struct head_slot pair;
    if (e->open_start || (index && e->link == LINK_TOUCH) ||
        !head_of(e->text, e->open_end || is_touched(row, index), &pair.bytes))
        return 0;
    gpointer key = GUINT_TO_POINTER(pair.bytes), known = g_hash_table_lookup(t->literals, key);
    if (known)
        return GPOINTER_TO_UINT(known);
    pair.slot = t->slots++;
    g_array_append_val(t->pairs, pair);
    g_hash_table_insert(t->literals, key, GUINT_TO_POINTER(t->slots));
    return t->slots;
}

static void add_row(struct table *t, struct parsed_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        struct parsed_element *e = &row->elements[i];
        bool asked = is_asked_for(row, i);
        if (e->barrier)
            add_class(t, (struct parsed_class *)e->barrier, false);
        if (e->class)
            e->slot = add_class(t, (struct parsed_class *)e->class, asked);
        else if (asked)
            e->slot = add_literal(t, row, i);
    }
}

/* ------------------------------------------------------------------ table */

/* Compares by bucket, then head, then slot. */
static gint compare_pairs(gconstpointer left, gconstpointer right, gpointer bucket_bits)
{
    const struct head_slot *a = left, *b = right;
    const uint32_t bits = GPOINTER_TO_UINT(bucket_bits);
    const uint32_t in = literal_hash_gram(a->bytes, bits), other = literal_hash_gram(b->bytes, bits);
    if (in != other)
        return in < other ? -1 : 1;
    if (a->bytes != b->bytes)
        return a->bytes < b->bytes ? -1 : 1;
    return (a->slot > b->slot) - (a->slot < b->slot);
}

/* Four buckets for each head: most heads of a text that are not in the table meet an empty one. */
static uint32_t bits_for(const GArray *pairs)
{
    enum { BITS_MIN = 4 };
    GHashTable *heads = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < pairs->len; i++)
        g_hash_table_add(heads, GUINT_TO_POINTER(g_array_index(pairs, struct head_slot, i).bytes));
    uint32_t bits = BITS_MIN;
    while (bits < 31 && (1u << bits) < 4 * g_hash_table_size(heads))
        bits++;
    g_hash_table_destroy(heads);
    return bits;
}

static void add_block_bit(GArray *blocks, uint32_t first, uint32_t slot)
{
    struct head_block *last = blocks->len > first ? &g_array_index(blocks, struct head_block, blocks->len - 1) : NULL;
    if (!last || last->word != slot / WORD_SLOT_BITS) {
        struct head_block block = {.word = slot / WORD_SLOT_BITS};
        g_array_append_val(blocks, block);
        last = &g_array_index(blocks, struct head_block, blocks->len - 1);
    }
    last->bits |= (uint64_t)1 << (slot % WORD_SLOT_BITS);
}

static const uint32_t *find_buckets(struct arena *a, const GArray *items, uint32_t bits)
{
    uint32_t *buckets = arena_calloc(a, ((size_t)1 << bits) + 1, sizeof *buckets);
    for (guint i = 0; i < items->len; i++)
        buckets[literal_hash_gram(g_array_index(items, struct word_head, i).bytes, bits) + 1]++;
    for (size_t i = 0; i < (size_t)1 << bits; i++)
        buckets[i + 1] += buckets[i];
    return buckets;
}

static struct word_heads make_table(struct arena *a, const struct table *t)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct word_head));
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(struct head_block));
    struct word_heads heads = {.bucket_bits = bits_for(t->pairs), .slot_count = t->slots};
    struct word_head item = {.first = 0};
    g_array_sort_with_data(t->pairs, compare_pairs, GUINT_TO_POINTER(heads.bucket_bits));
    for (guint i = 0; i < t->pairs->len; i++) {
        const struct head_slot *pair = &g_array_index(t->pairs, struct head_slot, i);
        if (!i || item.bytes != pair->bytes) {
            item = (struct word_head){pair->bytes, blocks->len};
            g_array_append_val(items, item);
        }
        if (pair->slot != NO_SLOT)
            add_block_bit(blocks, item.first, pair->slot);
    }
    heads.buckets = find_buckets(a, items, heads.bucket_bits);
    heads.count = items->len;
    heads.block_count = blocks->len;
    item = (struct word_head){0, blocks->len};
    g_array_append_val(items, item);
    heads.items = array_keep(a, items);
    heads.blocks = array_keep(a, blocks);
    return heads;
}

struct word_heads word_heads_build(struct arena *a, struct rule_entries *e, bool of_dialects)
{
    struct table t = {.pairs = g_array_new(FALSE, FALSE, sizeof(struct head_slot)),
                      .literals = g_hash_table_new(NULL, NULL)};
    for (size_t i = 0; i < e->class_count; i++) {
        e->classes[i]->slot = 0;
        e->classes[i]->in_heads = false;
    }
    for (struct parsed_row *row = e->rows; row; row = row->next)
        if (row->of_dialect == of_dialects)
            add_row(&t, row);
    struct word_heads heads = make_table(a, &t);
    g_hash_table_destroy(t.literals);
    g_array_free(t.pairs, TRUE);
    return heads;
}

/* ---------------------------------------------------------------- classes */

static bool has_complete_heads(const struct parsed_class *class)
{
    uint32_t bytes;
    for (size_t i = 0; i < class->member_count; i++)
        if (!head_of(class->members[i].text, class->is_touched || class->members[i].open_end, &bytes))
            return false;
    return true;
}

void word_heads_choose(struct rule_entries *e)
{
    for (struct parsed_row *row = e->rows; row; row = row->next)
        for (size_t i = 0; i < row->count; i++)
            if (row->elements[i].class && is_touched(row, i))
                ((struct parsed_class *)row->elements[i].class)->is_touched = true;
    for (size_t i = 0; i < e->class_count; i++)
        e->classes[i]->by_heads = !e->classes[i]->inside_words && has_complete_heads(e->classes[i]);
}
