/* SPDX-License-Identifier: MIT */
/* no_layer.h - an empty layer, in place of the built-in rules. */
#ifndef NO_LAYER_H
#define NO_LAYER_H

#include "base/literals.h"
#include "mail/fields.h"
#include "match/tables.h"

static const struct literals no_literals = {.count = 0};
static const uint32_t no_numbers[FIELD_NAME_BITS];
static const uint64_t no_bits[1];
static const struct layer no_layer = {.literals = &no_literals,
                                      .expiry = &no_literals,
                                      .head_literals = &no_literals,
                                      .body_literals = &no_literals,
                                      .digest = "",
                                      .version = "test",
                                      .groups = {.first = no_numbers, .trigger_count = 1},
                                      .sign_groups = {.first = no_numbers, .trigger_count = 1},
                                      .header_groups = {.first = no_numbers, .trigger_count = 1},
                                      .header_heads = no_numbers,
                                      .unsure_patterns = no_bits,
                                      .line_pairs = no_bits,
                                      .unsure_actions = no_bits};

#endif
