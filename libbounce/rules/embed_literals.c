/* SPDX-License-Identifier: MIT */
/*
 * embed_literals.c - the C code of an index of literals (base/literals.h).
 *
 * What comes in: an index. What goes out: its tables as C. Nothing is refused.
 */
#include "rules/embed_literals.h"
#include "base/literals.h"
#include "rules/embed_text.h"

#include <glib.h>
#include <inttypes.h>

static size_t bytes_of_texts(const struct literals *l)
{
    const struct literal *last = l->count ? &l->items[l->count - 1] : NULL;
    return last ? (size_t)last->text + last->length + 1 : 0;
}

static void put_literal_table(FILE *out, const struct literal_table *t, const char *name, size_t kind)
{
    char which[24];
    g_snprintf(which, sizeof which, "entries%zu", kind);
    begin_table(out, "struct literal_entry", table_name(name, which));
    for (size_t i = 0; i < t->count; i++)
        fprintf(out, "{UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64 "), %u, %u, %u},\n", t->entries[i].window,
                t->entries[i].tail, (unsigned)t->entries[i].literal, t->entries[i].at, t->entries[i].length);
    end_table(out);
    g_snprintf(which, sizeof which, "buckets%zu", kind);
    put_numbers(out, table_name(name, which), t->buckets, ((size_t)1 << t->bucket_bits) + 1);
}

static void put_bitmap(FILE *out, const struct literal_bitmap *bitmap, const char *name, const char *which)
{
    put_bits(out, table_name(name, which), bitmap->words, (size_t)1 << (bitmap->bits - 6));
}

static void put_literal_tables(FILE *out, const struct literals *l, const char *name)
{
    put_texts(out, table_name(name, "texts"), l->texts, bytes_of_texts(l));
    begin_table(out, "struct literal", table_name(name, "items"));
    for (size_t i = 0; i < l->count; i++)
        fprintf(out, "{%u, %u, %u, %u},\n", (unsigned)l->items[i].text, (unsigned)l->items[i].first_owner,
                (unsigned)l->items[i].length, (unsigned)l->items[i].owner_count);
    end_table(out);
    put_numbers(out, table_name(name, "owners"), l->owners, l->owner_count);
    put_numbers(out, table_name(name, "pairs"), l->pairs, l->pair_count);
    for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
        put_literal_table(out, &l->tables[kind], name, kind);
    put_bitmap(out, &l->places, name, "places");
    put_bitmap(out, &l->windows, name, "windows");
    put_bitmap(out, &l->others, name, "others");
    put_bitmap(out, &l->shorts, name, "shorts");
}

static void put_bitmap_member(FILE *out, const struct literal_bitmap *bitmap, const char *name, const char *which)
{
    fprintf(out, " .%s = {%s_%s, %u},\n", which, name, which, (unsigned)bitmap->bits);
}

void put_literals(FILE *out, const struct literals *l, const char *name, const char *linkage)
{
    put_literal_tables(out, l, name);
    fprintf(out, "%sconst struct literals %s = {\n", linkage, name);
    fprintf(out, " .texts = %s_texts, .items = %s_items, .owners = %s_owners, .pairs = %s_pairs,\n", name, name, name,
            name);
    fputs(" .tables = {\n", out);
    for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
        fprintf(out, "  {%s_entries%zu, %s_buckets%zu, %u, %u},\n", name, kind, name, kind,
                (unsigned)l->tables[kind].count, (unsigned)l->tables[kind].bucket_bits);
    fputs(" },\n", out);
    put_bitmap_member(out, &l->places, name, "places");
    put_bitmap_member(out, &l->windows, name, "windows");
    put_bitmap_member(out, &l->others, name, "others");
    put_bitmap_member(out, &l->shorts, name, "shorts");
    fprintf(out, " .count = %u, .owner_count = %u, .pair_count = %u};\n\n", (unsigned)l->count,
            (unsigned)l->owner_count, (unsigned)l->pair_count);
}
