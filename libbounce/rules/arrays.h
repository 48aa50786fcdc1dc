/* SPDX-License-Identifier: MIT */
/* arrays.h - arrays in an arena. Private to rules/. */
#ifndef BOUNCE_RULES_ARRAYS_H
#define BOUNCE_RULES_ARRAYS_H

#include "base/arena.h"

#include <glib.h>

static inline void *array_copy(struct arena *a, const void *items, size_t bytes)
{
    void *copy = arena_alloc(a, bytes);
    if (bytes)
        memcpy(copy, items, bytes);
    return copy;
}

/* A copy of a GLib array, which is freed. */
static inline void *array_keep(struct arena *a, GArray *array)
{
    void *copy = array_copy(a, array->data, (size_t)array->len * g_array_get_element_size(array));
    g_array_free(array, TRUE);
    return copy;
}

#endif
