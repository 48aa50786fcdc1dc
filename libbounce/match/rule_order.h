/* SPDX-License-Identifier: MIT */
/* rule_order.h - which of two rules is tried first. */
#ifndef BOUNCE_MATCH_RULE_ORDER_H
#define BOUNCE_MATCH_RULE_ORDER_H

#include <stdint.h>

/* The order in which rules are tried: tier, priority, length of the literal,
 * id. Less than 0 if a comes first. */
struct rule_order {
    uint8_t tier;
    int8_t priority;
    uint32_t literal_length;
    const char *id;
};
int rule_order_compare(const struct rule_order *a, const struct rule_order *b);

#endif
