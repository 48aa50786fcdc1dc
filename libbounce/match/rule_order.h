/* SPDX-License-Identifier: MIT */
/*
 * rule_order.h - which of two rules is tried first.
 *
 * Apart from ruleset.c because the program that makes the built-in layer needs
 * it, too, and cannot link what refers to that layer.
 */
#ifndef BOUNCE_MATCH_RULE_ORDER_H
#define BOUNCE_MATCH_RULE_ORDER_H

#include <stdint.h>

struct rule_order {
    uint8_t tier;
    int8_t priority;
    uint32_t literal_length;
    const char *id;
};
/* Less than 0 if a is tried before b: by tier, priority (high first), length of
 * the literal (long first), id. */
int rule_order_compare(const struct rule_order *a, const struct rule_order *b);

#endif
