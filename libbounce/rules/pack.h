/* SPDX-License-Identifier: MIT */
/* pack.h - a layer to flat tables. Private to rules/. Its parts share packer.h. */
#ifndef BOUNCE_RULES_PACK_H
#define BOUNCE_RULES_PACK_H

#include "rules/parsed.h"

/* The tables of a layer, in a. Of the memory of `from`, only the tables that are
 * already in a are still needed. */
const struct layer *layer_pack(const struct parsed_layer *from, struct arena *a);

#endif
