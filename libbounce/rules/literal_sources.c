/* SPDX-License-Identifier: MIT */
/*
 * literal_sources.c - collects the literals of patterns for an index.
 *
 * What comes in: phrases and regular expressions, each with its owner. What goes out: the index by which owners are
 * found in a text. Nothing is refused; an expression without a certain literal is not indexed.
 */
#include "rules/literal_sources.h"
#include "base/literals.h"
#include "base/literals_build.h"

void literal_sources_init(struct literal_sources *s, struct arena *a, enum regex_effort effort, size_t regex_bytes_min)
{
    *s = (struct literal_sources){.arena = a, .effort = effort, .regex_bytes_min = regex_bytes_min};
    s->items = g_array_new(FALSE, FALSE, sizeof(struct literal_source));
}

void literal_sources_add(struct literal_sources *s, const char *const *texts, size_t count, size_t owner)
{
    struct literal_source source = {texts, count, (uint32_t)owner};
    g_array_append_val(s->items, source);
}

bool literal_sources_add_regex(struct literal_sources *s, const char *source, size_t owner, const char *const **also)
{
    const char *literals[REGEX_LITERALS_MAX];
    size_t count = regex_sure_literals(s->arena, source, s->effort, literals, also);
    for (size_t i = 0; i < count; i++)
        if (strlen(literals[i]) < s->regex_bytes_min)
            return false;
    const char **texts = arena_alloc(s->arena, count * sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        texts[i] = literals[i];
        literal_sources_add(s, &texts[i], 1, owner);
    }
    return count > 0;
}

const struct literals *literal_sources_build(struct literal_sources *s, struct arena *a, struct span sample)
{
    const struct literals *literals = literals_build(a, (const void *)s->items->data, s->items->len, sample);
    g_array_free(s->items, TRUE);
    return literals;
}
