/* SPDX-License-Identifier: MIT */
/*
 * packer.c - strings, lists and patterns of a layer as places in tables; see packer.h.
 *
 * In: the pieces as they were parsed. Out: where each is. Equal strings, lists and scopes are stored once.
 */
#include "rules/packer.h"
#include "rules/arrays.h"

static void pool_init(struct pool *p)
{
    p->bytes = g_byte_array_new();
    p->places = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
}

static void pool_free(struct pool *p)
{
    g_hash_table_destroy(p->places);
    g_byte_array_free(p->bytes, TRUE);
}

static uint32_t pool_add(struct pool *p, const void *piece, size_t size)
{
    GBytes *key = g_bytes_new(piece, size);
    gpointer place;
    if (g_hash_table_lookup_extended(p->places, key, NULL, &place)) {
        g_bytes_unref(key);
        return GPOINTER_TO_UINT(place);
    }
    uint32_t offset = p->bytes->len;
    g_hash_table_insert(p->places, key, GUINT_TO_POINTER(offset));
    g_byte_array_append(p->bytes, piece, (guint)size);
    return offset;
}

/* All that is in the pool, in the arena. */
static const void *pool_keep(struct packer *p, const struct pool *pool, size_t item_bytes, size_t *count)
{
    *count = pool->bytes->len / item_bytes;
    return array_copy(p->arena, pool->bytes->data, pool->bytes->len);
}

/* ------------------------------------------------------ strings and lists */

string_at pack_string(struct packer *p, const char *s)
{
    return s ? pool_add(&p->strings, s, strlen(s) + 1) : 0;
}

list_at pack_list(struct packer *p, const char *const *strings)
{
    if (!strings || !*strings)
        return 0;
    GArray *list = g_array_new(TRUE, FALSE, sizeof(string_at)); /* ends with a 0 */
    for (; *strings; strings++) {
        string_at at = pack_string(p, *strings);
        g_array_append_val(list, at);
    }
    list_at at = pool_add(&p->lists, list->data, (list->len + 1) * sizeof(string_at)) / (uint32_t)sizeof(string_at);
    g_array_free(list, TRUE);
    return at;
}

/* --------------------------------------------------------------- patterns */

static void pack_element(struct packer *p, const struct parsed_element *from)
{
    struct row_element to = {.what = from->class ? from->class->index : pack_string(p, from->text),
                             .barrier = from->barrier ? from->barrier->index + 1 : 0,
                             .slot = from->slot,
                             .length = (uint16_t)(from->text ? strlen(from->text) : 0),
                             .link = (uint8_t)from->link,
                             .is_class = from->class != NULL,
                             .optional = from->optional,
                             .open_start = from->open_start,
                             .open_end = from->open_end};
    g_array_append_val(p->elements, to);
}

static struct pattern pack_row(struct packer *p, const struct parsed_pattern *from)
{
    const struct parsed_row *row = from->row;
    struct pattern to = {.text = pack_string(p, from->source),
                         .more = p->elements->len,
                         .length = (uint16_t)row->found_by,
                         .segment_count = (uint8_t)row->count,
                         .is_row = true,
                         .indexed = from->indexed,
                         .whole_words = true,
                         .at_start = row->at_start,
                         .at_end = row->at_end,
                         .is_near = from->is_near,
                         .masked = from->masked};
    for (size_t i = 0; i < row->count; i++)
        pack_element(p, &row->elements[i]);
    return to;
}

/* The text of a pattern is the first part of the phrase, or the expression. */
struct pattern pack_pattern(struct packer *p, const struct parsed_pattern *from)
{
    if (from->row)
        return pack_row(p, from);
    const char *text = from->is_regex ? from->source : from->segment_count ? from->segments[0] : NULL;
    struct pattern to = {.text = pack_string(p, text),
                         .more = from->is_regex            ? from->regex_id
                                 : from->segment_count > 1 ? p->segments->len
                                                           : 0,
                         .length = (uint16_t)(text ? strlen(text) : 0),
                         .segment_count = from->segment_count,
                         .is_regex = from->is_regex,
                         .open_end = from->open_end,
                         .indexed = from->indexed,
                         .open_start = from->open_start,
                         .whole_words = from->whole_words,
                         .is_near = from->is_near,
                         .masked = from->masked,
                         .token = from->token};
    if (from->is_regex)
        p->regex_also[from->regex_id] = pack_list(p, from->also);
    for (size_t i = 1; i < from->segment_count; i++) {
        struct segment other = {pack_string(p, from->segments[i]), (uint32_t)strlen(from->segments[i])};
        g_array_append_val(p->segments, other);
    }
    return to;
}

struct range pack_patterns(struct packer *p, const struct parsed_pattern *from, size_t count)
{
    struct range range = {p->patterns->len, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        struct pattern to = pack_pattern(p, &from[i]);
        g_array_append_val(p->patterns, to);
    }
    return range;
}

uint32_t pack_scope(struct packer *p, const struct parsed_scope *from)
{
    struct scope to = {.hosts = pack_list(p, from->hosts),
                       .softwares = pack_list(p, from->softwares),
                       .langs = pack_list(p, from->langs),
                       .codes = pack_list(p, from->codes),
                       .statuses = pack_list(p, from->statuses),
                       .commands = from->commands,
                       .origins = from->origins};
    return pool_add(&p->scopes, &to, sizeof to) / (uint32_t)sizeof to;
}

/* Place 0 must never be given to anything. */
void packer_init(struct packer *p, struct arena *a)
{
    static const string_at no_list;
    static const struct scope everywhere;
    *p = (struct packer){.arena = a, .layer = arena_calloc(a, 1, sizeof *p->layer)};
    pool_init(&p->strings);
    pool_init(&p->lists);
    pool_init(&p->scopes);
    g_byte_array_append(p->strings.bytes, (const guint8 *)"", 1);
    g_byte_array_append(p->lists.bytes, (const guint8 *)&no_list, sizeof no_list);
    pool_add(&p->scopes, &everywhere, sizeof everywhere);
    p->patterns = g_array_new(FALSE, FALSE, sizeof(struct pattern));
    p->segments = g_array_new(FALSE, FALSE, sizeof(struct segment));
    p->elements = g_array_new(FALSE, FALSE, sizeof(struct row_element));
    p->decided = g_array_new(FALSE, FALSE, sizeof(struct dialect_decided));
    p->commands = g_array_new(FALSE, FALSE, sizeof(struct dialect_command));
}

void packer_finish(struct packer *p)
{
    struct layer *layer = p->layer;
    layer->strings = pool_keep(p, &p->strings, 1, &layer->string_bytes);
    layer->lists = pool_keep(p, &p->lists, sizeof *layer->lists, &layer->list_count);
    layer->scopes = pool_keep(p, &p->scopes, sizeof *layer->scopes, &layer->scope_count);
    pool_free(&p->strings);
    pool_free(&p->lists);
    pool_free(&p->scopes);
    layer->pattern_count = p->patterns->len;
    layer->patterns = array_keep(p->arena, p->patterns);
    layer->segment_count = p->segments->len;
    layer->segments = array_keep(p->arena, p->segments);
    layer->row_element_count = p->elements->len;
    layer->row_elements = array_keep(p->arena, p->elements);
    layer->decided_count = p->decided->len;
    layer->decided = array_keep(p->arena, p->decided);
    layer->command_count = p->commands->len;
    layer->commands = array_keep(p->arena, p->commands);
}
