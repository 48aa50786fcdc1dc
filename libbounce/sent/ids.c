/* SPDX-License-Identifier: MIT */
/*
 * ids.c - see ids.h.
 *
 * In: Message-IDs. Out: whether one is among them. Nothing is refused.
 */
#include "sent/ids.h"

#include <glib.h>
#include <string.h>

#include "base/hash.h"

struct span sent_id_trim(struct span id)
{
    id = span_trim(id);
    if (id.n > 1 && id.s[0] == '<' && id.s[id.n - 1] == '>')
        id = span_trim(span_of(id.s + 1, id.n - 2));
    return id;
}

/* The slot of an id, or the free one where it belongs. */
static size_t *slot_of(const struct sent_ids *ids, struct span small)
{
    size_t at = (size_t)hash_bytes(small, ids) & (ids->capacity - 1);
    for (;; at = (at + 1) & (ids->capacity - 1)) {
        const size_t begin = ids->slots[at];
        const char *known = begin ? ids->bytes + begin - 1 : NULL;
        if (!known || (strlen(known) == small.n && memcmp(known, small.s, small.n) == 0))
            return &ids->slots[at];
    }
}

static void grow(struct sent_ids *ids)
{
    const size_t before = ids->capacity;
    size_t *old = ids->slots;
    ids->capacity = before ? before * 2 : 64;
    ids->slots = g_new0(size_t, ids->capacity);
    for (size_t i = 0; i < before; i++)
        if (old[i])
            *slot_of(ids, span_z(ids->bytes + old[i] - 1)) = old[i];
    g_free(old);
}

void sent_ids_add(struct sent_ids *ids, struct span id)
{
    id = sent_id_trim(id);
    if (!id.n || memchr(id.s, '\0', id.n))
        return;
    if (ids->count * 2 >= ids->capacity)
        grow(ids);
    if (ids->n + id.n + 1 > ids->room) {
        ids->room = (ids->n + id.n + 1) * 2;
        ids->bytes = g_realloc(ids->bytes, ids->room);
    }
    char *copy = ids->bytes + ids->n;
    bytes_lower(copy, id.s, id.n);
    copy[id.n] = '\0';
    size_t *slot = slot_of(ids, span_of(copy, id.n));
    if (*slot)
        return;
    *slot = ids->n + 1;
    ids->n += id.n + 1;
    ids->count++;
}

bool sent_ids_has(const struct sent_ids *ids, struct span id)
{
    id = sent_id_trim(id);
    if (!ids->count || !id.n)
        return false;
    char *small = g_ascii_strdown(id.s, (gssize)id.n);
    const bool known = *slot_of(ids, span_of(small, id.n)) != 0;
    g_free(small);
    return known;
}

void sent_ids_clear(struct sent_ids *ids)
{
    g_free(ids->bytes);
    g_free(ids->slots);
    *ids = (struct sent_ids){0};
}
