/* SPDX-License-Identifier: MIT */
/*
 * packer.h - the files pack*.c put a layer into flat tables: what they share. Private to them.
 *
 * A place is a number; place 0 of strings, lists and scopes means none.
 */
#ifndef BOUNCE_RULES_PACKER_H
#define BOUNCE_RULES_PACKER_H

#include <glib.h>

#include "rules/parsed.h"

/* Pieces of memory; equal ones are stored once. */
struct pool {
    GByteArray *bytes;
    GHashTable *places; /* piece -> its offset in bytes */
};

struct packer {
    struct arena *arena;
    struct layer *layer;
    struct pool strings, lists, scopes;
    GArray *patterns, *segments, *elements, *decided, *commands;
    list_at *regex_also;
};

/* packer.c */
void packer_init(struct packer *p, struct arena *a);
/* Moves all that was packed into the layer, and frees the packer. */
void packer_finish(struct packer *p);
string_at pack_string(struct packer *p, const char *s);
list_at pack_list(struct packer *p, const char *const *strings);
uint32_t pack_scope(struct packer *p, const struct parsed_scope *from);
struct pattern pack_pattern(struct packer *p, const struct parsed_pattern *from);
struct range pack_patterns(struct packer *p, const struct parsed_pattern *from, size_t count);

/* pack_dialects.c: each puts a table into the layer. What is returned is the same, for dialect_index_build(). */
struct know *pack_knows(struct packer *p, const struct parsed_layer *from);
struct sign *pack_signs(struct packer *p, const struct parsed_layer *from);
struct dialect_action *pack_actions(struct packer *p, const struct parsed_layer *from);
void pack_dialects(struct packer *p, const struct parsed_layer *from);

/* pack_classes.c */
void pack_classes(struct packer *p, const struct parsed_layer *from);
void pack_words(struct packer *p, const struct parsed_words *from);

#endif
