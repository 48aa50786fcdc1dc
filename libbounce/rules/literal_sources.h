/* SPDX-License-Identifier: MIT */
/* literal_sources.h - collects the literals of patterns for an index (base/literals.h). Private to rules/. */
#ifndef BOUNCE_RULES_LITERAL_SOURCES_H
#define BOUNCE_RULES_LITERAL_SOURCES_H

#include "base/arena.h"
#include "match/regex_literals.h"

#include <glib.h>

struct literals; /* base/literals.h */

struct literal_sources {
    struct arena *arena;      /* of the texts; it must live until the index is built */
    enum regex_effort effort; /* for expressions */
    size_t regex_bytes_min;   /* an expression with a shorter literal is not indexed */
    GArray *items;            /* struct literal_source */
};

void literal_sources_init(struct literal_sources *s, struct arena *a, enum regex_effort effort, size_t regex_bytes_min);
/* Texts that are all present wherever the owner matches: one of them will be searched. texts is borrowed. */
void literal_sources_add(struct literal_sources *s, const char *const *texts, size_t count, size_t owner);
/* The literals of an expression: one of them is present wherever it matches. False if none is sure, or if
 * one is too short; nothing is added then. also: see regex_sure_literals(), may be NULL. */
bool literal_sources_add_regex(struct literal_sources *s, const char *source, size_t owner, const char *const **also);
/* Builds the index in a, and frees the collection. sample: see literals_build(). */
const struct literals *literal_sources_build(struct literal_sources *s, struct arena *a, struct span sample);

#endif
