/* SPDX-License-Identifier: MIT */
/* embed_tables.h - the C code of rules and dialects. */
#ifndef BOUNCE_RULES_EMBED_TABLES_H
#define BOUNCE_RULES_EMBED_TABLES_H

#include <stdio.h>

struct layer;

/* The tables of a layer, except its literals; embed_rules.c names them. */
void put_layer_tables(FILE *out, const struct layer *layer);

#endif
